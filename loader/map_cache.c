/*
 * map_cache.c: large images come from a cache of page-aligned, relocated copies.
 *
 * Layer: loader; files and mappings by libc.  A copy is trusted if it is this user's, nobody else may write it, and its
 * header is exactly the one that would be written now.  Anything else is ignored and written again.  The cache lives in
 * $XDG_CACHE_HOME/winrun/images (~/.cache/winrun/images); deleting that directory empties it, WINRUN_IMAGE_CACHE=off
 * turns it off.
 */
#include "map_private.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CACHE_MIN (1u << 20) /* smaller images are read faster than mapped */
#define TOUCH_SECONDS 3600   /* how exactly the time of last use is known */
/* DLLs are relocated to slots of this range, by a hash, so that they seldom collide: far from programs and heaps. */
#define DLL_RANGE 0x300000000000ull
#define DLL_SLOT 0x10000000ull
#define DLL_SLOTS 448

static uint64_t hash_bytes(const void *data, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const uint8_t *)data)[i]) * 0x100000001b3ull;
    return hash ^ hash >> 29;
}

/* Files are named by what stays when a program is rebuilt in place, so that its new copy replaces the old. */
static uint64_t file_hash(const struct pe *pe)
{
    return hash_bytes(&pe->file, offsetof(struct pe_file_id, size));
}

void *map_cache_base(const struct pe *pe)
{
    uint64_t contents = pe->headers_size;
    const char *wish = getenv("WINRUN_IMAGE_CACHE");

    for (unsigned i = 0; i < pe->section_count; i++)
        contents += pe->sections[i].raw_size;
    if (contents < CACHE_MIN || pe->section_alignment < PE_PAGE || (wish && !strcmp(wish, "off")))
        return NULL;
    if (!(pe->characteristics & IMAGE_FILE_DLL) || !pe_relocatable(pe))
        return (void *)pe->base;
    return (void *)(DLL_RANGE + file_hash(pe) % DLL_SLOTS * DLL_SLOT);
}

bool map_cache_path(const struct pe *pe, char path[CACHE_PATH_MAX])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length;

    if (cache && *cache == '/')
        length = snprintf(path, CACHE_PATH_MAX, "%s/winrun/images", cache);
    else if (home && *home == '/')
        length = snprintf(path, CACHE_PATH_MAX, "%s/.cache/winrun/images", home);
    else
        return false;
    if (pe && length < CACHE_PATH_MAX)
        length += snprintf(path + length, CACHE_PATH_MAX - length, "/%016llx.img", (unsigned long long)file_hash(pe));
    return length < CACHE_PATH_MAX;
}

static bool boot_id(char *text, size_t size)
{
    static char id[sizeof((struct cache_header *)0)->boot];
    static _Atomic bool known; /* who reads it at the same time writes the same */

    if (!known) {
        int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
        ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

        if (fd >= 0)
            close(fd);
        if (got <= 0)
            return false;
        memcpy(id, text, size);
        known = true;
    }
    memcpy(text, id, size);
    return true;
}

bool map_cache_header(const struct pe *pe, struct cache_header *header)
{
    uint32_t start, end = 0;

    memset(header, 0, sizeof *header); /* padding too: headers are compared as bytes */
    memcpy(header->magic, "winrun1", sizeof header->magic);
    header->file = pe->file;
    header->base = (uint64_t)map_cache_base(pe);
    header->image_size = pe->size;
    header->checksum = pe->checksum;
    header->timestamp = pe->timestamp;
    while (map_next_stretch(pe, &start, &end))
        header->length = CACHE_DATA + (uint64_t)end;
    return boot_id(header->boot, sizeof header->boot);
}

static bool file_trusted(int fd, const struct cache_header *expected)
{
    struct cache_header header;
    struct stat st;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) ||
        (uint64_t)st.st_size != expected->length)
        return false;
    if (pread(fd, &header, sizeof header, 0) != sizeof header || memcmp(&header, expected, sizeof header))
        return false;
    if (time(NULL) - st.st_mtim.tv_sec > TOUCH_SECONDS)
        futimens(fd, NULL); /* for eviction; if it is not allowed, the file is evicted early */
    return true;
}

/* The reservation under `base` belongs to the address-space table, so only its pages are replaced here. */
static bool file_map(int fd, const struct pe *pe, char *base)
{
    uint32_t start, end = 0;

    while (map_next_stretch(pe, &start, &end))
        if (mmap(base + start, end - start, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, fd,
                 CACHE_DATA + (off_t)start) == MAP_FAILED)
            return false;
    return true;
}

bool map_cache_load(const struct pe *pe, void *base)
{
    char path[CACHE_PATH_MAX];
    struct cache_header expected;
    bool loaded = false;

    if (!map_cache_path(pe, path))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    if (map_cache_header(pe, &expected) && file_trusted(fd, &expected))
        loaded = file_map(fd, pe, base);
    close(fd);
    return loaded;
}
