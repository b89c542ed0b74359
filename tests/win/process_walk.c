/*
 * Can a program go from thread to thread and from process to process, and stop and resume a whole process?
 */
#include "check.h"

static LONG(WINAPI *next_process)(HANDLE, ACCESS_MASK, ULONG, ULONG, HANDLE *);
static LONG(WINAPI *next_thread)(HANDLE, HANDLE, ACCESS_MASK, ULONG, ULONG, HANDLE *);
static LONG(WINAPI *suspend)(HANDLE), (WINAPI * resume)(HANDLE);
#define NO_MORE ((LONG)0x8000001a)
#define INVALID_HANDLE ((LONG)0xc0000008)

static HANDLE stop;
static volatile LONG *counter; /* shared with the child */

static DWORD WINAPI sleeper(void *unused)
{
    (void)unused;
    return WaitForSingleObject(stop, INFINITE);
}

static void threads(void)
{
    DWORD ids[3], found = 0, all = 0;
    HANDLE made[3], thread = NULL, next;
    LONG status;

    stop = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (int i = 0; i < 3; i++)
        made[i] = CreateThread(NULL, 0, sleeper, NULL, 0, &ids[i]);
    while (!(status = next_thread(GetCurrentProcess(), thread, THREAD_QUERY_LIMITED_INFORMATION, 0, 0, &next))) {
        DWORD id = GetThreadId(next);

        CHECK(id != 0);
        all++;
        for (int i = 0; i < 3; i++)
            found += id == ids[i];
        found += id == GetCurrentThreadId();
        if (thread)
            CloseHandle(thread);
        thread = next;
        if (all > 50)
            break;
    }
    CHECK_EQ(status, NO_MORE);
    CHECK_EQ(found, 4);
    CHECK(all >= 4);
    CloseHandle(thread);
    CHECK_EQ(next_thread((HANDLE)0x7770, NULL, THREAD_QUERY_LIMITED_INFORMATION, 0, 0, &next), INVALID_HANDLE);
    SetEvent(stop);
    WaitForMultipleObjects(3, made, TRUE, 10000);
}

static BOOL grows(void)
{
    LONG before = *counter;

    for (int i = 0; i < 200; i++) {
        Sleep(5);
        if (*counter != before)
            return TRUE;
    }
    return FALSE;
}

static BOOL stands(void)
{
    LONG before = *counter;

    Sleep(50);
    return *counter == before;
}

static void processes(const char *self)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, &inherit, PAGE_READWRITE, 0, 4096, NULL);
    HANDLE process = NULL, next;
    STARTUPINFOA startup = {sizeof startup};
    PROCESS_INFORMATION child;
    char line[400];
    int found = 0, all = 0;
    LONG status;

    counter = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    sprintf(line, "\"%s\" count %llu", self, (unsigned long long)(ULONG_PTR)section);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child));
    CHECK(grows());
    while (!(status = next_process(process, PROCESS_QUERY_LIMITED_INFORMATION, 0, 0, &next))) {
        DWORD id = GetProcessId(next);

        found += id == child.dwProcessId || id == GetCurrentProcessId();
        if (process)
            CloseHandle(process);
        process = next;
        if (++all > 500)
            break;
    }
    CHECK_EQ(status, NO_MORE);
    CHECK_EQ(found, 2);
    CloseHandle(process);
    CHECK_EQ(suspend(child.hProcess), 0);
    CHECK(stands());
    CHECK_EQ(suspend(child.hProcess), 0); /* counts */
    CHECK_EQ(resume(child.hProcess), 0);
    CHECK(stands());
    CHECK_EQ(resume(child.hProcess), 0);
    CHECK(grows());
    CHECK_EQ(suspend((HANDLE)0x7770), INVALID_HANDLE);
    CHECK(TerminateProcess(child.hProcess, 0));
    CHECK_EQ(WaitForSingleObject(child.hProcess, 10000), WAIT_OBJECT_0);
}

int main(int argc, char **argv)
{
    HMODULE ntdll = GetModuleHandleA("ntdll");

    if (argc > 2 && !strcmp(argv[1], "count")) {
        counter = MapViewOfFile((HANDLE)(ULONG_PTR)strtoull(argv[2], NULL, 10), FILE_MAP_WRITE, 0, 0, 0);
        for (;;) {
            ++*counter;
            Sleep(1);
        }
    }
    next_process = (void *)GetProcAddress(ntdll, "NtGetNextProcess");
    next_thread = (void *)GetProcAddress(ntdll, "NtGetNextThread");
    suspend = (void *)GetProcAddress(ntdll, "NtSuspendProcess");
    resume = (void *)GetProcAddress(ntdll, "NtResumeProcess");
    if (next_thread) /* Wine 8 has it */
        threads();
    if (!check_under_wine()) /* has no way from process to process */
        processes(argv[0]);
    return check_done();
}
