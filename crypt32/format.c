/*
 * format.c: wincrypt.h: CryptFormatObject: extensions as text for people; what is not known is shown as bytes.
 */
#include <stdio.h>
#include "crypt32/asn.h"

struct text {
    WCHAR *data;
    size_t length, room;
    bool lines; /* one below the other */
    bool begun;
};

static void put(struct text *text, const WCHAR *from)
{
    size_t count = wide_length(from);

    if (text->length + count + 1 > text->room) {
        size_t room = (text->length + count + 1) * 2 + 64;
        WCHAR *longer = crypt_alloc(room * sizeof *longer);

        if (!longer)
            return;
        if (text->length)
            memcpy(longer, text->data, text->length * sizeof *longer);
        crypt_free(text->data);
        text->data = longer;
        text->room = room;
    }
    memcpy(text->data + text->length, from, (count + 1) * sizeof *from);
    text->length += count;
}

static void put_ascii(struct text *text, const char *from)
{
    WCHAR *wide = wide_from_utf8(from, -1);

    if (wide)
        put(text, wide);
    crypt_free(wide);
}

/* Before the next of several things. */
static void next(struct text *text)
{
    if (text->begun)
        put(text, text->lines ? L"\r\n" : L", ");
    text->begun = true;
}

static void put_bytes(struct text *text, const BYTE *data, DWORD size)
{
    char hex[8];

    for (DWORD i = 0; i < size; i++) {
        sprintf(hex, i ? " %02x" : "%02x", data[i]);
        put_ascii(text, hex);
    }
}

