/*
 * numpunct.h: the facet numpunct, as a template (see basic.h).  Programs have its members compiled in; the library
 * needs one for locales that do not bring their own, and asks whichever there is.
 */

struct T(numpunct) {
    struct facet base;
    char *grouping;
    E point, separator;
    E *false_name, *true_name;
};

static E *T(copy_ascii)(const char *text)
{
    size_t length = strlen(text) + 1;
    E *copy = msvcp_new(length * sizeof(E));

    for (size_t i = 0; i < length; i++)
        copy[i] = (E)text[i];
    return copy;
}

static void T(numpunct_fill)(struct T(numpunct) * facet)
{
    const struct conventions *conventions = (const void *)crt_localeconv();

    facet->grouping = msvcp_new(strlen(conventions->grouping) + 1);
    strcpy(facet->grouping, conventions->grouping);
    facet->point = (E)*conventions->decimal_point;
    facet->separator = *conventions->thousands_sep ? (E)*conventions->thousands_sep : ',';
    facet->false_name = T(copy_ascii)("false");
    facet->true_name = T(copy_ascii)("true");
}

static void T(numpunct_tidy)(struct T(numpunct) * facet)
{
    crt_free(facet->grouping);
    crt_free(facet->false_name);
    crt_free(facet->true_name);
}

#define NUMPUNCT_INIT(facet, info) T(numpunct_fill)(facet)
#define NUMPUNCT_TIDY(facet) T(numpunct_tidy)(facet)
#define NUMPUNCT_CLASS(suffix) FACET_CLASS(numpunct, suffix, T(numpunct), LC_NUMERIC_, NUMPUNCT_INIT, NUMPUNCT_TIDY)
NUMPUNCT_CLASS(SUFFIX);

E WINAPI T(numpunct_do_decimal_point)(const struct T(numpunct) * facet)
{
    return facet->point;
}

E WINAPI T(numpunct_do_thousands_sep)(const struct T(numpunct) * facet)
{
    return facet->separator;
}

struct std_string *WINAPI T(numpunct_do_grouping)(const struct T(numpunct) * facet, struct std_string *result)
{
    string_init(result, facet->grouping);
    return result;
}

#if E_WIDE
#define STRING_INIT wstring_init
#define STRING_TEXT wstring_text
#define STRING_FREE wstring_free
#else
#define STRING_INIT string_init
#define STRING_TEXT string_text
#define STRING_FREE string_free
#endif

struct std_string *WINAPI T(numpunct_do_falsename)(const struct T(numpunct) * facet, struct std_string *result)
{
    STRING_INIT(result, facet->false_name);
    return result;
}

struct std_string *WINAPI T(numpunct_do_truename)(const struct T(numpunct) * facet, struct std_string *result)
{
    STRING_INIT(result, facet->true_name);
    return result;
}

/* --- what formatting and parsing ask --------------------------------------------------------------------------------
 */

enum { T(NP_POINT) = FACET_OWN, T(NP_SEPARATOR), T(NP_GROUPING), T(NP_FALSE), T(NP_TRUE) };

static E T(punct_point)(const struct facet *facet)
{
    return (E)VIRTUAL(facet, T(NP_POINT), 0, 0, 0);
}

static E T(punct_separator)(const struct facet *facet)
{
    return (E)VIRTUAL(facet, T(NP_SEPARATOR), 0, 0, 0);
}

/* The result is a string to free. */
static void T(punct_grouping)(const struct facet *facet, struct std_string *grouping)
{
    VIRTUAL(facet, T(NP_GROUPING), grouping, 0, 0);
}

static void T(punct_name)(const struct facet *facet, bool value, struct std_string *name)
{
    VIRTUAL(facet, value ? T(NP_TRUE) : T(NP_FALSE), name, 0, 0);
}
