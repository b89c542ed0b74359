/*
 * shlwapi_object.c: shlwapi's shorthands for COM objects: streams read to the last byte, pointers that are set and
 * released, sites and services, tables of interfaces.
 *
 * Layer: shell32.  Objects may be the program's, so they are called through the gate.
 */
#include "ole32/com.h"
#include <ocidl.h>
#include <servprov.h>
#include <shlwapi.h>

static const IID iid_unknown = GUID_OLE(0);
static const IID iid_object_with_site = {0xfc4801a3, 0x2ba9, 0x11cf, {0xa2, 0x29, 0, 0xaa, 0, 0x3d, 0x73, 0x52}};
static const IID iid_service_provider = {0x6d5140c1, 0x7436, 0x11ce, {0x80, 0x34, 0, 0xaa, 0, 0x60, 0x09, 0xfa}};
static const IID iid_connection_container = {0xb196b284, 0xbab4, 0x101a, {0xb6, 0x9c, 0, 0xaa, 0, 0x34, 0x1d, 0x07}};
static const IID iid_ole_window = {0x114, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};

/* ---- streams ---- */

HRESULT WINAPI IStream_Read(IStream *stream, void *data, ULONG size)
{
    ULONG got = 0;
    HRESULT hr = COM_CALL(IStream, stream, Read, data, size, &got);

    return SUCCEEDED(hr) && got != size ? E_FAIL : hr;
}

HRESULT WINAPI IStream_Write(IStream *stream, const void *data, ULONG size)
{
    ULONG put = 0;
    HRESULT hr = COM_CALL(IStream, stream, Write, data, size, &put);

    return SUCCEEDED(hr) && put != size ? E_FAIL : hr;
}

HRESULT WINAPI IStream_Reset(IStream *stream)
{
    return COM_CALL(IStream, stream, Seek, 0, STREAM_SEEK_SET, NULL);
}

HRESULT WINAPI IStream_Size(IStream *stream, ULARGE_INTEGER *size)
{
    STATSTG facts = {0};
    HRESULT hr = COM_CALL(IStream, stream, Stat, &facts, STATFLAG_NONAME, 0);

    *size = facts.cbSize;
    return hr;
}

HRESULT WINAPI IStream_Copy(IStream *from, IStream *to, DWORD size)
{
    BYTE buffer[512];
    HRESULT hr = S_OK;

    for (DWORD part; size && SUCCEEDED(hr); size -= part) {
        part = size < sizeof buffer ? size : sizeof buffer;
        hr = IStream_Read(from, buffer, part);
        if (SUCCEEDED(hr))
            hr = IStream_Write(to, buffer, part);
    }
    return hr;
}

/* ---- pointers ---- */

void WINAPI IUnknown_AtomicRelease(void **place)
{
    if (place)
        com_release(__atomic_exchange_n(place, NULL, __ATOMIC_SEQ_CST));
}

void WINAPI IUnknown_Set(IUnknown **place, IUnknown *object)
{
    if (object)
        com_add_ref(object);
    IUnknown_AtomicRelease((void **)place);
    *place = object;
}

HRESULT WINAPI IUnknown_SetSite(IUnknown *object, IUnknown *site)
{
    void *with_site;
    HRESULT hr = object ? com_query(object, &iid_object_with_site, &with_site) : E_FAIL;

    if (FAILED(hr))
        return hr;
    hr = COM_CALL(IObjectWithSite, with_site, SetSite, site, 0, 0);
    com_release(with_site);
    return hr;
}

HRESULT WINAPI IUnknown_GetSite(IUnknown *object, REFIID id, void **site)
{
    void *with_site;
    HRESULT hr = object ? com_query(object, &iid_object_with_site, &with_site) : E_INVALIDARG;

    *site = NULL;
    if (FAILED(hr))
        return hr;
    hr = COM_CALL(IObjectWithSite, with_site, GetSite, id, site, 0);
    com_release(with_site);
    return hr;
}

HRESULT WINAPI IUnknown_QueryService(IUnknown *object, REFGUID service, REFIID id, void **result)
{
    void *provider;
    HRESULT hr = object ? com_query(object, &iid_service_provider, &provider) : E_FAIL;

    *result = NULL;
    if (FAILED(hr))
        return hr;
    hr = COM_CALL(IServiceProvider, provider, QueryService, service, id, result);
    com_release(provider);
    return hr;
}

HRESULT WINAPI IUnknown_GetWindow(IUnknown *object, HWND *window)
{
    void *with_window;
    HRESULT hr = object ? com_query(object, &iid_ole_window, &with_window) : E_FAIL;

    *window = NULL;
    if (FAILED(hr))
        return hr;
    hr = COM_CALL(IOleWindow, with_window, GetWindow, window, 0, 0);
    com_release(with_window);
    return hr;
}

HRESULT WINAPI ConnectToConnectionPoint(IUnknown *sink, REFIID id, BOOL connect, IUnknown *source, DWORD *cookie,
                                        IConnectionPoint **kept)
{
    void *container;
    IConnectionPoint *point = NULL;
    HRESULT hr = source && (sink || !connect) ? com_query(source, &iid_connection_container, &container) : E_FAIL;

    if (kept)
        *kept = NULL;
    if (FAILED(hr))
        return hr;
    hr = COM_CALL(IConnectionPointContainer, container, FindConnectionPoint, id, &point, 0);
    com_release(container);
    if (FAILED(hr))
        return hr;
    hr = connect ? COM_CALL(IConnectionPoint, point, Advise, sink, cookie, 0)
                 : COM_CALL(IConnectionPoint, point, Unadvise, *cookie, 0, 0);
    if (FAILED(hr) && cookie)
        *cookie = 0;
    if (kept && connect && SUCCEEDED(hr))
        *kept = point;
    else
        com_release(point);
    return hr;
}

/* An object's QueryInterface by a table of interfaces and where in the object they are; the first is its IUnknown. */
HRESULT WINAPI QISearch(void *object, LPCQITAB table, REFIID id, void **result)
{
    LPCQITAB row = table;

    if (!result)
        return E_POINTER;
    *result = NULL;
    while (row->piid && !guid_equal(row->piid, id))
        row++;
    if (!row->piid && guid_equal(id, &iid_unknown))
        row = table;
    if (!row->piid)
        return E_NOINTERFACE;
    *result = (char *)object + row->dwOffset;
    com_add_ref(*result);
    return S_OK;
}
