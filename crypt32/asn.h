/*
 * asn.h: DER and wincrypt.h's structures.
 *
 * Each structure is described once (asn_types.c); decoding and encoding both follow that table.  Encoding writes from
 * the end to the front, so that a length is known when it is written.
 */
#ifndef CRYPT32_ASN_H
#define CRYPT32_ASN_H

#include "crypt32/crypt.h"

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OCTETS = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_ENUM = 0x0a,
    DER_UTF8 = 0x0c,
    DER_NUMERIC = 0x12,
    DER_PRINTABLE = 0x13,
    DER_TELETEX = 0x14,
    DER_IA5 = 0x16,
    DER_UTC_TIME = 0x17,
    DER_TIME = 0x18,
    DER_VISIBLE = 0x1a,
    DER_UNIVERSAL = 0x1c,
    DER_BMP = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,
    DER_CONSTRUCTED = 0x20,
};

struct der_item {
    BYTE tag;
    const BYTE *whole, *data; /* with and without tag and length */
    DWORD whole_size, size;
};

/* Reads the item at *at and goes behind it. */
bool der_next(const BYTE **at, const BYTE *end, struct der_item *item);
/* The same, if its tag is this. */
bool der_expect(const BYTE **at, const BYTE *end, BYTE tag, struct der_item *item);

/* Where the structure and what it points to are laid out. */
struct decoder {
    BYTE *base;
    size_t used, room;
    DWORD flags, error; /* CRYPT_DECODE_*; a last error */
};

void *decoder_take(struct decoder *decoder, size_t size);
bool decoder_fail(struct decoder *decoder, DWORD error);
bool decode_blob(struct decoder *decoder, const BYTE *data, DWORD size, CRYPT_DATA_BLOB *blob);

struct encoder {
    BYTE *base; /* heap memory; the result is its last `used` bytes */
    size_t used, room;
    DWORD flags, error;
};

bool encoder_put(struct encoder *encoder, const void *data, size_t size);
/* Tag and length for what was written since `used` was `before`. */
bool encoder_wrap(struct encoder *encoder, BYTE tag, size_t before);
bool encoder_fail(struct encoder *encoder, DWORD error);
static inline BYTE *encoder_data(const struct encoder *encoder)
{
    return encoder->base + encoder->room - encoder->used;
}

enum asn_kind {
    ASN_INT,      /* DWORD */
    ASN_BIG,      /* CRYPT_INTEGER_BLOB: the lowest byte first */
    ASN_BIG_UINT, /* the same without a sign */
    ASN_BOOL,
    ASN_OID,    /* LPSTR */
    ASN_OCTETS, /* blob */
    ASN_BITS,   /* CRYPT_BIT_BLOB */
    ASN_ANY,    /* blob of the whole item */
    ASN_TIME,   /* FILETIME */
    ASN_IA5,    /* LPWSTR */
    ASN_SEQUENCE,
    ASN_LIST,    /* DWORD, pointer to the first of many */
    ASN_POINTER, /* pointer to one; NULL: absent */
    ASN_CUSTOM,
};

struct asn_field;

struct asn_type {
    enum asn_kind kind;
    BYTE tag; /* 0: of a CUSTOM one that looks for itself */
    uint16_t size;
    uint16_t count;
    const struct asn_field *fields; /* of a SEQUENCE */
    const struct asn_type *element; /* of a LIST, a POINTER */
    bool (*decode)(struct decoder *decoder, const struct der_item *item, void *out);
    bool (*encode)(struct encoder *encoder, const void *value);
};

enum {
    ASN_OPTIONAL = 1,
    ASN_EXPLICIT = 2,
    ASN_IMPLICIT = 4,
};

struct asn_field {
    const struct asn_type *type;
    uint16_t offset;
    uint8_t flags, context;
    int16_t present; /* offset of a BOOL that says whether it is there; 0: none */
    DWORD preset;    /* of an optional INT or BOOL that is left out */
};

bool asn_decode_item(struct decoder *decoder, const struct asn_type *type, const struct der_item *item, void *out);
bool asn_encode_value(struct encoder *encoder, const struct asn_type *type, const void *value);

/* All of the encoding, to a heap block that is one structure; NULL with last error. */
void *asn_decode(const struct asn_type *type, const BYTE *data, DWORD size, DWORD flags, DWORD *needed);
/* To heap memory; `*offset` is where the bytes begin in it. */
BYTE *asn_encode(const struct asn_type *type, const void *value, DWORD flags, DWORD *size, BYTE **block);

/* object.c: the structure to the caller's room: the rule of crypt_copy. */
BOOL asn_give(const struct asn_type *type, const BYTE *data, DWORD size, void *out, DWORD *out_size);

/* asn_types.c: by number or OID; NULL: unknown. */
const struct asn_type *asn_type_find(LPCSTR structure);

extern const struct asn_type asn_cert_info, asn_signed, asn_crl_info, asn_request_info, asn_name, asn_unicode_name,
    asn_public_key, asn_alt_name, asn_usages, asn_key_usage, asn_basic_constraints2, asn_extensions, asn_algorithm,
    asn_attribute, asn_attributes, asn_octets, asn_authority_key2, asn_basic_constraints, asn_policies, asn_time,
    asn_name_value, asn_unicode_name_value, asn_alt_entry, asn_rdn_attribute, asn_rdn_attribute_wide, asn_rsa_blob,
    asn_integer, asn_content_info, asn_private_key, asn_oid, asn_rsa_cng, asn_dist_point_name, asn_signature_bits,
    asn_time_value, asn_big_integer, asn_any_list, asn_authority_access, asn_crl_points, asn_name_constraints,
    asn_directory_name, asn_timestamp, asn_ctl_info;

/* asn_name.c, asn_value.c */
bool oid_decode(struct decoder *decoder, const BYTE *data, DWORD size, LPSTR *text);
bool oid_encode(struct encoder *encoder, const char *text);
bool time_decode(const struct der_item *item, FILETIME *time);
bool time_encode(struct encoder *encoder, const FILETIME *time, BYTE tag);

#endif
