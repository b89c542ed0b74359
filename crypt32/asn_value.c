/*
 * asn_value.c: what the tables can not say: identifiers, times, algorithms, keys.
 */
#include "crypt32/asn.h"
#include "ntdll/systime.h"

/* A byte of an identifier is at most four characters: a point and three digits. */
#define OID_BYTES_MAX 256

bool oid_decode(struct decoder *decoder, const BYTE *data, DWORD size, LPSTR *text)
{
    char local[4 * OID_BYTES_MAX + 8], *at = local;
    uint64_t arc = 0;
    bool first = true;

    if (size > OID_BYTES_MAX)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_LARGE);
    for (DWORD i = 0; i < size; i++) {
        if (arc >> 56)
            return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_LARGE);
        arc = arc << 7 | (data[i] & 0x7f);
        if (data[i] & 0x80)
            continue;
        if (first) {
            unsigned top = arc < 40 ? 0 : arc < 80 ? 1 : 2;

            *at++ = (char)('0' + top);
            arc -= top * 40;
            first = false;
        }
        char digits[24];
        int count = 0;

        do
            digits[count++] = (char)('0' + arc % 10);
        while ((arc /= 10));
        *at++ = '.';
        while (count)
            *at++ = digits[--count];
        arc = 0;
    }
    *at++ = 0;
    if (first)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    *text = decoder_take(decoder, (size_t)(at - local));
    if (*text)
        memcpy(*text, local, (size_t)(at - local));
    return *text;
}

static bool arc_encode(struct encoder *encoder, uint64_t arc)
{
    BYTE byte = arc & 0x7f;

    do {
        if (!encoder_put(encoder, &byte, 1))
            return false;
        arc >>= 7;
        byte = (BYTE)(0x80 | (arc & 0x7f));
    } while (arc);
    return true;
}

bool oid_encode(struct encoder *encoder, const char *text)
{
    uint64_t arcs[64];
    size_t count = 0, before = encoder->used;

    while (text && *text) {
        uint64_t arc = 0;

        if (*text < '0' || *text > '9' || count == 64)
            return encoder_fail(encoder, (DWORD)CRYPT_E_ASN1_ERROR);
        while (*text >= '0' && *text <= '9')
            arc = arc * 10 + (uint64_t)(*text++ - '0');
        arcs[count++] = arc;
        if (*text && *text++ != '.')
            return encoder_fail(encoder, (DWORD)CRYPT_E_ASN1_ERROR);
    }
    if (count < 2 || arcs[0] > 2)
        return encoder_fail(encoder, (DWORD)CRYPT_E_ASN1_ERROR);
    arcs[1] += arcs[0] * 40;
    while (count > 1)
        if (!arc_encode(encoder, arcs[--count]))
            return false;
    return encoder_wrap(encoder, DER_OID, before);
}

static bool digits(const BYTE **at, const BYTE *end, unsigned count, SHORT *value)
{
    *value = 0;
    for (; count; count--, (*at)++) {
        if (*at >= end || **at < '0' || **at > '9')
            return false;
        *value = (SHORT)(*value * 10 + **at - '0');
    }
    return true;
}

/* YYMMDDhhmm[ss], YYYYMMDDhhmmss[.fff], then Z or a difference. */
bool time_decode(const struct der_item *item, FILETIME *time)
{
    const BYTE *at = item->data, *end = at + item->size;
    TIME_FIELDS fields = {0};
    LARGE_INTEGER ticks;
    SHORT hours = 0, minutes = 0;
    int sign = 0;

    if (!digits(&at, end, item->tag == DER_TIME ? 4 : 2, &fields.Year) || !digits(&at, end, 2, &fields.Month) ||
        !digits(&at, end, 2, &fields.Day) || !digits(&at, end, 2, &fields.Hour))
        return false;
    if (item->tag == DER_UTC_TIME)
        fields.Year = (SHORT)(fields.Year + (fields.Year < 50 ? 2000 : 1900));
    if (at < end && *at >= '0' && *at <= '9' && !digits(&at, end, 2, &fields.Minute))
        return false;
    if (at < end && *at >= '0' && *at <= '9' && !digits(&at, end, 2, &fields.Second))
        return false;
    if (at < end && (*at == '.' || *at == ',')) {
        SHORT digit, scale = 100;

        for (at++; at < end && *at >= '0' && *at <= '9'; scale = (SHORT)(scale / 10)) {
            digits(&at, end, 1, &digit);
            fields.Milliseconds = (SHORT)(fields.Milliseconds + digit * scale);
        }
    }
    if (at < end && *at == 'Z')
        at++;
    else if (at < end && (*at == '+' || *at == '-')) {
        sign = *at++ == '+' ? 1 : -1;
        if (!digits(&at, end, 2, &hours) || !digits(&at, end, 2, &minutes))
            return false;
    }
    if (at != end || !RtlTimeFieldsToTime(&fields, &ticks))
        return false;
    ticks.QuadPart -= (LONGLONG)sign * (hours * 60 + minutes) * 60 * 10000000;
    time->dwLowDateTime = (DWORD)ticks.QuadPart;
    time->dwHighDateTime = (DWORD)(ticks.QuadPart >> 32);
    return true;
}

