/*
 * shlwapi_ansi.c: the A functions of shlwapi that search the disk or take URLs apart.
 *
 * Layer: shell32, over shlwapi_path.c, shlwapi_url.c and shellfolder.c.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include <shlobj.h>
#include <shlwapi.h>

static void wide_free(WCHAR *wide)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
}

/* False: it does not fit. */
static BOOL narrow(const WCHAR *wide, LPSTR out, UINT room)
{
    return WideCharToMultiByte(CP_ACP, 0, wide, -1, out, (int)room, NULL, NULL) != 0;
}

/* `file` has MAX_PATH bytes, as its W twin has characters. */
BOOL WINAPI PathFindOnPathA(LPSTR file, LPCSTR *others)
{
    WCHAR wide[MAX_PATH], *directories[64];
    int count = 0;
    BOOL found;

    if (!file || !MultiByteToWideChar(CP_ACP, 0, file, -1, wide, MAX_PATH))
        return FALSE;
    for (; others && others[count] && count < 63; count++)
        directories[count] = wide_from_ansi(others[count]);
    directories[count] = NULL;
    found = PathFindOnPathW(wide, (LPCWSTR *)directories) && narrow(wide, file, MAX_PATH);
    while (count)
        wide_free(directories[--count]);
    return found;
}

BOOL WINAPI PathSearchAndQualifyA(LPCSTR path, LPSTR out, UINT room)
{
    WCHAR *wide = wide_from_ansi(path), found[MAX_PATH];
    BOOL good = wide && out && PathSearchAndQualifyW(wide, found, MAX_PATH) && narrow(found, out, room);

    wide_free(wide);
    return good;
}

BOOL WINAPI PathUnExpandEnvStringsA(LPCSTR path, LPSTR out, UINT room)
{
    WCHAR *wide = wide_from_ansi(path), made[MAX_PATH];
    BOOL good = wide && out && PathUnExpandEnvStringsW(wide, made, MAX_PATH) && narrow(made, out, room);

    wide_free(wide);
    return good;
}

/* A scheme is ASCII, so that its length is the same in both. */
HRESULT WINAPI ParseURLA(PCSTR url, PARSEDURLA *parsed)
{
    PARSEDURLW found = {.cbSize = sizeof found};
    WCHAR *wide;
    HRESULT result;

    if (!url || !parsed || parsed->cbSize != sizeof *parsed)
        return E_INVALIDARG;
    wide = wide_from_ansi(url);
    if (!wide)
        return E_OUTOFMEMORY;
    result = ParseURLW(wide, &found);
    wide_free(wide);
    parsed->pszProtocol = NULL;
    if (FAILED(result))
        return result;
    parsed->pszProtocol = url;
    parsed->cchProtocol = found.cchProtocol;
    parsed->pszSuffix = url + found.cchProtocol + 1;
    parsed->cchSuffix = (UINT)strlen(parsed->pszSuffix);
    parsed->nScheme = found.nScheme;
    return result;
}

LPCSTR WINAPI UrlGetLocationA(LPCSTR url)
{
    WCHAR *wide = wide_from_ansi(url);
    LPCSTR place = wide && UrlGetLocationW(wide) ? strchr(url, '#') : NULL;

    wide_free(wide);
    return place;
}

/* *room counts bytes: with the zero when there are too few, without it when they did. */
HRESULT WINAPI UrlGetPartA(LPCSTR url, LPSTR out, LPDWORD room, DWORD part, DWORD flags)
{
    WCHAR *wide, *text;
    DWORD length, bytes;
    HRESULT result = E_OUTOFMEMORY;

    if (!url || !out || !room || !*room)
        return E_INVALIDARG;
    wide = wide_from_ansi(url);
    length = wide ? (DWORD)wide_length(wide) + 1 : 0;
    text = RtlAllocateHeap(peb_current()->ProcessHeap, 0, (SIZE_T)(length + 1) * sizeof *text);
    if (wide && text) {
        result = UrlGetPartW(wide, text, &length, part, flags);
        bytes = SUCCEEDED(result) || !*text ? (DWORD)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL) : 1;
        if (FAILED(result)) {
            *out = 0;
        } else if (bytes > *room) {
            *room = bytes;
            result = E_POINTER;
        } else {
            narrow(text, out, *room);
            *room = bytes - 1;
        }
    }
    wide_free(wide);
    wide_free(text);
    return result;
}

HRESULT WINAPI StrRetToStrA(STRRET *name, PCUITEMID_CHILD item, LPSTR *text)
{
    LPWSTR wide;
    HRESULT result = StrRetToStrW(name, item, &wide);
    size_t size;

    *text = NULL;
    if (FAILED(result))
        return result;
    size = wide_length(wide) * 3 + 1;
    *text = CoTaskMemAlloc(size);
    if (*text)
        narrow(wide, *text, (UINT)size);
    CoTaskMemFree(wide);
    return *text ? S_OK : E_OUTOFMEMORY;
}
