/*
 * varargs.c: Windows' variable arguments for host functions that take a va_list.
 *
 * On Windows every variable argument fills one slot of eight bytes in memory.  A va_list of the host whose registers
 * are used up reads exactly such slots, so nothing has to be copied and no type has to be known.  Formats are rewritten
 * where the same letters mean another size: "%ld" is 32 bits there, "%Lf" is 64, "%I64d" is "%lld" here.
 */
#include "varargs.h"
#include <stdlib.h>
#include <string.h>
#include "hostdll.h"

/* Behind a "%": flags, width and precision end here. */
static const char *modifiers(const char *p)
{
    return p + strspn(p, "-+ #0123456789.*,!'");
}

static bool needs_change(const char *format)
{
    for (const char *p = strchr(format, '%'); p; p = strchr(p, '%')) {
        p = modifiers(p + 1);
        if ((p[0] == 'l' && p[1] != 'l') || p[0] == 'I' || p[0] == 'L')
            return true;
        if (*p)
            p++;
        if (p[-1] == 'l')
            p++;
    }
    return false;
}

/* Copies one modifier as the host writes it; returns behind it. */
static const char *convert(const char *p, char **to)
{
    if (p[0] == 'l' && p[1] == 'l') {
        *to = stpcpy(*to, "ll");
        return p + 2;
    }
    if (p[0] == 'l' || p[0] == 'L')
        return p + 1;
    if (!strncmp(p, "I64", 3)) {
        *to = stpcpy(*to, "ll");
        return p + 3;
    }
    if (!strncmp(p, "I32", 3))
        return p + 3;
    if (p[0] == 'I') {
        *to = stpcpy(*to, "ll");
        return p + 1;
    }
    return p;
}

const char *host_format(const char *format, char **made)
{
    *made = NULL;
    if (!format || !needs_change(format) || !(*made = malloc(2 * strlen(format) + 1)))
        return format;
    char *to = *made;
    while (*format) {
        if ((*to++ = *format++) != '%')
            continue;
        const char *end = modifiers(format);
        to = mempcpy(to, format, (size_t)(end - format));
        format = convert(end, &to);
        if (*format)
            *to++ = *format++;
    }
    *to = 0;
    return *made;
}
