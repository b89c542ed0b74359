/*
 * appmodel.c: questions about packages: this program is not in one.
 *
 * Layer: kernel32.
 */
#include "win.h"

#define NO_PACKAGE 15700 /* APPMODEL_ERROR_NO_PACKAGE */
#define NO_APPLICATION 15703

/* What packaged programs would have otherwise; the values are those of a desktop program. */
static LONG policy(HANDLE token, ULONG *answer, ULONG value)
{
    (void)token;
    if (!answer)
        return ERROR_INVALID_PARAMETER;
    *answer = value;
    return ERROR_SUCCESS;
}

/* At the end: ExitProcess. */
LONG WINAPI AppPolicyGetProcessTerminationMethod(HANDLE token, ULONG *answer)
{
    return policy(token, answer, 0);
}

/* Threads do not initialize COM by themselves. */
LONG WINAPI AppPolicyGetThreadInitializationType(HANDLE token, ULONG *answer)
{
    return policy(token, answer, 0);
}

/* Errors may be shown. */
LONG WINAPI AppPolicyGetShowDeveloperDiagnostic(HANDLE token, ULONG *answer)
{
    return policy(token, answer, 1);
}

/* Classic windows. */
LONG WINAPI AppPolicyGetWindowingModel(HANDLE token, ULONG *answer)
{
    return policy(token, answer, 2);
}

LONG WINAPI GetCurrentPackageId(UINT32 *length, BYTE *buffer)
{
    if (!length || (*length && !buffer))
        return ERROR_INVALID_PARAMETER;
    return NO_PACKAGE;
}

LONG WINAPI GetCurrentPackageFullName(UINT32 *length, PWSTR name)
{
    return GetCurrentPackageId(length, (BYTE *)name);
}

LONG WINAPI GetPackageFullName(HANDLE process, UINT32 *length, PWSTR name)
{
    (void)process;
    return GetCurrentPackageId(length, (BYTE *)name);
}

LONG WINAPI GetApplicationUserModelId(HANDLE process, UINT32 *length, PWSTR id)
{
    (void)process;
    if (!length || (*length && !id))
        return ERROR_INVALID_PARAMETER;
    return NO_APPLICATION;
}
