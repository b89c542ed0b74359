/*
 * job_limits.c: do jobs hold their members to the limits that are set, tell of it, and answer what was set?
 */
#include "check.h"

static char self[MAX_PATH];

static BOOL start(const char *arguments, DWORD flags, PROCESS_INFORMATION *process)
{
    STARTUPINFOA info = {.cb = sizeof info};
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s", self, arguments);
    return CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, process);
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

/* Runs a member of the job to its end. */
static DWORD run(HANDLE job, const char *arguments)
{
    PROCESS_INFORMATION process;
    CHECK(start(arguments, CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    return finish(&process);
}

static HANDLE limited(DWORD flags, JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    limits.BasicLimitInformation.LimitFlags = flags;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits));
    return job;
}

static HANDLE listen_to(HANDLE job)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT to = {(void *)5, port};
    CHECK(SetInformationJobObject(job, JobObjectAssociateCompletionPortInformation, &to, sizeof to));
    return port;
}

/* Whether a message comes before the last process has left. */
static BOOL hears(HANDLE port, DWORD wanted)
{
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD got;
    while (GetQueuedCompletionStatus(port, &got, &key, &overlapped, 5000))
        if (got == wanted)
            return TRUE;
    return FALSE;
}

static void test_memory(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.ProcessMemoryLimit = 64 << 20, .JobMemoryLimit = 96 << 20}, read;
    HANDLE job = limited(JOB_OBJECT_LIMIT_PROCESS_MEMORY, limits), port = listen_to(job);
    DWORD got = run(job, "memory");
    CHECK(got > 8 && got < 64); /* megabytes */
    CHECK(hears(port, JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT));
    CloseHandle(port);
    CHECK(QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &read, sizeof read, NULL));
    CHECK_EQ(read.ProcessMemoryLimit, 64 << 20);
    CloseHandle(job);
    job = limited(JOB_OBJECT_LIMIT_JOB_MEMORY, limits);
    got = run(job, "memory");
    CHECK(got > 8 && got < 96);
    CloseHandle(job);
    job = limited(0, limits);
    CHECK_EQ(run(job, "memory"), 200);
    CloseHandle(job);
    /* The limit comes and goes while a member runs; its children have it too. */
    job = limited(JOB_OBJECT_LIMIT_PROCESS_MEMORY, limits);
    got = run(job, "child");
    CHECK(got > 8 && got < 64);
    CloseHandle(job);
}

static void test_time(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    limits.BasicLimitInformation.PerProcessUserTimeLimit.QuadPart = 1000000;
    limits.BasicLimitInformation.PerJobUserTimeLimit.QuadPart = 1000000;
    HANDLE job = limited(JOB_OBJECT_LIMIT_PROCESS_TIME, limits), port = listen_to(job);
    CHECK_EQ(run(job, "burn"), ERROR_NOT_ENOUGH_QUOTA);
    CHECK(hears(port, JOB_OBJECT_MSG_END_OF_PROCESS_TIME));
    CHECK_EQ(run(job, "exit"), 7);
    CHECK_EQ(WaitForSingleObject(job, 0), WAIT_TIMEOUT);
    CloseHandle(port);
    CloseHandle(job);

    job = limited(JOB_OBJECT_LIMIT_JOB_TIME, limits);
    CHECK_EQ(run(job, "burn"), ERROR_NOT_ENOUGH_QUOTA);
    CHECK_EQ(WaitForSingleObject(job, 5000), WAIT_OBJECT_0);
    PROCESS_INFORMATION process;
    CHECK(start("exit", CREATE_SUSPENDED, &process));
    CHECK(!AssignProcessToJobObject(job, process.hProcess)); /* nobody may enter any more */
    TerminateProcess(process.hProcess, 3);
    CHECK_EQ(finish(&process), 3);
    CloseHandle(job);

    /* Only told, and the limit is gone then. */
    job = limited(0, limits);
    port = listen_to(job);
    JOBOBJECT_END_OF_JOB_TIME_INFORMATION end = {JOB_OBJECT_POST_AT_END_OF_JOB}, end_read = {9};
    CHECK(SetInformationJobObject(job, JobObjectEndOfJobTimeInformation, &end, sizeof end));
    CHECK(QueryInformationJobObject(job, JobObjectEndOfJobTimeInformation, &end_read, sizeof end_read, NULL));
    CHECK_EQ(end_read.EndOfJobTimeAction, JOB_OBJECT_POST_AT_END_OF_JOB);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_JOB_TIME;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits));
    CHECK(start("burn", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    CHECK(hears(port, JOB_OBJECT_MSG_END_OF_JOB_TIME));
    CHECK_EQ(WaitForSingleObject(process.hProcess, 20), WAIT_TIMEOUT);
    CHECK(QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits, NULL));
    CHECK_EQ(limits.BasicLimitInformation.LimitFlags, 0);
    CHECK(TerminateJobObject(job, 8));
    CHECK_EQ(finish(&process), 8);
    CloseHandle(port);
    CloseHandle(job);
}

