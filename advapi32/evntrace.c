/*
 * evntrace.c: the older half of event tracing: providers by RegisterTraceGuids, and sessions.
 *
 * Layer: advapi32.  A provider is registered and never enabled.  Sessions are for administrators, which the user is
 * not; so none runs.
 */
#include "win.h"
#include <wmistr.h>
#include <evntrace.h>

#define PROVIDER ((TRACEHANDLE)0x77696e72)

ULONG WMIAPI RegisterTraceGuidsW(WMIDPREQUEST callback, PVOID context, LPCGUID control, ULONG count,
                                 PTRACE_GUID_REGISTRATION classes, LPCWSTR path, LPCWSTR resource, PTRACEHANDLE handle)
{
    (void)context, (void)path, (void)resource;
    if (!callback || !control || !handle || (count && !classes))
        return ERROR_INVALID_PARAMETER;
    for (ULONG i = 0; i < count; i++)
        classes[i].RegHandle = (HANDLE)PROVIDER;
    *handle = PROVIDER;
    return ERROR_SUCCESS;
}

ULONG WMIAPI RegisterTraceGuidsA(WMIDPREQUEST callback, PVOID context, LPCGUID control, ULONG count,
                                 PTRACE_GUID_REGISTRATION classes, LPCSTR path, LPCSTR resource, PTRACEHANDLE handle)
{
    (void)path, (void)resource;
    return RegisterTraceGuidsW(callback, context, control, count, classes, NULL, NULL, handle);
}

ULONG WMIAPI UnregisterTraceGuids(TRACEHANDLE handle)
{
    return handle == PROVIDER ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

/* Asked inside a provider's callback, which is never called. */
TRACEHANDLE WMIAPI GetTraceLoggerHandle(PVOID buffer)
{
    (void)buffer;
    SetLastError(ERROR_INVALID_PARAMETER);
    return (TRACEHANDLE)INVALID_HANDLE_VALUE;
}

UCHAR WMIAPI GetTraceEnableLevel(TRACEHANDLE session)
{
    (void)session;
    SetLastError(ERROR_INVALID_HANDLE);
    return 0;
}

ULONG WMIAPI GetTraceEnableFlags(TRACEHANDLE session)
{
    (void)session;
    SetLastError(ERROR_INVALID_HANDLE);
    return 0;
}

ULONG WMIAPI TraceEvent(TRACEHANDLE session, PEVENT_TRACE_HEADER event)
{
    (void)session;
    return event ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}

ULONG WMIAPI TraceEventInstance(TRACEHANDLE session, PEVENT_INSTANCE_HEADER event, PEVENT_INSTANCE_INFO info,
                                PEVENT_INSTANCE_INFO parent)
{
    (void)session, (void)parent;
    return event && info ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}

ULONG __cdecl TraceMessage(TRACEHANDLE session, ULONG flags, LPCGUID guid, USHORT number, ...)
{
    (void)session, (void)flags, (void)guid, (void)number;
    return ERROR_INVALID_HANDLE;
}

/* TraceMessageVa; the headers declare that one without a calling convention. */
ULONG WMIAPI trace_message_list(TRACEHANDLE session, ULONG flags, LPCGUID guid, USHORT number, PVOID arguments);
ULONG WMIAPI trace_message_list(TRACEHANDLE session, ULONG flags, LPCGUID guid, USHORT number, PVOID arguments)
{
    (void)session, (void)flags, (void)guid, (void)number, (void)arguments;
    return ERROR_INVALID_HANDLE;
}

/* ---- sessions ---- */

ULONG WMIAPI StartTraceW(PTRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    return handle && name && properties ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

ULONG WMIAPI StartTraceA(PTRACEHANDLE handle, LPCSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    return handle && name && properties ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

static ULONG control(const void *name, PEVENT_TRACE_PROPERTIES properties)
{
    if (!properties)
        return ERROR_INVALID_PARAMETER;
    return name ? ERROR_WMI_INSTANCE_NOT_FOUND : ERROR_INVALID_HANDLE;
}

ULONG WMIAPI ControlTraceW(TRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties, ULONG code)
{
    (void)handle, (void)code;
    return control(name, properties);
}

ULONG WMIAPI ControlTraceA(TRACEHANDLE handle, LPCSTR name, PEVENT_TRACE_PROPERTIES properties, ULONG code)
{
    (void)handle, (void)code;
    return control(name, properties);
}

ULONG WMIAPI StopTraceW(TRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    (void)handle;
    return control(name, properties);
}

ULONG WMIAPI StopTraceA(TRACEHANDLE handle, LPCSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    (void)handle;
    return control(name, properties);
}

ULONG WMIAPI QueryTraceW(TRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    (void)handle;
    return control(name, properties);
}

ULONG WMIAPI QueryTraceA(TRACEHANDLE handle, LPCSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    (void)handle;
    return control(name, properties);
}

ULONG WMIAPI FlushTraceW(TRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    (void)handle;
    return control(name, properties);
}

ULONG WMIAPI FlushTraceA(TRACEHANDLE handle, LPCSTR name, PEVENT_TRACE_PROPERTIES properties)
{
    (void)handle;
    return control(name, properties);
}

ULONG WMIAPI QueryAllTracesW(PEVENT_TRACE_PROPERTIES *list, ULONG room, PULONG count)
{
    if (!list || !room || !count)
        return ERROR_INVALID_PARAMETER;
    *count = 0;
    return ERROR_SUCCESS;
}

ULONG WMIAPI QueryAllTracesA(PEVENT_TRACE_PROPERTIES *list, ULONG room, PULONG count)
{
    return QueryAllTracesW(list, room, count);
}

ULONG WMIAPI EnableTrace(ULONG enable, ULONG flags, ULONG level, LPCGUID guid, TRACEHANDLE session)
{
    (void)enable, (void)flags, (void)level, (void)session;
    return guid ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}

ULONG WMIAPI EnableTraceEx(LPCGUID guid, LPCGUID source, TRACEHANDLE session, ULONG enable, UCHAR level, ULONGLONG any,
                           ULONGLONG all, ULONG property, PEVENT_FILTER_DESCRIPTOR filter)
{
    (void)source, (void)session, (void)enable, (void)level, (void)any, (void)all, (void)property, (void)filter;
    return guid ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}

ULONG WMIAPI EnableTraceEx2(TRACEHANDLE session, LPCGUID guid, ULONG code, UCHAR level, ULONGLONG any, ULONGLONG all,
                            ULONG timeout, PENABLE_TRACE_PARAMETERS parameters)
{
    (void)session, (void)code, (void)level, (void)any, (void)all, (void)timeout, (void)parameters;
    return guid ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}

static TRACEHANDLE open_trace(const void *logfile)
{
    SetLastError(logfile ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER);
    return (TRACEHANDLE)INVALID_HANDLE_VALUE;
}

TRACEHANDLE WMIAPI OpenTraceW(PEVENT_TRACE_LOGFILEW logfile)
{
    return open_trace(logfile);
}

TRACEHANDLE WMIAPI OpenTraceA(PEVENT_TRACE_LOGFILEA logfile)
{
    return open_trace(logfile);
}

ULONG WMIAPI CloseTrace(TRACEHANDLE handle)
{
    (void)handle;
    return ERROR_INVALID_HANDLE;
}

ULONG WMIAPI ProcessTrace(PTRACEHANDLE handles, ULONG count, LPFILETIME start, LPFILETIME end)
{
    (void)start, (void)end;
    return handles && count ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
}
