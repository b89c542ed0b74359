/*
 * Do Schannel's two ends understand each other: handshakes by TLS 1.2 and 1.3, whatever way the bytes are cut;
 * messages, the end, ALPN, the attributes; and does a client refuse a server that nobody vouches for?
 *
 * link: -lsecur32 -lcrypt32
 */
#include "check.h"
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS
#include <subauth.h>
#include <security.h>
#include <schannel.h>
#include "certs.h"

static PCCERT_CONTEXT server_cert;
static HCERTSTORE roots;

struct end {
    CredHandle credentials;
    CtxtHandle context;
    int server, have, done;
    SECURITY_STATUS status;
    BYTE in[65536]; /* what has come and is not used yet */
    DWORD in_size;
    DWORD flags;
    const BYTE *alpn;
    DWORD alpn_size;
    int asked;             /* how often a certificate was missed */
    PCCERT_CONTEXT answer; /* what is given then; NULL: none */
};

static SECURITY_STATUS acquire(struct end *end, int server, DWORD protocols, DWORD flags, HCERTSTORE trusted)
{
    SCHANNEL_CRED cred = {SCHANNEL_CRED_VERSION};

    cred.cCreds = server ? 1 : 0;
    cred.paCred = server ? &server_cert : NULL;
    cred.hRootStore = trusted;
    cred.grbitEnabledProtocols = protocols;
    cred.dwFlags = flags;
    memset(end, 0, sizeof *end);
    end->server = server;
    end->flags = ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT | ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY |
                 ISC_REQ_STREAM;
    return AcquireCredentialsHandleA(NULL, UNISP_NAME_A, server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND, NULL,
                                     &cred, NULL, NULL, &end->credentials, NULL);
}

/* New credentials, with a certificate. */
static void bring(struct end *end)
{
    SCHANNEL_CRED cred = {SCHANNEL_CRED_VERSION, 1, &end->answer};
    CredHandle before = end->credentials;

    cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_DEFAULT_CREDS;
    CHECK_EQ(AcquireCredentialsHandleA(NULL, UNISP_NAME_A, SECPKG_CRED_OUTBOUND, NULL, &cred, NULL, NULL,
                                       &end->credentials, NULL),
             SEC_E_OK);
    CHECK_EQ(FreeCredentialsHandle(&before), SEC_E_OK);
}

/* One call; what comes out goes to the other end. */
static void step(struct end *end, struct end *other)
{
    SecBuffer in[2] = {{end->in_size, SECBUFFER_TOKEN, end->in}, {0, SECBUFFER_EMPTY, NULL}};
    SecBuffer first = {end->alpn_size, SECBUFFER_APPLICATION_PROTOCOLS, (void *)end->alpn};
    SecBuffer out[1] = {{0, SECBUFFER_TOKEN, NULL}};
    SecBufferDesc ind = {SECBUFFER_VERSION, 2, in}, outd = {SECBUFFER_VERSION, 1, out},
                  firstd = {SECBUFFER_VERSION, 1, &first};
    SecBuffer three[3] = {in[0], in[1], first};
    ULONG attributes;

    if (end->server) {
        if (!end->have && end->alpn) {
            ind.cBuffers = 3;
            ind.pBuffers = three;
        }
        end->status = AcceptSecurityContext(&end->credentials, end->have ? &end->context : NULL, &ind, end->flags, 0,
                                            &end->context, &outd, &attributes, NULL);
    } else {
        end->status = InitializeSecurityContextA(&end->credentials, end->have ? &end->context : NULL,
                                                 (SEC_CHAR *)"localhost", end->flags, 0, 0,
                                                 end->have   ? &ind
                                                 : end->alpn ? &firstd
                                                             : NULL,
                                                 0, &end->context, &outd, &attributes, NULL);
    }
    if (end->status == SEC_E_INCOMPLETE_MESSAGE)
        return;
    if (end->status >= 0)
        end->have = 1;
    if (end->status == SEC_I_INCOMPLETE_CREDENTIALS) { /* what came is given once more */
        CHECK_EQ(out[0].cbBuffer, 0);
        CHECK_EQ(ind.pBuffers[0].cbBuffer, end->in_size);
        CHECK(ind.pBuffers[1].BufferType == SECBUFFER_EMPTY);
        end->asked++;
        if (end->answer)
            bring(end);
        CHECK(end->asked < 3);
        if (end->asked < 3)
            step(end, other);
        return;
    }
    SecBuffer *extra = ind.pBuffers[1].BufferType == SECBUFFER_EXTRA ? &ind.pBuffers[1] : NULL;
    if (extra) {
        memmove(end->in, end->in + end->in_size - extra->cbBuffer, extra->cbBuffer);
        end->in_size = extra->cbBuffer;
    } else {
        end->in_size = 0;
    }
    if (out[0].pvBuffer && out[0].cbBuffer) {
        memcpy(other->in + other->in_size, out[0].pvBuffer, out[0].cbBuffer);
        other->in_size += out[0].cbBuffer;
        FreeContextBuffer(out[0].pvBuffer);
    }
    if (end->status == SEC_E_OK)
        end->done = 1;
}

