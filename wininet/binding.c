/*
 * binding.c: urlmon: telling an IBindStatusCallback what happens: start, bind info, progress, stop; and the IBinding by
 * which it may end the whole.
 */
#include "wininet/binding.h"

/* Places among IBindStatusCallback's methods. */
enum { QUERY, ADD_REF, RELEASE, START, PRIORITY, LOW_RESOURCE, PROGRESS, STOP, BIND_INFO };

struct binding_object {
    const void *const *methods;
    LONG references;
    bool aborted;
};

static HRESULT WINAPI binding_query(struct binding_object *binding, REFIID id, void **object)
{
    static const GUID unknown = {0, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
    static const GUID binding_id = {0x79eac9c0, 0xbaf9, 0x11ce, {0x8c, 0x82, 0, 0xaa, 0, 0x4b, 0xa9, 0x0b}};

    *object = NULL;
    if (memcmp(id, &unknown, sizeof unknown) && memcmp(id, &binding_id, sizeof binding_id))
        return E_NOINTERFACE;
    __sync_fetch_and_add(&binding->references, 1);
    *object = binding;
    return S_OK;
}

static ULONG WINAPI binding_add(struct binding_object *binding)
{
    return (ULONG)__sync_add_and_fetch(&binding->references, 1);
}

static ULONG WINAPI binding_release(struct binding_object *binding)
{
    LONG left = __sync_sub_and_fetch(&binding->references, 1);

    if (!left)
        crypt_free(binding);
    return (ULONG)left;
}

static HRESULT WINAPI binding_abort(struct binding_object *binding)
{
    binding->aborted = true;
    return S_OK;
}

static HRESULT WINAPI binding_no(struct binding_object *binding)
{
    (void)binding;
    return E_NOTIMPL;
}

static const void *const binding_methods[] = {binding_query, binding_add, binding_release, binding_abort, binding_no,
                                              binding_no,    binding_no,  binding_no,      binding_no};

static HRESULT call(const struct binding *binding, int place, unsigned count, const ULONG_PTR *arguments)
{
    void **methods = *(void ***)binding->callback;

    return (HRESULT)guest_call_n(methods[place], count, arguments);
}

bool binding_aborted(const struct binding *binding)
{
    return binding->object && binding->object->aborted;
}

HRESULT binding_progress(const struct binding *binding, ULONG done, ULONG whole, ULONG status, const WCHAR *text)
{
    HRESULT result = S_OK;

    if (binding->callback)
        result =
            call(binding, PROGRESS, 5, (const ULONG_PTR[]){GUEST(binding->callback), done, whole, status, GUEST(text)});
    return result == E_ABORT || binding_aborted(binding) ? E_ABORT : S_OK;
}

HRESULT binding_start(struct binding *binding, void *callback)
{
    BINDINFO info = {.cbSize = sizeof info};
    HRESULT result;

    *binding = (struct binding){.callback = callback};
    if (!callback)
        return S_OK;
    call(binding, ADD_REF, 1, (const ULONG_PTR[]){GUEST(callback)});
    binding->object = crypt_alloc(sizeof *binding->object);
    if (!binding->object)
        return E_OUTOFMEMORY;
    binding->object->methods = binding_methods;
    binding->object->references = 1;
    result = call(binding, START, 3, (const ULONG_PTR[]){GUEST(callback), 0, GUEST(binding->object)});
    if (FAILED(result) && result != E_NOTIMPL)
        return result;
    call(binding, BIND_INFO, 3, (const ULONG_PTR[]){GUEST(callback), GUEST(&binding->flags), GUEST(&info)});
    return binding_aborted(binding) ? E_ABORT : S_OK;
}

void binding_stop(struct binding *binding, HRESULT result)
{
    if (!binding->callback)
        return;
    call(binding, STOP, 3, (const ULONG_PTR[]){GUEST(binding->callback), (ULONG)result, 0});
    if (binding->object)
        binding_release(binding->object);
    call(binding, RELEASE, 1, (const ULONG_PTR[]){GUEST(binding->callback)});
}
