/*
 * NTLM: do both ends of a machine agree without a password, by an account's password, or not; are messages signed and
 * sealed; are the attributes told; and are damaged tokens refused?
 *
 * Not run under Wine, which has NTLM only with Samba's help.  That the machine knows accounts by stored credentials for
 * its own name is winrun's way, for it has no accounts of its own.
 *
 * link: -lsecur32 -ladvapi32
 */
#include "sspi.h"

#define ALL                                                                                                            \
    (ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT | ISC_REQ_CONNECTION)

static struct sspi_end client, server;

static SECURITY_STATUS both(void *identity, ULONG wanted, ULONG granted)
{
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, identity, wanted), SEC_E_OK);
    CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, granted), SEC_E_OK);
    return ends_shake(&client, &server, L"HTTP/server.example");
}

static void close_both(void)
{
    end_close(&client);
    end_close(&server);
}

static void package(void)
{
    SecPkgInfoW *info, *all;
    SecPkgInfoA *narrow, *all_narrow;
    ULONG count = 0, found = 0;

    CHECK_EQ(QuerySecurityPackageInfoW((WCHAR *)L"ntlm", &info), SEC_E_OK);
    CHECK(!lstrcmpW(info->Name, L"NTLM"));
    CHECK(!lstrcmpW(info->Comment, L"NTLM Security Package"));
    CHECK_EQ(info->cbMaxToken, 2888);
    CHECK_EQ(info->wRPCID, RPC_C_AUTHN_WINNT);
    CHECK_EQ(info->wVersion, 1);
    CHECK(info->fCapabilities & SECPKG_FLAG_INTEGRITY && info->fCapabilities & SECPKG_FLAG_PRIVACY);
    CHECK(info->fCapabilities & SECPKG_FLAG_NEGOTIABLE && !(info->fCapabilities & SECPKG_FLAG_MUTUAL_AUTH));
    CHECK_EQ(FreeContextBuffer(info), SEC_E_OK);
    CHECK_EQ(QuerySecurityPackageInfoA((char *)"NTLM", &narrow), SEC_E_OK);
    CHECK_STR(narrow->Name, "NTLM");
    CHECK_STR(narrow->Comment, "NTLM Security Package");
    FreeContextBuffer(narrow);
    CHECK_EQ(QuerySecurityPackageInfoA((char *)"NTLMv3", &narrow), SEC_E_SECPKG_NOT_FOUND);
    CHECK_EQ(QuerySecurityPackageInfoW(NULL, &info), SEC_E_SECPKG_NOT_FOUND);
    CHECK_EQ(EnumerateSecurityPackagesW(&count, &all), SEC_E_OK);
    for (ULONG i = 0; i < count; i++)
        found += !lstrcmpW(all[i].Name, L"NTLM");
    CHECK_EQ(found, 1);
    FreeContextBuffer(all);
    CHECK_EQ(EnumerateSecurityPackagesA(&found, &all_narrow), SEC_E_OK);
    CHECK_EQ(found, count);
    FreeContextBuffer(all_narrow);
}

