/*
 * dirnotify.h: NtNotifyChangeDirectoryFileEx and what it tells, which mingw-w64's headers have not yet.
 */
#ifndef NTDLL_DIRNOTIFY_H
#define NTDLL_DIRNOTIFY_H

#include "ntfile.h"

typedef enum _DIRECTORY_NOTIFY_INFORMATION_CLASS {
    DirectoryNotifyInformation = 1,
    DirectoryNotifyExtendedInformation,
    DirectoryNotifyFullInformation
} DIRECTORY_NOTIFY_INFORMATION_CLASS;

typedef struct _FILE_NOTIFY_EXTENDED_INFORMATION {
    ULONG NextEntryOffset;
    ULONG Action;
    LARGE_INTEGER CreationTime, LastModificationTime, LastChangeTime, LastAccessTime;
    LARGE_INTEGER AllocatedLength, FileSize;
    ULONG FileAttributes, ReparsePointTag;
    LARGE_INTEGER FileId, ParentFileId;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_NOTIFY_EXTENDED_INFORMATION;

_Static_assert(offsetof(FILE_NOTIFY_EXTENDED_INFORMATION, FileName) == 84, "its layout is ABI");

NTSTATUS NTAPI NtNotifyChangeDirectoryFileEx(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                             PIO_STATUS_BLOCK io, PVOID buffer, ULONG length, ULONG filter,
                                             BOOLEAN tree, DIRECTORY_NOTIFY_INFORMATION_CLASS class);

#endif
