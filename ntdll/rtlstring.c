/*
 * rtlstring.c: counted strings: UNICODE_STRING and ANSI_STRING.
 *
 * Layer: ntdll.  Memory comes from the process heap, so that RtlFreeUnicodeString fits.  Conversions are in
 * rtlconvert.c.
 */
#include <string.h>
#include "nls.h"

/* Longest UNICODE_STRING in bytes: a terminator still fits. */
#define STRING_LIMIT 0xfffc

static void unicode_init(UNICODE_STRING *string, const WCHAR *text, size_t bytes)
{
    string->Length = (USHORT)bytes;
    string->MaximumLength = (USHORT)(text ? bytes + sizeof(WCHAR) : 0);
    string->Buffer = (PWSTR)text;
}

void WINAPI RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text)
{
    size_t bytes = text ? wide_length(text) * sizeof(WCHAR) : 0;

    unicode_init(string, text, bytes > STRING_LIMIT ? STRING_LIMIT : bytes);
}

NTSTATUS WINAPI RtlInitUnicodeStringEx(PUNICODE_STRING string, PCWSTR text)
{
    size_t bytes = text ? wide_length(text) * sizeof(WCHAR) : 0;

    if (bytes > STRING_LIMIT)
        return STATUS_NAME_TOO_LONG;
    unicode_init(string, text, bytes);
    return STATUS_SUCCESS;
}

void WINAPI RtlInitAnsiString(PANSI_STRING string, PCSZ text)
{
    size_t length = text ? strlen(text) : 0;

    if (length > 0xfffe)
        length = 0xfffe;
    string->Length = (USHORT)length;
    string->MaximumLength = (USHORT)(text ? length + 1 : 0);
    string->Buffer = (PCHAR)text;
}

void WINAPI RtlInitString(PSTRING string, PCSZ text)
{
    RtlInitAnsiString(string, text);
}

NTSTATUS WINAPI RtlInitAnsiStringEx(PANSI_STRING string, PCSZ text)
{
    if (text && strlen(text) > 0xfffe)
        return STATUS_NAME_TOO_LONG;
    RtlInitAnsiString(string, text);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlInitStringEx(PSTRING string, PCSZ text)
{
    return RtlInitAnsiStringEx(string, text);
}

void WINAPI RtlFreeUnicodeString(PUNICODE_STRING string)
{
    if (!string->Buffer)
        return;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, string->Buffer);
    memset(string, 0, sizeof *string);
}

void WINAPI RtlFreeAnsiString(PANSI_STRING string)
{
    RtlFreeUnicodeString((PUNICODE_STRING)string); /* the same layout */
}

void WINAPI RtlFreeOemString(POEM_STRING string)
{
    RtlFreeUnicodeString((PUNICODE_STRING)string);
}

BOOLEAN WINAPI RtlCreateUnicodeString(PUNICODE_STRING string, PCWSTR text)
{
    size_t bytes = wide_length(text) * sizeof(WCHAR);

    if (bytes > STRING_LIMIT)
        return FALSE;
    string->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, bytes + sizeof(WCHAR));
    if (!string->Buffer)
        return FALSE;
    memcpy(string->Buffer, text, bytes + sizeof(WCHAR));
    string->Length = (USHORT)bytes;
    string->MaximumLength = (USHORT)(bytes + sizeof(WCHAR));
    return TRUE;
}

void WINAPI RtlCopyUnicodeString(PUNICODE_STRING to, const UNICODE_STRING *from)
{
    USHORT length = from ? from->Length : 0;

    if (length > to->MaximumLength)
        length = to->MaximumLength;
    if (length)
        memmove(to->Buffer, from->Buffer, length);
    to->Length = length;
    if (length + sizeof(WCHAR) <= to->MaximumLength)
        to->Buffer[length / sizeof(WCHAR)] = 0;
}

