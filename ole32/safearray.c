/*
 * safearray.c: SAFEARRAYs (oleaut32.dll): arrays that know their bounds and what they hold.
 *
 * Layer: ole32.  Strings and variants are copied and freed with the array; objects are counted.  In front of the
 * descriptor lie 16 bytes, which hold the type of the elements or an interface's id.
 */
#include <string.h>
#include "win.h"
#include "ntdll/gate.h"
#include <oaidl.h>
#include <oleauto.h>

struct hidden {
    DWORD padding[3];
    DWORD type;
};

static struct hidden *hidden_of(const SAFEARRAY *array)
{
    return (struct hidden *)array - 1;
}

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

static ULONG element_size(VARTYPE type)
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
    case VT_INT:
    case VT_UINT:
    case VT_ERROR:
        return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_BSTR:
    case VT_DISPATCH:
    case VT_UNKNOWN:
        return 8;
    case VT_DECIMAL:
        return sizeof(DECIMAL);
    case VT_VARIANT:
        return sizeof(VARIANT);
    default:
        return 0;
    }
}

static USHORT features_of(VARTYPE type)
{
    switch (type) {
    case VT_BSTR:
        return FADF_BSTR | FADF_HAVEVARTYPE;
    case VT_VARIANT:
        return FADF_VARIANT | FADF_HAVEVARTYPE;
    case VT_UNKNOWN:
        return FADF_UNKNOWN;
    case VT_DISPATCH:
        return FADF_DISPATCH;
    default:
        return FADF_HAVEVARTYPE;
    }
}

static ULONGLONG element_count(const SAFEARRAY *array)
{
    ULONGLONG count = 1;

    for (USHORT i = 0; i < array->cDims; i++)
        count =
            count * array->rgsabound[i].cElements > 0xffffffff ? 0x100000000ull : count * array->rgsabound[i].cElements;
    return count;
}

HRESULT WINAPI SafeArrayAllocDescriptor(UINT dimensions, SAFEARRAY **array)
{
    struct hidden *made;
    SIZE_T size = sizeof *made + sizeof(SAFEARRAY) + (dimensions ? dimensions - 1 : 0) * sizeof(SAFEARRAYBOUND);

    if (!array)
        return E_POINTER;
    *array = NULL;
    if (!dimensions || dimensions > 0xffff)
        return E_INVALIDARG;
    made = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, size);
    if (!made)
        return E_OUTOFMEMORY;
    *array = (SAFEARRAY *)(made + 1);
    (*array)->cDims = (USHORT)dimensions;
    return S_OK;
}

HRESULT WINAPI SafeArrayAllocDescriptorEx(VARTYPE type, UINT dimensions, SAFEARRAY **array)
{
    HRESULT result = SafeArrayAllocDescriptor(dimensions, array);

    if (SUCCEEDED(result)) {
        (*array)->fFeatures = features_of(type);
        (*array)->cbElements = element_size(type);
        hidden_of(*array)->type = type;
    }
    return result;
}

HRESULT WINAPI SafeArrayAllocData(SAFEARRAY *array)
{
    ULONGLONG size;

    if (!array)
        return E_INVALIDARG;
    size = element_count(array) * array->cbElements;
    if (size > 0x7fffffff)
        return E_OUTOFMEMORY;
    array->pvData = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, size ? (SIZE_T)size : 1);
    return array->pvData ? S_OK : E_OUTOFMEMORY;
}

SAFEARRAY *WINAPI SafeArrayCreate(VARTYPE type, UINT dimensions, SAFEARRAYBOUND *bounds)
{
    SAFEARRAY *array;

    if (!bounds || !element_size(type) || FAILED(SafeArrayAllocDescriptorEx(type, dimensions, &array)))
        return NULL;
    for (UINT i = 0; i < dimensions; i++) /* the last dimension is stored first */
        array->rgsabound[i] = bounds[dimensions - 1 - i];
    if (SUCCEEDED(SafeArrayAllocData(array)))
        return array;
    RtlFreeHeap(heap(), 0, hidden_of(array));
    return NULL;
}

