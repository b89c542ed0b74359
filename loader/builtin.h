/*
 * builtin.h: the tables that gen/gendlls writes from dlls.def and the exports files.
 *
 * A built-in module is a PE image laid out at build time inside winrun's own executable
 * (section .pe.NAME: headers, export directory, version resource, 16-byte stubs), so it is mapped, shared and
 * ready without any work at start.  Addresses in the tables are offsets to `image`, so
 * that nothing has to be relocated.
 */
#ifndef LOADER_BUILTIN_H
#define LOADER_BUILTIN_H

#include <stdint.h>

enum export_state { EXPORT_MET, EXPORT_PARTLY, EXPORT_MISSING };
enum export_kind {
    EXPORT_FUNCTION,               /* stub in the image that jumps to a function of ours */
    EXPORT_DATA,                   /* address of a variable of ours */
    EXPORT_FORWARD,                /* text: "dll.Name" */
    EXPORT_HOST,                   /* text: "soname symbol"; bound on first import through a thunk */
    EXPORT_NONE,                   /* missing */
};

struct export {
    uint32_t name;                 /* offset of the name in builtin_strings; 0: by ordinal only */
    uint32_t signature;            /* "u32(ptr,wstr)" in builtin_strings; 0: unknown */
    uint32_t text;                 /* forward target, host binding, or what is missing of a partly met one */
    int32_t offset;                /* stub or variable, relative to the image; 0 if none */
    uint16_t ordinal;
    uint8_t state;                 /* enum export_state */
    uint8_t kind;                  /* enum export_kind */
};

struct builtin {
    const char *name;              /* "kernel32.dll", lower case */
    const uint8_t *image;          /* PE image */
    uint32_t image_size;
    uint32_t export_count;
    const struct export *exports;  /* sorted by ordinal */
    const uint16_t *hash;          /* open addressing over builtin_hash(name); index + 1 into exports, 0: empty */
    uint32_t hash_mask;
};

extern const char builtin_strings[];

/* All built-in modules and aliases.  name: any case, with or without ".dll"; api sets are resolved too. NULL: none. */
const struct builtin *builtin_find(const char *name);

/* The table of all of them, for --check and listing. */
const struct builtin *builtin_at(unsigned index);
unsigned builtin_count(void);

/* An export by name or by ordinal, whatever its state; NULL if the table does not have it. */
const struct export *builtin_export(const struct builtin *, const char *name);
const struct export *builtin_export_ordinal(const struct builtin *, unsigned ordinal);

/* Its address in the process (stub, variable, bound host function), or NULL (missing, forward, host not found). */
void *builtin_address(const struct builtin *, const struct export *);

uint32_t builtin_hash(const char *name);

#endif
