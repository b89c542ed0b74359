/*
 * lzexpand.c: the oldest file functions (_lopen ...) and those for compressed files.
 *
 * Layer: kernel32.  An LZ handle is a number above those of few open files, not a handle of a file.
 */
#include <string.h>
#include "filename.h"
#include "win.h"
#include <lzexpand.h>

/* ---- _lopen and the like ---- */

static HFILE open_old(LPCSTR path, int mode, DWORD disposition)
{
    DWORD access = (mode & 3) == OF_READ    ? GENERIC_READ
                   : (mode & 3) == OF_WRITE ? GENERIC_WRITE
                                            : GENERIC_READ | GENERIC_WRITE;
    DWORD sharing;

    switch (mode & 0x70) {
    case OF_SHARE_EXCLUSIVE:
        sharing = 0;
        break;
    case OF_SHARE_DENY_WRITE:
        sharing = FILE_SHARE_READ;
        break;
    case OF_SHARE_DENY_READ:
        sharing = FILE_SHARE_WRITE;
        break;
    default:
        sharing = FILE_SHARE_READ | FILE_SHARE_WRITE;
    }
    return (HFILE)(LONG_PTR)CreateFileA(path, access, sharing, NULL, disposition, 0, NULL);
}

HFILE WINAPI _lopen(LPCSTR path, int mode)
{
    return open_old(path, mode, OPEN_EXISTING);
}

/* The structure keeps the whole path, by which OF_REOPEN finds the file again. */
HFILE WINAPI OpenFile(LPCSTR name, LPOFSTRUCT info, UINT style)
{
    HFILE file = 1; /* true, where none is to be opened */
    char path[MAX_PATH];

    if (!info || (!name && !(style & OF_REOPEN))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return HFILE_ERROR;
    }
    if (style & OF_REOPEN) {
        lstrcpynA(path, info->szPathName, MAX_PATH);
    } else if (style & (OF_CREATE | OF_PARSE) || !SearchPathA(NULL, name, NULL, MAX_PATH, path, NULL)) {
        if (!GetFullPathNameA(name, MAX_PATH, path, NULL))
            path[0] = 0;
    }
    memset(info, 0, sizeof *info);
    info->cBytes = sizeof *info;
    info->fFixedDisk = TRUE;
    lstrcpynA(info->szPathName, path, OFS_MAXPATHNAME);
    if (strlen(path) >= OFS_MAXPATHNAME) {
        info->nErrCode = ERROR_INVALID_DATA;
        SetLastError(ERROR_INVALID_DATA);
        return HFILE_ERROR;
    }
    if (style & OF_PARSE)
        return 0;
    if (style & OF_DELETE)
        file = DeleteFileA(path) ? 1 : HFILE_ERROR;
    else
        file = open_old(path, style & OF_CREATE ? OF_READWRITE | (int)(style & 0x70) : (int)style,
                        style & OF_CREATE ? CREATE_ALWAYS : OPEN_EXISTING);
    if (file == HFILE_ERROR) {
        info->nErrCode = (WORD)GetLastError();
    } else if (style & OF_EXIST) { /* only whether it could be */
        _lclose(file);
        file = 1;
    }
    return file;
}

HFILE WINAPI _lcreat(LPCSTR path, int attributes)
{
    return (HFILE)(LONG_PTR)CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                        CREATE_ALWAYS, (DWORD)attributes & 0x27, NULL);
}

HFILE WINAPI _lclose(HFILE file)
{
    return CloseHandle((HANDLE)(LONG_PTR)file) ? 0 : HFILE_ERROR;
}

UINT WINAPI _lread(HFILE file, LPVOID buffer, UINT size)
{
    DWORD done;

    return ReadFile((HANDLE)(LONG_PTR)file, buffer, size, &done, NULL) ? done : (UINT)HFILE_ERROR;
}

/* Writing nothing cuts the file off. */
UINT WINAPI _lwrite(HFILE file, LPCSTR buffer, UINT size)
{
    DWORD done = 0;
    BOOL good =
        size ? WriteFile((HANDLE)(LONG_PTR)file, buffer, size, &done, NULL) : SetEndOfFile((HANDLE)(LONG_PTR)file);

    return good ? done : (UINT)HFILE_ERROR;
}

LONG WINAPI _hread(HFILE file, LPVOID buffer, LONG size)
{
    return (LONG)_lread(file, buffer, (UINT)size);
}

LONG WINAPI _hwrite(HFILE file, LPCSTR buffer, LONG size)
{
    return (LONG)_lwrite(file, buffer, (UINT)size);
}

