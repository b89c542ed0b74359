/*
 * schannel_request.c: a server's wish for the client's certificate.
 *
 * Windows stops there and lets the program choose (SEC_I_INCOMPLETE_CREDENTIALS); what has come is not used up, the
 * program brings it again.  GnuTLS can not stop there, so the server's messages are looked at before it gets them. That
 * is possible up to TLS 1.2, where they are not encrypted; in TLS 1.3 the credentials' certificate or none is the
 * answer.
 */
#include "secur32/schannel.h"

#define RECORD_HEAD 5
#define HANDSHAKE 22
#define CERTIFICATE_REQUEST 13
#define HELLO_DONE 14
#define MOST_BYTES 0x20000 /* of the messages that are looked at */

/* Whole records' content behind what came before.  Others than those of the handshake: there will be no wish. */
static bool flight_add(struct security_context *context, const BYTE *data, size_t size)
{
    while (size >= RECORD_HEAD) {
        size_t content = (size_t)(data[3] << 8 | data[4]);

        if (data[0] != HANDSHAKE || context->flight.size > MOST_BYTES)
            return false;
        if (content > size - RECORD_HEAD)
            break;
        writer_put(&context->flight, data + RECORD_HEAD, content);
        data += RECORD_HEAD + content;
        size -= RECORD_HEAD + content;
    }
    return !context->flight.failed;
}

/* A message of the flight; false: it has not come as a whole. */
static bool message_next(struct bytes flight, size_t *at, BYTE *type, struct bytes *body)
{
    const BYTE *head = flight.data + *at;
    size_t size;

    if (flight.size - *at < 4)
        return false;
    size = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (size > flight.size - *at - 4)
        return false;
    *type = head[0];
    *body = (struct bytes){head + 4, size};
    *at += 4 + size;
    return true;
}

/* A vector whose length takes `width` bytes. */
static bool vector_take(struct bytes *from, int width, struct bytes *vector)
{
    size_t size = 0;

    if (from->size < (size_t)width)
        return false;
    for (int i = 0; i < width; i++)
        size = size << 8 | from->data[i];
    if (size > from->size - (size_t)width)
        return false;
    *vector = (struct bytes){from->data + width, size};
    from->data += (size_t)width + size;
    from->size -= (size_t)width + size;
    return true;
}

/* RFC 5246 section 7.4.4; before TLS 1.2 there are no signatures' algorithms. */
static void issuers_read(struct security_context *context, struct bytes body)
{
    struct bytes part, names, name, rest;
    DWORD count = 0;
    BYTE *at;

    if (!vector_take(&body, 1, &part) || !vector_take(&body, 2, &names))
        return;
    if (body.size && !vector_take(&body, 2, &names))
        return;
    for (rest = names; vector_take(&rest, 2, &name);)
        count++;
    context->issuers = count ? crypt_alloc(count * sizeof *context->issuers + names.size) : NULL;
    if (!context->issuers)
        return;
    at = (BYTE *)(context->issuers + count);
    for (rest = names; vector_take(&rest, 2, &name); at += name.size)
        context->issuers[context->issuer_count++] =
            (CERT_NAME_BLOB){(DWORD)name.size, memcpy(at, name.data, name.size)};
}

static bool issuer_listed(const struct security_context *context, PCCERT_CONTEXT cert)
{
    for (DWORD i = 0; i < context->issuer_count; i++)
        if (CertCompareCertificateName(X509_ASN_ENCODING, &context->issuers[i], &cert->pCertInfo->Issuer))
            return true;
    return false;
}

/* Does the server trust whoever issued it, or someone above? */
static bool acceptable(const struct security_context *context, PCCERT_CONTEXT cert)
{
    CERT_CHAIN_PARA para = {.cbSize = sizeof para};
    PCCERT_CHAIN_CONTEXT chain;
    bool good = !context->issuer_count;

    if (good || !CertGetCertificateChain(NULL, cert, NULL, cert->hCertStore, &para, 0, NULL, &chain))
        return good;
    for (DWORD i = 0; i < chain->rgpChain[0]->cElement && !good; i++)
        good = issuer_listed(context, chain->rgpChain[0]->rgpElement[i]->pCertContext);
    CertFreeCertificateChain(chain);
    return good;
}

/* The user's own certificate that would do; NULL: none. */
static PCCERT_CONTEXT certificate_choose(const struct security_context *context)
{
    HCERTSTORE store = CertOpenSystemStoreW(0, L"MY");
    PCCERT_CONTEXT cert = NULL;

    while (store && (cert = CertEnumCertificatesInStore(store, cert)))
        if (cert_private_key(cert).cbData && !CertVerifyTimeValidity(NULL, cert->pCertInfo) &&
            cert_may(cert, szOID_PKIX_KP_CLIENT_AUTH) && acceptable(context, cert))
            break;
    CertCloseStore(store, 0);
    return cert;
}

/* Credentials that name no certificate, and do not forbid to look for one. */
static void certificate_supply(struct security_context *context)
{
    PCCERT_CONTEXT cert = certificate_choose(context);
    struct credentials *own = cert ? crypt_alloc(sizeof *own) : NULL;

    if (own) {
        own->versions = context->credentials->versions;
        own->flags = context->credentials->flags;
        own->roots = CertDuplicateStore(context->credentials->roots);
        if (!credentials_take(own, cert) && certificate_give(context, own))
            context->credentials = context->own = own;
        else
            schannel_release(&own->head);
    }
    if (cert)
        CertFreeCertificateContext(cert);
}

SECURITY_STATUS request_look(struct security_context *context, const BYTE *data, size_t size)
{
    struct bytes flight, body;
    size_t at = 0;
    BYTE type;

    if (context->wish_known || context->server || context->credentials->certificate ||
        context->state != CONTEXT_HANDSHAKE)
        return SEC_E_OK;
    context->wish_known = !flight_add(context, data, size);
    flight = (struct bytes){context->flight.data, context->flight.size};
    while (message_next(flight, &at, &type, &body)) {
        if (type != CERTIFICATE_REQUEST && type != HELLO_DONE)
            continue;
        context->wish_known = true;
        if (type == HELLO_DONE || context->requested & ISC_REQ_USE_SUPPLIED_CREDS)
            break;
        issuers_read(context, body);
        if (context->credentials->flags & SCH_CRED_NO_DEFAULT_CREDS)
            return SEC_I_INCOMPLETE_CREDENTIALS;
        certificate_supply(context);
        break;
    }
    return SEC_E_OK;
}
