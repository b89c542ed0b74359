/*
 * usage.c: wincrypt.h: what a certificate may be used for; searching extensions and attributes.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"

PCERT_EXTENSION WINAPI CertFindExtension(LPCSTR oid, DWORD count, CERT_EXTENSION extensions[])
{
    if (!oid) {
        SetLastError(ERROR_INVALID_DATA);
        return NULL;
    }
    for (DWORD i = 0; i < count; i++)
        if (extensions[i].pszObjId && !strcmp(extensions[i].pszObjId, oid))
            return &extensions[i];
    return NULL;
}

PCRYPT_ATTRIBUTE WINAPI CertFindAttribute(LPCSTR oid, DWORD count, CRYPT_ATTRIBUTE attributes[])
{
    if (!oid) {
        SetLastError(ERROR_INVALID_DATA);
        return NULL;
    }
    for (DWORD i = 0; i < count; i++)
        if (attributes[i].pszObjId && !strcmp(attributes[i].pszObjId, oid))
            return &attributes[i];
    return NULL;
}

/* The bits of the extension in the caller's bytes, the rest zero; FALSE without an error: there is no extension. */
BOOL WINAPI CertGetIntendedKeyUsage(DWORD encoding, PCERT_INFO info, BYTE *usage, DWORD size)
{
    PCERT_EXTENSION extension = CertFindExtension(szOID_KEY_USAGE, info->cExtension, info->rgExtension);
    CRYPT_BIT_BLOB *bits;
    DWORD needed;

    (void)encoding;
    if (!usage || !size)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    memset(usage, 0, size);
    SetLastError(0);
    if (!extension)
        return FALSE;
    bits = asn_decode(asn_type_find(X509_KEY_USAGE), extension->Value.pbData, extension->Value.cbData, 0, &needed);
    if (!bits)
        return FALSE;
    memcpy(usage, bits->pbData, bits->cbData < size ? bits->cbData : size);
    crypt_free(bits);
    return TRUE;
}

static CERT_ENHKEY_USAGE *usages_decode(const BYTE *data, DWORD size)
{
    DWORD needed;

    return asn_decode(&asn_usages, data, size, 0, &needed);
}

/* The property, if it was set, goes before the extension. */
CERT_ENHKEY_USAGE *cert_usages(PCCERT_CONTEXT cert, DWORD flags)
{
    PCERT_EXTENSION extension;
    DWORD size = 0;

    if (!(flags & CERT_FIND_EXT_ONLY_ENHKEY_USAGE_FLAG) &&
        CertGetCertificateContextProperty(cert, CERT_ENHKEY_USAGE_PROP_ID, NULL, &size)) {
        BYTE *data = crypt_alloc(size + 1);
        CERT_ENHKEY_USAGE *usages = NULL;

        if (data && CertGetCertificateContextProperty(cert, CERT_ENHKEY_USAGE_PROP_ID, data, &size))
            usages = usages_decode(data, size);
        crypt_free(data);
        return usages;
    }
    if (flags & CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG)
        return NULL;
    extension = CertFindExtension(szOID_ENHANCED_KEY_USAGE, cert->pCertInfo->cExtension, cert->pCertInfo->rgExtension);
    return extension ? usages_decode(extension->Value.pbData, extension->Value.cbData) : NULL;
}

bool cert_may(PCCERT_CONTEXT cert, const char *usage)
{
    CERT_ENHKEY_USAGE *usages = cert_usages(cert, 0);
    bool may = !usages;

    for (DWORD i = 0; usages && i < usages->cUsageIdentifier; i++)
        may = may || !strcmp(usages->rgpszUsageIdentifier[i], usage) ||
              !strcmp(usages->rgpszUsageIdentifier[i], szOID_ANY_ENHANCED_KEY_USAGE);
    crypt_free(usages);
    return may;
}

/* One block: the head, the pointers, the texts. */
static DWORD usages_size(const CERT_ENHKEY_USAGE *usages)
{
    size_t size = sizeof *usages;

    for (DWORD i = 0; usages && i < usages->cUsageIdentifier; i++)
        size += sizeof(LPSTR) + strlen(usages->rgpszUsageIdentifier[i]) + 1;
    return (DWORD)size;
}

static void usages_write(const CERT_ENHKEY_USAGE *from, CERT_ENHKEY_USAGE *to)
{
    DWORD count = from ? from->cUsageIdentifier : 0;
    char *text = (char *)(to + 1) + count * sizeof(LPSTR);

    to->cUsageIdentifier = count;
    to->rgpszUsageIdentifier = count ? (LPSTR *)(to + 1) : NULL;
    for (DWORD i = 0; i < count; i++) {
        to->rgpszUsageIdentifier[i] = text;
        strcpy(text, from->rgpszUsageIdentifier[i]);
        text += strlen(text) + 1;
    }
}

