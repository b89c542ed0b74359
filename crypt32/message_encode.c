/*
 * message_encode.c: wincrypt.h: CryptMsgOpenToEncode: messages that are written: data, signed, hashed and sealed ones.
 *
 * A message written as a stream goes out in one piece, when its content is whole.
 */
#include "crypt32/message_plan.h"

bool bytes_add(struct bytes *bytes, const void *data, size_t size)
{
    return !size || message_append(&bytes->data, &bytes->size, data, (DWORD)size);
}

const char *hash_oid(const char *oid)
{
    static const char *const known[] = {szOID_OIWSEC_sha1, szOID_NIST_sha256, szOID_NIST_sha384, szOID_NIST_sha512,
                                        szOID_RSA_MD5};

    for (size_t i = 0; i < ARRAYSIZE(known); i++)
        if (oid && !strcmp(known[i], oid))
            return known[i];
    return NULL;
}

struct plan *plan_new(DWORD type, DWORD flags, const char *content_oid)
{
    struct plan *plan = crypt_alloc(sizeof *plan);

    if (!plan)
        return NULL;
    plan->type = type;
    plan->flags = flags;
    if (content_oid && strcmp(content_oid, szOID_RSA_data)) {
        plan->content_oid = crypt_alloc(strlen(content_oid) + 1);
        if (plan->content_oid)
            strcpy(plan->content_oid, content_oid);
    }
    return plan;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    for (DWORD i = 0; i < plan->signer_count; i++) {
        struct plan_signer *signer = &plan->signers[i];

        if (signer->key.pbData)
            crypto_free_secret(signer->key.pbData, signer->key.cbData);
        crypt_free(signer->id.data);
        crypt_free(signer->signed_attributes.data);
        crypt_free(signer->other_attributes.data);
    }
    crypt_free(plan->content_oid);
    crypt_free(plan->content.data);
    crypt_free(plan->certs.data);
    crypt_free(plan->crls.data);
    crypt_free(plan->parameters.pbData);
    crypt_free(plan->recipients.data);
    crypt_free(plan->unprotected.data);
    crypt_free(plan->encoded.data);
    crypto_free_secret(plan, sizeof *plan);
}

/* ---- signed ---- */

static bool attributes_add(struct bytes *bytes, DWORD count, const CRYPT_ATTRIBUTE *list)
{
    for (DWORD i = 0; i < count; i++) {
        BYTE *block, *data;
        DWORD size;
        bool good;

        data = asn_encode(&asn_attribute, &list[i], 0, &size, &block);
        good = data && bytes_add(bytes, data, size);
        crypt_free(block);
        if (!good)
            return false;
    }
    return true;
}

static bool signer_id(struct plan_signer *signer, const CERT_INFO *cert, const CERT_ID *id)
{
    const CERT_NAME_BLOB *issuer = &cert->Issuer;
    const CRYPT_INTEGER_BLOB *serial = &cert->SerialNumber;
    struct encoder out = {0};
    bool good;

    signer->by_key = id && id->dwIdChoice == CERT_ID_KEY_IDENTIFIER;
    if (id && id->dwIdChoice == CERT_ID_ISSUER_SERIAL_NUMBER) {
        issuer = &id->IssuerSerialNumber.Issuer;
        serial = &id->IssuerSerialNumber.SerialNumber;
    }
    if (signer->by_key)
        good = encoder_put(&out, id->KeyId.pbData, id->KeyId.cbData) && encoder_wrap(&out, DER_CONTEXT, 0);
    else
        good = asn_encode_value(&out, &asn_big_integer, serial) && encoder_put(&out, issuer->pbData, issuer->cbData) &&
               encoder_wrap(&out, DER_SEQUENCE, 0);
    good = good && bytes_add(&signer->id, encoder_data(&out), out.used);
    crypt_free(out.base);
    return good;
}

