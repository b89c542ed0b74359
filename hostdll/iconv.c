/*
 * iconv.c: libiconv-2.dll on the C library's iconv: errors in the program's errno, and the names that GNU libiconv
 * alone has.
 */
#include <errno.h>
#include <string.h>
#include "crt/crt.h"
#include "hostdll.h"

#define LIBRARY "libc.so.6"

/* Names by which GNU libiconv on Windows means the program's own encodings. */
static const char *encoding(const char *name, char text[64])
{
    static const char names[][2][16] = {{"", "UTF-8"},
                                        {"char", "UTF-8"},
                                        {"wchar_t", "UTF-16LE"},
                                        {"UCS-2-INTERNAL", "UTF-16LE"},
                                        {"UCS-4-INTERNAL", "UTF-32LE"}};
    size_t length = strcspn(name, "/");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (length == strlen(names[i][0]) && !strncasecmp(name, names[i][0], length) &&
            strlen(name + length) + sizeof *names < 64) {
            strcpy(stpcpy(text, names[i][1]), name + length);
            return text;
        }
    return name;
}

static void set_errno(void)
{
    int error = errno;
    *_errno() = error == EILSEQ ? CRT_EILSEQ : error; /* the others have the same numbers */
}

void *WINAPI iconv_open_windows(const char *to, const char *from)
{
    char to_text[64], from_text[64];
    void *result = HOST_CALL(LIBRARY, void *, iconv_open, (const char *, const char *), encoding(to, to_text),
                             encoding(from, from_text));
    if (result == (void *)-1)
        set_errno();
    return result;
}

size_t WINAPI iconv_windows(void *converter, char **in, size_t *in_left, char **out, size_t *out_left)
{
    size_t result = HOST_CALL(LIBRARY, size_t, iconv, (void *, char **, size_t *, char **, size_t *), converter, in,
                              in_left, out, out_left);
    if (result == (size_t)-1)
        set_errno();
    return result;
}

int WINAPI iconv_close_windows(void *converter)
{
    int result = HOST_CALL(LIBRARY, int, iconv_close, (void *), converter);
    if (result)
        set_errno();
    return result;
}

const char *WINAPI iconv_locale_charset(void)
{
    return "UTF-8";
}
