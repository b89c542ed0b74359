/*
 * message_edit.c: wincrypt.h: changing a signed message that is there: signers, certificates and lists come and go, and
 * counter signatures are made.
 *
 * The message is written again from its parts and read anew; signatures do not cover what changes.
 */
#include "crypt32/message_plan.h"

/* The parts that may change, each encoded, one behind the other. */
struct parts {
    struct bytes hashes, certs, crls, signers;
};

static void parts_free(struct parts *parts)
{
    crypt_free(parts->hashes.data);
    crypt_free(parts->certs.data);
    crypt_free(parts->crls.data);
    crypt_free(parts->signers.data);
}

#define NONE_LEFT_OUT 0xffffffffu

static bool items_add(struct bytes *bytes, const struct der_item *items, DWORD count, DWORD left_out)
{
    for (DWORD i = 0; i < count; i++)
        if (i != left_out && !bytes_add(bytes, items[i].whole, items[i].whole_size))
            return false;
    return true;
}

/* Everything that is there, but one of a kind. */
static bool parts_take(const struct message *message, struct parts *parts, DWORD cert, DWORD crl, DWORD signer)
{
    bool good = bytes_add(&parts->hashes, message->hashes.data, message->hashes.size) &&
                items_add(&parts->certs, message->certs, message->cert_count, cert) &&
                items_add(&parts->crls, message->crls, message->crl_count, crl);

    for (DWORD i = 0; i < message->signer_count && good; i++)
        if (i != signer)
            good = bytes_add(&parts->signers, message->signers[i].whole.whole, message->signers[i].whole.whole_size);
    return good;
}

static bool part_write(struct encoder *out, const struct bytes *bytes, BYTE tag, bool always)
{
    size_t before = out->used;

    return (!bytes->size && !always) || (encoder_put(out, bytes->data, bytes->size) && encoder_wrap(out, tag, before));
}

static BOOL message_rewrite(struct message *message, const struct parts *parts)
{
    BYTE version[3] = {DER_INTEGER, 1, (BYTE)message->version};
    struct encoder out = {0};

    if (!part_write(&out, &parts->signers, DER_SET, true) ||
        !part_write(&out, &parts->crls, DER_CONTEXT | DER_CONSTRUCTED | 1, false) ||
        !part_write(&out, &parts->certs, DER_CONTEXT | DER_CONSTRUCTED, false) ||
        !encoder_put(&out, message->content_info.whole, message->content_info.whole_size) ||
        !part_write(&out, &parts->hashes, DER_SET, true) || !encoder_put(&out, version, sizeof version) ||
        !encoder_wrap(&out, DER_SEQUENCE, 0) ||
        (!message->bare && (!encoder_wrap(&out, DER_CONTEXT | DER_CONSTRUCTED, 0) ||
                            !oid_encode(&out, szOID_RSA_signedData) || !encoder_wrap(&out, DER_SEQUENCE, 0)))) {
        crypt_free(out.base);
        return FALSE;
    }
    memmove(out.base, encoder_data(&out), out.used);
    crypt_free(message->data);
    message->data = out.base;
    message->size = (DWORD)out.used;
    message->type = message->bare ? CMSG_SIGNED : 0;
    return message_parse(message);
}

/* Another signature of the same content. */
static bool signer_add(const struct message *message, const CMSG_SIGNER_ENCODE_INFO *info, struct parts *parts)
{
    struct plan *plan = plan_new(CMSG_SIGNED, CMSG_CONTENTS_OCTETS_FLAG, message->content_oid);
    struct tls_blob content = signed_content(message);
    struct encoder signer = {0}, hash = {0};
    bool good = plan && bytes_add(&plan->content, content.data, content.size) && plan_signer_info(plan, info) &&
                signer_write(plan, &plan->signers[0], &signer) && algorithm_write(&hash, plan->signers[0].hash) &&
                bytes_add(&parts->signers, encoder_data(&signer), signer.used);
    const BYTE *at = parts->hashes.data, *end = at + parts->hashes.size;
    struct der_item item;
    bool there = false;

    while (good && der_next(&at, end, &item))
        there = there || (item.whole_size == hash.used && !memcmp(item.whole, encoder_data(&hash), hash.used));
    if (good && !there)
        good = bytes_add(&parts->hashes, encoder_data(&hash), hash.used);
    crypt_free(signer.base);
    crypt_free(hash.base);
    plan_free(plan);
    return good;
}

/* A signer's part with one more attribute that is not signed, or one less. */
static bool signer_change(const struct signer *signer, const CRYPT_DATA_BLOB *more, DWORD left_out, struct bytes *to)
{
    const BYTE *end = signer->whole.data + signer->whole.size,
               *behind = signer->signature.data + signer->signature.size, *at = behind;
    struct der_item list = {0}, item;
    struct bytes attributes = {0};
    struct encoder out = {0};
    bool good = true;
    DWORD index = 0;

    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED | 1, &list))
        for (at = list.data; good && der_next(&at, list.data + list.size, &item); index++)
            if (index != left_out)
                good = bytes_add(&attributes, item.whole, item.whole_size);
    if (left_out != NONE_LEFT_OUT && left_out >= index)
        good = crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    if (good && more)
        good = bytes_add(&attributes, more->pbData, more->cbData);
    good = good && part_write(&out, &attributes, DER_CONTEXT | DER_CONSTRUCTED | 1, false) &&
           encoder_put(&out, signer->whole.data, (size_t)(behind - signer->whole.data)) &&
           encoder_wrap(&out, DER_SEQUENCE, 0) && bytes_add(to, encoder_data(&out), out.used);
    crypt_free(attributes.data);
    crypt_free(out.base);
    return good;
}

