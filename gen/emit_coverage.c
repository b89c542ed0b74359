/*
 * emit_coverage.c: writes the coverage page: what of each DLL is met, partly met and missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tables.h"

/* "DLL<tab>number" lines (gen/windows-exports.sh); the line of a DLL as the number's text, "" if it has none. */
static const char *windows_count(const char *counts, const char *dll, char number[16])
{
    size_t length = strlen(dll);

    number[0] = 0;
    for (const char *line = counts; line && *line; line = strchr(line, '\n'), line += line != NULL) {
        if (strncmp(line, dll, length) == 0 && line[length] == '\t') {
            sscanf(line + length + 1, "%15[0-9]", number);
            break;
        }
    }
    return number;
}

static void emit_dll(FILE *out, const struct dll *dll, const char *counts)
{
    char number[16];
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
    fprintf(out, "| %s | %s | %u | %u | %u | %u |\n", dll->name, windows_count(counts, dll->name, number),
            dll->rows->len, met, partly, missing);
}

static void emit_partly(FILE *out, const struct dll *dll)
{
    for (guint i = 0; i < dll->rows->len; i++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        if (row->partly)
            fprintf(out, "| %s | %s | %s |\n", dll->name, row->name, row->partly);
    }
}

void emit_coverage(const struct tables *tables, const char *source, const char *path)
{
    char *counts_path = g_build_filename(source, "gen", "windows-exports.tsv", NULL), *counts = NULL;
    FILE *out = fopen(path, "w");
    g_file_get_contents(counts_path, &counts, NULL, NULL);
    g_free(counts_path);
    if (!out) {
        perror(path);
        exit(1);
    }
    fprintf(
        out,
        "# What winrun answers for\n\nWritten by `gendlls` from `dlls.def` and the exports files. *Windows*: how many "
        "names"
        " the DLL exports there, by\nmingw-w64's import libraries (`gen/windows-exports.sh`). *Listed*: names in "
        "winrun's"
        " table, which holds what\nprograms were seen to import or look up and what belongs beside it. `winrun --check"
        " app.exe` tells the same for\none program.\n\n"
        "| DLL | Windows | listed | met | partly | missing |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (guint i = 0; i < tables->dlls->len; i++)
        emit_dll(out, g_ptr_array_index(tables->dlls, i), counts);
    fprintf(out, "\n## Partly met\n\n| DLL | function | what is missing |\n| --- | --- | --- |\n");
    for (guint i = 0; i < tables->dlls->len; i++)
        emit_partly(out, g_ptr_array_index(tables->dlls, i));
    fprintf(out, "\n## Api sets\n\n| name | answered by |\n| --- | --- |\n");
    for (guint i = 0; i < tables->aliases->len; i++) {
        const struct alias *alias = g_ptr_array_index(tables->aliases, i);
        fprintf(out, "| %s | %s |\n", alias->pattern, alias->target);
    }
    g_free(counts);
    if (fclose(out)) {
        perror(path);
        exit(1);
    }
}
