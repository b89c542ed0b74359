/*
 * Does WinHTTP trust as it should: a server whose root nobody knows is refused and the callback told why, unless the
 * program says otherwise; a root in the user's store makes it good; a name that is not the certificate's does not?
 * The server is Schannel's, in this process.
 *
 * link: -lwinhttp -lsecur32 -lcrypt32 -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "check.h"
#define SECURITY_WIN32
#include <security.h>
#include <schannel.h>
#include <winhttp.h>
#include "certs.h"

static CredHandle credentials;
static SOCKET listener;
static unsigned short port;

/* Handshake, one request, one answer. */
static DWORD WINAPI serve(LPVOID argument)
{
    SOCKET s = (SOCKET)argument;
    BYTE *in = malloc(65536);
    DWORD size = 0;
    CtxtHandle context;
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    int have = 0;

    while (status == SEC_I_CONTINUE_NEEDED || status == SEC_E_INCOMPLETE_MESSAGE) {
        SecBuffer input[2] = {{0, SECBUFFER_TOKEN, in}, {0, SECBUFFER_EMPTY, NULL}}, out = {0, SECBUFFER_TOKEN, NULL};
        SecBufferDesc ind = {SECBUFFER_VERSION, 2, input}, outd = {SECBUFFER_VERSION, 1, &out};
        ULONG attributes;
        int got = recv(s, (char *)in + size, (int)(65536 - size), 0);

        if (got <= 0)
            break;
        size += (DWORD)got;
        do {
            input[0] = (SecBuffer){size, SECBUFFER_TOKEN, in};
            input[1] = (SecBuffer){0, SECBUFFER_EMPTY, NULL};
            out = (SecBuffer){0, SECBUFFER_TOKEN, NULL};
            status =
                AcceptSecurityContext(&credentials, have ? &context : NULL, &ind,
                                      ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_STREAM, 0, &context, &outd, &attributes, NULL);
            if (status == SEC_E_INCOMPLETE_MESSAGE)
                break;
            if (out.cbBuffer)
                send(s, out.pvBuffer, (int)out.cbBuffer, 0);
            FreeContextBuffer(out.pvBuffer);
            have = have || status >= 0;
            DWORD rest = input[1].BufferType == SECBUFFER_EXTRA ? input[1].cbBuffer : 0;
            memmove(in, in + size - rest, rest);
            size = rest;
        } while (status == SEC_I_CONTINUE_NEEDED && size);
    }
    while (status == SEC_E_OK) {
        SecBuffer b[4] = {{size, SECBUFFER_DATA, in}};
        SecBufferDesc d = {SECBUFFER_VERSION, 4, b};
        SECURITY_STATUS read = size ? DecryptMessage(&context, &d, 0, NULL) : SEC_E_INCOMPLETE_MESSAGE;

        if (read == SEC_E_INCOMPLETE_MESSAGE) {
            int got = recv(s, (char *)in + size, (int)(65536 - size), 0);
            if (got <= 0)
                break;
            size += (DWORD)got;
            continue;
        }
        if (read != SEC_E_OK)
            break;
        DWORD rest = 0, content = 0;
        for (int i = 0; i < 4; i++) {
            content += b[i].BufferType == SECBUFFER_DATA ? b[i].cbBuffer : 0;
            rest += b[i].BufferType == SECBUFFER_EXTRA ? b[i].cbBuffer : 0;
        }
        memmove(in, in + size - rest, rest);
        size = rest;
        if (!content)
            continue;
        static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
        SecPkgContext_StreamSizes sizes;
        QueryContextAttributesA(&context, SECPKG_ATTR_STREAM_SIZES, &sizes);
        char *block = malloc(sizes.cbHeader + sizeof text + sizes.cbTrailer);
        memcpy(block + sizes.cbHeader, text, sizeof text - 1);
        SecBuffer o[4] = {{sizes.cbHeader, SECBUFFER_STREAM_HEADER, block},
                          {sizeof text - 1, SECBUFFER_DATA, block + sizes.cbHeader},
                          {sizes.cbTrailer, SECBUFFER_STREAM_TRAILER, block + sizes.cbHeader + sizeof text - 1},
                          {0, SECBUFFER_EMPTY, NULL}};
        SecBufferDesc od = {SECBUFFER_VERSION, 4, o};
        EncryptMessage(&context, 0, &od, 0);
        send(s, block, (int)(o[0].cbBuffer + o[1].cbBuffer + o[2].cbBuffer), 0);
        free(block);
    }
    if (have)
        DeleteSecurityContext(&context);
    closesocket(s);
    free(in);
    return 0;
}

static DWORD WINAPI loop(LPVOID argument)
{
    for (;;) {
        SOCKET s = accept(listener, NULL, NULL);
        if (s == INVALID_SOCKET)
            return 0;
        CloseHandle(CreateThread(NULL, 0, serve, (LPVOID)s, 0, NULL));
    }
}

