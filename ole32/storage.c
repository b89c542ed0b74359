/*
 * storage.c: structured storage: storages and streams in a compound file (StgCreateDocfile, StgOpenStorage).
 *
 * Layer: ole32, over compound.c and kernel32's files.  A file is read whole when it is opened; it is written whole when
 * its root is committed, or released in direct mode.  Storages inside of a file have no transactions of their own.
 */
#include "compound.h"
#include "ntdll/nls.h"

struct file {
    LONG refs;
    struct node *root;
    HANDLE handle;
    WCHAR path[MAX_PATH];
    bool transacted, dirty;
};

struct storage {
    const IStorageVtbl *methods;
    LONG refs;
    struct file *file;
    struct node *node;
    DWORD mode;
};

struct stream {
    const IStreamVtbl *methods;
    LONG refs;
    struct file *file;
    struct node *node;
    DWORD mode, position;
};

static bool may_write(DWORD mode)
{
    return (mode & 3) != STGM_READ;
}

static bool may_read(DWORD mode)
{
    return (mode & 3) != STGM_WRITE;
}

/* ---- the file ---- */

static HRESULT file_save(struct file *file)
{
    DWORD size, done;
    BYTE *bytes;
    BOOL good;

    if (!file->dirty)
        return S_OK;
    bytes = compound_write(file->root, &size);
    if (!bytes)
        return STG_E_MEDIUMFULL;
    good = SetFilePointer(file->handle, 0, NULL, FILE_BEGIN) == 0 &&
           WriteFile(file->handle, bytes, size, &done, NULL) && done == size && SetEndOfFile(file->handle);
    com_free(bytes);
    if (!good)
        return HRESULT_FROM_WIN32(GetLastError());
    file->dirty = false;
    return S_OK;
}

static void file_release(struct file *file)
{
    if (__sync_sub_and_fetch(&file->refs, 1))
        return;
    if (!file->transacted)
        file_save(file);
    node_free(file->root);
    CloseHandle(file->handle);
    com_free(file);
}

/* An object lets go of its node, which may be gone from the file already. */
static void node_release(struct node *node)
{
    if (!--node->users && !node->parent && node->type != NODE_ROOT)
        node_free(node);
}

/* ---- streams ---- */

static void stream_destroy(struct stream *stream)
{
    node_release(stream->node);
    file_release(stream->file);
    com_free(stream);
}

COM_COUNTED(IStream, struct stream, part, stream_destroy)

static HRESULT WINAPI part_query(IStream *this, REFIID id, void **result)
{
    static const GUID sequential = {0x0c733a30, 0x2a1c, 0x11ce, {0xad, 0xe5, 0, 0xaa, 0, 0x44, 0x77, 0x3d}};

    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_STREAM) || guid_equal(id, &sequential), this,
                      result);
}

static HRESULT WINAPI part_read(IStream *this, void *buffer, ULONG size, ULONG *done)
{
    struct stream *stream = (struct stream *)this;
    DWORD left = stream->position < stream->node->size ? stream->node->size - stream->position : 0;

    if (!may_read(stream->mode))
        return STG_E_ACCESSDENIED;
    if (size > left)
        size = left;
    if (size)
        memcpy(buffer, stream->node->data + stream->position, size);
    stream->position += size;
    if (done)
        *done = size;
    return S_OK;
}

static HRESULT WINAPI part_set_size(IStream *this, ULARGE_INTEGER size)
{
    struct stream *stream = (struct stream *)this;

    if (!may_write(stream->mode))
        return STG_E_ACCESSDENIED;
    if (size.QuadPart > 0x7fffffff || !node_resize(stream->node, size.LowPart))
        return STG_E_MEDIUMFULL;
    stream->file->dirty = true;
    return S_OK;
}

static HRESULT WINAPI part_write(IStream *this, const void *buffer, ULONG size, ULONG *done)
{
    struct stream *stream = (struct stream *)this;
    ULARGE_INTEGER end = {.QuadPart = (ULONGLONG)stream->position + size};
    HRESULT result = S_OK;

    if (done)
        *done = 0;
    if (!may_write(stream->mode))
        return STG_E_ACCESSDENIED;
    if (!size)
        return S_OK;
    if (end.QuadPart > stream->node->size)
        result = part_set_size(this, end);
    if (FAILED(result))
        return result;
    memcpy(stream->node->data + stream->position, buffer, size);
    stream->position += size;
    stream->file->dirty = true;
    if (done)
        *done = size;
    return S_OK;
}

