/*
 * bstr.c: BSTR strings and the simplest of VARIANT (oleaut32.dll).
 *
 * Layer: ole32.  A BSTR points behind its length in bytes.
 */
#include <string.h>
#include "win.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include <oaidl.h>
#include <oleauto.h>

struct bstr {
    ULONG padding, bytes;
    WCHAR text[];
};

static struct bstr *bstr_of(const WCHAR *text)
{
    return (struct bstr *)((char *)text - offsetof(struct bstr, text));
}

BSTR WINAPI SysAllocStringByteLen(LPCSTR text, UINT bytes)
{
    struct bstr *made = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *made + bytes + 3);

    if (!made)
        return NULL;
    made->padding = 0;
    made->bytes = bytes;
    if (text)
        memcpy(made->text, text, bytes);
    else
        memset(made->text, 0, bytes);
    memset((char *)made->text + bytes, 0, 3);
    return made->text;
}

BSTR WINAPI SysAllocStringLen(const OLECHAR *text, UINT length)
{
    return length > 0x7ffffff0 / sizeof *text
               ? NULL
               : SysAllocStringByteLen((const char *)text, (UINT)(length * sizeof *text));
}

BSTR WINAPI SysAllocString(const OLECHAR *text)
{
    return text ? SysAllocStringLen(text, (UINT)wide_length(text)) : NULL;
}

void WINAPI SysFreeString(BSTR text)
{
    if (text)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, bstr_of(text));
}

UINT WINAPI SysStringByteLen(BSTR text)
{
    return text ? bstr_of(text)->bytes : 0;
}

UINT WINAPI SysStringLen(BSTR text)
{
    return SysStringByteLen(text) / (UINT)sizeof(WCHAR);
}

INT WINAPI SysReAllocStringLen(BSTR *text, const OLECHAR *from, UINT length)
{
    BSTR made = SysAllocStringLen(from, length);

    if (!made)
        return FALSE;
    SysFreeString(*text);
    *text = made;
    return TRUE;
}

INT WINAPI SysReAllocString(BSTR *text, const OLECHAR *from)
{
    return from ? SysReAllocStringLen(text, from, (UINT)wide_length(from)) : (SysFreeString(*text), *text = NULL, TRUE);
}

void WINAPI VariantInit(VARIANTARG *variant)
{
    memset(variant, 0, sizeof *variant);
}

static bool holds_object(const VARIANTARG *variant)
{
    return (variant->vt == VT_UNKNOWN || variant->vt == VT_DISPATCH) && variant->punkVal;
}

HRESULT WINAPI VariantClear(VARIANTARG *variant)
{
    HRESULT result = S_OK;

    if (variant->vt == VT_BSTR)
        SysFreeString(variant->bstrVal);
    else if (holds_object(variant))
        guest_call((const void *)variant->punkVal->lpVtbl->Release, GUEST(variant->punkVal), 0, 0, 0);
    else if (variant->vt & VT_ARRAY && !(variant->vt & VT_BYREF))
        result = SafeArrayDestroy(variant->parray);
    if (SUCCEEDED(result))
        variant->vt = VT_EMPTY;
    return result;
}

HRESULT WINAPI VariantCopy(VARIANTARG *to, VARIANTARG *from)
{
    VARIANTARG copy = *from;
    HRESULT result = S_OK;

    if (to == from)
        return S_OK;
    if (from->vt == VT_BSTR && from->bstrVal) {
        copy.bstrVal = SysAllocStringByteLen((const char *)from->bstrVal, SysStringByteLen(from->bstrVal));
        result = copy.bstrVal ? S_OK : E_OUTOFMEMORY;
    } else if (from->vt & VT_ARRAY && !(from->vt & VT_BYREF)) {
        result = SafeArrayCopy(from->parray, &copy.parray);
    } else if (holds_object(from)) {
        guest_call((const void *)from->punkVal->lpVtbl->AddRef, GUEST(from->punkVal), 0, 0, 0);
    }
    if (SUCCEEDED(result))
        result = VariantClear(to);
    if (SUCCEEDED(result))
        *to = copy;
    return result;
}
