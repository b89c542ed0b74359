/*
 * namespaceapi.c: boundary descriptors and private namespaces, which a program knows by a prefix of its choice.
 * On top of Nt*PrivateNamespace; synchname.c asks here for prefixes.
 */
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/peb.h"
#include "ntdll/private_namespace.h"
#include "synchname.h"

struct alias {
    struct alias *next;
    HANDLE directory;
    UNICODE_STRING prefix; /* its text follows the structure */
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct alias *aliases;

/* Under the lock. */
static struct alias *alias_find(const UNICODE_STRING *prefix)
{
    struct alias *alias = aliases;
    while (alias && !RtlEqualUnicodeString(&alias->prefix, prefix, FALSE))
        alias = alias->next;
    return alias;
}

HANDLE namespace_of_name(UNICODE_STRING *name)
{
    UNICODE_STRING prefix = {0, 0, name->Buffer};
    HANDLE directory = NULL;
    if (!__atomic_load_n(&aliases, __ATOMIC_ACQUIRE))
        return NULL;
    while (prefix.Length < name->Length && name->Buffer[prefix.Length / sizeof(WCHAR)] != '\\')
        prefix.Length += sizeof(WCHAR);
    if (prefix.Length == name->Length)
        return NULL;
    RtlAcquireSRWLockShared(&lock);
    struct alias *alias = alias_find(&prefix);
    if (alias) {
        USHORT skipped = prefix.Length + sizeof(WCHAR);
        directory = alias->directory;
        *name =
            (UNICODE_STRING){name->Length - skipped, name->Length - skipped, name->Buffer + skipped / sizeof(WCHAR)};
    }
    RtlReleaseSRWLockShared(&lock);
    return directory;
}

static NTSTATUS alias_add(const UNICODE_STRING *prefix, HANDLE directory)
{
    struct alias *alias = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *alias + prefix->Length);
    if (!alias)
        return STATUS_NO_MEMORY;
    alias->directory = directory;
    alias->prefix = (UNICODE_STRING){prefix->Length, prefix->Length, (WCHAR *)(alias + 1)};
    memcpy(alias + 1, prefix->Buffer, prefix->Length);
    RtlAcquireSRWLockExclusive(&lock);
    bool taken = alias_find(prefix) != NULL;
    if (!taken) {
        alias->next = aliases;
        __atomic_store_n(&aliases, alias, __ATOMIC_RELEASE);
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (taken)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, alias);
    return taken ? STATUS_DUPLICATE_NAME : STATUS_SUCCESS;
}

static struct alias *alias_remove(HANDLE directory)
{
    RtlAcquireSRWLockExclusive(&lock);
    struct alias **link = &aliases;
    while (*link && (*link)->directory != directory)
        link = &(*link)->next;
    struct alias *alias = *link;
    if (alias)
        __atomic_store_n(link, alias->next, __ATOMIC_RELEASE);
    RtlReleaseSRWLockExclusive(&lock);
    return alias;
}

typedef NTSTATUS(NTAPI *namespace_function)(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, PVOID);

static HANDLE namespace_get(namespace_function function, LPSECURITY_ATTRIBUTES security, LPVOID boundary,
                            const UNICODE_STRING *prefix)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle = NULL;
    InitializeObjectAttributes(&attributes, NULL, security && security->bInheritHandle ? OBJ_INHERIT : 0, NULL,
                               security ? security->lpSecurityDescriptor : NULL);
    if (!prefix->Length || !boundary) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlAcquireSRWLockShared(&lock);
    bool taken = alias_find(prefix) != NULL;
    RtlReleaseSRWLockShared(&lock);
    NTSTATUS status = STATUS_DUPLICATE_NAME;
    if (!taken)
        status = function(&handle, DIRECTORY_ALL_ACCESS, &attributes, boundary);
    if (!status && (status = alias_add(prefix, handle))) {
        NtClose(handle);
        handle = NULL;
    }
    return status_to_bool(status) ? handle : NULL;
}

HANDLE WINAPI CreatePrivateNamespaceW(LPSECURITY_ATTRIBUTES security, LPVOID boundary, LPCWSTR prefix)
{
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, prefix);
    return namespace_get(NtCreatePrivateNamespace, security, boundary, &text);
}

HANDLE WINAPI OpenPrivateNamespaceW(LPVOID boundary, LPCWSTR prefix)
{
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, prefix);
    return namespace_get(NtOpenPrivateNamespace, NULL, boundary, &text);
}

static bool to_wide(UNICODE_STRING *wide, LPCSTR text)
{
    ANSI_STRING ansi;
    RtlInitAnsiString(&ansi, text);
    return status_to_bool(RtlAnsiStringToUnicodeString(wide, &ansi, TRUE));
}

HANDLE WINAPI CreatePrivateNamespaceA(LPSECURITY_ATTRIBUTES security, LPVOID boundary, LPCSTR prefix)
{
    UNICODE_STRING wide;
    if (!to_wide(&wide, prefix))
        return NULL;
    HANDLE handle = namespace_get(NtCreatePrivateNamespace, security, boundary, &wide);
    RtlFreeUnicodeString(&wide);
    return handle;
}

HANDLE WINAPI OpenPrivateNamespaceA(LPVOID boundary, LPCSTR prefix)
{
    UNICODE_STRING wide;
    if (!to_wide(&wide, prefix))
        return NULL;
    HANDLE handle = namespace_get(NtOpenPrivateNamespace, NULL, boundary, &wide);
    RtlFreeUnicodeString(&wide);
    return handle;
}

BOOLEAN WINAPI ClosePrivateNamespace(HANDLE handle, ULONG flags)
{
    if (flags & ~(ULONG)PRIVATE_NAMESPACE_FLAG_DESTROY)
        return (BOOLEAN)status_to_bool(STATUS_INVALID_PARAMETER);
    struct alias *alias = alias_remove(handle);
    if (!alias)
        return (BOOLEAN)status_to_bool(STATUS_INVALID_HANDLE);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, alias);
    NTSTATUS status = flags & PRIVATE_NAMESPACE_FLAG_DESTROY ? NtDeletePrivateNamespace(handle) : STATUS_SUCCESS;
    NTSTATUS closed = NtClose(handle);
    return (BOOLEAN)status_to_bool(status ? status : closed);
}

static HANDLE boundary_create(UNICODE_STRING *name, ULONG flags)
{
    HANDLE boundary = RtlCreateBoundaryDescriptor(name, flags);
    if (!boundary)
        SetLastError(ERROR_INVALID_PARAMETER);
    return boundary;
}

HANDLE WINAPI CreateBoundaryDescriptorW(LPCWSTR name, ULONG flags)
{
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, name);
    return boundary_create(&text, flags);
}

HANDLE WINAPI CreateBoundaryDescriptorA(LPCSTR name, ULONG flags)
{
    UNICODE_STRING wide;
    if (!to_wide(&wide, name))
        return NULL;
    HANDLE boundary = boundary_create(&wide, flags);
    RtlFreeUnicodeString(&wide);
    return boundary;
}

BOOL WINAPI AddSIDToBoundaryDescriptor(HANDLE *boundary, PSID sid)
{
    return status_to_bool(RtlAddSIDToBoundaryDescriptor(boundary, sid));
}

BOOL WINAPI AddIntegrityLabelToBoundaryDescriptor(HANDLE *boundary, PSID label)
{
    return status_to_bool(RtlAddIntegrityLabelToBoundaryDescriptor(boundary, label));
}
