/*
 * Negotiate: do both ends agree on NTLM, whoever speaks first and whatever the client likes better; are raw tokens of
 * NTLM understood; and are damaged tokens refused?
 *
 * Not run under Wine, which has NTLM only with Samba's help.
 *
 * link: -lsecur32 -ladvapi32
 */
#include "sspi.h"

#define ALL                                                                                                            \
    (ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT | ISC_REQ_CONNECTION)

static struct sspi_end client, server;

static void open_both(const WCHAR *client_package, void *identity)
{
    CHECK_EQ(end_acquire(&client, client_package, 0, identity, ALL), SEC_E_OK);
    CHECK_EQ(end_acquire(&server, L"Negotiate", 1, NULL, 0), SEC_E_OK);
}

static void close_both(void)
{
    end_close(&client);
    end_close(&server);
}

static void package(void)
{
    SecPkgInfoA *info;

    CHECK_EQ(QuerySecurityPackageInfoA((char *)"negotiate", &info), SEC_E_OK);
    CHECK_STR(info->Name, "Negotiate");
    CHECK_STR(info->Comment, "Microsoft Package Negotiator");
    CHECK_EQ(info->wRPCID, RPC_C_AUTHN_GSS_NEGOTIATE);
    CHECK(info->cbMaxToken > 12000);
    CHECK(info->fCapabilities & SECPKG_FLAG_GSS_COMPATIBLE);
    FreeContextBuffer(info);
}

static void agreement(void)
{
    SecPkgContext_NegotiationInfoW info;
    SecPkgContext_PackageInfoW chosen;
    SecPkgContext_Sizes sizes;
    SecPkgContext_NamesA names;
    HANDLE token;

    open_both(L"Negotiate", NULL);
    CHECK_EQ(end_step(&client, 0, L"HTTP/x", NULL, 0), SEC_I_CONTINUE_NEEDED);
    CHECK_EQ(client.token[0], 0x60);
    CHECK_EQ(QueryContextAttributesW(&client.context, SECPKG_ATTR_NEGOTIATION_INFO, &info), SEC_E_OK);
    CHECK(info.NegotiationState != SECPKG_NEGOTIATION_COMPLETE);
    FreeContextBuffer(info.PackageInfo);
    CHECK_EQ(MakeSignature(&client.context, 0, NULL, 0), SEC_E_INVALID_HANDLE);
    CHECK_EQ(end_step(&server, 1, NULL, client.token, client.size), SEC_I_CONTINUE_NEEDED);
    CHECK_EQ(server.token[0], 0xa1);
    CHECK_EQ(end_step(&client, 0, L"HTTP/x", server.token, server.size), SEC_I_CONTINUE_NEEDED);
    CHECK_EQ(end_step(&server, 1, NULL, client.token, client.size), SEC_E_OK);
    CHECK(server.size > 0);
    CHECK_EQ(end_step(&client, 0, L"HTTP/x", server.token, server.size), SEC_E_OK);
    CHECK_EQ(client.size, 0);
    CHECK_EQ(client.attributes & ALL, ALL);
    CHECK_EQ(end_step(&client, 0, L"HTTP/x", server.token, server.size), SEC_E_OUT_OF_SEQUENCE);
    for (int i = 0; i < 2; i++) {
        CtxtHandle *context = i ? &server.context : &client.context;

        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_NEGOTIATION_INFO, &info), SEC_E_OK);
        CHECK(!lstrcmpW(info.PackageInfo->Name, L"NTLM"));
        CHECK_EQ(info.NegotiationState, SECPKG_NEGOTIATION_COMPLETE);
        FreeContextBuffer(info.PackageInfo);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_PACKAGE_INFO, &chosen), SEC_E_OK);
        CHECK(!lstrcmpW(chosen.PackageInfo->Name, L"NTLM"));
        FreeContextBuffer(chosen.PackageInfo);
        CHECK_EQ(QueryContextAttributesW(context, SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
        CHECK_EQ(sizes.cbMaxSignature, 16);
        CHECK_EQ(QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
        CHECK(strchr(names.sUserName, '\\') != NULL);
        FreeContextBuffer(names.sUserName);
    }
    CHECK_EQ(QuerySecurityContextToken(&server.context, &token), SEC_E_OK);
    CloseHandle(token);
    messages_pass(&client, &server, 16);
    messages_pass(&server, &client, 16);
    signatures_hold(&client, &server, 16);
    close_both();
}

static void passwords(void)
{
    SEC_WINNT_AUTH_IDENTITY_W identity = identity_of(L"bob", L"DOM", L"pw"), wrong = identity_of(L"bob", L"DOM", L"PW");

    CHECK(account_make(L"bob", L"pw"));
    open_both(L"Negotiate", &identity);
    CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_OK);
    messages_pass(&client, &server, 16);
    close_both();
    open_both(L"Negotiate", &wrong);
    CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_LOGON_DENIED);
    CHECK_EQ(end_step(&server, 1, NULL, client.token, client.size), SEC_E_OUT_OF_SEQUENCE);
    close_both();
    /* A client that does not know of SPNEGO. */
    open_both(L"NTLM", &identity);
    CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_OK);
    messages_pass(&server, &client, 16);
    close_both();
    open_both(L"NTLM", &wrong);
    CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_LOGON_DENIED);
    close_both();
}

