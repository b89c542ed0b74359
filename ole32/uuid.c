/*
 * uuid.c: rpcrt4.dll's UUIDs.
 *
 * Layer: ole32, over combase's random ones and ntdll's text form.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

typedef LONG RPC_STATUS;
#ifndef RPC_S_OK
#define RPC_S_OK 0
#endif
#define RPC_S_OUT_OF_MEMORY ERROR_OUTOFMEMORY

HRESULT WINAPI CoCreateGuid(GUID *guid);
NTSTATUS WINAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string);
NTSTATUS WINAPI RtlGUIDFromString(const UNICODE_STRING *string, GUID *guid);

RPC_STATUS WINAPI UuidCreate(GUID *uuid)
{
    return SUCCEEDED(CoCreateGuid(uuid)) ? RPC_S_OK : RPC_S_OUT_OF_MEMORY;
}

RPC_STATUS WINAPI UuidCreateNil(GUID *uuid)
{
    memset(uuid, 0, sizeof *uuid);
    return RPC_S_OK;
}

/* Version 1: the time since 1582, and a random node, marked as such, that stays the same in the process. */
RPC_STATUS WINAPI UuidCreateSequential(GUID *uuid)
{
    static GUID node;
    static volatile LONG sequence;
    FILETIME now;
    ULONGLONG time;

    if (!node.Data1)
        UuidCreate(&node);
    GetSystemTimeAsFileTime(&now);
    time = (ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime;
    time += 5748192000000000ull; /* from 1582-10-15 to 1601-01-01 */
    time += (ULONG)__sync_add_and_fetch(&sequence, 1);
    uuid->Data1 = (ULONG)time;
    uuid->Data2 = (USHORT)(time >> 32);
    uuid->Data3 = (USHORT)((time >> 48 & 0x0fff) | 0x1000);
    memcpy(uuid->Data4, node.Data4, sizeof uuid->Data4);
    uuid->Data4[0] = (BYTE)((uuid->Data4[0] & 0x3f) | 0x80);
    uuid->Data4[2] |= 1; /* not a network card's */
    return RPC_S_OK;
}

INT WINAPI UuidCompare(GUID *a, GUID *b, RPC_STATUS *status)
{
    static const GUID nil;
    const GUID *x = a ? a : &nil, *y = b ? b : &nil;

    *status = RPC_S_OK;
    if (x->Data1 != y->Data1)
        return x->Data1 < y->Data1 ? -1 : 1;
    if (x->Data2 != y->Data2)
        return x->Data2 < y->Data2 ? -1 : 1;
    if (x->Data3 != y->Data3)
        return x->Data3 < y->Data3 ? -1 : 1;
    for (int i = 0; i < 8; i++)
        if (x->Data4[i] != y->Data4[i])
            return x->Data4[i] < y->Data4[i] ? -1 : 1;
    return 0;
}

INT WINAPI UuidEqual(GUID *a, GUID *b, RPC_STATUS *status)
{
    return UuidCompare(a, b, status) == 0;
}

INT WINAPI UuidIsNil(GUID *uuid, RPC_STATUS *status)
{
    return UuidCompare(uuid, NULL, status) == 0;
}

USHORT WINAPI UuidHash(GUID *uuid, RPC_STATUS *status)
{
    const BYTE *bytes = (const BYTE *)uuid;
    unsigned a = 0, b = 0;

    *status = RPC_S_OK;
    for (size_t i = 0; uuid && i < sizeof *uuid; i++)
        b += a += bytes[i];
    return (USHORT)((a % 255) << 8 | b % 255);
}

/* "6ba7b810-9dad-11d1-80b4-00c04fd430c8", without braces and in small letters. */
RPC_STATUS WINAPI UuidToStringW(const GUID *uuid, LPWSTR *text)
{
    UNICODE_STRING string;

    *text = RtlAllocateHeap(peb_current()->ProcessHeap, 0, 37 * sizeof **text);
    if (!*text || RtlStringFromGUID(uuid, &string)) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, *text);
        *text = NULL;
        return RPC_S_OUT_OF_MEMORY;
    }
    for (int i = 0; i < 36; i++)
        (*text)[i] = wide_lower(string.Buffer[i + 1]);
    (*text)[36] = 0;
    RtlFreeUnicodeString(&string);
    return RPC_S_OK;
}

RPC_STATUS WINAPI UuidToStringA(const GUID *uuid, LPSTR *text)
{
    LPWSTR wide;
    RPC_STATUS status = UuidToStringW(uuid, &wide);

    *text = status ? NULL : ansi_from_wide(wide);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return status ? status : *text ? RPC_S_OK : RPC_S_OUT_OF_MEMORY;
}

RPC_STATUS WINAPI UuidFromStringW(LPWSTR text, GUID *uuid)
{
    WCHAR braced[39];
    UNICODE_STRING string = {78 - 2, 78, braced};

    if (!text)
        return UuidCreateNil(uuid);
    if (wide_length(text) != 36)
        return RPC_S_INVALID_STRING_UUID;
    braced[0] = '{';
    memcpy(braced + 1, text, 36 * sizeof *text);
    braced[37] = '}';
    braced[38] = 0;
    return RtlGUIDFromString(&string, uuid) ? RPC_S_INVALID_STRING_UUID : RPC_S_OK;
}

RPC_STATUS WINAPI UuidFromStringA(LPSTR text, GUID *uuid)
{
    WCHAR *wide = wide_from_ansi(text);
    RPC_STATUS status = UuidFromStringW(wide, uuid);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return status;
}

RPC_STATUS WINAPI RpcStringFreeW(LPWSTR *text)
{
    if (text) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, *text);
        *text = NULL;
    }
    return RPC_S_OK;
}

RPC_STATUS WINAPI RpcStringFreeA(LPSTR *text)
{
    return RpcStringFreeW((LPWSTR *)text);
}
