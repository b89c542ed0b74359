/*
 * asn.c: decodes and encodes by the tables of asn_types.c.
 *
 * Decoding runs twice: into scratch memory, to learn the size, and then into a block of that size.  What comes from
 * outside is trusted in nothing: every length is checked against what is there.
 */
#include "crypt32/asn.h"

bool der_next(const BYTE **at, const BYTE *end, struct der_item *item)
{
    const BYTE *p = *at;
    size_t size;

    if (end - p < 2 || (p[0] & 0x1f) == 0x1f)
        return false;
    item->whole = p;
    item->tag = p[0];
    size = p[1];
    p += 2;
    if (size & 0x80) {
        unsigned bytes = size & 0x7f;

        if (!bytes || bytes > 4 || (size_t)(end - p) < bytes)
            return false;
        for (size = 0; bytes; bytes--)
            size = size << 8 | *p++;
    }
    if (size > (size_t)(end - p))
        return false;
    item->data = p;
    item->size = (DWORD)size;
    item->whole_size = (DWORD)(p + size - item->whole);
    *at = p + size;
    return true;
}

bool der_expect(const BYTE **at, const BYTE *end, BYTE tag, struct der_item *item)
{
    return *at < end && **at == tag && der_next(at, end, item);
}

void *decoder_take(struct decoder *decoder, size_t size)
{
    size_t at = (decoder->used + 7) & ~(size_t)7;

    if (at > decoder->room || size > decoder->room - at) {
        decoder->error = ERROR_MORE_DATA;
        return NULL;
    }
    decoder->used = at + size;
    return memset(decoder->base + at, 0, size);
}

bool decoder_fail(struct decoder *decoder, DWORD error)
{
    if (!decoder->error)
        decoder->error = error;
    return false;
}

bool decode_blob(struct decoder *decoder, const BYTE *data, DWORD size, CRYPT_DATA_BLOB *blob)
{
    blob->cbData = size;
    blob->pbData = NULL;
    if (!size)
        return true;
    blob->pbData = decoder_take(decoder, size);
    if (!blob->pbData)
        return false;
    memcpy(blob->pbData, data, size);
    return true;
}

static bool integer_decode(struct decoder *decoder, const struct der_item *item, DWORD *out)
{
    int64_t value;

    if (!item->size)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    if (item->size > 5 || (item->size == 5 && item->data[0]))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_LARGE);
    value = (int8_t)item->data[0];
    for (DWORD i = 1; i < item->size; i++)
        value = value * 256 + item->data[i];
    *out = (DWORD)value;
    return true;
}

/* Windows has large numbers with the lowest byte first. */
static bool big_decode(struct decoder *decoder, const struct der_item *item, bool sign, CRYPT_INTEGER_BLOB *blob)
{
    const BYTE *data = item->data;
    DWORD size = item->size;

    if (!size)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    /* A first byte of zero that only keeps the sign is not part of an unsigned one. */
    while (size > 1 && !data[0] && (!sign || !(data[1] & 0x80)))
        data++, size--;
    if (!decode_blob(decoder, data, size, blob))
        return false;
    for (DWORD i = 0; i < size; i++)
        blob->pbData[i] = data[size - 1 - i];
    return true;
}

static bool bits_decode(struct decoder *decoder, const struct der_item *item, CRYPT_BIT_BLOB *bits)
{
    CRYPT_DATA_BLOB blob;

    if (!item->size || item->data[0] > 7 || (item->size == 1 && item->data[0]))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    if (!decode_blob(decoder, item->data + 1, item->size - 1, &blob))
        return false;
    bits->cbData = blob.cbData;
    bits->pbData = blob.pbData;
    bits->cUnusedBits = item->data[0];
    if (blob.cbData)
        blob.pbData[blob.cbData - 1] &= (BYTE)(0xff << item->data[0]);
    return true;
}

static bool ia5_decode(struct decoder *decoder, const struct der_item *item, LPWSTR *text)
{
    WCHAR *wide = decoder_take(decoder, ((size_t)item->size + 1) * sizeof *wide);

    if (!wide)
        return false;
    for (DWORD i = 0; i < item->size; i++)
        wide[i] = item->data[i];
    *text = wide;
    return true;
}

