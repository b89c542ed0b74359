/*
 * property.c: wincrypt.h: properties of contexts: those that were set, and those that follow from the encoding.
 *
 * A value is kept as bytes.  CRYPT_KEY_PROV_INFO has pointers: it is kept as one block whose pointers are offsets.
 */
#include "crypt32/private_key.h"

static struct property *property_find(struct body *body, DWORD id)
{
    struct property *property = body->properties;

    while (property && property->id != id)
        property = property->next;
    return property;
}

bool body_has_property(struct body *body, DWORD id)
{
    bool found;

    RtlAcquireSRWLockShared(&body->lock);
    found = property_find(body, id);
    RtlReleaseSRWLockShared(&body->lock);
    return found;
}

static void property_free(struct property *property)
{
    CERT_KEY_CONTEXT key;

    if (property->owned) {
        memcpy(&key, property->data, sizeof key);
        key_context_release(&key);
    }
    crypt_free(property);
}

static bool property_put(struct body *body, DWORD id, const void *data, DWORD size, bool owned)
{
    struct property *made = NULL, *old, **place;

    if (data) {
        made = crypt_alloc(sizeof *made + size);
        if (!made)
            return false;
        made->id = id;
        made->size = size;
        made->owned = owned;
        memcpy(made->data, data, size);
    }
    RtlAcquireSRWLockExclusive(&body->lock);
    for (place = &body->properties; *place && (*place)->id != id;)
        place = &(*place)->next;
    old = *place;
    if (old)
        *place = old->next;
    if (made) {
        made->next = *place;
        *place = made;
    }
    RtlReleaseSRWLockExclusive(&body->lock);
    if (old)
        property_free(old);
    return true;
}

bool body_property_set(struct body *body, DWORD id, const void *data, DWORD size)
{
    return property_put(body, id, data, size, false);
}

bool body_key_context_set(struct body *body, const CERT_KEY_CONTEXT *key, bool owned)
{
    return property_put(body, CERT_KEY_CONTEXT_PROP_ID, key, sizeof *key, owned);
}

/* Another thread may be the first. */
bool body_key_set(struct body *body, const void *pkcs8, DWORD size, bool exportable)
{
    BYTE *copy = crypt_alloc(size);

    if (!copy)
        return false;
    memcpy(copy, pkcs8, size);
    RtlAcquireSRWLockExclusive(&body->lock);
    if (!body->key.cbData) {
        body->key.pbData = copy;
        body->key_exportable = exportable;
        __atomic_store_n(&body->key.cbData, size, __ATOMIC_RELEASE);
        copy = NULL;
    }
    RtlReleaseSRWLockExclusive(&body->lock);
    crypt_free(copy);
    return true;
}

void body_properties_free(struct body *body)
{
    while (body->properties) {
        struct property *next = body->properties->next;
        property_free(body->properties);
        body->properties = next;
    }
}

void body_properties_copy(struct body *to, struct body *from, bool only_new)
{
    RtlAcquireSRWLockShared(&from->lock);
    for (struct property *property = from->properties; property; property = property->next)
        if (!only_new || !body_has_property(to, property->id)) {
            if (property->owned) {
                CERT_KEY_CONTEXT key;

                memcpy(&key, property->data, sizeof key);
                key_context_reference(&key);
            }
            property_put(to, property->id, property->data, property->size, property->owned);
        }
    RtlReleaseSRWLockShared(&from->lock);
    if (from->key.cbData)
        body_key_set(to, from->key.pbData, from->key.cbData, from->key_exportable);
}

bool body_hash(struct body *body, enum tls_hash hash, BYTE *out)
{
    return host_digest(hash, body->encoded, body->size, out);
}

/* The bytes of a certificate's part, as an item of its encoding. */
static bool public_key_item(struct body *body, struct der_item *item)
{
    const BYTE *at = body->encoded, *end = at + body->size;
    int skip = 5; /* serial number, algorithm, issuer, validity, subject */

    if (!der_next(&at, end, item))
        return false;
    at = item->data;
    if (!der_next(&at, item->data + item->size, item))
        return false;
    at = item->data;
    end = at + item->size;
    if (at < end && *at == (DER_CONTEXT | DER_CONSTRUCTED))
        skip++; /* the version */
    while (skip--)
        if (!der_next(&at, end, item))
            return false;
    return der_next(&at, end, item);
}