static void credentials(void)
{
    SEC_WINNT_AUTH_IDENTITY_W wide = identity_of(L"user", L"DOM", L"secret");
    SEC_WINNT_AUTH_IDENTITY_A narrow = {
        (BYTE *)"user", 4, (BYTE *)"DOM", 3, (BYTE *)"secret", 6, SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_EXW extended = {SEC_WINNT_AUTH_IDENTITY_VERSION,
                                            sizeof extended,
                                            wide.User,
                                            4,
                                            wide.Domain,
                                            3,
                                            wide.Password,
                                            6,
                                            SEC_WINNT_AUTH_IDENTITY_UNICODE,
                                            NULL,
                                            0};
    SEC_WINNT_AUTH_IDENTITY_EXA extended_narrow = {SEC_WINNT_AUTH_IDENTITY_VERSION,
                                                   sizeof extended_narrow,
                                                   narrow.User,
                                                   4,
                                                   narrow.Domain,
                                                   3,
                                                   narrow.Password,
                                                   6,
                                                   SEC_WINNT_AUTH_IDENTITY_ANSI,
                                                   NULL,
                                                   0};
    void *forms[] = {&wide, &narrow, &extended, &extended_narrow};
    SecPkgCredentials_NamesW names;
    SecPkgCredentials_NamesA names_narrow;
    TimeStamp expiry = {{0}};
    CredHandle handle, copy;

    for (int i = 0; i < 4; i++) {
        CHECK_EQ(AcquireCredentialsHandleA(NULL, (char *)"NTLM", SECPKG_CRED_OUTBOUND, NULL, forms[i], NULL, NULL,
                                           &handle, &expiry),
                 SEC_E_OK);
        CHECK_EQ(QueryCredentialsAttributesW(&handle, SECPKG_CRED_ATTR_NAMES, &names), SEC_E_OK);
        CHECK(!lstrcmpW(names.sUserName, L"DOM\\user"));
        FreeContextBuffer(names.sUserName);
        CHECK_EQ(QueryCredentialsAttributesA(&handle, SECPKG_CRED_ATTR_NAMES, &names_narrow), SEC_E_OK);
        CHECK_STR(names_narrow.sUserName, "DOM\\user");
        FreeContextBuffer(names_narrow.sUserName);
        CHECK_EQ(QueryCredentialsAttributesW(&handle, 999, &names), SEC_E_UNSUPPORTED_FUNCTION);
        copy = handle;
        CHECK_EQ(FreeCredentialsHandle(&handle), SEC_E_OK);
        CHECK_EQ(FreeCredentialsHandle(&handle), SEC_E_INVALID_HANDLE);
        (void)copy;
    }
    wide.Flags = 0;
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, &wide, 0), SEC_E_UNKNOWN_CREDENTIALS);
    wide.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
    wide.User = NULL;
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, &wide, 0), SEC_E_UNKNOWN_CREDENTIALS);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, (char *)"NTLM", 0, NULL, NULL, NULL, NULL, &handle, NULL),
             SEC_E_UNKNOWN_CREDENTIALS);
    CHECK_EQ(
        AcquireCredentialsHandleA(NULL, (char *)"no such", SECPKG_CRED_BOTH, NULL, NULL, NULL, NULL, &handle, NULL),
        SEC_E_SECPKG_NOT_FOUND);
    memset(&handle, 0x41, sizeof handle);
    CHECK_EQ(FreeCredentialsHandle(&handle), SEC_E_INVALID_HANDLE);
    CHECK_EQ(DeleteSecurityContext(&handle), SEC_E_INVALID_HANDLE);
    CHECK_EQ(QueryContextAttributesW(&handle, SECPKG_ATTR_SIZES, &names), SEC_E_INVALID_HANDLE);
}

