/*
 * stream_memory.c: streams in memory (CreateStreamOnHGlobal, SHCreateMemStream), and copying between streams.
 *
 * Layer: ole32.  The memory is a movable block, which the program may have given; clones share it.
 */
#include "com.h"

struct block {
    HGLOBAL memory;
    ULONG size;
    bool owned; /* freed with the last stream */
    LONG refs;
};

struct memory_stream {
    const IStreamVtbl *methods;
    LONG refs;
    struct block *block;
    ULONGLONG position;
};

static void destroy(struct memory_stream *stream)
{
    if (!__sync_sub_and_fetch(&stream->block->refs, 1)) {
        if (stream->block->owned)
            GlobalFree(stream->block->memory);
        com_free(stream->block);
    }
    com_free(stream);
}

COM_COUNTED(IStream, struct memory_stream, stream, destroy)

static HRESULT WINAPI query(IStream *this, REFIID id, void **result)
{
    static const GUID sequential = {0x0c733a30, 0x2a1c, 0x11ce, {0xad, 0xe5, 0, 0xaa, 0, 0x44, 0x77, 0x3d}};

    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_STREAM) || guid_equal(id, &sequential), this,
                      result);
}

static HRESULT WINAPI read_some(IStream *this, void *buffer, ULONG size, ULONG *done)
{
    struct memory_stream *stream = (struct memory_stream *)this;
    ULONGLONG left = stream->position < stream->block->size ? stream->block->size - stream->position : 0;
    char *memory;

    if (size > left)
        size = (ULONG)left;
    if (size) {
        memory = GlobalLock(stream->block->memory);
        memcpy(buffer, memory + stream->position, size);
        GlobalUnlock(stream->block->memory);
    }
    stream->position += size;
    if (done)
        *done = size;
    return S_OK;
}

static HRESULT WINAPI set_size(IStream *this, ULARGE_INTEGER size)
{
    struct memory_stream *stream = (struct memory_stream *)this;
    HGLOBAL memory;

    if (size.QuadPart > 0xffffffff)
        return E_OUTOFMEMORY;
    if (stream->block->size == size.LowPart)
        return S_OK;
    memory = GlobalReAlloc(stream->block->memory, size.LowPart, GMEM_MOVEABLE | GMEM_ZEROINIT);
    if (!memory)
        return E_OUTOFMEMORY;
    stream->block->memory = memory;
    stream->block->size = size.LowPart;
    return S_OK;
}

static HRESULT WINAPI write_some(IStream *this, const void *buffer, ULONG size, ULONG *done)
{
    struct memory_stream *stream = (struct memory_stream *)this;
    ULARGE_INTEGER end = {.QuadPart = stream->position + size};
    char *memory;

    if (done)
        *done = 0;
    if (!size)
        return S_OK;
    if (end.QuadPart > stream->block->size && FAILED(set_size(this, end)))
        return E_OUTOFMEMORY;
    memory = GlobalLock(stream->block->memory);
    memcpy(memory + stream->position, buffer, size);
    GlobalUnlock(stream->block->memory);
    stream->position = end.QuadPart;
    if (done)
        *done = size;
    return S_OK;
}

static HRESULT WINAPI seek(IStream *this, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *now)
{
    struct memory_stream *stream = (struct memory_stream *)this;
    LONGLONG base = origin == STREAM_SEEK_CUR ? (LONGLONG)stream->position : (LONGLONG)stream->block->size;
    HRESULT result = S_OK;

    if (origin == STREAM_SEEK_SET)
        base = 0;
    if (origin > STREAM_SEEK_END || base + move.QuadPart < 0)
        result = STG_E_SEEKERROR;
    else
        stream->position = (ULONGLONG)(base + move.QuadPart);
    if (now)
        now->QuadPart = stream->position;
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

static HRESULT WINAPI revert(IStream *this)
{
    (void)this;
    return S_OK;
}

static HRESULT WINAPI lock_region(IStream *this, ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type)
{
    (void)this, (void)offset, (void)size, (void)type;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT WINAPI stat(IStream *this, STATSTG *info, DWORD flags)
{
    (void)flags;
    if (!info)
        return STG_E_INVALIDPOINTER;
    memset(info, 0, sizeof *info);
    info->type = STGTY_STREAM;
    info->cbSize.QuadPart = ((struct memory_stream *)this)->block->size;
    return S_OK;
}

static HRESULT WINAPI clone(IStream *this, IStream **result);

static const IStreamVtbl methods = {query,   stream_add_ref, stream_release, read_some,   write_some,  seek, set_size,
                                    copy_to, commit,         revert,         lock_region, lock_region, stat, clone};

static IStream *make(struct block *block, ULONGLONG position)
{
    struct memory_stream *stream = com_alloc(sizeof *stream);

    if (!stream)
        return NULL;
    *stream = (struct memory_stream){&methods, 1, block, position};
    return (IStream *)stream;
}

static HRESULT WINAPI clone(IStream *this, IStream **result)
{
    struct memory_stream *stream = (struct memory_stream *)this;

    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = make(stream->block, stream->position);
    if (!*result)
        return E_OUTOFMEMORY;
    __sync_add_and_fetch(&stream->block->refs, 1);
    return S_OK;
}

HRESULT WINAPI CreateStreamOnHGlobal(HGLOBAL memory, BOOL owned, LPSTREAM *result)
{
    struct block *block;

    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    if (memory && GlobalFlags(memory) == GMEM_INVALID_HANDLE)
        return E_INVALIDARG;
    block = com_alloc(sizeof *block);
    if (!block)
        return E_OUTOFMEMORY;
    *block = (struct block){memory, 0, owned, 1};
    if (memory)
        block->size = (ULONG)GlobalSize(memory);
    else
        block->memory = GlobalAlloc(GMEM_MOVEABLE, 0);
    *result = block->memory ? make(block, 0) : NULL;
    if (*result)
        return S_OK;
    com_free(block);
    return E_OUTOFMEMORY;
}

HRESULT WINAPI GetHGlobalFromStream(LPSTREAM object, HGLOBAL *memory)
{
    struct memory_stream *stream = (struct memory_stream *)object;

    if (!object || !memory || stream->methods != &methods)
        return E_INVALIDARG;
    *memory = stream->block->memory;
    return S_OK;
}

/* shlwapi's: a copy of the caller's bytes. */
IStream *WINAPI SHCreateMemStream(const BYTE *data, UINT size)
{
    struct memory_stream *stream;

    if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, (LPSTREAM *)&stream)))
        return NULL;
    if (data && size && FAILED(write_some((IStream *)stream, data, size, NULL))) {
        stream_release((IStream *)stream);
        return NULL;
    }
    stream->position = 0;
    return (IStream *)stream;
}

