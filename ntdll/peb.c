/*
 * peb.c: the PEB and the process parameters of the program.
 *
 * Layer: NT layer.  Everything lies in zero-initialised memory of the executable, so that only what is
 * written costs a page.  The standard handles are console.c's, the loader's data (Ldr) the loader's.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "ntthread.h"
#include "ntdll/handover.h"
#include "ntdll/heap.h"
#include "ntdll/large.h"
#include "ntdll/path.h"
#include "ntdll/peb.h"
#include "ntdll/version.h"

#define PARAMETERS_SIZE 0x18000 /* most command lines and environments fit; only touched pages count */

PEB process_peb __attribute__((aligned(4096)));
static RTL_CRITICAL_SECTION peb_lock;

static char parameters_space[PARAMETERS_SIZE] LARGE __attribute__((aligned(64)));
static const WCHAR *first_environment;
static size_t first_environment_size;
static int own_pid;

int process_id(void)
{
    if (!own_pid)
        own_pid = getpid();
    return own_pid;
}

bool process_initial_environment(const void *block)
{
    return (const char *)block >= (const char *)first_environment &&
           (const char *)block < (const char *)first_environment + first_environment_size;
}

PPEB WINAPI RtlGetCurrentPeb(void)
{
    return &process_peb;
}

void WINAPI RtlAcquirePebLock(void)
{
    RtlEnterCriticalSection(&peb_lock);
}

void WINAPI RtlReleasePebLock(void)
{
    RtlLeaveCriticalSection(&peb_lock);
}

#define SPECIAL " \t\n\v\"*?"

/*
 * One argument so that the Microsoft C runtime's parser gives back exactly these bytes: quotes around anything
 * that would be split or taken for a pattern (in a batch file's, for an operator), backslashes doubled only before a
 * quote.
 */
static WCHAR *put_argument(WCHAR *out, const char *argument, bool batch)
{
    bool quote = !*argument || strpbrk(argument, batch ? SPECIAL "&|<>^()@!,;=" : SPECIAL) != NULL;
    size_t backslashes = 0;

    if (quote)
        *out++ = '"';
    for (; *argument; argument++) {
        size_t run = 1;
        if (*argument == '\\') {
            backslashes++;
        } else {
            if (*argument == '"') {
                for (backslashes++; backslashes; backslashes--)
                    *out++ = '\\';
            }
            backslashes = 0;
        }
        while (*argument & 0x80 && argument[run] & 0x80)
            run++;
        out += text_to_wide(argument, run, out);
        argument += run - 1;
    }
    if (quote) {
        for (; backslashes; backslashes--)
            *out++ = '\\';
        *out++ = '"';
    }
    return out;
}

/* The program's name ends at the next quote or blank, whatever stands before it: backslashes are not special. */
static WCHAR *put_program(WCHAR *out, const UNICODE_STRING *path)
{
    size_t length = path->Length / sizeof(WCHAR);
    bool quote = false;

    for (size_t i = 0; i < length; i++)
        quote |= path->Buffer[i] == ' ' || path->Buffer[i] == '\t';
    if (quote)
        *out++ = '"';
    memcpy(out, path->Buffer, path->Length);
    out += length;
    if (quote)
        *out++ = '"';
    return out;
}

/* Ends the text at `start` with a zero, describes it in `string`, and returns the next free place. */
static WCHAR *finish_string(UNICODE_STRING *string, WCHAR *start, WCHAR *end)
{
    *end = 0;
    string->Buffer = start;
    string->Length = (end - start) * sizeof(WCHAR);
    string->MaximumLength = string->Length + sizeof(WCHAR);
    return end + 1;
}

static WCHAR *put_host_path(UNICODE_STRING *string, WCHAR *out, const char *host, bool directory)
{
    WCHAR *end = out;

    if (!NT_SUCCESS(path_from_host(host, out, PATH_HOST_MAX)))
        fatal(126, "%s: the path is too long or can not be seen by the program (move it)", host);
    while (*end)
        end++;
    if (directory && end > out && end[-1] != '\\')
        *end++ = '\\';
    return finish_string(string, out, end);
}