/* UTCTime for the years that it can say, as in certificates, unless GeneralizedTime is asked for. */
bool time_encode(struct encoder *encoder, const FILETIME *time, BYTE tag)
{
    LARGE_INTEGER ticks = {.LowPart = time->dwLowDateTime, .HighPart = (LONG)time->dwHighDateTime};
    TIME_FIELDS fields;
    size_t before = encoder->used;
    char text[16];
    int at = 14;

    RtlTimeToTimeFields(&ticks, &fields);
    SHORT parts[] = {fields.Second, fields.Minute,     fields.Hour,      fields.Day,
                     fields.Month,  fields.Year % 100, fields.Year / 100};
    if (tag != DER_TIME)
        tag = fields.Year >= 1950 && fields.Year < 2050 ? DER_UTC_TIME : DER_TIME;
    text[at] = 'Z';
    for (int i = 0; i < (tag == DER_TIME ? 7 : 6); i++) {
        text[--at] = (char)('0' + parts[i] % 10);
        text[--at] = (char)('0' + parts[i] / 10);
    }
    return encoder_put(encoder, text + at, (size_t)(15 - at)) && encoder_wrap(encoder, tag, before);
}

/* AlgorithmIdentifier: where parameters are not given, most have a NULL there, but not those of elliptic curves. */
static bool algorithm_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    CRYPT_ALGORITHM_IDENTIFIER *algorithm = out;
    const BYTE *at = item->data, *end = at + item->size;
    struct der_item oid, parameters;

    if (!der_expect(&at, end, DER_OID, &oid))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
    if (!oid_decode(decoder, oid.data, oid.size, &algorithm->pszObjId))
        return false;
    if (at == end)
        return true;
    if (!der_next(&at, end, &parameters))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_EOD);
    return decode_blob(decoder, parameters.whole, parameters.whole_size, &algorithm->Parameters);
}

static bool algorithm_encode(struct encoder *encoder, const void *value)
{
    const CRYPT_ALGORITHM_IDENTIFIER *algorithm = value;
    size_t before = encoder->used;
    const char *oid = algorithm->pszObjId ? algorithm->pszObjId : "";
    bool bare = !strncmp(oid, "1.2.840.10045.", 14) || !strncmp(oid, "1.2.840.10040.", 14);

    if (!bare || algorithm->Parameters.cbData) {
        static const struct asn_type any = {ASN_ANY, 0, sizeof(CRYPT_DATA_BLOB)};

        if (!asn_encode_value(encoder, &any, &algorithm->Parameters))
            return false;
    }
    return oid_encode(encoder, *oid ? oid : "0.0") && encoder_wrap(encoder, DER_SEQUENCE, before);
}

const struct asn_type asn_algorithm = {ASN_CUSTOM, DER_SEQUENCE, sizeof(CRYPT_ALGORITHM_IDENTIFIER),
                                       .decode = algorithm_decode, .encode = algorithm_encode};

/* The signature of X509_CERT: Windows has the bytes the other way round unless told not to. */
static void blob_reverse(BYTE *data, DWORD size)
{
    for (DWORD i = 0; i < size / 2; i++) {
        BYTE byte = data[i];
        data[i] = data[size - 1 - i];
        data[size - 1 - i] = byte;
    }
}

static bool signature_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    static const struct asn_type bits = {ASN_BITS, DER_BITS, sizeof(CRYPT_BIT_BLOB)};
    CRYPT_BIT_BLOB *signature = out;

    if (!asn_decode_item(decoder, &bits, item, out))
        return false;
    if (!(decoder->flags & CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG))
        blob_reverse(signature->pbData, signature->cbData);
    return true;
}

static bool signature_encode(struct encoder *encoder, const void *value)
{
    const CRYPT_BIT_BLOB *signature = value;
    size_t before = encoder->used;

    if (!encoder_put(encoder, signature->pbData, signature->cbData))
        return false;
    if (!(encoder->flags & CRYPT_ENCODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG))
        blob_reverse(encoder_data(encoder), signature->cbData);
    return encoder_put(encoder, "", 1) && encoder_wrap(encoder, DER_BITS, before);
}

const struct asn_type asn_signature_bits = {ASN_CUSTOM, DER_BITS, sizeof(CRYPT_BIT_BLOB), .decode = signature_decode,
                                            .encode = signature_encode};

/* RSAPublicKey as CryptoAPI's blob: PUBLICKEYSTRUC, RSAPUBKEY, modulus from its lowest byte. */
struct rsa_blob {
    PUBLICKEYSTRUC header;
    RSAPUBKEY key;
};

static bool rsa_parts(const struct der_item *item, struct der_item *modulus, struct der_item *exponent)
{
    const BYTE *at = item->data, *end = at + item->size;

    if (!der_expect(&at, end, DER_INTEGER, modulus) || !der_expect(&at, end, DER_INTEGER, exponent) || at != end)
        return false;
    while (modulus->size > 1 && !*modulus->data)
        modulus->data++, modulus->size--;
    while (exponent->size > 1 && !*exponent->data)
        exponent->data++, exponent->size--;
    return modulus->size && exponent->size;
}

