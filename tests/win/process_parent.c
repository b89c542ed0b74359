/*
 * process_parent.c: does a process that is started as another one's child get that one's id, handles and jobs?
 * And do the other attributes of CreateProcess do what they say?  Wine takes handles and parents that are not there,
 * and knows no policies.
 */
#include "check.h"
#include <tlhelp32.h>

static char self[MAX_PATH];

struct attributes {
    STARTUPINFOEXA info;
    char memory[512];
};

static void attributes_begin(struct attributes *a)
{
    SIZE_T size = sizeof a->memory;
    memset(a, 0, sizeof *a);
    a->info.StartupInfo.cb = sizeof a->info;
    a->info.lpAttributeList = (void *)a->memory;
    CHECK(InitializeProcThreadAttributeList(a->info.lpAttributeList, 4, 0, &size));
}

static void attribute(struct attributes *a, DWORD_PTR name, void *value, SIZE_T size)
{
    CHECK(UpdateProcThreadAttribute(a->info.lpAttributeList, 0, name, value, size, NULL, NULL));
}

static BOOL start(struct attributes *a, const char *arguments, BOOL inherit, PROCESS_INFORMATION *process)
{
    STARTUPINFOA plain = {.cb = sizeof plain};
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s", self, arguments);
    return CreateProcessA(NULL, line, NULL, NULL, inherit, a ? EXTENDED_STARTUPINFO_PRESENT : 0, NULL, NULL,
                          a ? &a->info.StartupInfo : &plain, process);
}

static DWORD finish(PROCESS_INFORMATION *process)
{
    DWORD code = 0xdeadbeef;
    CHECK_EQ(WaitForSingleObject(process->hProcess, 20000), WAIT_OBJECT_0);
    GetExitCodeProcess(process->hProcess, &code);
    CloseHandle(process->hProcess);
    CloseHandle(process->hThread);
    return code;
}

static DWORD parent_of(DWORD id)
{
    HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32 entry = {.dwSize = sizeof entry};
    DWORD parent = 0;
    for (BOOL more = Process32First(list, &entry); more; more = Process32Next(list, &entry))
        if (entry.th32ProcessID == id)
            parent = entry.th32ParentProcessID;
    CloseHandle(list);
    return parent;
}

/* The foster parent: waits for its event. */
static PROCESS_INFORMATION foster;
static HANDLE end_foster;

static void test_id(void)
{
    struct attributes a;
    PROCESS_INFORMATION process;
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &foster.hProcess, sizeof(HANDLE));
    CHECK(start(&a, "parent", FALSE, &process));
    CHECK_EQ(finish(&process), foster.dwProcessId);
    /* The own process is no other parent. */
    HANDLE own = GetCurrentProcess();
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &own, sizeof(HANDLE));
    CHECK(start(&a, "parent", FALSE, &process));
    CHECK_EQ(finish(&process), GetCurrentProcessId());
}

/* An event that only the foster parent has a handle to. */
static HANDLE give(HANDLE event, BOOL inherit)
{
    HANDLE there = NULL;
    CHECK(DuplicateHandle(GetCurrentProcess(), event, foster.hProcess, &there, 0, inherit, DUPLICATE_SAME_ACCESS));
    return there;
}

static void test_handles(BOOL listed)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), there, output, input, pipe_there;
    struct attributes a;
    PROCESS_INFORMATION process;
    char line[80], text[16] = "";
    DWORD got = 0;
    for (int i = 0; i < 50; i++) /* so that its values differ from ours */
        there = give(event, TRUE);
    CHECK(CreatePipe(&output, &input, NULL, 0));
    CHECK(DuplicateHandle(GetCurrentProcess(), input, foster.hProcess, &pipe_there, 0, TRUE, DUPLICATE_SAME_ACCESS));
    CloseHandle(input);
    HANDLE list[2] = {there, pipe_there};
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &foster.hProcess, sizeof(HANDLE));
    if (listed)
        attribute(&a, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, list, sizeof list);
    a.info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    a.info.StartupInfo.hStdOutput = pipe_there;
    snprintf(line, sizeof line, "set %llu", (unsigned long long)(ULONG_PTR)there);
    CHECK(start(&a, line, TRUE, &process));
    CHECK_EQ(finish(&process), 1);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK(ReadFile(output, text, sizeof text - 1, &got, NULL));
    CHECK(!strncmp(text, "set", 3));
    CHECK(DuplicateHandle(foster.hProcess, pipe_there, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
    CloseHandle(output);
    CloseHandle(event);
}

static void test_errors(void)
{
    struct attributes a;
    PROCESS_INFORMATION process, gone;
    HANDLE weak = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, foster.dwProcessId),
           none = CreateEventA(NULL, TRUE, FALSE, NULL);
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &weak, sizeof(HANDLE));
    CHECK_ERROR(start(&a, "parent", FALSE, &process), ERROR_ACCESS_DENIED);
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &none, sizeof(HANDLE));
    CHECK_ERROR(start(&a, "parent", FALSE, &process), ERROR_INVALID_HANDLE);
    /* A handle of ours, not the parent's. */
    HANDLE list[1] = {(HANDLE)(ULONG_PTR)0x7ff0};
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &foster.hProcess, sizeof(HANDLE));
    attribute(&a, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, list, sizeof list);
    CHECK_ERROR(start(&a, "parent", TRUE, &process), ERROR_INVALID_PARAMETER);
    CHECK(start(NULL, "nothing", FALSE, &gone));
    CHECK_EQ(WaitForSingleObject(gone.hProcess, 10000), WAIT_OBJECT_0);
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &gone.hProcess, sizeof(HANDLE));
    CHECK_ERROR(start(&a, "parent", FALSE, &process), ERROR_ACCESS_DENIED);
    finish(&gone);
    CloseHandle(weak);
    CloseHandle(none);
}

