/*
 * dbghelp_lines.c: dbghelp.dll: lines of source files.
 *
 * Layer: above kernel32 and ntdll.  They come from the DWARF of images that MinGW's compilers have made (symbols.h),
 * which Windows' own dbghelp does not read. SYMOPT_LOAD_LINES need not be set for them.  Names of files are in UTF-8,
 * as they were compiled.
 */
#include "dbghelp_private.h"
#include <string.h>

static WCHAR wide_name[1024]; /* the answer of the latest call for a wide one, as with Windows' */

/* The lines of the module that holds the address.  NULL, and the last error: there are none. */
static struct source_lines *lines_of(HANDLE process, DWORD64 address, struct symbols **symbols)
{
    char *base;

    if (!process || process != sym_process) {
        sym_fail(ERROR_INVALID_HANDLE);
        return NULL;
    }
    base = module_of(process, address);
    *symbols = base ? symbols_of(process, base) : NULL;
    struct source_lines *lines = *symbols ? symbols_lines(*symbols) : NULL;
    if (!lines)
        sym_fail(base ? ERROR_INVALID_ADDRESS : ERROR_MOD_NOT_FOUND);
    return lines;
}

static DWORD64 to_linked(const struct symbols *symbols, DWORD64 address)
{
    return address - symbols->base + symbols->linked_base;
}

static BOOL line_fill(const struct symbols *symbols, const struct source_line *found, PIMAGEHLP_LINE64 line)
{
    line->Key = NULL;
    line->LineNumber = found->line;
    line->FileName = (PCHAR)found->file;
    line->Address = found->address - symbols->linked_base + symbols->base;
    return TRUE;
}

/* The same structure but for the name. */
static BOOL line_widen(PIMAGEHLP_LINEW64 line)
{
    const char *file = ((PIMAGEHLP_LINE64)line)->FileName;

    if (!MultiByteToWideChar(CP_UTF8, 0, file, -1, wide_name, sizeof wide_name / sizeof *wide_name))
        return FALSE;
    line->FileName = wide_name;
    return TRUE;
}

static bool size_is_right(const IMAGEHLP_LINE64 *line)
{
    return line && line->SizeOfStruct >= sizeof *line;
}

BOOL WINAPI SymGetLineFromAddr64(HANDLE process, DWORD64 address, DWORD *displacement, PIMAGEHLP_LINE64 line)
{
    struct source_line found;
    struct symbols *symbols;
    struct source_lines *lines;

    if (!size_is_right(line))
        return sym_fail(ERROR_INVALID_PARAMETER);
    if (!(lines = lines_of(process, address, &symbols)))
        return FALSE;
    if (!debug_plugin()->line_at(lines, to_linked(symbols, address), &found))
        return sym_fail(ERROR_INVALID_ADDRESS);
    line_fill(symbols, &found, line);
    if (displacement)
        *displacement = (DWORD)(address - line->Address);
    return TRUE;
}

BOOL WINAPI SymGetLineFromAddrW64(HANDLE process, DWORD64 address, DWORD *displacement, PIMAGEHLP_LINEW64 line)
{
    return SymGetLineFromAddr64(process, address, displacement, (PIMAGEHLP_LINE64)line) && line_widen(line);
}

struct place {
    const char *module, *file;
    DWORD number;
    PIMAGEHLP_LINE64 line;
};

static bool place_in_module(struct symbols *symbols, void *data)
{
    struct place *place = data;
    struct source_line found;

    if (place->module && *place->module && !symbols_are_of(symbols, place->module, strlen(place->module)))
        return false;
    struct source_lines *lines = symbols_lines(symbols);
    return lines && debug_plugin()->line_named(lines, place->file, place->number, &found) &&
           line_fill(symbols, &found, place->line);
}

/* The line, or the first one after it that has code: displacement says how many lines that is.  file NULL: that of
 * `line`. */
