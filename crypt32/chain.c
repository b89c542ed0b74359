/*
 * chain.c: wincrypt.h: chains from a certificate to a root.
 *
 * Issuers are found by name in the caller's store, the certificate's own, CA and ROOT; a signature that is not right
 * makes one no issuer.  Of several ways the first that ends at a trusted root is taken, else the first of all.  What
 * each certificate may do is judged by chain_check.c.
 */
#include "crypt32/asn.h"
#include "crypt32/chain.h"

#define ENGINE_MAGIC 0x676e6563u
#define CHAIN_MAGIC 0x6e696863u

struct engine {
    DWORD magic;
    LONG references;
    HCERTSTORE exclusive, other[8];
    DWORD other_count;
};

BOOL WINAPI CertCreateCertificateChainEngine(PCERT_CHAIN_ENGINE_CONFIG config, HCERTCHAINENGINE *handle)
{
    struct engine *engine;
    DWORD count;

    if (!config || config->cbSize < offsetof(CERT_CHAIN_ENGINE_CONFIG, hExclusiveRoot))
        return crypt_fail((DWORD)E_INVALIDARG);
    engine = crypt_alloc(sizeof *engine);
    if (!engine)
        return FALSE;
    engine->magic = ENGINE_MAGIC;
    engine->references = 1;
    if (config->cbSize >= offsetof(CERT_CHAIN_ENGINE_CONFIG, hExclusiveTrustedPeople) && config->hExclusiveRoot)
        engine->exclusive = CertDuplicateStore(config->hExclusiveRoot);
    else if (config->hRestrictedRoot)
        engine->exclusive = CertDuplicateStore(config->hRestrictedRoot);
    count = config->cAdditionalStore < 6 ? config->cAdditionalStore : 6;
    for (DWORD i = 0; i < count; i++)
        engine->other[engine->other_count++] = CertDuplicateStore(config->rghAdditionalStore[i]);
    if (config->hRestrictedOther)
        engine->other[engine->other_count++] = CertDuplicateStore(config->hRestrictedOther);
    *handle = engine;
    return TRUE;
}

/* The default engines are small numbers. */
static struct engine *engine_from(HCERTCHAINENGINE handle)
{
    struct engine *engine = handle;

    return (ULONG_PTR)handle > 0xffff && engine->magic == ENGINE_MAGIC ? engine : NULL;
}

static void engine_release(struct engine *engine)
{
    if (__sync_sub_and_fetch(&engine->references, 1))
        return;
    CertCloseStore(engine->exclusive, 0);
    for (DWORD i = 0; i < engine->other_count; i++)
        CertCloseStore(engine->other[i], 0);
    engine->magic = 0;
    crypt_free(engine);
}

void WINAPI CertFreeCertificateChainEngine(HCERTCHAINENGINE handle)
{
    struct engine *engine = engine_from(handle);

    if (engine)
        engine_release(engine);
}

BOOL WINAPI CertResyncCertificateChainEngine(HCERTCHAINENGINE handle)
{
    (void)handle;
    return TRUE; /* stores are looked into anew by each chain */
}

/* A search for a way up. */
struct search {
    struct store *stores[12];
    unsigned store_count;
    struct store *roots;
    PCCERT_CONTEXT path[CHAIN_MAX], best[CHAIN_MAX];
    unsigned depth, best_depth, tries;
    bool best_bad_signature, trusted, cyclic;
};

static struct tls_blob cert_blob(PCCERT_CONTEXT cert)
{
    return tls_blob_of(cert->pbCertEncoded, cert->cbCertEncoded);
}

static bool same(PCCERT_CONTEXT a, PCCERT_CONTEXT b)
{
    return a->cbCertEncoded == b->cbCertEncoded && !memcmp(a->pbCertEncoded, b->pbCertEncoded, a->cbCertEncoded);
}

