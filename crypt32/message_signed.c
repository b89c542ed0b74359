/*
 * message_signed.c: wincrypt.h: signed messages: reading them, and checking their signatures.
 */
#include "crypt32/message_parts.h"

bool hash_from_oid(const char *oid, enum tls_hash *hash)
{
    static const struct {
        const char *oid;
        enum tls_hash hash;
    } hashes[] = {{szOID_OIWSEC_sha1, TLS_HASH_SHA1},
                  {szOID_NIST_sha256, TLS_HASH_SHA256},
                  {szOID_NIST_sha384, TLS_HASH_SHA384},
                  {szOID_NIST_sha512, TLS_HASH_SHA512},
                  {szOID_RSA_MD5, TLS_HASH_MD5}};

    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (!strcmp(hashes[i].oid, oid)) {
            *hash = hashes[i].hash;
            return true;
        }
    return false;
}

/* CMSG_SIGNER_INFO has only names: a key's identifier becomes one, with a serial number of zero, as Windows does it. */
static bool signer_by_key(struct signer *signer)
{
    struct encoder out = {0};
    const BYTE *at = signer->key_id.whole + signer->key_id.whole_size, *end = signer->whole.data + signer->whole.size;
    size_t before;
    DWORD size;
    bool good = encoder_put(&out, at, (size_t)(end - at));

    before = out.used;
    good = good && encoder_put(&out, "\2\1\0", 3);
    size_t serial = out.used;
    good = good && encoder_put(&out, signer->key_id.data, signer->key_id.size) &&
           encoder_wrap(&out, DER_OCTETS, serial) && oid_encode(&out, szOID_KEYID_RDN) &&
           encoder_wrap(&out, DER_SEQUENCE, serial) && encoder_wrap(&out, DER_SET, serial) &&
           encoder_wrap(&out, DER_SEQUENCE, serial) && encoder_wrap(&out, DER_SEQUENCE, before) &&
           encoder_put(&out, "\2\1\3", 3) && encoder_wrap(&out, DER_SEQUENCE, 0);
    signer->info =
        good ? asn_decode(asn_type_find(PKCS7_SIGNER_INFO), encoder_data(&out), (DWORD)out.used, 0, &size) : NULL;
    crypt_free(out.base);
    return signer->info;
}

static bool signer_parse(const struct der_item *item, struct signer *signer)
{
    const BYTE *at = item->data, *end = at + item->size;
    struct der_item version, id;
    DWORD size;

    signer->whole = *item;
    if (!der_expect(&at, end, DER_INTEGER, &version) || !der_next(&at, end, &id) ||
        !der_expect(&at, end, DER_SEQUENCE, &signer->hash))
        return false;
    der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &signer->attributes);
    if (!der_expect(&at, end, DER_SEQUENCE, &signer->algorithm) ||
        !der_expect(&at, end, DER_OCTETS, &signer->signature))
        return false;
    if (id.tag == DER_CONTEXT) {
        signer->key_id = id;
        return signer_by_key(signer);
    }
    if (id.tag != DER_SEQUENCE)
        return false;
    at = id.data;
    end = at + id.size;
    if (!der_expect(&at, end, DER_SEQUENCE, &signer->issuer) || !der_expect(&at, end, DER_INTEGER, &signer->serial))
        return false;
    signer->info = asn_decode(asn_type_find(PKCS7_SIGNER_INFO), item->whole, item->whole_size, 0, &size);
    return signer->info;
}

static void list_parse(const struct der_item *list, struct der_item *items, DWORD *count)
{
    const BYTE *at = list->data, *end = at + list->size;

    while (*count < ENTRY_MAX && der_next(&at, end, &items[*count]))
        ++*count;
}