/* None at all: success, with CRYPT_E_NOT_FOUND to say that it is good for anything. */
BOOL WINAPI CertGetEnhancedKeyUsage(PCCERT_CONTEXT cert, DWORD flags, PCERT_ENHKEY_USAGE usage, DWORD *size)
{
    CERT_ENHKEY_USAGE *usages;
    DWORD needed, room;

    if (!cert || !size)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    SetLastError(0);
    usages = cert_usages(cert, flags);
    needed = usages_size(usages);
    room = *size;
    *size = needed;
    if (usage && room < needed) {
        crypt_free(usages);
        return crypt_fail(ERROR_MORE_DATA);
    }
    if (usage)
        usages_write(usages, usage);
    SetLastError(usages ? 0 : (DWORD)CRYPT_E_NOT_FOUND);
    crypt_free(usages);
    return TRUE;
}

BOOL WINAPI CertSetEnhancedKeyUsage(PCCERT_CONTEXT cert, PCERT_ENHKEY_USAGE usage)
{
    CRYPT_DATA_BLOB blob;
    BYTE *block;
    BOOL done;

    if (!usage)
        return CertSetCertificateContextProperty(cert, CERT_ENHKEY_USAGE_PROP_ID, 0, NULL);
    blob.pbData = asn_encode(&asn_usages, usage, 0, &blob.cbData, &block);
    if (!blob.pbData)
        return FALSE;
    done = CertSetCertificateContextProperty(cert, CERT_ENHKEY_USAGE_PROP_ID, 0, &blob);
    crypt_free(block);
    return done;
}

static BOOL usage_change(PCCERT_CONTEXT cert, LPCSTR identifier, bool add)
{
    CERT_ENHKEY_USAGE *old = cert_usages(cert, CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG), changed;
    DWORD count = old ? old->cUsageIdentifier : 0, kept = 0;
    LPSTR *list = crypt_alloc((count + 1) * sizeof *list);
    BOOL done = FALSE;

    if (list) {
        for (DWORD i = 0; i < count; i++)
            if (strcmp(old->rgpszUsageIdentifier[i], identifier))
                list[kept++] = old->rgpszUsageIdentifier[i];
        if (add)
            list[kept++] = (LPSTR)identifier;
        changed = (CERT_ENHKEY_USAGE){kept, list};
        done = CertSetEnhancedKeyUsage(cert, &changed);
    }
    crypt_free(list);
    crypt_free(old);
    return done;
}

BOOL WINAPI CertAddEnhancedKeyUsageIdentifier(PCCERT_CONTEXT cert, LPCSTR identifier)
{
    return usage_change(cert, identifier, true);
}

BOOL WINAPI CertRemoveEnhancedKeyUsageIdentifier(PCCERT_CONTEXT cert, LPCSTR identifier)
{
    return usage_change(cert, identifier, false);
}

/* The uses that all of the certificates have; *count -1: they are good for anything. */
BOOL WINAPI CertGetValidUsages(DWORD certs, PCCERT_CONTEXT *cert, int *count, LPSTR *oids, DWORD *size)
{
    CERT_ENHKEY_USAGE *common = NULL;
    DWORD kept = 0, needed = 0, room = *size;
    char *text;

    for (DWORD i = 0; i < certs; i++) {
        CERT_ENHKEY_USAGE *usages = cert_usages(cert[i], 0);

        if (!usages)
            continue;
        if (!common) {
            common = usages;
            continue;
        }
        for (DWORD j = 0; j < common->cUsageIdentifier; j++) {
            bool found = false;

            for (DWORD k = 0; k < usages->cUsageIdentifier && common->rgpszUsageIdentifier[j]; k++)
                found = found || !strcmp(usages->rgpszUsageIdentifier[k], common->rgpszUsageIdentifier[j]);
            if (!found)
                common->rgpszUsageIdentifier[j] = NULL;
        }
        crypt_free(usages);
    }
    *count = common ? 0 : -1;
    for (DWORD j = 0; common && j < common->cUsageIdentifier; j++)
        if (common->rgpszUsageIdentifier[j]) {
            needed += (DWORD)(sizeof(LPSTR) + strlen(common->rgpszUsageIdentifier[j]) + 1);
            ++*count;
        }
    *size = needed;
    if (oids && room < needed) {
        crypt_free(common);
        return crypt_fail(ERROR_MORE_DATA);
    }
    text = (char *)oids + (*count > 0 ? (size_t)*count : 0) * sizeof(LPSTR);
    for (DWORD j = 0; oids && common && j < common->cUsageIdentifier; j++)
        if (common->rgpszUsageIdentifier[j]) {
            oids[kept++] = text;
            strcpy(text, common->rgpszUsageIdentifier[j]);
            text += strlen(text) + 1;
        }
    crypt_free(common);
    return TRUE;
}
