/*
 * itemid.c: lists of item ids (ITEMIDLIST): how the shell names things, and what of them are paths.
 *
 * Layer: shell32.  Items have Windows' own form, as they are kept in shortcuts: the computer, a drive, then directories
 * and files with an ANSI name and, in a block behind it, the whole name.
 */
#include "shell.h"

/* ---- lists: items with their sizes, and a zero ---- */

static const SHITEMID *first_of(const ITEMIDLIST *list)
{
    return &list->mkid;
}

PUIDLIST_RELATIVE WINAPI ILGetNext(PCUIDLIST_RELATIVE list)
{
    return list && list->mkid.cb ? (PUIDLIST_RELATIVE)((BYTE *)list + list->mkid.cb) : NULL;
}

UINT WINAPI ILGetSize(PCUIDLIST_RELATIVE list)
{
    UINT size = sizeof(USHORT);

    if (!list)
        return 0;
    for (; list->mkid.cb; list = ILGetNext(list))
        size += list->mkid.cb;
    return size;
}

PUITEMID_CHILD WINAPI ILFindLastID(PCUIDLIST_RELATIVE list)
{
    PCUIDLIST_RELATIVE last = list;

    for (; list && list->mkid.cb; list = ILGetNext(list))
        last = list;
    return (PUITEMID_CHILD)last;
}

void WINAPI ILFree(PIDLIST_RELATIVE list)
{
    CoTaskMemFree(list);
}

static PIDLIST_RELATIVE copy_part(PCUIDLIST_RELATIVE list, UINT size)
{
    BYTE *copy = CoTaskMemAlloc(size + sizeof(USHORT));

    if (copy) {
        memcpy(copy, list, size);
        memset(copy + size, 0, sizeof(USHORT));
    }
    return (PIDLIST_RELATIVE)copy;
}

PIDLIST_RELATIVE WINAPI ILClone(PCUIDLIST_RELATIVE list)
{
    return list ? copy_part(list, ILGetSize(list) - (UINT)sizeof(USHORT)) : NULL;
}

PITEMID_CHILD WINAPI ILCloneFirst(PCUIDLIST_RELATIVE list)
{
    return list ? (PITEMID_CHILD)copy_part(list, list->mkid.cb) : NULL;
}

PIDLIST_ABSOLUTE WINAPI ILCombine(PCIDLIST_ABSOLUTE a, PCUIDLIST_RELATIVE b)
{
    UINT first = a ? ILGetSize(a) - (UINT)sizeof(USHORT) : 0, second = b ? ILGetSize(b) : (UINT)sizeof(USHORT);
    BYTE *both;

    if (!a && !b)
        return NULL;
    both = CoTaskMemAlloc(first + second);
    if (!both)
        return NULL;
    memcpy(both, a, first);
    if (b)
        memcpy(both + first, b, second);
    else
        memset(both + first, 0, second);
    return (PIDLIST_ABSOLUTE)both;
}

/* The list is freed: the longer one takes its place. */
PIDLIST_RELATIVE WINAPI ILAppendID(PIDLIST_RELATIVE list, LPCSHITEMID item, BOOL append)
{
    PIDLIST_RELATIVE one = copy_part((PCUIDLIST_RELATIVE)item, item->cb), both;

    if (!list || !one)
        return one;
    both = append ? ILCombine((PCIDLIST_ABSOLUTE)list, one) : ILCombine((PCIDLIST_ABSOLUTE)one, list);
    ILFree(one);
    ILFree(list);
    return both;
}

BOOL WINAPI ILRemoveLastID(PUIDLIST_RELATIVE list)
{
    PUITEMID_CHILD last = list && list->mkid.cb ? ILFindLastID(list) : NULL;

    if (last)
        last->mkid.cb = 0;
    return last != NULL;
}

static bool same_item(const SHITEMID *a, const SHITEMID *b)
{
    WCHAR x[MAX_PATH], y[MAX_PATH];

    if (a->cb == b->cb && memcmp(a, b, a->cb) == 0)
        return true;
    return item_name(a, x, MAX_PATH) && item_name(b, y, MAX_PATH) && wide_compare_nocase(x, y) == 0;
}

