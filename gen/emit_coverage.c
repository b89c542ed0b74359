/*
 * emit_coverage.c: writes the coverage page: what of each DLL is met, partly met and missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include "tables.h"

static void emit_dll(FILE *out, const struct dll *dll)
{
    guint met = 0, partly = 0, missing = 0;
    for (guint i = 0; i < dll->rows->len; i++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        if (row->how == HOW_MISSING)
            missing++;
        else if (row->partly)
            partly++;
        else
            met++;
    }
    fprintf(out, "| %s | %u | %u | %u | %u |\n", dll->name, dll->rows->len, met, partly, missing);
}

static void emit_partly(FILE *out, const struct dll *dll)
{
    for (guint i = 0; i < dll->rows->len; i++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        if (row->partly)
            fprintf(out, "| %s | %s | %s |\n", dll->name, row->name, row->partly);
    }
}

void emit_coverage(const struct tables *tables, const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    fprintf(
        out,
        "# What winrun answers for\n\nWritten by `gendlls` from `dlls.def` and the exports files. *Listed*: names in"
        " winrun's table, which holds what\nprograms were seen to import or look up and what belongs beside it."
        " `winrun --check app.exe` tells the same for\none program.\n\n"
        "| DLL | listed | met | partly | missing |\n| --- | ---: | ---: | ---: | ---: |\n");
    for (guint i = 0; i < tables->dlls->len; i++)
        emit_dll(out, g_ptr_array_index(tables->dlls, i));
    fprintf(out, "\n## Partly met\n\n| DLL | function | what is missing |\n| --- | --- | --- |\n");
    for (guint i = 0; i < tables->dlls->len; i++)
        emit_partly(out, g_ptr_array_index(tables->dlls, i));
    fprintf(out, "\n## Api sets\n\n| name | answered by |\n| --- | --- |\n");
    for (guint i = 0; i < tables->aliases->len; i++) {
        const struct alias *alias = g_ptr_array_index(tables->aliases, i);
        fprintf(out, "| %s | %s |\n", alias->pattern, alias->target);
    }
    if (fclose(out)) {
        perror(path);
        exit(1);
    }
}