static bool field_decode(struct decoder *decoder, const struct asn_field *field, const BYTE **at, const BYTE *end,
                         BYTE *out)
{
    const struct asn_type *type = field->type;
    struct der_item item, inner;
    BYTE tag = type->tag;

    if (field->flags & ASN_EXPLICIT)
        tag = (BYTE)(DER_CONTEXT | DER_CONSTRUCTED | field->context);
    else if (field->flags & ASN_IMPLICIT)
        tag = (BYTE)(DER_CONTEXT | (tag & DER_CONSTRUCTED) | field->context);
    if (*at >= end || (tag && **at != tag && !(type->kind == ASN_TIME && (**at == DER_UTC_TIME || **at == DER_TIME)))) {
        if (!(field->flags & ASN_OPTIONAL))
            return decoder_fail(decoder, (DWORD)(*at >= end ? CRYPT_E_ASN1_EOD : CRYPT_E_ASN1_BADTAG));
        if (type->kind == ASN_INT || type->kind == ASN_BOOL)
            *(DWORD *)(out + field->offset) = field->preset;
        return true;
    }
    if (!der_next(at, end, &item))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_EOD);
    if (field->present)
        *(BOOL *)(out + field->present) = TRUE;
    if (field->flags & ASN_EXPLICIT) {
        const BYTE *inside = item.data;

        if (!der_next(&inside, item.data + item.size, &inner))
            return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_EOD);
        if (type->tag && inner.tag != type->tag)
            return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
        item = inner;
    }
    return asn_decode_item(decoder, type, &item, out + field->offset);
}

static bool list_decode(struct decoder *decoder, const struct asn_type *type, const struct der_item *item, BYTE *out)
{
    const struct asn_type *element = type->element;
    const BYTE *end = item->data + item->size;
    struct der_item one;
    DWORD count = 0;
    BYTE *elements;

    for (const BYTE *at = item->data; at < end; count++)
        if (!der_next(&at, end, &one))
            return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_EOD);
    elements = count ? decoder_take(decoder, (size_t)count * element->size) : NULL;
    if (count && !elements)
        return false;
    *(DWORD *)out = count;
    *(BYTE **)(out + 8) = elements;
    for (const BYTE *at = item->data; at < end; elements += element->size) {
        der_next(&at, end, &one);
        if (element->tag && one.tag != element->tag)
            return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
        if (!asn_decode_item(decoder, element, &one, elements))
            return false;
    }
    return true;
}

bool asn_decode_item(struct decoder *decoder, const struct asn_type *type, const struct der_item *item, void *out)
{
    switch (type->kind) {
    case ASN_INT:
        return integer_decode(decoder, item, out);
    case ASN_BIG:
    case ASN_BIG_UINT:
        return big_decode(decoder, item, type->kind == ASN_BIG, out);
    case ASN_BOOL:
        if (item->size != 1)
            return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
        *(BOOL *)out = item->data[0] != 0;
        return true;
    case ASN_OID:
        return oid_decode(decoder, item->data, item->size, out);
    case ASN_OCTETS:
        return decode_blob(decoder, item->data, item->size, out);
    case ASN_BITS:
        return bits_decode(decoder, item, out);
    case ASN_ANY:
        return decode_blob(decoder, item->whole, item->whole_size, out);
    case ASN_TIME:
        return time_decode(item, out) || decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    case ASN_IA5:
        return ia5_decode(decoder, item, out);
    case ASN_SEQUENCE: {
        const BYTE *at = item->data, *end = at + item->size;

        for (unsigned i = 0; i < type->count; i++)
            if (!field_decode(decoder, &type->fields[i], &at, end, out))
                return false;
        return at == end || decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    }
    case ASN_LIST:
        return list_decode(decoder, type, item, out);
    case ASN_POINTER: {
        void *target = decoder_take(decoder, type->element->size);

        *(void **)out = target;
        return target && asn_decode_item(decoder, type->element, item, target);
    }
    case ASN_CUSTOM:
        return type->decode(decoder, item, out);
    }
    return false;
}

static bool decode_whole(struct decoder *decoder, const struct asn_type *type, const BYTE *data, DWORD size)
{
    const BYTE *at = data;
    struct der_item item;
    void *out = decoder_take(decoder, type->size);

    if (!out)
        return false;
    if (!size || !der_next(&at, data + size, &item))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_EOD);
    if (type->tag && item.tag != type->tag)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
    return asn_decode_item(decoder, type, &item, out);
}

void *asn_decode(const struct asn_type *type, const BYTE *data, DWORD size, DWORD flags, DWORD *needed)
{
    struct decoder decoder = {.flags = flags};
    size_t room = (size_t)size * 6 + 1024;

    for (;;) {
        decoder.base = crypt_alloc(room);
        if (!decoder.base)
            return NULL;
        decoder.room = room;
        decoder.used = decoder.error = 0;
        if (decode_whole(&decoder, type, data, size))
            break;
        crypt_free(decoder.base);
        if (decoder.error != ERROR_MORE_DATA || room > (size_t)size * 128 + 65536) {
            SetLastError(decoder.error);
            return NULL;
        }
        room *= 4;
    }
    *needed = (DWORD)decoder.used;
    return decoder.base;
}

