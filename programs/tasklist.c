/*
 * tasklist.c: tasklist.exe: the processes, as a table, a list or CSV, filtered.
 */
#include "wide_main.h"
#include <psapi.h>
#include <tlhelp32.h>

enum format { FORMAT_TABLE, FORMAT_LIST, FORMAT_CSV };

/* /FI "IMAGENAME eq x.exe" and the like. */
struct filter {
    WCHAR field[32], operator[8], value[260];
};

static bool number_holds(const WCHAR *operator, unsigned long long a, unsigned long long b)
{
    return same_name(operator, L"eq")   ? a == b
           : same_name(operator, L"ne") ? a != b
           : same_name(operator, L"gt") ? a > b
           : same_name(operator, L"lt") ? a < b
           : same_name(operator, L"ge") ? a >= b
                                        : a <= b;
}

static bool name_holds(const struct filter *filter, const WCHAR *name)
{
    size_t length = wcslen(filter->value);
    bool same = length && filter->value[length - 1] == '*' ? !_wcsnicmp(name, filter->value, length - 1)
                                                           : same_name(name, filter->value);
    return same == same_name(filter->operator, L"eq");
}

static bool filter_holds(const struct filter *filter, const PROCESSENTRY32W *entry, SIZE_T memory)
{
    if (same_name(filter->field, L"imagename"))
        return name_holds(filter, entry->szExeFile);
    if (same_name(filter->field, L"pid"))
        return number_holds(filter->operator, entry->th32ProcessID, wcstoul(filter->value, NULL, 10));
    if (same_name(filter->field, L"memusage"))
        return number_holds(filter->operator, memory / 1024, wcstoul(filter->value, NULL, 10));
    return true; /* sessions, users, states: all are this user's, in session 1, running */
}

static SIZE_T memory_of(DWORD id)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);

    if (process) {
        GetProcessMemoryInfo(process, &counters, sizeof counters);
        CloseHandle(process);
    }
    return counters.WorkingSetSize;
}

static void show(enum format format, const PROCESSENTRY32W *entry, SIZE_T memory)
{
    WCHAR digits[32], size[48];
    int to = 0, length = _snwprintf(digits, 32, L"%I64u", (unsigned long long)memory / 1024);

    for (int i = 0; i < length; i++) {
        size[to++] = digits[i];
        if (i + 1 < length && (length - i - 1) % 3 == 0)
            size[to++] = ',';
    }
    wcscpy(size + to, L" K");
    if (format == FORMAT_CSV)
        print(L"\"%s\",\"%lu\",\"Console\",\"1\",\"%s\"\r\n", entry->szExeFile, entry->th32ProcessID, size);
    else if (format == FORMAT_LIST)
        print(L"\r\nImage Name:   %s\r\nPID:          %lu\r\nSession Name: Console\r\nSession#:     1\r\nMem Usage:    "
              L"%s\r\n",
              entry->szExeFile, entry->th32ProcessID, size);
    else
        print(L"%-25.25s %8lu %-16s %11lu %12s\r\n", entry->szExeFile, entry->th32ProcessID, L"Console", 1ul, size);
}

static bool take_filter(struct filter *filter, const WCHAR *text)
{
    return swscanf(text, L" %31ls %7ls %259ls", filter->field, filter->operator, filter->value) == 3;
}

static int run(int argc, WCHAR **argv)
{
    enum format format = FORMAT_TABLE;
    struct filter filters[16];
    unsigned filter_count = 0, shown = 0;
    bool header = true;
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/fo") && i + 1 < argc) {
            i++;
            format = same_name(argv[i], L"csv") ? FORMAT_CSV : same_name(argv[i], L"list") ? FORMAT_LIST : FORMAT_TABLE;
        } else if (same_name(argv[i], L"/fi") && i + 1 < argc && filter_count < 16) {
            if (!take_filter(&filters[filter_count++], argv[++i])) {
                print_error(L"ERROR: The search filter cannot be recognized.\r\n");
                return 1;
            }
        } else if (same_name(argv[i], L"/nh")) {
            header = false;
        } else if (!same_name(argv[i], L"/v") && !same_name(argv[i], L"/m") && !same_name(argv[i], L"/svc")) {
            print_error(L"ERROR: Invalid argument/option - '%s'.\r\nType \"TASKLIST /?\" for usage.\r\n", argv[i]);
            return 1;
        }
    }
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (snapshot == INVALID_HANDLE_VALUE) {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
        return 1;
    }
    for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
        SIZE_T memory = memory_of(entry.th32ProcessID);
        bool holds = true;
        for (unsigned i = 0; i < filter_count; i++)
            holds &= filter_holds(&filters[i], &entry, memory);
        if (!holds)
            continue;
        if (!shown++ && header && format == FORMAT_TABLE)
            print(L"\r\nImage Name                     PID Session Name        Session#    Mem Usage\r\n"
                  L"========================= ======== ================ =========== ============\r\n");
        else if (shown == 1 && header && format == FORMAT_CSV)
            print(L"\"Image Name\",\"PID\",\"Session Name\",\"Session#\",\"Mem Usage\"\r\n");
        show(format, &entry, memory);
    }
    CloseHandle(snapshot);
    if (!shown)
        print(L"INFO: No tasks are running which match the specified criteria.\r\n");
    return 0;
}