static bool self_issued(PCCERT_CONTEXT cert)
{
    return CertCompareCertificateName(X509_ASN_ENCODING, &cert->pCertInfo->Subject, &cert->pCertInfo->Issuer);
}

static bool is_root(struct search *search, PCCERT_CONTEXT cert)
{
    struct context *context = NULL;

    while (search->roots && (context = store_next(search->roots, BODY_CERT, context)))
        if (same(&context->cert, cert)) {
            context_release(context);
            return true;
        }
    return false;
}

/* The key that the subject names is not this one's. */
static bool key_differs(PCCERT_CONTEXT subject, PCCERT_CONTEXT issuer)
{
    PCERT_EXTENSION wanted = CertFindExtension(szOID_AUTHORITY_KEY_IDENTIFIER2, subject->pCertInfo->cExtension,
                                               subject->pCertInfo->rgExtension);
    PCERT_EXTENSION has =
        CertFindExtension(szOID_SUBJECT_KEY_IDENTIFIER, issuer->pCertInfo->cExtension, issuer->pCertInfo->rgExtension);
    CERT_AUTHORITY_KEY_ID2_INFO *id;
    DWORD size;
    bool differs;

    if (!wanted || !has)
        return false;
    id = asn_decode(&asn_authority_key2, wanted->Value.pbData, wanted->Value.cbData, 0, &size);
    differs = id && id->KeyId.cbData && has->Value.cbData == id->KeyId.cbData + 2 &&
              memcmp(has->Value.pbData + 2, id->KeyId.pbData, id->KeyId.cbData);
    crypt_free(id);
    return differs;
}

static void keep_best(struct search *search, bool trusted, bool bad_signature)
{
    if (search->best_depth && !trusted)
        return;
    for (unsigned i = 0; i < search->best_depth; i++)
        CertFreeCertificateContext(search->best[i]);
    for (unsigned i = 0; i < search->depth; i++)
        search->best[i] = CertDuplicateCertificateContext(search->path[i]);
    search->best_depth = search->depth;
    search->best_bad_signature = bad_signature;
    search->trusted = trusted;
}

static void climb(struct search *search);

static bool on_path(struct search *search, PCCERT_CONTEXT cert)
{
    for (unsigned i = 0; i < search->depth; i++)
        if (same(search->path[i], cert))
            return true;
    return false;
}

/* Tries the store's certificates as issuers of the last of the path. */
static bool climb_store(struct search *search, struct store *store, bool *named)
{
    PCCERT_CONTEXT subject = search->path[search->depth - 1];
    struct context *context = NULL;
    bool found = false;

    while (!search->trusted && (context = store_next(store, BODY_CERT, context))) {
        if (!CertCompareCertificateName(X509_ASN_ENCODING, &context->cert.pCertInfo->Subject,
                                        &subject->pCertInfo->Issuer) ||
            key_differs(subject, &context->cert))
            continue;
        if (on_path(search, &context->cert)) {
            search->cyclic = true;
            continue;
        }
        *named = true;
        if (++search->tries > 64 || host_issued(cert_blob(subject), cert_blob(&context->cert)) & TLS_ISSUE_SIGNATURE)
            continue;
        found = true;
        search->path[search->depth++] = &context->cert;
        climb(search);
        search->depth--;
    }
    if (context)
        context_release(context);
    return found;
}

static void climb(struct search *search)
{
    PCCERT_CONTEXT last = search->path[search->depth - 1];
    bool named = false, found = false;

    if (is_root(search, last) && self_issued(last)) {
        keep_best(search, true, false);
        return;
    }
    if (!self_issued(last) && search->depth < CHAIN_MAX) {
        if (search->roots)
            found = climb_store(search, search->roots, &named);
        for (unsigned i = 0; i < search->store_count && !search->trusted; i++)
            found = climb_store(search, search->stores[i], &named) || found;
    }
    if (!found)
        keep_best(search, false, named);
}

