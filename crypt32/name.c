/*
 * name.c: wincrypt.h: names as text and back.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"

/* Keys of attributes, the usual one first; `type` is what their values are encoded as. */
static const struct attribute {
    const char *oid;
    const WCHAR *key;
    DWORD type;
} attributes[] = {
    {szOID_COMMON_NAME, L"CN", 0},
    {szOID_LOCALITY_NAME, L"L", 0},
    {szOID_ORGANIZATION_NAME, L"O", 0},
    {szOID_ORGANIZATIONAL_UNIT_NAME, L"OU", 0},
    {szOID_RSA_emailAddr, L"E", CERT_RDN_IA5_STRING},
    {szOID_RSA_emailAddr, L"Email", CERT_RDN_IA5_STRING},
    {szOID_COUNTRY_NAME, L"C", CERT_RDN_PRINTABLE_STRING},
    {szOID_STATE_OR_PROVINCE_NAME, L"S", 0},
    {szOID_STATE_OR_PROVINCE_NAME, L"ST", 0},
    {szOID_STREET_ADDRESS, L"STREET", 0},
    {szOID_TITLE, L"T", 0},
    {szOID_TITLE, L"Title", 0},
    {szOID_GIVEN_NAME, L"G", 0},
    {szOID_GIVEN_NAME, L"GivenName", 0},
    {szOID_INITIALS, L"I", 0},
    {szOID_INITIALS, L"Initials", 0},
    {szOID_SUR_NAME, L"SN", 0},
    {szOID_DOMAIN_COMPONENT, L"DC", CERT_RDN_IA5_STRING},
    {szOID_DEVICE_SERIAL_NUMBER, L"SERIALNUMBER", CERT_RDN_PRINTABLE_STRING},
    {szOID_DESCRIPTION, L"Description", 0},
    {szOID_POSTAL_CODE, L"PostalCode", 0},
    {szOID_POST_OFFICE_BOX, L"POBox", 0},
    {szOID_TELEPHONE_NUMBER, L"Phone", CERT_RDN_PRINTABLE_STRING},
    {szOID_DN_QUALIFIER, L"dnQualifier", CERT_RDN_PRINTABLE_STRING},
};
#define ATTRIBUTES (sizeof attributes / sizeof *attributes)

/* A growing text. */
struct text {
    WCHAR *data;
    size_t length, room;
};

static void text_put(struct text *text, const WCHAR *from, size_t count)
{
    if (text->length + count + 1 > text->room) {
        size_t room = (text->length + count + 1) * 2;
        WCHAR *longer = crypt_alloc(room * sizeof *longer);

        if (!longer)
            return;
        if (text->length)
            memcpy(longer, text->data, text->length * sizeof *longer);
        crypt_free(text->data);
        text->data = longer;
        text->room = room;
    }
    memcpy(text->data + text->length, from, count * sizeof *from);
    text->length += count;
    text->data[text->length] = 0;
}

static void text_put_string(struct text *text, const WCHAR *from)
{
    text_put(text, from, wide_length(from));
}

static void text_put_ascii(struct text *text, const char *from)
{
    for (; *from; from++) {
        WCHAR unit = (BYTE)*from;
        text_put(text, &unit, 1);
    }
}

static void put_value(struct text *text, const CERT_RDN_ATTR *attribute, DWORD type)
{
    const WCHAR *value = (const WCHAR *)attribute->Value.pbData;
    size_t length = attribute->Value.cbData / sizeof *value;
    bool quote = !length;

    if (attribute->dwValueType == CERT_RDN_ENCODED_BLOB || attribute->dwValueType == CERT_RDN_OCTET_STRING) {
        text_put_ascii(text, "#");
        for (DWORD i = 0; i < attribute->Value.cbData; i++) {
            static const char digits[] = "0123456789ABCDEF";
            char hex[] = {digits[attribute->Value.pbData[i] >> 4], digits[attribute->Value.pbData[i] & 15], 0};
            text_put_ascii(text, hex);
        }
        return;
    }
    for (size_t i = 0; i < length; i++)
        if (value[i] < 0x80 && value[i] && strchr(",+=\"\n<>#;", value[i]))
            quote = true;
    if (length && (value[0] == ' ' || value[length - 1] == ' '))
        quote = true;
    if (type & CERT_NAME_STR_NO_QUOTING_FLAG)
        quote = false;
    if (quote)
        text_put_ascii(text, "\"");
    for (size_t i = 0; i < length; i++) {
        if (quote && value[i] == '"')
            text_put_ascii(text, "\"");
        text_put(text, &value[i], 1);
    }
    if (quote)
        text_put_ascii(text, "\"");
}

