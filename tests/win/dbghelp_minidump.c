/*
 * Does MiniDumpWriteDump write what its format says?  The reader here trusts nothing: every place and size is checked
 * against the file.
 */
#include "check.h"
#include <dbghelp.h>
/* link: -ldbghelp */

static unsigned char *dump;
static DWORD dump_size;
static volatile int marker = 0x5ca1ab1e;

static void *place(const MINIDUMP_LOCATION_DESCRIPTOR *location, DWORD least)
{
    CHECK(location->Rva <= dump_size && location->DataSize <= dump_size - location->Rva);
    CHECK(location->DataSize >= least);
    return location->Rva + location->DataSize <= dump_size && location->DataSize >= least ? dump + location->Rva : NULL;
}

static void *stream(ULONG type, DWORD *size)
{
    const MINIDUMP_HEADER *header = (const MINIDUMP_HEADER *)dump;
    const MINIDUMP_DIRECTORY *directory = (const MINIDUMP_DIRECTORY *)(dump + header->StreamDirectoryRva);
    for (ULONG i = 0; i < header->NumberOfStreams; i++)
        if (directory[i].StreamType == type) {
            if (size)
                *size = directory[i].Location.DataSize;
            return place(&directory[i].Location, 4);
        }
    return NULL;
}

static void dump_read(const char *path)
{
    HANDLE file = CreateFileA(path, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    DWORD got = 0;
    dump_size = GetFileSize(file, NULL);
    free(dump);
    dump = malloc(dump_size + 1);
    CHECK(ReadFile(file, dump, dump_size, &got, NULL));
    CHECK_EQ(got, dump_size);
    CloseHandle(file);
    const MINIDUMP_HEADER *header = (const MINIDUMP_HEADER *)dump;
    CHECK(dump_size > sizeof *header);
    CHECK_EQ(header->Signature, 0x504d444d);
    CHECK_EQ(header->Version & 0xffff, MINIDUMP_VERSION);
    CHECK(header->NumberOfStreams >= 4);
    CHECK(header->StreamDirectoryRva + header->NumberOfStreams * sizeof(MINIDUMP_DIRECTORY) <= dump_size);
}

/* The dump's bytes of an address of the process; NULL: not there. */
static const void *memory_of(ULONG64 address, SIZE_T size)
{
    const MINIDUMP_MEMORY_LIST *list = stream(MemoryListStream, NULL);
    const MINIDUMP_MEMORY64_LIST *all = stream(Memory64ListStream, NULL);
    for (ULONG i = 0; list && i < list->NumberOfMemoryRanges; i++) {
        const MINIDUMP_MEMORY_DESCRIPTOR *one = &list->MemoryRanges[i];
        if (address >= one->StartOfMemoryRange && address + size <= one->StartOfMemoryRange + one->Memory.DataSize)
            return dump + one->Memory.Rva + (address - one->StartOfMemoryRange);
    }
    ULONG64 at = all ? all->BaseRva : 0;
    for (ULONG64 i = 0; all && i < all->NumberOfMemoryRanges; at += all->MemoryRanges[i++].DataSize) {
        const MINIDUMP_MEMORY_DESCRIPTOR64 *one = &all->MemoryRanges[i];
        CHECK(at + one->DataSize <= dump_size);
        if (address >= one->StartOfMemoryRange && address + size <= one->StartOfMemoryRange + one->DataSize)
            return dump + at + (address - one->StartOfMemoryRange);
    }
    return NULL;
}

static void text_is(RVA rva, const char *ending)
{
    const MINIDUMP_STRING *string = (const MINIDUMP_STRING *)(dump + rva);
    char narrow[512] = "";
    CHECK(rva + 4 <= dump_size && rva + 4 + string->Length + 2 <= dump_size);
    CHECK_EQ(string->Length % 2, 0);
    CHECK_EQ(string->Buffer[string->Length / 2], 0);
    for (ULONG i = 0; i < string->Length / 2 && i < 511; i++)
        narrow[i] = (char)string->Buffer[i];
    size_t length = strlen(narrow), end = strlen(ending);
    CHECK(length >= end && !_stricmp(narrow + length - end, ending));
}

static void check_system(void)
{
    const MINIDUMP_SYSTEM_INFO *info = stream(SystemInfoStream, NULL);
    CHECK(info != NULL);
    CHECK_EQ(info->ProcessorArchitecture, PROCESSOR_ARCHITECTURE_AMD64);
    CHECK(info->NumberOfProcessors >= 1);
    CHECK(info->MajorVersion >= 6);
    CHECK_EQ(info->PlatformId, VER_PLATFORM_WIN32_NT);
    const MINIDUMP_MISC_INFO *misc = stream(MiscInfoStream, NULL);
    CHECK(misc != NULL);
    CHECK(misc->Flags1 & MINIDUMP_MISC1_PROCESS_ID);
}

static void check_threads(DWORD thread, int least)
{
    DWORD size = 0;
    const MINIDUMP_THREAD_LIST *list = stream(ThreadListStream, &size);
    int seen = 0;
    CHECK(list != NULL);
    CHECK(list->NumberOfThreads >= (ULONG)least);
    CHECK_EQ(size, 4 + list->NumberOfThreads * sizeof(MINIDUMP_THREAD));
    for (ULONG i = 0; i < list->NumberOfThreads; i++) {
        const MINIDUMP_THREAD *one = &list->Threads[i];
        CHECK(one->Teb != 0);
        seen += one->ThreadId == thread;
        if (check_under_wine()) /* it leaves contexts of running threads out */
            continue;
        const CONTEXT *context = place(&one->ThreadContext, sizeof *context);
        CHECK(context && (context->ContextFlags & CONTEXT_FULL) == CONTEXT_FULL);
        CHECK(context && context->Rip && context->Rsp);
        CHECK(place(&one->Stack.Memory, 0) != NULL);
        CHECK(context && context->Rsp >= one->Stack.StartOfMemoryRange - 8 &&
              context->Rsp < one->Stack.StartOfMemoryRange + one->Stack.Memory.DataSize);
    }
    CHECK_EQ(seen, 1);
}

static void check_modules(const char *program)
{
    DWORD size = 0;
    const MINIDUMP_MODULE_LIST *list = stream(ModuleListStream, &size);
    CHECK(list != NULL);
    CHECK(list->NumberOfModules >= 3);
    CHECK_EQ(size, 4 + list->NumberOfModules * sizeof(MINIDUMP_MODULE));
    for (ULONG i = 0; i < list->NumberOfModules; i++) {
        const MINIDUMP_MODULE *one = &list->Modules[i];
        CHECK(one->BaseOfImage && one->SizeOfImage);
        text_is(one->ModuleNameRva, i ? "" : program);
    }
    CHECK(list->Modules[0].BaseOfImage == (ULONG64)GetModuleHandleA(NULL));
}

static HANDLE file_new(const char *path)
{
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    return file;
}

static DWORD WINAPI waits(void *event)
{
    return WaitForSingleObject(event, INFINITE);
}

static void test_self(MINIDUMP_TYPE type)
{
    char note[] = "a note";
    MINIDUMP_USER_STREAM user = {LastReservedStream + 5, sizeof note, note};
    MINIDUMP_USER_STREAM_INFORMATION users = {1, &user};
    HANDLE file = file_new("own.dmp"), event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, waits, event, 0, NULL);
    DWORD size;
    Sleep(10);
    CHECK(MiniDumpWriteDump(GetCurrentProcess(), GetCurrentProcessId(), file, type, NULL, &users, NULL));
    CloseHandle(file);
    SetEvent(event);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(event);
    dump_read("own.dmp");
    check_system();
    check_threads(GetCurrentThreadId(), 2);
    check_modules("dbghelp_minidump.exe");
    CHECK(stream(ExceptionStream, NULL) == NULL);
    const char *text = stream(LastReservedStream + 5, &size);
    CHECK_EQ(size, sizeof note);
    CHECK(text && !memcmp(text, note, sizeof note));
    const int *found = memory_of((ULONG64)&marker, sizeof marker);
    if (!check_under_wine()) /* it does not know MiniDumpWithDataSegs, nor the list of regions */
        CHECK_EQ(found != NULL, type != MiniDumpNormal);
    if (found)
        CHECK_EQ(*found, marker);
    const MINIDUMP_MEMORY_INFO_LIST *regions = stream(MemoryInfoListStream, NULL);
    if (!check_under_wine())
        CHECK_EQ(regions != NULL, (type & MiniDumpWithFullMemoryInfo) != 0);
    if (regions) {
        CHECK_EQ(regions->SizeOfEntry, sizeof(MINIDUMP_MEMORY_INFO));
        CHECK(regions->NumberOfEntries > 10);
    }
    DeleteFileA("own.dmp");
}

