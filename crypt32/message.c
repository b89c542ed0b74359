/*
 * message.c: wincrypt.h: CryptMsg*: messages as handles: opening, updating, asking.
 *
 * What each kind holds is read and answered in message_signed.c, message_hashed.c and message_enveloped.c, what is
 * written in message_encode.c.
 */
#include "crypt32/message_parts.h"
#include "ntdll/gate.h"

#define MESSAGE_MAGIC 0x6567736du

struct message *message_from(HCRYPTMSG handle)
{
    struct message *message = handle;

    if (message && message->magic == MESSAGE_MAGIC)
        return message;
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

struct message *message_new(DWORD type, DWORD flags, const CMSG_STREAM_INFO *stream)
{
    struct message *message = crypt_alloc(sizeof *message);

    if (!message)
        return NULL;
    message->magic = MESSAGE_MAGIC;
    message->references = 1;
    message->type = type;
    message->flags = flags;
    if (stream) {
        message->stream = *stream;
        message->streams = true;
    }
    return message;
}

HCRYPTMSG WINAPI CryptMsgOpenToDecode(DWORD encoding, DWORD flags, DWORD type, HCRYPTPROV_LEGACY provider,
                                      PCERT_INFO recipient, PCMSG_STREAM_INFO stream)
{
    (void)provider, (void)recipient;
    if (!(encoding & PKCS_7_ASN_ENCODING)) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    return message_new(type, flags, stream);
}

HCRYPTMSG WINAPI CryptMsgDuplicate(HCRYPTMSG handle)
{
    struct message *message = handle ? message_from(handle) : NULL;

    if (message)
        __sync_fetch_and_add(&message->references, 1);
    return message;
}

static void parse_forget(struct message *message)
{
    for (DWORD i = 0; i < message->signer_count; i++)
        crypt_free(message->signers[i].info);
    crypt_free(message->content_oid);
    message->content_oid = NULL;
    message->signer_count = message->cert_count = message->crl_count = message->recipient_count = 0;
    message->has_content = false;
}

BOOL WINAPI CryptMsgClose(HCRYPTMSG handle)
{
    struct message *message = handle ? message_from(handle) : NULL;
    DWORD error = GetLastError();

    if (message && !__sync_sub_and_fetch(&message->references, 1)) {
        parse_forget(message);
        plan_free(message->plan);
        crypt_free(message->data);
        crypt_free(message->detached);
        if (message->plain)
            memset(message->plain, 0, message->plain_size);
        crypt_free(message->plain);
        message->magic = 0;
        crypt_free(message);
    }
    SetLastError(error);
    return TRUE;
}

char *message_oid(const struct der_item *item)
{
    DWORD size;
    LPSTR *oid = asn_decode(&asn_oid, item->whole, item->whole_size, 0, &size);
    char *text = oid ? crypt_alloc(strlen(*oid) + 1) : NULL;

    if (text)
        strcpy(text, *oid);
    crypt_free(oid);
    return text;
}

static bool inner_parse(struct message *message, DWORD type, const BYTE *at, const BYTE *end)
{
    switch (type) {
    case CMSG_DATA:
        return message->has_content = der_expect(&at, end, DER_OCTETS, &message->content);
    case CMSG_SIGNED:
        return signed_parse(message, at, end);
    case CMSG_ENVELOPED:
        return enveloped_parse(message, at, end);
    case CMSG_HASHED:
        return hashed_parse(message, at, end);
    }
    return false;
}

static DWORD type_by_oid(const char *oid)
{
    static const struct {
        const char *oid;
        DWORD type;
    } types[] = {{szOID_RSA_data, CMSG_DATA},
                 {szOID_RSA_signedData, CMSG_SIGNED},
                 {szOID_RSA_envelopedData, CMSG_ENVELOPED},
                 {szOID_RSA_digestedData, CMSG_HASHED}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (oid && !strcmp(oid, types[i].oid))
            return types[i].type;
    return 0;
}

bool message_parse(struct message *message)
{
    const BYTE *at = message->data, *end = at + message->size;
    struct der_item item, oid, content;
    DWORD size;
    BYTE *der;
    char *text;

    parse_forget(message);
    if (message->size > 1 && at[1] == 0x80) { /* a stream's form */
        der = ber_to_der(message->data, message->size, &size);
        if (!der)
            return crypt_fail((DWORD)CRYPT_E_ASN1_CORRUPT);
        crypt_free(message->data);
        at = message->data = der;
        message->size = size;
        end = at + size;
    }
    message->bare = message->type != 0;
    if (message->bare)
        return message->type > CMSG_HASHED || message->type == CMSG_SIGNED_AND_ENVELOPED
                   ? crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE)
                   : inner_parse(message, message->type, at, end) || crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    if (!message->size || !der_expect(&at, end, DER_SEQUENCE, &item))
        return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    at = item.data;
    if (!der_expect(&at, item.data + item.size, DER_OID, &oid) ||
        !der_expect(&at, item.data + item.size, DER_CONTEXT | DER_CONSTRUCTED, &content))
        return crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
    text = message_oid(&oid);
    message->type = type_by_oid(text);
    crypt_free(text);
    if (!message->type)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    return inner_parse(message, message->type, content.data, content.data + content.size) ||
           crypt_fail((DWORD)CRYPT_E_ASN1_BADTAG);
}

bool message_append(BYTE **data, DWORD *size, const BYTE *more, DWORD count)
{
    BYTE *longer = *size + count < *size ? NULL : crypt_alloc((size_t)*size + count + 1);

    if (!longer)
        return crypt_fail(ERROR_OUTOFMEMORY);
    if (*size)
        memcpy(longer, *data, *size);
    if (count)
        memcpy(longer + *size, more, count);
    crypt_free(*data);
    *data = longer;
    *size += count;
    return true;
}

BOOL message_output(struct message *message, const BYTE *data, DWORD size)
{
    message->streamed = true;
    return guest_call(message->stream.pfnStreamOutput, GUEST(message->stream.pvArg), GUEST(data), size, TRUE) != 0;
}

/* A stream's content goes out when all of it is there; a sealed one waits for its key. */
static BOOL stream_content(struct message *message)
{
    struct tls_blob content = signed_content(message);

    if (!message->streams || message->streamed || message->flags & CMSG_DETACHED_FLAG ||
        message->type == CMSG_ENVELOPED)
        return TRUE;
    return message_output(message, content.data ? content.data : (const BYTE *)"", (DWORD)content.size);
}

/* With detached content the message comes first, then what it is about. */
BOOL WINAPI CryptMsgUpdate(HCRYPTMSG handle, const BYTE *data, DWORD size, BOOL final)
{
    struct message *message = message_from(handle);

    if (!message)
        return FALSE;
    if (message->whole)
        return crypt_fail((DWORD)CRYPT_E_MSG_ERROR);
    if (message->plan)
        return plan_update(message, data, size, final);
    if (message->final) {
        message->whole = final;
        return message_append(&message->detached, &message->detached_size, data, size);
    }
    if (!message_append(&message->data, &message->size, data, size))
        return FALSE;
    if (!final)
        return TRUE;
    message->whole = !(message->flags & CMSG_DETACHED_FLAG);
    message->final = message_parse(message); /* of one that is damaged nothing is told */
    message->whole = message->whole || !message->final;
    return message->final && stream_content(message);
}

BOOL give_cert_id(const CERT_NAME_BLOB *issuer, const CRYPT_INTEGER_BLOB *serial, CERT_INFO *out, DWORD *size)
{
    DWORD needed = (DWORD)sizeof *out + issuer->cbData + serial->cbData, room = *size;
    BYTE *behind = (BYTE *)(out + 1);

    *size = needed;
    if (!out)
        return TRUE;
    if (room < needed)
        return crypt_fail(ERROR_MORE_DATA);
    memset(out, 0, sizeof *out);
    out->Issuer = (CERT_NAME_BLOB){issuer->cbData, behind};
    memcpy(behind, issuer->pbData, issuer->cbData);
    behind += issuer->cbData;
    out->SerialNumber = (CRYPT_INTEGER_BLOB){serial->cbData, behind};
    memcpy(behind, serial->pbData, serial->cbData);
    return TRUE;
}

static BOOL give_content(const struct message *message, void *out, DWORD *size)
{
    struct tls_blob content = signed_content(message);

    if (message->type == CMSG_ENVELOPED) { /* as it came until it is opened */
        content = message->opened ? tls_blob_of(message->plain, message->plain_size)
                                  : tls_blob_of(message->sealed.data, message->sealed.size);
    } else if (message->has_content && message->type == CMSG_SIGNED && message->content_oid &&
               strcmp(message->content_oid, szOID_RSA_data)) {
        content = tls_blob_of(message->content.whole, message->content.whole_size);
    }
    return crypt_copy(content.data ? content.data : (const BYTE *)"", (DWORD)content.size, out, size);
}

static BOOL give_entry(const struct der_item *items, DWORD count, DWORD index, void *out, DWORD *size)
{
    if (index >= count)
        return crypt_fail((DWORD)CRYPT_E_INVALID_INDEX);
    return crypt_copy(items[index].whole, items[index].whole_size, out, size);
}

static BOOL decode_param(struct message *message, DWORD param, DWORD index, void *out, DWORD *size)
{
    switch (param) {
    case CMSG_CONTENT_PARAM:
    case CMSG_BARE_CONTENT_PARAM:
        return message->streams && !(message->flags & CMSG_DETACHED_FLAG) ? crypt_fail((DWORD)E_INVALIDARG)
                                                                          : give_content(message, out, size);
    case CMSG_ENCODED_MESSAGE:
        return crypt_copy(message->data, message->size, out, size);
    }
    if (message->type == CMSG_DATA)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    switch (param) {
    case CMSG_INNER_CONTENT_TYPE_PARAM:
        return message->content_oid
                   ? crypt_copy(message->content_oid, (DWORD)strlen(message->content_oid) + 1, out, size)
                   : crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    case CMSG_CERT_COUNT_PARAM:
        return give_number(message->cert_count, out, size);
    case CMSG_CRL_COUNT_PARAM:
        return give_number(message->crl_count, out, size);
    case CMSG_CERT_PARAM:
        return give_entry(message->certs, message->cert_count, index, out, size);
    case CMSG_CRL_PARAM:
        return give_entry(message->crls, message->crl_count, index, out, size);
    }
    switch (message->type) {
    case CMSG_SIGNED:
        return signed_param(message, param, index, out, size);
    case CMSG_HASHED:
        return hashed_param(message, param, out, size);
    default:
        return enveloped_param(message, param, index, out, size);
    }
}

BOOL WINAPI CryptMsgGetParam(HCRYPTMSG handle, DWORD param, DWORD index, void *out, DWORD *size)
{
    struct message *message = message_from(handle);

    if (!message)
        return FALSE;
    if (!size)
        return crypt_fail((DWORD)E_INVALIDARG);
    if (message->plan)
        return plan_param(message, param, index, out, size);
    if (param == CMSG_TYPE_PARAM)
        return give_number(message->type ? message->type : CMSG_SIGNED, out, size);
    if (!message->final)
        return crypt_fail((DWORD)(message->streams ? CRYPT_E_STREAM_MSG_NOT_READY : CRYPT_E_INVALID_MSG_TYPE));
    return decode_param(message, param, index, out, size);
}

BOOL WINAPI CryptMsgControl(HCRYPTMSG handle, DWORD flags, DWORD control, const void *para)
{
    struct message *message = message_from(handle);

    (void)flags;
    if (!message)
        return FALSE;
    if (message->plan || !message->final)
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    switch (message->type) {
    case CMSG_SIGNED:
        return signed_control(message, control, para);
    case CMSG_HASHED:
        return hashed_control(message, control);
    case CMSG_ENVELOPED:
        return enveloped_control(message, control, para);
    }
    return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
}
