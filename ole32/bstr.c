/*
 * bstr.c: BSTR strings and the simplest of VARIANT (oleaut32.dll).
 *
 * Layer: ole32.  A BSTR points behind its length in bytes.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include <oaidl.h>

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

/* Objects can not be in a variant here: nobody hands any out. */
HRESULT WINAPI VariantClear(VARIANTARG *variant)
{
    if (variant->vt == VT_BSTR)
        SysFreeString(variant->bstrVal);
    variant->vt = VT_EMPTY;
    return S_OK;
}

HRESULT WINAPI VariantCopy(VARIANTARG *to, VARIANTARG *from)
{
    VARIANTARG copy = *from;

    if (from->vt == VT_BSTR && from->bstrVal) {
        copy.bstrVal = SysAllocStringByteLen((const char *)from->bstrVal, SysStringByteLen(from->bstrVal));
        if (!copy.bstrVal)
            return E_OUTOFMEMORY;
    }
    VariantClear(to);
    *to = copy;
    return S_OK;
}