static void test_exception(void)
{
    EXCEPTION_RECORD record = {.ExceptionCode = 0xc0000094, .NumberParameters = 1, .ExceptionInformation = {7}};
    CONTEXT context;
    EXCEPTION_POINTERS pointers = {&record, &context};
    MINIDUMP_EXCEPTION_INFORMATION given = {GetCurrentThreadId(), &pointers, FALSE};
    HANDLE file = file_new("exception.dmp");
    RtlCaptureContext(&context);
    record.ExceptionAddress = (void *)context.Rip;
    CHECK(MiniDumpWriteDump(GetCurrentProcess(), GetCurrentProcessId(), file, MiniDumpNormal, &given, NULL, NULL));
    CloseHandle(file);
    dump_read("exception.dmp");
    const MINIDUMP_EXCEPTION_STREAM *found = stream(ExceptionStream, NULL);
    CHECK(found != NULL);
    CHECK_EQ(found->ThreadId, GetCurrentThreadId());
    CHECK_EQ(found->ExceptionRecord.ExceptionCode, 0xc0000094);
    CHECK_EQ(found->ExceptionRecord.ExceptionAddress, context.Rip);
    CHECK_EQ(found->ExceptionRecord.NumberParameters, 1);
    CHECK_EQ(found->ExceptionRecord.ExceptionInformation[0], 7);
    const CONTEXT *saved = place(&found->ThreadContext, sizeof *saved);
    CHECK(saved && saved->Rip == context.Rip && saved->Rsp == context.Rsp);
    DeleteFileA("exception.dmp");
}

