/*
 * fileapi_attributes.c: attributes, times, ids and other information about files.  On top of Nt*.
 */
#include "kernel32/filename.h"

#include "ntdll/volume.h"

#include <string.h>

static FILETIME filetime(LARGE_INTEGER t)
{
    return (FILETIME){t.LowPart, (DWORD)t.HighPart};
}

static LARGE_INTEGER from_filetime(const FILETIME *t)
{
    LARGE_INTEGER value = {.QuadPart = 0};
    if (t) {
        value.LowPart = t->dwLowDateTime;
        value.HighPart = (LONG)t->dwHighDateTime;
    }
    return value;
}

BOOL WINAPI GetFileAttributesExW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID out)
{
    struct filename filename;
    FILE_NETWORK_OPEN_INFORMATION info;
    WIN32_FILE_ATTRIBUTE_DATA *data = out;
    if (level != GetFileExInfoStandard) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!filename_open(&filename, name))
        return FALSE;
    NTSTATUS status = NtQueryFullAttributesFile(&filename.attributes, &info);
    filename_close(&filename);
    if (!status_to_bool(status))
        return FALSE;
    data->dwFileAttributes = info.FileAttributes;
    data->ftCreationTime = filetime(info.CreationTime);
    data->ftLastAccessTime = filetime(info.LastAccessTime);
    data->ftLastWriteTime = filetime(info.LastWriteTime);
    data->nFileSizeHigh = (DWORD)info.EndOfFile.HighPart;
    data->nFileSizeLow = info.EndOfFile.LowPart;
    return TRUE;
}

BOOL WINAPI GetFileAttributesExA(LPCSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID out)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && GetFileAttributesExW(wide, level, out);
    filename_free(wide);
    return result;
}

