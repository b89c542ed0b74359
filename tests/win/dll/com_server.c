/* A COM server in a DLL, for tests/win/ole_com.c: one class with a factory; an object that knows IUnknown and IPersist.
 */
#define COBJMACROS
#include <windows.h>
#include <objbase.h>

static const GUID class_id = {0x2f3c1a70, 0x5b1d, 0x4c11, {0x9a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
static const GUID unknown = {0, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static const GUID factory_id = {1, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static const GUID persist = {0x10c, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static LONG objects;

struct object {
    const IPersistVtbl *methods;
    LONG refs;
};

static HRESULT WINAPI query(IPersist *this, REFIID id, void **result)
{
    *result = IsEqualGUID(id, &unknown) || IsEqualGUID(id, &persist) ? this : NULL;
    if (*result)
        InterlockedIncrement(&((struct object *)this)->refs);
    return *result ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI add_ref(IPersist *this)
{
    return (ULONG)InterlockedIncrement(&((struct object *)this)->refs);
}

static ULONG WINAPI release(IPersist *this)
{
    ULONG left = (ULONG)InterlockedDecrement(&((struct object *)this)->refs);

    if (!left) {
        HeapFree(GetProcessHeap(), 0, this);
        InterlockedDecrement(&objects);
    }
    return left;
}

static HRESULT WINAPI get_class(IPersist *this, CLSID *id)
{
    (void)this;
    *id = class_id;
    return S_OK;
}

static const IPersistVtbl methods = {query, add_ref, release, get_class};

static HRESULT WINAPI factory_query(IClassFactory *this, REFIID id, void **result)
{
    *result = IsEqualGUID(id, &unknown) || IsEqualGUID(id, &factory_id) ? this : NULL;
    return *result ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI count(IClassFactory *this)
{
    (void)this;
    return 2;
}

static HRESULT WINAPI create(IClassFactory *this, IUnknown *outer, REFIID id, void **result)
{
    struct object *object;
    HRESULT error;

    (void)this;
    *result = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    object = HeapAlloc(GetProcessHeap(), 0, sizeof *object);
    object->methods = &methods;
    object->refs = 1;
    InterlockedIncrement(&objects);
    error = query((IPersist *)object, id, result);
    release((IPersist *)object);
    return error;
}

static HRESULT WINAPI lock(IClassFactory *this, BOOL on)
{
    (void)this, (void)on;
    return S_OK;
}

static const IClassFactoryVtbl factory_methods = {factory_query, count, count, create, lock};
static IClassFactory factory = {(IClassFactoryVtbl *)&factory_methods};

__declspec(dllexport) HRESULT WINAPI DllGetClassObject(REFCLSID class, REFIID id, void **result)
{
    *result = NULL;
    return IsEqualGUID(class, &class_id) ? factory_query(&factory, id, result) : CLASS_E_CLASSNOTAVAILABLE;
}

__declspec(dllexport) HRESULT WINAPI DllCanUnloadNow(void)
{
    return objects ? S_FALSE : S_OK;
}
