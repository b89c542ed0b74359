/*
 * winrt.c: strings of the Windows Runtime (HSTRING), its errors, and its classes, of which there are none.
 *
 * Layer: ole32 (combase.dll).  A string is counted and can not be changed; the empty one is NULL.  A program may make
 * one on its stack around text of its own (a reference), which is copied when it is to live longer.
 */
#include "com.h"
#include "ntdll/nls.h"
#include <hstring.h>

struct string {
    DWORD flags; /* 1: a reference */
    UINT32 length;
    LONG refs, padding;
    const WCHAR *text;
    WCHAR own[];
};
_Static_assert(offsetof(struct string, own) <= sizeof(HSTRING_HEADER), "fits into the program's header");

#define IS_REFERENCE 1u
#ifndef E_BOUNDS
#define E_BOUNDS ((HRESULT)0x8000000B)
#endif

static struct string *of(HSTRING string)
{
    return (struct string *)string;
}

/* Room for a text of this length, which the caller fills. */
static struct string *make(UINT32 length)
{
    struct string *string = com_alloc(sizeof *string + ((size_t)length + 1) * sizeof(WCHAR));

    if (!string)
        return NULL;
    string->length = length;
    string->refs = 1;
    string->text = string->own;
    return string;
}

HRESULT WINAPI WindowsCreateString(PCWSTR text, UINT32 length, HSTRING *result)
{
    struct string *string;

    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    if (!length)
        return S_OK;
    if (!text)
        return E_POINTER;
    string = make(length);
    if (!string)
        return E_OUTOFMEMORY;
    memcpy(string->own, text, length * sizeof *text);
    *result = (HSTRING)string;
    return S_OK;
}

HRESULT WINAPI WindowsCreateStringReference(PCWSTR text, UINT32 length, HSTRING_HEADER *header, HSTRING *result)
{
    struct string *string = (struct string *)header;

    if (!result || !header)
        return E_INVALIDARG;
    *result = NULL;
    if (text && text[length])
        return E_INVALIDARG; /* must end where it says */
    if (!length)
        return S_OK;
    if (!text)
        return E_POINTER;
    *string = (struct string){IS_REFERENCE, length, 0, 0, text};
    *result = (HSTRING)string;
    return S_OK;
}

HRESULT WINAPI WindowsDeleteString(HSTRING string)
{
    if (string && !(of(string)->flags & IS_REFERENCE) && !__sync_sub_and_fetch(&of(string)->refs, 1))
        com_free(string);
    return S_OK;
}

HRESULT WINAPI WindowsDuplicateString(HSTRING string, HSTRING *result)
{
    if (!result)
        return E_INVALIDARG;
    *result = string;
    if (!string)
        return S_OK;
    if (of(string)->flags & IS_REFERENCE)
        return WindowsCreateString(of(string)->text, of(string)->length, result);
    __sync_add_and_fetch(&of(string)->refs, 1);
    return S_OK;
}

UINT32 WINAPI WindowsGetStringLen(HSTRING string)
{
    return string ? of(string)->length : 0;
}

PCWSTR WINAPI WindowsGetStringRawBuffer(HSTRING string, UINT32 *length)
{
    if (length)
        *length = WindowsGetStringLen(string);
    return string ? of(string)->text : L"";
}

WINBOOL WINAPI WindowsIsStringEmpty(HSTRING string)
{
    return WindowsGetStringLen(string) == 0;
}

HRESULT WINAPI WindowsStringHasEmbeddedNull(HSTRING string, WINBOOL *result)
{
    if (!result)
        return E_INVALIDARG;
    *result = FALSE;
    for (UINT32 i = 0; string && i < of(string)->length; i++)
        *result |= of(string)->text[i] == 0;
    return S_OK;
}

HRESULT WINAPI WindowsCompareStringOrdinal(HSTRING a, HSTRING b, INT32 *result)
{
    UINT32 length_a, length_b;
    const WCHAR *x = WindowsGetStringRawBuffer(a, &length_a), *y = WindowsGetStringRawBuffer(b, &length_b);

    if (!result)
        return E_INVALIDARG;
    *result = length_a < length_b ? -1 : length_a > length_b;
    for (UINT32 i = 0; i < length_a && i < length_b; i++)
        if (x[i] != y[i]) {
            *result = x[i] < y[i] ? -1 : 1;
            break;
        }
    return S_OK;
}

/* ---- new strings from old ones ---- */

HRESULT WINAPI WindowsSubstringWithSpecifiedLength(HSTRING string, UINT32 start, UINT32 length, HSTRING *result)
{
    UINT32 have;
    const WCHAR *text = WindowsGetStringRawBuffer(string, &have);

    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    if (start > have || length > have - start)
        return E_BOUNDS;
    return WindowsCreateString(text + start, length, result);
}

HRESULT WINAPI WindowsSubstring(HSTRING string, UINT32 start, HSTRING *result)
{
    UINT32 have = WindowsGetStringLen(string);

    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    return start > have ? E_BOUNDS : WindowsSubstringWithSpecifiedLength(string, start, have - start, result);
}

