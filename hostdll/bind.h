/*
 * bind.h: what the files of winrun-hostdll.so share.
 */
#ifndef HOSTDLL_BIND_H
#define HOSTDLL_BIND_H

#include <ffi.h>
#include "binding.h"
#include "loader/signature.h"

/* How a type lies in memory on each side, and whether a value has to be converted. */
struct layout {
    uint32_t windows_size, windows_alignment, host_size, host_alignment;
    bool convert;
};

/* A function type that can be called or be called back. */
struct shape {
    const struct signature *signature;
    const struct type *type; /* TYPE_FUNCTION */
    const struct binding_services *services;
    bool plain;  /* nothing has to be converted but long results */
    bool hidden; /* on Windows the result is written where a first argument points */
    ffi_cif cif; /* the host's side */
    ffi_type *arguments[SIGNATURE_ARGUMENTS_MAX];
};

/* A host function as Windows code calls it; the data of its trampoline. */
struct binding {
    struct shape shape;
    void *function;
    const char *name;
};

struct bound_dll {
    const char *name; /* without .dll */
    unsigned count;
    struct bound_function {
        struct binding binding;
        struct signature signature;
        char *name, *symbol, *version; /* version NULL: the default one */
        unsigned ordinal;              /* 0: none is given */
        uint32_t stub, data;           /* where they lie in the image */
    } functions[];
};

/* bind_layout.c.  The signature has been checked by layout_check. */
struct layout layout_of(const struct signature *signature, const struct type *type);
ffi_type *layout_ffi(const struct signature *signature, const struct type *type); /* NULL: no memory */
bool layout_check(const struct signature *signature, const struct type *type, char *error, size_t size);
void layout_to_host(const struct shape *shape, const struct type *type, const void *windows, void *host);
void layout_to_windows(const struct shape *shape, const struct type *type, const void *host, void *windows);
/* Does Windows' convention pass it by its address? */
bool layout_by_address(const struct layout *layout);

/* bind_call.c: a host function in place of a Windows one. */
bool shape_init(struct shape *shape, const struct signature *signature, const struct type *type,
                const struct binding_services *services);
/* A host function as one that Windows code can call; NULL stays NULL, and a callback becomes what it was. */
void *bind_reverse(const struct shape *shape, const struct type *type, void *function);
void *bind_reverse_origin(void *code);                                /* NULL: it is none */
extern const char bind_entry[] __attribute__((visibility("hidden"))); /* bind_entry.S */

/* bind_callback.c: the opposite; NULL and -1 stay what they are. */
void *bind_callback(const struct shape *shape, const struct type *type, void *function);
void *bind_callback_origin(void *code);

/* bind_variadic.c: the call of a function of printf's kind. */
uint64_t bind_call_variadic(const struct binding *binding, const uint64_t *slots, const double *floats);

/* bind_image.c: the DLL's image in a memfd; sets each function's stub and data.  -1: error */
int bind_image(struct bound_dll *dll);

/* bind_elf.c: opens the library and finds and verifies every function. */
bool bind_verify(struct bound_dll *dll, const char *library, char *error, size_t size);

#endif
