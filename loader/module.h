/*
 * module.h: loaded modules: PE images from files and the built-in ones, which look the same.
 *
 * A module owns its mapping and its LDR_DATA_TABLE_ENTRY.  The list is guarded by the loader
 * lock (PEB.LoaderLock); look-ups by address take no lock that a signal handler could find held.
 * Entries are never freed, only emptied (base NULL) and used again.
 *
 * References: a load counts once for the module and once for each module that it reaches through
 * its imports, so that circular imports come apart again; -1 is for ever.
 */
#ifndef LOADER_MODULE_H
#define LOADER_MODULE_H

#include "pe.h"

struct builtin;    /* builtin.h: a built-in DLL's tables */
struct module_tls; /* tls.c */
struct actctx;     /* actctx.h */

enum module_state {
    MODULE_EMPTY,     /* entry not in use */
    MODULE_DATA,      /* mapped as a data file or for its resources: not in the Ldr lists, never runs */
    MODULE_MAPPED,    /* imports not bound yet, or DllMain not called yet */
    MODULE_ATTACHING, /* its DllMain is running */
    MODULE_READY,
    MODULE_DETACHED, /* DLL_PROCESS_DETACH has been called */
};

struct module {
    LDR_DATA_TABLE_ENTRY ldr; /* must be first: PEB.Ldr's lists link here */
    void *base;
    size_t size;
    const IMAGE_NT_HEADERS64 *nt;
    const struct builtin *builtin; /* NULL: from a file */
    char *host_path;               /* of the file; NULL for built-in; owned */
    LONG references;               /* -1: pinned */
    const RUNTIME_FUNCTION *pdata; /* exception directory, sorted; NULL if none */
    size_t pdata_count;
    struct module *next; /* all modules, for lock-free walks: entries are never freed, only emptied */

    enum module_state state;
    bool bound;              /* made for a binding of prefix.conf; host_path is the library's name */
    bool visited;            /* mark of the graph walk in progress */
    ULONG search_flags;      /* LoadLibraryEx's flags, as its imports are searched with */
    struct pe *pending;      /* headers, until its imports are bound and it is protected; owned */
    struct pe_image image;   /* for pe.h's walkers */
    struct module_tls *tls;  /* static TLS; NULL if none */
    struct actctx *context;  /* of its own manifest; NULL if none; owned */
    struct module **imports; /* modules it imports from, each once; owned */
    unsigned import_count;
    uint64_t device, inode; /* of the file: the same file under two names is one module */
};

/* First of all modules, also the empty ones. */
struct module *module_first(void);

/* The module whose image holds `address`, or NULL.  Callable from a signal handler. */
struct module *module_from_address(const void *address);

/* The module with this base (HMODULE); NULL means the program itself. */
struct module *module_from_base(const void *base);

/* "name.dll+0x1234" or "name.dll!Export+0x10" into `text`. Callable while crashing. */
void module_describe_address(const void *address, char *text, size_t size);

/*
 * The function at `address` by the symbol table in the module's file, and how far inside; false: unknown.  For the
 * crash report alone: one thread at a time.  `size`: at least 9.
 */
bool module_function_name(const struct module *module, const void *address, char *name, size_t size, uint32_t *offset);

/* The program itself. */
struct module *module_program(void);

/* The loader lock, PEB.LoaderLock: recursive; held while DllMain runs. */
void loader_lock(void);
void loader_unlock(void);

/*
 * For threads (ntdll/thread.c).  tls_thread_init gives a TEB that is not running yet its static TLS;
 * loader_thread_attach calls TLS callbacks and DllMain with DLL_THREAD_ATTACH on the thread itself.
 * At the end LdrShutdownThread calls them with DLL_THREAD_DETACH and tls_thread_free frees the blocks.
 * LdrShutdownProcess calls DLL_PROCESS_DETACH in reverse order of initialization.
 */
NTSTATUS tls_thread_init(PTEB teb);
void tls_thread_free(PTEB teb);
void loader_thread_attach(void);
void WINAPI LdrShutdownThread(void);
void WINAPI LdrShutdownProcess(void);

/* For a built-in module that has something to save when the process ends: called after all modules are detached. */
void loader_at_shutdown(void (*function)(void));

/* Functions that were called though winrun does not have them yet, newest first: "dll!Name", NULL after the last. */
const char *missing_called(unsigned index);

/* --trace: the last API calls, newest first, one line each, for the crash report; NULL after the last. */
const char *trace_recent(unsigned index);
/* --trace-summary: prints it; the last thing that a process does. */
void trace_finish(void);

#endif
