/*
 * bstr.c: BSTR strings (oleaut32.dll).
 *
 * Layer: ole32.  A BSTR points behind its length in bytes.
 */
#include <string.h>
#include "win.h"
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

/* ---- bytes as one-dimensional arrays ---- */

HRESULT WINAPI VectorFromBstr(BSTR text, SAFEARRAY **array)
{
    UINT bytes = SysStringByteLen(text);

    if (!array)
        return E_INVALIDARG;
    *array = SafeArrayCreateVector(VT_UI1, 0, bytes);
    if (!*array)
        return E_OUTOFMEMORY;
    memcpy((*array)->pvData, text, bytes);
    return S_OK;
}

HRESULT WINAPI BstrFromVector(SAFEARRAY *array, BSTR *text)
{
    if (!array || !text)
        return E_INVALIDARG;
    *text = NULL;
    if (array->cDims != 1 || array->cbElements != 1)
        return DISP_E_TYPEMISMATCH;
    *text = SysAllocStringByteLen(array->pvData, array->rgsabound[0].cElements);
    return *text ? S_OK : E_OUTOFMEMORY;
}

HRESULT WINAPI VarBstrCat(BSTR left, BSTR right, BSTR *result)
{
    UINT a = SysStringByteLen(left), b = SysStringByteLen(right);

    if (!result)
        return E_INVALIDARG;
    *result = SysAllocStringByteLen(NULL, a + b);
    if (!*result)
        return E_OUTOFMEMORY;
    memcpy(*result, left, a);
    memcpy((char *)*result + a, right, b);
    return S_OK;
}

HRESULT WINAPI VarBstrCmp(BSTR left, BSTR right, LCID locale, ULONG flags)
{
    int a = (int)SysStringLen(left), b = (int)SysStringLen(right);

    if (!a || !b)
        return a == b ? VARCMP_EQ : a < b ? VARCMP_LT : VARCMP_GT;
    if (!locale) { /* bytes */
        UINT bytes_a = SysStringByteLen(left), bytes_b = SysStringByteLen(right);
        int order = memcmp(left, right, bytes_a < bytes_b ? bytes_a : bytes_b);

        order = order ? order : bytes_a < bytes_b ? -1 : bytes_a > bytes_b;
        return order < 0 ? VARCMP_LT : order ? VARCMP_GT : VARCMP_EQ;
    }
    return CompareStringW(locale, flags, left, a, right, b) - 1;
}
