/*
 * pe.h: reading PE images without trusting them.
 *
 * Two steps.  pe_open reads the headers of a file (one pread for ordinary files) and checks them: what it
 * accepts can be mapped (map.h).  The pe_image functions then read an image in memory: every address in
 * it is checked against the image before it is used, so that a bad file gives an error, never a
 * fault.  Whoever walks a directory of an image does it with these.
 */
#ifndef LOADER_PE_H
#define LOADER_PE_H

#include "win.h"

#define PE_SECTIONS_MAX 96 /* Windows' documented limit */
#define PE_PAGE 0x1000u

struct pe_section {
    uint32_t rva;      /* multiple of the section alignment, ascending, adjacent */
    uint32_t size;     /* in memory, whole pages (or alignment units below a page) */
    uint32_t raw;      /* in the file */
    uint32_t raw_size; /* to be read: never beyond `size` or the end of the file */
    uint32_t flags;    /* IMAGE_SCN_* */
};

/* What decides whether a cached copy is still that file. */
struct pe_file_id {
    uint64_t device, inode, size;
    int64_t mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
};

struct pe {
    struct pe_file_id file;
    bool code;             /* for its code too: lies where it can run, relocated */
    uint64_t base;         /* preferred */
    uint32_t size;         /* of the image in memory, whole pages */
    uint32_t headers_size; /* bytes of the file that are mapped at rva 0 */
    uint32_t nt_offset;    /* of the NT headers, within headers_size */
    uint32_t section_alignment;
    uint32_t entry; /* rva; 0: none */
    uint32_t checksum, timestamp;
    uint16_t machine, subsystem, characteristics, dll_characteristics;
    uint64_t stack_reserve, stack_commit, heap_reserve, heap_commit;
    IMAGE_DATA_DIRECTORY directories[IMAGE_NUMBEROF_DIRECTORY_ENTRIES];
    uint16_t section_count;
    struct pe_section sections[PE_SECTIONS_MAX];
    char error[160]; /* what is wrong, without file name or full stop, when pe_open fails */
};

enum pe_use {
    PE_PROGRAM,  /* to be run: 64-bit, console or GUI, native code, not a DLL */
    PE_LIBRARY,  /* to be loaded with its code: 64-bit; an EXE is allowed, as in LoadLibrary */
    PE_RESOURCE, /* for its resources only: any machine, PE32 too */
};

/*
 * Reads and checks the headers of the open file.  STATUS_SUCCESS, STATUS_INVALID_IMAGE_NOT_MZ,
 * STATUS_INVALID_IMAGE_FORMAT, STATUS_INVALID_IMAGE_WIN_32 (other machine), STATUS_INVALID_IMAGE_PROTECT (DOS, NE, LE),
 * or the status of a failed read; on failure pe->error says it for people.
 */
NTSTATUS pe_open(int fd, enum pe_use use, struct pe *pe);

/* The same over a whole file in memory. */
NTSTATUS pe_parse(const void *data, size_t size, enum pe_use use, struct pe *pe);

/* The Windows protection (PAGE_*) of a section. */
ULONG pe_section_protect(uint32_t flags);

/* An image in memory, laid out as mapped. */
struct pe_image {
    uint8_t *base;
    uint32_t size;
    uint64_t preferred; /* the base its addresses are relocated to: normally (uint64_t)base */
    IMAGE_DATA_DIRECTORY directories[IMAGE_NUMBEROF_DIRECTORY_ENTRIES];
};

/* From a mapped file, or from the headers of any image in memory (a built-in module); false: no PE headers there. */
void pe_image_init(struct pe_image *image, const struct pe *pe, void *base);
bool pe_image_from_memory(struct pe_image *image, void *base, size_t size);

/* [rva, rva+size) of the image, or NULL if it is not all inside.  size 0: NULL. */
void *pe_at(const struct pe_image *image, uint64_t rva, uint64_t size);
/* The same for an absolute address inside the image (TLS directory, load configuration). */
void *pe_at_address(const struct pe_image *image, uint64_t address, uint64_t size);
/* A zero-terminated string at rva, or NULL. */
const char *pe_string(const struct pe_image *image, uint64_t rva);
/* A data directory's rva and size, {0, 0} if absent. */
IMAGE_DATA_DIRECTORY pe_directory(const struct pe_image *image, unsigned index);

