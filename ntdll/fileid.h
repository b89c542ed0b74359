/*
 * fileid.h: which file has an id, and which names a file has.
 */
#ifndef NTDLL_FILEID_H
#define NTDLL_FILEID_H

#include "file.h"

/* A program was told the id of the file at `host`, or the ids of all in the directory `host`: it may come back with
 * one. */
void fileid_told(uint64_t inode, const char *host);
void fileid_listed(const char *host);

/* The path that FILE_OPEN_BY_FILE_ID means: `name` is an id, or a volume's name with an id behind it. */
NTSTATUS fileid_resolve(const UNICODE_STRING *name, HANDLE hint, struct path *path);

/* FileHardLinkInformation: the names of the file that are found, its own first. */
NTSTATUS fileid_query_links(const struct file *file, const struct stat *st, void *out, ULONG length, ULONG *used);

typedef struct {
    ULONG NextEntryOffset;
    LONGLONG ParentFileId;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_LINK_ENTRY_INFORMATION;

typedef struct {
    ULONG BytesNeeded;
    ULONG EntriesReturned;
    FILE_LINK_ENTRY_INFORMATION Entry;
} FILE_LINKS_INFORMATION;

/* Of FileStandardLinkInformation and FileVolumeNameInformation. */
typedef struct {
    ULONG NumberOfAccessibleLinks;
    ULONG TotalNumberOfLinks;
    BOOLEAN DeletePending;
    BOOLEAN Directory;
} FILE_STANDARD_LINK_INFORMATION;

typedef struct {
    ULONG DeviceNameLength;
    WCHAR DeviceName[1];
} FILE_VOLUME_NAME_INFORMATION;

#endif