static HRESULT WINAPI part_seek(IStream *this, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *now)
{
    struct stream *stream = (struct stream *)this;
    LONGLONG base = origin == STREAM_SEEK_SET ? 0 : origin == STREAM_SEEK_CUR ? stream->position : stream->node->size;

    if (origin > STREAM_SEEK_END)
        return STG_E_INVALIDFUNCTION;
    if (base + move.QuadPart < 0 || base + move.QuadPart > 0x7fffffff)
        return STG_E_INVALIDFUNCTION;
    stream->position = (DWORD)(base + move.QuadPart);
    if (now)
        now->QuadPart = stream->position;
    return S_OK;
}

static HRESULT WINAPI part_copy(IStream *this, IStream *to, ULARGE_INTEGER size, ULARGE_INTEGER *read,
                                ULARGE_INTEGER *written)
{
    return to ? istream_copy(this, to, size.QuadPart, read, written) : STG_E_INVALIDPOINTER;
}

static HRESULT WINAPI part_commit(IStream *this, DWORD flags)
{
    (void)this, (void)flags;
    return S_OK;
}

static HRESULT WINAPI part_revert(IStream *this)
{
    (void)this;
    return S_OK;
}

static HRESULT WINAPI part_lock(IStream *this, ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type)
{
    (void)this, (void)offset, (void)size, (void)type;
    return STG_E_INVALIDFUNCTION;
}

/* The name is in memory of the task allocator. */
static HRESULT stat_fill(const struct node *node, const WCHAR *name, DWORD mode, DWORD flags, STATSTG *info)
{
    size_t size = (wide_length(name) + 1) * sizeof *name;

    memset(info, 0, sizeof *info);
    info->type = node->type == NODE_STREAM ? STGTY_STREAM : STGTY_STORAGE;
    info->cbSize.QuadPart = node->size;
    info->mtime = node->modified;
    info->ctime = node->created;
    info->grfMode = mode;
    info->clsid = node->class;
    info->grfStateBits = node->state;
    if (flags & STATFLAG_NONAME)
        return S_OK;
    info->pwcsName = CoTaskMemAlloc(size);
    if (!info->pwcsName)
        return E_OUTOFMEMORY;
    memcpy(info->pwcsName, name, size);
    return S_OK;
}

static HRESULT WINAPI part_stat(IStream *this, STATSTG *info, DWORD flags)
{
    struct stream *stream = (struct stream *)this;

    return info ? stat_fill(stream->node, stream->node->name, stream->mode, flags, info) : STG_E_INVALIDPOINTER;
}

static HRESULT stream_make(struct file *file, struct node *node, DWORD mode, DWORD position, IStream **result);

static HRESULT WINAPI part_clone(IStream *this, IStream **result)
{
    struct stream *stream = (struct stream *)this;

    return result ? stream_make(stream->file, stream->node, stream->mode, stream->position, result)
                  : STG_E_INVALIDPOINTER;
}

static const IStreamVtbl stream_methods = {part_query, part_add_ref,  part_release, part_read,   part_write,
                                           part_seek,  part_set_size, part_copy,    part_commit, part_revert,
                                           part_lock,  part_lock,     part_stat,    part_clone};

static HRESULT stream_make(struct file *file, struct node *node, DWORD mode, DWORD position, IStream **result)
{
    struct stream *stream = com_alloc(sizeof *stream);

    if (!stream)
        return E_OUTOFMEMORY;
    *stream = (struct stream){&stream_methods, 1, file, node, mode, position};
    node->users++;
    __sync_add_and_fetch(&file->refs, 1);
    *result = (IStream *)stream;
    return S_OK;
}

/* ---- storages ---- */

