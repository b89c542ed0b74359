/*
 * dbghelp.c: dbghelp.dll: options, modules, images.
 *
 * Layer: above kernel32 and ntdll.  Names are in dbghelp_names.c, source lines in dbghelp_lines.c, stack walks in
 * dbghelp_walk.c, minidumps in minidump.c.
 */
#include <string.h>
#include "dbghelp_private.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include <psapi.h>

DWORD sym_options = SYMOPT_UNDNAME;
HANDLE sym_process;
static WCHAR sym_path[MAX_PATH];

BOOL sym_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

DWORD WINAPI SymSetOptions(DWORD options)
{
    return sym_options = options;
}

DWORD WINAPI SymGetOptions(void)
{
    return sym_options;
}

BOOL WINAPI SymSetSearchPathW(HANDLE process, PCWSTR path)
{
    (void)process;
    if (path && wide_length(path) >= MAX_PATH)
        return sym_fail(ERROR_INSUFFICIENT_BUFFER);
    if (path)
        memcpy(sym_path, path, (wide_length(path) + 1) * sizeof *path);
    else
        sym_path[0] = 0;
    return TRUE;
}

BOOL WINAPI SymGetSearchPathW(HANDLE process, PWSTR path, DWORD room)
{
    if (process != sym_process || !process)
        return sym_fail(ERROR_INVALID_HANDLE);
    if (!path || room <= wide_length(sym_path))
        return sym_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(path, sym_path, (wide_length(sym_path) + 1) * sizeof *path);
    return TRUE;
}

