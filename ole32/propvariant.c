/*
 * propvariant.c: values of properties: copying and freeing what they hold.
 *
 * Layer: ole32.
 */
#include "com.h"
#include <propidl.h>
#include <oleauto.h>

/* Sizes of elements of vectors; 0: no such vector. */
static size_t element_size(VARTYPE type)
{
    switch (type) {
    case VT_I1:
    case VT_UI1:
        return 1;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL:
        return 2;
    case VT_I4:
    case VT_UI4:
    case VT_R4:
    case VT_ERROR:
        return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_FILETIME:
    case VT_LPSTR:
    case VT_LPWSTR:
    case VT_BSTR:
        return 8;
    case VT_CLSID:
        return sizeof(GUID);
    case VT_CF:
    case VT_VARIANT:
        return type == VT_CF ? sizeof(CLIPDATA) : sizeof(PROPVARIANT);
    default:
        return 0;
    }
}

static void clear_vector(PROPVARIANT *value)
{
    VARTYPE type = value->vt & VT_TYPEMASK;

    for (ULONG i = 0; i < value->cac.cElems; i++) {
        if (type == VT_LPSTR || type == VT_LPWSTR)
            CoTaskMemFree(value->calpstr.pElems[i]);
        else if (type == VT_BSTR)
            SysFreeString(value->cabstr.pElems[i]);
        else if (type == VT_VARIANT)
            PropVariantClear(&value->capropvar.pElems[i]);
        else if (type == VT_CF)
            CoTaskMemFree(value->caclipdata.pElems[i].pClipData);
    }
    CoTaskMemFree(value->cac.pElems);
}

HRESULT WINAPI PropVariantClear(PROPVARIANT *value)
{
    if (!value)
        return S_OK;
    switch (value->vt) {
    case VT_LPSTR:
    case VT_LPWSTR:
    case VT_CLSID:
        CoTaskMemFree(value->pszVal);
        break;
    case VT_BLOB:
    case VT_BLOB_OBJECT:
        CoTaskMemFree(value->blob.pBlobData);
        break;
    case VT_CF:
        if (value->pclipdata)
            CoTaskMemFree(value->pclipdata->pClipData);
        CoTaskMemFree(value->pclipdata);
        break;
    case VT_STREAM:
    case VT_STORAGE:
    case VT_STREAMED_OBJECT:
    case VT_STORED_OBJECT:
        com_release(value->punkVal);
        break;
    default:
        if (value->vt & VT_VECTOR)
            clear_vector(value);
        else
            VariantClear((VARIANT *)value);
    }
    memset(value, 0, sizeof *value);
    return S_OK;
}

HRESULT WINAPI FreePropVariantArray(ULONG count, PROPVARIANT *values)
{
    if (!values)
        return E_INVALIDARG;
    for (ULONG i = 0; i < count; i++)
        PropVariantClear(&values[i]);
    return S_OK;
}

/* ---- copying ---- */

static HRESULT copy_memory(void *to, const void *from, size_t size)
{
    void *made = from ? CoTaskMemAlloc(size ? size : 1) : NULL;

    if (made)
        memcpy(made, from, size);
    memcpy(to, &made, sizeof made);
    return from && !made ? E_OUTOFMEMORY : S_OK;
}

static HRESULT copy_narrow(LPSTR *to, LPCSTR from)
{
    return copy_memory(to, from, from ? strlen(from) + 1 : 0);
}

static HRESULT copy_wide(LPWSTR *to, LPCWSTR from)
{
    return copy_memory(to, from, from ? ((size_t)lstrlenW(from) + 1) * sizeof *from : 0);
}

static HRESULT copy_vector(PROPVARIANT *to, const PROPVARIANT *from)
{
    VARTYPE type = from->vt & VT_TYPEMASK;
    size_t size = element_size(type);
    HRESULT result;

    if (!size || type == VT_CF)
        return DISP_E_BADVARTYPE;
    result = copy_memory(&to->cac.pElems, from->cac.pElems, from->cac.cElems * size);
    if (FAILED(result) || (type != VT_LPSTR && type != VT_LPWSTR && type != VT_BSTR && type != VT_VARIANT))
        return result;
    memset(to->cac.pElems, 0, from->cac.cElems * size);
    for (ULONG i = 0; i < from->cac.cElems && SUCCEEDED(result); i++) {
        if (type == VT_LPSTR)
            result = copy_narrow(&to->calpstr.pElems[i], from->calpstr.pElems[i]);
        else if (type == VT_LPWSTR)
            result = copy_wide(&to->calpwstr.pElems[i], from->calpwstr.pElems[i]);
        else if (type == VT_VARIANT)
            result = PropVariantCopy(&to->capropvar.pElems[i], &from->capropvar.pElems[i]);
        else
            to->cabstr.pElems[i] =
                SysAllocStringByteLen((LPCSTR)from->cabstr.pElems[i], SysStringByteLen(from->cabstr.pElems[i]));
    }
    return result;
}

HRESULT WINAPI PropVariantCopy(PROPVARIANT *to, const PROPVARIANT *from)
{
    PROPVARIANT made = *from;
    HRESULT result = S_OK;

    if (!to)
        return E_INVALIDARG;
    switch (from->vt) {
    case VT_LPSTR:
        result = copy_narrow(&made.pszVal, from->pszVal);
        break;
    case VT_LPWSTR:
        result = copy_wide(&made.pwszVal, from->pwszVal);
        break;
    case VT_CLSID:
        result = copy_memory(&made.puuid, from->puuid, sizeof *from->puuid);
        break;
    case VT_BLOB:
        result = copy_memory(&made.blob.pBlobData, from->blob.pBlobData, from->blob.cbSize);
        break;
    case VT_STREAM:
    case VT_STORAGE:
    case VT_STREAMED_OBJECT:
    case VT_STORED_OBJECT:
        if (made.punkVal)
            com_add_ref(made.punkVal);
        break;
    case VT_I8:
    case VT_UI8:
    case VT_FILETIME:
        break;
    case VT_CF:
        return DISP_E_BADVARTYPE;
    default:
        if (from->vt & VT_VECTOR) {
            result = copy_vector(&made, from);
        } else {
            made.vt = VT_EMPTY;
            result = VariantCopy((VARIANT *)&made, (VARIANT *)from);
        }
    }
    if (SUCCEEDED(result))
        *to = made;
    return result;
}
