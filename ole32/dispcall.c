/*
 * dispcall.c: calling a function whose types are known at run time (DispCallFunc).
 *
 * Layer: ole32.  In Windows' convention every argument is one slot of eight bytes; what is larger goes by reference.
 */
#include "com.h"
#include <oleauto.h>

#define ARGUMENTS_MAX 256

/* The gate leaves a floating-point result where it is, which is where the host looks for one, too. */
double guest_call_real(const void *function, unsigned count, const ULONG_PTR *arguments) __asm__("guest_call_n");

static ULONG_PTR slot_of(VARTYPE type, const VARIANT *value)
{
    ULONG_PTR slot = 0;

    if (type & (VT_BYREF | VT_ARRAY))
        return (ULONG_PTR)V_BYREF(value);
    switch (type) {
    case VT_VARIANT:
    case VT_DECIMAL:
        return (ULONG_PTR)value;
    case VT_I1:
        return (ULONG_PTR)(LONG_PTR)V_I1(value);
    case VT_UI1:
        return V_UI1(value);
    case VT_I2:
    case VT_BOOL:
        return (ULONG_PTR)(LONG_PTR)V_I2(value);
    case VT_UI2:
        return V_UI2(value);
    case VT_I4:
    case VT_INT:
    case VT_ERROR:
    case VT_HRESULT:
        return (ULONG_PTR)(LONG_PTR)V_I4(value);
    case VT_UI4:
    case VT_UINT:
        return V_UI4(value);
    case VT_R4:
        memcpy(&slot, &V_R4(value), sizeof(float));
        return slot;
    default: /* what fills its slot */
        return (ULONG_PTR)V_UI8(value);
    }
}

/* Whether a result is written to a place that is passed as an argument. */
static bool by_place(VARTYPE type)
{
    return type == VT_VARIANT || type == VT_DECIMAL;
}

static void result_store(VARTYPE type, ULONG_PTR integer, double real, VARIANT *result)
{
    if (type != VT_VARIANT)
        V_VT(result) = type;
    switch (type) {
    case VT_VARIANT:
    case VT_DECIMAL:
    case VT_EMPTY:
        break;
    case VT_R4:
        memcpy(&V_R4(result), &real, sizeof(float));
        break;
    case VT_R8:
    case VT_DATE:
        V_R8(result) = real;
        break;
    default:
        V_UI8(result) = integer;
    }
}

HRESULT WINAPI DispCallFunc(void *object, ULONG_PTR place, CALLCONV convention, VARTYPE type, UINT count,
                            VARTYPE *types, VARIANTARG **values, VARIANT *result)
{
    ULONG_PTR slots[ARGUMENTS_MAX + 2], integer = 0;
    const void *function = object ? *(void **)(*(char **)object + place) : (void *)place;
    unsigned used = 0;
    double real = 0;

    if ((convention != CC_STDCALL && convention != CC_CDECL) || !function || count > ARGUMENTS_MAX || !result)
        return E_INVALIDARG;
    if (object)
        slots[used++] = (ULONG_PTR)object;
    if (by_place(type)) {
        memset(result, 0, sizeof *result);
        slots[used++] = (ULONG_PTR)result;
    }
    for (UINT i = 0; i < count; i++)
        slots[used++] = slot_of(types[i], values[i]);
    if (type == VT_R4 || type == VT_R8 || type == VT_DATE)
        real = guest_call_real(function, used, slots);
    else
        integer = guest_call_n(function, used, slots);
    result_store(type, integer, real, result);
    return S_OK;
}
