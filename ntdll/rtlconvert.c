/*
 * rtlconvert.c: strings to other encodings, numbers and GUIDs (RtlUnicodeToUTF8N, RtlIntegerToChar ...).
 *
 * Layer: ntdll, over codepage.c.
 */
#include <string.h>
#include "nls.h"

static NTSTATUS decode_n(UINT codepage, WCHAR *wide, ULONG room, ULONG *used, const char *bytes, ULONG length)
{
    size_t written = 0, units = room / sizeof(WCHAR);
    NTSTATUS status = codepage_decode(codepage, false, bytes, length, wide, units, &written);

    if (written > units)
        written = units;
    if (used)
        *used = (ULONG)(written * sizeof(WCHAR));
    return status;
}

static NTSTATUS encode_n(UINT codepage, char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length)
{
    size_t written = 0;
    NTSTATUS status = codepage_encode(codepage, false, wide, length / sizeof(WCHAR), bytes, room, NULL, &written);

    if (used)
        *used = (ULONG)written;
    return status;
}

/* In bytes. */
static ULONG decoded_size(UINT codepage, const char *bytes, size_t length)
{
    size_t units = 0;

    codepage_decode(codepage, false, bytes, length, NULL, 0, &units);
    return (ULONG)(units * sizeof(WCHAR));
}

/* The N functions of the ANSI and OEM code pages cut silently. */
static NTSTATUS cut_is_fine(NTSTATUS status)
{
    return status == STATUS_BUFFER_TOO_SMALL ? STATUS_BUFFER_OVERFLOW : status;
}

NTSTATUS WINAPI RtlMultiByteToUnicodeN(WCHAR *wide, ULONG room, ULONG *used, const char *bytes, ULONG length)
{
    return room ? cut_is_fine(decode_n(codepage_ansi(), wide, room, used, bytes, length)) : STATUS_BUFFER_OVERFLOW;
}

NTSTATUS WINAPI RtlUnicodeToMultiByteN(char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length)
{
    return room ? cut_is_fine(encode_n(codepage_ansi(), bytes, room, used, wide, length)) : STATUS_BUFFER_OVERFLOW;
}

NTSTATUS WINAPI RtlOemToUnicodeN(WCHAR *wide, ULONG room, ULONG *used, const char *bytes, ULONG length)
{
    return room ? cut_is_fine(decode_n(codepage_oem(), wide, room, used, bytes, length)) : STATUS_BUFFER_OVERFLOW;
}

NTSTATUS WINAPI RtlUnicodeToOemN(char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length)
{
    return room ? cut_is_fine(encode_n(codepage_oem(), bytes, room, used, wide, length)) : STATUS_BUFFER_OVERFLOW;
}

