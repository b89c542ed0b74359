/*
 * appmodel.c: questions about packages: this program is not in one.
 *
 * Layer: kernel32.
 */
#include <string.h>
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

LONG WINAPI GetCurrentPackageInfo(UINT32 flags, UINT32 *length, BYTE *buffer, UINT32 *count)
{
    (void)flags, (void)count;
    return GetCurrentPackageId(length, buffer);
}

LONG WINAPI GetCurrentApplicationUserModelId(UINT32 *length, PWSTR id)
{
    return GetApplicationUserModelId(GetCurrentProcess(), length, id);
}

LONG WINAPI GetPackageId(HANDLE process, UINT32 *length, BYTE *buffer)
{
    (void)process;
    return GetCurrentPackageId(length, buffer);
}

/* ---- other packages: none is installed ---- */

LONG WINAPI OpenPackageInfoByFullName(PCWSTR name, UINT32 reserved, PVOID *info)
{
    return !name || reserved || !info ? ERROR_INVALID_PARAMETER : ERROR_NOT_FOUND;
}

LONG WINAPI ClosePackageInfo(PVOID info)
{
    (void)info;
    return ERROR_INVALID_PARAMETER; /* there is none to close */
}

LONG WINAPI GetPackageInfo(PVOID info, UINT32 flags, UINT32 *length, BYTE *buffer, UINT32 *count)
{
    (void)info, (void)flags, (void)length, (void)buffer, (void)count;
    return ERROR_INVALID_PARAMETER;
}

LONG WINAPI GetPackageApplicationIds(PVOID info, UINT32 *length, BYTE *buffer, UINT32 *count)
{
    return GetPackageInfo(info, 0, length, buffer, count);
}

LONG WINAPI GetPackagePathByFullName(PCWSTR name, UINT32 *length, PWSTR path)
{
    return !name || !length || (*length && !path) ? ERROR_INVALID_PARAMETER : ERROR_NOT_FOUND;
}

LONG WINAPI GetStagedPackagePathByFullName(PCWSTR name, UINT32 *length, PWSTR path)
{
    return GetPackagePathByFullName(name, length, path);
}

LONG WINAPI GetPackagesByPackageFamily(PCWSTR family, UINT32 *count, PWSTR *names, UINT32 *length, WCHAR *buffer)
{
    if (!family || !count || !length || (*count && !names) || (*length && !buffer))
        return ERROR_INVALID_PARAMETER;
    *count = *length = 0;
    return ERROR_SUCCESS;
}

LONG WINAPI FindPackagesByPackageFamily(PCWSTR family, UINT32 filters, UINT32 *count, PWSTR *names, UINT32 *length,
                                        WCHAR *buffer, UINT32 *properties)
{
    (void)filters, (void)properties;
    return GetPackagesByPackageFamily(family, count, names, length, buffer);
}

HMODULE WINAPI LoadPackagedLibrary(LPCWSTR name, DWORD reserved)
{
    (void)name, (void)reserved;
    SetLastError(NO_PACKAGE);
    return NULL;
}

/* ---- names: computed from their parts ---- */

struct part {
    const WCHAR *at;
    size_t length;
};

/* Copies parts, with the length for too little room; lengths count the zero. */
static LONG join(const struct part *parts, int count, UINT32 *length, WCHAR *out)
{
    UINT32 needed = 1, room = *length;

    for (int i = 0; i < count; i++)
        needed += (UINT32)parts[i].length;
    *length = needed;
    if (room < needed)
        return ERROR_INSUFFICIENT_BUFFER;
    for (int i = 0; i < count; i++, out += parts[i - 1].length)
        memcpy(out, parts[i].at, parts[i].length * sizeof *out);
    *out = 0;
    return ERROR_SUCCESS;
}

/* Cuts a text at a character; how many parts there are, `most` + 1 if more. */
static int cut(const WCHAR *text, WCHAR separator, struct part *parts, int most)
{
    int count = 0;

    for (const WCHAR *start = text;; text++) {
        if (*text && *text != separator)
            continue;
        if (count == most)
            return most + 1;
        parts[count++] = (struct part){start, (size_t)(text - start)};
        if (!*text)
            return count;
        start = text + 1;
    }
}

/* Name_Version_Architecture_Resource_Publisher: the family is the first and the last. */
LONG WINAPI PackageFamilyNameFromFullName(PCWSTR name, UINT32 *length, PWSTR family)
{
    struct part parts[5];

    if (!name || !length || (*length && !family) || cut(name, '_', parts, 5) != 5 || !parts[0].length ||
        !parts[1].length || !parts[2].length || parts[4].length != 13)
        return ERROR_INVALID_PARAMETER;
    return join((struct part[]){parts[0], {u"_", 1}, parts[4]}, 3, length, family);
}

LONG WINAPI PackageNameAndPublisherIdFromFamilyName(PCWSTR family, UINT32 *name_length, PWSTR name, UINT32 *id_length,
                                                    PWSTR id)
{
    struct part parts[2];
    LONG first, second;

    if (!family || !name_length || !id_length || (*name_length && !name) || (*id_length && !id) ||
        cut(family, '_', parts, 2) != 2 || !parts[0].length || parts[1].length != 13)
        return ERROR_INVALID_PARAMETER;
    first = join(&parts[0], 1, name_length, name);
    second = join(&parts[1], 1, id_length, id);
    return first ? first : second;
}

/* Family!Application */
LONG WINAPI FormatApplicationUserModelId(PCWSTR family, PCWSTR application, UINT32 *length, PWSTR id)
{
    struct part parts[2], whole;

    if (!family || !application || !length || (*length && !id) || cut(family, '_', parts, 2) != 2 || !*application)
        return ERROR_INVALID_PARAMETER;
    cut(application, 0, &whole, 1);
    return join((struct part[]){{family, (size_t)(parts[1].at + parts[1].length - family)}, {u"!", 1}, whole}, 3,
                length, id);
}

LONG WINAPI ParseApplicationUserModelId(PCWSTR id, UINT32 *family_length, PWSTR family, UINT32 *application_length,
                                        PWSTR application)
{
    struct part parts[2];
    LONG first, second;

    if (!id || !family_length || !application_length || (*family_length && !family) ||
        (*application_length && !application) || cut(id, '!', parts, 2) != 2 || !parts[0].length || !parts[1].length)
        return ERROR_INVALID_PARAMETER;
    first = join(&parts[0], 1, family_length, family);
    second = join(&parts[1], 1, application_length, application);
    return first ? first : second;
}
