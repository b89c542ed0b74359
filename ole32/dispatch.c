/*
 * dispatch.c: helpers of objects that are called by name (IDispatch), and type libraries, which are not read.
 *
 * Layer: ole32.
 */
#include "com.h"
#include <oaidl.h>
#include <oleauto.h>

/* The argument at a place, by number or by name, as a variant of a type. */
HRESULT WINAPI DispGetParam(DISPPARAMS *parameters, UINT position, VARTYPE type, VARIANT *result, UINT *error)
{
    UINT at = parameters->cArgs, unnamed;
    HRESULT status;

    unnamed = parameters->cArgs - parameters->cNamedArgs;
    if (!result || (parameters->cArgs && !parameters->rgvarg))
        return E_INVALIDARG;
    if (position < unnamed) {
        at = parameters->cArgs - 1 - position; /* arguments come in reverse order */
    } else {
        for (UINT i = 0; i < parameters->cNamedArgs; i++)
            if (parameters->rgdispidNamedArgs[i] == (DISPID)position)
                at = i;
    }
    if (at >= parameters->cArgs)
        return DISP_E_PARAMNOTFOUND;
    status = VariantChangeType(result, &parameters->rgvarg[at], 0, type);
    if (FAILED(status) && error)
        *error = at;
    return status;
}

HRESULT WINAPI DispGetIDsOfNames(ITypeInfo *info, OLECHAR **names, UINT count, DISPID *ids)
{
    return info ? COM_CALL(ITypeInfo, info, GetIDsOfNames, names, count, ids) : E_INVALIDARG;
}

HRESULT WINAPI DispInvoke(void *object, ITypeInfo *info, DISPID id, WORD flags, DISPPARAMS *parameters, VARIANT *result,
                          EXCEPINFO *exception, UINT *error)
{
    ULONG_PTR arguments[] = {GUEST(info),       GUEST(object), (ULONG_PTR)(LONG_PTR)id, flags,
                             GUEST(parameters), GUEST(result), GUEST(exception),        GUEST(error)};

    return info ? (HRESULT)guest_call_n(COM_METHOD(ITypeInfo, info, Invoke), 8, arguments) : E_INVALIDARG;
}

/* Type libraries of COM are compiled descriptions of interfaces; none is read, as if none could be. */
HRESULT WINAPI LoadTypeLibEx(LPCOLESTR file, REGKIND kind, ITypeLib **library)
{
    (void)kind;
    if (!file || !library)
        return E_INVALIDARG;
    *library = NULL;
    return TYPE_E_CANTLOADLIBRARY;
}

HRESULT WINAPI LoadTypeLib(const OLECHAR *file, ITypeLib **library)
{
    return LoadTypeLibEx(file, REGKIND_DEFAULT, library);
}

HRESULT WINAPI LoadRegTypeLib(REFGUID id, WORD major, WORD minor, LCID locale, ITypeLib **library)
{
    (void)id, (void)major, (void)minor, (void)locale;
    if (!library)
        return E_INVALIDARG;
    *library = NULL;
    return TYPE_E_LIBNOTREGISTERED;
}

/* HKEY_CLASSES_ROOT\TypeLib\{id}\major.minor\language\win64 */
HRESULT WINAPI QueryPathOfRegTypeLib(REFGUID id, WORD major, WORD minor, LCID locale, LPBSTR path)
{
    static const WCHAR digits[] = L"0123456789abcdef";
    WCHAR key[96] = L"TypeLib\\", file[MAX_PATH];
    DWORD size = sizeof file;
    WCHAR *at = key + 8;

    (void)locale; /* language 0 is what libraries are registered for */
    if (!path)
        return E_INVALIDARG;
    *path = NULL;
    at += StringFromGUID2(id, at, 39) - 1;
    *at++ = '\\';
    if (major > 15)
        *at++ = digits[major >> 4 & 15];
    *at++ = digits[major & 15];
    *at++ = '.';
    if (minor > 15)
        *at++ = digits[minor >> 4 & 15];
    *at++ = digits[minor & 15];
    lstrcpyW(at, L"\\0\\win64");
    if (RegGetValueW(HKEY_CLASSES_ROOT, key, NULL, RRF_RT_REG_SZ, NULL, file, &size))
        return TYPE_E_LIBNOTREGISTERED;
    *path = SysAllocString(file);
    return *path ? S_OK : E_OUTOFMEMORY;
}

/* No other program's object can be had. */
HRESULT WINAPI GetActiveObject(REFCLSID class, void *reserved, IUnknown **object)
{
    (void)class, (void)reserved;
    if (!object)
        return E_INVALIDARG;
    *object = NULL;
    return MK_E_UNAVAILABLE;
}

ULONG WINAPI OaBuildVersion(void)
{
    return MAKELONG(0x2800, 10); /* of Windows 10 */
}