/* The current user at both ends. */
static void local_call(void)
{
    SecPkgContext_Sizes sizes = {0};
    SecPkgContext_NamesW names;
    SecPkgContext_NamesA names_narrow;
    SecPkgContext_SessionKey keys[2];
    SecPkgContext_Flags flags;
    SecPkgContext_Lifespan life;
    SecPkgContext_KeyInfoA key_info;
    SecPkgContext_PackageInfoA package_info;
    SecPkgContext_NegotiationInfoW negotiation;
    WCHAR name[300], own[300];
    DWORD size = 300;
    HANDLE token;

    CHECK_EQ(both(NULL, ALL, 0), SEC_E_OK);
    CHECK_EQ(client.attributes & ALL, ALL);
    CHECK_EQ(server.attributes & (ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY | ASC_RET_REPLAY_DETECT),
             ASC_RET_INTEGRITY | ASC_RET_CONFIDENTIALITY | ASC_RET_REPLAY_DETECT);
    CHECK(!(client.attributes & ISC_RET_MUTUAL_AUTH));
    for (int i = 0; i < 2; i++) {
        CtxtHandle *context = i ? &server.context : &client.context;

        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
        CHECK_EQ(sizes.cbMaxSignature, 16);
        CHECK_EQ(sizes.cbSecurityTrailer, 16);
        CHECK_EQ(sizes.cbBlockSize, 0);
        CHECK_EQ(sizes.cbMaxToken, 2888);
        size = 300;
        CHECK(GetUserNameExW(NameSamCompatible, name, &size));
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
        CHECK(!lstrcmpW(names.sUserName, name));
        FreeContextBuffer(names.sUserName);
        CHECK_EQ(QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names_narrow), SEC_E_OK);
        CHECK(strchr(names_narrow.sUserName, '\\') != NULL);
        FreeContextBuffer(names_narrow.sUserName);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_SESSION_KEY, &keys[i]), SEC_E_OK);
        CHECK_EQ(keys[i].SessionKeyLength, 16);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_FLAGS, &flags), SEC_E_OK);
        CHECK_EQ(flags.Flags, i ? server.attributes : client.attributes);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_LIFESPAN, &life), SEC_E_OK);
        CHECK(life.tsExpiry.QuadPart > life.tsStart.QuadPart);
        CHECK_EQ(QueryContextAttributesA(context, SECPKG_ATTR_KEY_INFO, &key_info), SEC_E_OK);
        CHECK_EQ(key_info.KeySize, 128);
        CHECK_STR(key_info.sEncryptAlgorithmName, "RC4");
        FreeContextBuffer(key_info.sEncryptAlgorithmName);
        FreeContextBuffer(key_info.sSignatureAlgorithmName);
        CHECK_EQ(QueryContextAttributesA(context, SECPKG_ATTR_PACKAGE_INFO, &package_info), SEC_E_OK);
        CHECK_STR(package_info.PackageInfo->Name, "NTLM");
        FreeContextBuffer(package_info.PackageInfo);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_NEGOTIATION_INFO, &negotiation), SEC_E_OK);
        CHECK(!lstrcmpW(negotiation.PackageInfo->Name, L"NTLM"));
        CHECK_EQ(negotiation.NegotiationState, SECPKG_NEGOTIATION_COMPLETE);
        FreeContextBuffer(negotiation.PackageInfo);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_STREAM_SIZES, name), SEC_E_UNSUPPORTED_FUNCTION);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_SIZES, NULL), SEC_E_INVALID_PARAMETER);
    }
    CHECK(!memcmp(keys[0].SessionKey, keys[1].SessionKey, 16));
    FreeContextBuffer(keys[0].SessionKey);
    FreeContextBuffer(keys[1].SessionKey);

    CHECK_EQ(QuerySecurityContextToken(&client.context, &token), SEC_E_INVALID_HANDLE);
    CHECK_EQ(QuerySecurityContextToken(&server.context, &token), SEC_E_OK);
    CHECK(CloseHandle(token));
    CHECK_EQ(ImpersonateSecurityContext(&server.context), SEC_E_OK);
    CHECK(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    CHECK(CloseHandle(token));
    size = 300;
    CHECK(GetUserNameExW(NameSamCompatible, own, &size));
    CHECK(!lstrcmpW(name, own));
    CHECK_EQ(RevertSecurityContext(&server.context), SEC_E_OK);
    CHECK_ERROR(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token), ERROR_NO_TOKEN);
    for (int i = 0; i < 5; i++) {
        messages_pass(&client, &server, 16);
        messages_pass(&server, &client, 64);
    }
    CHECK_EQ(InitializeSecurityContextW(&client.credentials, &client.context, NULL, 0, 0, 0, NULL, 0, &client.context,
                                        NULL, NULL, NULL),
             SEC_E_OUT_OF_SEQUENCE);
    close_both();
    CHECK_EQ(both(NULL, ALL, 0), SEC_E_OK);
    signatures_hold(&client, &server, 16);
    signatures_hold(&server, &client, 16);
    close_both();
}