bool signed_parse(struct message *message, const BYTE *at, const BYTE *end)
{
    struct der_item item, part, oid;

    if (!der_expect(&at, end, DER_SEQUENCE, &item))
        return false;
    at = item.data;
    end = at + item.size;
    if (!der_expect(&at, end, DER_INTEGER, &part) || part.size != 1)
        return false;
    message->version = *part.data;
    if (!der_expect(&at, end, DER_SET, &message->hashes) || !der_expect(&at, end, DER_SEQUENCE, &item))
        return false;
    message->content_info = item;
    const BYTE *inner = item.data, *inner_end = inner + item.size;
    if (!der_expect(&inner, inner_end, DER_OID, &oid))
        return false;
    message->content_oid = message_oid(&oid);
    if (der_expect(&inner, inner_end, DER_CONTEXT | DER_CONSTRUCTED, &part)) {
        inner = part.data;
        message->has_content = der_next(&inner, part.data + part.size, &message->content);
    }
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &part))
        list_parse(&part, message->certs, &message->cert_count);
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED | 1, &part))
        list_parse(&part, message->crls, &message->crl_count);
    if (!der_expect(&at, end, DER_SET, &part))
        return false;
    inner = part.data;
    while (message->signer_count < SIGNER_MAX && der_next(&inner, part.data + part.size, &item)) {
        if (!signer_parse(&item, &message->signers[message->signer_count]))
            return false;
        message->signer_count++;
    }
    return true;
}

/* What the signature is about: the content's value. */
struct tls_blob signed_content(const struct message *message)
{
    if (message->flags & CMSG_DETACHED_FLAG || !message->has_content)
        return tls_blob_of(message->detached, message->detached_size);
    return tls_blob_of(message->content.data, message->content.size);
}

static DWORD content_digest(const struct message *message, const struct signer *signer, BYTE *out)
{
    struct tls_blob content = signed_content(message);
    enum tls_hash hash;

    if (!hash_from_oid(signer->info->HashAlgorithm.pszObjId, &hash))
        return 0;
    return host_digest(hash, content.data ? content.data : (const uint8_t *)"", content.size, out);
}

static BOOL give_attributes(const CRYPT_ATTRIBUTES *attributes, const struct der_item *list, BYTE tag, void *out,
                            DWORD *size)
{
    BYTE *copy;
    BOOL done;

    if (!attributes->cAttr || !list->whole_size)
        return crypt_fail((DWORD)CRYPT_E_ATTRIBUTES_MISSING);
    copy = crypt_alloc(list->whole_size);
    if (!copy)
        return FALSE;
    memcpy(copy, list->whole, list->whole_size);
    *copy = tag;
    done = asn_give(&asn_attributes, copy, list->whole_size, out, size);
    crypt_free(copy);
    return done;
}

static BOOL give_signer_info(const struct signer *signer, void *out, DWORD *size)
{
    const struct asn_type *type = asn_type_find(PKCS7_SIGNER_INFO);
    BYTE *block, *data;
    DWORD length;
    BOOL done;

    if (!signer->key_id.data)
        return give_item(type, &signer->whole, out, size);
    data = asn_encode(type, signer->info, 0, &length, &block);
    done = data && asn_give(type, data, length, out, size);
    crypt_free(block);
    return done;
}

/* A CERT_ID and what it points to. */
static BOOL give_id(const struct signer *signer, CERT_ID *out, DWORD *size)
{
    const CERT_NAME_BLOB *issuer = &signer->info->Issuer;
    const CRYPT_INTEGER_BLOB *serial = &signer->info->SerialNumber;
    DWORD behind = signer->key_id.data ? signer->key_id.size : issuer->cbData + serial->cbData;
    DWORD needed = (DWORD)sizeof *out + behind, room = *size;
    BYTE *at = (BYTE *)(out + 1);

    *size = needed;
    if (!out)
        return TRUE;
    if (room < needed)
        return crypt_fail(ERROR_MORE_DATA);
    memset(out, 0, sizeof *out);
    if (signer->key_id.data) {
        out->dwIdChoice = CERT_ID_KEY_IDENTIFIER;
        out->KeyId = (CRYPT_HASH_BLOB){signer->key_id.size, at};
        memcpy(at, signer->key_id.data, signer->key_id.size);
        return TRUE;
    }
    out->dwIdChoice = CERT_ID_ISSUER_SERIAL_NUMBER;
    out->IssuerSerialNumber.Issuer = (CERT_NAME_BLOB){issuer->cbData, at};
    memcpy(at, issuer->pbData, issuer->cbData);
    at += issuer->cbData;
    out->IssuerSerialNumber.SerialNumber = (CRYPT_INTEGER_BLOB){serial->cbData, at};
    memcpy(at, serial->pbData, serial->cbData);
    return TRUE;
}

