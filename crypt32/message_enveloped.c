/*
 * message_enveloped.c: wincrypt.h: sealed messages: who may read them, and reading them.
 *
 * The content's key comes by RSA (key transport) or by an agreement on a curve.  Other ways (passwords, shared keys)
 * are recipients that nobody here is.
 */
#include "crypt32/message_parts.h"
#include "crypt32/content_cipher.h"

static bool id_parse(const struct der_item *item, struct recipient *recipient)
{
    const BYTE *at = item->data, *end = at + item->size;

    if (item->tag == DER_SEQUENCE)
        return der_expect(&at, end, DER_SEQUENCE, &recipient->issuer) &&
               der_expect(&at, end, DER_INTEGER, &recipient->serial) && recipient->serial.size;
    recipient->key_id = *item; /* [0]; within an agreement it is a sequence that begins with it */
    return item->tag == DER_CONTEXT ||
           (item->tag == (DER_CONTEXT | DER_CONSTRUCTED) && der_expect(&at, end, DER_OCTETS, &recipient->key_id));
}

static struct recipient *recipient_new(struct message *message, DWORD choice)
{
    struct recipient *recipient;

    if (message->recipient_count == RECIPIENT_MAX)
        return NULL;
    recipient = &message->recipients[message->recipient_count++];
    recipient->choice = choice;
    return recipient;
}

static bool transport_parse(struct message *message, const struct der_item *whole)
{
    struct recipient *recipient = recipient_new(message, CMSG_KEY_TRANS_RECIPIENT);
    const BYTE *at = whole->data, *end = at + whole->size;
    struct der_item version, id;

    if (!recipient)
        return true; /* the first ones have to do */
    if (!der_expect(&at, end, DER_INTEGER, &version) || version.size != 1 || !der_next(&at, end, &id) ||
        !id_parse(&id, recipient) || !der_expect(&at, end, DER_SEQUENCE, &recipient->algorithm) ||
        !der_expect(&at, end, DER_OCTETS, &recipient->key))
        return false;
    recipient->version = *version.data;
    return true;
}

/* [1] of an originator: a public key. */
static bool originator_parse(const struct der_item *explicit, struct recipient *recipient)
{
    const BYTE *at = explicit->data, *end;
    struct der_item item;

    if (!der_next(&at, explicit->data + explicit->size, &recipient->originator))
        return false;
    if (recipient->originator.tag != (DER_CONTEXT | DER_CONSTRUCTED | 1))
        return true; /* by a certificate's name */
    at = recipient->originator.data;
    end = at + recipient->originator.size;
    if (!der_expect(&at, end, DER_SEQUENCE, &recipient->originator_algorithm) ||
        !der_expect(&at, end, DER_BITS, &item) || item.size < 2)
        return false;
    recipient->originator = item;
    return true;
}

/* One recipient for each of its sealed keys. */
static bool agreement_parse(struct message *message, const struct der_item *whole)
{
    const BYTE *at = whole->data, *end = at + whole->size, *inner, *inner_end;
    struct der_item item, version, id;
    struct recipient common = {0};

    if (!der_expect(&at, end, DER_INTEGER, &version) || version.size != 1 ||
        !der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &item) || !originator_parse(&item, &common))
        return false;
    common.version = *version.data;
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED | 1, &item)) {
        inner = item.data;
        if (!der_expect(&inner, item.data + item.size, DER_OCTETS, &common.ukm))
            return false;
    }
    if (!der_expect(&at, end, DER_SEQUENCE, &common.algorithm) || !der_expect(&at, end, DER_SEQUENCE, &common.entries))
        return false;
    inner = common.entries.data;
    inner_end = inner + common.entries.size;
    for (DWORD index = 0; inner < inner_end; index++) {
        struct recipient *recipient = recipient_new(message, CMSG_KEY_AGREE_RECIPIENT);
        const BYTE *part;

        if (!recipient)
            return true;
        common.choice = CMSG_KEY_AGREE_RECIPIENT;
        common.index = index;
        *recipient = common;
        if (!der_expect(&inner, inner_end, DER_SEQUENCE, &item))
            return false;
        part = item.data;
        if (!der_next(&part, item.data + item.size, &id) || !id_parse(&id, recipient) ||
            !der_expect(&part, item.data + item.size, DER_OCTETS, &recipient->key))
            return false;
    }
    return true;
}

