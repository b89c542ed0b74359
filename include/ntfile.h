/*
 * ntfile.h: the part of the NT API about files, paths, pipes and sections that mingw-w64's headers
 * leave out.  Included by ntapi.h.  Sources: the Windows driver kit's documentation.
 */
#ifndef WINRUN_NTFILE_H
#define WINRUN_NTFILE_H

#include <winioctl.h>

/* Information classes beyond winternl.h's. */
enum {
    FileIoCompletionNotificationInformation = 41,
    FileIoStatusBlockRangeInformation = 42,
    FileIoPriorityHintInformation = 43,
    FileProcessIdsUsingFileInformation = 47,
    FileIsRemoteDeviceInformation = 51,
    FileRemoteProtocolInformation = 55,
    FileVolumeNameInformation = 58,
    FileIdInformation = 59,
    FileIdExtdDirectoryInformation = 60,
    FileReplaceCompletionInformation = 61,
    FileIdExtdBothDirectoryInformation = 63,
    FileDispositionInformationEx = 64,
    FileRenameInformationEx = 65,
    FileStatInformation = 68,
    FileStatLxInformation = 70,
    FileCaseSensitiveInformation = 71,
    FileLinkInformationEx = 72,
};

#define FILE_DISPOSITION_DELETE 0x1
#define FILE_DISPOSITION_POSIX_SEMANTICS 0x2
#define FILE_DISPOSITION_ON_CLOSE 0x8
#define FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE 0x10
#define FILE_RENAME_REPLACE_IF_EXISTS 0x1
#define FILE_RENAME_POSIX_SEMANTICS 0x2
#define FILE_RENAME_IGNORE_READONLY_ATTRIBUTE 0x40
#define FILE_LINK_REPLACE_IF_EXISTS 0x1
#define FILE_LINK_IGNORE_READONLY_ATTRIBUTE 0x40

/* ReplaceIfExists of winternl.h's is the low byte of these flags in the Ex classes. */
typedef struct {
    union {
        BOOLEAN ReplaceIfExists;
        ULONG Flags;
    };
    HANDLE RootDirectory;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_RENAME_INFORMATION_EX;

typedef struct {
    ULONG Flags;
} FILE_DISPOSITION_INFORMATION_EX;

typedef struct {
    ULONGLONG VolumeSerialNumber;
    FILE_ID_128 FileId;
} FILE_ID_INFORMATION;

typedef struct {
    ULONG Flags;
} FILE_IO_COMPLETION_NOTIFICATION_INFORMATION;

typedef struct {
    LARGE_INTEGER CompressedFileSize;
    USHORT CompressionFormat;
    UCHAR CompressionUnitShift;
    UCHAR ChunkShift;
    UCHAR ClusterShift;
    UCHAR Reserved[3];
} FILE_COMPRESSION_INFORMATION;

typedef struct {
    ULONG ReadMode;
    ULONG CompletionMode;
} FILE_PIPE_INFORMATION;

typedef struct {
    LARGE_INTEGER FileId;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER AllocationSize;
    LARGE_INTEGER EndOfFile;
    ULONG FileAttributes;
    ULONG ReparseTag;
    ULONG NumberOfLinks;
    ACCESS_MASK EffectiveAccess;
} FILE_STAT_INFORMATION;

typedef struct {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    ULONG ReparsePointTag;
    FILE_ID_128 FileId;
    WCHAR FileName[1];
} FILE_ID_EXTD_DIR_INFORMATION;

typedef struct {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    ULONG ReparsePointTag;
    FILE_ID_128 FileId;
    CCHAR ShortNameLength;
    WCHAR ShortName[12];
    WCHAR FileName[1];
} FILE_ID_EXTD_BOTH_DIR_INFORMATION;

/* Pipes */
#define FILE_PIPE_BYTE_STREAM_TYPE 0
#define FILE_PIPE_MESSAGE_TYPE 1
#define FILE_PIPE_BYTE_STREAM_MODE 0
#define FILE_PIPE_MESSAGE_MODE 1
#define FILE_PIPE_QUEUE_OPERATION 0
#define FILE_PIPE_COMPLETE_OPERATION 1
#define FILE_PIPE_INBOUND 0
#define FILE_PIPE_OUTBOUND 1
#define FILE_PIPE_FULL_DUPLEX 2
#define FILE_PIPE_CLIENT_END 0
#define FILE_PIPE_SERVER_END 1
#define FSCTL_PIPE_DISCONNECT 0x110004
#define FSCTL_PIPE_LISTEN 0x110008
#define FSCTL_PIPE_PEEK 0x11400c
#define FSCTL_PIPE_TRANSCEIVE 0x11c017
#define FSCTL_PIPE_WAIT 0x110018
#define FSCTL_PIPE_IMPERSONATE 0x11001c

typedef struct {
    LARGE_INTEGER Timeout;
    ULONG NameLength;
    BOOLEAN TimeoutSpecified;
    WCHAR Name[1];
} FILE_PIPE_WAIT_FOR_BUFFER;

typedef struct {
    ULONG NamedPipeState;
    ULONG ReadDataAvailable;
    ULONG NumberOfMessages;
    ULONG MessageLength;
    CHAR Data[1];
} FILE_PIPE_PEEK_BUFFER;

/* What FSCTL_GET_REPARSE_POINT gives. */
typedef struct {
    ULONG ReparseTag;
    USHORT ReparseDataLength;
    USHORT Reserved;
    union {
        struct {
            USHORT SubstituteNameOffset;
            USHORT SubstituteNameLength;
            USHORT PrintNameOffset;
            USHORT PrintNameLength;
            ULONG Flags;
            WCHAR PathBuffer[1];
        } SymbolicLinkReparseBuffer;
        struct {
            USHORT SubstituteNameOffset;
            USHORT SubstituteNameLength;
            USHORT PrintNameOffset;
            USHORT PrintNameLength;
            WCHAR PathBuffer[1];
        } MountPointReparseBuffer;
    };
} REPARSE_DATA_BUFFER;

/* Files */
NTSTATUS WINAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                           PVOID buffer, ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS WINAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                            PVOID buffer, ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS WINAPI NtFlushBuffersFile(HANDLE file, PIO_STATUS_BLOCK io);
NTSTATUS WINAPI NtFlushBuffersFileEx(HANDLE file, ULONG flags, PVOID parameters, ULONG size, PIO_STATUS_BLOCK io);
NTSTATUS WINAPI NtLockFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                           PLARGE_INTEGER offset, PLARGE_INTEGER length, ULONG key, BOOLEAN at_once, BOOLEAN exclusive);
NTSTATUS WINAPI NtUnlockFile(HANDLE file, PIO_STATUS_BLOCK io, PLARGE_INTEGER offset, PLARGE_INTEGER length, ULONG key);
NTSTATUS WINAPI NtCancelIoFile(HANDLE file, PIO_STATUS_BLOCK io);
NTSTATUS WINAPI NtCancelIoFileEx(HANDLE file, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK io);
NTSTATUS WINAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES attributes, FILE_BASIC_INFORMATION *info);
NTSTATUS WINAPI NtQueryFullAttributesFile(POBJECT_ATTRIBUTES attributes, FILE_NETWORK_OPEN_INFORMATION *info);
NTSTATUS WINAPI NtDeleteFile(POBJECT_ATTRIBUTES attributes);
NTSTATUS WINAPI NtQueryDirectoryFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                     PVOID buffer, ULONG length, FILE_INFORMATION_CLASS class, BOOLEAN single,
                                     PUNICODE_STRING pattern, BOOLEAN restart);
