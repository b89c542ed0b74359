/*
 * pe_private.h: between the files of the PE reader.
 */
#ifndef LOADER_PE_PRIVATE_H
#define LOADER_PE_PRIVATE_H

#include "pe.h"

/* Sets pe->error and returns `status`. */
NTSTATUS pe_refuse(struct pe *pe, NTSTATUS status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Refusals of files that are something else (pe_kind.c). */
NTSTATUS pe_kind_first_bytes(struct pe *pe, const uint8_t *data, size_t size);
NTSTATUS pe_kind_no_nt_headers(struct pe *pe, const IMAGE_DOS_HEADER *dos, const uint8_t *nt, size_t available);
NTSTATUS pe_kind_check(enum pe_use use, struct pe *pe, const IMAGE_FILE_HEADER *header,
                       const IMAGE_OPTIONAL_HEADER64 *optional);

#endif
