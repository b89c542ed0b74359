/*
 * attributes.c: sspi.h: attributes of contexts and credentials, in both forms of text.
 *
 * A package answers as for programs in wide characters; here its texts become ANSI ones where these are asked for.
 */
#include "secur32/package.h"

SECURITY_STATUS context_query(struct context_head *context, ULONG attribute, void *buffer)
{
    SECURITY_STATUS status = context->package->query(context, attribute, buffer);
    SecPkgContext_NegotiationInfoW *info = buffer; /* begins with the package's description, like the other */

    if (status != SEC_E_UNSUPPORTED_FUNCTION ||
        (attribute != SECPKG_ATTR_PACKAGE_INFO && attribute != SECPKG_ATTR_NEGOTIATION_INFO))
        return status;
    info->PackageInfo = package_info(context->package);
    if (attribute == SECPKG_ATTR_NEGOTIATION_INFO)
        info->NegotiationState = SECPKG_NEGOTIATION_COMPLETE;
    return info->PackageInfo ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI QueryContextAttributesW(PCtxtHandle handle, ULONG attribute, void *buffer)
{
    struct context_head *context = ctxt_from(handle);

    if (!context)
        return SEC_E_INVALID_HANDLE;
    return buffer ? context_query(context, attribute, buffer) : SEC_E_INVALID_PARAMETER;
}

/* ---- ANSI ---- */

/* A text of the answer is replaced; the wide one goes. */
static bool text_replace(void *place)
{
    WCHAR **wide = place;
    char *narrow = ansi_from_wide(*wide), *copy = NULL;

    if (narrow && (copy = context_buffer(strlen(narrow) + 1)))
        strcpy(copy, narrow);
    crypt_free(narrow);
    FreeContextBuffer(*wide);
    *(char **)place = copy;
    return copy;
}

static SECURITY_STATUS info_replace(void *place)
{
    PSecPkgInfoW wide = *(PSecPkgInfoW *)place;
    char *name = ansi_from_wide(wide->Name);
    SECURITY_STATUS status = QuerySecurityPackageInfoA(name, place);

    crypt_free(name);
    FreeContextBuffer(wide);
    return status;
}

static SECURITY_STATUS answer_narrow(ULONG attribute, void *buffer)
{
    bool good = true;

    switch (attribute) {
    case SECPKG_ATTR_PACKAGE_INFO:
    case SECPKG_ATTR_NEGOTIATION_INFO:
        return info_replace(buffer);
    case SECPKG_ATTR_NAMES:
        good = text_replace(buffer);
        break;
    case SECPKG_ATTR_NATIVE_NAMES:
    case SECPKG_ATTR_KEY_INFO: {
        void **texts = buffer;

        good = text_replace(&texts[0]) && text_replace(&texts[1]);
        break;
    }
    case SECPKG_ATTR_CLIENT_SPECIFIED_TARGET:
    case SECPKG_ATTR_AUTHORITY:
        good = text_replace(buffer);
        break;
    default:
        break;
    }
    return good ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI QueryContextAttributesA(PCtxtHandle handle, ULONG attribute, void *buffer)
{
    SECURITY_STATUS status = QueryContextAttributesW(handle, attribute, buffer);

    return status ? status : answer_narrow(attribute, buffer);
}

/* The newer form tells the room: none of what is answered here is larger than its structure. */
SECURITY_STATUS WINAPI QueryContextAttributesExW(PCtxtHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    return buffer && size ? QueryContextAttributesW(handle, attribute, buffer) : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI QueryContextAttributesExA(PCtxtHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    return buffer && size ? QueryContextAttributesA(handle, attribute, buffer) : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI SetContextAttributesW(PCtxtHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    (void)attribute, (void)buffer, (void)size;
    return ctxt_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI SetContextAttributesA(PCtxtHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    return SetContextAttributesW(handle, attribute, buffer, size);
}

/* ---- credentials ---- */

SECURITY_STATUS WINAPI QueryCredentialsAttributesW(PCredHandle handle, ULONG attribute, void *buffer)
{
    struct credentials_head *credentials = cred_from(handle);

    if (!credentials)
        return SEC_E_INVALID_HANDLE;
    return buffer ? credentials->package->credentials_query(credentials, attribute, buffer) : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI QueryCredentialsAttributesA(PCredHandle handle, ULONG attribute, void *buffer)
{
    SECURITY_STATUS status = QueryCredentialsAttributesW(handle, attribute, buffer);

    if (status || attribute != SECPKG_CRED_ATTR_NAMES)
        return status;
    return text_replace(buffer) ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI QueryCredentialsAttributesExW(PCredHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    return buffer && size ? QueryCredentialsAttributesW(handle, attribute, buffer) : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI QueryCredentialsAttributesExA(PCredHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    return buffer && size ? QueryCredentialsAttributesA(handle, attribute, buffer) : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI SetCredentialsAttributesW(PCredHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    (void)attribute, (void)buffer, (void)size;
    return cred_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI SetCredentialsAttributesA(PCredHandle handle, ULONG attribute, void *buffer, ULONG size)
{
    return SetCredentialsAttributesW(handle, attribute, buffer, size);
}
