/*
 * cfi.h: a module's .pdata as DWARF call frame information, for readers that know no other: libunwind, gdb, libgcc.
 *
 * One .eh_frame section a module, made on demand: a CIE, an FDE for each function (absolute addresses), and a table
 * of them sorted by address, in the form of libunwind's UNW_INFO_FORMAT_REMOTE_TABLE.  winrun itself unwinds by .pdata
 * (ntdll/unwind.c); that both agree at each instruction is what tests/unit/test_cfi.c checks.
 */
#ifndef DEBUG_CFI_H
#define DEBUG_CFI_H

#include "win.h"

struct cfi_entry {
    int32_t start, fde; /* both relative to the module's base */
};

struct cfi {
    uint8_t *section; /* near the module, so that offsets of 32 bits reach it */
    size_t size;      /* of the section */
    struct cfi_entry *table;
    size_t count;
    size_t mapped; /* owned: section and table are one mapping */
};

/*
 * Translates the functions of the module at `base`, whose image has `image_size` bytes.  vectors: with the places of
 * xmm6-xmm15 (DWARF registers 23-32), which gdb and libdw know and libunwind refuses.  False: no memory.
 * Functions that DWARF can not describe (a machine frame) are left out.
 */
bool cfi_make(struct cfi *cfi, const uint8_t *base, size_t image_size, const RUNTIME_FUNCTION *functions, size_t count,
              bool vectors);
void cfi_free(struct cfi *cfi);

#endif
