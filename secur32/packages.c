/*
 * packages.c: sspi.h: which packages there are.
 */
#include "secur32/package.h"

/* In Windows' order. */
static const struct package *const packages[] = {&negotiate_package, &ntlm_package, &wdigest_package, &schannel_package,
                                                 &unisp_package};
#define PACKAGES (sizeof packages / sizeof *packages)

const struct package *package_find(const WCHAR *name)
{
    for (size_t i = 0; i < PACKAGES && name; i++)
        if (!wide_compare_nocase(packages[i]->name, name))
            return packages[i];
    return NULL;
}

/* Packages in one block, their texts behind them. */
static SecPkgInfoW *infos_wide(const struct package *const *list, size_t count)
{
    size_t size = count * sizeof(SecPkgInfoW);
    SecPkgInfoW *infos;
    WCHAR *text;

    for (size_t i = 0; i < count; i++)
        size += (wide_length(list[i]->name) + wide_length(list[i]->comment) + 2) * sizeof *text;
    infos = context_buffer(size);
    text = (WCHAR *)(infos + count);
    for (size_t i = 0; infos && i < count; i++) {
        const struct package *package = list[i];
        size_t name = wide_length(package->name) + 1, comment = wide_length(package->comment) + 1;

        infos[i] = (SecPkgInfoW){package->capabilities, 1, package->rpc_id, package->max_token, text, text + name};
        memcpy(text, package->name, name * sizeof *text);
        memcpy(text + name, package->comment, comment * sizeof *text);
        text += name + comment;
    }
    return infos;
}

/* Names and comments are ASCII. */
static char *text_narrow(const WCHAR *from, char **at)
{
    char *to = *at;

    while ((*(*at)++ = (char)*from++))
        continue;
    return to;
}

static SecPkgInfoA *infos_ansi(const struct package *const *list, size_t count)
{
    size_t size = count * sizeof(SecPkgInfoA);
    SecPkgInfoA *infos;
    char *text;

    for (size_t i = 0; i < count; i++)
        size += wide_length(list[i]->name) + wide_length(list[i]->comment) + 2;
    infos = context_buffer(size);
    text = (char *)(infos + count);
    for (size_t i = 0; infos && i < count; i++) {
        infos[i] = (SecPkgInfoA){list[i]->capabilities, 1, list[i]->rpc_id, list[i]->max_token, NULL, NULL};
        infos[i].Name = text_narrow(list[i]->name, &text);
        infos[i].Comment = text_narrow(list[i]->comment, &text);
    }
    return infos;
}

SecPkgInfoW *package_info(const struct package *package)
{
    return infos_wide(&package, 1);
}

SECURITY_STATUS WINAPI EnumerateSecurityPackagesW(ULONG *count, PSecPkgInfoW *infos)
{
    if (!count || !infos)
        return SEC_E_INVALID_PARAMETER;
    *infos = infos_wide(packages, PACKAGES);
    *count = *infos ? PACKAGES : 0;
    return *infos ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI EnumerateSecurityPackagesA(ULONG *count, PSecPkgInfoA *infos)
{
    if (!count || !infos)
        return SEC_E_INVALID_PARAMETER;
    *infos = infos_ansi(packages, PACKAGES);
    *count = *infos ? PACKAGES : 0;
    return *infos ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI QuerySecurityPackageInfoW(SEC_WCHAR *name, PSecPkgInfoW *info)
{
    const struct package *package = package_find(name);

    if (!package)
        return SEC_E_SECPKG_NOT_FOUND;
    *info = infos_wide(&package, 1);
    return *info ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI QuerySecurityPackageInfoA(SEC_CHAR *name, PSecPkgInfoA *info)
{
    WCHAR *wide = wide_from_ansi(name);
    const struct package *package = package_find(wide);

    crypt_free(wide);
    if (!package)
        return SEC_E_SECPKG_NOT_FOUND;
    *info = infos_ansi(&package, 1);
    return *info ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}
