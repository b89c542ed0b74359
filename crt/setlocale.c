/*
 * setlocale.c: setlocale, locales of single threads, and locale objects.
 *
 * Layer: crt.  A category is Windows' name of a locale and a code page; empty and 0 are the C locale.  What a category
 * changes is read from there by those it concerns: LC_CTYPE by ctype.c and multibyte.c, LC_COLLATE by collate.c,
 * LC_TIME by strftime.c, the others by localeconv.c.
 */
#include <stdio.h>
#include "crt/locale.h"

static RTL_CRITICAL_SECTION locale_lock = CRT_LOCK_INIT;

struct crt_locale_state crt_process_locale = {
    .mb_cur_max = 1,
    .names = {"", "C", "C", "C", "C", "C"},
};
__thread struct crt_locale_state *crt_thread_locale;

/* Exported by msvcrt as variables: the process's locale, as old start-up code reads it. */
int crt_mb_cur_max = 1;
const unsigned short *crt_pctype = crt_ctype + 1;
UINT crt_lc_codepage, crt_lc_collate_codepage;
LCID crt_lc_handle[LC_COUNT];

int WINAPI _stricmp(const char *, const char *);

/* Two bytes a character at most, but for ucrtbase's UTF-8.  (By its name, which GetACP's may be, everybody gets it.) */
static bool codepage_suits(UINT codepage)
{
    CPINFO info;
    return codepage == CP_UTF8 ? crt_ucrt_started
                               : (codepage != CP_UTF7 && GetCPInfo(codepage, &info) && info.MaxCharSize <= 2);
}

/* The code page of ".NAME": a number, ACP, OCP, UTF-8; 0 if there is none such. */
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
    return !*name && number && codepage_suits(number) ? number : 0;
}

/* A locale's own ANSI code page; UTF-8 if it has none or it can not be used. */
static UINT codepage_of_tag(const WCHAR *tag)
{
    DWORD codepage;
    if (!GetLocaleInfoEx(tag, LOCALE_IDEFAULTANSICODEPAGE | LOCALE_RETURN_NUMBER, (WCHAR *)&codepage, 2) || !codepage ||
        !IsValidCodePage(codepage))
        return CP_UTF8;
    return codepage;
}

struct resolved {
    WCHAR tag[LOCALE_TAG_SIZE];
    UINT codepage;
    char name[LOCALE_NAME_SIZE];
};

static bool narrow_info(const WCHAR *tag, LCTYPE type, char *text, int size)
{
    WCHAR wide[48];
    return GetLocaleInfoEx(tag, type, wide, 48) && WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, size, NULL, NULL);
}

/* "German_Germany.1252", or the name as it was asked for if that was one of Windows' names. */
static bool report(struct resolved *result, const char *tag, const char *codepage)
{
    char language[48], country[48], number[16];
    if (!codepage || result->codepage != CP_UTF8) {
        snprintf(number, sizeof(number), "%u", result->codepage);
        codepage = result->codepage == CP_UTF8 ? "utf8" : number;
    }
    if (*tag) {
        snprintf(result->name, sizeof(result->name), "%.60s.%.16s", tag, codepage);
        return true;
    }
    if (!narrow_info(result->tag, LOCALE_SENGLISHLANGUAGENAME, language, sizeof(language)) ||
        !narrow_info(result->tag, LOCALE_SENGLISHCOUNTRYNAME, country, sizeof(country)))
        return false;
    snprintf(result->name, sizeof(result->name), "%s_%s.%.16s", language, country, codepage);
    return true;
}

/* Resolves "", "C", "LANGUAGE[_COUNTRY][.CODEPAGE]", ".CODEPAGE" or a name of Windows'.  False: no such locale. */
static bool resolve(const char *request, struct resolved *result)
{
    char language[LOCALE_NAME_SIZE];
    if (!strcmp(request, "C")) {
        *result = (struct resolved){.name = "C"};
        return true;
    }
    if (strlen(request) >= sizeof(language) - 32)
        return false;
    strcpy(language, request);
    char *dot = strchr(language, '.');
    if (dot)
        *dot++ = 0;
    char *country = strchr(language, '_');
    if (country)
        *country++ = 0;
    if (!*language && country)
        return false;
    bool tag = !country && strchr(language, '-') != NULL;
    if (!*language) {
        if (!GetUserDefaultLocaleName(result->tag, LOCALE_TAG_SIZE))
            return false;
    } else if (!locale_find(language, country, result->tag)) {
        return false;
    }
    result->codepage = dot ? codepage_of(dot) : *language ? codepage_of_tag(result->tag) : GetACP();
    if (!result->codepage)
        return false;
    if (tag && !dot) {
        strcpy(result->name, request);
        return true;
    }
    return report(result, tag ? language : "", dot && (unsigned)(*dot | 0x20) - 'a' < 26 && *language ? dot : NULL);
}

