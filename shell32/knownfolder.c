/*
 * knownfolder.c: where Windows keeps the user's and the machine's files (SHGetKnownFolderPath, SHGetFolderPath).
 *
 * Layer: shell32, over the environment: a folder is a variable and a name below it.  Windows makes the folders when a
 * user first comes; here each is made when a program first asks for it.
 */
#include "shell.h"
#include "knownfolder_table.h"

#define FOLDER_COUNT (sizeof folders / sizeof *folders)
#define PATH_ROOM 512u

/* Writes the path; the length with the zero, or 0 if it does not fit or the variable is not set. */
static DWORD folder_path(const struct folder *folder, WCHAR *path, DWORD room)
{
    DWORD length = GetEnvironmentVariableW(folder->variable, path, room);
    DWORD more = (DWORD)wide_length(folder->below) + 1;

    if (!length || length + more > room)
        return 0;
    memcpy(path + length, folder->below, more * sizeof *path);
    return length + more;
}

static void folder_make(const WCHAR *path)
{
    DWORD error = GetLastError();

    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        SHCreateDirectoryExW(NULL, path, NULL);
    SetLastError(error);
}

static const struct folder *folder_by_id(const GUID *id)
{
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        if (guid_equal(&folders[i].id, id))
            return &folders[i];
    return NULL;
}

/* Some numbers are others' second names. */
static const struct folder *folder_by_csidl(int csidl)
{
    static const BYTE same[][2] = {{CSIDL_DESKTOP, CSIDL_DESKTOPDIRECTORY},
                                   {CSIDL_MYDOCUMENTS, CSIDL_PERSONAL},
                                   {CSIDL_ALTSTARTUP, CSIDL_STARTUP},
                                   {CSIDL_COMMON_ALTSTARTUP, CSIDL_COMMON_STARTUP},
                                   {CSIDL_COMMON_FAVORITES, CSIDL_FAVORITES}};

    csidl &= 0xff;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (same[i][0] == csidl)
            csidl = same[i][1];
    for (size_t i = 0; csidl != CSIDL_NONE && i < FOLDER_COUNT; i++)
        if (folders[i].csidl == csidl)
            return &folders[i];
    return NULL;
}

static bool is_virtual(const GUID *id)
{
    for (size_t i = 0; i < sizeof virtual_folders / sizeof *virtual_folders; i++)
        if (guid_equal(&virtual_folders[i], id))
            return true;
    return false;
}

HRESULT WINAPI SHGetKnownFolderPath(REFKNOWNFOLDERID id, DWORD flags, HANDLE token, PWSTR *path)
{
    const struct folder *folder = folder_by_id(id);
    WCHAR text[PATH_ROOM];
    DWORD length;

    (void)token;
    if (!path)
        return E_INVALIDARG;
    *path = NULL;
    if (!folder)
        return is_virtual(id) ? E_INVALIDARG : HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    length = folder_path(folder, text, PATH_ROOM);
    if (!length)
        return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    if (!(flags & KF_FLAG_DONT_VERIFY) || flags & KF_FLAG_CREATE)
        folder_make(text);
    *path = CoTaskMemAlloc(length * sizeof(WCHAR));
    if (!*path)
        return E_OUTOFMEMORY;
    memcpy(*path, text, length * sizeof(WCHAR));
    return S_OK;
}

HRESULT WINAPI SHGetKnownFolderIDList(REFKNOWNFOLDERID id, DWORD flags, HANDLE token, PIDLIST_ABSOLUTE *list)
{
    WCHAR *path;
    HRESULT result = SHGetKnownFolderPath(id, flags, token, &path);

    *list = NULL;
    if (FAILED(result))
        return result;
    *list = ILCreateFromPathW(path);
    CoTaskMemFree(path);
    return *list ? S_OK : E_OUTOFMEMORY;
}

