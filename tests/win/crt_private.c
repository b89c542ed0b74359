/*
 * Do the names that Windows' own programs import (api-ms-win-crt-private: _o_malloc and the like, and the compiler's
 * support) lead to the same functions?
 */
#include "check.h"
#include <math.h>

int main(void)
{
    HMODULE set = LoadLibraryA("api-ms-win-crt-private-l1-1-0.dll"), crt = LoadLibraryA("ucrtbase.dll");
    static const char *const support[] = {"memcpy",
                                          "memmove",
                                          "memcmp",
                                          "strchr",
                                          "strstr",
                                          "wcschr",
                                          "__C_specific_handler",
                                          "_CxxThrowException",
                                          "__CxxFrameHandler3"};
    void *(*o_malloc)(size_t) = (void *)GetProcAddress(set, "_o_malloc");
    void (*o_free)(void *) = (void *)GetProcAddress(set, "_o_free");
    int (*o_toupper)(int) = (void *)GetProcAddress(set, "_o_toupper");
    double (*o_sqrt)(double) = (void *)GetProcAddress(set, "_o_sqrt");
    int (*o_stricmp)(const char *, const char *) = (void *)GetProcAddress(set, "_o__stricmp");
    size_t (*o_msize)(void *) = (void *)GetProcAddress(crt, "_msize");
    void *memory;

    CHECK(set != NULL && crt != NULL);
    for (size_t i = 0; i < sizeof support / sizeof *support; i++)
        CHECK(GetProcAddress(set, support[i]) != NULL);
    CHECK(o_malloc && o_free && o_toupper && o_sqrt && o_stricmp);
    memory = o_malloc(77);
    CHECK(memory != NULL);
    CHECK_EQ(o_msize(memory), 77);
    o_free(memory);
    CHECK_EQ(o_toupper('a'), 'A');
    CHECK(o_sqrt(2.25) == 1.5);
    CHECK_EQ(o_stricmp("AbC", "aBc"), 0);
    CHECK(GetProcAddress(set, "_o_no_such_function") == NULL);
    return check_done();
}
