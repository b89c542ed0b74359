/*
 * variant.c: VARIANTs: what they hold is freed, copied, changed to another type and compared.
 *
 * Layer: ole32.
 */
#include "com.h"
#include "number.h"

void WINAPI VariantInit(VARIANTARG *variant)
{
    memset(variant, 0, sizeof *variant);
}

static bool holds_object(const VARIANTARG *variant)
{
    return (variant->vt == VT_UNKNOWN || variant->vt == VT_DISPATCH) && variant->punkVal;
}

/* Types a variant may have, without VT_BYREF. */
static bool type_good(VARTYPE type)
{
    VARTYPE base = type & VT_TYPEMASK;

    if (type & ~(VT_TYPEMASK | VT_ARRAY | VT_BYREF))
        return false;
    if (type & VT_ARRAY && base <= VT_NULL)
        return false;
    return (base <= VT_UINT && base != 15) || base == VT_RECORD;
}

HRESULT WINAPI VariantClear(VARIANTARG *variant)
{
    HRESULT result = S_OK;

    if (!type_good(variant->vt) && variant->vt != VT_CLSID)
        return DISP_E_BADVARTYPE;
    if (variant->vt == VT_BSTR)
        SysFreeString(variant->bstrVal);
    else if (holds_object(variant))
        com_release(variant->punkVal);
    else if (variant->vt & VT_ARRAY && !(variant->vt & VT_BYREF))
        result = SafeArrayDestroy(variant->parray);
    else if (variant->vt == VT_RECORD && variant->pRecInfo) {
        COM_CALL(IRecordInfo, variant->pRecInfo, RecordDestroy, variant->pvRecord, 0, 0);
        com_release(variant->pRecInfo);
    }
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
    if (!type_good(from->vt))
        return DISP_E_BADVARTYPE;
    if (from->vt == VT_BSTR && from->bstrVal) {
        copy.bstrVal = SysAllocStringByteLen((const char *)from->bstrVal, SysStringByteLen(from->bstrVal));
        result = copy.bstrVal ? S_OK : E_OUTOFMEMORY;
    } else if (from->vt & VT_ARRAY && !(from->vt & VT_BYREF)) {
        result = SafeArrayCopy(from->parray, &copy.parray);
    } else if (holds_object(from)) {
        com_add_ref(from->punkVal);
    } else if (from->vt == VT_RECORD && from->pRecInfo) {
        result = COM_CALL(IRecordInfo, from->pRecInfo, RecordCreateCopy, from->pvRecord, &copy.pvRecord, 0);
        if (SUCCEEDED(result))
            com_add_ref(from->pRecInfo);
    }
    if (SUCCEEDED(result))
        result = VariantClear(to);
    if (SUCCEEDED(result))
        *to = copy;
    return result;
}

/* ---- references ---- */

static size_t value_size(VARTYPE type)
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
    default:
        return 8;
    }
}

/* What a reference points at, as a variant that owns nothing. */
static HRESULT dereference(const VARIANTARG *from, VARIANTARG *value)
{
    VARTYPE type = from->vt & ~VT_BYREF;

    *value = *from;
    if (!(from->vt & VT_BYREF))
        return S_OK;
    if (!from->byref)
        return E_INVALIDARG;
    memset(value, 0, sizeof *value);
    if (type == VT_VARIANT) {
        *value = *from->pvarVal;
        return value->vt == (VT_VARIANT | VT_BYREF) ? E_INVALIDARG : dereference(from->pvarVal, value);
    }
    if (type == VT_DECIMAL) {
        value->decVal = *from->pdecVal;
    } else if (type == VT_RECORD) {
        *value = *from;
    } else {
        memcpy(&value->llVal, from->byref, value_size(type));
    }
    value->vt = type;
    return S_OK;
}

HRESULT WINAPI VariantCopyInd(VARIANT *to, VARIANTARG *from)
{
    VARIANTARG value;
    HRESULT result;

    if (!(from->vt & VT_BYREF))
        return VariantCopy(to, from);
    if (!type_good(from->vt) && from->vt != (VT_VARIANT | VT_BYREF))
        return E_INVALIDARG;
    result = dereference(from, &value);
    return FAILED(result) ? result : VariantCopy(to, &value);
}

/* ---- other types ---- */