bool plan_signer_add(struct plan *plan, const CERT_INFO *cert, const CERT_ID *id, const CRYPT_DATA_BLOB *key,
                     const char *hash, DWORD auth, const CRYPT_ATTRIBUTE *auth_list, DWORD unauth,
                     const CRYPT_ATTRIBUTE *unauth_list)
{
    struct plan_signer *signer = &plan->signers[plan->signer_count];
    CRYPT_PRIVATE_KEY_INFO *info;
    DWORD needed;

    if (plan->signer_count == SIGNER_MAX)
        return crypt_fail(ERROR_OUTOFMEMORY);
    plan->signer_count++;
    signer->hash = hash_oid(hash);
    info = asn_decode(&asn_private_key, key->pbData, key->cbData, 0, &needed);
    if (info) {
        if (signer->hash)
            signer->signature = signature_algorithm(info->Algorithm.pszObjId, signer->hash, true);
        crypto_free_secret(info, needed);
    }
    if (!signer->signature)
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    signer->key.pbData = crypt_alloc(key->cbData);
    if (!signer->key.pbData)
        return false;
    memcpy(signer->key.pbData, key->pbData, signer->key.cbData = key->cbData);
    signer->attributes = auth || plan->flags & CMSG_AUTHENTICATED_ATTRIBUTES_FLAG || plan->content_oid;
    return signer_id(signer, cert, id) && attributes_add(&signer->signed_attributes, auth, auth_list) &&
           attributes_add(&signer->other_attributes, unauth, unauth_list);
}

bool plan_signer_info(struct plan *plan, const CMSG_SIGNER_ENCODE_INFO *signer)
{
    bool cms = signer->cbSize >= sizeof *signer, good;
    CRYPT_DATA_BLOB key;

    if (signer->cbSize < offsetof(CMSG_SIGNER_ENCODE_INFO, SignerId) || !signer->pCertInfo)
        return crypt_fail((DWORD)E_INVALIDARG);
    if (!handle_pkcs8(signer->hCryptProv, signer->dwKeySpec, &key))
        return false;
    good = plan_signer_add(plan, signer->pCertInfo, cms && signer->SignerId.dwIdChoice ? &signer->SignerId : NULL, &key,
                           signer->HashAlgorithm.pszObjId, signer->cAuthAttr, signer->rgAuthAttr, signer->cUnauthAttr,
                           signer->rgUnauthAttr);
    crypto_free_secret(key.pbData, key.cbData);
    return good;
}

static bool plan_signed(struct plan *plan, const CMSG_SIGNED_ENCODE_INFO *info)
{
    bool good = info->cbSize >= offsetof(CMSG_SIGNED_ENCODE_INFO, cAttrCertEncoded) || crypt_fail((DWORD)E_INVALIDARG);

    for (DWORD i = 0; i < info->cSigners && good; i++)
        good = plan_signer_info(plan, &info->rgSigners[i]);
    for (DWORD i = 0; i < info->cCertEncoded && good; i++)
        good = bytes_add(&plan->certs, info->rgCertEncoded[i].pbData, info->rgCertEncoded[i].cbData);
    for (DWORD i = 0; i < info->cCrlEncoded && good; i++)
        good = bytes_add(&plan->crls, info->rgCrlEncoded[i].pbData, info->rgCrlEncoded[i].cbData);
    return good;
}

/* What is hashed: the content's value, without tag and length if it is an encoded thing. */
static struct tls_blob plan_value(const struct plan *plan)
{
    const BYTE *at = plan->content.data;
    struct der_item item;

    if (plan->content_oid && !(plan->flags & CMSG_CONTENTS_OCTETS_FLAG) && plan->content.size &&
        der_next(&at, at + plan->content.size, &item))
        return tls_blob_of(item.data, item.size);
    return tls_blob_of(plan->content.data ? plan->content.data : (const BYTE *)"", plan->content.size);
}

static DWORD plan_digest(const struct plan *plan, const char *hash, BYTE *out)
{
    struct tls_blob value = plan_value(plan);
    enum tls_hash number;

    return hash_from_oid(hash, &number) ? host_digest(number, value.data, value.size, out) : 0;
}

bool algorithm_write(struct encoder *out, const char *oid)
{
    return asn_encode_value(out, &asn_algorithm, &(CRYPT_ALGORITHM_IDENTIFIER){.pszObjId = (LPSTR)oid});
}

/* An attribute with one value, which has been written since `before`. */
static bool attribute_close(struct encoder *out, const char *oid, size_t before)
{
    return encoder_wrap(out, DER_SET, before) && oid_encode(out, oid) && encoder_wrap(out, DER_SEQUENCE, before);
}