/* Gives an end what has come for it, `cut` bytes at a time. */
static void feed(struct end *end, struct end *other, DWORD cut)
{
    static BYTE pending[65536];
    DWORD size = end->in_size, given = 0;

    if (!cut || size <= cut) {
        step(end, other);
        return;
    }
    memcpy(pending, end->in, size);
    end->in_size = 0;
    while (given < size && !end->done && end->status >= 0) {
        DWORD part = size - given < cut ? size - given : cut;

        memcpy(end->in + end->in_size, pending + given, part);
        end->in_size += part;
        given += part;
        step(end, other);
        if (end->status == SEC_E_INCOMPLETE_MESSAGE)
            end->status = SEC_I_CONTINUE_NEEDED;
    }
    memcpy(end->in + end->in_size, pending + given, size - given);
    end->in_size += size - given;
}

static void shake(struct end *client, struct end *server, DWORD cut)
{
    step(client, server);
    CHECK_EQ(client->status, SEC_I_CONTINUE_NEEDED);
    for (int i = 0; i < 10 && !(client->done && server->done); i++) {
        if (server->in_size && !server->done)
            feed(server, client, cut);
        if (server->status < 0)
            break;
        if (client->in_size && !client->done)
            feed(client, server, cut);
        if (client->status < 0)
            break;
    }
}

static void close_both(struct end *client, struct end *server)
{
    if (client->have)
        CHECK_EQ(DeleteSecurityContext(&client->context), SEC_E_OK);
    if (server->have)
        CHECK_EQ(DeleteSecurityContext(&server->context), SEC_E_OK);
    CHECK_EQ(FreeCredentialsHandle(&client->credentials), SEC_E_OK);
    CHECK_EQ(FreeCredentialsHandle(&server->credentials), SEC_E_OK);
}

/* A message from one end to the other; returns the record's size. */
static DWORD send_text(struct end *from, struct end *to, const char *text, DWORD length)
{
    SecPkgContext_StreamSizes sizes;
    SecBuffer buffers[4];
    SecBufferDesc desc = {SECBUFFER_VERSION, 4, buffers};
    BYTE *block;

    CHECK_EQ(QueryContextAttributesA(&from->context, SECPKG_ATTR_STREAM_SIZES, &sizes), SEC_E_OK);
    CHECK_EQ(sizes.cbMaximumMessage, 16384);
    block = malloc(sizes.cbHeader + length + sizes.cbTrailer);
    memcpy(block + sizes.cbHeader, text, length);
    buffers[0] = (SecBuffer){sizes.cbHeader, SECBUFFER_STREAM_HEADER, block};
    buffers[1] = (SecBuffer){length, SECBUFFER_DATA, block + sizes.cbHeader};
    buffers[2] = (SecBuffer){sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, block + sizes.cbHeader + length};
    buffers[3] = (SecBuffer){0, SECBUFFER_EMPTY, NULL};
    CHECK_EQ(EncryptMessage(&from->context, 0, &desc, 0), SEC_E_OK);
    DWORD total = buffers[0].cbBuffer + buffers[1].cbBuffer + buffers[2].cbBuffer;
    CHECK(total > length);
    CHECK(length < 4 || memcmp(block + sizes.cbHeader, text, length) != 0);
    memcpy(to->in + to->in_size, block, total);
    to->in_size += total;
    free(block);
    return total;
}

