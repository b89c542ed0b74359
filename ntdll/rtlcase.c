/*
 * rtlcase.c: the rest of counted strings: upper case in code pages, sizes, searching, names against expressions.
 *
 * Layer: ntdll.
 */
#include <string.h>
#include "nls.h"

/* ---- sizes after a conversion, with a zero ---- */

static ULONG wide_size(UINT codepage, PCANSI_STRING from)
{
    size_t units = 0;

    codepage_decode(codepage, false, from->Buffer, from->Length, NULL, 0, &units);
    return (ULONG)((units + 1) * sizeof(WCHAR));
}

ULONG WINAPI RtlxAnsiStringToUnicodeSize(PCANSI_STRING from)
{
    return wide_size(codepage_ansi(), from);
}

ULONG WINAPI RtlxOemStringToUnicodeSize(PCANSI_STRING from)
{
    return wide_size(codepage_oem(), from);
}

static ULONG narrow_size(UINT codepage, PCUNICODE_STRING from)
{
    size_t bytes = 0;

    codepage_encode(codepage, false, from->Buffer, from->Length / sizeof(WCHAR), NULL, 0, NULL, &bytes);
    return (ULONG)bytes + 1;
}

ULONG WINAPI RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING from)
{
    return narrow_size(codepage_ansi(), from);
}

ULONG WINAPI RtlxUnicodeStringToOemSize(PCUNICODE_STRING from)
{
    return narrow_size(codepage_oem(), from);
}

/* The character at *text, which moves on. */
WCHAR WINAPI RtlAnsiCharToUnicodeChar(PUCHAR *text)
{
    WCHAR units[2] = {' ', 0};
    size_t length = 1, most = codepage_max_bytes(codepage_ansi()), written = 0;

    while (length < most &&
           !NT_SUCCESS(codepage_decode(codepage_ansi(), true, (char *)*text, length, units, 2, &written)))
        length++;
    if (length == most &&
        !NT_SUCCESS(codepage_decode(codepage_ansi(), true, (char *)*text, length, units, 2, &written))) {
        units[0] = ' ';
        length = 1;
    }
    *text += length;
    return units[0];
}

/* ---- upper case ---- */

NTSTATUS WINAPI RtlAppendStringToString(PSTRING to, const STRING *from)
{
    if (to->Length + from->Length > to->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(to->Buffer + to->Length, from->Buffer, from->Length);
    to->Length = (USHORT)(to->Length + from->Length);
    return STATUS_SUCCESS;
}

void WINAPI RtlUpperString(PSTRING to, const STRING *from)
{
    to->Length = from->Length < to->MaximumLength ? from->Length : to->MaximumLength;
    for (USHORT i = 0; i < to->Length; i++)
        to->Buffer[i] = RtlUpperChar(from->Buffer[i]);
}

typedef NTSTATUS(WINAPI *to_bytes)(PANSI_STRING, PCUNICODE_STRING, BOOLEAN);

static NTSTATUS upcase_string(to_bytes convert, PANSI_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    UNICODE_STRING upper;
    NTSTATUS status = RtlUpcaseUnicodeString(&upper, from, TRUE);

    if (status)
        return status;
    status = convert(to, &upper, allocate);
    RtlFreeUnicodeString(&upper);
    return status;
}

NTSTATUS WINAPI RtlUpcaseUnicodeStringToAnsiString(PANSI_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    return upcase_string(RtlUnicodeStringToAnsiString, to, from, allocate);
}

NTSTATUS WINAPI RtlUpcaseUnicodeStringToOemString(POEM_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    return upcase_string(RtlUnicodeStringToOemString, to, from, allocate);
}

/* Counted: no zero is counted or needed behind it; an empty string has no buffer. */
NTSTATUS WINAPI RtlUnicodeStringToCountedOemString(POEM_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    ULONG size = narrow_size(codepage_oem(), from) - 1;
    size_t written = 0;

    if (!size) {
        *to = (OEM_STRING){0, 0, NULL};
        return STATUS_SUCCESS;
    }
    if (size > 0xffff)
        return STATUS_INVALID_PARAMETER_2;
    to->Length = (USHORT)size;
    if (allocate) {
        to->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, size);
        if (!to->Buffer)
            return STATUS_NO_MEMORY;
        to->MaximumLength = (USHORT)size;
    } else if (to->MaximumLength < size) {
        return STATUS_BUFFER_OVERFLOW;
    }
    return codepage_encode(codepage_oem(), false, from->Buffer, from->Length / sizeof(WCHAR), to->Buffer, size, NULL,
                           &written);
}

NTSTATUS WINAPI RtlUpcaseUnicodeStringToCountedOemString(POEM_STRING to, PCUNICODE_STRING from, BOOLEAN allocate)
{
    return upcase_string(RtlUnicodeStringToCountedOemString, to, from, allocate);
}

