/*
 * rtlmisc.c: small things of the run-time library that only compute: memory, checksums, random numbers, what a text
 * looks like.
 *
 * Layer: ntdll.
 */
#include <stdlib.h>
#include <string.h>
#include "nls.h"

/* Macros in the headers, functions for those who look them up. */
#undef RtlFillMemory
#undef RtlZeroMemory
#undef RtlMoveMemory

void WINAPI RtlFillMemory(void *memory, SIZE_T size, UCHAR value)
{
    memset(memory, value, size);
}

void WINAPI RtlZeroMemory(void *memory, SIZE_T size)
{
    memset(memory, 0, size);
}

void WINAPI RtlMoveMemory(void *to, const void *from, SIZE_T size)
{
    memmove(to, from, size);
}

/* How many bytes are equal. */
SIZE_T WINAPI RtlCompareMemory(const void *a, const void *b, SIZE_T size)
{
    const BYTE *x = a, *y = b;
    SIZE_T i = 0;

    while (i < size && x[i] == y[i])
        i++;
    return i;
}

SIZE_T WINAPI RtlCompareMemoryUlong(PVOID memory, SIZE_T size, ULONG pattern)
{
    const ULONG *at = memory;
    SIZE_T i = 0;

    while (i < size / sizeof *at && at[i] == pattern)
        i++;
    return i * sizeof *at;
}

void WINAPI RtlFillMemoryUlong(PVOID memory, SIZE_T size, ULONG pattern)
{
    ULONG *at = memory;

    for (SIZE_T i = 0; i < size / sizeof *at; i++)
        at[i] = pattern;
}

/* ---- checksums: reflected, bit by bit at need of no table ---- */

static ULONGLONG crc(ULONGLONG value, ULONGLONG polynomial, const BYTE *data, SIZE_T size)
{
    for (SIZE_T i = 0; i < size; i++) {
        value ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? polynomial : 0);
    }
    return value;
}

ULONG WINAPI RtlComputeCrc32(ULONG initial, const void *data, ULONG size)
{
    return ~(ULONG)crc((ULONG)~initial, 0xedb88320, data, size);
}

ULONG WINAPI RtlCrc32(const void *data, size_t size, ULONG initial)
{
    return ~(ULONG)crc((ULONG)~initial, 0xedb88320, data, size);
}

/* ---- random numbers that are not secret ---- */

/* Lehmer's generator, as documented: multiplier and increment of 0x7fffffed and 0x7fffffc3. */
ULONG WINAPI RtlUniform(PULONG seed)
{
    return *seed = (*seed * 0x7fffffedu + 0x7fffffc3u) % 0x7fffffffu;
}

ULONG WINAPI RtlRandom(PULONG seed)
{
    ULONG high = RtlUniform(seed);

    return (high ^ RtlUniform(seed) << 7) & 0x7fffffff;
}

/* ---- is it UTF-16? ---- */

struct text_facts {
    size_t units, ascii, blanks, controls, low_varies, high_varies, zero_bytes;
    bool reversed_blanks;
};

static struct text_facts text_facts(const WCHAR *text, size_t units, size_t bytes)
{
    struct text_facts facts = {.units = units};
    const BYTE *at = (const BYTE *)text;

    for (size_t i = 0; i < units; i++) {
        WCHAR c = text[i];

        facts.ascii += c && c < 0x100;
        facts.blanks += c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x3000;
        facts.reversed_blanks |= c == 0x2000 || c == 0x0900 || c == 0x0d00 || c == 0x0a00;
        facts.controls += c == 0xffff || c == 0x0a0d || c == 0;
        if (i) {
            BYTE low = (BYTE)text[i - 1], high = (BYTE)(text[i - 1] >> 8);

            facts.low_varies += (size_t)abs((BYTE)c - low);
            facts.high_varies += (size_t)abs((BYTE)(c >> 8) - high);
        }
    }
    for (size_t i = 0; i < bytes; i++)
        facts.zero_bytes += at[i] == 0;
    return facts;
}

/* Tests are asked for by *flags and answered there; without flags all of them decide.  A whole BOOL: advapi32 has it,
 * too. */
