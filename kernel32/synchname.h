/*
 * synchname.h: names, attributes and results of the kernel objects that kernel32 creates.
 */
#ifndef KERNEL32_SYNCHNAME_H
#define KERNEL32_SYNCHNAME_H

#include "win.h"

struct object_request {
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    UNICODE_STRING owned; /* what `name` is (the end of), converted from ANSI; freed at the end */
};

/* Fills in the request.  False (and the last error): the name can not be used.  name NULL: an unnamed object. */
bool object_request_wide(struct object_request *request, const SECURITY_ATTRIBUTES *security, LPCWSTR name);
bool object_request_ansi(struct object_request *request, const SECURITY_ATTRIBUTES *security, LPCSTR name);

/* The same for an Open... function: name NULL is an error. */
bool object_request_open_wide(struct object_request *request, BOOL inherit, LPCWSTR name);
bool object_request_open_ansi(struct object_request *request, BOOL inherit, LPCSTR name);

/* The handle for the caller, with the last error as Create... and Open... set it; frees the name. */
HANDLE object_request_done(struct object_request *request, NTSTATUS status, HANDLE handle);

/* namespaceapi.c: the private namespace that the name begins with the prefix of, which is taken off; NULL: none. */
HANDLE namespace_of_name(UNICODE_STRING *name);

/* Milliseconds to what the Nt functions take: NULL for INFINITE. */
static inline PLARGE_INTEGER timeout_from_milliseconds(LARGE_INTEGER *storage, DWORD milliseconds)
{
    if (milliseconds == INFINITE)
        return NULL;
    storage->QuadPart = -(LONGLONG)milliseconds * 10000;
    return storage;
}

#endif
