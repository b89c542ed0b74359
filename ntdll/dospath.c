/*
 * dospath.c: Win32 path names: their types, full names, device names, and the NT names they stand for.
 *
 * Pure string work but for the current directory (curdir.c).  The rules are those of
 * "Naming Files, Paths, and Namespaces" and of RtlGetFullPathName_U.
 */
#include <string.h>

#include "curdir.h"
#include "path.h"

#define PATH_MAX_WIDE 32767

static bool is_separator(WCHAR c)
{
    return c == '\\' || c == '/';
}

RTL_PATH_TYPE WINAPI RtlDetermineDosPathNameType_U(PCWSTR path)
{
    if (is_separator(path[0])) {
        if (!is_separator(path[1]))
            return RtlPathTypeRooted;
        if (path[2] != '.' && path[2] != '?')
            return RtlPathTypeUncAbsolute;
        if (is_separator(path[3]))
            return RtlPathTypeLocalDevice;
        return path[3] ? RtlPathTypeUncAbsolute : RtlPathTypeRootLocalDevice;
    }
    if (!path[0] || path[1] != ':')
        return RtlPathTypeRelative;
    return is_separator(path[2]) ? RtlPathTypeDriveAbsolute : RtlPathTypeDriveRelative;
}

static bool text_equal(const WCHAR *name, size_t length, const char *text)
{
    for (size_t i = 0; i < length; i++) {
        WCHAR c = name[i];
        if (c >= 'a' && c <= 'z')
            c -= 32;
        if (c != (WCHAR)text[i])
            return false;
    }
    return !text[length];
}

static bool is_port_digit(WCHAR c)
{
    return (c >= '1' && c <= '9') || c == 0xB9 || c == 0xB2 || c == 0xB3;
}

static bool is_device(const WCHAR *name, size_t length)
{
    if (length == 3)
        return text_equal(name, 3, "NUL") || text_equal(name, 3, "CON") || text_equal(name, 3, "AUX") ||
               text_equal(name, 3, "PRN");
    if (length == 4)
        return (text_equal(name, 3, "COM") || text_equal(name, 3, "LPT")) && is_port_digit(name[3]);
    return text_equal(name, length, "CONIN$") || text_equal(name, length, "CONOUT$");
}

/* Where the device name is: offset in bytes in the high word, length in bytes in the low word; 0: none. */
static ULONG device_name(PCWSTR path, RTL_PATH_TYPE type, size_t end)
{
    size_t start;
    if (type == RtlPathTypeUncAbsolute || type == RtlPathTypeLocalDevice || type == RtlPathTypeRootLocalDevice || !end)
        return 0;
    if (end > 1 && path[end - 1] == ':')
        end--;
    for (start = end; start && !is_separator(path[start - 1]) && (start != 2 || path[1] != ':');)
        start--;
    size_t stop = start;
    while (stop < end && path[stop] != '.' && path[stop] != ':')
        stop++;
    while (stop > start && path[stop - 1] == ' ')
        stop--;
    if (stop == start || !is_device(path + start, stop - start))
        return 0;
    return (ULONG)(start * 2) << 16 | (ULONG)((stop - start) * 2);
}

ULONG WINAPI RtlIsDosDeviceName_U(PCWSTR path)
{
    return device_name(path, RtlDetermineDosPathNameType_U(path), path_length(path));
}

/* Makes all separators backslashes; true: there is nothing for path_collapse to do, as with nearly all names. */
static bool path_separate(WCHAR *path, size_t length)
{
    bool plain = true;
    WCHAR last = 0;
    for (size_t i = 0; i < length; i++) {
        WCHAR c = path[i];
        if (c == '/')
            path[i] = c = '\\';
        if (c == '\\' ? last == '\\' || last == '.' : c == '.' && last == '\\')
            plain = false;
        last = c;
    }
    return plain && last != '\\' && last != '.' && last != ' ';
}

/* Removes "." and "..", doubled separators, and what Windows drops at the end of names; in place.  `root`: not touched.
 */
