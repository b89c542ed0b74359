/*
 * Do identities travel as blocks that nobody looks into: made of texts and taken apart again, copied, compared, written
 * down, encrypted in memory; and are they good as credentials?
 *
 * link: -lsecur32 -ladvapi32
 */
#include "sspi.h"

/* Import libraries do not have these. */
static SECURITY_STATUS(WINAPI *encode)(PCWSTR, PCWSTR, PCWSTR, PSEC_WINNT_AUTH_IDENTITY_OPAQUE *);
static SECURITY_STATUS(WINAPI *decode)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PCWSTR *, PCWSTR *, PCWSTR *);
static SECURITY_STATUS(WINAPI *copy)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PSEC_WINNT_AUTH_IDENTITY_OPAQUE *);
static SECURITY_STATUS(WINAPI *compare)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PBOOLEAN,
                                        PBOOLEAN);
static SECURITY_STATUS(WINAPI *marshal)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE, ULONG *, char **);
static SECURITY_STATUS(WINAPI *unmarshal)(ULONG, char *, PSEC_WINNT_AUTH_IDENTITY_OPAQUE *);
static SECURITY_STATUS(WINAPI *encrypt)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
static SECURITY_STATUS(WINAPI *decrypt)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
static BOOLEAN(WINAPI *is_encrypted)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
static SECURITY_STATUS(WINAPI *validate)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
static VOID(WINAPI *release)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
static VOID(WINAPI *zero)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE);
static VOID(WINAPI *local_free)(PVOID);
static SECURITY_STATUS(WINAPI *host_name)(PCWSTR, PWSTR *);
static SECURITY_STATUS(WINAPI *prepare_read)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PCWSTR, PULONG, PCWSTR *);
static SECURITY_STATUS(WINAPI *prepare_write)(PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PCWSTR, PULONG, PCWSTR *, PCWSTR *,
                                              PUCHAR *, PULONG);

static void get(void *place, const char *name)
{
    *(FARPROC *)place = GetProcAddress(GetModuleHandleA("secur32.dll"), name);
    if (!check_under_wine())
        CHECK(*(FARPROC *)place != NULL);
}

static BOOL is(PCWSTR text, PCWSTR expected)
{
    BOOL same = text && !lstrcmpW(text, expected);

    local_free((void *)text);
    return same;
}

static void texts(void)
{
    static const struct {
        const WCHAR *user, *domain, *password;
    } cases[] = {
        {L"user", L"DOMAIN", L"secret"}, {L"user", L"", L"secret"},
        {L"user", L"DOMAIN", L""},       {L"u", L"d", L"p"},
        {L"u@d.example", L"", L"\xe4"},  {L"\x4e2d", L"\x6587", L"0123456789abcdef0123"},
    };
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity = NULL;
    PCWSTR user, domain, password;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_EQ(encode(cases[i].user, cases[i].domain, cases[i].password, &identity), SEC_E_OK);
        CHECK_EQ(decode(identity, &user, &domain, &password), SEC_E_OK);
        CHECK(is(user, cases[i].user));
        CHECK(is(domain, cases[i].domain));
        CHECK(is(password, cases[i].password));
        release(identity);
    }
    CHECK_EQ(encode(NULL, L"d", L"p", &identity), SEC_E_OK);
    release(identity);
    if (check_under_wine())
        return; /* it takes misuse badly */
    CHECK_EQ(encode(NULL, NULL, NULL, &identity), SEC_E_UNKNOWN_CREDENTIALS);
    CHECK_EQ(encode(L"u", L"d", L"p", NULL), SEC_E_INVALID_PARAMETER);
    CHECK_EQ(decode(NULL, &user, &domain, &password), SEC_E_INVALID_PARAMETER);
}

