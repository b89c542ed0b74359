/*
 * combase.c: memory of COM's allocator, and GUIDs as texts.
 *
 * Layer: ole32, over the process heap.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include "ntdll/sysinfo.h"

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

LPVOID WINAPI CoTaskMemAlloc(SIZE_T size)
{
    return RtlAllocateHeap(heap(), 0, size);
}

LPVOID WINAPI CoTaskMemRealloc(LPVOID memory, SIZE_T size)
{
    if (!memory)
        return CoTaskMemAlloc(size);
    if (size)
        return RtlReAllocateHeap(heap(), 0, memory, size);
    RtlFreeHeap(heap(), 0, memory);
    return NULL;
}

void WINAPI CoTaskMemFree(LPVOID memory)
{
    RtlFreeHeap(heap(), 0, memory);
}

/* A random (version 4) GUID. */
HRESULT WINAPI CoCreateGuid(GUID *guid)
{
    if (!guid)
        return E_INVALIDARG;
    if (random_bytes(guid, sizeof *guid))
        return E_FAIL;
    guid->Data3 = (USHORT)((guid->Data3 & 0x0fff) | 0x4000);
    guid->Data4[0] = (BYTE)((guid->Data4[0] & 0x3f) | 0x80);
    return S_OK;
}

HRESULT WINAPI StringFromIID(const GUID *guid, PWSTR *text);

NTSTATUS WINAPI RtlStringFromGUID(const GUID *guid, PUNICODE_STRING string);
NTSTATUS WINAPI RtlGUIDFromString(const UNICODE_STRING *string, GUID *guid);

int WINAPI StringFromGUID2(const GUID *guid, PWSTR text, int room)
{
    UNICODE_STRING string;

    if (room < 39 || RtlStringFromGUID(guid, &string))
        return 0;
    memcpy(text, string.Buffer, 39 * sizeof *text);
    RtlFreeUnicodeString(&string);
    return 39;
}

HRESULT WINAPI StringFromCLSID(const GUID *guid, PWSTR *text)
{
    *text = CoTaskMemAlloc(39 * sizeof(WCHAR));
    return *text && StringFromGUID2(guid, *text, 39) ? S_OK : E_OUTOFMEMORY;
}

HRESULT WINAPI StringFromIID(const GUID *guid, PWSTR *text)
{
    return StringFromCLSID(guid, text);
}

HRESULT WINAPI CLSIDFromString(PCWSTR text, GUID *guid)
{
    UNICODE_STRING string;

    memset(guid, 0, sizeof *guid);
    if (!text)
        return S_OK;
    RtlInitUnicodeString(&string, text);
    return string.Length == 38 * sizeof(WCHAR) && !RtlGUIDFromString(&string, guid) ? S_OK : CO_E_CLASSSTRING;
}

HRESULT WINAPI IIDFromString(PCWSTR text, GUID *guid)
{
    HRESULT result = CLSIDFromString(text, guid);

    return result == CO_E_CLASSSTRING ? CO_E_IIDSTRING : result;
}
