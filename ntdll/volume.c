/*
 * volume.c: NtQueryVolumeInformationFile: what a drive is.
 *
 * Every host file system looks like NTFS with 512-byte sectors, since programs refuse others; sizes are the host's.
 */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "error.h"
#include "fileio.h"
#include "volume.h"

ULONG volume_serial(dev_t device)
{
    uint64_t mixed = (device + 1) * 0x9E3779B97F4A7C15ull;
    return (ULONG)(mixed >> 32) | 1;
}

static ULONG device_type(const struct file *file)
{
    switch (file->kind) {
    case FILE_KIND_PIPE:
    case FILE_KIND_SOCKET:
    case FILE_KIND_AFD:
    case FILE_KIND_PIPE_ROOT:
        return FILE_DEVICE_NAMED_PIPE;
    case FILE_KIND_MAILSLOT:
        return FILE_DEVICE_MAILSLOT;
    case FILE_KIND_CONSOLE:
        return FILE_DEVICE_CONSOLE;
    case FILE_KIND_NULL:
    case FILE_KIND_CHARACTER:
        return FILE_DEVICE_NULL;
    default:
        return FILE_DEVICE_DISK;
    }
}

static NTSTATUS query_device(struct file *file, FILE_FS_DEVICE_INFORMATION *info)
{
    info->DeviceType = device_type(file);
    info->Characteristics = info->DeviceType == FILE_DEVICE_DISK ? 0x20 /* FILE_DEVICE_IS_MOUNTED */ : 0;
    return STATUS_SUCCESS;
}