static void put_attribute(struct text *text, const CERT_RDN_ATTR *attribute, DWORD type)
{
    const WCHAR *key = NULL;

    if ((type & 0xffff) == CERT_X500_NAME_STR)
        for (size_t i = 0; i < ATTRIBUTES && !key; i++)
            if (!strcmp(attributes[i].oid, attribute->pszObjId))
                key = attributes[i].key;
    if ((type & 0xffff) != CERT_SIMPLE_NAME_STR) {
        if (key)
            text_put_string(text, key);
        else {
            if ((type & 0xffff) == CERT_X500_NAME_STR)
                text_put_ascii(text, "OID.");
            text_put_ascii(text, attribute->pszObjId);
        }
        text_put_ascii(text, "=");
    }
    put_value(text, attribute, type);
}

WCHAR *name_text(const CERT_NAME_BLOB *name, DWORD type)
{
    DWORD size;
    CERT_NAME_INFO *info = asn_decode(&asn_unicode_name, name->pbData, name->cbData, 0, &size);
    const char *outer = type & CERT_NAME_STR_SEMICOLON_FLAG ? "; " : type & CERT_NAME_STR_CRLF_FLAG ? "\r\n" : ", ";
    const char *inner = type & CERT_NAME_STR_NO_PLUS_FLAG ? " " : " + ";
    struct text text = {0};

    text_put(&text, L"", 0);
    for (DWORD i = 0; info && i < info->cRDN; i++) {
        const CERT_RDN *rdn = &info->rgRDN[type & CERT_NAME_STR_REVERSE_FLAG ? info->cRDN - 1 - i : i];

        if (i)
            text_put_ascii(&text, outer);
        for (DWORD j = 0; j < rdn->cRDNAttr; j++) {
            if (j)
                text_put_ascii(&text, inner);
            put_attribute(&text, &rdn->rgRDNAttr[j], type);
        }
    }
    crypt_free(info);
    return text.data;
}

/* What is returned counts the zero; text that does not fit is cut. */
static DWORD give_wide(const WCHAR *text, LPWSTR out, DWORD room)
{
    DWORD length = (DWORD)wide_length(text) + 1;

    if (!out)
        return length;
    if (!room)
        return 0;
    if (length > room)
        length = room;
    memcpy(out, text, (length - 1) * sizeof *text);
    out[length - 1] = 0;
    return length;
}

static DWORD give_ansi(const WCHAR *text, LPSTR out, DWORD room)
{
    char *narrow = ansi_from_wide(text);
    DWORD length = narrow ? (DWORD)strlen(narrow) + 1 : 1;

    if (out && room) {
        if (length > room)
            length = room;
        memcpy(out, narrow ? narrow : "", length - 1);
        out[length - 1] = 0;
    } else if (out) {
        length = 0;
    }
    crypt_free(narrow);
    return length;
}

DWORD WINAPI CertNameToStrW(DWORD encoding, PCERT_NAME_BLOB name, DWORD type, LPWSTR out, DWORD room)
{
    WCHAR *text = name_text(name, type);
    DWORD length = give_wide(text ? text : L"", out, room);

    (void)encoding;
    crypt_free(text);
    return length;
}

DWORD WINAPI CertNameToStrA(DWORD encoding, PCERT_NAME_BLOB name, DWORD type, LPSTR out, DWORD room)
{
    WCHAR *text = name_text(name, type);
    DWORD length = give_ansi(text ? text : L"", out, room);

    (void)encoding;
    crypt_free(text);
    return length;
}

/* Text to a name. */
struct parsed {
    CERT_RDN_ATTR attributes[64];
    CERT_RDN rdns[64];
    DWORD attribute_count, rdn_count;
    char *oids[64]; /* to be freed */
    WCHAR *values[64];
};

