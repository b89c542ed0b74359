/*
 * datafile.h: modules loaded for their data or resources alone; their handles have bit 0 or 1 set.
 */
#ifndef LOADER_DATAFILE_H
#define LOADER_DATAFILE_H

#include "loader.h"

bool data_is_handle(HMODULE base);
NTSTATUS data_load(const struct load_request *request, HMODULE *base);
NTSTATUS data_unload(HMODULE base);
/* The image whose resources belong to such a handle.  With the loader lock held. */
NTSTATUS data_image(HMODULE base, struct pe_image *image);

#endif