DWORD WINAPI GetFileAttributesW(LPCWSTR name)
{
    struct filename filename;
    FILE_BASIC_INFORMATION info;
    if (!filename_open(&filename, name))
        return INVALID_FILE_ATTRIBUTES;
    NTSTATUS status = NtQueryAttributesFile(&filename.attributes, &info);
    filename_close(&filename);
    return status_to_bool(status) ? info.FileAttributes : INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetFileAttributesA(LPCSTR name)
{
    WCHAR *wide = filename_from_ansi(name);
    DWORD result = wide ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    filename_free(wide);
    return result;
}

static BOOL set_basic(HANDLE file, FILE_BASIC_INFORMATION *info)
{
    IO_STATUS_BLOCK io;
    return status_to_bool(NtSetInformationFile(file, &io, info, sizeof *info, FileBasicInformation));
}

BOOL WINAPI SetFileAttributesW(LPCWSTR name, DWORD attributes)
{
    const DWORD settable = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM |
                           FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_NORMAL | FILE_ATTRIBUTE_TEMPORARY |
                           FILE_ATTRIBUTE_OFFLINE | FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;
    FILE_BASIC_INFORMATION info = {.FileAttributes =
                                       (attributes & settable) ? attributes & settable : FILE_ATTRIBUTE_NORMAL};
    HANDLE file = filename_open_file(name, FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    BOOL result = set_basic(file, &info);
    NtClose(file);
    return result;
}

BOOL WINAPI SetFileAttributesA(LPCSTR name, DWORD attributes)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && SetFileAttributesW(wide, attributes);
    filename_free(wide);
    return result;
}

BOOL WINAPI GetFileTime(HANDLE file, LPFILETIME created, LPFILETIME accessed, LPFILETIME written)
{
    FILE_BASIC_INFORMATION info;
    IO_STATUS_BLOCK io;
    if (!status_to_bool(NtQueryInformationFile(file, &io, &info, sizeof info, FileBasicInformation)))
        return FALSE;
    if (created)
        *created = filetime(info.CreationTime);
    if (accessed)
        *accessed = filetime(info.LastAccessTime);
    if (written)
        *written = filetime(info.LastWriteTime);
    return TRUE;
}

BOOL WINAPI SetFileTime(HANDLE file, const FILETIME *created, const FILETIME *accessed, const FILETIME *written)
{
    FILE_BASIC_INFORMATION info = {.CreationTime = from_filetime(created),
                                   .LastAccessTime = from_filetime(accessed),
                                   .LastWriteTime = from_filetime(written)};
    return set_basic(file, &info);
}

BOOL WINAPI GetFileInformationByHandle(HANDLE file, LPBY_HANDLE_FILE_INFORMATION out)
{
    FILE_STAT_INFORMATION info;
    FILE_ID_INFORMATION id;
    IO_STATUS_BLOCK io;
    FILE_FS_DEVICE_INFORMATION device;
    if (!status_to_bool(NtQueryVolumeInformationFile(file, &io, &device, sizeof device, FileFsDeviceInformation)))
        return FALSE;
    if (device.DeviceType != FILE_DEVICE_DISK) {
        RtlSetLastWin32Error(ERROR_INVALID_FUNCTION);
        return FALSE;
    }
    if (!status_to_bool(
            NtQueryInformationFile(file, &io, &info, sizeof info, (FILE_INFORMATION_CLASS)FileStatInformation)) ||
        !status_to_bool(NtQueryInformationFile(file, &io, &id, sizeof id, (FILE_INFORMATION_CLASS)FileIdInformation)))
        return FALSE;
    out->dwFileAttributes = info.FileAttributes;
    out->ftCreationTime = filetime(info.CreationTime);
    out->ftLastAccessTime = filetime(info.LastAccessTime);
    out->ftLastWriteTime = filetime(info.LastWriteTime);
    out->dwVolumeSerialNumber = (DWORD)id.VolumeSerialNumber;
    out->nFileSizeHigh = (DWORD)info.EndOfFile.HighPart;
    out->nFileSizeLow = info.EndOfFile.LowPart;
    out->nNumberOfLinks = info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY ? 1 : info.NumberOfLinks;
    out->nFileIndexHigh = (DWORD)info.FileId.HighPart;
    out->nFileIndexLow = info.FileId.LowPart;
    return TRUE;
}

/* FILE_INFO_BY_HANDLE_CLASS as NT's classes; 0: none.  Bit 7: a directory listing, bit 6: that starts again. */
#define LISTING 0x80
#define RESTART 0x40
static const UCHAR info_classes[] = {
    [FileBasicInfo] = FileBasicInformation,
    [FileStandardInfo] = FileStandardInformation,
    [FileNameInfo] = FileNameInformation,
    [FileRenameInfo] = FileRenameInformation,
    [FileDispositionInfo] = FileDispositionInformation,
    [FileAllocationInfo] = FileAllocationInformation,
    [FileEndOfFileInfo] = FileEndOfFileInformation,
    [FileStreamInfo] = FileStreamInformation,
    [FileCompressionInfo] = FileCompressionInformation,
    [FileAttributeTagInfo] = FileAttributeTagInformation,
    [FileIdBothDirectoryInfo] = FileIdBothDirectoryInformation | LISTING,
    [FileIdBothDirectoryRestartInfo] = FileIdBothDirectoryInformation | LISTING | RESTART,
    [FileIoPriorityHintInfo] = FileIoPriorityHintInformation,
    [FileFullDirectoryInfo] = FileFullDirectoryInformation | LISTING,
    [FileFullDirectoryRestartInfo] = FileFullDirectoryInformation | LISTING | RESTART,
    [FileAlignmentInfo] = FileAlignmentInformation,
    [FileIdInfo] = FileIdInformation,
    [FileIdExtdDirectoryInfo] = FileIdExtdDirectoryInformation | LISTING,
    [FileIdExtdDirectoryRestartInfo] = FileIdExtdDirectoryInformation | LISTING | RESTART,
    [21] = FileDispositionInformationEx,
    [22] = FileRenameInformationEx,
    [23] = FileCaseSensitiveInformation,
    [24] = FileNormalizedNameInformation,
};

static unsigned info_class(FILE_INFO_BY_HANDLE_CLASS class)
{
    unsigned number = (unsigned)class;
    return number < sizeof info_classes ? info_classes[number] : 0;
}

BOOL WINAPI GetFileInformationByHandleEx(HANDLE file, FILE_INFO_BY_HANDLE_CLASS class, LPVOID out, DWORD size)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status;
    unsigned nt = info_class(class);
    if (class == FileStorageInfo) /* the volume's: the same structure */
        return status_to_bool(
            NtQueryVolumeInformationFile(file, &io, out, size, (FS_INFORMATION_CLASS)FileFsSectorSizeInformation));
    if (class == FileRemoteProtocolInfo || !nt || class == FileRenameInfo || class == FileDispositionInfo ||
        class == FileAllocationInfo || class == FileEndOfFileInfo || class == FileIoPriorityHintInfo) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (nt & LISTING) {
        nt &= 0x3f;
        status = NtQueryDirectoryFile(file, NULL, NULL, NULL, &io, out, size, (FILE_INFORMATION_CLASS)nt, FALSE, NULL,
                                      info_class(class) & RESTART);
        if (status == STATUS_NO_SUCH_FILE)
            status = STATUS_NO_MORE_FILES;
    } else {
        status = NtQueryInformationFile(file, &io, out, size, (FILE_INFORMATION_CLASS)nt);
        if (!status && class == FileStreamInfo && !io.Information)
            status = STATUS_END_OF_FILE;
        if (status == STATUS_BUFFER_OVERFLOW) {
            RtlSetLastWin32Error(ERROR_MORE_DATA);
            return FALSE;
        }
    }
    return status_to_bool(status);
}

