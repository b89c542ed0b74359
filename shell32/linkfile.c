/*
 * linkfile.c: the file of a shortcut (.lnk), as its format is published: a head, a list of items, the path in
 * a block with the volume, texts, and blocks that end with a zero.
 *
 * Layer: shell32, over a stream.
 */
#include "linkfile.h"

#define HEAD_SIZE 76u
#define KEPT_FLAGS (SLDF_RUNAS_USER | SLDF_RUN_WITH_SHIMLAYER | SLDF_NO_PIDL_ALIAS | SLDF_FORCE_NO_LINKINFO)
#define TEXT_MOST 32767u

static const GUID class_shell_link = {0x00021401, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static const DWORD text_flags[LINK_TEXTS] = {SLDF_HAS_NAME, SLDF_HAS_RELPATH, SLDF_HAS_WORKINGDIR, SLDF_HAS_ARGS,
                                             SLDF_HAS_ICONLOCATION};

struct head {
    DWORD size;
    GUID class;
    DWORD flags, attributes;
    FILETIME created, read, written;
    DWORD length;
    LONG icon;
    DWORD show;
    WORD hotkey, unused;
    DWORD unused2, unused3;
};
_Static_assert(sizeof(struct head) == HEAD_SIZE, "as the file has it");

struct info {
    DWORD size, head, flags, volume, base, network, suffix;
};
struct volume {
    DWORD size, type, serial, label;
};
#define INFO_HEAD (DWORD)sizeof(struct info)
#define INFO_HEAD_UNICODE 36u
#define HAS_LOCAL_PATH 1u

void link_clear(struct link *link)
{
    ILFree(link->list);
    com_free(link->path);
    for (int i = 0; i < LINK_TEXTS; i++)
        com_free(link->texts[i]);
    memset(link, 0, sizeof *link);
    link->show = SW_SHOWNORMAL;
}

bool link_set_text(WCHAR **place, const WCHAR *text)
{
    size_t size = text ? (wide_length(text) + 1) * sizeof *text : 0;
    WCHAR *made = size ? com_alloc(size) : NULL;

    if (size && !made)
        return false;
    if (made)
        memcpy(made, text, size);
    com_free(*place);
    *place = made;
    return true;
}

/* ---- reading ---- */

static HRESULT load_list(struct link *link, IStream *stream)
{
    WORD size = 0;
    BYTE *list;
    HRESULT result = istream_read(stream, &size, sizeof size);

    if (FAILED(result))
        return result;
    list = CoTaskMemAlloc((size_t)size + 2);
    if (!list)
        return E_OUTOFMEMORY;
    result = istream_read(stream, list, size);
    memset(list + size, 0, 2);
    /* Every item must end inside. */
    for (WORD at = 0, item = 0; SUCCEEDED(result) && at + 2 <= size; at = (WORD)(at + item)) {
        memcpy(&item, list + at, 2);
        if (!item)
            break;
        if (item < 3 || item > size - at)
            result = E_FAIL;
    }
    if (SUCCEEDED(result))
        link->list = (PIDLIST_ABSOLUTE)list;
    else
        CoTaskMemFree(list);
    return result;
}

/* A zero-terminated text at an offset in a block. */
static bool text_in(const BYTE *block, DWORD size, DWORD offset, bool wide, WCHAR *text)
{
    DWORD length = 0, unit = wide ? 2 : 1;

    if (!offset || offset >= size || (wide && offset % 2))
        return false;
    for (; offset + (length + 1) * unit <= size && length < MAX_PATH - 1; length++) {
        text[length] = wide ? *(const WCHAR *)(block + offset + 2 * length) : block[offset + length];
        if (!text[length])
            return wide || MultiByteToWideChar(CP_ACP, 0, (const char *)block + offset, -1, text, MAX_PATH) != 0;
    }
    return false;
}

static HRESULT load_info(struct link *link, IStream *stream)
{
    WCHAR base[MAX_PATH], suffix[MAX_PATH] = {0};
    DWORD size = 0, wide[2] = {0, 0};
    struct info info;
    BYTE *block;
    HRESULT result = istream_read(stream, &size, sizeof size);

    if (FAILED(result) || size < 4 || size > 65536)
        return FAILED(result) ? result : E_FAIL;
    block = com_alloc(size < sizeof info ? sizeof info : size);
    if (!block)
        return E_OUTOFMEMORY;
    result = istream_read(stream, block + 4, size - 4);
    memcpy(&info, block, sizeof info);
    if (SUCCEEDED(result) && info.flags & HAS_LOCAL_PATH) {
        if (info.head >= INFO_HEAD_UNICODE && size >= INFO_HEAD_UNICODE)
            memcpy(wide, block + INFO_HEAD, sizeof wide);
        if (text_in(block, size, wide[0], true, base) || text_in(block, size, info.base, false, base)) {
            if (!text_in(block, size, wide[1], true, suffix))
                text_in(block, size, info.suffix, false, suffix);
            if (wide_length(base) + wide_length(suffix) < MAX_PATH) {
                lstrcatW(base, suffix);
                link_set_text(&link->path, base);
            }
        }
    }
    com_free(block);
    return result;
}

static HRESULT load_text(WCHAR **place, IStream *stream, bool wide)
{
    WORD length = 0;
    HRESULT result = istream_read(stream, &length, sizeof length);
    WCHAR *text;

    if (FAILED(result))
        return result;
    text = com_alloc(((size_t)length + 1) * sizeof *text);
    if (!text)
        return E_OUTOFMEMORY;
    if (wide) {
        result = istream_read(stream, text, length * (ULONG)sizeof *text);
    } else {
        char *narrow = com_alloc((size_t)length + 1);

        result = narrow ? istream_read(stream, narrow, length) : E_OUTOFMEMORY;
        if (SUCCEEDED(result))
            MultiByteToWideChar(CP_ACP, 0, narrow, length, text, length);
        com_free(narrow);
    }
    com_free(*place);
    *place = text;
    return result;
}

HRESULT link_load(struct link *link, IStream *stream)
{
    struct head head;
    HRESULT result = istream_read(stream, &head, sizeof head);

    if (FAILED(result))
        return E_FAIL;
    if (head.size != HEAD_SIZE || !guid_equal(&head.class, &class_shell_link))
        return E_FAIL;
    link_clear(link);
    link->found = (WIN32_FILE_ATTRIBUTE_DATA){head.attributes, head.created, head.read, head.written, 0, head.length};
    link->icon = head.icon;
    link->show = (int)head.show;
    link->hotkey = head.hotkey;
    link->flags = head.flags & KEPT_FLAGS;
    if (head.flags & SLDF_HAS_ID_LIST)
        result = load_list(link, stream);
    if (SUCCEEDED(result) && head.flags & SLDF_HAS_LINK_INFO && !(head.flags & SLDF_FORCE_NO_LINKINFO))
        result = load_info(link, stream);
    for (int i = 0; i < LINK_TEXTS && SUCCEEDED(result); i++)
        if (head.flags & text_flags[i])
            result = load_text(&link->texts[i], stream, (head.flags & SLDF_UNICODE) != 0);
    return result;
}

/* ---- writing ---- */

static HRESULT save_list(const struct link *link, IStream *stream)
{
    WORD size = (WORD)ILGetSize(link->list);
    HRESULT result = istream_write(stream, &size, sizeof size);

    return FAILED(result) ? result : istream_write(stream, link->list, size);
}

/* The path in ANSI and, behind a longer head, in UTF-16. */
static HRESULT save_info(const struct link *link, IStream *stream)
{
    WCHAR root[] = {link->path[0], ':', '\\', 0};
    DWORD wide_size = (DWORD)((wide_length(link->path) + 1) * sizeof(WCHAR)), serial = 0;
    DWORD narrow_size = (DWORD)WideCharToMultiByte(CP_ACP, 0, link->path, -1, NULL, 0, NULL, NULL);
    DWORD base = INFO_HEAD_UNICODE + (DWORD)sizeof(struct volume) + 1, suffix = base + narrow_size;
    DWORD wide_base = (suffix + 2) & ~1u, wide_suffix = wide_base + wide_size, size = wide_suffix + 2;
    struct volume volume = {sizeof volume + 1, GetDriveTypeW(root), 0, sizeof volume};
    struct info info = {size, INFO_HEAD_UNICODE, HAS_LOCAL_PATH, INFO_HEAD_UNICODE, base, 0, suffix};
    BYTE *block = com_alloc(size);
    HRESULT result;

    if (!block)
        return E_OUTOFMEMORY;
    GetVolumeInformationW(root, NULL, 0, &serial, NULL, NULL, NULL, 0);
    volume.serial = serial;
    memcpy(block, &info, sizeof info);
    memcpy(block + INFO_HEAD, (DWORD[]){wide_base, wide_suffix}, 8);
    memcpy(block + INFO_HEAD_UNICODE, &volume, sizeof volume);
    WideCharToMultiByte(CP_ACP, 0, link->path, -1, (char *)block + base, (int)narrow_size, NULL, NULL);
    memcpy(block + wide_base, link->path, wide_size);
    result = istream_write(stream, block, size);
    com_free(block);
    return result;
}

static HRESULT save_text(const WCHAR *text, IStream *stream)
{
    size_t whole = wide_length(text);
    WORD length = (WORD)(whole < TEXT_MOST ? whole : TEXT_MOST);
    HRESULT result = istream_write(stream, &length, sizeof length);

    return FAILED(result) ? result : istream_write(stream, text, length * (ULONG)sizeof *text);
}

HRESULT link_save(const struct link *link, IStream *stream)
{
    bool has_path = link->path && link->path[0] && link->path[1] == ':';
    struct head head = {.size = HEAD_SIZE,
                        .class = class_shell_link,
                        .flags = link->flags | SLDF_UNICODE | (link->list ? SLDF_HAS_ID_LIST : 0) |
                                 (has_path ? SLDF_HAS_LINK_INFO : 0),
                        .attributes = link->found.dwFileAttributes,
                        .created = link->found.ftCreationTime,
                        .read = link->found.ftLastAccessTime,
                        .written = link->found.ftLastWriteTime,
                        .length = link->found.nFileSizeLow,
                        .icon = link->icon,
                        .show = (DWORD)link->show,
                        .hotkey = link->hotkey};
    DWORD end = 0;
    HRESULT result;

    for (int i = 0; i < LINK_TEXTS; i++)
        if (link->texts[i])
            head.flags |= text_flags[i];
    result = istream_write(stream, &head, sizeof head);
    if (SUCCEEDED(result) && link->list)
        result = save_list(link, stream);
    if (SUCCEEDED(result) && has_path)
        result = save_info(link, stream);
    for (int i = 0; i < LINK_TEXTS && SUCCEEDED(result); i++)
        if (link->texts[i])
            result = save_text(link->texts[i], stream);
    return FAILED(result) ? result : istream_write(stream, &end, sizeof end);
}
