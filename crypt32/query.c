/*
 * query.c: wincrypt.h: CryptQueryObject: what a file or a piece of memory is.
 *
 * The kinds are tried one after the other, as far as the caller wants them.  PEM and bare base64 are decoded first.
 */
#include "crypt32/asn.h"
#include "crypt32/message.h"
#include "crypt32/store.h"

struct found {
    DWORD encoding, content, format;
    HCERTSTORE store;
    HCRYPTMSG message;
    const void *context;
};

static bool store_with(struct found *found, const void *context, enum body_kind kind)
{
    struct store *store = store_make(STORE_MEMORY, 0);

    if (!store)
        return false;
    if (kind == BODY_CERT)
        CertAddCertificateContextToStore(store, context, CERT_STORE_ADD_ALWAYS, NULL);
    else
        CertAddCRLContextToStore(store, context, CERT_STORE_ADD_ALWAYS, NULL);
    found->store = store;
    found->context = context;
    return true;
}

static bool whole(const BYTE *data, DWORD size)
{
    const BYTE *at = data;
    struct der_item item;

    return size && *data == DER_SEQUENCE && der_next(&at, data + size, &item);
}

static bool query_cert(const BYTE *data, DWORD size, struct found *found)
{
    PCCERT_CONTEXT cert = CertCreateCertificateContext(X509_ASN_ENCODING, data, size);

    found->encoding = X509_ASN_ENCODING;
    return cert && store_with(found, cert, BODY_CERT);
}

static bool query_crl(const BYTE *data, DWORD size, struct found *found)
{
    PCCRL_CONTEXT crl = CertCreateCRLContext(X509_ASN_ENCODING, data, size);

    found->encoding = X509_ASN_ENCODING;
    return crl && store_with(found, crl, BODY_CRL);
}

static bool query_message(const BYTE *data, DWORD size, struct found *found)
{
    HCRYPTMSG message = CryptMsgOpenToDecode(ENCODING_ANY, 0, 0, 0, NULL, NULL);
    DWORD type, length = sizeof type;

    if (!message)
        return false;
    if (!CryptMsgUpdate(message, data, size, TRUE) || !CryptMsgGetParam(message, CMSG_TYPE_PARAM, 0, &type, &length) ||
        type != CMSG_SIGNED) {
        CryptMsgClose(message);
        return false;
    }
    found->encoding = ENCODING_ANY;
    found->message = message;
    found->store = CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, message);
    return true;
}

/* The signature inside of a program. */
static bool query_embedded(const BYTE *data, DWORD size, struct found *found)
{
    CRYPT_DATA_BLOB signature;

    return image_signature(data, size, &signature) && query_message(signature.pbData, signature.cbData, found);
}

static bool query_serialized(const BYTE *data, DWORD size, struct found *found)
{
    struct store *store = store_make(STORE_MEMORY, 0);

    if (store && store_read_serialized(store, data, size)) {
        found->store = store;
        return true;
    }
    if (store)
        store_release(store);
    return false;
}

static bool query_pfx(const BYTE *data, DWORD size, struct found *found)
{
    found->encoding = 0;
    return host_pfx_is(tls_blob_of(data, size));
}

static bool query_request(const BYTE *data, DWORD size, struct found *found)
{
    CERT_SIGNED_CONTENT_INFO *content;
    CERT_REQUEST_INFO *request = NULL;
    DWORD needed;

    if (!whole(data, size))
        return false;
    content = asn_decode(&asn_signed, data, size, 0, &needed);
    if (content)
        request = asn_decode(&asn_request_info, content->ToBeSigned.pbData, content->ToBeSigned.cbData, 0, &needed);
    found->encoding = X509_ASN_ENCODING;
    crypt_free(content);
    crypt_free(request);
    return request;
}

static const struct {
    DWORD content;
    bool (*query)(const BYTE *data, DWORD size, struct found *found);
} kinds[] = {
    {CERT_QUERY_CONTENT_CERT, query_cert},
    {CERT_QUERY_CONTENT_CRL, query_crl},
    {CERT_QUERY_CONTENT_SERIALIZED_STORE, query_serialized},
    {CERT_QUERY_CONTENT_PKCS7_SIGNED, query_message},
    {CERT_QUERY_CONTENT_PKCS7_SIGNED_EMBED, query_embedded},
    {CERT_QUERY_CONTENT_PKCS10, query_request},
    {CERT_QUERY_CONTENT_PFX, query_pfx},
};

static bool query_binary(const BYTE *data, DWORD size, DWORD wanted, DWORD format, struct found *found)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        *found = (struct found){.content = kinds[i].content, .format = format};
        if (wanted & 1u << kinds[i].content && kinds[i].query(data, size, found))
            return true;
    }
    return false;
}

/* Base64 without a frame around it. */
static BYTE *bare_base64(const BYTE *data, DWORD size, DWORD *length)
{
    char *framed = crypt_alloc((size_t)size + 16);
    BYTE *plain;

    if (!framed)
        return NULL;
    memcpy(framed, "-----BEGIN X-\n", 14);
    memcpy(framed + 14, data, size);
    plain = pem_read((BYTE *)framed, size + 14, NULL, length);
    crypt_free(framed);
    return plain;
}

static bool query(const BYTE *data, DWORD size, DWORD contents, DWORD formats, struct found *found)
{
    DWORD length = 0;
    BYTE *plain;
    bool done;

    if (formats & CERT_QUERY_FORMAT_FLAG_BINARY && query_binary(data, size, contents, CERT_QUERY_FORMAT_BINARY, found))
        return true;
    if (!(formats & CERT_QUERY_FORMAT_FLAG_BASE64_ENCODED))
        return false;
    plain = pem_read(data, size, NULL, &length);
    if (!plain)
        plain = bare_base64(data, size, &length);
    done = plain && length && query_binary(plain, length, contents, CERT_QUERY_FORMAT_BASE64_ENCODED, found);
    crypt_free(plain);
    return done;
}

BOOL WINAPI CryptQueryObject(DWORD type, const void *object, DWORD contents, DWORD formats, DWORD flags,
                             DWORD *encoding, DWORD *content, DWORD *format, HCERTSTORE *store, HCRYPTMSG *message,
                             const void **context)
{
    const CRYPT_DATA_BLOB *blob = object;
    struct found found;
    BYTE *file = NULL;
    DWORD size = 0;
    bool done;

    (void)flags;
    if (store)
        *store = NULL;
    if (message)
        *message = NULL;
    if (context)
        *context = NULL;
    if (!object || (type != CERT_QUERY_OBJECT_FILE && type != CERT_QUERY_OBJECT_BLOB))
        return crypt_fail((DWORD)E_INVALIDARG);
    if (type == CERT_QUERY_OBJECT_FILE) {
        file = file_read(object, &size);
        if (!file)
            return FALSE;
        done = query(file, size, contents, formats, &found);
        crypt_free(file);
    } else {
        done = query(blob->pbData, blob->cbData, contents, formats, &found);
    }
    if (!done)
        return crypt_fail((DWORD)CRYPT_E_NO_MATCH);
    if (encoding)
        *encoding = found.encoding;
    if (content)
        *content = found.content;
    if (format)
        *format = found.format;
    if (store)
        *store = found.store;
    else
        CertCloseStore(found.store, 0);
    if (message)
        *message = found.message;
    else if (found.message)
        CryptMsgClose(found.message);
    if (context)
        *context = found.context;
    else if (found.context && found.content == CERT_QUERY_CONTENT_CRL)
        CertFreeCRLContext(found.context);
    else if (found.context)
        CertFreeCertificateContext(found.context);
    return TRUE;
}
