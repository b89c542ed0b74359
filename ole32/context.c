/*
 * context.c: COM contexts: one for the multithreaded apartment, one for each thread that is an apartment of its own.
 *
 * Layer: ole32, over the thread's state in the TEB (apartment.c).  Runtimes ask for the context to tell whether an object
 * is used where it was made; nothing is marshalled, so all that a context knows is its apartment.
 */
#define COBJMACROS
#include "com.h"

struct context {
    IComThreadingInfo info;
    APTTYPE type;
    GUID logical_thread;
};

static const GUID iid_unknown = {0, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static const GUID iid_threading_info = {0x000001ce, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};

static HRESULT WINAPI context_query(IComThreadingInfo *this, const GUID *id, void **object)
{
    if (!object)
        return E_POINTER;
    bool known = !memcmp(id, &iid_unknown, sizeof *id) || !memcmp(id, &iid_threading_info, sizeof *id);
    *object = known ? this : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

/* A context lives as long as its apartment. */
static ULONG WINAPI context_count(IComThreadingInfo *this)
{
    (void)this;
    return 2;
}

static HRESULT WINAPI context_apartment_type(IComThreadingInfo *this, APTTYPE *type)
{
    if (!type)
        return E_POINTER;
    *type = ((struct context *)this)->type;
    return S_OK;
}

static HRESULT WINAPI context_thread_type(IComThreadingInfo *this, THDTYPE *type)
{
    if (!type)
        return E_POINTER;
    *type = ((struct context *)this)->type == APTTYPE_MTA ? THDTYPE_BLOCKMESSAGES : THDTYPE_PROCESSMESSAGES;
    return S_OK;
}

static HRESULT WINAPI context_get_logical(IComThreadingInfo *this, GUID *id)
{
    if (!id)
        return E_POINTER;
    *id = ((struct context *)this)->logical_thread;
    return S_OK;
}

static HRESULT WINAPI context_set_logical(IComThreadingInfo *this, const GUID *id)
{
    if (!id)
        return E_POINTER;
    ((struct context *)this)->logical_thread = *id;
    return S_OK;
}

static const IComThreadingInfoVtbl context_methods = {
    context_query,       context_count,       context_count,       context_apartment_type,
    context_thread_type, context_get_logical, context_set_logical,
};

/* ReservedForOle: see apartment.c.  NULL: the thread has not been initialized. */
static struct context *context_current(void)
{
    static struct context multithreaded = {{(IComThreadingInfoVtbl *)&context_methods}, APTTYPE_MTA, {0}};
    static __thread struct context own;
    ULONG_PTR state = (ULONG_PTR)teb_current()->ReservedForOle;

    if (!(state & 1))
        return com_ready() ? &multithreaded : NULL;
    own.info.lpVtbl = (IComThreadingInfoVtbl *)&context_methods;
    own.type = APTTYPE_MAINSTA;
    return &own;
}

HRESULT WINAPI CoGetContextToken(ULONG_PTR *token)
{
    struct context *context = context_current();

    if (!token)
        return E_POINTER;
    *token = (ULONG_PTR)context;
    return context ? S_OK : CO_E_NOTINITIALIZED;
}

HRESULT WINAPI CoGetObjectContext(REFIID id, void **object)
{
    struct context *context = context_current();

    if (!object)
        return E_POINTER;
    *object = NULL;
    return context ? context_query(&context->info, id, object) : CO_E_NOTINITIALIZED;
}
