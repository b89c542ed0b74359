/*
 * classes.c: class objects: those that the program registers, and those of DLLs that the registry names
 * (HKEY_CLASSES_ROOT\CLSID\{...}\InprocServer32).
 *
 * Layer: ole32, over advapi32's registry and kernel32's loader.  Objects of other processes can not be had.
 */
#include "com.h"

/* ---- registered by the program ---- */

struct registered {
    struct registered *next;
    GUID class;
    IUnknown *object;
    DWORD context, flags, cookie;
    bool suspended;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct registered *registered;
static DWORD last_cookie;

HRESULT WINAPI CoRegisterClassObject(REFCLSID class, LPUNKNOWN object, DWORD context, DWORD flags, LPDWORD cookie)
{
    struct registered *entry;

    if (!object || !cookie)
        return E_INVALIDARG;
    *cookie = 0;
    if (!com_ready())
        return CO_E_NOTINITIALIZED;
    entry = com_alloc(sizeof *entry);
    if (!entry)
        return E_OUTOFMEMORY;
    com_add_ref(object);
    RtlAcquireSRWLockExclusive(&lock);
    *entry =
        (struct registered){registered, *class, object, context, flags, ++last_cookie, (flags & REGCLS_SUSPENDED) != 0};
    *cookie = entry->cookie;
    registered = entry;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HRESULT WINAPI CoRevokeClassObject(DWORD cookie)
{
    struct registered **at, *entry;

    RtlAcquireSRWLockExclusive(&lock);
    for (at = &registered; *at && (*at)->cookie != cookie;)
        at = &(*at)->next;
    entry = *at;
    if (entry)
        *at = entry->next;
    RtlReleaseSRWLockExclusive(&lock);
    if (!entry)
        return E_INVALIDARG;
    com_release(entry->object);
    com_free(entry);
    return S_OK;
}

static HRESULT suspend_all(bool suspended)
{
    RtlAcquireSRWLockExclusive(&lock);
    for (struct registered *entry = registered; entry; entry = entry->next)
        entry->suspended = suspended;
    RtlReleaseSRWLockExclusive(&lock);
    return S_OK;
}

HRESULT WINAPI CoSuspendClassObjects(void)
{
    return suspend_all(true);
}

HRESULT WINAPI CoResumeClassObjects(void)
{
    return suspend_all(false);
}

static IUnknown *registered_find(const GUID *class, DWORD context)
{
    IUnknown *object = NULL;

    RtlAcquireSRWLockShared(&lock);
    for (struct registered *entry = registered; entry && !object; entry = entry->next)
        if (guid_equal(&entry->class, class) && entry->context & context && !entry->suspended) {
            object = entry->object;
            com_add_ref(object);
        }
    RtlReleaseSRWLockShared(&lock);
    return object;
}

/* ---- DLLs ---- */

struct server {
    struct server *next;
    HMODULE module;
};

static struct server *servers;

/* Remembers whose DLL can be asked whether it is still used. */
static void server_keep(HMODULE module)
{
    struct server *server;

    RtlAcquireSRWLockExclusive(&lock);
    for (server = servers; server && server->module != module;)
        server = server->next;
    if (!server && (server = com_alloc(sizeof *server)) != NULL) {
        *server = (struct server){servers, module};
        servers = server;
    } else {
        FreeLibrary(module); /* one reference is enough */
    }
    RtlReleaseSRWLockExclusive(&lock);
}

void WINAPI CoFreeUnusedLibraries(void)
{
    struct server **at = &servers, *server;

    RtlAcquireSRWLockExclusive(&lock);
    while ((server = *at) != NULL) {
        FARPROC can_unload = GetProcAddress(server->module, "DllCanUnloadNow");

        if (!can_unload || (HRESULT)guest_call((const void *)can_unload, 0, 0, 0, 0) != S_OK) {
            at = &server->next;
            continue;
        }
        *at = server->next;
        FreeLibrary(server->module);
        com_free(server);
    }
    RtlReleaseSRWLockExclusive(&lock);
}

void WINAPI CoFreeUnusedLibrariesEx(DWORD delay, DWORD reserved)
{
    (void)delay, (void)reserved;
    CoFreeUnusedLibraries();
}

static bool class_value(const GUID *class, const WCHAR *subkey, WCHAR *text, DWORD room)
{
    WCHAR path[80] = L"CLSID\\";
    DWORD size = room * (DWORD)sizeof *text;

    StringFromGUID2(class, path + 6, 39);
    lstrcatW(path, L"\\");
    lstrcatW(path, subkey);
    return RegGetValueW(HKEY_CLASSES_ROOT, path, NULL, RRF_RT_REG_SZ, NULL, text, &size) == ERROR_SUCCESS;
}

static HRESULT class_from_dll(const GUID *class, const GUID *iid, void **object)
{
    WCHAR path[MAX_PATH], *name = path;
    HMODULE module;
    FARPROC get;
    HRESULT result;

    if (!class_value(class, L"InprocServer32", path, MAX_PATH) || !*path)
        return REGDB_E_CLASSNOTREG;
    if (*path == '"') {
        name = path + 1;
        for (WCHAR *at = name; *at; at++)
            if (*at == '"')
                *at = 0;
    }
    module = LoadLibraryExW(name, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!module)
        return CO_E_DLLNOTFOUND;
    get = GetProcAddress(module, "DllGetClassObject");
    if (!get) {
        FreeLibrary(module);
        return CO_E_ERRORINDLL;
    }
    result = (HRESULT)guest_call((const void *)get, GUEST(class), GUEST(iid), GUEST(object), 0);
    if (FAILED(result))
        FreeLibrary(module);
    else
        server_keep(module);
    return result;
}

HRESULT WINAPI CoGetClassObject(REFCLSID class, DWORD context, LPVOID server, REFIID iid, LPVOID *object)
{
    GUID replacement = *class;
    WCHAR other[40];
    IUnknown *found;
    HRESULT result;

    (void)server;
    if (!object)
        return E_INVALIDARG;
    *object = NULL;
    if (!com_ready())
        return CO_E_NOTINITIALIZED;
    found = registered_find(class, context);
    if (found) {
        result = com_query(found, iid, object);
        com_release(found);
        return result;
    }
    if (!(context & (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER)))
        return REGDB_E_CLASSNOTREG;
    if (class_value(class, L"TreatAs", other, 40))
        CLSIDFromString(other, &replacement);
    return class_from_dll(&replacement, iid, object);
}

HRESULT WINAPI CoCreateInstance(REFCLSID class, LPUNKNOWN outer, DWORD context, REFIID iid, LPVOID *object)
{
    static const GUID class_factory = GUID_OLE(OLE_CLASS_FACTORY);
    IClassFactory *factory;
    HRESULT result;

    if (!object)
        return E_POINTER;
    *object = NULL;
    result = CoGetClassObject(class, context, NULL, &class_factory, (void **)&factory);
    if (FAILED(result))
        return result;
    result = COM_CALL(IClassFactory, factory, CreateInstance, outer, iid, object);
    com_release(factory);
    return result;
}

/* Several interfaces of one new object.  Other machines can not be reached. */
HRESULT WINAPI CoCreateInstanceEx(REFCLSID class, LPUNKNOWN outer, DWORD context, COSERVERINFO *server, DWORD count,
                                  MULTI_QI *wanted)
{
    static const GUID unknown = GUID_OLE(OLE_UNKNOWN);
    IUnknown *object;
    DWORD found = 0;
    HRESULT result;

    if (!count || !wanted)
        return E_INVALIDARG;
    for (DWORD i = 0; i < count; i++) {
        wanted[i].pItf = NULL;
        wanted[i].hr = E_NOINTERFACE;
    }
    if (server && server->pwszName && *server->pwszName)
        return HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
    result = CoCreateInstance(class, outer, context, &unknown, (void **)&object);
    if (FAILED(result)) {
        for (DWORD i = 0; i < count; i++)
            wanted[i].hr = result;
        return result;
    }
    for (DWORD i = 0; i < count; i++) {
        wanted[i].hr = com_query(object, wanted[i].pIID, (void **)&wanted[i].pItf);
        found += SUCCEEDED(wanted[i].hr);
    }
    com_release(object);
    return found == count ? S_OK : found ? CO_S_NOTALLINTERFACES : E_NOINTERFACE;
}

/* ---- names of classes ---- */

HRESULT WINAPI CLSIDFromProgID(LPCOLESTR name, LPCLSID class)
{
    WCHAR path[MAX_PATH], text[40];
    DWORD size = sizeof text;

    if (!name || !class)
        return E_INVALIDARG;
    memset(class, 0, sizeof *class);
    if (lstrlenW(name) > MAX_PATH - 8)
        return CO_E_CLASSSTRING;
    lstrcpyW(path, name);
    lstrcatW(path, L"\\CLSID");
    if (RegGetValueW(HKEY_CLASSES_ROOT, path, NULL, RRF_RT_REG_SZ, NULL, text, &size))
        return CO_E_CLASSSTRING;
    return CLSIDFromString(text, class);
}

HRESULT WINAPI CLSIDFromProgIDEx(LPCOLESTR name, LPCLSID class)
{
    return CLSIDFromProgID(name, class);
}

HRESULT WINAPI ProgIDFromCLSID(REFCLSID class, LPOLESTR *name)
{
    WCHAR text[MAX_PATH];
    size_t size;

    if (!name)
        return E_INVALIDARG;
    *name = NULL;
    if (!class_value(class, L"ProgID", text, MAX_PATH))
        return REGDB_E_CLASSNOTREG;
    size = ((size_t)lstrlenW(text) + 1) * sizeof *text;
    *name = CoTaskMemAlloc(size);
    if (!*name)
        return E_OUTOFMEMORY;
    memcpy(*name, text, size);
    return S_OK;
}

/* Proxies of interfaces are not made. */
HRESULT WINAPI CoGetPSClsid(REFIID iid, LPCLSID class)
{
    WCHAR path[80] = L"Interface\\", text[40];
    DWORD size = sizeof text;

    if (!class)
        return E_INVALIDARG;
    memset(class, 0, sizeof *class);
    StringFromGUID2(iid, path + 10, 39);
    lstrcatW(path, L"\\ProxyStubClsid32");
    if (RegGetValueW(HKEY_CLASSES_ROOT, path, NULL, RRF_RT_REG_SZ, NULL, text, &size))
        return REGDB_E_IIDNOTREG;
    return CLSIDFromString(text, class);
}
