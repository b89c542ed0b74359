/*
 * message_hashed.c: wincrypt.h: messages with a hash of their content.
 */
#include "crypt32/message_parts.h"

bool hashed_parse(struct message *message, const BYTE *at, const BYTE *end)
{
    struct der_item whole, item, oid;

    if (!der_expect(&at, end, DER_SEQUENCE, &whole))
        return false;
    at = whole.data;
    end = at + whole.size;
    if (!der_expect(&at, end, DER_INTEGER, &item) || item.size != 1 ||
        !der_expect(&at, end, DER_SEQUENCE, &message->algorithm))
        return false;
    message->version = *item.data;
    if (!der_expect(&at, end, DER_SEQUENCE, &item) || !der_expect(&at, end, DER_OCTETS, &message->hash_value))
        return false;
    at = item.data;
    end = at + item.size;
    if (!der_expect(&at, end, DER_OID, &oid))
        return false;
    message->content_oid = message_oid(&oid);
    if (der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &item)) {
        at = item.data;
        message->has_content = der_next(&at, item.data + item.size, &message->content);
    }
    return message->content_oid != NULL;
}

static DWORD computed(const struct message *message, BYTE *hash)
{
    struct tls_blob content = signed_content(message);
    CRYPT_ALGORITHM_IDENTIFIER *algorithm;
    enum tls_hash number;
    DWORD needed, length = 0;

    algorithm = asn_decode(&asn_algorithm, message->algorithm.whole, message->algorithm.whole_size, 0, &needed);
    if (algorithm && hash_from_oid(algorithm->pszObjId, &number))
        length = host_digest(number, content.data ? content.data : (const uint8_t *)"", content.size, hash);
    crypt_free(algorithm);
    if (!length)
        SetLastError((DWORD)CRYPT_E_UNKNOWN_ALGO);
    return length;
}

BOOL hashed_param(const struct message *message, DWORD param, void *out, DWORD *size)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD length;

    switch (param) {
    case CMSG_VERSION_PARAM:
        return give_number(message->version, out, size);
    case CMSG_HASH_ALGORITHM_PARAM:
        return give_item(&asn_algorithm, &message->algorithm, out, size);
    case CMSG_HASH_DATA_PARAM:
        return crypt_copy(message->hash_value.data, message->hash_value.size, out, size);
    case CMSG_COMPUTED_HASH_PARAM:
        length = computed(message, hash);
        return length && crypt_copy(hash, length, out, size);
    }
    return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
}

BOOL hashed_control(const struct message *message, DWORD control)
{
    BYTE hash[TLS_HASH_MAX];
    DWORD length;

    if (control != CMSG_CTRL_VERIFY_HASH)
        return crypt_fail((DWORD)CRYPT_E_CONTROL_TYPE);
    length = computed(message, hash);
    if (!length)
        return FALSE;
    return length == message->hash_value.size && !memcmp(hash, message->hash_value.data, length)
               ? TRUE
               : crypt_fail((DWORD)CRYPT_E_HASH_VALUE);
}
