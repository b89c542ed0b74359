/*
 * sign.c: wincrypt.h: signing messages by a certificate's private key.
 */
#include "crypt32/message.h"
#include "crypt32/store.h"

/* How a key of a kind signs a hash: the algorithm's name in messages and in certificates. */
static const struct {
    const char *key, *hash, *message, *certificate;
} algorithms[] = {
    {szOID_RSA_RSA, szOID_OIWSEC_sha1, szOID_RSA_RSA, szOID_RSA_SHA1RSA},
    {szOID_RSA_RSA, szOID_NIST_sha256, szOID_RSA_RSA, szOID_RSA_SHA256RSA},
    {szOID_RSA_RSA, szOID_NIST_sha384, szOID_RSA_RSA, szOID_RSA_SHA384RSA},
    {szOID_RSA_RSA, szOID_NIST_sha512, szOID_RSA_RSA, szOID_RSA_SHA512RSA},
    {szOID_ECC_PUBLIC_KEY, szOID_OIWSEC_sha1, szOID_ECDSA_SHA1, szOID_ECDSA_SHA1},
    {szOID_ECC_PUBLIC_KEY, szOID_NIST_sha256, szOID_ECDSA_SHA256, szOID_ECDSA_SHA256},
    {szOID_ECC_PUBLIC_KEY, szOID_NIST_sha384, szOID_ECDSA_SHA384, szOID_ECDSA_SHA384},
    {szOID_ECC_PUBLIC_KEY, szOID_NIST_sha512, szOID_ECDSA_SHA512, szOID_ECDSA_SHA512},
};

const char *signature_algorithm(const char *key, const char *hash, bool message)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (!strcmp(algorithms[i].key, key) && !strcmp(algorithms[i].hash, hash))
            return message ? algorithms[i].message : algorithms[i].certificate;
    return NULL;
}

bool signature_parts(const char *certificate, const char **key, const char **hash)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (!strcmp(algorithms[i].certificate, certificate)) {
            *key = algorithms[i].key;
            *hash = algorithms[i].hash;
            return true;
        }
    return false;
}

/* What is to be signed as one piece. */
static BYTE *join(DWORD parts, const BYTE *part[], const DWORD size[], DWORD *whole)
{
    BYTE *data, *at;

    *whole = 0;
    for (DWORD i = 0; i < parts; i++)
        *whole += size[i];
    data = at = crypt_alloc((size_t)*whole + 1);
    for (DWORD i = 0; i < parts && data; i++) {
        memcpy(at, part[i], size[i]);
        at += size[i];
    }
    return data;
}

/* The caller's attributes with the two that must be among them, each encoded. */
struct attributes {
    CRYPT_ATTRIBUTE *list;
    CRYPT_ATTR_BLOB type, digest;
    BYTE type_der[16], digest_der[TLS_HASH_MAX + 2];
};

static bool attributes_make(struct attributes *made, const CRYPT_SIGN_MESSAGE_PARA *para, const BYTE *hash, DWORD size)
{
    static const BYTE data_oid[] = {6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1};

    made->list = crypt_alloc((para->cAuthAttr + 2) * sizeof *made->list);
    if (!made->list)
        return false;
    memcpy(made->type_der, data_oid, sizeof data_oid);
    made->type = (CRYPT_ATTR_BLOB){sizeof data_oid, made->type_der};
    made->digest_der[0] = DER_OCTETS;
    made->digest_der[1] = (BYTE)size;
    memcpy(made->digest_der + 2, hash, size);
    made->digest = (CRYPT_ATTR_BLOB){size + 2, made->digest_der};
    made->list[0] = (CRYPT_ATTRIBUTE){(LPSTR)szOID_RSA_contentType, 1, &made->type};
    made->list[1] = (CRYPT_ATTRIBUTE){(LPSTR)szOID_RSA_messageDigest, 1, &made->digest};
    memcpy(made->list + 2, para->rgAuthAttr, para->cAuthAttr * sizeof *made->list);
    return true;
}

static bool sign_content(const CRYPT_SIGN_MESSAGE_PARA *para, const BYTE *content, DWORD size, struct attributes *made,
                         CMSG_SIGNER_INFO *info, struct tls_data *signature)
{
    CRYPT_DATA_BLOB key = cert_private_key(para->pSigningCert);
    BYTE hash[TLS_HASH_MAX], *block = NULL, *attributes;
    enum tls_hash number;
    DWORD length, attributes_size = 0;
    bool done;

    if (!key.cbData)
        return crypt_fail((DWORD)CRYPT_E_NO_KEY_PROPERTY);
    if (!hash_from_oid(para->HashAlgorithm.pszObjId, &number))
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    if (!para->cAuthAttr) {
        done = host_sign(tls_blob_of(key.pbData, key.cbData), number, tls_blob_of(content, size), signature);
    } else {
        length = host_digest(number, content, size, hash);
        if (!length || !attributes_make(made, para, hash, length))
            return false;
        info->AuthAttrs = (CRYPT_ATTRIBUTES){para->cAuthAttr + 2, made->list};
        attributes = asn_encode(&asn_attributes, &info->AuthAttrs, 0, &attributes_size, &block);
        done = attributes && host_sign(tls_blob_of(key.pbData, key.cbData), number,
                                       tls_blob_of(attributes, attributes_size), signature);
        crypt_free(block);
    }
    return done || crypt_fail((DWORD)NTE_FAIL);
}