/* CMSG_CMS_SIGNER_INFO: the same as CMSG_SIGNER_INFO but for the identifier, which comes behind everything. */
static BOOL give_cms(const struct signer *signer, CMSG_CMS_SIGNER_INFO *out, DWORD *size)
{
    DWORD old_size = 0, id_size = 0, room = *size;
    CMSG_SIGNER_INFO *info;
    BYTE *block = (BYTE *)(out + 1);

    if (!give_signer_info(signer, NULL, &old_size) || !give_id(signer, NULL, &id_size))
        return FALSE;
    old_size = (old_size + 7) & ~7u;
    *size = (DWORD)sizeof *out + old_size + id_size;
    if (!out)
        return TRUE;
    if (room < *size)
        return crypt_fail(ERROR_MORE_DATA);
    info = (CMSG_SIGNER_INFO *)block;
    if (!give_signer_info(signer, info, &old_size))
        return FALSE;
    id_size = *size - (DWORD)sizeof *out - ((old_size + 7) & ~7u);
    give_id(signer, (CERT_ID *)(block + ((old_size + 7) & ~7u)), &id_size);
    *out = (CMSG_CMS_SIGNER_INFO){.dwVersion = info->dwVersion,
                                  .SignerId = *(CERT_ID *)(block + ((old_size + 7) & ~7u)),
                                  .HashAlgorithm = info->HashAlgorithm,
                                  .HashEncryptionAlgorithm = info->HashEncryptionAlgorithm,
                                  .EncryptedHash = info->EncryptedHash,
                                  .AuthAttrs = info->AuthAttrs,
                                  .UnauthAttrs = info->UnauthAttrs};
    return TRUE;
}

static BOOL signer_param(const struct message *message, DWORD param, const struct signer *signer, void *out,
                         DWORD *size)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD length;

    switch (param) {
    case CMSG_SIGNER_INFO_PARAM:
        return give_signer_info(signer, out, size);
    case CMSG_SIGNER_CERT_INFO_PARAM:
        return give_cert_id(&signer->info->Issuer, &signer->info->SerialNumber, out, size);
    case CMSG_SIGNER_CERT_ID_PARAM:
        return give_id(signer, out, size);
    case CMSG_CMS_SIGNER_INFO_PARAM:
        return give_cms(signer, out, size);
    case CMSG_SIGNER_HASH_ALGORITHM_PARAM:
        return give_item(&asn_algorithm, &signer->hash, out, size);
    case CMSG_SIGNER_AUTH_ATTR_PARAM:
        return give_attributes(&signer->info->AuthAttrs, &signer->attributes, DER_SET, out, size);
    case CMSG_SIGNER_UNAUTH_ATTR_PARAM: {
        const BYTE *at = signer->signature.data + signer->signature.size;
        struct der_item list = {0};

        der_next(&at, signer->whole.data + signer->whole.size, &list);
        return give_attributes(&signer->info->UnauthAttrs, &list, DER_SET, out, size);
    }
    case CMSG_ENCRYPTED_DIGEST:
        return crypt_copy(signer->signature.data, signer->signature.size, out, size);
    case CMSG_COMPUTED_HASH_PARAM:
        length = content_digest(message, signer, hash);
        return length ? crypt_copy(hash, length, out, size) : crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    }
    return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
}