static void storage_destroy(struct storage *storage)
{
    if (storage->node->type == NODE_ROOT && !storage->file->transacted)
        file_save(storage->file);
    node_release(storage->node);
    file_release(storage->file);
    com_free(storage);
}

COM_COUNTED(IStorage, struct storage, storage, storage_destroy)

static HRESULT WINAPI storage_query(IStorage *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_STORAGE), this, result);
}

static HRESULT storage_make(struct file *file, struct node *node, DWORD mode, IStorage **result);

static bool name_good(const WCHAR *name)
{
    size_t length = 0;

    for (; name && name[length]; length++)
        if (name[length] == '\\' || name[length] == '/' || name[length] == ':' || name[length] == '!')
            return false;
    return length && length < NODE_NAME;
}

/* Makes an element, in place of another if the mode says so. */
static HRESULT element_make(struct storage *storage, const WCHAR *name, DWORD mode, enum node_type type,
                            struct node **node)
{
    struct node *old;

    if (!name_good(name))
        return name ? STG_E_INVALIDNAME : STG_E_INVALIDPOINTER;
    if ((mode & 0x70) != STGM_SHARE_EXCLUSIVE)
        return STG_E_INVALIDFLAG;
    if (!may_write(storage->mode))
        return STG_E_ACCESSDENIED;
    old = node_find(storage->node, name);
    if (old && !(mode & STGM_CREATE))
        return STG_E_FILEALREADYEXISTS;
    if (old)
        node_remove(old);
    *node = node_make(storage->node, name, type);
    storage->file->dirty = true;
    return *node ? S_OK : E_OUTOFMEMORY;
}

static HRESULT element_open(struct storage *storage, const WCHAR *name, DWORD mode, enum node_type type,
                            struct node **node)
{
    if (!name)
        return STG_E_INVALIDPOINTER;
    if ((mode & 0x70) != STGM_SHARE_EXCLUSIVE)
        return STG_E_INVALIDFLAG;
    *node = node_find(storage->node, name);
    if (!*node || (*node)->type != type)
        return STG_E_FILENOTFOUND;
    if ((*node)->users || (may_write(mode) && !may_write(storage->mode)))
        return STG_E_ACCESSDENIED;
    return S_OK;
}

static HRESULT WINAPI create_stream(IStorage *this, LPCOLESTR name, DWORD mode, DWORD reserved, DWORD reserved2,
                                    IStream **result)
{
    struct storage *storage = (struct storage *)this;
    struct node *node;
    HRESULT error;

    (void)reserved, (void)reserved2;
    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = NULL;
    error = element_make(storage, name, mode, NODE_STREAM, &node);
    return FAILED(error) ? error : stream_make(storage->file, node, mode, 0, result);
}

static HRESULT WINAPI open_stream(IStorage *this, LPCOLESTR name, void *reserved, DWORD mode, DWORD reserved2,
                                  IStream **result)
{
    struct storage *storage = (struct storage *)this;
    struct node *node;
    HRESULT error;

    (void)reserved, (void)reserved2;
    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = NULL;
    error = element_open(storage, name, mode, NODE_STREAM, &node);
    return FAILED(error) ? error : stream_make(storage->file, node, mode, 0, result);
}

static HRESULT WINAPI create_storage(IStorage *this, LPCOLESTR name, DWORD mode, DWORD reserved, DWORD reserved2,
                                     IStorage **result)
{
    struct storage *storage = (struct storage *)this;
    struct node *node;
    HRESULT error;

    (void)reserved, (void)reserved2;
    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = NULL;
    error = element_make(storage, name, mode, NODE_STORAGE, &node);
    return FAILED(error) ? error : storage_make(storage->file, node, mode, result);
}

static HRESULT WINAPI open_storage(IStorage *this, LPCOLESTR name, IStorage *priority, DWORD mode, SNB exclude,
                                   DWORD reserved, IStorage **result)
{
    struct storage *storage = (struct storage *)this;
    struct node *node;
    HRESULT error;

    (void)priority, (void)exclude, (void)reserved;
    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = NULL;
    error = element_open(storage, name, mode, NODE_STORAGE, &node);
    return FAILED(error) ? error : storage_make(storage->file, node, mode, result);
}

