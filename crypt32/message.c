/*
 * message.c: wincrypt.h: CryptMsg*: PKCS #7 messages: reading them, and checking their signatures.
 *
 * A message is kept as its bytes; after the last update it is taken apart into items that point into them.
 */
#include "crypt32/message.h"
#include "crypt32/store.h"
#include "ntdll/gate.h"

#define MESSAGE_MAGIC 0x6567736du
#define SIGNER_MAX 16
#define ENTRY_MAX 128

struct signer {
    struct der_item whole, hash, attributes, algorithm, signature, issuer, serial;
    CMSG_SIGNER_INFO *info;
};

struct message {
    DWORD magic;
    LONG references;
    DWORD type; /* CMSG_* as it was opened; 0: by what it says itself */
    DWORD flags;
    BYTE *data, *detached;
    DWORD size, detached_size;
    bool final, whole; /* the head is complete; the detached content, too */
    char *content_oid;
    struct der_item content; /* the inner content */
    bool has_content;
    struct der_item certs[ENTRY_MAX], crls[ENTRY_MAX];
    DWORD cert_count, crl_count, version;
    struct signer signers[SIGNER_MAX];
    DWORD signer_count;
};

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

static struct message *message_from(HCRYPTMSG handle)
{
    struct message *message = handle;

    if (message && message->magic == MESSAGE_MAGIC)
        return message;
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

HCRYPTMSG WINAPI CryptMsgOpenToDecode(DWORD encoding, DWORD flags, DWORD type, HCRYPTPROV_LEGACY provider,
                                      PCERT_INFO recipient, PCMSG_STREAM_INFO stream)
{
    struct message *message;

    (void)provider, (void)recipient;
    if (!(encoding & PKCS_7_ASN_ENCODING) || stream) {
        SetLastError(stream ? ERROR_CALL_NOT_IMPLEMENTED : (DWORD)E_INVALIDARG);
        return NULL;
    }
    message = crypt_alloc(sizeof *message);
    if (!message)
        return NULL;
    message->magic = MESSAGE_MAGIC;
    message->references = 1;
    message->type = type;
    message->flags = flags;
    return message;
}

HCRYPTMSG WINAPI CryptMsgDuplicate(HCRYPTMSG handle)
{
    struct message *message = handle ? message_from(handle) : NULL;

    if (message)
        __sync_fetch_and_add(&message->references, 1);
    return message;
}

BOOL WINAPI CryptMsgClose(HCRYPTMSG handle)
{
    struct message *message = handle ? message_from(handle) : NULL;
    DWORD error = GetLastError();

    if (message && !__sync_sub_and_fetch(&message->references, 1)) {
        for (DWORD i = 0; i < message->signer_count; i++)
            crypt_free(message->signers[i].info);
        crypt_free(message->content_oid);
        crypt_free(message->data);
        crypt_free(message->detached);
        message->magic = 0;
        crypt_free(message);
    }
    SetLastError(error);
    return TRUE;
}

static char *oid_text(const struct der_item *item)
{
    DWORD size;
    LPSTR *oid = asn_decode(&asn_oid, item->whole, item->whole_size, 0, &size);
    char *text = oid ? crypt_alloc(strlen(*oid) + 1) : NULL;

    if (text)
        strcpy(text, *oid);
    crypt_free(oid);
    return text;
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
        !der_expect(&at, end, DER_OCTETS, &signer->signature) || id.tag != DER_SEQUENCE)
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

static bool signed_parse(struct message *message, const BYTE *at, const BYTE *end)
{
    struct der_item item, part, oid;

    if (!der_expect(&at, end, DER_SEQUENCE, &item))
        return false;
    at = item.data;
    end = at + item.size;
    if (!der_expect(&at, end, DER_INTEGER, &part) || part.size != 1)
        return false;
    message->version = *part.data;
    if (!der_expect(&at, end, DER_SET, &part) || !der_expect(&at, end, DER_SEQUENCE, &item))
        return false;
    const BYTE *inner = item.data, *inner_end = inner + item.size;
    if (!der_expect(&inner, inner_end, DER_OID, &oid))
        return false;
    message->content_oid = oid_text(&oid);
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
    while (message->signer_count < SIGNER_MAX && der_next(&inner, part.data + part.size, &item))
        if (!signer_parse(&item, &message->signers[message->signer_count++]))
            return false;
    return true;
}

static bool message_parse(struct message *message)
{
    const BYTE *at = message->data, *end = at + message->size;
    struct der_item item, oid, content;
    char *text;
    bool good;

    if (message->type == CMSG_SIGNED)
        return signed_parse(message, at, end) || crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    if (message->type == CMSG_DATA) {
        message->has_content = der_expect(&at, end, DER_OCTETS, &message->content);
        return message->has_content || crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    }
    if (message->type)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    if (!message->size || !der_expect(&at, end, DER_SEQUENCE, &item))
        return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    at = item.data;
    if (!der_expect(&at, item.data + item.size, DER_OID, &oid) ||
        !der_expect(&at, item.data + item.size, DER_CONTEXT | DER_CONSTRUCTED, &content))
        return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    text = oid_text(&oid);
    if (!text)
        return false;
    message->type = !strcmp(text, szOID_RSA_data) ? CMSG_DATA : !strcmp(text, szOID_RSA_signedData) ? CMSG_SIGNED : 0;
    crypt_free(text);
    at = content.data;
    end = at + content.size;
    if (message->type == CMSG_SIGNED)
        good = signed_parse(message, at, end);
    else if (message->type == CMSG_DATA)
        good = message->has_content = der_expect(&at, end, DER_OCTETS, &message->content);
    else
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    return good || crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
}

static bool append(BYTE **data, DWORD *size, const BYTE *more, DWORD count)
{
    BYTE *longer = crypt_alloc((size_t)*size + count + 1);

    if (!longer)
        return false;
    if (*size)
        memcpy(longer, *data, *size);
    if (count)
        memcpy(longer + *size, more, count);
    crypt_free(*data);
    *data = longer;
    *size += count;
    return true;
}

/* With detached content the message comes first, then what it is about. */
BOOL WINAPI CryptMsgUpdate(HCRYPTMSG handle, const BYTE *data, DWORD size, BOOL final)
{
    struct message *message = message_from(handle);

    if (!message)
        return FALSE;
    if (message->whole)
        return crypt_fail((DWORD)CRYPT_E_MSG_ERROR);
    if (message->final) {
        message->whole = final;
        return append(&message->detached, &message->detached_size, data, size);
    }
    if (!append(&message->data, &message->size, data, size))
        return FALSE;
    if (!final)
        return TRUE;
    message->final = true;
    message->whole = !(message->flags & CMSG_DETACHED_FLAG);
    return message_parse(message);
}

static BOOL give(const struct asn_type *type, const struct der_item *item, void *out, DWORD *size)
{
    return asn_give(type, item->whole, item->whole_size, out, size);
}

static BOOL give_number(DWORD number, void *out, DWORD *size)
{
    return crypt_copy(&number, sizeof number, out, size);
}

/* What the signature is about: the content's value. */
static struct tls_blob signed_content(const struct message *message)
{
    if (message->flags & CMSG_DETACHED_FLAG || !message->has_content)
        return tls_blob_of(message->detached, message->detached_size);
    return tls_blob_of(message->content.data, message->content.size);
}

static BOOL give_content(const struct message *message, void *out, DWORD *size)
{
    struct tls_blob content = signed_content(message);

    if (message->has_content && message->type == CMSG_SIGNED && message->content_oid &&
        strcmp(message->content_oid, szOID_RSA_data))
        content = tls_blob_of(message->content.whole, message->content.whole_size);
    return crypt_copy(content.data ? content.data : (const BYTE *)"", (DWORD)content.size, out, size);
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

static BOOL signer_param(const struct message *message, DWORD param, const struct signer *signer, void *out,
                         DWORD *size)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD length;

    switch (param) {
    case CMSG_SIGNER_INFO_PARAM:
        return give(asn_type_find(PKCS7_SIGNER_INFO), &signer->whole, out, size);
    case CMSG_SIGNER_CERT_INFO_PARAM: {
        /* Issuer and serial number alone, in a CERT_INFO. */
        CERT_INFO *info = out;
        DWORD needed = (DWORD)(sizeof *info + signer->info->Issuer.cbData + signer->info->SerialNumber.cbData);
        BYTE *behind = (BYTE *)(info + 1);

        if (!out || *size < needed) {
            *size = needed;
            return out ? crypt_fail(ERROR_MORE_DATA) : TRUE;
        }
        *size = needed;
        memset(info, 0, sizeof *info);
        info->Issuer = (CERT_NAME_BLOB){signer->info->Issuer.cbData, behind};
        memcpy(behind, signer->info->Issuer.pbData, signer->info->Issuer.cbData);
        behind += signer->info->Issuer.cbData;
        info->SerialNumber = (CRYPT_INTEGER_BLOB){signer->info->SerialNumber.cbData, behind};
        memcpy(behind, signer->info->SerialNumber.pbData, signer->info->SerialNumber.cbData);
        return TRUE;
    }
    case CMSG_SIGNER_HASH_ALGORITHM_PARAM:
        return give(&asn_algorithm, &signer->hash, out, size);
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

BOOL WINAPI CryptMsgGetParam(HCRYPTMSG handle, DWORD param, DWORD index, void *out, DWORD *size)
{
    struct message *message = message_from(handle);

    if (!message)
        return FALSE;
    if (param == CMSG_TYPE_PARAM)
        return give_number(message->type ? message->type : CMSG_SIGNED, out, size);
    if (!message->final)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    switch (param) {
    case CMSG_CONTENT_PARAM:
    case CMSG_BARE_CONTENT_PARAM:
        return give_content(message, out, size);
    case CMSG_ENCODED_MESSAGE:
        return crypt_copy(message->data, message->size, out, size);
    }
    if (message->type != CMSG_SIGNED)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    switch (param) {
    case CMSG_INNER_CONTENT_TYPE_PARAM:
        return crypt_copy(message->content_oid, (DWORD)strlen(message->content_oid) + 1, out, size);
    case CMSG_VERSION_PARAM:
        return give_number(message->version, out, size);
    case CMSG_SIGNER_COUNT_PARAM:
        return give_number(message->signer_count, out, size);
    case CMSG_CERT_COUNT_PARAM:
        return give_number(message->cert_count, out, size);
    case CMSG_CRL_COUNT_PARAM:
        return give_number(message->crl_count, out, size);
    case CMSG_CERT_PARAM:
        if (index >= message->cert_count)
            return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
        return crypt_copy(message->certs[index].whole, message->certs[index].whole_size, out, size);
    case CMSG_CRL_PARAM:
        if (index >= message->crl_count)
            return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
        return crypt_copy(message->crls[index].whole, message->crls[index].whole_size, out, size);
    }
    if (index >= message->signer_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    return signer_param(message, param, &message->signers[index], out, size);
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

BOOL WINAPI CryptMsgControl(HCRYPTMSG handle, DWORD flags, DWORD control, const void *para)
{
    struct message *message = message_from(handle);
    const CMSG_CTRL_VERIFY_SIGNATURE_EX_PARA *extended = para;
    const CERT_INFO *info = para;
    const struct signer *signer;
    const CERT_PUBLIC_KEY_INFO *key;

    (void)flags;
    if (!message)
        return FALSE;
    if (message->type != CMSG_SIGNED || !message->final)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    switch (control) {
    case CMSG_CTRL_VERIFY_SIGNATURE:
        signer = signer_of(message, info);
        return signer && signer_verify(message, signer, &info->SubjectPublicKeyInfo);
    case CMSG_CTRL_VERIFY_SIGNATURE_EX:
        if (extended->dwSignerIndex >= message->signer_count)
            return crypt_fail((DWORD)CRYPT_E_SIGNER_NOT_FOUND);
        key = extended->dwSignerType == CMSG_VERIFY_SIGNER_CERT
                  ? &((PCCERT_CONTEXT)extended->pvSigner)->pCertInfo->SubjectPublicKeyInfo
              : extended->dwSignerType == CMSG_VERIFY_SIGNER_PUBKEY ? extended->pvSigner
                                                                    : NULL;
        if (!key)
            return crypt_fail((DWORD)E_INVALIDARG);
        return signer_verify(message, &message->signers[extended->dwSignerIndex], key);
    default:
        return crypt_fail((DWORD)CRYPT_E_CONTROL_TYPE);
    }
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
    own = flags & CMSG_TRUSTED_SIGNER_FLAG ? NULL : CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, handle);
    SetLastError((DWORD)CRYPT_E_NO_TRUSTED_SIGNER);
    for (DWORD i = flags & CMSG_USE_SIGNER_INDEX_FLAG && index ? *index : 0; i < message->signer_count && !done; i++) {
        CERT_INFO id = {.Issuer = message->signers[i].info->Issuer,
                        .SerialNumber = message->signers[i].info->SerialNumber};
        PCCERT_CONTEXT cert = own ? CertGetSubjectCertificateFromStore(own, ENCODING_ANY, &id) : NULL;

        for (DWORD j = 0; j < count && !cert; j++)
            cert = CertGetSubjectCertificateFromStore(stores[j], ENCODING_ANY, &id);
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

LONG WINAPI CryptGetMessageSignerCount(DWORD encoding, const BYTE *data, DWORD size)
{
    HCRYPTMSG message = CryptMsgOpenToDecode(encoding, 0, 0, 0, NULL, NULL);
    DWORD count = 0, length = sizeof count;
    BOOL done = message && CryptMsgUpdate(message, data, size, TRUE) &&
                CryptMsgGetParam(message, CMSG_SIGNER_COUNT_PARAM, 0, &count, &length);

    CryptMsgClose(message);
    return done ? (LONG)count : -1;
}

HCERTSTORE WINAPI CryptGetMessageCertificates(DWORD encoding, HCRYPTPROV_LEGACY provider, DWORD flags, const BYTE *data,
                                              DWORD size)
{
    CRYPT_DATA_BLOB blob = {size, (BYTE *)data};

    return CertOpenStore(CERT_STORE_PROV_PKCS7, encoding, provider, flags, &blob);
}

static BOOL verify_message(PCRYPT_VERIFY_MESSAGE_PARA para, DWORD index, HCRYPTMSG message, PCCERT_CONTEXT *result)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, message);
    CMSG_CTRL_VERIFY_SIGNATURE_EX_PARA verify = {.cbSize = sizeof verify, .dwSignerIndex = index};
    CERT_INFO *id = NULL;
    PCCERT_CONTEXT cert = NULL;
    DWORD size = 0;
    BOOL done = FALSE;

    if (!CryptMsgGetParam(message, CMSG_SIGNER_CERT_INFO_PARAM, index, NULL, &size))
        SetLastError((DWORD)CRYPT_E_NO_SIGNER);
    else if ((id = crypt_alloc(size)) && CryptMsgGetParam(message, CMSG_SIGNER_CERT_INFO_PARAM, index, id, &size)) {
        cert = para->pfnGetSignerCertificate
                   ? (PCCERT_CONTEXT)guest_call(para->pfnGetSignerCertificate, GUEST(para->pvGetArg), ENCODING_ANY,
                                                GUEST(id), GUEST(store))
                   : CertGetSubjectCertificateFromStore(store, ENCODING_ANY, id);
        verify.dwSignerType = CMSG_VERIFY_SIGNER_CERT;
        verify.pvSigner = (void *)cert;
        done = cert && CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_SIGNATURE_EX, &verify);
    }
    if (done && result)
        *result = cert;
    else if (cert)
        CertFreeCertificateContext(cert);
    crypt_free(id);
    CertCloseStore(store, 0);
    return done;
}

BOOL WINAPI CryptVerifyMessageSignature(PCRYPT_VERIFY_MESSAGE_PARA para, DWORD index, const BYTE *data, DWORD size,
                                        BYTE *content, DWORD *content_size, PCCERT_CONTEXT *signer)
{
    HCRYPTMSG message;
    BOOL done;

    if (signer)
        *signer = NULL;
    if (!para || para->cbSize < offsetof(CRYPT_VERIFY_MESSAGE_PARA, pvGetArg) + sizeof(void *))
        return crypt_fail((DWORD)E_INVALIDARG);
    message = CryptMsgOpenToDecode(para->dwMsgAndCertEncodingType, 0, 0, 0, NULL, NULL);
    done = message && CryptMsgUpdate(message, data, size, TRUE) && verify_message(para, index, message, signer);
    if (done && content_size)
        done = CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, content, content_size);
    CryptMsgClose(message);
    return done;
}

BOOL WINAPI CryptVerifyDetachedMessageSignature(PCRYPT_VERIFY_MESSAGE_PARA para, DWORD index, const BYTE *data,
                                                DWORD size, DWORD parts, const BYTE *part[], DWORD part_size[],
                                                PCCERT_CONTEXT *signer)
{
    HCRYPTMSG message;
    BOOL done;

    if (signer)
        *signer = NULL;
    if (!para || para->cbSize < offsetof(CRYPT_VERIFY_MESSAGE_PARA, pvGetArg) + sizeof(void *))
        return crypt_fail((DWORD)E_INVALIDARG);
    message = CryptMsgOpenToDecode(para->dwMsgAndCertEncodingType, CMSG_DETACHED_FLAG, 0, 0, NULL, NULL);
    done = message && CryptMsgUpdate(message, data, size, TRUE);
    for (DWORD i = 0; i < parts && done; i++)
        done = CryptMsgUpdate(message, part[i], part_size[i], i + 1 == parts);
    done = done && verify_message(para, index, message, signer);
    CryptMsgClose(message);
    return done;
}
