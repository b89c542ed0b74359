/*
 * Does the URL cache keep what is put there, and do requests use it: what is fresh is not asked for, what is old is
 * asked about, and the flags for it are heard?
 *
 * link: -lwininet -lurlmon -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <wininet.h>
#include <urlmon.h>

static HINTERNET session;
static union {
    INTERNET_CACHE_ENTRY_INFOA info;
    INTERNET_CACHE_ENTRY_INFOW wide;
    char room[8192];
} entry;

static const FILETIME future = {0, 0x02000000}, past = {1234, 0x01d00000};

static const char *url_of(const char *path)
{
    static char text[200];

    sprintf(text, "http://127.0.0.1:%u%s", server_port, path);
    return text;
}

static BOOL info_of(const char *url)
{
    DWORD size = sizeof entry;

    memset(&entry, 0, sizeof entry);
    return GetUrlCacheEntryInfoA(url, &entry.info, &size);
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    CHECK(file != NULL);
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static int make(const char *url, const char *text)
{
    char path[MAX_PATH], head[] = "HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n";

    if (!CreateUrlCacheEntryA(url, 0, "txt", path, 0))
        return 0;
    put_file(path, text);
    return CommitUrlCacheEntryA(url, path, future, past, NORMAL_CACHE_ENTRY, (BYTE *)head, strlen(head), "txt", NULL);
}

static void entries(void)
{
    static const char url[] = "http://cache.test/some/page.txt";
    char path[MAX_PATH], text[64] = "";
    DWORD size, needed;
    HANDLE stream;

    DeleteUrlCacheEntryA(url);
    CHECK_ERROR(info_of(url), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(DeleteUrlCacheEntryA(url), ERROR_FILE_NOT_FOUND);
    CHECK(make(url, "kept text"));
    CHECK(info_of(url));
    CHECK_EQ(entry.info.dwStructSize, sizeof entry.info);
    CHECK_STR(entry.info.lpszSourceUrlName, url);
    CHECK(strstr(entry.info.lpszLocalFileName, ".txt") != NULL);
    CHECK_EQ(entry.info.dwSizeLow, 9);
    CHECK_EQ(entry.info.dwSizeHigh, 0);
    CHECK(entry.info.CacheEntryType & NORMAL_CACHE_ENTRY);
    if (!check_under_wine()) /* it keeps times to two seconds, up to 2107 */
        CHECK(!memcmp(&entry.info.ExpireTime, &future, sizeof future));
    CHECK(!memcmp(&entry.info.LastModifiedTime, &past, sizeof past));
    CHECK(strstr(entry.info.lpHeaderInfo, "X-A: b") != NULL);
    CHECK_STR(entry.info.lpszFileExtension, "txt");
    strcpy(path, entry.info.lpszLocalFileName);
    needed = 0;
    CHECK_ERROR(GetUrlCacheEntryInfoA(url, NULL, &needed), ERROR_INSUFFICIENT_BUFFER);
    CHECK(needed > sizeof entry.info);
    size = needed - 1;
    CHECK_ERROR(GetUrlCacheEntryInfoA(url, &entry.info, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, needed);
    CHECK(GetUrlCacheEntryInfoA(url, &entry.info, &size));
    CHECK(GetUrlCacheEntryInfoA(url, NULL, NULL));
    size = sizeof entry;
    CHECK(GetUrlCacheEntryInfoW(L"http://cache.test/some/page.txt", &entry.wide, &size));
    CHECK(!wcscmp(entry.wide.lpszSourceUrlName, L"http://cache.test/some/page.txt"));
    CHECK(!wcscmp(entry.wide.lpszFileExtension, L"txt"));
    size = sizeof entry;
    CHECK(RetrieveUrlCacheEntryFileA(url, &entry.info, &size, 0));
    CHECK_STR(entry.info.lpszLocalFileName, path);
    CHECK(UnlockUrlCacheEntryFileA(url, 0));
    size = sizeof entry;
    stream = RetrieveUrlCacheEntryStreamA(url, &entry.info, &size, FALSE, 0);
    CHECK(stream != NULL);
    size = 4;
    CHECK(ReadUrlCacheEntryStream(stream, 5, text, &size, 0));
    CHECK_EQ(size, 4);
    CHECK_STR(text, "text");
    CHECK(UnlockUrlCacheEntryStream(stream, 0));
    info_of(url);
    entry.info.ExpireTime = past;
    entry.info.LastModifiedTime = future;
    CHECK(SetUrlCacheEntryInfoA(url, &entry.info, CACHE_ENTRY_EXPTIME_FC));
    CHECK(info_of(url));
    if (!check_under_wine())
        CHECK(!memcmp(&entry.info.ExpireTime, &past, sizeof past));
    CHECK(!memcmp(&entry.info.LastModifiedTime, &past, sizeof past));
    CHECK(DeleteUrlCacheEntryA(url));
    CHECK(GetFileAttributesA(path) == INVALID_FILE_ATTRIBUTES);
    CHECK(!info_of(url));
    CHECK(!CreateUrlCacheEntryA(NULL, 0, "txt", path, 0));
    CHECK(!GetUrlCacheEntryInfoA(NULL, NULL, NULL));
    CHECK_ERROR(RetrieveUrlCacheEntryFileA(url, &entry.info, NULL, 0), ERROR_INVALID_PARAMETER);
}

