/*
 * filechange.c: change notifications without names (FindFirstChangeNotification), and what kind a program is.
 *
 * Layer: kernel32, over NtNotifyChangeDirectoryFile.  The handle is the directory's own: it is signalled when the
 * question that is pending on it is answered, and asking again makes it wait.
 */
#include "filename.h"
#include "ntfile.h"

/* The answer is never looked at: all questions share one place for it, as long as the process lives. */
static IO_STATUS_BLOCK unread;

static NTSTATUS ask(HANDLE directory, ULONG filter, BOOLEAN subtree)
{
    return NtNotifyChangeDirectoryFile(directory, NULL, NULL, NULL, &unread, NULL, 0, filter, subtree);
}

#define ALL_FILTERS                                                                                                    \
    (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_ATTRIBUTES |                      \
     FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_LAST_ACCESS |                        \
     FILE_NOTIFY_CHANGE_CREATION | FILE_NOTIFY_CHANGE_SECURITY)

HANDLE WINAPI FindFirstChangeNotificationW(LPCWSTR path, BOOL subtree, DWORD filter)
{
    HANDLE directory;
    NTSTATUS status;

    if (!filter || filter & ~(DWORD)ALL_FILTERS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    directory =
        CreateFileW(path, FILE_LIST_DIRECTORY | SYNCHRONIZE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
    if (directory == INVALID_HANDLE_VALUE)
        return directory;
    status = ask(directory, filter, subtree != 0);
    if (status != STATUS_PENDING && !status_to_bool(status)) {
        NtClose(directory);
        return INVALID_HANDLE_VALUE;
    }
    return directory;
}

HANDLE WINAPI FindFirstChangeNotificationA(LPCSTR path, BOOL subtree, DWORD filter)
{
    WCHAR *wide = filename_from_ansi(path);
    HANDLE handle = wide ? FindFirstChangeNotificationW(wide, subtree, filter) : INVALID_HANDLE_VALUE;

    filename_free(wide);
    return handle;
}

/* The directory remembers its filter. */
BOOL WINAPI FindNextChangeNotification(HANDLE handle)
{
    NTSTATUS status;

    if (!handle || handle == INVALID_HANDLE_VALUE) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    status = ask(handle, FILE_NOTIFY_CHANGE_FILE_NAME, FALSE);
    return status == STATUS_PENDING || status_to_bool(status);
}

BOOL WINAPI FindCloseChangeNotification(HANDLE handle)
{
    return status_to_bool(NtClose(handle));
}

BOOL WINAPI GetBinaryTypeW(LPCWSTR path, LPDWORD type)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    IMAGE_DOS_HEADER dos;
    struct {
        DWORD signature;
        IMAGE_FILE_HEADER header;
    } pe;
    DWORD read;
    BOOL good = FALSE;

    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    if (ReadFile(file, &dos, sizeof dos, &read, NULL) && read == sizeof dos && dos.e_magic == IMAGE_DOS_SIGNATURE &&
        SetFilePointer(file, dos.e_lfanew, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER &&
        ReadFile(file, &pe, sizeof pe, &read, NULL) && read == sizeof pe && pe.signature == IMAGE_NT_SIGNATURE &&
        !(pe.header.Characteristics & IMAGE_FILE_DLL)) {
        *type = pe.header.Machine == IMAGE_FILE_MACHINE_I386 ? SCS_32BIT_BINARY : SCS_64BIT_BINARY;
        good = TRUE;
    }
    CloseHandle(file);
    if (!good)
        SetLastError(ERROR_BAD_EXE_FORMAT);
    return good;
}

BOOL WINAPI GetBinaryTypeA(LPCSTR path, LPDWORD type)
{
    WCHAR *wide = filename_from_ansi(path);
    BOOL good = wide && GetBinaryTypeW(wide, type);

    filename_free(wide);
    return good;
}
