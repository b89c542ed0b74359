/*
 * pfx.c: wincrypt.h: PKCS #12 files.
 *
 * A private key goes to a container, and its certificate says to which (private_key.c).
 */
#include "crypt32/private_key.h"

#define EXPORT_SLACK 32 /* two exports differ in numbers that are drawn at random, and so in their sizes */

BOOL WINAPI PFXIsPFXBlob(CRYPT_DATA_BLOB *pfx)
{
    return pfx && pfx->cbData && host_pfx_is(tls_blob_of(pfx->pbData, pfx->cbData));
}

BOOL WINAPI PFXVerifyPassword(CRYPT_DATA_BLOB *blob, LPCWSTR password, DWORD flags)
{
    char *text = password ? utf8_from_wide(password) : NULL;
    struct tls_pfx pfx = {0};
    enum tls_result result;

    (void)flags;
    result = host_pfx_read(tls_blob_of(blob->pbData, blob->cbData), text ? text : "", &pfx);
    crypt_free(text);
    if (result == TLS_OK)
        tls_plugin()->pfx_release(&pfx);
    return result == TLS_OK;
}

static bool data_same(const struct tls_data *a, const struct tls_data *b)
{
    return a->size == b->size && a->size && !memcmp(a->data, b->data, a->size);
}

/* A key belongs to the certificate with its public half, whatever the file's names for them say. */
static bool key_fits(const struct tls_data *key, struct body *body)
{
    struct tls_data public_key = {0};
    DWORD size;
    BYTE *block,
        *bytes = asn_encode(&asn_public_key, &((CERT_INFO *)body->info)->SubjectPublicKeyInfo, 0, &size, &block);
    struct tls_data own = {bytes, size};
    bool fits =
        bytes && host_public_key(tls_blob_of(key->data, key->size), &public_key) && data_same(&own, &public_key);

    host_release(&public_key);
    crypt_free(block);
    return fits;
}

static void add_entry(struct store *store, const struct tls_pfx *pfx, const struct tls_pfx_entry *entry, DWORD flags)
{
    struct body *body = body_make(BODY_CERT, entry->certificate.data, (DWORD)entry->certificate.size);

    if (!body)
        return;
    for (size_t i = 0; i < pfx->count && !body->key.cbData; i++)
        if (pfx->entries[i].key.size && key_fits(&pfx->entries[i].key, body))
            body_key_keep(body, pfx->entries[i].key.data, (DWORD)pfx->entries[i].key.size, flags);
    if (entry->friendly_name) {
        WCHAR *name = wide_from_utf8(entry->friendly_name, -1);

        if (name)
            body_property_set(body, CERT_FRIENDLY_NAME_PROP_ID, name, (DWORD)((wide_length(name) + 1) * sizeof *name));
        crypt_free(name);
    }
    store_put(store, body, false);
}

HCERTSTORE WINAPI PFXImportCertStore(CRYPT_DATA_BLOB *blob, LPCWSTR password, DWORD flags)
{
    char *text = password ? utf8_from_wide(password) : NULL;
    struct tls_pfx pfx = {0};
    struct store *store = NULL;
    enum tls_result result = TLS_MALFORMED;

    if (blob && blob->pbData)
        result = host_pfx_read(tls_blob_of(blob->pbData, blob->cbData), text ? text : "", &pfx);
    crypt_free(text);
    if (result == TLS_OK) {
        store = store_make(STORE_MEMORY, 0);
        for (size_t i = 0; i < pfx.count && store; i++)
            if (pfx.entries[i].certificate.size)
                add_entry(store, &pfx, &pfx.entries[i], flags);
        tls_plugin()->pfx_release(&pfx);
    } else {
        SetLastError(result == TLS_PASSWORD ? ERROR_INVALID_PASSWORD : (DWORD)CRYPT_E_BAD_ENCODE);
    }
    return store;
}

static bool export_entry(struct context *context, struct tls_pfx_entry *entry, bool keys)
{
    struct body *body = context->body;
    WCHAR name[256];
    DWORD size = sizeof name;
    static const BYTE hash_size = 20;

    entry->certificate = (struct tls_data){body->encoded, body->size};
    if (keys && body_private_key(body).cbData && body->key_exportable) {
        entry->key = (struct tls_data){body->key.pbData, body->key.cbData};
        entry->key_id.data = crypt_alloc(TLS_HASH_MAX);
        entry->key_id.size = entry->key_id.data && body_hash(body, TLS_HASH_SHA1, entry->key_id.data) ? hash_size : 0;
    }
    if (body_property(body, CERT_FRIENDLY_NAME_PROP_ID, name, &size))
        entry->friendly_name = utf8_from_wide(name);
    return true;
}

static void entries_free(struct tls_pfx *pfx)
{
    for (size_t i = 0; i < pfx->count; i++) {
        crypt_free(pfx->entries[i].key_id.data);
        crypt_free(pfx->entries[i].friendly_name);
    }
    crypt_free(pfx->entries);
}

BOOL WINAPI PFXExportCertStoreEx(HCERTSTORE handle, CRYPT_DATA_BLOB *blob, LPCWSTR password, void *para, DWORD flags)
{
    struct store *store = store_from(handle);
    struct tls_pfx pfx = {0};
    struct context *context = NULL;
    struct tls_data made = {0};
    char *text;
    size_t room = 0;
    BOOL done;

    (void)para;
    if (!store || !blob)
        return FALSE;
    while ((context = store_next(store, BODY_CERT, context)))
        room++;
    pfx.entries = crypt_alloc((room + 1) * sizeof *pfx.entries);
    while (pfx.entries && pfx.count < room && (context = store_next(store, BODY_CERT, context))) {
        bool key = flags & EXPORT_PRIVATE_KEYS && body_private_key(context->body).cbData;
        bool keyless = flags & EXPORT_PRIVATE_KEYS && !key && flags & REPORT_NO_PRIVATE_KEY;

        if (keyless || (key && !context->body->key_exportable && flags & REPORT_NOT_ABLE_TO_EXPORT_PRIVATE_KEY)) {
            context_release(context); /* the caller wants to know */
            entries_free(&pfx);
            return crypt_fail((DWORD)(keyless ? CRYPT_E_NOT_FOUND : NTE_BAD_KEY_STATE));
        }
        export_entry(context, &pfx.entries[pfx.count++], flags & EXPORT_PRIVATE_KEYS);
    }
    text = password ? utf8_from_wide(password) : NULL;
    done = pfx.entries && host_pfx_write(&pfx, text ? text : "", &made) == TLS_OK;
    if (done && !blob->pbData)
        blob->cbData = (DWORD)made.size + EXPORT_SLACK;
    else if (done)
        done = crypt_copy(made.data, (DWORD)made.size, blob->pbData, &blob->cbData);
    else
        SetLastError((DWORD)NTE_FAIL);
    host_release(&made);
    entries_free(&pfx);
    crypt_free(text);
    return done;
}

BOOL WINAPI PFXExportCertStore(HCERTSTORE store, CRYPT_DATA_BLOB *blob, LPCWSTR password, DWORD flags)
{
    return PFXExportCertStoreEx(store, blob, password, NULL, flags);
}