bool encoder_fail(struct encoder *encoder, DWORD error)
{
    if (!encoder->error)
        encoder->error = error;
    return false;
}

bool encoder_put(struct encoder *encoder, const void *data, size_t size)
{
    if (size > encoder->room - encoder->used) {
        size_t room = (encoder->used + size) * 2 + 256;
        BYTE *longer = crypt_alloc(room);

        if (!longer)
            return encoder_fail(encoder, ERROR_OUTOFMEMORY);
        if (encoder->used)
            memcpy(longer + room - encoder->used, encoder_data(encoder), encoder->used);
        crypt_free(encoder->base);
        encoder->base = longer;
        encoder->room = room;
    }
    encoder->used += size;
    if (size)
        memcpy(encoder_data(encoder), data, size);
    return true;
}

bool encoder_wrap(struct encoder *encoder, BYTE tag, size_t before)
{
    size_t size = encoder->used - before;
    BYTE front[6];
    unsigned count = 0;

    if (size < 0x80) {
        front[5] = (BYTE)size;
        count = 1;
    } else {
        for (size_t rest = size; rest; rest >>= 8)
            front[5 - count++] = (BYTE)rest;
        front[5 - count] = (BYTE)(0x80 | count);
        count++;
    }
    front[5 - count] = tag;
    return encoder_put(encoder, front + 5 - count, count + 1);
}

static bool integer_encode(struct encoder *encoder, BYTE tag, int64_t value)
{
    size_t before = encoder->used;
    BYTE byte;

    do {
        byte = (BYTE)value;
        if (!encoder_put(encoder, &byte, 1))
            return false;
        value >>= 8;
    } while ((value != 0 || byte & 0x80) && (value != -1 || !(byte & 0x80)));
    return encoder_wrap(encoder, tag, before);
}

static bool big_encode(struct encoder *encoder, BYTE tag, bool sign, const CRYPT_INTEGER_BLOB *blob)
{
    size_t before = encoder->used;
    DWORD size = blob->cbData;
    const BYTE *data = blob->pbData;

    while (size > 1 && ((data[size - 1] == 0 && (!sign || !(data[size - 2] & 0x80))) ||
                        (sign && data[size - 1] == 0xff && data[size - 2] & 0x80)))
        size--;
    for (DWORD i = 0; i < size; i++)
        if (!encoder_put(encoder, data + i, 1))
            return false;
    if ((!size || (!sign && data[size - 1] & 0x80)) && !encoder_put(encoder, "", 1))
        return false;
    return encoder_wrap(encoder, tag, before);
}

static bool bits_encode(struct encoder *encoder, BYTE tag, const CRYPT_BIT_BLOB *bits)
{
    size_t before = encoder->used;
    BYTE unused = (BYTE)bits->cUnusedBits;

    if (unused > 7)
        return encoder_fail(encoder, ERROR_INVALID_PARAMETER);
    if (!bits->cbData)
        unused = 0;
    if (!encoder_put(encoder, bits->pbData, bits->cbData))
        return false;
    if (bits->cbData)
        encoder_data(encoder)[bits->cbData - 1] &= (BYTE)(0xff << unused);
    return encoder_put(encoder, &unused, 1) && encoder_wrap(encoder, tag, before);
}

static bool ia5_encode(struct encoder *encoder, BYTE tag, const WCHAR *text)
{
    size_t before = encoder->used, length = 0;

    while (text && text[length])
        length++;
    while (length) {
        BYTE byte = (BYTE)text[--length];

        if (text[length] > 0x7f)
            return encoder_fail(encoder, (DWORD)CRYPT_E_INVALID_IA5_STRING);
        if (!encoder_put(encoder, &byte, 1))
            return false;
    }
    return encoder_wrap(encoder, tag, before);
}

/* DER sorts the elements of a SET OF. */
static void set_sort(BYTE *data, size_t size)
{
    BYTE *end = data + size, *sorted;
    const BYTE *at = data;
    struct der_item item, other;

    if (!der_next(&at, end, &item))
        return;
    for (sorted = data + (at - data); sorted < end;) {
        const BYTE *next = sorted, *place = data;
        BYTE *copy;

        if (!der_next(&next, end, &item))
            return;
        while (place < sorted) {
            const BYTE *after = place;
            der_next(&after, sorted, &other);
            DWORD common = item.whole_size < other.whole_size ? item.whole_size : other.whole_size;
            int order = memcmp(item.whole, other.whole, common);

            if (order < 0 || (!order && item.whole_size < other.whole_size))
                break;
            place = after;
        }
        copy = place < sorted ? crypt_alloc(item.whole_size) : NULL;
        if (copy) {
            memcpy(copy, item.whole, item.whole_size);
            memmove((BYTE *)place + item.whole_size, place, (size_t)(sorted - place));
            memcpy((BYTE *)place, copy, item.whole_size);
            crypt_free(copy);
        }
        sorted += item.whole_size;
    }
}

