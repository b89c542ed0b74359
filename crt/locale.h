/*
 * locale.h: the locales of the C runtimes: the process's, those of threads that asked for their own, and the objects
 * of _create_locale.  A function with a locale argument runs its plain twin with that locale as the thread's.
 */
#ifndef CRT_LOCALE_H
#define CRT_LOCALE_H

#include "crt.h"

enum { LC_ALL_, LC_COLLATE_, LC_CTYPE_, LC_MONETARY_, LC_NUMERIC_, LC_TIME_, LC_COUNT };

#define LOCALE_NAME_SIZE 128 /* of what setlocale reports for a category */
#define LOCALE_TAG_SIZE 85   /* LOCALE_NAME_MAX_LENGTH */

/* struct lconv as Microsoft has it: the wide twins follow the C standard's members. */
struct crt_lconv {
    char *decimal_point, *thousands_sep, *grouping, *int_curr_symbol, *currency_symbol, *mon_decimal_point;
    char *mon_thousands_sep, *mon_grouping, *positive_sign, *negative_sign;
    char int_frac_digits, frac_digits, p_cs_precedes, p_sep_by_space, n_cs_precedes, n_sep_by_space;
    char p_sign_posn, n_sign_posn;
    WCHAR *w_decimal_point, *w_thousands_sep, *w_int_curr_symbol, *w_currency_symbol, *w_mon_decimal_point;
    WCHAR *w_mon_thousands_sep, *w_positive_sign, *w_negative_sign;
};

#define LCONV_TEXTS 10
#define LCONV_TEXT_SIZE 16

struct crt_locale_state {
    /* What ucrtbase's headers read of a locale object: do not move. */
    const unsigned short *pctype; /* NULL: the C locale's */
    int mb_cur_max;
    UINT codepage; /* of LC_CTYPE; 0: "C" */
    /* Ours. */
    UINT multibyte;                        /* the code page of mbstring.h's functions; 0: bytes */
    bool multibyte_set;                    /* otherwise it is the ANSI code page */
    UINT codepages[LC_COUNT];              /* 0: "C" */
    WCHAR tags[LC_COUNT][LOCALE_TAG_SIZE]; /* Windows' names: L"de-DE"; empty: "C" */
    char names[LC_COUNT][LOCALE_NAME_SIZE];
    struct crt_lconv conventions;
    char lconv_narrow[LCONV_TEXTS][LCONV_TEXT_SIZE * 3];
    WCHAR lconv_wide[LCONV_TEXTS][LCONV_TEXT_SIZE];
    unsigned short classes[257]; /* pctype points here if the code page has letters above 0x7f */
    char all_names[LC_COUNT * (LOCALE_NAME_SIZE + 16)];
};

extern struct crt_locale_state crt_process_locale;
extern __thread struct crt_locale_state *crt_thread_locale; /* NULL: the process's */

static inline struct crt_locale_state *crt_locale(void)
{
    return crt_thread_locale ? crt_thread_locale : &crt_process_locale;
}

static inline UINT crt_codepage(void)
{
    return crt_locale()->codepage;
}

/* Makes a locale object (NULL: no change) the thread's locale; returns what to put back. */
static inline struct crt_locale_state *crt_locale_enter(void *locale)
{
    struct crt_locale_state *outer = crt_thread_locale;
    if (locale)
        crt_thread_locale = *(struct crt_locale_state **)locale;
    return outer;
}

#define IN_LOCALE(locale, call)                                                                                        \
    ({                                                                                                                 \
        struct crt_locale_state *crt_outer_locale = crt_locale_enter(locale);                                          \
        __auto_type crt_locale_result = (call);                                                                        \
        crt_thread_locale = crt_outer_locale;                                                                          \
        crt_locale_result;                                                                                             \
    })

/* Windows' name of a category's locale; empty: "C". */
static inline const WCHAR *crt_locale_tag(int category)
{
    return crt_locale()->tags[category];
}

/* From setlocale's language, country or alias to Windows' name (locale_names.c); false: no such locale. */
bool locale_find(const char *language, const char *country, WCHAR tag[LOCALE_TAG_SIZE]);

/* localeconv's values of a locale (localeconv.c). */
void locale_fill_numeric(struct crt_locale_state *);
void locale_fill_monetary(struct crt_locale_state *);

/* Classes of the bytes of the C locale, index -1 to 255 (ctype.c). */
extern const unsigned short crt_ctype[257];

static inline const unsigned short *crt_classes(const struct crt_locale_state *state)
{
    return state->pctype ? state->pctype : crt_ctype + 1;
}

/* Fills state->classes for a code page of one or two bytes a character. */
void locale_fill_classes(struct crt_locale_state *);

#endif
