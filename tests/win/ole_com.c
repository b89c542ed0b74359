/*
 * Do COM classes work in one process: those of a DLL that the registry names and those that the program registers?
 * Marshalling, the global interface table, the free-threaded marshaler, error objects, bind contexts, streams.
 */
/* link: -lole32 -loleaut32 -luuid -lshlwapi */
#define COBJMACROS
#include "check.h"
#include <objbase.h>
#include <oleauto.h>
#include <shlwapi.h>

static const GUID class_id = {0x2f3c1a70, 0x5b1d, 0x4c11, {0x9a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
static const GUID own_class = {0x2f3c1a71, 0x5b1d, 0x4c11, {0x9a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
static const GUID no_class = {0x2f3c1a72, 0x5b1d, 0x4c11, {0x9a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
#define KEY "Software\\Classes\\CLSID\\{2F3C1A70-5B1D-4C11-9A10-001122334455}"

/* Wine 8 does not see the user's own classes. */
static HKEY root(void)
{
    return check_under_wine() ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
}

static void set(const char *key, const char *value)
{
    RegSetKeyValueA(root(), key, NULL, REG_SZ, value, (DWORD)strlen(value) + 1);
}

static void check_server(void)
{
    char path[MAX_PATH];
    IPersist *object = NULL;
    IClassFactory *factory = NULL;
    OLECHAR *name = NULL;
    MULTI_QI wanted[2] = {{&IID_IPersist, NULL, S_OK}, {&IID_IStream, NULL, S_OK}};
    CLSID id;

    GetModuleFileNameA(NULL, path, MAX_PATH);
    strcpy(strrchr(path, '\\') + 1, "com_server.dll");
    set(KEY "\\InprocServer32", path);
    set(KEY "\\ProgID", "Winrun.Test");
    set("Software\\Classes\\Winrun.Test\\CLSID", "{2F3C1A70-5B1D-4C11-9A10-001122334455}");

    CHECK_EQ(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IPersist, (void **)&object), S_OK);
    CHECK(object != NULL);
    CHECK_EQ(IPersist_GetClassID(object, &id), S_OK);
    CHECK(IsEqualGUID(&id, &class_id));
    CHECK(GetModuleHandleA("com_server.dll") != NULL);
    CHECK_EQ(IPersist_Release(object), 0);
    CHECK_EQ(CoGetClassObject(&class_id, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory), S_OK);
    CHECK_EQ(IClassFactory_CreateInstance(factory, (IUnknown *)factory, &IID_IUnknown, (void **)&object),
             CLASS_E_NOAGGREGATION);
    CHECK_EQ(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object), S_OK);
    IPersist_Release(object);
    IClassFactory_Release(factory);
    object = (void *)1;
    CHECK_EQ(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IStream, (void **)&object), E_NOINTERFACE);
    CHECK(object == NULL);
    CHECK_EQ(CoCreateInstance(&class_id, NULL, CLSCTX_LOCAL_SERVER, &IID_IUnknown, (void **)&object),
             REGDB_E_CLASSNOTREG);
    CHECK_EQ(CoCreateInstance(&no_class, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object),
             REGDB_E_CLASSNOTREG);
    CHECK_EQ(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, NULL), E_POINTER);
    CHECK_EQ(CoCreateInstanceEx(&class_id, NULL, CLSCTX_INPROC_SERVER, NULL, 2, wanted), CO_S_NOTALLINTERFACES);
    CHECK_EQ(wanted[0].hr, S_OK);
    CHECK_EQ(wanted[1].hr, E_NOINTERFACE);
    CHECK(wanted[0].pItf && !wanted[1].pItf);
    IUnknown_Release(wanted[0].pItf);

    CHECK_EQ(CLSIDFromProgID(L"Winrun.Test", &id), S_OK);
    CHECK(IsEqualGUID(&id, &class_id));
    CHECK_EQ(CLSIDFromProgID(L"Winrun.No.Such", &id), CO_E_CLASSSTRING);
    CHECK_EQ(ProgIDFromCLSID(&class_id, &name), S_OK);
    CHECK(name && !wcscmp(name, L"Winrun.Test"));
    CoTaskMemFree(name);
    CHECK_EQ(ProgIDFromCLSID(&no_class, &name), REGDB_E_CLASSNOTREG);
    CoFreeUnusedLibraries();
    set(KEY "\\InprocServer32", "c:\\no\\such\\server.dll");
    CHECK(FAILED(CoCreateInstance(&class_id, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object)));
    RegDeleteTreeA(root(), KEY);
    RegDeleteTreeA(root(), "Software\\Classes\\Winrun.Test");
}

/* ---- an object of the program's own: its own factory, too ---- */

static LONG refs = 1;

static HRESULT WINAPI own_query(IClassFactory *this, REFIID id, void **result)
{
    *result = IsEqualGUID(id, &IID_IUnknown) || IsEqualGUID(id, &IID_IClassFactory) ? this : NULL;
    if (*result)
        refs++;
    return *result ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI own_add_ref(IClassFactory *this)
{
    (void)this;
    return (ULONG)InterlockedIncrement(&refs);
}

static ULONG WINAPI own_release(IClassFactory *this)
{
    (void)this;
    return (ULONG)InterlockedDecrement(&refs);
}

static HRESULT WINAPI own_create(IClassFactory *this, IUnknown *outer, REFIID id, void **result)
{
    (void)outer;
    return own_query(this, id, result);
}

static HRESULT WINAPI own_lock(IClassFactory *this, BOOL on)
{
    (void)this, (void)on;
    return S_OK;
}

static const IClassFactoryVtbl own_methods = {own_query, own_add_ref, own_release, own_create, own_lock};
static IClassFactory own = {(IClassFactoryVtbl *)&own_methods};

static void check_registered(void)
{
    IUnknown *object = NULL;
    DWORD cookie, second;

    CHECK_EQ(CoRegisterClassObject(&own_class, (IUnknown *)&own, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
             S_OK);
    CHECK(cookie != 0);
    CHECK_EQ(CoCreateInstance(&own_class, NULL, CLSCTX_INPROC_SERVER, &IID_IClassFactory, (void **)&object), S_OK);
    CHECK((void *)object == (void *)&own);
    IUnknown_Release(object);
    CHECK_EQ(CoRegisterClassObject(&own_class, NULL, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &second), E_INVALIDARG);
    CHECK_EQ(CoRevokeClassObject(cookie), S_OK);
    CHECK(FAILED(CoRevokeClassObject(cookie)));
    CHECK_EQ(CoCreateInstance(&own_class, NULL, CLSCTX_INPROC_SERVER, &IID_IClassFactory, (void **)&object),
             REGDB_E_CLASSNOTREG);
    CHECK_EQ(refs, 1);
}

/* ---- marshalling ---- */

static DWORD WINAPI other_thread(void *stream)
{
    IClassFactory *factory = NULL;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CHECK_EQ(CoGetInterfaceAndReleaseStream(stream, &IID_IClassFactory, (void **)&factory), S_OK);
    CHECK(factory != NULL);
    if (factory)
        IClassFactory_Release(factory);
    CoUninitialize();
    return 0;
}

static void check_marshal(void)
{
    IGlobalInterfaceTable *table = NULL;
    IUnknown *marshaler = NULL;
    IClassFactory *factory = NULL;
    LARGE_INTEGER start = {{0}};
    IMarshal *marshal = NULL;
    IStream *stream = NULL;
    HANDLE thread;
    DWORD cookie;
    ULONG size = 0;

    CHECK_EQ(CoGetMarshalSizeMax(&size, &IID_IClassFactory, (IUnknown *)&own, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL),
             S_OK);
    CHECK(size >= 24);
    CHECK_EQ(CoMarshalInterThreadInterfaceInStream(&IID_IClassFactory, (IUnknown *)&own, &stream), S_OK);
    thread = CreateThread(NULL, 0, other_thread, stream, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CHECK_EQ(CoMarshalInterThreadInterfaceInStream(&IID_IStream, (IUnknown *)&own, &stream), E_NOINTERFACE);
    CHECK_EQ(CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, NULL, &stream), E_INVALIDARG);

    CHECK_EQ(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
    CHECK_EQ(
        CoMarshalInterface(stream, &IID_IClassFactory, (IUnknown *)&own, MSHCTX_INPROC, NULL, MSHLFLAGS_TABLESTRONG),
        S_OK);
    for (int i = 0; i < 2; i++) {
        IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
        CHECK_EQ(CoUnmarshalInterface(stream, &IID_IClassFactory, (void **)&factory), S_OK);
        CHECK(factory != NULL);
        IClassFactory_Release(factory);
    }
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    CHECK_EQ(CoReleaseMarshalData(stream), S_OK);
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    CHECK(FAILED(CoUnmarshalInterface(stream, &IID_IClassFactory, (void **)&factory)));
    IStream_Release(stream);

    CHECK_EQ(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER, &IID_IGlobalInterfaceTable,
                              (void **)&table),
             S_OK);
    CHECK_EQ(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)&own, &IID_IClassFactory, &cookie),
             S_OK);
    CHECK_EQ(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IClassFactory, (void **)&factory), S_OK);
    IClassFactory_Release(factory);
    CHECK_EQ(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), S_OK);
    CHECK_EQ(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IClassFactory, (void **)&factory),
             E_INVALIDARG);
    IGlobalInterfaceTable_Release(table);

    CHECK_EQ(CoCreateFreeThreadedMarshaler(NULL, &marshaler), S_OK);
    CHECK_EQ(IUnknown_QueryInterface(marshaler, &IID_IMarshal, (void **)&marshal), S_OK);
    CHECK_EQ(IUnknown_QueryInterface(marshaler, &IID_IStream, (void **)&stream), E_NOINTERFACE);
    IMarshal_Release(marshal);
    CHECK_EQ(IUnknown_Release(marshaler), 0);
    if (!check_under_wine())
        CHECK_EQ(refs, 1);
}

