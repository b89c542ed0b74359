/*
 * table.h: what many of Windows' programs write: rows as a table with a ruled header (/FO TABLE), as a list (/FO LIST)
 * or as comma-separated values (/FO CSV).
 */
#ifndef PROGRAMS_TABLE_H
#define PROGRAMS_TABLE_H

#include "console.h"

enum format { FORMAT_TABLE, FORMAT_LIST, FORMAT_CSV };
bool parse_format(const WCHAR *word, enum format *format); /* TABLE, LIST, CSV; false: none of them */

struct column {
    const WCHAR *name;
    int width; /* longer cells are cut off; 0: as wide as the widest cell */
    bool right;
};

/* At most TABLE_COLUMNS columns. */
enum { TABLE_COLUMNS = 32 };

struct table {
    enum format format;
    const struct column *columns;
    unsigned column_count;
    bool header; /* not without (/NH) */
    WCHAR **cells;
    size_t rows, room;
};

/* A row: copies of its cells.  NULL is N/A.  '\n' parts the values of a cell that has several. */
void table_add(struct table *table, const WCHAR *const *cells);
void table_show(const struct table *table);
void table_free(struct table *table);

#endif