/* Into any storage, by its methods. */
static HRESULT copy_node(const struct node *node, IStorage *to)
{
    const DWORD mode = STGM_CREATE | STGM_READWRITE | STGM_SHARE_EXCLUSIVE;
    IUnknown *made = NULL;
    ULONG_PTR arguments[] = {GUEST(to), GUEST(node->name), mode, 0, 0, GUEST(&made)};
    HRESULT result = (HRESULT)guest_call_n(node->type == NODE_STREAM ? COM_METHOD(IStorage, to, CreateStream)
                                                                     : COM_METHOD(IStorage, to, CreateStorage),
                                           6, arguments);

    if (FAILED(result))
        return result;
    if (node->type == NODE_STREAM && node->size)
        result = istream_write((IStream *)made, node->data, node->size);
    for (const struct node *child = node->children; child && SUCCEEDED(result); child = child->next)
        result = copy_node(child, (IStorage *)made);
    com_release(made);
    return result;
}

static HRESULT WINAPI storage_copy(IStorage *this, DWORD count, const IID *interfaces, SNB exclude, IStorage *to)
{
    struct storage *storage = (struct storage *)this;
    HRESULT result = S_OK;

    (void)interfaces;
    if (!to)
        return STG_E_INVALIDPOINTER;
    if (count || exclude || to == this)
        return to == this ? STG_E_ACCESSDENIED : E_NOTIMPL;
    for (struct node *child = storage->node->children; child && SUCCEEDED(result); child = child->next)
        result = copy_node(child, to);
    return SUCCEEDED(result) ? COM_CALL(IStorage, to, SetClass, &storage->node->class, 0, 0) : result;
}

static HRESULT WINAPI storage_move(IStorage *this, LPCOLESTR name, IStorage *to, LPCOLESTR new_name, DWORD flags)
{
    (void)this, (void)name, (void)to, (void)new_name, (void)flags;
    return E_NOTIMPL;
}

static HRESULT WINAPI storage_commit(IStorage *this, DWORD flags)
{
    struct storage *storage = (struct storage *)this;

    (void)flags;
    return storage->node->type == NODE_ROOT ? file_save(storage->file) : S_OK;
}

/* What was written since the last commit is in memory alone: it is lost with the objects, not before. */
static HRESULT WINAPI storage_revert(IStorage *this)
{
    return ((struct storage *)this)->file->transacted ? E_NOTIMPL : S_OK;
}

static HRESULT WINAPI destroy_element(IStorage *this, LPCOLESTR name)
{
    struct storage *storage = (struct storage *)this;
    struct node *node;

    if (!may_write(storage->mode))
        return STG_E_ACCESSDENIED;
    node = name ? node_find(storage->node, name) : NULL;
    if (!node)
        return name ? STG_E_FILENOTFOUND : STG_E_INVALIDPOINTER;
    node_remove(node);
    storage->file->dirty = true;
    return S_OK;
}

static HRESULT WINAPI rename_element(IStorage *this, LPCOLESTR old, LPCOLESTR new)
{
    struct storage *storage = (struct storage *)this;
    struct node *node;

    if (!may_write(storage->mode))
        return STG_E_ACCESSDENIED;
    if (!old || !name_good(new))
        return STG_E_INVALIDNAME;
    node = node_find(storage->node, old);
    if (!node)
        return STG_E_FILENOTFOUND;
    if (node_find(storage->node, new))
        return STG_E_FILEALREADYEXISTS;
    lstrcpynW(node->name, new, NODE_NAME);
    storage->file->dirty = true;
    return S_OK;
}

static HRESULT WINAPI set_times(IStorage *this, LPCOLESTR name, const FILETIME *created, const FILETIME *read,
                                const FILETIME *modified)
{
    struct storage *storage = (struct storage *)this;
    struct node *node = name ? node_find(storage->node, name) : storage->node;

    (void)read;
    if (!node)
        return STG_E_FILENOTFOUND;
    if (!may_write(storage->mode))
        return STG_E_ACCESSDENIED;
    if (created)
        node->created = *created;
    if (modified)
        node->modified = *modified;
    storage->file->dirty = true;
    return S_OK;
}