static void check_errors(void)
{
    ICreateErrorInfo *create = NULL;
    IErrorInfo *info = NULL, *same = NULL;
    BSTR text = NULL;
    DWORD context;
    GUID guid;

    CHECK_EQ(GetErrorInfo(0, &info), S_FALSE);
    CHECK(info == NULL);
    CHECK_EQ(CreateErrorInfo(&create), S_OK);
    CHECK_EQ(ICreateErrorInfo_SetDescription(create, L"what went wrong"), S_OK);
    CHECK_EQ(ICreateErrorInfo_SetSource(create, L"a test"), S_OK);
    CHECK_EQ(ICreateErrorInfo_SetHelpContext(create, 77), S_OK);
    CHECK_EQ(ICreateErrorInfo_SetGUID(create, &class_id), S_OK);
    CHECK_EQ(ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info), S_OK);
    CHECK_EQ(SetErrorInfo(0, info), S_OK);
    CHECK_EQ(GetErrorInfo(0, &same), S_OK);
    CHECK(same == info);
    CHECK_EQ(IErrorInfo_GetDescription(same, &text), S_OK);
    CHECK(text && !wcscmp(text, L"what went wrong"));
    SysFreeString(text);
    CHECK_EQ(IErrorInfo_GetSource(same, &text), S_OK);
    CHECK(text && !wcscmp(text, L"a test"));
    SysFreeString(text);
    CHECK_EQ(IErrorInfo_GetHelpFile(same, &text), S_OK);
    CHECK(text == NULL);
    CHECK_EQ(IErrorInfo_GetHelpContext(same, &context), S_OK);
    CHECK_EQ(context, 77);
    CHECK_EQ(IErrorInfo_GetGUID(same, &guid), S_OK);
    CHECK(IsEqualGUID(&guid, &class_id));
    IErrorInfo_Release(same);
    IErrorInfo_Release(info);
    CHECK_EQ(ICreateErrorInfo_Release(create), 0);
    CHECK_EQ(GetErrorInfo(0, &info), S_FALSE); /* was taken */
    CHECK_EQ(GetErrorInfo(1, &info), E_INVALIDARG);
}