/* The part of `list` behind all of `parent`, or NULL. */
static PCUIDLIST_RELATIVE behind(PCIDLIST_ABSOLUTE parent, PCIDLIST_ABSOLUTE list)
{
    PCUIDLIST_RELATIVE a = parent, b = list;

    while (a && b && a->mkid.cb && b->mkid.cb && same_item(first_of(a), first_of(b))) {
        a = ILGetNext(a);
        b = ILGetNext(b);
    }
    return a && b && !a->mkid.cb ? b : NULL;
}

PUIDLIST_RELATIVE WINAPI ILFindChild(PIDLIST_ABSOLUTE parent, PCIDLIST_ABSOLUTE child)
{
    return (PUIDLIST_RELATIVE)behind(parent, child);
}

BOOL WINAPI ILIsParent(PCIDLIST_ABSOLUTE parent, PCIDLIST_ABSOLUTE child, BOOL immediate)
{
    PCUIDLIST_RELATIVE rest = behind(parent, child);

    if (!rest || !rest->mkid.cb)
        return FALSE;
    return !immediate || !ILGetNext(rest)->mkid.cb;
}

BOOL WINAPI ILIsEqual(PCIDLIST_ABSOLUTE a, PCIDLIST_ABSOLUTE b)
{
    PCUIDLIST_RELATIVE rest = behind(a, b);

    return rest && !rest->mkid.cb;
}

/* ---- items ---- */

enum { ITEM_ROOT = 0x1f, ITEM_DRIVE = 0x2f, ITEM_DIRECTORY = 0x31, ITEM_FILE = 0x32, ITEM_KIND = 0x70 };

#pragma pack(push, 1)
struct root_item {
    USHORT size;
    BYTE type, order;
    GUID class;
};
struct drive_item {
    USHORT size;
    BYTE type;
    char path[20]; /* "C:\" and zeros */
    USHORT unused;
};
struct file_item {
    USHORT size;
    BYTE type, unused;
    DWORD length;
    WORD date, time, attributes;
    char name[]; /* ANSI, to an even size; then a struct long_name */
};
struct long_name {
    USHORT size, version;
    DWORD signature;
    WORD created[2], read[2], offset, unused;
    WCHAR name[]; /* then the offset of this structure in the item */
};
#pragma pack(pop)
#define LONG_NAME 0xbeef0004u

static const GUID computer = {0x20d04fe0, 0x3aea, 0x1069, {0xa2, 0xd8, 0x08, 0x00, 0x2b, 0x30, 0x30, 0x9d}};

static const struct long_name *long_name_of(const SHITEMID *item)
{
    USHORT offset;

    if (item->cb < 24)
        return NULL;
    memcpy(&offset, (const BYTE *)item + item->cb - 2, 2);
    if (offset < 14 || offset + sizeof(struct long_name) + 2 > item->cb)
        return NULL;
    const struct long_name *name = (const void *)((const BYTE *)item + offset);
    return name->signature == LONG_NAME && offset + name->size <= item->cb ? name : NULL;
}

bool item_name(const SHITEMID *item, WCHAR *name, DWORD room)
{
    BYTE type = item->cb > 3 ? item->abID[0] : 0;
    const struct long_name *whole;
    DWORD length = 0;

    if (type == ITEM_DRIVE && item->cb >= 6) {
        for (; length < 3 && length + 1 < room; length++)
            name[length] = item->abID[1 + length];
        name[length] = 0;
        return true;
    }
    if ((type & ITEM_KIND) != 0x30 || item->cb < sizeof(struct file_item))
        return false;
    whole = long_name_of(item);
    if (whole) {
        const WCHAR *end = (const WCHAR *)((const BYTE *)whole + whole->size);
        for (const WCHAR *at = whole->name; at < end && *at && length + 1 < room; at++)
            name[length++] = *at;
        name[length] = 0;
        return true;
    }
    return MultiByteToWideChar(CP_ACP, 0, ((const struct file_item *)item)->name, -1, name, (int)room) != 0;
}

