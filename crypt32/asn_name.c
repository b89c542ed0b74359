/*
 * asn_name.c: what the tables can not say: strings in names, alternative names, names of distribution points.
 */
#include "crypt32/asn.h"
#include "ntdll/nls.h"

/* Strings in names. */
static const struct {
    BYTE tag;
    DWORD type;
} string_types[] = {
    {DER_OCTETS, CERT_RDN_OCTET_STRING},
    {DER_NUMERIC, CERT_RDN_NUMERIC_STRING},
    {DER_PRINTABLE, CERT_RDN_PRINTABLE_STRING},
    {DER_TELETEX, CERT_RDN_TELETEX_STRING},
    {0x15, CERT_RDN_VIDEOTEX_STRING},
    {DER_IA5, CERT_RDN_IA5_STRING},
    {0x19, CERT_RDN_GRAPHIC_STRING},
    {DER_VISIBLE, CERT_RDN_VISIBLE_STRING},
    {0x1b, CERT_RDN_GENERAL_STRING},
    {DER_UNIVERSAL, CERT_RDN_UNIVERSAL_STRING},
    {DER_BMP, CERT_RDN_BMP_STRING},
    {DER_UTF8, CERT_RDN_UTF8_STRING},
};
#define STRING_TYPES (sizeof string_types / sizeof *string_types)

static DWORD type_from_tag(BYTE tag)
{
    for (size_t i = 0; i < STRING_TYPES; i++)
        if (string_types[i].tag == tag)
            return string_types[i].type;
    return CERT_RDN_ENCODED_BLOB;
}

static BYTE tag_from_type(DWORD type)
{
    for (size_t i = 0; i < STRING_TYPES; i++)
        if (string_types[i].type == type)
            return string_types[i].tag;
    return 0;
}

/* As UTF-16 with a zero behind that does not count. */
static bool wide_value(struct decoder *decoder, const struct der_item *item, DWORD type, CRYPT_DATA_BLOB *blob)
{
    size_t length = item->size;
    WCHAR *wide = decoder_take(decoder, (length + 1) * sizeof *wide);

    if (!wide)
        return false;
    if (type == CERT_RDN_UTF8_STRING) {
        length =
            (size_t)MultiByteToWideChar(CP_UTF8, 0, (const char *)item->data, (int)item->size, wide, (int)item->size);
    } else if (type == CERT_RDN_BMP_STRING) {
        length /= 2;
        for (size_t i = 0; i < length; i++)
            wide[i] = (WCHAR)(item->data[2 * i] << 8 | item->data[2 * i + 1]);
    } else if (type == CERT_RDN_UNIVERSAL_STRING) {
        length /= 4;
        for (size_t i = 0; i < length; i++)
            wide[i] = item->data[4 * i] || item->data[4 * i + 1]
                          ? 0xfffd
                          : (WCHAR)(item->data[4 * i + 2] << 8 | item->data[4 * i + 3]);
    } else {
        for (size_t i = 0; i < length; i++)
            wide[i] = item->data[i];
    }
    wide[length] = 0;
    blob->pbData = (BYTE *)wide;
    blob->cbData = (DWORD)(length * sizeof *wide);
    return true;
}

static bool string_decode(struct decoder *decoder, const struct der_item *item, bool wide, DWORD *type,
                          CRYPT_DATA_BLOB *blob)
{
    *type = type_from_tag(item->tag);
    if (*type == CERT_RDN_ENCODED_BLOB)
        return decode_blob(decoder, item->whole, item->whole_size, blob);
    if (*type == CERT_RDN_OCTET_STRING)
        return decode_blob(decoder, item->data, item->size, blob);
    /* These have characters of two bytes in memory, also where the narrow form is asked for. */
    if (wide || *type == CERT_RDN_BMP_STRING || *type == CERT_RDN_UTF8_STRING || *type == CERT_RDN_UNIVERSAL_STRING)
        return wide_value(decoder, item, *type, blob);
    return decode_blob(decoder, item->data, item->size, blob);
}

