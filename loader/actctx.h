/*
 * actctx.h: activation contexts: the assemblies that a manifest asks for, and where their DLLs are.
 *
 * A context is counted; it belongs to the process (the program's manifest), to a DLL (its manifest with number 2), or
 * to whoever called CreateActCtx.  All but the count is constant once it is made.
 */
#ifndef LOADER_ACTCTX_H
#define LOADER_ACTCTX_H

#include <stdatomic.h>
#include "manifest.h"

struct search_result; /* loader.h */
struct module;

struct actctx_assembly {
    struct manifest *manifest;
    WCHAR *path;      /* of the file with the manifest */
    WCHAR *directory; /* with a backslash at its end */
};

struct actctx {
    ULONG magic;
    atomic_long references;
    WCHAR *directory; /* where private assemblies are looked for, with a backslash at its end */
    unsigned count;
    struct actctx_assembly *assemblies; /* the first is the root */
};

/* The stack of active contexts in the TEB; debuggers and run-times walk it, so its layout is ABI as far as it goes. */
struct actctx_frame {
    struct actctx_frame *previous;
    struct actctx *context; /* NULL: the process's own */
    ULONG flags;
    ULONG_PTR cookie;
};

struct actctx_stack {
    struct actctx_frame *active;
    LIST_ENTRY cache;
    ULONG flags, next_cookie, id;
};

/* Where a context comes from. */
struct actctx_source {
    struct manifest_text text;
    const WCHAR *path;      /* of the manifest's file */
    const WCHAR *directory; /* where its assemblies are, with a backslash at its end; NULL: beside `path` */
};

/*
 * Makes a context: reads the manifest and those of all assemblies it depends on.  STATUS_SXS_CANT_GEN_ACTCTX: one is
 * damaged or missing; load_error() then says which.
 */
NTSTATUS actctx_create(const struct actctx_source *source, struct actctx **context);
/* The same from a file: a manifest, or (resource not 0) an image with one among its resources. */
NTSTATUS actctx_create_from_file(const WCHAR *path, unsigned resource, const WCHAR *directory, struct actctx **context);
struct actctx *actctx_from_handle(HANDLE handle); /* NULL: none */
void actctx_reference(struct actctx *context);
void actctx_release(struct actctx *context);

/* The program's context; made when first asked for.  NULL: it has no manifest, or a bad one. */
struct actctx *actctx_process(void);
/* The active context of the calling thread, or the process's. */
struct actctx *actctx_active(void);

/* Does any context say where DLLs are? */
bool actctx_any(const struct module *importer);
/* The place of a DLL by the context of the importer, the thread, the process.  Loader lock. */
bool actctx_find_dll(const struct module *importer, const WCHAR *name, struct search_result *result);
/* The assembly in the context that has this file; false: none. */
bool actctx_find_file(const struct actctx *context, const WCHAR *name, unsigned *assembly, unsigned *file);

/*
 * Before the search for a DLL that is not Windows' own: makes the program's context if that was not done yet.
 * STATUS_SXS_CANT_GEN_ACTCTX: its manifest is damaged, or asks for an assembly that is not there.
 */
NTSTATUS actctx_before_search(void);

/* A supportedOS's Id as a GUID; false: it is none. */
bool actctx_system(const char *id, GUID *guid);
/* Does the program's manifest name this system (a GUID of supportedOS)? */
bool actctx_supports(const GUID *system);

/* actctx_thread.c: the stack for a thread that the calling one is about to make, or NULL; and its end. */
struct actctx_stack *actctx_thread_start(void);
void actctx_thread_end(struct actctx_stack *stack);

/* At load, before the imports: contexts for manifests that say where DLLs are.  Loader lock. */
NTSTATUS actctx_load_program(void);
NTSTATUS actctx_load_module(struct module *module);

#endif
