/*
 * registry_transacted.c: keys opened, created and deleted in transactions: RegOpenKeyTransacted and its like.
 *
 * Layer: advapi32, over NtOpenKeyTransacted.  Below HKEY_CLASSES_ROOT the key is the user's if it is there, else the
 * machine's, and is not merged.
 */
#include <string.h>
#include "ntdll/transaction.h"
#include "registry.h"

/* The keys to begin from, in the order in which they are tried. */
struct start {
    struct reg_pair pair;
    HANDLE at[2];
    int count;
};

static LSTATUS start_from(HKEY key, struct start *start)
{
    HANDLE handle;
    bool merged;
    *start = (struct start){0};
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (!error && merged)
        error = reg_pair_open(handle, KEY_READ, &start->pair);
    if (error)
        return error;
    if (start->pair.user)
        start->at[start->count++] = start->pair.user;
    if (start->pair.machine)
        start->at[start->count++] = start->pair.machine;
    if (!merged)
        start->at[start->count++] = handle;
    return ERROR_SUCCESS;
}

static NTSTATUS open_first(const struct start *start, const WCHAR *name, DWORD options, REGSAM access,
                           HANDLE transaction, HANDLE *made)
{
    UNICODE_STRING string;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, name);
    for (int i = 0; !status && i < start->count; i++) {
        OBJECT_ATTRIBUTES attributes = key_attributes(start->at[i], &string);
        NTSTATUS tried = NtOpenKeyTransactedEx(made, access, &attributes, options & REG_OPTION_OPEN_LINK, transaction);
        if (tried != STATUS_OBJECT_NAME_NOT_FOUND || i == start->count - 1)
            return tried;
    }
    return status;
}

LSTATUS WINAPI RegOpenKeyTransactedW(HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY result,
                                     HANDLE transaction, PVOID extended)
{
    struct start start;
    HANDLE made;
    if (!result || extended)
        return ERROR_INVALID_PARAMETER;
    *result = NULL;
    LSTATUS error = start_from(key, &start);
    if (error)
        return error;
    NTSTATUS status = open_first(&start, name, options, access, transaction, &made);
    reg_pair_close(&start.pair);
    if (!status)
        *result = made;
    return reg_error(status);
}

struct creation {
    HANDLE root, transaction;
    WCHAR *class;
    ULONG options;
    ACCESS_MASK access;
    const SECURITY_ATTRIBUTES *security;
};

static NTSTATUS create_one(const struct creation *c, const WCHAR *name, size_t length, HANDLE *handle, ULONG *made)
{
    UNICODE_STRING class, string = {(USHORT)(length * sizeof *name), (USHORT)(length * sizeof *name), (WCHAR *)name};
    OBJECT_ATTRIBUTES attributes = key_attributes(c->root, &string);
    if (c->security) {
        attributes.SecurityDescriptor = c->security->lpSecurityDescriptor;
        attributes.Attributes |= c->security->bInheritHandle ? OBJ_INHERIT : 0;
    }
    RtlInitUnicodeString(&class, c->class);
    return NtCreateKeyTransacted(handle, c->access, &attributes, 0, &class, c->options, c->transaction, made);
}

/* Each missing key of the way is made. */
static NTSTATUS create_path(const struct creation *c, const WCHAR *name, HANDLE *handle, ULONG *made)
{
    UNICODE_STRING whole;
    NTSTATUS status = RtlInitUnicodeStringEx(&whole, name);
    if (status)
        return status;
    size_t length = whole.Length / sizeof(WCHAR);
    status = create_one(c, name, length, handle, made);
    while (length && name[length - 1] == '\\')
        length--;
    struct creation way = {
        c->root, c->transaction, NULL, c->options & REG_OPTION_VOLATILE, (c->access & VIEW_FLAGS) | KEY_CREATE_SUB_KEY,
        NULL};
    if (status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    for (size_t i = 1; i < length; i++) {
        HANDLE between;
        if (name[i] != '\\' || name[i - 1] == '\\')
            continue;
        status = create_one(&way, name, i, &between, NULL);
        if (status)
            return status;
        NtClose(between);
    }
    return create_one(c, name, length, handle, made);
}

LSTATUS WINAPI RegCreateKeyTransactedW(HKEY key, LPCWSTR name, DWORD reserved, LPWSTR class, DWORD options,
                                       REGSAM access, const LPSECURITY_ATTRIBUTES security, PHKEY result,
                                       LPDWORD disposition, HANDLE transaction, PVOID extended)
{
    struct start start;
    HANDLE made;
    ULONG done = REG_OPENED_EXISTING_KEY;
    if (!name)
        return ERROR_BADKEY;
    if (reserved || !result || extended || options & ~(DWORD)REG_LEGAL_OPTION)
        return ERROR_INVALID_PARAMETER;
    *result = NULL;
    LSTATUS error = start_from(key, &start);
    if (error)
        return error;
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (start.count > 1)
        status = open_first(&start, name, options, access, transaction, &made);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND) {
        const struct creation c = {start.at[start.count - 1], transaction, class, options, access, security};
        status = create_path(&c, name, &made, &done);
    }
    reg_pair_close(&start.pair);
    if (status)
        return reg_error(status);
    *result = made;
    if (disposition)
        *disposition = done;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegDeleteKeyTransactedW(HKEY key, LPCWSTR name, REGSAM view, DWORD reserved, HANDLE transaction,
                                       PVOID extended)
{
    HKEY opened;
    if (!name || reserved || extended)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = RegOpenKeyTransactedW(key, name, REG_OPTION_OPEN_LINK, DELETE | (view & VIEW_FLAGS), &opened,
                                          transaction, NULL);
    if (error)
        return error;
    error = reg_error(NtDeleteKey(opened));
    NtClose(opened);
    return error;
}

/* ---- ANSI ---- */

static WCHAR *widen(LPCSTR text, bool *failed)
{
    ULONG length;
    WCHAR *wide = text ? reg_widen(text, (ULONG)strlen(text), &length) : NULL;
    *failed |= text && !wide;
    return wide;
}

LSTATUS WINAPI RegOpenKeyTransactedA(HKEY key, LPCSTR name, DWORD options, REGSAM access, PHKEY result,
                                     HANDLE transaction, PVOID extended)
{
    bool failed = false;
    WCHAR *wide = widen(name, &failed);
    LSTATUS error =
        failed ? ERROR_OUTOFMEMORY : RegOpenKeyTransactedW(key, wide, options, access, result, transaction, extended);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegCreateKeyTransactedA(HKEY key, LPCSTR name, DWORD reserved, LPSTR class, DWORD options, REGSAM access,
                                       const LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition,
                                       HANDLE transaction, PVOID extended)
{
    bool failed = false;
    WCHAR *wide = widen(name, &failed), *wide_class = widen(class, &failed);
    LSTATUS error = failed ? ERROR_OUTOFMEMORY
                           : RegCreateKeyTransactedW(key, wide, reserved, wide_class, options, access, security, result,
                                                     disposition, transaction, extended);
    reg_free(wide);
    reg_free(wide_class);
    return error;
}

LSTATUS WINAPI RegDeleteKeyTransactedA(HKEY key, LPCSTR name, REGSAM view, DWORD reserved, HANDLE transaction,
                                       PVOID extended)
{
    bool failed = false;
    WCHAR *wide = widen(name, &failed);
    LSTATUS error =
        failed ? ERROR_OUTOFMEMORY : RegDeleteKeyTransactedW(key, wide, view, reserved, transaction, extended);
    reg_free(wide);
    return error;
}
