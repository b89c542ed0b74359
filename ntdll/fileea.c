/*
 * fileea.c: NtQueryEaFile and NtSetEaFile.
 */
#include "file.h"

/* Files have no extended attributes of OS/2's kind, and their volume says so. */
static NTSTATUS no_extended_attributes(HANDLE handle, PIO_STATUS_BLOCK io, ACCESS_MASK access, NTSTATUS answer)
{
    struct file *file;
    NTSTATUS status = handle_lookup(handle, &type_file, access, (void **)&file);
    if (status)
        return status;
    object_release(file);
    io->Status = answer;
    io->Information = 0;
    return answer;
}

NTSTATUS WINAPI NtQueryEaFile(HANDLE handle, PIO_STATUS_BLOCK io, PVOID out, ULONG length, BOOLEAN single, PVOID list,
                              ULONG list_length, PULONG index, BOOLEAN restart)
{
    (void)out;
    (void)length;
    (void)single;
    (void)list;
    (void)list_length;
    (void)index;
    (void)restart;
    return no_extended_attributes(handle, io, FILE_READ_EA, STATUS_NO_EAS_ON_FILE);
}

NTSTATUS WINAPI NtSetEaFile(HANDLE handle, PIO_STATUS_BLOCK io, PVOID in, ULONG length)
{
    (void)in;
    (void)length;
    return no_extended_attributes(handle, io, FILE_WRITE_EA, STATUS_EAS_NOT_SUPPORTED);
}
