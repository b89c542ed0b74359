/*
 * setlocale.c: setlocale, localeconv and the locale objects of the C runtimes.
 *
 * What differs between the locales that can be chosen is the code page of LC_CTYPE (and with it all conversion between
 * narrow and wide text) and the grouping that localeconv reports.  Names of days and months, the decimal point and the
 * order of strings are those of the C locale and of English.
 */
#include <limits.h>
#include <stdio.h>
#include "crt/crt.h"

enum { CATEGORY_ALL, CATEGORY_COLLATE, CATEGORY_CTYPE, CATEGORY_MONETARY, CATEGORY_NUMERIC, CATEGORY_TIME, CATEGORIES };

#define NAME_SIZE 128

static RTL_CRITICAL_SECTION locale_lock = CRT_LOCK_INIT;
static char names[CATEGORIES][NAME_SIZE] = {"", "C", "C", "C", "C", "C"};
static char all_names[CATEGORIES * (NAME_SIZE + 16)];
int crt_mb_cur_max = 1;

int WINAPI _stricmp(const char *, const char *);

/* struct lconv as Microsoft has it: the wide twins follow the C standard's members. */
struct crt_lconv {
    char *decimal_point, *thousands_sep, *grouping, *int_curr_symbol, *currency_symbol, *mon_decimal_point;
    char *mon_thousands_sep, *mon_grouping, *positive_sign, *negative_sign;
    char int_frac_digits, frac_digits, p_cs_precedes, p_sep_by_space, n_cs_precedes, n_sep_by_space;
    char p_sign_posn, n_sign_posn;
    WCHAR *w_decimal_point, *w_thousands_sep, *w_int_curr_symbol, *w_currency_symbol, *w_mon_decimal_point;
    WCHAR *w_mon_thousands_sep, *w_positive_sign, *w_negative_sign;
};

static struct crt_lconv conventions;

static void fill_numeric(bool english)
{
    conventions.decimal_point = ".";
    conventions.w_decimal_point = L".";
    conventions.thousands_sep = english ? "," : "";
    conventions.w_thousands_sep = english ? L"," : L"";
    conventions.grouping = english ? "\3" : "";
}

static void fill_monetary(bool english)
{
    conventions.int_curr_symbol = english ? "USD" : "";
    conventions.w_int_curr_symbol = english ? L"USD" : L"";
    conventions.currency_symbol = english ? "$" : "";
    conventions.w_currency_symbol = english ? L"$" : L"";
    conventions.mon_decimal_point = english ? "." : "";
    conventions.w_mon_decimal_point = english ? L"." : L"";
    conventions.mon_thousands_sep = english ? "," : "";
    conventions.w_mon_thousands_sep = english ? L"," : L"";
    conventions.mon_grouping = english ? "\3" : "";
    conventions.positive_sign = "";
    conventions.w_positive_sign = L"";
    conventions.negative_sign = english ? "-" : "";
    conventions.w_negative_sign = english ? L"-" : L"";
    conventions.int_frac_digits = conventions.frac_digits = english ? 2 : CHAR_MAX;
    conventions.p_cs_precedes = conventions.n_cs_precedes = english ? 1 : CHAR_MAX;
    conventions.p_sep_by_space = conventions.n_sep_by_space = english ? 0 : CHAR_MAX;
    conventions.p_sign_posn = english ? 3 : CHAR_MAX;
    conventions.n_sign_posn = english ? 0 : CHAR_MAX;
}

struct crt_lconv *WINAPI crt_localeconv(void)
{
    if (!conventions.decimal_point) {
        fill_numeric(false);
        fill_monetary(false);
    }
    return &conventions;
}

/* The code page of "LANGUAGE.NAME": a number, ACP, OCP, UTF-8; 0 if there is none such. */
static UINT codepage_of(const char *name)
{
    UINT number = 0;
    if (!_stricmp(name, "ACP"))
        return GetACP();
    if (!_stricmp(name, "OCP"))
        return GetOEMCP();
    if (!_stricmp(name, "utf8") || !_stricmp(name, "utf-8"))
        return CP_UTF8;
    for (; (unsigned)(*name - '0') < 10 && number < 100000; name++)
        number = number * 10 + (unsigned)(*name - '0');
    return !*name && number && IsValidCodePage(number) && number != CP_UTF7 ? number : 0;
}

