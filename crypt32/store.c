/*
 * store.c: wincrypt.h: stores: what is in them, adding and removing.
 */
#include "crypt32/store.h"

#define STORE_MAGIC 0x726f7473u

struct store *store_make(enum store_kind kind, DWORD flags)
{
    struct store *store = crypt_alloc(sizeof *store);

    if (!store)
        return NULL;
    store->magic = STORE_MAGIC;
    store->references = 1;
    store->kind = kind;
    store->flags = flags;
    return store;
}

struct store *store_from(HCERTSTORE handle)
{
    struct store *store = (struct store *)handle;

    if (store && store->magic == STORE_MAGIC)
        return store;
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

struct store *store_none(void)
{
    static struct store none = {.magic = STORE_MAGIC, .references = 1 << 30};
    return &none;
}

void store_reference(struct store *store)
{
    __sync_fetch_and_add(&store->references, 1);
}

void store_release(struct store *store)
{
    if (__sync_sub_and_fetch(&store->references, 1))
        return;
    if (store->file && store->changed)
        store_save_file(store);
    for (int i = 0; i < 2; i++)
        while (store->entries[i]) {
            struct context *context = store->entries[i];

            store->entries[i] = context->next;
            context->store = NULL; /* the list's own references are not the store's */
            context_release(context);
        }
    while (store->members) {
        struct member *member = store->members;

        store->members = member->next;
        store_release(member->store);
        crypt_free(member);
    }
    if (store->key)
        RegCloseKey(store->key);
    crypt_free(store->path);
    crypt_free(store->file);
    crypt_free(store->name);
    store->magic = 0;
    crypt_free(store);
}

HCERTSTORE WINAPI CertDuplicateStore(HCERTSTORE handle)
{
    struct store *store = handle ? store_from(handle) : NULL;

    if (store)
        store_reference(store);
    return store;
}

BOOL WINAPI CertCloseStore(HCERTSTORE handle, DWORD flags)
{
    struct store *store = handle ? store_from(handle) : NULL;
    bool in_use;

    if (!handle)
        return TRUE;
    if (!store)
        return FALSE;
    if (store == store_none())
        return TRUE;
    in_use = store->references > 1;
    store_release(store);
    if (flags & CERT_CLOSE_STORE_CHECK_FLAG && in_use)
        return crypt_fail((DWORD)CRYPT_E_PENDING_CLOSE);
    return TRUE;
}

/* Stores of the system are read when they are first looked into. */
static void store_need(struct store *store)
{
    if (store->pending)
        store_load(store);
}

static struct context *put(struct store *store, struct body *body, bool host)
{
    struct context *context = context_make(body, store);

    if (!context)
        return NULL;
    context->host = host;
    context->serial = ++store->last_serial;
    context->next = store->entries[body->kind];
    store->entries[body->kind] = context;
    return context;
}

void store_put(struct store *store, struct body *body, bool host)
{
    put(store, body, host);
}

static struct context *next_after(struct store *store, enum body_kind kind, uint64_t serial)
{
    struct context *context;

    store_need(store);
    RtlAcquireSRWLockShared(&store->lock);
    for (context = store->entries[kind]; context && context->serial >= serial;)
        context = context->next;
    if (context)
        context_duplicate(context);
    RtlReleaseSRWLockShared(&store->lock);
    return context;
}

/* A store inside of a collection comes after `previous`'s. */
static struct store *member_after(struct store *collection, const struct store *previous)
{
    struct member *member;
    struct store *next = NULL;

    RtlAcquireSRWLockShared(&collection->lock);
    member = collection->members;
    if (previous) {
        while (member && member->store != previous)
            member = member->next;
        member = member ? member->next : NULL;
    }
    if (member) {
        next = member->store;
        store_reference(next);
    }
    RtlReleaseSRWLockShared(&collection->lock);
    return next;
}

struct context *store_next(struct store *store, enum body_kind kind, struct context *previous)
{
    struct store *current = previous ? previous->store : NULL;
    struct context *context;

