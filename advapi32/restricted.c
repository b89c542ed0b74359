/*
 * restricted.c: tokens with fewer rights, and programs started with them.
 *
 * Layer: advapi32.  There is one user without special rights (ntdll/token.c), so whoever starts a program with
 * a token starts it as itself.
 */
#include <string.h>
#include "ntthread.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"
#include "ntdll/token.h"

/* NtFilterToken has its lists with their counts in front. */
static void *counted(DWORD count, const void *list, DWORD offset, DWORD unit)
{
    char *made = RtlAllocateHeap(peb_current()->ProcessHeap, 0, offset + (SIZE_T)count * unit);

    if (made) {
        *(DWORD *)made = count;
        if (count)
            memcpy(made + offset, list, (SIZE_T)count * unit);
    }
    return made;
}

BOOL WINAPI CreateRestrictedToken(HANDLE token, DWORD flags, DWORD disabled_count, PSID_AND_ATTRIBUTES disabled,
                                  DWORD deleted_count, PLUID_AND_ATTRIBUTES deleted, DWORD restricted_count,
                                  PSID_AND_ATTRIBUTES restricted, PHANDLE made)
{
    HANDLE heap = peb_current()->ProcessHeap;
    NTSTATUS status = STATUS_NO_MEMORY;

    if (!made || (disabled_count && !disabled) || (deleted_count && !deleted) || (restricted_count && !restricted)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    void *groups = counted(disabled_count, disabled, offsetof(TOKEN_GROUPS, Groups), sizeof *disabled);
    void *privileges = counted(deleted_count, deleted, offsetof(TOKEN_PRIVILEGES, Privileges), sizeof *deleted);
    void *restricting = counted(restricted_count, restricted, offsetof(TOKEN_GROUPS, Groups), sizeof *restricted);
    if (groups && privileges && restricting)
        status = NtFilterToken(token, flags, groups, privileges, restricting, made);
    RtlFreeHeap(heap, 0, groups);
    RtlFreeHeap(heap, 0, privileges);
    RtlFreeHeap(heap, 0, restricting);
    return status_to_bool(status);
}

static BOOL token_is_open(HANDLE token)
{
    DWORD flags;
    return !token || GetHandleInformation(token, &flags);
}

BOOL WINAPI CreateProcessAsUserW(HANDLE token, LPCWSTR application, LPWSTR line, LPSECURITY_ATTRIBUTES process,
                                 LPSECURITY_ATTRIBUTES thread, BOOL inherit, DWORD flags, LPVOID environment,
                                 LPCWSTR directory, LPSTARTUPINFOW info, LPPROCESS_INFORMATION out)
{
    return token_is_open(token) &&
           CreateProcessW(application, line, process, thread, inherit, flags, environment, directory, info, out);
}

BOOL WINAPI CreateProcessAsUserA(HANDLE token, LPCSTR application, LPSTR line, LPSECURITY_ATTRIBUTES process,
                                 LPSECURITY_ATTRIBUTES thread, BOOL inherit, DWORD flags, LPVOID environment,
                                 LPCSTR directory, LPSTARTUPINFOA info, LPPROCESS_INFORMATION out)
{
    return token_is_open(token) &&
           CreateProcessA(application, line, process, thread, inherit, flags, environment, directory, info, out);
}

BOOL WINAPI CreateProcessWithTokenW(HANDLE token, DWORD logon, LPCWSTR application, LPWSTR line, DWORD flags,
                                    LPVOID environment, LPCWSTR directory, LPSTARTUPINFOW info,
                                    LPPROCESS_INFORMATION out)
{
    (void)logon;
    return CreateProcessAsUserW(token, application, line, NULL, NULL, FALSE, flags, environment, directory, info, out);
}
