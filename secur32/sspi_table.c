/*
 * sspi_table.c: sspi.h: the tables of functions, and functions that have nothing to work on here.
 */
#include "secur32/package.h"

/* Credentials hold one identity each. */
SECURITY_STATUS WINAPI AddCredentialsW(PCredHandle handle, SEC_WCHAR *principal, SEC_WCHAR *package, ULONG use,
                                       void *data, SEC_GET_KEY_FN get_key, void *argument, PTimeStamp expiry)
{
    (void)principal, (void)package, (void)use, (void)data, (void)get_key, (void)argument, (void)expiry;
    return cred_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI AddCredentialsA(PCredHandle handle, SEC_CHAR *principal, SEC_CHAR *package, ULONG use,
                                       void *data, SEC_GET_KEY_FN get_key, void *argument, PTimeStamp expiry)
{
    (void)principal, (void)package, (void)use, (void)data, (void)get_key, (void)argument, (void)expiry;
    return cred_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

/* Passwords are changed by a domain's controller. */
SECURITY_STATUS WINAPI ChangeAccountPasswordW(SEC_WCHAR *package, SEC_WCHAR *domain, SEC_WCHAR *account,
                                              SEC_WCHAR *old_password, SEC_WCHAR *new_password, BOOLEAN impersonating,
                                              ULONG reserved, PSecBufferDesc output)
{
    (void)domain, (void)account, (void)old_password, (void)new_password, (void)impersonating, (void)reserved;
    (void)output;
    return package_find(package) ? SEC_E_NO_AUTHENTICATING_AUTHORITY : SEC_E_SECPKG_NOT_FOUND;
}

SECURITY_STATUS WINAPI ChangeAccountPasswordA(SEC_CHAR *package, SEC_CHAR *domain, SEC_CHAR *account,
                                              SEC_CHAR *old_password, SEC_CHAR *new_password, BOOLEAN impersonating,
                                              ULONG reserved, PSecBufferDesc output)
{
    WCHAR *wide = wide_from_ansi(package);
    SECURITY_STATUS status = ChangeAccountPasswordW(wide, NULL, NULL, NULL, NULL, impersonating, reserved, output);

    (void)domain, (void)account, (void)old_password, (void)new_password;
    crypt_free(wide);
    return status;
}

/* Packages are DLLs of Windows' authority: none can be added. */
SECURITY_STATUS WINAPI AddSecurityPackageW(LPWSTR name, PSECURITY_PACKAGE_OPTIONS options)
{
    (void)options;
    return name ? SEC_E_CANNOT_INSTALL : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI AddSecurityPackageA(LPSTR name, PSECURITY_PACKAGE_OPTIONS options)
{
    (void)options;
    return name ? SEC_E_CANNOT_INSTALL : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS WINAPI DeleteSecurityPackageW(SEC_WCHAR *name)
{
    return package_find(name) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_SECPKG_NOT_FOUND;
}

SECURITY_STATUS WINAPI DeleteSecurityPackageA(SEC_CHAR *name)
{
    WCHAR *wide = wide_from_ansi(name);
    SECURITY_STATUS status = DeleteSecurityPackageW(wide);

    crypt_free(wide);
    return status;
}

/* ---- tables ---- */

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
    .AddCredentialsW = AddCredentialsW,
    .QuerySecurityContextToken = QuerySecurityContextToken,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
    .SetContextAttributesW = SetContextAttributesW,
    .SetCredentialsAttributesW = SetCredentialsAttributesW,
    .ChangeAccountPasswordW = ChangeAccountPasswordW,
    .QueryContextAttributesExW = QueryContextAttributesExW,
    .QueryCredentialsAttributesExW = QueryCredentialsAttributesExW,
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
    .AddCredentialsA = AddCredentialsA,
    .QuerySecurityContextToken = QuerySecurityContextToken,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
    .SetContextAttributesA = SetContextAttributesA,
    .SetCredentialsAttributesA = SetCredentialsAttributesA,
    .ChangeAccountPasswordA = ChangeAccountPasswordA,
    .QueryContextAttributesExA = QueryContextAttributesExA,
    .QueryCredentialsAttributesExA = QueryCredentialsAttributesExA,
};

PSecurityFunctionTableW WINAPI InitSecurityInterfaceW(void)
{
    return &table_wide;
}

PSecurityFunctionTableA WINAPI InitSecurityInterfaceA(void)
{
    return &table_ansi;
}
