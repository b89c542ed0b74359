/*
 * process_list.c: do snapshots and EnumProcesses show the processes that this one has started, with parents and names,
 * and no longer when they have ended?
 */
#include "check.h"
#include <psapi.h>
#include <tlhelp32.h>
/* link: -lpsapi */

#define CHILDREN 3

static char self[MAX_PATH];

static int count_in_snapshot(DWORD id, PROCESSENTRY32 *found)
{
    PROCESSENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    int count = 0;
    CHECK(snapshot != INVALID_HANDLE_VALUE);
    CHECK(Process32First(snapshot, &entry));
    do
        if (entry.th32ProcessID == id) {
            count++;
            *found = entry;
        }
    while (Process32Next(snapshot, &entry));
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    CloseHandle(snapshot);
    return count;
}

static int count_in_list(DWORD id)
{
    DWORD ids[2048], size = 0;
    int count = 0;
    CHECK(EnumProcesses(ids, sizeof ids, &size));
    CHECK_EQ(size % sizeof *ids, 0);
    for (DWORD i = 0; i < size / sizeof *ids; i++)
        count += ids[i] == id;
    return count;
}

int main(int argc, char **argv)
{
    PROCESS_INFORMATION children[CHILDREN];
    PROCESSENTRY32 entry;
    char line[MAX_PATH + 20], name[MAX_PATH];
    const char *base;
    if (argc > 1) {
        Sleep(60000);
        return 0;
    }
    GetModuleFileNameA(NULL, self, sizeof self);
    base = strrchr(self, '\\') + 1;
    CHECK_EQ(count_in_snapshot(GetCurrentProcessId(), &entry), 1);
    CHECK(!_stricmp(entry.szExeFile, base));
    CHECK(entry.cntThreads >= 1);
    CHECK_EQ(count_in_list(GetCurrentProcessId()), 1);
    for (int i = 0; i < CHILDREN; i++) {
        STARTUPINFOA info = {.cb = sizeof info};
        snprintf(line, sizeof line, "\"%s\" child", self);
        CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &children[i]));
    }
    for (int i = 0; i < CHILDREN; i++) {
        CHECK_EQ(count_in_snapshot(children[i].dwProcessId, &entry), 1);
        CHECK_EQ(entry.th32ParentProcessID, GetCurrentProcessId());
        CHECK(!_stricmp(entry.szExeFile, base));
        CHECK_EQ(count_in_list(children[i].dwProcessId), 1);
        CHECK_EQ(GetModuleFileNameExA(children[i].hProcess, NULL, name, sizeof name), strlen(self));
        CHECK(!_stricmp(name, self));
        CHECK_EQ(GetModuleBaseNameA(children[i].hProcess, NULL, name, sizeof name), strlen(base));
        CHECK(!_stricmp(name, base));
    }
    for (int i = 0; i < CHILDREN; i++) {
        CHECK(TerminateProcess(children[i].hProcess, 0));
        CHECK_EQ(WaitForSingleObject(children[i].hProcess, 10000), WAIT_OBJECT_0);
        CloseHandle(children[i].hProcess);
        CloseHandle(children[i].hThread);
        CHECK_EQ(count_in_snapshot(children[i].dwProcessId, &entry), 0);
        CHECK_EQ(count_in_list(children[i].dwProcessId), 0);
    }
    return check_done();
}
