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

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

enum export_state { EXPORT_MET, EXPORT_PARTLY, EXPORT_MISSING };
enum export_kind {
    EXPORT_FUNCTION, /* stub in the image that jumps to a function of ours */
    EXPORT_DATA,     /* address of a variable of ours */
    EXPORT_FORWARD,  /* text: "dll.Name" */
    EXPORT_HOST,     /* stub to a thunk that binds at its first call; text: "soname symbol" */
    EXPORT_NONE,     /* missing */
};

struct export
{
    uint32_t name;      /* offset of the name in builtin_strings; 0: by ordinal only */
    uint32_t signature; /* "u32(ptr,wstr)" in builtin_strings; 0: unknown */
    uint32_t text;      /* forward target, host binding, or what is missing of a partly met one */
    int32_t offset;     /* stub or variable, relative to the image; 0 if none */
    uint16_t ordinal;
    uint8_t state; /* enum export_state */
    uint8_t kind;  /* enum export_kind */
};

/* One built-in module.  Offsets are relative to the row itself, so that the table needs no relocation. */
struct builtin {
    uint32_t name; /* "kernel32.dll" in builtin_strings, lower case */
    int32_t image; /* PE image */
    uint32_t image_size;
    uint32_t export_count;
    int32_t exports; /* struct export[export_count], sorted by ordinal */
    int32_t hash;    /* uint16_t[hash_mask + 1]: open addressing (linear) over builtin_hash(name);
                        index + 1 into exports, 0: empty */
    uint32_t hash_mask;
    int32_t attach;   /* void(void), called when the module is loaded; 0: none */
    uint32_t library; /* soname, in builtin_strings, of the host library that it stands for; 0: none */
};

struct builtin_alias {
    uint32_t pattern; /* in builtin_strings; may end in '*'; 0 ends the table */
    uint32_t target;
};

extern const char builtin_strings[];
extern const struct builtin builtin_table[], builtin_table_end[];
extern const struct builtin_alias builtin_aliases[];

static inline const char *builtin_name(const struct builtin *builtin)
{
    return builtin_strings + builtin->name;
}

static inline uint8_t *builtin_image(const struct builtin *builtin)
{
    return (uint8_t *)builtin + builtin->image;
}

static inline const struct export *builtin_exports(const struct builtin *builtin)
{
    return (const struct export *)((const uint8_t *)builtin + builtin->exports);
}

static inline const uint16_t *builtin_hash_table(const struct builtin *builtin)
{
    return (const uint16_t *)((const uint8_t *)builtin + builtin->hash);
}

/*
 * The module that answers for a name: any case, with or without ".dll"; api sets are resolved too. NULL: none.
 * `alias` (may be NULL) is set if the name is an alias.
 */
const struct builtin *builtin_find(const char *name, bool *alias);

/* Whether Windows takes this DLL from System32 even if the program ships its own (its "known DLLs"). */
bool builtin_known(const struct builtin *builtin);

/* The module whose image begins at this address, or NULL. */
const struct builtin *builtin_at_image(const void *image);

/* FNV-1a, 32 bits: the hash that the generator uses. */
static inline uint32_t builtin_hash(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

/* An export by name or by ordinal, whatever its state; NULL if the table does not have it. */
const struct export *builtin_export(const struct builtin *, const char *name);
const struct export *builtin_export_ordinal(const struct builtin *, unsigned ordinal);

/* Its address in the process (stub or variable), or NULL (missing, forward). */
static inline void *builtin_address(const struct builtin *builtin, const struct export *export)
{
    return export->offset ? (void *)(builtin_image(builtin) + export->offset) : NULL;
}

#endif
