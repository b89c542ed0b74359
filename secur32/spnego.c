/*
 * spnego.c: reading and writing of SPNEGO's tokens in DER.
 */
#include "secur32/spnego.h"
#include "crypt32/asn.h"

#define APPLICATION 0x60
#define FIELD(number) (DER_CONTEXT | DER_CONSTRUCTED | (number))

static const BYTE spnego_oid[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};

static bool reader_of(struct bytes bytes, const BYTE **at, const BYTE **end)
{
    *at = bytes.data;
    *end = bytes.data + bytes.size;
    return bytes.data && bytes.size < 0x10000000;
}

struct bytes gss_mechanism(struct bytes message)
{
    const BYTE *at, *end;
    struct der_item item, oid;

    if (!reader_of(message, &at, &end) || !der_expect(&at, end, APPLICATION, &item))
        return (struct bytes){NULL, 0};
    at = item.data;
    if (!der_expect(&at, item.data + item.size, DER_OID, &oid))
        return (struct bytes){NULL, 0};
    return (struct bytes){oid.data, oid.size};
}

static bool list_read(const struct der_item *field, struct spnego_token *token)
{
    const BYTE *at = field->data;
    struct der_item list, oid;

    if (!der_expect(&at, field->data + field->size, DER_SEQUENCE, &list))
        return false;
    token->list = (struct bytes){list.whole, list.whole_size};
    for (at = list.data; at < list.data + list.size;) {
        if (!der_expect(&at, list.data + list.size, DER_OID, &oid))
            return false;
        if (token->count < SPNEGO_MOST_MECHANISMS)
            token->mechanisms[token->count++] = (struct bytes){oid.data, oid.size};
    }
    return true;
}

static bool octets_read(const struct der_item *field, struct bytes *bytes)
{
    const BYTE *at = field->data;
    struct der_item octets;

    if (!der_expect(&at, field->data + field->size, DER_OCTETS, &octets))
        return false;
    *bytes = (struct bytes){octets.data, octets.size};
    return true;
}

static bool init_field(const struct der_item *field, struct spnego_token *token)
{
    switch (field->tag) {
    case FIELD(0):
        return list_read(field, token);
    case FIELD(2):
        return octets_read(field, &token->token);
    case FIELD(3): /* NegTokenInit2 has hints here */
        return (field->size && field->data[0] != DER_OCTETS) || octets_read(field, &token->mic);
    case FIELD(4):
        return octets_read(field, &token->mic);
    default:
        return true;
    }
}

static bool response_field(const struct der_item *field, struct spnego_token *token)
{
    const BYTE *at = field->data, *end = field->data + field->size;
    struct der_item item;

    switch (field->tag) {
    case FIELD(0):
        if (!der_expect(&at, end, DER_ENUM, &item) || item.size != 1 || item.data[0] >= SPNEGO_NO_STATE)
            return false;
        token->state = item.data[0];
        return true;
    case FIELD(1):
        if (!der_expect(&at, end, DER_OID, &item))
            return false;
        token->mechanisms[0] = (struct bytes){item.data, item.size};
        token->count = 1;
        return true;
    case FIELD(2):
        return octets_read(field, &token->token);
    case FIELD(3):
        return octets_read(field, &token->mic);
    default:
        return true;
    }
}

bool spnego_read(struct bytes message, struct spnego_token *token)
{
    const BYTE *at, *end;
    struct der_item item, sequence, field;

    *token = (struct spnego_token){.state = SPNEGO_NO_STATE};
    if (!reader_of(message, &at, &end) || !der_next(&at, end, &item))
        return false;
    if (item.tag == APPLICATION) {
        at = item.data;
        end = item.data + item.size;
        if (!der_expect(&at, end, DER_OID, &field) || field.size != sizeof spnego_oid ||
            memcmp(field.data, spnego_oid, field.size) || !der_next(&at, end, &item))
            return false;
    }
    token->init = item.tag == FIELD(0);
    at = item.data;
    if ((!token->init && item.tag != FIELD(1)) || !der_expect(&at, item.data + item.size, DER_SEQUENCE, &sequence))
        return false;
    for (at = sequence.data; at < sequence.data + sequence.size;)
        if (!der_next(&at, sequence.data + sequence.size, &field) ||
            !(token->init ? init_field : response_field)(&field, token))
            return false;
    return !token->init || token->count;
}

