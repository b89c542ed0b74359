/*
 * ktmw32.c: transactions as programs make them: CreateTransaction and its like.
 *
 * Layer: Win32, over ntdll/transaction.c.
 */
#include <ktmw32.h>
#include <string.h>
#include "ntdll/error.h"
#include "ntdll/transaction.h"

#define DESCRIPTION_MAX 64

/* Milliseconds, 0 and INFINITE: never; to a relative time. */
static LARGE_INTEGER relative(DWORD timeout)
{
    return (LARGE_INTEGER){.QuadPart = timeout == INFINITE ? 0 : timeout * -10000ll};
}

HANDLE WINAPI CreateTransaction(LPSECURITY_ATTRIBUTES security, LPGUID id, DWORD options, DWORD isolation_level,
                                DWORD isolation_flags, DWORD timeout, LPWSTR description)
{
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    LARGE_INTEGER time = relative(timeout);
    UNICODE_STRING text;
    HANDLE handle;
    if (security) {
        attributes.Attributes = security->bInheritHandle ? OBJ_INHERIT : 0;
        attributes.SecurityDescriptor = security->lpSecurityDescriptor;
    }
    NTSTATUS status = RtlInitUnicodeStringEx(&text, description);
    if (!status)
        status = NtCreateTransaction(&handle, TRANSACTION_ALL_ACCESS, &attributes, id, NULL, options, isolation_level,
                                     isolation_flags, time.QuadPart ? &time : NULL, description ? &text : NULL);
    return status_to_bool(status) ? handle : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI OpenTransaction(DWORD access, LPGUID id)
{
    HANDLE handle;
    return status_to_bool(NtOpenTransaction(&handle, access, NULL, id, NULL)) ? handle : INVALID_HANDLE_VALUE;
}

WINBOOL WINAPI CommitTransaction(HANDLE transaction)
{
    return status_to_bool(NtCommitTransaction(transaction, TRUE));
}

WINBOOL WINAPI CommitTransactionAsync(HANDLE transaction)
{
    return status_to_bool(NtCommitTransaction(transaction, FALSE));
}

WINBOOL WINAPI RollbackTransaction(HANDLE transaction)
{
    return status_to_bool(NtRollbackTransaction(transaction, TRUE));
}

WINBOOL WINAPI RollbackTransactionAsync(HANDLE transaction)
{
    return status_to_bool(NtRollbackTransaction(transaction, FALSE));
}

WINBOOL WINAPI GetTransactionId(HANDLE transaction, LPGUID id)
{
    TRANSACTION_BASIC_INFORMATION basic;
    if (!status_to_bool(
            NtQueryInformationTransaction(transaction, TransactionBasicInformation, &basic, sizeof basic, NULL)))
        return FALSE;
    *id = basic.TransactionId;
    return TRUE;
}

#define TEXT_AT offsetof(TRANSACTION_PROPERTIES_INFORMATION, Description)

union properties {
    TRANSACTION_PROPERTIES_INFORMATION fixed;
    BYTE bytes[TEXT_AT + DESCRIPTION_MAX * sizeof(WCHAR)];
};

/* length: of the buffer, in bytes; each pointer may be NULL. */
WINBOOL WINAPI GetTransactionInformation(HANDLE transaction, PDWORD outcome, PDWORD isolation_level,
                                         PDWORD isolation_flags, PDWORD timeout, DWORD length, LPWSTR description)
{
    union properties p;
    if (!status_to_bool(
            NtQueryInformationTransaction(transaction, TransactionPropertiesInformation, &p, sizeof p, NULL)))
        return FALSE;
    if (outcome)
        *outcome = p.fixed.Outcome;
    if (isolation_level)
        *isolation_level = p.fixed.IsolationLevel;
    if (isolation_flags)
        *isolation_flags = p.fixed.IsolationFlags;
    if (timeout)
        *timeout = (DWORD)(p.fixed.Timeout.QuadPart / -10000);
    if (!description)
        return TRUE;
    if (length < p.fixed.DescriptionLength + sizeof(WCHAR)) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memcpy(description, p.bytes + TEXT_AT, p.fixed.DescriptionLength);
    description[p.fixed.DescriptionLength / sizeof(WCHAR)] = 0;
    return TRUE;
}

WINBOOL WINAPI SetTransactionInformation(HANDLE transaction, DWORD isolation_level, DWORD isolation_flags,
                                         DWORD timeout, LPWSTR description)
{
    union properties p = {
        .fixed = {.IsolationLevel = isolation_level, .IsolationFlags = isolation_flags, .Timeout = relative(timeout)}};
    size_t length = 0;
    while (description && description[length])
        if (++length > DESCRIPTION_MAX) {
            SetLastError(ERROR_INVALID_PARAMETER);
            return FALSE;
        }
    memcpy(p.bytes + TEXT_AT, description, length * sizeof(WCHAR));
    p.fixed.DescriptionLength = (ULONG)(length * sizeof(WCHAR));
    return status_to_bool(NtSetInformationTransaction(transaction, TransactionPropertiesInformation, &p, sizeof p));
}
