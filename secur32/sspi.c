/*
 * sspi.c: sspi.h: packages, and the tables of functions.
 *
 * There is one package: Schannel, under its two names.  Kerberos, NTLM and Negotiate need a domain or passwords that
 * nobody has here; they are not found.
 */
#include "secur32/schannel.h"

void *context_buffer(size_t size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

SECURITY_STATUS WINAPI FreeContextBuffer(void *buffer)
{
    if (buffer)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, buffer);
    return SEC_E_OK;
}

static const WCHAR *const package_names[] = {PACKAGE_NAME, L"Schannel"};
static const char *const package_names_ansi[] = {"Microsoft Unified Security Protocol Provider", "Schannel"};
#define RPC_ID 14 /* RPC_C_AUTHN_GSS_SCHANNEL */
#define COMMENT "Schannel Security Package"
#define CAPABILITIES                                                                                                   \
    (SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED |               \
     SECPKG_FLAG_EXTENDED_ERROR | SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_STREAM |     \
     SECPKG_FLAG_MUTUAL_AUTH)

/* Packages in one block, their texts behind them. */
static SecPkgInfoW *packages_wide(unsigned first, unsigned count)
{
    static const WCHAR comment[] = L"" COMMENT;
    size_t size = count * (sizeof(SecPkgInfoW) + sizeof comment + sizeof(PACKAGE_NAME));
    SecPkgInfoW *infos = context_buffer(size);
    WCHAR *text = (WCHAR *)(infos + count);

    for (unsigned i = 0; infos && i < count; i++) {
        size_t length = wide_length(package_names[first + i]) + 1;

        infos[i] = (SecPkgInfoW){CAPABILITIES, 1, RPC_ID, MAX_TOKEN, text, NULL};
        memcpy(text, package_names[first + i], length * sizeof *text);
        text += length;
        infos[i].Comment = memcpy(text, comment, sizeof comment);
        text += sizeof comment / sizeof *text;
    }
    return infos;
}

static SecPkgInfoA *packages_ansi(unsigned first, unsigned count)
{
    size_t size = count * (sizeof(SecPkgInfoA) + sizeof COMMENT + sizeof(PACKAGE_NAME));
    SecPkgInfoA *infos = context_buffer(size);
    char *text = (char *)(infos + count);

    for (unsigned i = 0; infos && i < count; i++) {
        infos[i] = (SecPkgInfoA){CAPABILITIES, 1, RPC_ID, MAX_TOKEN, text, NULL};
        strcpy(text, package_names_ansi[first + i]);
        text += strlen(text) + 1;
        infos[i].Comment = strcpy(text, COMMENT);
        text += sizeof COMMENT;
    }
    return infos;
}

