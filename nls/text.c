/*
 * text.c: case by a language's rules, normalization, domain names.
 *
 * Layer: winrun-nls.so.
 */
#include <string.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include "nls.h"

int text_case(const char *locale, bool upper, const uint16_t *text, int length, uint16_t *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    char icu[LOCALE_ROOM];

    locale_to_icu(locale, icu);
    return upper ? u_strToUpper((UChar *)out, room, (const UChar *)text, length, icu, &error)
                 : u_strToLower((UChar *)out, room, (const UChar *)text, length, icu, &error);
}

static const UNormalizer2 *form_get(int form, UErrorCode *error)
{
    switch (form) {
    case NLS_FORM_C:
        return unorm2_getNFCInstance(error);
    case NLS_FORM_D:
        return unorm2_getNFDInstance(error);
    case NLS_FORM_KC:
        return unorm2_getNFKCInstance(error);
    default:
        return unorm2_getNFKDInstance(error);
    }
}

/* Lone surrogates are no text. */
static bool is_valid(const uint16_t *text, int length)
{
    for (int i = 0; i < length; i++) {
        bool high = text[i] >= 0xd800 && text[i] < 0xdc00;

        if (high && i + 1 < length && text[i + 1] >= 0xdc00 && text[i + 1] < 0xe000)
            i++;
        else if (high || (text[i] >= 0xdc00 && text[i] < 0xe000))
            return false;
    }
    return true;
}

int text_normalize(int form, const uint16_t *text, int length, uint16_t *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = form_get(form, &error);
    int used;

    if (!is_valid(text, length))
        return -1;
    used = unorm2_normalize(normalizer, (const UChar *)text, length, (UChar *)out, out ? room : 0, &error);
    return U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR ? -1 : used;
}

int text_is_normalized(int form, const uint16_t *text, int length)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = form_get(form, &error);

    return is_valid(text, length) ? unorm2_isNormalized(normalizer, (const UChar *)text, length, &error) : -1;
}

int text_idn(bool to_ascii, unsigned flags, const uint16_t *text, int length, uint16_t *out, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna = uidna_openUTS46(flags & NLS_IDN_STD3 ? UIDNA_USE_STD3_RULES : UIDNA_DEFAULT, &error);
    int used;

    if (U_FAILURE(error))
        return -1;
    used = to_ascii ? uidna_nameToASCII(idna, (const UChar *)text, length, (UChar *)out, room, &info, &error)
                    : uidna_nameToUnicode(idna, (const UChar *)text, length, (UChar *)out, room, &info, &error);
    uidna_close(idna);
    if (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR)
        return -1;
    return info.errors & ~(uint32_t)(UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)
               ? -1
               : used;
}
