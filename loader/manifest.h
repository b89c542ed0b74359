/*
 * manifest.h: what a side-by-side manifest says.
 *
 * Nearly every program has a manifest, and nearly all of them say nothing that matters at start.  So a manifest is
 * searched for a few words first; only one that has them is read, by winrun-manifest.so.
 */
#ifndef LOADER_MANIFEST_H
#define LOADER_MANIFEST_H

#include "pe.h"

/* Attributes of assemblyIdentity, UTF-8; NULL: absent. */
struct manifest_identity {
    char *name, *version, *architecture, *language, *token, *type;
};

struct manifest_file {
    char *name, *load_from; /* load_from: NULL, or where the file is */
};

struct manifest_dependency {
    struct manifest_identity identity;
    bool optional;
};

struct manifest_setting {
    char *name, *value; /* of windowsSettings: "longPathAware", "true" */
};

struct manifest {
    struct manifest_identity identity;
    struct manifest_file *files;
    struct manifest_dependency *dependencies;
    char **supported; /* the Ids of supportedOS */
    struct manifest_setting *settings;
    unsigned file_count, dependency_count, supported_count, setting_count;
    unsigned run_level; /* ACTCTX_RUN_LEVEL_* */
    bool ui_access;
};

/* The plug-in: fills in an empty manifest; false: not well-formed, or no memory. */
struct manifest_plugin {
    bool (*parse)(const char *data, size_t size, struct manifest *manifest, char *error, size_t error_size);
};

/* Text of a manifest, inside an image or a file; data NULL: none. */
struct manifest_text {
    const char *data;
    size_t size;
};

/* The manifest in an image's resources, under this number: 1 of a program or assembly, 2 of a DLL for its own imports.
 */
struct manifest_text manifest_in_image(const struct pe_image *image, unsigned number);

/* Could it change where DLLs are found?  Could it name the systems that the program supports? */
bool manifest_redirects(struct manifest_text text);
bool manifest_names_systems(struct manifest_text text);

/* NULL: not well-formed, no memory, or no plug-in (the error says which). */
struct manifest *manifest_read(struct manifest_text text, char *error, size_t error_size);
void manifest_free(struct manifest *manifest);

#endif
