/*
 * fci.c: cabinet.dll's FCI: makes cabinets, with their blocks as they are or packed as MSZIP.
 *
 * Layer: above ntdll.  A cabinet is built in memory and written by FCIFlushCabinet, with the program's functions.  One
 * that gets larger than the program allows is an error: it is not split.
 */
#include <stdio.h>
#include <string.h>
#include "cabinet.h"
#include "ntdll/deflate_plugin.h"
#include "ntdll/error.h"
#include "ntdll/gate.h"

#define MAGIC 0x21494346u    /* FCI! */
#define CREATE_BINARY 0x8302 /* _O_RDWR | _O_CREAT | _O_TRUNC | _O_BINARY */
#define READ_WRITE 0x180

struct buffer {
    BYTE *data;
    size_t size, room;
};

struct fci {
    ULONG magic;
    PERF error;
    PFNFCIFILEPLACED placed;
    PFNFCIOPEN open;
    PFNFCIREAD read;
    PFNFCIWRITE write;
    PFNFCICLOSE close;
    PFNFCIFREE release;
    void *user;
    CCAB *parameters; /* the program's own: callbacks change it */
    struct buffer folders, files, data;
    USHORT folder_count, file_count;
    /* the folder that is being filled */
    bool open_folder;
    USHORT type, blocks;
    ULONG data_at;             /* of its blocks in `data` */
    ULONG position;            /* of what has been added to it */
    UINT filled;               /* bytes in the block */
    BYTE block[2 * CAB_BLOCK]; /* behind what went before */
    BYTE packed[CAB_PACKED_MOST];
};

static BOOL fail(struct fci *fci, FCIERROR error, int host_error)
{
    if (fci->error)
        *fci->error = (ERF){(int)error, host_error, TRUE};
    return FALSE;
}

static struct fci *fci_from(HFCI handle)
{
    struct fci *fci = handle;