static const WCHAR *skip_space(const WCHAR *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')
        at++;
    return at;
}

static bool key_parse(const WCHAR **at, CERT_RDN_ATTR *attribute, char **oid)
{
    const WCHAR *begin = skip_space(*at), *end = begin;
    size_t length;

    while (*end && *end != '=')
        end++;
    if (*end != '=')
        return false;
    *at = end + 1;
    while (end > begin && end[-1] == ' ')
        end--;
    length = (size_t)(end - begin);
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (wide_length(attributes[i].key) == length &&
            CompareStringOrdinal(attributes[i].key, (int)length, begin, (int)length, TRUE) == CSTR_EQUAL) {
            attribute->pszObjId = (LPSTR)attributes[i].oid;
            attribute->dwValueType = attributes[i].type;
            return true;
        }
    if (length > 4 && CompareStringOrdinal(begin, 4, L"OID.", 4, TRUE) == CSTR_EQUAL) {
        begin += 4;
        length -= 4;
    }
    if (!length || *begin < '0' || *begin > '2')
        return false;
    attribute->pszObjId = *oid = crypt_alloc(length + 1);
    for (size_t i = 0; *oid && i < length; i++)
        (*oid)[i] = (char)begin[i];
    return *oid;
}

static WCHAR *value_parse(const WCHAR **place, DWORD type, size_t *length)
{
    const WCHAR *at = skip_space(*place);
    WCHAR *value = crypt_alloc((wide_length(at) + 1) * sizeof *value);
    WCHAR separator = type & CERT_NAME_STR_SEMICOLON_FLAG ? ';' : type & CERT_NAME_STR_CRLF_FLAG ? '\n' : ',';
    bool quoting = !(type & CERT_NAME_STR_NO_QUOTING_FLAG),
         both = !(type & (CERT_NAME_STR_SEMICOLON_FLAG | CERT_NAME_STR_COMMA_FLAG | CERT_NAME_STR_CRLF_FLAG));
    size_t count = 0;

    if (!value)
        return NULL;
    if (quoting && *at == '"') {
        for (at++; *at && (*at != '"' || at[1] == '"'); at++) {
            value[count++] = *at;
            at += *at == '"';
        }
        if (*at != '"') {
            crypt_free(value);
            return NULL;
        }
        at = skip_space(at + 1);
    } else {
        while (*at && *at != separator && !(both && *at == ';') && *at != '\r' &&
               !(*at == '+' && !(type & CERT_NAME_STR_NO_PLUS_FLAG)))
            value[count++] = *at++;
        while (count && value[count - 1] == ' ')
            count--;
    }
    *place = at;
    *length = count;
    return value;
}

static bool name_parse(const WCHAR *text, DWORD type, struct parsed *parsed, const WCHAR **bad)
{
    const WCHAR *at = skip_space(text);
    bool joined = false;

    while (*at) {
        CERT_RDN_ATTR *attribute = &parsed->attributes[parsed->attribute_count];
        size_t length = 0;

        *bad = at;
        if (parsed->attribute_count == 64 || !key_parse(&at, attribute, &parsed->oids[parsed->attribute_count]))
            return false;
        *bad = at;
        parsed->values[parsed->attribute_count] = value_parse(&at, type, &length);
        if (!parsed->values[parsed->attribute_count])
            return false;
        attribute->Value.pbData = (BYTE *)parsed->values[parsed->attribute_count];
        attribute->Value.cbData = (DWORD)(length * sizeof(WCHAR));
        for (size_t i = 0; attribute->dwValueType == CERT_RDN_IA5_STRING && i < length; i++)
            if (((WCHAR *)attribute->Value.pbData)[i] > 0x7f)
                return false;
        if (!joined)
            parsed->rdns[parsed->rdn_count++].rgRDNAttr = attribute;
        parsed->rdns[parsed->rdn_count - 1].cRDNAttr++;
        parsed->attribute_count++;
        *bad = at;
        joined = *at == '+';
        if (*at)
            at = skip_space(at + 1);
    }
    *bad = NULL;
    return true;
}