static bool known_language(const char *name)
{
    static const char *const english[] = {
        "English",     "English_United States", "en", "en-US", "en_US", "american", "English_US",
        "English_USA", "american english"};
    for (size_t i = 0; i < sizeof(english) / sizeof(english[0]); i++)
        if (!_stricmp(name, english[i]))
            return true;
    WCHAR *wide = crt_widen(CP_UTF8, name);
    bool known = wide && strchr(name, '-') && IsValidLocaleName(wide);
    crt_free(wide);
    return known;
}

/* Resolves a request: the full name to report and its code page (0 for "C").  False: no such locale. */
static bool resolve(const char *request, char full[NAME_SIZE], UINT *codepage)
{
    char language[NAME_SIZE - 32];
    if (!strcmp(request, "C") || !strcmp(request, "POSIX")) {
        strcpy(full, "C");
        *codepage = 0;
        return true;
    }
    const char *dot = strchr(request, '.');
    size_t length = dot ? (size_t)(dot - request) : strlen(request);
    if (length >= sizeof(language) || strlen(request) >= NAME_SIZE - 32)
        return false;
    memcpy(language, request, length);
    language[length] = 0;
    bool tag = strchr(language, '-') != NULL;
    if (length && !known_language(language))
        return false;
    *codepage = dot ? codepage_of(dot + 1) : tag ? CP_UTF8 : GetACP();
    if (!*codepage)
        return false;
    if (tag && !dot)
        strcpy(full, language);
    else if (*codepage == CP_UTF8)
        snprintf(full, NAME_SIZE, "%s.%.16s", tag ? language : "English_United States",
                 dot && length ? dot + 1 : "utf8");
    else
        snprintf(full, NAME_SIZE, "%s.%u", tag ? language : "English_United States", *codepage);
    return true;
}

static void apply(int category, const char *full, UINT codepage)
{
    strcpy(names[category], full);
    if (category == CATEGORY_CTYPE) {
        CPINFO info;
        crt_codepage = codepage;
        crt_mb_cur_max = codepage && GetCPInfo(codepage, &info) ? (int)info.MaxCharSize : 1;
    } else if (category == CATEGORY_NUMERIC) {
        fill_numeric(codepage != 0);
    } else if (category == CATEGORY_MONETARY) {
        fill_monetary(codepage != 0);
    }
}

static char *query(int category)
{
    if (category != CATEGORY_ALL)
        return names[category];
    bool same = true;
    for (int i = 2; i < CATEGORIES; i++)
        same = same && !strcmp(names[i], names[1]);
    if (same)
        return names[1];
    snprintf(all_names, sizeof(all_names), "LC_COLLATE=%s;LC_CTYPE=%s;LC_MONETARY=%s;LC_NUMERIC=%s;LC_TIME=%s",
             names[1], names[2], names[3], names[4], names[5]);
    return all_names;
}

/* "LC_COLLATE=C;LC_CTYPE=...": what setlocale(LC_ALL, NULL) gave when the categories differed. */
static bool set_composed(const char *request)
{
    static const char keys[CATEGORIES][12] = {"", "COLLATE", "CTYPE", "MONETARY", "NUMERIC", "TIME"};
    char full[NAME_SIZE], value[NAME_SIZE];
    UINT codepage;
    for (; *request; request += *request == ';') {
        const char *equals = strchr(request, '=');
        size_t length = equals ? strcspn(equals + 1, ";") : 0;
        if (!equals || strncmp(request, "LC_", 3) || length >= NAME_SIZE)
            return false;
        memcpy(value, equals + 1, length);
        value[length] = 0;
        for (int i = 1; i < CATEGORIES; i++)
            if (strlen(keys[i]) == (size_t)(equals - request - 3) && !memcmp(request + 3, keys[i], strlen(keys[i]))) {
                if (!resolve(value, full, &codepage))
                    return false;
                apply(i, full, codepage);
            }
        request = equals + 1 + length;
    }
    return true;
}

