/*
 * config.h: what prefix.conf says.  Without such a file there is nothing to say, and nothing was opened for it.
 */
#ifndef NTDLL_CONFIG_H
#define NTDLL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct config_drive {
    const char *path; /* host directory, without a slash at its end; NULL: not mentioned */
    bool read_only, removed;
};

enum config_dll_order { DLL_DEFAULT, DLL_NATIVE, DLL_BUILTIN, DLL_NATIVE_BUILTIN, DLL_BUILTIN_NATIVE, DLL_DISABLED };

struct config_pair {
    const char *name, *value;
};

/* A DLL that stands for a library of the host: [host-dlls], and a group with its functions. */
struct config_host_dll {
    const char *name;              /* without .dll, in lower case; NULL ends */
    const char *library;           /* soname or path */
    struct config_pair *functions; /* value: signature; name NULL ends */
};

struct prefix_config {
    const char *version, *user; /* NULL: not mentioned */
    unsigned ansi, oem;         /* code pages; 0: not mentioned */
    struct config_drive drives[26];
    struct config_pair *environment; /* value NULL: removed; name NULL ends */
    const char *path_before, *path_after;
    struct config_pair *links; /* folders of the user and host directories; name NULL ends */
    struct config_dll {
        const char *name; /* without .dll; NULL ends */
        enum config_dll_order order;
    } * dlls;
    struct config_host_dll *host_dlls;
};

/* The plug-in's one function, winrun_conf_read: NULL and one line in `error` if something is wrong. */
typedef struct prefix_config *config_reader(const char *prefix, char *error, size_t size);

/* Reads prefix.conf if there is one; ends the process with one line if it is wrong.  Before the PEB is made. */
void config_load(void);
/* Changes the environment, once it is there. */
void config_environment(void);

/* NULL: no prefix.conf, or it says nothing of this drive ('A' to 'Z') */
const struct config_drive *config_drive(unsigned letter);
enum config_dll_order config_dll(const char *name);
/* NULL: it is not bound; name: with or without .dll */
const struct config_host_dll *config_host_dll(const char *name);

#endif