static void dos_time(FILETIME time, WORD parts[2])
{
    if (!FileTimeToDosDateTime(&time, &parts[0], &parts[1]))
        parts[0] = parts[1] = 0;
}

/* Appends a file's or directory's item; `found` is what the file system says of it. */
static USHORT put_file(BYTE *at, const WIN32_FILE_ATTRIBUTE_DATA *found, const WCHAR *name)
{
    struct file_item *item = (struct file_item *)at;
    USHORT length = (USHORT)(wide_length(name) + 1);
    bool directory = (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    WORD written[2];

    dos_time(found->ftLastWriteTime, written);
    *item = (struct file_item){.type = directory ? ITEM_DIRECTORY : ITEM_FILE,
                               .length = directory ? 0 : found->nFileSizeLow,
                               .date = written[0],
                               .time = written[1],
                               .attributes = (WORD)found->dwFileAttributes};
    int narrow = WideCharToMultiByte(CP_ACP, 0, name, -1, item->name, MAX_PATH, NULL, NULL);
    item->name[narrow] = 0;
    narrow += narrow & 1;
    struct long_name *whole = (struct long_name *)(item->name + narrow);
    *whole = (struct long_name){.version = 3, .signature = LONG_NAME, .offset = sizeof *whole};
    dos_time(found->ftCreationTime, whole->created);
    dos_time(found->ftLastAccessTime, whole->read);
    memcpy(whole->name, name, length * sizeof *name);
    whole->size = (USHORT)(sizeof *whole + length * sizeof *name + 2);
    USHORT offset = (USHORT)((BYTE *)whole - at);
    memcpy((BYTE *)whole + whole->size - 2, &offset, 2);
    item->size = (USHORT)(offset + whole->size);
    return item->size;
}

#define LIST_ROOM 8192u

/* Makes the list of an absolute path on a drive.  must_exist: as it is on disk; else as if it were a file. */
static PIDLIST_ABSOLUTE list_of(const WCHAR *path, bool must_exist)
{
    WIN32_FILE_ATTRIBUTE_DATA found;
    BYTE *list = com_alloc(LIST_ROOM), *at = list;
    WCHAR part[MAX_PATH];
    size_t length = 3;

    if (!list || path[1] != ':' || wide_length(path) >= MAX_PATH)
        goto fail;
    *(struct root_item *)at = (struct root_item){sizeof(struct root_item), ITEM_ROOT, 0x50, computer};
    at += sizeof(struct root_item);
    *(struct drive_item *)at = (struct drive_item){sizeof(struct drive_item), ITEM_DRIVE, {0}, 0};
    ((struct drive_item *)at)->path[0] = (char)wide_upper(path[0]);
    memcpy(((struct drive_item *)at)->path + 1, ":\\", 2);
    at += sizeof(struct drive_item);
    lstrcpyW(part, path);
    while (path[2] && path[length]) {
        size_t start = length;

        while (path[length] && path[length] != '\\')
            length++;
        if (length == start)
            break;
        part[length] = 0;
        if (!GetFileAttributesExW(part, GetFileExInfoStandard, &found)) {
            if (must_exist)
                goto fail;
            memset(&found, 0, sizeof found);
            found.dwFileAttributes = path[length] ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_NORMAL;
        }
        if ((size_t)(at - list) + 64 + 5 * (length - start) > LIST_ROOM)
            goto fail;
        at += put_file(at, &found, part + start);
        part[length] = path[length];
        if (path[length])
            length++;
    }
    PIDLIST_ABSOLUTE result = (PIDLIST_ABSOLUTE)ILClone((PCUIDLIST_RELATIVE)list);
    com_free(list);
    return result;
fail:
    com_free(list);
    return NULL;
}

/* ---- paths ---- */

HRESULT WINAPI SHParseDisplayName(PCWSTR name, IBindCtx *ctx, PIDLIST_ABSOLUTE *list, SFGAOF wanted, SFGAOF *attributes)
{
    WCHAR path[MAX_PATH];
    DWORD have;

    (void)ctx;
    if (!list)
        return E_INVALIDARG;
    *list = NULL;
    if (!name || !*name)
        return E_INVALIDARG;
    if (!GetFullPathNameW(name, MAX_PATH, path, NULL))
        return HRESULT_FROM_WIN32(GetLastError());
    *list = list_of(path, true);
    if (!*list)
        return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    have = GetFileAttributesW(path);
    if (attributes)
        *attributes = wanted & (SFGAO_FILESYSTEM | SFGAO_CANCOPY | SFGAO_CANMOVE | SFGAO_CANDELETE | SFGAO_CANRENAME |
                                (have & FILE_ATTRIBUTE_DIRECTORY ? SFGAO_FOLDER | SFGAO_FILESYSANCESTOR : 0) |
                                (have & FILE_ATTRIBUTE_READONLY ? SFGAO_READONLY : 0) |
                                (have & FILE_ATTRIBUTE_HIDDEN ? SFGAO_HIDDEN : 0));
    return S_OK;
}

PIDLIST_ABSOLUTE WINAPI ILCreateFromPathW(PCWSTR path)
{
    PIDLIST_ABSOLUTE list;

    return SUCCEEDED(SHParseDisplayName(path, NULL, &list, 0, NULL)) ? list : NULL;
}

PIDLIST_ABSOLUTE WINAPI ILCreateFromPathA(PCSTR path)
{
    WCHAR *wide = wide_from_ansi(path);
    PIDLIST_ABSOLUTE list = ILCreateFromPathW(wide);

    com_free(wide);
    return list;
}

/* Does not look at the disk. */
PIDLIST_ABSOLUTE WINAPI SHSimpleIDListFromPath(PCWSTR path)
{
    WCHAR full[MAX_PATH];

    return path && GetFullPathNameW(path, MAX_PATH, full, NULL) ? list_of(full, false) : NULL;
}

BOOL WINAPI SHGetPathFromIDListEx(PCIDLIST_ABSOLUTE list, PWSTR path, DWORD room, GPFIDL_FLAGS flags)
{
    PCUIDLIST_RELATIVE at = list;
    WCHAR name[MAX_PATH];
    DWORD length = 0;

    (void)flags;
    if (!path || !room)
        return FALSE;
    path[0] = 0;
    if (!list)
        return FALSE;
    if (!list->mkid.cb) { /* the desktop is a directory, too */
        return room >= MAX_PATH && SHGetSpecialFolderPathW(NULL, path, CSIDL_DESKTOPDIRECTORY, FALSE);
    }
    for (; at && at->mkid.cb; at = ILGetNext(at)) {
        DWORD more;

        if (at->mkid.cb == sizeof(struct root_item) && at->mkid.abID[0] == ITEM_ROOT)
            continue;
        if (!item_name(&at->mkid, name, MAX_PATH))
            return path[0] = 0, FALSE;
        more = (DWORD)wide_length(name);
        if (length + more + 2 > room)
            return path[0] = 0, FALSE;
        if (length && path[length - 1] != '\\')
            path[length++] = '\\';
        memcpy(path + length, name, (more + 1) * sizeof *name);
        length += more;
    }
    return length != 0;
}

BOOL WINAPI SHGetPathFromIDListW(PCIDLIST_ABSOLUTE list, LPWSTR path)
{
    return SHGetPathFromIDListEx(list, path, MAX_PATH, GPFIDL_DEFAULT);
}

BOOL WINAPI SHGetPathFromIDListA(PCIDLIST_ABSOLUTE list, LPSTR path)
{
    WCHAR wide[MAX_PATH];

    path[0] = 0;
    return SHGetPathFromIDListW(list, wide) && WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL);
}

/* ---- memory ---- */

void *WINAPI SHAlloc(SIZE_T size)
{
    return CoTaskMemAlloc(size);
}

void WINAPI SHFree(void *memory)
{
    CoTaskMemFree(memory);
}

HRESULT WINAPI SHGetMalloc(IMalloc **result)
{
    return CoGetMalloc(1, result);
}