static void search_stores(struct search *search, const struct engine *engine, PCCERT_CONTEXT cert,
                          HCERTSTORE additional)
{
    struct store *own = cert->hCertStore ? store_from(cert->hCertStore) : NULL;
    struct store *given = additional ? store_from(additional) : NULL;

    if (given)
        search->stores[search->store_count++] = given;
    if (own && own != given && own != store_none())
        search->stores[search->store_count++] = own;
    for (DWORD i = 0; engine && i < engine->other_count; i++)
        if (engine->other[i])
            search->stores[search->store_count++] = (struct store *)engine->other[i];
    for (unsigned i = 0; i < search->store_count; i++)
        store_reference(search->stores[i]);
    if (engine && engine->exclusive) {
        search->roots = (struct store *)CertDuplicateStore(engine->exclusive);
    } else {
        search->roots = store_open_system(L"Root", CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG, false);
    }
    own = store_open_system(L"CA", CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG, false);
    if (own)
        search->stores[search->store_count++] = own;
}

static void search_end(struct search *search)
{
    for (unsigned i = 0; i < search->store_count; i++)
        store_release(search->stores[i]);
    if (search->roots)
        store_release(search->roots);
}

static void chain_fill(struct chain *chain, struct search *search)
{
    chain->context =
        (CERT_CHAIN_CONTEXT){.cbSize = sizeof chain->context, .cChain = 1, .rgpChain = &chain->simple_pointer};
    chain->simple_pointer = &chain->simple;
    chain->simple = (CERT_SIMPLE_CHAIN){
        .cbSize = sizeof chain->simple, .cElement = search->best_depth, .rgpElement = chain->pointers};
    for (unsigned i = 0; i < search->best_depth; i++) {
        CERT_CHAIN_ELEMENT *element = &chain->elements[i];
        bool last = i + 1 == search->best_depth;

        chain->pointers[i] = element;
        element->cbSize = sizeof *element;
        element->pCertContext = search->best[i];
        element->pApplicationUsage = cert_usages(search->best[i], 0);
        element->TrustStatus.dwInfoStatus = CERT_TRUST_HAS_PREFERRED_ISSUER;
        if (!last)
            element->TrustStatus.dwInfoStatus |=
                CertFindExtension(szOID_AUTHORITY_KEY_IDENTIFIER2, search->best[i]->pCertInfo->cExtension,
                                  search->best[i]->pCertInfo->rgExtension)
                    ? CERT_TRUST_HAS_KEY_MATCH_ISSUER
                    : CERT_TRUST_HAS_NAME_MATCH_ISSUER;
        else if (self_issued(search->best[i])) {
            element->TrustStatus.dwInfoStatus |= CERT_TRUST_IS_SELF_SIGNED | CERT_TRUST_HAS_NAME_MATCH_ISSUER;
            if (!search->trusted)
                element->TrustStatus.dwErrorStatus |= CERT_TRUST_IS_UNTRUSTED_ROOT;
        } else {
            chain->simple.TrustStatus.dwErrorStatus |= CERT_TRUST_IS_PARTIAL_CHAIN;
            if (search->best_bad_signature)
                element->TrustStatus.dwErrorStatus |= CERT_TRUST_IS_NOT_SIGNATURE_VALID;
            if (search->cyclic)
                chain->simple.TrustStatus.dwErrorStatus |= CERT_TRUST_IS_CYCLIC;
        }
    }
}

