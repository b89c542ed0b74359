/*
 * cacheapi.c: wininet.h: the URL cache as programs see it.
 */
#include "wininet/cache.h"

/* A text goes behind the structure; `at` is where the next one will. */
static void *text_put(BYTE *base, DWORD room, DWORD *at, const WCHAR *text, bool ansi, DWORD *size)
{
    char *narrow = ansi && text ? ansi_from_wide(text) : NULL;
    DWORD bytes = !text  ? 0
                  : ansi ? (DWORD)strlen(narrow ? narrow : "") + 1
                         : (DWORD)((wide_length(text) + 1) * sizeof *text);
    void *place = NULL;

    if (bytes) {
        if (base && *at + bytes <= room) {
            place = base + *at;
            memcpy(place, ansi ? (const void *)(narrow ? narrow : "") : text, bytes);
        }
        *at += (bytes + 7) & ~7u;
    }
    if (size)
        *size = ansi ? bytes - (bytes != 0) : bytes / (DWORD)sizeof *text - (bytes != 0);
    crypt_free(narrow);
    return place;
}

/* Both structures are alike but for their texts. */
static BOOL entry_give(const struct cache_entry *entry, INTERNET_CACHE_ENTRY_INFOW *info, DWORD *size, bool ansi)
{
    DWORD at = sizeof *info, room = info ? *size : 0;
    INTERNET_CACHE_ENTRY_INFOW made = {.dwStructSize = sizeof made,
                                       .CacheEntryType = entry->type,
                                       .dwUseCount = 0,
                                       .dwHitRate = entry->hits,
                                       .dwSizeLow = (DWORD)entry->size,
                                       .dwSizeHigh = (DWORD)(entry->size >> 32),
                                       .LastModifiedTime = entry->modified,
                                       .ExpireTime = entry->expires,
                                       .LastAccessTime = entry->accessed,
                                       .LastSyncTime = entry->synced};

    made.lpszSourceUrlName = text_put((BYTE *)info, room, &at, entry->url, ansi, NULL);
    made.lpszLocalFileName = text_put((BYTE *)info, room, &at, entry->file, ansi, NULL);
    made.lpHeaderInfo = text_put((BYTE *)info, room, &at, entry->head, ansi, &made.dwHeaderInfoSize);
    made.lpszFileExtension = text_put((BYTE *)info, room, &at, entry->extension, ansi, NULL);
    *size = at;
    if (!info || room < at)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    *info = made;
    return TRUE;
}

/* `touch`: it is being used. */
static BOOL info_get(const WCHAR *url, INTERNET_CACHE_ENTRY_INFOW *info, DWORD *size, bool ansi, bool touch)
{
    struct cache_entry entry;
    BOOL done;

    if (!url || (info && !size))
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (!cache_find(url, &entry))
        return FALSE;
    if (touch && (!entry.file || GetFileAttributesW(entry.file) == INVALID_FILE_ATTRIBUTES)) {
        cache_entry_free(&entry);
        return inet_fail(entry.file ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_DATA);
    }
    if (touch) {
        entry.hits++;
        entry.accessed = cache_time(cache_now());
    }
    done = !size || entry_give(&entry, info, size, ansi);
    if (done && touch)
        cache_store(&entry);
    cache_entry_free(&entry);
    return done;
}

BOOL WINAPI GetUrlCacheEntryInfoW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size)
{
    return info_get(url, info, size, false, false);
}

BOOL WINAPI GetUrlCacheEntryInfoA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL done = info_get(wide, (INTERNET_CACHE_ENTRY_INFOW *)info, size, true, false);

    crypt_free(wide);
    return done;
}

/* Redirects are not kept. */
BOOL WINAPI GetUrlCacheEntryInfoExW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size, LPWSTR redirect,
                                    LPDWORD redirect_size, LPVOID reserved, DWORD flags)
{
    (void)flags;
    if (redirect || redirect_size || reserved)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return GetUrlCacheEntryInfoW(url, info, size);
}

BOOL WINAPI GetUrlCacheEntryInfoExA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size, LPSTR redirect,
                                    LPDWORD redirect_size, LPVOID reserved, DWORD flags)
{
    (void)flags;
    if (redirect || redirect_size || reserved)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return GetUrlCacheEntryInfoA(url, info, size);
}

BOOL WINAPI RetrieveUrlCacheEntryFileW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, LPDWORD size, DWORD reserved)
{
    (void)reserved;
    return size ? info_get(url, info, size, false, true) : inet_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI RetrieveUrlCacheEntryFileA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, LPDWORD size, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL done = size ? info_get(wide, (INTERNET_CACHE_ENTRY_INFOW *)info, size, true, true)
                     : inet_fail(ERROR_INVALID_PARAMETER);

    (void)reserved;
    crypt_free(wide);
    return done;
}

