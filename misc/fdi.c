/*
 * fdi.c: cabinet.dll's FDI: which files are in a cabinet, and what the program wants of them.
 *
 * Layer: above ntdll.  Memory and files are the program's functions; the data are read in fdi_folder.c.
 */
#include <stdio.h>
#include <string.h>
#include "cabinet.h"
#include "ntdll/gate.h"
#include "ntdll/error.h"

#define MAGIC 0x21494446u  /* FDI! */
#define OPEN_BINARY 0x8000 /* _O_RDONLY | _O_BINARY */

void fdi_set_error(struct fdi *fdi, FDIERROR error)
{
    if (fdi->error)
        *fdi->error = (ERF){(int)error, 0, error != FDIERROR_NONE};
}

/* The first failure of a copy is its result; false, to be returned. */
bool fdi_fail(struct copy *copy, FDIERROR error)
{
    if (!copy->failed)
        copy->failed = error;
    return false;
}

bool fdi_read(struct fdi *fdi, INT_PTR handle, void *to, UINT size)
{
    return (UINT)guest_call(fdi->read, GUEST(handle), GUEST(to), size, 0) == size;
}

bool fdi_seek(struct fdi *fdi, INT_PTR handle, LONG place)
{
    return (LONG)guest_call(fdi->seek, GUEST(handle), GUEST(place), SEEK_SET, 0) != -1;
}

INT_PTR fdi_notify(struct copy *copy, FDINOTIFICATIONTYPE kind, FDINOTIFICATION *what)
{
    what->pv = copy->user;
    return (INT_PTR)guest_call(copy->notify, kind, GUEST(what), 0, 0);
}

/* ---- FDI contexts ---- */

HFDI DIAMONDAPI FDICreate(PFNALLOC alloc, PFNFREE release, PFNOPEN open, PFNREAD read, PFNWRITE write, PFNCLOSE close,
                          PFNSEEK seek, int processor, PERF error)
{
    struct fdi *fdi;

    (void)processor;
    if (!alloc || !release) {
        SetLastError(ERROR_BAD_ARGUMENTS);
        return NULL;
    }
    fdi = (struct fdi *)guest_call(alloc, sizeof *fdi, 0, 0, 0);
    if (fdi)
        *fdi = (struct fdi){MAGIC, alloc, release, open, read, write, close, seek, error};
    if (error)
        *error = (ERF){fdi ? FDIERROR_NONE : FDIERROR_ALLOC_FAIL, 0, !fdi};
    if (!fdi)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return fdi;
}

static struct fdi *fdi_from(HFDI handle)
{
    struct fdi *fdi = handle;