/* An account's password. */
static void passwords(void)
{
    static const struct {
        const WCHAR *user, *domain, *password;
        SECURITY_STATUS status;
    } cases[] = {
        {L"bob", L"", L"p\xe4ssword", SEC_E_OK},
        {L"BOB", L"SOMEWHERE", L"p\xe4ssword", SEC_E_OK},
        {L"bob", L"", L"password", SEC_E_LOGON_DENIED},
        {L"bob", L"", L"", SEC_E_LOGON_DENIED},
        {L"alice", L"", L"p\xe4ssword", SEC_E_LOGON_DENIED},
        {L"alice", L"", L"", SEC_E_LOGON_DENIED},
        {L"", L"", L"p\xe4ssword", SEC_E_LOGON_DENIED},
        {L"", L"", L"", SEC_E_LOGON_DENIED},
    };
    SecPkgContext_NamesW names;
    HANDLE token;

    CHECK(account_make(L"bob", L"p\xe4ssword"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEC_WINNT_AUTH_IDENTITY_W identity = identity_of(cases[i].user, cases[i].domain, cases[i].password);

        CHECK_EQ(both(&identity, ALL, 0), cases[i].status);
        if (cases[i].status == SEC_E_OK) {
            CHECK_EQ(QueryContextAttributesW(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
            CHECK(!lstrcmpW(names.sUserName, *cases[i].domain ? L"SOMEWHERE\\BOB" : L"bob"));
            FreeContextBuffer(names.sUserName);
            for (int end = 0; end < 2; end++) {
                SecPkgContext_ClientSpecifiedTarget target;

                CHECK_EQ(QueryContextAttributesW(end ? &server.context : &client.context,
                                                 SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                         SEC_E_OK);
                CHECK(!lstrcmpW(target.sTargetName, L"HTTP/server.example"));
                FreeContextBuffer(target.sTargetName);
            }
            CHECK_EQ(QuerySecurityContextToken(&server.context, &token), SEC_E_NO_IMPERSONATION);
            messages_pass(&client, &server, 16);
            messages_pass(&server, &client, 16);
            signatures_hold(&server, &client, 16);
        } else {
            CHECK_EQ(QueryContextAttributesW(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_INVALID_HANDLE);
        }
        close_both();
    }
    CHECK(account_remove());
    SEC_WINNT_AUTH_IDENTITY_W gone = identity_of(L"bob", L"", L"p\xe4ssword");
    CHECK_EQ(both(&gone, ALL, 0), SEC_E_LOGON_DENIED);
    close_both();
    SEC_WINNT_AUTH_IDENTITY_W nobody = identity_of(L"", L"", L"");
    CHECK_EQ(both(&nobody, ALL, ASC_REQ_ALLOW_NULL_SESSION), SEC_E_OK);
    CHECK(server.attributes & ASC_RET_NULL_SESSION);
    CHECK(client.attributes & ISC_RET_NULL_SESSION);
    CHECK_EQ(ImpersonateSecurityContext(&server.context), SEC_E_NO_IMPERSONATION);
    close_both();
}

/* What flags a client asks for, what it gets, and what then works. */
static void flags(void)
{
    static const struct {
        ULONG wanted;
        int sign, seal;
    } cases[] = {
        {0, 0, 0},
        {ISC_REQ_CONNECTION, 0, 0},
        {ISC_REQ_INTEGRITY, 1, 0},
        {ISC_REQ_REPLAY_DETECT, 1, 0},
        {ISC_REQ_SEQUENCE_DETECT, 1, 0},
        {ISC_REQ_CONFIDENTIALITY, 1, 1},
        {ISC_REQ_MUTUAL_AUTH, 0, 0},
        {ISC_REQ_IDENTIFY, 0, 0},
        {ISC_REQ_DELEGATE | ISC_REQ_INTEGRITY, 1, 0},
    };
    BYTE data[4] = {1, 2, 3, 4}, token[16];
    SecBuffer parts[2] = {{4, SECBUFFER_DATA, data}, {16, SECBUFFER_TOKEN, token}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, parts};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_EQ(both(NULL, cases[i].wanted, 0), SEC_E_OK);
        CHECK_EQ(!!(client.attributes & ISC_RET_INTEGRITY), cases[i].sign);
        CHECK_EQ(!!(client.attributes & ISC_RET_SEQUENCE_DETECT), cases[i].sign);
        CHECK_EQ(!!(client.attributes & ISC_RET_CONFIDENTIALITY), cases[i].seal);
        CHECK_EQ(!!(server.attributes & ASC_RET_INTEGRITY), cases[i].sign);
        CHECK_EQ(!!(server.attributes & ASC_RET_CONFIDENTIALITY), cases[i].seal);
        CHECK_EQ(!!(server.attributes & ASC_RET_IDENTIFY), !!(cases[i].wanted & ISC_REQ_IDENTIFY));
        CHECK_EQ(EncryptMessage(&client.context, 0, &desc, 0), cases[i].seal ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION);
        close_both();
    }
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, ISC_REQ_DATAGRAM), SEC_E_OK);
    CHECK_EQ(end_step(&client, 0, NULL, NULL, 0), SEC_E_UNSUPPORTED_FUNCTION);
    end_close(&client);
    /* Each handle has its side. */
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, 0), SEC_E_OK);
    CHECK_EQ(end_step(&client, 1, NULL, "x", 1), SEC_E_INVALID_HANDLE);
    CHECK_EQ(end_step(&client, 0, NULL, NULL, 0), SEC_I_CONTINUE_NEEDED);
    CHECK_EQ(end_step(&client, 1, NULL, "x", 1), SEC_E_INVALID_HANDLE);
    end_close(&client);
}

