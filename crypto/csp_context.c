/*
 * csp_context.c: CryptoAPI's providers and contexts.
 *
 * A context for random bytes alone, which is what most programs want, does not open the plug-in.
 *
 * Layer: advapi32.
 */
#include "csp.h"

static const struct provider {
    DWORD type;
    const WCHAR *name;
} providers[] = {
    /* the first of a type is its default */
    {PROV_RSA_FULL, L"Microsoft Strong Cryptographic Provider"},
    {PROV_RSA_FULL, L"Microsoft Base Cryptographic Provider v1.0"},
    {PROV_RSA_FULL, L"Microsoft Enhanced Cryptographic Provider v1.0"},
    {PROV_RSA_SCHANNEL, L"Microsoft RSA SChannel Cryptographic Provider"},
    {PROV_RSA_AES, L"Microsoft Enhanced RSA and AES Cryptographic Provider"},
    {PROV_RSA_AES, L"Microsoft Enhanced RSA and AES Cryptographic Provider (Prototype)"},
    {PROV_DSS, L"Microsoft Base DSS Cryptographic Provider"},
    {PROV_DSS_DH, L"Microsoft Base DSS and Diffie-Hellman Cryptographic Provider"},
};

BOOL csp_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

BOOL csp_result(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS:
        return TRUE;
    case STATUS_BUFFER_TOO_SMALL:
        return csp_fail(ERROR_MORE_DATA);
    case STATUS_NO_MEMORY:
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    case STATUS_NOT_SUPPORTED:
        return csp_fail((DWORD)NTE_BAD_ALGID);
    case STATUS_INVALID_SIGNATURE:
        return csp_fail((DWORD)NTE_BAD_SIGNATURE);
    case STATUS_INVALID_BUFFER_SIZE:
        return csp_fail((DWORD)NTE_BAD_LEN);
    default:
        return csp_fail((DWORD)NTE_BAD_DATA);
    }
}

struct csp_context *csp_context(HCRYPTPROV handle)
{
    struct csp_context *context = (struct csp_context *)handle;

    if (handle >= 0x10000 && context->mark == CSP_CONTEXT_MARK)
        return context;
    csp_fail(ERROR_INVALID_PARAMETER);
    return NULL;
}

BOOL csp_answer(const void *value, DWORD size, BYTE *out, DWORD *room)
{
    DWORD had = *room;

    *room = size;
    if (!out)
        return TRUE;
    if (had < size)
        return csp_fail(ERROR_MORE_DATA);
    memcpy(out, value, size);
    return TRUE;
}

static const struct provider *provider_find(DWORD type, const WCHAR *name)
{
    for (size_t i = 0; i < ARRAYSIZE(providers); i++)
        if (providers[i].type == type && (!name || !*name || !wide_compare_nocase(providers[i].name, name)))
            return &providers[i];
    return NULL;
}

static bool is_machine(DWORD flags)
{
    return flags & CRYPT_MACHINE_KEYSET;
}

#define KNOWN_FLAGS                                                                                                    \
    (CRYPT_VERIFYCONTEXT | CRYPT_NEWKEYSET | CRYPT_DELETEKEYSET | CRYPT_MACHINE_KEYSET | CRYPT_SILENT | 0x80u)

/* The container, as the flags want it to be: 0 or an error. */
static DWORD container_check(const WCHAR *name, DWORD flags)
{
    if (flags & CRYPT_DELETEKEYSET)
        return container_remove(name, is_machine(flags)) ? (DWORD)NTE_BAD_KEYSET : 0;
    if (flags & CRYPT_NEWKEYSET) {
        if (container_exists(name, is_machine(flags)))
            return (DWORD)NTE_EXISTS;
        return container_make(name, is_machine(flags)) ? (DWORD)NTE_BAD_KEYSET_PARAM : 0;
    }
    return container_exists(name, is_machine(flags)) ? 0 : (DWORD)NTE_BAD_KEYSET;
}

BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *handle, LPCWSTR container, LPCWSTR name, DWORD type, DWORD flags)
{
    struct csp_context *context;
    WCHAR user[256];
    DWORD size = ARRAYSIZE(user), error;

    if (!handle)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (!type || type > 999)
        return csp_fail((DWORD)NTE_BAD_PROV_TYPE);
    if (flags & ~KNOWN_FLAGS)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (!provider_find(type, NULL))
        return csp_fail((DWORD)NTE_PROV_TYPE_NOT_DEF);
    if (!provider_find(type, name))
        return csp_fail((DWORD)NTE_KEYSET_NOT_DEF);
    if (!container || !*container)
        container = GetUserNameW(user, &size) ? user : L"default";
    if (!(flags & CRYPT_VERIFYCONTEXT) && (error = container_check(container, flags)))
        return csp_fail(error);
    *handle = 0;
    if (flags & CRYPT_DELETEKEYSET)
        return TRUE;
    context = crypto_alloc(sizeof *context);
    if (!context)
        return csp_fail(ERROR_NOT_ENOUGH_MEMORY);
    if (!(flags & CRYPT_VERIFYCONTEXT))
        context->container = (WCHAR *)crypto_copy(container, (wide_length(container) + 1) * sizeof(WCHAR));
    context->references = 1;
    context->type = type;
    context->flags = flags;
    context->provider = provider_find(type, name)->name;
    context->mark = CSP_CONTEXT_MARK;
    *handle = (HCRYPTPROV)context;
    return TRUE;
}

BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *handle, LPCSTR container, LPCSTR name, DWORD type, DWORD flags)
{
    WCHAR *wide_container = container ? wide_from_ansi(container) : NULL,
          *wide_name = name ? wide_from_ansi(name) : NULL;
    BOOL good = CryptAcquireContextW(handle, wide_container, wide_name, type, flags);

    crypto_free(wide_container);
    crypto_free(wide_name);
    return good;
}

BOOL WINAPI CryptContextAddRef(HCRYPTPROV handle, DWORD *reserved, DWORD flags)
{
    struct csp_context *context = csp_context(handle);

    if (!context)
        return FALSE;
    if (reserved || flags)
        return csp_fail(ERROR_INVALID_PARAMETER);
    __sync_fetch_and_add(&context->references, 1);
    return TRUE;
}

BOOL WINAPI CryptReleaseContext(HCRYPTPROV handle, DWORD flags)
{
    struct csp_context *context = csp_context(handle);

    if (!context)
        return FALSE;
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (__sync_sub_and_fetch(&context->references, 1))
        return TRUE;
    context->mark = 0;
    for (DWORD spec = AT_KEYEXCHANGE; spec <= AT_SIGNATURE; spec++)
        if (context->pair[spec])
            BCryptDestroyKey(context->pair[spec]);
    crypto_free(context->container);
    crypto_free(context);
    return TRUE;
}

BOOL WINAPI CryptGenRandom(HCRYPTPROV handle, DWORD size, BYTE *buffer)
{
    if (!csp_context(handle))
        return FALSE;
    if (!buffer && size)
        return csp_fail(ERROR_INVALID_PARAMETER);
    return random_bytes(buffer, size) ? csp_fail(ERROR_GEN_FAILURE) : TRUE;
}

/* ---- listing ---- */

static BOOL enum_provider(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, const WCHAR **name)
{
    if (reserved || flags || !type)
        return csp_fail(flags ? (DWORD)NTE_BAD_FLAGS : ERROR_INVALID_PARAMETER);
    if (index >= ARRAYSIZE(providers))
        return csp_fail(ERROR_NO_MORE_ITEMS);
    *type = providers[index].type;
    *name = providers[index].name;
    return TRUE;
}

BOOL WINAPI CryptEnumProvidersW(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPWSTR name, DWORD *size)
{
    const WCHAR *found;

    if (!size)
        return csp_fail(ERROR_INVALID_PARAMETER);
    return enum_provider(index, reserved, flags, type, &found) &&
           csp_answer(found, (DWORD)(wide_length(found) + 1) * sizeof(WCHAR), (BYTE *)name, size);
}

/* Names of providers are ASCII. */
static DWORD narrow(const WCHAR *name, char text[256])
{
    DWORD length = 0;

    do
        text[length] = (char)name[length];
    while (name[length] && ++length < 255);
    text[length] = 0;
    return length + 1;
}

BOOL WINAPI CryptEnumProvidersA(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPSTR name, DWORD *size)
{
    const WCHAR *found;
    char text[256];

    if (!size)
        return csp_fail(ERROR_INVALID_PARAMETER);
    return enum_provider(index, reserved, flags, type, &found) &&
           csp_answer(text, narrow(found, text), (BYTE *)name, size);
}

