/*
 * setupdevices.c: setupapi.dll's lists of devices.  No device is shown to programs: every list is empty.
 *
 * Layer: above advapi32.
 */
#include "win.h"
#include <setupapi.h>

#define LIST ((HDEVINFO)0x64657669)

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL is_list(HDEVINFO list)
{
    return list == LIST || fail(ERROR_INVALID_HANDLE);
}

static HDEVINFO class_list(const GUID *class, const void *enumerator, DWORD flags)
{
    if (class || flags & DIGCF_ALLCLASSES || (enumerator && flags & DIGCF_DEVICEINTERFACE))
        return LIST;
    fail(ERROR_INVALID_PARAMETER);
    return INVALID_HANDLE_VALUE;
}

HDEVINFO WINAPI SetupDiGetClassDevsW(const GUID *class, PCWSTR enumerator, HWND owner, DWORD flags)
{
    (void)owner;
    return class_list(class, enumerator, flags);
}

HDEVINFO WINAPI SetupDiGetClassDevsA(const GUID *class, PCSTR enumerator, HWND owner, DWORD flags)
{
    (void)owner;
    return class_list(class, enumerator, flags);
}

HDEVINFO WINAPI SetupDiGetClassDevsExW(const GUID *class, PCWSTR enumerator, HWND owner, DWORD flags, HDEVINFO set,
                                       PCWSTR machine, PVOID reserved)
{
    (void)owner, (void)set, (void)machine, (void)reserved;
    return class_list(class, enumerator, flags);
}

HDEVINFO WINAPI SetupDiGetClassDevsExA(const GUID *class, PCSTR enumerator, HWND owner, DWORD flags, HDEVINFO set,
                                       PCSTR machine, PVOID reserved)
{
    (void)owner, (void)set, (void)machine, (void)reserved;
    return class_list(class, enumerator, flags);
}

HDEVINFO WINAPI SetupDiCreateDeviceInfoList(const GUID *class, HWND owner)
{
    (void)class, (void)owner;
    return LIST;
}

BOOL WINAPI SetupDiDestroyDeviceInfoList(HDEVINFO list)
{
    return is_list(list);
}

BOOL WINAPI SetupDiEnumDeviceInfo(HDEVINFO list, DWORD index, PSP_DEVINFO_DATA data)
{
    (void)index;
    if (!is_list(list))
        return FALSE;
    return fail(data && data->cbSize == sizeof *data ? ERROR_NO_MORE_ITEMS : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetupDiEnumDeviceInterfaces(HDEVINFO list, PSP_DEVINFO_DATA device, const GUID *class, DWORD index,
                                        PSP_DEVICE_INTERFACE_DATA data)
{
    (void)device, (void)index;
    if (!is_list(list))
        return FALSE;
    return fail(class && data && data->cbSize == sizeof *data ? ERROR_NO_MORE_ITEMS : ERROR_INVALID_PARAMETER);
}

/* What follows needs an element of a list; there is none. */
static BOOL no_element(HDEVINFO list)
{
    return is_list(list) && fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetupDiGetDeviceRegistryPropertyW(HDEVINFO list, PSP_DEVINFO_DATA device, DWORD property, PDWORD type,
                                              PBYTE buffer, DWORD size, PDWORD needed)
{
    (void)device, (void)property, (void)type, (void)buffer, (void)size, (void)needed;
    return no_element(list);
}

BOOL WINAPI SetupDiGetDeviceRegistryPropertyA(HDEVINFO list, PSP_DEVINFO_DATA device, DWORD property, PDWORD type,
                                              PBYTE buffer, DWORD size, PDWORD needed)
{
    return SetupDiGetDeviceRegistryPropertyW(list, device, property, type, buffer, size, needed);
}

BOOL WINAPI SetupDiGetDeviceInstanceIdW(HDEVINFO list, PSP_DEVINFO_DATA device, PWSTR id, DWORD size, PDWORD needed)
{
    (void)device, (void)id, (void)size, (void)needed;
    return no_element(list);
}

BOOL WINAPI SetupDiGetDeviceInstanceIdA(HDEVINFO list, PSP_DEVINFO_DATA device, PSTR id, DWORD size, PDWORD needed)
{
    (void)device, (void)id, (void)size, (void)needed;
    return no_element(list);
}

BOOL WINAPI SetupDiGetDeviceInterfaceDetailW(HDEVINFO list, PSP_DEVICE_INTERFACE_DATA data,
                                             PSP_DEVICE_INTERFACE_DETAIL_DATA_W detail, DWORD size, PDWORD needed,
                                             PSP_DEVINFO_DATA device)
{
    (void)data, (void)detail, (void)size, (void)needed, (void)device;
    return no_element(list);
}

BOOL WINAPI SetupDiGetDeviceInterfaceDetailA(HDEVINFO list, PSP_DEVICE_INTERFACE_DATA data,
                                             PSP_DEVICE_INTERFACE_DETAIL_DATA_A detail, DWORD size, PDWORD needed,
                                             PSP_DEVINFO_DATA device)
{
    (void)data, (void)detail, (void)size, (void)needed, (void)device;
    return no_element(list);
}

HKEY WINAPI SetupDiOpenDevRegKey(HDEVINFO list, PSP_DEVINFO_DATA device, DWORD scope, DWORD profile, DWORD type,
                                 REGSAM access)
{
    (void)device, (void)scope, (void)profile, (void)type, (void)access;
    no_element(list);
    return INVALID_HANDLE_VALUE;
}