static bool rdn_decode(struct decoder *decoder, const struct der_item *item, CERT_RDN_ATTR *attribute, bool wide)
{
    const BYTE *at = item->data, *end = at + item->size;
    struct der_item oid, value;

    if (!der_expect(&at, end, DER_OID, &oid) || !der_next(&at, end, &value) || at != end)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    return oid_decode(decoder, oid.data, oid.size, &attribute->pszObjId) &&
           string_decode(decoder, &value, wide, &attribute->dwValueType, &attribute->Value);
}

static bool narrow_rdn_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    return rdn_decode(decoder, item, out, false);
}

static bool wide_rdn_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    return rdn_decode(decoder, item, out, true);
}

static bool put_wide(struct encoder *encoder, const WCHAR *text, size_t length, DWORD type)
{
    if (type == CERT_RDN_UTF8_STRING) {
        int needed = length ? WideCharToMultiByte(CP_UTF8, 0, text, (int)length, NULL, 0, NULL, NULL) : 0;
        char *narrow = crypt_alloc((size_t)needed + 1);
        bool done;

        if (!narrow)
            return encoder_fail(encoder, ERROR_OUTOFMEMORY);
        if (length)
            WideCharToMultiByte(CP_UTF8, 0, text, (int)length, narrow, needed, NULL, NULL);
        done = encoder_put(encoder, narrow, (size_t)needed);
        crypt_free(narrow);
        return done;
    }
    while (length) {
        WCHAR unit = text[--length];
        BYTE bytes[4] = {0, 0, (BYTE)(unit >> 8), (BYTE)unit};
        unsigned size = type == CERT_RDN_UNIVERSAL_STRING ? 4 : type == CERT_RDN_BMP_STRING ? 2 : 1;

        if (size == 1 && unit > 0xff)
            return encoder_fail(encoder, (DWORD)CRYPT_E_INVALID_X500_STRING);
        if (!encoder_put(encoder, bytes + 4 - size, size))
            return false;
    }
    return true;
}

static bool printable(WCHAR c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && c < 0x80 && strchr(" '()+,-./:=?", c));
}

/* Without a type: the shortest that can hold it. */
static DWORD choose_type(const WCHAR *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!printable(text[i]))
            return CERT_RDN_UTF8_STRING;
    return CERT_RDN_PRINTABLE_STRING;
}

static bool string_encode(struct encoder *encoder, DWORD type, const CRYPT_DATA_BLOB *blob, bool wide)
{
    size_t before = encoder->used;
    DWORD plain = type & CERT_RDN_TYPE_MASK;

    if (plain == CERT_RDN_ENCODED_BLOB)
        return encoder_put(encoder, blob->pbData, blob->cbData);
    if (plain == CERT_RDN_OCTET_STRING)
        return encoder_put(encoder, blob->pbData, blob->cbData) && encoder_wrap(encoder, DER_OCTETS, before);
    if (wide || plain == CERT_RDN_BMP_STRING || plain == CERT_RDN_UTF8_STRING || plain == CERT_RDN_UNIVERSAL_STRING) {
        const WCHAR *text = (const WCHAR *)blob->pbData;
        size_t length = blob->cbData ? blob->cbData / sizeof *text : text && wide ? wide_length(text) : 0;

        if (!plain)
            plain = choose_type(text, length);
        if (!tag_from_type(plain))
            return encoder_fail(encoder, ERROR_INVALID_PARAMETER);
        return put_wide(encoder, text, length, plain) && encoder_wrap(encoder, tag_from_type(plain), before);
    }
    if (!tag_from_type(plain))
        return encoder_fail(encoder, (DWORD)CRYPT_E_ASN1_CHOICE);
    return encoder_put(encoder, blob->pbData, blob->cbData) && encoder_wrap(encoder, tag_from_type(plain), before);
}

static bool rdn_encode(struct encoder *encoder, const CERT_RDN_ATTR *attribute, bool wide)
{
    size_t before = encoder->used;

    return string_encode(encoder, attribute->dwValueType, &attribute->Value, wide) &&
           oid_encode(encoder, attribute->pszObjId) && encoder_wrap(encoder, DER_SEQUENCE, before);
}

static bool narrow_rdn_encode(struct encoder *encoder, const void *value)
{
    return rdn_encode(encoder, value, false);
}