static void apply(struct crt_locale_state *state, int category, const struct resolved *resolved)
{
    strcpy(state->names[category], resolved->name);
    memcpy(state->tags[category], resolved->tag, sizeof(resolved->tag));
    state->codepages[category] = resolved->codepage;
    if (category == LC_CTYPE_) {
        CPINFO info;
        state->codepage = resolved->codepage;
        state->mb_cur_max = resolved->codepage && GetCPInfo(resolved->codepage, &info) ? (int)info.MaxCharSize : 1;
        state->pctype = NULL;
        if (resolved->codepage && state->mb_cur_max <= 2) {
            locale_fill_classes(state);
            state->pctype = state->classes + 1;
        }
    } else if (category == LC_NUMERIC_) {
        locale_fill_numeric(state);
    } else if (category == LC_MONETARY_) {
        locale_fill_monetary(state);
    }
}

static void publish(void)
{
    crt_mb_cur_max = crt_process_locale.mb_cur_max;
    crt_pctype = crt_classes(&crt_process_locale);
    crt_lc_codepage = crt_process_locale.codepage;
    crt_lc_collate_codepage = crt_process_locale.codepages[LC_COLLATE_];
    for (int i = 1; i < LC_COUNT; i++)
        crt_lc_handle[i] = *crt_process_locale.tags[i] ? LocaleNameToLCID(crt_process_locale.tags[i], 0) : 0;
}

static const char keys[LC_COUNT][12] = {"", "COLLATE", "CTYPE", "MONETARY", "NUMERIC", "TIME"};

/* A query writes nothing: other threads may be reading what an earlier one returned. */
static char *query(struct crt_locale_state *state, int category)
{
    if (category != LC_ALL_)
        return state->names[category];
    for (int i = 2; i < LC_COUNT; i++)
        if (strcmp(state->names[i], state->names[1]))
            return state->all_names;
    return state->names[1];
}

static void compose_names(struct crt_locale_state *state)
{
    snprintf(state->all_names, sizeof(state->all_names),
             "LC_COLLATE=%s;LC_CTYPE=%s;LC_MONETARY=%s;LC_NUMERIC=%s;LC_TIME=%s", state->names[1], state->names[2],
             state->names[3], state->names[4], state->names[5]);
}

/* "LC_COLLATE=C;LC_CTYPE=...": what setlocale(LC_ALL, NULL) gave when the categories differed. */
static bool resolve_composed(const char *request, struct resolved *list, bool *given)
{
    for (; *request; request += *request == ';') {
        char value[LOCALE_NAME_SIZE];
        const char *equals = strchr(request, '=');
        size_t length = equals ? strcspn(equals + 1, ";") : 0;
        if (!equals || strncmp(request, "LC_", 3) || length >= LOCALE_NAME_SIZE)
            return false;
        memcpy(value, equals + 1, length);
        value[length] = 0;
        for (int i = 1; i < LC_COUNT; i++)
            if (strlen(keys[i]) == (size_t)(equals - request - 3) && !memcmp(request + 3, keys[i], strlen(keys[i]))) {
                if (!resolve(value, &list[i]))
                    return false;
                given[i] = true;
            }
        request = equals + 1 + length;
    }
    return true;
}

static bool set(struct crt_locale_state *state, int category, const char *request)
{
    struct resolved list[LC_COUNT];
    bool given[LC_COUNT] = {false};
    if (category == LC_ALL_ && !strncmp(request, "LC_", 3)) {
        if (!resolve_composed(request, list, given))
            return false;
    } else {
        struct resolved one;
        if (!resolve(request, &one))
            return false;
        for (int i = 1; i < LC_COUNT; i++)
            if (category == LC_ALL_ || category == i) {
                list[i] = one;
                given[i] = true;
            }
    }
    for (int i = 1; i < LC_COUNT; i++)
        if (given[i])
            apply(state, i, &list[i]);
    compose_names(state);
    return true;
}

char *WINAPI crt_setlocale(int category, const char *request)
{
    char *result = NULL;
    struct crt_locale_state *state = crt_locale();
    CRT_REQUIRE(category >= 0 && category < LC_COUNT, NULL);
    crt_lock(&locale_lock);
    if (!request || set(state, category, request))
        result = query(state, category);
    if (request && state == &crt_process_locale)
        publish();
    crt_unlock(&locale_lock);
    return result;
}

WCHAR *WINAPI _wsetlocale(int category, const WCHAR *request)
{
    char *narrow = request ? crt_narrow(CP_UTF8, request) : NULL;
    char *result = request && !narrow ? NULL : crt_setlocale(category, narrow);
    crt_free(narrow);
    if (!result)
        return NULL;
    WCHAR *wide = crt_thread_buffer(BUFFER_WSETLOCALE, sizeof(crt_locale()->all_names) * sizeof(WCHAR));
    if (!wide)
        return NULL;
    for (size_t i = 0; i <= strlen(result); i++)
        wide[i] = (unsigned char)result[i];
    return wide;
}

