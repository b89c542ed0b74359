/*
 * job.c: do job objects hold the processes that they should, count them, tell of them, and end them?
 */
#include "check.h"

static char self[MAX_PATH];

static HANDLE start(const char *arguments, DWORD flags, PROCESS_INFORMATION *process)
{
    STARTUPINFOA info = {.cb = sizeof info};
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s", self, arguments);
    return CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, process) ? process->hProcess : NULL;
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

static JOBOBJECT_BASIC_ACCOUNTING_INFORMATION account(HANDLE job)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info = {0};
    DWORD size = 0;
    CHECK(QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &info, sizeof info, &size));
    CHECK_EQ(size, sizeof info);
    return info;
}

static void test_members(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL), other = CreateJobObjectA(NULL, NULL);
    PROCESS_INFORMATION process;
    JOBOBJECT_BASIC_PROCESS_ID_LIST list = {0};
    BOOL in = TRUE;
    CHECK(job != NULL);
    CHECK_EQ(account(job).ActiveProcesses, 0);
    CHECK(start("sleep", CREATE_SUSPENDED, &process) != NULL);
    CHECK(IsProcessInJob(process.hProcess, job, &in));
    CHECK(!in);
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK(IsProcessInJob(process.hProcess, job, &in));
    CHECK(in);
    CHECK(IsProcessInJob(process.hProcess, NULL, &in));
    CHECK(in);
    CHECK(IsProcessInJob(process.hProcess, other, &in));
    CHECK(!in);
    CHECK_EQ(account(job).ActiveProcesses, 1);
    CHECK_EQ(account(job).TotalProcesses, 1);
    CHECK(QueryInformationJobObject(job, JobObjectBasicProcessIdList, &list, sizeof list, NULL));
    CHECK_EQ(list.NumberOfAssignedProcesses, 1);
    CHECK_EQ(list.NumberOfProcessIdsInList, 1);
    CHECK_EQ(list.ProcessIdList[0], process.dwProcessId);
    ResumeThread(process.hThread);
    CHECK_EQ(WaitForSingleObject(process.hProcess, 0), WAIT_TIMEOUT);
    CHECK(TerminateJobObject(job, 321));
    CHECK_EQ(finish(&process), 321);
    CHECK_EQ(account(job).ActiveProcesses, 0);
    CHECK_EQ(account(job).TotalProcesses, 1);
    CloseHandle(job);
    CloseHandle(other);
}

static void test_close(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0}, read;
    PROCESS_INFORMATION process;
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits));
    CHECK(QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &read, sizeof read, NULL));
    if (!check_under_wine()) { /* it forgets the flags, and has another error for the size */
        CHECK_EQ(read.BasicLimitInformation.LimitFlags, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE);
        CHECK_ERROR(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits - 1),
                    ERROR_BAD_LENGTH);
    }
    CHECK(start("sleep", 0, &process) != NULL);
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    CHECK_EQ(WaitForSingleObject(process.hProcess, 20), WAIT_TIMEOUT);
    CHECK(CloseHandle(job));
    CHECK_EQ(finish(&process), 0);
}

/* What a member starts is a member, unless it may leave and does. */
static void test_children(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    PROCESS_INFORMATION process;
    CHECK(start("spawn", CREATE_SUSPENDED, &process) != NULL);
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    CHECK_EQ(finish(&process), 11); /* its child was in a job; leaving was refused */
    CHECK_EQ(account(job).TotalProcesses, 2);
    CHECK_EQ(account(job).ActiveProcesses, 0);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_BREAKAWAY_OK;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits));
    CHECK(start("spawn", CREATE_SUSPENDED, &process) != NULL);
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    ResumeThread(process.hThread);
    CHECK_EQ(finish(&process), 10);
    CHECK_EQ(account(job).TotalProcesses, 4);
    CloseHandle(job);
}