/* What no package does; and the tables have everything. */
static void others(void)
{
    SecurityFunctionTableW *wide = InitSecurityInterfaceW();
    SecurityFunctionTableA *narrow = InitSecurityInterfaceA();
    void **fields[] = {(void **)&wide->EnumerateSecurityPackagesW, (void **)&narrow->EnumerateSecurityPackagesA};
    SecPkgContext_Sizes sizes;
    CtxtHandle none = {1, 2};

    for (int i = 0; i < 2; i++)
        for (int field = 0; field < 27; field++) /* up to SetCredentialsAttributes */
            CHECK(fields[i][field] || field == 4 || field == 22);
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, 0), SEC_E_OK);
    CHECK_EQ(wide->AddCredentialsW(&client.credentials, NULL, (WCHAR *)L"NTLM", SECPKG_CRED_OUTBOUND, NULL, NULL, NULL,
                                   NULL),
             SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_EQ(wide->AddCredentialsW(&none, NULL, (WCHAR *)L"NTLM", SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL),
             SEC_E_INVALID_HANDLE);
    CHECK_EQ(SetCredentialsAttributesW(&client.credentials, SECPKG_CRED_ATTR_NAMES, &sizes, sizeof sizes),
             SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_EQ(end_step(&client, 0, NULL, NULL, 0), SEC_I_CONTINUE_NEEDED);
    CHECK_EQ(QueryContextAttributesW(&client.context, SECPKG_ATTR_NAMES, &sizes), SEC_E_INVALID_HANDLE);
    CHECK_EQ(QueryContextAttributesW(&client.context, SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
    CHECK_EQ(wide->ExportSecurityContext(&client.context, 0, NULL, NULL), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_EQ(wide->ExportSecurityContext(&none, 0, NULL, NULL), SEC_E_INVALID_HANDLE);
    CHECK_EQ(wide->ApplyControlToken(&client.context, NULL), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_EQ(wide->RevertSecurityContext(&none), SEC_E_INVALID_HANDLE);
    CHECK_EQ(DeleteSecurityPackageW((WCHAR *)L"NTLM"), SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_EQ(DeleteSecurityPackageW((WCHAR *)L"none such"), SEC_E_SECPKG_NOT_FOUND);
    end_close(&client);
}

/* Room, and who allocates. */
static void tokens(void)
{
    SecBuffer out = {10, SECBUFFER_TOKEN, NULL};
    SecBufferDesc desc = {SECBUFFER_VERSION, 1, &out};
    BYTE small[10];
    CtxtHandle context = {0};
    ULONG attributes;

    out.pvBuffer = small;
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, 0), SEC_E_OK);
    CHECK_EQ(InitializeSecurityContextW(&client.credentials, NULL, NULL, 0, 0, 0, NULL, 0, &context, &desc, &attributes,
                                        NULL),
             SEC_E_BUFFER_TOO_SMALL);
    CHECK(out.cbBuffer > 40);
    out = (SecBuffer){0, SECBUFFER_TOKEN, NULL};
    CHECK_EQ(InitializeSecurityContextW(&client.credentials, NULL, NULL, ISC_REQ_ALLOCATE_MEMORY, 0, 0, NULL, 0,
                                        &context, &desc, &attributes, NULL),
             SEC_I_CONTINUE_NEEDED);
    CHECK(attributes & ISC_RET_ALLOCATED_MEMORY);
    CHECK(out.pvBuffer && out.cbBuffer > 40 && !memcmp(out.pvBuffer, "NTLMSSP\0\1\0\0", 12));
    CHECK_EQ(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    CHECK_EQ(DeleteSecurityContext(&context), SEC_E_OK);
    CHECK_EQ(DeleteSecurityContext(&context), SEC_E_INVALID_HANDLE);
    CHECK_EQ(InitializeSecurityContextW(&client.credentials, NULL, NULL, 0, 0, 0, NULL, 0, NULL, &desc, NULL, NULL),
             SEC_E_INVALID_PARAMETER);
    CHECK_EQ(InitializeSecurityContextW(&client.credentials, NULL, NULL, 0, 0, 0, NULL, 0, &context, NULL, NULL, NULL),
             SEC_E_INVALID_TOKEN);
    end_close(&client);
}

/* A client of the current user against a server elsewhere: nobody knows the password. */
static void elsewhere(void)
{
    BYTE challenge[16384];
    ULONG size;

    CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, ALL), SEC_E_OK);
    CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, 0), SEC_E_OK);
    end_step(&client, 0, L"HTTP/server.example", NULL, 0);
    end_step(&server, 1, NULL, client.token, client.size);
    memcpy(challenge, server.token, size = server.size);
    challenge[32] ^= 1; /* the server's proof that it is of this machine */
    CHECK_EQ(end_step(&client, 0, L"HTTP/server.example", challenge, size), SEC_E_NO_CREDENTIALS);
    CHECK_EQ(end_step(&client, 0, L"HTTP/server.example", server.token, server.size), SEC_E_OUT_OF_SEQUENCE);
    close_both();
    /* Unless it is stored. */
    CREDENTIALW stored = {.Type = CRED_TYPE_DOMAIN_PASSWORD,
                          .TargetName = (WCHAR *)L"server.example",
                          .UserName = (WCHAR *)L"THERE\\carol",
                          .CredentialBlob = (BYTE *)L"pw",
                          .CredentialBlobSize = 4,
                          .Persist = CRED_PERSIST_SESSION};
    CHECK(CredWriteW(&stored, 0));
    CHECK(account_make(L"carol", L"pw"));
    for (const WCHAR **target = (const WCHAR *[]){L"HTTP/server.example", L"HTTP/SERVER.example:8080",
                                                  L"server.example", L"MSSQLSvc/server.example:1433/x", NULL};
         *target; target++) {
        SecPkgContext_NamesW names;

        CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, ALL), SEC_E_OK);
        CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, 0), SEC_E_OK);
        CHECK_EQ(ends_shake(&client, &server, *target), SEC_E_OK);
        CHECK_EQ(QueryContextAttributesW(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
        CHECK(!lstrcmpW(names.sUserName, L"THERE\\carol"));
        FreeContextBuffer(names.sUserName);
        close_both();
    }
    CHECK(CredDeleteW(L"server.example", CRED_TYPE_DOMAIN_PASSWORD, 0));
    CHECK(account_remove());
}

