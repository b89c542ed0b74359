/*
 * locale_names.c: Windows' names and numbers of locales and ICU's.
 *
 * Layer: winrun-nls.so.
 */
#include <stdio.h>
#include <string.h>
#include <unicode/uloc.h>
#include "nls.h"

/* Windows' names of other sort orders. */
static const struct {
    const char *windows, *icu;
} sorts[] = {
    {"de-DE_phoneb", "de_DE@collation=phonebook"},
    {"es-ES_tradnl", "es_ES@collation=traditional"},
    {"hu-HU_technl", "hu_HU"},
    {"ja-JP_radstr", "ja_JP@collation=unihan"},
    {"zh-CN_stroke", "zh_CN@collation=stroke"},
    {"zh-TW_pronun", "zh_TW@collation=zhuyin"},
    {"zh-TW_radstr", "zh_TW@collation=unihan"},
    {"zh-CN_phoneb", "zh_CN@collation=pinyin"},
};

void locale_to_icu(const char *name, char icu[LOCALE_ROOM])
{
    size_t length = 0;

    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (strcasecmp(name, sorts[i].windows) == 0) {
            strcpy(icu, sorts[i].icu);
            return;
        }
    }
    for (; name[length] && length < LOCALE_ROOM - 1; length++)
        icu[length] = name[length] == '-' ? '_' : name[length];
    icu[length] = 0;
    if (!length)
        strcpy(icu, "en_US_POSIX"); /* the invariant locale; "" would be the host's */
}

/* ICU's "zh_Hans_CN" as Windows has it: without a script that goes without saying there. */
static bool name_from_icu(const char *icu, char *name, size_t room)
{
    char language[ULOC_LANG_CAPACITY], script[ULOC_SCRIPT_CAPACITY], country[ULOC_COUNTRY_CAPACITY];
    char variant[LOCALE_ROOM];
    UErrorCode error = U_ZERO_ERROR;
    int length;

    uloc_getLanguage(icu, language, sizeof language, &error);
    uloc_getScript(icu, script, sizeof script, &error);
    uloc_getCountry(icu, country, sizeof country, &error);
    uloc_getVariant(icu, variant, sizeof variant, &error);
    if (U_FAILURE(error) || *variant || (*country >= '0' && *country <= '9'))
        return false;
    if (strcmp(language, "zh") == 0 && *country)
        *script = 0;
    if (strcmp(language, "no") == 0)
        strcpy(language, "nb");
    length = snprintf(name, room, "%s%s%s%s%s", language, *script ? "-" : "", script, *country ? "-" : "", country);
    return length > 0 && (size_t)length < room;
}

bool locale_at(unsigned index, char *name, size_t room)
{
    static _Thread_local unsigned last_given, last_found; /* in order: goes on where the last call stopped */
    unsigned given = index > 0 && index == last_given + 1 ? last_given : 0;
    int at = given ? (int)last_found + 1 : 0;

    for (unsigned found = given ? given : 0; at < uloc_countAvailable(); at++) {
        if (!name_from_icu(uloc_getAvailable(at), name, room))
            continue;
        if (given ? found + 1 == index : found == index) {
            last_given = index;
            last_found = (unsigned)at;
            return true;
        }
        found++;
    }
    return false;
}

bool locale_known(const char *name)
{
    char icu[LOCALE_ROOM], language[ULOC_LANG_CAPACITY], country[ULOC_COUNTRY_CAPACITY];
    UErrorCode error = U_ZERO_ERROR;

    locale_to_icu(name, icu);
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        if (strcasecmp(name, sorts[i].windows) == 0)
            return true;
    if (strchr(name, '_'))
        return false;
    uloc_getLanguage(icu, language, sizeof language, &error);
    uloc_getCountry(icu, country, sizeof country, &error);
    if (U_FAILURE(error) || !*uloc_getISO3Language(icu) || (*country && !*uloc_getISO3Country(icu)))
        return false;
    for (int i = 0; i < uloc_countAvailable(); i++) {
        char known[ULOC_LANG_CAPACITY];

        uloc_getLanguage(uloc_getAvailable(i), known, sizeof known, &error);
        if (strcmp(known, language) == 0)
            return true;
    }
    return false;
}

unsigned locale_id(const char *name)
{
    char icu[LOCALE_ROOM], back[LOCALE_ROOM], again[LOCALE_ROOM];
    UErrorCode error = U_ZERO_ERROR;
    unsigned id;

    locale_to_icu(name, icu);
    id = uloc_getLCID(icu);
    if (!id)
        return 0;
    /* ICU answers with the language's when a country has none of its own. */
    uloc_getLocaleForLCID(id, back, sizeof back, &error);
    if (U_FAILURE(error) ||
        (!strchr(name, '_') && (!name_from_icu(back, again, sizeof again) || strcasecmp(again, name) != 0)))
        return 0;
    return id;
}

bool locale_name(unsigned id, char *name, size_t room)
{
    char icu[LOCALE_ROOM];
    UErrorCode error = U_ZERO_ERROR;

    uloc_getLocaleForLCID(id, icu, sizeof icu, &error);
    return U_SUCCESS(error) && *icu && name_from_icu(icu, name, room) && locale_id(name) == id;
}
