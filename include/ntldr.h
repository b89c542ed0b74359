/*
 * ntldr.h: ntdll's loader functions.  Included by ntapi.h.
 */
#ifndef WINRUN_NTLDR_H
#define WINRUN_NTLDR_H

NTSTATUS WINAPI LdrLoadDll(const WCHAR *path, ULONG *characteristics, const UNICODE_STRING *name, HMODULE *base);
NTSTATUS WINAPI LdrUnloadDll(HMODULE base);
NTSTATUS WINAPI LdrGetDllHandle(const WCHAR *path, ULONG *characteristics, const UNICODE_STRING *name, HMODULE *base);
NTSTATUS WINAPI LdrGetDllHandleEx(ULONG flags, const WCHAR *path, ULONG *characteristics, const UNICODE_STRING *name,
                                  HMODULE *base);
NTSTATUS WINAPI LdrAddRefDll(ULONG flags, HMODULE base);
NTSTATUS WINAPI LdrGetProcedureAddress(HMODULE base, const ANSI_STRING *name, ULONG ordinal, void **address);
NTSTATUS WINAPI LdrGetProcedureAddressEx(HMODULE base, const ANSI_STRING *name, ULONG ordinal, void **address,
                                         ULONG flags);
NTSTATUS WINAPI LdrGetProcedureAddressForCaller(HMODULE base, const ANSI_STRING *name, ULONG ordinal, void **address,
                                                ULONG flags, void **caller);
NTSTATUS WINAPI LdrDisableThreadCalloutsForDll(HMODULE base);
NTSTATUS WINAPI LdrLockLoaderLock(ULONG flags, ULONG *result, ULONG_PTR *magic);
NTSTATUS WINAPI LdrUnlockLoaderLock(ULONG flags, ULONG_PTR magic);
NTSTATUS WINAPI LdrRegisterDllNotification(ULONG flags, void *function, void *context, void **cookie);
NTSTATUS WINAPI LdrUnregisterDllNotification(void *cookie);

/* A path in a tree of resources: type, name, language; each an integer up to 0xffff or a pointer to a string. */
typedef struct _LDR_RESOURCE_INFO {
    ULONG_PTR Path[3];
} LDR_RESOURCE_INFO;

typedef struct _LDR_ENUM_RESOURCE_INFO {
    ULONG_PTR Path[3];
    PVOID Data;
    SIZE_T Size;
    ULONG_PTR Reserved;
} LDR_ENUM_RESOURCE_INFO;

NTSTATUS WINAPI LdrFindResource_U(HMODULE base, const LDR_RESOURCE_INFO *info, ULONG levels,
                                  const IMAGE_RESOURCE_DATA_ENTRY **entry);
NTSTATUS WINAPI LdrFindResourceDirectory_U(HMODULE base, const LDR_RESOURCE_INFO *info, ULONG levels,
                                           const IMAGE_RESOURCE_DIRECTORY **directory);
NTSTATUS WINAPI LdrAccessResource(HMODULE base, const IMAGE_RESOURCE_DATA_ENTRY *entry, void **data, ULONG *size);
NTSTATUS WINAPI LdrEnumResources(HMODULE base, const LDR_RESOURCE_INFO *info, ULONG levels, ULONG *count,
                                 LDR_ENUM_RESOURCE_INFO *rows);

PIMAGE_NT_HEADERS WINAPI RtlImageNtHeader(PVOID base);
NTSTATUS WINAPI RtlImageNtHeaderEx(ULONG flags, PVOID base, ULONGLONG size, PIMAGE_NT_HEADERS *headers);
PVOID WINAPI RtlImageDirectoryEntryToData(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size);
PIMAGE_SECTION_HEADER WINAPI RtlImageRvaToSection(PIMAGE_NT_HEADERS headers, PVOID base, ULONG address);
PVOID WINAPI RtlImageRvaToVa(PIMAGE_NT_HEADERS headers, PVOID base, ULONG address, PIMAGE_SECTION_HEADER *last);

NTSTATUS WINAPI LdrGetDllFullName(HMODULE base, UNICODE_STRING *name);
NTSTATUS WINAPI LdrSetDllDirectory(const UNICODE_STRING *path);
NTSTATUS WINAPI LdrGetDllDirectory(UNICODE_STRING *path);
NTSTATUS WINAPI LdrAddDllDirectory(const UNICODE_STRING *path, void **cookie);
NTSTATUS WINAPI LdrRemoveDllDirectory(void *cookie);
NTSTATUS WINAPI LdrSetDefaultDllDirectories(ULONG flags);
NTSTATUS WINAPI LdrEnumerateLoadedModules(BOOLEAN reserved, void *callback, void *context);
BOOLEAN WINAPI RtlDllShutdownInProgress(void);

#endif
