/*
 * shlwapi_system.c: what shlwapi says of the system; texts of both widths, indirect ones; threads; colours; memory
 * shared by handle.
 *
 * Layer: shell32.
 */
#include "ole32/com.h"
#include "ntdll/nls.h"
#include <shlwapi.h>

#define E_NO_ROOM ((HRESULT)0x8007007a) /* STRSAFE_E_INSUFFICIENT_BUFFER */

/* ---- texts ---- */

int WINAPI SHUnicodeToAnsiCP(UINT page, LPCWSTR from, LPSTR to, int room)
{
    int length;

    if (!to || room <= 0)
        return 0;
    *to = 0;
    if (!from)
        return 0;
    length = WideCharToMultiByte(page, 0, from, -1, to, room, NULL, NULL);
    if (!length) { /* cut */
        WideCharToMultiByte(page, 0, from, room - 1, to, room - 1, NULL, NULL);
        to[room - 1] = 0;
        length = room;
    }
    return length;
}

int WINAPI SHUnicodeToAnsi(LPCWSTR from, LPSTR to, int room)
{
    return SHUnicodeToAnsiCP(CP_ACP, from, to, room);
}

int WINAPI SHAnsiToUnicodeCP(UINT page, LPCSTR from, LPWSTR to, int room)
{
    int length;

    if (!to || room <= 0)
        return 0;
    *to = 0;
    if (!from)
        return 0;
    length = MultiByteToWideChar(page, 0, from, -1, to, room);
    if (!length) {
        MultiByteToWideChar(page, 0, from, room - 1, to, room - 1);
        to[room - 1] = 0;
        length = room;
    }
    return length;
}

int WINAPI SHAnsiToUnicode(LPCSTR from, LPWSTR to, int room)
{
    return SHAnsiToUnicodeCP(CP_ACP, from, to, room);
}

int WINAPI SHAnsiToAnsi(LPCSTR from, LPSTR to, int room)
{
    int length = (int)strlen(from);

    if (room < 1)
        return 0;
    bool cut = length >= room;
    if (cut)
        length = room - 1;
    memcpy(to, from, (size_t)length);
    to[length] = 0;
    return cut ? 0 : length + 1;
}

int WINAPI SHUnicodeToUnicode(LPCWSTR from, LPWSTR to, int room)
{
    int length = lstrlenW(from);

    if (room < 1)
        return 0;
    bool cut = length >= room;
    if (cut)
        length = room - 1;
    memcpy(to, from, (size_t)length * sizeof *to);
    to[length] = 0;
    return cut ? 0 : length + 1;
}

/* "@FILE,-ID", a text in a file's resources; a text without the sign is itself. */
HRESULT WINAPI SHLoadIndirectString(PCWSTR source, PWSTR out, UINT room, void **reserved)
{
    WCHAR path[MAX_PATH], expanded[MAX_PATH], *comma;
    HMODULE module;
    int length;

    (void)reserved;
    if (!out || !room)
        return E_INVALIDARG;
    if (*source != '@') {
        lstrcpynW(out, source, (int)room);
        return lstrlenW(source) < (int)room ? S_OK : E_NO_ROOM;
    }
    *out = 0;
    lstrcpynW(path, source + 1, MAX_PATH);
    comma = StrRChrW(path, NULL, ',');
    if (!comma)
        return E_INVALIDARG;
    *comma = 0;
    ExpandEnvironmentStringsW(path, expanded, MAX_PATH);
    module = LoadLibraryExW(expanded, NULL, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE);
    if (!module)
        return HRESULT_FROM_WIN32(GetLastError());
    length = LoadStringW(module, (UINT)abs(StrToIntW(comma + 1)), out, (int)room);
    FreeLibrary(module);
    return length ? S_OK : E_FAIL;
}

/* ---- the system ---- */

/* Numbers as MSDN has them for IsOS; this is Windows 10 for one user, without a domain. */
BOOL WINAPI IsOS(DWORD what)
{
    switch (what) {
    case OS_NT:
    case OS_NT4ORGREATER:
    case OS_WIN2000ORGREATER:
    case OS_WIN2000PRO:
    case OS_XPORGREATER:
    case OS_PROFESSIONAL:
        return TRUE;
    default:
        return FALSE;
    }
}

BOOL WINAPI SHIsLowMemoryMachine(DWORD kind)
{
    (void)kind;
    return FALSE;
}

/* ---- threads ---- */

struct start {
    LPTHREAD_START_ROUTINE main, before;
    void *context;
    DWORD flags;
    HANDLE ready;
};