BOOL WINAPI RtlIsTextUnicode(const void *data, INT length, INT *flags)
{
    const WCHAR *text = data;
    INT asked = flags ? *flags : ~0, found = 0;
    size_t bytes = length > 0 ? (size_t)length : 0;
    struct text_facts facts;

    if (bytes < 2) {
        if (flags)
            *flags = 0;
        return FALSE;
    }
    facts = text_facts(text, bytes / 2 < 256 ? bytes / 2 : 256, bytes < 512 ? bytes : 512);
    if (bytes % 2)
        found |= IS_TEXT_UNICODE_ODD_LENGTH;
    if (facts.ascii == facts.units)
        found |= IS_TEXT_UNICODE_ASCII16;
    if (facts.high_varies * 3 < facts.low_varies)
        found |= IS_TEXT_UNICODE_STATISTICS;
    if (facts.low_varies * 3 < facts.high_varies)
        found |= IS_TEXT_UNICODE_REVERSE_STATISTICS;
    if (facts.blanks)
        found |= IS_TEXT_UNICODE_CONTROLS;
    if (facts.reversed_blanks)
        found |= IS_TEXT_UNICODE_REVERSE_CONTROLS;
    if (facts.controls)
        found |= IS_TEXT_UNICODE_ILLEGAL_CHARS;
    if (facts.zero_bytes)
        found |= IS_TEXT_UNICODE_NULL_BYTES;
    if (text[0] == 0xfeff)
        found |= IS_TEXT_UNICODE_SIGNATURE;
    if (text[0] == 0xfffe)
        found |= IS_TEXT_UNICODE_REVERSE_SIGNATURE;
    found &= asked;
    if (flags)
        *flags = found;
    if (found & (IS_TEXT_UNICODE_REVERSE_MASK & ~IS_TEXT_UNICODE_REVERSE_STATISTICS) ||
        found & (IS_TEXT_UNICODE_ODD_LENGTH | IS_TEXT_UNICODE_ILLEGAL_CHARS))
        return (found & IS_TEXT_UNICODE_SIGNATURE) != 0;
    return (found & (IS_TEXT_UNICODE_UNICODE_MASK | IS_TEXT_UNICODE_NULL_BYTES)) != 0;
}

/* ---- addresses of Ethernet ---- */

PSTR WINAPI RtlEthernetAddressToStringA(const BYTE *address, PSTR text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (int i = 0; i < 6; i++) {
        if (i)
            *text++ = '-';
        *text++ = digits[address[i] >> 4];
        *text++ = digits[address[i] & 15];
    }
    *text = 0;
    return text;
}

PWSTR WINAPI RtlEthernetAddressToStringW(const BYTE *address, PWSTR text)
{
    char narrow[18];

    RtlEthernetAddressToStringA(address, narrow);
    for (int i = 0; i < 18; i++)
        text[i] = (WCHAR)narrow[i];
    return text + 17;
}

static int hexadecimal(WCHAR c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Six bytes of two digits with one kind of mark between them; *end: where the text stops to be one. */
NTSTATUS WINAPI RtlEthernetStringToAddressW(PCWSTR text, PCWSTR *end, BYTE *address)
{
    WCHAR mark = 0;

    *end = text;
    for (int i = 0; i < 6; i++) {
        int high, low;

        if (i) {
            if ((*text != '-' && *text != ':') || (mark && *text != mark))
                return STATUS_INVALID_PARAMETER;
            mark = *text++;
            *end = text;
        }
        high = hexadecimal(text[0]);
        low = high < 0 ? -1 : hexadecimal(text[1]);
        if (low < 0)
            return STATUS_INVALID_PARAMETER;
        address[i] = (BYTE)(high << 4 | low);
        text += 2;
        *end = text;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlEthernetStringToAddressA(PCSTR text, PCSTR *end, BYTE *address)
{
    WCHAR wide[18] = {0};
    PCWSTR stop;
    NTSTATUS status;

    for (int i = 0; i < 17 && text[i]; i++)
        wide[i] = (BYTE)text[i];
    status = RtlEthernetStringToAddressW(wide, &stop, address);
    *end = text + (stop - wide);
    return status;
}

BOOLEAN WINAPI RtlGetNtProductType(PULONG type)
{
    *type = VER_NT_WORKSTATION;
    return TRUE;
}

/* What the program's manifest and the machine's policy have said; bit 7 of the PEB's field. */
BOOLEAN WINAPI RtlAreLongPathsEnabled(void)
{
    return peb_current()->BitField >> 7 & 1;
}
