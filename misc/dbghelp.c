/*
 * dbghelp.c: dbghelp.dll for a program's own process: modules, symbols, stack walks.
 *
 * Layer: above kernel32 and ntdll.  Symbols are the names that modules export: no debug information is read, so that
 * a function that is not exported has no name, and there are no source lines.
 */
#include <string.h>
#include "win.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include <dbghelp.h>
#include <psapi.h>

static DWORD sym_options = SYMOPT_UNDNAME;
static HANDLE sym_process; /* the one that was initialized; NULL: none */
static WCHAR sym_path[MAX_PATH];

static BOOL fail(DWORD error)
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
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (path)
        memcpy(sym_path, path, (wide_length(path) + 1) * sizeof *path);
    else
        sym_path[0] = 0;
    return TRUE;
}

BOOL WINAPI SymGetSearchPathW(HANDLE process, PWSTR path, DWORD room)
{
    if (process != sym_process || !process)
        return fail(ERROR_INVALID_HANDLE);
    if (!path || room <= wide_length(sym_path))
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(path, sym_path, (wide_length(sym_path) + 1) * sizeof *path);
    return TRUE;
}

BOOL WINAPI SymInitializeW(HANDLE process, PCWSTR path, BOOL invade)
{
    (void)invade; /* modules are found when they are asked for */
    if (!process || sym_process)
        return fail(ERROR_INVALID_PARAMETER);
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
        return fail(ERROR_INVALID_HANDLE);
    sym_process = NULL;
    return TRUE;
}

BOOL WINAPI SymRefreshModuleList(HANDLE process)
{
    return process && process == sym_process ? TRUE : fail(ERROR_INVALID_HANDLE);
}

static char *module_of(DWORD64 address)
{
    PVOID base = NULL;

    RtlPcToFileHeader((PVOID)address, &base);
    return base;
}

DWORD64 WINAPI SymGetModuleBase64(HANDLE process, DWORD64 address)
{
    char *base = process && process == sym_process ? module_of(address) : NULL;

    if (!base)
        fail(ERROR_MOD_NOT_FOUND);
    return (DWORD64)base;
}

PVOID WINAPI SymFunctionTableAccess64(HANDLE process, DWORD64 address)
{
    DWORD64 base;

    (void)process;
    return RtlLookupFunctionEntry(address, &base, NULL);
}

/* The export nearest below the address. */
static const char *symbol_find(char *base, DWORD64 address, DWORD64 *start)
{
    ULONG size;
    const IMAGE_EXPORT_DIRECTORY *exports =
        RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_EXPORT, &size);
    const DWORD *names, *functions;
    const WORD *ordinals;
    DWORD wanted = (DWORD)(address - (DWORD64)base), best = 0;
    const char *found = NULL;

    if (!exports)
        return NULL;
    names = (const DWORD *)(base + exports->AddressOfNames);
    functions = (const DWORD *)(base + exports->AddressOfFunctions);
    ordinals = (const WORD *)(base + exports->AddressOfNameOrdinals);
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        DWORD at = ordinals[i] < exports->NumberOfFunctions ? functions[ordinals[i]] : 0;

        if (at && at <= wanted && at >= best) {
            best = at;
            found = base + names[i];
        }
    }
    *start = (DWORD64)base + best;
    return found;
}

BOOL WINAPI SymFromAddr(HANDLE process, DWORD64 address, DWORD64 *displacement, PSYMBOL_INFO info)
{
    char *base = process && process == sym_process ? module_of(address) : NULL;
    DWORD64 start;
    const char *name;
    size_t length;

    if (!info || info->SizeOfStruct < offsetof(SYMBOL_INFO, Name))
        return fail(ERROR_INVALID_PARAMETER);
    name = base ? symbol_find(base, address, &start) : NULL;
    if (!name)
        return fail(base ? ERROR_INVALID_ADDRESS : ERROR_MOD_NOT_FOUND);
    length = strlen(name);
    if (displacement)
        *displacement = address - start;
    info->TypeIndex = info->info = info->Size = info->Register = info->Scope = 0;
    info->ModBase = (DWORD64)base;
    info->Flags = SYMFLAG_EXPORT;
    info->Value = 0;
    info->Address = start;
    info->Tag = 10; /* SymTagPublicSymbol */
    info->NameLen = (ULONG)length;
    if (info->MaxNameLen) {
        if (length >= info->MaxNameLen)
            length = info->MaxNameLen - 1;
        memcpy(info->Name, name, length);
        info->Name[length] = 0;
    }
    return TRUE;
}