static bool recipients_parse(struct message *message, const struct der_item *set)
{
    const BYTE *at = set->data, *end = at + set->size;
    struct der_item item;
    bool good = true;

    while (good && at < end) {
        if (!der_next(&at, end, &item))
            return false;
        if (item.tag == DER_SEQUENCE)
            good = transport_parse(message, &item);
        else if (item.tag == (DER_CONTEXT | DER_CONSTRUCTED | 1))
            good = agreement_parse(message, &item);
        else
            recipient_new(message, 0);
    }
    return good;
}

/* A string in pieces as one, in the message's own bytes: pieces only get shorter by joining. */
static bool join_pieces(struct der_item *sealed)
{
    const BYTE *at = sealed->data, *end = at + sealed->size;
    BYTE *to = (BYTE *)sealed->data;
    struct der_item piece;
    DWORD size = 0;

    while (at < end) {
        if (!der_expect(&at, end, DER_OCTETS, &piece))
            return false;
        memmove(to + size, piece.data, piece.size);
        size += piece.size;
    }
    sealed->size = size;
    return true;
}

static void list_items(const struct der_item *list, struct der_item *items, DWORD *count)
{
    const BYTE *at = list->data, *end = at + list->size;

    while (*count < ENTRY_MAX && der_next(&at, end, &items[*count]))
        ++*count;
}

bool enveloped_parse(struct message *message, const BYTE *at, const BYTE *end)
{
    const BYTE *inner, *inner_end;
    struct der_item whole, item, list;

    if (!der_expect(&at, end, DER_SEQUENCE, &whole))
        return false;
    at = whole.data;
    end = at + whole.size;
    if (!der_expect(&at, end, DER_INTEGER, &item) || item.size != 1)
        return false;
    message->version = *item.data;
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &item)) { /* the originator's certificates */
        inner = item.data;
        inner_end = inner + item.size;
        if (der_expect(&inner, inner_end, DER_CONTEXT | DER_CONSTRUCTED, &list))
            list_items(&list, message->certs, &message->cert_count);
        if (der_expect(&inner, inner_end, DER_CONTEXT | DER_CONSTRUCTED | 1, &list))
            list_items(&list, message->crls, &message->crl_count);
    }
    if (!der_expect(&at, end, DER_SET, &item) || !recipients_parse(message, &item) ||
        !der_expect(&at, end, DER_SEQUENCE, &item))
        return false;
    inner = item.data;
    inner_end = inner + item.size;
    if (!der_expect(&inner, inner_end, DER_OID, &list) || !(message->content_oid = message_oid(&list)) ||
        !der_expect(&inner, inner_end, DER_SEQUENCE, &message->algorithm))
        return false;
    if (der_expect(&inner, inner_end, DER_CONTEXT, &message->sealed) ||
        (der_expect(&inner, inner_end, DER_CONTEXT | DER_CONSTRUCTED, &message->sealed) &&
         join_pieces(&message->sealed)))
        message->has_content = true;
    der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED | 1, &message->unprotected);
    return true;
}

/* ---- opening ---- */

static NTSTATUS open_content(struct message *message, const BYTE *key, DWORD key_size)
{
    CRYPT_ALGORITHM_IDENTIFIER *algorithm;
    const struct content_cipher *cipher;
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    DWORD needed;

    algorithm = asn_decode(&asn_algorithm, message->algorithm.whole, message->algorithm.whole_size, 0, &needed);
    cipher = algorithm ? content_cipher_find(algorithm->pszObjId) : NULL;
    if (cipher)
        status = content_crypt(cipher, false, key, key_size, &algorithm->Parameters, message->sealed.data,
                               message->sealed.size, &message->plain, &message->plain_size);
    crypt_free(algorithm);
    return status;
}