    if (store->kind == STORE_MEMORY) {
        context = next_after(store, kind, previous ? previous->serial : UINT64_MAX);
    } else {
        context = current ? next_after(current, kind, previous->serial) : NULL;
        if (current)
            store_reference(current);
        while (!context) {
            struct store *next = member_after(store, current);

            if (current)
                store_release(current);
            current = next;
            if (!current)
                break;
            context =
                current->kind == STORE_MEMORY ? next_after(current, kind, UINT64_MAX) : store_next(current, kind, NULL);
        }
        if (current)
            store_release(current);
    }
    if (previous)
        context_release(previous);
    return context;
}

static const void *enumerate(HCERTSTORE handle, enum body_kind kind, const void *previous)
{
    struct store *store = store_from(handle);
    struct context *before = previous ? context_from(previous) : NULL, *context;

    if (!store)
        return NULL;
    context = store_next(store, kind, before);
    if (!context)
        SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return context;
}

PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(HCERTSTORE store, PCCERT_CONTEXT previous)
{
    return enumerate(store, BODY_CERT, previous);
}

PCCRL_CONTEXT WINAPI CertEnumCRLsInStore(HCERTSTORE store, PCCRL_CONTEXT previous)
{
    return enumerate(store, BODY_CRL, previous);
}

void store_touched(struct store *store)
{
    store->changed = true;
    if (store->notify)
        SetEvent(store->notify);
}

bool body_same_subject(struct body *a, struct body *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == BODY_CERT)
        return CertCompareCertificate(X509_ASN_ENCODING, a->info, b->info);
    return CertCompareCertificateName(X509_ASN_ENCODING, &((CRL_INFO *)a->info)->Issuer,
                                      &((CRL_INFO *)b->info)->Issuer);
}

/* The same thing in the store, with a reference. */
static struct context *find_existing(struct store *store, struct body *body)
{
    struct context *context = NULL;

    while ((context = store_next(store, body->kind, context)))
        if (body_same(context->body, body) || body_same_subject(context->body, body))
            return context;
    return NULL;
}

static const FILETIME *body_begin(struct body *body)
{
    return body->kind == BODY_CERT ? &((CERT_INFO *)body->info)->NotBefore : &((CRL_INFO *)body->info)->ThisUpdate;
}

bool store_remove(struct context *context)
{
    struct store *store = context->store;
    bool found = false;

    if (!store)
        return true;
    RtlAcquireSRWLockExclusive(&store->lock);
    for (struct context **place = &store->entries[context->body->kind]; *place; place = &(*place)->next)
        if (*place == context) {
            *place = context->next;
            found = true;
            break;
        }
    RtlReleaseSRWLockExclusive(&store->lock);
    if (found) {
        store_erase(store, context->body);
        store_touched(store);
        __sync_sub_and_fetch(&context->references, 1); /* the list's; the caller has one */
    }
    return true;
}

/* Where a collection takes what is added to it. */
static struct store *store_for_adding(struct store *store)
{
    struct store *target = NULL;

    if (store->kind == STORE_MEMORY)
        return store;
    RtlAcquireSRWLockShared(&store->lock);
    for (struct member *member = store->members; member && !target; member = member->next)
        if (member->flags & CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG)
            target = store_for_adding(member->store);
    RtlReleaseSRWLockShared(&store->lock);
    return target;
}

static struct body *body_copy(struct body *from)
{
    struct body *copy = body_make(from->kind, from->encoded, from->size);

    if (copy)
        body_properties_copy(copy, from, false);
    return copy;
}

static struct context *add_new(struct store *store, struct body *body, bool link, struct body *inherit)
{
    struct context *context;

    if (!link) {
        struct body *copy = body_copy(body);

        body_release(body);
        if (!copy)
            return NULL;
        body = copy;
    }
    if (inherit)
        body_properties_copy(body, inherit, true);
    RtlAcquireSRWLockExclusive(&store->lock);
    context = put(store, body, false);
    if (context)
        context_duplicate(context);
    RtlReleaseSRWLockExclusive(&store->lock);
    if (context) {
        store_write(store, body);
        store_touched(store);
    }
    return context;
}

/* The body's reference is taken over. */
struct context *store_add(struct store *given, struct body *body, DWORD disposition, bool link)
{
    struct store *store = store_for_adding(given);
    struct context *existing, *made;
    int age;