static void blocks(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity, twin, back;
    SEC_WINNT_AUTH_IDENTITY_W plain = identity_of(L"user", L"DOM", L"secret");
    PCWSTR user, domain, password, name;
    BOOLEAN same_user, same_all;
    UCHAR *blob;
    ULONG size, type;
    char *bytes;

    CHECK_EQ(encode(L"user", L"DOM", L"secret", &identity), SEC_E_OK);
    CHECK_EQ(copy(identity, &twin), SEC_E_OK);
    CHECK_EQ(compare(identity, twin, &same_user, &same_all), SEC_E_OK);
    CHECK(same_user && same_all);
    CHECK_EQ(validate(twin), SEC_E_OK);
    CHECK_EQ(is_encrypted(twin), FALSE);
    CHECK_EQ(encrypt(twin), SEC_E_OK);
    CHECK_EQ(is_encrypted(twin), TRUE);
    CHECK_EQ(decode(twin, &user, &domain, &password), SEC_E_OK);
    CHECK(is(user, L"user") && is(domain, L"DOM") && is(password, L"secret"));
    CHECK_EQ(compare(identity, twin, &same_user, &same_all), SEC_E_OK);
    CHECK(same_user && same_all);
    CHECK_EQ(decrypt(twin), SEC_E_OK);
    CHECK_EQ(is_encrypted(twin), FALSE);
    CHECK_EQ(marshal(twin, &size, &bytes), SEC_E_OK);
    release(twin);
    CHECK_EQ(unmarshal(size, bytes, &back), SEC_E_OK);
    CHECK_EQ(compare(identity, back, &same_user, &same_all), SEC_E_OK);
    CHECK(same_user && same_all);
    release(back);
    /* Damage: cut, and numbers that lead out of it. */
    for (ULONG i = 0; i < size; i += 3)
        CHECK(unmarshal(i, bytes, &back) != SEC_E_OK);
    for (ULONG i = 0; i < size; i++)
        for (int value = 0; value < 256; value += 85) {
            char before = bytes[i];

            bytes[i] = (char)value;
            if (unmarshal(size, bytes, &back) == SEC_E_OK) {
                if (decode(back, &user, &domain, &password) == SEC_E_OK) {
                    local_free((void *)user);
                    local_free((void *)domain);
                    local_free((void *)password);
                }
                release(back);
            }
            bytes[i] = before;
        }
    local_free(bytes);
    CHECK_EQ(encode(L"USER", L"dom", L"Secret", &twin), SEC_E_OK);
    CHECK_EQ(compare(identity, twin, &same_user, &same_all), SEC_E_OK);
    CHECK(same_user && !same_all);
    zero(twin);
    release(twin);
    /* The plain structure is an identity, too. */
    CHECK_EQ(compare(identity, &plain, &same_user, &same_all), SEC_E_OK);
    CHECK(same_user && same_all);
    CHECK_EQ(copy(&plain, &twin), SEC_E_OK);
    CHECK_EQ(decode(twin, &user, &domain, &password), SEC_E_OK);
    CHECK(is(user, L"user") && is(domain, L"DOM") && is(password, L"secret"));
    release(twin);

    CHECK_EQ(prepare_read(identity, L"HTTP/server.example:80", &type, &name), SEC_E_OK);
    CHECK_EQ(type, CRED_TYPE_DOMAIN_PASSWORD);
    CHECK(is(name, L"server.example"));
    CHECK_EQ(prepare_write(identity, L"HTTP/server.example", &type, &name, &user, &blob, &size), SEC_E_OK);
    CHECK(is(name, L"server.example") && is(user, L"DOM\\user"));
    CHECK_EQ(size, 12);
    CHECK(!memcmp(blob, L"secret", 12));
    local_free(blob);
    release(identity);
}

static void as_credentials(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity;
    struct sspi_end client, server;

    CHECK(account_make(L"bob", L"pw"));
    CHECK_EQ(encode(L"bob", L"DOM", L"pw", &identity), SEC_E_OK);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(end_acquire(&client, L"NTLM", 0, identity, 0), SEC_E_OK);
        CHECK_EQ(end_acquire(&server, L"NTLM", 1, NULL, 0), SEC_E_OK);
        CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_OK);
        end_close(&client);
        end_close(&server);
        CHECK_EQ(encrypt(identity), i ? SEC_E_INVALID_PARAMETER : SEC_E_OK);
    }
    release(identity);
    CHECK(account_remove());
}

static void hosts(void)
{
    static const struct {
        const WCHAR *target, *host;
    } cases[] = {
        {L"HTTP/server.example", L"server.example"},
        {L"server.example", L"server.example"},
        {L"HTTP/server:8080", L"server"},
        {L"MSSQLSvc/db.example:1433", L"db.example"},
        {L"host/a.b/c", L"a.b"},
    };
    PWSTR host;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_EQ(host_name(cases[i].target, &host), SEC_E_OK);
        CHECK(is(host, cases[i].host));
    }
    CHECK_EQ(host_name(NULL, &host), SEC_E_INVALID_PARAMETER);
}

int main(void)
{
    get(&encode, "SspiEncodeStringsAsAuthIdentity");
    get(&decode, "SspiEncodeAuthIdentityAsStrings");
    get(&copy, "SspiCopyAuthIdentity");
    get(&compare, "SspiCompareAuthIdentities");
    get(&marshal, "SspiMarshalAuthIdentity");
    get(&unmarshal, "SspiUnmarshalAuthIdentity");
    get(&encrypt, "SspiEncryptAuthIdentity");
    get(&decrypt, "SspiDecryptAuthIdentity");
    get(&is_encrypted, "SspiIsAuthIdentityEncrypted");
    get(&validate, "SspiValidateAuthIdentity");
    get(&release, "SspiFreeAuthIdentity");
    get(&zero, "SspiZeroAuthIdentity");
    get(&local_free, "SspiLocalFree");
    get(&host_name, "SspiGetTargetHostName");
    get(&prepare_read, "SspiPrepareForCredRead");
    get(&prepare_write, "SspiPrepareForCredWrite");
    if (check_under_wine()) {
        if (encode && decode && release && local_free)
            texts();
        return check_done();
    }
    texts();
    blocks();
    as_credentials();
    hosts();
    return check_done();
}