/* The hash that OAEP is with: SHA-1 unless its parameters have another one first. */
static const WCHAR *oaep_hash(const CRYPT_DATA_BLOB *parameters)
{
    const BYTE *at = parameters->pbData, *end = at + parameters->cbData;
    CRYPT_ALGORITHM_IDENTIFIER *algorithm = NULL;
    const WCHAR *name = BCRYPT_SHA1_ALGORITHM;
    struct der_item item, inner;
    enum tls_hash hash;
    DWORD needed;

    if (!parameters->cbData || !der_expect(&at, end, DER_SEQUENCE, &item))
        return name;
    at = item.data;
    if (!der_expect(&at, item.data + item.size, DER_CONTEXT | DER_CONSTRUCTED, &inner))
        return name;
    algorithm = asn_decode(&asn_algorithm, inner.data, inner.size, 0, &needed);
    if (algorithm && hash_from_oid(algorithm->pszObjId, &hash))
        name = hash == TLS_HASH_SHA256   ? BCRYPT_SHA256_ALGORITHM
               : hash == TLS_HASH_SHA384 ? BCRYPT_SHA384_ALGORITHM
               : hash == TLS_HASH_SHA512 ? BCRYPT_SHA512_ALGORITHM
                                         : name;
    crypt_free(algorithm);
    return name;
}

static NTSTATUS open_transport(struct message *message, const struct recipient *recipient, BCRYPT_KEY_HANDLE pair)
{
    CRYPT_ALGORITHM_IDENTIFIER *algorithm;
    BCRYPT_OAEP_PADDING_INFO oaep = {0};
    BYTE key[2048];
    ULONG size = 0;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    DWORD needed;
    bool is_oaep;

    algorithm = asn_decode(&asn_algorithm, recipient->algorithm.whole, recipient->algorithm.whole_size, 0, &needed);
    if (!algorithm)
        return status;
    is_oaep = !strcmp(algorithm->pszObjId, szOID_RSAES_OAEP);
    if (is_oaep)
        oaep.pszAlgId = oaep_hash(&algorithm->Parameters);
    if (key_from_handle(pair)->algorithm.info->kind == KIND_RSA && recipient->key.size <= sizeof key)
        status = BCryptDecrypt(pair, (UCHAR *)recipient->key.data, recipient->key.size, is_oaep ? &oaep : NULL, NULL, 0,
                               key, sizeof key, &size, is_oaep ? BCRYPT_PAD_OAEP : BCRYPT_PAD_PKCS1);
    if (!status)
        status = open_content(message, key, size);
    explicit_bzero(key, sizeof key);
    crypt_free(algorithm);
    return status;
}

/* The originator's public key: its own, on the recipient's curve if it does not say. */
static NTSTATUS originator_key(const struct recipient *recipient, const CRYPT_BIT_BLOB *given, BCRYPT_KEY_HANDLE pair,
                               BCRYPT_KEY_HANDLE *other)
{
    struct der_item item = recipient->originator;
    CERT_PUBLIC_KEY_INFO info = {0}, *own = NULL;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    DWORD size, needed;
    BYTE *data = key_public_info(pair, &size);

    own = data ? asn_decode(&asn_public_key, data, size, 0, &needed) : NULL;
    if (own) {
        info.Algorithm = own->Algorithm;
        if (given && given->cbData)
            info.PublicKey = *given;
        else if (item.tag == DER_BITS)
            info.PublicKey = (CRYPT_BIT_BLOB){item.size - 1, (BYTE *)item.data + 1, 0};
        if (info.PublicKey.cbData)
            status = key_from_public_info(&info, true, other);
    }
    crypt_free(own);
    crypt_free(data);
    return status;
}

