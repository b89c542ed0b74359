/*
 * errorinfo.c: a thread's error object (SetErrorInfo, GetErrorInfo), and the one that programs fill (CreateErrorInfo).
 *
 * Layer: ole32.  The object is kept in a slot of FLS, so that it is released with the thread.
 */
#include "com.h"
#include <oaidl.h>
#include <oleauto.h>

static const GUID iid_error_info = {0x1cf2b120, 0x547d, 0x101b, {0x8e, 0x65, 0x08, 0x00, 0x2b, 0x2b, 0xd1, 0x19}};
static const GUID iid_create_error_info = {
    0x22f03340, 0x547d, 0x101b, {0x8e, 0x65, 0x08, 0x00, 0x2b, 0x2b, 0xd1, 0x19}};

/* ---- the slot ---- */

static void WINAPI thread_ends(void *object)
{
    com_release(object);
}

static DWORD slot(void)
{
    static volatile LONG made = -1;

    if (made == -1) {
        DWORD new = FlsAlloc(thread_ends);

        if (!__sync_bool_compare_and_swap(&made, -1, (LONG) new))
            FlsFree(new);
    }
    return (DWORD)made;
}

HRESULT WINAPI SetErrorInfo(ULONG reserved, IErrorInfo *info)
{
    IErrorInfo *old;

    if (reserved)
        return E_INVALIDARG;
    old = FlsGetValue(slot());
    if (info)
        com_add_ref(info);
    FlsSetValue(slot(), info);
    com_release(old);
    return S_OK;
}

HRESULT WINAPI GetErrorInfo(ULONG reserved, IErrorInfo **info)
{
    if (reserved || !info)
        return E_INVALIDARG;
    *info = FlsGetValue(slot());
    FlsSetValue(slot(), NULL);
    return *info ? S_OK : S_FALSE;
}

/* ---- the object: two interfaces ---- */

struct error_info {
    const IErrorInfoVtbl *reader;
    LONG refs;
    const ICreateErrorInfoVtbl *writer;
    GUID guid;
    DWORD help_context;
    BSTR source, description, help_file;
};

static void destroy(struct error_info *info)
{
    SysFreeString(info->source);
    SysFreeString(info->description);
    SysFreeString(info->help_file);
    com_free(info);
}

COM_COUNTED(IErrorInfo, struct error_info, reader, destroy)

static struct error_info *of_writer(ICreateErrorInfo *this)
{
    return (struct error_info *)((char *)this - offsetof(struct error_info, writer));
}

static HRESULT WINAPI reader_query(IErrorInfo *this, REFIID id, void **result)
{
    struct error_info *info = (struct error_info *)this;

    if (guid_equal(id, &iid_create_error_info))
        return com_answer(true, &info->writer, result);
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_equal(id, &iid_error_info), this, result);
}

static HRESULT WINAPI get_guid(IErrorInfo *this, GUID *guid)
{
    if (!guid)
        return E_INVALIDARG;
    *guid = ((struct error_info *)this)->guid;
    return S_OK;
}

static HRESULT give(BSTR text, BSTR *out)
{
    if (!out)
        return E_INVALIDARG;
    *out = text ? SysAllocStringLen(text, SysStringLen(text)) : NULL;
    return text && !*out ? E_OUTOFMEMORY : S_OK;
}

static HRESULT WINAPI get_source(IErrorInfo *this, BSTR *text)
{
    return give(((struct error_info *)this)->source, text);
}

static HRESULT WINAPI get_description(IErrorInfo *this, BSTR *text)
{
    return give(((struct error_info *)this)->description, text);
}

static HRESULT WINAPI get_help_file(IErrorInfo *this, BSTR *text)
{
    return give(((struct error_info *)this)->help_file, text);
}

static HRESULT WINAPI get_help_context(IErrorInfo *this, DWORD *context)
{
    if (!context)
        return E_INVALIDARG;
    *context = ((struct error_info *)this)->help_context;
    return S_OK;
}

static const IErrorInfoVtbl reader_methods = {reader_query, reader_add_ref,  reader_release, get_guid,
                                              get_source,   get_description, get_help_file,  get_help_context};

static HRESULT WINAPI writer_query(ICreateErrorInfo *this, REFIID id, void **result)
{
    return reader_query((IErrorInfo *)of_writer(this), id, result);
}

static ULONG WINAPI writer_add_ref(ICreateErrorInfo *this)
{
    return reader_add_ref((IErrorInfo *)of_writer(this));
}

static ULONG WINAPI writer_release(ICreateErrorInfo *this)
{
    return reader_release((IErrorInfo *)of_writer(this));
}

static HRESULT WINAPI set_guid(ICreateErrorInfo *this, REFGUID guid)
{
    of_writer(this)->guid = *guid;
    return S_OK;
}

static HRESULT take(BSTR *place, const WCHAR *text)
{
    SysFreeString(*place);
    *place = SysAllocString(text);
    return text && !*place ? E_OUTOFMEMORY : S_OK;
}

static HRESULT WINAPI set_source(ICreateErrorInfo *this, LPOLESTR text)
{
    return take(&of_writer(this)->source, text);
}

static HRESULT WINAPI set_description(ICreateErrorInfo *this, LPOLESTR text)
{
    return take(&of_writer(this)->description, text);
}

static HRESULT WINAPI set_help_file(ICreateErrorInfo *this, LPOLESTR text)
{
    return take(&of_writer(this)->help_file, text);
}

static HRESULT WINAPI set_help_context(ICreateErrorInfo *this, DWORD context)
{
    of_writer(this)->help_context = context;
    return S_OK;
}

static const ICreateErrorInfoVtbl writer_methods = {writer_query, writer_add_ref,  writer_release, set_guid,
                                                    set_source,   set_description, set_help_file,  set_help_context};

HRESULT WINAPI CreateErrorInfo(ICreateErrorInfo **result)
{
    struct error_info *info;

    if (!result)
        return E_INVALIDARG;
    info = com_alloc(sizeof *info);
    if (!info)
        return E_OUTOFMEMORY;
    info->reader = &reader_methods;
    info->writer = &writer_methods;
    info->refs = 1;
    *result = (ICreateErrorInfo *)&info->writer;
    return S_OK;
}
