/*
 * Does damage come to nothing but errors: PKCS #12 files, stores, messages, keys and structures, cut and changed?
 *
 * link: -lcrypt32 -lncrypt -lbcrypt
 */
#include "check.h"
#include <wincrypt.h>
#include <bcrypt.h>
#include <ncrypt.h>
#include "certs.h"
#include "pkcs8.h"

#define BOTH (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static DWORD seed = 1;

static DWORD draw(void)
{
    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

/* Walks whatever was opened. */
static void use_store(HCERTSTORE store)
{
    PCCERT_CONTEXT cert = NULL;
    PCCRL_CONTEXT crl = NULL;
    BYTE buffer[4096];
    char name[256];

    if (!store)
        return;
    while ((cert = CertEnumCertificatesInStore(store, cert))) {
        for (DWORD id = 0; (id = CertEnumCertificateContextProperties(cert, id));) {
            DWORD size = sizeof buffer;

            if (CertGetCertificateContextProperty(cert, id, buffer, &size) && id == CERT_KEY_PROV_INFO_PROP_ID) {
                CRYPT_KEY_PROV_INFO *info = (void *)buffer;

                if (info->pwszContainerName)
                    lstrlenW(info->pwszContainerName);
                if (info->pwszProvName)
                    lstrlenW(info->pwszProvName);
            }
        }
        CertGetNameStringA(cert, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL, name, sizeof name);
        CertGetPublicKeyLength(BOTH, &((CERT_INFO *)cert->pCertInfo)->SubjectPublicKeyInfo);
    }
    while ((crl = CertEnumCRLsInStore(store, crl)))
        ;
    CertCloseStore(store, 0);
}

static void feed_pfx(BYTE *data, DWORD size)
{
    CRYPT_DATA_BLOB blob = {size, data};

    PFXIsPFXBlob(&blob);
    use_store(PFXImportCertStore(&blob, L"secret", PKCS12_NO_PERSIST_KEY | PKCS12_ALWAYS_CNG_KSP));
}

static void feed_serialized(BYTE *data, DWORD size)
{
    CRYPT_DATA_BLOB blob = {size, data};

    use_store(CertOpenStore(CERT_STORE_PROV_SERIALIZED, BOTH, 0, 0, &blob));
}

static void feed_pkcs7(BYTE *data, DWORD size)
{
    CRYPT_DATA_BLOB blob = {size, data};

    use_store(CertOpenStore(CERT_STORE_PROV_PKCS7, BOTH, 0, 0, &blob));
}

static void feed_message(BYTE *data, DWORD size)
{
    static const DWORD params[] = {CMSG_TYPE_PARAM,
                                   CMSG_CONTENT_PARAM,
                                   CMSG_INNER_CONTENT_TYPE_PARAM,
                                   CMSG_SIGNER_COUNT_PARAM,
                                   CMSG_SIGNER_INFO_PARAM,
                                   CMSG_SIGNER_CERT_INFO_PARAM,
                                   CMSG_SIGNER_HASH_ALGORITHM_PARAM,
                                   CMSG_SIGNER_AUTH_ATTR_PARAM,
                                   CMSG_SIGNER_UNAUTH_ATTR_PARAM,
                                   CMSG_CERT_COUNT_PARAM,
                                   CMSG_CERT_PARAM,
                                   CMSG_ENVELOPE_ALGORITHM_PARAM,
                                   CMSG_RECIPIENT_COUNT_PARAM,
                                   CMSG_RECIPIENT_INFO_PARAM,
                                   CMSG_HASH_ALGORITHM_PARAM,
                                   CMSG_HASH_DATA_PARAM,
                                   CMSG_COMPUTED_HASH_PARAM,
                                   CMSG_ENCRYPTED_DIGEST,
                                   CMSG_SIGNER_CERT_ID_PARAM,
                                   CMSG_CMS_SIGNER_INFO_PARAM,
                                   CMSG_CMS_RECIPIENT_COUNT_PARAM,
                                   CMSG_CMS_RECIPIENT_INFO_PARAM,
                                   CMSG_VERSION_PARAM};
    HCRYPTMSG message = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, NULL);
    BYTE *buffer = malloc(16384);

    CryptMsgUpdate(message, data, size, TRUE); /* the rest is asked of broken ones, too */
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        for (DWORD index = 0; index < 2; index++) {
            DWORD room = 16384;

            CryptMsgGetParam(message, params[i], index, buffer, &room);
            CryptMsgGetParam(message, params[i], index, NULL, &room);
        }
    CryptMsgGetAndVerifySigner(message, 0, NULL, CMSG_SIGNER_ONLY_FLAG, NULL, NULL);
    CryptMsgGetAndVerifySigner(message, 0, NULL, 0, NULL, NULL);
    CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_HASH, NULL);
    CryptMsgClose(message);
    free(buffer);
}

