/* Does a process see itself as Windows shows it: ids, blocks, modules, jobs, times? */
#include "check.h"
#include <psapi.h>
#include <tlhelp32.h>
/* link: -lpsapi */

static void test_basic(void)
{
    HANDLE self = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    FILETIME create, exit, kernel, user;
    DWORD code;
    BOOL wow = TRUE;

    CHECK(self != NULL);
    CHECK_EQ(GetProcessId(self), GetCurrentProcessId());
    CHECK(GetExitCodeProcess(self, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK(GetProcessTimes(self, &create, &exit, &kernel, &user));
    CHECK(create.dwHighDateTime > 0);
    CHECK(IsWow64Process(self, &wow));
    CHECK(!wow);
    CHECK_EQ(GetPriorityClass(self), NORMAL_PRIORITY_CLASS);
    CHECK_EQ(WaitForSingleObject(self, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(self));
    CHECK_ERROR(OpenProcess(PROCESS_ALL_ACCESS, FALSE, 0x7ffffff0), ERROR_INVALID_PARAMETER);
    CHECK(IsProcessorFeaturePresent(PF_XMMI64_INSTRUCTIONS_AVAILABLE));
    CHECK(!IsProcessorFeaturePresent(1000));
}

static void test_modules(void)
{
    HMODULE modules[64];
    DWORD needed = 0, size = MAX_PATH;
    MODULEINFO info;
    char name[MAX_PATH], path[MAX_PATH];

    CHECK(EnumProcessModules(GetCurrentProcess(), modules, sizeof modules, &needed));
    CHECK(needed >= 3 * sizeof(HMODULE));
    CHECK_EQ(modules[0], GetModuleHandleA(NULL));
    CHECK(GetModuleInformation(GetCurrentProcess(), modules[0], &info, sizeof info));
    CHECK_EQ(info.lpBaseOfDll, modules[0]);
    CHECK(GetModuleBaseNameA(GetCurrentProcess(), NULL, name, sizeof name) > 0);
    CHECK_STR(name, "process_self.exe");
    CHECK(QueryFullProcessImageNameA(GetCurrentProcess(), 0, path, &size));
    CHECK_EQ(size, strlen(path));
    CHECK(GetModuleFileNameA(NULL, name, sizeof name) > 0);
    CHECK_STR(path, name);
}

static void test_snapshot(void)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPALL, 0);
    PROCESSENTRY32 process = {.dwSize = sizeof process};
    THREADENTRY32 thread = {.dwSize = sizeof thread};
    MODULEENTRY32 module = {.dwSize = sizeof module};
    BOOL found = FALSE;

    CHECK(snapshot != INVALID_HANDLE_VALUE);
    for (BOOL more = Process32First(snapshot, &process); more; more = Process32Next(snapshot, &process)) {
        if (process.th32ProcessID == GetCurrentProcessId()) {
            CHECK_STR(process.szExeFile, "process_self.exe");
            found = TRUE;
        }
    }
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    CHECK(found);
    found = FALSE;
    for (BOOL more = Thread32First(snapshot, &thread); more; more = Thread32Next(snapshot, &thread))
        found |= thread.th32ThreadID == GetCurrentThreadId() && thread.th32OwnerProcessID == GetCurrentProcessId();
    CHECK(found);
    CHECK(Module32First(snapshot, &module));
    CHECK_STR(module.szModule, "process_self.exe");
    CHECK_EQ(module.hModule, GetModuleHandleA(NULL));
    CHECK(CloseHandle(snapshot));
}

static void test_job(void)
{
    HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0}, read = {0};
    DWORD length;

    CHECK(job != NULL);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    CHECK(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits));
    CHECK(QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &read, sizeof read, &length));
    CHECK_EQ(length, sizeof read);
    if (!check_under_wine()) /* Wine forgets them */
        CHECK_EQ(read.BasicLimitInformation.LimitFlags, JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION);
    CHECK(AssignProcessToJobObject(job, GetCurrentProcess()));
    CHECK(CloseHandle(job));
}

static void test_memory(void)
{
    PROCESS_MEMORY_COUNTERS_EX counters = {0};
    SIZE_T least, most;
    DWORD_PTR mask, system;

    CHECK(GetProcessMemoryInfo(GetCurrentProcess(), (PROCESS_MEMORY_COUNTERS *)&counters, sizeof counters));
    CHECK(counters.WorkingSetSize > 100000);
    CHECK(counters.PeakWorkingSetSize >= counters.WorkingSetSize);
    CHECK(GetProcessWorkingSetSize(GetCurrentProcess(), &least, &most));
    CHECK(GetProcessAffinityMask(GetCurrentProcess(), &mask, &system));
    CHECK(mask != 0 && (mask & ~system) == 0);
    CHECK_EQ(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), __builtin_popcountll(system));
    CHECK(GetCurrentProcessorNumber() < 64);
}

static void test_startup(void)
{
    STARTUPINFOW wide;
    STARTUPINFOA ansi;

    GetStartupInfoW(&wide);
    GetStartupInfoA(&ansi);
    CHECK_EQ(wide.cb, sizeof wide);
    CHECK_EQ(ansi.cb, sizeof ansi);
    CHECK(wide.lpTitle != NULL && ansi.lpTitle != NULL);
}

int main(void)
{
    test_basic();
    test_modules();
    test_snapshot();
    test_job();
    test_memory();
    test_startup();
    return check_done();
}