BOOL WINAPI CertStrToNameW(DWORD encoding, LPCWSTR text, DWORD type, void *reserved, BYTE *encoded, DWORD *size,
                           LPCWSTR *error)
{
    struct parsed *parsed;
    const WCHAR *bad = NULL;
    CERT_NAME_INFO info = {0};
    BOOL done;

    (void)encoding, (void)reserved;
    parsed = crypt_alloc(sizeof *parsed);
    if (!parsed)
        return FALSE;
    done = name_parse(text, type, parsed, &bad);
    if (error)
        *error = bad;
    if (!done) {
        SetLastError((DWORD)CRYPT_E_INVALID_X500_STRING);
    } else {
        if (type & CERT_NAME_STR_REVERSE_FLAG)
            for (DWORD i = 0; i < parsed->rdn_count / 2; i++) {
                CERT_RDN rdn = parsed->rdns[i];
                parsed->rdns[i] = parsed->rdns[parsed->rdn_count - 1 - i];
                parsed->rdns[parsed->rdn_count - 1 - i] = rdn;
            }
        info = (CERT_NAME_INFO){parsed->rdn_count, parsed->rdns};
        done = CryptEncodeObject(X509_ASN_ENCODING, X509_UNICODE_NAME, &info, encoded, size);
    }
    for (int i = 0; i < 64; i++) {
        crypt_free(parsed->oids[i]);
        crypt_free(parsed->values[i]);
    }
    crypt_free(parsed);
    return done;
}

BOOL WINAPI CertStrToNameA(DWORD encoding, LPCSTR text, DWORD type, void *reserved, BYTE *encoded, DWORD *size,
                           LPCSTR *error)
{
    WCHAR *wide = wide_from_ansi(text);
    const WCHAR *bad = NULL;
    BOOL done = CertStrToNameW(encoding, wide, type, reserved, encoded, size, &bad);

    if (error)
        *error = bad ? text + WideCharToMultiByte(CP_ACP, 0, wide, (int)(bad - wide), NULL, 0, NULL, NULL) : NULL;
    crypt_free(wide);
    return done;
}

/* One attribute of a name; heap memory. */
static WCHAR *attribute_text(const CERT_NAME_BLOB *name, const char *oid)
{
    DWORD size;
    CERT_NAME_INFO *info = asn_decode(&asn_unicode_name, name->pbData, name->cbData, 0, &size);
    WCHAR *found = NULL;

    for (DWORD i = info ? info->cRDN : 0; i > 0 && !found; i--)
        for (DWORD j = 0; j < info->rgRDN[i - 1].cRDNAttr && !found; j++) {
            const CERT_RDN_ATTR *attribute = &info->rgRDN[i - 1].rgRDNAttr[j];

            if (!strcmp(attribute->pszObjId, oid) && attribute->dwValueType >= CERT_RDN_NUMERIC_STRING)
                found = wide_copy((const WCHAR *)attribute->Value.pbData);
        }
    crypt_free(info);
    return found;
}

/* The alternative name of a kind, with its OID for OTHER_NAME. */
static WCHAR *alternative_text(const CERT_INFO *info, bool issuer, DWORD choice, const char *other)
{
    PCERT_EXTENSION extension = CertFindExtension(issuer ? szOID_ISSUER_ALT_NAME2 : szOID_SUBJECT_ALT_NAME2,
                                                  info->cExtension, info->rgExtension);
    DWORD size;
    CERT_ALT_NAME_INFO *names =
        extension ? asn_decode(&asn_alt_name, extension->Value.pbData, extension->Value.cbData, 0, &size) : NULL;
    WCHAR *found = NULL;

    for (DWORD i = 0; names && i < names->cAltEntry && !found; i++) {
        const CERT_ALT_NAME_ENTRY *entry = &names->rgAltEntry[i];

        if (entry->dwAltNameChoice != choice)
            continue;
        if (choice == CERT_ALT_NAME_DIRECTORY_NAME)
            found = name_text(&entry->DirectoryName, CERT_SIMPLE_NAME_STR);
        else if (choice != CERT_ALT_NAME_OTHER_NAME)
            found = wide_copy(entry->pwszDNSName);
        else if (!strcmp(entry->pOtherName->pszObjId, other)) {
            CERT_NAME_VALUE *value = asn_decode(&asn_unicode_name_value, entry->pOtherName->Value.pbData,
                                                entry->pOtherName->Value.cbData, 0, &size);
            if (value && value->dwValueType >= CERT_RDN_NUMERIC_STRING)
                found = wide_copy((const WCHAR *)value->Value.pbData);
            crypt_free(value);
        }
    }
    crypt_free(names);
    return found;
}