BOOL WINAPI SetFileInformationByHandle(HANDLE file, FILE_INFO_BY_HANDLE_CLASS class, LPVOID in, DWORD size)
{
    IO_STATUS_BLOCK io;
    unsigned nt = info_class(class);
    if (!nt || (nt & LISTING)) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (class != FileRenameInfo && class != 22)
        return status_to_bool(NtSetInformationFile(file, &io, in, size, (FILE_INFORMATION_CLASS)nt));
    /* The name here is a Win32 one. */
    const FILE_RENAME_INFORMATION_EX *rename = in;
    UNICODE_STRING target;
    if (!status_to_bool(RtlDosPathNameToNtPathName_U_WithStatus(rename->FileName, &target, NULL, NULL)))
        return FALSE;
    ULONG length = offsetof(FILE_RENAME_INFORMATION_EX, FileName) + target.Length;
    FILE_RENAME_INFORMATION_EX *copy = RtlAllocateHeap(process_heap(), 0, length + sizeof(WCHAR));
    NTSTATUS status = STATUS_NO_MEMORY;
    if (copy) {
        *copy = *rename;
        copy->RootDirectory = NULL;
        copy->FileNameLength = target.Length;
        memcpy(copy->FileName, target.Buffer, target.Length);
        status = NtSetInformationFile(file, &io, copy, length, (FILE_INFORMATION_CLASS)nt);
        RtlFreeHeap(process_heap(), 0, copy);
    }
    RtlFreeUnicodeString(&target);
    return status_to_bool(status);
}

BOOL WINAPI SetFileValidData(HANDLE file, LONGLONG length)
{
    IO_STATUS_BLOCK io;
    return status_to_bool(NtSetInformationFile(file, &io, &length, sizeof length, FileValidDataLengthInformation));
}

BOOL WINAPI SetFileCompletionNotificationModes(HANDLE file, UCHAR flags)
{
    IO_STATUS_BLOCK io;
    FILE_IO_COMPLETION_NOTIFICATION_INFORMATION info = {flags};
    return status_to_bool(NtSetInformationFile(file, &io, &info, sizeof info,
                                               (FILE_INFORMATION_CLASS)FileIoCompletionNotificationInformation));
}

