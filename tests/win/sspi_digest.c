/*
 * WDigest: are HTTP's challenges answered as RFC 2617 computes it, for the first request and for those that follow; and
 * are damaged challenges refused?
 *
 * link: -lsecur32 -ladvapi32
 */
#include "sspi.h"

#define REALM "realm=\"testrealm@host.com\""
#define NONCE "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""

static CredHandle credentials;
static CtxtHandle context;
static char answer[4096];

static SECURITY_STATUS ask(const char *challenge, const char *method, const WCHAR *uri)
{
    SecBuffer in[3] = {{(ULONG)strlen(challenge), SECBUFFER_TOKEN, (void *)challenge},
                       {(ULONG)strlen(method), SECBUFFER_PKG_PARAMS, (void *)method},
                       {0, SECBUFFER_PKG_PARAMS, NULL}};
    SecBuffer out = {sizeof answer - 1, SECBUFFER_TOKEN, answer};
    SecBufferDesc ind = {SECBUFFER_VERSION, 3, in}, outd = {SECBUFFER_VERSION, 1, &out};
    SECURITY_STATUS status;
    ULONG attributes;

    memset(answer, 0, sizeof answer);
    status = InitializeSecurityContextW(&credentials, NULL, (WCHAR *)uri, ISC_REQ_USE_HTTP_STYLE, 0, 0, &ind, 0,
                                        &context, &outd, &attributes, NULL);
    if (status < 0)
        answer[0] = 0;
    return status;
}

static void md5(const char *text, char *hex)
{
    HCRYPTPROV provider;
    HCRYPTHASH hash;
    BYTE digest[16];
    DWORD size = 16;

    CryptAcquireContextA(&provider, NULL, NULL, PROV_RSA_FULL, CRYPT_VERIFYCONTEXT);
    CryptCreateHash(provider, CALG_MD5, 0, 0, &hash);
    CryptHashData(hash, (const BYTE *)text, (DWORD)strlen(text), 0);
    CryptGetHashParam(hash, HP_HASHVAL, digest, &size, 0);
    CryptDestroyHash(hash);
    CryptReleaseContext(provider, 0);
    for (int i = 0; i < 16; i++)
        sprintf(hex + 2 * i, "%02x", digest[i]);
}

static const char *value(const char *name)
{
    static char text[300];
    char *at = strstr(answer, name), *end;

    text[0] = 0;
    if (at) {
        at += strlen(name) + 1;
        at += *at == '"';
        end = at + strcspn(at, "\",");
        snprintf(text, sizeof text, "%.*s", (int)(end - at), at);
    }
    return text;
}

/* With a quality, the client's nonce is in it. */
static void check_response(const char *method, const char *uri, const char *count, int session)
{
    char ha1[33], ha2[33], expected[33], cnonce[64], text[500];

    strcpy(cnonce, value("cnonce"));
    CHECK(strlen(cnonce) >= 16);
    CHECK_STR(value(",nc"), count);
    CHECK_STR(value("uri"), uri);
    CHECK_STR(value("qop"), "auth");
    md5("Mufasa:testrealm@host.com:Circle Of Life", ha1);
    if (session) {
        sprintf(text, "%s:dcd98b7102dd2f0e8b11d0f600bfb0c093:%s", ha1, cnonce);
        md5(text, ha1);
    }
    sprintf(text, "%s:%s", method, uri);
    md5(text, ha2);
    sprintf(text, "%s:dcd98b7102dd2f0e8b11d0f600bfb0c093:%s:%s:auth:%s", ha1, count, cnonce, ha2);
    md5(text, expected);
    CHECK_STR(value("response"), expected);
}

static void next(const char *method, const char *uri)
{
    SecBuffer parts[5] = {{0, SECBUFFER_TOKEN, NULL},
                          {(ULONG)strlen(method), SECBUFFER_PKG_PARAMS, (void *)method},
                          {(ULONG)strlen(uri), SECBUFFER_PKG_PARAMS, (void *)uri},
                          {0, SECBUFFER_PKG_PARAMS, NULL},
                          {sizeof answer - 1, SECBUFFER_PADDING, answer}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 5, parts};

    memset(answer, 0, sizeof answer);
    CHECK_EQ(MakeSignature(&context, 0, &desc, 0), SEC_E_OK);
    CHECK_EQ(parts[4].cbBuffer, strlen(answer));
    parts[4].cbBuffer = 20;
    char small[20];
    parts[4].pvBuffer = small;
    CHECK_EQ(MakeSignature(&context, 0, &desc, 0), SEC_E_BUFFER_TOO_SMALL);
}