/* ---- any streams ---- */

#define COPY_ROOM 16384u

HRESULT istream_copy(IStream *from, IStream *to, ULONGLONG size, ULARGE_INTEGER *read, ULARGE_INTEGER *written)
{
    ULONGLONG in = 0, out = 0;
    HRESULT result = S_OK;
    char *buffer = com_alloc(COPY_ROOM);

    if (!buffer)
        return E_OUTOFMEMORY;
    while (size) {
        ULONG part = size < COPY_ROOM ? (ULONG)size : COPY_ROOM, got = 0, put = 0;

        result = COM_CALL(IStream, from, Read, buffer, part, &got);
        if (FAILED(result) || !got)
            break;
        in += got;
        result = COM_CALL(IStream, to, Write, buffer, got, &put);
        out += put;
        if (FAILED(result) || put < got)
            break;
        size -= got;
    }
    com_free(buffer);
    if (read)
        read->QuadPart = in;
    if (written)
        written->QuadPart = out;
    return FAILED(result) ? result : S_OK;
}

HRESULT istream_read(IStream *stream, void *buffer, ULONG size)
{
    ULONG got = 0;
    HRESULT result = COM_CALL(IStream, stream, Read, buffer, size, &got);

    return FAILED(result) ? result : got == size ? S_OK : STG_E_READFAULT;
}

HRESULT istream_write(IStream *stream, const void *buffer, ULONG size)
{
    ULONG put = 0;
    HRESULT result = COM_CALL(IStream, stream, Write, buffer, size, &put);

    return FAILED(result) ? result : put == size ? S_OK : STG_E_WRITEFAULT;
}

/* ---- classes and objects in streams ---- */

HRESULT WINAPI WriteClassStm(LPSTREAM stream, REFCLSID class)
{
    return stream ? istream_write(stream, class, sizeof *class) : E_INVALIDARG;
}

HRESULT WINAPI ReadClassStm(LPSTREAM stream, CLSID *class)
{
    if (!stream || !class)
        return E_INVALIDARG;
    memset(class, 0, sizeof *class);
    return istream_read(stream, class, sizeof *class);
}

HRESULT WINAPI OleSaveToStream(LPPERSISTSTREAM object, LPSTREAM stream)
{
    HRESULT result;
    CLSID class;

    if (!object || !stream)
        return E_INVALIDARG;
    result = COM_CALL(IPersistStream, object, GetClassID, &class, 0, 0);
    if (SUCCEEDED(result))
        result = WriteClassStm(stream, &class);
    return SUCCEEDED(result) ? COM_CALL(IPersistStream, object, Save, stream, TRUE, 0) : result;
}

HRESULT WINAPI OleLoadFromStream(LPSTREAM stream, REFIID id, LPVOID *result)
{
    static const GUID persist = GUID_OLE(0x109), null;
    IPersistStream *object;
    HRESULT error;
    CLSID class;

    if (!stream || !result)
        return E_INVALIDARG;
    *result = NULL;
    error = ReadClassStm(stream, &class);
    if (SUCCEEDED(error) && guid_equal(&class, &null))
        error = E_FAIL;
    if (SUCCEEDED(error))
        error = CoCreateInstance(&class, NULL, CLSCTX_INPROC_SERVER, &persist, (void **)&object);
    if (FAILED(error))
        return error;
    error = COM_CALL(IPersistStream, object, Load, stream, 0, 0);
    if (SUCCEEDED(error))
        error = com_query(object, id, result);
    com_release(object);
    return error;
}