/* The caller's attributes and the two that must be there, as a set in DER's order. */
static bool attributes_write(const struct plan *plan, const struct plan_signer *signer, struct encoder *out)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD length = plan_digest(plan, signer->hash, hash), needed;
    size_t before = out->used;
    CRYPT_ATTRIBUTES *list;
    struct encoder sorted = {0};
    bool good = length && encoder_put(out, signer->signed_attributes.data, signer->signed_attributes.size);

    before = out->used;
    good = good && encoder_put(out, hash, length) && encoder_wrap(out, DER_OCTETS, before) &&
           attribute_close(out, szOID_RSA_messageDigest, before);
    before = out->used;
    good = good && oid_encode(out, plan->content_oid ? plan->content_oid : szOID_RSA_data) &&
           attribute_close(out, szOID_RSA_contentType, before) && encoder_wrap(out, DER_SET, 0);
    /* read and written again, they are sorted */
    list = good ? asn_decode(&asn_attributes, encoder_data(out), (DWORD)out->used, 0, &needed) : NULL;
    good = list && asn_encode_value(&sorted, &asn_attributes, list);
    crypt_free(list);
    crypt_free(out->base);
    *out = sorted;
    return good;
}

bool signer_write(const struct plan *plan, const struct plan_signer *signer, struct encoder *out)
{
    struct encoder attributes = {0};
    struct tls_data signature = {0};
    struct tls_blob content = plan_value(plan);
    enum tls_hash number;
    size_t start = out->used, before;
    bool good = hash_from_oid(signer->hash, &number);

    if (good && signer->attributes) {
        good = attributes_write(plan, signer, &attributes);
        content = tls_blob_of(good ? encoder_data(&attributes) : NULL, attributes.used);
    }
    good = good && host_sign(tls_blob_of(signer->key.pbData, signer->key.cbData), number, content, &signature);
    if (good && signer->other_attributes.size)
        good = encoder_put(out, signer->other_attributes.data, signer->other_attributes.size) &&
               encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 1, start);
    before = out->used;
    good = good && encoder_put(out, signature.data, signature.size) && encoder_wrap(out, DER_OCTETS, before) &&
           algorithm_write(out, signer->signature);
    if (good && signer->attributes) {
        before = out->used;
        good = encoder_put(out, encoder_data(&attributes), attributes.used);
        if (good) /* signed is the set; here it is the field [0] */
            *encoder_data(out) = DER_CONTEXT | DER_CONSTRUCTED;
    }
    good = good && algorithm_write(out, signer->hash) && encoder_put(out, signer->id.data, signer->id.size) &&
           encoder_put(out, signer->by_key ? "\2\1\3" : "\2\1\1", 3) && encoder_wrap(out, DER_SEQUENCE, start);
    host_release(&signature);
    crypt_free(attributes.base);
    return good;
}

/* ContentInfo of the inner content. */
static bool content_write(const struct plan *plan, struct encoder *out)
{
    size_t before = out->used;
    bool good = true;

    if (!(plan->flags & CMSG_DETACHED_FLAG)) {
        good = encoder_put(out, plan->content.data, plan->content.size);
        if (!plan->content_oid || plan->flags & CMSG_CONTENTS_OCTETS_FLAG ||
            plan->flags & CMSG_CMS_ENCAPSULATED_CONTENT_FLAG)
            good = good && encoder_wrap(out, DER_OCTETS, before);
        good = good && encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before);
    }
    return good && oid_encode(out, plan->content_oid ? plan->content_oid : szOID_RSA_data) &&
           encoder_wrap(out, DER_SEQUENCE, before);
}

static bool hashes_write(const struct plan *plan, struct encoder *out)
{
    size_t before = out->used;

    for (DWORD i = plan->signer_count; i > 0; i--) {
        bool again = false;

        for (DWORD j = 0; j < i - 1; j++)
            again = again || plan->signers[j].hash == plan->signers[i - 1].hash;
        if (!again && !algorithm_write(out, plan->signers[i - 1].hash))
            return false;
    }
    return encoder_wrap(out, DER_SET, before);
}

static bool signed_encode(const struct plan *plan, struct encoder *out)
{
    bool new = plan->content_oid && plan->flags &CMSG_CMS_ENCAPSULATED_CONTENT_FLAG;
    size_t before;

    for (DWORD i = plan->signer_count; i > 0; i--) {
        if (!signer_write(plan, &plan->signers[i - 1], out))
            return false;
        new = new || plan->signers[i - 1].by_key;
    }
    if (!encoder_wrap(out, DER_SET, 0))
        return false;
    before = out->used;
    if (plan->crls.size && (!encoder_put(out, plan->crls.data, plan->crls.size) ||
                            !encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 1, before)))
        return false;
    before = out->used;
    if (plan->certs.size && (!encoder_put(out, plan->certs.data, plan->certs.size) ||
                             !encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before)))
        return false;
    return content_write(plan, out) && hashes_write(plan, out) && encoder_put(out, new ? "\2\1\3" : "\2\1\1", 3) &&
           encoder_wrap(out, DER_SEQUENCE, 0);
}

