/*
 * association.c: what a file's type means: which program opens it, what it is called (HKEY_CLASSES_ROOT).
 *
 * Layer: shell32, over advapi32's registry.
 */
#include "shell.h"
#include <shlwapi.h>

static bool class_text(const WCHAR *key, const WCHAR *name, WCHAR *text, DWORD room)
{
    DWORD size = room * (DWORD)sizeof *text;

    return RegGetValueW(HKEY_CLASSES_ROOT, key, name, RRF_RT_REG_SZ, NULL, text, &size) == ERROR_SUCCESS && *text;
}

/* The class of a type (".txt" is a "txtfile"), of a protocol, or a class's own name. */
static bool class_of(const WCHAR *type, WCHAR *class, DWORD room)
{
    if (*type != '.')
        return lstrcpynW(class, type, (int)room) != NULL;
    return class_text(type, NULL, class, room);
}

bool association_command(const WCHAR *type, const WCHAR *verb, WCHAR *command, DWORD room)
{
    WCHAR key[512], class[128], chosen[64];

    if (!class_of(type, class, 128))
        return false;
    lstrcpyW(key, class);
    lstrcatW(key, L"\\shell");
    if (!verb || !*verb) {
        verb = class_text(key, NULL, chosen, 64) ? chosen : L"open";
    } else if (wide_length(verb) > 60) {
        return false;
    }
    lstrcatW(key, L"\\");
    lstrcatW(key, verb);
    lstrcatW(key, L"\\command");
    return class_text(key, NULL, command, room);
}

/* The program at a command's beginning. */
static bool program_of(const WCHAR *command, WCHAR *program, DWORD room)
{
    DWORD length = 0;
    bool quoted = *command == '"';

    command += quoted;
    while (command[length] && (quoted ? command[length] != '"' : command[length] != ' ') && length + 1 < room) {
        program[length] = command[length];
        length++;
    }
    program[length] = 0;
    return length && program[0] != '%';
}

/* ---- the program for a document ---- */

HINSTANCE WINAPI FindExecutableW(LPCWSTR file, LPCWSTR directory, LPWSTR result)
{
    WCHAR path[MAX_PATH], command[1024];
    const WCHAR *type;

    if (!file || !result)
        return (HINSTANCE)SE_ERR_FNF;
    *result = 0;
    if (!SearchPathW(directory, file, L".exe", MAX_PATH, path, NULL) &&
        !SearchPathW(NULL, file, L".exe", MAX_PATH, path, NULL))
        return (HINSTANCE)SE_ERR_FNF;
    type = path_type(path);
    if (wide_compare_nocase(type, L".exe") == 0 || wide_compare_nocase(type, L".com") == 0) {
        lstrcpyW(result, path);
        return (HINSTANCE)33;
    }
    if (!association_command(type, NULL, command, 1024))
        return (HINSTANCE)SE_ERR_NOASSOC;
    if (!program_of(command, result, MAX_PATH)) /* "%1": the file itself runs */
        lstrcpyW(result, path);
    return (HINSTANCE)33;
}

HINSTANCE WINAPI FindExecutableA(LPCSTR file, LPCSTR directory, LPSTR result)
{
    WCHAR *wide = wide_from_ansi(file), *wide_directory = wide_from_ansi(directory), path[MAX_PATH];
    HINSTANCE found = FindExecutableW(wide, wide_directory, path);

    com_free(wide);
    com_free(wide_directory);
    if (result)
        WideCharToMultiByte(CP_ACP, 0, path, -1, result, MAX_PATH, NULL, NULL);
    return found;
}

/* ---- shlwapi's questions ---- */

static bool answer(ASSOCSTR what, const WCHAR *type, const WCHAR *verb, WCHAR *text, DWORD room)
{
    WCHAR command[1024], class[128];

    switch (what) {
    case ASSOCSTR_COMMAND:
        return association_command(type, verb, text, room);
    case ASSOCSTR_EXECUTABLE:
        return association_command(type, verb, command, 1024) && program_of(command, text, room);
    case ASSOCSTR_FRIENDLYDOCNAME:
        return class_of(type, class, 128) && class_text(class, NULL, text, room);
    case ASSOCSTR_DEFAULTICON:
        if (!class_of(type, class, 100))
            return false;
        lstrcatW(class, L"\\DefaultIcon");
        return class_text(class, NULL, text, room);
    case ASSOCSTR_CONTENTTYPE:
        return class_text(type, L"Content Type", text, room);
    default:
        return false;
    }
}

HRESULT WINAPI AssocQueryStringW(ASSOCF flags, ASSOCSTR what, LPCWSTR type, LPCWSTR verb, LPWSTR out, DWORD *size)
{
    WCHAR text[1024];
    DWORD needed;

    if (!size || !type)
        return E_INVALIDARG;
    if (!answer(what, type, verb, text, 1024))
        return HRESULT_FROM_WIN32(ERROR_NO_ASSOCIATION);
    needed = (DWORD)wide_length(text) + 1;
    if (!out) {
        *size = needed;
        return S_FALSE;
    }
    if (*size < needed) {
        if (!(flags & ASSOCF_NOTRUNCATE) && *size)
            lstrcpynW(out, text, (int)*size);
        *size = needed;
        return E_POINTER;
    }
    lstrcpyW(out, text);
    *size = needed;
    return S_OK;
}

HRESULT WINAPI AssocQueryStringA(ASSOCF flags, ASSOCSTR what, LPCSTR type, LPCSTR verb, LPSTR out, DWORD *size)
{
    WCHAR *wide_type = wide_from_ansi(type), *wide_verb = wide_from_ansi(verb), text[1024];
    DWORD room = 1024, needed;
    HRESULT result = size ? AssocQueryStringW(flags, what, wide_type, wide_verb, text, &room) : E_INVALIDARG;

    com_free(wide_type);
    com_free(wide_verb);
    if (FAILED(result))
        return result;
    needed = (DWORD)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    if (!out || *size < needed) {
        *size = needed;
        return out ? E_POINTER : S_FALSE;
    }
    *size = (DWORD)WideCharToMultiByte(CP_ACP, 0, text, -1, out, (int)*size, NULL, NULL);
    return S_OK;
}
