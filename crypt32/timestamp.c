/*
 * timestamp.c: wincrypt.h: counter signatures and time stamps (RFC 3161 and the older kind).
 *
 * A time stamp says that a signature was there at a time.  It is in the signer's attributes that are not signed: a
 * whole message of its own, or a signer's part about the signature.
 */
#include "crypt32/message_parts.h"

BOOL WINAPI CryptMsgVerifyCountersignatureEncodedEx(HCRYPTPROV_LEGACY provider, DWORD encoding, BYTE *signer,
                                                    DWORD size, BYTE *counter, DWORD counter_size, DWORD type,
                                                    void *pointer, DWORD flags, void *extra)
{
    const CERT_PUBLIC_KEY_INFO *key = NULL;
    CMSG_SIGNER_INFO *info;
    DWORD needed;
    BOOL done;

    (void)provider, (void)encoding, (void)flags, (void)extra;
    if (!pointer)
        return crypt_fail((DWORD)E_INVALIDARG);
    switch (type) {
    case CMSG_VERIFY_SIGNER_PUBKEY:
        key = pointer;
        break;
    case CMSG_VERIFY_SIGNER_CERT:
        key = &((PCCERT_CONTEXT)pointer)->pCertInfo->SubjectPublicKeyInfo;
        break;
    default:
        return crypt_fail((DWORD)E_INVALIDARG);
    }
    info = asn_decode(asn_type_find(PKCS7_SIGNER_INFO), signer, size, 0, &needed);
    if (!info)
        return FALSE;
    done = counter_verify(counter, counter_size, &info->EncryptedHash, key);
    crypt_free(info);
    return done;
}

BOOL WINAPI CryptMsgVerifyCountersignatureEncoded(HCRYPTPROV_LEGACY provider, DWORD encoding, BYTE *signer, DWORD size,
                                                  BYTE *counter, DWORD counter_size, PCERT_INFO info)
{
    CMSG_SIGNER_INFO *by;
    DWORD needed;
    bool same;

    if (!info)
        return crypt_fail((DWORD)E_INVALIDARG);
    by = asn_decode(asn_type_find(PKCS7_SIGNER_INFO), counter, counter_size, 0, &needed);
    if (!by)
        return FALSE;
    same = CertCompareIntegerBlob(&by->SerialNumber, &info->SerialNumber) &&
           CertCompareCertificateName(X509_ASN_ENCODING, &by->Issuer, &info->Issuer);
    crypt_free(by);
    if (!same)
        return crypt_fail((DWORD)CRYPT_E_SIGNER_NOT_FOUND);
    return CryptMsgVerifyCountersignatureEncodedEx(provider, encoding, signer, size, counter, counter_size,
                                                   CMSG_VERIFY_SIGNER_PUBKEY, &info->SubjectPublicKeyInfo, 0, NULL);
}

/* ---- RFC 3161 ---- */

/* The token's own part, if it is one. */
static struct der_item *token_info(struct message *message)
{
    return message->type == CMSG_SIGNED && message->has_content && message->content_oid &&
                   !strcmp(message->content_oid, szOID_TIMESTAMP_TOKEN) && message->content.tag == DER_OCTETS
               ? &message->content
               : NULL;
}

static bool imprint_fits(const CRYPT_TIMESTAMP_INFO *info, const BYTE *data, DWORD size)
{
    BYTE hash[TLS_HASH_MAX];
    enum tls_hash number;
    DWORD length;

    if (!hash_from_oid(info->HashAlgorithm.pszObjId, &number))
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    length = host_digest(number, data, size, hash);
    return (length && length == info->HashedMessage.cbData && !memcmp(hash, info->HashedMessage.pbData, length)) ||
           crypt_fail((DWORD)CRYPT_E_HASH_VALUE);
}

/* What programs get: one block, for CryptMemFree. */
static CRYPT_TIMESTAMP_CONTEXT *stamp_context(const struct der_item *item, const BYTE *encoded, DWORD size)
{
    DWORD needed = 0, place = (DWORD)(sizeof(CRYPT_TIMESTAMP_CONTEXT) + size + 7) & ~7u;
    CRYPT_TIMESTAMP_CONTEXT *context;

    if (!asn_give(&asn_timestamp, item->data, item->size, NULL, &needed))
        return NULL;
    context = CryptMemAlloc(place + needed);
    if (!context)
        return NULL;
    context->cbEncoded = size;
    context->pbEncoded = (BYTE *)(context + 1);
    memcpy(context->pbEncoded, encoded, size);
    context->pTimeStamp = (PCRYPT_TIMESTAMP_INFO)((BYTE *)context + place);
    if (asn_give(&asn_timestamp, item->data, item->size, context->pTimeStamp, &needed))
        return context;
    CryptMemFree(context);
    return NULL;
}