/* The child is in its parent's job, not in its creator's. */
static void test_job(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    struct attributes a;
    PROCESS_INFORMATION process;
    BOOL in = FALSE;
    CHECK(AssignProcessToJobObject(job, foster.hProcess));
    attributes_begin(&a);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, &foster.hProcess, sizeof(HANDLE));
    CHECK(start(&a, "sleep", FALSE, &process));
    CHECK(IsProcessInJob(process.hProcess, job, &in));
    CHECK(in);
    CHECK_EQ(parent_of(process.dwProcessId), foster.dwProcessId);
    TerminateProcess(process.hProcess, 2);
    CHECK_EQ(finish(&process), 2);
    CloseHandle(job);
}

static void test_policies(void)
{
    struct attributes a;
    PROCESS_INFORMATION process;
    DWORD restricted = 1 /* PROCESS_CREATION_CHILD_PROCESS_RESTRICTED */, zero = 0;
    DWORD64 mitigation[2] = {0x100, 0};
    USHORT node = 0;
    attributes_begin(&a);
    attribute(&a, 0x2000e, &restricted, sizeof restricted);
    CHECK(start(&a, "start", FALSE, &process));
    CHECK_EQ(finish(&process), ERROR_ACCESS_DENIED);
    attributes_begin(&a);
    attribute(&a, 0x2000e, &zero, sizeof zero);
    attribute(&a, PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, mitigation, sizeof mitigation);
    attribute(&a, PROC_THREAD_ATTRIBUTE_PREFERRED_NODE, &node, sizeof node);
    attribute(&a, 0x20012 /* desktop app policy */, &restricted, sizeof restricted);
    CHECK(start(&a, "start", FALSE, &process));
    CHECK_EQ(finish(&process), 0);
}

static int child(int argc, char **argv)
{
    PROCESS_INFORMATION process;
    if (!strcmp(argv[1], "wait"))
        return (int)WaitForSingleObject((HANDLE)(ULONG_PTR)strtoull(argv[2], NULL, 10), 60000);
    if (!strcmp(argv[1], "parent"))
        return (int)parent_of(GetCurrentProcessId());
    if (!strcmp(argv[1], "set") && argc > 2) {
        DWORD done;
        WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "set", 3, &done, NULL);
        return SetEvent((HANDLE)(ULONG_PTR)strtoull(argv[2], NULL, 10));
    }
    if (!strcmp(argv[1], "sleep"))
        Sleep(30000);
    if (!strcmp(argv[1], "start"))
        return start(NULL, "nothing", FALSE, &process) ? (int)finish(&process) : (int)GetLastError();
    return 0;
}

int main(int argc, char **argv)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    char line[64];
    GetModuleFileNameA(NULL, self, sizeof self);
    if (argc > 1)
        return child(argc, argv);
    end_foster = CreateEventA(&inherit, TRUE, FALSE, NULL);
    snprintf(line, sizeof line, "wait %llu", (unsigned long long)(ULONG_PTR)end_foster);
    CHECK(start(NULL, line, TRUE, &foster));
    test_id();
    test_handles(TRUE);
    test_handles(FALSE);
    test_errors();
    test_job();
    test_policies();
    SetEvent(end_foster);
    CHECK_EQ(finish(&foster), WAIT_OBJECT_0);
    return check_done();
}
