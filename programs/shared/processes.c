/*
 * processes.c: see processes.h.
 */
#include "programs/processes.h"
#include <psapi.h>
#include <tlhelp32.h>

static unsigned long long wide(const FILETIME *time)
{
    return (unsigned long long)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

static void measure(struct process *process)
{
    HANDLE handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process->id);
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    FILETIME created, ended, kernel, user;

    process->session = 1;
    ProcessIdToSessionId(process->id, &process->session);
    if (!handle)
        return;
    if (GetProcessMemoryInfo(handle, &counters, sizeof counters)) {
        process->memory = counters.WorkingSetSize;
        process->paged = counters.PagefileUsage;
        process->peak = counters.PeakWorkingSetSize;
    }
    if (GetProcessTimes(handle, &created, &ended, &kernel, &user)) {
        process->created = wide(&created);
        process->kernel = wide(&kernel);
        process->user = wide(&user);
    }
    GetProcessHandleCount(handle, &process->handles);
    CloseHandle(handle);
}

struct process *processes_list(size_t *count)
{
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    size_t room = 64;
    struct process *list = snapshot == INVALID_HANDLE_VALUE ? NULL : need(room * sizeof *list);

    *count = 0;
    if (!list)
        return NULL;
    for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
        if (*count == room) {
            struct process *larger = need(room * 2 * sizeof *larger);
            memcpy(larger, list, room * sizeof *list);
            free(list);
            list = larger;
            room *= 2;
        }
        struct process *process = &list[(*count)++];
        process->id = entry.th32ProcessID;
        process->parent = entry.th32ParentProcessID;
        process->threads = entry.cntThreads;
        wcscpy(process->name, entry.szExeFile);
        measure(process);
    }
    CloseHandle(snapshot);
    return list;
}

const WCHAR *processes_user(void)
{
    static WCHAR name[520];
    WCHAR user[256] = L"", domain[256] = L"";
    DWORD size = 256;

    if (!*name) {
        GetUserNameW(user, &size);
        if (!GetEnvironmentVariableW(L"USERDOMAIN", domain, 256)) {
            size = 256;
            GetComputerNameW(domain, &size);
        }
        _snwprintf(name, 519, L"%s\\%s", domain, user);
    }
    return name;
}

WCHAR *process_modules(DWORD id)
{
    HMODULE modules[1024];
    DWORD size;
    WCHAR name[MAX_PATH];
    struct text text = {0};
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, id);

    if (!process)
        return NULL;
    if (EnumProcessModules(process, modules, sizeof modules, &size))
        for (unsigned i = 1; i < size / sizeof *modules && i < 1024; i++) /* the first one is the program itself */
            if (GetModuleBaseNameW(process, modules[i], name, MAX_PATH)) {
                if (text.length)
                    text_char(&text, '\n');
                text_add(&text, name);
            }
    CloseHandle(process);
    return text.length ? text_take(&text) : NULL;
}

void format_cpu_time(const struct process *process, WCHAR text[32])
{
    unsigned long seconds = (unsigned long)((process->kernel + process->user) / 10000000);
    _snwprintf(text, 32, L"%lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

enum { STATUS, IMAGENAME, PID, SESSION, SESSIONNAME, CPUTIME, MEMUSAGE, USERNAME, SERVICES, WINDOWTITLE, MODULES };
enum { EQ, NE, GT, LT, GE, LE };

static const struct {
    const WCHAR *name;
    bool number; /* may be greater or less */
} fields[] = {{L"status", false},     {L"imagename", false},   {L"pid", true},      {L"session", true},
              {L"sessionname", true}, {L"cputime", true},      {L"memusage", true}, {L"username", false},
              {L"services", false},   {L"windowtitle", false}, {L"modules", false}};

bool filter_parse(struct filter *filter, const WCHAR *text)
{
    static const WCHAR *const operators[] = {L"eq", L"ne", L"gt", L"lt", L"ge", L"le"};
    const WCHAR *name = text + wcsspn(text, L" "), *operator= name + wcscspn(name, L" ");
    size_t length = operator- name;

    operator+= wcsspn(operator, L" ");
    for (filter->field = 0; filter->field < 11; filter->field++)
        if (wcslen(fields[filter->field].name) == length && !_wcsnicmp(fields[filter->field].name, name, length))
            break;
    for (filter->operator= 0; filter->operator<6; filter->operator++)
        if (!_wcsnicmp(operators[filter->operator], operator, 2) && operator[2] == ' ')
            break;
    if (filter->field == 11 || filter->operator== 6 ||(filter->operator> NE && !fields[filter->field].number))
        return false;
    filter->value = operator+ 2 + wcsspn(operator+ 2, L" ");
    return *filter->value != 0;
}

static bool ordered(int operator, unsigned long long a, unsigned long long b)
{
    return operator== EQ ? a == b :
           operator== NE ? a != b
           :
           operator== GT ? a > b
           :
           operator== LT ? a < b
           :
           operator== GE ? a >= b
                         : a <= b;
}

static bool loads(const struct process *process, const WCHAR *pattern)
{
    WCHAR *modules = process_modules(process->id);
    bool found = false;

    for (WCHAR *name = modules ? wcstok(modules, L"\n") : NULL; name && !found; name = wcstok(NULL, L"\n"))
        found = name_fits(pattern, name);
    free(modules);
    return found;
}

bool filter_holds(const struct filter *filter, const struct process *process)
{
    const WCHAR *value = filter->value;
    unsigned hours = 0, minutes = 0, seconds = 0;
    bool same;

    switch (filter->field) {
    case PID:
        return ordered(filter->operator, process->id, wcstoul(value, NULL, 10));
    case SESSION:
        return ordered(filter->operator, process->session, wcstoul(value, NULL, 10));
    case MEMUSAGE:
        return ordered(filter->operator, process->memory / 1024, wcstoul(value, NULL, 10));
    case CPUTIME:
        swscanf(value, L"%u:%u:%u", &hours, &minutes, &seconds);
        return ordered(filter->operator,(process->kernel + process->user) / 10000000,
                       hours * 3600ull + minutes * 60 + seconds);
    case STATUS: /* what has no window has no status that is known */
        same = same_name(value, L"unknown");
        break;
    case IMAGENAME:
        same = name_fits(value, process->name);
        break;
    case SESSIONNAME:
        same = name_fits(value, L"Console");
        break;
    case USERNAME:
        same = name_fits(value, wcschr(value, '\\') ? processes_user() : file_part(processes_user()));
        break;
    case MODULES:
        same = loads(process, value);
        break;
    default: /* services, titles of windows: there are none */
        same = name_fits(value, L"N/A");
    }
    return same == (filter->operator== EQ);
}