static void check_context(void)
{
    IUnknown *object = NULL;
    BIND_OPTS options = {sizeof options};
    IBindCtx *ctx = NULL;
    IRunningObjectTable *table = NULL;
    ULONG_PTR token = 0, again = 0;

    CHECK_EQ(CreateBindCtx(0, &ctx), S_OK);
    CHECK_EQ(IBindCtx_GetBindOptions(ctx, &options), S_OK);
    CHECK_EQ(options.grfMode, STGM_READWRITE);
    CHECK_EQ(IBindCtx_RegisterObjectParam(ctx, L"key", (IUnknown *)&own), S_OK);
    CHECK_EQ(IBindCtx_GetObjectParam(ctx, L"key", &object), S_OK);
    CHECK((void *)object == (void *)&own);
    IUnknown_Release(object);
    CHECK_EQ(IBindCtx_GetObjectParam(ctx, L"no key", &object), E_FAIL);
    CHECK_EQ(IBindCtx_RevokeObjectParam(ctx, L"key"), S_OK);
    CHECK_EQ(IBindCtx_RevokeObjectParam(ctx, L"key"), E_FAIL);
    CHECK_EQ(IBindCtx_RegisterObjectBound(ctx, (IUnknown *)&own), S_OK);
    CHECK_EQ(IBindCtx_RevokeObjectBound(ctx, (IUnknown *)&own), S_OK);
    CHECK_EQ(IBindCtx_RevokeObjectBound(ctx, (IUnknown *)&own), MK_E_NOTBOUND);
    CHECK_EQ(IBindCtx_GetRunningObjectTable(ctx, &table), S_OK);
    IRunningObjectTable_Release(table);
    CHECK_EQ(IBindCtx_Release(ctx), 0);
    CHECK_EQ(CreateBindCtx(1, &ctx), E_INVALIDARG);
    CHECK_EQ(CoGetContextToken(&token), S_OK);
    CHECK_EQ(CoGetContextToken(&again), S_OK);
    CHECK(token && token == again);
    CHECK_EQ(CoSetProxyBlanket((IUnknown *)&own, 10, 0, NULL, 3, 3, NULL, 0), E_NOINTERFACE);
}