/* ---- the callback ---- */

static volatile int wished = 0x3c3c3c3c, unwished = 0x5a5a5a5a;
static int asked[16], memory_calls;
static DWORD left_out_thread;
static ULONG64 left_out_module, dropped_module;

static BOOL WINAPI on_dump(PVOID context, const PMINIDUMP_CALLBACK_INPUT input, PMINIDUMP_CALLBACK_OUTPUT output)
{
    CHECK(context == asked);
    CHECK_EQ(input->ProcessId, GetCurrentProcessId());
    if (input->CallbackType < 16)
        asked[input->CallbackType]++;
    switch (input->CallbackType) {
    case IncludeThreadCallback:
        return input->IncludeThread.ThreadId != left_out_thread;
    case IncludeModuleCallback:
        return input->IncludeModule.BaseOfImage != left_out_module;
    case ModuleCallback:
        CHECK(input->Module.FullPath && wcslen(input->Module.FullPath) > 4 && input->Module.SizeOfImage);
        CHECK(input->Module.BaseOfImage != left_out_module);
        CHECK(output->ModuleWriteFlags & ModuleWriteModule);
        if (input->Module.BaseOfImage == dropped_module)
            output->ModuleWriteFlags &= ~ModuleWriteModule;
        return TRUE;
    case MemoryCallback:
        output->MemoryBase = (ULONG64)&wished;
        output->MemorySize = sizeof wished;
        return memory_calls++ == 0;
    case CancelCallback:
        return FALSE;
    default:
        return TRUE;
    }
}

static DWORD WINAPI sleeper(void *event)
{
    return WaitForSingleObject(event, 20000);
}

