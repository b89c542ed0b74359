/*
 * collate.c: comparing, sort keys and searching by ICU's collation.
 *
 * Layer: winrun-nls.so.  Collators are opened once for each locale and set of flags, and kept: opening one takes a
 * millisecond.  A collator that nobody changes may be used by all threads.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/usearch.h>
#include "nls.h"

struct kept {
    struct kept *next;
    UCollator *collator;
    unsigned flags;
    char locale[LOCALE_ROOM];
};

static struct kept *kept_first;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

#define IGNORE_CASE (NLS_IGNORE_CASE | NLS_LINGUISTIC_IGNORE_CASE)
#define IGNORE_MARKS (NLS_IGNORE_NONSPACE | NLS_LINGUISTIC_IGNORE_DIACRITIC)

/* Windows puts small letters first; marks weigh more than case. */
static UCollator *collator_open(const char *locale, unsigned flags)
{
    UErrorCode error = U_ZERO_ERROR;
    char icu[LOCALE_ROOM];
    UCollator *collator;
    bool marks = !(flags & IGNORE_MARKS), letter_case = !(flags & IGNORE_CASE);

    locale_to_icu(locale, icu);
    collator = ucol_open(*locale ? icu : "", &error); /* "": the order of no language */
    if (U_FAILURE(error))
        return NULL;
    ucol_setAttribute(collator, UCOL_NORMALIZATION_MODE, UCOL_ON, &error);
    ucol_setAttribute(collator, UCOL_STRENGTH,
                      marks && letter_case ? UCOL_TERTIARY
                      : marks              ? UCOL_SECONDARY
                                           : UCOL_PRIMARY,
                      &error);
    if (letter_case && !marks)
        ucol_setAttribute(collator, UCOL_CASE_LEVEL, UCOL_ON, &error);
    ucol_setAttribute(collator, UCOL_CASE_FIRST, UCOL_LOWER_FIRST, &error);
    if (flags & NLS_DIGITS_AS_NUMBERS)
        ucol_setAttribute(collator, UCOL_NUMERIC_COLLATION, UCOL_ON, &error);
    if (flags & NLS_IGNORE_SYMBOLS) {
        ucol_setAttribute(collator, UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED, &error);
        ucol_setMaxVariable(collator, UCOL_REORDER_CODE_SYMBOL, &error);
    }
    return collator;
}

static UCollator *collator_get(const char *locale, unsigned flags)
{
    struct kept *kept;

    pthread_mutex_lock(&kept_lock);
    for (kept = kept_first; kept; kept = kept->next)
        if (kept->flags == flags && strcmp(kept->locale, locale) == 0)
            break;
    if (!kept && strlen(locale) < LOCALE_ROOM && (kept = calloc(1, sizeof *kept))) {
        kept->collator = collator_open(locale, flags);
        kept->flags = flags;
        strcpy(kept->locale, locale);
        kept->next = kept_first;
        kept_first = kept;
    }
    pthread_mutex_unlock(&kept_lock);
    return kept ? kept->collator : NULL;
}

int collate_compare(const char *locale, unsigned flags, const uint16_t *a, int a_length, const uint16_t *b,
                    int b_length)
{
    UCollator *collator = collator_get(locale, flags);

    return collator ? (int)ucol_strcoll(collator, (const UChar *)a, a_length, (const UChar *)b, b_length) : 0;
}

int collate_key(const char *locale, unsigned flags, const uint16_t *text, int length, uint8_t *key, int room)
{
    UCollator *collator = collator_get(locale, flags);

    return collator ? ucol_getSortKey(collator, (const UChar *)text, length, key, room) : 0;
}

int collate_find(const char *locale, unsigned flags, bool last, const uint16_t *text, int length, const uint16_t *value,
                 int value_length, int *found)
{
    UErrorCode error = U_ZERO_ERROR;
    UCollator *collator = collator_get(locale, flags);
    UStringSearch *search;
    int32_t at;

    if (!collator)
        return -1;
    search = usearch_openFromCollator((const UChar *)value, value_length, (const UChar *)text, length, collator, NULL,
                                      &error);
    if (U_FAILURE(error))
        return -1;
    at = last ? usearch_last(search, &error) : usearch_first(search, &error);
    *found = usearch_getMatchedLength(search);
    usearch_close(search);
    return U_FAILURE(error) || at == USEARCH_DONE ? -1 : at;
}