static void test_processes(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    limits.BasicLimitInformation.ActiveProcessLimit = 1;
    HANDLE job = limited(JOB_OBJECT_LIMIT_ACTIVE_PROCESS, limits), port = listen_to(job);
    CHECK_EQ(run(job, "child"), ERROR_NOT_ENOUGH_QUOTA); /* CreateProcess's error */
    CHECK(hears(port, JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT));
    CloseHandle(port);
    CloseHandle(job);
}

static void test_priority(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    limits.BasicLimitInformation.PriorityClass = IDLE_PRIORITY_CLASS;
    HANDLE job = limited(JOB_OBJECT_LIMIT_PRIORITY_CLASS, limits);
    CHECK_EQ(run(job, "priority"), IDLE_PRIORITY_CLASS);
    CloseHandle(job);
}

/* Inner jobs: who is in one job can enter a second one, if that is not another's. */
static void test_nesting(void)
{
    HANDLE outer = CreateJobObjectA(NULL, NULL), inner = CreateJobObjectA(NULL, NULL),
           other = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info;
    JOBOBJECT_BASIC_UI_RESTRICTIONS restrictions = {JOB_OBJECT_UILIMIT_ALL};
    PROCESS_INFORMATION a, b;
    BOOL in = FALSE;
    CHECK(start("sleep", CREATE_SUSPENDED, &a));
    CHECK(start("sleep", CREATE_SUSPENDED, &b));
    CHECK(AssignProcessToJobObject(outer, a.hProcess));
    CHECK(AssignProcessToJobObject(inner, a.hProcess));
    CHECK(IsProcessInJob(a.hProcess, outer, &in) && in);
    CHECK(IsProcessInJob(a.hProcess, inner, &in) && in);
    CHECK(AssignProcessToJobObject(other, b.hProcess));
    CHECK_ERROR(AssignProcessToJobObject(other, a.hProcess), ERROR_ACCESS_DENIED); /* b is not in outer */
    CHECK_ERROR(AssignProcessToJobObject(inner, b.hProcess), ERROR_ACCESS_DENIED);
    CHECK(AssignProcessToJobObject(outer, b.hProcess) == FALSE); /* a is not in other */
    CHECK(QueryInformationJobObject(outer, JobObjectBasicAccountingInformation, &info, sizeof info, NULL));
    CHECK_EQ(info.ActiveProcesses, 1);
    CHECK(TerminateJobObject(outer, 4)); /* with what is inside */
    CHECK_EQ(finish(&a), 4);
    CHECK(QueryInformationJobObject(inner, JobObjectBasicAccountingInformation, &info, sizeof info, NULL));
    CHECK_EQ(info.ActiveProcesses, 0);
    CHECK(SetInformationJobObject(outer, JobObjectBasicUIRestrictions, &restrictions, sizeof restrictions));
    CHECK_ERROR(AssignProcessToJobObject(outer, b.hProcess), ERROR_ACCESS_DENIED);
    CHECK(TerminateJobObject(other, 9));
    CHECK_EQ(finish(&b), 9);
    CloseHandle(outer);
    CloseHandle(inner);
    CloseHandle(other);
}

