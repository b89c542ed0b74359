/*
 * serialize.c: the form of stores in files and in the registry: properties and encoded things, one after the other.
 *
 * Each is: number, encoding (1), size, bytes.  A certificate's number is 32, a revocation list's 33; they come behind
 * their properties.  A file begins with 0 and "CERT" and ends with zeros.
 */
#include "crypt32/store.h"

enum {
    ELEMENT_CERT = 32,
    ELEMENT_CRL = 33,
    ELEMENT_KEY = 0x7f00 /* the private key itself, as prefixes once had it */
};

struct element_head {
    DWORD id, encoding, size;
};

/* Handles are no use to another process. */
static bool kept(DWORD id)
{
    return id != CERT_KEY_CONTEXT_PROP_ID && id != CERT_KEY_PROV_HANDLE_PROP_ID && id != CERT_NCRYPT_KEY_HANDLE_PROP_ID;
}

static BYTE *put(BYTE *at, DWORD id, const void *data, DWORD size)
{
    struct element_head head = {id, X509_ASN_ENCODING, size};

    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, data, size);
    return at + sizeof head + size;
}

BYTE *body_serialize(struct body *body, DWORD *size)
{
    size_t needed = sizeof(struct element_head) * 2 + body->size;
    BYTE *data, *at;

    RtlAcquireSRWLockShared(&body->lock);
    for (struct property *property = body->properties; property; property = property->next)
        if (kept(property->id))
            needed += sizeof(struct element_head) + property->size;
    data = at = crypt_alloc(needed);
    if (data) {
        for (struct property *property = body->properties; property; property = property->next)
            if (kept(property->id))
                at = put(at, property->id, property->data, property->size);
        at = put(at, body->kind == BODY_CERT ? ELEMENT_CERT : ELEMENT_CRL, body->encoded, body->size);
        *size = (DWORD)(at - data);
    }
    RtlReleaseSRWLockShared(&body->lock);
    return data;
}

static bool take(const BYTE **at, const BYTE *end, struct element_head *head)
{
    if ((size_t)(end - *at) < sizeof *head)
        return false;
    memcpy(head, *at, sizeof *head);
    *at += sizeof *head;
    return head->size <= (size_t)(end - *at);
}

struct body *body_deserialize(const BYTE **place, const BYTE *end)
{
    const BYTE *at = *place;
    struct element_head head;
    struct body *body = NULL;

    for (; take(&at, end, &head) && head.id; at += head.size) /* first what it is, then what it has */
        if (head.id == ELEMENT_CERT || head.id == ELEMENT_CRL) {
            body = body_make(head.id == ELEMENT_CERT ? BODY_CERT : BODY_CRL, at, head.size);
            break;
        }
    if (!body)
        return NULL;
    for (at = *place; take(&at, end, &head) && head.id != ELEMENT_CERT && head.id != ELEMENT_CRL; at += head.size) {
        if (head.id == ELEMENT_KEY)
            body_key_set(body, at, head.size, true);
        else if (kept(head.id) && (head.id != CERT_KEY_PROV_INFO_PROP_ID || prov_info_good(at, head.size)))
            body_property_set(body, head.id, at, head.size);
    }
    *place = at + head.size;
    return body;
}

static BOOL serialize(const void *pointer, BYTE *data, DWORD *size)
{
    struct context *context = context_from(pointer);
    DWORD needed = 0;
    BYTE *made = context ? body_serialize(context->body, &needed) : NULL;
    BOOL done = made && crypt_copy(made, needed, data, size);

    crypt_free(made);
    return done;
}

BOOL WINAPI CertSerializeCertificateStoreElement(PCCERT_CONTEXT cert, DWORD flags, BYTE *data, DWORD *size)
{
    (void)flags;
    return serialize(cert, data, size);
}

BOOL WINAPI CertSerializeCRLStoreElement(PCCRL_CONTEXT crl, DWORD flags, BYTE *data, DWORD *size)
{
    (void)flags;
    return serialize(crl, data, size);
}

BOOL WINAPI CertAddSerializedElementToStore(HCERTSTORE handle, const BYTE *data, DWORD size, DWORD disposition,
                                            DWORD flags, DWORD kinds, DWORD *kind, const void **result)
{
    struct store *store = handle ? store_from(handle) : NULL;
    const BYTE *at = data;
    struct body *body;
    struct context *context;

    (void)flags;
    if (handle && !store)
        return FALSE;
    body = body_deserialize(&at, data + size);
    if (!body || !(kinds & (body->kind == BODY_CERT ? 2u : 4u))) {
        if (body)
            body_release(body);
        return crypt_fail(ERROR_INVALID_DATA);
    }
    if (kind)
        *kind = body->kind == BODY_CERT ? CERT_STORE_CERTIFICATE_CONTEXT : CERT_STORE_CRL_CONTEXT;
    context = store ? store_add(store, body, disposition, true) : context_make(body, NULL);
    if (!context)
        return FALSE;
    if (result)
        *result = context;
    else
        context_release(context);
    return TRUE;
}
