/*
 * verify.c: wincrypt.h: hashes and signatures of encoded things.
 */
#include "crypt32/asn.h"
#include "crypt32/chain.h"

static bool hash_from_algorithm(ALG_ID algorithm, enum tls_hash *hash)
{
    static const struct {
        ALG_ID algorithm;
        enum tls_hash hash;
    } hashes[] = {{0, TLS_HASH_SHA1},
                  {CALG_SHA1, TLS_HASH_SHA1},
                  {CALG_MD5, TLS_HASH_MD5},
                  {CALG_SHA_256, TLS_HASH_SHA256},
                  {CALG_SHA_384, TLS_HASH_SHA384},
                  {CALG_SHA_512, TLS_HASH_SHA512}};

    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (hashes[i].algorithm == algorithm) {
            *hash = hashes[i].hash;
            return true;
        }
    return false;
}

static BOOL give_hash(enum tls_hash hash, const void *data, DWORD size, BYTE *out, DWORD *out_size)
{
    BYTE value[TLS_HASH_MAX];
    DWORD length = host_digest(hash, data, size, value);

    return length ? crypt_copy(value, length, out, out_size) : crypt_fail((DWORD)NTE_PROVIDER_DLL_FAIL);
}

BOOL WINAPI CryptHashCertificate(HCRYPTPROV_LEGACY provider, ALG_ID algorithm, DWORD flags, const BYTE *encoded,
                                 DWORD size, BYTE *hash, DWORD *hash_size)
{
    enum tls_hash number;

    (void)provider, (void)flags;
    if (!hash_from_algorithm(algorithm, &number))
        return crypt_fail((DWORD)NTE_BAD_ALGID);
    return give_hash(number, encoded, size, hash, hash_size);
}

BOOL WINAPI CryptHashCertificate2(LPCWSTR name, DWORD flags, void *reserved, const BYTE *encoded, DWORD size,
                                  BYTE *hash, DWORD *hash_size)
{
    PCCRYPT_OID_INFO info = CryptFindOIDInfo(CRYPT_OID_INFO_CNG_ALGID_KEY, (void *)name, CRYPT_HASH_ALG_OID_GROUP_ID);
    enum tls_hash number;

    (void)flags, (void)reserved;
    if (!info || !hash_from_algorithm(info->Algid, &number))
        return crypt_fail(0xc0000225u); /* STATUS_NOT_FOUND, as the primitives say it */
    return give_hash(number, encoded, size, hash, hash_size);
}

BOOL WINAPI CryptHashPublicKeyInfo(HCRYPTPROV_LEGACY provider, ALG_ID algorithm, DWORD flags, DWORD encoding,
                                   PCERT_PUBLIC_KEY_INFO info, BYTE *hash, DWORD *hash_size)
{
    enum tls_hash number;
    BYTE *block, *bytes;
    DWORD size;
    BOOL done;

    (void)provider, (void)flags, (void)encoding;
    if (!hash_from_algorithm(algorithm ? algorithm : CALG_MD5, &number))
        return crypt_fail((DWORD)NTE_BAD_ALGID);
    bytes = asn_encode(&asn_public_key, info, 0, &size, &block);
    if (!bytes)
        return FALSE;
    done = give_hash(number, bytes, size, hash, hash_size);
    crypt_free(block);
    return done;
}

DWORD WINAPI CertGetPublicKeyLength(DWORD encoding, PCERT_PUBLIC_KEY_INFO info)
{
    DWORD size;
    BYTE *block, *bytes;
    unsigned bits;

    (void)encoding;
    bytes = asn_encode(&asn_public_key, info, 0, &size, &block);
    if (!bytes)
        return 0;
    bits = host_key_bits(tls_blob_of(bytes, size));
    crypt_free(block);
    return bits;
}

/* The parts of something signed: what, by which algorithm, the signature as it stands. */
static CERT_SIGNED_CONTENT_INFO *signed_open(const BYTE *data, DWORD size)
{
    DWORD needed;

    return asn_decode(&asn_signed, data, size, CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG, &needed);
}

