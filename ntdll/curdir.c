/*
 * curdir.c: the current directory: in the process parameters as Windows keeps it, and the host's beside it.
 *
 * Guarded by the PEB's lock, which programs that walk the parameters take too.  Directories
 * of other drives are in the environment variables "=X:", as on Windows.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curdir.h"
#include "error.h"
#include "file.h"
#include "large.h"
#include "path.h"

#define CURDIR_MAX 4096

static UNICODE_STRING *current(void)
{
    return &peb_current()->ProcessParameters->CurrentDirectory.DosPath;
}

static void curdir_lock(void)
{
    RtlEnterCriticalSection(peb_current()->FastPebLock);
}

static void curdir_unlock(void)
{
    RtlLeaveCriticalSection(peb_current()->FastPebLock);
}

size_t curdir_length_max(void)
{
    return CURDIR_MAX;
}

size_t curdir_get(WCHAR *out)
{
    curdir_lock();
    size_t length = current()->Length / 2;
    memcpy(out, current()->Buffer, length * 2);
    curdir_unlock();
    out[length] = 0;
    return length;
}

size_t curdir_of_drive(WCHAR letter, WCHAR *out)
{
    WCHAR name[] = {'=', letter, ':'}, value[CURDIR_MAX / 4];
    size_t length = curdir_get(out);
    if ((out[0] | 32) == (letter | 32) && out[1] == ':')
        return length;
    UNICODE_STRING variable = {sizeof name, sizeof name, name}, text = {0, sizeof value - 4, value};
    if (!RtlQueryEnvironmentVariable_U(NULL, &variable, &text) && text.Length) {
        length = text.Length / 2;
        memcpy(out, value, length * 2);
        if (out[length - 1] != '\\')
            out[length++] = '\\';
    } else {
        out[0] = letter;
        out[1] = ':';
        out[2] = '\\';
        length = 3;
    }
    out[length] = 0;
    return length;
}

ULONG WINAPI RtlGetCurrentDirectory_U(ULONG size, PWSTR buffer)
{
    curdir_lock();
    const UNICODE_STRING *directory = current();
    ULONG length = directory->Length;
    if (length > 6 && directory->Buffer[length / 2 - 1] == '\\')
        length -= 2;
    if (length + 2 <= size) {
        memcpy(buffer, directory->Buffer, length);
        buffer[length / 2] = 0;
    } else {
        length += 2;
    }
    curdir_unlock();
    return length;
}

static HANDLE open_directory(UNICODE_STRING *nt)
{
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    InitializeObjectAttributes(&attributes, nt, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (NtOpenFile(&handle, FILE_TRAVERSE | SYNCHRONIZE, &attributes, &io, FILE_SHARE_READ | FILE_SHARE_WRITE,
                   FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT))
        return NULL;
    return handle;
}

HANDLE curdir_open(void)
{
    UNICODE_STRING nt;
    if (RtlDosPathNameToNtPathName_U_WithStatus(current()->Buffer, &nt, NULL, NULL))
        return NULL;
    HANDLE handle = open_directory(&nt);
    RtlFreeUnicodeString(&nt);
    return handle;
}

static void replace_handle(UNICODE_STRING *nt)
{
    CURDIR *directory = &peb_current()->ProcessParameters->CurrentDirectory;
    HANDLE old = directory->Handle;
    directory->Handle = open_directory(nt);
    if (old)
        NtClose(old);
}

/* Makes `full` (absolute, any trailing backslash) the current directory. */
static NTSTATUS curdir_change(const UNICODE_STRING *full, const char *host)
{
    size_t length = full->Length / 2;
    while (length > 3 && full->Buffer[length - 1] == '\\')
        length--;
    if ((length + 2) * 2 > CURDIR_MAX * 2)
        return STATUS_NAME_TOO_LONG;
    if (path_is_virtual(host))
        path_make_real(host, true);
    curdir_lock();
    NTSTATUS status = chdir(host) ? status_from_errno(errno) : STATUS_SUCCESS;
    if (!status) {
        static WCHAR buffer[CURDIR_MAX] LARGE; /* the first one has just the room it needed */
        UNICODE_STRING *directory = current();
        directory->Buffer = buffer;
        directory->MaximumLength = sizeof buffer;
        memcpy(directory->Buffer, full->Buffer, length * 2);
        if (directory->Buffer[length - 1] != '\\')
            directory->Buffer[length++] = '\\';
        directory->Buffer[length] = 0;
        directory->Length = (USHORT)(length * 2);
    }
    curdir_unlock();
    return status;
}

NTSTATUS WINAPI RtlSetCurrentDirectory_U(PUNICODE_STRING directory)
{
    UNICODE_STRING nt;
    struct path path;
    struct stat st;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(directory->Buffer, &nt, NULL, NULL);
    if (status)
        return status;
    status = path_find(&nt, NULL, &path);
    if (!status && path.kind != PATH_FILE && path.kind != PATH_VOLUME)
        status = STATUS_NOT_A_DIRECTORY;
    if (!status && !stat(path.host, &st) && !S_ISDIR(st.st_mode))
        status = STATUS_NOT_A_DIRECTORY;
    if (!status) {
        /* \??\C:\dir: the Win32 name is what follows the first four characters. */
        UNICODE_STRING full = {nt.Length - 8, nt.Length - 8, nt.Buffer + 4};
        status = curdir_change(&full, path.host);
        if (!status)
            replace_handle(&nt);
    }
    RtlFreeUnicodeString(&nt);
    return status;
}