    if (!store || store->flags & CERT_STORE_READONLY_FLAG) {
        body_release(body);
        SetLastError(store ? ERROR_ACCESS_DENIED : (DWORD)E_ACCESSDENIED);
        return NULL;
    }
    if (!disposition || disposition > CERT_STORE_ADD_NEWER_INHERIT_PROPERTIES) {
        body_release(body);
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    store_need(store);
    existing = disposition == CERT_STORE_ADD_ALWAYS ? NULL : find_existing(store, body);
    if (!existing)
        return add_new(store, body, link, NULL);
    age = CompareFileTime(body_begin(body), body_begin(existing->body));
    if (disposition == CERT_STORE_ADD_NEW ||
        ((disposition == CERT_STORE_ADD_NEWER || disposition == CERT_STORE_ADD_NEWER_INHERIT_PROPERTIES) && age <= 0)) {
        body_release(body);
        context_release(existing);
        SetLastError((DWORD)CRYPT_E_EXISTS);
        return NULL;
    }
    if (disposition == CERT_STORE_ADD_USE_EXISTING) {
        body_properties_copy(existing->body, body, true);
        body_release(body);
        store_write(store, existing->body);
        return existing;
    }
    store_remove(existing);
    made = add_new(store, body, link,
                   disposition == CERT_STORE_ADD_REPLACE_EXISTING_INHERIT_PROPERTIES ||
                           disposition == CERT_STORE_ADD_NEWER_INHERIT_PROPERTIES
                       ? existing->body
                       : NULL);
    context_release(existing);
    return made;
}

static BOOL add(HCERTSTORE handle, struct body *body, DWORD disposition, bool link, const void **result)
{
    struct store *store = handle ? store_from(handle) : NULL;
    struct context *context = NULL;

    if (!body)
        return FALSE;
    if (!handle && result)
        context = context_make(link ? body : body_copy(body), NULL);
    else if (store)
        context = store_add(store, body, disposition, link);
    else
        body_release(body);
    if (!context)
        return FALSE;
    if (result)
        *result = context;
    else
        context_release(context);
    return TRUE;
}

static struct body *body_of(const void *pointer)
{
    struct context *context = context_from(pointer);

    if (!context)
        return NULL;
    __sync_fetch_and_add(&context->body->references, 1);
    return context->body;
}

BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE store, PCCERT_CONTEXT cert, DWORD disposition,
                                             PCCERT_CONTEXT *result)
{
    return add(store, body_of(cert), disposition, false, (const void **)result);
}

BOOL WINAPI CertAddCertificateLinkToStore(HCERTSTORE store, PCCERT_CONTEXT cert, DWORD disposition,
                                          PCCERT_CONTEXT *result)
{
    return add(store, body_of(cert), disposition, true, (const void **)result);
}

BOOL WINAPI CertAddCRLContextToStore(HCERTSTORE store, PCCRL_CONTEXT crl, DWORD disposition, PCCRL_CONTEXT *result)
{
    return add(store, body_of(crl), disposition, false, (const void **)result);
}

BOOL WINAPI CertAddCRLLinkToStore(HCERTSTORE store, PCCRL_CONTEXT crl, DWORD disposition, PCCRL_CONTEXT *result)
{
    return add(store, body_of(crl), disposition, true, (const void **)result);
}

static BOOL add_encoded(HCERTSTORE store, enum body_kind kind, DWORD encoding, const BYTE *encoded, DWORD size,
                        DWORD disposition, const void **result)
{
    if ((encoding & 0xffff) != X509_ASN_ENCODING || !encoded)
        return crypt_fail((DWORD)E_INVALIDARG);
    return add(store, body_make(kind, encoded, size), disposition, true, result);
}

BOOL WINAPI CertAddEncodedCertificateToStore(HCERTSTORE store, DWORD encoding, const BYTE *encoded, DWORD size,
                                             DWORD disposition, PCCERT_CONTEXT *result)
{
    return add_encoded(store, BODY_CERT, encoding, encoded, size, disposition, (const void **)result);
}

BOOL WINAPI CertAddEncodedCRLToStore(HCERTSTORE store, DWORD encoding, const BYTE *encoded, DWORD size,
                                     DWORD disposition, PCCRL_CONTEXT *result)
{
    return add_encoded(store, BODY_CRL, encoding, encoded, size, disposition, (const void **)result);
}

/* Removes from the store, and frees the caller's reference. */
static BOOL delete (const void *pointer)
{
    struct context *context = pointer ? context_from(pointer) : NULL;

    if (!pointer)
        return TRUE;
    if (!context)
        return FALSE;
    if (context->store && context->store->flags & CERT_STORE_READONLY_FLAG) {
        context_release(context);
        return crypt_fail(ERROR_ACCESS_DENIED);
    }
    store_remove(context);
    context_release(context);
    return TRUE;
}

BOOL WINAPI CertDeleteCertificateFromStore(PCCERT_CONTEXT cert)
{
    return delete (cert);
}

