/*
 * cachefind.c: wininet.h: enumerating the URL cache, and reading its files as streams.
 */
#include "wininet/cache.h"

/* What a handle stands for; the entry that did not fit is given once more. */
struct find {
    struct cache_walk *walk;
    struct cache_entry next;
    bool has_next, ansi;
    WCHAR *pattern;
    DWORD filter;
};

BOOL WINAPI GetUrlCacheEntryInfoW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size);
BOOL WINAPI GetUrlCacheEntryInfoA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size);

static bool wanted(const struct find *find, const struct cache_entry *entry)
{
    size_t length = find->pattern ? wide_length(find->pattern) : 0;

    if (!(entry->type & find->filter))
        return false;
    return !length || (wide_length(entry->url) >= length &&
                       CompareStringOrdinal(entry->url, (int)length, find->pattern, (int)length, TRUE) == CSTR_EQUAL);
}

static BOOL next_give(struct find *find, void *info, DWORD *size)
{
    BOOL done;

    while (!find->has_next) {
        if (!cache_next(&find->walk, &find->next))
            return inet_fail(ERROR_NO_MORE_ITEMS);
        find->has_next = wanted(find, &find->next);
        if (!find->has_next)
            cache_entry_free(&find->next);
    }
    if (find->ansi) {
        char *url = ansi_from_wide(find->next.url);

        done = url && GetUrlCacheEntryInfoA(url, info, size);
        crypt_free(url);
    } else {
        done = GetUrlCacheEntryInfoW(find->next.url, info, size);
    }
    if (done || GetLastError() == ERROR_FILE_NOT_FOUND) {
        cache_entry_free(&find->next);
        find->has_next = false;
        if (!done) /* it went meanwhile */
            return next_give(find, info, size);
    }
    return done;
}

static void find_free(struct find *find)
{
    cache_walk_end(find->walk);
    cache_entry_free(&find->next);
    crypt_free(find->pattern);
    crypt_free(find);
}

static HANDLE find_start(WCHAR *pattern, DWORD filter, void *info, DWORD *size, bool ansi)
{
    struct find *find = size ? crypt_alloc(sizeof *find) : NULL;

    if (!find) {
        crypt_free(pattern);
        SetLastError(size ? ERROR_OUTOFMEMORY : ERROR_INVALID_PARAMETER);
        return NULL;
    }
    find->ansi = ansi;
    find->filter = filter ? filter : URLCACHE_FIND_DEFAULT_FILTER;
    if (pattern && *pattern && wide_compare_nocase(pattern, L"*.*") && wide_compare_nocase(pattern, L"visited:") &&
        wide_compare_nocase(pattern, L"cookie:"))
        find->pattern = wide_copy(pattern);
    else if (pattern && (*pattern == 'v' || *pattern == 'c')) /* neither history nor cookies lie here */
        find->filter = 0;
    crypt_free(pattern);
    if (next_give(find, info, size))
        return find;
    find_free(find);
    return NULL;
}

HANDLE WINAPI FindFirstUrlCacheEntryExW(LPCWSTR pattern, DWORD flags, DWORD filter, GROUPID group,
                                        LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size, LPVOID attributes,
                                        LPDWORD attributes_size, LPVOID reserved)
{
    (void)flags, (void)group, (void)attributes, (void)attributes_size, (void)reserved;
    return find_start(pattern ? wide_copy(pattern) : NULL, filter, info, size, false);
}

HANDLE WINAPI FindFirstUrlCacheEntryExA(LPCSTR pattern, DWORD flags, DWORD filter, GROUPID group,
                                        LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size, LPVOID attributes,
                                        LPDWORD attributes_size, LPVOID reserved)
{
    (void)flags, (void)group, (void)attributes, (void)attributes_size, (void)reserved;
    return find_start(wide_from_ansi(pattern), filter, info, size, true);
}

HANDLE WINAPI FindFirstUrlCacheEntryW(LPCWSTR pattern, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size)
{
    return find_start(pattern ? wide_copy(pattern) : NULL, 0, info, size, false);
}

HANDLE WINAPI FindFirstUrlCacheEntryA(LPCSTR pattern, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size)
{
    return find_start(wide_from_ansi(pattern), 0, info, size, true);
}

BOOL WINAPI FindNextUrlCacheEntryW(HANDLE handle, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size)
{
    return handle && size ? next_give(handle, info, size) : inet_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI FindNextUrlCacheEntryA(HANDLE handle, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size)
{
    return handle && size ? next_give(handle, info, size) : inet_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI FindNextUrlCacheEntryExW(HANDLE handle, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size, LPVOID attributes,
                                     LPDWORD attributes_size, LPVOID reserved)
{
    (void)attributes, (void)attributes_size, (void)reserved;
    return FindNextUrlCacheEntryW(handle, info, size);
}

BOOL WINAPI FindNextUrlCacheEntryExA(HANDLE handle, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size, LPVOID attributes,
                                     LPDWORD attributes_size, LPVOID reserved)
{
    (void)attributes, (void)attributes_size, (void)reserved;
    return FindNextUrlCacheEntryA(handle, info, size);
}

BOOL WINAPI FindCloseUrlCache(HANDLE handle)
{
    if (!handle)
        return inet_fail(ERROR_INVALID_HANDLE);
    find_free(handle);
    return TRUE;
}

BOOL WINAPI RetrieveUrlCacheEntryFileW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size, DWORD reserved);
BOOL WINAPI RetrieveUrlCacheEntryFileA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size, DWORD reserved);

/* A stream is its file. */
static HANDLE stream_open(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);

    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

HANDLE WINAPI RetrieveUrlCacheEntryStreamW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size, BOOL random,
                                           DWORD reserved)
{
    (void)random;
    return RetrieveUrlCacheEntryFileW(url, info, size, reserved) ? stream_open(info->lpszLocalFileName) : NULL;
}

HANDLE WINAPI RetrieveUrlCacheEntryStreamA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size, BOOL random,
                                           DWORD reserved)
{
    WCHAR *path;
    HANDLE file;

    (void)random;
    if (!RetrieveUrlCacheEntryFileA(url, info, size, reserved))
        return NULL;
    path = wide_from_ansi(info->lpszLocalFileName);
    file = stream_open(path);
    crypt_free(path);
    return file;
}

BOOL WINAPI ReadUrlCacheEntryStream(HANDLE stream, DWORD place, LPVOID buffer, LPDWORD size, DWORD reserved)
{
    if (!size || reserved)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (SetFilePointer(stream, (LONG)place, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER)
        return FALSE;
    return ReadFile(stream, buffer, *size, size, NULL);
}

BOOL WINAPI UnlockUrlCacheEntryStream(HANDLE stream, DWORD reserved)
{
    (void)reserved;
    return CloseHandle(stream);
}
