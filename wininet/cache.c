/*
 * cache.c: the URL cache: files and what is known of them, in the user's Temporary Internet Files.
 *
 * Each entry is a small file of its own in INetCache\IE\index, named by a hash of its URL and replaced as a whole; so
 * processes need no lock, and a damaged one is one URL's only.  What goes beyond the limits goes by last access.
 */
#include <stdlib.h>
#include "wininet/cache.h"
#include <shlobj.h>

#define MAGIC 0x31454357u /* "WCE1" */
#define TEXT_MAX 65536u
#define SIZE_LIMIT (256ull << 20)
#define COUNT_LIMIT 4000
#define LOOK_EVERY 64 /* stores between two looks at the limits */

struct head {
    DWORD magic, type, hits, url, file, head, extension, unused; /* lengths of texts, with their zeros; 0: none */
    uint64_t size;
    FILETIME modified, expires, accessed, synced;
};

static const WCHAR *folder(void)
{
    static WCHAR path[MAX_PATH];
    WCHAR text[MAX_PATH];

    if (!*path && SHGetFolderPathW(NULL, CSIDL_INTERNET_CACHE, NULL, 0, text) == S_OK && wide_length(text) < 200)
        wsprintfW(path, L"%s\\IE", text);
    return path;
}

static uint64_t hash_of(const WCHAR *url)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (; *url && *url != '#'; url++)
        hash = (hash ^ *url) * 0x100000001b3;
    return hash;
}

static void index_path(const WCHAR *url, WCHAR *path)
{
    uint64_t hash = hash_of(url);

    wsprintfW(path, L"%s\\index\\%08x%08x.url", folder(), (DWORD)(hash >> 32), (DWORD)hash);
}

void cache_entry_free(struct cache_entry *entry)
{
    crypt_free(entry->url);
    crypt_free(entry->file);
    crypt_free(entry->head);
    crypt_free(entry->extension);
    *entry = (struct cache_entry){0};
}

static WCHAR *text_take(HANDLE file, DWORD length, bool *good)
{
    WCHAR *text = NULL;
    DWORD got;

    if (!length || !*good)
        return NULL;
    if (length <= TEXT_MAX)
        text = crypt_alloc(length * sizeof *text);
    *good = text && ReadFile(file, text, length * sizeof *text, &got, NULL) && got == length * sizeof *text &&
            !text[length - 1];
    return text;
}

static bool entry_read(const WCHAR *path, struct cache_entry *entry)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);
    struct head head;
    DWORD got;
    bool good;

    *entry = (struct cache_entry){0};
    if (file == INVALID_HANDLE_VALUE)
        return false;
    good = ReadFile(file, &head, sizeof head, &got, NULL) && got == sizeof head && head.magic == MAGIC && head.url;
    if (good) {
        entry->type = head.type;
        entry->hits = head.hits;
        entry->size = head.size;
        entry->modified = head.modified;
        entry->expires = head.expires;
        entry->accessed = head.accessed;
        entry->synced = head.synced;
        entry->url = text_take(file, head.url, &good);
        entry->file = text_take(file, head.file, &good);
        entry->head = text_take(file, head.head, &good);
        entry->extension = text_take(file, head.extension, &good);
    }
    CloseHandle(file);
    if (!good)
        cache_entry_free(entry);
    return good;
}

static bool same_url(const WCHAR *a, const WCHAR *b)
{
    for (; *a && *a != '#' && *a == *b; a++, b++)
        ;
    return (!*a || *a == '#') && (!*b || *b == '#');
}

bool cache_find(const WCHAR *url, struct cache_entry *entry)
{
    WCHAR path[MAX_PATH];

    index_path(url, path);
    if (entry_read(path, entry)) {
        if (same_url(url, entry->url))
            return true;
        cache_entry_free(entry);
    }
    SetLastError(ERROR_FILE_NOT_FOUND);
    return false;
}