HRESULT WINAPI SHGetFolderPathW(HWND window, int csidl, HANDLE token, DWORD flags, LPWSTR path)
{
    const struct folder *folder = folder_by_csidl(csidl);

    (void)window, (void)token;
    if (!path)
        return E_INVALIDARG;
    path[0] = 0;
    if (!folder || flags > SHGFP_TYPE_DEFAULT)
        return E_INVALIDARG;
    if (!folder_path(folder, path, MAX_PATH))
        return E_FAIL;
    if (!(csidl & CSIDL_FLAG_DONT_VERIFY) || csidl & CSIDL_FLAG_CREATE)
        folder_make(path);
    return S_OK;
}

HRESULT WINAPI SHGetFolderPathA(HWND window, int csidl, HANDLE token, DWORD flags, LPSTR path)
{
    WCHAR wide[MAX_PATH];
    HRESULT result = SHGetFolderPathW(window, csidl, token, flags, wide);

    path[0] = 0;
    if (SUCCEEDED(result) && !WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL))
        result = E_FAIL;
    return result;
}

/* With a path below the folder, which must be there unless it is to be made. */
HRESULT WINAPI SHGetFolderPathAndSubDirW(HWND window, int csidl, HANDLE token, DWORD flags, LPCWSTR below, LPWSTR path)
{
    HRESULT result = SHGetFolderPathW(window, csidl, token, flags, path);
    size_t length;

    if (FAILED(result) || !below || !*below)
        return result;
    length = wide_length(path);
    while (*below == '\\')
        below++;
    if (length + wide_length(below) + 2 > MAX_PATH)
        return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
    path[length] = '\\';
    lstrcpyW(path + length + 1, below);
    if (csidl & CSIDL_FLAG_CREATE)
        folder_make(path);
    if (!(csidl & CSIDL_FLAG_DONT_VERIFY) && GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    return S_OK;
}

HRESULT WINAPI SHGetFolderPathAndSubDirA(HWND window, int csidl, HANDLE token, DWORD flags, LPCSTR below, LPSTR path)
{
    WCHAR wide[MAX_PATH], *wide_below = wide_from_ansi(below);
    HRESULT result = SHGetFolderPathAndSubDirW(window, csidl, token, flags, wide_below, wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide_below);
    path[0] = 0;
    if (SUCCEEDED(result) && !WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL))
        result = E_FAIL;
    return result;
}

BOOL WINAPI SHGetSpecialFolderPathW(HWND window, LPWSTR path, int csidl, BOOL create)
{
    return SHGetFolderPathW(window, csidl | (create ? CSIDL_FLAG_CREATE : 0), NULL, 0, path) == S_OK;
}

BOOL WINAPI SHGetSpecialFolderPathA(HWND window, LPSTR path, int csidl, BOOL create)
{
    return SHGetFolderPathA(window, csidl | (create ? CSIDL_FLAG_CREATE : 0), NULL, 0, path) == S_OK;
}

HRESULT WINAPI SHGetFolderLocation(HWND window, int csidl, HANDLE token, DWORD reserved, PIDLIST_ABSOLUTE *list)
{
    WCHAR path[MAX_PATH];
    HRESULT result;

    if (!list || reserved)
        return E_INVALIDARG;
    *list = NULL;
    if (csidl == CSIDL_DESKTOP) { /* the root of all */
        *list = ILClone((PCUIDLIST_RELATIVE) & (USHORT){0});
        return *list ? S_OK : E_OUTOFMEMORY;
    }
    result = SHGetFolderPathW(window, csidl, token, 0, path);
    if (FAILED(result))
        return result;
    *list = ILCreateFromPathW(path);
    return *list ? S_OK : E_OUTOFMEMORY;
}

HRESULT WINAPI SHGetSpecialFolderLocation(HWND window, int csidl, PIDLIST_ABSOLUTE *list)
{
    return SHGetFolderLocation(window, csidl, NULL, 0, list);
}