/* What is set comes back; what contradicts itself is refused. */
static void test_classes(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    static const struct {
        DWORD flags;
        BOOL basic, good;
    } cases[] = {
        {0, TRUE, TRUE},
        {JOB_OBJECT_LIMIT_ACTIVE_PROCESS, TRUE, TRUE},
        {JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, TRUE, FALSE}, /* only in the extended class */
        {JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, FALSE, TRUE},
        {JOB_OBJECT_LIMIT_BREAKAWAY_OK | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION, FALSE, TRUE},
        {JOB_OBJECT_LIMIT_JOB_TIME | JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME, TRUE, FALSE},
        {JOB_OBJECT_LIMIT_WORKINGSET, TRUE, FALSE}, /* both 0 */
        {JOB_OBJECT_LIMIT_PRIORITY_CLASS, TRUE, FALSE},
        {JOB_OBJECT_LIMIT_PROCESS_MEMORY, FALSE, FALSE},
        {0x80000000, TRUE, FALSE},
        {0x80000000, FALSE, FALSE},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0}, read = {0};
        limits.BasicLimitInformation.LimitFlags = cases[i].flags;
        limits.BasicLimitInformation.ActiveProcessLimit = 5;
        JOBOBJECTINFOCLASS class = cases[i].basic ? JobObjectBasicLimitInformation : JobObjectExtendedLimitInformation;
        DWORD size = cases[i].basic ? sizeof limits.BasicLimitInformation : sizeof limits;
        BOOL done = SetInformationJobObject(job, class, &limits, size);
        CHECK_EQ(done, cases[i].good);
        if (!done)
            CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
        else
            CHECK(QueryInformationJobObject(job, class, &read, size, NULL) &&
                  read.BasicLimitInformation.LimitFlags == cases[i].flags);
    }
    JOBOBJECT_CPU_RATE_CONTROL_INFORMATION rate = {JOB_OBJECT_CPU_RATE_CONTROL_ENABLE |
                                                   JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP},
                                           rate_read = {0};
    CHECK_ERROR(SetInformationJobObject(job, JobObjectCpuRateControlInformation, &rate, sizeof rate),
                ERROR_INVALID_PARAMETER); /* no rate at all */
    rate.CpuRate = 5000;
    CHECK(SetInformationJobObject(job, JobObjectCpuRateControlInformation, &rate, sizeof rate));
    CHECK(QueryInformationJobObject(job, JobObjectCpuRateControlInformation, &rate_read, sizeof rate_read, NULL));
    CHECK_EQ(rate_read.ControlFlags, rate.ControlFlags);
    CHECK_EQ(rate_read.CpuRate, 5000);
    JOBOBJECT_BASIC_UI_RESTRICTIONS ui = {0x100}, ui_read = {0};
    CHECK_ERROR(SetInformationJobObject(job, JobObjectBasicUIRestrictions, &ui, sizeof ui), ERROR_INVALID_PARAMETER);
    ui.UIRestrictionsClass = JOB_OBJECT_UILIMIT_DESKTOP;
    CHECK(SetInformationJobObject(job, JobObjectBasicUIRestrictions, &ui, sizeof ui));
    CHECK(QueryInformationJobObject(job, JobObjectBasicUIRestrictions, &ui_read, sizeof ui_read, NULL));
    CHECK_EQ(ui_read.UIRestrictionsClass, JOB_OBJECT_UILIMIT_DESKTOP);
    CHECK_ERROR(SetInformationJobObject(job, (JOBOBJECTINFOCLASS)99, &ui, sizeof ui), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetInformationJobObject(job, JobObjectBasicUIRestrictions, &ui, 3), ERROR_BAD_LENGTH);
    CloseHandle(job);
}

static void test_io(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION info = {0};
    PROCESS_INFORMATION process;
    CHECK(start("burn", CREATE_SUSPENDED, &process));
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    for (int i = 0; i < 500 && !info.BasicInfo.TotalUserTime.QuadPart; i++) {
        CHECK(QueryInformationJobObject(job, JobObjectBasicAndIoAccountingInformation, &info, sizeof info, NULL));
        Sleep(5);
    }
    CHECK(info.BasicInfo.TotalUserTime.QuadPart > 0);
    CHECK_EQ(info.BasicInfo.ActiveProcesses, 1);
    CHECK(info.IoInfo.ReadOperationCount > 0);
    CHECK(TerminateJobObject(job, 1));
    CHECK_EQ(finish(&process), 1);
    CHECK(QueryInformationJobObject(job, JobObjectBasicAndIoAccountingInformation, &info, sizeof info, NULL));
    CHECK(info.BasicInfo.TotalUserTime.QuadPart > 0); /* that of members that have ended counts */
    CloseHandle(job);
}

static int child(const char *what)
{
    if (!strcmp(what, "memory")) { /* how many megabytes there are, up to 200 */
        for (int i = 0; i < 200; i++)
            if (!VirtualAlloc(NULL, 1 << 20, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE))
                return GetLastError() == ERROR_COMMITMENT_LIMIT || GetLastError() == ERROR_NOT_ENOUGH_MEMORY ? i
                                                                                                             : 0xbad;
        return 200;
    }
    if (!strcmp(what, "burn"))
        for (volatile int i = 0;; i++)
            ;
    if (!strcmp(what, "sleep"))
        Sleep(30000);
    if (!strcmp(what, "priority"))
        return (int)GetPriorityClass(GetCurrentProcess());
    if (!strcmp(what, "child")) {
        PROCESS_INFORMATION process;
        return start("memory", 0, &process) ? (int)finish(&process) : (int)GetLastError();
    }
    return 7;
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof self);
    if (argc > 1)
        return child(argv[1]);
    if (check_under_wine()) { /* its jobs have no limits, and a loop would go on for ever */
        puts("skipped under Wine");
        return 0;
    }
    test_classes();
    test_memory();
    test_time();
    test_processes();
    test_priority();
    test_nesting();
    test_io();
    return check_done();
}