static HRESULT WINAPI set_class(IStorage *this, REFCLSID class)
{
    struct storage *storage = (struct storage *)this;

    if (!may_write(storage->mode))
        return STG_E_ACCESSDENIED;
    storage->node->class = *class;
    storage->file->dirty = true;
    return S_OK;
}

static HRESULT WINAPI set_state(IStorage *this, DWORD bits, DWORD mask)
{
    struct storage *storage = (struct storage *)this;

    if (!may_write(storage->mode))
        return STG_E_ACCESSDENIED;
    storage->node->state = (storage->node->state & ~mask) | (bits & mask);
    storage->file->dirty = true;
    return S_OK;
}

static HRESULT WINAPI storage_stat(IStorage *this, STATSTG *info, DWORD flags)
{
    struct storage *storage = (struct storage *)this;
    const WCHAR *name = storage->node->type == NODE_ROOT ? storage->file->path : storage->node->name;

    return info ? stat_fill(storage->node, name, storage->mode, flags, info) : STG_E_INVALIDPOINTER;
}

/* ---- enumeration: the elements as they were when it began ---- */

struct elements {
    const IEnumSTATSTGVtbl *methods;
    LONG refs;
    struct storage *storage;
    DWORD position;
};

static void elements_destroy(struct elements *elements)
{
    storage_release((IStorage *)elements->storage);
    com_free(elements);
}

COM_COUNTED(IEnumSTATSTG, struct elements, elements, elements_destroy)

static HRESULT WINAPI elements_query(IEnumSTATSTG *this, REFIID id, void **result)
{
    return com_answer(guid_is_ole(id, OLE_UNKNOWN) || guid_is_ole(id, OLE_ENUM_STATSTG), this, result);
}

/* In the format's order of names; how many are below `name` tells its place. */
static struct node *element_at(struct node *parent, DWORD position)
{
    for (struct node *node = parent->children; node; node = node->next) {
        DWORD before = 0;

        for (struct node *other = parent->children; other; other = other->next)
            before += node_order(other->name, node->name) < 0;
        if (before == position)
            return node;
    }
    return NULL;
}

static HRESULT WINAPI elements_next(IEnumSTATSTG *this, ULONG count, STATSTG *out, ULONG *fetched)
{
    struct elements *elements = (struct elements *)this;
    struct node *node;
    ULONG done = 0;

    while (done < count && (node = element_at(elements->storage->node, elements->position)) != NULL) {
        stat_fill(node, node->name, 0, STATFLAG_DEFAULT, &out[done++]);
        elements->position++;
    }
    if (fetched)
        *fetched = done;
    return done == count ? S_OK : S_FALSE;
}

static HRESULT WINAPI elements_skip(IEnumSTATSTG *this, ULONG count)
{
    struct elements *elements = (struct elements *)this;

    for (; count && element_at(elements->storage->node, elements->position); count--)
        elements->position++;
    return count ? S_FALSE : S_OK;
}

static HRESULT WINAPI elements_reset(IEnumSTATSTG *this)
{
    ((struct elements *)this)->position = 0;
    return S_OK;
}

static HRESULT elements_make(struct storage *storage, DWORD position, IEnumSTATSTG **result);

static HRESULT WINAPI elements_clone(IEnumSTATSTG *this, IEnumSTATSTG **result)
{
    struct elements *elements = (struct elements *)this;

    return elements_make(elements->storage, elements->position, result);
}

static const IEnumSTATSTGVtbl elements_methods = {elements_query, elements_add_ref, elements_release, elements_next,
                                                  elements_skip,  elements_reset,   elements_clone};

static HRESULT elements_make(struct storage *storage, DWORD position, IEnumSTATSTG **result)
{
    struct elements *elements = com_alloc(sizeof *elements);

    if (!elements)
        return E_OUTOFMEMORY;
    *elements = (struct elements){&elements_methods, 1, storage, position};
    storage_add_ref((IStorage *)storage);
    *result = (IEnumSTATSTG *)elements;
    return S_OK;
}

