/*
 * shellfolder.c: folders as objects (IShellFolder): the desktop, from which all names are known, and directories.
 *
 * Layer: shell32, over lists of item ids (itemid.c).
 */
#include "shell.h"
#include <shlwapi.h>

struct folder {
    const IShellFolderVtbl *methods;
    LONG refs;
    PIDLIST_ABSOLUTE list; /* empty: the desktop */
};

enum { IID_SHELL_FOLDER = 0x214e6, IID_ENUM_IDLIST = 0x214f2 };

static void destroy(struct folder *folder)
{
    ILFree(folder->list);
    com_free(folder);
}

COM_COUNTED(IShellFolder, struct folder, folder, destroy)

static HRESULT WINAPI folder_query(IShellFolder *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, IID_SHELL_FOLDER), this, result);
}

/* The path of an item in this folder; without a list the folder's own. */
static bool path_of(IShellFolder *this, PCUIDLIST_RELATIVE item, WCHAR *path)
{
    PIDLIST_ABSOLUTE whole = ILCombine(((struct folder *)this)->list, item);
    bool good = whole && SHGetPathFromIDListW(whole, path);

    ILFree(whole);
    return good;
}

static HRESULT WINAPI parse(IShellFolder *this, HWND window, IBindCtx *ctx, LPWSTR name, ULONG *eaten,
                            PIDLIST_RELATIVE *list, ULONG *attributes)
{
    struct folder *folder = (struct folder *)this;
    WCHAR path[MAX_PATH];
    PIDLIST_ABSOLUTE whole;
    HRESULT result;

    (void)window;
    if (!list || !name)
        return E_INVALIDARG;
    *list = NULL;
    if (folder->list->mkid.cb) {
        if (!path_of(this, NULL, path) || wide_length(path) + wide_length(name) + 2 > MAX_PATH)
            return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
        lstrcatW(path, L"\\");
        lstrcatW(path, name);
        name = path;
    }
    result = SHParseDisplayName(name, ctx, &whole, attributes ? *attributes : 0, attributes);
    if (FAILED(result))
        return result;
    if (eaten)
        *eaten = (ULONG)wide_length(name);
    *list = ILClone(folder->list->mkid.cb ? ILFindChild(folder->list, whole) : (PCUIDLIST_RELATIVE)whole);
    ILFree(whole);
    return *list ? S_OK : E_OUTOFMEMORY;
}

/* ---- what is in a directory ---- */

struct items {
    const IEnumIDListVtbl *methods;
    LONG refs;
    ULONG count, position;
    PITEMID_CHILD *list;
};

static void items_destroy(struct items *items)
{
    for (ULONG i = 0; i < items->count; i++)
        ILFree(items->list[i]);
    com_free(items->list);
    com_free(items);
}

COM_COUNTED(IEnumIDList, struct items, items, items_destroy)

static HRESULT WINAPI items_query(IEnumIDList *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, IID_ENUM_IDLIST), this, result);
}

static HRESULT WINAPI items_next(IEnumIDList *this, ULONG count, PITEMID_CHILD *out, ULONG *fetched)
{
    struct items *items = (struct items *)this;
    ULONG done = 0;

    while (done < count && items->position < items->count)
        out[done++] = (PITEMID_CHILD)ILClone(items->list[items->position++]);
    if (fetched)
        *fetched = done;
    return done == count ? S_OK : S_FALSE;
}

static HRESULT WINAPI items_skip(IEnumIDList *this, ULONG count)
{
    struct items *items = (struct items *)this;
    ULONG left = items->count - items->position;

    items->position += count < left ? count : left;
    return count <= left ? S_OK : S_FALSE;
}

static HRESULT WINAPI items_reset(IEnumIDList *this)
{
    ((struct items *)this)->position = 0;
    return S_OK;
}

static HRESULT WINAPI items_clone(IEnumIDList *this, IEnumIDList **result)
{
    (void)this;
    *result = NULL;
    return E_NOTIMPL;
}

static const IEnumIDListVtbl items_methods = {items_query, items_add_ref, items_release, items_next,
                                              items_skip,  items_reset,   items_clone};

