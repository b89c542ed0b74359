/*
 * check.h: self-checking Windows test programs.
 *
 * CHECK(cond) and CHECK_EQ(a, b) count and report; check_done() prints "N checks, M failed"
 * and gives main's result.  Written for mingw-w64; a test needs nothing but the API it tests.
 * check_under_wine() is for the few places where Wine is known to differ from Windows.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static int check_count, check_failed;

#define CHECK(cond)                                                                                                    \
    do {                                                                                                               \
        check_count++;                                                                                                 \
        if (!(cond)) {                                                                                                 \
            check_failed++;                                                                                            \
            printf("%s:%d: failed: %s (last error %lu)\n", __FILE__, __LINE__, #cond, GetLastError());                 \
            fflush(stdout);                                                                                            \
        }                                                                                                              \
    } while (0)

#define CHECK_EQ(a, b)                                                                                                 \
    do {                                                                                                               \
        long long check_a = (long long)(a), check_b = (long long)(b);                                                  \
        check_count++;                                                                                                 \
        if (check_a != check_b) {                                                                                      \
            check_failed++;                                                                                            \
            printf("%s:%d: failed: %s is %lld (%#llx), expected %lld (%#llx)\n", __FILE__, __LINE__, #a, check_a,      \
                   check_a, check_b, check_b);                                                                         \
            fflush(stdout);                                                                                            \
        }                                                                                                              \
    } while (0)

#define CHECK_STR(a, b)                                                                                                \
    do {                                                                                                               \
        const char *check_s = (a), *check_t = (b);                                                                     \
        check_count++;                                                                                                 \
        if (!check_s || strcmp(check_s, check_t)) {                                                                    \
            check_failed++;                                                                                            \
            printf("%s:%d: failed: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #a,                           \
                   check_s ? check_s : "(null)", check_t);                                                             \
            fflush(stdout);                                                                                            \
        }                                                                                                              \
    } while (0)

/* The call fails and sets this last error. */
#define CHECK_ERROR(call, error)                                                                                       \
    do {                                                                                                               \
        SetLastError(0xdeadbeef);                                                                                      \
        CHECK(!(call));                                                                                                \
        CHECK_EQ(GetLastError(), (error));                                                                             \
    } while (0)

/* Keeps the last error, which the caller may be about to check. */
static inline int check_under_wine(void)
{
    DWORD error = GetLastError();
    int found = GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") != NULL;
    SetLastError(error);
    return found;
}

static inline int check_done(void)
{
    printf("%d checks, %d failed\n", check_count, check_failed);
    fflush(stdout);
    return check_failed ? 1 : 0;
}

#endif