static bool wide_rdn_encode(struct encoder *encoder, const void *value)
{
    return rdn_encode(encoder, value, true);
}

const struct asn_type asn_rdn_attribute = {ASN_CUSTOM, DER_SEQUENCE, sizeof(CERT_RDN_ATTR), .decode = narrow_rdn_decode,
                                           .encode = narrow_rdn_encode};
const struct asn_type asn_rdn_attribute_wide = {ASN_CUSTOM, DER_SEQUENCE, sizeof(CERT_RDN_ATTR),
                                                .decode = wide_rdn_decode, .encode = wide_rdn_encode};

/* A string alone: CERT_NAME_VALUE. */
static bool narrow_value_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    CERT_NAME_VALUE *value = out;
    return string_decode(decoder, item, false, &value->dwValueType, &value->Value);
}

static bool wide_value_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    CERT_NAME_VALUE *value = out;
    return string_decode(decoder, item, true, &value->dwValueType, &value->Value);
}

static bool narrow_value_encode(struct encoder *encoder, const void *in)
{
    const CERT_NAME_VALUE *value = in;
    return string_encode(encoder, value->dwValueType, &value->Value, false);
}

static bool wide_value_encode(struct encoder *encoder, const void *in)
{
    const CERT_NAME_VALUE *value = in;
    return string_encode(encoder, value->dwValueType, &value->Value, true);
}

const struct asn_type asn_name_value = {ASN_CUSTOM, 0, sizeof(CERT_NAME_VALUE), .decode = narrow_value_decode,
                                        .encode = narrow_value_encode};
const struct asn_type asn_unicode_name_value = {ASN_CUSTOM, 0, sizeof(CERT_NAME_VALUE), .decode = wide_value_decode,
                                                .encode = wide_value_encode};

static bool other_name_decode(struct decoder *decoder, const struct der_item *item, CERT_ALT_NAME_ENTRY *entry)
{
    const BYTE *at = item->data, *end = at + item->size;
    struct der_item oid, value;
    CERT_OTHER_NAME *other = entry->pOtherName = decoder_take(decoder, sizeof *other);

    if (!other)
        return false;
    if (!der_expect(&at, end, DER_OID, &oid) || !der_expect(&at, end, DER_CONTEXT | DER_CONSTRUCTED, &value))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_CORRUPT);
    return oid_decode(decoder, oid.data, oid.size, &other->pszObjId) &&
           decode_blob(decoder, value.data, value.size, &other->Value);
}

static bool alt_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    static const struct asn_type text = {ASN_IA5, DER_IA5, sizeof(LPWSTR)};
    CERT_ALT_NAME_ENTRY *entry = out;

    if ((item->tag & 0xc0) != DER_CONTEXT)
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
    entry->dwAltNameChoice = (item->tag & 0x1f) + 1u;
    switch (entry->dwAltNameChoice) {
    case CERT_ALT_NAME_OTHER_NAME:
        return other_name_decode(decoder, item, entry);
    case CERT_ALT_NAME_RFC822_NAME:
    case CERT_ALT_NAME_DNS_NAME:
    case CERT_ALT_NAME_URL:
        return asn_decode_item(decoder, &text, item, &entry->pwszDNSName);
    case CERT_ALT_NAME_DIRECTORY_NAME:
        return decode_blob(decoder, item->data, item->size, &entry->DirectoryName);
    case CERT_ALT_NAME_IP_ADDRESS:
        return decode_blob(decoder, item->data, item->size, &entry->IPAddress);
    case CERT_ALT_NAME_REGISTERED_ID:
        return oid_decode(decoder, item->data, item->size, &entry->pszRegisteredID);
    case CERT_ALT_NAME_X400_ADDRESS:
    case CERT_ALT_NAME_EDI_PARTY_NAME:
        return true; /* known by their kind alone */
    default:
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
    }
}