static void put_entry(struct text *text, const CERT_ALT_NAME_ENTRY *entry)
{
    char number[24];

    switch (entry->dwAltNameChoice) {
    case CERT_ALT_NAME_DNS_NAME:
        put(text, L"DNS Name=");
        put(text, entry->pwszDNSName);
        break;
    case CERT_ALT_NAME_RFC822_NAME:
        put(text, L"RFC822 Name=");
        put(text, entry->pwszRfc822Name);
        break;
    case CERT_ALT_NAME_URL:
        put(text, L"URL=");
        put(text, entry->pwszURL);
        break;
    case CERT_ALT_NAME_REGISTERED_ID:
        put(text, L"Registered ID=");
        put_ascii(text, entry->pszRegisteredID);
        break;
    case CERT_ALT_NAME_IP_ADDRESS:
        put(text, L"IP Address=");
        if (entry->IPAddress.cbData == 4) {
            const BYTE *a = entry->IPAddress.pbData;

            sprintf(number, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
            put_ascii(text, number);
        } else {
            for (DWORD i = 0; i + 1 < entry->IPAddress.cbData; i += 2) {
                sprintf(number, i ? ":%02x%02x" : "%02x%02x", entry->IPAddress.pbData[i],
                        entry->IPAddress.pbData[i + 1]);
                put_ascii(text, number);
            }
        }
        break;
    default:
        put(text, L"Other Name");
    }
}

static bool format_names(struct text *text, const BYTE *data, DWORD size)
{
    DWORD needed;
    CERT_ALT_NAME_INFO *names = asn_decode(&asn_alt_name, data, size, 0, &needed);

    for (DWORD i = 0; names && i < names->cAltEntry; i++) {
        next(text);
        put_entry(text, &names->rgAltEntry[i]);
    }
    crypt_free(names);
    return names;
}

static bool format_usages(struct text *text, const BYTE *data, DWORD size)
{
    DWORD needed;
    CERT_ENHKEY_USAGE *usages = asn_decode(&asn_usages, data, size, 0, &needed);

    for (DWORD i = 0; usages && i < usages->cUsageIdentifier; i++) {
        PCCRYPT_OID_INFO info = CryptFindOIDInfo(CRYPT_OID_INFO_OID_KEY, usages->rgpszUsageIdentifier[i], 0);

        next(text);
        put(text, info ? info->pwszName : L"Unknown Key Usage");
        put(text, L" (");
        put_ascii(text, usages->rgpszUsageIdentifier[i]);
        put(text, L")");
    }
    crypt_free(usages);
    return usages;
}

static bool format_key_usage(struct text *text, const BYTE *data, DWORD size)
{
    static const struct {
        BYTE first, second;
        const WCHAR *name;
    } names[] = {{0x80, 0, L"Digital Signature"},
                 {0x40, 0, L"Non-Repudiation"},
                 {0x20, 0, L"Key Encipherment"},
                 {0x10, 0, L"Data Encipherment"},
                 {0x08, 0, L"Key Agreement"},
                 {0x04, 0, L"Certificate Signing"},
                 {0x02, 0, L"Off-line CRL Signing, CRL Signing"},
                 {0x01, 0, L"Encipher Only"},
                 {0, 0x80, L"Decipher Only"}};
    DWORD needed;
    CRYPT_BIT_BLOB *bits = asn_decode(asn_type_find(X509_KEY_USAGE), data, size, 0, &needed);
    BYTE first = bits && bits->cbData ? bits->pbData[0] : 0, second = bits && bits->cbData > 1 ? bits->pbData[1] : 0;
    bool any = false;

    if (!bits)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (first & names[i].first || second & names[i].second) {
            if (any)
                put(text, L", ");
            put(text, names[i].name);
            any = true;
        }
    put(text, any ? L" (" : L"(");
    put_bytes(text, bits->pbData, bits->cbData);
    put(text, L")");
    crypt_free(bits);
    return true;
}

static bool format_constraints(struct text *text, const BYTE *data, DWORD size)
{
    DWORD needed;
    CERT_BASIC_CONSTRAINTS2_INFO *info = asn_decode(&asn_basic_constraints2, data, size, 0, &needed);
    char number[16];

    if (!info)
        return false;
    next(text);
    put(text, info->fCA ? L"Subject Type=CA" : L"Subject Type=End Entity");
    next(text);
    put(text, L"Path Length Constraint=");
    sprintf(number, "%u", info->dwPathLenConstraint);
    put_ascii(text, info->fPathLenConstraint ? number : "None");
    crypt_free(info);
    return true;
}

static bool format_octets(struct text *text, const BYTE *data, DWORD size)
{
    DWORD needed;
    CRYPT_DATA_BLOB *blob = asn_decode(&asn_octets, data, size, 0, &needed);

    if (blob)
        put_bytes(text, blob->pbData, blob->cbData);
    crypt_free(blob);
    return blob;
}

static bool format_key_id(struct text *text, const BYTE *data, DWORD size)
{
    DWORD needed;
    CERT_AUTHORITY_KEY_ID2_INFO *info = asn_decode(&asn_authority_key2, data, size, 0, &needed);

    if (info && info->KeyId.cbData) {
        put(text, L"KeyID=");
        put_bytes(text, info->KeyId.pbData, info->KeyId.cbData);
    }
    crypt_free(info);
    return info;
}

static const struct {
    const char *oid;
    LPCSTR number;
    bool (*format)(struct text *text, const BYTE *data, DWORD size);
} formats[] = {
    {szOID_SUBJECT_ALT_NAME2, X509_ALTERNATE_NAME, format_names},
    {szOID_ISSUER_ALT_NAME2, NULL, format_names},
    {szOID_ENHANCED_KEY_USAGE, X509_ENHANCED_KEY_USAGE, format_usages},
    {szOID_KEY_USAGE, X509_KEY_USAGE, format_key_usage},
    {szOID_BASIC_CONSTRAINTS2, X509_BASIC_CONSTRAINTS2, format_constraints},
    {szOID_SUBJECT_KEY_IDENTIFIER, NULL, format_octets},
    {szOID_AUTHORITY_KEY_IDENTIFIER2, X509_AUTHORITY_KEY_ID2, format_key_id},
};

static bool format_known(struct text *text, LPCSTR structure, const BYTE *data, DWORD size)
{
    bool number = (ULONG_PTR)structure <= 0xffff;

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (number ? structure && formats[i].number == structure : !strcmp(formats[i].oid, structure))
            return formats[i].format(text, data, size);
    return false;
}

BOOL WINAPI CryptFormatObject(DWORD encoding, DWORD format_type, DWORD flags, void *format, LPCSTR structure,
                              const BYTE *data, DWORD size, void *out, DWORD *out_size)
{
    struct text text = {.lines = flags & CRYPT_FORMAT_STR_MULTI_LINE};
    bool known;
    BOOL done;

    (void)encoding, (void)format_type, (void)format;
    if (!out_size || !data)
        return crypt_fail((DWORD)E_INVALIDARG);
    put(&text, L"");
    known = format_known(&text, structure, data, size);
    if (!known && flags & CRYPT_FORMAT_STR_NO_HEX) {
        crypt_free(text.data);
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    }
    if (!known)
        put_bytes(&text, data, size);
    else if (text.lines)
        put(&text, L"\r\n");
    done = text.data && crypt_copy(text.data, (DWORD)((text.length + 1) * sizeof *text.data), out, out_size);
    crypt_free(text.data);
    return done;
}