static SECURITY_STATUS receive(struct end *end, char *text, DWORD *length)
{
    SecBuffer buffers[4] = {{end->in_size, SECBUFFER_DATA, end->in}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 4, buffers};
    SECURITY_STATUS status = DecryptMessage(&end->context, &desc, 0, NULL);
    DWORD rest = 0;

    *length = 0;
    if (status == SEC_E_INCOMPLETE_MESSAGE)
        return status;
    for (int i = 0; i < 4; i++) {
        if (buffers[i].BufferType == SECBUFFER_DATA && status == SEC_E_OK) {
            memcpy(text, buffers[i].pvBuffer, buffers[i].cbBuffer);
            *length = buffers[i].cbBuffer;
        }
        if (buffers[i].BufferType == SECBUFFER_EXTRA)
            rest = buffers[i].cbBuffer;
    }
    memmove(end->in, end->in + end->in_size - rest, rest);
    end->in_size = rest;
    return status;
}

static void end_session(struct end *end, struct end *other)
{
    DWORD type = SCHANNEL_SHUTDOWN;
    SecBuffer buffer = {sizeof type, SECBUFFER_TOKEN, &type};
    SecBufferDesc desc = {SECBUFFER_VERSION, 1, &buffer};

    CHECK_EQ(ApplyControlToken(&end->context, &desc), SEC_E_OK);
    end->in_size = 0;
    step(end, other);
    CHECK(end->status == SEC_E_OK);
}