static bool hashed_encode(const struct plan *plan, struct encoder *out)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD length = plan_digest(plan, plan->hash, hash);

    return length && encoder_put(out, hash, length) && encoder_wrap(out, DER_OCTETS, 0) && content_write(plan, out) &&
           algorithm_write(out, plan->hash) && encoder_put(out, plan->content_oid ? "\2\1\2" : "\2\1\0", 3) &&
           encoder_wrap(out, DER_SEQUENCE, 0);
}

/* ---- as a handle ---- */

static bool plan_fill(struct plan *plan, const void *info)
{
    const CMSG_HASHED_ENCODE_INFO *hashed = info;

    switch (plan->type) {
    case CMSG_DATA:
        return true;
    case CMSG_SIGNED:
        return info ? plan_signed(plan, info) : crypt_fail((DWORD)E_INVALIDARG);
    case CMSG_HASHED:
        if (!hashed || hashed->cbSize != sizeof *hashed)
            return crypt_fail((DWORD)E_INVALIDARG);
        plan->hash = hash_oid(hashed->HashAlgorithm.pszObjId);
        return plan->hash || crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    case CMSG_ENVELOPED:
        return info ? plan_envelope(plan, info) : crypt_fail((DWORD)E_INVALIDARG);
    }
    return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
}

/* By writing such a message of nothing: its size depends on the content's alone, but for signatures on curves. */
DWORD WINAPI CryptMsgCalculateEncodedLength(DWORD encoding, DWORD flags, DWORD type, const void *info,
                                            LPSTR content_oid, DWORD size)
{
    HCRYPTMSG message =
        CryptMsgOpenToEncode(encoding, flags & ~(DWORD)CMSG_CRYPT_RELEASE_CONTEXT_FLAG, type, info, content_oid, NULL);
    BYTE *nothing = message ? crypt_alloc((size_t)size + 1) : NULL;
    DWORD length = 0;

    if (!nothing || !CryptMsgUpdate(message, nothing, size, TRUE) ||
        !CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, NULL, &length))
        length = 0;
    else if (type == CMSG_SIGNED)
        length += SIGNATURE_SLACK * ((struct message *)message)->plan->signer_count;
    crypt_free(nothing);
    CryptMsgClose(message);
    return length;
}

HCRYPTMSG WINAPI CryptMsgOpenToEncode(DWORD encoding, DWORD flags, DWORD type, const void *info, LPSTR content_oid,
                                      PCMSG_STREAM_INFO stream)
{
    struct message *message;

    if (!(encoding & PKCS_7_ASN_ENCODING)) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    message = message_new(type, flags, stream);
    if (!message)
        return NULL;
    message->plan = plan_new(type, flags, content_oid);
    if (!message->plan || !plan_fill(message->plan, info)) {
        CryptMsgClose(message);
        return NULL;
    }
    if (flags & CMSG_CRYPT_RELEASE_CONTEXT_FLAG && type == CMSG_SIGNED) {
        const CMSG_SIGNED_ENCODE_INFO *signers = info;

        for (DWORD i = 0; i < signers->cSigners; i++)
            key_context_release(&(CERT_KEY_CONTEXT){.hCryptProv = signers->rgSigners[i].hCryptProv,
                                                    .dwKeySpec = NCryptIsKeyHandle(signers->rgSigners[i].hNCryptKey)
                                                                     ? CERT_NCRYPT_KEY_SPEC
                                                                     : AT_SIGNATURE});
    }
    return message;
}

/* The inner part, from the end; it is kept, since a second one would differ. */
static bool plan_encode(struct plan *plan)
{
    struct encoder out = {0};
    bool good = false;

    if (plan->encoded.data)
        return true;
    switch (plan->type) {
    case CMSG_DATA:
        good = encoder_put(&out, plan->content.data, plan->content.size) && encoder_wrap(&out, DER_OCTETS, 0);
        break;
    case CMSG_SIGNED:
        good = signed_encode(plan, &out);
        break;
    case CMSG_HASHED:
        good = hashed_encode(plan, &out);
        break;
    case CMSG_ENVELOPED:
        good = enveloped_encode(plan, &out);
        break;
    }
    good = good && bytes_add(&plan->encoded, encoder_data(&out), out.used);
    crypt_free(out.base);
    return good || crypt_fail(GetLastError() ? GetLastError() : (DWORD)NTE_FAIL);
}

