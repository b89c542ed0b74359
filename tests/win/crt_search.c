/*
 * Do strlen, wcslen, strchr, strcmp, memchr, memcmp, memcpy and memset find and write the right bytes at every length
 * and alignment, and never touch a page beyond the one where their text ends?  In msvcrt and ucrtbase.
 */
#include "check.h"
#include <string.h>

#define LONGEST 420

static char *block, *end;   /* a page with a closed page behind it */
static char *block2, *end2; /* and another */

static struct {
    size_t(__cdecl *strlen)(const char *);
    size_t(__cdecl *wcslen)(const WCHAR *);
    char *(__cdecl *strchr)(const char *, int);
    int(__cdecl *strcmp)(const char *, const char *);
    void *(__cdecl *memchr)(const void *, int, size_t);
    int(__cdecl *memcmp)(const void *, const void *, size_t);
    void *(__cdecl *memcpy)(void *, const void *, size_t);
    void *(__cdecl *memset)(void *, int, size_t);
} f;

static char *page_before_closed(char **limit)
{
    DWORD old;
    char *memory = VirtualAlloc(NULL, 0x4000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(memory != NULL);
    CHECK(VirtualProtect(memory + 0x3000, 0x1000, PAGE_NOACCESS, &old));
    *limit = memory + 0x3000;
    return memory;
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Texts that end with the page, of each length: their start takes each alignment. */
static void test_ends(void)
{
    int wrong = 0;
    for (size_t length = 0; length < LONGEST; length++) {
        char *text = end - length - 1, *copy = end2 - length - 1;
        memset(block, 'x', 0x3000);
        memset(text, 'a', length);
        text[length] = 0;
        strcpy(copy, text);
        wrong += f.strlen(text) != length;
        wrong += f.strchr(text, 'b') != NULL;
        wrong += f.strchr(text, 0) != text + length;
        wrong += f.strcmp(text, copy) != 0;
        wrong += f.memchr(text, 'b', length + 1) != NULL;
        wrong += f.memchr(text, 0, length + 1) != text + length;
        wrong += f.memcmp(text, copy, length + 1) != 0;
        for (size_t at = 0; at < length; at += 1 + at / 7) {
            text[at] = 'b';
            wrong += f.strchr(text, 'b') != text + at;
            wrong += f.memchr(text, 'b', SIZE_MAX) != text + at;
            wrong += at && f.memchr(text, 'b', at) != NULL;
            wrong += sign(f.strcmp(text, copy)) != 1 || sign(f.strcmp(copy, text)) != -1;
            wrong += sign(f.memcmp(text, copy, length)) != 1;
            text[at] = (char)0xe1; /* compared as unsigned */
            wrong += sign(f.strcmp(text, copy)) != 1;
            text[at] = 'a';
        }
    }
    CHECK_EQ(wrong, 0);
}

/* A start at each alignment, with what is looked for just before it. */
static void test_starts(void)
{
    int wrong = 0;
    for (size_t start = 1; start < 130; start++) {
        char *text = block + 0x1000 + start - 64;
        for (size_t length = 0; length < LONGEST; length += 1 + length / 16) {
            memset(block + 0x0f00, 0, 0x800);
            text[-1] = 'b';
            memset(text, 'a', length);
            memset(text + length + 1, 'b', 4);
            wrong += f.strlen(text) != length;
            wrong += f.strchr(text, 'b') != NULL;
            wrong += f.memchr(text, 'b', length) != NULL;
            wrong += f.memchr(text, 'b', length + 2) != text + length + 1;
            wrong += f.strcmp(text, text) != 0;
        }
    }
    CHECK_EQ(wrong, 0);
}

static void test_compare_alignments(void)
{
    int wrong = 0;
    for (size_t a = 0; a < 40; a++) {
        for (size_t b = 0; b < 40; b += 3) {
            char *x = end - 300 - a, *y = end2 - 300 - b;
            memset(x, 'q', 299);
            memset(y, 'q', 299);
            x[299] = y[299] = 0;
            wrong += f.strcmp(x, y) != 0;
            for (size_t at = 0; at < 299; at += 23) {
                x[at] = 'r';
                wrong += sign(f.strcmp(x, y)) != 1;
                x[at] = 0;
                wrong += sign(f.strcmp(x, y)) != -1;
                x[at] = 'q';
            }
        }
    }
    CHECK_EQ(wrong, 0);
}

static void test_wide(void)
{
    int wrong = 0;
    for (size_t length = 0; length < LONGEST; length++) {
        WCHAR *text = (WCHAR *)end - length - 1;
        for (size_t i = 0; i < length; i++)
            text[i] = 0x0100; /* the zero byte in it is no end */
        text[length] = 0;
        wrong += f.wcslen(text) != length;
    }
    CHECK_EQ(wrong, 0);
}

static void test_writes(void)
{
    int wrong = 0;
    for (size_t length = 0; length < 1500; length += 1 + length / 64) {
        for (size_t start = 0; start < 40; start += 7) {
            char *to = end - length - start, *from = end2 - length;
            if (to < block + 64)
                continue;
            memset(to - 32, 'x', length + 32 + start);
            for (size_t i = 0; i < length; i++)
                from[i] = (char)(i * 7 + 1);
            wrong += f.memcpy(to, from, length) != to;
            wrong += memcmp(to, from, length) != 0 || (to > block + 1 && to[-1] != 'x') || (start && to[length] != 'x');
            wrong += f.memset(to, 'z', length) != to;
            for (size_t i = 0; i < length; i++)
                wrong += to[i] != 'z';
            wrong += to[-1] != 'x' || (start && to[length] != 'x');
        }
    }
    CHECK_EQ(wrong, 0);
}

int main(void)
{
    static const char *const dlls[] = {"msvcrt.dll", "ucrtbase.dll"};
    block = page_before_closed(&end);
    block2 = page_before_closed(&end2);
    for (int i = 0; i < 2; i++) {
        HMODULE dll = LoadLibraryA(dlls[i]);
        static const char *const names[] = {"strlen", "wcslen", "strchr", "strcmp",
                                            "memchr", "memcmp", "memcpy", "memset"};
        for (int j = 0; j < 8; j++) {
            ((FARPROC *)&f)[j] = GetProcAddress(dll, names[j]);
            CHECK(((FARPROC *)&f)[j] != NULL);
        }
        test_ends();
        test_starts();
        test_compare_alignments();
        test_wide();
        test_writes();
    }
    return check_done();
}