int main(void)
{
    static const struct {
        const char *challenge;
        SECURITY_STATUS status;
    } cases[] = {
        {"", SEC_E_INVALID_TOKEN},
        {REALM, SEC_E_INVALID_TOKEN},
        {NONCE, SEC_E_OK},
        {REALM ", " NONCE, SEC_E_OK},
        {REALM "," NONCE ",stale=true,domain=\"/\"", SEC_E_OK},
        {"realm=\"open, " NONCE, SEC_E_INVALID_TOKEN},
        {REALM ", " NONCE ", opaque=\"x", SEC_E_INVALID_TOKEN},
        {REALM ", " NONCE ", word", SEC_E_INVALID_TOKEN},
        {REALM ", " NONCE ", word word=1", SEC_E_INVALID_TOKEN},
        {REALM ", " NONCE ", qop=\"auth-int\"", SEC_E_QOP_NOT_SUPPORTED},
        {REALM ", " NONCE ", qop=\"auth-int,auth\"", SEC_E_OK},
        {REALM ", " NONCE ", qop=auth", SEC_E_OK},
        {REALM ", " NONCE ", algorithm=SHA-256", SEC_E_UNSUPPORTED_FUNCTION},
        {REALM ", " NONCE ", algorithm=md5", SEC_E_OK},
        {"realm=\"back\\\\slash\", " NONCE, SEC_E_OK},
        {"realm=\"end\\", SEC_E_INVALID_TOKEN},
        {"=,=,=", SEC_E_INVALID_TOKEN},
    };
    SEC_WINNT_AUTH_IDENTITY_W identity = identity_of(L"Mufasa", L"testrealm@host.com", L"Circle Of Life");
    SecPkgInfoA *info;

    if (check_under_wine()) { /* it has no such package */
        CHECK(1);
        return check_done();
    }
    CHECK_EQ(QuerySecurityPackageInfoA((char *)"WDigest", &info), SEC_E_OK);
    CHECK(info->cbMaxToken >= 4096);
    FreeContextBuffer(info);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, (char *)"WDigest", SECPKG_CRED_OUTBOUND, NULL, &identity, NULL, NULL,
                                       &credentials, NULL),
             SEC_E_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SECURITY_STATUS status = ask(cases[i].challenge, "GET", L"/");

        CHECK_EQ(status, cases[i].status);
        if (status == SEC_E_OK)
            CHECK_EQ(DeleteSecurityContext(&context), SEC_E_OK);
    }
    /* RFC 2617's example, without a quality and thus without chance. */
    CHECK_EQ(ask(REALM ", " NONCE ", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"", "GET", L"/dir/index.html"),
             SEC_E_OK);
    CHECK_STR(value("response"), "670fd8c2df070c60b045671b8b24ff02");
    CHECK_STR(value("username"), "Mufasa");
    CHECK_STR(value("realm"), "testrealm@host.com");
    CHECK_STR(value("opaque"), "5ccc069c403ebaf9f0171e9517f40e41");
    CHECK(!strstr(answer, "cnonce") && !strstr(answer, "qop"));
    CHECK_EQ(DeleteSecurityContext(&context), SEC_E_OK);
    for (int session = 0; session < 2; session++) {
        CHECK_EQ(ask(session ? REALM ", " NONCE ", qop=\"auth,auth-int\", algorithm=MD5-sess"
                             : REALM ", " NONCE ", qop=\"auth,auth-int\", algorithm=MD5",
                     "GET", L"/dir/index.html"),
                 SEC_E_OK);
        CHECK_STR(value("algorithm"), session ? "MD5-sess" : "MD5");
        check_response("GET", "/dir/index.html", "00000001", session);
        next("POST", "/other?x=1");
        check_response("POST", "/other?x=1", "00000002", session);
        CHECK_EQ(DeleteSecurityContext(&context), SEC_E_OK);
    }
    CHECK_EQ(FreeCredentialsHandle(&credentials), SEC_E_OK);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, (char *)"WDigest", SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                       &credentials, NULL),
             SEC_E_OK);
    CHECK_EQ(ask(REALM ", " NONCE, "GET", L"/"), SEC_E_NO_CREDENTIALS);
    CHECK_EQ(FreeCredentialsHandle(&credentials), SEC_E_OK);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, (char *)"WDigest", SECPKG_CRED_INBOUND, NULL, &identity, NULL, NULL,
                                       &credentials, NULL),
             SEC_E_UNSUPPORTED_FUNCTION);
    return check_done();
}
