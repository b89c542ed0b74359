/*
 * cabinet.h: the cabinet format ([MS-CAB]) and what the readers and the writers of cabinets share.
 */
#ifndef MISC_CABINET_H
#define MISC_CABINET_H

#include "win.h"
#include <fci.h>
#include <fdi.h>

#define CAB_BLOCK 32768u
#define CAB_PACKED_MOST (CAB_BLOCK + 6144u) /* what a block may take in the file */

#define CAB_FLAG_PREVIOUS 1
#define CAB_FLAG_NEXT 2
#define CAB_FLAG_RESERVE 4

/* What stands in the place of a folder's number in a file that is not whole in its cabinet. */
#define CAB_FROM_PREVIOUS 0xfffd
#define CAB_TO_NEXT 0xfffe
#define CAB_BOTH 0xffff

#pragma pack(push, 1)
struct cab_header {
    char signature[4]; /* MSCF */
    ULONG reserved1, size, reserved2, files_at, reserved3;
    BYTE minor, major; /* 3, 1 */
    USHORT folders, files, flags, set, number;
};

struct cab_folder {
    ULONG data_at;
    USHORT blocks, type;
};

struct cab_file {
    ULONG size, offset;
    USHORT folder, date, time, attributes;
};

struct cab_data {
    ULONG checksum;
    USHORT packed, size;
};
#pragma pack(pop)
_Static_assert(sizeof(struct cab_header) == 36 && sizeof(struct cab_folder) == 8 && sizeof(struct cab_file) == 16 &&
                   sizeof(struct cab_data) == 8,
               "[MS-CAB]");

/* The exclusive or of 32-bit words, as a block's head has it. */
ULONG cab_checksum(const BYTE *data, size_t size, ULONG seed);

/* ---- fdi.c and fdi_folder.c ---- */

struct fdi {
    ULONG magic;
    PFNALLOC alloc;
    PFNFREE release;
    PFNOPEN open;
    PFNREAD read;
    PFNWRITE write;
    PFNCLOSE close;
    PFNSEEK seek;
    PERF error;
};

/* A cabinet that is open. */
struct cabinet {
    INT_PTR handle; /* -1: none */
    struct cab_header header;
    USHORT header_reserve;
    BYTE folder_reserve, data_reserve;
    LONG folders_at;
    char previous[CB_MAX_CABINET_NAME], previous_disk[CB_MAX_DISK_NAME];
    char next[CB_MAX_CABINET_NAME], next_disk[CB_MAX_DISK_NAME];
};

/* Calls of FDICopy. */
struct copy {
    struct fdi *fdi;
    PFNFDINOTIFY notify;
    void *user;
    char *path;
    FDIERROR failed;
};

/* The place in a folder's data, from which files are read in their order. */
struct folder {
    struct cabinet *at;     /* where its blocks come from now */
    struct cabinet further; /* if that is another cabinet than the one that lists the files */
    int number;             /* -1: none */
    USHORT type, blocks_left;
    LONG data_at;   /* of the next block */
    ULONG position; /* of the block in the folder */
    ULONG size;     /* of the block */
    BYTE *data;     /* the block, behind 32 KiB that went before it */
    BYTE *packed;
    BYTE *whole; /* LZX: a cabinet of this folder alone, */
    void *lzx;   /* and the plug-in's reader of it */
    ULONG left;  /* bytes of it to come */
};

bool fdi_fail(struct copy *copy, FDIERROR error);
void fdi_set_error(struct fdi *fdi, FDIERROR error);
bool fdi_read(struct fdi *fdi, INT_PTR handle, void *to, UINT size);
bool fdi_seek(struct fdi *fdi, INT_PTR handle, LONG place);
INT_PTR fdi_notify(struct copy *copy, FDINOTIFICATIONTYPE kind, FDINOTIFICATION *what);
/* Opens a cabinet by its name in the copy's directory and reads its head. */
FDIERROR cabinet_open(struct copy *copy, const char *name, struct cabinet *cabinet);
void cabinet_close(struct copy *copy, struct cabinet *cabinet);

/* Writes `size` bytes of a folder, from `offset` on, to the program's handle. */
bool folder_extract(struct copy *copy, struct cabinet *cabinet, struct folder *folder, USHORT number, ULONG offset,
                    ULONG size, INT_PTR to);
void folder_close(struct copy *copy, struct folder *folder);

#endif