BOOL WINAPI CryptHashToBeSigned(HCRYPTPROV_LEGACY provider, DWORD encoding, const BYTE *encoded, DWORD size, BYTE *hash,
                                DWORD *hash_size)
{
    CERT_SIGNED_CONTENT_INFO *content = signed_open(encoded, size);
    enum tls_hash number;
    BOOL done;

    (void)provider, (void)encoding;
    if (!content)
        return FALSE;
    if (hash_from_algorithm(CertOIDToAlgId(content->SignatureAlgorithm.pszObjId), &number))
        done = give_hash(number, content->ToBeSigned.pbData, content->ToBeSigned.cbData, hash, hash_size);
    else
        done = crypt_fail((DWORD)NTE_BAD_ALGID);
    crypt_free(content);
    return done;
}

static bool verify_with_key(const BYTE *data, DWORD size, const CERT_PUBLIC_KEY_INFO *key)
{
    CERT_SIGNED_CONTENT_INFO *content = signed_open(data, size);
    DWORD key_size = 0;
    BYTE *block = NULL, *bytes = content ? asn_encode(&asn_public_key, key, 0, &key_size, &block) : NULL;
    bool good = bytes && host_verify(tls_blob_of(bytes, key_size), content->SignatureAlgorithm.pszObjId,
                                     tls_blob_of(content->ToBeSigned.pbData, content->ToBeSigned.cbData),
                                     tls_blob_of(content->Signature.pbData, content->Signature.cbData));

    if (content && !good)
        SetLastError((DWORD)NTE_BAD_SIGNATURE);
    crypt_free(block);
    crypt_free(content);
    return good;
}

BOOL WINAPI CryptVerifyCertificateSignatureEx(HCRYPTPROV_LEGACY provider, DWORD encoding, DWORD subject_type,
                                              void *subject, DWORD issuer_type, void *issuer, DWORD flags,
                                              void *reserved)
{
    const CRYPT_DATA_BLOB *blob = subject;
    PCCERT_CONTEXT cert = subject;
    PCCRL_CONTEXT crl = subject;
    CRYPT_DATA_BLOB data;
    const CERT_PUBLIC_KEY_INFO *key = issuer;

    (void)provider, (void)flags, (void)reserved;
    if ((encoding & 0xffff) != X509_ASN_ENCODING || !subject)
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    switch (subject_type) {
    case CRYPT_VERIFY_CERT_SIGN_SUBJECT_BLOB:
        data = *blob;
        break;
    case CRYPT_VERIFY_CERT_SIGN_SUBJECT_CERT:
        data = (CRYPT_DATA_BLOB){cert->cbCertEncoded, cert->pbCertEncoded};
        break;
    case CRYPT_VERIFY_CERT_SIGN_SUBJECT_CRL:
        data = (CRYPT_DATA_BLOB){crl->cbCrlEncoded, crl->pbCrlEncoded};
        break;
    default:
        return crypt_fail((DWORD)E_INVALIDARG);
    }
    switch (issuer ? issuer_type : 0) {
    case CRYPT_VERIFY_CERT_SIGN_ISSUER_PUBKEY:
        break;
    case CRYPT_VERIFY_CERT_SIGN_ISSUER_CERT:
        key = &((PCCERT_CONTEXT)issuer)->pCertInfo->SubjectPublicKeyInfo;
        break;
    case CRYPT_VERIFY_CERT_SIGN_ISSUER_CHAIN:
        key =
            &((PCCERT_CHAIN_CONTEXT)issuer)->rgpChain[0]->rgpElement[0]->pCertContext->pCertInfo->SubjectPublicKeyInfo;
        break;
    default:
        return crypt_fail((DWORD)E_INVALIDARG);
    }
    return verify_with_key(data.pbData, data.cbData, key);
}

BOOL WINAPI CryptVerifyCertificateSignature(HCRYPTPROV_LEGACY provider, DWORD encoding, const BYTE *encoded, DWORD size,
                                            PCERT_PUBLIC_KEY_INFO key)
{
    CRYPT_DATA_BLOB blob = {size, (BYTE *)encoded};

    return CryptVerifyCertificateSignatureEx(provider, encoding, CRYPT_VERIFY_CERT_SIGN_SUBJECT_BLOB, &blob,
                                             CRYPT_VERIFY_CERT_SIGN_ISSUER_PUBKEY, key, 0, NULL);
}
