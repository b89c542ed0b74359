/*
 * map.h: getting a checked image (pe.h) into memory.
 *
 * Small images are read into populated memory; large ones are mapped from the image
 * cache.  Order for the caller: pe_open, map_image, bind imports, map_protect.
 */
#ifndef LOADER_MAP_H
#define LOADER_MAP_H

#include "pe.h"

/*
 * Maps the image and relocates it (one opened as PE_RESOURCE lies anywhere, as it is).  Until map_protect all of it
 * is readable and writable.  On failure image->base is NULL, and pe->error says why: STATUS_INVALID_IMAGE_FORMAT,
 * STATUS_NO_MEMORY, STATUS_CONFLICTING_ADDRESSES (no relocations and its base is taken).  Release with
 * virtual_unmap_image.
 */
NTSTATUS map_image(int fd, struct pe *pe, struct pe_image *image);

/* Sets the sections' protections; the header page becomes read-only. */
NTSTATUS map_protect(const struct pe *pe, const struct pe_image *image);

#endif
