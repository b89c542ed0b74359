/*
 * stream_file.c: streams on files (SHCreateStreamOnFile).
 *
 * Layer: shell32, over kernel32's files.
 */
#include "ole32/com.h"
#include "ntdll/nls.h"

struct file_stream {
    const IStreamVtbl *methods;
    LONG refs;
    HANDLE file;
    DWORD mode;
    WCHAR name[MAX_PATH];
};

static void destroy(struct file_stream *stream)
{
    CloseHandle(stream->file);
    com_free(stream);
}

COM_COUNTED(IStream, struct file_stream, stream, destroy)

static HANDLE file_of(IStream *this)
{
    return ((struct file_stream *)this)->file;
}

static HRESULT last_error(void)
{
    return HRESULT_FROM_WIN32(GetLastError());
}

static HRESULT WINAPI query(IStream *this, REFIID id, void **result)
{
    static const GUID sequential = {0x0c733a30, 0x2a1c, 0x11ce, {0xad, 0xe5, 0, 0xaa, 0, 0x44, 0x77, 0x3d}};

    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_STREAM) || guid_equal(id, &sequential), this,
                      result);
}

static HRESULT WINAPI read_some(IStream *this, void *buffer, ULONG size, ULONG *done)
{
    DWORD got = 0;
    BOOL good = ReadFile(file_of(this), buffer, size, &got, NULL);

    if (done)
        *done = got;
    return !good ? last_error() : got < size ? S_FALSE : S_OK;
}

static HRESULT WINAPI write_some(IStream *this, const void *buffer, ULONG size, ULONG *done)
{
    DWORD put = 0;
    BOOL good = WriteFile(file_of(this), buffer, size, &put, NULL);

    if (done)
        *done = put;
    return good ? S_OK : last_error();
}

static HRESULT WINAPI seek(IStream *this, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *now)
{
    LARGE_INTEGER at;

    if (!SetFilePointerEx(file_of(this), move, &at, origin))
        return last_error();
    if (now)
        now->QuadPart = (ULONGLONG)at.QuadPart;
    return S_OK;
}

static HRESULT WINAPI set_size(IStream *this, ULARGE_INTEGER size)
{
    LARGE_INTEGER zero = {{0}}, at, end = {.QuadPart = (LONGLONG)size.QuadPart};
    HANDLE file = file_of(this);
    HRESULT result = S_OK;

    if (!SetFilePointerEx(file, zero, &at, FILE_CURRENT) || !SetFilePointerEx(file, end, NULL, FILE_BEGIN))
        return last_error();
    if (!SetEndOfFile(file))
        result = last_error();
    SetFilePointerEx(file, at, NULL, FILE_BEGIN);
    return result;
}

static HRESULT WINAPI copy_to(IStream *this, IStream *to, ULARGE_INTEGER size, ULARGE_INTEGER *read,
                              ULARGE_INTEGER *written)
{
    return to ? istream_copy(this, to, size.QuadPart, read, written) : STG_E_INVALIDPOINTER;
}

static HRESULT WINAPI commit(IStream *this, DWORD flags)
{
    (void)this, (void)flags;
    return S_OK;
}

static HRESULT WINAPI not_done(IStream *this)
{
    (void)this;
    return E_NOTIMPL;
}

static HRESULT WINAPI stat(IStream *this, STATSTG *info, DWORD flags)
{
    struct file_stream *stream = (struct file_stream *)this;
    BY_HANDLE_FILE_INFORMATION facts;

    if (!info)
        return STG_E_INVALIDPOINTER;
    memset(info, 0, sizeof *info);
    if (!GetFileInformationByHandle(stream->file, &facts))
        return last_error();
    if (!(flags & STATFLAG_NONAME)) {
        size_t size = (wide_length(stream->name) + 1) * sizeof(WCHAR);

        info->pwcsName = CoTaskMemAlloc(size);
        if (!info->pwcsName)
            return E_OUTOFMEMORY;
        memcpy(info->pwcsName, stream->name, size);
    }
    info->type = STGTY_STREAM;
    info->cbSize.QuadPart = (ULONGLONG)facts.nFileSizeHigh << 32 | facts.nFileSizeLow;
    info->mtime = facts.ftLastWriteTime;
    info->ctime = facts.ftCreationTime;
    info->atime = facts.ftLastAccessTime;
    info->grfMode = stream->mode;
    return S_OK;
}