static void talk(DWORD client_protocol, DWORD server_protocol, DWORD version, DWORD cut)
{
    struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);
    static char text[20000], big[16384];
    DWORD length, size;
    SecPkgContext_ConnectionInfo info;
    SecPkgContext_CipherInfo cipher = {1};
    SecPkgContext_StreamSizes sizes;
    PCCERT_CONTEXT cert = NULL;

    CHECK_EQ(acquire(client, 0, client_protocol, SCH_CRED_NO_DEFAULT_CREDS, roots), SEC_E_OK);
    CHECK_EQ(acquire(server, 1, server_protocol, 0, NULL), SEC_E_OK);
    shake(client, server, cut);
    CHECK_EQ(client->status, SEC_E_OK);
    CHECK_EQ(server->status, SEC_E_OK);
    CHECK(client->done && server->done);
    if (!client->done || !server->done)
        exit(check_done());
    CHECK_EQ(QueryContextAttributesA(&client->context, SECPKG_ATTR_CONNECTION_INFO, &info), SEC_E_OK);
    CHECK_EQ(info.dwProtocol, client_protocol);
    CHECK(info.dwCipherStrength >= 128);
    CHECK_EQ(QueryContextAttributesA(&server->context, SECPKG_ATTR_CONNECTION_INFO, &info), SEC_E_OK);
    CHECK_EQ(info.dwProtocol, server_protocol);
    CHECK_EQ(QueryContextAttributesW(&client->context, SECPKG_ATTR_CIPHER_INFO, &cipher), SEC_E_OK);
    CHECK_EQ(cipher.dwProtocol, version);
    CHECK(cipher.dwCipherSuite != 0);
    CHECK(!memcmp(cipher.szCipherSuite, L"TLS_", 8));
    CHECK_EQ(QueryContextAttributesA(&client->context, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert), SEC_E_OK);
    CHECK(cert && cert->cbCertEncoded == sizeof leaf_der);
    CertFreeCertificateContext(cert);
    CHECK_EQ(QueryContextAttributesA(&client->context, 0xfff0, &cert), SEC_E_UNSUPPORTED_FUNCTION);

    send_text(client, server, "hello", 5);
    CHECK_EQ(receive(server, text, &length), SEC_E_OK);
    CHECK(length == 5 && !memcmp(text, "hello", 5));
    CHECK_EQ(server->in_size, 0);
    /* Two at once, and a part of one. */
    send_text(server, client, "first", 5);
    size = send_text(server, client, "second one", 10);
    client->in_size -= size - 3;
    CHECK_EQ(receive(client, text, &length), SEC_E_OK);
    CHECK(length == 5 && !memcmp(text, "first", 5));
    CHECK_EQ(client->in_size, 3);
    CHECK_EQ(receive(client, text, &length), SEC_E_INCOMPLETE_MESSAGE);
    memmove(client->in, client->in, 3);
    client->in_size += size - 3;
    (void)size;
    /* The rest lies where it was written before; only what has moved is missing. */
    close_both(client, server);

    CHECK_EQ(acquire(client, 0, client_protocol, SCH_CRED_NO_DEFAULT_CREDS, roots), SEC_E_OK);
    CHECK_EQ(acquire(server, 1, server_protocol, 0, NULL), SEC_E_OK);
    shake(client, server, 0);
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7);
    for (DWORD n = 1; n <= 16384; n *= 4) {
        send_text(client, server, big, n);
        CHECK_EQ(receive(server, text, &length), SEC_E_OK);
        CHECK(length == n && !memcmp(text, big, n));
        send_text(server, client, big, n);
        CHECK_EQ(receive(client, text, &length), SEC_E_OK);
        CHECK(length == n && !memcmp(text, big, n));
    }
    /* A byte that is not what it was. */
    send_text(client, server, "hello", 5);
    server->in[12] ^= 1;
    CHECK(receive(server, text, &length) < 0);
    close_both(client, server);

    CHECK_EQ(acquire(client, 0, client_protocol, SCH_CRED_NO_DEFAULT_CREDS, roots), SEC_E_OK);
    CHECK_EQ(acquire(server, 1, server_protocol, 0, NULL), SEC_E_OK);
    shake(client, server, 0);
    send_text(client, server, "bye", 3);
    end_session(client, server);
    CHECK_EQ(receive(server, text, &length), SEC_E_OK);
    CHECK_EQ(length, 3);
    CHECK_EQ(receive(server, text, &length), SEC_I_CONTEXT_EXPIRED);
    CHECK_EQ(QueryContextAttributesA(&client->context, SECPKG_ATTR_STREAM_SIZES, &sizes), SEC_E_OK);
    close_both(client, server);
    free(client);
    free(server);
}

static void alpn(void)
{
    struct {
        ULONG size, ext;
        USHORT list;
        BYTE names[12];
    } __attribute__((packed)) offer = {4 + 2 + 12, SecApplicationProtocolNegotiationExt_ALPN, 12, "\2h2\10http/1.1"},
                              only = {4 + 2 + 9, SecApplicationProtocolNegotiationExt_ALPN, 9, "\10http/1.1"};
    struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);
    SecPkgContext_ApplicationProtocol got;

    acquire(client, 0, SP_PROT_TLS1_2_CLIENT, SCH_CRED_MANUAL_CRED_VALIDATION, NULL);
    acquire(server, 1, SP_PROT_TLS1_2_SERVER, 0, NULL);
    client->alpn = (BYTE *)&offer;
    client->alpn_size = sizeof offer;
    server->alpn = (BYTE *)&only;
    server->alpn_size = sizeof only;
    shake(client, server, 0);
    CHECK_EQ(client->status, SEC_E_OK);
    CHECK_EQ(QueryContextAttributesA(&client->context, SECPKG_ATTR_APPLICATION_PROTOCOL, &got), SEC_E_OK);
    CHECK_EQ(got.ProtoNegoStatus, SecApplicationProtocolNegotiationStatus_Success);
    CHECK_EQ(got.ProtocolIdSize, 8);
    CHECK(!memcmp(got.ProtocolId, "http/1.1", 8));
    CHECK_EQ(QueryContextAttributesA(&server->context, SECPKG_ATTR_APPLICATION_PROTOCOL, &got), SEC_E_OK);
    CHECK_EQ(got.ProtocolIdSize, 8);
    close_both(client, server);
    free(client);
    free(server);
}

