/*
 * shelllink.c: shortcuts as objects (CLSID_ShellLink): IShellLinkW, IShellLinkA, IPersistFile, IPersistStream; and
 * shell32's DllGetClassObject, through which they are made.
 *
 * Layer: shell32.
 */
#include "linkfile.h"
#include <shlwapi.h>

struct shell_link {
    const IShellLinkWVtbl *wide;
    LONG refs;
    const IShellLinkAVtbl *narrow;
    const IPersistFileVtbl *file;
    const IPersistStreamVtbl *stream;
    struct link link;
    WCHAR *name; /* of the file it was loaded from or saved to */
    bool dirty;
};

static const GUID class_shell_link = {0x00021401, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};

enum {
    IID_LINK_A = 0x214ee,
    IID_LINK_W = 0x214f9,
    IID_PERSIST = 0x10c,
    IID_PERSIST_FILE = 0x10b,
    IID_PERSIST_STREAM = 0x109
};

static void destroy(struct shell_link *link)
{
    link_clear(&link->link);
    com_free(link->name);
    com_free(link);
}

COM_COUNTED(IShellLinkW, struct shell_link, wide, destroy)

static HRESULT WINAPI wide_query(IShellLinkW *this, REFIID id, void **result)
{
    struct shell_link *link = (struct shell_link *)this;

    if (guid_is_ole(id, IID_LINK_A))
        return com_answer(true, &link->narrow, result);
    if (guid_is_ole(id, IID_PERSIST_FILE) || guid_is_ole(id, IID_PERSIST))
        return com_answer(true, &link->file, result);
    if (guid_is_ole(id, IID_PERSIST_STREAM))
        return com_answer(true, &link->stream, result);
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, IID_LINK_W), this, result);
}

/* ---- IShellLinkW ---- */

static struct link *of(IShellLinkW *this)
{
    return &((struct shell_link *)this)->link;
}

static HRESULT changed(IShellLinkW *this, bool good)
{
    ((struct shell_link *)this)->dirty = true;
    return good ? S_OK : E_OUTOFMEMORY;
}

static HRESULT give(const WCHAR *text, LPWSTR out, int room)
{
    if (!out || room <= 0)
        return E_INVALIDARG;
    lstrcpynW(out, text ? text : L"", room);
    return S_OK;
}

static HRESULT WINAPI get_path(IShellLinkW *this, LPWSTR path, int room, WIN32_FIND_DATAW *data, DWORD flags)
{
    struct link *link = of(this);
    WCHAR from_list[MAX_PATH] = {0};
    const WCHAR *text = link->path;

    (void)flags; /* there are no short names */
    if (!text && link->list && SHGetPathFromIDListW(link->list, from_list))
        text = from_list;
    if (data) {
        memset(data, 0, sizeof *data);
        data->dwFileAttributes = link->found.dwFileAttributes;
        data->ftCreationTime = link->found.ftCreationTime;
        data->ftLastAccessTime = link->found.ftLastAccessTime;
        data->ftLastWriteTime = link->found.ftLastWriteTime;
        data->nFileSizeLow = link->found.nFileSizeLow;
        if (text) {
            lstrcpynW(from_list, text, MAX_PATH);
            lstrcpyW(data->cFileName, path_name(from_list));
        }
    }
    if (room)
        give(text, path, room);
    return text ? S_OK : S_FALSE;
}

static HRESULT WINAPI set_path(IShellLinkW *this, LPCWSTR path)
{
    struct link *link = of(this);
    WCHAR full[MAX_PATH], expanded[MAX_PATH];

    if (!path)
        return E_INVALIDARG;
    ILFree(link->list);
    link->list = NULL;
    memset(&link->found, 0, sizeof link->found);
    if (!*path)
        return changed(this, link_set_text(&link->path, L""));
    if (!ExpandEnvironmentStringsW(path, expanded, MAX_PATH) || !GetFullPathNameW(expanded, MAX_PATH, full, NULL))
        return E_INVALIDARG;
    GetFileAttributesExW(full, GetFileExInfoStandard, &link->found);
    link->list = SHSimpleIDListFromPath(full);
    return changed(this, link_set_text(&link->path, full));
}

