/*
 * pkcs12.c: certificates and their keys in one file under a password.
 */
#include <stdlib.h>
#include <string.h>
#include "tls.h"

static struct tls_pfx_entry *entry_add(struct tls_pfx *pfx)
{
    struct tls_pfx_entry *longer = realloc(pfx->entries, (pfx->count + 1) * sizeof *longer);

    if (!longer)
        return NULL;
    pfx->entries = longer;
    memset(&longer[pfx->count], 0, sizeof *longer);
    return &longer[pfx->count++];
}

void pfx_release(struct tls_pfx *pfx)
{
    for (size_t i = 0; i < pfx->count; i++) {
        free(pfx->entries[i].certificate.data);
        free(pfx->entries[i].key.data);
        free(pfx->entries[i].key_id.data);
        free(pfx->entries[i].friendly_name);
    }
    free(pfx->entries);
    *pfx = (struct tls_pfx){0};
}

static bool copy(const void *data, size_t size, struct tls_data *to)
{
    to->data = malloc(size ? size : 1);
    to->size = to->data ? size : 0;
    if (to->data)
        memcpy(to->data, data, size);
    return to->data;
}

/* A key comes encrypted or plain; PKCS #8 is wanted. */
static enum tls_result key_read(gnutls_datum_t der, bool encrypted, const char *password, struct tls_data *key)
{
    gnutls_x509_privkey_t opened;
    gnutls_datum_t plain;
    int error;

    if (gnutls_x509_privkey_init(&opened) < 0)
        return TLS_FAILED;
    error = gnutls_x509_privkey_import_pkcs8(opened, &der, GNUTLS_X509_FMT_DER, password,
                                             encrypted ? 0 : GNUTLS_PKCS_PLAIN);
    if (error >= 0)
        error = gnutls_x509_privkey_export2_pkcs8(opened, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &plain);
    gnutls_x509_privkey_deinit(opened);
    if (error < 0)
        return error == GNUTLS_E_DECRYPTION_FAILED ? TLS_PASSWORD : TLS_MALFORMED;
    return data_take(&plain, key) ? TLS_OK : TLS_FAILED;
}

static enum tls_result bag_read(gnutls_pkcs12_bag_t bag, const char *password, struct tls_pfx *pfx)
{
    int count = gnutls_pkcs12_bag_get_count(bag);
    enum tls_result result = TLS_OK;

    for (int i = 0; i < count && !result; i++) {
        gnutls_pkcs12_bag_type_t type = gnutls_pkcs12_bag_get_type(bag, (unsigned)i);
        gnutls_datum_t data, id = {0};
        char *name = NULL;
        bool key = type == GNUTLS_BAG_PKCS8_KEY || type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY;
        struct tls_pfx_entry *entry;

        if ((!key && type != GNUTLS_BAG_CERTIFICATE) || gnutls_pkcs12_bag_get_data(bag, (unsigned)i, &data) < 0)
            continue;
        entry = entry_add(pfx);
        if (!entry)
            return TLS_FAILED;
        if (key)
            result = key_read(data, type == GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, password, &entry->key);
        else
            copy(data.data, data.size, &entry->certificate);
        if (gnutls_pkcs12_bag_get_key_id(bag, (unsigned)i, &id) >= 0 && id.data)
            copy(id.data, id.size, &entry->key_id);
        if (gnutls_pkcs12_bag_get_friendly_name(bag, (unsigned)i, &name) >= 0 && name)
            entry->friendly_name = strdup(name);
    }
    return result;
}

static enum tls_result bags_read(gnutls_pkcs12_t file, const char *password, struct tls_pfx *pfx)
{
    for (int i = 0;; i++) {
        gnutls_pkcs12_bag_t bag;
        enum tls_result result = TLS_OK;

        if (gnutls_pkcs12_bag_init(&bag) < 0)
            return TLS_FAILED;
        if (gnutls_pkcs12_get_bag(file, i, bag) < 0) {
            gnutls_pkcs12_bag_deinit(bag);
            return TLS_OK; /* the last was before */
        }
        if (gnutls_pkcs12_bag_get_type(bag, 0) == GNUTLS_BAG_ENCRYPTED && gnutls_pkcs12_bag_decrypt(bag, password) < 0)
            result = TLS_PASSWORD;
        else
            result = bag_read(bag, password, pfx);
        gnutls_pkcs12_bag_deinit(bag);
        if (result)
            return result;
    }
}