BOOL WINAPI SymSetSearchPath(HANDLE process, PCSTR path)
{
    WCHAR *wide = path ? wide_from_ansi(path) : NULL;
    BOOL done = SymSetSearchPathW(process, wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return done;
}

BOOL WINAPI SymGetSearchPath(HANDLE process, PSTR path, DWORD room)
{
    if (process != sym_process || !process)
        return sym_fail(ERROR_INVALID_HANDLE);
    return path && WideCharToMultiByte(CP_ACP, 0, sym_path, -1, path, (int)room, NULL, NULL)
               ? TRUE
               : sym_fail(ERROR_INSUFFICIENT_BUFFER);
}

BOOL WINAPI SymInitializeW(HANDLE process, PCWSTR path, BOOL invade)
{
    (void)invade; /* modules are found when they are asked for */
    if (!process || sym_process)
        return sym_fail(ERROR_INVALID_PARAMETER);
    sym_process = process;
    return SymSetSearchPathW(process, path ? path : u".");
}

BOOL WINAPI SymInitialize(HANDLE process, PCSTR path, BOOL invade)
{
    WCHAR *wide = wide_from_ansi(path);
    BOOL result = SymInitializeW(process, wide, invade);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return result;
}

BOOL WINAPI SymCleanup(HANDLE process)
{
    if (!process || process != sym_process)
        return sym_fail(ERROR_INVALID_HANDLE);
    symbols_forget(process, 0);
    sym_process = NULL;
    return TRUE;
}

BOOL WINAPI SymRefreshModuleList(HANDLE process)
{
    return process && process == sym_process ? TRUE : sym_fail(ERROR_INVALID_HANDLE);
}

static bool process_is_own(HANDLE process)
{
    return GetProcessId(process) == GetCurrentProcessId() || process == GetCurrentProcess();
}

/* Of another process: the module of its list that holds the address. */
static char *module_of_other(HANDLE process, DWORD64 address)
{
    HMODULE modules[512];
    MODULEINFO info;
    DWORD needed;

    if (!K32EnumProcessModules(process, modules, sizeof modules, &needed))
        return NULL;
    for (DWORD i = 0; i < needed / sizeof *modules && i < 512; i++)
        if (K32GetModuleInformation(process, modules[i], &info, sizeof info) &&
            address - (DWORD64)info.lpBaseOfDll < info.SizeOfImage)
            return info.lpBaseOfDll;
    return NULL;
}

char *module_of(HANDLE process, DWORD64 address)
{
    PVOID base = NULL;

    if (!process || process != sym_process)
        return NULL;
    const struct symbols *given = symbols_explicit(process, address);
    if (given)
        return (char *)given->base;
    if (!process_is_own(process))
        return module_of_other(process, address);
    RtlPcToFileHeader((PVOID)address, &base);
    return base;
}

struct symbols *symbols_of(HANDLE process, char *base)
{
    WCHAR path[MAX_PATH] = u"";

    K32GetModuleFileNameExW(process, (HMODULE)base, path, MAX_PATH);
    return symbols_get(process, (DWORD64)base, path);
}

DWORD64 WINAPI SymGetModuleBase64(HANDLE process, DWORD64 address)
{
    char *base = module_of(process, address);

    if (!base)
        sym_fail(ERROR_MOD_NOT_FOUND);
    return (DWORD64)base;
}

bool modules_walk(HANDLE process, bool (*visit)(struct symbols *, void *), void *data)
{
    HMODULE modules[512];
    DWORD needed = 0;

    if (!K32EnumProcessModules(process, modules, sizeof modules, &needed))
        return false;
    for (DWORD i = 0; i < needed / sizeof *modules && i < 512; i++) {
        struct symbols *symbols = symbols_of(process, (char *)modules[i]);
        if (symbols && visit(symbols, data))
            return true;
    }
    return false;
}

/* The module lies in the process's memory at `base`. */
DWORD64 WINAPI SymLoadModuleExW(HANDLE process, HANDLE file, PCWSTR image, PCWSTR name, DWORD64 base, DWORD size,
                                PMODLOAD_DATA data, DWORD flags)
{
    (void)file, (void)name, (void)size, (void)data, (void)flags;
    if (!process || process != sym_process)
        return (DWORD64)sym_fail(ERROR_INVALID_HANDLE);
    if (!base)
        return (DWORD64)sym_fail(ERROR_INVALID_PARAMETER);
    if (symbols_explicit(process, base)) { /* loaded already: no error */
        SetLastError(ERROR_SUCCESS);
        return 0;
    }
    struct symbols *symbols = symbols_get(process, base, image);
    if (!symbols)
        return (DWORD64)sym_fail(ERROR_MOD_NOT_FOUND);
    symbols->explicit = true;
    return base;
}

DWORD64 WINAPI SymLoadModuleEx(HANDLE process, HANDLE file, PCSTR image, PCSTR name, DWORD64 base, DWORD size,
                               PMODLOAD_DATA data, DWORD flags)
{
    WCHAR *wide = image ? wide_from_ansi(image) : NULL;
    DWORD64 result = SymLoadModuleExW(process, file, wide, NULL, base, size, data, flags);

    (void)name;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return result;
}

DWORD64 WINAPI SymLoadModule64(HANDLE process, HANDLE file, PCSTR image, PCSTR name, DWORD64 base, DWORD size)
{
    return SymLoadModuleEx(process, file, image, name, base, size, NULL, 0);
}

BOOL WINAPI SymUnloadModule64(HANDLE process, DWORD64 base)
{
    if (!process || process != sym_process)
        return sym_fail(ERROR_INVALID_HANDLE);
    symbols_forget(process, base);
    return TRUE;
}

static void headers_read(HANDLE process, char *base, IMAGE_NT_HEADERS64 *headers)
{
    IMAGE_DOS_HEADER dos;
    SIZE_T done;

    if (ReadProcessMemory(process, base, &dos, sizeof dos, &done))
        ReadProcessMemory(process, base + dos.e_lfanew, headers, sizeof *headers, &done);
}

/* What is known about it. */
static void module_contents(struct symbols *symbols, PIMAGEHLP_MODULEW64 info)
{
    if (!symbols)
        return;
    info->NumSyms = symbols->count;
    info->SymType = symbols->file ? SymCoff : SymExport;
    info->LineNumbers = symbols_lines(symbols) != NULL;
    info->GlobalSymbols = symbols->count != 0;
}

/* Fields up to the size that the caller knows. */
BOOL WINAPI SymGetModuleInfoW64(HANDLE process, DWORD64 address, PIMAGEHLP_MODULEW64 info)
{
    char *base = module_of(process, address);
    IMAGEHLP_MODULEW64 filled = {.SymType = SymExport};
    IMAGE_NT_HEADERS64 headers = {0};
    size_t name = 0, dot = 0, length;

    if (!base || !info || info->SizeOfStruct < offsetof(IMAGEHLP_MODULEW64, LoadedPdbName))
        return sym_fail(base ? ERROR_INVALID_PARAMETER : ERROR_MOD_NOT_FOUND);
    headers_read(process, base, &headers);
    filled.SizeOfStruct = info->SizeOfStruct;
    filled.BaseOfImage = (DWORD64)base;
    filled.ImageSize = headers.OptionalHeader.SizeOfImage;
    filled.TimeDateStamp = headers.FileHeader.TimeDateStamp;
    filled.CheckSum = headers.OptionalHeader.CheckSum;
    length = K32GetModuleFileNameExW(process, (HMODULE)base, filled.ImageName, 256);
    if (!length) {
        const struct symbols *given = symbols_explicit(process, address);
        for (; given && length < 255 && given->path[length]; length++)
            filled.ImageName[length] = given->path[length];
    }
    for (size_t i = 0; i < length; i++) {
        if (filled.ImageName[i] == '\\')
            name = i + 1, dot = 0;
        else if (filled.ImageName[i] == '.')
            dot = i;
    }
    length = (dot ? dot : length) - name;
    memcpy(filled.ModuleName, filled.ImageName + name, (length < 31 ? length : 31) * sizeof(WCHAR));
    memcpy(filled.LoadedImageName, filled.ImageName, sizeof filled.LoadedImageName);
    module_contents(symbols_of(process, base), &filled);
    memcpy(info, &filled, info->SizeOfStruct < sizeof filled ? info->SizeOfStruct : sizeof filled);
    return TRUE;
}

BOOL WINAPI SymGetModuleInfo64(HANDLE process, DWORD64 address, PIMAGEHLP_MODULE64 info)
{
    IMAGEHLP_MODULEW64 wide = {.SizeOfStruct = sizeof wide};
    IMAGEHLP_MODULE64 filled = {0};

    if (!SymGetModuleInfoW64(process, address, &wide))
        return FALSE;
    if (!info || info->SizeOfStruct < offsetof(IMAGEHLP_MODULE64, LoadedPdbName))
        return sym_fail(ERROR_INVALID_PARAMETER);
    memcpy(&filled, &wide, offsetof(IMAGEHLP_MODULE64, ModuleName));
    filled.SizeOfStruct = info->SizeOfStruct;
    filled.LineNumbers = wide.LineNumbers;
    filled.GlobalSymbols = wide.GlobalSymbols;
    WideCharToMultiByte(CP_ACP, 0, wide.ModuleName, -1, filled.ModuleName, sizeof filled.ModuleName, NULL, NULL);
    WideCharToMultiByte(CP_ACP, 0, wide.ImageName, -1, filled.ImageName, sizeof filled.ImageName, NULL, NULL);
    memcpy(filled.LoadedImageName, filled.ImageName, sizeof filled.LoadedImageName);
    memcpy(info, &filled, info->SizeOfStruct < sizeof filled ? info->SizeOfStruct : sizeof filled);
    return TRUE;
}

/* All modules of this process, in the order in which they were loaded. */
static BOOL modules_enumerate(HANDLE process, bool wide, const void *callback, PVOID context)
{
    HMODULE modules[512];
    DWORD needed;

    if (!K32EnumProcessModules(process, modules, sizeof modules, &needed))
        return FALSE;
    for (DWORD i = 0; i < needed / sizeof *modules && i < 512; i++) {
        WCHAR path[MAX_PATH];
        char narrow[3 * MAX_PATH];
        MODULEINFO info;

        if (!K32GetModuleFileNameExW(process, modules[i], path, MAX_PATH) ||
            !K32GetModuleInformation(process, modules[i], &info, sizeof info))
            continue;
        WideCharToMultiByte(CP_ACP, 0, path, -1, narrow, sizeof narrow, NULL, NULL);
        if (!(BOOL)guest_call(callback, wide ? GUEST(path) : GUEST(narrow), GUEST(modules[i]), info.SizeOfImage,
                              GUEST(context)))
            break;
    }
    return TRUE;
}

struct module_callback {
    const void *callback;
    PVOID context;
    bool wide;
};

static bool visit_module(struct symbols *symbols, void *data)
{
    const struct module_callback *visit = data;
    WCHAR wide[32] = u"";
    char narrow[3 * 32];
    size_t start = 0, end = 0, length = wide_length(symbols->path);

    for (size_t i = 0; i < length; i++)
        if (symbols->path[i] == '\\')
            start = i + 1, end = 0;
        else if (symbols->path[i] == '.')
            end = i;
    length = (end ? end : length) - start;
    memcpy(wide, symbols->path + start, (length < 31 ? length : 31) * sizeof *wide);
    WideCharToMultiByte(CP_ACP, 0, wide, -1, narrow, sizeof narrow, NULL, NULL);
    return !(BOOL)guest_call(visit->callback, visit->wide ? GUEST(wide) : GUEST(narrow), symbols->base,
                             GUEST(visit->context), 0);
}

static BOOL modules_visit(HANDLE process, struct module_callback visit)
{
    if (!process || process != sym_process)
        return sym_fail(ERROR_INVALID_HANDLE);
    if (!visit.callback)
        return sym_fail(ERROR_INVALID_PARAMETER);
    modules_walk(process, visit_module, &visit);
    return TRUE;
}

BOOL WINAPI SymEnumerateModules64(HANDLE process, PSYM_ENUMMODULES_CALLBACK64 callback, PVOID context)
{
    return modules_visit(process, (struct module_callback){callback, context, false});
}

BOOL WINAPI SymEnumerateModulesW64(HANDLE process, PSYM_ENUMMODULES_CALLBACKW64 callback, PVOID context)
{
    return modules_visit(process, (struct module_callback){callback, context, true});
}

BOOL WINAPI EnumerateLoadedModules64(HANDLE process, PENUMLOADED_MODULES_CALLBACK64 callback, PVOID context)
{
    return modules_enumerate(process, false, callback, context);
}

BOOL WINAPI EnumerateLoadedModulesW64(HANDLE process, PENUMLOADED_MODULES_CALLBACKW64 callback, PVOID context)
{
    return modules_enumerate(process, true, callback, context);
}

LPAPI_VERSION WINAPI ImagehlpApiVersion(void)
{
    static API_VERSION version = {4, 0, 5, 0};

    return &version;
}

PIMAGE_NT_HEADERS WINAPI ImageNtHeader(PVOID base)
{
    return RtlImageNtHeader(base);
}

PVOID WINAPI ImageDirectoryEntryToData(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size)
{
    return RtlImageDirectoryEntryToData(base, mapped, entry, size);
}

PVOID WINAPI ImageDirectoryEntryToDataEx(PVOID base, BOOLEAN mapped, USHORT entry, PULONG size,
                                         PIMAGE_SECTION_HEADER *section)
{
    if (section)
        *section = NULL;
    return ImageDirectoryEntryToData(base, mapped, entry, size);
}
