/*
 * cache.h: the URL cache (cache.c), its functions for programs (cacheapi.c), and requests that use it (cacheuse.c).
 */
#ifndef WININET_CACHE_H
#define WININET_CACHE_H

#include "wininet/inet.h"

struct cache_entry {
    DWORD type, hits;
    uint64_t size;
    FILETIME modified, expires, accessed, synced;
    WCHAR *url, *file, *head, *extension; /* file: NULL: none */
};

/* The system's time, and a FILETIME, in units of 100 ns since 1601. */
static inline uint64_t cache_now(void)
{
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static inline FILETIME cache_time(uint64_t time)
{
    return (FILETIME){(DWORD)time, (DWORD)(time >> 32)};
}

/* False with last error ERROR_FILE_NOT_FOUND: none.  Its texts go by cache_entry_free. */
bool cache_find(const WCHAR *url, struct cache_entry *entry);
void cache_entry_free(struct cache_entry *entry);
bool cache_store(const struct cache_entry *entry);
bool cache_delete(const WCHAR *url);
/* A file for what a URL names, made and empty. */
bool cache_file_make(const WCHAR *url, const WCHAR *extension, WCHAR *path);
/* All entries, one a call: `find` begins as NULL; false: no more. */
struct cache_walk;
bool cache_next(struct cache_walk **walk, struct cache_entry *entry);
void cache_walk_end(struct cache_walk *walk);

/* cacheuse.c: the answer is served from the cache (true), or *error: it should and can not be.  Else it is sent,
   perhaps with a question whether the cache's is still good, and the answer goes through cache_after. */
bool cache_before(HINTERNET request, DWORD *error);
void cache_after(HINTERNET request);
/* Is the request's answer from the cache; the file where it lies, or NULL. */
bool cache_answered(HINTERNET request);
const WCHAR *cache_data_file(HINTERNET request);

#endif