HRESULT variant_number(VARIANT *variant, LCID locale, ULONG flags, struct number *number)
{
    VARIANT value;
    HRESULT result;

    switch (variant->vt) {
    case VT_EMPTY:
        *number = number_signed(0);
        return S_OK;
    case VT_I1:
        *number = number_signed((signed char)variant->cVal);
        return S_OK;
    case VT_I2:
    case VT_BOOL:
        *number = number_signed(variant->iVal);
        return S_OK;
    case VT_I4:
    case VT_INT:
        *number = number_signed(variant->lVal);
        return S_OK;
    case VT_I8:
        *number = number_signed(variant->llVal);
        return S_OK;
    case VT_UI1:
        *number = number_unsigned(variant->bVal);
        return S_OK;
    case VT_UI2:
        *number = number_unsigned(variant->uiVal);
        return S_OK;
    case VT_UI4:
    case VT_UINT:
        *number = number_unsigned(variant->ulVal);
        return S_OK;
    case VT_UI8:
        *number = number_unsigned(variant->ullVal);
        return S_OK;
    case VT_R4:
        *number = number_real((double)variant->fltVal);
        return S_OK;
    case VT_R8:
    case VT_DATE:
        *number = number_real(variant->dblVal);
        return S_OK;
    case VT_CY:
        *number = number_cy(variant->cyVal);
        return S_OK;
    case VT_DECIMAL:
        *number = (struct number){NUMBER_DECIMAL, decimal_load(&variant->decVal), 0};
        return S_OK;
    case VT_BSTR:
        return number_from_text(variant->bstrVal, locale, flags, number);
    case VT_DISPATCH:
        result = dispatch_value(variant->pdispVal, locale, &value);
        if (FAILED(result))
            return result;
        result = variant_number(&value, locale, flags, number);
        VariantClear(&value);
        return result;
    default:
        return DISP_E_TYPEMISMATCH;
    }
}

static HRESULT to_text(VARIANT *from, LCID locale, USHORT flags, BSTR *text)
{
    struct number number;
    HRESULT result;

    switch (from->vt) {
    case VT_EMPTY:
        *text = SysAllocStringLen(L"", 0);
        return *text ? S_OK : E_OUTOFMEMORY;
    case VT_BSTR:
        *text = SysAllocStringLen(from->bstrVal, SysStringLen(from->bstrVal));
        return *text ? S_OK : E_OUTOFMEMORY;
    case VT_BOOL:
        if (flags & (VARIANT_ALPHABOOL | VARIANT_LOCALBOOL))
            return VarBstrFromBool(from->boolVal, locale, 0, text);
        return VarBstrFromI2(from->boolVal, locale, 0, text);
    case VT_DATE:
        return VarBstrFromDate(from->date, locale, 0, text);
    case VT_R4:
        return VarBstrFromR4(from->fltVal, locale, 0, text);
    case VT_DISPATCH:
        return VarBstrFromDisp(from->pdispVal, locale, flags, text);
    default:
        result = variant_number(from, locale, 0, &number);
        if (FAILED(result))
            return result;
        return number.kind == NUMBER_REAL ? VarBstrFromR8(number.real, locale, 0, text)
                                          : text_from_decimal(number.decimal, locale, text);
    }
}

