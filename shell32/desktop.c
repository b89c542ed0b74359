/*
 * desktop.c: what needs a desktop, where there is none: icons beside the clock, dropped files, dialogs.
 *
 * Layer: shell32.
 */
#include "shell.h"

/* Nobody sees it: an error, as when Windows' shell does not run. */
BOOL WINAPI Shell_NotifyIconW(DWORD message, NOTIFYICONDATAW *data)
{
    (void)message, (void)data;
    SetLastError(ERROR_NO_TOKEN);
    return FALSE;
}

BOOL WINAPI Shell_NotifyIconA(DWORD message, NOTIFYICONDATAA *data)
{
    (void)message, (void)data;
    SetLastError(ERROR_NO_TOKEN);
    return FALSE;
}

UINT_PTR WINAPI SHAppBarMessage(DWORD message, APPBARDATA *data)
{
    (void)message, (void)data;
    return 0;
}

/* Nothing is dropped into windows that there are not. */
void WINAPI DragAcceptFiles(HWND window, BOOL accept)
{
    (void)window, (void)accept;
}

/* ---- a block of dropped names, which a program may have made itself (DROPFILES) ---- */

static const void *name_at(const DROPFILES *drop, UINT index)
{
    const BYTE *at = (const BYTE *)drop + drop->pFiles;

    for (; index; index--) {
        size_t length = drop->fWide ? wide_length((const WCHAR *)at) : strlen((const char *)at);
        if (!length)
            return NULL;
        at += (length + 1) * (drop->fWide ? sizeof(WCHAR) : 1);
    }
    return (drop->fWide ? *(const WCHAR *)at : *at) ? at : NULL;
}

UINT WINAPI DragQueryFileW(HDROP handle, UINT index, LPWSTR name, UINT room)
{
    const DROPFILES *drop = GlobalLock(handle);
    const void *found;
    WCHAR *wide = NULL;
    UINT length = 0;

    if (!drop)
        return 0;
    if (index == 0xffffffff) {
        while (name_at(drop, length))
            length++;
    } else if ((found = name_at(drop, index)) != NULL) {
        const WCHAR *text = drop->fWide ? found : (wide = wide_from_ansi(found));

        length = (UINT)wide_length(text);
        if (name && room) {
            lstrcpynW(name, text, (int)room);
            length = (UINT)wide_length(name);
        }
    }
    com_free(wide);
    GlobalUnlock(handle);
    return length;
}

UINT WINAPI DragQueryFileA(HDROP handle, UINT index, LPSTR name, UINT room)
{
    WCHAR wide[MAX_PATH];
    UINT length;

    if (index == 0xffffffff)
        return DragQueryFileW(handle, index, NULL, 0);
    if (!DragQueryFileW(handle, index, wide, MAX_PATH))
        return 0;
    length = (UINT)WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL) - 1;
    if (!name || !room)
        return length;
    if (length >= room) {
        char *narrow = ansi_from_wide(wide);

        memcpy(name, narrow, room - 1);
        name[room - 1] = 0;
        com_free(narrow);
        return room - 1;
    }
    return (UINT)WideCharToMultiByte(CP_ACP, 0, wide, -1, name, (int)room, NULL, NULL) - 1;
}

BOOL WINAPI DragQueryPoint(HDROP handle, POINT *point)
{
    const DROPFILES *drop = GlobalLock(handle);
    BOOL inside = FALSE;

    if (drop) {
        *point = drop->pt;
        inside = !drop->fNC;
        GlobalUnlock(handle);
    }
    return inside;
}

void WINAPI DragFinish(HDROP handle)
{
    GlobalFree(handle);
}

/* ---- dialogs: as if they had been cancelled, or shown and closed ---- */

PIDLIST_ABSOLUTE WINAPI SHBrowseForFolderW(LPBROWSEINFOW info)
{
    (void)info;
    return NULL;
}

PIDLIST_ABSOLUTE WINAPI SHBrowseForFolderA(LPBROWSEINFOA info)
{
    (void)info;
    return NULL;
}

INT WINAPI ShellAboutW(HWND owner, LPCWSTR name, LPCWSTR text, HICON icon)
{
    (void)owner, (void)name, (void)text, (void)icon;
    return FALSE;
}

INT WINAPI ShellAboutA(HWND owner, LPCSTR name, LPCSTR text, HICON icon)
{
    (void)owner, (void)name, (void)text, (void)icon;
    return FALSE;
}

/* ---- notes to the shell ---- */

/* Others would be told; there are none. */
void WINAPI SHChangeNotify(LONG event, UINT flags, LPCVOID first, LPCVOID second)
{
    (void)event, (void)flags, (void)first, (void)second;
}

ULONG WINAPI SHChangeNotifyRegister(HWND window, int sources, LONG events, UINT message, int count,
                                    const SHChangeNotifyEntry *entries)
{
    (void)window, (void)sources, (void)events, (void)message, (void)count, (void)entries;
    return 0;
}

BOOL WINAPI SHChangeNotifyDeregister(ULONG id)
{
    (void)id;
    return FALSE;
}

void WINAPI SHAddToRecentDocs(UINT flags, LPCVOID document)
{
    (void)flags, (void)document;
}

HRESULT WINAPI SetCurrentProcessExplicitAppUserModelID(PCWSTR id)
{
    return id && wide_length(id) <= 128 ? S_OK : E_INVALIDARG;
}

/* The user is an ordinary one. */
BOOL WINAPI IsUserAnAdmin(void)
{
    return FALSE;
}

HRESULT WINAPI SHCLSIDFromString(LPCWSTR text, CLSID *class);
HRESULT WINAPI SHCLSIDFromString(LPCWSTR text, CLSID *class)
{
    return CLSIDFromString(text, class);
}

BOOL WINAPI SHGetDiskFreeSpaceExW(LPCWSTR path, ULARGE_INTEGER *available, ULARGE_INTEGER *total, ULARGE_INTEGER *left)
{
    return GetDiskFreeSpaceExW(path, available, total, left);
}

BOOL WINAPI SHGetDiskFreeSpaceExA(LPCSTR path, ULARGE_INTEGER *available, ULARGE_INTEGER *total, ULARGE_INTEGER *left)
{
    return GetDiskFreeSpaceExA(path, available, total, left);
}