static const struct provider_type {
    DWORD type;
    const WCHAR *name;
} provider_types[] = {
    {PROV_RSA_FULL, L"RSA Full (Signature and Key Exchange)"},
    {PROV_DSS, L"DSS Signature"},
    {PROV_RSA_SCHANNEL, L"RSA SChannel"},
    {PROV_DSS_DH, L"DSS Signature with Diffie-Hellman Key Exchange"},
    {PROV_RSA_AES, L"RSA Full and AES"},
};

static BOOL enum_type(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, DWORD *size)
{
    if (reserved || !type || !size)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (index >= ARRAYSIZE(provider_types))
        return csp_fail(ERROR_NO_MORE_ITEMS);
    *type = provider_types[index].type;
    return TRUE;
}

BOOL WINAPI CryptEnumProviderTypesW(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPWSTR name, DWORD *size)
{
    return enum_type(index, reserved, flags, type, size) &&
           csp_answer(provider_types[index].name, (DWORD)(wide_length(provider_types[index].name) + 1) * sizeof(WCHAR),
                      (BYTE *)name, size);
}

BOOL WINAPI CryptEnumProviderTypesA(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPSTR name, DWORD *size)
{
    char text[256];

    return enum_type(index, reserved, flags, type, size) &&
           csp_answer(text, narrow(provider_types[index].name, text), (BYTE *)name, size);
}

BOOL WINAPI CryptGetDefaultProviderW(DWORD type, DWORD *reserved, DWORD flags, LPWSTR name, DWORD *size)
{
    const struct provider *found = provider_find(type, NULL);

    if (reserved || !size)
        return csp_fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(CRYPT_MACHINE_DEFAULT | CRYPT_USER_DEFAULT))
        return csp_fail((DWORD)NTE_BAD_FLAGS);
    if (!found)
        return csp_fail((DWORD)(type && type <= 999 ? NTE_PROV_TYPE_NOT_DEF : NTE_BAD_PROV_TYPE));
    return csp_answer(found->name, (DWORD)(wide_length(found->name) + 1) * sizeof(WCHAR), (BYTE *)name, size);
}

BOOL WINAPI CryptGetDefaultProviderA(DWORD type, DWORD *reserved, DWORD flags, LPSTR name, DWORD *size)
{
    const struct provider *found = provider_find(type, NULL);
    char text[256];

    if (!found || !size)
        return CryptGetDefaultProviderW(type, reserved, flags, NULL, size);
    return csp_answer(text, narrow(found->name, text), (BYTE *)name, size);
}

static const struct listed {
    ALG_ID id;
    DWORD bits, min, max;
    const char *name, *long_name;
} listed[] = {
    {CALG_RC2, 128, 40, 128, "RC2", "RSA Data Security's RC2"},
    {CALG_RC4, 128, 40, 128, "RC4", "RSA Data Security's RC4"},
    {CALG_DES, 56, 56, 56, "DES", "Data Encryption Standard (DES)"},
    {CALG_3DES_112, 112, 112, 112, "3DES TWO KEY", "Two Key Triple DES"},
    {CALG_3DES, 168, 168, 168, "3DES", "Three Key Triple DES"},
    {CALG_AES_128, 128, 128, 128, "AES 128", "Advanced Encryption Standard (AES-128)"},
    {CALG_AES_192, 192, 192, 192, "AES 192", "Advanced Encryption Standard (AES-192)"},
    {CALG_AES_256, 256, 256, 256, "AES 256", "Advanced Encryption Standard (AES-256)"},
    {CALG_MD2, 128, 128, 128, "MD2", "Message Digest 2 (MD2)"},
    {CALG_MD4, 128, 128, 128, "MD4", "Message Digest 4 (MD4)"},
    {CALG_MD5, 128, 128, 128, "MD5", "Message Digest 5 (MD5)"},
    {CALG_SHA1, 160, 160, 160, "SHA-1", "Secure Hash Algorithm (SHA-1)"},
    {CALG_SHA_256, 256, 256, 256, "SHA-256", "Secure Hash Algorithm 2 (SHA-256)"},
    {CALG_SHA_384, 384, 384, 384, "SHA-384", "Secure Hash Algorithm 2 (SHA-384)"},
    {CALG_SHA_512, 512, 512, 512, "SHA-512", "Secure Hash Algorithm 2 (SHA-512)"},
    {CALG_HMAC, 0, 0, 0, "HMAC", "Hash-based Message Authentication Code"},
    {CALG_RSA_SIGN, 1024, 384, 16384, "RSA_SIGN", "RSA Signature"},
    {CALG_RSA_KEYX, 1024, 384, 16384, "RSA_KEYX", "RSA Key Exchange"},
};