static HRESULT WINAPI get_list(IShellLinkW *this, PIDLIST_ABSOLUTE *list)
{
    struct link *link = of(this);

    if (!list)
        return E_INVALIDARG;
    *list = (PIDLIST_ABSOLUTE)ILClone(link->list);
    return *list ? S_OK : S_FALSE;
}

static HRESULT WINAPI set_list(IShellLinkW *this, PCIDLIST_ABSOLUTE list)
{
    struct link *link = of(this);
    WCHAR path[MAX_PATH];

    ILFree(link->list);
    link->list = (PIDLIST_ABSOLUTE)ILClone(list);
    return changed(this, link_set_text(&link->path, SHGetPathFromIDListW(list, path) ? path : NULL));
}

#define TEXT_PROPERTY(name, which)                                                                                     \
    static HRESULT WINAPI get_##name(IShellLinkW *this, LPWSTR text, int room)                                         \
    {                                                                                                                  \
        return give(of(this)->texts[which], text, room);                                                               \
    }                                                                                                                  \
    static HRESULT WINAPI set_##name(IShellLinkW *this, LPCWSTR text)                                                  \
    {                                                                                                                  \
        return changed(this, link_set_text(&of(this)->texts[which], text));                                            \
    }

TEXT_PROPERTY(description, LINK_DESCRIPTION)
TEXT_PROPERTY(directory, LINK_DIRECTORY)
TEXT_PROPERTY(arguments, LINK_ARGUMENTS)

static HRESULT WINAPI get_hotkey(IShellLinkW *this, WORD *key)
{
    *key = of(this)->hotkey;
    return S_OK;
}

static HRESULT WINAPI set_hotkey(IShellLinkW *this, WORD key)
{
    of(this)->hotkey = key;
    return changed(this, true);
}

static HRESULT WINAPI get_show(IShellLinkW *this, int *show)
{
    *show = of(this)->show;
    return S_OK;
}

/* What is no way of showing a program's first window becomes the normal one. */
static HRESULT WINAPI set_show(IShellLinkW *this, int show)
{
    of(this)->show = show == SW_SHOWMAXIMIZED || show == SW_SHOWMINNOACTIVE ? show : SW_SHOWNORMAL;
    return changed(this, true);
}

static HRESULT WINAPI get_icon(IShellLinkW *this, LPWSTR path, int room, int *index)
{
    *index = of(this)->icon;
    return give(of(this)->texts[LINK_ICON], path, room);
}

static HRESULT WINAPI set_icon(IShellLinkW *this, LPCWSTR path, int index)
{
    of(this)->icon = index;
    return changed(this, link_set_text(&of(this)->texts[LINK_ICON], path));
}

static HRESULT WINAPI set_relative(IShellLinkW *this, LPCWSTR path, DWORD reserved)
{
    (void)reserved;
    return changed(this, link_set_text(&of(this)->texts[LINK_RELATIVE], path));
}

/* Is it there?  It is not searched for. */
static HRESULT WINAPI resolve(IShellLinkW *this, HWND window, DWORD flags)
{
    const WCHAR *path = of(this)->path;

    (void)window, (void)flags;
    return path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES ? S_OK : S_FALSE;
}

static const IShellLinkWVtbl wide_methods = {
    wide_query,      wide_add_ref,  wide_release,  get_path,      get_list,      set_list,   get_description,
    set_description, get_directory, set_directory, get_arguments, set_arguments, get_hotkey, set_hotkey,
    get_show,        set_show,      get_icon,      set_icon,      set_relative,  resolve,    set_path};

/* ---- IShellLinkA: the same in ANSI ---- */

