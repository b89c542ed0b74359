/*
 * nls_locale.c: the user's locale, from the host's environment.
 *
 * Layer: ntdll.
 */
#include <stdlib.h>
#include <string.h>
#include "nls.h"
#include "nls_plugin.h"

#define AMERICAN "en-US"
#define AMERICAN_ID 0x0409

/* "de_DE.UTF-8@euro" is "de-DE"; "C" and what is no locale's name is American English. */
const char *nls_user_locale(void)
{
    static char name[16];
    static const char *const variables[] = {"LC_ALL", "LC_TIME", "LANG"};
    const char *value = NULL;
    size_t length = 0;

    if (name[0])
        return name;
    for (size_t i = 0; i < sizeof variables / sizeof *variables && !(value && *value); i++)
        value = getenv(variables[i]);
    while (value && value[length] && value[length] != '.' && value[length] != '@')
        length++;
    if (length < 5 || length > 6 || value[length == 5 ? 2 : 3] != '_')
        return strcpy(name, AMERICAN);
    for (size_t i = 1; i <= length; i++) /* the first letter last: another thread may look */
        name[i % length] = value[i % length] == '_' ? '-' : value[i % length];
    return name;
}

NTSTATUS WINAPI NtQueryDefaultLocale(BOOLEAN user, LCID *locale)
{
    unsigned id = 0;

    if (user && strcmp(nls_user_locale(), AMERICAN) != 0 && nls_plugin())
        id = nls_plugin()->locale_id(nls_user_locale());
    *locale = id ? id : AMERICAN_ID;
    return STATUS_SUCCESS;
}

/* Messages are in English. */
NTSTATUS WINAPI NtQueryDefaultUILanguage(LANGID *language)
{
    *language = AMERICAN_ID;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtQueryInstallUILanguage(LANGID *language)
{
    *language = AMERICAN_ID;
    return STATUS_SUCCESS;
}