static BOOL enum_algorithms(struct csp_context *context, bool extended, BYTE *out, DWORD *room, DWORD flags)
{
    PROV_ENUMALGS_EX long_form = {};
    PROV_ENUMALGS form = {};
    const struct listed *at;

    if (flags & CRYPT_FIRST)
        context->enumerated = 0;
    if (context->enumerated >= ARRAYSIZE(listed))
        return csp_fail(ERROR_NO_MORE_ITEMS);
    at = &listed[context->enumerated];
    form.aiAlgid = long_form.aiAlgid = at->id;
    form.dwBitLen = long_form.dwDefaultLen = at->bits;
    long_form.dwMinLen = at->min, long_form.dwMaxLen = at->max;
    form.dwNameLen = long_form.dwNameLen = (DWORD)strlen(at->name) + 1;
    long_form.dwLongNameLen = (DWORD)strlen(at->long_name) + 1;
    memcpy(form.szName, at->name, form.dwNameLen);
    memcpy(long_form.szName, at->name, form.dwNameLen);
    memcpy(long_form.szLongName, at->long_name, long_form.dwLongNameLen);
    if (!csp_answer(extended ? (void *)&long_form : (void *)&form, extended ? sizeof long_form : sizeof form, out,
                    room))
        return FALSE;
    if (out)
        context->enumerated++;
    return TRUE;
}

static BOOL answer_name(const WCHAR *name, BYTE *out, DWORD *room)
{
    char text[512];
    int size = name ? WideCharToMultiByte(CP_ACP, 0, name, -1, text, sizeof text, NULL, NULL) : 0;

    return size > 0 ? csp_answer(text, (DWORD)size, out, room) : csp_fail((DWORD)NTE_BAD_KEYSET);
}

BOOL WINAPI CryptGetProvParam(HCRYPTPROV handle, DWORD param, BYTE *out, DWORD *room, DWORD flags)
{
    struct csp_context *context = csp_context(handle);
    DWORD number;
    WCHAR name[256];

    if (!context)
        return FALSE;
    if (!room)
        return csp_fail(ERROR_INVALID_PARAMETER);
    switch (param) {
    case PP_NAME:
        return answer_name(context->provider, out, room);
    case PP_CONTAINER:
    case PP_UNIQUE_CONTAINER:
        return answer_name(context->container, out, room);
    case PP_ENUMALGS:
    case PP_ENUMALGS_EX:
        return enum_algorithms(context, param == PP_ENUMALGS_EX, out, room, flags);
    case PP_ENUMCONTAINERS:
        if (flags & CRYPT_FIRST)
            context->enumerated = 0;
        if (!container_at(context->enumerated, is_machine(context->flags), name))
            return csp_fail(ERROR_NO_MORE_ITEMS);
        if (!answer_name(name, out, room))
            return FALSE;
        context->enumerated += out != NULL;
        return TRUE;
    case PP_PROVTYPE:
        number = context->type;
        break;
    case PP_IMPTYPE:
        number = CRYPT_IMPL_SOFTWARE;
        break;
    case PP_VERSION:
        number = 0x200;
        break;
    case PP_KEYSET_TYPE:
        number = context->flags & CRYPT_MACHINE_KEYSET;
        break;
    case PP_KEYSPEC:
        number = AT_KEYEXCHANGE | AT_SIGNATURE;
        break;
    default:
        return csp_fail((DWORD)NTE_BAD_TYPE);
    }
    return csp_answer(&number, sizeof number, out, room);
}

/* What can be set concerns windows and security descriptors, which matter to no software provider. */
BOOL WINAPI CryptSetProvParam(HCRYPTPROV handle, DWORD param, const BYTE *data, DWORD flags)
{
    (void)data, (void)flags;
    if (param == PP_CLIENT_HWND || param == PP_USE_HARDWARE_RNG)
        return TRUE; /* of the whole process: the handle may be 0 */
    return csp_context(handle) ? csp_fail((DWORD)NTE_BAD_TYPE) : FALSE;
}