BOOL WINAPI SymFromAddrW(HANDLE process, DWORD64 address, DWORD64 *displacement, PSYMBOL_INFOW info)
{
    struct {
        SYMBOL_INFO info;
        char name[1024];
    } narrow = {.info = {.SizeOfStruct = sizeof(SYMBOL_INFO), .MaxNameLen = 1024}};
    ULONG length;

    if (!info || !SymFromAddr(process, address, displacement, &narrow.info))
        return info ? FALSE : fail(ERROR_INVALID_PARAMETER);
    memcpy(&info->TypeIndex, &narrow.info.TypeIndex, offsetof(SYMBOL_INFO, NameLen) - offsetof(SYMBOL_INFO, TypeIndex));
    info->NameLen = narrow.info.NameLen;
    for (length = 0; length + 1 < info->MaxNameLen && narrow.info.Name[length]; length++)
        info->Name[length] = (WCHAR)(unsigned char)narrow.info.Name[length];
    if (info->MaxNameLen)
        info->Name[length] = 0;
    return TRUE;
}

BOOL WINAPI SymGetSymFromAddr64(HANDLE process, DWORD64 address, DWORD64 *displacement, PIMAGEHLP_SYMBOL64 symbol)
{
    struct {
        SYMBOL_INFO info;
        char name[1024];
    } found = {.info = {.SizeOfStruct = sizeof(SYMBOL_INFO), .MaxNameLen = 1024}};
    size_t length;

    if (!SymFromAddr(process, address, displacement, &found.info))
        return FALSE;
    symbol->Address = found.info.Address;
    symbol->Size = symbol->Flags = 0;
    length = strlen(found.info.Name);
    if (length > symbol->MaxNameLength)
        length = symbol->MaxNameLength;
    memcpy(symbol->Name, found.info.Name, length);
    if (length < symbol->MaxNameLength)
        symbol->Name[length] = 0;
    return TRUE;
}

/* Nothing is known about source lines. */
BOOL WINAPI SymGetLineFromAddr64(HANDLE process, DWORD64 address, DWORD *displacement, PIMAGEHLP_LINE64 line)
{
    (void)address, (void)displacement, (void)line;
    return fail(process && process == sym_process ? ERROR_INVALID_ADDRESS : ERROR_INVALID_HANDLE);
}

BOOL WINAPI SymGetLineFromAddrW64(HANDLE process, DWORD64 address, DWORD *displacement, PIMAGEHLP_LINEW64 line)
{
    (void)line;
    return SymGetLineFromAddr64(process, address, displacement, NULL);
}