/* 20 bytes: the extension's, or the hash of the public key. */
static bool key_identifier(struct body *body, BYTE *out, DWORD *size)
{
    CERT_INFO *info = body->info;
    PCERT_EXTENSION extension = CertFindExtension(szOID_SUBJECT_KEY_IDENTIFIER, info->cExtension, info->rgExtension);

    if (extension) {
        const BYTE *at = extension->Value.pbData, *end = at + extension->Value.cbData;
        struct der_item item;

        if (der_expect(&at, end, DER_OCTETS, &item) && item.size <= TLS_HASH_MAX) {
            memcpy(out, item.data, item.size);
            *size = item.size;
            return true;
        }
    }
    *size = host_digest(TLS_HASH_SHA1, info->SubjectPublicKeyInfo.PublicKey.pbData,
                        info->SubjectPublicKeyInfo.PublicKey.cbData, out);
    return *size;
}

/* What follows from the encoding, at most TLS_HASH_MAX bytes. */
static bool computed(struct body *body, DWORD id, BYTE *out, DWORD *size)
{
    CERT_INFO *info = body->info;
    const BYTE *at = body->encoded;
    struct der_item item;

    switch (id) {
    case CERT_SHA1_HASH_PROP_ID:
        return (*size = host_digest(TLS_HASH_SHA1, body->encoded, body->size, out));
    case CERT_MD5_HASH_PROP_ID:
        return (*size = host_digest(TLS_HASH_MD5, body->encoded, body->size, out));
    case CERT_SHA256_HASH_PROP_ID:
        return (*size = host_digest(TLS_HASH_SHA256, body->encoded, body->size, out));
    case CERT_SIGNATURE_HASH_PROP_ID: /* of what is signed, by the signature's hash */
        if (!der_next(&at, at + body->size, &item))
            return false;
        at = item.data;
        return der_next(&at, item.data + item.size, &item) &&
               (*size = host_digest(TLS_HASH_SHA1, item.whole, item.whole_size, out));
    }
    if (body->kind != BODY_CERT)
        return false;
    switch (id) {
    case CERT_KEY_IDENTIFIER_PROP_ID:
        return key_identifier(body, out, size);
    case CERT_SUBJECT_NAME_MD5_HASH_PROP_ID:
        return (*size = host_digest(TLS_HASH_MD5, info->Subject.pbData, info->Subject.cbData, out));
    case CERT_SUBJECT_PUBLIC_KEY_MD5_HASH_PROP_ID:
        return (*size = host_digest(TLS_HASH_MD5, info->SubjectPublicKeyInfo.PublicKey.pbData,
                                    info->SubjectPublicKeyInfo.PublicKey.cbData, out));
    case CERT_PIN_SHA256_HASH_PROP_ID:
        return public_key_item(body, &item) && (*size = host_digest(TLS_HASH_SHA256, item.whole, item.whole_size, out));
    case CERT_SUBJECT_PUB_KEY_BIT_LENGTH_PROP_ID: {
        DWORD bits = CertGetPublicKeyLength(X509_ASN_ENCODING, &info->SubjectPublicKeyInfo);

        memcpy(out, &bits, *size = sizeof bits);
        return true;
    }
    case CERT_ACCESS_STATE_PROP_ID: {
        DWORD state = 0;

        memcpy(out, &state, *size = sizeof state);
        return true;
    }
    }
    return false;
}

/* Texts behind a CRYPT_KEY_PROV_INFO, their places as offsets; none of the rarely used parameters. */
static void *prov_info_pack(const CRYPT_KEY_PROV_INFO *info, DWORD *size)
{
    size_t container = info->pwszContainerName ? (wide_length(info->pwszContainerName) + 1) * sizeof(WCHAR) : 0;
    size_t provider = info->pwszProvName ? (wide_length(info->pwszProvName) + 1) * sizeof(WCHAR) : 0;
    CRYPT_KEY_PROV_INFO *copy = crypt_alloc(sizeof *copy + container + provider);

    if (!copy)
        return NULL;
    *copy = *info;
    copy->cProvParam = 0;
    copy->rgProvParam = NULL;
    copy->pwszContainerName = container ? (LPWSTR)sizeof *copy : NULL;
    copy->pwszProvName = provider ? (LPWSTR)(sizeof *copy + container) : NULL;
    memcpy((BYTE *)(copy + 1), info->pwszContainerName, container);
    memcpy((BYTE *)(copy + 1) + container, info->pwszProvName, provider);
    *size = (DWORD)(sizeof *copy + container + provider);
    return copy;
}

