/*
 * bindctx.c: bind contexts, and the table of running objects, which is this process's own.
 *
 * Layer: ole32.
 */
#include "com.h"

/* ---- the table of running objects ---- */

struct running {
    struct running *next;
    IUnknown *object;
    IMoniker *name;
    DWORD number;
    FILETIME changed;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct running *running;
static DWORD last_number;

static HRESULT WINAPI rot_query(IRunningObjectTable *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_ROT), this, result);
}

static ULONG WINAPI rot_count(IRunningObjectTable *this)
{
    (void)this;
    return 2;
}

static HRESULT WINAPI rot_register(IRunningObjectTable *this, DWORD flags, IUnknown *object, IMoniker *name,
                                   DWORD *number)
{
    struct running *entry;

    (void)this;
    if (!object || !name || !number || flags & ~(DWORD)(ROTFLAGS_REGISTRATIONKEEPSALIVE | ROTFLAGS_ALLOWANYCLIENT))
        return E_INVALIDARG;
    entry = com_alloc(sizeof *entry);
    if (!entry)
        return E_OUTOFMEMORY;
    com_add_ref(object);
    com_add_ref(name);
    RtlAcquireSRWLockExclusive(&lock);
    *entry = (struct running){running, object, name, *number = ++last_number, {0, 0}};
    GetSystemTimeAsFileTime(&entry->changed);
    running = entry;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

static HRESULT WINAPI rot_revoke(IRunningObjectTable *this, DWORD number)
{
    struct running **at, *entry;

    (void)this;
    RtlAcquireSRWLockExclusive(&lock);
    for (at = &running; *at && (*at)->number != number;)
        at = &(*at)->next;
    entry = *at;
    if (entry)
        *at = entry->next;
    RtlReleaseSRWLockExclusive(&lock);
    if (!entry)
        return E_INVALIDARG;
    com_release(entry->object);
    com_release(entry->name);
    com_free(entry);
    return S_OK;
}

/* Under the lock. */
static struct running *find(IMoniker *name)
{
    struct running *entry = running;

    while (entry && COM_CALL(IMoniker, entry->name, IsEqual, name, 0, 0) != S_OK)
        entry = entry->next;
    return entry;
}

static HRESULT WINAPI rot_is_running(IRunningObjectTable *this, IMoniker *name)
{
    bool found;

    (void)this;
    if (!name)
        return E_INVALIDARG;
    RtlAcquireSRWLockShared(&lock);
    found = find(name) != NULL;
    RtlReleaseSRWLockShared(&lock);
    return found ? S_OK : S_FALSE;
}

static HRESULT WINAPI rot_get(IRunningObjectTable *this, IMoniker *name, IUnknown **object)
{
    struct running *entry;

    (void)this;
    if (!object)
        return E_POINTER;
    RtlAcquireSRWLockShared(&lock);
    entry = name ? find(name) : NULL;
    *object = entry ? entry->object : NULL;
    if (entry)
        com_add_ref(*object);
    RtlReleaseSRWLockShared(&lock);
    return *object ? S_OK : MK_E_UNAVAILABLE;
}

static HRESULT WINAPI rot_note_change(IRunningObjectTable *this, DWORD number, FILETIME *time)
{
    HRESULT result = E_INVALIDARG;

    (void)this;
    RtlAcquireSRWLockExclusive(&lock);
    for (struct running *entry = running; entry; entry = entry->next)
        if (entry->number == number) {
            entry->changed = *time;
            result = S_OK;
        }
    RtlReleaseSRWLockExclusive(&lock);
    return result;
}

static HRESULT WINAPI rot_last_change(IRunningObjectTable *this, IMoniker *name, FILETIME *time)
{
    struct running *entry;

    (void)this;
    if (!name || !time)
        return E_INVALIDARG;
    RtlAcquireSRWLockShared(&lock);
    entry = find(name);
    if (entry)
        *time = entry->changed;
    RtlReleaseSRWLockShared(&lock);
    return entry ? S_OK : MK_E_UNAVAILABLE;
}

static HRESULT WINAPI rot_enum(IRunningObjectTable *this, IEnumMoniker **result)
{
    (void)this;
    if (result)
        *result = NULL;
    return E_NOTIMPL;
}

static const IRunningObjectTableVtbl rot_methods = {rot_query,       rot_count,      rot_count, rot_register,
                                                    rot_revoke,      rot_is_running, rot_get,   rot_note_change,
                                                    rot_last_change, rot_enum};
static IRunningObjectTable rot = {(IRunningObjectTableVtbl *)&rot_methods};

HRESULT WINAPI GetRunningObjectTable(DWORD reserved, LPRUNNINGOBJECTTABLE *result)
{
    if (reserved)
        return E_UNEXPECTED;
    if (!result)
        return E_POINTER;
    *result = &rot;
    return S_OK;
}

/* ---- bind contexts ---- */

struct bound {
    struct bound *next;
    IUnknown *object;
    WCHAR *key; /* NULL: an object that is bound, not a parameter */
};

struct bind_ctx {
    const IBindCtxVtbl *methods;
    LONG refs;
    struct bound *bound;
    BIND_OPTS3 options;
};

/* Removes the first that fits. */
static HRESULT take_out(struct bind_ctx *ctx, IUnknown *object, const WCHAR *key, HRESULT missing)
{
    for (struct bound **at = &ctx->bound; *at; at = &(*at)->next) {
        struct bound *entry = *at;

        if (key ? !entry->key || lstrcmpiW(entry->key, key) != 0 : entry->key || entry->object != object)
            continue;
        *at = entry->next;
        com_release(entry->object);
        com_free(entry->key);
        com_free(entry);
        return S_OK;
    }
    return missing;
}

static HRESULT put_in(struct bind_ctx *ctx, IUnknown *object, const WCHAR *key)
{
    struct bound *entry = com_alloc(sizeof *entry);
    size_t size = key ? ((size_t)lstrlenW(key) + 1) * sizeof *key : 0;

    if (!entry)
        return E_OUTOFMEMORY;
    *entry = (struct bound){ctx->bound, object, size ? com_alloc(size) : NULL};
    if (entry->key)
        memcpy(entry->key, key, size);
    com_add_ref(object);
    ctx->bound = entry;
    return S_OK;
}

static HRESULT WINAPI release_all(IBindCtx *this)
{
    struct bind_ctx *ctx = (struct bind_ctx *)this;
    struct bound **at = &ctx->bound, *entry;

    while ((entry = *at) != NULL) {
        if (entry->key) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        com_release(entry->object);
        com_free(entry);
    }
    return S_OK;
}

static void destroy(struct bind_ctx *ctx)
{
    release_all((IBindCtx *)ctx);
    while (ctx->bound)
        take_out(ctx, NULL, ctx->bound->key, S_OK);
    com_free(ctx);
}

COM_COUNTED(IBindCtx, struct bind_ctx, ctx, destroy)

static HRESULT WINAPI ctx_query(IBindCtx *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_BIND_CTX), this, result);
}

