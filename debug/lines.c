/*
 * lines.c: source lines of a Windows image (lines.h), by libdw.
 *
 * libdw reads ELF: it gets an object that has the image's debug sections (elfobject.c).
 */
#include "debug/lines.h"
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>
#include "debug/elfobject.h"

struct source_lines {
    char *object; /* the bytes of the ELF object */
    Elf *elf;
    Dwarf *dwarf;
};

void lines_close(struct source_lines *lines)
{
    if (!lines)
        return;
    dwarf_end(lines->dwarf);
    elf_end(lines->elf);
    free(lines->object);
    free(lines);
}

struct source_lines *lines_open(const void *image_file, size_t size)
{
    struct source_lines *lines = calloc(1, sizeof *lines);
    struct coff coff;
    size_t object_size;

    if (lines && coff_open(&coff, image_file, size))
        lines->object = elf_dwarf_make(&coff, &object_size);
    if (lines && lines->object)
        lines->elf = elf_memory(lines->object, object_size);
    if (lines && lines->elf)
        lines->dwarf = dwarf_begin_elf(lines->elf, DWARF_C_READ, NULL);
    if (lines && !lines->dwarf) {
        lines_close(lines);
        lines = NULL;
    }
    return lines;
}

/* Calls for each compilation unit until one is taken. */
static bool units_walk(Dwarf *dwarf, bool (*visit)(Dwarf_Die *unit, void *data), void *data)
{
    Dwarf_CU *cu = NULL;
    Dwarf_Die unit;
    uint8_t type;

    while (dwarf_get_units(dwarf, cu, &cu, NULL, &type, &unit, NULL) == 0)
        if (type != DW_UT_type && visit(&unit, data))
            return true;
    return false;
}

struct unit_search {
    ULONG64 address;
    Dwarf_Die *found;
};

static bool unit_holds(Dwarf_Die *unit, void *data)
{
    struct unit_search *search = data;

    if (dwarf_haspc(unit, search->address) <= 0)
        return false;
    *search->found = *unit;
    return true;
}

/* By the table of addresses, which not every compiler writes. */
static bool unit_at(Dwarf *dwarf, ULONG64 address, Dwarf_Die *unit)
{
    struct unit_search search = {address, unit};
    return dwarf_addrdie(dwarf, address, unit) || units_walk(dwarf, unit_holds, &search);
}

static bool line_fill(Dwarf_Line *from, struct source_line *line)
{
    Dwarf_Addr address;
    int number;

    line->file = dwarf_linesrc(from, NULL, NULL);
    if (!line->file || dwarf_lineno(from, &number) || dwarf_lineaddr(from, &address) || number <= 0)
        return false;
    line->line = (unsigned)number;
    line->address = address;
    return true;
}

/* The last row at or before an address.  Rows of one line that follow each other are one. */
static bool row_at(Dwarf_Lines *rows, size_t count, ULONG64 address, size_t *row)
{
    Dwarf_Addr at;
    bool end, found = false;

    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(rows, i);
        if (dwarf_lineaddr(line, &at) || dwarf_lineendsequence(line, &end) || at > address)
            continue;
        Dwarf_Addr best = 0;
        if (found)
            dwarf_lineaddr(dwarf_onesrcline(rows, *row), &best);
        if (!found || at >= best) {
            *row = i;
            found = true;
        }
    }
    return found && !dwarf_lineendsequence(dwarf_onesrcline(rows, *row), &end) && !end;
}

static bool same_line(Dwarf_Line *a, Dwarf_Line *b)
{
    struct source_line x, y;
    bool end;

    return !dwarf_lineendsequence(a, &end) && !end && line_fill(a, &x) && line_fill(b, &y) && x.line == y.line &&
           !strcmp(x.file, y.file);
}

bool lines_at(struct source_lines *lines, ULONG64 address, struct source_line *line)
{
    Dwarf_Die unit;
    Dwarf_Lines *rows;
    size_t count, row;

    if (!unit_at(lines->dwarf, address, &unit) || dwarf_getsrclines(&unit, &rows, &count) ||
        !row_at(rows, count, address, &row))
        return false;
    while (row && same_line(dwarf_onesrcline(rows, row - 1), dwarf_onesrcline(rows, row)))
        row--;
    return line_fill(dwarf_onesrcline(rows, row), line);
}

bool lines_step(struct source_lines *lines, bool forward, struct source_line *line)
{
    Dwarf_Die unit;
    Dwarf_Lines *rows;
    size_t count, row;
    bool end;

    if (!unit_at(lines->dwarf, line->address, &unit) || dwarf_getsrclines(&unit, &rows, &count) ||
        !row_at(rows, count, line->address, &row))
        return false;
    Dwarf_Line *now = dwarf_onesrcline(rows, row);
    do {
        if (forward ? row + 1 >= count : row == 0)
            return false;
        row += forward ? 1 : -1ul;
    } while (same_line(dwarf_onesrcline(rows, row), now));
    Dwarf_Line *other = dwarf_onesrcline(rows, row);
    if (dwarf_lineendsequence(other, &end) || end)
        return false;
    while (!forward && row && same_line(dwarf_onesrcline(rows, row - 1), other))
        row--;
    return line_fill(dwarf_onesrcline(rows, row), line);
}

/* The path ends with this name, whatever its separators. */
static bool path_ends(const char *path, const char *name)
{
    size_t length = strlen(path), wanted = strlen(name);

    if (wanted > length)
        return false;
    for (size_t i = 0; i < wanted; i++) {
        char a = path[length - wanted + i], b = name[i];
        if (a != b && !((a == '/' || a == '\\') && (b == '/' || b == '\\')))
            return false;
    }
    char before = wanted < length ? path[length - wanted - 1] : '/';
    return before == '/' || before == '\\' || *name == '/' || *name == '\\';
}

struct name_search {
    const char *file;
    unsigned number;
    struct source_line *best;
    bool found;
};

static bool name_in_unit(Dwarf_Die *unit, void *data)
{
    struct name_search *search = data;
    struct source_line one;
    Dwarf_Lines *rows;
    size_t count;
    bool end, statement;

    if (dwarf_getsrclines(unit, &rows, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *row = dwarf_onesrcline(rows, i);
        if (dwarf_lineendsequence(row, &end) || end || dwarf_linebeginstatement(row, &statement) || !statement ||
            !line_fill(row, &one) || one.line < search->number || !path_ends(one.file, search->file))
            continue;
        if (search->found &&
            (one.line > search->best->line || (one.line == search->best->line && one.address >= search->best->address)))
            continue;
        *search->best = one;
        search->found = true;
    }
    return false;
}

bool lines_named(struct source_lines *lines, const char *file, unsigned number, struct source_line *line)
{
    struct name_search search = {file, number, line, false};

    units_walk(lines->dwarf, name_in_unit, &search);
    return search.found;
}