/* ---- writing: from the inside out ---- */

static void put_length(struct writer *writer, size_t size)
{
    if (size > 0xffff)
        writer_put(writer, (BYTE[]){0x83, (BYTE)(size >> 16), (BYTE)(size >> 8), (BYTE)size}, 4);
    else if (size > 0xff)
        writer_put(writer, (BYTE[]){0x82, (BYTE)(size >> 8), (BYTE)size}, 3);
    else if (size > 0x7f)
        writer_put(writer, (BYTE[]){0x81, (BYTE)size}, 2);
    else
        writer_put(writer, (BYTE[]){(BYTE)size}, 1);
}

static void put_item(struct writer *writer, BYTE tag, struct bytes content)
{
    writer_put(writer, &tag, 1);
    put_length(writer, content.size);
    writer_put(writer, content.data, content.size);
}

/* What has been written so far becomes the content of an item. */
static void wrap(struct writer *writer, BYTE tag)
{
    struct writer outer = {.failed = writer->failed};

    put_item(&outer, tag, (struct bytes){writer->data, writer->size});
    writer_free(writer);
    *writer = outer;
}

static void put_field(struct writer *writer, BYTE number, BYTE tag, struct bytes content)
{
    struct writer field = {0};

    put_item(&field, tag, content);
    put_item(writer, FIELD(number), (struct bytes){field.data, field.size});
    writer->failed = writer->failed || field.failed;
    writer_free(&field);
}

void spnego_list_write(struct writer *writer, const struct bytes *mechanisms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_item(writer, DER_OID, mechanisms[i]);
    wrap(writer, DER_SEQUENCE);
}

static void init_finish(struct writer *writer)
{
    struct writer inner;

    wrap(writer, DER_SEQUENCE);
    wrap(writer, FIELD(0));
    inner = *writer;
    *writer = (struct writer){.failed = inner.failed};
    put_item(writer, DER_OID, (struct bytes){spnego_oid, sizeof spnego_oid});
    writer_put(writer, inner.data, inner.size);
    writer_free(&inner);
    wrap(writer, APPLICATION);
}

void spnego_init_write(struct writer *writer, struct bytes list, struct bytes token)
{
    put_item(writer, FIELD(0), list);
    if (token.data)
        put_field(writer, 2, DER_OCTETS, token);
    init_finish(writer);
}

void spnego_hint_write(struct writer *writer, struct bytes list)
{
    static const char hint[] = "not_defined_in_RFC4178@please_ignore";
    struct writer hints = {0};

    put_item(writer, FIELD(0), list);
    put_field(&hints, 0, 0x1b, (struct bytes){(const BYTE *)hint, sizeof hint - 1}); /* GeneralString */
    wrap(&hints, DER_SEQUENCE);
    put_item(writer, FIELD(3), (struct bytes){hints.data, hints.size});
    writer->failed = writer->failed || hints.failed;
    writer_free(&hints);
    init_finish(writer);
}

void spnego_response_write(struct writer *writer, enum spnego_state state, struct bytes mechanism, struct bytes token,
                           struct bytes mic)
{
    BYTE number = (BYTE)state;

    if (state != SPNEGO_NO_STATE)
        put_field(writer, 0, DER_ENUM, (struct bytes){&number, 1});
    if (mechanism.data)
        put_field(writer, 1, DER_OID, mechanism);
    if (token.data)
        put_field(writer, 2, DER_OCTETS, token);
    if (mic.data)
        put_field(writer, 3, DER_OCTETS, mic);
    wrap(writer, DER_SEQUENCE);
    wrap(writer, FIELD(1));
}