/* /c "..." and, as cmd.exe takes those quotes away, another pair around the name. */
static WCHAR *put_batch(WCHAR *out, const char *host)
{
    UNICODE_STRING name;

    for (const char *text = " /c \"\""; *text; text++)
        *out++ = (WCHAR)*text;
    out = put_host_path(&name, out, host, false) - 1;
    *out++ = '"';
    return out;
}

static WCHAR *put_command_line(RTL_USER_PROCESS_PARAMETERS *p, WCHAR *out, const struct process_start *start)
{
    WCHAR *end = out;

    if (start->command_line) {
        end += text_to_wide(start->command_line, strlen(start->command_line), end);
        return finish_string(&p->CommandLine, out, end);
    }
    end = put_program(end, &p->ImagePathName);
    if (start->batch)
        end = put_batch(end, start->batch);
    for (char **argument = start->arguments; argument && *argument; argument++) {
        *end++ = ' ';
        end = put_argument(end, *argument, start->batch != NULL);
    }
    if (start->batch)
        *end++ = '"';
    if ((end - out) * sizeof(WCHAR) > 0xfffc)
        fatal(126, "the command line: longer than Windows' 32767 characters (use a response file)");
    return finish_string(&p->CommandLine, out, end);
}

/* Room for everything that parameters_build writes, in bytes. */
static size_t parameters_bound(const struct process_start *start)
{
    size_t units = 5 * PATH_HOST_MAX + environment_block_bound(start->environment);

    if (start->command_line)
        units += strlen(start->command_line);
    for (char **argument = start->arguments; argument && *argument; argument++)
        units += 2 * strlen(*argument) + 4;
    return sizeof(RTL_USER_PROCESS_PARAMETERS) + units * sizeof(WCHAR);
}

static void *parameters_allocate(size_t size)
{
    void *space;

    if (size <= sizeof parameters_space)
        return parameters_space;
    space = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (space == MAP_FAILED)
        fatal(125, "the command line and environment: no memory for %zu bytes", size);
    return space;
}

static void parameters_build(const struct process_start *start)
{
    RTL_USER_PROCESS_PARAMETERS *p = parameters_allocate(parameters_bound(start));
    WCHAR *out = (WCHAR *)(p + 1);
    char directory[PATH_HOST_MAX];

    if (!getcwd(directory, sizeof directory) || directory[0] != '/')
        strcpy(directory, "/");
    out = put_host_path(&p->CurrentDirectory.DosPath, out, directory, true);
    out = put_host_path(&p->ImagePathName, out, start->program, false);
    out = put_command_line(p, out, start);
    p->WindowTitle = p->ImagePathName;
    out = finish_string(&p->DesktopInfo, out, out + text_to_wide("Winsta0\\Default", 15, out));
    out = finish_string(&p->ShellInfo, out, out);
    out = finish_string(&p->RuntimeData, out, out);
    p->RuntimeData.MaximumLength = 0;
    p->RuntimeData.Buffer = NULL;

    p->Environment = (PWSTR)(((uintptr_t)out + 7) & ~(uintptr_t)7);
    p->EnvironmentSize = environment_block_build(start->environment, p->Environment) * sizeof(WCHAR);
    first_environment = p->Environment;
    first_environment_size = p->EnvironmentSize;

    p->Length = p->MaximumLength = (char *)p->Environment - (char *)p;
    p->Flags = 1; /* normalized: pointers, not offsets */
    p->ProcessGroupId = process_id();
    process_peb.ProcessParameters = p;
}

static void take_string(UNICODE_STRING *string, const struct start_block *block, struct start_string in)
{
    string->Buffer = (WCHAR *)((char *)block + in.offset);
    string->Length = in.bytes;
    string->MaximumLength = in.bytes + sizeof(WCHAR);
}