/* Fields up to the size that the caller knows. */
BOOL WINAPI SymGetModuleInfoW64(HANDLE process, DWORD64 address, PIMAGEHLP_MODULEW64 info)
{
    char *base = process && process == sym_process ? module_of(address) : NULL;
    IMAGEHLP_MODULEW64 filled = {.SymType = SymExport};
    PIMAGE_NT_HEADERS headers;
    size_t name = 0, dot = 0, length;

    if (!base || !info || info->SizeOfStruct < offsetof(IMAGEHLP_MODULEW64, LoadedPdbName))
        return fail(base ? ERROR_INVALID_PARAMETER : ERROR_MOD_NOT_FOUND);
    headers = RtlImageNtHeader((PVOID)base);
    filled.SizeOfStruct = info->SizeOfStruct;
    filled.BaseOfImage = (DWORD64)base;
    filled.ImageSize = headers->OptionalHeader.SizeOfImage;
    filled.TimeDateStamp = headers->FileHeader.TimeDateStamp;
    filled.CheckSum = headers->OptionalHeader.CheckSum;
    length = GetModuleFileNameW((HMODULE)base, filled.ImageName, 256);
    for (size_t i = 0; i < length; i++) {
        if (filled.ImageName[i] == '\\')
            name = i + 1, dot = 0;
        else if (filled.ImageName[i] == '.')
            dot = i;
    }
    length = (dot ? dot : length) - name;
    memcpy(filled.ModuleName, filled.ImageName + name, (length < 31 ? length : 31) * sizeof(WCHAR));
    memcpy(filled.LoadedImageName, filled.ImageName, sizeof filled.LoadedImageName);
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
        return fail(ERROR_INVALID_PARAMETER);
    memcpy(&filled, &wide, offsetof(IMAGEHLP_MODULE64, ModuleName));
    filled.SizeOfStruct = info->SizeOfStruct;
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

        if (!GetModuleFileNameW(modules[i], path, MAX_PATH) ||
            !K32GetModuleInformation(process, modules[i], &info, sizeof info))
            continue;
        WideCharToMultiByte(CP_ACP, 0, path, -1, narrow, sizeof narrow, NULL, NULL);
        if (!(BOOL)guest_call(callback, wide ? GUEST(path) : GUEST(narrow), GUEST(modules[i]), info.SizeOfImage,
                              GUEST(context)))
            break;
    }
    return TRUE;
}

BOOL WINAPI EnumerateLoadedModules64(HANDLE process, PENUMLOADED_MODULES_CALLBACK64 callback, PVOID context)
{
    return modules_enumerate(process, false, callback, context);
}

BOOL WINAPI EnumerateLoadedModulesW64(HANDLE process, PENUMLOADED_MODULES_CALLBACKW64 callback, PVOID context)
{
    return modules_enumerate(process, true, callback, context);
}

/* The next frame of this process's own code; the frame before it is in `context`. */
BOOL WINAPI StackWalk64(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME64 frame, PVOID context_pointer,
                        PREAD_PROCESS_MEMORY_ROUTINE64 read, PFUNCTION_TABLE_ACCESS_ROUTINE64 table,
                        PGET_MODULE_BASE_ROUTINE64 module, PTRANSLATE_ADDRESS_ROUTINE64 translate)
{
    PCONTEXT context = context_pointer;
    PRUNTIME_FUNCTION function;
    DWORD64 base, establisher;
    PVOID handler_data;

    (void)process, (void)thread, (void)read, (void)table, (void)module, (void)translate;
    if (machine != IMAGE_FILE_MACHINE_AMD64 || !frame || !context)
        return fail(ERROR_INVALID_PARAMETER);
    if (frame->Virtual) { /* not the first: one up */
        function = RtlLookupFunctionEntry(context->Rip, &base, NULL);
        if (function) {
            RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context->Rip, function, context, &handler_data, &establisher,
                             NULL);
        } else { /* a leaf: the return address is on top */
            PNT_TIB tib = (PNT_TIB)teb_current();

            if (context->Rsp < (DWORD64)tib->StackLimit || context->Rsp + 8 > (DWORD64)tib->StackBase)
                return FALSE;
            context->Rip = *(DWORD64 *)context->Rsp;
            context->Rsp += 8;
        }
    }
    if (!context->Rip)
        return FALSE;
    frame->Virtual = TRUE;
    frame->Far = FALSE;
    frame->AddrPC.Mode = frame->AddrFrame.Mode = frame->AddrStack.Mode = frame->AddrReturn.Mode = AddrModeFlat;
    frame->AddrPC.Offset = context->Rip;
    frame->AddrStack.Offset = context->Rsp;
    frame->AddrFrame.Offset = context->Rbp;
    frame->FuncTableEntry = RtlLookupFunctionEntry(context->Rip, &base, NULL);
    return TRUE;
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