SAFEARRAY *WINAPI SafeArrayCreateVector(VARTYPE type, LONG lower, ULONG count)
{
    SAFEARRAYBOUND bound = {count, lower};

    return SafeArrayCreate(type, 1, &bound);
}

static void object_count(IUnknown *object, bool more)
{
    if (object)
        guest_call(more ? (const void *)object->lpVtbl->AddRef : (const void *)object->lpVtbl->Release, GUEST(object),
                   0, 0, 0);
}

/* Frees what one element holds. */
static void element_clear(const SAFEARRAY *array, void *element)
{
    if (array->fFeatures & FADF_BSTR)
        SysFreeString(*(BSTR *)element);
    else if (array->fFeatures & FADF_VARIANT)
        VariantClear(element);
    else if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH))
        object_count(*(IUnknown **)element, false);
}

static HRESULT element_copy(const SAFEARRAY *array, void *to, const void *from)
{
    if (array->fFeatures & FADF_BSTR) {
        BSTR text = *(BSTR *)from;

        *(BSTR *)to = text ? SysAllocStringByteLen((const char *)text, SysStringByteLen(text)) : NULL;
        return text && !*(BSTR *)to ? E_OUTOFMEMORY : S_OK;
    }
    if (array->fFeatures & FADF_VARIANT) {
        memset(to, 0, sizeof(VARIANT));
        return VariantCopy(to, (VARIANT *)from);
    }
    memcpy(to, from, array->cbElements);
    if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH))
        object_count(*(IUnknown **)to, true);
    return S_OK;
}

HRESULT WINAPI SafeArrayLock(SAFEARRAY *array)
{
    if (!array)
        return E_INVALIDARG;
    if (__sync_add_and_fetch(&array->cLocks, 1) > 0xffff) {
        __sync_sub_and_fetch(&array->cLocks, 1);
        return E_UNEXPECTED;
    }
    return S_OK;
}

HRESULT WINAPI SafeArrayUnlock(SAFEARRAY *array)
{
    if (!array)
        return E_INVALIDARG;
    if ((LONG)__sync_sub_and_fetch(&array->cLocks, 1) < 0) {
        __sync_add_and_fetch(&array->cLocks, 1);
        return E_UNEXPECTED;
    }
    return S_OK;
}

HRESULT WINAPI SafeArrayDestroyData(SAFEARRAY *array)
{
    if (!array)
        return E_INVALIDARG;
    if (array->cLocks)
        return DISP_E_ARRAYISLOCKED;
    if (array->pvData) {
        ULONGLONG count = element_count(array);

        for (ULONGLONG i = 0; i < count; i++)
            element_clear(array, (char *)array->pvData + i * array->cbElements);
        RtlFreeHeap(heap(), 0, array->pvData);
        array->pvData = NULL;
    }
    return S_OK;
}

HRESULT WINAPI SafeArrayDestroyDescriptor(SAFEARRAY *array)
{
    if (array && array->cLocks)
        return DISP_E_ARRAYISLOCKED;
    if (array)
        RtlFreeHeap(heap(), 0, hidden_of(array));
    return S_OK;
}

HRESULT WINAPI SafeArrayDestroy(SAFEARRAY *array)
{
    if (!array)
        return S_OK;
    if (array->cLocks)
        return DISP_E_ARRAYISLOCKED;
    SafeArrayDestroyData(array);
    return SafeArrayDestroyDescriptor(array);
}

UINT WINAPI SafeArrayGetDim(SAFEARRAY *array)
{
    return array ? array->cDims : 0;
}

UINT WINAPI SafeArrayGetElemsize(SAFEARRAY *array)
{
    return array ? array->cbElements : 0;
}

HRESULT WINAPI SafeArrayGetLBound(SAFEARRAY *array, UINT dimension, LONG *bound)
{
    if (!array || !bound)
        return E_INVALIDARG;
    if (!dimension || dimension > array->cDims)
        return DISP_E_BADINDEX;
    *bound = array->rgsabound[array->cDims - dimension].lLbound;
    return S_OK;
}