static DWORD text_size(const WCHAR *text)
{
    return text ? (DWORD)wide_length(text) + 1 : 0;
}

static bool entry_write(const struct cache_entry *entry)
{
    struct head head = {MAGIC,
                        entry->type,
                        entry->hits,
                        text_size(entry->url),
                        text_size(entry->file),
                        text_size(entry->head),
                        text_size(entry->extension),
                        0,
                        entry->size,
                        entry->modified,
                        entry->expires,
                        entry->accessed,
                        entry->synced};
    const WCHAR *texts[] = {entry->url, entry->file, entry->head, entry->extension};
    WCHAR path[MAX_PATH], fresh[MAX_PATH];
    HANDLE file;
    DWORD written;
    bool good;

    index_path(entry->url, path);
    wsprintfW(fresh, L"%s.%x.%x", path, GetCurrentProcessId(), GetCurrentThreadId());
    file = CreateFileW(fresh, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_PATH_NOT_FOUND) {
        WCHAR above[MAX_PATH];

        wsprintfW(above, L"%s\\index", folder());
        SHCreateDirectoryExW(NULL, above, NULL);
        file = CreateFileW(fresh, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    }
    if (file == INVALID_HANDLE_VALUE)
        return false;
    good = WriteFile(file, &head, sizeof head, &written, NULL);
    for (size_t i = 0; i < 4 && good; i++)
        good = !texts[i] || WriteFile(file, texts[i], text_size(texts[i]) * sizeof(WCHAR), &written, NULL);
    CloseHandle(file);
    good = good && MoveFileExW(fresh, path, MOVEFILE_REPLACE_EXISTING);
    if (!good)
        DeleteFileW(fresh);
    return good;
}

static bool within_cache(const WCHAR *file)
{
    size_t length = wide_length(folder());

    return length && wide_length(file) > length + 1 && file[length] == '\\' &&
           CompareStringOrdinal(file, (int)length, folder(), (int)length, TRUE) == CSTR_EQUAL;
}

/* Files elsewhere are the program's. */
static void entry_remove(const struct cache_entry *entry)
{
    WCHAR path[MAX_PATH];

    index_path(entry->url, path);
    DeleteFileW(path);
    if (entry->file && within_cache(entry->file))
        DeleteFileW(entry->file);
}

bool cache_delete(const WCHAR *url)
{
    struct cache_entry entry;

    if (!cache_find(url, &entry))
        return false;
    entry_remove(&entry);
    cache_entry_free(&entry);
    return true;
}

struct old {
    FILETIME accessed;
    uint64_t size;
    WCHAR *url;
};

static int older(const void *a, const void *b)
{
    return CompareFileTime(&((const struct old *)a)->accessed, &((const struct old *)b)->accessed);
}

/* Beyond a limit the oldest go, until there is some room again. */
static void limit(void)
{
    struct old *all = crypt_alloc(COUNT_LIMIT * 2 * sizeof *all);
    struct cache_walk *walk = NULL;
    struct cache_entry entry;
    uint64_t sum = 0;
    DWORD count = 0, left;

    while (all && cache_next(&walk, &entry)) {
        if (count < COUNT_LIMIT * 2 && !(entry.type & STICKY_CACHE_ENTRY)) {
            all[count++] = (struct old){entry.accessed, entry.size, entry.url};
            entry.url = NULL;
            sum += entry.size;
        }
        cache_entry_free(&entry);
    }
    cache_walk_end(walk);
    left = count;
    if (count && (sum > SIZE_LIMIT || count > COUNT_LIMIT)) {
        qsort(all, count, sizeof *all, older);
        for (DWORD i = 0; i < count && (sum > SIZE_LIMIT / 8 * 7 || left > COUNT_LIMIT / 8 * 7); i++, left--) {
            sum -= all[i].size;
            cache_delete(all[i].url);
        }
    }
    for (DWORD i = 0; i < count; i++)
        crypt_free(all[i].url);
    crypt_free(all);
}

bool cache_store(const struct cache_entry *entry)
{
    static LONG stores;
    struct cache_entry old;

    if (cache_find(entry->url, &old)) {
        if (old.file && within_cache(old.file) && (!entry->file || wide_compare_nocase(old.file, entry->file)))
            DeleteFileW(old.file);
        cache_entry_free(&old);
    }
    if (!entry_write(entry))
        return false;
    if (__sync_fetch_and_add(&stores, 1) % LOOK_EVERY == LOOK_EVERY - 1)
        limit();
    return true;
}

/* "name[1].ext" in a folder whose name nobody guesses from the URL. */
bool cache_file_make(const WCHAR *url, const WCHAR *extension, WCHAR *path)
{
    const WCHAR *name = url, *end, *dot = NULL;
    WCHAR above[MAX_PATH], base[64], tail[24] = L"";
    size_t length = 0;

    for (const WCHAR *at = url; *at && *at != '?' && *at != '#'; at++)
        if (*at == '/')
            name = at + 1;
    for (end = name; *end && *end != '?' && *end != '#'; end++)
        if (*end == '.')
            dot = end;
    for (const WCHAR *at = name; at < (dot ? dot : end) && length < 60; at++)
        base[length++] = *at < ' ' || *at == '"' || *at == '*' || *at == ':' || *at == '<' || *at == '>' ||
                                 *at == '|' || *at == '\\' || *at == '%'
                             ? '_'
                             : *at;
    base[length] = 0;
    if (extension && *extension && wide_length(extension) < 20) {
        wsprintfW(tail, L".%s", extension);
    } else if (dot && !extension && end - dot < 20) {
        memcpy(tail, dot, (size_t)(end - dot) * sizeof *tail);
        tail[end - dot] = 0;
    }
    for (const WCHAR *at = tail; *at; at++)
        if (*at < ' ' || *at == ':' || *at == '\\' || *at == '/' || *at == '*')
            *tail = 0;
    wsprintfW(above, L"%s\\%08X", folder(), (DWORD)hash_of(url) ^ 0x5a17c3e9u);
    for (DWORD i = 1; i < 10000; i++) {
        HANDLE file;

        wsprintfW(path, L"%s\\%s[%u]%s", above, base, i, tail);
        file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_NEW, 0, NULL);
        if (file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_PATH_NOT_FOUND && i == 1) {
            SHCreateDirectoryExW(NULL, above, NULL);
            file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_NEW, 0, NULL);
        }
        if (file != INVALID_HANDLE_VALUE) {
            CloseHandle(file);
            return true;
        }
        if (GetLastError() != ERROR_FILE_EXISTS)
            return false;
    }
    return false;
}

struct cache_walk {
    HANDLE find;
    WIN32_FIND_DATAW data;
    bool first;
};

bool cache_next(struct cache_walk **place, struct cache_entry *entry)
{
    struct cache_walk *walk = *place;
    WCHAR path[MAX_PATH + 16];

    if (!walk) {
        walk = *place = crypt_alloc(sizeof *walk);
        if (!walk)
            return false;
        wsprintfW(path, L"%s\\index\\*.url", folder());
        walk->find = FindFirstFileW(path, &walk->data);
        walk->first = true;
    }
    while (walk->find != INVALID_HANDLE_VALUE && (walk->first || FindNextFileW(walk->find, &walk->data))) {
        walk->first = false;
        if (wide_length(walk->data.cFileName) > 40)
            continue;
        wsprintfW(path, L"%s\\index\\%s", folder(), walk->data.cFileName);
        if (entry_read(path, entry))
            return true;
    }
    SetLastError(ERROR_NO_MORE_ITEMS);
    return false;
}

void cache_walk_end(struct cache_walk *walk)
{
    if (walk && walk->find != INVALID_HANDLE_VALUE)
        FindClose(walk->find);
    crypt_free(walk);
}
