/*
 * taskkill.c: taskkill.exe: ends processes by id or image name, with their children if asked.
 */
#include "wide_main.h"
#include <tlhelp32.h>

static PROCESSENTRY32W *entries;
static unsigned entry_count;

static bool list_processes(void)
{
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);

    if (snapshot == INVALID_HANDLE_VALUE)
        return false;
    for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
        entries = realloc(entries, (entry_count + 1) * sizeof *entries);
        entries[entry_count++] = entry;
    }
    CloseHandle(snapshot);
    return true;
}

static int kill_one(DWORD id, const WCHAR *name)
{
    HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, id);
    int result = 0;

    if (process && TerminateProcess(process, 1)) {
        if (name)
            print(L"SUCCESS: The process \"%s\" with PID %lu has been terminated.\r\n", name, id);
        else
            print(L"SUCCESS: The process with PID %lu has been terminated.\r\n", id);
    } else if (!process && GetLastError() == ERROR_INVALID_PARAMETER) {
        print_error(L"ERROR: The process \"%lu\" not found.\r\n", id);
        result = 128;
    } else {
        print_error(L"ERROR: The process with PID %lu could not be terminated.\r\nReason: %s\r\n", id,
                    error_message(GetLastError()));
        result = 1;
    }
    if (process)
        CloseHandle(process);
    return result;
}

/* Children first: a parent that lives could start more. */
static int kill_tree(DWORD id, const WCHAR *name, unsigned depth)
{
    for (unsigned i = 0; i < entry_count && depth < 64; i++)
        if (entries[i].th32ParentProcessID == id && entries[i].th32ProcessID != id &&
            entries[i].th32ProcessID != GetCurrentProcessId())
            kill_tree(entries[i].th32ProcessID, NULL, depth + 1);
    return kill_one(id, name);
}

static int kill_named(const WCHAR *name, bool tree)
{
    unsigned found = 0;
    int result = 0;
    size_t length = wcslen(name);
    bool start = length && name[length - 1] == '*';

    for (unsigned i = 0; i < entry_count; i++) {
        DWORD id = entries[i].th32ProcessID;
        bool same = start ? !_wcsnicmp(entries[i].szExeFile, name, length - 1) : same_name(entries[i].szExeFile, name);
        if (!same || id == GetCurrentProcessId())
            continue;
        found++;
        result |= tree ? kill_tree(id, entries[i].szExeFile, 0) : kill_one(id, entries[i].szExeFile);
    }
    if (!found)
        print_error(L"ERROR: The process \"%s\" not found.\r\n", name);
    return found ? result : 128;
}

static int run(int argc, WCHAR **argv)
{
    bool tree = false, any = false;
    int result = 0;
    DWORD id;

    for (int i = 1; i < argc; i++)
        tree |= same_name(argv[i], L"/t");
    if (!list_processes()) {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
        return 1;
    }
    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/t") || same_name(argv[i], L"/f"))
            continue;
        if (same_name(argv[i], L"/pid") && i + 1 < argc) {
            any = true;
            if (!parse_number(argv[++i], &id)) {
                print_error(L"ERROR: The process \"%s\" not found.\r\n", argv[i]);
                result = 128;
            } else {
                result |= tree ? kill_tree(id, NULL, 0) : kill_one(id, NULL);
            }
        } else if (same_name(argv[i], L"/im") && i + 1 < argc) {
            any = true;
            result |= kill_named(argv[++i], tree);
        } else {
            print_error(L"ERROR: Invalid argument/option - '%s'.\r\nType \"TASKKILL /?\" for usage.\r\n", argv[i]);
            return 1;
        }
    }
    if (!any) {
        print_error(L"ERROR: Invalid syntax. Neither /FI nor /PID nor /IM were specified.\r\nType \"TASKKILL /?\" for "
                    L"usage.\r\n");
        return 1;
    }
    return result;
}