static bool list_encode(struct encoder *encoder, const struct asn_type *type, const BYTE *value)
{
    DWORD count = *(const DWORD *)value;
    const BYTE *elements = *(const BYTE *const *)(value + 8);
    size_t before = encoder->used;

    for (DWORD i = count; i > 0; i--)
        if (!asn_encode_value(encoder, type->element, elements + (size_t)(i - 1) * type->element->size))
            return false;
    if (type->tag == DER_SET && count > 1)
        set_sort(encoder_data(encoder), encoder->used - before);
    return encoder_wrap(encoder, type->tag, before);
}

static bool field_absent(const struct asn_field *field, const BYTE *value)
{
    const BYTE *at = value + field->offset;

    if (!(field->flags & ASN_OPTIONAL))
        return false;
    if (field->present)
        return !*(const BOOL *)(value + field->present);
    switch (field->type->kind) {
    case ASN_INT:
        return *(const DWORD *)at == field->preset;
    case ASN_BOOL:
        return !!*(const DWORD *)at == field->preset;
    case ASN_OID:
    case ASN_IA5:
    case ASN_POINTER:
        return !*(void *const *)at;
    case ASN_TIME:
        return !*(const DWORD *)at && !((const DWORD *)at)[1];
    default: /* blobs and lists begin with their number */
        return !*(const DWORD *)at;
    }
}

static bool field_encode(struct encoder *encoder, const struct asn_field *field, const BYTE *value)
{
    size_t before = encoder->used;

    if (field_absent(field, value))
        return true;
    if (!asn_encode_value(encoder, field->type, value + field->offset))
        return false;
    if (field->flags & ASN_EXPLICIT)
        return encoder_wrap(encoder, (BYTE)(DER_CONTEXT | DER_CONSTRUCTED | field->context), before);
    if (field->flags & ASN_IMPLICIT) {
        BYTE *tag = encoder_data(encoder);
        *tag = (BYTE)(DER_CONTEXT | (*tag & DER_CONSTRUCTED) | field->context);
    }
    return true;
}

bool asn_encode_value(struct encoder *encoder, const struct asn_type *type, const void *value)
{
    const CRYPT_DATA_BLOB *blob = value;
    size_t before = encoder->used;
    BYTE byte;

    switch (type->kind) {
    case ASN_INT:
        return integer_encode(encoder, type->tag,
                              type->tag == DER_ENUM ? (int64_t) * (const DWORD *)value : *(const int *)value);
    case ASN_BIG:
    case ASN_BIG_UINT:
        return big_encode(encoder, type->tag, type->kind == ASN_BIG, value);
    case ASN_BOOL:
        byte = *(const BOOL *)value ? 0xff : 0;
        return encoder_put(encoder, &byte, 1) && encoder_wrap(encoder, type->tag, before);
    case ASN_OID:
        return oid_encode(encoder, *(const LPCSTR *)value);
    case ASN_OCTETS:
        return encoder_put(encoder, blob->pbData, blob->cbData) && encoder_wrap(encoder, type->tag, before);
    case ASN_BITS:
        return bits_encode(encoder, type->tag, value);
    case ASN_ANY:
        if (!blob->cbData)
            return encoder_put(encoder, "", 1) && encoder_put(encoder, "\5", 1); /* NULL */
        return encoder_put(encoder, blob->pbData, blob->cbData);
    case ASN_TIME:
        return time_encode(encoder, value, type->tag);
    case ASN_IA5:
        return ia5_encode(encoder, type->tag, *(const LPCWSTR *)value);
    case ASN_SEQUENCE:
        for (unsigned i = type->count; i > 0; i--)
            if (!field_encode(encoder, &type->fields[i - 1], value))
                return false;
        return encoder_wrap(encoder, type->tag, before);
    case ASN_LIST:
        return list_encode(encoder, type, value);
    case ASN_POINTER:
        return asn_encode_value(encoder, type->element, *(void *const *)value);
    case ASN_CUSTOM:
        return type->encode ? type->encode(encoder, value) : encoder_fail(encoder, ERROR_FILE_NOT_FOUND);
    }
    return false;
}

BYTE *asn_encode(const struct asn_type *type, const void *value, DWORD flags, DWORD *size, BYTE **block)
{
    struct encoder encoder = {.flags = flags};

    if (!asn_encode_value(&encoder, type, value)) {
        crypt_free(encoder.base);
        SetLastError(encoder.error);
        *block = NULL;
        return NULL;
    }
    *size = (DWORD)encoder.used;
    *block = encoder.base;
    return encoder_data(&encoder);
}