/* The server asks for the client's certificate: it comes, or it does not. */
/* with 0: no certificate, 1: one from the beginning, 2: one when it is asked for. */
static void mutual(DWORD client_protocol, DWORD server_protocol, int with, DWORD cut)
{
    struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);
    SCHANNEL_CRED cred = {SCHANNEL_CRED_VERSION};
    PCCERT_CONTEXT cert = NULL;
    char text[64];
    DWORD length;

    acquire(server, 1, server_protocol, 0, NULL);
    server->flags |= ASC_REQ_MUTUAL_AUTH;
    acquire(client, 0, client_protocol, 0, NULL);
    FreeCredentialsHandle(&client->credentials);
    cred.cCreds = with == 1 ? 1 : 0;
    cred.paCred = &server_cert;
    cred.grbitEnabledProtocols = client_protocol;
    cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_DEFAULT_CREDS;
    CHECK_EQ(AcquireCredentialsHandleA(NULL, UNISP_NAME_A, SECPKG_CRED_OUTBOUND, NULL, &cred, NULL, NULL,
                                       &client->credentials, NULL),
             SEC_E_OK);
    if (with == 2)
        client->answer = server_cert;
    shake(client, server, cut);
    CHECK_EQ(client->status, SEC_E_OK);
    CHECK_EQ(server->status, SEC_E_OK);
    CHECK_EQ(client->asked, with != 1 && client_protocol == SP_PROT_TLS1_2_CLIENT);
    with = with != 0;
    SECURITY_STATUS status = QueryContextAttributesA(&server->context, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert);
    CHECK_EQ(status, with ? SEC_E_OK : SEC_E_NO_CREDENTIALS);
    CHECK((cert != NULL) == with);
    CHECK(!cert || cert->cbCertEncoded == sizeof leaf_der);
    CertFreeCertificateContext(cert);
    cert = NULL;
    status = QueryContextAttributesA(&client->context, SECPKG_ATTR_LOCAL_CERT_CONTEXT, &cert);
    CHECK((cert != NULL) == with);
    CertFreeCertificateContext(cert);
    send_text(client, server, "hello", 5);
    CHECK_EQ(receive(server, text, &length), SEC_E_OK);
    CHECK_EQ(length, 5);
    close_both(client, server);
    free(client);
    free(server);
}

/* A client that says beforehand that it has none; one that leaves the choice, with a store that has one. */
static void unasked(void)
{
    HCERTSTORE store = CertOpenSystemStoreW(0, L"MY");
    PCCERT_CONTEXT cert;

    for (int i = 0; i < 3; i++) {
        struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);

        if (i == 2)
            CHECK(CertAddCertificateContextToStore(store, server_cert, CERT_STORE_ADD_ALWAYS, NULL));
        acquire(server, 1, SP_PROT_TLS1_2_SERVER, 0, NULL);
        server->flags |= ASC_REQ_MUTUAL_AUTH;
        acquire(client, 0, SP_PROT_TLS1_2_CLIENT, SCH_CRED_MANUAL_CRED_VALIDATION | (i ? 0 : SCH_CRED_NO_DEFAULT_CREDS),
                NULL);
        if (!i)
            client->flags |= ISC_REQ_USE_SUPPLIED_CREDS;
        shake(client, server, 0);
        CHECK_EQ(client->status, SEC_E_OK);
        CHECK_EQ(server->status, SEC_E_OK);
        CHECK_EQ(client->asked, 0);
        cert = NULL;
        CHECK_EQ(QueryContextAttributesA(&server->context, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert),
                 i == 2 ? SEC_E_OK : SEC_E_NO_CREDENTIALS);
        CertFreeCertificateContext(cert);
        close_both(client, server);
        free(client);
        free(server);
    }
    while ((cert = CertEnumCertificatesInStore(store, NULL)))
        CertDeleteCertificateFromStore(cert);
    CertCloseStore(store, 0);
}