/* What the parent has written; the texts stay where they are. */
static void parameters_take(const struct start_block *block)
{
    RTL_USER_PROCESS_PARAMETERS *p = (RTL_USER_PROCESS_PARAMETERS *)parameters_space;

    /* The current directory can become longer than it is. */
    WCHAR *directory = (WCHAR *)(p + 1);
    take_string(&p->CurrentDirectory.DosPath, block, block->directory);
    memcpy(directory, p->CurrentDirectory.DosPath.Buffer, block->directory.bytes);
    p->CurrentDirectory.DosPath.Buffer = directory;
    take_string(&p->ImagePathName, block, block->image);
    take_string(&p->CommandLine, block, block->command_line);
    take_string(&p->DllPath, block, block->dll_path);
    take_string(&p->WindowTitle, block, block->title);
    take_string(&p->DesktopInfo, block, block->desktop);
    take_string(&p->ShellInfo, block, block->shell);
    take_string(&p->RuntimeData, block, block->runtime);
    p->RuntimeData.MaximumLength = p->RuntimeData.Length;
    if (!p->RuntimeData.Length)
        p->RuntimeData.Buffer = NULL;
    p->Environment = (PWSTR)((char *)block + block->environment.offset);
    p->EnvironmentSize = block->environment.bytes;
    first_environment = p->Environment;
    first_environment_size = p->EnvironmentSize;
    p->StandardInput = (HANDLE)(ULONG_PTR)block->standard[0];
    p->StandardOutput = (HANDLE)(ULONG_PTR)block->standard[1];
    p->StandardError = (HANDLE)(ULONG_PTR)block->standard[2];
    p->StartingX = block->starting_x;
    p->StartingY = block->starting_y;
    p->CountX = block->count_x;
    p->CountY = block->count_y;
    p->CountCharsX = block->count_chars_x;
    p->CountCharsY = block->count_chars_y;
    p->FillAttribute = block->fill;
    p->WindowFlags = block->window_flags;
    p->ShowWindowFlags = block->show;
    p->Length = p->MaximumLength = sizeof *p;
    p->Flags = 1; /* normalized: pointers, not offsets */
    p->ProcessGroupId = block->group ? block->group : (ULONG)process_id();
    process_peb.ProcessParameters = p;
}

void peb_init(const struct process_start *start)
{
    cpu_set_t processors;

    CPU_ZERO(&processors);
    if (sched_getaffinity(0, sizeof processors, &processors) == 0)
        process_peb.NumberOfProcessors = CPU_COUNT(&processors);
    if (!process_peb.NumberOfProcessors)
        process_peb.NumberOfProcessors = 1;
    process_peb.ActiveProcessAffinityMask =
        process_peb.NumberOfProcessors >= 64 ? ~0ull : (1ull << process_peb.NumberOfProcessors) - 1;
    peb_lock.LockCount = -1;
    process_peb.FastPebLock = &peb_lock;
    process_peb.ProcessHeap = heap_process();
    process_peb.OSMajorVersion = windows_version()->major;
    process_peb.OSMinorVersion = windows_version()->minor;
    process_peb.OSBuildNumber = windows_version()->build;
    process_peb.OSCSDVersion = windows_version()->service_pack << 8;
    process_peb.OSPlatformId = VER_PLATFORM_WIN32_NT;
    process_peb.ImageSubsystem = IMAGE_SUBSYSTEM_WINDOWS_CUI;
    process_peb.ImageSubsystemMajorVersion = 10;
    process_peb.SessionId = 1;
    process_peb.CriticalSectionTimeout.QuadPart = -25920000000000000LL; /* 30 days, Windows' default */
    process_peb.HeapSegmentReserve = 0x100000;
    process_peb.HeapSegmentCommit = 0x2000;
    process_peb.HeapDeCommitTotalFreeThreshold = 0x10000;
    process_peb.HeapDeCommitFreeBlockThreshold = 0x1000;
    process_peb.MinimumStackCommit = 0x1000;
    if (start->block)
        parameters_take(start->block);
    else
        parameters_build(start);
}
