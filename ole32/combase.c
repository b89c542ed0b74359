/*
 * combase.c: what console programs use of COM without any server: memory, GUIDs, initialization.
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

/* Nested initialization is counted in the TEB's slot for COM; the mode is its low bit. */
#define RPC_CHANGED_MODE ((HRESULT)0x80010106)

static HRESULT initialize(DWORD apartment)
{
    PTEB teb = teb_current();
    ULONG_PTR state = (ULONG_PTR)teb->ReservedForOle;

    if (state && (state & 1) != apartment)
        return RPC_CHANGED_MODE;
    teb->ReservedForOle = (PVOID)((state + 2) | apartment);
    return state ? S_FALSE : S_OK;
}

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD flags)
{
    return reserved ? E_INVALIDARG : initialize(flags & 2 ? 1 : 0);
}

HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, 2);
}

void WINAPI CoUninitialize(void)
{
    PTEB teb = teb_current();
    ULONG_PTR state = (ULONG_PTR)teb->ReservedForOle;

    if (state >= 2)
        teb->ReservedForOle = state - 2 >= 2 ? (PVOID)(state - 2) : NULL;
}

HRESULT WINAPI OleInitialize(LPVOID reserved)
{
    return CoInitialize(reserved);
}

void WINAPI OleUninitialize(void)
{
    CoUninitialize();
}

HRESULT WINAPI RoInitialize(int type)
{
    return initialize(type == 0 ? 1 : 0);
}

void WINAPI RoUninitialize(void)
{
    CoUninitialize();
}

HRESULT WINAPI CoInitializeSecurity(PVOID descriptor, LONG count, PVOID services, PVOID reserved, DWORD level,
                                    DWORD impersonation, PVOID list, DWORD capabilities, PVOID reserved3)
{
    (void)descriptor, (void)count, (void)services, (void)reserved, (void)level, (void)impersonation, (void)list;
    (void)capabilities, (void)reserved3;
    return teb_current()->ReservedForOle ? S_OK : (HRESULT)0x800401f0; /* CO_E_NOTINITIALIZED */
}

/* No class is registered. */
HRESULT WINAPI CoCreateInstance(const GUID *class, PVOID outer, DWORD context, const GUID *interface, LPVOID *object)
{
    (void)class, (void)outer, (void)context, (void)interface;
    if (!object)
        return E_POINTER;
    *object = NULL;
    return teb_current()->ReservedForOle ? REGDB_E_CLASSNOTREG : (HRESULT)0x800401f0;
}

HRESULT WINAPI CoGetClassObject(const GUID *class, DWORD context, PVOID server, const GUID *interface, LPVOID *object)
{
    (void)server;
    return CoCreateInstance(class, NULL, context, interface, object);
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