static const char *type_oid(DWORD type)
{
    return type == CMSG_DATA     ? szOID_RSA_data
           : type == CMSG_SIGNED ? szOID_RSA_signedData
           : type == CMSG_HASHED ? szOID_RSA_digestedData
                                 : szOID_RSA_envelopedData;
}

/* Bare, or in a ContentInfo; heap memory. */
static BYTE *plan_message(struct plan *plan, bool bare, DWORD *size)
{
    struct encoder out = {0};

    if (!plan_encode(plan))
        return NULL;
    if (!encoder_put(&out, plan->encoded.data, plan->encoded.size) ||
        (!bare && (!encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED, 0) || !oid_encode(&out, type_oid(plan->type)) ||
                   !encoder_wrap(&out, DER_SEQUENCE, 0)))) {
        crypt_free(out.base);
        return NULL;
    }
    memmove(out.base, encoder_data(&out), out.used);
    *size = (DWORD)out.used;
    return out.base;
}

BOOL plan_update(struct message *message, const BYTE *data, DWORD size, BOOL final)
{
    struct plan *plan = message->plan;
    BYTE *whole;
    DWORD length;
    BOOL done;

    if (plan->whole)
        return crypt_fail((DWORD)CRYPT_E_MSG_ERROR);
    if (!final && !message->streams && !(plan->flags & CMSG_DETACHED_FLAG))
        return crypt_fail((DWORD)CRYPT_E_MSG_ERROR); /* one update, and the last */
    if (!bytes_add(&plan->content, data, size))
        return FALSE;
    plan->whole = message->whole = message->final = final;
    if (!final || !message->streams)
        return TRUE;
    whole = plan_message(plan, plan->flags & CMSG_BARE_CONTENT_FLAG, &length);
    done = whole && message_output(message, whole, length);
    crypt_free(whole);
    return done;
}

BOOL plan_param(struct message *message, DWORD param, DWORD index, void *out, DWORD *size)
{
    struct plan *plan = message->plan;
    BYTE hash[TLS_HASH_MAX], *whole;
    DWORD length;
    BOOL done;

    switch (param) {
    case CMSG_CONTENT_PARAM:
    case CMSG_BARE_CONTENT_PARAM:
        if (message->streams)
            return crypt_fail((DWORD)E_INVALIDARG);
        if (!plan->whole && plan->type == CMSG_DATA) { /* a message that nobody fed is empty */
            *size = 0;
            return TRUE;
        }
        if (!plan->whole)
            return crypt_fail((DWORD)CRYPT_E_MSG_ERROR);
        whole = plan_message(plan, param == CMSG_BARE_CONTENT_PARAM || plan->flags & CMSG_BARE_CONTENT_FLAG, &length);
        done = whole && crypt_copy(whole, length, out, size);
        crypt_free(whole);
        return done;
    case CMSG_COMPUTED_HASH_PARAM:
        if (plan->type == CMSG_HASHED)
            length = plan_digest(plan, plan->hash, hash);
        else if (plan->type == CMSG_SIGNED && index < plan->signer_count)
            length = plan_digest(plan, plan->signers[index].hash, hash);
        else
            return crypt_fail((DWORD)(plan->type == CMSG_SIGNED ? CRYPT_E_INVALID_INDEX : CRYPT_E_INVALID_MSG_TYPE));
        return crypt_copy(hash, length, out, size);
    case CMSG_ENCODED_SIGNER: {
        struct encoder one = {0};

        if (plan->type != CMSG_SIGNED)
            return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
        if (index >= plan->signer_count)
            return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
        done = signer_write(plan, &plan->signers[index], &one) &&
               crypt_copy(encoder_data(&one), (DWORD)one.used, out, size);
        crypt_free(one.base);
        return done;
    }
    case CMSG_VERSION_PARAM:
        return give_number(plan->type == CMSG_SIGNED ? CMSG_SIGNED_DATA_V1 : 0, out, size);
    }
    return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
}
