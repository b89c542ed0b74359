/*
 * network.c: mpr.dll: connections to shared directories.  There are none, and no provider that would make one.
 *
 * Layer: above advapi32.
 */
#include "win.h"
#include <winnetwk.h>

DWORD WINAPI WNetGetLastErrorW(LPDWORD error, LPWSTR text, DWORD text_size, LPWSTR provider, DWORD provider_size)
{
    *error = NO_ERROR;
    if (text && text_size)
        *text = 0;
    if (provider && provider_size)
        *provider = 0;
    return NO_ERROR;
}

DWORD WINAPI WNetGetLastErrorA(LPDWORD error, LPSTR text, DWORD text_size, LPSTR provider, DWORD provider_size)
{
    *error = NO_ERROR;
    if (text && text_size)
        *text = 0;
    if (provider && provider_size)
        *provider = 0;
    return NO_ERROR;
}

DWORD WINAPI WNetConnectionDialog(HWND owner, DWORD type)
{
    (void)owner, (void)type;
    return ERROR_NO_NETWORK;
}

DWORD WINAPI WNetDisconnectDialog(HWND owner, DWORD type)
{
    (void)owner, (void)type;
    return ERROR_NO_NETWORK;
}

/* A drive's letter is good; nothing is connected to it. */
static DWORD no_connection(WCHAR letter, WCHAR colon)
{
    letter |= 0x20;
    return letter >= 'a' && letter <= 'z' && colon == ':' ? ERROR_NOT_CONNECTED : ERROR_BAD_DEVICE;
}

DWORD WINAPI WNetGetConnectionW(LPCWSTR local, LPWSTR remote, LPDWORD size)
{
    (void)remote, (void)size;
    return local ? no_connection(local[0], local[0] ? local[1] : 0) : ERROR_BAD_DEVICE;
}

DWORD WINAPI WNetGetConnectionA(LPCSTR local, LPSTR remote, LPDWORD size)
{
    (void)remote, (void)size;
    return local ? no_connection((BYTE)local[0], local[0] ? (BYTE)local[1] : 0) : ERROR_BAD_DEVICE;
}

DWORD WINAPI WNetGetUniversalNameW(LPCWSTR path, DWORD level, LPVOID buffer, LPDWORD size)
{
    (void)buffer, (void)size;
    if (level != UNIVERSAL_NAME_INFO_LEVEL && level != REMOTE_NAME_INFO_LEVEL)
        return ERROR_INVALID_LEVEL;
    return path ? no_connection(path[0], path[0] ? path[1] : 0) : ERROR_BAD_DEVICE;
}

DWORD WINAPI WNetGetUniversalNameA(LPCSTR path, DWORD level, LPVOID buffer, LPDWORD size)
{
    WCHAR drive[] = {path ? (BYTE)path[0] : 0, path && path[0] ? (BYTE)path[1] : 0, 0};

    return WNetGetUniversalNameW(drive, level, buffer, size);
}

DWORD WINAPI WNetAddConnection2W(LPNETRESOURCEW resource, LPCWSTR password, LPCWSTR user, DWORD flags)
{
    (void)password, (void)user, (void)flags;
    return resource && resource->lpRemoteName ? ERROR_BAD_NETPATH : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI WNetAddConnection2A(LPNETRESOURCEA resource, LPCSTR password, LPCSTR user, DWORD flags)
{
    (void)password, (void)user, (void)flags;
    return resource && resource->lpRemoteName ? ERROR_BAD_NETPATH : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI WNetAddConnection3W(HWND owner, LPNETRESOURCEW resource, LPCWSTR password, LPCWSTR user, DWORD flags)
{
    (void)owner;
    return WNetAddConnection2W(resource, password, user, flags);
}

DWORD WINAPI WNetAddConnection3A(HWND owner, LPNETRESOURCEA resource, LPCSTR password, LPCSTR user, DWORD flags)
{
    (void)owner;
    return WNetAddConnection2A(resource, password, user, flags);
}

DWORD WINAPI WNetCancelConnection2W(LPCWSTR name, DWORD flags, BOOL force)
{
    (void)flags, (void)force;
    return name && *name ? ERROR_NOT_CONNECTED : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI WNetCancelConnection2A(LPCSTR name, DWORD flags, BOOL force)
{
    (void)flags, (void)force;
    return name && *name ? ERROR_NOT_CONNECTED : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI WNetGetUserW(LPCWSTR name, LPWSTR user, LPDWORD size)
{
    DWORD room;

    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (name && *name)
        return ERROR_NOT_CONNECTED;
    room = *size;
    if (GetUserNameW(user, size))
        return NO_ERROR;
    return *size > room ? ERROR_MORE_DATA : GetLastError();
}

DWORD WINAPI WNetGetUserA(LPCSTR name, LPSTR user, LPDWORD size)
{
    DWORD room;

    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (name && *name)
        return ERROR_NOT_CONNECTED;
    room = *size;
    if (GetUserNameA(user, size))
        return NO_ERROR;
    return *size > room ? ERROR_MORE_DATA : GetLastError();
}

/* ---- enumeration: of nothing ---- */

#define ENUMERATION ((HANDLE)0x6d7072)

DWORD WINAPI WNetOpenEnumW(DWORD scope, DWORD type, DWORD usage, LPNETRESOURCEW resource, LPHANDLE handle)
{
    (void)type, (void)usage, (void)resource;
    if (!handle || scope < RESOURCE_CONNECTED || scope > RESOURCE_CONTEXT)
        return ERROR_INVALID_PARAMETER;
    *handle = ENUMERATION;
    return NO_ERROR;
}

DWORD WINAPI WNetOpenEnumA(DWORD scope, DWORD type, DWORD usage, LPNETRESOURCEA resource, LPHANDLE handle)
{
    (void)resource;
    return WNetOpenEnumW(scope, type, usage, NULL, handle);
}

DWORD WINAPI WNetEnumResourceW(HANDLE handle, LPDWORD count, LPVOID buffer, LPDWORD size)
{
    if (handle != ENUMERATION)
        return ERROR_INVALID_HANDLE;
    if (!count || !buffer || !size)
        return ERROR_INVALID_PARAMETER;
    *count = 0;
    return ERROR_NO_MORE_ITEMS;
}

DWORD WINAPI WNetEnumResourceA(HANDLE handle, LPDWORD count, LPVOID buffer, LPDWORD size)
{
    return WNetEnumResourceW(handle, count, buffer, size);
}

DWORD WINAPI WNetCloseEnum(HANDLE handle)
{
    return handle == ENUMERATION ? NO_ERROR : ERROR_INVALID_HANDLE;
}