static DWORD failure;

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID information, DWORD length)
{
    if (status == WINHTTP_CALLBACK_STATUS_SECURE_FAILURE)
        failure = *(DWORD *)information;
}

/* 0 and the answer is right, or the error. */
static DWORD get(const WCHAR *host, DWORD flags, HINTERNET *kept)
{
    HINTERNET session = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, host, port, 0);
    HINTERNET request = WinHttpOpenRequest(connection, NULL, L"/", NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
    DWORD error = 0, got = 0;
    char text[16] = "";

    failure = 0;
    WinHttpSetStatusCallback(request, on_status, WINHTTP_CALLBACK_FLAG_SECURE_FAILURE, 0);
    if (flags)
        CHECK(WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &flags, sizeof flags));
    if (!WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) || !WinHttpReceiveResponse(request, NULL))
        error = GetLastError();
    else
        CHECK(WinHttpReadData(request, text, 15, &got) && got == 6 && !strcmp(text, "secret"));
    if (!error) {
        PCCERT_CONTEXT cert = NULL;
        DWORD size = sizeof cert;
        CHECK(WinHttpQueryOption(request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &cert, &size));
        CHECK(cert && cert->cbCertEncoded == sizeof leaf_der);
        CertFreeCertificateContext(cert);
        PCCERT_CHAIN_CONTEXT chain = NULL;
        size = sizeof chain;
        CHECK(WinHttpQueryOption(request, WINHTTP_OPTION_SERVER_CERT_CHAIN_CONTEXT, &chain, &size));
        CHECK(chain && chain->cChain >= 1 && chain->rgpChain[0]->cElement >= 1);
        CHECK(chain->rgpChain[0]->rgpElement[0]->pCertContext->cbCertEncoded == sizeof leaf_der);
        CertFreeCertificateChain(chain);
    }
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    return error;
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address;
    CRYPT_DATA_BLOB pfx = {sizeof leaf_pfx, (BYTE *)leaf_pfx};
    SCHANNEL_CRED cred = {SCHANNEL_CRED_VERSION};
    HCERTSTORE store, root;
    PCCERT_CONTEXT cert, added = NULL;
    WSADATA data;

    if (check_under_wine()) /* it has no key for a server here */
        return check_done();
    WSAStartup(0x202, &data);
    store = PFXImportCertStore(&pfx, L"secret", 0);
    cert = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    cred.cCreds = 1;
    cred.paCred = &cert;
    cred.grbitEnabledProtocols = SP_PROT_TLS1_2_SERVER | SP_PROT_TLS1_3_SERVER;
    CHECK_EQ(AcquireCredentialsHandleA(NULL, (char *)UNISP_NAME_A, SECPKG_CRED_INBOUND, NULL, &cred, NULL, NULL,
                                       &credentials, NULL),
             SEC_E_OK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&address, sizeof address);
    listen(listener, 20);
    getsockname(listener, (struct sockaddr *)&address, &length);
    port = ntohs(address.sin_port);
    CloseHandle(CreateThread(NULL, 0, loop, NULL, 0, NULL));

    CHECK_EQ(get(L"localhost", 0, NULL), ERROR_WINHTTP_SECURE_FAILURE);
    CHECK_EQ(failure, WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA);
    CHECK_EQ(get(L"localhost", SECURITY_FLAG_IGNORE_UNKNOWN_CA, NULL), 0);
    CHECK_EQ(failure, 0);
    CHECK_EQ(get(L"localhost", SECURITY_FLAG_IGNORE_CERT_CN_INVALID, NULL), ERROR_WINHTTP_SECURE_FAILURE);
    /* The user comes to trust the root. */
    root = CertOpenSystemStoreA(0, "ROOT");
    CHECK(CertAddEncodedCertificateToStore(root, X509_ASN_ENCODING, root_der, sizeof root_der, CERT_STORE_ADD_ALWAYS,
                                           &added));
    CHECK_EQ(get(L"localhost", 0, NULL), 0);
    CHECK_EQ(get(L"127.0.0.1", 0, NULL), 0); /* it is among the certificate's names */
    CHECK_EQ(get(L"127.0.0.2", 0, NULL) != 0, 1);
    CHECK_EQ(get(L"ip6-localhost.invalid", 0, NULL), ERROR_WINHTTP_NAME_NOT_RESOLVED);
    CHECK(CertDeleteCertificateFromStore(added));
    CertCloseStore(root, 0);
    CHECK_EQ(get(L"localhost", 0, NULL), ERROR_WINHTTP_SECURE_FAILURE);
    CertFreeCertificateContext(cert);
    CertCloseStore(store, 0);
    return check_done();
}
