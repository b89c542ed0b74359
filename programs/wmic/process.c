/*
 * process.c: Win32_Process.
 */
#include "programs/processes.h"
#include "wmic.h"
#include <winternl.h>

static const WCHAR *const properties[] = {L"Caption",
                                          L"CommandLine",
                                          L"CreationDate",
                                          L"Description",
                                          L"ExecutablePath",
                                          L"Handle",
                                          L"HandleCount",
                                          L"KernelModeTime",
                                          L"Name",
                                          L"PageFileUsage",
                                          L"ParentProcessId",
                                          L"PeakWorkingSetSize",
                                          L"Priority",
                                          L"ProcessId",
                                          L"SessionId",
                                          L"ThreadCount",
                                          L"UserModeTime",
                                          L"WorkingSetSize",
                                          NULL};

enum { COMMAND_LINE_INFORMATION = 60 };

static WCHAR *command_line(HANDLE process)
{
    typedef LONG(NTAPI * query)(HANDLE, int, void *, ULONG, ULONG *);
    static query query_process;
    static ULONG_PTR buffer[8192]; /* a UNICODE_STRING and its text */
    const UNICODE_STRING *string = (const UNICODE_STRING *)buffer;

    if (!query_process)
        query_process = (query)(void *)GetProcAddress(GetModuleHandleW(L"ntdll"), "NtQueryInformationProcess");
    if (query_process(process, COMMAND_LINE_INFORMATION, buffer, sizeof buffer, NULL) < 0 || !string->Buffer)
        return copy_string(L"");
    return copy_n(string->Buffer, string->Length / sizeof(WCHAR));
}

static unsigned priority(HANDLE process)
{
    switch (GetPriorityClass(process)) {
    case IDLE_PRIORITY_CLASS:
        return 4;
    case BELOW_NORMAL_PRIORITY_CLASS:
        return 6;
    case ABOVE_NORMAL_PRIORITY_CLASS:
        return 10;
    case HIGH_PRIORITY_CLASS:
        return 13;
    case REALTIME_PRIORITY_CLASS:
        return 24;
    }
    return 8;
}

static void collect(struct instances *instances)
{
    size_t count;
    struct process *list = processes_list(&count);

    for (size_t i = 0; list && i < count; i++) {
        const struct process *p = &list[i];
        HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, p->id);
        WCHAR **value = instance_add(instances), path[4096] = L"";
        DWORD size = 4096;
        if (process && !QueryFullProcessImageNameW(process, 0, path, &size))
            *path = 0;
        *value++ = copy_string(p->name);
        *value++ = process ? command_line(process) : copy_string(L"");
        *value++ = value_date(p->created);
        *value++ = copy_string(p->name);
        *value++ = copy_string(path);
        *value++ = value_number(p->id);
        *value++ = value_number(p->handles);
        *value++ = value_number(p->kernel);
        *value++ = copy_string(p->name);
        *value++ = value_number(p->paged / 1024);
        *value++ = value_number(p->parent);
        *value++ = value_number(p->peak / 1024);
        *value++ = value_number(process ? priority(process) : 8);
        *value++ = value_number(p->id);
        *value++ = value_number(p->session);
        *value++ = value_number(p->threads);
        *value++ = value_number(p->user);
        *value++ = value_number(p->memory);
        if (process)
            CloseHandle(process);
    }
    free(list);
}

const struct class class_process = {L"process", L"Win32_Process", properties,
                                    L"HandleCount,Name,Priority,ProcessId,ThreadCount,WorkingSetSize", collect};