static size_t path_collapse(WCHAR *path, size_t root, size_t length)
{
    size_t out = root, in = root;
    bool trailing = length > root && is_separator(path[length - 1]);
    while (in < length) {
        while (in < length && is_separator(path[in]))
            in++;
        size_t start = in;
        while (in < length && !is_separator(path[in]))
            in++;
        size_t n = in - start;
        bool last = in == length;
        if (n == 2 && path[start] == '.' && path[start + 1] == '.') {
            while (out > root && path[--out] != '\\')
                ;
            if (last)
                trailing = trailing || out == root;
            continue;
        }
        if (last)
            while (n && (path[start + n - 1] == '.' || path[start + n - 1] == ' '))
                n--;
        else if (n > 1 && path[start + n - 1] == '.')
            n--;
        if (!n || (n == 1 && path[start] == '.'))
            continue;
        if (out > root)
            path[out++] = '\\';
        if (out != start)
            memmove(path + out, path + start, n * 2);
        out += n;
    }
    if (trailing && out > root && path[out - 1] != '\\')
        path[out++] = '\\';
    path[out] = 0;
    return out;
}

/* The length of \\server\share\ at the start of a UNC name. */
static size_t unc_root(const WCHAR *path, size_t length)
{
    size_t i = 2;
    for (int part = 0; part < 2; part++) {
        while (i < length && !is_separator(path[i]))
            i++;
        if (i < length)
            i++;
    }
    return i;
}

static size_t append(WCHAR *out, size_t used, const WCHAR *text, size_t length)
{
    memcpy(out + used, text, length * 2);
    return used + length;
}

/* Writes what comes before `path` in its full name into `out`; its length; *skip: how much of path it replaces. */
static size_t path_base(PCWSTR path, RTL_PATH_TYPE type, WCHAR *out, size_t *skip)
{
    size_t used;
    *skip = 0;
    switch (type) {
    case RtlPathTypeDriveRelative:
        *skip = 2;
        return curdir_of_drive(path[0], out);
    case RtlPathTypeRooted:
        used = curdir_get(out);
        return used >= 2 && out[1] == ':' ? 2 : unc_root(out, used);
    case RtlPathTypeRelative:
        return curdir_get(out);
    default:
        return 0;
    }
}

static size_t path_root(const WCHAR *path, size_t length)
{
    if (length >= 3 && path[1] == ':' && is_separator(path[2]))
        return 3;
    if (length >= 4 && is_separator(path[0]) && is_separator(path[1]) && (path[2] == '.' || path[2] == '?') &&
        is_separator(path[3])) {
        size_t root = 4;
        if (length >= 7 && path[5] == ':' && is_separator(path[6]))
            root = 7;
        return root;
    }
    return is_separator(path[0]) && is_separator(path[1]) ? unc_root(path, length) : 0;
}

/* An upper bound, in characters, of the full name of `path` with what may be put in front of it. */
static size_t path_bound(PCWSTR path)
{
    return path_length(path) + curdir_length_max() + 16;
}

/* The full name of `path` into `full` (path_bound); its length, 0 if it is empty or too long. */
static size_t path_full(PCWSTR path, WCHAR *full)
{
    size_t length = path_length(path), skip, used;
    RTL_PATH_TYPE type = RtlDetermineDosPathNameType_U(path);
    ULONG device = device_name(path, type, length);
    if (device) {
        used = append(full, 0, L"\\\\.\\", 4);
        used = append(full, used, path + (device >> 17), (device & 0xffff) / 2);
        full[used] = 0;
        return used;
    }
    size_t spaces = length;
    while (spaces && path[spaces - 1] == ' ')
        spaces--;
    if (!spaces)
        return 0;
    if (type == RtlPathTypeRootLocalDevice) {
        return append(full, 0, L"\\\\.\\", 5) - 1;
    }
    used = path_base(path, type, full, &skip);
    if (used + length + 2 > PATH_MAX_WIDE)
        return 0;
    if (used && !is_separator(full[used - 1]) && !is_separator(path[skip]))
        full[used++] = '\\';
    used = append(full, used, path + skip, length - skip);
    full[used] = 0;
    return path_separate(full, used) ? used : path_collapse(full, path_root(full, used), used);
}

static const WCHAR *file_part(const WCHAR *full, size_t length)
{
    size_t i = length;
    while (i && full[i - 1] != '\\')
        i--;
    return i == length || i < path_root(full, length) ? NULL : full + i;
}

