/*
 * map_private.h: between the files that map images.
 */
#ifndef LOADER_MAP_PRIVATE_H
#define LOADER_MAP_PRIVATE_H

#include "map.h"

/*
 * The next stretch of the image that has file contents, as page-aligned [*start, *end); false: no more.
 * Start with *end 0.  Stretches closer than 64 KiB are one: an mmap costs more than the pages between.
 */
bool map_next_stretch(const struct pe *pe, uint32_t *start, uint32_t *end);

/*
 * The image cache.  map_cache_base: where a cached copy of this image lies in memory; NULL: the image is not to be
 * cached.  map_cache_load lays a valid copy over `base`, which has been reserved.  map_cache_store writes a copy of
 * an image at that base which nothing but relocation has changed; its failure is of no consequence.
 */
void *map_cache_base(const struct pe *pe);
bool map_cache_load(const struct pe *pe, void *base);
void map_cache_store(const struct pe *pe, void *base);

/* The first page of a cache file; behind it the image, page by page, pages without contents being holes. */
struct cache_header {
    char magic[8];
    struct pe_file_id file;
    uint64_t base;   /* the image is relocated to it */
    uint64_t length; /* of the cache file */
    uint32_t image_size, checksum, timestamp, reserved;
    char boot[40]; /* kernel's boot id: what an earlier boot wrote may never have reached the disk */
};

#define CACHE_DATA 0x1000 /* offset of the image in the file */
#define CACHE_PATH_MAX 1024

/* What the header of a valid cache file of this image is; false: it can not have one. */
bool map_cache_header(const struct pe *pe, struct cache_header *header);
/* The cache file of this image, or with NULL the cache directory; false: no place for one. */
bool map_cache_path(const struct pe *pe, char path[CACHE_PATH_MAX]);
/* Deletes the files used longest ago until `needed` bytes more are within the cache's limit. */
void map_cache_evict(uint64_t needed);

#endif