BOOL WINAPI CertGetCertificateChain(HCERTCHAINENGINE handle, PCCERT_CONTEXT cert, LPFILETIME time,
                                    HCERTSTORE additional, PCERT_CHAIN_PARA para, DWORD flags, LPVOID reserved,
                                    PCCERT_CHAIN_CONTEXT *result)
{
    struct search *search;
    struct chain *chain;

    if (result)
        *result = NULL;
    if (!result || !cert || reserved || !para || para->cbSize < offsetof(CERT_CHAIN_PARA, RequestedIssuancePolicy) ||
        !context_from(cert))
        return crypt_fail((DWORD)E_INVALIDARG);
    search = crypt_alloc(sizeof *search);
    chain = search ? crypt_alloc(sizeof *chain) : NULL;
    if (!chain) {
        crypt_free(search);
        return FALSE;
    }
    search_stores(search, engine_from(handle), cert, additional);
    search->path[search->depth++] = cert;
    climb(search);
    chain->magic = CHAIN_MAGIC;
    chain->references = 1;
    chain_fill(chain, search);
    chain_check(chain, time, para, flags, search->stores, search->store_count);
    chain->context.dwCreateFlags = flags;
    search_end(search);
    crypt_free(search);
    *result = &chain->context;
    return TRUE;
}

static struct chain *chain_from(PCCERT_CHAIN_CONTEXT context)
{
    struct chain *chain = (struct chain *)context;

    return chain && chain->magic == CHAIN_MAGIC ? chain : NULL;
}

PCCERT_CHAIN_CONTEXT WINAPI CertDuplicateCertificateChain(PCCERT_CHAIN_CONTEXT context)
{
    struct chain *chain = chain_from(context);

    if (chain)
        __sync_fetch_and_add(&chain->references, 1);
    return context;
}

void WINAPI CertFreeCertificateChain(PCCERT_CHAIN_CONTEXT context)
{
    struct chain *chain = chain_from(context);

    if (!chain || __sync_sub_and_fetch(&chain->references, 1))
        return;
    for (DWORD i = 0; i < chain->simple.cElement; i++) {
        CertFreeCertificateContext(chain->elements[i].pCertContext);
        crypt_free(chain->elements[i].pApplicationUsage);
        crypt_free(chain->elements[i].pRevocationInfo);
    }
    chain->magic = 0;
    crypt_free(chain);
}

/* Chains of a store's certificates with private keys that one of the issuers issued, for a client's certificate. */
PCCERT_CHAIN_CONTEXT WINAPI CertFindChainInStore(HCERTSTORE store, DWORD encoding, DWORD flags, DWORD type,
                                                 const void *data, PCCERT_CHAIN_CONTEXT previous)
{
    const CERT_CHAIN_FIND_BY_ISSUER_PARA *para = data;
    PCCERT_CONTEXT cert =
        previous ? CertDuplicateCertificateContext(previous->rgpChain[0]->rgpElement[0]->pCertContext) : NULL;
    CERT_CHAIN_PARA chain_para = {.cbSize = sizeof chain_para};

    (void)encoding;
    CertFreeCertificateChain(previous);
    if (type != CERT_CHAIN_FIND_BY_ISSUER || !para) {
        CertFreeCertificateContext(cert);
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    while ((cert = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0,
                                              flags & CERT_CHAIN_FIND_BY_ISSUER_NO_KEY_FLAG ? CERT_FIND_ANY
                                                                                            : CERT_FIND_HAS_PRIVATE_KEY,
                                              NULL, cert))) {
        PCCERT_CHAIN_CONTEXT chain;
        bool found = !para->cIssuer;

        if (para->pszUsageIdentifier && !cert_may(cert, para->pszUsageIdentifier))
            continue;
        if (!CertGetCertificateChain(NULL, cert, NULL, store, &chain_para, 0, NULL, &chain))
            continue;
        for (DWORD i = 0; i < chain->rgpChain[0]->cElement && !found; i++)
            for (DWORD j = 0; j < para->cIssuer && !found; j++)
                found = CertCompareCertificateName(X509_ASN_ENCODING,
                                                   &chain->rgpChain[0]->rgpElement[i]->pCertContext->pCertInfo->Issuer,
                                                   &para->rgIssuer[j]);
        if (found) {
            CertFreeCertificateContext(cert);
            return chain;
        }
        CertFreeCertificateChain(chain);
    }
    SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return NULL;
}
