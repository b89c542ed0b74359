/*
 * fdi_folder.c: the data of a cabinet's folder: blocks that lie one after the other, from cabinet to cabinet.
 *
 * Layer: above ntdll.  Blocks of MSZIP are unpacked as they come.  A folder of LZX is gathered first and handed as a
 * whole to the plug-in, since its library reads cabinets.
 */
#include <string.h>
#include "cabinet.h"
#include "ntdll/deflate_plugin.h"
#include "ntdll/error.h"
#include "ntdll/gate.h"

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

/* The exclusive or of words; the bytes that are left over stand with the first one on top. */
ULONG cab_checksum(const BYTE *data, size_t size, ULONG seed)
{
    ULONG last = 0, word;

    for (; size >= 4; size -= 4, data += 4) {
        memcpy(&word, data, 4);
        seed ^= word;
    }
    while (size--)
        last = last << 8 | *data++;
    return seed ^ last;
}

/* ---- from cabinet to cabinet ---- */

static bool next_cabinet(struct copy *copy, struct folder *folder)
{
    struct cabinet *from = folder->at, next;
    FDINOTIFICATION what = {.psz1 = from->next, .psz2 = from->next_disk, .psz3 = copy->path, .fdie = FDIERROR_NONE};
    struct cab_folder head;

    if (!(from->header.flags & CAB_FLAG_NEXT))
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    do {
        what.setID = from->header.set;
        what.iCabinet = (USHORT)(from->header.number + 1);
        if (fdi_notify(copy, fdintNEXT_CABINET, &what) == -1)
            return fdi_fail(copy, FDIERROR_USER_ABORT);
        what.fdie = cabinet_open(copy, from->next, &next);
        if (!what.fdie &&
            (next.header.set != from->header.set || next.header.number != (USHORT)(from->header.number + 1))) {
            cabinet_close(copy, &next);
            what.fdie = FDIERROR_WRONG_CABINET;
        }
    } while (what.fdie);
    cabinet_close(copy, &folder->further);
    folder->further = next;
    folder->at = &folder->further;
    if (!fdi_seek(copy->fdi, next.handle, next.folders_at) || !fdi_read(copy->fdi, next.handle, &head, sizeof head))
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    folder->blocks_left = head.blocks;
    folder->data_at = (LONG)head.data_at;
    return true;
}

/* A block's packed data, behind `have` bytes of the same block from the cabinet before.  *size: of it unpacked. */
static bool part_read(struct copy *copy, struct folder *folder, size_t have, size_t *packed, ULONG *size)
{
    struct cabinet *at = folder->at;
    BYTE reserve[256];
    struct cab_data head;
    ULONG sum;

    if (!folder->blocks_left || !fdi_seek(copy->fdi, at->handle, folder->data_at) ||
        !fdi_read(copy->fdi, at->handle, &head, sizeof head) ||
        (at->data_reserve && !fdi_read(copy->fdi, at->handle, reserve, at->data_reserve)) ||
        head.packed + have > CAB_PACKED_MOST || head.size > CAB_BLOCK ||
        !fdi_read(copy->fdi, at->handle, folder->packed + have, head.packed))
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    sum = cab_checksum(folder->packed + have, head.packed, 0);
    sum = cab_checksum((const BYTE *)&head.packed, 4, sum);
    sum = cab_checksum(reserve, at->data_reserve, sum);
    if (head.checksum && head.checksum != sum)
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    folder->data_at += (LONG)(sizeof head + at->data_reserve + head.packed);
    folder->blocks_left--;
    *packed = have + head.packed;
    *size = head.size;
    return true;
}

static bool block_read(struct copy *copy, struct folder *folder, size_t *packed, ULONG *size)
{
    if (!part_read(copy, folder, 0, packed, size))
        return false;
    while (!*size) /* the rest is in the next cabinet */
        if (!next_cabinet(copy, folder) || !part_read(copy, folder, *packed, packed, size))
            return false;
    return true;
}

/* ---- unpacking ---- */

static bool unpack(struct copy *copy, struct folder *folder, size_t packed)
{
    const struct deflate_plugin *plugin;
    BYTE *out = folder->data + CAB_BLOCK;
    size_t before = folder->position < CAB_BLOCK ? folder->position : CAB_BLOCK, made;

    if ((folder->type & tcompMASK_TYPE) == tcompTYPE_NONE) {
        if (packed != folder->size)
            return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
        memcpy(out, folder->packed, packed);
        return true;
    }
    plugin = deflate_plugin();
    if (!plugin)
        return fdi_fail(copy, FDIERROR_BAD_COMPR_TYPE);
    if (packed < 2 || folder->packed[0] != 'C' || folder->packed[1] != 'K' ||
        !plugin->unpack(folder->packed + 2, packed - 2, out - before, before, out, folder->size, &made) ||
        made != folder->size)
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    return true;
}

