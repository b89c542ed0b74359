/*
 * Not a test by itself: one end of a security context by SSPI, for tests/host/sspi.sh.  What goes over standard input
 * and output is said in tests/host/gsspeer.c.
 *
 *   sspi_peer client|server PACKAGE [USER DOMAIN PASSWORD] [TARGET]
 *
 * A server knows USER by PASSWORD.
 *
 * link: -lsecur32 -ladvapi32
 */
#include "sspi.h"

static BYTE bytes[16384];
static char line[2 * sizeof bytes + 4];

static ULONG line_get(char letter)
{
    ULONG size = 0;
    unsigned value;

    if (!fgets(line, sizeof line, stdin) || line[0] != letter) {
        fprintf(stderr, "the peer said nothing more\n");
        exit(1);
    }
    for (char *at = line + 1; sscanf(at, "%2x", &value) == 1 && size < sizeof bytes; at += 2)
        bytes[size++] = (BYTE)value;
    return size;
}

static void line_put(char letter, const BYTE *data, ULONG size)
{
    putchar(letter);
    for (ULONG i = 0; i < size; i++)
        printf("%02x", data[i]);
    putchar('\n');
    fflush(stdout);
}

static void good(const char *what, SECURITY_STATUS status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "%s: %08lx\n", what, (unsigned long)status);
    exit(1);
}

static void seal_put(CtxtHandle *context, const char *text)
{
    SecPkgContext_Sizes sizes;
    BYTE token[512], padding[64], whole[1024];
    char copy[64];
    ULONG size = (ULONG)strlen(text), at;

    strcpy(copy, text);
    good("sizes", QueryContextAttributesW(context, SECPKG_ATTR_SIZES, &sizes));
    SecBuffer parts[3] = {{sizes.cbSecurityTrailer, SECBUFFER_TOKEN, token},
                          {size, SECBUFFER_DATA, copy},
                          {sizes.cbBlockSize, SECBUFFER_PADDING, padding}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 3, parts};
    good("EncryptMessage", EncryptMessage(context, 0, &desc, 0));
    memcpy(whole, token, at = parts[0].cbBuffer);
    memcpy(whole + at, copy, size);
    memcpy(whole + at + size, padding, parts[2].cbBuffer);
    line_put('W', whole, at + size + parts[2].cbBuffer);
    strcpy(copy, text);
    SecBuffer two[2] = {{size, SECBUFFER_DATA, copy}, {sizes.cbMaxSignature, SECBUFFER_TOKEN, token}};
    SecBufferDesc sign = {SECBUFFER_VERSION, 2, two};
    good("MakeSignature", MakeSignature(context, 0, &sign, 0));
    line_put('M', token, two[1].cbBuffer);
}

static void seal_get(CtxtHandle *context)
{
    static BYTE plain[1024];
    SecBuffer stream[2] = {{line_get('W'), SECBUFFER_STREAM, bytes}, {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, stream};
    ULONG quality = 0;

    good("DecryptMessage", DecryptMessage(context, &desc, 0, &quality));
    memcpy(plain, stream[1].pvBuffer, stream[1].cbBuffer);
    fprintf(stderr, "heard %.*s%s\n", (int)stream[1].cbBuffer, (char *)plain, quality ? " in the clear" : "");
    SecBuffer two[2] = {{stream[1].cbBuffer, SECBUFFER_DATA, plain}, {0, SECBUFFER_TOKEN, bytes}};
    SecBufferDesc sign = {SECBUFFER_VERSION, 2, two};
    two[1].cbBuffer = line_get('M');
    good("VerifySignature", VerifySignature(context, &sign, 0, &quality));
}

static void wide(const char *from, WCHAR *to)
{
    MultiByteToWideChar(CP_UTF8, 0, from, -1, to, 256);
}

int main(int argc, char **argv)
{
    int server = argc > 2 && !strcmp(argv[1], "server"), explicit = argc > 5;
    WCHAR package[256], user[256], domain[256], password[256], target[256] = L"HTTP/localhost";
    SEC_WINNT_AUTH_IDENTITY_W identity;
    SecPkgContext_NegotiationInfoW info;
    SecPkgContext_NamesW names;
    struct sspi_end end;

    if (argc < 3)
        return 0; /* not a test */
    wide(argv[2], package);
    if (explicit) {
        wide(argv[3], user);
        wide(argv[4], domain);
        wide(argv[5], password);
        identity = identity_of(user, domain, password);
        if (server)
            account_make(user, password);
    }
    if (argc == 4 || argc > 6)
        wide(argv[argc - 1], target);
    good("AcquireCredentialsHandle",
         end_acquire(&end, package, server, explicit && !server ? &identity : NULL,
                     ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT | ISC_REQ_MUTUAL_AUTH |
                         (server ? ASC_REQ_INTEGRITY : ISC_REQ_INTEGRITY)));
    for (end.status = SEC_I_CONTINUE_NEEDED; end.status == SEC_I_CONTINUE_NEEDED;) {
        if (server || end.have) {
            ULONG size = line_get('T');
            end_step(&end, server, target, bytes, size);
        } else {
            end_step(&end, server, target, NULL, 0);
        }
        if (end.status >= 0 && end.size)
            line_put('T', end.token, end.size);
        good(server ? "AcceptSecurityContext" : "InitializeSecurityContext", end.status);
    }
    good("names", QueryContextAttributesW(&end.context, SECPKG_ATTR_NAMES, &names));
    good("package", QueryContextAttributesW(&end.context, SECPKG_ATTR_NEGOTIATION_INFO, &info));
    fprintf(stderr, "user %ls by %ls\n", names.sUserName, info.PackageInfo->Name);
    if (server) {
        seal_get(&end.context);
        seal_put(&end.context, "the answer");
    } else {
        seal_put(&end.context, "a question");
        seal_get(&end.context);
    }
    return 0;
}
