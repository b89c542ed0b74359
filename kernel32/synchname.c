/*
 * synchname.c: names, attributes and results of the kernel objects that kernel32 creates.  On top of Nt* and Rtl*.
 */
#include <stdatomic.h>
#include "ntdll/error.h"
#include "synchname.h"

/* The directory that relative names stand in; opened with the first name, kept for good. */
static HANDLE named_objects(void)
{
    static _Atomic(HANDLE) directory;
    HANDLE handle = atomic_load(&directory), none = NULL;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    if (handle)
        return handle;
    RtlInitUnicodeString(&name, u"\\Sessions\\1\\BaseNamedObjects");
    InitializeObjectAttributes(&attributes, &name, 0, NULL, NULL);
    if (NtOpenDirectoryObject(&handle, DIRECTORY_TRAVERSE | DIRECTORY_CREATE_OBJECT, &attributes))
        return NULL;
    if (atomic_compare_exchange_strong(&directory, &none, handle))
        return handle;
    NtClose(handle);
    return none;
}

static void request_init(struct object_request *request, const SECURITY_ATTRIBUTES *security)
{
    ULONG flags = OBJ_OPENIF | (security && security->bInheritHandle ? OBJ_INHERIT : 0);
    RtlInitUnicodeString(&request->owned, NULL);
    InitializeObjectAttributes(&request->attributes, NULL, flags, NULL,
                               security ? security->lpSecurityDescriptor : NULL);
}

static void request_name(struct object_request *request)
{
    if (request->name.Length) {
        request->attributes.ObjectName = &request->name;
        HANDLE directory = namespace_of_name(&request->name);
        request->attributes.RootDirectory = directory ? directory : named_objects();
    }
}

bool object_request_wide(struct object_request *request, const SECURITY_ATTRIBUTES *security, LPCWSTR name)
{
    request_init(request, security);
    if (name) {
        RtlInitUnicodeString(&request->name, name);
        request_name(request);
    }
    return true;
}

bool object_request_ansi(struct object_request *request, const SECURITY_ATTRIBUTES *security, LPCSTR name)
{
    ANSI_STRING ansi;
    request_init(request, security);
    if (name) {
        RtlInitAnsiString(&ansi, name);
        if (!status_to_bool(RtlAnsiStringToUnicodeString(&request->owned, &ansi, TRUE)))
            return false;
        request->name = request->owned;
        request_name(request);
    }
    return true;
}

/* Windows fails with ERROR_INVALID_PARAMETER for no name and ERROR_INVALID_NAME for an empty one. */
static bool request_openable(struct object_request *request, BOOL inherit, bool named)
{
    request->attributes.Attributes = inherit ? OBJ_INHERIT : 0;
    if (named && request->attributes.ObjectName)
        return true;
    object_request_done(request, named ? STATUS_OBJECT_NAME_INVALID : STATUS_INVALID_PARAMETER, NULL);
    return false;
}

bool object_request_open_wide(struct object_request *request, BOOL inherit, LPCWSTR name)
{
    return object_request_wide(request, NULL, name) && request_openable(request, inherit, name != NULL);
}

bool object_request_open_ansi(struct object_request *request, BOOL inherit, LPCSTR name)
{
    return object_request_ansi(request, NULL, name) && request_openable(request, inherit, name != NULL);
}

HANDLE object_request_done(struct object_request *request, NTSTATUS status, HANDLE handle)
{
    RtlFreeUnicodeString(&request->owned);
    if (!status_to_bool(status))
        return NULL;
    SetLastError(status == STATUS_OBJECT_NAME_EXISTS ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle;
}