/* Integers: their place in the variant is the same for all. */
static HRESULT to_integer(const struct number *number, VARTYPE type, VARIANT *to)
{
    static const struct {
        VARTYPE type;
        LONGLONG least;
        ULONGLONG most;
    } limits[] = {
        {VT_I1, -128, 127},
        {VT_I2, -32768, 32767},
        {VT_I4, -2147483648ll, 2147483647},
        {VT_INT, -2147483648ll, 2147483647},
        {VT_I8, -9223372036854775807ll - 1, 9223372036854775807ull},
        {VT_UI1, 0, 255},
        {VT_UI2, 0, 65535},
        {VT_UI4, 0, 4294967295u},
        {VT_UINT, 0, 4294967295u},
        {VT_UI8, 0, 18446744073709551615ull},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (limits[i].type == type)
            return number_integer(number, limits[i].least, limits[i].most, &to->ullVal);
    return DISP_E_BADVARTYPE;
}

HRESULT number_store(const struct number *number, VARTYPE type, VARIANT *to)
{
    double real;

    switch (type) {
    case VT_R4:
        real = number_to_real(number);
        to->fltVal = (FLOAT)real;
        return real > 3.402823567797336e38 || real < -3.402823567797336e38 ? DISP_E_OVERFLOW : S_OK;
    case VT_R8:
        to->dblVal = number_to_real(number);
        return S_OK;
    case VT_CY:
        return number_to_cy(number, &to->cyVal);
    case VT_DATE:
        return number_to_date(number, &to->date);
    case VT_DECIMAL:
        return number_to_decimal(number, &to->decVal);
    case VT_BOOL:
        to->boolVal =
            (number->kind == NUMBER_REAL ? number->real != 0 : number->decimal.mantissa != 0) ? VARIANT_TRUE : 0;
        return S_OK;
    default:
        return to_integer(number, type, to);
    }
}

/* `from` is no reference. */
static HRESULT change(VARIANT *from, LCID locale, USHORT flags, VARTYPE type, VARIANT *to)
{
    static const GUID dispatch = GUID_OLE(0x20400), unknown = GUID_OLE(OLE_UNKNOWN);
    struct number number;
    HRESULT result;

    if (type == from->vt && type != VT_BOOL)
        return VariantCopy(to, from);
    if (from->vt & VT_ARRAY || type & VT_ARRAY)
        return DISP_E_TYPEMISMATCH;
    switch (type) {
    case VT_EMPTY:
    case VT_NULL:
        return DISP_E_TYPEMISMATCH;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        if ((from->vt != VT_UNKNOWN && from->vt != VT_DISPATCH) || !from->punkVal)
            return from->vt == VT_UNKNOWN || from->vt == VT_DISPATCH ? (to->punkVal = NULL, S_OK) : DISP_E_TYPEMISMATCH;
        return com_query(from->punkVal, type == VT_DISPATCH ? &dispatch : &unknown, (void **)&to->punkVal);
    case VT_BSTR:
        return to_text(from, locale, flags, &to->bstrVal);
    case VT_DATE:
        if (from->vt == VT_BSTR)
            return VarDateFromStr(from->bstrVal, locale, 0, &to->date);
        break;
    case VT_BOOL:
        if (from->vt == VT_BSTR)
            return VarBoolFromStr(from->bstrVal, locale, 0, &to->boolVal);
        break;
    case VT_ERROR:
        return DISP_E_TYPEMISMATCH;
    default:
        break;
    }
    result = variant_number(from, locale, 0, &number);
    return FAILED(result) ? result : number_store(&number, type, to);
}

HRESULT WINAPI VariantChangeTypeEx(VARIANTARG *to, VARIANTARG *from, LCID locale, USHORT flags, VARTYPE type)
{
    VARIANTARG made = {.vt = VT_EMPTY}, value;
    HRESULT result;

    if (!to || !from || type & VT_BYREF)
        return !to || !from ? E_INVALIDARG : DISP_E_BADVARTYPE;
    if (!type_good(type) || type == VT_VARIANT || type == VT_RECORD ||
        (!type_good(from->vt) && from->vt != (VT_VARIANT | VT_BYREF)))
        return DISP_E_BADVARTYPE;
    result = dereference(from, &value);
    if (SUCCEEDED(result))
        result = change(&value, locale, flags, type, &made);
    if (FAILED(result))
        return result;
    made.vt = type;
    result = VariantClear(to);
    if (SUCCEEDED(result))
        *to = made;
    return result;
}

HRESULT WINAPI VariantChangeType(VARIANTARG *to, VARIANTARG *from, USHORT flags, VARTYPE type)
{
    return VariantChangeTypeEx(to, from, LOCALE_USER_DEFAULT, flags, type);
}

/* ---- comparing ---- */

HRESULT WINAPI VarCmp(LPVARIANT left, LPVARIANT right, LCID locale, ULONG flags)
{
    struct number a, b;
    VARIANT x, y;
    double p, q;

    if (FAILED(dereference(left, &x)) || FAILED(dereference(right, &y)))
        return E_INVALIDARG;
    if (x.vt == VT_NULL || y.vt == VT_NULL)
        return VARCMP_NULL;
    if (x.vt == VT_EMPTY && y.vt == VT_EMPTY)
        return VARCMP_EQ;
    if (x.vt == VT_BSTR && y.vt == VT_BSTR)
        return VarBstrCmp(x.bstrVal, y.bstrVal, locale, flags);
    if (x.vt == VT_BSTR || y.vt == VT_BSTR) { /* a text is greater than a number; nothing is an empty text */
        VARIANT *other = x.vt == VT_BSTR ? &y : &x, *text = x.vt == VT_BSTR ? &x : &y;

        if (other->vt == VT_EMPTY)
            return SysStringLen(text->bstrVal) == 0 ? VARCMP_EQ : text == &x ? VARCMP_GT : VARCMP_LT;
        return text == &x ? VARCMP_GT : VARCMP_LT;
    }
    if (FAILED(variant_number(&x, locale, 0, &a)) || FAILED(variant_number(&y, locale, 0, &b)))
        return DISP_E_TYPEMISMATCH;
    if (a.kind == NUMBER_DECIMAL && b.kind == NUMBER_DECIMAL) {
        DECIMAL c, d;

        if (SUCCEEDED(number_to_decimal(&a, &c)) && SUCCEEDED(number_to_decimal(&b, &d)))
            return VarDecCmp(&c, &d);
    }
    p = number_to_real(&a);
    q = number_to_real(&b);
    return p < q ? VARCMP_LT : p > q ? VARCMP_GT : VARCMP_EQ;
}