static NTSTATUS upcase_bytes(UINT codepage, char *bytes, ULONG room, ULONG *used, const WCHAR *wide, ULONG length)
{
    ULONG units = length / (ULONG)sizeof *wide;
    WCHAR *upper = RtlAllocateHeap(peb_current()->ProcessHeap, 0, (SIZE_T)length + sizeof *upper);
    size_t written = 0;

    if (!upper)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < units; i++)
        upper[i] = wide_upper(wide[i]);
    if (room)
        codepage_encode(codepage, false, upper, units, bytes, room, NULL, &written);
    if (used)
        *used = (ULONG)written;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, upper);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlUpcaseUnicodeToMultiByteN(PCHAR bytes, ULONG room, PULONG used, PCWCH wide, ULONG length)
{
    return upcase_bytes(codepage_ansi(), bytes, room, used, wide, length);
}

NTSTATUS WINAPI RtlUpcaseUnicodeToOemN(PCHAR bytes, ULONG room, PULONG used, PCWCH wide, ULONG length)
{
    return upcase_bytes(codepage_oem(), bytes, room, used, wide, length);
}

void WINAPI RtlFreeUTF8String(PSTRING string)
{
    RtlFreeAnsiString(string);
}

/* ---- searching ---- */

/* Where a string stands in another one; NULL: nowhere. */
PWCHAR WINAPI RtlFindUnicodeSubstring(PCUNICODE_STRING in, PCUNICODE_STRING part, BOOLEAN nocase)
{
    SIZE_T all = in->Length / sizeof(WCHAR), length = part->Length / sizeof(WCHAR);

    for (SIZE_T i = 0; i + length <= all; i++)
        if (!RtlCompareUnicodeStrings(in->Buffer + i, length, part->Buffer, length, nocase))
            return in->Buffer + i;
    return NULL;
}

#define DOS_STAR '<' /* anything up to the last dot */
#define DOS_QM '>'   /* one character, or none at a dot or the end */
#define DOS_DOT '"'  /* a dot, or nothing at the end */

BOOLEAN WINAPI RtlDoesNameContainWildCards(PCUNICODE_STRING name)
{
    for (USHORT i = 0; i < name->Length / sizeof(WCHAR); i++)
        if (name->Buffer[i] == '*' || name->Buffer[i] == '?' || name->Buffer[i] == DOS_STAR ||
            name->Buffer[i] == DOS_QM || name->Buffer[i] == DOS_DOT)
            return TRUE;
    return FALSE;
}

struct text {
    const WCHAR *at, *end;
};

static bool has_dot(struct text text)
{
    for (; text.at < text.end; text.at++)
        if (*text.at == '.')
            return true;
    return false;
}

/* The set of places in the name that the expression so far reaches is a bit each: no step is done twice. */
struct reach {
    BYTE bits[256 / 8 + 1];
};

static bool reach_has(const struct reach *reach, size_t place)
{
    return reach->bits[place / 8] >> place % 8 & 1;
}

static void reach_add(struct reach *reach, size_t place)
{
    reach->bits[place / 8] |= (BYTE)(1u << place % 8);
}

/* What one character of the expression makes of a place. */
static void step(WCHAR c, struct text name, size_t place, size_t count, bool nocase, struct reach *next)
{
    struct text rest = {name.at + place, name.end};
    WCHAR here = place < count ? *rest.at : 0;

    switch (c) {
    case '*':
        for (size_t i = place; i <= count; i++)
            reach_add(next, i);
        return;
    case DOS_STAR:
        for (size_t i = place; i <= count; i++) {
            reach_add(next, i);
            if (i < count && name.at[i] == '.' && !has_dot((struct text){name.at + i + 1, name.end}))
                return; /* the last dot is for what follows */
        }
        return;
    case DOS_QM:
        if (place == count || here == '.')
            reach_add(next, place);
        if (place < count && here != '.')
            reach_add(next, place + 1);
        return;
    case DOS_DOT:
        if (place == count)
            reach_add(next, place);
        else if (here == '.')
            reach_add(next, place + 1);
        return;
    default:
        if (place < count && (c == '?' || c == here || (nocase && wide_upper(c) == wide_upper(here))))
            reach_add(next, place + 1);
    }
}

static BOOLEAN expression_matches(PCUNICODE_STRING expression, PCUNICODE_STRING name, bool nocase)
{
    struct text text = {name->Buffer, name->Buffer + name->Length / sizeof(WCHAR)};
    size_t count = name->Length / sizeof(WCHAR);
    struct reach now = {{1}};

    if (count > 255) /* no file has such a name */
        return FALSE;
    for (USHORT i = 0; i < expression->Length / sizeof(WCHAR); i++) {
        struct reach next = {{0}};

        for (size_t place = 0; place <= count; place++)
            if (reach_has(&now, place))
                step(expression->Buffer[i], text, place, count, nocase, &next);
        now = next;
    }
    return reach_has(&now, count);
}

/* An expression that is compared without case must be in upper case, says the documentation; here it may be. */
BOOLEAN WINAPI RtlIsNameInExpression(PCUNICODE_STRING expression, PCUNICODE_STRING name, BOOLEAN nocase, PWCH table)
{
    (void)table;
    return expression_matches(expression, name, nocase);
}

BOOLEAN WINAPI RtlIsNameInUnUpcasedExpression(PCUNICODE_STRING expression, PCUNICODE_STRING name, BOOLEAN nocase,
                                              PWCH table)
{
    (void)table;
    return expression_matches(expression, name, nocase);
}