SECURITY_STATUS WINAPI EnumerateSecurityPackagesW(ULONG *count, PSecPkgInfoW *infos)
{
    *count = 2;
    *infos = packages_wide(0, 2);
    return *infos ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI EnumerateSecurityPackagesA(ULONG *count, PSecPkgInfoA *infos)
{
    *count = 2;
    *infos = packages_ansi(0, 2);
    return *infos ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static int package_find(const WCHAR *name)
{
    for (int i = 0; i < 2 && name; i++)
        if (!wide_compare_nocase(package_names[i], name))
            return i;
    return -1;
}

SECURITY_STATUS WINAPI QuerySecurityPackageInfoW(SEC_WCHAR *name, PSecPkgInfoW *info)
{
    int index = package_find(name);

    if (index < 0)
        return SEC_E_SECPKG_NOT_FOUND;
    *info = packages_wide((unsigned)index, 1);
    return *info ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI QuerySecurityPackageInfoA(SEC_CHAR *name, PSecPkgInfoA *info)
{
    WCHAR *wide = wide_from_ansi(name);
    int index = package_find(wide);

    crypt_free(wide);
    if (index < 0)
        return SEC_E_SECPKG_NOT_FOUND;
    *info = packages_ansi((unsigned)index, 1);
    return *info ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

/* What only packages with signatures of messages, or with impersonation, have. */
SECURITY_STATUS WINAPI CompleteAuthToken(PCtxtHandle handle, PSecBufferDesc token)
{
    (void)token;
    return schannel_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI ImpersonateSecurityContext(PCtxtHandle handle)
{
    return schannel_from(handle) ? SEC_E_NO_IMPERSONATION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI RevertSecurityContext(PCtxtHandle handle)
{
    return schannel_from(handle) ? SEC_E_OK : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI MakeSignature(PCtxtHandle handle, ULONG quality, PSecBufferDesc message, ULONG sequence)
{
    (void)quality, (void)message, (void)sequence;
    return schannel_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI VerifySignature(PCtxtHandle handle, PSecBufferDesc message, ULONG sequence, ULONG *quality)
{
    (void)quality, (void)message, (void)sequence;
    return schannel_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI QuerySecurityContextToken(PCtxtHandle handle, void **token)
{
    *token = NULL;
    return schannel_from(handle) ? SEC_E_NO_IMPERSONATION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI ExportSecurityContext(PCtxtHandle handle, ULONG flags, PSecBuffer packed, void **token)
{
    (void)flags, (void)packed, (void)token;
    return schannel_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI ImportSecurityContextW(SEC_WCHAR *package, PSecBuffer packed, void *token, PCtxtHandle handle)
{
    (void)packed, (void)token, (void)handle;
    return package_find(package) < 0 ? SEC_E_SECPKG_NOT_FOUND : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS WINAPI ImportSecurityContextA(SEC_CHAR *package, PSecBuffer packed, void *token, PCtxtHandle handle)
{
    WCHAR *wide = wide_from_ansi(package);
    SECURITY_STATUS status = ImportSecurityContextW(wide, packed, token, handle);

    crypt_free(wide);
    return status;
}

static SecurityFunctionTableW table_wide = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
    .EnumerateSecurityPackagesW = EnumerateSecurityPackagesW,
    .QueryCredentialsAttributesW = QueryCredentialsAttributesW,
    .AcquireCredentialsHandleW = AcquireCredentialsHandleW,
    .FreeCredentialsHandle = FreeCredentialsHandle,
    .InitializeSecurityContextW = InitializeSecurityContextW,
    .AcceptSecurityContext = AcceptSecurityContext,
    .CompleteAuthToken = CompleteAuthToken,
    .DeleteSecurityContext = DeleteSecurityContext,
    .ApplyControlToken = ApplyControlToken,
    .QueryContextAttributesW = QueryContextAttributesW,
    .ImpersonateSecurityContext = ImpersonateSecurityContext,
    .RevertSecurityContext = RevertSecurityContext,
    .MakeSignature = MakeSignature,
    .VerifySignature = VerifySignature,
    .FreeContextBuffer = FreeContextBuffer,
    .QuerySecurityPackageInfoW = QuerySecurityPackageInfoW,
    .Reserved3 = EncryptMessage, /* under their older names, SealMessage and UnsealMessage */
    .Reserved4 = DecryptMessage,
    .ExportSecurityContext = ExportSecurityContext,
    .ImportSecurityContextW = ImportSecurityContextW,
    .QuerySecurityContextToken = QuerySecurityContextToken,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
};

static SecurityFunctionTableA table_ansi = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
    .EnumerateSecurityPackagesA = EnumerateSecurityPackagesA,
    .QueryCredentialsAttributesA = QueryCredentialsAttributesA,
    .AcquireCredentialsHandleA = AcquireCredentialsHandleA,
    .FreeCredentialsHandle = FreeCredentialsHandle,
    .InitializeSecurityContextA = InitializeSecurityContextA,
    .AcceptSecurityContext = AcceptSecurityContext,
    .CompleteAuthToken = CompleteAuthToken,
    .DeleteSecurityContext = DeleteSecurityContext,
    .ApplyControlToken = ApplyControlToken,
    .QueryContextAttributesA = QueryContextAttributesA,
    .ImpersonateSecurityContext = ImpersonateSecurityContext,
    .RevertSecurityContext = RevertSecurityContext,
    .MakeSignature = MakeSignature,
    .VerifySignature = VerifySignature,
    .FreeContextBuffer = FreeContextBuffer,
    .QuerySecurityPackageInfoA = QuerySecurityPackageInfoA,
    .Reserved3 = EncryptMessage,
    .Reserved4 = DecryptMessage,
    .ExportSecurityContext = ExportSecurityContext,
    .ImportSecurityContextA = ImportSecurityContextA,
    .QuerySecurityContextToken = QuerySecurityContextToken,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
};

PSecurityFunctionTableW WINAPI InitSecurityInterfaceW(void)
{
    return &table_wide;
}

PSecurityFunctionTableA WINAPI InitSecurityInterfaceA(void)
{
    return &table_ansi;
}