/* The whole message around a signer's part; written from its end. */
static BYTE *message_write(const CRYPT_SIGN_MESSAGE_PARA *para, const CMSG_SIGNER_INFO *info, bool detached,
                           const BYTE *content, DWORD size, DWORD *needed)
{
    struct encoder out = {0};
    size_t before;
    bool good = asn_encode_value(&out, asn_type_find(PKCS7_SIGNER_INFO), info) && encoder_wrap(&out, DER_SET, 0);

    before = out.used;
    for (DWORD i = para->cMsgCrl; i > 0 && good; i--)
        good = encoder_put(&out, para->rgpMsgCrl[i - 1]->pbCrlEncoded, para->rgpMsgCrl[i - 1]->cbCrlEncoded);
    if (good && para->cMsgCrl)
        good = encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED | 1, before);
    before = out.used;
    for (DWORD i = para->cMsgCert; i > 0 && good; i--)
        good = encoder_put(&out, para->rgpMsgCert[i - 1]->pbCertEncoded, para->rgpMsgCert[i - 1]->cbCertEncoded);
    if (good && para->cMsgCert)
        good = encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED, before);
    before = out.used;
    if (good && !detached)
        good = encoder_put(&out, content, size) && encoder_wrap(&out, DER_OCTETS, before) &&
               encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED, before);
    good = good && oid_encode(&out, szOID_RSA_data) && encoder_wrap(&out, DER_SEQUENCE, before);
    before = out.used;
    good = good && asn_encode_value(&out, &asn_algorithm, &para->HashAlgorithm) &&
           encoder_wrap(&out, DER_SET, before) && encoder_put(&out, "\2\1\1", 3) &&
           encoder_wrap(&out, DER_SEQUENCE, 0) && encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED, 0) &&
           oid_encode(&out, szOID_RSA_signedData) && encoder_wrap(&out, DER_SEQUENCE, 0);
    if (!good) {
        crypt_free(out.base);
        return NULL;
    }
    memmove(out.base, encoder_data(&out), out.used);
    *needed = (DWORD)out.used;
    return out.base;
}

BOOL WINAPI CryptSignMessage(PCRYPT_SIGN_MESSAGE_PARA para, BOOL detached, DWORD parts, const BYTE *part[],
                             DWORD part_size[], BYTE *out, DWORD *out_size)
{
    struct attributes made = {0};
    struct tls_data signature = {0};
    CMSG_SIGNER_INFO info = {.dwVersion = 1};
    const char *algorithm;
    BYTE *content, *message = NULL;
    DWORD size, needed = 0;
    BOOL done;

    if (!para || para->cbSize < offsetof(CRYPT_SIGN_MESSAGE_PARA, dwInnerContentType) || !para->pSigningCert ||
        !out_size)
        return crypt_fail((DWORD)E_INVALIDARG);
    algorithm = signature_algorithm(para->pSigningCert->pCertInfo->SubjectPublicKeyInfo.Algorithm.pszObjId,
                                    para->HashAlgorithm.pszObjId, true);
    if (!algorithm)
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    content = join(parts, part, part_size, &size);
    done = content && sign_content(para, content, size, &made, &info, &signature);
    if (done) {
        info.Issuer = para->pSigningCert->pCertInfo->Issuer;
        info.SerialNumber = para->pSigningCert->pCertInfo->SerialNumber;
        info.HashAlgorithm = para->HashAlgorithm;
        info.HashEncryptionAlgorithm.pszObjId = (LPSTR)algorithm;
        info.EncryptedHash = (CRYPT_DATA_BLOB){(DWORD)signature.size, signature.data};
        info.UnauthAttrs = (CRYPT_ATTRIBUTES){para->cUnauthAttr, para->rgUnauthAttr};
        message = message_write(para, &info, detached, content, size, &needed);
        done = message && crypt_copy(message, needed, out, out_size);
    }
    host_release(&signature);
    crypt_free(made.list);
    crypt_free(content);
    crypt_free(message);
    return done;
}