char *WINAPI crt_setlocale(int category, const char *request)
{
    char full[NAME_SIZE], *result = NULL;
    UINT codepage;
    CRT_REQUIRE(category >= 0 && category < CATEGORIES, NULL);
    crt_lock(&locale_lock);
    crt_localeconv();
    if (!request) {
        result = query(category);
    } else if (category == CATEGORY_ALL && !strncmp(request, "LC_", 3)) {
        result = set_composed(request) ? query(category) : NULL;
    } else if (resolve(request, full, &codepage)) {
        for (int i = 1; i < CATEGORIES; i++)
            if (category == CATEGORY_ALL || category == i)
                apply(i, full, codepage);
        result = query(category);
    }
    crt_unlock(&locale_lock);
    return result;
}

WCHAR *WINAPI _wsetlocale(int category, const WCHAR *request)
{
    static WCHAR wide[sizeof(all_names)];
    char *narrow = request ? crt_narrow(CP_UTF8, request) : NULL;
    char *result = request && !narrow ? NULL : crt_setlocale(category, narrow);
    crt_free(narrow);
    if (!result)
        return NULL;
    for (size_t i = 0; i <= strlen(result); i++)
        wide[i] = (unsigned char)result[i];
    return wide;
}

/* The locale objects of the _l functions.  All of them are English or C, so that only their code page would matter. */
struct crt_locale {
    void *locale_data, *multibyte_data; /* what Microsoft's structure has; NULL: the process's */
    UINT codepage;
};

void *WINAPI _create_locale(int category, const char *request)
{
    char full[NAME_SIZE];
    UINT codepage;
    if (category < 0 || category >= CATEGORIES || !request || !resolve(request, full, &codepage))
        return NULL;
    struct crt_locale *locale = crt_calloc(1, sizeof(*locale));
    if (locale)
        locale->codepage = codepage;
    return locale;
}

void *WINAPI _get_current_locale(void)
{
    return _create_locale(CATEGORY_ALL, names[CATEGORY_CTYPE]);
}

void WINAPI _free_locale(void *locale)
{
    crt_free(locale);
}

/* Locales of single threads are not kept apart: -1 and 0 ask and disable, 1 (enable) is refused. */
int WINAPI _configthreadlocale(int type)
{
    if (type == 0 || type == -1 || type == 2)
        return 2; /* _DISABLE_PER_THREAD_LOCALE */
    if (type == 1)
        return -1;
    crt_invalid(CRT_EINVAL);
    return -1;
}

UINT WINAPI ___lc_codepage_func(void)
{
    return crt_codepage;
}

UINT WINAPI ___lc_collate_cp_func(void)
{
    return strcmp(names[CATEGORY_COLLATE], "C") ? GetACP() : 0;
}

int WINAPI ___mb_cur_max_func(void)
{
    return crt_mb_cur_max;
}

int WINAPI ___mb_cur_max_l_func(void *locale)
{
    (void)locale;
    return crt_mb_cur_max;
}

WCHAR **WINAPI ___lc_locale_name_func(void)
{
    static WCHAR english[] = L"en-US";
    static WCHAR *table[CATEGORIES];
    for (int i = 1; i < CATEGORIES; i++)
        table[i] = strcmp(names[i], "C") ? english : NULL;
    return table;
}

LCID *WINAPI ___lc_handle_func(void)
{
    static LCID table[CATEGORIES];
    for (int i = 1; i < CATEGORIES; i++)
        table[i] = strcmp(names[i], "C") ? 0x409 : 0;
    return table;
}

void WINAPI _lock_locales(void)
{
    crt_lock(&locale_lock);
}

void WINAPI _unlock_locales(void)
{
    crt_unlock(&locale_lock);
}

int WINAPI __lconv_init(void)
{
    crt_localeconv();
    return 0;
}