/* The server's first word lists what it has. */
static void server_first(void)
{
    static const BYTE ntlm[] = {0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a};
    int found = 0;

    open_both(L"Negotiate", NULL);
    CHECK_EQ(end_step(&server, 1, NULL, NULL, 0), SEC_I_CONTINUE_NEEDED);
    CHECK_EQ(server.token[0], 0x60);
    for (ULONG i = 0; i + sizeof ntlm <= server.size; i++)
        found += !memcmp(server.token + i, ntlm, sizeof ntlm);
    CHECK_EQ(found, 1);
    CHECK_EQ(ends_shake(&client, &server, L"HTTP/x"), SEC_E_OK);
    messages_pass(&client, &server, 16);
    close_both();
}

static ULONG item(BYTE *out, BYTE tag, const BYTE *content, ULONG size)
{
    static BYTE copy[8192];
    ULONG at = 0;

    memcpy(copy, content, size);
    out[at++] = tag;
    if (size > 127) {
        out[at++] = 0x82;
        out[at++] = (BYTE)(size >> 8);
    }
    out[at++] = (BYTE)size;
    memcpy(out + at, copy, size);
    return at + size;
}

/* A client that likes something else better: the server asks for a signature under the list. */
static void second_choice(void)
{
    static const BYTE list[] = {0x30, 0x17, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x63,
                                0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a};
    static const BYTE spnego[] = {0x06, 0x06, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};
    BYTE message[8192], mic[16], part[8192];
    ULONG size, used;

    /* The first is nobody's; NTLM is spoken by a context of its own here. */
    CHECK_EQ(end_acquire(&client, L"NTLM", 0, NULL, ALL), SEC_E_OK);
    CHECK_EQ(end_acquire(&server, L"Negotiate", 1, NULL, 0), SEC_E_OK);
    size = item(message, 0xa0, list, sizeof list);
    message[size++] = 0xa2; /* a token of the first */
    message[size++] = 3;
    message[size++] = 4;
    message[size++] = 1;
    message[size++] = 'x';
    size = item(message, 0x30, message, size);
    size = item(message, 0xa0, message, size);
    memmove(message + sizeof spnego, message, size);
    memcpy(message, spnego, sizeof spnego);
    size = item(message, 0x60, message, size + sizeof spnego);
    CHECK_EQ(end_step(&server, 1, NULL, message, size), SEC_I_CONTINUE_NEEDED);
    CHECK(server.size > 10 && server.token[0] == 0xa1);
    CHECK_EQ(server.token[8], 3); /* request-mic */
    CHECK_EQ(end_step(&client, 0, NULL, NULL, 0), SEC_I_CONTINUE_NEEDED);
    size = item(message, 0x04, client.token, client.size);
    size = item(message, 0xa2, message, size);
    size = item(message, 0x30, message, size);
    size = item(message, 0xa1, message, size);
    CHECK_EQ(end_step(&server, 1, NULL, message, size), SEC_I_CONTINUE_NEEDED);
    for (used = 0; used + 8 < server.size && memcmp(server.token + used, "NTLMSSP", 8); used++)
        continue;
    CHECK_EQ(end_step(&client, 0, NULL, server.token + used, server.size - used), SEC_E_OK);
    used = item(part, 0x04, client.token, client.size);
    used = item(part, 0xa2, part, used);
    memcpy(message, part, used);
    size = item(message, 0x30, message, used);
    size = item(message, 0xa1, message, size);
    CHECK_EQ(end_step(&server, 1, NULL, message, size), SEC_I_CONTINUE_NEEDED); /* the signature is missing */
    SecBuffer parts[2] = {{sizeof list, SECBUFFER_DATA, (void *)list}, {16, SECBUFFER_TOKEN, mic}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, parts};
    CHECK_EQ(MakeSignature(&client.context, 0, &desc, 0), SEC_E_OK);
    size = item(message, 0x04, mic, 16);
    size = item(message, 0xa3, message, size);
    size = item(message, 0x30, message, size);
    size = item(message, 0xa1, message, size);
    CHECK_EQ(end_step(&server, 1, NULL, message, size), SEC_E_OK);
    CHECK_EQ(server.token[8], 0); /* accept-completed */
    close_both();
}

