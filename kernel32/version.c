/*
 * version.c: version.dll: the version resource of a file, and values in it.
 *
 * Layer: Win32 base.  What GetFileVersionInfo gives is the resource, then a mark and room for the texts in ANSI that
 * VerQueryValueA returns: it must return pointers into the caller's block.
 */
#include <string.h>

#include "filename.h"
#include "win.h"

#define ROOM_MARK 0x58324546u /* "FE2X", as Windows has it: behind it lies room for ANSI texts */

/* The head of each node: then a key, padding, the value, padding, and the nodes below. */
struct node {
    WORD length, value_length, is_text;
    WCHAR key[];
};

static ULONG align_four(ULONG value)
{
    return (value + 3) & ~3u;
}

/* Room for the ANSI form of any text in a block: up to three bytes a character, at 3/2 of its place. */
static ULONG room_size(ULONG length)
{
    return length / 2 * 3 + 3;
}

static ULONG block_size(ULONG length)
{
    return align_four(length) + (ULONG)sizeof(DWORD) + room_size(length);
}

/* ---- from a file ---- */

/* The version resource; *module is to be freed.  NULL sets the last error. */
static const void *find_resource(LPCWSTR file, HMODULE *module, DWORD *size)
{
    *module = LoadLibraryExW(file, NULL, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE);
    if (!*module) {
        if (GetLastError() == ERROR_BAD_EXE_FORMAT)
            SetLastError(ERROR_RESOURCE_DATA_NOT_FOUND);
        return NULL;
    }
    HRSRC resource = FindResourceW(*module, MAKEINTRESOURCEW(VS_VERSION_INFO), (LPCWSTR)RT_VERSION);
    const void *data = resource ? LoadResource(*module, resource) : NULL;
    *size = data ? SizeofResource(*module, resource) : 0;
    if (*size >= sizeof(struct node) && *size <= 0xffff)
        return data;
    DWORD error = data ? ERROR_RESOURCE_DATA_NOT_FOUND : GetLastError();
    FreeLibrary(*module);
    SetLastError(error);
    return NULL;
}

DWORD WINAPI GetFileVersionInfoSizeExW(DWORD flags, LPCWSTR file, LPDWORD handle)
{
    HMODULE module;
    DWORD size;
    (void)flags; /* which of several languages: there is one */
    if (handle)
        *handle = 0;
    if (!file) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (!find_resource(file, &module, &size))
        return 0;
    FreeLibrary(module);
    SetLastError(ERROR_SUCCESS);
    return block_size(size);
}

