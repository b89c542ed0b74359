/*
 * virtual.h: the process's address space as Windows sees it.
 *
 * One ordered table of regions (private, mapped, image) with per-page protection; whatever
 * is not in it (the host's libraries, stacks) is described from /proc/self/maps.  All
 * mappings that Windows code can see are made here.
 */
#ifndef NTDLL_VIRTUAL_H
#define NTDLL_VIRTUAL_H

#include "win.h"

/*
 * Reserves address space for an image of `size` bytes: at `preferred` if free, else where
 * Windows would place it (below 2 GB only if asked by `low`).  The memory is readable and
 * writable, zero, and MEM_IMAGE; populate: its pages are made present at once.
 * STATUS_NO_MEMORY.  Release with virtual_unmap_image.
 */
NTSTATUS virtual_map_image(void *preferred, size_t size, bool populate, void **base);

/* Takes over a mapping made by mmap at `base` (image cache, built-in modules in our own ELF file). */
NTSTATUS virtual_adopt_image(void *base, size_t size);
NTSTATUS virtual_unmap_image(void *base);

/* Sets a section's Windows protection (PAGE_EXECUTE_READ ...) on whole pages, and the host's with it. */
NTSTATUS virtual_protect_image(void *address, size_t size, ULONG protect);

/* True if [address, address+size) is readable; no fault, no allocation. */
bool virtual_readable(const void *address, size_t size);

#endif
