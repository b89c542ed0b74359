/*
 * filemapping.c: CreateFileMapping, MapViewOfFile and their kin.  On top of sections.
 */
#include "kernel32/filename.h"
#include "kernel32/synchname.h"

static HANDLE mapping_create(struct object_request *request, HANDLE file, DWORD protect, uint64_t length)
{
    const ULONG kinds = SEC_FILE | SEC_IMAGE | SEC_RESERVE | SEC_COMMIT | SEC_NOCACHE | SEC_LARGE_PAGES |
                        SEC_WRITECOMBINE | SEC_IMAGE_NO_EXECUTE;
    LARGE_INTEGER size = {.QuadPart = (LONGLONG)length};
    HANDLE handle = NULL;
    ULONG attributes = protect & kinds & ~0xffu;
    ACCESS_MASK access = STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ;
    protect &= 0xff;
    if (protect == PAGE_READWRITE || protect == PAGE_EXECUTE_READWRITE)
        access |= SECTION_MAP_WRITE;
    if (protect & 0xf0)
        access |= SECTION_MAP_EXECUTE;
    if (file == INVALID_HANDLE_VALUE)
        file = NULL;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    if (file || length)
        status = NtCreateSection(&handle, access, &request->attributes, length ? &size : NULL, protect,
                                 attributes ? attributes : SEC_COMMIT, file);
    handle = object_request_done(request, status, handle);
    if (status == STATUS_MAPPED_FILE_SIZE_ZERO)
        RtlSetLastWin32Error(ERROR_FILE_INVALID);
    return handle;
}

HANDLE WINAPI CreateFileMappingW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD high, DWORD low,
                                 LPCWSTR name)
{
    struct object_request request;
    if (!object_request_wide(&request, security, name))
        return NULL;
    return mapping_create(&request, file, protect, (uint64_t)high << 32 | low);
}

HANDLE WINAPI CreateFileMappingA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD high, DWORD low,
                                 LPCSTR name)
{
    struct object_request request;
    if (!object_request_ansi(&request, security, name))
        return NULL;
    return mapping_create(&request, file, protect, (uint64_t)high << 32 | low);
}

HANDLE WINAPI CreateFileMappingFromApp(HANDLE file, PSECURITY_ATTRIBUTES security, ULONG protect, ULONG64 size,
                                       PCWSTR name)
{
    return CreateFileMappingW(file, security, protect, (DWORD)(size >> 32), (DWORD)size, name);
}

HANDLE WINAPI CreateFileMapping2(HANDLE file, SECURITY_ATTRIBUTES *security, ULONG access, ULONG protect,
                                 ULONG attributes, ULONG64 size, PCWSTR name, MEM_EXTENDED_PARAMETER *parameters,
                                 ULONG count)
{
    (void)access;
    (void)parameters;
    (void)count;
    return CreateFileMappingW(file, security, protect | attributes, (DWORD)(size >> 32), (DWORD)size, name);
}

/* Nodes are a wish, as in all the Numa functions. */
HANDLE WINAPI CreateFileMappingNumaW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD high, DWORD low,
                                     LPCWSTR name, DWORD node)
{
    (void)node;
    return CreateFileMappingW(file, security, protect, high, low, name);
}

HANDLE WINAPI CreateFileMappingNumaA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD high, DWORD low,
                                     LPCSTR name, DWORD node)
{
    (void)node;
    return CreateFileMappingA(file, security, protect, high, low, name);
}

static ACCESS_MASK section_access(DWORD access)
{
    ACCESS_MASK wanted = access & (SECTION_QUERY | SECTION_MAP_READ | SECTION_MAP_WRITE);
    if (access & FILE_MAP_EXECUTE)
        wanted |= SECTION_MAP_EXECUTE;
    if ((access & FILE_MAP_ALL_ACCESS) == FILE_MAP_ALL_ACCESS)
        wanted = SECTION_ALL_ACCESS;
    if (access & FILE_MAP_COPY)
        wanted |= SECTION_MAP_READ;
    return wanted;
}