HRESULT WINAPI SafeArrayGetUBound(SAFEARRAY *array, UINT dimension, LONG *bound)
{
    HRESULT result = SafeArrayGetLBound(array, dimension, bound);

    if (SUCCEEDED(result))
        *bound += (LONG)array->rgsabound[array->cDims - dimension].cElements - 1;
    return result;
}

HRESULT WINAPI SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *type)
{
    if (!array || !type)
        return E_INVALIDARG;
    if (array->fFeatures & FADF_HAVEVARTYPE)
        *type = (VARTYPE)hidden_of(array)->type;
    else if (array->fFeatures & FADF_DISPATCH)
        *type = VT_DISPATCH;
    else if (array->fFeatures & FADF_UNKNOWN)
        *type = VT_UNKNOWN;
    else
        return E_INVALIDARG;
    return S_OK;
}

HRESULT WINAPI SafeArrayAccessData(SAFEARRAY *array, void **data)
{
    HRESULT result;

    if (!array || !data)
        return E_INVALIDARG;
    result = SafeArrayLock(array);
    *data = SUCCEEDED(result) ? array->pvData : NULL;
    return result;
}

HRESULT WINAPI SafeArrayUnaccessData(SAFEARRAY *array)
{
    return SafeArrayUnlock(array);
}

/* Indices as the program numbers its dimensions; the first one varies fastest. */
HRESULT WINAPI SafeArrayPtrOfIndex(SAFEARRAY *array, LONG *indices, void **element)
{
    ULONGLONG at = 0, stride = 1;

    if (!array || !indices || !element)
        return E_INVALIDARG;
    for (USHORT i = 0; i < array->cDims; i++) {
        const SAFEARRAYBOUND *bound = &array->rgsabound[array->cDims - 1 - i];
        LONGLONG index = (LONGLONG)indices[i] - bound->lLbound;

        if (index < 0 || index >= bound->cElements)
            return DISP_E_BADINDEX;
        at += (ULONGLONG)index * stride;
        stride *= bound->cElements;
    }
    *element = (char *)array->pvData + at * array->cbElements;
    return S_OK;
}

HRESULT WINAPI SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *value)
{
    void *element;
    HRESULT result = SafeArrayPtrOfIndex(array, indices, &element);

    return FAILED(result) ? result : value ? element_copy(array, value, element) : E_INVALIDARG;
}

HRESULT WINAPI SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value)
{
    char copy[sizeof(VARIANT)];
    void *element;
    const void *from = value;
    HRESULT result = SafeArrayPtrOfIndex(array, indices, &element);

    if (FAILED(result))
        return result;
    if (array->fFeatures & (FADF_BSTR | FADF_UNKNOWN | FADF_DISPATCH)) /* these are the value themselves */
        from = &value;
    result = array->cbElements <= sizeof copy ? element_copy(array, copy, from) : E_INVALIDARG;
    if (SUCCEEDED(result)) {
        element_clear(array, element);
        memcpy(element, copy, array->cbElements);
    }
    return result;
}

HRESULT WINAPI SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **copy)
{
    HRESULT result;

    if (!copy)
        return E_INVALIDARG;
    *copy = NULL;
    if (!array)
        return S_OK;
    result = SafeArrayAllocDescriptor(array->cDims, copy);
    if (FAILED(result))
        return result;
    (*copy)->fFeatures = array->fFeatures & (USHORT) ~(FADF_AUTO | FADF_STATIC | FADF_EMBEDDED | FADF_FIXEDSIZE);
    (*copy)->cbElements = array->cbElements;
    memcpy(hidden_of(*copy), hidden_of(array), sizeof(struct hidden));
    memcpy((*copy)->rgsabound, array->rgsabound, array->cDims * sizeof *array->rgsabound);
    result = SafeArrayAllocData(*copy);
    for (ULONGLONG i = 0, count = element_count(array); SUCCEEDED(result) && i < count; i++)
        result = element_copy(array, (char *)(*copy)->pvData + i * array->cbElements,
                              (const char *)array->pvData + i * array->cbElements);
    if (FAILED(result)) {
        SafeArrayDestroy(*copy);
        *copy = NULL;
    }
    return result;
}

/* ---- what programs seldom ask for ---- */