BOOL WINAPI SymGetLineFromName64(HANDLE process, PCSTR module, PCSTR file, DWORD number, PLONG displacement,
                                 PIMAGEHLP_LINE64 line)
{
    struct place place = {module, file, number, line};

    if (!process || process != sym_process)
        return sym_fail(ERROR_INVALID_HANDLE);
    if (!size_is_right(line))
        return sym_fail(ERROR_INVALID_PARAMETER);
    place.file = file ? file : line->FileName;
    if (!place.file)
        return sym_fail(ERROR_INVALID_PARAMETER);
    if (!modules_walk(process, place_in_module, &place))
        return sym_fail(ERROR_NOT_FOUND);
    if (displacement)
        *displacement = (LONG)(number - line->LineNumber);
    return TRUE;
}

static BOOL line_step(HANDLE process, bool forward, PIMAGEHLP_LINE64 line)
{
    struct source_line found;
    struct symbols *symbols;
    struct source_lines *lines;

    if (!size_is_right(line))
        return sym_fail(ERROR_INVALID_PARAMETER);
    if (!(lines = lines_of(process, line->Address, &symbols)))
        return FALSE;
    found.address = to_linked(symbols, line->Address);
    if (!debug_plugin()->line_step(lines, forward, &found))
        return sym_fail(ERROR_NO_MORE_ITEMS);
    return line_fill(symbols, &found, line);
}

BOOL WINAPI SymGetLineNext64(HANDLE process, PIMAGEHLP_LINE64 line)
{
    return line_step(process, true, line);
}

BOOL WINAPI SymGetLinePrev64(HANDLE process, PIMAGEHLP_LINE64 line)
{
    return line_step(process, false, line);
}

BOOL WINAPI SymGetLineNextW64(HANDLE process, PIMAGEHLP_LINEW64 line)
{
    return line_step(process, true, (PIMAGEHLP_LINE64)line) && line_widen(line);
}

BOOL WINAPI SymGetLinePrevW64(HANDLE process, PIMAGEHLP_LINEW64 line)
{
    return line_step(process, false, (PIMAGEHLP_LINE64)line) && line_widen(line);
}

/* ---- inlined functions are not told of: a frame is one function ---- */

DWORD WINAPI SymAddrIncludeInlineTrace(HANDLE process, DWORD64 address)
{
    (void)process, (void)address;
    return 0;
}

BOOL WINAPI SymQueryInlineTrace(HANDLE process, DWORD64 start, DWORD start_context, DWORD64 start_return,
                                DWORD64 address, LPDWORD context, LPDWORD frame)
{
    (void)start, (void)start_context, (void)start_return, (void)address, (void)context, (void)frame;
    return sym_fail(process && process == sym_process ? ERROR_INVALID_ADDRESS : ERROR_INVALID_HANDLE);
}

BOOL WINAPI SymGetLineFromInlineContext(HANDLE process, DWORD64 address, ULONG inlined, DWORD64 module_base,
                                        PDWORD displacement, PIMAGEHLP_LINE64 line)
{
    (void)inlined, (void)module_base;
    return SymGetLineFromAddr64(process, address, displacement, line);
}

BOOL WINAPI SymGetLineFromInlineContextW(HANDLE process, DWORD64 address, ULONG inlined, DWORD64 module_base,
                                         PDWORD displacement, PIMAGEHLP_LINEW64 line)
{
    (void)inlined, (void)module_base;
    return SymGetLineFromAddrW64(process, address, displacement, line);
}

BOOL WINAPI SymFromInlineContext(HANDLE process, DWORD64 address, ULONG inlined, PDWORD64 displacement,
                                 PSYMBOL_INFO info)
{
    (void)inlined;
    return SymFromAddr(process, address, displacement, info);
}

BOOL WINAPI SymFromInlineContextW(HANDLE process, DWORD64 address, ULONG inlined, PDWORD64 displacement,
                                  PSYMBOL_INFOW info)
{
    (void)inlined;
    return SymFromAddrW(process, address, displacement, info);
}
