/*
 * check_output.h: what --check has found, for the two ways to print it: text for people, JSON for scripts.
 */
#ifndef LOADER_CHECK_OUTPUT_H
#define LOADER_CHECK_OUTPUT_H

#include <stdio.h>
#include "builtin.h"
#include "module.h"

enum check_origin { ORIGIN_MISSING, ORIGIN_UNLOADABLE, ORIGIN_BUILTIN, ORIGIN_FILE, ORIGIN_HOST };

/* A DLL that something imports from. */
struct check_dll {
    const char *name;
    bool delayed; /* loaded when first used */
    enum check_origin origin;
    const char *place; /* the built-in module's name, the file, or the host's library; or why it can not be loaded */
    bool alias;        /* built in under another name */
    bool bound;        /* of the host, by prefix.conf */
    bool assembly;     /* a side-by-side assembly brings it */
};

struct check_function {
    const char *name; /* NULL: by ordinal */
    unsigned ordinal;
    enum export_state state;
    const char *text;    /* what is not there of one that is partly met; or NULL */
    const char *forward; /* "dll.Name" if the DLL hands it on; or NULL */
};

struct check_summary {
    unsigned modules, dlls, dlls_missing, functions, missing, partly;
};

struct check_output {
    void (*begin)(FILE *out, const struct module *program);
    void (*module)(FILE *out, const struct module *module);
    void (*dll)(FILE *out, const struct check_dll *dll);
    void (*function)(FILE *out, const struct check_function *function);
    void (*problem)(FILE *out, const char *text); /* of the module: it can not be loaded */
    void (*end)(FILE *out, const struct check_summary *summary);
};

extern const struct check_output check_text, check_text_all, check_json;

#endif