/* Does the attribute with the content's hash say the same? */
static bool digest_attribute_fits(const struct signer *signer, const BYTE *hash, DWORD length)
{
    PCRYPT_ATTRIBUTE attribute =
        CertFindAttribute(szOID_RSA_messageDigest, signer->info->AuthAttrs.cAttr, signer->info->AuthAttrs.rgAttr);
    const BYTE *at;
    struct der_item item;

    if (!attribute || attribute->cValue != 1)
        return crypt_fail((DWORD)CRYPT_E_AUTH_ATTR_MISSING);
    at = attribute->rgValue[0].pbData;
    if (!der_expect(&at, at + attribute->rgValue[0].cbData, DER_OCTETS, &item) || item.size != length ||
        memcmp(item.data, hash, length))
        return crypt_fail((DWORD)CRYPT_E_HASH_VALUE);
    return true;
}

static BOOL signer_verify(const struct message *message, const struct signer *signer, const CERT_PUBLIC_KEY_INFO *key)
{
    struct tls_blob content = signed_content(message);
    const char *algorithm = signer->info->HashEncryptionAlgorithm.pszObjId;
    BYTE hash[TLS_HASH_MAX], *attributes = NULL, *block, *bytes;
    DWORD length = content_digest(message, signer, hash), size;
    bool good;

    if (!length)
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    if (signer->attributes.whole_size) {
        if (!digest_attribute_fits(signer, hash, length))
            return FALSE;
        attributes = crypt_alloc(signer->attributes.whole_size);
        if (!attributes)
            return FALSE;
        memcpy(attributes, signer->attributes.whole, signer->attributes.whole_size);
        *attributes = DER_SET; /* signed is the set, not the tagged field */
        content = tls_blob_of(attributes, signer->attributes.whole_size);
    }
    /* A key's algorithm alone goes with the signer's hash. */
    if (!strcmp(algorithm, szOID_RSA_RSA) || !strcmp(algorithm, szOID_ECC_PUBLIC_KEY) ||
        !strcmp(algorithm, szOID_X957_DSA))
        algorithm = signer->info->HashAlgorithm.pszObjId;
    bytes = asn_encode(&asn_public_key, key, 0, &size, &block);
    good = bytes && host_verify(tls_blob_of(bytes, size), algorithm, content,
                                tls_blob_of(signer->signature.data, signer->signature.size));
    crypt_free(block);
    crypt_free(attributes);
    return good ? TRUE : crypt_fail((DWORD)NTE_BAD_SIGNATURE);
}