/* A copy whose pointers into the original point into itself. */
static void copy_state(struct crt_locale_state *to, const struct crt_locale_state *from)
{
    *to = *from;
    if (from->pctype == from->classes + 1)
        to->pctype = to->classes + 1;
    memset(&to->conventions, 0, sizeof(to->conventions)); /* filled again when asked for */
}

/* --- locales of single threads ------------------------------------------------------------------------------------ */

enum { PER_THREAD_ENABLED = 1, PER_THREAD_DISABLED = 2 };

int WINAPI _configthreadlocale(int type)
{
    int old = crt_thread_locale ? PER_THREAD_ENABLED : PER_THREAD_DISABLED;
    if (type == PER_THREAD_ENABLED && !crt_thread_locale) {
        struct crt_locale_state *own = crt_thread_buffer(BUFFER_LOCALE, sizeof(*own));
        if (!own)
            return -1;
        crt_lock(&locale_lock);
        copy_state(own, &crt_process_locale);
        crt_unlock(&locale_lock);
        crt_thread_locale = own;
    } else if (type == PER_THREAD_DISABLED) {
        crt_thread_locale = NULL;
    } else if (type != PER_THREAD_ENABLED && type != 0 && type != -1) {
        crt_invalid(CRT_EINVAL);
        return -1;
    }
    return old;
}

/* --- locale objects ------------------------------------------------------------------------------------------------
 */

/* Microsoft's structure has two pointers; what the first points at begins as ucrtbase's headers read it. */
struct crt_locale_object {
    struct crt_locale_state *data;
    void *multibyte;
    struct crt_locale_state state;
};

static struct crt_locale_object *new_object(const struct crt_locale_state *from)
{
    struct crt_locale_object *object = crt_malloc(sizeof(*object));
    if (object) {
        copy_state(&object->state, from);
        object->data = object->multibyte = &object->state;
    }
    return object;
}

void *WINAPI _create_locale(int category, const char *request)
{
    static const struct crt_locale_state plain = {.mb_cur_max = 1, .names = {"", "C", "C", "C", "C", "C"}};
    if (category < 0 || category >= LC_COUNT || !request)
        return NULL;
    struct crt_locale_object *object = new_object(&plain);
    if (object && !set(&object->state, category, request)) {
        crt_free(object);
        return NULL;
    }
    if (object) {
        object->state.pctype = crt_classes(&object->state);
        object->state.multibyte = object->state.codepage;
        object->state.multibyte_set = true;
    }
    return object;
}

void *WINAPI _wcreate_locale(int category, const WCHAR *request)
{
    char *narrow = request ? crt_narrow(CP_UTF8, request) : NULL;
    void *object = _create_locale(category, narrow);
    crt_free(narrow);
    return object;
}

void *WINAPI _get_current_locale(void)
{
    crt_lock(&locale_lock);
    void *object = new_object(crt_locale());
    crt_unlock(&locale_lock);
    return object;
}

void WINAPI _free_locale(void *locale)
{
    crt_free(locale);
}

/* --- what the headers' macros and old start-up code ask ----------------------------------------------------------- */

UINT WINAPI ___lc_codepage_func(void)
{
    return crt_codepage();
}

UINT WINAPI ___lc_collate_cp_func(void)
{
    return crt_locale()->codepages[LC_COLLATE_];
}

int WINAPI ___mb_cur_max_func(void)
{
    return crt_locale()->mb_cur_max;
}

int WINAPI ___mb_cur_max_l_func(void *locale)
{
    return IN_LOCALE(locale, crt_locale()->mb_cur_max);
}

WCHAR **WINAPI ___lc_locale_name_func(void)
{
    static __thread WCHAR *table[LC_COUNT];
    struct crt_locale_state *state = crt_locale();
    for (int i = 1; i < LC_COUNT; i++)
        table[i] = *state->tags[i] ? state->tags[i] : NULL;
    return table;
}

LCID *WINAPI ___lc_handle_func(void)
{
    static __thread LCID table[LC_COUNT];
    struct crt_locale_state *state = crt_locale();
    for (int i = 1; i < LC_COUNT; i++)
        table[i] = *state->tags[i] ? LocaleNameToLCID(state->tags[i], 0) : 0;
    return table;
}

/* Locales can be set at any time; the old flags that say whether one is are not needed by anybody. */
int crt_setlc_active, crt_unguarded_readlc_active;

int WINAPI ___setlc_active_func(void)
{
    return 0;
}

int *WINAPI ___unguarded_readlc_active_add_func(void)
{
    return &crt_unguarded_readlc_active;
}

void WINAPI _lock_locales(void)
{
    crt_lock(&locale_lock);
}

void WINAPI _unlock_locales(void)
{
    crt_unlock(&locale_lock);
}