static HRESULT WINAPI enum_elements(IStorage *this, DWORD reserved, void *reserved2, DWORD reserved3,
                                    IEnumSTATSTG **result)
{
    (void)reserved, (void)reserved2, (void)reserved3;
    return result ? elements_make((struct storage *)this, 0, result) : STG_E_INVALIDPOINTER;
}

static const IStorageVtbl storage_methods = {
    storage_query,   storage_add_ref, storage_release, create_stream,  open_stream,    create_storage,
    open_storage,    storage_copy,    storage_move,    storage_commit, storage_revert, enum_elements,
    destroy_element, rename_element,  set_times,       set_class,      set_state,      storage_stat};

static HRESULT storage_make(struct file *file, struct node *node, DWORD mode, IStorage **result)
{
    struct storage *storage = com_alloc(sizeof *storage);

    if (!storage)
        return E_OUTOFMEMORY;
    *storage = (struct storage){&storage_methods, 1, file, node, mode};
    node->users++;
    __sync_add_and_fetch(&file->refs, 1);
    *result = (IStorage *)storage;
    return S_OK;
}

/* ---- files ---- */

static HRESULT storage_error(DWORD error)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
        return STG_E_FILENOTFOUND;
    case ERROR_PATH_NOT_FOUND:
        return STG_E_PATHNOTFOUND;
    case ERROR_ACCESS_DENIED:
        return STG_E_ACCESSDENIED;
    case ERROR_SHARING_VIOLATION:
        return STG_E_SHAREVIOLATION;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        return STG_E_FILEALREADYEXISTS;
    default:
        return HRESULT_FROM_WIN32(error);
    }
}

static HANDLE file_open(const WCHAR *path, DWORD mode, DWORD disposition)
{
    DWORD sharing = (mode & 0x70) == STGM_SHARE_EXCLUSIVE    ? 0
                    : (mode & 0x70) == STGM_SHARE_DENY_WRITE ? FILE_SHARE_READ
                    : (mode & 0x70) == STGM_SHARE_DENY_READ  ? FILE_SHARE_WRITE
                                                             : FILE_SHARE_READ | FILE_SHARE_WRITE;
    DWORD flags = mode & STGM_DELETEONRELEASE ? FILE_FLAG_DELETE_ON_CLOSE : 0;

    return CreateFileW(path, may_write(mode) ? GENERIC_READ | GENERIC_WRITE | (flags ? DELETE : 0) : GENERIC_READ,
                       sharing, NULL, disposition, flags, NULL);
}

/* The root's storage over a handle, which is closed on failure. */
static HRESULT file_make(HANDLE handle, struct node *root, const WCHAR *path, DWORD mode, IStorage **result)
{
    struct file *file = root ? com_alloc(sizeof *file) : NULL;
    HRESULT error = E_OUTOFMEMORY;

    if (file) {
        file->root = root;
        file->handle = handle;
        file->transacted = (mode & STGM_TRANSACTED) != 0;
        GetFullPathNameW(path, MAX_PATH, file->path, NULL);
        error = storage_make(file, root, mode, result);
    }
    if (SUCCEEDED(error))
        return error;
    com_free(file);
    if (root)
        node_free(root);
    CloseHandle(handle);
    return error;
}

HRESULT WINAPI StgCreateDocfile(const OLECHAR *name, DWORD mode, DWORD reserved, IStorage **result)
{
    WCHAR temporary[MAX_PATH], directory[MAX_PATH];
    struct file *file;
    HANDLE handle;
    HRESULT error;

    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = NULL;
    if (reserved)
        return STG_E_INVALIDPARAMETER;
    if (!may_write(mode))
        return STG_E_INVALIDFLAG;
    if (!name) { /* a temporary one */
        if (!GetTempPathW(MAX_PATH, directory) || !GetTempFileNameW(directory, L"stg", 0, temporary))
            return storage_error(GetLastError());
        name = temporary;
        mode |= STGM_CREATE | STGM_DELETEONRELEASE;
    }
    handle = file_open(name, mode, mode & STGM_CREATE ? CREATE_ALWAYS : CREATE_NEW);
    if (handle == INVALID_HANDLE_VALUE)
        return storage_error(GetLastError());
    error = file_make(handle, node_make(NULL, L"Root Entry", NODE_ROOT), name, mode, result);
    if (FAILED(error))
        return error;
    file = ((struct storage *)*result)->file;
    file->dirty = true;
    return file_save(file); /* an empty one is there from the start */
}