DWORD WINAPI GetCompressedFileSizeW(LPCWSTR name, LPDWORD high)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data))
        return INVALID_FILE_SIZE;
    if (high)
        *high = data.nFileSizeHigh;
    RtlSetLastWin32Error(ERROR_SUCCESS);
    return data.nFileSizeLow;
}

DWORD WINAPI GetCompressedFileSizeA(LPCSTR name, LPDWORD high)
{
    WCHAR *wide = filename_from_ansi(name);
    DWORD result = wide ? GetCompressedFileSizeW(wide, high) : INVALID_FILE_SIZE;
    filename_free(wide);
    return result;
}

/* \Device\HarddiskVolumeN\path (the object's name) as the flags want it. */
static size_t final_path(const WCHAR *name, size_t length, DWORD flags, WCHAR *out)
{
    size_t at = 22; /* after \Device\HarddiskVolume */
    unsigned number = 0;
    while (at < length && name[at] >= '0' && name[at] <= '9')
        number = number * 10 + (name[at++] - '0');
    size_t used = 0;
    if (flags & VOLUME_NAME_NT) {
        memcpy(out, name, length * sizeof(WCHAR));
        return length;
    }
    if (flags & VOLUME_NAME_GUID) {
        static const WCHAR volume[] = L"\\\\?\\Volume{00000000-0000-0000-0000-0000000000";
        memcpy(out, volume, sizeof volume);
        used = sizeof volume / sizeof *volume - 1;
        unsigned code = 'A' + number - 1;
        out[used++] = L"0123456789abcdef"[code >> 4];
        out[used++] = L"0123456789abcdef"[code & 15];
        out[used++] = '}';
    } else if (!(flags & VOLUME_NAME_NONE)) {
        memcpy(out, L"\\\\?\\", 4 * sizeof(WCHAR));
        out[4] = (WCHAR)('A' + number - 1);
        out[5] = ':';
        used = 6;
    }
    memcpy(out + used, name + at, (length - at) * sizeof(WCHAR));
    return used + length - at;
}

/* The final path in heap memory; its length, 0 on failure. */
static size_t final_path_query(HANDLE file, DWORD flags, WCHAR **result)
{
    ULONG size = 0x2100, returned;
    OBJECT_NAME_INFORMATION *info = RtlAllocateHeap(process_heap(), 0, size);
    WCHAR *out = RtlAllocateHeap(process_heap(), 0, size + 128);
    NTSTATUS status =
        info && out ? NtQueryObject(file, ObjectNameInformation, info, size, &returned) : STATUS_NO_MEMORY;
    size_t length = 0;
    if (!status && info->Name.Length < 46)
        status = STATUS_INVALID_DEVICE_REQUEST;
    if (!status)
        length = final_path(info->Name.Buffer, info->Name.Length / sizeof(WCHAR), flags, out);
    RtlFreeHeap(process_heap(), 0, info);
    if (!status_to_bool(status)) {
        RtlFreeHeap(process_heap(), 0, out);
        return 0;
    }
    out[length] = 0;
    *result = out;
    return length;
}

DWORD WINAPI GetFinalPathNameByHandleW(HANDLE file, LPWSTR out, DWORD count, DWORD flags)
{
    WCHAR *path;
    size_t length = final_path_query(file, flags, &path);
    if (!length)
        return 0;
    if (length + 1 <= count)
        memcpy(out, path, (length + 1) * sizeof(WCHAR));
    else
        RtlSetLastWin32Error(ERROR_NOT_ENOUGH_MEMORY);
    RtlFreeHeap(process_heap(), 0, path);
    return (DWORD)(length + 1 <= count ? length : length + 1);
}

DWORD WINAPI GetFinalPathNameByHandleA(HANDLE file, LPSTR out, DWORD count, DWORD flags)
{
    WCHAR *path;
    size_t length = final_path_query(file, flags, &path);
    if (!length)
        return 0;
    DWORD result = filename_to_ansi(path, length, out, count);
    RtlFreeHeap(process_heap(), 0, path);
    return result;
}
