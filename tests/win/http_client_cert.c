/*
 * Does WinHTTP show a certificate of its own?  For tests/host/client_cert.sh: "PORT FILE.pfx" asks
 * https://localhost:PORT and prints what the server says of the client.  Without arguments it checks what is refused.
 *
 * link: -lwinhttp -lcrypt32
 */
#include "check.h"
#include <winhttp.h>
#include <wincrypt.h>
#include "certs.h"

static PCCERT_CONTEXT certificate_of(const char *path)
{
    static char data[65536];
    FILE *file = fopen(path, "rb");
    CRYPT_DATA_BLOB blob = {file ? (DWORD)fread(data, 1, sizeof data, file) : 0, (BYTE *)data};
    HCERTSTORE store = PFXImportCertStore(&blob, L"secret", 0);

    if (file)
        fclose(file);
    return store ? CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL)
                 : NULL;
}

/* Prints the line of the server's page that names the client. */
static int ask(INTERNET_PORT port, PCCERT_CONTEXT certificate)
{
    static char page[65536];
    HINTERNET session = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, L"localhost", port, 0);
    HINTERNET request = WinHttpOpenRequest(connection, NULL, L"/", NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
    DWORD flags = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_CN_INVALID, got, total = 0;
    BOOL done;

    WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &flags, sizeof flags);
    if (certificate)
        done = WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, (void *)certificate, sizeof *certificate);
    else
        done = WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, WINHTTP_NO_CLIENT_CERT_CONTEXT, 0);
    if (!done)
        printf("option: %lu\n", GetLastError());
    if (!WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) || !WinHttpReceiveResponse(request, NULL)) {
        printf("error\n");
        return 1;
    }
    while (total < sizeof page - 1 && WinHttpReadData(request, page + total, sizeof page - 1 - total, &got) && got)
        total += got;
    page[total] = 0;
    char *line = strstr(page, "Subject: ");
    if (line)
        line[strcspn(line, "\r\n")] = 0;
    puts(line ? line : "nobody");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return ask((INTERNET_PORT)atoi(argv[1]), argc > 2 ? certificate_of(argv[2]) : NULL);
    HINTERNET session = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    HINTERNET connection = WinHttpConnect(session, L"localhost", 1, 0);
    HINTERNET request = WinHttpOpenRequest(connection, NULL, L"/", NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
    PCCERT_CONTEXT public = CertCreateCertificateContext(X509_ASN_ENCODING, leaf_der, sizeof leaf_der);

    CHECK(request && public);
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, WINHTTP_NO_CLIENT_CERT_CONTEXT, 0));
    if (!check_under_wine()) { /* which finds out when it is too late */
        CHECK_ERROR(WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, (void *)public, sizeof *public),
                    ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY);
        CHECK_ERROR(WinHttpSetOption(request, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, (void *)public, 4),
                    ERROR_INVALID_PARAMETER);
    }
    CHECK(!WinHttpSetOption(session, WINHTTP_OPTION_CLIENT_CERT_CONTEXT, (void *)public, sizeof *public));
    CertFreeCertificateContext(public);
    return check_done();
}
