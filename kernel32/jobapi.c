/*
 * jobapi.c: job objects.
 *
 * Layer: kernel32, over ntdll's Nt*JobObject.
 */
#include "ntthread.h"
#include "ntdll/error.h"
#include "synchname.h"

static HANDLE job_create(struct object_request *request)
{
    HANDLE handle = NULL;
    NTSTATUS status = NtCreateJobObject(&handle, JOB_OBJECT_ALL_ACCESS, &request->attributes);

    return object_request_done(request, status, handle);
}

HANDLE WINAPI CreateJobObjectW(LPSECURITY_ATTRIBUTES security, LPCWSTR name)
{
    struct object_request request;

    return object_request_wide(&request, security, name) ? job_create(&request) : NULL;
}

HANDLE WINAPI CreateJobObjectA(LPSECURITY_ATTRIBUTES security, LPCSTR name)
{
    struct object_request request;

    return object_request_ansi(&request, security, name) ? job_create(&request) : NULL;
}

static HANDLE job_open(struct object_request *request, DWORD access)
{
    HANDLE handle = NULL;
    NTSTATUS status = NtOpenJobObject(&handle, access, &request->attributes);

    return object_request_done(request, status, handle);
}

HANDLE WINAPI OpenJobObjectW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_request request;

    return object_request_open_wide(&request, inherit, name) ? job_open(&request, access) : NULL;
}

HANDLE WINAPI OpenJobObjectA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object_request request;

    return object_request_open_ansi(&request, inherit, name) ? job_open(&request, access) : NULL;
}

BOOL WINAPI AssignProcessToJobObject(HANDLE job, HANDLE process)
{
    return status_to_bool(NtAssignProcessToJobObject(job, process));
}

BOOL WINAPI IsProcessInJob(HANDLE process, HANDLE job, PBOOL result)
{
    NTSTATUS status = NtIsProcessInJob(process, job);

    *result = status == STATUS_PROCESS_IN_JOB;
    return status_to_bool(status);
}

BOOL WINAPI QueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, LPVOID data, DWORD size, LPDWORD returned)
{
    ULONG needed = 0;
    NTSTATUS status = NtQueryInformationJobObject(job, class, data, size, &needed);

    if (returned)
        *returned = needed;
    return status_to_bool(status);
}

BOOL WINAPI SetInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, LPVOID data, DWORD size)
{
    return status_to_bool(NtSetInformationJobObject(job, class, data, size));
}

BOOL WINAPI TerminateJobObject(HANDLE job, UINT code)
{
    return status_to_bool(NtTerminateJobObject(job, code));
}