static IShellLinkW *of_narrow(IShellLinkA *this)
{
    return (IShellLinkW *)((char *)this - offsetof(struct shell_link, narrow));
}

static HRESULT WINAPI narrow_query(IShellLinkA *this, REFIID id, void **result)
{
    return wide_query(of_narrow(this), id, result);
}

static ULONG WINAPI narrow_add_ref(IShellLinkA *this)
{
    return wide_add_ref(of_narrow(this));
}

static ULONG WINAPI narrow_release(IShellLinkA *this)
{
    return wide_release(of_narrow(this));
}

static HRESULT give_narrow(HRESULT result, const WCHAR *wide, LPSTR out, int room)
{
    if (!out || room <= 0)
        return E_INVALIDARG;
    if (!WideCharToMultiByte(CP_ACP, 0, wide, -1, out, room, NULL, NULL))
        out[room - 1] = 0;
    return result;
}

static HRESULT WINAPI narrow_get_path(IShellLinkA *this, LPSTR path, int room, WIN32_FIND_DATAA *data, DWORD flags)
{
    WCHAR wide[MAX_PATH] = {0};
    WIN32_FIND_DATAW found;
    HRESULT result = get_path(of_narrow(this), wide, MAX_PATH, &found, flags);

    if (data) {
        memcpy(data, &found, offsetof(WIN32_FIND_DATAA, cFileName));
        WideCharToMultiByte(CP_ACP, 0, found.cFileName, -1, data->cFileName, MAX_PATH, NULL, NULL);
        data->cAlternateFileName[0] = 0;
    }
    return room ? give_narrow(result, wide, path, room) : result;
}

static HRESULT set_narrow(IShellLinkA *this, LPCSTR text, HRESULT(WINAPI *set)(IShellLinkW *, LPCWSTR))
{
    WCHAR *wide = wide_from_ansi(text);
    HRESULT result = set(of_narrow(this), wide);

    com_free(wide);
    return result;
}

static HRESULT WINAPI narrow_set_path(IShellLinkA *this, LPCSTR path)
{
    return set_narrow(this, path, set_path);
}

static HRESULT WINAPI narrow_get_list(IShellLinkA *this, PIDLIST_ABSOLUTE *list)
{
    return get_list(of_narrow(this), list);
}

static HRESULT WINAPI narrow_set_list(IShellLinkA *this, PCIDLIST_ABSOLUTE list)
{
    return set_list(of_narrow(this), list);
}

