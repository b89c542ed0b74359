/*
 * sspi.h: two ends of a security context in one program, for tests of secur32.
 */
#ifndef SSPI_TEST_H
#define SSPI_TEST_H

#include "check.h"
#define SECURITY_WIN32
#include <sspi.h>
#include <security.h>
#include <secext.h>
#include <wincred.h>

struct sspi_end {
    CredHandle credentials;
    CtxtHandle context;
    int have;
    SECURITY_STATUS status;
    ULONG requested, attributes;
    BYTE token[16384]; /* what it said last */
    ULONG size;
    SecBuffer more[2]; /* handed in beside the token: channel bindings */
    ULONG more_count;
};

static SECURITY_STATUS end_acquire(struct sspi_end *end, const WCHAR *package, int server, void *identity,
                                   ULONG requested)
{
    memset(end, 0, sizeof *end);
    end->requested = requested;
    return AcquireCredentialsHandleW(NULL, (WCHAR *)package, server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND, NULL,
                                     identity, NULL, NULL, &end->credentials, NULL);
}

/* One call with what the other end said (size 0 and first: nothing). */
static SECURITY_STATUS end_step(struct sspi_end *end, int server, const WCHAR *target, const void *token, ULONG size)
{
    SecBuffer in[3] = {{size, SECBUFFER_TOKEN, (void *)token}}, out = {sizeof end->token, SECBUFFER_TOKEN, end->token};
    SecBufferDesc ind = {SECBUFFER_VERSION, 1, in}, outd = {SECBUFFER_VERSION, 1, &out};

    for (ULONG i = 0; i < end->more_count; i++)
        in[ind.cBuffers++] = end->more[i];
    if (server)
        end->status = AcceptSecurityContext(&end->credentials, end->have ? &end->context : NULL, &ind, end->requested,
                                            SECURITY_NATIVE_DREP, &end->context, &outd, &end->attributes, NULL);
    else
        end->status = InitializeSecurityContextW(&end->credentials, end->have ? &end->context : NULL, (WCHAR *)target,
                                                 end->requested, 0, SECURITY_NATIVE_DREP, token ? &ind : NULL, 0,
                                                 &end->context, &outd, &end->attributes, NULL);
    end->have = end->have || end->status >= 0;
    end->size = out.cbBuffer;
    return end->status;
}

/* All of it; returns the status of the end that failed, or SEC_E_OK. */
static SECURITY_STATUS ends_shake(struct sspi_end *client, struct sspi_end *server, const WCHAR *target)
{
    end_step(client, 0, target, NULL, 0);
    for (int i = 0; i < 6 && client->status >= 0; i++) {
        if (end_step(server, 1, NULL, client->token, client->size) < 0)
            return server->status;
        if (server->status == SEC_E_OK && client->status == SEC_E_OK)
            return SEC_E_OK;
        if (server->size)
            end_step(client, 0, target, server->token, server->size);
        if (client->status == SEC_E_OK && server->status == SEC_E_OK)
            return SEC_E_OK;
    }
    return client->status < 0 ? client->status : SEC_E_INTERNAL_ERROR;
}

static void end_close(struct sspi_end *end)
{
    if (end->have)
        CHECK_EQ(DeleteSecurityContext(&end->context), SEC_E_OK);
    CHECK_EQ(FreeCredentialsHandle(&end->credentials), SEC_E_OK);
    memset(end, 0, sizeof *end);
}

static SEC_WINNT_AUTH_IDENTITY_W identity_of(const WCHAR *user, const WCHAR *domain, const WCHAR *password)
{
    SEC_WINNT_AUTH_IDENTITY_W identity = {
        .User = (unsigned short *)user,
        .UserLength = (ULONG)lstrlenW(user),
        .Domain = (unsigned short *)domain,
        .DomainLength = (ULONG)lstrlenW(domain),
        .Password = (unsigned short *)password,
        .PasswordLength = (ULONG)lstrlenW(password),
        .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE,
    };

    return identity;
}