/* All blocks of the folder, as a cabinet of one folder and one file, for the plug-in. */
static bool gather(struct copy *copy, struct folder *folder)
{
    struct {
        struct cab_header header;
        struct cab_folder folder;
        struct cab_file file;
        char name[2];
    } __attribute__((packed)) head = {{.signature = "MSCF", .minor = 3, .major = 1, .folders = 1, .files = 1},
                                      {.data_at = sizeof head, .type = folder->type},
                                      {0},
                                      "x"};
    const struct deflate_plugin *plugin = deflate_plugin();
    size_t used = sizeof head, room = 0, packed;
    struct cab_data data = {0};
    ULONG size;

    if (!plugin)
        return fdi_fail(copy, FDIERROR_BAD_COMPR_TYPE);
    head.header.files_at = sizeof head.header + sizeof head.folder;
    for (; folder->blocks_left; head.folder.blocks++, head.file.size += size) {
        if (!block_read(copy, folder, &packed, &size))
            return false;
        if (used + sizeof data + packed > room) {
            BYTE *grown;

            room = 2 * (used + sizeof data + packed);
            grown =
                folder->whole ? RtlReAllocateHeap(heap(), 0, folder->whole, room) : RtlAllocateHeap(heap(), 0, room);
            if (!grown)
                return fdi_fail(copy, FDIERROR_ALLOC_FAIL);
            folder->whole = grown;
        }
        data.packed = (USHORT)packed;
        data.size = (USHORT)size;
        memcpy(folder->whole + used, &data, sizeof data);
        memcpy(folder->whole + used + sizeof data, folder->packed, packed);
        used += sizeof data + packed;
    }
    if (!folder->whole)
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    head.header.size = (ULONG)used;
    memcpy(folder->whole, &head, sizeof head);
    folder->left = head.file.size;
    folder->lzx = plugin->cabinet_open(folder->whole, used);
    return folder->lzx || fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
}

/* ---- a folder ---- */

void folder_close(struct copy *copy, struct folder *folder)
{
    cabinet_close(copy, &folder->further);
    if (folder->lzx)
        deflate_plugin()->cabinet_close(folder->lzx);
    if (folder->whole)
        RtlFreeHeap(heap(), 0, folder->whole);
    if (folder->data)
        RtlFreeHeap(heap(), 0, folder->data);
    *folder = (struct folder){.number = -1, .further.handle = -1};
}

static bool folder_open(struct copy *copy, struct cabinet *cabinet, struct folder *folder, USHORT number)
{
    LONG entry = (LONG)sizeof(struct cab_folder) + cabinet->folder_reserve;
    struct cab_folder head;

    folder_close(copy, folder);
    if (number >= cabinet->header.folders ||
        !fdi_seek(copy->fdi, cabinet->handle, cabinet->folders_at + number * entry) ||
        !fdi_read(copy->fdi, cabinet->handle, &head, sizeof head))
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    if ((head.type & tcompMASK_TYPE) > tcompTYPE_LZX || (head.type & tcompMASK_TYPE) == tcompTYPE_QUANTUM)
        return fdi_fail(copy, FDIERROR_BAD_COMPR_TYPE);
    folder->data = RtlAllocateHeap(heap(), 0, 2 * CAB_BLOCK + CAB_PACKED_MOST);
    if (!folder->data)
        return fdi_fail(copy, FDIERROR_ALLOC_FAIL);
    folder->packed = folder->data + 2 * CAB_BLOCK;
    folder->at = cabinet;
    folder->number = number;
    folder->type = head.type;
    folder->blocks_left = head.blocks;
    folder->data_at = (LONG)head.data_at;
    return (head.type & tcompMASK_TYPE) != tcompTYPE_LZX || gather(copy, folder);
}

/* The next block of the folder into `data`. */
static bool folder_advance(struct copy *copy, struct folder *folder)
{
    size_t packed;

    memmove(folder->data, folder->data + folder->size, CAB_BLOCK);
    folder->position += folder->size;
    if (folder->lzx) {
        folder->size = folder->left < CAB_BLOCK ? folder->left : CAB_BLOCK;
        folder->left -= folder->size;
        return (folder->size && deflate_plugin()->cabinet_read(folder->lzx, folder->data + CAB_BLOCK, folder->size)) ||
               fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    }
    if (!folder->blocks_left && !(folder->at->header.flags & CAB_FLAG_NEXT))
        return fdi_fail(copy, FDIERROR_CORRUPT_CABINET);
    if (!folder->blocks_left && !next_cabinet(copy, folder))
        return false;
    return block_read(copy, folder, &packed, &folder->size) && unpack(copy, folder, packed);
}

bool folder_extract(struct copy *copy, struct cabinet *cabinet, struct folder *folder, USHORT number, ULONG offset,
                    ULONG size, INT_PTR to)
{
    if ((folder->number != number || offset < folder->position) && !folder_open(copy, cabinet, folder, number)) {
        folder->number = -1; /* it is opened anew by the next file */
        return false;
    }
    while (size) {
        ULONG at, some;

        if (offset >= folder->position + folder->size) {
            if (!folder_advance(copy, folder)) {
                folder->number = -1;
                return false;
            }
            continue;
        }
        at = offset - folder->position;
        some = folder->size - at < size ? folder->size - at : size;
        if ((UINT)guest_call(copy->fdi->write, GUEST(to), GUEST(folder->data + CAB_BLOCK + at), some, 0) != some)
            return fdi_fail(copy, FDIERROR_TARGET_FILE);
        offset += some;
        size -= some;
    }
    return true;
}