static bool rsa_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    struct der_item modulus, exponent;
    struct rsa_blob *blob = out;
    BYTE *bytes;

    if (!rsa_parts(item, &modulus, &exponent) || exponent.size > 4)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    *blob = (struct rsa_blob){{PUBLICKEYBLOB, 2, 0, CALG_RSA_KEYX}, {0x31415352, modulus.size * 8, 0}};
    for (DWORD i = 0; i < exponent.size; i++)
        blob->key.pubexp = blob->key.pubexp << 8 | exponent.data[i];
    /* The modulus lies right behind the head, which is no multiple of eight: the decoder's first piece goes on. */
    if (modulus.size > decoder->room - decoder->used) {
        decoder->error = ERROR_MORE_DATA;
        return false;
    }
    decoder->used += modulus.size;
    bytes = (BYTE *)(blob + 1);
    for (DWORD i = 0; i < modulus.size; i++)
        bytes[i] = modulus.data[modulus.size - 1 - i];
    return true;
}

static bool rsa_encode(struct encoder *encoder, const void *value)
{
    static const struct asn_type number = {ASN_BIG_UINT, DER_INTEGER, sizeof(CRYPT_INTEGER_BLOB)};
    const struct rsa_blob *blob = value;
    CRYPT_INTEGER_BLOB exponent = {4, (BYTE *)&blob->key.pubexp}, modulus = {blob->key.bitlen / 8, (BYTE *)(blob + 1)};
    size_t before = encoder->used;

    if (blob->header.bType != PUBLICKEYBLOB || blob->key.magic != 0x31415352)
        return encoder_fail(encoder, (DWORD)E_INVALIDARG);
    return asn_encode_value(encoder, &number, &exponent) && asn_encode_value(encoder, &number, &modulus) &&
           encoder_wrap(encoder, DER_SEQUENCE, before);
}

const struct asn_type asn_rsa_blob = {ASN_CUSTOM, DER_SEQUENCE, sizeof(struct rsa_blob), .decode = rsa_decode,
                                      .encode = rsa_encode};

/* The same as bcrypt.h's blob: exponent and modulus from their highest bytes. */
struct rsa_cng {
    DWORD magic, bits, exponent_size, modulus_size, prime1_size, prime2_size;
};
#define RSA_PUBLIC_MAGIC 0x31415352

static bool cng_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    struct der_item modulus, exponent;
    struct rsa_cng *blob = out;
    BYTE *bytes;

    if (!rsa_parts(item, &modulus, &exponent))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    *blob = (struct rsa_cng){RSA_PUBLIC_MAGIC, modulus.size * 8, exponent.size, modulus.size, 0, 0};
    bytes = decoder_take(decoder, modulus.size + exponent.size);
    if (!bytes)
        return false;
    memcpy(bytes, exponent.data, exponent.size);
    memcpy(bytes + exponent.size, modulus.data, modulus.size);
    return true;
}

static bool put_unsigned(struct encoder *encoder, const BYTE *data, DWORD size)
{
    size_t before = encoder->used;

    while (size > 1 && !*data)
        data++, size--;
    return encoder_put(encoder, data, size) && (!size || !(*data & 0x80) || encoder_put(encoder, "", 1)) &&
           encoder_wrap(encoder, DER_INTEGER, before);
}

static bool cng_encode(struct encoder *encoder, const void *value)
{
    const struct rsa_cng *blob = value;
    const BYTE *exponent = (const BYTE *)(blob + 1), *modulus = exponent + blob->exponent_size;
    size_t before = encoder->used;

    if (blob->magic != RSA_PUBLIC_MAGIC)
        return encoder_fail(encoder, (DWORD)E_INVALIDARG);
    return put_unsigned(encoder, exponent, blob->exponent_size) && put_unsigned(encoder, modulus, blob->modulus_size) &&
           encoder_wrap(encoder, DER_SEQUENCE, before);
}

_Static_assert(sizeof(struct rsa_cng) % 8 == 0, "what follows the head is taken right behind it");
const struct asn_type asn_rsa_cng = {ASN_CUSTOM, DER_SEQUENCE, sizeof(struct rsa_cng), .decode = cng_decode,
                                     .encode = cng_encode};

/* OID alone. */
static bool oid_item_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    return oid_decode(decoder, item->data, item->size, out);
}

static bool oid_item_encode(struct encoder *encoder, const void *value)
{
    return oid_encode(encoder, *(const LPCSTR *)value);
}

const struct asn_type asn_oid = {ASN_CUSTOM, DER_OID, sizeof(LPSTR), .decode = oid_item_decode,
                                 .encode = oid_item_encode};

/* Time of either form. */
static bool time_item_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    if (item->tag != DER_UTC_TIME && item->tag != DER_TIME)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
    return time_decode(item, out) || decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
}

static bool time_item_encode(struct encoder *encoder, const void *value)
{
    return time_encode(encoder, value, DER_UTC_TIME);
}

const struct asn_type asn_time_value = {ASN_CUSTOM, 0, sizeof(FILETIME), .decode = time_item_decode,
                                        .encode = time_item_encode};