BOOL signed_param(const struct message *message, DWORD param, DWORD index, void *out, DWORD *size)
{
    switch (param) {
    case CMSG_VERSION_PARAM:
        return give_number(message->version, out, size);
    case CMSG_SIGNER_COUNT_PARAM:
        return give_number(message->signer_count, out, size);
    }
    if (index >= message->signer_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    return signer_param(message, param, &message->signers[index], out, size);
}

static const struct signer *signer_of(const struct message *message, const CERT_INFO *info)
{
    for (DWORD i = 0; i < message->signer_count; i++) {
        CMSG_SIGNER_INFO *signer = message->signers[i].info;

        if (CertCompareIntegerBlob(&signer->SerialNumber, (PCRYPT_INTEGER_BLOB)&info->SerialNumber) &&
            CertCompareCertificateName(X509_ASN_ENCODING, &signer->Issuer, (PCERT_NAME_BLOB)&info->Issuer))
            return &message->signers[i];
    }
    SetLastError((DWORD)CRYPT_E_SIGNER_NOT_FOUND);
    return NULL;
}

BOOL counter_verify(const BYTE *counter, DWORD size, const CRYPT_DATA_BLOB *signed_hash,
                    const CERT_PUBLIC_KEY_INFO *key)
{
    struct message *about = crypt_alloc(sizeof *about); /* as if the hash were a message's content */
    const BYTE *at = counter;
    struct der_item item;
    BOOL done;

    if (!about)
        return FALSE;
    about->flags = CMSG_DETACHED_FLAG;
    about->detached = signed_hash->pbData;
    about->detached_size = signed_hash->cbData;
    if (der_expect(&at, counter + size, DER_SEQUENCE, &item) && signer_parse(&item, &about->signers[0]))
        done = signer_verify(about, &about->signers[0], key);
    else
        done = crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    crypt_free(about->signers[0].info);
    crypt_free(about);
    return done;
}

BOOL signed_control(struct message *message, DWORD control, const void *para)
{
    const CMSG_CTRL_VERIFY_SIGNATURE_EX_PARA *extended = para;
    const CERT_INFO *info = para;
    const struct signer *signer;
    const CERT_PUBLIC_KEY_INFO *key;

    switch (control) {
    case CMSG_CTRL_VERIFY_SIGNATURE:
        signer = signer_of(message, info);
        return signer && signer_verify(message, signer, &info->SubjectPublicKeyInfo);
    case CMSG_CTRL_VERIFY_SIGNATURE_EX:
        if (extended->dwSignerIndex >= message->signer_count)
            return crypt_fail((DWORD)CRYPT_E_SIGNER_NOT_FOUND);
        key = extended->dwSignerType == CMSG_VERIFY_SIGNER_CERT
                  ? &((PCCERT_CONTEXT)extended->pvSigner)->pCertInfo->SubjectPublicKeyInfo
              : extended->dwSignerType == CMSG_VERIFY_SIGNER_CHAIN
                  ? &((PCCERT_CHAIN_CONTEXT)extended->pvSigner)
                         ->rgpChain[0]
                         ->rgpElement[0]
                         ->pCertContext->pCertInfo->SubjectPublicKeyInfo
              : extended->dwSignerType == CMSG_VERIFY_SIGNER_PUBKEY ? extended->pvSigner
                                                                    : NULL;
        if (!key)
            return crypt_fail((DWORD)E_INVALIDARG);
        return signer_verify(message, &message->signers[extended->dwSignerIndex], key);
    }
    return signed_edit(message, control, para);
}

static PCCERT_CONTEXT signer_cert(HCERTSTORE store, const struct signer *signer, CERT_INFO *id)
{
    CRYPT_HASH_BLOB key_id = {signer->key_id.size, (BYTE *)signer->key_id.data};

    return signer->key_id.data
               ? CertFindCertificateInStore(store, ENCODING_ANY, 0, CERT_FIND_KEY_IDENTIFIER, &key_id, NULL)
               : CertGetSubjectCertificateFromStore(store, ENCODING_ANY, id);
}

/* The signer's certificate from the message or the caller's stores, and whether it did sign. */
BOOL WINAPI CryptMsgGetAndVerifySigner(HCRYPTMSG handle, DWORD count, HCERTSTORE *stores, DWORD flags,
                                       PCCERT_CONTEXT *result, DWORD *index)
{
    struct message *message = message_from(handle);
    HCERTSTORE own;
    BOOL done = FALSE;

    if (result)
        *result = NULL;
    if (!message)
        return FALSE;
    if (!message->final)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    own = flags & CMSG_TRUSTED_SIGNER_FLAG ? NULL : CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, handle);
    SetLastError((DWORD)CRYPT_E_NO_TRUSTED_SIGNER);
    for (DWORD i = flags & CMSG_USE_SIGNER_INDEX_FLAG && index ? *index : 0; i < message->signer_count && !done; i++) {
        CERT_INFO id = {.Issuer = message->signers[i].info->Issuer,
                        .SerialNumber = message->signers[i].info->SerialNumber};
        PCCERT_CONTEXT cert = own ? signer_cert(own, &message->signers[i], &id) : NULL;

        for (DWORD j = 0; j < count && !cert; j++)
            cert = signer_cert(stores[j], &message->signers[i], &id);
        done = cert && (flags & CMSG_SIGNER_ONLY_FLAG ||
                        signer_verify(message, &message->signers[i], &cert->pCertInfo->SubjectPublicKeyInfo));
        if (done && index)
            *index = i;
        if (done && result)
            *result = cert;
        else if (cert)
            CertFreeCertificateContext(cert);
        if (flags & CMSG_USE_SIGNER_INDEX_FLAG)
            break;
    }
    CertCloseStore(own, 0);
    return done;
}