/* Entries are not locked: a file that is open stays as it is, as on the host. */
BOOL WINAPI UnlockUrlCacheEntryFileW(LPCWSTR url, DWORD reserved)
{
    struct cache_entry entry;

    (void)reserved;
    if (!url || !cache_find(url, &entry))
        return inet_fail(url ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_PARAMETER);
    cache_entry_free(&entry);
    return TRUE;
}

BOOL WINAPI UnlockUrlCacheEntryFileA(LPCSTR url, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL done = UnlockUrlCacheEntryFileW(wide, reserved);

    crypt_free(wide);
    return done;
}

BOOL WINAPI DeleteUrlCacheEntryW(LPCWSTR url)
{
    return url ? cache_delete(url) : inet_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI DeleteUrlCacheEntryA(LPCSTR url)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL done = DeleteUrlCacheEntryW(wide);

    crypt_free(wide);
    return done;
}

BOOL WINAPI CreateUrlCacheEntryW(LPCWSTR url, DWORD size, LPCWSTR extension, LPWSTR path, DWORD reserved)
{
    (void)size;
    if (!url || !path || reserved)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return cache_file_make(url, extension, path);
}

BOOL WINAPI CreateUrlCacheEntryA(LPCSTR url, DWORD size, LPCSTR extension, LPSTR path, DWORD reserved)
{
    WCHAR *u = wide_from_ansi(url), *e = wide_from_ansi(extension), wide[MAX_PATH];
    BOOL done = path && CreateUrlCacheEntryW(u, size, e, wide, reserved);

    if (!path)
        SetLastError(ERROR_INVALID_PARAMETER);
    if (done)
        WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL);
    crypt_free(u);
    crypt_free(e);
    return done;
}

BOOL WINAPI CommitUrlCacheEntryW(LPCWSTR url, LPCWSTR file, FILETIME expires, FILETIME modified, DWORD type,
                                 LPWSTR head, DWORD head_size, LPCWSTR extension, LPCWSTR original)
{
    struct cache_entry entry = {.type = type ? type : NORMAL_CACHE_ENTRY,
                                .modified = modified,
                                .expires = expires,
                                .accessed = cache_time(cache_now()),
                                .synced = cache_time(cache_now()),
                                .url = (WCHAR *)url,
                                .file = (WCHAR *)file,
                                .extension = (WCHAR *)extension};
    WIN32_FILE_ATTRIBUTE_DATA data;
    BOOL done;

    if (!url || original)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (file) {
        if (!GetFileAttributesExW(file, GetFileExInfoStandard, &data))
            return FALSE;
        entry.size = (uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    }
    if (head && head_size && (entry.head = crypt_alloc((head_size + 1) * sizeof *head)))
        memcpy(entry.head, head, head_size * sizeof *head);
    done = cache_store(&entry);
    crypt_free(entry.head);
    return done;
}

BOOL WINAPI CommitUrlCacheEntryA(LPCSTR url, LPCSTR file, FILETIME expires, FILETIME modified, DWORD type, LPBYTE head,
                                 DWORD head_size, LPCSTR extension, LPCSTR original)
{
    WCHAR *u = wide_from_ansi(url), *f = wide_from_ansi(file), *e = wide_from_ansi(extension),
          *h = inet_widen((char *)head, head ? head_size : 0);
    BOOL done = original
                    ? inet_fail(ERROR_INVALID_PARAMETER)
                    : CommitUrlCacheEntryW(u, f, expires, modified, type, h, h ? (DWORD)wide_length(h) : 0, e, NULL);

    crypt_free(u);
    crypt_free(f);
    crypt_free(e);
    crypt_free(h);
    return done;
}

BOOL WINAPI SetUrlCacheEntryInfoW(LPCWSTR url, LPINTERNET_CACHE_ENTRY_INFOW info, DWORD fields)
{
    struct cache_entry entry;
    BOOL done;

    if (!url || !info || info->dwStructSize != sizeof *info)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (!cache_find(url, &entry))
        return FALSE;
    if (fields & CACHE_ENTRY_ATTRIBUTE_FC)
        entry.type = info->CacheEntryType;
    if (fields & CACHE_ENTRY_HITRATE_FC)
        entry.hits = info->dwHitRate;
    if (fields & CACHE_ENTRY_MODTIME_FC)
        entry.modified = info->LastModifiedTime;
    if (fields & CACHE_ENTRY_EXPTIME_FC)
        entry.expires = info->ExpireTime;
    if (fields & CACHE_ENTRY_ACCTIME_FC)
        entry.accessed = info->LastAccessTime;
    if (fields & CACHE_ENTRY_SYNCTIME_FC)
        entry.synced = info->LastSyncTime;
    done = cache_store(&entry);
    cache_entry_free(&entry);
    return done;
}

BOOL WINAPI SetUrlCacheEntryInfoA(LPCSTR url, LPINTERNET_CACHE_ENTRY_INFOA info, DWORD fields)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL done = SetUrlCacheEntryInfoW(wide, (LPINTERNET_CACHE_ENTRY_INFOW)info, fields); /* no text is read from it */

    crypt_free(wide);
    return done;
}