LONG WINAPI _llseek(HFILE file, LONG move, int origin)
{
    return (LONG)SetFilePointer((HANDLE)(LONG_PTR)file, move, NULL, (DWORD)origin);
}

/* ---- compressed files ("SZDD"), as setup programs of old expand them ---- */

#define FIRST_LZ 0x400
#define LZ_COUNT 16
#define WINDOW 4096u

struct lz {
    HANDLE file;
    BYTE *data; /* all of it, expanded */
    DWORD size, position;
    bool used;
};

static struct lz open_files[LZ_COUNT];

struct szdd {
    BYTE magic[8], mode, last;
    BYTE size[4];
};
static const BYTE szdd_magic[8] = {'S', 'Z', 'D', 'D', 0x88, 0xf0, 0x27, 0x33};

/* LZSS: a byte of flags, then literals and pairs of a place in the window and a length. */
static bool expand(const BYTE *in, DWORD in_size, BYTE *out, DWORD out_size)
{
    BYTE window[WINDOW];
    DWORD at = 0, made = 0, place = WINDOW - 16;

    memset(window, ' ', sizeof window);
    while (made < out_size && at < in_size) {
        BYTE flags = in[at++];

        for (int bit = 0; bit < 8 && made < out_size; bit++) {
            if (flags >> bit & 1) {
                if (at >= in_size)
                    return false;
                out[made++] = window[place++ % WINDOW] = in[at++];
                continue;
            }
            if (at + 2 > in_size)
                return false;
            DWORD from = in[at] | (in[at + 1] & 0xf0u) << 4, length = (in[at + 1] & 15u) + 3;
            at += 2;
            for (; length && made < out_size; length--)
                out[made++] = window[place++ % WINDOW] = window[from++ % WINDOW];
        }
    }
    return made == out_size;
}

static struct lz *lz_of(INT handle)
{
    unsigned index = (unsigned)(handle - FIRST_LZ);

    return index < LZ_COUNT && open_files[index].used ? &open_files[index] : NULL;
}

static INT lz_load(HANDLE file, const struct szdd *head)
{
    DWORD out_size = head->size[0] | head->size[1] << 8 | head->size[2] << 16 | (DWORD)head->size[3] << 24, done;
    DWORD in_size = GetFileSize(file, NULL) - (DWORD)sizeof *head;
    BYTE *in, *out;

    if (head->mode != 'A' || out_size > in_size * 20ull + 64)
        return LZERROR_UNKNOWNALG;
    in = RtlAllocateHeap(process_heap(), 0, in_size + 1);
    out = RtlAllocateHeap(process_heap(), 0, out_size + 1);
    if (!in || !out || !ReadFile(file, in, in_size, &done, NULL) || done != in_size ||
        !expand(in, in_size, out, out_size)) {
        RtlFreeHeap(process_heap(), 0, in);
        RtlFreeHeap(process_heap(), 0, out);
        return LZERROR_READ;
    }
    RtlFreeHeap(process_heap(), 0, in);
    for (int i = 0; i < LZ_COUNT; i++) {
        if (!__sync_bool_compare_and_swap(&open_files[i].used, false, true))
            continue;
        open_files[i] = (struct lz){file, out, out_size, 0, true};
        return FIRST_LZ + i;
    }
    RtlFreeHeap(process_heap(), 0, out);
    return LZERROR_GLOBALLOC;
}