static NTSTATUS host_statvfs(struct file *file, struct statvfs *vfs)
{
    if (file->kind != FILE_KIND_DISK && file->kind != FILE_KIND_DIRECTORY)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (file->fd >= 0 && !fstatvfs(file->fd, vfs))
        return STATUS_SUCCESS;
    /* A directory that is not there yet: the nearest one above that is. */
    char host[PATH_HOST_MAX];
    strcpy(host, file->host ? file->host : "/");
    while (statvfs(host, vfs)) {
        char *slash = strrchr(host, '/');
        if (!slash || slash == host)
            return statvfs("/", vfs) ? status_from_errno(errno) : STATUS_SUCCESS;
        *slash = 0;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS query_size(struct file *file, FILE_FS_FULL_SIZE_INFORMATION *info)
{
    struct statvfs vfs;
    NTSTATUS status = host_statvfs(file, &vfs);
    if (status)
        return status;
    ULONG sectors = vfs.f_frsize >= 512 ? (ULONG)(vfs.f_frsize / 512) : 1;
    info->TotalAllocationUnits.QuadPart = vfs.f_blocks;
    info->CallerAvailableAllocationUnits.QuadPart = vfs.f_bavail;
    info->ActualAvailableAllocationUnits.QuadPart = vfs.f_bfree;
    info->SectorsPerAllocationUnit = sectors;
    info->BytesPerSector = 512;
    return STATUS_SUCCESS;
}

/* What other users and the system keep is reserved; there are no pools of disks. */
static NTSTATUS query_size_ex(struct file *file, FILE_FS_FULL_SIZE_INFORMATION_EX *info)
{
    FILE_FS_FULL_SIZE_INFORMATION full;
    NTSTATUS status = query_size(file, &full);
    if (status)
        return status;
    ULONGLONG total = (ULONGLONG)full.TotalAllocationUnits.QuadPart,
              available = (ULONGLONG)full.CallerAvailableAllocationUnits.QuadPart,
              unused = (ULONGLONG)full.ActualAvailableAllocationUnits.QuadPart;
    *info = (FILE_FS_FULL_SIZE_INFORMATION_EX){.ActualTotalAllocationUnits = total,
                                               .ActualAvailableAllocationUnits = unused,
                                               .CallerTotalAllocationUnits = total - (unused - available),
                                               .CallerAvailableAllocationUnits = available,
                                               .UsedAllocationUnits = total - unused,
                                               .TotalReservedAllocationUnits = unused - available,
                                               .SectorsPerAllocationUnit = full.SectorsPerAllocationUnit,
                                               .BytesPerSector = full.BytesPerSector};
    return STATUS_SUCCESS;
}

/* Sectors of 512 bytes on a medium that writes pages. */
static NTSTATUS query_sectors(struct file *file, FILE_FS_SECTOR_SIZE_INFORMATION *info)
{
    const ULONG flags = 1 | 2; /* SSINFO_FLAGS_ALIGNED_DEVICE, SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE */
    if (device_type(file) != FILE_DEVICE_DISK)
        return STATUS_INVALID_DEVICE_REQUEST;
    *info = (FILE_FS_SECTOR_SIZE_INFORMATION){512, 4096, 4096, 4096, flags, 0, 0};
    return STATUS_SUCCESS;
}

/* A text of at most the room there is; the length that it really has goes to *length. */
static NTSTATUS put_text(const WCHAR *text, WCHAR *out, ULONG room, ULONG *length, ULONG *used)
{
    *length = (ULONG)path_length(text) * 2;
    ULONG copy = *length < room ? *length : room;
    memcpy(out, text, copy);
    *used += copy;
    return copy < *length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS query_volume(struct file *file, FILE_FS_VOLUME_INFORMATION *info, ULONG length, ULONG *used)
{
    struct stat st = {0};
    if (device_type(file) != FILE_DEVICE_DISK)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (file->fd < 0 || fstat(file->fd, &st))
        stat("/", &st);
    *used = offsetof(FILE_FS_VOLUME_INFORMATION, VolumeLabel);
    info->VolumeCreationTime.QuadPart = 0x01d9000000000000LL;
    info->VolumeSerialNumber = volume_serial(st.st_dev);
    info->SupportsObjects = FALSE;
    return put_text(L"", info->VolumeLabel, length - *used, &info->VolumeLabelLength, used);
}

static NTSTATUS query_attribute(struct file *file, FILE_FS_ATTRIBUTE_INFORMATION *info, ULONG length, ULONG *used)
{
    if (device_type(file) == FILE_DEVICE_NAMED_PIPE) {
        info->FileSystemAttributes = 0;
        info->MaximumComponentNameLength = 255;
        *used = offsetof(FILE_FS_ATTRIBUTE_INFORMATION, FileSystemName);
        return put_text(L"NPFS", info->FileSystemName, length - *used, &info->FileSystemNameLength, used);
    }
    if (device_type(file) != FILE_DEVICE_DISK)
        return STATUS_INVALID_DEVICE_REQUEST;
    *used = offsetof(FILE_FS_ATTRIBUTE_INFORMATION, FileSystemName);
    info->FileSystemAttributes = FILE_CASE_PRESERVED_NAMES | FILE_CASE_SENSITIVE_SEARCH | FILE_UNICODE_ON_DISK |
                                 FILE_PERSISTENT_ACLS | FILE_SUPPORTS_SPARSE_FILES | FILE_SUPPORTS_REPARSE_POINTS |
                                 FILE_SUPPORTS_HARD_LINKS | FILE_SUPPORTS_OPEN_BY_FILE_ID | FILE_NAMED_STREAMS;
    info->MaximumComponentNameLength = 255;
    return put_text(L"NTFS", info->FileSystemName, length - *used, &info->FileSystemNameLength, used);
}

NTSTATUS WINAPI NtQueryVolumeInformationFile(HANDLE handle, PIO_STATUS_BLOCK io, PVOID out, ULONG length,
                                             FS_INFORMATION_CLASS class)
{
    static const UCHAR lengths[] = {
        [FileFsVolumeInformation] = offsetof(FILE_FS_VOLUME_INFORMATION, VolumeLabel),
        [FileFsSizeInformation] = sizeof(FILE_FS_SIZE_INFORMATION),
        [FileFsDeviceInformation] = sizeof(FILE_FS_DEVICE_INFORMATION),
        [FileFsAttributeInformation] = offsetof(FILE_FS_ATTRIBUTE_INFORMATION, FileSystemName),
        [FileFsFullSizeInformation] = sizeof(FILE_FS_FULL_SIZE_INFORMATION),
        [FileFsSectorSizeInformation] = sizeof(FILE_FS_SECTOR_SIZE_INFORMATION),
        [FileFsFullSizeInformationEx] = sizeof(FILE_FS_FULL_SIZE_INFORMATION_EX),
    };
    FILE_FS_FULL_SIZE_INFORMATION full = {0};
    FILE_FS_SIZE_INFORMATION *small = out;
    struct file *file;
    if ((unsigned)class >= sizeof lengths || !lengths[class])
        return STATUS_INVALID_INFO_CLASS;
    if (length < lengths[class])
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    ULONG used = lengths[class];
    switch ((unsigned)class) {
    case FileFsSectorSizeInformation:
        status = query_sectors(file, out);
        break;
    case FileFsFullSizeInformationEx:
        status = query_size_ex(file, out);
        break;
    case FileFsDeviceInformation:
        status = query_device(file, out);
        break;
    case FileFsFullSizeInformation:
        status = query_size(file, out);
        break;
    case FileFsSizeInformation:
        status = query_size(file, &full);
        *small = (FILE_FS_SIZE_INFORMATION){full.TotalAllocationUnits, full.CallerAvailableAllocationUnits,
                                            full.SectorsPerAllocationUnit, full.BytesPerSector};
        break;
    case FileFsVolumeInformation:
        status = query_volume(file, out, length, &used);
        break;
    default:
        status = query_attribute(file, out, length, &used);
        break;
    }
    io->Status = status;
    io->Information = NT_ERROR(status) ? 0 : used;
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtSetVolumeInformationFile(HANDLE handle, PIO_STATUS_BLOCK io, PVOID in, ULONG length,
                                           FILE_INFORMATION_CLASS class)
{
    (void)handle;
    (void)in;
    (void)length;
    (void)class;
    io->Status = STATUS_ACCESS_DENIED;
    io->Information = 0;
    return STATUS_ACCESS_DENIED; /* labels and serial numbers are the host's */
}