static bool attribute_change(const struct message *message, DWORD which, const CRYPT_DATA_BLOB *more, DWORD left_out,
                             struct parts *parts)
{
    bool good = bytes_add(&parts->hashes, message->hashes.data, message->hashes.size) &&
                items_add(&parts->certs, message->certs, message->cert_count, NONE_LEFT_OUT) &&
                items_add(&parts->crls, message->crls, message->crl_count, NONE_LEFT_OUT);

    if (which >= message->signer_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    for (DWORD i = 0; i < message->signer_count && good; i++)
        good = i == which
                   ? signer_change(&message->signers[i], more, left_out, &parts->signers)
                   : bytes_add(&parts->signers, message->signers[i].whole.whole, message->signers[i].whole.whole_size);
    return good;
}

BOOL signed_edit(struct message *message, DWORD control, const void *para)
{
    const CRYPT_DATA_BLOB *blob = para;
    const CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR_PARA *add = para;
    const CMSG_CTRL_DEL_SIGNER_UNAUTH_ATTR_PARA *remove = para;
    DWORD index = para ? *(const DWORD *)para : 0, none = NONE_LEFT_OUT;
    struct parts parts = {0};
    bool good;

    if (!para)
        return crypt_fail((DWORD)E_INVALIDARG);
    switch (control) {
    case CMSG_CTRL_ADD_SIGNER:
        good = parts_take(message, &parts, none, none, none) && signer_add(message, para, &parts);
        break;
    case CMSG_CTRL_DEL_SIGNER:
        good = (index < message->signer_count || crypt_fail((DWORD)CRYPT_E_INVALID_INDEX)) &&
               parts_take(message, &parts, none, none, index);
        break;
    case CMSG_CTRL_ADD_CERT:
        good = parts_take(message, &parts, none, none, none) && bytes_add(&parts.certs, blob->pbData, blob->cbData);
        break;
    case CMSG_CTRL_DEL_CERT:
        good = (index < message->cert_count || crypt_fail((DWORD)CRYPT_E_INVALID_INDEX)) &&
               parts_take(message, &parts, index, none, none);
        break;
    case CMSG_CTRL_ADD_CRL:
        good = parts_take(message, &parts, none, none, none) && bytes_add(&parts.crls, blob->pbData, blob->cbData);
        break;
    case CMSG_CTRL_DEL_CRL:
        good = (index < message->crl_count || crypt_fail((DWORD)CRYPT_E_INVALID_INDEX)) &&
               parts_take(message, &parts, none, index, none);
        break;
    case CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR:
        good = attribute_change(message, add->dwSignerIndex, &add->blob, none, &parts);
        break;
    case CMSG_CTRL_DEL_SIGNER_UNAUTH_ATTR:
        good = attribute_change(message, remove->dwSignerIndex, NULL, remove->dwUnauthAttrIndex, &parts);
        break;
    default:
        return crypt_fail((DWORD)CRYPT_E_CONTROL_TYPE);
    }
    good = good && message_rewrite(message, &parts);
    parts_free(&parts);
    return good;
}

/* ---- counter signatures ---- */

/* The attribute with the signers' parts about a signature, heap memory of an encoder. */
static bool counter_write(const CRYPT_DATA_BLOB *signed_hash, DWORD count, const CMSG_SIGNER_ENCODE_INFO *signers,
                          struct encoder *out)
{
    bool good = count > 0 || crypt_fail((DWORD)E_INVALIDARG);

    for (DWORD i = 0; i < count && good; i++) {
        struct plan *plan = plan_new(CMSG_SIGNED, 0, NULL);

        good = plan && bytes_add(&plan->content, signed_hash->pbData, signed_hash->cbData) &&
               plan_signer_info(plan, &signers[i]) && signer_write(plan, &plan->signers[0], out);
        plan_free(plan);
    }
    return good && encoder_wrap(out, DER_SET, 0) && oid_encode(out, szOID_RSA_counterSign) &&
           encoder_wrap(out, DER_SEQUENCE, 0);
}

BOOL WINAPI CryptMsgCountersignEncoded(DWORD encoding, BYTE *signer, DWORD size, DWORD count,
                                       PCMSG_SIGNER_ENCODE_INFO signers, BYTE *out, DWORD *out_size)
{
    CMSG_SIGNER_INFO *info;
    struct encoder attribute = {0};
    DWORD needed;
    BOOL done;

    (void)encoding;
    if (!out_size)
        return crypt_fail((DWORD)E_INVALIDARG);
    info = asn_decode(asn_type_find(PKCS7_SIGNER_INFO), signer, size, 0, &needed);
    if (!info)
        return FALSE;
    done = counter_write(&info->EncryptedHash, count, signers, &attribute);
    if (done && !out)
        *out_size = (DWORD)attribute.used + SIGNATURE_SLACK * count;
    else
        done = done && crypt_copy(encoder_data(&attribute), (DWORD)attribute.used, out, out_size);
    crypt_free(attribute.base);
    crypt_free(info);
    return done;
}

BOOL WINAPI CryptMsgCountersign(HCRYPTMSG handle, DWORD index, DWORD count, PCMSG_SIGNER_ENCODE_INFO signers)
{
    struct message *message = message_from(handle);
    CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR_PARA add = {.cbSize = sizeof add, .dwSignerIndex = index};
    struct encoder attribute = {0};
    BOOL done;

    if (!message)
        return FALSE;
    if (message->type != CMSG_SIGNED || !message->final || message->plan)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    if (index >= message->signer_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    done = counter_write(&message->signers[index].info->EncryptedHash, count, signers, &attribute);
    if (done) {
        add.blob = (CRYPT_DATA_BLOB){(DWORD)attribute.used, encoder_data(&attribute)};
        done = signed_edit(message, CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR, &add);
    }
    crypt_free(attribute.base);
    return done;
}
