/*
 * intl.c: libintl-8.dll in the C locale: messages stay as the program has them.
 *
 * The C library's gettext translates by the locale of the process, which winrun does not set.
 */
#include <stdlib.h>
#include <string.h>
#include "hostdll.h"

const char *WINAPI intl_gettext(const char *text)
{
    return text;
}

const char *WINAPI intl_dgettext(const char *domain, const char *text)
{
    (void)domain;
    return text;
}

const char *WINAPI intl_dcgettext(const char *domain, const char *text, int category)
{
    (void)domain, (void)category;
    return text;
}

const char *WINAPI intl_ngettext(const char *one, const char *many, ULONG count)
{
    return count == 1 ? one : many;
}

const char *WINAPI intl_dngettext(const char *domain, const char *one, const char *many, ULONG count)
{
    (void)domain;
    return count == 1 ? one : many;
}

const char *WINAPI intl_dcngettext(const char *domain, const char *one, const char *many, ULONG count, int category)
{
    (void)domain, (void)category;
    return count == 1 ? one : many;
}

const char *WINAPI intl_textdomain(const char *domain)
{
    static char current[256] = "messages";
    if (domain && strlen(domain) < sizeof current)
        strcpy(current, *domain ? domain : "messages");
    return current;
}

/* The directory is never looked into: it is what it was said to be. */
const char *WINAPI intl_bindtextdomain(const char *domain, const char *directory)
{
    return domain && *domain ? directory : NULL;
}