HANDLE WINAPI OpenFileMappingW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_request request;
    HANDLE handle = NULL;
    if (!object_request_open_wide(&request, inherit, name))
        return NULL;
    NTSTATUS status = NtOpenSection(&handle, section_access(access), &request.attributes);
    return object_request_done(&request, status, handle);
}

HANDLE WINAPI OpenFileMappingA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object_request request;
    HANDLE handle = NULL;
    if (!object_request_open_ansi(&request, inherit, name))
        return NULL;
    NTSTATUS status = NtOpenSection(&handle, section_access(access), &request.attributes);
    return object_request_done(&request, status, handle);
}

static ULONG view_protect(DWORD access)
{
    bool execute = access & FILE_MAP_EXECUTE, all = (access & FILE_MAP_ALL_ACCESS) == FILE_MAP_ALL_ACCESS;
    if ((access & FILE_MAP_COPY) && !all && !(access & FILE_MAP_WRITE))
        return execute ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
    if (access & FILE_MAP_WRITE)
        return execute ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    return execute ? PAGE_EXECUTE_READ : PAGE_READONLY;
}

LPVOID WINAPI MapViewOfFileEx(HANDLE mapping, DWORD access, DWORD high, DWORD low, SIZE_T size, LPVOID address)
{
    LARGE_INTEGER offset = {.LowPart = low, .HighPart = (LONG)high};
    PVOID base = address;
    NTSTATUS status = NtMapViewOfSection(mapping, NtCurrentProcess(), &base, 0, 0, &offset, &size, ViewShare, 0,
                                         view_protect(access));
    if (status == STATUS_SECTION_PROTECTION || status == STATUS_INVALID_VIEW_SIZE)
        status = STATUS_ACCESS_DENIED;
    return status_to_bool(status) ? base : NULL;
}

LPVOID WINAPI MapViewOfFileExNuma(HANDLE mapping, DWORD access, DWORD high, DWORD low, SIZE_T size, LPVOID address,
                                  DWORD node)
{
    (void)node;
    return MapViewOfFileEx(mapping, access, high, low, size, address);
}

LPVOID WINAPI MapViewOfFile(HANDLE mapping, DWORD access, DWORD high, DWORD low, SIZE_T size)
{
    return MapViewOfFileEx(mapping, access, high, low, size, NULL);
}

PVOID WINAPI MapViewOfFileFromApp(HANDLE mapping, ULONG access, ULONG64 offset, SIZE_T size)
{
    return MapViewOfFileEx(mapping, access, (DWORD)(offset >> 32), (DWORD)offset, size, NULL);
}

PVOID WINAPI MapViewOfFile3(HANDLE mapping, HANDLE process, PVOID address, ULONG64 offset, SIZE_T size,
                            ULONG allocation, ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    LARGE_INTEGER where = {.QuadPart = (LONGLONG)offset};
    PVOID base = address;
    NTSTATUS status = NtMapViewOfSectionEx(mapping, process ? process : NtCurrentProcess(), &base, &where, &size,
                                           allocation, protect, parameters, count);
    return status_to_bool(status) ? base : NULL;
}

BOOL WINAPI UnmapViewOfFile(LPCVOID base)
{
    NTSTATUS status = NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)base);
    if (status == STATUS_NOT_MAPPED_VIEW) {
        RtlSetLastWin32Error(ERROR_INVALID_ADDRESS);
        return FALSE;
    }
    return status_to_bool(status);
}

BOOL WINAPI UnmapViewOfFileEx(PVOID base, ULONG flags)
{
    return status_to_bool(NtUnmapViewOfSectionEx(NtCurrentProcess(), base, flags));
}

BOOL WINAPI UnmapViewOfFile2(HANDLE process, PVOID base, ULONG flags)
{
    return status_to_bool(NtUnmapViewOfSectionEx(process ? process : NtCurrentProcess(), base, flags));
}

BOOL WINAPI FlushViewOfFile(LPCVOID base, SIZE_T size)
{
    PVOID address = (PVOID)base;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtFlushVirtualMemory(NtCurrentProcess(), &address, &size, &io);
    if (status == STATUS_NOT_MAPPED_VIEW) {
        RtlSetLastWin32Error(ERROR_INVALID_ADDRESS);
        return FALSE;
    }
    return status_to_bool(status);
}
