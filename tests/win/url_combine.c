/*
 * What is a URL as seen from another one, and what is left of its detours?
 *
 * link: -lshlwapi -lole32
 */
#include "check.h"
#include <shlwapi.h>

static void combine(int line, const char *base, const char *relative, DWORD flags, const char *expected)
{
    char out[200], all[400];
    WCHAR wide_base[200], wide_relative[200], wide[200];
    DWORD room = sizeof out;
    int failed = check_failed;

    CHECK_EQ(UrlCombineA(base, relative, out, &room, flags), S_OK);
    CHECK_STR(out, expected);
    CHECK_EQ(room, strlen(expected));
    MultiByteToWideChar(CP_ACP, 0, base, -1, wide_base, 200);
    MultiByteToWideChar(CP_ACP, 0, relative, -1, wide_relative, 200);
    room = 200;
    CHECK_EQ(UrlCombineW(wide_base, wide_relative, wide, &room, flags), S_OK);
    CHECK_EQ(room, strlen(expected));
    WideCharToMultiByte(CP_ACP, 0, wide, -1, all, sizeof all, NULL, NULL);
    CHECK_STR(all, expected);
    room = 2;
    CHECK_EQ(UrlCombineW(wide_base, wide_relative, wide, &room, flags), E_POINTER);
    CHECK_EQ(room, strlen(expected) + 1);
    if (failed != check_failed)
        printf("  line %d\n", line);
}

static void canonical(int line, const char *url, DWORD flags, const char *expected)
{
    char out[200];
    DWORD room = sizeof out;
    int failed = check_failed;

    CHECK_EQ(UrlCanonicalizeA(url, out, &room, flags), S_OK);
    CHECK_STR(out, expected);
    CHECK_EQ(room, strlen(expected));
    if (failed != check_failed)
        printf("  line %d\n", line);
}

#define COMBINE(b, r, e) combine(__LINE__, b, r, 0, e)
#define CANON(u, f, e) canonical(__LINE__, u, f, e)

int main(void)
{
    WCHAR *copy = NULL, wide[10];
    char out[10];
    DWORD room = 10;

    COMBINE("http://www.x.org/tests", "tests1", "http://www.x.org/tests1");
    COMBINE("http://www.x.org/tests/", "tests1", "http://www.x.org/tests/tests1");
    COMBINE("http://www.x.org/tests", "/tests3", "http://www.x.org/tests3");
    COMBINE("http://www.x.org/a/b/c", "../d", "http://www.x.org/a/d");
    COMBINE("http://www.x.org/a/b/c", "./d", "http://www.x.org/a/b/d");
    COMBINE("http://www.x.org/a/b/c", "../../d", "http://www.x.org/d");
    COMBINE("http://www.x.org/a/b/c", "http://y.org/z", "http://y.org/z");
    COMBINE("http://www.x.org/a/b/c", "//y.org/z", "http://y.org/z");
    COMBINE("http://www.x.org/a/b", "#top", "http://www.x.org/a/b#top");
    COMBINE("http://www.x.org", "a", "http://www.x.org/a");
    COMBINE("http://www.x.org/a/", "", "http://www.x.org/a/");
    COMBINE("http://www.x.org/a/b", "c/", "http://www.x.org/a/c/");
    COMBINE("http://www.x.org/a/b", "mailto:me@x.org", "mailto:me@x.org");
    CANON("http://www.x.org/tests..", 0, "http://www.x.org/tests..");
    CANON("http://www.x.org/a/./b", 0, "http://www.x.org/a/b");
    CANON("http://www.x.org/a/../b?q=../c", 0, "http://www.x.org/b?q=../c");
    CANON("http://www.x.org/a/../b", URL_DONT_SIMPLIFY, "http://www.x.org/a/../b");
    CANON("http://www.x.org", 0, "http://www.x.org/");
    CANON("http://www.x.org/a b", URL_ESCAPE_SPACES_ONLY, "http://www.x.org/a%20b");
    CANON("http://www.x.org/a%20b", URL_UNESCAPE, "http://www.x.org/a b");
    CANON("mailto:Me@X.org", 0, "mailto:Me@X.org");
    if (!check_under_wine()) { /* follows no RFC in these */
        COMBINE("http://www.x.org/a/b", "?q=1", "http://www.x.org/a/b?q=1");
        CANON("http://www.x.org/tests/../tests/../..", 0, "http://www.x.org/");
        CANON("  http://www.x.org/a  ", 0, "http://www.x.org/a");
    }
    CHECK_EQ(UrlCanonicalizeA(NULL, out, &room, 0), E_INVALIDARG);
    CHECK_EQ(UrlCanonicalizeA("x", NULL, &room, 0), E_INVALIDARG);
    CHECK_EQ(UrlCombineW(NULL, L"x", wide, &room, 0), E_INVALIDARG);
    CHECK_EQ(SHStrDupW(L"text", &copy), S_OK);
    CHECK(copy && !wcscmp(copy, L"text"));
    CoTaskMemFree(copy);
    CHECK_EQ(SHStrDupA("narrow", &copy), S_OK);
    CHECK(copy && !wcscmp(copy, L"narrow"));
    CoTaskMemFree(copy);
    CHECK_EQ(SHStrDupW(NULL, &copy), E_OUTOFMEMORY);
    CHECK(copy == NULL);
    return check_done();
}