static void feed_key(BYTE *data, DWORD size)
{
    NCRYPT_PROV_HANDLE provider;
    NCRYPT_KEY_HANDLE key;

    NCryptOpenStorageProvider(&provider, NULL, 0);
    if (!NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, &key, data, size, 0))
        NCryptFreeObject(key);
    NCryptFreeObject(provider);
}

static void feed_certificate(BYTE *data, DWORD size)
{
    PCCERT_CONTEXT cert = CertCreateCertificateContext(BOTH, data, size);
    BCRYPT_KEY_HANDLE key;

    if (!cert)
        return;
    if (CryptImportPublicKeyInfoEx2(BOTH, &cert->pCertInfo->SubjectPublicKeyInfo, 0, NULL, &key))
        BCryptDestroyKey(key);
    CertFreeCertificateContext(cert);
}

static void feed_structures(BYTE *data, DWORD size)
{
    for (ULONG_PTR number = 1; number < 83; number++) {
        void *made = NULL;
        DWORD made_size = 0;

        if (CryptDecodeObjectEx(BOTH, (LPCSTR)number, data, size, CRYPT_DECODE_ALLOC_FLAG, NULL, &made, &made_size))
            LocalFree(made);
    }
}

/* The whole, then cut, changed, with lengths that lie; on the heap, so that reading behind the end is seen. */
static void torment(const char *name, void (*feed)(BYTE *, DWORD), const BYTE *data, DWORD size, DWORD tries)
{
    BYTE *copy;

    for (DWORD i = 0; i < tries; i++) {
        DWORD length = i % 3 ? size : draw() % size, changes = i % 3 == 1 ? 1 : 1 + draw() % 4;

        copy = VirtualAlloc(NULL, (length + 8191) & ~4095u, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        BYTE *at = copy + ((length + 4095) & ~4095u) - length; /* ends where a page does */
        DWORD old;

        VirtualProtect(copy + ((length + 4095) & ~4095u), 4096, PAGE_NOACCESS, &old);
        memcpy(at, data, length);
        for (DWORD j = 0; j < changes && length && i % 3; j++) {
            static const BYTE bad[] = {0, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff};
            DWORD place = draw() % length;

            at[place] = draw() & 1 ? bad[draw() % sizeof bad] : (BYTE)(at[place] ^ (1 << draw() % 8));
        }
        feed(at, length);
        VirtualFree(copy, 0, MEM_RELEASE);
    }
    CHECK(name != NULL);
}

/* The same message as a stream has it: indefinite lengths outside, the rest as it was; its size. */
static DWORD as_stream(const BYTE *message, DWORD size, BYTE *out)
{
    DWORD head = 2 + (message[1] & 0x80 ? message[1] & 0x7f : 0), at = head + 2 + message[head + 1], length = 0;
    DWORD inner = at + 2 + (message[at + 1] & 0x80 ? message[at + 1] & 0x7f : 0);

    memcpy(out, "\x30\x80", 2);
    memcpy(out + 2, message + head, at - head); /* the type */
    length = 2 + at - head;
    memcpy(out + length, "\xa0\x80", 2);
    memcpy(out + length + 2, message + inner, size - inner);
    length += 2 + size - inner;
    memset(out + length, 0, 4);
    return length + 4;
}

/* Deeper than anybody writes, and without an end. */
static void test_nested(void)
{
    static BYTE deep[65536];
    HCRYPTMSG message = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, NULL);

    for (DWORD i = 0; i < sizeof deep; i += 2)
        memcpy(deep + i, "\x30\x80", 2);
    CHECK(!CryptMsgUpdate(message, deep, sizeof deep, TRUE));
    CryptMsgClose(message);
}