BOOL WINAPI CryptVerifyTimeStampSignature(const BYTE *token, DWORD size, const BYTE *data, DWORD data_size,
                                          HCERTSTORE more, PCRYPT_TIMESTAMP_CONTEXT *result, PCCERT_CONTEXT *signer,
                                          HCERTSTORE *store)
{
    HCRYPTMSG message = CryptMsgOpenToDecode(ENCODING_ANY, 0, 0, 0, NULL, NULL);
    CRYPT_TIMESTAMP_CONTEXT *context = NULL;
    PCCERT_CONTEXT by = NULL;
    struct der_item *item;
    BOOL done = FALSE;

    if (message && CryptMsgUpdate(message, token, size, TRUE)) {
        item = token_info(message);
        if (!item)
            crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
        done = item && (context = stamp_context(item, token, size)) &&
               CryptMsgGetAndVerifySigner(message, more ? 1 : 0, &more, 0, &by, NULL) &&
               (!data || imprint_fits(context->pTimeStamp, data, data_size));
    }
    if (done && store)
        done = (*store = CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, message)) != NULL;
    if (done && result)
        *result = context;
    else if (context)
        CryptMemFree(context);
    if (done && signer)
        *signer = by;
    else if (by)
        CertFreeCertificateContext(by);
    CryptMsgClose(message);
    return done;
}

/* ---- in signatures ---- */

static enum timestamp_found read_token(const CRYPT_ATTR_BLOB *value, const CMSG_SIGNER_INFO *signer,
                                       struct timestamp *timestamp)
{
    CRYPT_TIMESTAMP_CONTEXT *context;

    if (!CryptVerifyTimeStampSignature(value->pbData, value->cbData, signer->EncryptedHash.pbData,
                                       signer->EncryptedHash.cbData, NULL, &context, &timestamp->signer,
                                       &timestamp->store))
        return TIMESTAMP_BAD;
    timestamp->time = context->pTimeStamp->ftTime;
    CryptMemFree(context);
    return TIMESTAMP_GOOD;
}

/* By a signer whose certificate is in the message; the time is among what it signed. */
static enum timestamp_found read_counter(HCRYPTMSG message, const CRYPT_ATTR_BLOB *value,
                                         const CMSG_SIGNER_INFO *signer, struct timestamp *timestamp)
{
    const struct asn_type *type = asn_type_find(PKCS7_SIGNER_INFO);
    CMSG_SIGNER_INFO *by;
    PCRYPT_ATTRIBUTE attribute;
    DWORD needed;
    bool good;

    by = asn_decode(type, value->pbData, value->cbData, 0, &needed);
    if (!by)
        return TIMESTAMP_BAD;
    CERT_INFO id = {.Issuer = by->Issuer, .SerialNumber = by->SerialNumber};
    attribute = CertFindAttribute(szOID_RSA_signingTime, by->AuthAttrs.cAttr, by->AuthAttrs.rgAttr);
    timestamp->store = CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, message);
    timestamp->signer =
        timestamp->store ? CertGetSubjectCertificateFromStore(timestamp->store, ENCODING_ANY, &id) : NULL;
    good = timestamp->signer && attribute && attribute->cValue == 1 &&
           counter_verify(value->pbData, value->cbData, &signer->EncryptedHash,
                          &timestamp->signer->pCertInfo->SubjectPublicKeyInfo);
    needed = sizeof timestamp->time;
    good = good && asn_give(&asn_time_value, attribute->rgValue[0].pbData, attribute->rgValue[0].cbData,
                            &timestamp->time, &needed);
    crypt_free(by);
    return good ? TIMESTAMP_GOOD : TIMESTAMP_BAD;
}

enum timestamp_found timestamp_read(HCRYPTMSG handle, DWORD index, struct timestamp *timestamp)
{
    struct message *message = message_from(handle);
    const CMSG_SIGNER_INFO *signer;
    PCRYPT_ATTRIBUTE attribute;
    enum timestamp_found found = TIMESTAMP_NONE;

    *timestamp = (struct timestamp){0};
    if (!message || index >= message->signer_count)
        return TIMESTAMP_NONE;
    signer = message->signers[index].info;
    attribute = CertFindAttribute(szOID_RFC3161_counterSign, signer->UnauthAttrs.cAttr, signer->UnauthAttrs.rgAttr);
    if (attribute && attribute->cValue)
        found = read_token(&attribute->rgValue[0], signer, timestamp);
    else if ((attribute =
                  CertFindAttribute(szOID_RSA_counterSign, signer->UnauthAttrs.cAttr, signer->UnauthAttrs.rgAttr)) &&
             attribute->cValue)
        found = read_counter(handle, &attribute->rgValue[0], signer, timestamp);
    if (found == TIMESTAMP_BAD) {
        if (timestamp->signer)
            CertFreeCertificateContext(timestamp->signer);
        if (timestamp->store)
            CertCloseStore(timestamp->store, 0);
        *timestamp = (struct timestamp){0};
    }
    return found;
}