static void bindings(void)
{
    struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);
    SecPkgContext_Bindings a, b;

    acquire(client, 0, SP_PROT_TLS1_2_CLIENT, SCH_CRED_MANUAL_CRED_VALIDATION, NULL);
    acquire(server, 1, SP_PROT_TLS1_2_SERVER, 0, NULL);
    shake(client, server, 0);
    for (DWORD kind = SECPKG_ATTR_UNIQUE_BINDINGS; kind <= SECPKG_ATTR_ENDPOINT_BINDINGS; kind++) {
        CHECK_EQ(QueryContextAttributesA(&client->context, kind, &a), SEC_E_OK);
        CHECK_EQ(QueryContextAttributesA(&server->context, kind, &b), SEC_E_OK);
        CHECK(a.BindingsLength == b.BindingsLength && a.BindingsLength > sizeof(SEC_CHANNEL_BINDINGS));
        CHECK(!memcmp(a.Bindings, b.Bindings, a.BindingsLength));
        FreeContextBuffer(a.Bindings);
        FreeContextBuffer(b.Bindings);
    }
    close_both(client, server);
    free(client);
    free(server);
}

static void refused(void)
{
    struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);

    acquire(client, 0, SP_PROT_TLS1_2_CLIENT, SCH_CRED_NO_DEFAULT_CREDS, NULL);
    acquire(server, 1, SP_PROT_TLS1_2_SERVER, 0, NULL);
    shake(client, server, 0);
    CHECK_EQ(client->status, SEC_E_UNTRUSTED_ROOT);
    close_both(client, server);
    /* Without a version in common. */
    acquire(client, 0, SP_PROT_TLS1_2_CLIENT, SCH_CRED_MANUAL_CRED_VALIDATION, NULL);
    acquire(server, 1, SP_PROT_TLS1_3_SERVER, 0, NULL);
    shake(client, server, 0);
    CHECK(client->status < 0 || server->status < 0);
    close_both(client, server);
    /* Nonsense. */
    acquire(client, 0, SP_PROT_TLS1_2_CLIENT, SCH_CRED_MANUAL_CRED_VALIDATION, NULL);
    acquire(server, 1, SP_PROT_TLS1_2_SERVER, 0, NULL);
    memcpy(server->in, "GET / HTTP/1.1\r\n\r\n", 18);
    server->in_size = 18;
    step(server, client);
    CHECK(server->status < 0);
    close_both(client, server);
    CHECK_EQ(DeleteSecurityContext(&client->context), SEC_E_INVALID_HANDLE);
    CHECK_EQ(FreeCredentialsHandle(&client->credentials), SEC_E_INVALID_HANDLE);
    free(client);
    free(server);
}

static void packages(void)
{
    PSecPkgInfoA info, list;
    PSecPkgInfoW wide;
    CredHandle handle;
    ULONG count;
    PSecurityFunctionTableW table = InitSecurityInterfaceW();
    int found = 0;

    CHECK(table != NULL && table->dwVersion >= 1);
    CHECK(table->InitializeSecurityContextW != NULL && table->EncryptMessage != NULL && table->DecryptMessage != NULL);
    CHECK(InitSecurityInterfaceA() != NULL);
    CHECK_EQ(QuerySecurityPackageInfoA((SEC_CHAR *)UNISP_NAME_A, &info), SEC_E_OK);
    CHECK_STR(info->Name, UNISP_NAME_A);
    CHECK(info->cbMaxToken >= 16384);
    CHECK(info->fCapabilities & SECPKG_FLAG_STREAM);
    CHECK_EQ(FreeContextBuffer(info), SEC_E_OK);
    CHECK_EQ(table->QuerySecurityPackageInfoW((SEC_WCHAR *)L"schannel", &wide), SEC_E_OK);
    FreeContextBuffer(wide);
    CHECK_EQ(QuerySecurityPackageInfoA((SEC_CHAR *)"nonesuch", &info), SEC_E_SECPKG_NOT_FOUND);
    CHECK_EQ(EnumerateSecurityPackagesA(&count, &list), SEC_E_OK);
    for (ULONG i = 0; i < count; i++)
        found += !strcmp(list[i].Name, UNISP_NAME_A);
    CHECK_EQ(found, 1);
    FreeContextBuffer(list);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, (SEC_CHAR *)"nonesuch", SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                       &handle, NULL),
             SEC_E_SECPKG_NOT_FOUND);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, UNISP_NAME_A, SECPKG_CRED_INBOUND, NULL, NULL, NULL, NULL, &handle, NULL),
             SEC_E_NO_CREDENTIALS);
    CHECK_EQ(AcquireCredentialsHandleA(NULL, UNISP_NAME_A, SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL, &handle, NULL),
             SEC_E_OK);
    CHECK_EQ(FreeCredentialsHandle(&handle), SEC_E_OK);
}