/* An account that this computer knows: its password is stored for the computer's own name. */
static BOOL account_make(const WCHAR *user, const WCHAR *password)
{
    WCHAR computer[64];
    DWORD size = 64;
    CREDENTIALW stored = {
        .Type = CRED_TYPE_DOMAIN_PASSWORD,
        .TargetName = computer,
        .UserName = (WCHAR *)user,
        .CredentialBlob = (BYTE *)password,
        .CredentialBlobSize = (DWORD)lstrlenW(password) * 2,
        .Persist = CRED_PERSIST_SESSION,
    };

    return GetComputerNameW(computer, &size) && CredWriteW(&stored, 0);
}

static BOOL account_remove(void)
{
    WCHAR computer[64];
    DWORD size = 64;

    return GetComputerNameW(computer, &size) && CredDeleteW(computer, CRED_TYPE_DOMAIN_PASSWORD, 0);
}

/* Seals a text at one end and opens it at the other. */
static void messages_pass(struct sspi_end *from, struct sspi_end *to, ULONG trailer)
{
    char text[64] = "The quick brown fox", plain[64];
    BYTE token[256], whole[512];
    SecBuffer parts[3] = {{trailer, SECBUFFER_TOKEN, token}, {20, SECBUFFER_DATA, text}, {0, SECBUFFER_PADDING, NULL}};
    BYTE padding[256];
    SecBufferDesc desc = {SECBUFFER_VERSION, 3, parts}, stream_desc;
    SecBuffer stream[2];
    ULONG quality = 99;

    memcpy(plain, text, 64);
    parts[2].pvBuffer = padding;
    parts[2].cbBuffer = sizeof padding;
    CHECK_EQ(EncryptMessage(&from->context, 0, &desc, 0), SEC_E_OK);
    CHECK(memcmp(text, plain, 20) != 0);
    CHECK_EQ(parts[1].cbBuffer, 20);
    CHECK(parts[0].cbBuffer <= trailer && parts[0].cbBuffer >= 16);
    memcpy(whole, token, parts[0].cbBuffer);
    memcpy(whole + parts[0].cbBuffer, text, 20);
    memcpy(whole + parts[0].cbBuffer + 20, padding, parts[2].cbBuffer);
    stream[0] = (SecBuffer){parts[0].cbBuffer + 20 + parts[2].cbBuffer, SECBUFFER_STREAM, whole};
    stream[1] = (SecBuffer){0, SECBUFFER_DATA, NULL};
    stream_desc = (SecBufferDesc){SECBUFFER_VERSION, 2, stream};
    CHECK_EQ(DecryptMessage(&to->context, &stream_desc, 0, &quality), SEC_E_OK);
    CHECK_EQ(quality, 0);
    CHECK_EQ(stream[1].cbBuffer, 20);
    CHECK(stream[1].pvBuffer && !memcmp(stream[1].pvBuffer, plain, 20));
}

/* Signs; then what was signed is changed; `signature` is the most that one has. */
static void signatures_hold(struct sspi_end *from, struct sspi_end *to, ULONG signature)
{
    char text[64] = "signed, not sealed";
    BYTE token[256], first[256];
    SecBuffer parts[2] = {{18, SECBUFFER_DATA, text}, {signature, SECBUFFER_TOKEN, token}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, parts};
    ULONG quality = 99;

    CHECK_EQ(MakeSignature(&from->context, 0, &desc, 0), SEC_E_OK);
    CHECK(!strcmp(text, "signed, not sealed"));
    CHECK_EQ(VerifySignature(&to->context, &desc, 0, &quality), SEC_E_OK);
    CHECK_EQ(quality, 0);
    memcpy(first, token, sizeof first);
    parts[1].cbBuffer = signature;
    CHECK_EQ(MakeSignature(&from->context, 0, &desc, 0), SEC_E_OK);
    text[3] ^= 1;
    CHECK_EQ(VerifySignature(&to->context, &desc, 0, &quality), SEC_E_MESSAGE_ALTERED);
    parts[1].cbBuffer = 4;
    CHECK_EQ(MakeSignature(&from->context, 0, &desc, 0), SEC_E_BUFFER_TOO_SMALL);
    desc.cBuffers = 1;
    CHECK_EQ(MakeSignature(&from->context, 0, &desc, 0), SEC_E_INVALID_TOKEN);
}

#endif
