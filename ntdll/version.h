/*
 * version.h: the version of Windows that programs are told, and what else a prefix says about its machine.
 */
#ifndef NTDLL_VERSION_H
#define NTDLL_VERSION_H

#include "win.h"

struct windows_version {
    const char *name; /* as prefix.conf has it */
    BYTE major, minor;
    WORD build, ubr;
    BYTE product_type; /* VER_NT_WORKSTATION ... */
    BYTE service_pack;
    const char *number;                               /* CurrentVersion */
    const char *product;                              /* ProductName */
    const char *edition, *release, *display, *branch; /* NULL: Windows of that time has no such value */
};

const struct windows_version *windows_version(void);
/* False: there is no such version. */
bool windows_version_select(const char *name);
/* The names that windows_version_select knows, by number; NULL ends. */
const char *windows_version_name(unsigned index);

/* The same for each run of the prefix; kept in the registry's file once there is one. */
void machine_guid(uint8_t guid[16]);

#endif
