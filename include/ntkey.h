/*
 * ntkey.h: the registry's part of the NT API.  Layouts are ABI.
 */
#ifndef WINRUN_NTKEY_H
#define WINRUN_NTKEY_H

#include "win.h"

typedef enum _KEY_INFORMATION_CLASS {
    KeyBasicInformation,
    KeyNodeInformation,
    KeyFullInformation,
    KeyNameInformation,
    KeyCachedInformation,
    KeyFlagsInformation,
    KeyVirtualizationInformation,
    KeyHandleTagsInformation,
    KeyTrustInformation,
    KeyLayerInformation,
    MaxKeyInfoClass
} KEY_INFORMATION_CLASS;

typedef struct _KEY_BASIC_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_BASIC_INFORMATION;

typedef struct _KEY_NODE_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset;
    ULONG ClassLength;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_NODE_INFORMATION;

typedef struct _KEY_FULL_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset;
    ULONG ClassLength;
    ULONG SubKeys;
    ULONG MaxNameLen;
    ULONG MaxClassLen;
    ULONG Values;
    ULONG MaxValueNameLen;
    ULONG MaxValueDataLen;
    WCHAR Class[1];
} KEY_FULL_INFORMATION;

typedef struct _KEY_NAME_INFORMATION {
    ULONG NameLength;
    WCHAR Name[1];
} KEY_NAME_INFORMATION;

typedef struct _KEY_CACHED_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG SubKeys;
    ULONG MaxNameLen;
    ULONG Values;
    ULONG MaxValueNameLen;
    ULONG MaxValueDataLen;
    ULONG NameLength;
} KEY_CACHED_INFORMATION;

typedef struct _KEY_FLAGS_INFORMATION {
    ULONG Wow64Flags;
    ULONG KeyFlags; /* 1: volatile, 2: symbolic link */
    ULONG ControlFlags;
} KEY_FLAGS_INFORMATION;

typedef enum _KEY_VALUE_INFORMATION_CLASS {
    KeyValueBasicInformation,
    KeyValueFullInformation,
    KeyValuePartialInformation,
    KeyValueFullInformationAlign64,
    KeyValuePartialInformationAlign64,
    KeyValueLayerInformation,
    MaxKeyValueInfoClass
} KEY_VALUE_INFORMATION_CLASS;

typedef struct _KEY_VALUE_BASIC_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_VALUE_BASIC_INFORMATION;

typedef struct _KEY_VALUE_FULL_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataOffset;
    ULONG DataLength;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_VALUE_FULL_INFORMATION;

typedef struct _KEY_VALUE_PARTIAL_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION;

typedef struct _KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 {
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION_ALIGN64;

_Static_assert(sizeof(KEY_BASIC_INFORMATION) == 24 && offsetof(KEY_BASIC_INFORMATION, Name) == 16, "as on Windows");
_Static_assert(offsetof(KEY_FULL_INFORMATION, Class) == 44 && offsetof(KEY_NODE_INFORMATION, Name) == 24,
               "as on Windows");
_Static_assert(offsetof(KEY_VALUE_FULL_INFORMATION, Name) == 20 && offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) == 12,
               "as on Windows");

/* For a name below `root`, or an absolute one. */
static inline OBJECT_ATTRIBUTES key_attributes(HANDLE root, const UNICODE_STRING *name)
{
    return (OBJECT_ATTRIBUTES){.Length = sizeof(OBJECT_ATTRIBUTES),
                               .RootDirectory = root,
                               .ObjectName = (UNICODE_STRING *)name,
                               .Attributes = OBJ_CASE_INSENSITIVE};
}

NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG title,
                           const UNICODE_STRING *class, ULONG options, PULONG disposition);
NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtOpenKeyEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG options);
NTSTATUS NTAPI NtDeleteKey(HANDLE handle);
NTSTATUS NTAPI NtFlushKey(HANDLE handle);
NTSTATUS NTAPI NtQueryKey(HANDLE handle, KEY_INFORMATION_CLASS class, PVOID buffer, ULONG length, PULONG needed);
NTSTATUS NTAPI NtEnumerateKey(HANDLE handle, ULONG index, KEY_INFORMATION_CLASS class, PVOID buffer, ULONG length,
                              PULONG needed);
NTSTATUS NTAPI NtQueryValueKey(HANDLE handle, const UNICODE_STRING *name, KEY_VALUE_INFORMATION_CLASS class,
                               PVOID buffer, ULONG length, PULONG needed);
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE handle, ULONG index, KEY_VALUE_INFORMATION_CLASS class, PVOID buffer,
                                   ULONG length, PULONG needed);
NTSTATUS NTAPI NtSetValueKey(HANDLE handle, const UNICODE_STRING *name, ULONG title, ULONG type, const void *data,
                             ULONG size);
NTSTATUS NTAPI NtDeleteValueKey(HANDLE handle, const UNICODE_STRING *name);
NTSTATUS NTAPI NtNotifyChangeKey(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                 ULONG filter, BOOLEAN tree, PVOID buffer, ULONG size, BOOLEAN asynchronous);
NTSTATUS NTAPI NtQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor,
                                     ULONG length, PULONG needed);
NTSTATUS NTAPI NtSetSecurityObject(HANDLE handle, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR descriptor);

#endif