#define NARROW_PROPERTY(name)                                                                                          \
    static HRESULT WINAPI narrow_get_##name(IShellLinkA *this, LPSTR text, int room)                                   \
    {                                                                                                                  \
        WCHAR wide[1024] = {0};                                                                                        \
        HRESULT result = get_##name(of_narrow(this), wide, 1024);                                                      \
        return give_narrow(result, wide, text, room);                                                                  \
    }                                                                                                                  \
    static HRESULT WINAPI narrow_set_##name(IShellLinkA *this, LPCSTR text)                                            \
    {                                                                                                                  \
        return set_narrow(this, text, set_##name);                                                                     \
    }

NARROW_PROPERTY(description)
NARROW_PROPERTY(directory)
NARROW_PROPERTY(arguments)

static HRESULT WINAPI narrow_get_hotkey(IShellLinkA *this, WORD *key)
{
    return get_hotkey(of_narrow(this), key);
}

static HRESULT WINAPI narrow_set_hotkey(IShellLinkA *this, WORD key)
{
    return set_hotkey(of_narrow(this), key);
}

static HRESULT WINAPI narrow_get_show(IShellLinkA *this, int *show)
{
    return get_show(of_narrow(this), show);
}

static HRESULT WINAPI narrow_set_show(IShellLinkA *this, int show)
{
    return set_show(of_narrow(this), show);
}

static HRESULT WINAPI narrow_get_icon(IShellLinkA *this, LPSTR path, int room, int *index)
{
    WCHAR wide[MAX_PATH] = {0};
    HRESULT result = get_icon(of_narrow(this), wide, MAX_PATH, index);

    return give_narrow(result, wide, path, room);
}

static HRESULT WINAPI narrow_set_icon(IShellLinkA *this, LPCSTR path, int index)
{
    WCHAR *wide = wide_from_ansi(path);
    HRESULT result = set_icon(of_narrow(this), wide, index);

    com_free(wide);
    return result;
}

static HRESULT WINAPI narrow_set_relative(IShellLinkA *this, LPCSTR path, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(path);
    HRESULT result = set_relative(of_narrow(this), wide, reserved);

    com_free(wide);
    return result;
}

static HRESULT WINAPI narrow_resolve(IShellLinkA *this, HWND window, DWORD flags)
{
    return resolve(of_narrow(this), window, flags);
}

static const IShellLinkAVtbl narrow_methods = {
    narrow_query,         narrow_add_ref,         narrow_release,         narrow_get_path,      narrow_get_list,
    narrow_set_list,      narrow_get_description, narrow_set_description, narrow_get_directory, narrow_set_directory,
    narrow_get_arguments, narrow_set_arguments,   narrow_get_hotkey,      narrow_set_hotkey,    narrow_get_show,
    narrow_set_show,      narrow_get_icon,        narrow_set_icon,        narrow_set_relative,  narrow_resolve,
    narrow_set_path};

/* ---- IPersistFile ---- */

static IShellLinkW *of_file(IPersistFile *this)
{
    return (IShellLinkW *)((char *)this - offsetof(struct shell_link, file));
}

static HRESULT WINAPI file_query(IPersistFile *this, REFIID id, void **result)
{
    return wide_query(of_file(this), id, result);
}

static ULONG WINAPI file_add_ref(IPersistFile *this)
{
    return wide_add_ref(of_file(this));
}

static ULONG WINAPI file_release(IPersistFile *this)
{
    return wide_release(of_file(this));
}

static HRESULT WINAPI file_class(IPersistFile *this, CLSID *class)
{
    (void)this;
    *class = class_shell_link;
    return S_OK;
}

static HRESULT WINAPI file_dirty(IPersistFile *this)
{
    return ((struct shell_link *)of_file(this))->dirty ? S_OK : S_FALSE;
}

static HRESULT WINAPI file_load(IPersistFile *this, LPCOLESTR name, DWORD mode)
{
    struct shell_link *link = (struct shell_link *)of_file(this);
    IStream *stream;
    HRESULT result = SHCreateStreamOnFileW(name, (mode & 0x70) | STGM_READ, &stream);

    if (FAILED(result))
        return result;
    result = link_load(&link->link, stream);
    com_release(stream);
    if (FAILED(result))
        return result;
    link->dirty = false;
    return link_set_text(&link->name, name) ? S_OK : E_OUTOFMEMORY;
}

static HRESULT WINAPI file_save(IPersistFile *this, LPCOLESTR name, BOOL remember)
{
    struct shell_link *link = (struct shell_link *)of_file(this);
    IStream *stream;
    HRESULT result;

    if (!name && !(name = link->name))
        return E_INVALIDARG;
    result = SHCreateStreamOnFileW(name, STGM_CREATE | STGM_READWRITE | STGM_SHARE_EXCLUSIVE, &stream);
    if (FAILED(result))
        return result;
    result = link_save(&link->link, stream);
    com_release(stream);
    if (FAILED(result)) {
        DeleteFileW(name);
        return result;
    }
    if (remember || name == link->name)
        link->dirty = false;
    if (remember && name != link->name)
        link_set_text(&link->name, name);
    return S_OK;
}

static HRESULT WINAPI file_saved(IPersistFile *this, LPCOLESTR name)
{
    (void)this, (void)name;
    return S_OK;
}

static HRESULT WINAPI file_current(IPersistFile *this, LPOLESTR *name)
{
    struct shell_link *link = (struct shell_link *)of_file(this);
    size_t size;

    *name = NULL;
    if (!link->name)
        return S_FALSE;
    size = (wide_length(link->name) + 1) * sizeof **name;
    *name = CoTaskMemAlloc(size);
    if (!*name)
        return E_OUTOFMEMORY;
    memcpy(*name, link->name, size);
    return S_OK;
}

static const IPersistFileVtbl file_methods = {file_query, file_add_ref, file_release, file_class,  file_dirty,
                                              file_load,  file_save,    file_saved,   file_current};

/* ---- IPersistStream ---- */

static IShellLinkW *of_stream(IPersistStream *this)
{
    return (IShellLinkW *)((char *)this - offsetof(struct shell_link, stream));
}

static HRESULT WINAPI stream_query(IPersistStream *this, REFIID id, void **result)
{
    return wide_query(of_stream(this), id, result);
}

static ULONG WINAPI stream_add_ref(IPersistStream *this)
{
    return wide_add_ref(of_stream(this));
}

static ULONG WINAPI stream_release(IPersistStream *this)
{
    return wide_release(of_stream(this));
}

static HRESULT WINAPI stream_class(IPersistStream *this, CLSID *class)
{
    (void)this;
    *class = class_shell_link;
    return S_OK;
}

static HRESULT WINAPI stream_dirty(IPersistStream *this)
{
    return ((struct shell_link *)of_stream(this))->dirty ? S_OK : S_FALSE;
}

static HRESULT WINAPI stream_load(IPersistStream *this, IStream *stream)
{
    return link_load(of(of_stream(this)), stream);
}

static HRESULT WINAPI stream_save(IPersistStream *this, IStream *stream, BOOL clear)
{
    struct shell_link *link = (struct shell_link *)of_stream(this);
    HRESULT result = link_save(&link->link, stream);

    if (SUCCEEDED(result) && clear)
        link->dirty = false;
    return result;
}

static HRESULT WINAPI stream_size(IPersistStream *this, ULARGE_INTEGER *size)
{
    (void)this, (void)size;
    return E_NOTIMPL;
}

static const IPersistStreamVtbl stream_methods = {stream_query, stream_add_ref, stream_release, stream_class,
                                                  stream_dirty, stream_load,    stream_save,    stream_size};

/* ---- the class ---- */

static HRESULT WINAPI factory_query(IClassFactory *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_CLASS_FACTORY), this, result);
}