/* A text that ends within the block, or none. */
static bool text_within(const BYTE *data, DWORD size, ULONG_PTR place)
{
    WCHAR character;

    if (!place)
        return true;
    for (; place >= sizeof(CRYPT_KEY_PROV_INFO) && place <= size - sizeof character; place += sizeof character) {
        memcpy(&character, data + place, sizeof character);
        if (!character)
            return true;
    }
    return false;
}

bool prov_info_good(const BYTE *data, DWORD size)
{
    CRYPT_KEY_PROV_INFO info;

    if (size < sizeof info)
        return false;
    memcpy(&info, data, sizeof info);
    return !info.cProvParam && !info.rgProvParam && text_within(data, size, (ULONG_PTR)info.pwszContainerName) &&
           text_within(data, size, (ULONG_PTR)info.pwszProvName);
}

static void prov_info_unpack(CRYPT_KEY_PROV_INFO *info)
{
    if (info->pwszContainerName)
        info->pwszContainerName = (LPWSTR)((BYTE *)info + (ULONG_PTR)info->pwszContainerName);
    if (info->pwszProvName)
        info->pwszProvName = (LPWSTR)((BYTE *)info + (ULONG_PTR)info->pwszProvName);
}

/* Parts of the key's context are properties of their own. */
static bool from_key_context(struct body *body, DWORD id, BYTE *out, DWORD *size)
{
    struct property *property = property_find(body, CERT_KEY_CONTEXT_PROP_ID);
    CERT_KEY_CONTEXT key;

    if (property && property->size >= sizeof key) {
        memcpy(&key, property->data, sizeof key);
        if (id == CERT_KEY_SPEC_PROP_ID) {
            memcpy(out, &key.dwKeySpec, *size = sizeof key.dwKeySpec);
            return true;
        }
        if ((id == CERT_KEY_PROV_HANDLE_PROP_ID && key.dwKeySpec != CERT_NCRYPT_KEY_SPEC) ||
            (id == CERT_NCRYPT_KEY_HANDLE_PROP_ID && key.dwKeySpec == CERT_NCRYPT_KEY_SPEC) ||
            id == CERT_HCRYPTPROV_OR_NCRYPT_KEY_HANDLE_PROP_ID) {
            memcpy(out, &key.hCryptProv, *size = sizeof key.hCryptProv);
            return true;
        }
        return false;
    }
    property = id == CERT_KEY_SPEC_PROP_ID ? property_find(body, CERT_KEY_PROV_INFO_PROP_ID) : NULL;
    if (!property)
        return false;
    memcpy(out, &((CRYPT_KEY_PROV_INFO *)property->data)->dwKeySpec, *size = sizeof(DWORD));
    return true;
}

bool body_property(struct body *body, DWORD id, void *data, DWORD *size)
{
    BYTE value[TLS_HASH_MAX];
    DWORD length = 0;
    struct property *property;
    BOOL done;

    RtlAcquireSRWLockShared(&body->lock);
    property = property_find(body, id);
    if (property) {
        done = crypt_copy(property->data, property->size, data, size);
        if (done && data && id == CERT_KEY_PROV_INFO_PROP_ID)
            prov_info_unpack(data);
        RtlReleaseSRWLockShared(&body->lock);
        return done;
    }
    done = from_key_context(body, id, value, &length);
    RtlReleaseSRWLockShared(&body->lock);
    if (done || computed(body, id, value, &length))
        return crypt_copy(value, length, data, size);
    SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return false;
}

static BOOL property_get(const void *pointer, DWORD id, void *data, DWORD *size)
{
    struct context *context = context_from(pointer);

    if (!context)
        return FALSE;
    if (!size || !id)
        return crypt_fail((DWORD)E_INVALIDARG);
    return body_property(context->body, id, data, size);
}

BOOL WINAPI CertGetCertificateContextProperty(PCCERT_CONTEXT cert, DWORD id, void *data, DWORD *size)
{
    return property_get(cert, id, data, size);
}

