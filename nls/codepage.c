/*
 * codepage.c: code pages by ICU's converters.
 *
 * Layer: winrun-nls.so.  Code pages with one or two bytes a character become tables, from which ntdll converts;
 * those with states or more bytes go through the converter each time.
 */
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include "nls.h"

static UConverter *converter_open(const char *name)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &error);

    if (U_FAILURE(error))
        return NULL;
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
    return converter;
}

/* One character of one or two bytes; NLS_UNMAPPED if the converter has none or needs two units. */
static uint16_t decode_one(UConverter *converter, const unsigned char *bytes, int count)
{
    UChar wide[4];
    UErrorCode error = U_ZERO_ERROR;
    int32_t units;

    ucnv_resetToUnicode(converter);
    units = ucnv_toUChars(converter, wide, 4, (const char *)bytes, count, &error);
    return U_FAILURE(error) || units != 1 || wide[0] == 0xfffd ? NLS_UNMAPPED : wide[0];
}

/* The bytes as one number; 0: none. */
static uint16_t encode_one(UConverter *converter, UChar c)
{
    char bytes[8];
    UErrorCode error = U_ZERO_ERROR;
    int32_t count;

    ucnv_resetFromUnicode(converter);
    count = ucnv_fromUChars(converter, bytes, sizeof bytes, &c, 1, &error);
    if (U_FAILURE(error) || count < 1 || count > 2)
        return 0;
    return count == 1 ? (unsigned char)bytes[0] : (uint16_t)((unsigned char)bytes[0] << 8 | (unsigned char)bytes[1]);
}

/* The mappings that the converter has one way only. */
static void fill_best_fit(UConverter *converter, struct nls_tables *tables)
{
    ucnv_setFallback(converter, 1);
    for (unsigned c = 0x80; c < 0x10000; c++)
        if (!tables->from_wide[c] && (c < 0xd800 || c >= 0xf900))
            tables->best_fit[c] = encode_one(converter, (UChar)c);
}

bool codepage_fill(const char *name, unsigned max_bytes, struct nls_tables *tables)
{
    UConverter *converter = converter_open(name);

    if (!converter)
        return false;
    memset(tables->to_wide, 0xff, sizeof tables->to_wide);
    ucnv_setFallback(converter, 0);
    for (unsigned first = 0; first < 0x100; first++) {
        unsigned char bytes[2] = {(unsigned char)first, 0};

        tables->to_wide[first] = decode_one(converter, bytes, 1);
        if (max_bytes < 2 || tables->to_wide[first] != NLS_UNMAPPED)
            continue;
        for (unsigned second = 0x30; second < 0xff; second++) {
            bytes[1] = (unsigned char)second;
            tables->to_wide[first << 8 | second] = decode_one(converter, bytes, 2);
        }
    }
    for (unsigned c = 0; c < 0x10000; c++)
        if (c < 0xd800 || c >= 0xe000)
            tables->from_wide[c] = encode_one(converter, (UChar)c);
    fill_best_fit(converter, tables);
    ucnv_close(converter);
    return true;
}

long stream_decode(const char *name, bool strict, const char *bytes, size_t length, uint16_t *wide, size_t room)
{
    UConverter *converter = converter_open(name);
    UErrorCode error = U_ZERO_ERROR;
    int32_t units;

    if (!converter)
        return NLS_FAILED;
    if (!strict)
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &error);
    units = ucnv_toUChars(converter, (UChar *)wide, (int32_t)room, bytes, (int32_t)length, &error);
    ucnv_close(converter);
    return U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR ? NLS_INVALID : units;
}

long stream_encode(const char *name, bool strict, const uint16_t *wide, size_t length, char *bytes, size_t room)
{
    UConverter *converter = converter_open(name);
    UErrorCode error = U_ZERO_ERROR;
    int32_t count;

    if (!converter)
        return NLS_FAILED;
    if (!strict) {
        ucnv_setSubstChars(converter, "?", 1, &error);
        error = U_ZERO_ERROR;
        ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &error);
    }
    count = ucnv_fromUChars(converter, bytes, (int32_t)room, (const UChar *)wide, (int32_t)length, &error);
    ucnv_close(converter);
    return U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR ? NLS_INVALID : count;
}