static BYTE bindings_room[2][128];

static SecBuffer bindings_of(int which, const char *data)
{
    SEC_CHANNEL_BINDINGS *bindings = (SEC_CHANNEL_BINDINGS *)bindings_room[which];

    memset(bindings, 0, sizeof *bindings);
    bindings->cbApplicationDataLength = (ULONG)strlen(data);
    bindings->dwApplicationDataOffset = sizeof *bindings;
    memcpy(bindings + 1, data, strlen(data));
    return (SecBuffer){(ULONG)(sizeof *bindings + strlen(data)), SECBUFFER_CHANNEL_BINDINGS, bindings};
}

static void bindings(void)
{
    static const struct {
        const char *client, *server;
        ULONG flags;
        SECURITY_STATUS status;
    } cases[] = {
        {"tls-unique:abc", "tls-unique:abc", 0, SEC_E_OK},
        {"tls-unique:abc", NULL, 0, SEC_E_OK},
        {NULL, "tls-unique:abc", 0, SEC_E_BAD_BINDINGS},
        {NULL, "tls-unique:abc", ASC_REQ_ALLOW_MISSING_BINDINGS, SEC_E_OK},
        {"tls-unique:abd", "tls-unique:abc", 0, SEC_E_BAD_BINDINGS},
        {"tls-unique:abd", "tls-unique:abc", ASC_REQ_ALLOW_MISSING_BINDINGS, SEC_E_BAD_BINDINGS},
        {"", "", 0, SEC_E_OK},
    };
    SEC_WINNT_AUTH_IDENTITY_W identity = identity_of(L"dora", L"", L"x");

    CHECK(account_make(L"dora", L"x"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_EQ(end_acquire(&client, L"NTLM", 0, &identity, ALL), SEC_E_OK);
        CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, cases[i].flags), SEC_E_OK);
        if (cases[i].client)
            client.more[client.more_count++] = bindings_of(0, cases[i].client);
        if (cases[i].server)
            server.more[server.more_count++] = bindings_of(1, cases[i].server);
        CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), cases[i].status);
        close_both();
    }
    /* Offsets that lead out of the buffer. */
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, &identity, ALL), SEC_E_OK);
    CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, 0), SEC_E_OK);
    client.more[client.more_count++] = bindings_of(0, "abc");
    ((SEC_CHANNEL_BINDINGS *)bindings_room[0])->dwApplicationDataOffset = 0xfffffff0;
    CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_INVALID_TOKEN);
    close_both();
    CHECK(account_remove());
}