BOOL WINAPI CertDeleteCRLFromStore(PCCRL_CONTEXT crl)
{
    return delete (crl);
}

/* Collections: members with the higher priority come first. */
BOOL WINAPI CertAddStoreToCollection(HCERTSTORE collection, HCERTSTORE sibling, DWORD flags, DWORD priority)
{
    struct store *store = store_from(collection), *added = sibling ? store_from(sibling) : NULL;
    struct member *member, **place;

    if (!sibling)
        return TRUE;
    if (!store || !added)
        return FALSE;
    if (store->kind != STORE_COLLECTION)
        return crypt_fail((DWORD)E_INVALIDARG);
    member = crypt_alloc(sizeof *member);
    if (!member)
        return FALSE;
    store_reference(added);
    *member = (struct member){NULL, added, flags, priority};
    RtlAcquireSRWLockExclusive(&store->lock);
    for (place = &store->members; *place && (*place)->priority >= priority;)
        place = &(*place)->next;
    member->next = *place;
    *place = member;
    RtlReleaseSRWLockExclusive(&store->lock);
    return TRUE;
}

void WINAPI CertRemoveStoreFromCollection(HCERTSTORE collection, HCERTSTORE sibling)
{
    struct store *store = store_from(collection);
    struct member *found = NULL;

    if (!store || store->kind != STORE_COLLECTION)
        return;
    RtlAcquireSRWLockExclusive(&store->lock);
    for (struct member **place = &store->members; *place && !found; place = &(*place)->next)
        if ((HCERTSTORE)(*place)->store == sibling) {
            found = *place;
            *place = found->next;
            break;
        }
    RtlReleaseSRWLockExclusive(&store->lock);
    if (found) {
        store_release(found->store);
        crypt_free(found);
    }
}

BOOL WINAPI CertControlStore(HCERTSTORE handle, DWORD flags, DWORD control, void const *para)
{
    struct store *store = store_from(handle);

    if (!store)
        return FALSE;
    switch (control) {
    case CERT_STORE_CTRL_NOTIFY_CHANGE:
        store->notify = para ? *(const HANDLE *)para : NULL;
        return TRUE;
    case CERT_STORE_CTRL_CANCEL_NOTIFY:
        store->notify = NULL;
        return TRUE;
    case CERT_STORE_CTRL_RESYNC:
    case CERT_STORE_CTRL_AUTO_RESYNC:
        return TRUE;
    case CERT_STORE_CTRL_COMMIT:
        if (!store->file)
            return store->kind == STORE_MEMORY && !store->key ? crypt_fail(ERROR_CALL_NOT_IMPLEMENTED) : TRUE;
        if (flags & CERT_STORE_CTRL_COMMIT_CLEAR_FLAG)
            store->changed = false;
        if (store->changed || flags & CERT_STORE_CTRL_COMMIT_FORCE_FLAG)
            return store_save_file(store);
        return TRUE;
    default:
        return crypt_fail(ERROR_CALL_NOT_IMPLEMENTED);
    }
}

BOOL WINAPI CertGetStoreProperty(HCERTSTORE handle, DWORD id, void *data, DWORD *size)
{
    struct store *store = store_from(handle);
    DWORD state = store && store->key && !(store->flags & CERT_STORE_READONLY_FLAG) ? 1 : 0;

    if (!store)
        return FALSE;
    if (id == CERT_ACCESS_STATE_PROP_ID)
        return crypt_copy(&state, sizeof state, data, size);
    if (id == CERT_STORE_LOCALIZED_NAME_PROP_ID && store->name)
        return crypt_copy(store->name, (DWORD)((wide_length(store->name) + 1) * sizeof(WCHAR)), data, size);
    return crypt_fail((DWORD)CRYPT_E_NOT_FOUND);
}

BOOL WINAPI CertSetStoreProperty(HCERTSTORE handle, DWORD id, DWORD flags, const void *data)
{
    struct store *store = store_from(handle);
    const CRYPT_DATA_BLOB *blob = data;
    WCHAR *name;

    (void)flags;
    if (!store)
        return FALSE;
    if (id != CERT_STORE_LOCALIZED_NAME_PROP_ID)
        return crypt_fail((DWORD)E_INVALIDARG);
    name = blob ? crypt_alloc(blob->cbData + sizeof *name) : NULL;
    if (blob && !name)
        return FALSE;
    if (name)
        memcpy(name, blob->pbData, blob->cbData);
    crypt_free(store->name);
    store->name = name;
    return TRUE;
}
