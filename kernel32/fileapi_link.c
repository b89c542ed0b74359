/*
 * fileapi_link.c: CreateSymbolicLink: a file or directory that becomes a reparse point, as on Windows.
 */
#include "kernel32/filename.h"

#include <string.h>

/* Rooted names get their NT form; relative ones stay as they are. */
static NTSTATUS link_substitute(LPCWSTR target, UNICODE_STRING *substitute, bool *relative)
{
    RTL_PATH_TYPE type = RtlDetermineDosPathNameType_U(target);
    *relative = type == RtlPathTypeRelative;
    if (!*relative)
        return RtlDosPathNameToNtPathName_U_WithStatus(target, substitute, NULL, NULL);
    size_t length = text_length(target);
    substitute->Length = substitute->MaximumLength = (USHORT)(length * sizeof(WCHAR));
    substitute->Buffer = RtlAllocateHeap(process_heap(), 0, substitute->Length + sizeof(WCHAR));
    if (!substitute->Buffer)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < length; i++)
        substitute->Buffer[i] = target[i] == '/' ? '\\' : target[i];
    return STATUS_SUCCESS;
}

static NTSTATUS link_set(HANDLE file, const UNICODE_STRING *substitute, bool relative)
{
    const ULONG head = offsetof(REPARSE_DATA_BUFFER, SymbolicLinkReparseBuffer.PathBuffer);
    ULONG size = head + substitute->Length;
    IO_STATUS_BLOCK io;
    REPARSE_DATA_BUFFER *data = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size);
    if (!data)
        return STATUS_NO_MEMORY;
    data->ReparseTag = IO_REPARSE_TAG_SYMLINK;
    data->ReparseDataLength = (USHORT)(size - 8);
    data->SymbolicLinkReparseBuffer.SubstituteNameLength = substitute->Length;
    data->SymbolicLinkReparseBuffer.Flags = relative;
    memcpy(data->SymbolicLinkReparseBuffer.PathBuffer, substitute->Buffer, substitute->Length);
    NTSTATUS status = NtFsControlFile(file, NULL, NULL, NULL, &io, FSCTL_SET_REPARSE_POINT, data, size, NULL, 0);
    RtlFreeHeap(process_heap(), 0, data);
    return status;
}

BOOLEAN WINAPI CreateSymbolicLinkW(LPCWSTR link, LPCWSTR target, DWORD flags)
{
    struct filename filename;
    UNICODE_STRING substitute;
    IO_STATUS_BLOCK io;
    HANDLE file;
    bool relative;
    if (!target || !*target || !status_to_bool(link_substitute(target, &substitute, &relative)))
        return FALSE;
    if (!filename_open(&filename, link)) {
        RtlFreeUnicodeString(&substitute);
        return FALSE;
    }
    ULONG kind = flags & SYMBOLIC_LINK_FLAG_DIRECTORY ? FILE_DIRECTORY_FILE : FILE_NON_DIRECTORY_FILE;
    NTSTATUS status = NtCreateFile(&file, GENERIC_WRITE | DELETE | SYNCHRONIZE, &filename.attributes, &io, NULL,
                                   FILE_ATTRIBUTE_NORMAL, 0, FILE_CREATE, kind | FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
    if (!status) {
        status = link_set(file, &substitute, relative);
        NtClose(file);
    }
    filename_close(&filename);
    RtlFreeUnicodeString(&substitute);
    return (BOOLEAN)status_to_bool(status);
}

BOOLEAN WINAPI CreateSymbolicLinkA(LPCSTR link, LPCSTR target, DWORD flags)
{
    WCHAR *wide_link = filename_from_ansi(link), *wide_target = filename_from_ansi(target);
    BOOLEAN result = wide_link && wide_target && CreateSymbolicLinkW(wide_link, wide_target, flags);
    filename_free(wide_link);
    filename_free(wide_target);
    return result;
}