enum tls_result pfx_read(struct tls_blob blob, const char *password, struct tls_pfx *pfx)
{
    gnutls_pkcs12_t file;
    gnutls_datum_t der = datum(blob);
    enum tls_result result = TLS_OK;

    *pfx = (struct tls_pfx){0};
    if (gnutls_pkcs12_init(&file) < 0)
        return TLS_FAILED;
    if (gnutls_pkcs12_import(file, &der, GNUTLS_X509_FMT_DER, 0) < 0)
        result = TLS_MALFORMED;
    else if (gnutls_pkcs12_verify_mac(file, password) < 0 && (*password || gnutls_pkcs12_verify_mac(file, NULL) < 0))
        result = gnutls_pkcs12_mac_info(file, NULL, NULL, NULL, NULL, NULL) == GNUTLS_E_ASN1_ELEMENT_NOT_FOUND
                     ? TLS_OK /* it has no MAC */
                     : TLS_PASSWORD;
    if (!result)
        result = bags_read(file, password, pfx);
    gnutls_pkcs12_deinit(file);
    if (result)
        pfx_release(pfx);
    return result;
}

bool pfx_is(struct tls_blob blob)
{
    gnutls_pkcs12_t file;
    gnutls_datum_t der = datum(blob);
    bool good;

    if (gnutls_pkcs12_init(&file) < 0)
        return false;
    good = gnutls_pkcs12_import(file, &der, GNUTLS_X509_FMT_DER, 0) >= 0;
    gnutls_pkcs12_deinit(file);
    return good;
}

/* A key goes into its bag in the encrypted form. */
static int bag_add_key(gnutls_pkcs12_bag_t bag, const struct tls_pfx_entry *entry, const char *password)
{
    gnutls_x509_privkey_t key;
    gnutls_datum_t der = {entry->key.data, (unsigned)entry->key.size}, sealed;
    int at = gnutls_x509_privkey_init(&key);

    if (at < 0)
        return at;
    at = gnutls_x509_privkey_import_pkcs8(key, &der, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
    if (at >= 0)
        at = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, password, GNUTLS_PKCS_PBES2_AES_256, &sealed);
    gnutls_x509_privkey_deinit(key);
    if (at >= 0) {
        at = gnutls_pkcs12_bag_set_data(bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &sealed);
        gnutls_free(sealed.data);
    }
    return at;
}

static int bag_write(gnutls_pkcs12_t file, const struct tls_pfx_entry *entry, bool key, const char *password)
{
    gnutls_pkcs12_bag_t bag;
    gnutls_datum_t data = {entry->certificate.data, (unsigned)entry->certificate.size};
    gnutls_datum_t id = {entry->key_id.data, (unsigned)entry->key_id.size};
    int at = gnutls_pkcs12_bag_init(&bag);

    if (at < 0)
        return at;
    at = key ? bag_add_key(bag, entry, password) : gnutls_pkcs12_bag_set_data(bag, GNUTLS_BAG_CERTIFICATE, &data);
    if (at >= 0 && id.size)
        gnutls_pkcs12_bag_set_key_id(bag, (unsigned)at, &id);
    if (at >= 0 && entry->friendly_name)
        gnutls_pkcs12_bag_set_friendly_name(bag, (unsigned)at, entry->friendly_name);
    if (at >= 0 && !key)
        at = gnutls_pkcs12_bag_encrypt(bag, password, GNUTLS_PKCS_PBES2_AES_256);
    if (at >= 0)
        at = gnutls_pkcs12_set_bag(file, bag);
    gnutls_pkcs12_bag_deinit(bag);
    return at;
}

enum tls_result pfx_write(const struct tls_pfx *pfx, const char *password, struct tls_data *data)
{
    gnutls_pkcs12_t file;
    gnutls_datum_t der;
    int error = gnutls_pkcs12_init(&file);

    if (error < 0)
        return TLS_FAILED;
    for (size_t i = 0; i < pfx->count && error >= 0; i++) {
        if (pfx->entries[i].certificate.size)
            error = bag_write(file, &pfx->entries[i], false, password);
        if (error >= 0 && pfx->entries[i].key.size)
            error = bag_write(file, &pfx->entries[i], true, password);
    }
    if (error >= 0)
        error = gnutls_pkcs12_generate_mac2(file, GNUTLS_MAC_SHA256, password);
    if (error >= 0)
        error = gnutls_pkcs12_export2(file, GNUTLS_X509_FMT_DER, &der);
    gnutls_pkcs12_deinit(file);
    return error >= 0 && data_take(&der, data) ? TLS_OK : TLS_FAILED;
}
