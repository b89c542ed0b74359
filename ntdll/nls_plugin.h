/*
 * nls_plugin.h: what needs ICU, behind one table, so that ICU is opened only by programs that ask for it.
 *
 * Both sides include it, and nls/ is compiled as plain host code without Windows' headers (ICU takes the two
 * together for a Windows build): hence plain types and numbers that equal Windows'.
 */
#ifndef NTDLL_NLS_PLUGIN_H
#define NTDLL_NLS_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NORM_*, LINGUISTIC_*, SORT_* of CompareStringEx. */
enum nls_compare_flags {
    NLS_IGNORE_CASE = 0x1,
    NLS_IGNORE_NONSPACE = 0x2,
    NLS_IGNORE_SYMBOLS = 0x4,
    NLS_LINGUISTIC_IGNORE_CASE = 0x10,
    NLS_LINGUISTIC_IGNORE_DIACRITIC = 0x20,
    NLS_DIGITS_AS_NUMBERS = 0x8,
    NLS_STRING_SORT = 0x1000,
    NLS_IGNORE_KANA_TYPE = 0x10000,
    NLS_IGNORE_WIDTH = 0x20000,
};

/* NORM_FORM's values. */
enum nls_form { NLS_FORM_C = 1, NLS_FORM_D = 2, NLS_FORM_KC = 5, NLS_FORM_KD = 6 };

/* IDN_*. */
enum nls_idn_flags { NLS_IDN_ALLOW_UNASSIGNED = 1, NLS_IDN_STD3 = 2 };

#define NLS_UNMAPPED 0xffff
#define NLS_TABLE_UNITS 0x10000

/* A code page whose characters have one or two bytes. */
struct nls_tables {
    uint16_t to_wide[NLS_TABLE_UNITS];   /* by byte, or lead byte * 256 + trail byte; NLS_UNMAPPED */
    uint16_t from_wide[NLS_TABLE_UNITS]; /* exact; 0 (but for U+0000): unmapped */
    uint16_t best_fit[NLS_TABLE_UNITS];  /* what is nearest, where from_wide has nothing */
};

struct nls_plugin {
    /* Fills tables for ICU's converter of that name; false: there is none. */
    bool (*codepage_tables)(const char *converter, unsigned max_bytes, struct nls_tables *tables);
    /* Any converter, statefully.  The length needed; NLS_INVALID: not valid and `strict`; NLS_FAILED: no converter. */
    long (*decode)(const char *converter, bool strict, const char *bytes, size_t length, uint16_t *wide, size_t room);
    long (*encode)(const char *converter, bool strict, const uint16_t *wide, size_t length, char *bytes, size_t room);

    /* Linguistic order by a locale's rules: -1, 0, 1. */
    int (*compare)(const char *locale, unsigned flags, const uint16_t *a, int a_length, const uint16_t *b,
                   int b_length);
    /* The sort key; returns its length, writes at most `room` bytes. */
    int (*sort_key)(const char *locale, unsigned flags, const uint16_t *text, int length, uint8_t *key, int room);
    /* The place of `value` in the text, and in *found its length there; -1: not found.  last: from the end. */
    int (*find)(const char *locale, unsigned flags, bool last, const uint16_t *text, int length, const uint16_t *value,
                int value_length, int *found);
    /* Case by a locale's rules; returns the length. */
    int (*change_case)(const char *locale, bool upper, const uint16_t *text, int length, uint16_t *out, int room);

    /* Normalization; returns the length, or -1 for invalid input.  With out NULL only counts. */
    int (*normalize)(int form, const uint16_t *text, int length, uint16_t *out, int room);
    int (*is_normalized)(int form, const uint16_t *text, int length);
    /* Domain names; -1: invalid. */
    int (*idn)(bool to_ascii, unsigned flags, const uint16_t *text, int length, uint16_t *out, int room);

    /* A locale's value by its LCTYPE as text; the length, or -1: not known here.  Names are Windows' ("de-DE"). */
    int (*locale_text)(const char *locale, unsigned type, uint16_t *out, int room);
    bool (*locale_known)(const char *name);
    unsigned (*locale_id)(const char *name); /* 0: it has none of its own */
    bool (*locale_name)(unsigned id, char *name, size_t room);
    bool (*locale_at)(unsigned index, char *name, size_t room); /* false: that was the last */
};

#define NLS_INVALID (-1L)
#define NLS_FAILED (-2L)

/* Opened at the first call; NULL if the host has no ICU. */
const struct nls_plugin *nls_plugin(void);

#endif
