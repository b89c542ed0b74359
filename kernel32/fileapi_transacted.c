/*
 * fileapi_transacted.c: files in transactions (TxF), which no volume of winrun's has: all are refused, as Windows
 * refuses them on volumes whose resource manager is not running.
 *
 * Layer: Win32.  Programs are asked to be ready for it: NTFS is the only file system that has them, Microsoft advises
 * against them, and FILE_SUPPORTS_TRANSACTIONS tells.
 */
#include "ntdll/error.h"
#include "ntdll/transaction.h"
#include "win.h"

/* \\server\share, \\?\UNC\server\share */
static bool is_remote(const WCHAR *name)
{
    RTL_PATH_TYPE type = RtlDetermineDosPathNameType_U(name);
    bool literal = type == RtlPathTypeLocalDevice && name[2] == '?';
    return type == RtlPathTypeUncAbsolute ||
           (literal && (name[4] & ~0x20) == 'U' && (name[5] & ~0x20) == 'N' && (name[6] & ~0x20) == 'C');
}

/* The last error is why. */
static void refuse(const WCHAR *name, HANDLE transaction)
{
    TRANSACTION_BASIC_INFORMATION basic;
    NTSTATUS status =
        NtQueryInformationTransaction(transaction, TransactionBasicInformation, &basic, sizeof basic, NULL);
    if (!status && basic.Outcome != TransactionOutcomeUndetermined)
        status = STATUS_TRANSACTION_NOT_ACTIVE;
    if (!status && !name)
        status = STATUS_INVALID_PARAMETER;
    if (!status)
        status = is_remote(name) ? STATUS_TRANSACTIONS_UNSUPPORTED_REMOTE : STATUS_RM_NOT_ACTIVE;
    status_to_bool(status);
}

/* Only the beginning of a name matters, which is ASCII if it does. */
static void refuse_a(const char *name, HANDLE transaction)
{
    WCHAR start[8] = {0};
    for (int i = 0; name && i < 7 && name[i]; i++)
        start[i] = (BYTE)name[i];
    refuse(name ? start : NULL, transaction);
}

/* A matter of text alone. */
DWORD WINAPI GetFullPathNameTransactedW(LPCWSTR name, DWORD length, LPWSTR out, LPWSTR *part, HANDLE transaction)
{
    (void)transaction;
    return GetFullPathNameW(name, length, out, part);
}

DWORD WINAPI GetFullPathNameTransactedA(LPCSTR name, DWORD length, LPSTR out, LPSTR *part, HANDLE transaction)
{
    (void)transaction;
    return GetFullPathNameA(name, length, out, part);
}

WINBOOL WINAPI CopyFileTransactedA(LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, LPBOOL cancel,
                                   DWORD flags, HANDLE transaction)
{
    (void)to, (void)progress, (void)data, (void)cancel, (void)flags;
    refuse_a(from, transaction);
    return FALSE;
}

WINBOOL WINAPI CopyFileTransactedW(LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, LPBOOL cancel,
                                   DWORD flags, HANDLE transaction)
{
    (void)to, (void)progress, (void)data, (void)cancel, (void)flags;
    refuse(from, transaction);
    return FALSE;
}

WINBOOL WINAPI CreateDirectoryTransactedA(LPCSTR model, LPCSTR name, LPSECURITY_ATTRIBUTES security, HANDLE transaction)
{
    (void)model, (void)security;
    refuse_a(name, transaction);
    return FALSE;
}

WINBOOL WINAPI CreateDirectoryTransactedW(LPCWSTR model, LPCWSTR name, LPSECURITY_ATTRIBUTES security,
                                          HANDLE transaction)
{
    (void)model, (void)security;
    refuse(name, transaction);
    return FALSE;
}

