/*
 * make_pe.h: a small, complete, valid program, for tests that damage it.
 *
 * It has every directory that the loader reads; run, it ends at once with exit code 0.
 */
#ifndef TESTS_MAKE_PE_H
#define TESTS_MAKE_PE_H

#include "win.h"

#define GOOD_PE_BASE 0x200000000000ull
#define GOOD_PE_NT 0x80     /* file offset of the NT headers */
#define GOOD_PE_SIZE 0x1400 /* of the file */

/* Sections: rva, offset in the file. */
#define TEXT_RVA 0x1000
#define TEXT_RAW 0x400
#define RDATA_RVA 0x2000
#define RDATA_RAW 0x600
#define DATA_RVA 0x3000
#define DATA_RAW 0xe00
#define RSRC_RVA 0x5000
#define RSRC_RAW 0x1000
#define RELOC_RVA 0x6000
#define RELOC_RAW 0x1200
#define GOOD_PE_IMAGE_SIZE 0x7000

/* Where things are. */
#define IMPORT_RVA (RDATA_RVA + 0x000)
#define LOOKUP_RVA (RDATA_RVA + 0x080)
#define NAMES_RVA (RDATA_RVA + 0x100)
#define EXPORT_RVA (RDATA_RVA + 0x200)
#define DELAY_RVA (RDATA_RVA + 0x300)
#define PDATA_RVA (RDATA_RVA + 0x400)
#define TLS_RVA (RDATA_RVA + 0x440)
#define CONFIG_RVA (RDATA_RVA + 0x500)
#define IAT_RVA (DATA_RVA + 0x000)

struct good_pe {
    IMAGE_DOS_HEADER *dos;
    IMAGE_NT_HEADERS64 *nt;
    IMAGE_SECTION_HEADER *sections;
    uint8_t file[GOOD_PE_SIZE] __attribute__((aligned(16)));
};

void make_good_pe(struct good_pe *pe);

/* The file's bytes that come to lie at `rva`. */
void *good_pe_at(struct good_pe *pe, uint32_t rva);

#endif