int main(int count, char **args)
{
    static const char *const hashes[] = {szOID_NIST_sha256};
    CRYPT_DATA_BLOB pfx = {sizeof leaf_pfx, (BYTE *)leaf_pfx}, saved = {0};
    CRYPT_SIGN_MESSAGE_PARA sign = {sizeof sign, BOTH};
    CRYPT_ENCRYPT_MESSAGE_PARA seal = {sizeof seal, BOTH, 0, {(LPSTR)szOID_NIST_AES128_CBC}};
    CRYPT_HASH_MESSAGE_PARA hashed = {sizeof hashed, BOTH, 0, {(LPSTR)szOID_NIST_sha256}};
    const BYTE *part = (const BYTE *)"some content";
    BYTE message[4096], stream[4200];
    HCRYPTMSG whole;
    DWORD part_size = 12, size = sizeof message;
    HCERTSTORE store = PFXImportCertStore(&pfx, L"secret", CRYPT_EXPORTABLE);
    PCCERT_CONTEXT cert = CertFindCertificateInStore(store, BOTH, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);

    CHECK(cert != NULL);
    if (count > 1)
        seed = (DWORD)atoi(args[1]); /* another way through the damage */
    torment("pfx", feed_pfx, leaf_pfx, sizeof leaf_pfx, 150);
    torment("rsa pfx", feed_pfx, rsa_pfx, sizeof rsa_pfx, 60);
    CHECK(CertSaveStore(store, BOTH, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_MEMORY, &saved, 0));
    saved.pbData = malloc(saved.cbData);
    CHECK(CertSaveStore(store, BOTH, CERT_STORE_SAVE_AS_STORE, CERT_STORE_SAVE_TO_MEMORY, &saved, 0));
    torment("store", feed_serialized, saved.pbData, saved.cbData, 3000);

    sign.pSigningCert = cert;
    sign.HashAlgorithm.pszObjId = (LPSTR)hashes[0];
    sign.cMsgCert = 1;
    sign.rgpMsgCert = &cert;
    CHECK(CryptSignMessage(&sign, FALSE, 1, &part, &part_size, message, &size));
    torment("signed", feed_message, message, size, 2000);
    whole = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, NULL);
    CHECK(CryptMsgUpdate(whole, stream, as_stream(message, size, stream), TRUE));
    CHECK(CryptMsgGetAndVerifySigner(whole, 0, NULL, 0, NULL, NULL));
    CryptMsgClose(whole);
    torment("signed stream", feed_message, stream, as_stream(message, size, stream), 2000);
    test_nested();
    torment("signed as store", feed_pkcs7, message, size, 1000);
    size = sizeof message;
    CHECK(CryptEncryptMessage(&seal, 1, &cert, part, part_size, message, &size));
    torment("sealed", feed_message, message, size, 2000);
    size = sizeof message;
    CHECK(CryptHashMessage(&hashed, FALSE, 1, &part, &part_size, message, &size, NULL, NULL));
    torment("hashed", feed_message, message, size, 1000);
    torment("certificate", feed_certificate, leaf_der, sizeof leaf_der, 2000);
    torment("structures", feed_structures, leaf_der, sizeof leaf_der, 300);
    torment("structures of keys", feed_structures, pkcs8_p256_aes, sizeof pkcs8_p256_aes, 300);
    torment("key", feed_key, pkcs8_rsa, sizeof pkcs8_rsa, 500);
    torment("key on a curve", feed_key, pkcs8_p384, sizeof pkcs8_p384, 500);
    torment("dsa key", feed_key, pkcs8_dsa1024, sizeof pkcs8_dsa1024, 300);
    CertFreeCertificateContext(cert);
    CertCloseStore(store, 0);
    return check_done();
}