static void test_callback(void)
{
    MINIDUMP_CALLBACK_INFORMATION callback = {on_dump, asked};
    HANDLE go = CreateEventA(NULL, TRUE, FALSE, NULL), file = file_new("callback.dmp");
    HANDLE thread = CreateThread(NULL, 0, sleeper, go, 0, &left_out_thread);
    int threads = 0, modules = 0;

    left_out_module = (ULONG64)GetModuleHandleA("kernel32");
    dropped_module = (ULONG64)GetModuleHandleA("dbghelp");
    CHECK(MiniDumpWriteDump(GetCurrentProcess(), GetCurrentProcessId(), file, MiniDumpNormal, NULL, NULL, &callback));
    CloseHandle(file);
    SetEvent(go);
    WaitForSingleObject(thread, 5000);
    CloseHandle(thread);
    CHECK(asked[IncludeThreadCallback] >= 2);
    CHECK(asked[IncludeModuleCallback] >= 4);
    CHECK_EQ(asked[ModuleCallback], asked[IncludeModuleCallback] - 1);
    CHECK_EQ(asked[MemoryCallback], 2);
    dump_read("callback.dmp");
    const MINIDUMP_THREAD_LIST *list = stream(ThreadListStream, NULL);
    for (ULONG i = 0; list && i < list->NumberOfThreads; i++) {
        CHECK(list->Threads[i].ThreadId != left_out_thread);
        threads += list->Threads[i].ThreadId == GetCurrentThreadId();
    }
    CHECK_EQ(threads, 1);
    const MINIDUMP_MODULE_LIST *all = stream(ModuleListStream, NULL);
    for (ULONG i = 0; all && i < all->NumberOfModules; i++) {
        CHECK(all->Modules[i].BaseOfImage != left_out_module && all->Modules[i].BaseOfImage != dropped_module);
        modules += all->Modules[i].BaseOfImage == (ULONG64)GetModuleHandleA(NULL);
    }
    CHECK_EQ(modules, 1);
    const int *found = memory_of((ULONG64)&wished, sizeof wished);
    CHECK(found && *found == 0x3c3c3c3c);
    CHECK(unwished == 0x5a5a5a5a && !memory_of((ULONG64)&unwished, sizeof unwished));
    DeleteFileA("callback.dmp");
}

/* Another process, which waits. */
static void test_other(const char *self)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION child;
    char line[MAX_PATH + 16];
    HANDLE go = CreateEventA(NULL, TRUE, FALSE, "minidump-go"),
           ready = CreateEventA(NULL, TRUE, FALSE, "minidump-ready");
    snprintf(line, sizeof line, "\"%s\" wait", self);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &child));
    CHECK_EQ(WaitForSingleObject(ready, 10000), WAIT_OBJECT_0);
    HANDLE file = file_new("other.dmp");
    CHECK(MiniDumpWriteDump(child.hProcess, child.dwProcessId, file, MiniDumpWithDataSegs, NULL, NULL, NULL));
    CloseHandle(file);
    dump_read("other.dmp");
    check_system();
    check_threads(child.dwThreadId, 1);
    check_modules("dbghelp_minidump.exe");
    const int *found = memory_of((ULONG64)&marker, sizeof marker);
    CHECK((found && *found == 77) || check_under_wine()); /* its own value */
    SetEvent(go);
    WaitForSingleObject(child.hProcess, 10000);
    CloseHandle(child.hProcess);
    CloseHandle(child.hThread);
    DeleteFileA("other.dmp");
}

int main(int argc, char **argv)
{
    char self[MAX_PATH];
    GetModuleFileNameA(NULL, self, sizeof self);
    if (argc > 1 && !strcmp(argv[1], "wait")) {
        HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, "minidump-go");
        marker = 77;
        SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, "minidump-ready"));
        return (int)WaitForSingleObject(go, 20000);
    }
    test_self(MiniDumpNormal);
    test_self(MiniDumpWithDataSegs);
    test_self(MiniDumpWithFullMemory | MiniDumpWithFullMemoryInfo);
    test_exception();
    if (!check_under_wine()) /* Wine 8 asks neither what to include nor for memory, as documented */
        test_callback();
    test_other(self);
    HANDLE file = file_new("bad.dmp");
    CHECK(!MiniDumpWriteDump(NULL, 1, file, MiniDumpNormal, NULL, NULL, NULL));
    CloseHandle(file);
    DeleteFileA("bad.dmp");
    return check_done();
}