static WCHAR *first_attribute(const CERT_NAME_BLOB *name, const char *const *oids, size_t count)
{
    WCHAR *text = NULL;

    for (size_t i = 0; i < count && !text; i++)
        text = attribute_text(name, oids[i]);
    return text;
}

static WCHAR *any_attribute(const CERT_NAME_BLOB *name)
{
    DWORD size;
    CERT_NAME_INFO *info = asn_decode(&asn_unicode_name, name->pbData, name->cbData, 0, &size);
    WCHAR *found = NULL;

    if (info && info->cRDN && info->rgRDN[0].cRDNAttr &&
        info->rgRDN[0].rgRDNAttr[0].dwValueType >= CERT_RDN_NUMERIC_STRING)
        found = wide_copy((const WCHAR *)info->rgRDN[0].rgRDNAttr[0].Value.pbData);
    crypt_free(info);
    return found;
}

static WCHAR *simple_text(const CERT_INFO *info, const CERT_NAME_BLOB *name, bool issuer)
{
    static const char *const oids[] = {szOID_COMMON_NAME, szOID_ORGANIZATIONAL_UNIT_NAME, szOID_ORGANIZATION_NAME,
                                       szOID_RSA_emailAddr};
    WCHAR *text = first_attribute(name, oids, 4);

    if (!text)
        text = alternative_text(info, issuer, CERT_ALT_NAME_RFC822_NAME, NULL);
    return text ? text : any_attribute(name);
}

