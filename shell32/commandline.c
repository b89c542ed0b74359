/*
 * commandline.c: CommandLineToArgvW, by the rules that it documents and those of quotes inside quotes.
 *
 * Layer: shell32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

static bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t';
}

/* The program's name: quotes delimit it, backslashes mean nothing. */
static const WCHAR *parse_program(const WCHAR *at, WCHAR **out)
{
    if (*at == '"') {
        for (at++; *at && *at != '"'; at++)
            *(*out)++ = *at;
        if (*at)
            at++;
    } else {
        for (; *at && *at > ' '; at++)
            *(*out)++ = *at;
    }
    *(*out)++ = 0;
    return at;
}

/* 2n backslashes before a quote are n and the quote delimits; 2n+1 are n and a literal quote. */
static const WCHAR *parse_argument(const WCHAR *at, WCHAR **out)
{
    bool quoted = false;

    for (; *at && (quoted || !is_blank(*at)); at++) {
        size_t backslashes = 0;

        while (*at == '\\')
            at++, backslashes++;
        if (*at != '"') {
            while (backslashes--)
                *(*out)++ = '\\';
            if (!*at || (!quoted && is_blank(*at)))
                break;
            *(*out)++ = *at;
            continue;
        }
        for (size_t i = 0; i < backslashes / 2; i++)
            *(*out)++ = '\\';
        if (backslashes % 2) {
            *(*out)++ = '"';
        } else if (quoted && at[1] == '"') { /* "" in quotes: a quote, and the quoted part ends */
            *(*out)++ = '"';
            quoted = false;
            at++;
        } else {
            quoted = !quoted;
        }
    }
    *(*out)++ = 0;
    return at;
}

LPWSTR *WINAPI CommandLineToArgvW(LPCWSTR line, int *count)
{
    size_t length, most, own_name = 0;
    WCHAR **vector, *out;
    WCHAR self[MAX_PATH];

    if (!count || !line) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    length = wide_length(line);
    most = length / 2 + 3;
    if (!*line)
        own_name = GetModuleFileNameW(NULL, self, MAX_PATH);
    vector = LocalAlloc(LMEM_FIXED, most * sizeof *vector + (length + own_name + 3) * sizeof(WCHAR));
    if (!vector)
        return NULL;
    out = (WCHAR *)(vector + most);
    *count = 0;
    vector[(*count)++] = out;
    if (!*line) { /* an empty line stands for the program itself */
        memcpy(out, self, own_name * sizeof *self);
        out[own_name] = 0;
    } else {
        line = parse_program(line, &out);
        for (;;) {
            while (is_blank(*line))
                line++;
            if (!*line)
                break;
            vector[(*count)++] = out;
            line = parse_argument(line, &out);
        }
    }
    vector[*count] = NULL;
    return vector;
}