static ULONG WINAPI factory_count(IClassFactory *this)
{
    (void)this;
    return 2;
}

static HRESULT WINAPI factory_create(IClassFactory *this, IUnknown *outer, REFIID id, void **result)
{
    struct shell_link *link;
    HRESULT error;

    (void)this;
    if (!result)
        return E_POINTER;
    *result = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    link = com_alloc(sizeof *link);
    if (!link)
        return E_OUTOFMEMORY;
    link->wide = &wide_methods;
    link->narrow = &narrow_methods;
    link->file = &file_methods;
    link->stream = &stream_methods;
    link->refs = 1;
    link->link.show = SW_SHOWNORMAL;
    error = wide_query((IShellLinkW *)link, id, result);
    wide_release((IShellLinkW *)link);
    return error;
}

static HRESULT WINAPI factory_lock(IClassFactory *this, BOOL on)
{
    (void)this, (void)on;
    return S_OK;
}

static const IClassFactoryVtbl factory_methods = {factory_query, factory_count, factory_count, factory_create,
                                                  factory_lock};

HRESULT WINAPI shell_class_object(REFCLSID class, REFIID id, void **result);
HRESULT WINAPI shell_class_object(REFCLSID class, REFIID id, void **result)
{
    static IClassFactory factory = {(IClassFactoryVtbl *)&factory_methods};

    if (!guid_equal(class, &class_shell_link)) {
        *result = NULL;
        return CLASS_E_CLASSNOTAVAILABLE;
    }
    return factory_query(&factory, id, result);
}