ULONG WINAPI RtlGetFullPathName_U(PCWSTR name, ULONG size, PWSTR buffer, PWSTR *part)
{
    if (part)
        *part = NULL;
    if (!name || !*name)
        return 0;
    WCHAR *full = RtlAllocateHeap(peb_current()->ProcessHeap, 0, path_bound(name) * 2);
    if (!full)
        return 0;
    size_t length = path_full(name, full);
    ULONG result = (ULONG)length * 2;
    if (length && size < (length + 1) * 2)
        result += 2;
    else if (length) {
        memcpy(buffer, full, (length + 1) * 2);
        const WCHAR *file = file_part(full, length);
        if (part && file && RtlDetermineDosPathNameType_U(full) != RtlPathTypeLocalDevice)
            *part = buffer + (file - full);
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, full);
    return result;
}

NTSTATUS WINAPI RtlGetFullPathName_UEx(PCWSTR name, ULONG size, PWSTR buffer, PWSTR *part, ULONG *length)
{
    ULONG result = RtlGetFullPathName_U(name, size, buffer, part);
    if (length)
        *length = result;
    if (!result)
        return STATUS_OBJECT_NAME_INVALID;
    return result > size ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

/* \\?\ names are taken as they are; others are made full; both get \??\ in front. */
static size_t nt_name_build(PCWSTR dos, WCHAR *out)
{
    if (dos[0] == '\\' && (dos[1] == '\\' || dos[1] == '?') && dos[2] == '?' && dos[3] == '\\') {
        size_t length = path_length(dos + 4);
        if (length + 5 > PATH_MAX_WIDE)
            return 0;
        append(out, append(out, 0, L"\\??\\", 4), dos + 4, length + 1);
        return length + 4;
    }
    size_t length = path_full(dos, out + 8);
    if (!length)
        return 0;
    WCHAR *full = out + 8;
    size_t used = append(out, 0, L"\\??\\", 4);
    if (full[0] != '\\' || full[1] != '\\') {
        memmove(out + used, full, (length + 1) * 2);
        return used + length;
    }
    if (full[2] == '.' || full[2] == '?') {
        memmove(out + used, full + 4, (length - 4 + 1) * 2);
        return length;
    }
    used = append(out, used, L"UNC\\", 4);
    memmove(out + used, full + 2, (length - 2 + 1) * 2);
    return used + length - 2;
}

/* The NT name in heap memory; *length: 0 if there is none. */
static WCHAR *nt_name_create(PCWSTR dos, size_t *length)
{
    PVOID heap = peb_current()->ProcessHeap;
    WCHAR local[4096 + 512]; /* for nearly all: a block with room for the bound would be a large one */
    size_t bound = path_bound(dos);
    WCHAR *name;
    if (bound > sizeof local / sizeof *local) {
        name = RtlAllocateHeap(heap, 0, bound * 2);
        *length = name ? nt_name_build(dos, name) : 0;
        return name;
    }
    *length = nt_name_build(dos, local);
    name = RtlAllocateHeap(heap, 0, (*length + 1) * 2);
    return name && *length ? memcpy(name, local, (*length + 1) * 2) : name;
}

NTSTATUS WINAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR dos, PUNICODE_STRING nt, PCWSTR *part, PVOID relative)
{
    if (part)
        *part = NULL;
    if (relative)
        memset(relative, 0, 4 * sizeof(PVOID));
    if (!dos || !*dos)
        return STATUS_OBJECT_NAME_INVALID;
    size_t length;
    WCHAR *buffer = nt_name_create(dos, &length);
    if (!buffer)
        return STATUS_NO_MEMORY;
    if (!length) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, buffer);
        return path_length(dos) > PATH_MAX_WIDE - 16 ? STATUS_NAME_TOO_LONG : STATUS_OBJECT_NAME_INVALID;
    }
    nt->Buffer = buffer;
    nt->Length = (USHORT)(length * 2);
    nt->MaximumLength = (USHORT)(length * 2 + 2);
    if (part)
        *part = file_part(nt->Buffer, length);
    return STATUS_SUCCESS;
}

BOOL WINAPI RtlDosPathNameToNtPathName_U(PCWSTR dos, PUNICODE_STRING nt, PCWSTR *part, VOID *relative)
{
    return NT_SUCCESS(RtlDosPathNameToNtPathName_U_WithStatus(dos, nt, part, relative));
}

BOOLEAN WINAPI RtlDosPathNameToRelativeNtPathName_U(PCWSTR dos, PUNICODE_STRING nt, PCWSTR *part, PVOID relative)
{
    return NT_SUCCESS(RtlDosPathNameToNtPathName_U_WithStatus(dos, nt, part, relative));
}

VOID WINAPI RtlReleaseRelativeName(PVOID relative)
{
    (void)relative;
}
