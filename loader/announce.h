/*
 * announce.h: telling the host's debuggers and profilers of Windows modules (winrun-symbols.so).
 *
 * Asked for by --gdb and --perf-map, which leave a wish in the environment, so that children of the program do the
 * same. Without it nothing of this costs more than one test at each module.
 */
#ifndef LOADER_ANNOUNCE_H
#define LOADER_ANNOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct module;

#define ANNOUNCE_VARIABLE "WINRUN_SYMBOLS" /* "gdb", "perf", or both with a comma */

/* What the plug-in needs to know of a module. */
struct announced {
    const void *key;     /* the same when it goes */
    const char *name;    /* "kernel32", without its extension, lower case */
    const char *path;    /* of the file; NULL: built in */
    const uint8_t *base; /* as it lies in memory */
    size_t size;
    const void *functions; /* RUNTIME_FUNCTION[]: its .pdata */
    size_t function_count;
};

struct symbols_plugin {
    void (*start)(bool gdb, bool perf);
    void (*add)(const struct announced *module);
    void (*remove)(const void *key);
};

/* Reads the wish. */
void announce_start(void);
/* A module has come or goes; under the loader lock. */
void announce_module(const struct module *module, bool loaded);

/* For a person in gdb who has attached to a running program: `call announce_all()`. */
void announce_all(void);

/* --gdb: runs gdb with this program and these arguments instead. */
_Noreturn void announce_run_gdb(int argc, char **argv);
/* Leaves the wish and sees to it that images lie where debuggers and profilers find them. */
void announce_wish(const char *what);

#endif