static NTSTATUS open_agreement(struct message *message, const struct recipient *recipient, BCRYPT_KEY_HANDLE pair,
                               const CRYPT_BIT_BLOB *originator)
{
    CRYPT_ALGORITHM_IDENTIFIER *scheme, *wrap = NULL;
    BCRYPT_KEY_HANDLE own = NULL, other = NULL, wrapper = NULL, key = NULL;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    DWORD size, needed;
    BYTE *pkcs8 = key_to_pkcs8(pair, &size);

    scheme = asn_decode(&asn_algorithm, recipient->algorithm.whole, recipient->algorithm.whole_size, 0, &needed);
    if (scheme && scheme->Parameters.cbData)
        wrap = asn_decode(&asn_algorithm, scheme->Parameters.pbData, scheme->Parameters.cbData, 0, &needed);
    if (wrap && pkcs8 && !(status = key_from_pkcs8(pkcs8, size, true, &own)) &&
        !(status = originator_key(recipient, originator, own, &other))) {
        struct agreement agreement = {scheme->pszObjId, wrap, recipient->ukm.data, recipient->ukm.size};

        status = agreement_key(&agreement, own, other, &wrapper);
    }
    if (!status)
        status = BCryptImportKey((BCRYPT_ALG_HANDLE)0x1b1, wrapper, BCRYPT_AES_WRAP_KEY_BLOB, &key, NULL, 0,
                                 (UCHAR *)recipient->key.data, recipient->key.size, 0);
    if (!status)
        status = open_content(message, key_from_handle(key)->secret, key_from_handle(key)->secret_size);
    BCRYPT_KEY_HANDLE keys[] = {own, other, wrapper, key};
    for (size_t i = 0; i < ARRAYSIZE(keys); i++)
        if (keys[i])
            BCryptDestroyKey(keys[i]);
    if (pkcs8)
        crypto_free_secret(pkcs8, size);
    crypt_free(scheme);
    crypt_free(wrap);
    return status;
}

BOOL enveloped_open(struct message *message, DWORD index, BCRYPT_KEY_HANDLE pair, const CRYPT_BIT_BLOB *originator)
{
    NTSTATUS status = STATUS_NOT_SUPPORTED;

    if (message->recipients[index].choice == CMSG_KEY_TRANS_RECIPIENT)
        status = open_transport(message, &message->recipients[index], pair);
    else if (message->recipients[index].choice == CMSG_KEY_AGREE_RECIPIENT)
        status = open_agreement(message, &message->recipients[index], pair, originator);
    if (status)
        return crypt_fail((DWORD)(status == STATUS_NOT_SUPPORTED ? CRYPT_E_UNKNOWN_ALGO : NTE_BAD_DATA));
    message->opened = index + 1;
    return !message->streams || message_output(message, message->plain, message->plain_size);
}

