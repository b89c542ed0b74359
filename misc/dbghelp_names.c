/*
 * dbghelp_names.c: dbghelp.dll: functions by address and by name.
 *
 * Layer: above kernel32 and ntdll.  Symbols are exports and COFF symbols (symbols.h).
 */
#include <string.h>
#include "crt/undname.h"
#include "dbghelp_private.h"
#include "ntdll/gate.h"
#include "ntdll/nls.h"

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
        return sym_fail(ERROR_INVALID_PARAMETER);
    const struct symbols *symbols = base ? symbols_of(process, base) : NULL;
    const struct symbol *symbol = symbols ? symbols_at(symbols, address) : NULL;
    if (!symbol)
        return sym_fail(base ? ERROR_INVALID_ADDRESS : ERROR_MOD_NOT_FOUND);
    if (displacement)
        *displacement = address - (DWORD64)base - symbol->rva;
    info_fill(symbols, symbol, info);
    return TRUE;
}

struct name_search {
    const char *module, *name; /* module NULL: any */
    size_t module_length, length;
    PSYMBOL_INFO info;
};

static bool search_module(struct symbols *symbols, void *data)
{
    struct name_search *search = data;

    if (search->module && !symbols_are_of(symbols, search->module, search->module_length))
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
        return sym_fail(ERROR_INVALID_HANDLE);
    if (!name || !info || info->SizeOfStruct < offsetof(SYMBOL_INFO, Name))
        return sym_fail(ERROR_INVALID_PARAMETER);
    search.module_length = mark ? (size_t)(mark - name) : 0;
    search.length = strlen(search.name);
    return modules_walk(process, search_module, &search) ? TRUE : sym_fail(ERROR_MOD_NOT_FOUND);
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

    if (e->base ? e->base != symbols->base : e->module && !symbols_are_of(symbols, e->module, e->module_length))
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
        return sym_fail(ERROR_INVALID_HANDLE);
    if (!callback)
        return sym_fail(ERROR_INVALID_PARAMETER);
    struct symbols *given = base ? symbols_explicit(process, base) : NULL;
    if (given)
        enumerate_module(given, &e);
    else
        modules_walk(process, enumerate_module, &e);
    return TRUE;
}

struct answer {
    SYMBOL_INFO info;
    char name[1024];
};
#define ANSWER                                                                                                         \
    {                                                                                                                  \
        .info = {.SizeOfStruct = sizeof(SYMBOL_INFO), .MaxNameLen = 1024 }                                             \
    }

static void info_widen(const SYMBOL_INFO *narrow, PSYMBOL_INFOW info)
{
    ULONG length;

    memcpy(&info->TypeIndex, &narrow->TypeIndex, offsetof(SYMBOL_INFO, NameLen) - offsetof(SYMBOL_INFO, TypeIndex));
    info->NameLen = narrow->NameLen;
    for (length = 0; length + 1 < info->MaxNameLen && narrow->Name[length]; length++)
        info->Name[length] = (WCHAR)(unsigned char)narrow->Name[length];
    if (info->MaxNameLen)
        info->Name[length] = 0;
}

BOOL WINAPI SymFromAddrW(HANDLE process, DWORD64 address, DWORD64 *displacement, PSYMBOL_INFOW info)
{
    struct answer narrow = ANSWER;

    if (!info || !SymFromAddr(process, address, displacement, &narrow.info))
        return info ? FALSE : sym_fail(ERROR_INVALID_PARAMETER);
    info_widen(&narrow.info, info);
    return TRUE;
}

static void symbol_narrow(const SYMBOL_INFO *found, PIMAGEHLP_SYMBOL64 symbol)
{
    size_t length = strlen(found->Name);

    symbol->Address = found->Address;
    symbol->Size = symbol->Flags = 0;
    if (length > symbol->MaxNameLength)
        length = symbol->MaxNameLength;
    memcpy(symbol->Name, found->Name, length);
    if (length < symbol->MaxNameLength)
        symbol->Name[length] = 0;
}

BOOL WINAPI SymGetSymFromAddr64(HANDLE process, DWORD64 address, DWORD64 *displacement, PIMAGEHLP_SYMBOL64 symbol)
{
    struct answer found = ANSWER;

    if (!SymFromAddr(process, address, displacement, &found.info))
        return FALSE;
    symbol_narrow(&found.info, symbol);
    return TRUE;
}

DWORD WINAPI UnDecorateSymbolName(PCSTR name, PSTR out, DWORD size, DWORD flags)
{
    if (!name || !out || !size)
        return (DWORD)sym_fail(ERROR_INVALID_PARAMETER);
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
        return (DWORD)sym_fail(ERROR_INVALID_PARAMETER);
    for (; name[length] && length + 1 < sizeof narrow; length++)
        narrow[length] = (char)name[length];
    narrow[length] = 0;
    DWORD result = UnDecorateSymbolName(narrow, text, size < sizeof text ? size : (DWORD)sizeof text, flags);
    for (DWORD i = 0; i <= result; i++)
        out[i] = (WCHAR)(unsigned char)text[i];
    return result;
}

BOOL WINAPI SymFromNameW(HANDLE process, PCWSTR name, PSYMBOL_INFOW info)
{
    struct answer narrow = ANSWER;
    char *text = ansi_from_wide(name);
    BOOL found = info && SymFromName(process, text, &narrow.info);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, text);
    if (found)
        info_widen(&narrow.info, info);
    return info ? found : sym_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SymGetSymFromName64(HANDLE process, PCSTR name, PIMAGEHLP_SYMBOL64 symbol)
{
    struct answer found = ANSWER;

    if (!symbol)
        return sym_fail(ERROR_INVALID_PARAMETER);
    if (!SymFromName(process, name, &found.info))
        return FALSE;
    symbol_narrow(&found.info, symbol);
    return TRUE;
}

/* The name of a symbol that SymGetSymFromAddr64 has found, without its decoration. */
BOOL WINAPI SymUnDName64(PIMAGEHLP_SYMBOL64 symbol, PSTR name, DWORD size)
{
    return symbol ? UnDecorateSymbolName(symbol->Name, name, size, UNDNAME_COMPLETE) != 0
                  : sym_fail(ERROR_INVALID_PARAMETER);
}

struct wide_enumeration {
    const void *callback;
    PVOID context;
};

static BOOL WINAPI widen_symbol(PSYMBOL_INFO info, ULONG size, PVOID context)
{
    const struct wide_enumeration *e = context;
    struct {
        SYMBOL_INFOW info;
        WCHAR name[1024];
    } wide = {.info = {.SizeOfStruct = sizeof(SYMBOL_INFOW), .MaxNameLen = 1024}};

    info_widen(info, &wide.info);
    return (BOOL)guest_call(e->callback, GUEST(&wide.info), size, GUEST(e->context), 0);
}

BOOL WINAPI SymEnumSymbolsW(HANDLE process, ULONG64 base, PCWSTR mask, PSYM_ENUMERATESYMBOLS_CALLBACKW callback,
                            PVOID context)
{
    struct wide_enumeration e = {callback, context};
    char *text = mask ? ansi_from_wide(mask) : NULL;
    BOOL done = callback ? SymEnumSymbols(process, base, text, widen_symbol, &e) : sym_fail(ERROR_INVALID_PARAMETER);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, text);
    return done;
}