static HRESULT WINAPI register_bound(IBindCtx *this, IUnknown *object)
{
    return object ? put_in((struct bind_ctx *)this, object, NULL) : S_OK;
}

static HRESULT WINAPI revoke_bound(IBindCtx *this, IUnknown *object)
{
    return object ? take_out((struct bind_ctx *)this, object, NULL, MK_E_NOTBOUND) : E_INVALIDARG;
}

/* The program's structure may be an older and shorter one. */
static HRESULT WINAPI set_options(IBindCtx *this, BIND_OPTS *options)
{
    struct bind_ctx *ctx = (struct bind_ctx *)this;

    if (!options)
        return E_POINTER;
    if (options->cbStruct > sizeof ctx->options)
        return E_INVALIDARG;
    memcpy(&ctx->options, options, options->cbStruct);
    return S_OK;
}

static HRESULT WINAPI get_options(IBindCtx *this, BIND_OPTS *options)
{
    struct bind_ctx *ctx = (struct bind_ctx *)this;
    DWORD size;

    if (!options)
        return E_POINTER;
    size = options->cbStruct < ctx->options.cbStruct ? options->cbStruct : ctx->options.cbStruct;
    memcpy(options, &ctx->options, size);
    options->cbStruct = size;
    return S_OK;
}

static HRESULT WINAPI get_rot(IBindCtx *this, IRunningObjectTable **result)
{
    (void)this;
    return GetRunningObjectTable(0, result);
}

static HRESULT WINAPI register_param(IBindCtx *this, LPOLESTR key, IUnknown *object)
{
    struct bind_ctx *ctx = (struct bind_ctx *)this;

    if (!key || !object)
        return E_INVALIDARG;
    take_out(ctx, NULL, key, S_OK);
    return put_in(ctx, object, key);
}

static HRESULT WINAPI get_param(IBindCtx *this, LPOLESTR key, IUnknown **object)
{
    if (!key || !object)
        return E_INVALIDARG;
    *object = NULL;
    for (struct bound *entry = ((struct bind_ctx *)this)->bound; entry; entry = entry->next)
        if (entry->key && lstrcmpiW(entry->key, key) == 0) {
            *object = entry->object;
            com_add_ref(*object);
            return S_OK;
        }
    return E_FAIL;
}

static HRESULT WINAPI enum_params(IBindCtx *this, IEnumString **result)
{
    (void)this;
    if (result)
        *result = NULL;
    return E_NOTIMPL; /* Windows' has none either */
}

static HRESULT WINAPI revoke_param(IBindCtx *this, LPOLESTR key)
{
    return key ? take_out((struct bind_ctx *)this, NULL, key, E_FAIL) : E_INVALIDARG;
}

static const IBindCtxVtbl ctx_methods = {ctx_query,   ctx_add_ref, ctx_release, register_bound, revoke_bound,
                                         release_all, set_options, get_options, get_rot,        register_param,
                                         get_param,   enum_params, revoke_param};

HRESULT WINAPI CreateBindCtx(DWORD reserved, LPBC *result)
{
    struct bind_ctx *ctx;

    if (!result || reserved)
        return E_INVALIDARG;
    ctx = com_alloc(sizeof *ctx);
    if (!ctx)
        return E_OUTOFMEMORY;
    *ctx = (struct bind_ctx){&ctx_methods, 1, NULL, {0}};
    ctx->options.cbStruct = sizeof(BIND_OPTS2);
    ctx->options.grfMode = STGM_READWRITE;
    ctx->options.dwClassContext = CLSCTX_SERVER;
    ctx->options.locale = GetUserDefaultLCID();
    *result = (LPBC)ctx;
    return S_OK;
}
