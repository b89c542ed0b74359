/*
 * fileapi_volume.c: drives and volumes.  On top of NtQueryVolumeInformationFile.
 */
#include "kernel32/filename.h"
#include "ntdll/volume.h"

#include <string.h>

/* Volume names: the last two digits are the drive letter's code. */
static const WCHAR volume_name[] = L"\\\\?\\Volume{00000000-0000-0000-0000-0000000000";

static bool drive_exists(WCHAR letter)
{
    WCHAR root[] = {letter, ':', '\\', 0};
    return GetFileAttributesW(root) != INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetLogicalDrives(void)
{
    DWORD drives = 0;
    for (WCHAR letter = 'A'; letter <= 'Z'; letter++)
        if (drive_exists(letter))
            drives |= 1u << (letter - 'A');
    return drives;
}

DWORD WINAPI GetLogicalDriveStringsW(DWORD count, LPWSTR out)
{
    DWORD drives = GetLogicalDrives(), length = (DWORD)__builtin_popcount(drives) * 4;
    if (length + 1 > count)
        return length + 1;
    for (WCHAR letter = 'A'; letter <= 'Z'; letter++) {
        if (!(drives & 1u << (letter - 'A')))
            continue;
        *out++ = letter;
        *out++ = ':';
        *out++ = '\\';
        *out++ = 0;
    }
    *out = 0;
    return length;
}

DWORD WINAPI GetLogicalDriveStringsA(DWORD count, LPSTR out)
{
    WCHAR wide[26 * 4 + 1];
    DWORD length = GetLogicalDriveStringsW(sizeof wide / sizeof *wide, wide);
    if (length + 1 > count)
        return length + 1;
    for (DWORD i = 0; i <= length; i++)
        out[i] = (char)wide[i];
    return length;
}

UINT WINAPI GetDriveTypeW(LPCWSTR root)
{
    FILE_FS_DEVICE_INFORMATION info;
    IO_STATUS_BLOCK io;
    HANDLE file = filename_open_file(root ? root : L"\\", FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE);
    if (file == INVALID_HANDLE_VALUE)
        return DRIVE_NO_ROOT_DIR;
    NTSTATUS status = NtQueryVolumeInformationFile(file, &io, &info, sizeof info, FileFsDeviceInformation);
    NtClose(file);
    return status ? DRIVE_UNKNOWN : DRIVE_FIXED;
}

UINT WINAPI GetDriveTypeA(LPCSTR root)
{
    WCHAR *wide = root ? filename_from_ansi(root) : NULL;
    UINT result = GetDriveTypeW(wide);
    filename_free(wide);
    return result;
}

/* Serial number, features and name of the file system that an open file is on. */
BOOL WINAPI GetVolumeInformationByHandleW(HANDLE file, LPWSTR label, DWORD label_count, LPDWORD serial,
                                          LPDWORD component, LPDWORD flags, LPWSTR system, DWORD system_count)
{
    _Alignas(8) char space[512];
    FILE_FS_VOLUME_INFORMATION *volume = (FILE_FS_VOLUME_INFORMATION *)space;
    FILE_FS_ATTRIBUTE_INFORMATION *attribute = (FILE_FS_ATTRIBUTE_INFORMATION *)space;
    IO_STATUS_BLOCK io;
    if (label || serial) {
        if (!status_to_bool(NtQueryVolumeInformationFile(file, &io, space, sizeof space, FileFsVolumeInformation)))
            return FALSE;
        if (label && volume->VolumeLabelLength / sizeof(WCHAR) >= label_count) {
            RtlSetLastWin32Error(ERROR_BAD_LENGTH);
            return FALSE;
        }
        if (label) {
            memcpy(label, volume->VolumeLabel, volume->VolumeLabelLength);
            label[volume->VolumeLabelLength / sizeof(WCHAR)] = 0;
        }
        if (serial)
            *serial = volume->VolumeSerialNumber;
    }
    if (!status_to_bool(NtQueryVolumeInformationFile(file, &io, space, sizeof space, FileFsAttributeInformation)))
        return FALSE;
    if (component)
        *component = (DWORD)attribute->MaximumComponentNameLength;
    if (flags)
        *flags = attribute->FileSystemAttributes;
    if (system && attribute->FileSystemNameLength / sizeof(WCHAR) >= system_count) {
        RtlSetLastWin32Error(ERROR_BAD_LENGTH);
        return FALSE;
    }
    if (system) {
        memcpy(system, attribute->FileSystemName, attribute->FileSystemNameLength);
        system[attribute->FileSystemNameLength / sizeof(WCHAR)] = 0;
    }
    return TRUE;
}

BOOL WINAPI GetVolumeInformationW(LPCWSTR root, LPWSTR label, DWORD label_count, LPDWORD serial, LPDWORD component,
                                  LPDWORD flags, LPWSTR system, DWORD system_count)
{
    HANDLE file = filename_open_file(root ? root : L"\\", FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    BOOL result =
        GetVolumeInformationByHandleW(file, label, label_count, serial, component, flags, system, system_count);
    NtClose(file);
    return result;
}

BOOL WINAPI GetVolumeInformationA(LPCSTR root, LPSTR label, DWORD label_count, LPDWORD serial, LPDWORD component,
                                  LPDWORD flags, LPSTR system, DWORD system_count)
{
    WCHAR wide_label[64], wide_system[64], *wide = root ? filename_from_ansi(root) : NULL;
    BOOL result = GetVolumeInformationW(wide, wide_label, 64, serial, component, flags, wide_system, 64);
    filename_free(wide);
    if (result && label)
        filename_to_ansi(wide_label, text_length(wide_label), label, label_count);
    if (result && system)
        filename_to_ansi(wide_system, text_length(wide_system), system, system_count);
    return result;
}

BOOL WINAPI SetVolumeLabelW(LPCWSTR root, LPCWSTR label)
{
    (void)root;
    (void)label;
    return status_to_bool(STATUS_ACCESS_DENIED);
}

static BOOL query_size(LPCWSTR directory, FS_INFORMATION_CLASS class, void *info, ULONG size)
{
    IO_STATUS_BLOCK io;
    HANDLE file = filename_open_file(directory ? directory : L".", FILE_READ_ATTRIBUTES, 0);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    NTSTATUS status = NtQueryVolumeInformationFile(file, &io, info, size, class);
    NtClose(file);
    return status_to_bool(status);
}

static BOOL query_full_size(LPCWSTR directory, FILE_FS_FULL_SIZE_INFORMATION *info)
{
    return query_size(directory, FileFsFullSizeInformation, info, sizeof *info);
}

BOOL WINAPI GetDiskFreeSpaceExW(LPCWSTR directory, PULARGE_INTEGER available, PULARGE_INTEGER total,
                                PULARGE_INTEGER free_bytes)
{
    FILE_FS_FULL_SIZE_INFORMATION info;
    if (!query_full_size(directory, &info))
        return FALSE;
    ULONGLONG unit = (ULONGLONG)info.SectorsPerAllocationUnit * info.BytesPerSector;
    if (available)
        available->QuadPart = info.CallerAvailableAllocationUnits.QuadPart * unit;
    if (total)
        total->QuadPart = info.TotalAllocationUnits.QuadPart * unit;
    if (free_bytes)
        free_bytes->QuadPart = info.ActualAvailableAllocationUnits.QuadPart * unit;
    return TRUE;
}

BOOL WINAPI GetDiskFreeSpaceExA(LPCSTR directory, PULARGE_INTEGER available, PULARGE_INTEGER total,
                                PULARGE_INTEGER free_bytes)
{
    WCHAR *wide = directory ? filename_from_ansi(directory) : NULL;
    BOOL result = GetDiskFreeSpaceExW(wide, available, total, free_bytes);
    filename_free(wide);
    return result;
}

/* Newer than mingw-w64's headers; it is what volumes answer with. */
typedef FILE_FS_FULL_SIZE_INFORMATION_EX DISK_SPACE_INFORMATION;

HRESULT WINAPI GetDiskSpaceInformationW(LPCWSTR root, DISK_SPACE_INFORMATION *space)
{
    if (!space)
        return HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
    return query_size(root, (FS_INFORMATION_CLASS)FileFsFullSizeInformationEx, space, sizeof *space)
               ? S_OK
               : HRESULT_FROM_WIN32(GetLastError());
}

HRESULT WINAPI GetDiskSpaceInformationA(LPCSTR root, DISK_SPACE_INFORMATION *space)
{
    WCHAR *wide = root ? filename_from_ansi(root) : NULL;
    HRESULT result = GetDiskSpaceInformationW(wide, space);
    filename_free(wide);
    return result;
}

static DWORD clip(LONGLONG value)
{
    return value > 0xffffffffLL ? 0xffffffffu : (DWORD)value;
}

BOOL WINAPI GetDiskFreeSpaceW(LPCWSTR root, LPDWORD sectors, LPDWORD bytes, LPDWORD free_clusters, LPDWORD clusters)
{
    FILE_FS_FULL_SIZE_INFORMATION info;
    if (!query_full_size(root ? root : L"\\", &info))
        return FALSE;
    if (sectors)
        *sectors = info.SectorsPerAllocationUnit;
    if (bytes)
        *bytes = info.BytesPerSector;
    if (free_clusters)
        *free_clusters = clip(info.CallerAvailableAllocationUnits.QuadPart);
    if (clusters)
        *clusters = clip(info.TotalAllocationUnits.QuadPart);
    return TRUE;
}

BOOL WINAPI GetDiskFreeSpaceA(LPCSTR root, LPDWORD sectors, LPDWORD bytes, LPDWORD free_clusters, LPDWORD clusters)
{
    WCHAR *wide = root ? filename_from_ansi(root) : NULL;
    BOOL result = GetDiskFreeSpaceW(wide, sectors, bytes, free_clusters, clusters);
    filename_free(wide);
    return result;
}

DWORD WINAPI QueryDosDeviceW(LPCWSTR device, LPWSTR out, DWORD count)
{
    static const WCHAR prefix[] = L"\\Device\\HarddiskVolume";
    const DWORD length = sizeof prefix / sizeof *prefix - 1;
    if (!device || !device[0] || device[1] != ':' || device[2]) {
        RtlSetLastWin32Error(ERROR_FILE_NOT_FOUND);
        return 0;
    }
    WCHAR letter = device[0] & ~32;
    if (letter < 'A' || letter > 'Z' || !drive_exists(letter)) {
        RtlSetLastWin32Error(ERROR_FILE_NOT_FOUND);
        return 0;
    }
    if (count < length + 4) {
        RtlSetLastWin32Error(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    unsigned number = letter - 'A' + 1, used = length;
    memcpy(out, prefix, length * sizeof(WCHAR));
    if (number >= 10)
        out[used++] = (WCHAR)('0' + number / 10);
    out[used++] = (WCHAR)('0' + number % 10);
    out[used++] = 0;
    out[used++] = 0;
    return used;
}

DWORD WINAPI QueryDosDeviceA(LPCSTR device, LPSTR out, DWORD count)
{
    WCHAR wide_out[64], *wide = device ? filename_from_ansi(device) : NULL;
    DWORD length = QueryDosDeviceW(wide, wide_out, 64);
    filename_free(wide);
    if (length > count) {
        RtlSetLastWin32Error(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    for (DWORD i = 0; i < length; i++)
        out[i] = (char)wide_out[i];
    return length;
}

BOOL WINAPI DefineDosDeviceW(DWORD flags, LPCWSTR device, LPCWSTR target)
{
    (void)flags;
    (void)device;
    (void)target;
    return status_to_bool(STATUS_ACCESS_DENIED); /* drives are set up outside the program */
}

BOOL WINAPI DefineDosDeviceA(DWORD flags, LPCSTR device, LPCSTR target)
{
    (void)flags;
    (void)device;
    (void)target;
    return status_to_bool(STATUS_ACCESS_DENIED);
}

BOOL WINAPI GetVolumePathNameW(LPCWSTR name, LPWSTR out, DWORD count)
{
    WCHAR *full = RtlAllocateHeap(process_heap(), 0, 0x8000 * sizeof(WCHAR));
    DWORD length = full ? GetFullPathNameW(name, 0x8000, full, NULL) : 0;
    bool drive = length >= 2 && full[1] == ':';
    if (drive && count >= 4) {
        out[0] = full[0];
        out[1] = ':';
        out[2] = '\\';
        out[3] = 0;
    }
    RtlFreeHeap(process_heap(), 0, full);
    if (!drive || count < 4)
        RtlSetLastWin32Error(drive ? ERROR_FILENAME_EXCED_RANGE : ERROR_INVALID_NAME);
    return drive && count >= 4;
}

static void volume_of_drive(WCHAR letter, WCHAR out[50])
{
    size_t used = sizeof volume_name / sizeof *volume_name - 1;
    memcpy(out, volume_name, sizeof volume_name);
    out[used++] = L"0123456789abcdef"[letter >> 4];
    out[used++] = L"0123456789abcdef"[letter & 15];
    out[used++] = '}';
    out[used++] = '\\';
    out[used] = 0;
}

BOOL WINAPI GetVolumeNameForVolumeMountPointW(LPCWSTR point, LPWSTR out, DWORD count)
{
    WCHAR letter = point[0] & ~32;
    if (letter < 'A' || letter > 'Z' || point[1] != ':' || !drive_exists(letter)) {
        RtlSetLastWin32Error(ERROR_INVALID_NAME);
        return FALSE;
    }
    if (count < 50) {
        RtlSetLastWin32Error(ERROR_FILENAME_EXCED_RANGE);
        return FALSE;
    }
    volume_of_drive(letter, out);
    return TRUE;
}

/* Volume searches: the handle is a small heap block that holds the next letter. */
BOOL WINAPI FindNextVolumeW(HANDLE search, LPWSTR out, DWORD count)
{
    WCHAR *next = search;
    while (*next <= 'Z' && !drive_exists(*next))
        (*next)++;
    if (*next > 'Z' || count < 50) {
        RtlSetLastWin32Error(*next > 'Z' ? ERROR_NO_MORE_FILES : ERROR_FILENAME_EXCED_RANGE);
        return FALSE;
    }
    volume_of_drive((*next)++, out);
    return TRUE;
}

HANDLE WINAPI FindFirstVolumeW(LPWSTR out, DWORD count)
{
    WCHAR *search = RtlAllocateHeap(process_heap(), 0, sizeof *search);
    if (!search)
        return INVALID_HANDLE_VALUE;
    *search = 'A';
    if (FindNextVolumeW(search, out, count))
        return search;
    RtlFreeHeap(process_heap(), 0, search);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindVolumeClose(HANDLE search)
{
    return RtlFreeHeap(process_heap(), 0, search);
}

BOOL WINAPI GetVolumePathNamesForVolumeNameW(LPCWSTR name, LPWCH out, DWORD count, PDWORD needed)
{
    WCHAR volume[50];
    for (WCHAR letter = 'A'; letter <= 'Z'; letter++) {
        volume_of_drive(letter, volume);
        if (memcmp(volume, name, 47 * sizeof(WCHAR)))
            continue;
        if (needed)
            *needed = 5;
        if (count < 5) {
            RtlSetLastWin32Error(ERROR_MORE_DATA);
            return FALSE;
        }
        memcpy(out, (WCHAR[]){letter, ':', '\\', 0, 0}, 5 * sizeof(WCHAR));
        return TRUE;
    }
    RtlSetLastWin32Error(ERROR_FILE_NOT_FOUND);
    return FALSE;
}
