/*
 * string.c: strings of bytes: the standard functions, by the host's library.
 *
 * Layer: crt.
 */
#include "crt.h"

size_t WINAPI crt_strlen(const char *text)
{
    return strlen(text);
}

size_t WINAPI crt_strnlen(const char *text, size_t size)
{
    return strnlen(text, size);
}

static inline int sign(int order)
{
    return order < 0 ? -1 : order > 0;
}

int WINAPI crt_strcmp(const char *a, const char *b)
{
    return sign(strcmp(a, b));
}

int WINAPI crt_strncmp(const char *a, const char *b, size_t size)
{
    return sign(strncmp(a, b, size));
}

char *WINAPI crt_strcpy(char *to, const char *from)
{
    return strcpy(to, from);
}

char *WINAPI crt_strncpy(char *to, const char *from, size_t size)
{
    return strncpy(to, from, size);
}

char *WINAPI crt_strcat(char *to, const char *from)
{
    return strcat(to, from);
}

char *WINAPI crt_strncat(char *to, const char *from, size_t size)
{
    return strncat(to, from, size);
}

char *WINAPI crt_strchr(const char *text, int c)
{
    return (char *)strchr(text, c);
}

char *WINAPI crt_strrchr(const char *text, int c)
{
    return (char *)strrchr(text, c);
}

char *WINAPI crt_strstr(const char *text, const char *part)
{
    return (char *)strstr(text, part);
}

size_t WINAPI crt_strspn(const char *text, const char *set)
{
    return strspn(text, set);
}

size_t WINAPI crt_strcspn(const char *text, const char *set)
{
    return strcspn(text, set);
}

char *WINAPI crt_strpbrk(const char *text, const char *set)
{
    return (char *)strpbrk(text, set);
}

char *WINAPI _strdup(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = crt_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
