/*
 * knownfolder.c: where Windows keeps the user's and the machine's files (SHGetKnownFolderPath, SHGetFolderPath).
 *
 * Layer: shell32, over the environment: a folder is a variable and a name below it.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

LPVOID WINAPI CoTaskMemAlloc(SIZE_T size);

#define CSIDL_NONE 0xff
#define CSIDL_MASK 0xff

static const struct folder {
    GUID id;
    WCHAR variable[20], below[28];
    BYTE csidl;
} folders[] = {
    {{0x5e6c858f, 0x0e22, 0x4760, {0x9a, 0xfe, 0xea, 0x33, 0x17, 0xb6, 0x71, 0x73}}, L"USERPROFILE", L"", 0x28},
    {{0x3eb685db, 0x65f9, 0x4cf6, {0xa0, 0x3a, 0xe3, 0xef, 0x65, 0x72, 0x9f, 0x3d}}, L"APPDATA", L"", 0x1a},
    {{0xf1b32785, 0x6fba, 0x4fcf, {0x9d, 0x55, 0x7b, 0x8e, 0x7f, 0x15, 0x70, 0x91}}, L"LOCALAPPDATA", L"", 0x1c},
    {{0xa520a1a4, 0x1780, 0x4ff6, {0xbd, 0x18, 0x16, 0x73, 0x43, 0xc5, 0xaf, 0x16}},
     L"USERPROFILE",
     L"\\AppData\\LocalLow",
     CSIDL_NONE},
    {{0x62ab5d82, 0xfdc1, 0x4dc3, {0xa9, 0xdd, 0x07, 0x0d, 0x1d, 0x49, 0x5d, 0x97}}, L"ProgramData", L"", 0x23},
    {{0x905e63b6, 0xc1bf, 0x494e, {0xb2, 0x9c, 0x65, 0xb7, 0x32, 0xd3, 0xd2, 0x1a}}, L"ProgramFiles", L"", 0x26},
    {{0x6d809377, 0x6af0, 0x444b, {0x89, 0x57, 0xa3, 0x77, 0x3f, 0x02, 0x20, 0x0e}}, L"ProgramFiles", L"", CSIDL_NONE},
    {{0x7c5a40ef, 0xa0fb, 0x4bfc, {0x87, 0x4a, 0xc0, 0xf2, 0xe0, 0xb9, 0xfa, 0x8e}}, L"ProgramFiles(x86)", L"", 0x2a},
    {{0xf7f1ed05, 0x9f6d, 0x47a2, {0xaa, 0xae, 0x29, 0xd3, 0x17, 0xc6, 0xf0, 0x66}}, L"CommonProgramFiles", L"", 0x2b},
    {{0xf38bf404, 0x1d43, 0x42f2, {0x93, 0x05, 0x67, 0xde, 0x0b, 0x28, 0xfc, 0x23}}, L"windir", L"", 0x24},
    {{0x1ac14e77, 0x02e7, 0x4e5d, {0xb7, 0x44, 0x2e, 0xb1, 0xae, 0x51, 0x98, 0xb7}}, L"windir", L"\\system32", 0x25},
    {{0xfd228cb7, 0xae11, 0x4ae3, {0x86, 0x4c, 0x16, 0xf3, 0x91, 0x0a, 0xb8, 0xfe}}, L"windir", L"\\Fonts", 0x14},
    {{0xfdd39ad0, 0x238f, 0x46af, {0xad, 0xb4, 0x6c, 0x85, 0x48, 0x03, 0x69, 0xc7}},
     L"USERPROFILE",
     L"\\Documents",
     0x05},
    {{0xb4bfcc3a, 0xdb2c, 0x424c, {0xb0, 0x29, 0x7f, 0xe9, 0x9a, 0x87, 0xc6, 0x41}},
     L"USERPROFILE",
     L"\\Desktop",
     0x10},
    {{0x374de290, 0x123f, 0x4565, {0x91, 0x64, 0x39, 0xc4, 0x92, 0x5e, 0x46, 0x7b}},
     L"USERPROFILE",
     L"\\Downloads",
     CSIDL_NONE},
    {{0x33e28130, 0x4e1e, 0x4676, {0x83, 0x5a, 0x98, 0x39, 0x5c, 0x3b, 0xc3, 0xbb}},
     L"USERPROFILE",
     L"\\Pictures",
     0x27},
    {{0x4bd8d571, 0x6d19, 0x48d3, {0xbe, 0x97, 0x42, 0x22, 0x20, 0x08, 0x0e, 0x43}}, L"USERPROFILE", L"\\Music", 0x0d},
    {{0x18989b1d, 0x99b5, 0x455b, {0x84, 0x1c, 0xab, 0x7c, 0x74, 0xe4, 0xdd, 0xfc}}, L"USERPROFILE", L"\\Videos", 0x0e},
    {{0xdfdf76a2, 0xc82a, 0x4d63, {0x90, 0x6a, 0x56, 0x44, 0xac, 0x45, 0x73, 0x85}}, L"PUBLIC", L"", CSIDL_NONE},
};

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

HRESULT WINAPI SHGetKnownFolderPath(const GUID *id, DWORD flags, HANDLE token, PWSTR *path)
{
    WCHAR text[512];

    (void)flags, (void)token;
    *path = NULL;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        DWORD length;

        if (memcmp(&folders[i].id, id, sizeof *id) != 0)
            continue;
        length = folder_path(&folders[i], text, 512);
        if (!length)
            return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
        *path = CoTaskMemAlloc(length * sizeof(WCHAR));
        if (!*path)
            return E_OUTOFMEMORY;
        memcpy(*path, text, length * sizeof(WCHAR));
        return S_OK;
    }
    return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
}

HRESULT WINAPI SHGetFolderPathW(HWND window, int csidl, HANDLE token, DWORD flags, LPWSTR path)
{
    (void)window, (void)token, (void)flags;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (folders[i].csidl != CSIDL_NONE && folders[i].csidl == (csidl & CSIDL_MASK))
            return folder_path(&folders[i], path, MAX_PATH) ? S_OK : E_FAIL;
    path[0] = 0;
    return E_INVALIDARG;
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

BOOL WINAPI SHGetSpecialFolderPathW(HWND window, LPWSTR path, int csidl, BOOL create)
{
    (void)create;
    return SHGetFolderPathW(window, csidl, NULL, 0, path) == S_OK;
}