static void expect(HANDLE port, DWORD message, DWORD process)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD got = 0;
    CHECK(GetQueuedCompletionStatus(port, &got, &key, &overlapped, 10000));
    CHECK_EQ(got, message);
    CHECK_EQ(key, 77);
    CHECK_EQ((ULONG_PTR)overlapped, process);
}

static void test_port(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL), port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT to = {(void *)77, port};
    PROCESS_INFORMATION process;
    DWORD id;
    CHECK(SetInformationJobObject(job, JobObjectAssociateCompletionPortInformation, &to, sizeof to));
    CHECK(start("exit 0", CREATE_SUSPENDED, &process) != NULL);
    id = process.dwProcessId;
    CHECK(AssignProcessToJobObject(job, process.hProcess));
    expect(port, JOB_OBJECT_MSG_NEW_PROCESS, id);
    ResumeThread(process.hThread);
    CHECK_EQ(finish(&process), 0);
    expect(port, JOB_OBJECT_MSG_EXIT_PROCESS, id);
    expect(port, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 0);
    CloseHandle(job);
    CloseHandle(port);
}

static void test_limits(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_BASIC_LIMIT_INFORMATION limits = {0};
    PROCESS_INFORMATION first, second;
    limits.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
    limits.ActiveProcessLimit = 1;
    CHECK(SetInformationJobObject(job, JobObjectBasicLimitInformation, &limits, sizeof limits));
    CHECK(start("sleep", 0, &first) != NULL);
    CHECK(start("sleep", 0, &second) != NULL);
    CHECK(AssignProcessToJobObject(job, first.hProcess));
    if (!check_under_wine()) /* it does not count */
        CHECK_ERROR(AssignProcessToJobObject(job, second.hProcess), ERROR_NOT_ENOUGH_QUOTA);
    else
        TerminateProcess(second.hProcess, 5);
    CHECK(finish(&second) != 0); /* "the process is terminated and the association fails" */
    CHECK(TerminateJobObject(job, 6));
    CHECK_EQ(finish(&first), 6);
    CloseHandle(job);
}

static void test_names(void)
{
    char name[64];
    HANDLE job, again;
    snprintf(name, sizeof name, "job %lu", GetCurrentProcessId());
    job = CreateJobObjectA(NULL, name);
    CHECK(job != NULL);
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    again = CreateJobObjectA(NULL, name);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CloseHandle(again);
    again = OpenJobObjectA(JOB_OBJECT_ALL_ACCESS, FALSE, name);
    CHECK(again != NULL);
    CloseHandle(again);
    CloseHandle(job);
    CHECK_ERROR(OpenJobObjectA(JOB_OBJECT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

static int child(char **argv)
{
    if (!strcmp(argv[1], "sleep"))
        Sleep(60000);
    if (!strcmp(argv[1], "exit"))
        return atoi(argv[2]);
    if (!strcmp(argv[1], "inside")) {
        BOOL in = FALSE;
        IsProcessInJob(GetCurrentProcess(), NULL, &in);
        return in;
    }
    if (!strcmp(argv[1], "spawn")) {
        PROCESS_INFORMATION process;
        DWORD code;
        if (start("inside", CREATE_BREAKAWAY_FROM_JOB, &process)) {
            WaitForSingleObject(process.hProcess, 10000);
            GetExitCodeProcess(process.hProcess, &code);
            if (code)
                return 20;
            code = 0;
        } else if (GetLastError() != ERROR_ACCESS_DENIED) {
            return 21;
        } else {
            code = 1;
        }
        if (!start("inside", 0, &process))
            return 22;
        DWORD inside;
        WaitForSingleObject(process.hProcess, 10000);
        GetExitCodeProcess(process.hProcess, &inside);
        return inside == 1 ? 10 + (int)code : 23;
    }
    return 0xbad;
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof self);
    if (argc > 1)
        return child(argv);
    test_members();
    test_close();
    test_children();
    test_port();
    test_limits();
    test_names();
    return check_done();
}