/* Every byte of every token is changed, every token is cut: each end says no, or at worst goes on. */
static void damaged(void)
{
    SEC_WINNT_AUTH_IDENTITY_W identity = identity_of(L"erin", L"DOM", L"y");
    static BYTE copy[16384];
    ULONG accepted = 0, size;

    CHECK(account_make(L"erin", L"y"));
    for (int which = 0; which < 3; which++) {
        ULONG most = 400;

        for (ULONG i = 0; i < most; i++) {
            CHECK_EQ(end_acquire(&client, L"NTLM", 0, &identity, ALL), SEC_E_OK);
            CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, 0), SEC_E_OK);
            end_step(&client, 0, L"HTTP/x", NULL, 0);
            for (int message = 0; message < 3; message++) {
                struct sspi_end *from = message == 1 ? &server : &client, *to = message == 1 ? &client : &server;

                memcpy(copy, from->token, size = from->size);
                if (message == which) {
                    most = size * 2;
                    if (i < size)
                        copy[i] ^= 0xff;
                    else
                        size = i - size;
                }
                if (end_step(to, message != 1, L"HTTP/x", copy, size) < 0)
                    break;
            }
            accepted += server.status == SEC_E_OK;
            close_both();
        }
    }
    CHECK_EQ(accepted, 0);
    /* Nothing of what was refused changes a good one. */
    CHECK_EQ(both(&identity, ALL, 0), SEC_E_OK);
    close_both();
    CHECK(account_remove());
}

int main(void)
{
    if (check_under_wine()) {
        CHECK(1);
        return check_done();
    }
    package();
    credentials();
    local_call();
    passwords();
    flags();
    others();
    tokens();
    elsewhere();
    bindings();
    damaged();
    return check_done();
}