HANDLE WINAPI CreateFileTransactedA(LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                                    DWORD disposition, DWORD flags, HANDLE model, HANDLE transaction, PUSHORT version,
                                    PVOID extended)
{
    (void)access, (void)share, (void)security, (void)disposition, (void)flags, (void)model, (void)version,
        (void)extended;
    refuse_a(name, transaction);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateFileTransactedW(LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                                    DWORD disposition, DWORD flags, HANDLE model, HANDLE transaction, PUSHORT version,
                                    PVOID extended)
{
    (void)access, (void)share, (void)security, (void)disposition, (void)flags, (void)model, (void)version,
        (void)extended;
    refuse(name, transaction);
    return INVALID_HANDLE_VALUE;
}

WINBOOL WINAPI CreateHardLinkTransactedA(LPCSTR link, LPCSTR name, LPSECURITY_ATTRIBUTES security, HANDLE transaction)
{
    (void)name, (void)security;
    refuse_a(link, transaction);
    return FALSE;
}

WINBOOL WINAPI CreateHardLinkTransactedW(LPCWSTR link, LPCWSTR name, LPSECURITY_ATTRIBUTES security, HANDLE transaction)
{
    (void)name, (void)security;
    refuse(link, transaction);
    return FALSE;
}

BOOLEAN WINAPI CreateSymbolicLinkTransactedA(LPCSTR link, LPCSTR target, DWORD flags, HANDLE transaction)
{
    (void)target, (void)flags;
    refuse_a(link, transaction);
    return FALSE;
}

BOOLEAN WINAPI CreateSymbolicLinkTransactedW(LPCWSTR link, LPCWSTR target, DWORD flags, HANDLE transaction)
{
    (void)target, (void)flags;
    refuse(link, transaction);
    return FALSE;
}

WINBOOL WINAPI DeleteFileTransactedA(LPCSTR name, HANDLE transaction)
{
    refuse_a(name, transaction);
    return FALSE;
}

WINBOOL WINAPI DeleteFileTransactedW(LPCWSTR name, HANDLE transaction)
{
    refuse(name, transaction);
    return FALSE;
}

HANDLE WINAPI FindFirstFileNameTransactedW(LPCWSTR name, DWORD flags, LPDWORD length, PWSTR link, HANDLE transaction)
{
    (void)flags, (void)length, (void)link;
    refuse(name, transaction);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstFileTransactedA(LPCSTR name, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS search,
                                       LPVOID filter, DWORD flags, HANDLE transaction)
{
    (void)level, (void)data, (void)search, (void)filter, (void)flags;
    refuse_a(name, transaction);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstFileTransactedW(LPCWSTR name, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS search,
                                       LPVOID filter, DWORD flags, HANDLE transaction)
{
    (void)level, (void)data, (void)search, (void)filter, (void)flags;
    refuse(name, transaction);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstStreamTransactedW(LPCWSTR name, STREAM_INFO_LEVELS level, LPVOID data, DWORD flags,
                                         HANDLE transaction)
{
    (void)level, (void)data, (void)flags;
    refuse(name, transaction);
    return INVALID_HANDLE_VALUE;
}

DWORD WINAPI GetCompressedFileSizeTransactedA(LPCSTR name, LPDWORD high, HANDLE transaction)
{
    (void)high;
    refuse_a(name, transaction);
    return INVALID_FILE_SIZE;
}

DWORD WINAPI GetCompressedFileSizeTransactedW(LPCWSTR name, LPDWORD high, HANDLE transaction)
{
    (void)high;
    refuse(name, transaction);
    return INVALID_FILE_SIZE;
}

WINBOOL WINAPI GetFileAttributesTransactedA(LPCSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID data, HANDLE transaction)
{
    (void)level, (void)data;
    refuse_a(name, transaction);
    return FALSE;
}

WINBOOL WINAPI GetFileAttributesTransactedW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID data, HANDLE transaction)
{
    (void)level, (void)data;
    refuse(name, transaction);
    return FALSE;
}

DWORD WINAPI GetLongPathNameTransactedA(LPCSTR name, LPSTR out, DWORD length, HANDLE transaction)
{
    (void)out, (void)length;
    refuse_a(name, transaction);
    return 0;
}

DWORD WINAPI GetLongPathNameTransactedW(LPCWSTR name, LPWSTR out, DWORD length, HANDLE transaction)
{
    (void)out, (void)length;
    refuse(name, transaction);
    return 0;
}

WINBOOL WINAPI MoveFileTransactedA(LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, DWORD flags,
                                   HANDLE transaction)
{
    (void)to, (void)progress, (void)data, (void)flags;
    refuse_a(from, transaction);
    return FALSE;
}

WINBOOL WINAPI MoveFileTransactedW(LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, DWORD flags,
                                   HANDLE transaction)
{
    (void)to, (void)progress, (void)data, (void)flags;
    refuse(from, transaction);
    return FALSE;
}

WINBOOL WINAPI RemoveDirectoryTransactedA(LPCSTR name, HANDLE transaction)
{
    refuse_a(name, transaction);
    return FALSE;
}

WINBOOL WINAPI RemoveDirectoryTransactedW(LPCWSTR name, HANDLE transaction)
{
    refuse(name, transaction);
    return FALSE;
}

WINBOOL WINAPI SetFileAttributesTransactedA(LPCSTR name, DWORD attributes, HANDLE transaction)
{
    (void)attributes;
    refuse_a(name, transaction);
    return FALSE;
}

WINBOOL WINAPI SetFileAttributesTransactedW(LPCWSTR name, DWORD attributes, HANDLE transaction)
{
    (void)attributes;
    refuse(name, transaction);
    return FALSE;
}