/* Locks, going back and clones are not for these streams. */
static const IStreamVtbl methods = {
    query,   stream_add_ref, stream_release, read_some,        write_some,       seek, set_size,
    copy_to, commit,         not_done,       (void *)not_done, (void *)not_done, stat, (void *)not_done};

static DWORD access_of(DWORD mode)
{
    switch (mode & 3) {
    case STGM_WRITE:
        return GENERIC_WRITE;
    case STGM_READWRITE:
        return GENERIC_READ | GENERIC_WRITE;
    default:
        return GENERIC_READ;
    }
}

static DWORD sharing_of(DWORD mode)
{
    switch (mode & 0x70) {
    case STGM_SHARE_EXCLUSIVE:
        return 0;
    case STGM_SHARE_DENY_WRITE:
        return FILE_SHARE_READ;
    case STGM_SHARE_DENY_READ:
        return FILE_SHARE_WRITE;
    default:
        return FILE_SHARE_READ | FILE_SHARE_WRITE;
    }
}

static HRESULT open(LPCWSTR path, DWORD mode, DWORD attributes, DWORD disposition, IStream **result)
{
    struct file_stream *stream;
    HANDLE file;

    file = CreateFileW(path, access_of(mode), sharing_of(mode), NULL, disposition, attributes, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return last_error();
    stream = com_alloc(sizeof *stream);
    if (!stream) {
        CloseHandle(file);
        return E_OUTOFMEMORY;
    }
    stream->methods = &methods;
    stream->refs = 1;
    stream->file = file;
    stream->mode = mode;
    GetFullPathNameW(path, MAX_PATH, stream->name, NULL);
    *result = (IStream *)stream;
    return S_OK;
}

/* STGM_FAILIFTHERE and `create` decide what becomes of a file that is there, or not. */
HRESULT WINAPI SHCreateStreamOnFileEx(LPCWSTR path, DWORD mode, DWORD attributes, WINBOOL create, IStream *template,
                                      IStream **result);
HRESULT WINAPI SHCreateStreamOnFileEx(LPCWSTR path, DWORD mode, DWORD attributes, WINBOOL create, IStream *template,
                                      IStream **result)
{
    DWORD disposition = create ? CREATE_NEW : OPEN_EXISTING;

    if (!path || !result || template)
        return E_INVALIDARG;
    *result = NULL;
    if (mode & (STGM_TRANSACTED | STGM_PRIORITY | STGM_CONVERT | STGM_DIRECT_SWMR))
        return E_INVALIDARG;
    if (mode & STGM_CREATE)
        disposition = CREATE_ALWAYS;
    return open(path, mode, attributes, disposition, result);
}

/* The old form: the file is made anew with STGM_CREATE, and must be there without. */
HRESULT WINAPI SHCreateStreamOnFileW(LPCWSTR path, DWORD mode, IStream **result);
HRESULT WINAPI SHCreateStreamOnFileW(LPCWSTR path, DWORD mode, IStream **result)
{
    if (!path || !result)
        return E_INVALIDARG;
    *result = NULL;
    if (mode & (STGM_CONVERT | STGM_DELETEONRELEASE | STGM_TRANSACTED))
        return E_INVALIDARG;
    return open(path, mode, 0, mode & STGM_CREATE ? CREATE_ALWAYS : OPEN_EXISTING, result);
}

HRESULT WINAPI SHCreateStreamOnFileA(LPCSTR path, DWORD mode, IStream **result);
HRESULT WINAPI SHCreateStreamOnFileA(LPCSTR path, DWORD mode, IStream **result)
{
    WCHAR *wide = wide_from_ansi(path);
    HRESULT error = SHCreateStreamOnFileW(wide, mode, result);

    com_free(wide);
    return error;
}