/* The creator waits until `before` has returned. */
static DWORD WINAPI thread_run(void *argument)
{
    struct start start = *(struct start *)argument;
    HRESULT hr = E_FAIL;
    DWORD result;

    if (start.flags & (CTF_COINIT | CTF_COINIT_MTA))
        hr = CoInitializeEx(NULL, start.flags & CTF_COINIT_MTA ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED);
    if (start.before)
        guest_call((void *)start.before, GUEST(start.context), 0, 0, 0);
    SetEvent(start.ready);
    result = (DWORD)guest_call((void *)start.main, GUEST(start.context), 0, 0, 0);
    if (SUCCEEDED(hr))
        CoUninitialize();
    return result;
}

BOOL WINAPI SHCreateThreadWithHandle(LPTHREAD_START_ROUTINE main, void *context, DWORD flags,
                                     LPTHREAD_START_ROUTINE before, HANDLE *handle)
{
    struct start start = {main, before, context, flags, CreateEventW(NULL, TRUE, FALSE, NULL)};
    HANDLE thread = NULL;

    if (start.ready)
        thread = CreateThread(NULL, 0, thread_run, &start, 0, NULL);
    if (thread)
        WaitForSingleObject(start.ready, INFINITE);
    else if (flags & CTF_INSIST)
        guest_call((void *)main, GUEST(context), 0, 0, 0);
    CloseHandle(start.ready);
    if (handle)
        *handle = thread;
    else if (thread)
        CloseHandle(thread);
    return thread || flags & CTF_INSIST;
}

BOOL WINAPI SHCreateThread(LPTHREAD_START_ROUTINE main, void *context, DWORD flags, LPTHREAD_START_ROUTINE before)
{
    return SHCreateThreadWithHandle(main, context, flags, before, NULL);
}

/* ---- colours: hue, luminance and saturation from 0 to 240 ---- */

#define HLS_MOST 240

void WINAPI ColorRGBToHLS(COLORREF color, WORD *hue, WORD *luminance, WORD *saturation)
{
    int r = GetRValue(color), g = GetGValue(color), b = GetBValue(color);
    int most = r > g ? (r > b ? r : b) : (g > b ? g : b), least = r < g ? (r < b ? r : b) : (g < b ? g : b);
    int sum = most + least, range = most - least, h;

    *luminance = (WORD)((sum * HLS_MOST + 255) / (2 * 255));
    if (!range) {
        *saturation = 0;
        *hue = HLS_MOST * 2 / 3; /* grey has none: this, by convention */
        return;
    }
    int base = *luminance <= HLS_MOST / 2 ? sum : 2 * 255 - sum;
    *saturation = (WORD)((range * HLS_MOST + base / 2) / base);
    int r_rest = ((most - r) * (HLS_MOST / 6) + range / 2) / range;
    int g_rest = ((most - g) * (HLS_MOST / 6) + range / 2) / range;
    int b_rest = ((most - b) * (HLS_MOST / 6) + range / 2) / range;
    h = r == most ? b_rest - g_rest : g == most ? HLS_MOST / 3 + r_rest - b_rest : 2 * HLS_MOST / 3 + g_rest - r_rest;
    *hue = (WORD)(h < 0 ? h + HLS_MOST : h > HLS_MOST ? h - HLS_MOST : h);
}

static int channel(int low, int high, int hue)
{
    hue = hue < 0 ? hue + HLS_MOST : hue > HLS_MOST ? hue - HLS_MOST : hue;
    if (hue < HLS_MOST / 6)
        return low + ((high - low) * hue + HLS_MOST / 12) / (HLS_MOST / 6);
    if (hue < HLS_MOST / 2)
        return high;
    if (hue < HLS_MOST * 2 / 3)
        return low + ((high - low) * (HLS_MOST * 2 / 3 - hue) + HLS_MOST / 12) / (HLS_MOST / 6);
    return low;
}

COLORREF WINAPI ColorHLSToRGB(WORD hue, WORD luminance, WORD saturation)
{
    int high, low;

    if (!saturation) {
        BYTE grey = (BYTE)(luminance * 255 / HLS_MOST);
        return RGB(grey, grey, grey);
    }
    high = luminance > HLS_MOST / 2 ? luminance + saturation - (luminance * saturation + HLS_MOST / 2) / HLS_MOST
                                    : (luminance * (HLS_MOST + saturation) + HLS_MOST / 2) / HLS_MOST;
    low = 2 * luminance - high;
    return RGB((BYTE)((channel(low, high, hue + HLS_MOST / 3) * 255 + HLS_MOST / 2) / HLS_MOST),
               (BYTE)((channel(low, high, hue) * 255 + HLS_MOST / 2) / HLS_MOST),
               (BYTE)((channel(low, high, hue - HLS_MOST / 3) * 255 + HLS_MOST / 2) / HLS_MOST));
}