void WINAPI RtlCopyString(PSTRING to, const STRING *from)
{
    USHORT length = from ? from->Length : 0;

    if (length > to->MaximumLength)
        length = to->MaximumLength;
    if (length)
        memmove(to->Buffer, from->Buffer, length);
    to->Length = length;
}

NTSTATUS WINAPI RtlAppendUnicodeToString(PUNICODE_STRING to, PCWSTR text)
{
    UNICODE_STRING from;

    RtlInitUnicodeString(&from, text);
    return RtlAppendUnicodeStringToString(to, &from);
}

NTSTATUS WINAPI RtlAppendUnicodeStringToString(PUNICODE_STRING to, const UNICODE_STRING *from)
{
    size_t length = (size_t)to->Length + from->Length;

    if (!from->Length)
        return STATUS_SUCCESS;
    if (length > to->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    memmove((char *)to->Buffer + to->Length, from->Buffer, from->Length);
    to->Length = (USHORT)length;
    if (length + sizeof(WCHAR) <= to->MaximumLength)
        to->Buffer[length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAppendAsciizToString(PSTRING to, PCSZ text)
{
    size_t add = text ? strlen(text) : 0;

    if (to->Length + add > to->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    if (add)
        memcpy(to->Buffer + to->Length, text, add);
    to->Length = (USHORT)(to->Length + add);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlDuplicateUnicodeString(ULONG flags, const UNICODE_STRING *from, PUNICODE_STRING to)
{
    bool terminate = flags & 1, allocate_empty = flags & 2;
    size_t room = (from ? from->Length : 0) + (terminate ? sizeof(WCHAR) : 0);

    if (!from || !to || flags > 3 || (allocate_empty && !terminate))
        return STATUS_INVALID_PARAMETER;
    memset(to, 0, sizeof *to);
    if (!from->Length && !allocate_empty)
        return STATUS_SUCCESS;
    to->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, room);
    if (!to->Buffer)
        return STATUS_NO_MEMORY;
    memcpy(to->Buffer, from->Buffer, from->Length);
    if (terminate)
        to->Buffer[from->Length / sizeof(WCHAR)] = 0;
    to->Length = from->Length;
    to->MaximumLength = (USHORT)room;
    return STATUS_SUCCESS;
}

LONG WINAPI RtlCompareUnicodeStrings(const WCHAR *a, SIZE_T a_count, const WCHAR *b, SIZE_T b_count, BOOLEAN nocase)
{
    SIZE_T count = a_count < b_count ? a_count : b_count;

    for (SIZE_T i = 0; i < count; i++) {
        WCHAR x = nocase ? wide_upper(a[i]) : a[i], y = nocase ? wide_upper(b[i]) : b[i];

        if (x != y)
            return x - y;
    }
    return (LONG)(a_count - b_count);
}

LONG WINAPI RtlCompareUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN nocase)
{
    return RtlCompareUnicodeStrings(a->Buffer, a->Length / sizeof(WCHAR), b->Buffer, b->Length / sizeof(WCHAR), nocase);
}

BOOLEAN WINAPI RtlEqualUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b, BOOLEAN nocase)
{
    return a->Length == b->Length && RtlCompareUnicodeString(a, b, nocase) == 0;
}

BOOLEAN WINAPI RtlPrefixUnicodeString(const UNICODE_STRING *prefix, const UNICODE_STRING *string, BOOLEAN nocase)
{
    SIZE_T count = prefix->Length / sizeof(WCHAR);

    return prefix->Length <= string->Length &&
           RtlCompareUnicodeStrings(prefix->Buffer, count, string->Buffer, count, nocase) == 0;
}

CHAR WINAPI RtlUpperChar(CHAR c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

LONG WINAPI RtlCompareString(const STRING *a, const STRING *b, BOOLEAN nocase)
{
    USHORT count = a->Length < b->Length ? a->Length : b->Length;

    for (USHORT i = 0; i < count; i++) {
        UCHAR x = (UCHAR)(nocase ? RtlUpperChar(a->Buffer[i]) : a->Buffer[i]);
        UCHAR y = (UCHAR)(nocase ? RtlUpperChar(b->Buffer[i]) : b->Buffer[i]);

        if (x != y)
            return x - y;
    }
    return a->Length - b->Length;
}

BOOLEAN WINAPI RtlEqualString(const STRING *a, const STRING *b, BOOLEAN nocase)
{
    return a->Length == b->Length && RtlCompareString(a, b, nocase) == 0;
}

BOOLEAN WINAPI RtlPrefixString(const STRING *prefix, const STRING *string, BOOLEAN nocase)
{
    STRING head = *string;

    if (prefix->Length > string->Length)
        return FALSE;
    head.Length = prefix->Length;
    return RtlCompareString(prefix, &head, nocase) == 0;
}

static NTSTATUS unicode_map(PUNICODE_STRING to, const UNICODE_STRING *from, BOOLEAN allocate, WCHAR (*map)(WCHAR))
{
    if (allocate) {
        to->Buffer = RtlAllocateHeap(peb_current()->ProcessHeap, 0, from->Length + sizeof(WCHAR));
        if (!to->Buffer)
            return STATUS_NO_MEMORY;
        to->MaximumLength = from->Length;
    } else if (from->Length > to->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    for (USHORT i = 0; i < from->Length / sizeof(WCHAR); i++)
        to->Buffer[i] = map(from->Buffer[i]);
    to->Length = from->Length;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlUpcaseUnicodeString(PUNICODE_STRING to, const UNICODE_STRING *from, BOOLEAN allocate)
{
    return unicode_map(to, from, allocate, wide_upper);
}

NTSTATUS WINAPI RtlDowncaseUnicodeString(PUNICODE_STRING to, const UNICODE_STRING *from, BOOLEAN allocate)
{
    return unicode_map(to, from, allocate, wide_lower);
}

void WINAPI RtlEraseUnicodeString(PUNICODE_STRING string)
{
    if (string->Buffer)
        memset(string->Buffer, 0, string->MaximumLength);
    string->Length = 0;
}

NTSTATUS WINAPI RtlHashUnicodeString(const UNICODE_STRING *string, BOOLEAN nocase, ULONG algorithm, PULONG hash)
{
    ULONG value = 0;

    if (!string || !hash || algorithm > 1)
        return STATUS_INVALID_PARAMETER;
    for (USHORT i = 0; i < string->Length / sizeof(WCHAR); i++)
        value = value * 65599 + (nocase ? wide_upper(string->Buffer[i]) : string->Buffer[i]);
    *hash = value;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlValidateUnicodeString(ULONG flags, const UNICODE_STRING *string)
{
    if (flags || (string && ((string->Length & 1) || (string->MaximumLength & 1) ||
                             string->Length > string->MaximumLength || (string->MaximumLength && !string->Buffer))))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* flags: 1 from the end, 2 first that is not in the set, 4 without regard to case. */
NTSTATUS WINAPI RtlFindCharInUnicodeString(ULONG flags, const UNICODE_STRING *string, const UNICODE_STRING *set,
                                           USHORT *position)
{
    int count = string->Length / (int)sizeof(WCHAR);
    bool backwards = flags & 1, other = flags & 2, nocase = flags & 4;

    *position = 0;
    if (flags & ~7u)
        return STATUS_INVALID_PARAMETER;
    for (int step = 0; step < count; step++) {
        int at = backwards ? count - 1 - step : step;
        bool in = false;

        for (int i = 0; i < set->Length / (int)sizeof(WCHAR) && !in; i++)
            in = nocase ? wide_upper(set->Buffer[i]) == wide_upper(string->Buffer[at])
                        : set->Buffer[i] == string->Buffer[at];
        if (in != other) {
            *position = (USHORT)((backwards ? at : at + 1) * (int)sizeof(WCHAR));
            return STATUS_SUCCESS;
        }
    }
    return STATUS_NOT_FOUND;
}
