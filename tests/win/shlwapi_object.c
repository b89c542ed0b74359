/*
 * Do shlwapi's helpers for streams, interface tables, texts of both widths, threads, colours and the system's kind do
 * what is documented?
 * link: -lshlwapi -lole32 -luuid
 */
#define COBJMACROS
#include "check.h"
#include <objbase.h>
#include <shlwapi.h>

typedef struct {
    void *piid;
    DWORD offset;
} ROW;

static HMODULE shlwapi;
#define GET(result, name, ...)                                                                                         \
    result(WINAPI *p##name)(__VA_ARGS__) = (result(WINAPI *)(__VA_ARGS__))(void *)GetProcAddress(shlwapi, #name)
#define GET_ORDINAL(result, name, ordinal, ...)                                                                        \
    result(WINAPI *p##name)(__VA_ARGS__) =                                                                             \
        (result(WINAPI *)(__VA_ARGS__))(void *)GetProcAddress(shlwapi, MAKEINTRESOURCEA(ordinal))

static void streams(void)
{
    GET_ORDINAL(HRESULT, Read, 184, IStream *, void *, ULONG);
    GET_ORDINAL(HRESULT, Write, 212, IStream *, const void *, ULONG);
    GET_ORDINAL(HRESULT, Reset, 213, IStream *);
    GET_ORDINAL(HRESULT, Size, 214, IStream *, ULARGE_INTEGER *);
    GET_ORDINAL(void, AtomicRelease, 169, void *);
    GET_ORDINAL(void, Set, 199, void *, void *);
    IStream *stream = NULL, *place = NULL;
    ULARGE_INTEGER size;
    char text[16] = "";

    CHECK_EQ(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
    CHECK_EQ(pWrite(stream, "hello", 5), S_OK);
    CHECK_EQ(pSize(stream, &size), S_OK);
    CHECK_EQ(size.QuadPart, 5);
    CHECK(FAILED(pRead(stream, text, 1))); /* at the end */
    CHECK_EQ(pReset(stream), S_OK);
    CHECK_EQ(pRead(stream, text, 5), S_OK);
    CHECK_STR(text, "hello");
    CHECK_EQ(pReset(stream), S_OK);
    CHECK(FAILED(pRead(stream, text, 6)));
    pSet(&place, stream);
    CHECK(place == stream);
    CHECK_EQ(IStream_AddRef(stream), 3);
    CHECK_EQ(IStream_Release(stream), 2);
    pAtomicRelease(&place);
    CHECK(!place);
    pAtomicRelease(&place);
    CHECK_EQ(IStream_Release(stream), 0);
}

/* An object of two interfaces. */
static struct object {
    void **first, **second;
    int refs;
} object;

static ULONG WINAPI add_ref(void *this)
{
    (void)this;
    return (ULONG)++object.refs;
}

static void tables(void)
{
    GET_ORDINAL(HRESULT, QISearch, 219, void *, const ROW *, REFIID, void **);
    static void *methods[] = {NULL, (void *)add_ref, NULL};
    const ROW rows[] = {{(void *)&IID_IPersist, 0}, {(void *)&IID_IStream, sizeof(void *)}, {NULL, 0}};
    void *result = NULL;

    object.first = object.second = methods;
    CHECK_EQ(pQISearch(&object, rows, &IID_IStream, &result), S_OK);
    CHECK(result == (void *)&object.second);
    CHECK_EQ(object.refs, 1);
    CHECK_EQ(pQISearch(&object, rows, &IID_IPersist, &result), S_OK);
    CHECK(result == (void *)&object.first);
    CHECK_EQ(pQISearch(&object, rows, &IID_IUnknown, &result), S_OK);
    CHECK(result == (void *)&object.first);
    CHECK_EQ(object.refs, 3);
    CHECK_EQ(pQISearch(&object, rows, &IID_IStorage, &result), E_NOINTERFACE);
    CHECK(!result);
    CHECK_EQ(object.refs, 3);
    CHECK_EQ(pQISearch(&object, rows, &IID_IStream, NULL), E_POINTER);
}

static void texts(void)
{
    GET_ORDINAL(int, ToUnicode, 215, LPCSTR, LPWSTR, int);
    GET_ORDINAL(int, ToAnsi, 217, LPCWSTR, LPSTR, int);
    WCHAR wide[16];
    char narrow[16];

    CHECK_EQ(pToUnicode("hello", wide, 16), 6);
    CHECK(!wcscmp(wide, L"hello"));
    CHECK_EQ(pToAnsi(L"hello", narrow, 16), 6);
    CHECK_STR(narrow, "hello");
    CHECK_EQ(pToUnicode("hello", wide, 6), 6);
    pToUnicode("hello", wide, 4);
    if (!check_under_wine()) /* not terminated */
        CHECK(!wcscmp(wide, L"hel"));
    pToAnsi(L"hello", narrow, 4);
    CHECK_STR(narrow, "hel");
    if (!check_under_wine()) /* asks how much is needed */
        CHECK_EQ(pToUnicode("hello", wide, 0), 0);
    CHECK_EQ(SHLoadIndirectString(L"plain", wide, 16, NULL), S_OK);
    CHECK(!wcscmp(wide, L"plain"));
    CHECK(FAILED(SHLoadIndirectString(L"@no_such_file.dll,-7", wide, 16, NULL)));
    CHECK(!*wide);
}

static DWORD main_thread, order[3], count;

static DWORD WINAPI before(void *context)
{
    CHECK(context == &count && GetCurrentThreadId() != main_thread);
    order[0] = ++count;
    return 0;
}

static DWORD WINAPI run(void *context)
{
    CHECK(context == &count);
    order[1] = ++count;
    return 77;
}

static void threads(void)
{
    GET_ORDINAL(BOOL, Create, 615, LPTHREAD_START_ROUTINE, void *, DWORD, LPTHREAD_START_ROUTINE, HANDLE *);
    HANDLE thread = NULL;
    DWORD code = 0;

    main_thread = GetCurrentThreadId();
    CHECK(pCreate(run, &count, 0, before, &thread));
    CHECK_EQ(order[0], 1); /* has run when this returns */
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK_EQ(order[1], 2);
    CHECK(GetExitCodeThread(thread, &code) && code == 77);
    CloseHandle(thread);
}

static void colors(void)
{
    static const struct {
        COLORREF color;
        WORD hue, luminance, saturation;
    } cases[] = {
        {RGB(255, 0, 0), 0, 120, 240},     {RGB(0, 255, 0), 80, 120, 240},    {RGB(0, 0, 255), 160, 120, 240},
        {RGB(0, 0, 0), 160, 0, 0},         {RGB(255, 255, 255), 160, 240, 0}, {RGB(255, 255, 0), 40, 120, 240},
        {RGB(0, 255, 255), 120, 120, 240}, {RGB(255, 0, 255), 200, 120, 240}, {RGB(128, 0, 0), 0, 60, 240},
    };
    GET(void, ColorRGBToHLS, COLORREF, WORD *, WORD *, WORD *);
    GET(COLORREF, ColorHLSToRGB, WORD, WORD, WORD);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WORD hue = 999, luminance = 999, saturation = 999;

        pColorRGBToHLS(cases[i].color, &hue, &luminance, &saturation);
        CHECK_EQ(hue, cases[i].hue);
        CHECK_EQ(luminance, cases[i].luminance);
        CHECK_EQ(saturation, cases[i].saturation);
        if (cases[i].color != RGB(128, 0, 0)) /* not exact the other way */
            CHECK_EQ(pColorHLSToRGB(hue, luminance, saturation), cases[i].color);
    }
}

static void system_kind(void)
{
    GET_ORDINAL(BOOL, IsOS, 437, DWORD);

    CHECK(pIsOS(OS_NT));
    CHECK(pIsOS(OS_NT4ORGREATER));
    CHECK(pIsOS(OS_WIN2000ORGREATER));
    CHECK(pIsOS(OS_XPORGREATER));
    CHECK(!pIsOS(OS_WINDOWS));
    CHECK(!pIsOS(OS_WIN98_GOLD));
    CHECK(!pIsOS(OS_WOW6432));
    if (!check_under_wine()) { /* says yes */
        CHECK(!pIsOS(OS_ANYSERVER));
        CHECK(!pIsOS(OS_DOMAINMEMBER));
    }
    CHECK(!pIsOS(999));
}

int main(void)
{
    shlwapi = LoadLibraryA("shlwapi.dll");
    streams();
    tables();
    texts();
    if (!check_under_wine()) /* has no function 615 */
        threads();
    colors();
    system_kind();
    return check_done();
}
