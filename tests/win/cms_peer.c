/*
 * Do messages and keys go to and come from another implementation?  For tests/host/cms.sh: cms_peer WAY IN OUT, with
 * the certificates and keys of peer.pfx (password "secret").
 *
 * link: -lcrypt32 -lncrypt
 */
#include "check.h"
#include <wincrypt.h>
#include <ncrypt.h>

#define BOTH (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static BYTE *read_file(const char *name, DWORD *size)
{
    FILE *file = fopen(name, "rb");
    BYTE *data = malloc(1 << 20);

    *size = file ? (DWORD)fread(data, 1, 1 << 20, file) : 0;
    if (file)
        fclose(file);
    return data;
}

static int write_file(const char *name, const BYTE *data, DWORD size)
{
    FILE *file = fopen(name, "wb");
    BOOL done = file && fwrite(data, 1, size, file) == size;

    if (file)
        fclose(file);
    return done ? 0 : 9;
}

int main(int count, char **args)
{
    CRYPT_DATA_BLOB pfx;
    BYTE *in, *out = malloc(1 << 20);
    DWORD size, out_size = 1 << 20;
    HCERTSTORE store;
    PCCERT_CONTEXT cert;

    if (count < 4)
        return 0;
    pfx.pbData = read_file("peer.pfx", &pfx.cbData);
    store = PFXImportCertStore(&pfx, L"secret", CRYPT_EXPORTABLE | PKCS12_ALWAYS_CNG_KSP | PKCS12_NO_PERSIST_KEY);
    cert = store ? CertFindCertificateInStore(store, BOTH, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL) : NULL;
    in = read_file(args[2], &size);
    if (!cert)
        return 2;
    if (!strcmp(args[1], "open")) {
        CRYPT_DECRYPT_MESSAGE_PARA para = {sizeof para, BOTH, 1, &store};

        if (!CryptDecryptMessage(&para, in, size, out, &out_size, NULL))
            goto failed;
    } else if (!strncmp(args[1], "seal", 4)) { /* and the cipher's object identifier behind it */
        CRYPT_ENCRYPT_MESSAGE_PARA para = {sizeof para, BOTH, 0, {args[1] + 5}};

        if (!CryptEncryptMessage(&para, 1, &cert, in, size, out, &out_size))
            goto failed;
    } else if (!strncmp(args[1], "sign", 4)) {
        CRYPT_SIGN_MESSAGE_PARA para = {sizeof para, BOTH, cert, {args[1] + 5}, NULL, 1, &cert};
        BOOL detached = args[1][4] == '-';
        const BYTE *part = in;

        if (!CryptSignMessage(&para, detached, 1, &part, &size, out, &out_size))
            goto failed;
    } else if (!strcmp(args[1], "verify")) {
        CRYPT_VERIFY_MESSAGE_PARA para = {sizeof para, BOTH};

        if (!CryptVerifyMessageSignature(&para, 0, in, size, out, &out_size, NULL))
            goto failed;
    } else if (!strcmp(args[1], "pfx")) { /* the same again, written here */
        CRYPT_DATA_BLOB blob = {out_size, out};

        if (!PFXExportCertStoreEx(store, &blob, L"secret", NULL, EXPORT_PRIVATE_KEYS))
            goto failed;
        out_size = blob.cbData;
    } else if (!strcmp(args[1], "key")) { /* PKCS #8 under the password */
        NCryptBuffer secret = {sizeof L"secret", NCRYPTBUFFER_PKCS_SECRET, (void *)L"secret"};
        NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &secret};
        HCRYPTPROV_OR_NCRYPT_KEY_HANDLE key;

        if (!CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG, NULL, &key, NULL, NULL) ||
            NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, out, out_size, &out_size, 0))
            goto failed;
    } else if (!strcmp(args[1], "stamp")) { /* a time stamp about the file "text" */
        DWORD text_size, damaged = 0;
        BYTE *text = read_file("text", &text_size);
        PCRYPT_TIMESTAMP_CONTEXT context = NULL;
        PCCERT_CONTEXT signer = NULL;
        HCERTSTORE chain = NULL;

        if (!CryptVerifyTimeStampSignature(in, size, text, text_size, NULL, &context, &signer, &chain))
            goto failed;
        out_size =
            (DWORD)sprintf((char *)out, "%s %s %lu %lu\n", context->pTimeStamp->pszTSAPolicyId,
                           context->pTimeStamp->HashAlgorithm.pszObjId, context->pTimeStamp->HashedMessage.cbData,
                           context->pTimeStamp->pvAccuracy ? context->pTimeStamp->pvAccuracy->dwSeconds : 0);
        CryptMemFree(context);
        CertFreeCertificateContext(signer);
        CertCloseStore(chain, 0);
        text[0] ^= 1;
        if (CryptVerifyTimeStampSignature(in, size, text, text_size, NULL, &context, NULL, NULL) ||
            GetLastError() != (DWORD)CRYPT_E_HASH_VALUE)
            goto failed;
        for (DWORD i = 0; i < size; i += 7) {
            damaged += !CryptVerifyTimeStampSignature(in, i, NULL, 0, NULL, &context, NULL, NULL);
            in[i] ^= 4;
            if (CryptVerifyTimeStampSignature(in, size, NULL, 0, NULL, &context, NULL, NULL))
                CryptMemFree(context);
            in[i] ^= 4;
        }
        if (damaged != (size + 6) / 7)
            goto failed;
    } else if (!strcmp(args[1], "request")) {
        CRYPT_ALGORITHM_IDENTIFIER algorithm = {
            (LPSTR)(strcmp(cert->pCertInfo->SubjectPublicKeyInfo.Algorithm.pszObjId, szOID_RSA_RSA)
                        ? szOID_ECDSA_SHA256
                        : szOID_RSA_SHA256RSA)};
        CERT_REQUEST_INFO info = {CERT_REQUEST_V1, cert->pCertInfo->Subject, cert->pCertInfo->SubjectPublicKeyInfo};
        HCRYPTPROV_OR_NCRYPT_KEY_HANDLE key;

        if (!CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG, NULL, &key, NULL, NULL) ||
            !CryptSignAndEncodeCertificate(key, 0, X509_ASN_ENCODING, X509_CERT_REQUEST_TO_BE_SIGNED, &info, &algorithm,
                                           NULL, out, &out_size))
            goto failed;
    } else {
        return 3;
    }
    return write_file(args[3], out, out_size);
failed:
    printf("%s: error %#lx\n", args[1], GetLastError());
    return 1;
}