static BOOL open_by(struct message *message, DWORD index, HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec,
                    const CRYPT_BIT_BLOB *originator)
{
    BCRYPT_KEY_HANDLE pair;
    bool exportable;

    if (message->opened)
        return crypt_fail((DWORD)CRYPT_E_ALREADY_DECRYPTED);
    if (index >= message->recipient_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    pair = handle_pair(handle, spec, &exportable);
    return pair && enveloped_open(message, index, pair, originator);
}

/* Recipients as CMS counts them: an agreement with several keys is one. */
static DWORD recipient_at(const struct message *message, DWORD cms_index, DWORD key_index)
{
    for (DWORD i = 0; i < message->recipient_count; i++)
        if (!message->recipients[i].index && !cms_index--)
            return i + key_index;
    return message->recipient_count;
}

BOOL enveloped_control(struct message *message, DWORD control, const void *para)
{
    const CMSG_CTRL_DECRYPT_PARA *decrypt = para;
    const CMSG_CTRL_KEY_TRANS_DECRYPT_PARA *transport = para;
    const CMSG_CTRL_KEY_AGREE_DECRYPT_PARA *agreement = para;

    switch (control) {
    case CMSG_CTRL_DECRYPT:
        return open_by(message, decrypt->dwRecipientIndex, decrypt->hCryptProv, decrypt->dwKeySpec, NULL);
    case CMSG_CTRL_KEY_TRANS_DECRYPT:
        return open_by(message, recipient_at(message, transport->dwRecipientIndex, 0), transport->hCryptProv,
                       transport->dwKeySpec, NULL);
    case CMSG_CTRL_KEY_AGREE_DECRYPT:
        return open_by(message,
                       recipient_at(message, agreement->dwRecipientIndex, agreement->dwRecipientEncryptedKeyIndex),
                       agreement->hCryptProv, agreement->dwKeySpec, &agreement->OriginatorPublicKey);
    }
    return crypt_fail((DWORD)CRYPT_E_CONTROL_TYPE);
}

/* ---- what is told ---- */

static bool lay_id(struct decoder *decoder, const struct recipient *recipient, CERT_ID *id)
{
    if (recipient->key_id.data) {
        id->dwIdChoice = CERT_ID_KEY_IDENTIFIER;
        return decode_blob(decoder, recipient->key_id.data, recipient->key_id.size, &id->KeyId);
    }
    id->dwIdChoice = CERT_ID_ISSUER_SERIAL_NUMBER;
    return decode_blob(decoder, recipient->issuer.whole, recipient->issuer.whole_size,
                       &id->IssuerSerialNumber.Issuer) &&
           asn_decode_item(decoder, &asn_big_integer, &recipient->serial, &id->IssuerSerialNumber.SerialNumber);
}

static bool lay_transport(struct decoder *decoder, const struct recipient *recipient, CMSG_CMS_RECIPIENT_INFO *out)
{
    CMSG_KEY_TRANS_RECIPIENT_INFO *info = decoder_take(decoder, sizeof *info);

    out->pKeyTrans = info;
    if (!info)
        return false;
    info->dwVersion = recipient->version;
    return lay_id(decoder, recipient, &info->RecipientId) &&
           asn_decode_item(decoder, &asn_algorithm, &recipient->algorithm, &info->KeyEncryptionAlgorithm) &&
           decode_blob(decoder, recipient->key.data, recipient->key.size, &info->EncryptedKey);
}

static bool lay_agreement(struct decoder *decoder, const struct message *message, DWORD first,
                          CMSG_CMS_RECIPIENT_INFO *out)
{
    const struct recipient *recipient = &message->recipients[first];
    CMSG_KEY_AGREE_RECIPIENT_INFO *info = decoder_take(decoder, sizeof *info);
    CRYPT_DATA_BLOB bits;
    DWORD count = 1;

    out->pKeyAgree = info;
    if (!info)
        return false;
    while (first + count < message->recipient_count && message->recipients[first + count].index)
        count++;
    info->dwVersion = recipient->version;
    info->dwOriginatorChoice = CMSG_KEY_AGREE_ORIGINATOR_PUBLIC_KEY;
    if (recipient->originator.tag != DER_BITS)
        return decoder_fail(decoder, (DWORD)CRYPT_E_INVALID_MSG_TYPE);
    info->cRecipientEncryptedKeys = count;
    info->rgpRecipientEncryptedKeys = decoder_take(decoder, count * sizeof *info->rgpRecipientEncryptedKeys);
    if (!asn_decode_item(decoder, &asn_algorithm, &recipient->originator_algorithm,
                         &info->OriginatorPublicKeyInfo.Algorithm) ||
        !decode_blob(decoder, recipient->originator.data + 1, recipient->originator.size - 1, &bits) ||
        !decode_blob(decoder, recipient->ukm.data, recipient->ukm.size, &info->UserKeyingMaterial) ||
        !asn_decode_item(decoder, &asn_algorithm, &recipient->algorithm, &info->KeyEncryptionAlgorithm) ||
        !info->rgpRecipientEncryptedKeys)
        return false;
    info->OriginatorPublicKeyInfo.PublicKey = (CRYPT_BIT_BLOB){bits.cbData, bits.pbData, 0};
    for (DWORD i = 0; i < count; i++) {
        CMSG_RECIPIENT_ENCRYPTED_KEY_INFO *key = decoder_take(decoder, sizeof *key);

        info->rgpRecipientEncryptedKeys[i] = key;
        if (!key || !lay_id(decoder, &recipient[i], &key->RecipientId) ||
            !decode_blob(decoder, recipient[i].key.data, recipient[i].key.size, &key->EncryptedKey))
            return false;
    }
    return true;
}

static bool lay_recipient(struct decoder *decoder, const struct message *message, DWORD index)
{
    CMSG_CMS_RECIPIENT_INFO *out = decoder_take(decoder, sizeof *out);

    if (!out)
        return false;
    out->dwRecipientChoice = message->recipients[index].choice;
    switch (out->dwRecipientChoice) {
    case CMSG_KEY_TRANS_RECIPIENT:
        return lay_transport(decoder, &message->recipients[index], out);
    case CMSG_KEY_AGREE_RECIPIENT:
        return lay_agreement(decoder, message, index, out);
    }
    return decoder_fail(decoder, (DWORD)CRYPT_E_INVALID_MSG_TYPE);
}

/* Laid out once to learn the size, and then where it is wanted. */
static BOOL give_recipient(const struct message *message, DWORD index, void *out, DWORD *size)
{
    struct decoder decoder = {.room = (size_t)message->size * 4 + 4096};
    DWORD room = *size;
    bool good;

    if (index >= message->recipient_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    decoder.base = crypt_alloc(decoder.room);
    good = decoder.base && lay_recipient(&decoder, message, index);
    crypt_free(decoder.base);
    if (!good)
        return crypt_fail(decoder.error ? decoder.error : ERROR_OUTOFMEMORY);
    *size = (DWORD)decoder.used;
    if (!out)
        return TRUE;
    if (room < decoder.used)
        return crypt_fail(ERROR_MORE_DATA);
    decoder = (struct decoder){.base = out, .room = decoder.used};
    return lay_recipient(&decoder, message, index);
}

static BOOL give_recipient_cert(const struct message *message, DWORD index, void *out, DWORD *size)
{
    const struct recipient *recipient = &message->recipients[index];
    CERT_NAME_BLOB issuer;
    CRYPT_INTEGER_BLOB *serial;
    DWORD needed;
    BOOL done;

    if (index >= message->recipient_count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    if (!recipient->issuer.data)
        return crypt_fail((DWORD)CRYPT_E_RECIPIENT_NOT_FOUND);
    issuer = (CERT_NAME_BLOB){recipient->issuer.whole_size, (BYTE *)recipient->issuer.whole};
    serial = asn_decode(&asn_big_integer, recipient->serial.whole, recipient->serial.whole_size, 0, &needed);
    done = serial && give_cert_id(&issuer, serial, out, size);
    crypt_free(serial);
    return done;
}

BOOL enveloped_param(const struct message *message, DWORD param, DWORD index, void *out, DWORD *size)
{
    DWORD count = 0;

    switch (param) {
    case CMSG_VERSION_PARAM:
        return give_number(message->version, out, size);
    case CMSG_ENVELOPE_ALGORITHM_PARAM:
        return give_item(&asn_algorithm, &message->algorithm, out, size);
    case CMSG_RECIPIENT_COUNT_PARAM:
        return give_number(message->recipient_count, out, size);
    case CMSG_CMS_RECIPIENT_COUNT_PARAM:
        for (DWORD i = 0; i < message->recipient_count; i++)
            count += !message->recipients[i].index;
        return give_number(count, out, size);
    case CMSG_RECIPIENT_INDEX_PARAM:
        return message->opened ? give_number(message->opened - 1, out, size) : crypt_fail((DWORD)CRYPT_E_NOT_DECRYPTED);
    case CMSG_RECIPIENT_INFO_PARAM:
        return give_recipient_cert(message, index, out, size);
    case CMSG_CMS_RECIPIENT_INFO_PARAM:
        return give_recipient(message, recipient_at(message, index, 0), out, size);
    case CMSG_UNPROTECTED_ATTR_PARAM: {
        BYTE *copy = message->unprotected.whole_size ? crypt_alloc(message->unprotected.whole_size) : NULL;
        BOOL done;

        if (!copy)
            return crypt_fail((DWORD)CRYPT_E_ATTRIBUTES_MISSING);
        memcpy(copy, message->unprotected.whole, message->unprotected.whole_size);
        *copy = DER_SET;
        done = asn_give(&asn_attributes, copy, message->unprotected.whole_size, out, size);
        crypt_free(copy);
        return done;
    }
    }
    return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
}
