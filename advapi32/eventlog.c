/*
 * eventlog.c: the event log and event tracing.  Nobody listens: events are accepted and dropped, and providers are
 * told so by never being enabled.
 *
 * Layer: advapi32.
 */
#include "win.h"

#define EVENT_SOURCE_HANDLE ((HANDLE)0x65766c67)

HANDLE WINAPI RegisterEventSourceW(LPCWSTR server, LPCWSTR source)
{
    (void)server, (void)source;
    return EVENT_SOURCE_HANDLE;
}

HANDLE WINAPI RegisterEventSourceA(LPCSTR server, LPCSTR source)
{
    (void)server, (void)source;
    return EVENT_SOURCE_HANDLE;
}

static BOOL source_check(HANDLE source)
{
    if (source == EVENT_SOURCE_HANDLE)
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI DeregisterEventSource(HANDLE source)
{
    return source_check(source);
}

BOOL WINAPI ReportEventW(HANDLE source, WORD type, WORD category, DWORD id, PSID user, WORD count, DWORD size,
                         LPCWSTR *strings, LPVOID data)
{
    (void)type, (void)category, (void)id, (void)user, (void)count, (void)size, (void)strings, (void)data;
    return source_check(source);
}

BOOL WINAPI ReportEventA(HANDLE source, WORD type, WORD category, DWORD id, PSID user, WORD count, DWORD size,
                         LPCSTR *strings, LPVOID data)
{
    (void)type, (void)category, (void)id, (void)user, (void)count, (void)size, (void)strings, (void)data;
    return source_check(source);
}

ULONG WINAPI EventRegister(const GUID *provider, PVOID callback, PVOID context, ULONGLONG *handle)
{
    static volatile LONG last;

    (void)callback, (void)context;
    if (!provider || !handle)
        return ERROR_INVALID_PARAMETER;
    *handle = 0x1000u + (ULONGLONG)__sync_add_and_fetch(&last, 1);
    return ERROR_SUCCESS;
}

ULONG WINAPI EventUnregister(ULONGLONG handle)
{
    return handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

ULONG WINAPI EventWrite(ULONGLONG handle, const void *event, ULONG count, void *data)
{
    (void)event, (void)count, (void)data;
    return handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

ULONG WINAPI EventWriteEx(ULONGLONG handle, const void *event, ULONGLONG filter, ULONG flags, const GUID *activity,
                          const GUID *related, ULONG count, void *data)
{
    (void)filter, (void)flags, (void)activity, (void)related;
    return EventWrite(handle, event, count, data);
}

ULONG WINAPI EventWriteTransfer(ULONGLONG handle, const void *event, const GUID *activity, const GUID *related,
                                ULONG count, void *data)
{
    (void)activity, (void)related;
    return EventWrite(handle, event, count, data);
}

ULONG WINAPI EventWriteString(ULONGLONG handle, UCHAR level, ULONGLONG keyword, PCWSTR text)
{
    (void)level, (void)keyword;
    return EventWrite(handle, text, 0, NULL);
}

ULONG WINAPI EventSetInformation(ULONGLONG handle, ULONG class, PVOID info, ULONG size)
{
    (void)class, (void)info, (void)size;
    return handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

BOOLEAN WINAPI EventEnabled(ULONGLONG handle, const void *event)
{
    (void)handle, (void)event;
    return FALSE;
}

BOOLEAN WINAPI EventProviderEnabled(ULONGLONG handle, UCHAR level, ULONGLONG keyword)
{
    (void)handle, (void)level, (void)keyword;
    return FALSE;
}

ULONG WINAPI EventActivityIdControl(ULONG code, GUID *activity)
{
    (void)code;
    return activity ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}