static bool alt_encode(struct encoder *encoder, const void *value)
{
    static const struct asn_type text = {ASN_IA5, DER_IA5, sizeof(LPWSTR)};
    const CERT_ALT_NAME_ENTRY *entry = value;
    size_t before = encoder->used;
    BYTE tag = (BYTE)(DER_CONTEXT | (entry->dwAltNameChoice - 1));

    switch (entry->dwAltNameChoice) {
    case CERT_ALT_NAME_OTHER_NAME:
        return encoder_put(encoder, entry->pOtherName->Value.pbData, entry->pOtherName->Value.cbData) &&
               encoder_wrap(encoder, DER_CONTEXT | DER_CONSTRUCTED, before) &&
               oid_encode(encoder, entry->pOtherName->pszObjId) && encoder_wrap(encoder, tag | DER_CONSTRUCTED, before);
    case CERT_ALT_NAME_RFC822_NAME:
    case CERT_ALT_NAME_DNS_NAME:
    case CERT_ALT_NAME_URL:
        if (!asn_encode_value(encoder, &text, &entry->pwszDNSName))
            return false;
        break;
    case CERT_ALT_NAME_DIRECTORY_NAME:
        return encoder_put(encoder, entry->DirectoryName.pbData, entry->DirectoryName.cbData) &&
               encoder_wrap(encoder, tag | DER_CONSTRUCTED, before);
    case CERT_ALT_NAME_IP_ADDRESS:
        return encoder_put(encoder, entry->IPAddress.pbData, entry->IPAddress.cbData) &&
               encoder_wrap(encoder, tag, before);
    case CERT_ALT_NAME_REGISTERED_ID:
        if (!oid_encode(encoder, entry->pszRegisteredID))
            return false;
        break;
    default:
        return encoder_fail(encoder, ERROR_INVALID_PARAMETER);
    }
    *encoder_data(encoder) = tag;
    return true;
}

const struct asn_type asn_alt_entry = {ASN_CUSTOM, 0, sizeof(CERT_ALT_NAME_ENTRY), .decode = alt_decode,
                                       .encode = alt_encode};

/* GeneralNames of which only the directory's name is wanted. */
static bool directory_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    const BYTE *at = item->data, *end = at + item->size;
    struct der_item name;

    while (der_next(&at, end, &name))
        if (name.tag == (DER_CONTEXT | DER_CONSTRUCTED | 4))
            return decode_blob(decoder, name.data, name.size, out);
    return true;
}

static bool directory_encode(struct encoder *encoder, const void *value)
{
    const CRYPT_DATA_BLOB *blob = value;
    size_t before = encoder->used;

    return encoder_put(encoder, blob->pbData, blob->cbData) &&
           encoder_wrap(encoder, DER_CONTEXT | DER_CONSTRUCTED | 4, before) &&
           encoder_wrap(encoder, DER_SEQUENCE, before);
}

const struct asn_type asn_directory_name = {ASN_CUSTOM, DER_SEQUENCE, sizeof(CERT_NAME_BLOB),
                                            .decode = directory_decode, .encode = directory_encode};

/* DistributionPointName, inside its explicit tag. */
static bool dist_decode(struct decoder *decoder, const struct der_item *item, void *out)
{
    CRL_DIST_POINT_NAME *name = out;

    if (item->tag == (DER_CONTEXT | DER_CONSTRUCTED | 1)) {
        name->dwDistPointNameChoice = CRL_DIST_POINT_ISSUER_RDN_NAME;
        return true;
    }
    if (item->tag != (DER_CONTEXT | DER_CONSTRUCTED))
        return decoder_fail(decoder, (DWORD)CRYPT_E_ASN1_BADTAG);
    name->dwDistPointNameChoice = CRL_DIST_POINT_FULL_NAME;
    return asn_decode_item(decoder, &asn_alt_name, item, &name->FullName);
}

static bool dist_encode(struct encoder *encoder, const void *value)
{
    const CRL_DIST_POINT_NAME *name = value;

    if (name->dwDistPointNameChoice != CRL_DIST_POINT_FULL_NAME)
        return encoder_fail(encoder, ERROR_INVALID_PARAMETER);
    if (!asn_encode_value(encoder, &asn_alt_name, &name->FullName))
        return false;
    *encoder_data(encoder) = DER_CONTEXT | DER_CONSTRUCTED;
    return true;
}

const struct asn_type asn_dist_point_name = {ASN_CUSTOM, 0, sizeof(CRL_DIST_POINT_NAME), .decode = dist_decode,
                                             .encode = dist_encode};