static bool items_wanted(const WIN32_FIND_DATAW *found, DWORD flags)
{
    bool directory = (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;

    if (found->cFileName[0] == '.' && (!found->cFileName[1] || (found->cFileName[1] == '.' && !found->cFileName[2])))
        return false;
    if (found->dwFileAttributes & FILE_ATTRIBUTE_HIDDEN && !(flags & SHCONTF_INCLUDEHIDDEN))
        return false;
    return flags & (directory ? SHCONTF_FOLDERS : SHCONTF_NONFOLDERS);
}

static HRESULT items_fill(struct items *items, WCHAR *path, DWORD flags)
{
    size_t length = wide_length(path);
    WIN32_FIND_DATAW found;
    HANDLE search;
    ULONG room = 0;

    if (length + 3 > MAX_PATH)
        return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
    if (path[length - 1] != '\\')
        path[length++] = '\\';
    lstrcpyW(path + length, L"*");
    search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return HRESULT_FROM_WIN32(GetLastError());
    do {
        PIDLIST_ABSOLUTE whole;

        if (!items_wanted(&found, flags) || length + wide_length(found.cFileName) >= MAX_PATH)
            continue;
        if (items->count == room) {
            PITEMID_CHILD *more = com_alloc((room = room * 2 + 16) * sizeof *more);

            if (!more)
                break;
            memcpy(more, items->list, items->count * sizeof *more);
            com_free(items->list);
            items->list = more;
        }
        lstrcpyW(path + length, found.cFileName);
        whole = ILCreateFromPathW(path);
        if (whole)
            items->list[items->count++] = (PITEMID_CHILD)ILClone((PCUIDLIST_RELATIVE)ILFindLastID(whole));
        ILFree(whole);
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return S_OK;
}

static HRESULT WINAPI enumerate(IShellFolder *this, HWND window, SHCONTF flags, IEnumIDList **result)
{
    struct items *items = com_alloc(sizeof *items);
    WCHAR path[MAX_PATH];
    HRESULT error;

    (void)window;
    *result = NULL;
    if (!items)
        return E_OUTOFMEMORY;
    items->methods = &items_methods;
    items->refs = 1;
    error = path_of(this, NULL, path) ? items_fill(items, path, (DWORD)flags) : S_OK;
    if (FAILED(error)) {
        items_destroy(items);
        return error;
    }
    *result = (IEnumIDList *)items;
    return S_OK;
}

/* ---- one item ---- */

static HRESULT make(PCIDLIST_ABSOLUTE parent, PCUIDLIST_RELATIVE item, REFIID id, void **result);

static HRESULT WINAPI bind(IShellFolder *this, PCUIDLIST_RELATIVE item, IBindCtx *ctx, REFIID id, void **result)
{
    WCHAR path[MAX_PATH];

    (void)ctx;
    *result = NULL;
    if (!item || !item->mkid.cb)
        return E_INVALIDARG;
    if (path_of(this, item, path) && !(GetFileAttributesW(path) & FILE_ATTRIBUTE_DIRECTORY))
        return E_NOTIMPL; /* nothing looks into files */
    return make(((struct folder *)this)->list, item, id, result);
}

/* The code of the result is the order: below, the same, above. */
static HRESULT WINAPI compare(IShellFolder *this, LPARAM how, PCUIDLIST_RELATIVE a, PCUIDLIST_RELATIVE b)
{
    WCHAR x[MAX_PATH] = {0}, y[MAX_PATH] = {0};
    int order;

    (void)how;
    path_of(this, a, x);
    path_of(this, b, y);
    order = wide_compare_nocase(x, y);
    return MAKE_HRESULT(SEVERITY_SUCCESS, 0, (USHORT)(order < 0 ? -1 : order > 0));
}

static HRESULT WINAPI attributes_of(IShellFolder *this, UINT count, PCUITEMID_CHILD_ARRAY items, SFGAOF *attributes)
{
    SFGAOF common = *attributes;
    WCHAR path[MAX_PATH];

    for (UINT i = 0; i < count; i++) {
        SHFILEINFOW info = {0};

        if (!path_of(this, items[i], path) || !SHGetFileInfoW(path, 0, &info, sizeof info, SHGFI_ATTRIBUTES))
            return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
        common &= info.dwAttributes;
    }
    *attributes = common;
    return S_OK;
}

static HRESULT WINAPI name_of(IShellFolder *this, PCUITEMID_CHILD item, SHGDNF flags, STRRET *name)
{
    WCHAR path[MAX_PATH], *text = path;
    size_t size;

    if (!name)
        return E_INVALIDARG;
    if (!path_of(this, item, path))
        return E_INVALIDARG;
    if (!(flags & SHGDN_FORPARSING) || flags & SHGDN_INFOLDER)
        text = *path_name(path) ? path_name(path) : path;
    size = (wide_length(text) + 1) * sizeof *text;
    name->uType = STRRET_WSTR;
    name->pOleStr = CoTaskMemAlloc(size);
    if (!name->pOleStr)
        return E_OUTOFMEMORY;
    memcpy(name->pOleStr, text, size);
    return S_OK;
}

/* Views, menus and renaming are for a desktop. */
static HRESULT WINAPI not_done(IShellFolder *this)
{
    (void)this;
    return E_NOTIMPL;
}

static const IShellFolderVtbl folder_methods = {
    folder_query,     folder_add_ref, folder_release,   parse,   enumerate,       bind, (void *)not_done, compare,
    (void *)not_done, attributes_of,  (void *)not_done, name_of, (void *)not_done};

static HRESULT make(PCIDLIST_ABSOLUTE parent, PCUIDLIST_RELATIVE item, REFIID id, void **result)
{
    static const ITEMIDLIST empty;
    struct folder *folder = com_alloc(sizeof *folder);
    HRESULT error;

    if (!folder)
        return E_OUTOFMEMORY;
    folder->methods = &folder_methods;
    folder->refs = 1;
    folder->list = parent || item ? ILCombine(parent, item) : (PIDLIST_ABSOLUTE)ILClone(&empty);
    if (!folder->list) {
        destroy(folder);
        return E_OUTOFMEMORY;
    }
    error = folder_query((IShellFolder *)folder, id, result);
    folder_release((IShellFolder *)folder);
    return error;
}

HRESULT WINAPI SHGetDesktopFolder(IShellFolder **result)
{
    static const GUID shell_folder = GUID_OLE(IID_SHELL_FOLDER);

    return result ? make(NULL, NULL, &shell_folder, (void **)result) : E_INVALIDARG;
}

/* The folder that a thing is in, and the thing's own item, which stays in the list. */
HRESULT WINAPI SHBindToParent(PCIDLIST_ABSOLUTE list, REFIID id, void **result, PCUITEMID_CHILD *last)
{
    PIDLIST_ABSOLUTE parent;
    HRESULT error;

    if (!list || !result)
        return E_INVALIDARG;
    *result = NULL;
    parent = (PIDLIST_ABSOLUTE)ILClone(list);
    if (!parent)
        return E_OUTOFMEMORY;
    ILRemoveLastID(parent);
    error = make(parent, NULL, id, result);
    ILFree(parent);
    if (last)
        *last = SUCCEEDED(error) ? ILFindLastID(list) : NULL;
    return error;
}

HRESULT WINAPI SHGetDataFromIDListW(IShellFolder *folder, PCUITEMID_CHILD item, int format, void *data, int size)
{
    WIN32_FIND_DATAW *found = data;
    WCHAR path[MAX_PATH];
    HANDLE search;

    if (!folder || !item || !data)
        return E_INVALIDARG;
    if (format != SHGDFIL_FINDDATA || ((struct folder *)folder)->methods != &folder_methods)
        return E_NOTIMPL;
    if (size < (int)sizeof *found)
        return E_INVALIDARG;
    if (!path_of(folder, item, path))
        return E_INVALIDARG;
    search = FindFirstFileW(path, found);
    if (search == INVALID_HANDLE_VALUE)
        return HRESULT_FROM_WIN32(GetLastError());
    FindClose(search);
    return S_OK;
}

HRESULT WINAPI SHGetDataFromIDListA(IShellFolder *folder, PCUITEMID_CHILD item, int format, void *data, int size)
{
    WIN32_FIND_DATAA *found = data;
    WIN32_FIND_DATAW wide;
    HRESULT result;

    if (!data || (format == SHGDFIL_FINDDATA && size < (int)sizeof *found))
        return E_INVALIDARG;
    result = SHGetDataFromIDListW(folder, item, format, &wide, sizeof wide);
    if (FAILED(result))
        return result;
    memcpy(found, &wide, offsetof(WIN32_FIND_DATAA, cFileName));
    WideCharToMultiByte(CP_ACP, 0, wide.cFileName, -1, found->cFileName, sizeof found->cFileName, NULL, NULL);
    WideCharToMultiByte(CP_ACP, 0, wide.cAlternateFileName, -1, found->cAlternateFileName,
                        sizeof found->cAlternateFileName, NULL, NULL);
    return result;
}

/* ---- shlwapi's: a folder's answer as a text of the caller's ---- */

HRESULT WINAPI StrRetToBufW(STRRET *name, PCUITEMID_CHILD item, LPWSTR text, UINT room)
{
    if (!name || !text || !room)
        return E_INVALIDARG;
    *text = 0;
    switch (name->uType) {
    case STRRET_WSTR:
        if (!name->pOleStr)
            return E_FAIL;
        lstrcpynW(text, name->pOleStr, (int)room);
        CoTaskMemFree(name->pOleStr);
        name->pOleStr = NULL;
        return S_OK;
    case STRRET_CSTR:
        return MultiByteToWideChar(CP_ACP, 0, name->cStr, -1, text, (int)room) ? S_OK : E_FAIL;
    case STRRET_OFFSET:
        return item && MultiByteToWideChar(CP_ACP, 0, (const char *)item + name->uOffset, -1, text, (int)room) ? S_OK
                                                                                                               : E_FAIL;
    default:
        return E_FAIL;
    }
}

HRESULT WINAPI StrRetToBufA(STRRET *name, PCUITEMID_CHILD item, LPSTR text, UINT room)
{
    WCHAR wide[MAX_PATH];
    HRESULT result = StrRetToBufW(name, item, wide, MAX_PATH);

    if (SUCCEEDED(result) && !WideCharToMultiByte(CP_ACP, 0, wide, -1, text, (int)room, NULL, NULL))
        result = E_FAIL;
    return result;
}

HRESULT WINAPI StrRetToStrW(STRRET *name, PCUITEMID_CHILD item, LPWSTR *text)
{
    WCHAR wide[MAX_PATH];
    HRESULT result = StrRetToBufW(name, item, wide, MAX_PATH);
    size_t size;

    *text = NULL;
    if (FAILED(result))
        return result;
    size = (wide_length(wide) + 1) * sizeof *wide;
    *text = CoTaskMemAlloc(size);
    if (!*text)
        return E_OUTOFMEMORY;
    memcpy(*text, wide, size);
    return S_OK;
}
