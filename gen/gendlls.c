/*
 * gendlls.c: the generator.  Reads dlls.def and the exports files once and writes all that derives from them.
 * Runs at build time only.
 */
#include <stdio.h>
#include "tables.h"

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: gendlls dlls.def SOURCE-DIRECTORY BUILTIN.S HOST-THUNKS.c COVERAGE.md\n");
        return 1;
    }
    const struct tables *tables = tables_read(argv[1], argv[2]);
    emit_assembler(tables, argv[3]);
    emit_host_thunks(tables, argv[4]);
    emit_coverage(tables, argv[2], argv[5]);
    return 0;
}