HRESULT WINAPI StgOpenStorage(const OLECHAR *name, IStorage *priority, DWORD mode, SNB exclude, DWORD reserved,
                              IStorage **result)
{
    struct node *root = NULL;
    LARGE_INTEGER size;
    DWORD done = 0;
    HANDLE handle;
    BYTE *bytes;
    bool known;

    if (!result)
        return STG_E_INVALIDPOINTER;
    *result = NULL;
    if (!name || priority || exclude || reserved)
        return name ? STG_E_INVALIDPARAMETER : STG_E_INVALIDNAME;
    handle = file_open(name, mode & ~(DWORD)STGM_DELETEONRELEASE, OPEN_EXISTING);
    if (handle == INVALID_HANDLE_VALUE)
        return storage_error(GetLastError());
    GetFileSizeEx(handle, &size);
    bytes = size.QuadPart < 0x7fffffff ? com_alloc((size_t)size.QuadPart + 1) : NULL;
    if (bytes && ReadFile(handle, bytes, size.LowPart, &done, NULL) && done == size.LowPart)
        root = compound_read(bytes, done);
    known = bytes && compound_is(bytes, done);
    com_free(bytes);
    if (root)
        return file_make(handle, root, name, mode, result);
    CloseHandle(handle);
    return known ? STG_E_DOCFILECORRUPT : STG_E_FILEALREADYEXISTS; /* documented: it is there, but no storage */
}

HRESULT WINAPI StgIsStorageFile(const OLECHAR *name)
{
    BYTE head[512];
    DWORD done = 0;
    HANDLE handle;

    if (!name)
        return STG_E_INVALIDNAME;
    handle = file_open(name, STGM_READ, OPEN_EXISTING);
    if (handle == INVALID_HANDLE_VALUE)
        return storage_error(GetLastError());
    ReadFile(handle, head, sizeof head, &done, NULL);
    CloseHandle(handle);
    return compound_is(head, done) ? S_OK : S_FALSE;
}

/* ---- the newer names, and a storage's class ---- */

HRESULT WINAPI StgCreateStorageEx(const WCHAR *name, DWORD mode, DWORD format, DWORD attributes, STGOPTIONS *options,
                                  PSECURITY_DESCRIPTOR descriptor, REFIID id, void **result)
{
    (void)attributes, (void)options, (void)descriptor;
    if ((format != STGFMT_STORAGE && format != STGFMT_DOCFILE) || !guid_is_ole(id, OLE_STORAGE))
        return STG_E_INVALIDPARAMETER;
    return StgCreateDocfile(name, mode, 0, (IStorage **)result);
}

HRESULT WINAPI StgOpenStorageEx(const WCHAR *name, DWORD mode, DWORD format, DWORD attributes, STGOPTIONS *options,
                                PSECURITY_DESCRIPTOR descriptor, REFIID id, void **result)
{
    (void)attributes, (void)options, (void)descriptor;
    if ((format != STGFMT_STORAGE && format != STGFMT_DOCFILE && format != STGFMT_ANY) || !guid_is_ole(id, OLE_STORAGE))
        return STG_E_INVALIDPARAMETER;
    return StgOpenStorage(name, NULL, mode, NULL, 0, (IStorage **)result);
}

HRESULT WINAPI WriteClassStg(LPSTORAGE storage, REFCLSID class)
{
    return storage ? COM_CALL(IStorage, storage, SetClass, class, 0, 0) : E_INVALIDARG;
}

HRESULT WINAPI ReadClassStg(LPSTORAGE storage, CLSID *class)
{
    STATSTG info;
    HRESULT result;

    if (!storage || !class)
        return E_INVALIDARG;
    result = COM_CALL(IStorage, storage, Stat, &info, STATFLAG_NONAME, 0);
    if (SUCCEEDED(result))
        *class = info.clsid;
    return result;
}