static void check_stream(IStream *stream)
{
    LARGE_INTEGER to = {{0}};
    ULARGE_INTEGER now, size, read, written;
    IStream *copy = NULL, *other = NULL;
    char buffer[32] = {0};
    STATSTG info;
    ULONG done;

    CHECK_EQ(IStream_Write(stream, "0123456789", 10, &done), S_OK);
    CHECK_EQ(done, 10);
    to.QuadPart = -4;
    CHECK_EQ(IStream_Seek(stream, to, STREAM_SEEK_END, &now), S_OK);
    CHECK_EQ(now.QuadPart, 6);
    CHECK_EQ(IStream_Read(stream, buffer, 32, &done), S_OK);
    CHECK_EQ(done, 4);
    CHECK(!memcmp(buffer, "6789", 4));
    CHECK_EQ(IStream_Read(stream, buffer, 32, &done), S_OK);
    CHECK_EQ(done, 0);
    to.QuadPart = -1;
    CHECK_EQ(IStream_Seek(stream, to, STREAM_SEEK_SET, &now), STG_E_SEEKERROR);
    to.QuadPart = 3;
    CHECK_EQ(IStream_Seek(stream, to, STREAM_SEEK_SET, NULL), S_OK);
    CHECK_EQ(IStream_Clone(stream, &copy), S_OK);
    CHECK_EQ(IStream_Read(copy, buffer, 2, NULL), S_OK);
    CHECK(!memcmp(buffer, "34", 2));
    CHECK_EQ(IStream_Release(copy), 0);
    size.QuadPart = 20;
    CHECK_EQ(IStream_SetSize(stream, size), S_OK);
    CHECK_EQ(IStream_Stat(stream, &info, STATFLAG_NONAME), S_OK);
    CHECK_EQ(info.cbSize.QuadPart, 20);
    CHECK_EQ(info.type, STGTY_STREAM);
    CHECK_EQ(CreateStreamOnHGlobal(NULL, TRUE, &other), S_OK);
    size.QuadPart = 100;
    CHECK_EQ(IStream_CopyTo(stream, other, size, &read, &written), S_OK);
    CHECK_EQ(read.QuadPart, 17);
    CHECK_EQ(written.QuadPart, 17);
    CHECK_EQ(IStream_Commit(stream, STGC_DEFAULT), S_OK);
    IStream_Release(other);
}

static void check_streams(void)
{
    HGLOBAL memory = GlobalAlloc(GMEM_MOVEABLE, 0), same = NULL;
    IStream *stream = NULL;
    char buffer[8];
    ULONG done;

    CHECK_EQ(CreateStreamOnHGlobal(memory, TRUE, &stream), S_OK);
    CHECK_EQ(GetHGlobalFromStream(stream, &same), S_OK);
    check_stream(stream);
    CHECK_EQ(IStream_Release(stream), 0);
    CHECK_EQ(CreateStreamOnHGlobal(NULL, TRUE, NULL), E_INVALIDARG);
    CHECK_EQ(GetHGlobalFromStream(NULL, &same), E_INVALIDARG);
    stream = SHCreateMemStream((const BYTE *)"abc", 3);
    CHECK(stream != NULL);
    CHECK_EQ(IStream_Read(stream, buffer, 8, &done), S_OK);
    CHECK_EQ(done, 3);
    CHECK(!memcmp(buffer, "abc", 3));
    IStream_Release(stream);
}