static void damaged(void)
{
    static const char *const junk[] = {"",
                                       "\x60",
                                       "\x60\x80",
                                       "\x60\x84\xff\xff\xff\xff",
                                       "\xa1\x00",
                                       "\xa1\x02\x30\x00",
                                       "\xa0\x02\x30\x00",
                                       "NTLMSSP",
                                       "\x60\x06\x06\x04\x01\x02\x03\x04",
                                       "\x30\x03\x02\x01"};
    SEC_WINNT_AUTH_IDENTITY_W identity = identity_of(L"erin", L"DOM", L"y");
    static BYTE copy[16384];
    ULONG size, accepted = 0;

    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        open_both(L"Negotiate", NULL);
        CHECK(end_step(&server, 1, NULL, junk[i], (ULONG)strlen(junk[i]) + (i > 0)) < 0 || !*junk[i]);
        end_step(&client, 0, NULL, NULL, 0);
        CHECK(end_step(&client, 0, NULL, junk[i], (ULONG)strlen(junk[i]) + 1) < 0 || i == 5);
        close_both();
    }
    CHECK(account_make(L"erin", L"y"));
    for (int which = 0; which < 4; which++) {
        ULONG most = 400;

        for (ULONG i = 0; i < most; i++) {
            open_both(L"Negotiate", &identity);
            end_step(&client, 0, L"HTTP/x", NULL, 0);
            for (int message = 0; message < 4; message++) {
                struct sspi_end *from = message & 1 ? &server : &client, *to = message & 1 ? &client : &server;

                memcpy(copy, from->token, size = from->size);
                if (message == which) {
                    most = size * 2;
                    if (i < size)
                        copy[i] ^= 0xff;
                    else
                        size = i - size;
                }
                if (end_step(to, !(message & 1), L"HTTP/x", copy, size) < 0)
                    break;
            }
            /* If a signature was lost on the way, the next is out of sequence. */
            if (server.status == SEC_E_OK && client.status == SEC_E_OK) {
                BYTE mac[16];
                SecBuffer parts[2] = {{4, SECBUFFER_DATA, "text"}, {16, SECBUFFER_TOKEN, mac}};
                SecBufferDesc desc = {SECBUFFER_VERSION, 2, parts};
                SECURITY_STATUS status;

                accepted++;
                CHECK_EQ(MakeSignature(&client.context, 0, &desc, 0), SEC_E_OK);
                status = VerifySignature(&server.context, &desc, 0, NULL);
                CHECK(status == SEC_E_OK || status == SEC_E_OUT_OF_SEQUENCE);
            }
            close_both();
        }
    }
    /* A few bytes mean nothing: tags of SPNEGO's own that are passed over. */
    CHECK(accepted < 40);
    CHECK(account_remove());
}

int main(void)
{
    if (check_under_wine()) {
        CHECK(1);
        return check_done();
    }
    package();
    agreement();
    passwords();
    server_first();
    second_choice();
    damaged();
    return check_done();
}
