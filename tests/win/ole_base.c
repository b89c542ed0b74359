/* Does COM without servers answer as documented: the task allocator, GUIDs as text, apartments, properties?  Are
 * directories made with all above them? */
#define COBJMACROS
#include "check.h"
#include <objbase.h>
#include <shlobj.h>

/* link: -lole32 -lshell32 -luuid */

static void check_allocator(void)
{
    IMalloc *allocator = NULL, *same = NULL;
    char *memory;

    CHECK_EQ(CoGetMalloc(1, &allocator), S_OK);
    CHECK_EQ(IMalloc_QueryInterface(allocator, &IID_IMalloc, (void **)&same), S_OK);
    CHECK(same == allocator);
    CHECK_EQ(IMalloc_QueryInterface(allocator, &IID_IStream, (void **)&same), E_NOINTERFACE);
    CHECK(same == NULL || check_under_wine()); /* Wine leaves it */
    memory = IMalloc_Alloc(allocator, 100);
    CHECK(memory != NULL);
    CHECK(IMalloc_GetSize(allocator, memory) >= 100);
    CHECK_EQ(IMalloc_DidAlloc(allocator, memory), 1);
    CHECK_EQ(IMalloc_DidAlloc(allocator, NULL), -1);
    memset(memory, 7, 100);
    memory = IMalloc_Realloc(allocator, memory, 10000);
    CHECK(memory && memory[99] == 7);
    CoTaskMemFree(memory); /* the same heap */
    memory = CoTaskMemAlloc(5);
    IMalloc_Free(allocator, memory);
    IMalloc_Free(allocator, NULL);
    CHECK(IMalloc_Release(allocator) > 0);
    CHECK_EQ(CoGetMalloc(7, &allocator), E_INVALIDARG);
}

static void check_apartments(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;
    void *object = &type;

    CHECK_EQ(CoGetApartmentType(&type, &qualifier), CO_E_NOTINITIALIZED);
    CHECK_EQ(CoCreateInstance(&CLSID_ShellLink, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, &object),
             CO_E_NOTINITIALIZED);
    ULONG_PTR token, again;
    CHECK_EQ(CoGetContextToken(&token), CO_E_NOTINITIALIZED);
    CHECK_EQ(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    CHECK_EQ(CoGetContextToken(&token), S_OK);
    CHECK(token != 0);
    CHECK_EQ(CoGetContextToken(&again), S_OK);
    CHECK(token == again);
    CHECK_EQ(CoGetContextToken(NULL), E_POINTER);
    IComThreadingInfo *threading;
    APTTYPE apartment;
    CHECK_EQ(CoGetObjectContext(&IID_IComThreadingInfo, (void **)&threading), S_OK);
    CHECK_EQ(IComThreadingInfo_GetCurrentApartmentType(threading, &apartment), S_OK);
    CHECK_EQ(apartment, APTTYPE_MAINSTA);
    IComThreadingInfo_Release(threading);
    CHECK_EQ(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_FALSE);
    CHECK_EQ(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
    CHECK_EQ(CoGetApartmentType(&type, &qualifier), S_OK);
    CHECK_EQ(type, APTTYPE_MAINSTA);
    CHECK_EQ(CoGetApartmentType(NULL, &qualifier), E_INVALIDARG);
    CoUninitialize();
    CoUninitialize();
    CHECK_EQ(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    CHECK_EQ(CoGetApartmentType(&type, &qualifier), S_OK);
    CHECK_EQ(type, APTTYPE_MTA);
    CoUninitialize();
}

static void check_guids(void)
{
    static const WCHAR *const bad[] = {L"{6ba7b810-9dad-11d1-80b4-00c04fd430c}",
                                       L"6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                                       L"{6ba7b810-9dad-11d1-80b4-00c04fd430c8", L"no such class"};
    WCHAR text[64];
    GUID guid;

    CHECK_EQ(CLSIDFromString(L"{6BA7B810-9dad-11d1-80b4-00c04fd430c8}", &guid), S_OK);
    CHECK_EQ(guid.Data1, 0x6ba7b810);
    CHECK_EQ(StringFromGUID2(&guid, text, 64), 39);
    CHECK(!wcscmp(text, L"{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}"));
    CHECK_EQ(StringFromGUID2(&guid, text, 38), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ(CLSIDFromString(bad[i], &guid), CO_E_CLASSSTRING);
    CHECK_EQ(CLSIDFromProgID(L"No.Such.Class", &guid), CO_E_CLASSSTRING);
    CHECK_EQ(CLSIDFromProgID(NULL, &guid), E_INVALIDARG);
}

static void check_properties(void)
{
    PROPVARIANT value;

    PropVariantInit(&value);
    value.vt = VT_LPWSTR;
    value.pwszVal = CoTaskMemAlloc(20);
    CHECK_EQ(PropVariantClear(&value), S_OK);
    CHECK_EQ(value.vt, VT_EMPTY);
    CHECK(value.pwszVal == NULL);
    value.vt = VT_VECTOR | VT_LPSTR;
    value.calpstr.cElems = 2;
    value.calpstr.pElems = CoTaskMemAlloc(2 * sizeof(char *));
    value.calpstr.pElems[0] = CoTaskMemAlloc(3);
    value.calpstr.pElems[1] = NULL;
    CHECK_EQ(PropVariantClear(&value), S_OK);
    CHECK_EQ(value.vt, VT_EMPTY);
    CHECK_EQ(PropVariantClear(NULL), S_OK);
}

static void check_directories(void)
{
    WCHAR path[MAX_PATH], deep[MAX_PATH];

    GetFullPathNameW(L"made", MAX_PATH, path, NULL);
    wcscpy(deep, path);
    wcscat(deep, L"\\a\\b\\c");
    CHECK_EQ(SHCreateDirectoryExW(NULL, deep, NULL), ERROR_SUCCESS);
    CHECK(GetFileAttributesW(deep) & FILE_ATTRIBUTE_DIRECTORY);
    CHECK_EQ(SHCreateDirectoryExW(NULL, deep, NULL), ERROR_ALREADY_EXISTS);
    CHECK_EQ(SHCreateDirectoryExW(NULL, L"relative", NULL), ERROR_BAD_PATHNAME);
    for (int i = 0; i < 4; i++) {
        CHECK(RemoveDirectoryW(deep));
        *wcsrchr(deep, L'\\') = 0;
    }
}

int main(void)
{
    check_apartments();
    check_allocator();
    check_guids();
    check_properties();
    check_directories();
    return check_done();
}