    if (fci && fci->magic == MAGIC)
        return fci;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

static bool append(struct buffer *buffer, const void *data, size_t size)
{
    HANDLE heap = peb_current()->ProcessHeap;

    if (buffer->size + size > buffer->room) {
        size_t room = 2 * (buffer->size + size) + 4096;
        BYTE *grown = buffer->data ? RtlReAllocateHeap(heap, 0, buffer->data, room) : RtlAllocateHeap(heap, 0, room);

        if (!grown)
            return false;
        buffer->data = grown;
        buffer->room = room;
    }
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return true;
}

static void buffers_empty(struct fci *fci)
{
    fci->folders.size = fci->files.size = fci->data.size = 0;
    fci->folder_count = fci->file_count = 0;
}

/* ---- contexts ---- */

HFCI DIAMONDAPI FCICreate(PERF error, PFNFCIFILEPLACED placed, PFNFCIALLOC alloc, PFNFCIFREE release, PFNFCIOPEN open,
                          PFNFCIREAD read, PFNFCIWRITE write, PFNFCICLOSE close, PFNFCISEEK seek, PFNFCIDELETE remove,
                          PFNFCIGETTEMPFILE temporary, PCCAB parameters, void *user)
{
    struct fci *fci;

    if (!error) {
        SetLastError(ERROR_BAD_ARGUMENTS);
        return NULL;
    }
    if (!alloc || !release || !open || !read || !write || !close || !seek || !remove || !temporary || !parameters) {
        *error = (ERF){FCIERR_NONE, ERROR_BAD_ARGUMENTS, TRUE};
        SetLastError(ERROR_BAD_ARGUMENTS);
        return NULL;
    }
    fci = (struct fci *)guest_call(alloc, sizeof *fci, 0, 0, 0);
    *error = (ERF){fci ? FCIERR_NONE : FCIERR_ALLOC_FAIL, fci ? 0 : ERROR_NOT_ENOUGH_MEMORY, !fci};
    if (!fci) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    memset(fci, 0, sizeof *fci);
    *fci = (struct fci){.magic = MAGIC,
                        .error = error,
                        .placed = placed,
                        .open = open,
                        .read = read,
                        .write = write,
                        .close = close,
                        .release = release,
                        .user = user,
                        .parameters = parameters};
    return fci;
}

BOOL DIAMONDAPI FCIDestroy(HFCI handle)
{
    struct fci *fci = fci_from(handle);
    HANDLE heap = peb_current()->ProcessHeap;

    if (!fci)
        return FALSE;
    fci->magic = 0;
    RtlFreeHeap(heap, 0, fci->folders.data);
    RtlFreeHeap(heap, 0, fci->files.data);
    RtlFreeHeap(heap, 0, fci->data.data);
    guest_call(fci->release, GUEST(fci), 0, 0, 0);
    return TRUE;
}

/* ---- blocks and folders ---- */

static bool status(struct fci *fci, PFNFCISTATUS tell, UINT kind, ULONG first, ULONG second)
{
    return !tell || (LONG)guest_call(tell, kind, first, second, GUEST(fci->user)) != -1 ||
           fail(fci, FCIERR_USER_ABORT, 0);
}

static bool block_pack(struct fci *fci, size_t *packed)
{
    const struct deflate_plugin *plugin;
    size_t before = fci->position - fci->filled, made;

    if ((fci->type & tcompMASK_TYPE) == tcompTYPE_NONE) {
        memcpy(fci->packed, fci->block + CAB_BLOCK, *packed = fci->filled);
        return true;
    }
    before = before < CAB_BLOCK ? before : CAB_BLOCK;
    plugin = deflate_plugin();
    if (!plugin || !plugin->pack(fci->block + CAB_BLOCK, fci->filled, fci->block + CAB_BLOCK - before, before,
                                 fci->packed + 2, sizeof fci->packed - 2, &made))
        return fail(fci, FCIERR_BAD_COMPR_TYPE, 0);
    memcpy(fci->packed, "CK", 2);
    *packed = made + 2;
    return true;
}

/* Ends the block that is being filled. */
static bool block_end(struct fci *fci, PFNFCISTATUS tell)
{
    static const BYTE nothing[256];
    struct cab_data head = {0};
    size_t packed;

    if (!fci->filled)
        return true;
    if (!block_pack(fci, &packed))
        return false;
    head.packed = (USHORT)packed;
    head.size = (USHORT)fci->filled;
    head.checksum = cab_checksum((const BYTE *)&head.packed, 4, cab_checksum(fci->packed, packed, 0));
    if (!append(&fci->data, &head, sizeof head) ||
        !append(&fci->data, nothing, (BYTE)fci->parameters->cbReserveCFData) ||
        !append(&fci->data, fci->packed, packed))
        return fail(fci, FCIERR_ALLOC_FAIL, 0);
    memcpy(fci->block, fci->block + CAB_BLOCK, CAB_BLOCK);
    fci->blocks++;
    if (!status(fci, tell, statusFile, (ULONG)packed, fci->filled))
        return false;
    fci->filled = 0;
    return true;
}

static bool folder_end(struct fci *fci, PFNFCISTATUS tell)
{
    static const BYTE nothing[256];
    struct cab_folder head;
    ULONG packed;

    if (!fci->open_folder)
        return true;
    if (!block_end(fci, tell))
        return false;
    head = (struct cab_folder){fci->data_at, fci->blocks, fci->type};
    if (!append(&fci->folders, &head, sizeof head) ||
        !append(&fci->folders, nothing, (BYTE)fci->parameters->cbReserveCFFolder))
        return fail(fci, FCIERR_ALLOC_FAIL, 0);
    fci->folder_count++;
    fci->open_folder = false;
    packed = (ULONG)fci->data.size - fci->data_at;
    return status(fci, tell, statusFolder, packed, packed);
}

BOOL DIAMONDAPI FCIFlushFolder(HFCI handle, PFNFCIGETNEXTCABINET next, PFNFCISTATUS tell)
{
    struct fci *fci = fci_from(handle);

    (void)next;
    return fci && folder_end(fci, tell);
}

/* ---- files ---- */

static bool file_read(struct fci *fci, INT_PTR from, PFNFCISTATUS tell, ULONG *size)
{
    for (*size = 0;;) {
        UINT room = CAB_BLOCK - fci->filled, got;
        int error = 0;

        got = (UINT)guest_call_n(fci->read, 5,
                                 (ULONG_PTR[]){GUEST(from), GUEST(fci->block + CAB_BLOCK + fci->filled), room,
                                               GUEST(&error), GUEST(fci->user)});
        if (got > room)
            return fail(fci, FCIERR_READ_SRC, error);
        if (!got)
            return true;
        fci->filled += got;
        fci->position += got;
        *size += got;
        if (fci->filled == CAB_BLOCK && !block_end(fci, tell))
            return false;
    }
}

static void folder_begin(struct fci *fci, TCOMP type)
{
    if (fci->open_folder)
        return;
    fci->open_folder = true;
    fci->type = type;
    fci->blocks = 0;
    fci->filled = 0;
    fci->position = 0;
    fci->data_at = (ULONG)fci->data.size;
}

BOOL DIAMONDAPI FCIAddFile(HFCI handle, char *source, char *name, BOOL execute, PFNFCIGETNEXTCABINET next,
                           PFNFCISTATUS tell, PFNFCIGETOPENINFO info, TCOMP type)
{
    struct fci *fci = fci_from(handle);
    struct cab_file file = {0};
    int error = 0;
    INT_PTR from;
    bool good;

    (void)next;
    if (!fci)
        return FALSE;
    if (!source || !name || !*name || !info || strlen(name) >= CB_MAX_FILENAME)
        return fail(fci, FCIERR_NONE, ERROR_BAD_ARGUMENTS);
    if ((type & tcompMASK_TYPE) != tcompTYPE_NONE && (type & tcompMASK_TYPE) != tcompTYPE_MSZIP)
        return fail(fci, FCIERR_BAD_COMPR_TYPE, 0);
    from = (INT_PTR)guest_call_n(info, 6,
                                 (ULONG_PTR[]){GUEST(source), GUEST(&file.date), GUEST(&file.time),
                                               GUEST(&file.attributes), GUEST(&error), GUEST(fci->user)});
    if (from == -1)
        return fail(fci, FCIERR_OPEN_SRC, error);
    good = !fci->open_folder || fci->type == type || folder_end(fci, tell);
    folder_begin(fci, type);
    file.offset = fci->position;
    file.folder = fci->folder_count;
    good = good && file_read(fci, from, tell, &file.size);
    guest_call(fci->close, GUEST(from), GUEST(&error), GUEST(fci->user), 0);
    if (!good)
        return FALSE;
    if (execute)
        file.attributes |= _A_EXEC;
    if (!append(&fci->files, &file, sizeof file) || !append(&fci->files, name, strlen(name) + 1))
        return fail(fci, FCIERR_ALLOC_FAIL, 0);
    fci->file_count++;
    return fci->position < fci->parameters->cbFolderThresh || folder_end(fci, tell);
}

/* ---- the cabinet ---- */

static bool put(struct fci *fci, INT_PTR to, const void *data, size_t size)
{
    int error = 0;

    return !size ||
           (UINT)guest_call_n(fci->write, 5,
                              (ULONG_PTR[]){GUEST(to), GUEST(data), size, GUEST(&error), GUEST(fci->user)}) == size ||
           fail(fci, FCIERR_CAB_FILE, error);
}

static bool put_zeros(struct fci *fci, INT_PTR to, size_t count)
{
    static const BYTE zeros[256];

    for (size_t some; count; count -= some) {
        some = count < sizeof zeros ? count : sizeof zeros;
        if (!put(fci, to, zeros, some))
            return false;
    }
    return true;
}

static bool cabinet_put(struct fci *fci, INT_PTR to, const struct cab_header *header)
{
    const CCAB *p = fci->parameters;
    struct {
        USHORT header;
        BYTE folder, data;
    } reserve = {(USHORT)p->cbReserveCFHeader, (BYTE)p->cbReserveCFFolder, (BYTE)p->cbReserveCFData};

    return put(fci, to, header, sizeof *header) &&
           (!(header->flags & CAB_FLAG_RESERVE) ||
            (put(fci, to, &reserve, sizeof reserve) && put_zeros(fci, to, reserve.header))) &&
           put(fci, to, fci->folders.data, fci->folders.size) && put(fci, to, fci->files.data, fci->files.size) &&
           put(fci, to, fci->data.data, fci->data.size);
}

/* Where things lie is known when all of them are there. */
static void header_make(struct fci *fci, struct cab_header *header)
{
    const CCAB *p = fci->parameters;
    size_t head = sizeof *header, entry = sizeof(struct cab_folder) + (BYTE)p->cbReserveCFFolder;

    *header = (struct cab_header){.signature = "MSCF", .minor = 3, .major = 1};
    if (p->cbReserveCFHeader || p->cbReserveCFFolder || p->cbReserveCFData) {
        header->flags = CAB_FLAG_RESERVE;
        head += 4 + (USHORT)p->cbReserveCFHeader;
    }
    header->folders = fci->folder_count;
    header->files = fci->file_count;
    header->set = p->setID;
    header->number = (USHORT)p->iCab;
    header->files_at = (ULONG)(head + fci->folders.size);
    header->size = (ULONG)(header->files_at + fci->files.size + fci->data.size);
    for (USHORT i = 0; i < fci->folder_count; i++) {
        struct cab_folder folder;

        memcpy(&folder, fci->folders.data + i * entry, sizeof folder);
        folder.data_at += (ULONG)(header->files_at + fci->files.size);
        memcpy(fci->folders.data + i * entry, &folder, sizeof folder);
    }
}

static bool files_placed(struct fci *fci)
{
    for (BYTE *at = fci->files.data; at < fci->files.data + fci->files.size;) {
        struct cab_file file;
        char *name = (char *)at + sizeof file;

        memcpy(&file, at, sizeof file);
        if (fci->placed && (int)guest_call_n(fci->placed, 5,
                                             (ULONG_PTR[]){GUEST(fci->parameters), GUEST(name), file.size, FALSE,
                                                           GUEST(fci->user)}) == -1)
            return fail(fci, FCIERR_USER_ABORT, 0);
        at += sizeof file + strlen(name) + 1;
    }
    return true;
}

static bool cabinet_write(struct fci *fci, struct cab_header *header)
{
    char path[CB_MAX_CAB_PATH + CB_MAX_CABINET_NAME];
    int error = 0;
    INT_PTR to;
    bool good;

    header_make(fci, header);
    if (header->size > fci->parameters->cb && fci->parameters->cb)
        return fail(fci, FCIERR_MCI_FAIL, 0);
    snprintf(path, sizeof path, "%s%s", fci->parameters->szCabPath, fci->parameters->szCab);
    to = (INT_PTR)guest_call_n(fci->open, 5,
                               (ULONG_PTR[]){GUEST(path), CREATE_BINARY, READ_WRITE, GUEST(&error), GUEST(fci->user)});
    if (to == -1)
        return fail(fci, FCIERR_CAB_FILE, error);
    good = cabinet_put(fci, to, header);
    guest_call(fci->close, GUEST(to), GUEST(&error), GUEST(fci->user), 0);
    return good;
}

BOOL DIAMONDAPI FCIFlushCabinet(HFCI handle, BOOL more, PFNFCIGETNEXTCABINET next, PFNFCISTATUS tell)
{
    struct fci *fci = fci_from(handle);
    struct cab_header header;

    if (!fci || !folder_end(fci, tell))
        return FALSE;
    if (!fci->file_count)
        return TRUE;
    if (!cabinet_write(fci, &header) || !files_placed(fci) ||
        !status(fci, tell, statusCabinet, header.size, header.size))
        return FALSE;
    buffers_empty(fci);
    if (!more || !next)
        return TRUE;
    fci->parameters->iCab++;
    return guest_call(next, GUEST(fci->parameters), header.size, GUEST(fci->user), 0) != 0 ||
           fail(fci, FCIERR_USER_ABORT, 0);
}
