/*
 * dbghelp.c: dbghelp.dll: modules, symbols, stack walks.
 *
 * Layer: above kernel32 and ntdll.  Symbols are exports and COFF symbols (symbols.h): no debug information is read, so
 * that there are no source lines.
 */
#include <string.h>
#include "win.h"
#include "ntdll/gate.h"
#include "crt/undname.h"
#include "ntdll/nls.h"
#include "symbols.h"
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
    symbols_forget(process, 0);
    sym_process = NULL;
    return TRUE;
}

BOOL WINAPI SymRefreshModuleList(HANDLE process)
{
    return process && process == sym_process ? TRUE : fail(ERROR_INVALID_HANDLE);
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

static char *module_of(HANDLE process, DWORD64 address)
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

static struct symbols *symbols_of(HANDLE process, char *base)
{
    WCHAR path[MAX_PATH] = u"";

    K32GetModuleFileNameExW(process, (HMODULE)base, path, MAX_PATH);
    return symbols_get(process, (DWORD64)base, path);
}

DWORD64 WINAPI SymGetModuleBase64(HANDLE process, DWORD64 address)
{
    char *base = module_of(process, address);

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

static void info_fill(const struct symbols *symbols, const struct symbol *symbol, PSYMBOL_INFO info)
{
    char text[2048];
    const char *name = symbol->name;
    size_t length = sym_options & SYMOPT_UNDNAME && name[0] == '?'
                        ? undname_with_heap(name, UNDNAME_NAME_ONLY, text, sizeof text)
                        : 0;

    if (length)
        name = text;
    length = strlen(name);
    info->TypeIndex = info->info = info->Register = info->Scope = 0;
    info->Size = symbol->size;
    info->ModBase = symbols->base;
    info->Flags = symbol->exported ? SYMFLAG_EXPORT : 0;
    info->Value = 0;
    info->Address = symbols->base + symbol->rva;
    info->Tag = symbol->exported ? 10 : 5; /* SymTagPublicSymbol, SymTagFunction */
    info->NameLen = (ULONG)length;
    if (info->MaxNameLen) {
        if (length >= info->MaxNameLen)
            length = info->MaxNameLen - 1;
        memcpy(info->Name, name, length);
        info->Name[length] = 0;
    }
}

BOOL WINAPI SymFromAddr(HANDLE process, DWORD64 address, DWORD64 *displacement, PSYMBOL_INFO info)
{
    char *base = module_of(process, address);

    if (!info || info->SizeOfStruct < offsetof(SYMBOL_INFO, Name))
        return fail(ERROR_INVALID_PARAMETER);
    const struct symbols *symbols = base ? symbols_of(process, base) : NULL;
    const struct symbol *symbol = symbols ? symbols_at(symbols, address) : NULL;
    if (!symbol)
        return fail(base ? ERROR_INVALID_ADDRESS : ERROR_MOD_NOT_FOUND);
    if (displacement)
        *displacement = address - (DWORD64)base - symbol->rva;
    info_fill(symbols, symbol, info);
    return TRUE;
}

static bool names_equal(const WCHAR *file, const char *name, size_t length)
{
    size_t start = 0, dot = 0, at = 0;

    for (; file[at]; at++) {
        if (file[at] == '\\')
            start = at + 1, dot = 0;
        else if (file[at] == '.')
            dot = at;
    }
    if ((dot ? dot : at) - start != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (RtlUpcaseUnicodeChar(file[start + i]) != RtlUpcaseUnicodeChar((WCHAR)(unsigned char)name[i]))
            return false;
    return true;
}

/* Calls for each module of the process until one is taken. */
static bool modules_walk(HANDLE process, bool (*visit)(struct symbols *, void *), void *data)
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

struct name_search {
    const char *module, *name; /* module NULL: any */
    size_t module_length, length;
    PSYMBOL_INFO info;
};

static bool search_module(struct symbols *symbols, void *data)
{
    struct name_search *search = data;

    if (search->module && !names_equal(symbols->path, search->module, search->module_length))
        return false;
    const struct symbol *symbol = symbols_named(symbols, search->name, search->length);
    if (symbol)
        info_fill(symbols, symbol, search->info);
    return symbol != NULL;
}

/* "name" or "module!name". */
BOOL WINAPI SymFromName(HANDLE process, PCSTR name, PSYMBOL_INFO info)
{
    const char *mark = name ? strchr(name, '!') : NULL;
    struct name_search search = {.module = mark ? name : NULL, .name = mark ? mark + 1 : name, .info = info};

    if (!process || process != sym_process)
        return fail(ERROR_INVALID_HANDLE);
    if (!name || !info || info->SizeOfStruct < offsetof(SYMBOL_INFO, Name))
        return fail(ERROR_INVALID_PARAMETER);
    search.module_length = mark ? (size_t)(mark - name) : 0;
    search.length = strlen(search.name);
    return modules_walk(process, search_module, &search) ? TRUE : fail(ERROR_MOD_NOT_FOUND);
}

static bool mask_matches(const char *mask, const char *text)
{
    for (; *mask; mask++, text++) {
        if (*mask == '*') {
            for (;; text++) {
                if (mask_matches(mask + 1, text))
                    return true;
                if (!*text)
                    return false;
            }
        }
        if (!*text || (*mask != '?' && *mask != *text))
            return false;
    }
    return !*text;
}

struct enumeration {
    const char *module, *mask;
    size_t module_length;
    const void *callback;
    PVOID context;
    DWORD64 base; /* 0: all that `module` names */
};

static bool enumerate_module(struct symbols *symbols, void *data)
{
    struct enumeration *e = data;
    struct {
        SYMBOL_INFO info;
        char name[2048];
    } one = {.info = {.SizeOfStruct = sizeof(SYMBOL_INFO), .MaxNameLen = 2048}};

    if (e->base ? e->base != symbols->base : e->module && !names_equal(symbols->path, e->module, e->module_length))
        return false;
    for (DWORD i = 0; i < symbols->count; i++) {
        if (!mask_matches(e->mask, symbols->list[i].name))
            continue;
        info_fill(symbols, &symbols->list[i], &one.info);
        if (!(BOOL)guest_call(e->callback, GUEST(&one.info), one.info.Size, GUEST(e->context), 0))
            return true;
    }
    return e->base != 0;
}

/* mask: "*", "name*", or "module!name*" with base 0. */
BOOL WINAPI SymEnumSymbols(HANDLE process, ULONG64 base, PCSTR mask, PSYM_ENUMERATESYMBOLS_CALLBACK callback,
                           PVOID context)
{
    const char *mark = mask ? strchr(mask, '!') : NULL;
    struct enumeration e = {.module = mark && mark != mask && *mask != '*' ? mask : NULL,
                            .mask = mark   ? mark + 1
                                    : mask ? mask
                                           : "*",
                            .module_length = mark ? (size_t)(mark - mask) : 0,
                            .callback = callback,
                            .context = context,
                            .base = base};

    if (!process || process != sym_process)
        return fail(ERROR_INVALID_HANDLE);
    if (!callback)
        return fail(ERROR_INVALID_PARAMETER);
    struct symbols *given = base ? symbols_explicit(process, base) : NULL;
    if (given)
        enumerate_module(given, &e);
    else
        modules_walk(process, enumerate_module, &e);
    return TRUE;
}

/* The module lies in the process's memory at `base`. */
DWORD64 WINAPI SymLoadModuleExW(HANDLE process, HANDLE file, PCWSTR image, PCWSTR name, DWORD64 base, DWORD size,
                                PMODLOAD_DATA data, DWORD flags)
{
    (void)file, (void)name, (void)size, (void)data, (void)flags;
    if (!process || process != sym_process)
        return (DWORD64)fail(ERROR_INVALID_HANDLE);
    if (!base)
        return (DWORD64)fail(ERROR_INVALID_PARAMETER);
    if (symbols_explicit(process, base)) { /* loaded already: no error */
        SetLastError(ERROR_SUCCESS);
        return 0;
    }
    struct symbols *symbols = symbols_get(process, base, image);
    if (!symbols)
        return (DWORD64)fail(ERROR_MOD_NOT_FOUND);
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
        return fail(ERROR_INVALID_HANDLE);
    symbols_forget(process, base);
    return TRUE;
}

DWORD WINAPI UnDecorateSymbolName(PCSTR name, PSTR out, DWORD size, DWORD flags)
{
    if (!name || !out || !size)
        return (DWORD)fail(ERROR_INVALID_PARAMETER);
    size_t length = undname_with_heap(name, flags, out, size);
    if (!length) { /* as it is */
        length = strlen(name);
        size_t copied = length < size ? length : size - 1;
        memcpy(out, name, copied);
        out[copied] = 0;
    }
    return (DWORD)(length < size ? length : size - 1);
}

DWORD WINAPI UnDecorateSymbolNameW(PCWSTR name, PWSTR out, DWORD size, DWORD flags)
{
    char narrow[4096], text[4096];
    size_t length = 0;

    if (!name || !out || !size)
        return (DWORD)fail(ERROR_INVALID_PARAMETER);
    for (; name[length] && length + 1 < sizeof narrow; length++)
        narrow[length] = (char)name[length];
    narrow[length] = 0;
    DWORD result = UnDecorateSymbolName(narrow, text, size < sizeof text ? size : (DWORD)sizeof text, flags);
    for (DWORD i = 0; i <= result; i++)
        out[i] = (WCHAR)(unsigned char)text[i];
    return result;
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

static void headers_read(HANDLE process, char *base, IMAGE_NT_HEADERS64 *headers)
{
    IMAGE_DOS_HEADER dos;
    SIZE_T done;

    if (ReadProcessMemory(process, base, &dos, sizeof dos, &done))
        ReadProcessMemory(process, base + dos.e_lfanew, headers, sizeof *headers, &done);
}

/* Fields up to the size that the caller knows. */
BOOL WINAPI SymGetModuleInfoW64(HANDLE process, DWORD64 address, PIMAGEHLP_MODULEW64 info)
{
    char *base = module_of(process, address);
    IMAGEHLP_MODULEW64 filled = {.SymType = SymExport};
    IMAGE_NT_HEADERS64 headers = {0};
    size_t name = 0, dot = 0, length;

    if (!base || !info || info->SizeOfStruct < offsetof(IMAGEHLP_MODULEW64, LoadedPdbName))
        return fail(base ? ERROR_INVALID_PARAMETER : ERROR_MOD_NOT_FOUND);
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

BOOL WINAPI StackWalkEx(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME_EX frame, PVOID context,
                        PREAD_PROCESS_MEMORY_ROUTINE64 read, PFUNCTION_TABLE_ACCESS_ROUTINE64 table,
                        PGET_MODULE_BASE_ROUTINE64 module, PTRANSLATE_ADDRESS_ROUTINE64 translate, DWORD flags)
{
    (void)flags;
    if (!frame || frame->StackFrameSize < sizeof(STACKFRAME_EX))
        return fail(ERROR_INVALID_PARAMETER);
    frame->InlineFrameContext = 0;
    return StackWalk64(machine, process, thread, (LPSTACKFRAME64)frame, context, read, table, module, translate);
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