BOOL WINAPI GetFileVersionInfoExW(DWORD flags, LPCWSTR file, DWORD handle, DWORD room, LPVOID block)
{
    HMODULE module;
    DWORD size;
    (void)flags, (void)handle;
    if (!file || !block) {
        SetLastError(file ? ERROR_INVALID_DATA : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    const void *data = find_resource(file, &module, &size);
    if (!data)
        return FALSE;
    struct node *root = block;
    DWORD part = size < room ? size : room;
    memcpy(block, data, part);
    if (part >= sizeof *root && root->length > part)
        root->length = (WORD)part; /* so that queries stay inside */
    if (room >= block_size(size)) {
        const DWORD mark = ROOM_MARK;
        root->length = (WORD)size;
        memcpy((char *)block + align_four(size), &mark, sizeof mark);
    }
    FreeLibrary(module);
    SetLastError(ERROR_SUCCESS);
    return TRUE;
}

DWORD WINAPI GetFileVersionInfoSizeW(LPCWSTR file, LPDWORD handle)
{
    return GetFileVersionInfoSizeExW(FILE_VER_GET_LOCALISED, file, handle);
}

BOOL WINAPI GetFileVersionInfoW(LPCWSTR file, DWORD handle, DWORD size, LPVOID block)
{
    return GetFileVersionInfoExW(FILE_VER_GET_LOCALISED, file, handle, size, block);
}

DWORD WINAPI GetFileVersionInfoSizeExA(DWORD flags, LPCSTR file, LPDWORD handle)
{
    WCHAR *wide = file ? filename_from_ansi(file) : NULL;
    DWORD size = GetFileVersionInfoSizeExW(flags, wide, handle);
    filename_free(wide);
    return size;
}

BOOL WINAPI GetFileVersionInfoExA(DWORD flags, LPCSTR file, DWORD handle, DWORD size, LPVOID block)
{
    WCHAR *wide = file ? filename_from_ansi(file) : NULL;
    BOOL done = GetFileVersionInfoExW(flags, wide, handle, size, block);
    filename_free(wide);
    return done;
}

DWORD WINAPI GetFileVersionInfoSizeA(LPCSTR file, LPDWORD handle)
{
    return GetFileVersionInfoSizeExA(FILE_VER_GET_LOCALISED, file, handle);
}

BOOL WINAPI GetFileVersionInfoA(LPCSTR file, DWORD handle, DWORD size, LPVOID block)
{
    return GetFileVersionInfoExA(FILE_VER_GET_LOCALISED, file, handle, size, block);
}

/* ---- values ---- */

/* A node whose numbers have been checked: all of it lies before `end`. */
struct view {
    const struct node *node;
    const char *value; /* NULL: none */
    ULONG value_size;  /* bytes */
    const char *below; /* nodes, up to `end` */
    const char *end;
};

/* `base`: what paddings are counted from. */
static bool view_node(const char *base, const char *at, const char *limit, struct view *view)
{
    const struct node *node = (const struct node *)at;
    if (limit - at < (ptrdiff_t)sizeof *node || node->length < sizeof *node || node->length > limit - at)
        return false;
    const char *end = at + node->length, *text = (const char *)node->key;
    while (end - text >= 2 && *(const WCHAR *)text)
        text += sizeof(WCHAR);
    if (end - text < 2)
        return false;
    text += sizeof(WCHAR);
    ULONG value = align_four((ULONG)(text - base)), room = (ULONG)(end - base);
    ULONG size = node->value_length * (node->is_text ? (ULONG)sizeof(WCHAR) : 1u);
    *view = (struct view){.node = node, .below = end, .end = end};
    if (value >= room) { /* nothing but the key */
        view->value = text - sizeof(WCHAR);
        return true;
    }
    view->value = base + value;
    view->value_size = size < room - value ? size : room - value; /* some compilers count texts in bytes */
    ULONG below = align_four(value + view->value_size);
    if (below < room)
        view->below = base + below;
    if (!size) /* an empty text: the key's own zero */
        view->value = text - sizeof(WCHAR);
    return true;
}

static bool key_equal(const WCHAR *key, const WCHAR *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!key[i] || RtlUpcaseUnicodeChar(key[i]) != RtlUpcaseUnicodeChar(name[i]))
            return false;
    return !key[length];
}

static bool find_below(const char *base, const struct view *parent, const WCHAR *name, size_t length,
                       struct view *found)
{
    for (const char *at = parent->below; at < parent->end;) {
        if (!view_node(base, at, parent->end, found))
            return false;
        if (key_equal(found->node->key, name, length))
            return true;
        at = base + align_four((ULONG)(found->end - base));
    }
    return false;
}

/* path: names with backslashes between them, perhaps one in front. */
static bool find_value(const void *block, const WCHAR *path, struct view *view)
{
    const char *base = block;
    if (!view_node(base, base, base + ((const struct node *)block)->length, view))
        return false;
    while (*path) {
        size_t length = 0;
        while (path[length] && path[length] != '\\')
            length++;
        struct view parent = *view;
        if (length && !find_below(base, &parent, path, length, view))
            return false;
        path += path[length] ? length + 1 : length;
    }
    return true;
}

BOOL WINAPI VerQueryValueW(LPCVOID block, LPCWSTR path, LPVOID *value, PUINT size)
{
    struct view view;
    if (!block || !path || !find_value(block, path, &view)) {
        if (size)
            *size = 0;
        SetLastError(block && path ? ERROR_RESOURCE_TYPE_NOT_FOUND : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *value = (void *)view.value;
    if (size)
        *size = view.value_size / (view.node->is_text ? sizeof(WCHAR) : 1);
    return TRUE;
}

/* The room for ANSI texts behind the block, or NULL. */
static char *ansi_room(const void *block)
{
    DWORD mark;
    char *behind = (char *)block + align_four(((const struct node *)block)->length);
    memcpy(&mark, behind, sizeof mark);
    return mark == ROOM_MARK ? behind + sizeof mark : NULL;
}

/* A text value in ANSI, in the block's room. */
static BOOL text_to_ansi(const void *block, const struct view *view, LPVOID *value, PUINT size)
{
    char *room = ansi_room(block);
    ULONG length = view->value_size, used = 0;
    if (!room) {
        SetLastError(ERROR_INVALID_DATA);
        return FALSE;
    }
    room += (ULONG)(view->value - (const char *)block) / 2 * 3;
    RtlUnicodeToMultiByteN(room, room_size(length), &used, (PCWSTR)view->value, length);
    room[used] = 0;
    *value = room;
    if (size)
        *size = used;
    return TRUE;
}

BOOL WINAPI VerQueryValueA(LPCVOID block, LPCSTR path, LPVOID *value, PUINT size)
{
    struct view view;
    WCHAR *wide = path ? filename_from_ansi(path) : NULL;
    BOOL found = block && wide && find_value(block, wide, &view);
    filename_free(wide);
    if (found && view.node->is_text)
        return text_to_ansi(block, &view, value, size);
    if (size)
        *size = found ? view.value_size : 0;
    if (found)
        *value = (void *)view.value;
    else
        SetLastError(block && path ? ERROR_RESOURCE_TYPE_NOT_FOUND : ERROR_INVALID_PARAMETER);
    return found;
}

DWORD WINAPI VerLanguageNameW(DWORD language, LPWSTR name, DWORD size)
{
    WCHAR text[128];
    int length = GetLocaleInfoW(MAKELCID(LOWORD(language), SORT_DEFAULT), LOCALE_SLANGUAGE, text, ARRAYSIZE(text));
    if (length <= 1 || !LOWORD(language)) {
        memcpy(text, L"Language Neutral", sizeof L"Language Neutral");
        length = ARRAYSIZE(L"Language Neutral");
    }
    DWORD part = (DWORD)length < size ? (DWORD)length : size;
    if (part) {
        memcpy(name, text, part * sizeof *name);
        name[part - 1] = 0;
    }
    return (DWORD)length - 1;
}

DWORD WINAPI VerLanguageNameA(DWORD language, LPSTR name, DWORD size)
{
    WCHAR text[128];
    DWORD length = VerLanguageNameW(language, text, ARRAYSIZE(text));
    return filename_to_ansi(text, length, name, size);
}