NTSTATUS WINAPI RtlMultiByteToUnicodeSize(ULONG *size, const char *bytes, ULONG length)
{
    *size = decoded_size(codepage_ansi(), bytes, length);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlUnicodeToMultiByteSize(PULONG size, PWCH wide, ULONG length)
{
    return encode_n(codepage_ansi(), NULL, 0, size, wide, length);
}

/* Without a buffer only counts. */
NTSTATUS WINAPI RtlUTF8ToUnicodeN(WCHAR *wide, ULONG room, ULONG *used, const char *bytes, ULONG length)
{
    size_t written = 0;
    NTSTATUS status;

    if (!bytes || !used)
        return STATUS_INVALID_PARAMETER;
    status = codepage_decode(CP_UTF8, true, bytes, length, NULL, 0, &written);
    if (status == STATUS_NO_UNICODE_TRANSLATION) {
        status = STATUS_SOME_NOT_MAPPED;
        codepage_decode(CP_UTF8, false, bytes, length, NULL, 0, &written);
    }
    if (wide && written > room / sizeof(WCHAR)) {
        codepage_decode(CP_UTF8, false, bytes, length, wide, room / sizeof(WCHAR), &written);
        written = room / sizeof(WCHAR);
        status = STATUS_BUFFER_TOO_SMALL;
    } else if (wide && written) {
        codepage_decode(CP_UTF8, false, bytes, length, wide, written, &written);
    }
    *used = (ULONG)(written * sizeof(WCHAR));
    return status;
}

NTSTATUS WINAPI RtlUnicodeToUTF8N(char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length)
{
    size_t written = 0, units = length / sizeof(WCHAR);
    NTSTATUS status;

    if (!wide || !used)
        return STATUS_INVALID_PARAMETER;
    status =
        codepage_encode(CP_UTF8, true, wide, units, NULL, 0, NULL, &written) ? STATUS_SOME_NOT_MAPPED : STATUS_SUCCESS;
    codepage_encode(CP_UTF8, false, wide, units, NULL, 0, NULL, &written);
    if (bytes && written) {
        bool fits = written <= room;

        if (room)
            codepage_encode(CP_UTF8, false, wide, units, bytes, room, NULL, &written);
        if (!fits)
            status = STATUS_BUFFER_TOO_SMALL;
        if (!room)
            written = 0;
    }
    *used = (ULONG)written;
    return status;
}

static NTSTATUS string_to_unicode(UINT codepage, PUNICODE_STRING to, const STRING *from, BOOLEAN allocate)
{
    ULONG size = decoded_size(codepage, from->Buffer, from->Length);

    if (size > 0xfffc)
        return STATUS_INVALID_PARAMETER_2;
    if (allocate) {
        to->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, size + sizeof(WCHAR));
        if (!to->Buffer)
            return STATUS_NO_MEMORY;
        to->MaximumLength = (USHORT)(size + sizeof(WCHAR));
    } else if (size + sizeof(WCHAR) > to->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    if (size)
        decode_n(codepage, to->Buffer, size, NULL, from->Buffer, from->Length);
    to->Length = (USHORT)size;
    to->Buffer[size / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS unicode_to_string(UINT codepage, PSTRING to, const UNICODE_STRING *from, BOOLEAN allocate)
{
    ULONG size = 0;
    NTSTATUS status = STATUS_SUCCESS;

    encode_n(codepage, NULL, 0, &size, from->Buffer, from->Length);
    if (size > 0xfffe)
        return STATUS_INVALID_PARAMETER_2;
    if (allocate) {
        to->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, size + 1);
        if (!to->Buffer)
            return STATUS_NO_MEMORY;
        to->MaximumLength = (USHORT)(size + 1);
    } else if (size + 1 > to->MaximumLength) {
        if (!to->MaximumLength)
            return STATUS_BUFFER_OVERFLOW;
        status = STATUS_BUFFER_OVERFLOW;
        size = to->MaximumLength - 1u;
    }
    if (size)
        encode_n(codepage, to->Buffer, size, &size, from->Buffer, from->Length);
    to->Length = (USHORT)size;
    to->Buffer[size] = 0;
    return status;
}

NTSTATUS WINAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING to, PCANSI_STRING from, BOOLEAN allocate)
{
    return string_to_unicode(codepage_ansi(), to, from, allocate);
}

NTSTATUS WINAPI RtlOemStringToUnicodeString(PUNICODE_STRING to, PCANSI_STRING from, BOOLEAN allocate)
{
    return string_to_unicode(codepage_oem(), to, from, allocate);
}

NTSTATUS WINAPI RtlUnicodeStringToAnsiString(PANSI_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    return unicode_to_string(codepage_ansi(), to, from, allocate);
}

NTSTATUS WINAPI RtlUnicodeStringToOemString(POEM_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    return unicode_to_string(codepage_oem(), to, from, allocate);
}

NTSTATUS WINAPI RtlUTF8StringToUnicodeString(PUNICODE_STRING to, PCANSI_STRING from, BOOLEAN allocate)
{
    return string_to_unicode(CP_UTF8, to, from, allocate);
}

NTSTATUS WINAPI RtlUnicodeStringToUTF8String(PANSI_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    return unicode_to_string(CP_UTF8, to, from, allocate);
}

BOOLEAN WINAPI RtlCreateUnicodeStringFromAsciiz(PUNICODE_STRING to, LPCSTR from)
{
    ANSI_STRING ansi;

    RtlInitAnsiString(&ansi, from);
    return RtlAnsiStringToUnicodeString(to, &ansi, TRUE) == STATUS_SUCCESS;
}

/* A sign, then 0x, 0o or 0b if base is 0. */
static ULONG integer_parse(const WCHAR *text, size_t count, ULONG base)
{
    size_t at = 0;
    bool negative = false;
    ULONG value = 0;

    while (at < count && text[at] <= ' ')
        at++;
    if (at < count && (text[at] == '-' || text[at] == '+'))
        negative = text[at++] == '-';
    if (!base) {
        base = 10;
        if (at + 1 < count && text[at] == '0') {
            base = text[at + 1] == 'x' ? 16 : text[at + 1] == 'o' ? 8 : text[at + 1] == 'b' ? 2 : 10;
            at += base != 10 ? 2 : 0;
        }
    }
    for (; at < count; at++) {
        WCHAR c = wide_upper(text[at]);
        ULONG digit = c >= '0' && c <= '9' ? c - 48u : c >= 'A' && c <= 'Z' ? c - 55u : 99;

        if (digit >= base)
            break;
        value = value * base + digit;
    }
    return negative ? 0 - value : value;
}

static bool base_valid(ULONG base)
{
    return base == 0 || base == 2 || base == 8 || base == 10 || base == 16;
}

NTSTATUS WINAPI RtlUnicodeStringToInteger(const UNICODE_STRING *string, ULONG base, ULONG *value)
{
    if (!base_valid(base))
        return STATUS_INVALID_PARAMETER;
    if (!value)
        return STATUS_ACCESS_VIOLATION;
    *value = integer_parse(string->Buffer, string->Length / sizeof(WCHAR), base);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlCharToInteger(PCSZ text, ULONG base, PULONG value)
{
    WCHAR wide[72];
    size_t count = 0;

    if (!base_valid(base))
        return STATUS_INVALID_PARAMETER;
    if (!value)
        return STATUS_ACCESS_VIOLATION;
    while (*text && (unsigned char)*text <= ' ')
        text++;
    while (text[count] && count < sizeof wide / sizeof *wide) {
        wide[count] = (unsigned char)text[count];
        count++;
    }
    *value = integer_parse(wide, count, base);
    return STATUS_SUCCESS;
}

/* Digits of value, most significant first; returns how many. */
static size_t integer_format(ULONGLONG value, ULONG base, char digits[64])
{
    size_t count = 0;

    if (!base)
        base = 10;
    do {
        digits[63 - count++] = "0123456789ABCDEF"[value % base];
        value /= base;
    } while (value);
    memmove(digits, digits + 64 - count, count);
    return count;
}

NTSTATUS WINAPI RtlIntegerToChar(ULONG value, ULONG base, ULONG room, char *text)
{
    char digits[64];
    size_t count;

    if (!base_valid(base))
        return STATUS_INVALID_PARAMETER;
    count = integer_format(value, base, digits);
    if (count > room)
        return STATUS_BUFFER_OVERFLOW;
    if (!text)
        return STATUS_ACCESS_VIOLATION;
    memcpy(text, digits, count);
    if (count < room)
        text[count] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlLargeIntegerToChar(const ULONGLONG *value, ULONG base, ULONG room, char *text)
{
    char digits[64];
    size_t count;

    if (!base_valid(base))
        return STATUS_INVALID_PARAMETER;
    count = integer_format(*value, base, digits);
    if (count > room)
        return STATUS_BUFFER_OVERFLOW;
    if (!text)
        return STATUS_ACCESS_VIOLATION;
    memcpy(text, digits, count);
    if (count < room)
        text[count] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlInt64ToUnicodeString(ULONGLONG value, ULONG base, PUNICODE_STRING string)
{
    char digits[64];
    size_t count;

    if (!base_valid(base))
        return STATUS_INVALID_PARAMETER;
    count = integer_format(value, base, digits);
    if ((count + 1) * sizeof(WCHAR) > string->MaximumLength)
        return STATUS_BUFFER_OVERFLOW;
    for (size_t i = 0; i < count; i++)
        string->Buffer[i] = (WCHAR)digits[i];
    string->Buffer[count] = 0;
    string->Length = (USHORT)(count * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, PUNICODE_STRING string)
{
    return RtlInt64ToUnicodeString(value, base, string);
}

NTSTATUS WINAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string)
{
    static const char order[] = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};
    const BYTE *bytes = (const BYTE *)guid;
    WCHAR *out;

    string->Length = 38 * sizeof(WCHAR);
    string->MaximumLength = 39 * sizeof(WCHAR);
    out = string->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, string->MaximumLength);
    if (!out)
        return STATUS_NO_MEMORY;
    *out++ = '{';
    for (size_t i = 0; i < sizeof order; i++) {
        if (order[i] < 0) {
            *out++ = '-';
            continue;
        }
        *out++ = (WCHAR) "0123456789ABCDEF"[bytes[(int)order[i]] >> 4];
        *out++ = (WCHAR) "0123456789ABCDEF"[bytes[(int)order[i]] & 15];
    }
    *out++ = '}';
    *out = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGUIDFromString(const UNICODE_STRING *string, GUID *guid)
{
    static const char order[] = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};
    const WCHAR *at = string->Buffer;
    BYTE *bytes = (BYTE *)guid;

    if (string->Length < 38 * sizeof(WCHAR) || at[0] != '{' || at[37] != '}')
        return STATUS_INVALID_PARAMETER;
    at++;
    for (size_t i = 0; i < sizeof order; i++) {
        unsigned value = 0;

        if (order[i] < 0) {
            if (*at++ != '-')
                return STATUS_INVALID_PARAMETER;
            continue;
        }
        for (int digit = 0; digit < 2; digit++) {
            WCHAR c = wide_upper(*at++);

            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')))
                return STATUS_INVALID_PARAMETER;
            value = value << 4 | (c <= '9' ? c - 48u : c - 55u);
        }
        bytes[(int)order[i]] = (BYTE)value;
    }
    return STATUS_SUCCESS;
}
