/*
 * tables.h: what dlls.def and the exports files say, as read by the generator.
 */
#ifndef GEN_TABLES_H
#define GEN_TABLES_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "loader/signature.h"

enum how { HOW_FUNCTION, HOW_DATA, HOW_CONST, HOW_FORWARD, HOW_HOST, HOW_MISSING };

struct row {
    char *name;  /* NULL: by ordinal only */
    int ordinal; /* 0 until assigned */
    char *result;
    GPtrArray *types; /* char *; what the arguments are, as written */
    char *signature;  /* "result(type,type)" or NULL if unknown */
    struct signature parsed;
    enum how how;
    char *target;      /* symbol, value, "dll.Name", or soname */
    char *host_symbol; /* HOW_HOST */
    char *partly;      /* what is missing of it, or NULL */
};

struct dll {
    char *name;      /* "kernel32.dll" */
    char *label;     /* name as part of an assembler label */
    char *attach;    /* function to call when it is loaded, or NULL */
    char *library;   /* soname of the host library that it stands for, or NULL */
    char *twin_of;   /* names that begin so are exported a second time ... */
    char *twin;      /* ... beginning like this; both NULL: none */
    GPtrArray *rows; /* struct row *, by ordinal */
    int ordinal_base;
    guint named; /* rows with a name that are not missing */
};

struct alias {
    char *pattern;
    char *target;
};

struct tables {
    GPtrArray *dlls;    /* struct dll * */
    GPtrArray *aliases; /* struct alias * */
};

/* Reads everything; ends the generator with file and line at the first error. */
struct tables *tables_read(const char *root, const char *source_directory);

/* The outputs: assembler source, C source of host thunks, coverage page. */
void emit_assembler(const struct tables *, const char *path);
void emit_host_thunks(const struct tables *, const char *path);
void emit_coverage(const struct tables *, const char *source, const char *path);

#endif