static void modern(void)
{
    TLS_PARAMETERS parameters = {.grbitDisabledProtocols = SP_PROT_TLS1_3_CLIENT};
    SCH_CREDENTIALS cred = {.dwVersion = SCH_CREDENTIALS_VERSION, .dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION};
    struct end *client = malloc(sizeof *client), *server = malloc(sizeof *server);

    for (int i = 0; i < 2; i++) {
        SecPkgContext_ConnectionInfo info;

        acquire(server, 1, SP_PROT_TLS1_2_SERVER | SP_PROT_TLS1_3_SERVER, 0, NULL);
        acquire(client, 0, SP_PROT_TLS1_2_CLIENT, 0, NULL);
        FreeCredentialsHandle(&client->credentials);
        cred.cTlsParameters = i;
        cred.pTlsParameters = &parameters;
        CHECK_EQ(AcquireCredentialsHandleA(NULL, UNISP_NAME_A, SECPKG_CRED_OUTBOUND, NULL, &cred, NULL, NULL,
                                           &client->credentials, NULL),
                 SEC_E_OK);
        shake(client, server, 0);
        CHECK_EQ(client->status, SEC_E_OK);
        CHECK_EQ(QueryContextAttributesA(&client->context, SECPKG_ATTR_CONNECTION_INFO, &info), SEC_E_OK);
        CHECK_EQ(info.dwProtocol, i ? SP_PROT_TLS1_2_CLIENT : SP_PROT_TLS1_3_CLIENT);
        close_both(client, server);
    }
    free(client);
    free(server);
}

int main(void)
{
    CRYPT_DATA_BLOB pfx = {sizeof leaf_pfx, (BYTE *)leaf_pfx};
    HCERTSTORE store;
    static const DWORD cuts[] = {0, 1, 3, 100};

    packages();
    if (check_under_wine()) /* it has no key for a server here */
        return check_done();
    roots = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    CertAddEncodedCertificateToStore(roots, X509_ASN_ENCODING, root_der, sizeof root_der, CERT_STORE_ADD_NEW, NULL);
    store = PFXImportCertStore(&pfx, L"secret", 0);
    server_cert = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    CHECK(server_cert != NULL);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        talk(SP_PROT_TLS1_2_CLIENT, SP_PROT_TLS1_2_SERVER, 0x0303, cuts[i]);
        talk(SP_PROT_TLS1_3_CLIENT, SP_PROT_TLS1_3_SERVER, 0x0304, cuts[i]);
    }
    alpn();
    bindings();
    for (int with = 0; with < 3; with++)
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
            mutual(SP_PROT_TLS1_2_CLIENT, SP_PROT_TLS1_2_SERVER, with, cuts[i]);
            if (with < 2)
                mutual(SP_PROT_TLS1_3_CLIENT, SP_PROT_TLS1_3_SERVER, with, cuts[i]);
        }
    unasked();
    refused();
    modern();
    CertFreeCertificateContext(server_cert);
    CertCloseStore(store, 0);
    CertCloseStore(roots, 0);
    return check_done();
}