/* The last dimension (the first that is given) may grow or shrink. */
HRESULT WINAPI SafeArrayRedim(SAFEARRAY *array, SAFEARRAYBOUND *bound)
{
    SAFEARRAY *made;
    SAFEARRAYBOUND bounds[16];
    ULONG old_size, new_size;
    VARTYPE type;
    HRESULT result;

    if (!array || !bound)
        return E_INVALIDARG;
    if (array->fFeatures & FADF_FIXEDSIZE)
        return E_INVALIDARG;
    if (array->cLocks)
        return DISP_E_ARRAYISLOCKED;
    if (array->cDims > 16 || FAILED(SafeArrayGetVartype(array, &type)))
        return E_INVALIDARG;
    for (USHORT i = 0; i < array->cDims; i++) /* descriptors keep them from the last to the first */
        bounds[i] = array->rgsabound[array->cDims - 1 - i];
    bounds[array->cDims - 1] = *bound;
    made = SafeArrayCreate(type, array->cDims, bounds);
    if (!made)
        return E_OUTOFMEMORY;
    old_size = new_size = array->cbElements;
    for (USHORT i = 0; i < array->cDims; i++) {
        old_size *= array->rgsabound[i].cElements;
        new_size *= made->rgsabound[i].cElements;
    }
    /* What stays moves; what goes is freed with the other array. */
    for (ULONG at = 0; at < (old_size < new_size ? old_size : new_size); at++) {
        BYTE *a = (BYTE *)array->pvData + at, *b = (BYTE *)made->pvData + at, kept = *a;

        *a = *b;
        *b = kept;
    }
    void *data = array->pvData;
    array->pvData = made->pvData;
    made->pvData = data;
    SAFEARRAYBOUND changed = array->rgsabound[0];
    array->rgsabound[0] = made->rgsabound[0];
    made->rgsabound[0] = changed;
    result = SafeArrayDestroy(made);
    return result;
}

/* extra: an interface's id or a record's description. */
SAFEARRAY *WINAPI SafeArrayCreateEx(VARTYPE type, UINT dimensions, SAFEARRAYBOUND *bounds, PVOID extra)
{
    SAFEARRAY *array = type == VT_RECORD ? NULL : SafeArrayCreate(type, dimensions, bounds);

    if (array && extra && (type == VT_UNKNOWN || type == VT_DISPATCH))
        SafeArraySetIID(array, extra);
    return array;
}

SAFEARRAY *WINAPI SafeArrayCreateVectorEx(VARTYPE type, LONG lower, ULONG count, PVOID extra)
{
    SAFEARRAYBOUND bound = {count, lower};

    return SafeArrayCreateEx(type, 1, &bound, extra);
}

static GUID *interface_id(SAFEARRAY *array)
{
    return (GUID *)((char *)array - sizeof(GUID));
}

HRESULT WINAPI SafeArraySetIID(SAFEARRAY *array, REFGUID id)
{
    if (!array || !(array->fFeatures & FADF_HAVEIID))
        return E_INVALIDARG;
    *interface_id(array) = *id;
    return S_OK;
}

HRESULT WINAPI SafeArrayGetIID(SAFEARRAY *array, GUID *id)
{
    if (!array || !id || !(array->fFeatures & FADF_HAVEIID))
        return E_INVALIDARG;
    *id = *interface_id(array);
    return S_OK;
}

/* Into an array of the same form. */
HRESULT WINAPI SafeArrayCopyData(SAFEARRAY *from, SAFEARRAY *to)
{
    SAFEARRAY *copy;
    HRESULT result;
    void *data;

    if (!from || !to || from->cDims != to->cDims || from->cbElements != to->cbElements)
        return E_INVALIDARG;
    for (USHORT i = 0; i < from->cDims; i++)
        if (from->rgsabound[i].cElements != to->rgsabound[i].cElements)
            return E_INVALIDARG;
    if (to->cLocks)
        return DISP_E_ARRAYISLOCKED;
    result = SafeArrayCopy(from, &copy);
    if (FAILED(result))
        return result;
    data = to->pvData;
    to->pvData = copy->pvData;
    copy->pvData = data;
    return SafeArrayDestroy(copy);
}