static void walks(void)
{
    char url[64];
    int found[3] = {0}, others = 0;
    DWORD size = sizeof entry;
    HANDLE find;

    for (int i = 0; i < 3; i++) {
        sprintf(url, "http://walk.test/%d", i);
        CHECK(make(url, "x"));
    }
    find = FindFirstUrlCacheEntryA(NULL, &entry.info, &size);
    CHECK(find != NULL);
    do {
        if (!strncmp(entry.info.lpszSourceUrlName, "http://walk.test/", 17))
            found[(entry.info.lpszSourceUrlName[17] - '0') % 3]++;
        else
            others++;
        size = sizeof entry;
    } while (FindNextUrlCacheEntryA(find, &entry.info, &size));
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    CHECK(FindCloseUrlCache(find));
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(found[i], 1);
        sprintf(url, "http://walk.test/%d", i);
        CHECK(DeleteUrlCacheEntryA(url));
    }
    CHECK(!FindCloseUrlCache(NULL));
}

/* A GET with flags: the answer's text. */
static char body[200];
static DWORD reqflags;

static const char *get(const char *path, DWORD flags)
{
    HINTERNET file = InternetOpenUrlA(session, url_of(path), NULL, 0, flags, 0);
    DWORD got = 0, total = 0, size = sizeof reqflags;

    body[0] = 0;
    if (!file)
        return "none";
    while (InternetReadFile(file, body + total, 50, &got) && got)
        total += got;
    body[total] = 0;
    reqflags = 0;
    CHECK(InternetQueryOptionA(file, INTERNET_OPTION_REQUEST_FLAGS, &reqflags, &size));
    if (reqflags & INTERNET_REQFLAG_FROM_CACHE) {
        CHECK_EQ(InternetSetFilePointer(file, 1, NULL, FILE_BEGIN, 0), 1);
        got = 0;
        CHECK(InternetReadFile(file, body, 1, &got) && got == 1);
        body[1] = 0;
        CHECK_EQ(InternetSetFilePointer(file, 0, NULL, FILE_BEGIN, 0), 0);
        CHECK(InternetReadFile(file, body, 100, &got) && got == total);
    }
    InternetCloseHandle(file);
    return body;
}

static void requests(void)
{
    char first[64];
    LONG before;

    DeleteUrlCacheEntryA(url_of("/fresh"));
    DeleteUrlCacheEntryA(url_of("/tagged"));
    CHECK_STR(get("/fresh", INTERNET_FLAG_FROM_CACHE), "none");
    strcpy(first, get("/fresh", 0));
    CHECK_EQ(reqflags & INTERNET_REQFLAG_FROM_CACHE, 0);
    CHECK(info_of(url_of("/fresh")));
    before = server_requests;
    CHECK_STR(get("/fresh", 0), first);
    CHECK_EQ(reqflags & INTERNET_REQFLAG_FROM_CACHE, INTERNET_REQFLAG_FROM_CACHE);
    CHECK_STR(get("/fresh", INTERNET_FLAG_FROM_CACHE), first);
    CHECK_EQ(server_requests, before);
    CHECK(strcmp(get("/fresh", INTERNET_FLAG_RELOAD | INTERNET_FLAG_NO_CACHE_WRITE), first) != 0);
    CHECK_EQ(server_requests, before + 1);
    CHECK_STR(get("/fresh", 0), first);
    strcpy(first, get("/fresh", INTERNET_FLAG_RELOAD)); /* takes its place */
    CHECK_STR(get("/fresh", 0), first);
    CHECK_EQ(server_requests, before + 2);
    CHECK_STR(get("/tagged", 0), "tagged");
    before = server_requests;
    CHECK_STR(get("/tagged", 0), "tagged"); /* asked about: 304 */
    CHECK_EQ(server_requests, before + 1);
    CHECK_EQ(reqflags & INTERNET_REQFLAG_FROM_CACHE, INTERNET_REQFLAG_FROM_CACHE);
    CHECK_STR(get("/tagged", INTERNET_FLAG_RESYNCHRONIZE), "tagged");
    CHECK_EQ(server_requests, before + 2);
    /* Nothing that helps to keep it. */
    get("/chunked", 0);
    CHECK(!info_of(url_of("/chunked")));
    /* What is not read to its end is not kept. */
    InternetCloseHandle(InternetOpenUrlA(session, url_of("/fresh?2"), NULL, 0, 0, 0));
    CHECK(!info_of(url_of("/fresh?2")));
}

static void downloads(void)
{
    char path[MAX_PATH] = "", text[64] = "";
    FILE *file;

    DeleteUrlCacheEntryA(url_of("/hello"));
    CHECK_EQ(URLDownloadToCacheFileA(NULL, url_of("/hello"), path, MAX_PATH, 0, NULL), S_OK);
    file = fopen(path, "rb");
    CHECK(file && fread(text, 1, 63, file) == 12);
    CHECK_STR(text, "hello, world");
    if (file)
        fclose(file);
    CHECK(info_of(url_of("/hello")));
    CHECK_STR(entry.info.lpszLocalFileName, path);
    DeleteUrlCacheEntryA(url_of("/hello"));
    CHECK(URLDownloadToCacheFileA(NULL, url_of("/nowhere"), path, MAX_PATH, 0, NULL) != S_OK);
}

int main(void)
{
    if (!server_start())
        return 1;
    session = InternetOpenA("tests", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, 0);
    entries();
    walks();
    if (!check_under_wine()) { /* it asks more often than it needs, or less */
        requests();
        downloads();
    }
    InternetCloseHandle(session);
    return check_done();
}