HRESULT WINAPI WindowsConcatString(HSTRING a, HSTRING b, HSTRING *result)
{
    UINT32 length_a, length_b;
    const WCHAR *x = WindowsGetStringRawBuffer(a, &length_a), *y = WindowsGetStringRawBuffer(b, &length_b);
    struct string *string;

    if (!result)
        return E_INVALIDARG;
    if (!length_a || !length_b)
        return WindowsDuplicateString(length_a ? a : b, result);
    string = make(length_a + length_b);
    if (!string)
        return E_OUTOFMEMORY;
    memcpy(string->own, x, length_a * sizeof *x);
    memcpy(string->own + length_a, y, length_b * sizeof *y);
    *result = (HSTRING)string;
    return S_OK;
}

static bool contains(const WCHAR *set, UINT32 length, WCHAR c)
{
    for (UINT32 i = 0; i < length; i++)
        if (set[i] == c)
            return true;
    return false;
}

static HRESULT trim(HSTRING string, HSTRING set, bool start, bool end, HSTRING *result)
{
    UINT32 from = 0, to, count;
    const WCHAR *text = WindowsGetStringRawBuffer(string, &to), *any = WindowsGetStringRawBuffer(set, &count);

    if (!result || !count)
        return E_INVALIDARG;
    while (start && from < to && contains(any, count, text[from]))
        from++;
    while (end && to > from && contains(any, count, text[to - 1]))
        to--;
    return WindowsCreateString(text + from, to - from, result);
}

HRESULT WINAPI WindowsTrimStringStart(HSTRING string, HSTRING set, HSTRING *result)
{
    return trim(string, set, true, false, result);
}

HRESULT WINAPI WindowsTrimStringEnd(HSTRING string, HSTRING set, HSTRING *result)
{
    return trim(string, set, false, true, result);
}

/* ---- strings that are filled by the program before they become one ---- */

HRESULT WINAPI WindowsPreallocateStringBuffer(UINT32 length, WCHAR **text, HSTRING_BUFFER *buffer)
{
    struct string *string;

    if (!text || !buffer)
        return E_POINTER;
    *buffer = NULL;
    string = make(length);
    if (!string)
        return E_OUTOFMEMORY;
    *text = string->own;
    *buffer = (HSTRING_BUFFER)string;
    return S_OK;
}

HRESULT WINAPI WindowsDeleteStringBuffer(HSTRING_BUFFER buffer)
{
    com_free(buffer);
    return S_OK;
}

HRESULT WINAPI WindowsPromoteStringBuffer(HSTRING_BUFFER buffer, HSTRING *result)
{
    struct string *string = (struct string *)buffer;

    if (!result)
        return E_POINTER;
    *result = NULL;
    if (!string)
        return S_OK;
    if (string->own[string->length])
        return E_INVALIDARG;
    if (string->length)
        *result = (HSTRING)string;
    else
        com_free(string);
    return S_OK;
}

/* ---- classes: none is registered ---- */

HRESULT WINAPI RoGetActivationFactory(HSTRING class, const GUID *id, void **factory);
HRESULT WINAPI RoGetActivationFactory(HSTRING class, const GUID *id, void **factory)
{
    (void)id;
    if (!factory)
        return E_INVALIDARG;
    *factory = NULL;
    if (!class)
        return E_INVALIDARG;
    return com_ready() ? REGDB_E_CLASSNOTREG : CO_E_NOTINITIALIZED;
}

HRESULT WINAPI RoActivateInstance(HSTRING class, void **object);
HRESULT WINAPI RoActivateInstance(HSTRING class, void **object)
{
    static const GUID unknown = GUID_OLE(OLE_UNKNOWN);

    return RoGetActivationFactory(class, &unknown, object);
}

HRESULT WINAPI RoGetApartmentIdentifier(UINT64 *id);
HRESULT WINAPI RoGetApartmentIdentifier(UINT64 *id)
{
    ULONG_PTR token = 0;
    HRESULT result = CoGetContextToken(&token);

    if (!id)
        return E_INVALIDARG;
    *id = token;
    return result;
}

/* ---- errors: told to a debugger, if there is one ---- */

BOOL WINAPI RoOriginateErrorW(HRESULT error, UINT length, PCWSTR text);
BOOL WINAPI RoOriginateErrorW(HRESULT error, UINT length, PCWSTR text)
{
    (void)length, (void)text;
    return FAILED(error);
}

BOOL WINAPI RoOriginateError(HRESULT error, HSTRING text);
BOOL WINAPI RoOriginateError(HRESULT error, HSTRING text)
{
    (void)text;
    return FAILED(error);
}

BOOL WINAPI RoOriginateLanguageException(HRESULT error, HSTRING text, void *exception);
BOOL WINAPI RoOriginateLanguageException(HRESULT error, HSTRING text, void *exception)
{
    (void)text, (void)exception;
    return FAILED(error);
}

BOOL WINAPI RoTransformError(HRESULT old, HRESULT new, HSTRING text);
BOOL WINAPI RoTransformError(HRESULT old, HRESULT new, HSTRING text)
{
    (void)text;
    return old != new && (FAILED(old) || FAILED(new));
}