NTSTATUS WINAPI NtQueryDirectoryFileEx(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                       PIO_STATUS_BLOCK io, PVOID buffer, ULONG length, FILE_INFORMATION_CLASS class,
                                       ULONG flags, PUNICODE_STRING pattern);
NTSTATUS WINAPI NtNotifyChangeDirectoryFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                            PIO_STATUS_BLOCK io, PVOID buffer, ULONG length, ULONG filter,
                                            BOOLEAN tree);
NTSTATUS WINAPI NtCreateNamedPipeFile(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                                      ULONG sharing, ULONG disposition, ULONG options, ULONG type, ULONG read_mode,
                                      ULONG completion_mode, ULONG maximum, ULONG in_quota, ULONG out_quota,
                                      PLARGE_INTEGER timeout);

/* Sections */
typedef enum { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;
typedef struct {
    PVOID BaseAddress;
    ULONG AllocationAttributes;
    LARGE_INTEGER MaximumSize;
} SECTION_BASIC_INFORMATION;
NTSTATUS WINAPI NtCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                PLARGE_INTEGER maximum, ULONG protect, ULONG allocation, HANDLE file);
NTSTATUS WINAPI NtOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);
NTSTATUS WINAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG_PTR zero_bits, SIZE_T commit,
                                   PLARGE_INTEGER offset, PSIZE_T size, SECTION_INHERIT inherit, ULONG allocation,
                                   ULONG protect);
NTSTATUS WINAPI NtMapViewOfSectionEx(HANDLE section, HANDLE process, PVOID *base, PLARGE_INTEGER offset, PSIZE_T size,
                                     ULONG allocation, ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count);
NTSTATUS WINAPI NtUnmapViewOfSection(HANDLE process, PVOID base);
NTSTATUS WINAPI NtUnmapViewOfSectionEx(HANDLE process, PVOID base, ULONG flags);
NTSTATUS WINAPI NtQuerySection(HANDLE section, ULONG class, PVOID info, SIZE_T size, PSIZE_T returned);
NTSTATUS WINAPI NtExtendSection(HANDLE section, PLARGE_INTEGER size);

/* Paths */
typedef enum {
    RtlPathTypeUnknown,
    RtlPathTypeUncAbsolute,
    RtlPathTypeDriveAbsolute,
    RtlPathTypeDriveRelative,
    RtlPathTypeRooted,
    RtlPathTypeRelative,
    RtlPathTypeLocalDevice,
    RtlPathTypeRootLocalDevice,
} RTL_PATH_TYPE;
RTL_PATH_TYPE WINAPI RtlDetermineDosPathNameType_U(PCWSTR path);
ULONG WINAPI RtlIsDosDeviceName_U(PCWSTR path);
ULONG WINAPI RtlGetFullPathName_U(PCWSTR name, ULONG size, PWSTR buffer, PWSTR *part);
NTSTATUS WINAPI RtlGetFullPathName_UEx(PCWSTR name, ULONG size, PWSTR buffer, PWSTR *part, ULONG *length);
NTSTATUS WINAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR dos, PUNICODE_STRING nt, PCWSTR *part, PVOID relative);
ULONG WINAPI RtlGetCurrentDirectory_U(ULONG size, PWSTR buffer);
NTSTATUS WINAPI RtlSetCurrentDirectory_U(PUNICODE_STRING directory);
WCHAR WINAPI RtlUpcaseUnicodeChar(WCHAR c);

#endif