/* Applies the relocations for a move by `delta`. STATUS_INVALID_IMAGE_FORMAT: bad table (the image is then half done).
 */
NTSTATUS pe_relocate(const struct pe_image *image, uint64_t delta);
/* False if the image has been stripped of its relocations: it must lie at its preferred base. */
bool pe_relocatable(const struct pe *pe);

/* An entry of an import table; some linkers do not align them. */
typedef uint64_t pe_thunk __attribute__((aligned(1), may_alias));
/* Tables of the export directory need not be aligned either. */
typedef uint32_t pe_rva __attribute__((aligned(1), may_alias));
typedef uint16_t pe_ordinal __attribute__((aligned(1), may_alias));

/* One DLL of the import table. Start with position 0; false: no more, or bad (then `bad` is set). */
struct pe_import {
    uint32_t position; /* of the next descriptor */
    bool bad;          /* the table leaves the image */
    const char *dll;
    const pe_thunk *names; /* look-up table (the slots themselves if there is none), `count` long */
    pe_thunk *slots;       /* where the addresses go */
    uint32_t count;        /* without the closing zero */
    uint32_t attributes;   /* delay imports: 1 if by rva */
    HMODULE *handle;       /* delay imports: where the module goes, or NULL */
};
bool pe_import_next(const struct pe_image *image, struct pe_import *import);
bool pe_delay_import_next(const struct pe_image *image, struct pe_import *import);

/* One imported symbol: name and hint, or name NULL and ordinal.  False: the name leaves the image. */
struct pe_symbol {
    const char *name;
    uint16_t hint, ordinal;
};
bool pe_import_symbol(const struct pe_image *image, const struct pe_import *import, uint32_t index,
                      struct pe_symbol *symbol);

/* An export. */
struct pe_export {
    uint32_t rva;        /* of code or data, inside the image; 0 if forwarded */
    const char *forward; /* "dll.Name" or "dll.#12", or NULL */
    uint32_t ordinal;    /* biased, as imports use it */
    const char *name;    /* set by pe_export_at and pe_export_by_name */
};
bool pe_export_by_name(const struct pe_image *image, const char *name, uint16_t hint, struct pe_export *result);
bool pe_export_by_ordinal(const struct pe_image *image, uint32_t ordinal, struct pe_export *result);
/* All named exports, for listing: false past the end. */
bool pe_export_at(const struct pe_image *image, uint32_t index, struct pe_export *result);

/* The TLS directory. */
struct pe_tls {
    const void *data; /* template, or NULL */
    uint32_t data_size, zero_size;
    uint32_t alignment;        /* at least 1 */
    DWORD *index;              /* where the index goes */
    const uint64_t *callbacks; /* absolute addresses, or NULL */
    uint32_t callbacks_max;    /* entries that fit in the image; a zero ends the list earlier */
};
/* STATUS_SUCCESS, STATUS_NOT_FOUND (none), STATUS_INVALID_IMAGE_FORMAT. */
NTSTATUS pe_tls(const struct pe_image *image, struct pe_tls *tls);

/* The exception directory: clipped to the image; NULL and 0 if absent. */
const RUNTIME_FUNCTION *pe_exceptions(const struct pe_image *image, size_t *count);

/* The load configuration; *size is how much of it may be read.  NULL if absent. */
IMAGE_LOAD_CONFIG_DIRECTORY64 *pe_load_config(const struct pe_image *image, size_t *size);

/*
 * Resources.  Offsets are relative to the resource directory, as in the entries (without the high bit).
 * pe_resource_entries: the entries of one directory; the first *named are by name. NULL: bad.
 * pe_resource_name: length-prefixed name.  pe_resource_data: the bytes of a leaf.
 */
const IMAGE_RESOURCE_DIRECTORY_ENTRY *pe_resource_entries(const struct pe_image *image, uint32_t offset,
                                                          uint32_t *named, uint32_t *total);
const IMAGE_RESOURCE_DIR_STRING_U *pe_resource_name(const struct pe_image *image, uint32_t offset);
const IMAGE_RESOURCE_DATA_ENTRY *pe_resource_leaf(const struct pe_image *image, uint32_t offset);
void *pe_resource_data(const struct pe_image *image, const IMAGE_RESOURCE_DATA_ENTRY *leaf);

#endif