    if (fdi && fdi->magic == MAGIC)
        return fdi;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

BOOL DIAMONDAPI FDIDestroy(HFDI handle)
{
    struct fdi *fdi = fdi_from(handle);

    if (!fdi)
        return FALSE;
    fdi->magic = 0;
    guest_call(fdi->release, GUEST(fdi), 0, 0, 0);
    return TRUE;
}

/* ---- the head of a cabinet ---- */

static bool read_text(struct fdi *fdi, INT_PTR handle, char *text, size_t room)
{
    for (size_t i = 0; i < room; i++) {
        if (!fdi_read(fdi, handle, text + i, 1))
            return false;
        if (!text[i])
            return true;
    }
    return false;
}

static FDIERROR head_read(struct fdi *fdi, INT_PTR handle, struct cabinet *cabinet)
{
    struct cab_header *header = &cabinet->header;
    struct {
        USHORT header;
        BYTE folder, data;
    } reserve = {0};

    memset(cabinet, 0, sizeof *cabinet);
    cabinet->handle = handle;
    if (!fdi_read(fdi, handle, header, sizeof *header) || memcmp(header->signature, "MSCF", 4))
        return FDIERROR_NOT_A_CABINET;
    if (header->major != 1 || header->minor > 3)
        return FDIERROR_UNKNOWN_CABINET_VERSION;
    cabinet->folders_at = sizeof *header;
    if (header->flags & CAB_FLAG_RESERVE) {
        if (!fdi_read(fdi, handle, &reserve, sizeof reserve))
            return FDIERROR_CORRUPT_CABINET;
        cabinet->folders_at += (LONG)sizeof reserve + reserve.header;
        if (!fdi_seek(fdi, handle, cabinet->folders_at))
            return FDIERROR_CORRUPT_CABINET;
    }
    cabinet->header_reserve = reserve.header;
    cabinet->folder_reserve = reserve.folder;
    cabinet->data_reserve = reserve.data;
    if (header->flags & CAB_FLAG_PREVIOUS &&
        (!read_text(fdi, handle, cabinet->previous, sizeof cabinet->previous) ||
         !read_text(fdi, handle, cabinet->previous_disk, sizeof cabinet->previous_disk)))
        return FDIERROR_CORRUPT_CABINET;
    if (header->flags & CAB_FLAG_NEXT && (!read_text(fdi, handle, cabinet->next, sizeof cabinet->next) ||
                                          !read_text(fdi, handle, cabinet->next_disk, sizeof cabinet->next_disk)))
        return FDIERROR_CORRUPT_CABINET;
    if (header->flags & CAB_FLAG_PREVIOUS)
        cabinet->folders_at += (LONG)(strlen(cabinet->previous) + strlen(cabinet->previous_disk) + 2);
    if (header->flags & CAB_FLAG_NEXT)
        cabinet->folders_at += (LONG)(strlen(cabinet->next) + strlen(cabinet->next_disk) + 2);
    return FDIERROR_NONE;
}

BOOL DIAMONDAPI FDIIsCabinet(HFDI handle, INT_PTR file, PFDICABINETINFO info)
{
    struct fdi *fdi = fdi_from(handle);
    struct cabinet cabinet;
    FDIERROR error;

    if (!fdi)
        return FALSE;
    if (!info || !file || file == -1) {
        SetLastError(ERROR_BAD_ARGUMENTS);
        return FALSE;
    }
    error = head_read(fdi, file, &cabinet);
    fdi_set_error(fdi, error);
    if (error)
        return FALSE;
    info->cbCabinet = (int)cabinet.header.size;
    info->cFolders = cabinet.header.folders;
    info->cFiles = cabinet.header.files;
    info->setID = cabinet.header.set;
    info->iCabinet = cabinet.header.number;
    info->fReserve = (cabinet.header.flags & CAB_FLAG_RESERVE) != 0;
    info->hasprev = (cabinet.header.flags & CAB_FLAG_PREVIOUS) != 0;
    info->hasnext = (cabinet.header.flags & CAB_FLAG_NEXT) != 0;
    return TRUE;
}

FDIERROR cabinet_open(struct copy *copy, const char *name, struct cabinet *cabinet)
{
    char path[CB_MAX_CAB_PATH + CB_MAX_CABINET_NAME];
    INT_PTR handle;
    FDIERROR error;

    cabinet->handle = -1;
    if ((size_t)snprintf(path, sizeof path, "%s%s", copy->path, name) >= sizeof path)
        return FDIERROR_CABINET_NOT_FOUND;
    handle = (INT_PTR)guest_call(copy->fdi->open, GUEST(path), OPEN_BINARY, 0, 0);
    if (handle == -1)
        return FDIERROR_CABINET_NOT_FOUND;
    error = head_read(copy->fdi, handle, cabinet);
    if (error)
        cabinet_close(copy, cabinet);
    return error;
}

void cabinet_close(struct copy *copy, struct cabinet *cabinet)
{
    if (cabinet->handle != -1)
        guest_call(copy->fdi->close, GUEST(cabinet->handle), 0, 0, 0);
    cabinet->handle = -1;
}

/* ---- FDICopy ---- */

static bool tell_cabinet(struct copy *copy, struct cabinet *cabinet)
{
    FDINOTIFICATION what = {.psz1 = cabinet->next,
                            .psz2 = cabinet->next_disk,
                            .psz3 = copy->path,
                            .setID = cabinet->header.set,
                            .iCabinet = cabinet->header.number};

    return fdi_notify(copy, fdintCABINET_INFO, &what) != -1 || fdi_fail(copy, FDIERROR_USER_ABORT);
}

/* The rest of a file that began in an earlier cabinet: it can not be got from here. */
static bool tell_partial(struct copy *copy, struct cabinet *cabinet, char *name)
{
    FDINOTIFICATION what = {.psz1 = name, .psz2 = cabinet->previous, .psz3 = cabinet->previous_disk};

    return fdi_notify(copy, fdintPARTIAL_FILE, &what) != -1 || fdi_fail(copy, FDIERROR_USER_ABORT);
}

static bool copy_file(struct copy *copy, struct cabinet *cabinet, struct folder *folder, const struct cab_file *file,
                      char *name)
{
    USHORT number = file->folder >= CAB_FROM_PREVIOUS ? (USHORT)(cabinet->header.folders - 1) : file->folder;
    FDINOTIFICATION what = {.cb = (int)file->size,
                            .psz1 = name,
                            .date = file->date,
                            .time = file->time,
                            .attribs = file->attributes,
                            .setID = cabinet->header.set,
                            .iCabinet = cabinet->header.number,
                            .iFolder = number};
    INT_PTR to = fdi_notify(copy, fdintCOPY_FILE, &what);

    if (!to)
        return true;
    if (to == -1)
        return fdi_fail(copy, FDIERROR_USER_ABORT);
    if (!folder_extract(copy, cabinet, folder, number, file->offset, file->size, to)) {
        guest_call(copy->fdi->close, GUEST(to), 0, 0, 0);
        return false;
    }
    what.hf = to;
    what.cb = (file->attributes & _A_EXEC) != 0;
    what.attribs = file->attributes & (USHORT)~_A_EXEC;
    what.psz1 = name;
    to = fdi_notify(copy, fdintCLOSE_FILE_INFO, &what);
    return to == 1 || fdi_fail(copy, to ? FDIERROR_USER_ABORT : FDIERROR_TARGET_FILE);
}

static bool copy_files(struct copy *copy, struct cabinet *cabinet)
{
    struct folder folder = {.number = -1, .further.handle = -1};
    LONG at = (LONG)cabinet->header.files_at;
    bool good = true;

    for (USHORT i = 0; good && i < cabinet->header.files; i++) {
        struct cab_file file;
        char name[CB_MAX_FILENAME];

        if (!fdi_seek(copy->fdi, cabinet->handle, at) || !fdi_read(copy->fdi, cabinet->handle, &file, sizeof file) ||
            !read_text(copy->fdi, cabinet->handle, name, sizeof name)) {
            good = fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
            break;
        }
        at += (LONG)(sizeof file + strlen(name) + 1);
        if (file.folder == CAB_FROM_PREVIOUS || file.folder == CAB_BOTH)
            good = tell_partial(copy, cabinet, name);
        else
            good = copy_file(copy, cabinet, &folder, &file, name);
    }
    folder_close(copy, &folder);
    return good;
}

BOOL DIAMONDAPI FDICopy(HFDI handle, char *name, char *path, int flags, PFNFDINOTIFY notify, PFNFDIDECRYPT decrypt,
                        void *user)
{
    struct fdi *fdi = fdi_from(handle);
    char directory[CB_MAX_CAB_PATH] = "";
    struct copy copy = {fdi, notify, user, directory, FDIERROR_NONE};
    struct cabinet cabinet;
    bool good;

    (void)flags, (void)decrypt;
    if (!fdi)
        return FALSE;
    if (!name || !notify || (path && strlen(path) >= sizeof directory)) {
        SetLastError(ERROR_BAD_ARGUMENTS);
        return FALSE;
    }
    if (path)
        strcpy(directory, path);
    fdi_set_error(fdi, FDIERROR_NONE);
    copy.failed = cabinet_open(&copy, name, &cabinet);
    good = !copy.failed && tell_cabinet(&copy, &cabinet) && copy_files(&copy, &cabinet);
    cabinet_close(&copy, &cabinet);
    if (!good)
        fdi_set_error(fdi, copy.failed);
    return good;
}