static void check_file_stream(void)
{
    IStream *stream = NULL;
    LARGE_INTEGER start = {{0}};
    ULARGE_INTEGER size;
    STATSTG info;
    char buffer[8];
    ULONG done;

    CHECK_EQ(SHCreateStreamOnFileW(L"no such file", STGM_READ, &stream), HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK_EQ(SHCreateStreamOnFileW(L"stream.txt", STGM_CREATE | STGM_READWRITE, &stream), S_OK);
    CHECK_EQ(IStream_Write(stream, "0123456789", 10, &done), S_OK);
    CHECK_EQ(done, 10);
    CHECK_EQ(IStream_Seek(stream, start, STREAM_SEEK_SET, &size), S_OK);
    CHECK_EQ(IStream_Read(stream, buffer, 4, &done), S_OK);
    CHECK(done == 4 && !memcmp(buffer, "0123", 4));
    size.QuadPart = 6;
    CHECK_EQ(IStream_SetSize(stream, size), S_OK);
    CHECK_EQ(IStream_Stat(stream, &info, STATFLAG_NONAME), S_OK);
    CHECK_EQ(info.cbSize.QuadPart, 6);
    CHECK_EQ(IStream_Release(stream), 0);
    CHECK_EQ(SHCreateStreamOnFileEx(L"stream.txt", STGM_READ, 0, FALSE, NULL, &stream), S_OK);
    CHECK(SUCCEEDED(IStream_Read(stream, buffer, 8, &done)));
    CHECK_EQ(done, 6);
    IStream_Release(stream);
    DeleteFileA("stream.txt");
}

/* The Windows Runtime's strings, by name: older Windows has none. */
static void check_winrt(void)
{
    HMODULE combase = LoadLibraryA("combase.dll");
#define GET(result, name, ...) result(WINAPI *name)(__VA_ARGS__) = (void *)GetProcAddress(combase, #name)
    GET(HRESULT, WindowsCreateString, PCWSTR, UINT32, void **);
    GET(HRESULT, WindowsDeleteString, void *);
    GET(HRESULT, WindowsDuplicateString, void *, void **);
    GET(HRESULT, WindowsConcatString, void *, void *, void **);
    GET(HRESULT, WindowsSubstring, void *, UINT32, void **);
    GET(HRESULT, WindowsCompareStringOrdinal, void *, void *, INT32 *);
    GET(HRESULT, WindowsCreateStringReference, PCWSTR, UINT32, void *, void **);
    GET(PCWSTR, WindowsGetStringRawBuffer, void *, UINT32 *);
    GET(UINT32, WindowsGetStringLen, void *);
    GET(HRESULT, RoGetActivationFactory, void *, const GUID *, void **);
    void *a = NULL, *b = NULL, *c = NULL, *r = NULL, *object = NULL;
    ULONG_PTR header[3];
    UINT32 length;
    INT32 order;

    CHECK_EQ(WindowsCreateString(L"abc", 3, &a), S_OK);
    CHECK_EQ(WindowsGetStringLen(a), 3);
    CHECK(!wcscmp(WindowsGetStringRawBuffer(a, &length), L"abc"));
    CHECK_EQ(length, 3);
    CHECK_EQ(WindowsCreateString(L"", 0, &b), S_OK);
    CHECK(b == NULL);
    CHECK(!wcscmp(WindowsGetStringRawBuffer(NULL, &length), L""));
    CHECK_EQ(length, 0);
    CHECK_EQ(WindowsDuplicateString(a, &b), S_OK);
    CHECK(a == b);
    CHECK_EQ(WindowsCreateStringReference(L"def", 3, header, &r), S_OK);
    CHECK(r == (void *)header);
    CHECK_EQ(WindowsCreateStringReference(L"defg", 3, header, &c), E_INVALIDARG);
    CHECK_EQ(WindowsCreateStringReference(L"def", 3, header, &r), S_OK);
    CHECK_EQ(WindowsConcatString(a, r, &c), S_OK);
    CHECK(!wcscmp(WindowsGetStringRawBuffer(c, NULL), L"abcdef"));
    CHECK_EQ(WindowsCompareStringOrdinal(a, c, &order), S_OK);
    CHECK_EQ(order, -1);
    CHECK_EQ(WindowsDeleteString(b), S_OK);
    CHECK_EQ(WindowsSubstring(c, 4, &b), S_OK);
    CHECK(!wcscmp(WindowsGetStringRawBuffer(b, NULL), L"ef"));
    CHECK_EQ(WindowsSubstring(c, 7, &object), (HRESULT)0x8000000B);
    if (!check_under_wine())
        CHECK_EQ(RoGetActivationFactory(a, &IID_IUnknown, &object), REGDB_E_CLASSNOTREG);
    WindowsDeleteString(a);
    WindowsDeleteString(b);
    WindowsDeleteString(c);
    WindowsDeleteString(NULL);
}

int main(void)
{
    CHECK_EQ(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    check_server();
    check_registered();
    check_marshal();
    check_errors();
    check_context();
    check_streams();
    check_file_stream();
    check_winrt();
    CoUninitialize();
    return check_done();
}