static WCHAR *name_string(PCCERT_CONTEXT cert, DWORD type, DWORD flags, void *para)
{
    bool issuer = flags & CERT_NAME_ISSUER_FLAG;
    const CERT_INFO *info = cert->pCertInfo;
    const CERT_NAME_BLOB *name = issuer ? &info->Issuer : &info->Subject;
    WCHAR *text = NULL;
    DWORD size = 0;

    switch (type) {
    case CERT_NAME_EMAIL_TYPE:
        text = alternative_text(info, issuer, CERT_ALT_NAME_RFC822_NAME, NULL);
        return text ? text : attribute_text(name, szOID_RSA_emailAddr);
    case CERT_NAME_RDN_TYPE:
        return name_text(name, para ? *(DWORD *)para : CERT_SIMPLE_NAME_STR);
    case CERT_NAME_ATTR_TYPE:
        return attribute_text(name, para ? para : szOID_COMMON_NAME);
    case CERT_NAME_FRIENDLY_DISPLAY_TYPE:
        if (CertGetCertificateContextProperty(cert, CERT_FRIENDLY_NAME_PROP_ID, NULL, &size)) {
            text = crypt_alloc(size + sizeof *text);
            if (text)
                CertGetCertificateContextProperty(cert, CERT_FRIENDLY_NAME_PROP_ID, text, &size);
            return text;
        }
        return simple_text(info, name, issuer);
    case CERT_NAME_SIMPLE_DISPLAY_TYPE:
        return simple_text(info, name, issuer);
    case CERT_NAME_DNS_TYPE:
        text = alternative_text(info, issuer, CERT_ALT_NAME_DNS_NAME, NULL);
        return text ? text : attribute_text(name, szOID_COMMON_NAME);
    case CERT_NAME_URL_TYPE:
        return alternative_text(info, issuer, CERT_ALT_NAME_URL, NULL);
    case CERT_NAME_UPN_TYPE:
        return alternative_text(info, issuer, CERT_ALT_NAME_OTHER_NAME, szOID_NT_PRINCIPAL_NAME);
    default:
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
}

DWORD WINAPI CertGetNameStringW(PCCERT_CONTEXT cert, DWORD type, DWORD flags, void *para, LPWSTR out, DWORD room)
{
    WCHAR *text = cert ? name_string(cert, type, flags, para) : NULL;
    DWORD length = give_wide(text ? text : L"", out, room);

    crypt_free(text);
    return length;
}

DWORD WINAPI CertGetNameStringA(PCCERT_CONTEXT cert, DWORD type, DWORD flags, void *para, LPSTR out, DWORD room)
{
    WCHAR *text = cert ? name_string(cert, type, flags, para) : NULL;
    DWORD length = give_ansi(text ? text : L"", out, room);

    crypt_free(text);
    return length;
}

/* Values that CryptDecodeObject(X509_NAME) gives. */
static WCHAR *rdn_value(DWORD type, const CERT_RDN_VALUE_BLOB *value)
{
    WCHAR *text;

    if (type < CERT_RDN_NUMERIC_STRING)
        return NULL;
    text = crypt_alloc(((size_t)value->cbData + 1) * sizeof *text);
    if (!text)
        return NULL;
    if (type == CERT_RDN_BMP_STRING || type == CERT_RDN_UTF8_STRING || type == CERT_RDN_UNIVERSAL_STRING)
        memcpy(text, value->pbData, value->cbData);
    else
        for (DWORD i = 0; i < value->cbData; i++)
            text[i] = value->pbData[i];
    return text;
}

DWORD WINAPI CertRDNValueToStrW(DWORD type, PCERT_RDN_VALUE_BLOB value, LPWSTR out, DWORD room)
{
    WCHAR *text = rdn_value(type, value);
    DWORD length = give_wide(text ? text : L"", out, room);

    crypt_free(text);
    return length;
}

DWORD WINAPI CertRDNValueToStrA(DWORD type, PCERT_RDN_VALUE_BLOB value, LPSTR out, DWORD room)
{
    WCHAR *text = rdn_value(type, value);
    DWORD length = give_ansi(text ? text : L"", out, room);

    crypt_free(text);
    return length;
}

PCERT_RDN_ATTR WINAPI CertFindRDNAttr(LPCSTR oid, PCERT_NAME_INFO name)
{
    for (DWORD i = 0; i < name->cRDN; i++)
        for (DWORD j = 0; j < name->rgRDN[i].cRDNAttr; j++)
            if (!strcmp(name->rgRDN[i].rgRDNAttr[j].pszObjId, oid))
                return &name->rgRDN[i].rgRDNAttr[j];
    return NULL;
}

/* Every wanted attribute is in the name; values compared with or without case. */
BOOL WINAPI CertIsRDNAttrsInCertificateName(DWORD encoding, DWORD flags, PCERT_NAME_BLOB name, PCERT_RDN wanted)
{
    DWORD size;
    bool wide = flags & CERT_UNICODE_IS_RDN_ATTRS_FLAG;
    CERT_NAME_INFO *info = asn_decode(wide ? &asn_unicode_name : &asn_name, name->pbData, name->cbData, 0, &size);
    BOOL all = info != NULL;

    (void)encoding;
    for (DWORD k = 0; all && k < wanted->cRDNAttr; k++) {
        const CERT_RDN_ATTR *want = &wanted->rgRDNAttr[k];
        bool found = false;

        for (DWORD i = 0; i < info->cRDN && !found; i++)
            for (DWORD j = 0; j < info->rgRDN[i].cRDNAttr && !found; j++) {
                const CERT_RDN_ATTR *have = &info->rgRDN[i].rgRDNAttr[j];

                if (strcmp(have->pszObjId, want->pszObjId))
                    continue;
                if (have->Value.cbData != want->Value.cbData)
                    continue;
                if (wide && flags & CERT_CASE_INSENSITIVE_IS_RDN_ATTRS_FLAG)
                    found = CompareStringOrdinal((WCHAR *)have->Value.pbData, (int)have->Value.cbData / 2,
                                                 (WCHAR *)want->Value.pbData, (int)want->Value.cbData / 2,
                                                 TRUE) == CSTR_EQUAL;
                else
                    found = !memcmp(have->Value.pbData, want->Value.pbData, have->Value.cbData);
            }
        all = found;
    }
    crypt_free(info);
    if (!all)
        SetLastError((DWORD)CRYPT_E_NO_MATCH);
    return all;
}