/* Of a plain file its own handle. */
INT WINAPI LZInit(INT file)
{
    HANDLE handle = (HANDLE)(LONG_PTR)file;
    struct szdd head;
    DWORD done = 0;

    if (SetFilePointer(handle, 0, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER)
        return LZERROR_BADINHANDLE;
    if (ReadFile(handle, &head, sizeof head, &done, NULL) && done == sizeof head &&
        memcmp(head.magic, szdd_magic, sizeof szdd_magic) == 0)
        return lz_load(handle, &head);
    SetFilePointer(handle, 0, NULL, FILE_BEGIN);
    return file;
}

INT WINAPI LZOpenFileW(LPWSTR name, LPOFSTRUCT info, WORD style)
{
    HANDLE file;
    INT result;

    if (info) {
        memset(info, 0, sizeof *info);
        info->cBytes = sizeof *info;
        WideCharToMultiByte(CP_ACP, 0, name, -1, info->szPathName, sizeof info->szPathName, NULL, NULL);
    }
    file = CreateFileW(name, style & OF_CREATE || (style & 3) != OF_READ ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ,
                       FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, style & OF_CREATE ? CREATE_ALWAYS : OPEN_EXISTING, 0,
                       NULL);
    if (file == INVALID_HANDLE_VALUE)
        return LZERROR_BADINHANDLE;
    if (style & OF_CREATE || (style & 3) != OF_READ)
        return (INT)(LONG_PTR)file;
    result = LZInit((INT)(LONG_PTR)file);
    if (result < 0)
        CloseHandle(file);
    return result;
}

INT WINAPI LZOpenFileA(LPSTR name, LPOFSTRUCT info, WORD style)
{
    WCHAR *wide = filename_from_ansi(name);
    INT result = wide ? LZOpenFileW(wide, info, style) : LZERROR_BADINHANDLE;

    filename_free(wide);
    return result;
}

INT WINAPI LZRead(INT handle, CHAR *buffer, INT size)
{
    struct lz *lz = lz_of(handle);
    DWORD part = (DWORD)size;

    if (!lz)
        return (INT)_lread(handle, buffer, (UINT)size);
    if (size < 0)
        return LZERROR_BADVALUE;
    if (part > lz->size - lz->position)
        part = lz->size - lz->position;
    memcpy(buffer, lz->data + lz->position, part);
    lz->position += part;
    return (INT)part;
}

LONG WINAPI LZSeek(INT handle, LONG move, INT origin)
{
    struct lz *lz = lz_of(handle);
    LONGLONG to;

    if (!lz)
        return _llseek(handle, move, origin);
    to = move + (origin == 1 ? (LONGLONG)lz->position : origin == 2 ? (LONGLONG)lz->size : 0);
    if (to < 0 || to > lz->size || (unsigned)origin > 2)
        return LZERROR_BADVALUE;
    lz->position = (DWORD)to;
    return (LONG)to;
}

void WINAPI LZClose(INT handle)
{
    struct lz *lz = lz_of(handle);

    if (!lz) {
        CloseHandle((HANDLE)(LONG_PTR)handle);
        return;
    }
    CloseHandle(lz->file);
    RtlFreeHeap(process_heap(), 0, lz->data);
    lz->used = false;
}

LONG WINAPI LZCopy(INT from, INT to)
{
    char buffer[4096];
    LONG total = 0;
    INT done;

    while ((done = LZRead(from, buffer, sizeof buffer)) > 0) {
        if (_lwrite(to, buffer, (UINT)done) != (UINT)done)
            return LZERROR_WRITE;
        total += done;
    }
    return done < 0 ? done : total;
}

LONG WINAPI CopyLZFile(INT from, INT to)
{
    return LZCopy(from, to);
}

INT WINAPI LZStart(void)
{
    return TRUE;
}

void WINAPI LZDone(void)
{
}

/* ---- the name that a file had before it was packed: SETUP.EX_ is SETUP.EXE ---- */

INT WINAPI GetExpandedNameA(LPSTR source, LPSTR name)
{
    struct szdd header;
    HFILE file = _lopen(source, OF_READ | OF_SHARE_DENY_NONE);
    size_t length = strlen(source);
    UINT got;
    bool lower = false;

    if (file < 0)
        return LZERROR_BADVALUE;
    got = _lread(file, &header, sizeof header);
    _lclose(file);
    if (length >= MAX_PATH)
        return LZERROR_BADVALUE;
    memcpy(name, source, length + 1);
    if (got != sizeof header || memcmp(header.magic, szdd_magic, sizeof szdd_magic) || !length ||
        name[length - 1] != '_')
        return TRUE;
    for (size_t i = length - 1; i && source[i - 1] != '\\' && source[i - 1] != '/'; i--)
        lower |= source[i - 1] >= 'a' && source[i - 1] <= 'z';
    name[length - 1] = (char)header.last;
    if (!header.last)
        name[length - (length > 1 && name[length - 2] == '.' ? 2 : 1)] = 0;
    else if (lower && header.last >= 'A' && header.last <= 'Z')
        name[length - 1] = (char)(header.last | 0x20);
    return TRUE;
}

INT WINAPI GetExpandedNameW(LPWSTR source, LPWSTR name)
{
    char ansi[MAX_PATH], expanded[MAX_PATH];
    DWORD length = filename_to_ansi(source, text_length(source), ansi, sizeof ansi);
    WCHAR *wide;
    INT result;

    if (!length || length >= sizeof ansi)
        return LZERROR_BADVALUE;
    result = GetExpandedNameA(ansi, expanded);
    if (result != TRUE)
        return result;
    wide = filename_from_ansi(expanded);
    if (!wide)
        return LZERROR_GLOBALLOC;
    memcpy(name, wide, (text_length(wide) + 1) * sizeof *wide);
    filename_free(wide);
    return TRUE;
}
