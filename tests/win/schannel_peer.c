/*
 * One end of a TLS connection by Schannel, for tests/host/schannel.sh: "client PORT 2|3" sends a line and prints the
 * answer; "twice PORT 2|3" does so by two connections, the second of which should go on with the first's session;
 * "server 2|3" prints its port, and answers one line.  Without arguments it does nothing.
 *
 * link: -lsecur32 -lcrypt32 -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define SECURITY_WIN32
#include <security.h>
#include <schannel.h>
#include "certs.h"

static SOCKET s;
static CredHandle credentials;
static CtxtHandle context;
static BYTE in[65536];
static DWORD in_size;
static int is_server;

static void fail(const char *what, long code)
{
    printf("%s: %lx\n", what, code);
    exit(1);
}

static int more(void)
{
    int got = recv(s, (char *)in + in_size, (int)(sizeof in - in_size), 0);

    if (got > 0)
        in_size += (DWORD)got;
    return got > 0;
}

static void handshake(void)
{
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    ULONG flags = ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_STREAM, attributes;
    int have = 0;

    if (is_server)
        more();
    while (status == SEC_I_CONTINUE_NEEDED || status == SEC_E_INCOMPLETE_MESSAGE) {
        SecBuffer input[2] = {{in_size, SECBUFFER_TOKEN, in}, {0, SECBUFFER_EMPTY, NULL}},
                  out = {0, SECBUFFER_TOKEN, NULL};
        SecBufferDesc ind = {SECBUFFER_VERSION, 2, input}, outd = {SECBUFFER_VERSION, 1, &out};

        if (is_server)
            status = AcceptSecurityContext(&credentials, have ? &context : NULL, &ind, flags, 0, &context, &outd,
                                           &attributes, NULL);
        else
            status = InitializeSecurityContextA(&credentials, have ? &context : NULL, (char *)"localhost", flags, 0, 0,
                                                have ? &ind : NULL, 0, &context, &outd, &attributes, NULL);
        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            if (!more())
                fail("the peer went", 0);
            continue;
        }
        if (status < 0)
            fail("handshake", status);
        if (out.cbBuffer)
            send(s, out.pvBuffer, (int)out.cbBuffer, 0);
        FreeContextBuffer(out.pvBuffer);
        if (have && input[1].BufferType == SECBUFFER_EXTRA) {
            memmove(in, in + in_size - input[1].cbBuffer, input[1].cbBuffer);
            in_size = input[1].cbBuffer;
        } else if (!have && is_server && input[1].BufferType == SECBUFFER_EXTRA) {
            memmove(in, in + in_size - input[1].cbBuffer, input[1].cbBuffer);
            in_size = input[1].cbBuffer;
        } else {
            in_size = 0;
        }
        have = 1;
        if (status == SEC_I_CONTINUE_NEEDED && !in_size && !more())
            fail("the peer went", 1);
    }
}

static void say(const char *text)
{
    SecPkgContext_StreamSizes sizes;
    DWORD length = (DWORD)strlen(text);
    char *block;

    QueryContextAttributesA(&context, SECPKG_ATTR_STREAM_SIZES, &sizes);
    block = malloc(sizes.cbHeader + length + sizes.cbTrailer);
    memcpy(block + sizes.cbHeader, text, length);
    SecBuffer b[4] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, block},
                      {length, SECBUFFER_DATA, block + sizes.cbHeader},
                      {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, block + sizes.cbHeader + length},
                      {0, SECBUFFER_EMPTY, NULL}};
    SecBufferDesc d = {SECBUFFER_VERSION, 4, b};
    SECURITY_STATUS status = EncryptMessage(&context, 0, &d, 0);
    if (status)
        fail("encrypt", status);
    send(s, block, (int)(b[0].cbBuffer + b[1].cbBuffer + b[2].cbBuffer), 0);
    free(block);
}

static void hear(char *line, DWORD room)
{
    DWORD have = 0;

    while (!have || line[have - 1] != '\n') {
        SecBuffer b[4] = {{in_size, SECBUFFER_DATA, in}};
        SecBufferDesc d = {SECBUFFER_VERSION, 4, b};
        SECURITY_STATUS status = in_size ? DecryptMessage(&context, &d, 0, NULL) : SEC_E_INCOMPLETE_MESSAGE;
        DWORD rest = 0;

        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            if (!more())
                fail("the peer went", 2);
            continue;
        }
        if (status)
            fail("decrypt", status);
        for (int i = 0; i < 4; i++) {
            if (b[i].BufferType == SECBUFFER_DATA && have + b[i].cbBuffer < room) {
                memcpy(line + have, b[i].pvBuffer, b[i].cbBuffer);
                have += b[i].cbBuffer;
            }
            if (b[i].BufferType == SECBUFFER_EXTRA)
                rest = b[i].cbBuffer;
        }
        memmove(in, in + in_size - rest, rest);
        in_size = rest;
    }
    line[have] = 0;
}

static void finish(void)
{
    DWORD type = SCHANNEL_SHUTDOWN;
    SecBuffer b = {sizeof type, SECBUFFER_TOKEN, &type}, out = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc d = {SECBUFFER_VERSION, 1, &b}, outd = {SECBUFFER_VERSION, 1, &out};
    ULONG flags = ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_STREAM, attributes;

    ApplyControlToken(&context, &d);
    if (is_server)
        AcceptSecurityContext(&credentials, &context, NULL, flags, 0, &context, &outd, &attributes, NULL);
    else
        InitializeSecurityContextA(&credentials, &context, NULL, flags, 0, 0, NULL, 0, &context, &outd, &attributes,
                                   NULL);
    if (out.cbBuffer)
        send(s, out.pvBuffer, (int)out.cbBuffer, 0);
    shutdown(s, SD_SEND);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address, version = argc > 2 ? atoi(argv[argc - 1]) : 0;
    SCHANNEL_CRED cred = {SCHANNEL_CRED_VERSION};
    SecPkgContext_ConnectionInfo info;
    SecPkgContext_SessionInfo session;
    char line[1000], answer[1100];
    WSADATA data;

    if (argc < 3) {
        puts("0 checks, 0 failed");
        return 0;
    }
    WSAStartup(0x202, &data);
    is_server = !strcmp(argv[1], "server");
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (is_server) {
        CRYPT_DATA_BLOB pfx = {sizeof leaf_pfx, (BYTE *)leaf_pfx};
        HCERTSTORE store = PFXImportCertStore(&pfx, L"secret", 0);
        PCCERT_CONTEXT cert =
            CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);

        cred.cCreds = 1;
        cred.paCred = &cert;
        cred.grbitEnabledProtocols = version == 3 ? SP_PROT_TLS1_3_SERVER : SP_PROT_TLS1_2_SERVER;
        bind(s, (struct sockaddr *)&address, sizeof address);
        listen(s, 1);
        getsockname(s, (struct sockaddr *)&address, &length);
        printf("%u\n", ntohs(address.sin_port));
        fflush(stdout);
        s = accept(s, NULL, NULL);
    } else {
        cred.grbitEnabledProtocols = version == 3 ? SP_PROT_TLS1_3_CLIENT : SP_PROT_TLS1_2_CLIENT;
        cred.dwFlags = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_DEFAULT_CREDS;
        address.sin_port = htons((u_short)atoi(argv[2]));
        if (connect(s, (struct sockaddr *)&address, sizeof address))
            fail("connect", WSAGetLastError());
    }
    SECURITY_STATUS status =
        AcquireCredentialsHandleA(NULL, (char *)UNISP_NAME_A, is_server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND,
                                  NULL, &cred, NULL, NULL, &credentials, NULL);
    if (status)
        fail("credentials", status);
    if (!strcmp(argv[1], "twice")) {
        handshake();
        say("first\n");
        hear(line, sizeof line);
        finish();
        while (more())
            in_size = 0;
        closesocket(s);
        DeleteSecurityContext(&context);
        in_size = 0;
        s = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(s, (struct sockaddr *)&address, sizeof address))
            fail("connect again", WSAGetLastError());
    }
    handshake();
    QueryContextAttributesA(&context, SECPKG_ATTR_CONNECTION_INFO, &info);
    QueryContextAttributesA(&context, SECPKG_ATTR_SESSION_INFO, &session);
    if (is_server) {
        hear(line, sizeof line);
        sprintf(answer, "heard %s", line);
        say(answer);
    } else {
        say("hello from windows\n");
        hear(line, sizeof line);
    }
    finish();
    printf("TLS 1.%d%s: %s", info.dwProtocol & SP_PROT_TLS1_3 ? 3 : 2,
           session.dwFlags & SSL_SESSION_RECONNECT ? " resumed" : "", line);
    while (more()) /* the peer's end */
        in_size = 0;
    return 0;
}