BOOL WINAPI CertGetCRLContextProperty(PCCRL_CONTEXT crl, DWORD id, void *data, DWORD *size)
{
    return property_get(crl, id, data, size);
}

static BOOL property_set_blob(struct body *body, DWORD id, const void *data)
{
    const CRYPT_DATA_BLOB *blob = data;

    return body_property_set(body, id, blob->pbData ? blob->pbData : (const BYTE *)"", blob->cbData);
}

bool body_prov_info_set(struct body *body, const CRYPT_KEY_PROV_INFO *info)
{
    DWORD size = 0;
    void *packed = prov_info_pack(info, &size);
    bool done = packed && body_property_set(body, CERT_KEY_PROV_INFO_PROP_ID, packed, size);

    crypt_free(packed);
    return done;
}

static BOOL property_set(const void *pointer, DWORD id, DWORD flags, const void *data)
{
    struct context *context = context_from(pointer);
    struct body *body;
    BOOL done;

    if (!context)
        return FALSE;
    body = context->body;
    if (!id || id > CERT_LAST_USER_PROP_ID)
        return crypt_fail((DWORD)E_INVALIDARG);
    /* a handle that was given becomes the certificate's own, unless the caller keeps it */
    bool owned = !(flags & CERT_STORE_NO_CRYPT_RELEASE_FLAG);
    switch (data ? id : 0) {
    case 0:
        done = body_property_set(body, id, NULL, 0);
        break;
    case CERT_ACCESS_STATE_PROP_ID:
    case CERT_CEP_PROP_ID:
        return crypt_fail((DWORD)E_INVALIDARG); /* not to be set */
    case CERT_KEY_PROV_INFO_PROP_ID:
        done = body_prov_info_set(body, data);
        break;
    case CERT_KEY_CONTEXT_PROP_ID:
        if (((const CERT_KEY_CONTEXT *)data)->cbSize != sizeof(CERT_KEY_CONTEXT))
            return crypt_fail((DWORD)E_INVALIDARG);
        done = body_key_context_set(body, data, owned);
        break;
    case CERT_KEY_PROV_HANDLE_PROP_ID:
    case CERT_NCRYPT_KEY_HANDLE_PROP_ID: { /* the handle itself */
        CERT_KEY_CONTEXT key = {.cbSize = sizeof key,
                                .hCryptProv = (HCRYPTPROV)data,
                                .dwKeySpec = id == CERT_NCRYPT_KEY_HANDLE_PROP_ID ? CERT_NCRYPT_KEY_SPEC : 0};

        done = body_key_context_set(body, &key, owned);
        break;
    }
    case CERT_KEY_SPEC_PROP_ID:
        done = body_property_set(body, id, data, sizeof(DWORD));
        break;
    case CERT_DATE_STAMP_PROP_ID:
        done = body_property_set(body, id, data, sizeof(FILETIME));
        break;
    default:
        done = property_set_blob(body, id, data);
        break;
    }
    if (done && context->store)
        store_write(context->store, body);
    return done;
}

BOOL WINAPI CertSetCertificateContextProperty(PCCERT_CONTEXT cert, DWORD id, DWORD flags, const void *data)
{
    return property_set(cert, id, flags, data);
}

BOOL WINAPI CertSetCRLContextProperty(PCCRL_CONTEXT crl, DWORD id, DWORD flags, const void *data)
{
    return property_set(crl, id, flags, data);
}

/* The next number behind `id`, in no particular order; 0: no more. */
static DWORD property_enum(const void *pointer, DWORD id)
{
    struct context *context = context_from(pointer);
    struct property *property;
    DWORD next;

    if (!context)
        return 0;
    RtlAcquireSRWLockShared(&context->body->lock);
    property = context->body->properties;
    if (id) {
        property = property_find(context->body, id);
        property = property ? property->next : NULL;
    }
    next = property ? property->id : 0;
    RtlReleaseSRWLockShared(&context->body->lock);
    return next;
}

DWORD WINAPI CertEnumCertificateContextProperties(PCCERT_CONTEXT cert, DWORD id)
{
    return property_enum(cert, id);
}

DWORD WINAPI CertEnumCRLContextProperties(PCCRL_CONTEXT crl, DWORD id)
{
    return property_enum(crl, id);
}
