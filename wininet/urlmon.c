/*
 * urlmon.c: urlmon.h: a URL to a file, on wininet.
 */
#include "wininet/binding.h"

static const WCHAR agent[] = L"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0)";

/* wininet's errors as urlmon's. */
static HRESULT result_of(DWORD error)
{
    switch (error) {
    case ERROR_INTERNET_NAME_NOT_RESOLVED:
        return (HRESULT)0x800c0005; /* INET_E_RESOURCE_NOT_FOUND */
    case ERROR_INTERNET_CANNOT_CONNECT:
        return (HRESULT)0x800c0004; /* INET_E_CANNOT_CONNECT */
    case ERROR_INTERNET_UNRECOGNIZED_SCHEME:
    case ERROR_INTERNET_INVALID_URL:
        return (HRESULT)0x800c0002; /* INET_E_INVALID_URL */
    case ERROR_INTERNET_TIMEOUT:
        return (HRESULT)0x800c000b; /* INET_E_CONNECTION_TIMEOUT */
    case ERROR_INTERNET_INVALID_CA:
    case ERROR_INTERNET_SEC_CERT_CN_INVALID:
    case ERROR_INTERNET_SEC_CERT_DATE_INVALID:
        return (HRESULT)0x800c0019; /* INET_E_INVALID_CERTIFICATE */
    default:
        return (HRESULT)0x800c0008; /* INET_E_DOWNLOAD_FAILURE */
    }
}

/* Reads all of an answer; `put` takes each part. */
static HRESULT receive(HINTERNET request, const struct binding *binding, const WCHAR *url,
                       HRESULT (*put)(void *to, const void *data, DWORD size), void *to)
{
    BYTE *block = crypt_alloc(65536);
    WCHAR type[256];
    DWORD got = 0, whole = 0, size = sizeof whole, done = 0;
    HRESULT result = block ? S_OK : E_OUTOFMEMORY;

    HttpQueryInfoW(request, HTTP_QUERY_CONTENT_LENGTH | HTTP_QUERY_FLAG_NUMBER, &whole, &size, NULL);
    size = sizeof type;
    if (!result && HttpQueryInfoW(request, HTTP_QUERY_CONTENT_TYPE, type, &size, NULL))
        result = binding_progress(binding, 0, whole, BINDSTATUS_MIMETYPEAVAILABLE, type);
    if (!result)
        result = binding_progress(binding, 0, whole, BINDSTATUS_BEGINDOWNLOADDATA, url);
    while (!result) {
        if (!InternetReadFile(request, block, 65536, &got))
            result = result_of(GetLastError());
        else if (!got)
            break;
        else if (!(result = put(to, block, got))) {
            done += got;
            result = binding_progress(binding, done, whole > done ? whole : done, BINDSTATUS_DOWNLOADINGDATA, url);
        }
    }
    crypt_free(block);
    return result ? result : binding_progress(binding, done, done, BINDSTATUS_ENDDOWNLOADDATA, url);
}

/* `open` is called when there is an answer to be read. */
static HRESULT fetch(const WCHAR *url, void *callback, HRESULT (*open)(void *to),
                     HRESULT (*put)(void *to, const void *data, DWORD size), void *to)
{
    struct binding binding;
    HINTERNET session = NULL, request = NULL;
    DWORD status = 0, size = sizeof status, flags;
    HRESULT result = binding_start(&binding, callback);

    if (!result)
        result = binding_progress(&binding, 0, 0, BINDSTATUS_CONNECTING, url);
    flags = (binding.flags & (BINDF_GETNEWESTVERSION | BINDF_PRAGMA_NO_CACHE) ? INTERNET_FLAG_RELOAD : 0) |
            (binding.flags & BINDF_NOWRITECACHE ? INTERNET_FLAG_NO_CACHE_WRITE : 0) |
            (binding.flags & BINDF_RESYNCHRONIZE ? INTERNET_FLAG_RESYNCHRONIZE : 0) | INTERNET_FLAG_PASSIVE;
    if (!result && !(session = InternetOpenW(agent, INTERNET_OPEN_TYPE_PRECONFIG, NULL, NULL, 0)))
        result = E_FAIL;
    if (!result)
        result = binding_progress(&binding, 0, 0, BINDSTATUS_SENDINGREQUEST, url);
    if (!result && !(request = InternetOpenUrlW(session, url, NULL, 0, flags, 0)))
        result = result_of(GetLastError());
    if (!result && HttpQueryInfoW(request, HTTP_QUERY_STATUS_CODE | HTTP_QUERY_FLAG_NUMBER, &status, &size, NULL) &&
        status >= 400)
        result = status == 404 ? INET_E_OBJECT_NOT_FOUND : INET_E_DOWNLOAD_FAILURE;
    if (!result)
        result = open(to);
    if (!result)
        result = receive(request, &binding, url, put, to);
    if (request)
        InternetCloseHandle(request);
    if (session)
        InternetCloseHandle(session);
    binding_stop(&binding, result);
    return result;
}

struct to_file {
    const WCHAR *path;
    HANDLE file;
};

static HRESULT file_open(void *argument)
{
    struct to_file *to = argument;

    to->file = CreateFileW(to->path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    return to->file == INVALID_HANDLE_VALUE ? HRESULT_FROM_WIN32(GetLastError()) : S_OK;
}

static HRESULT file_put(void *argument, const void *data, DWORD size)
{
    DWORD written;

    return WriteFile(((struct to_file *)argument)->file, data, size, &written, NULL) ? S_OK : E_FAIL;
}

HRESULT WINAPI URLDownloadToFileW(LPUNKNOWN caller, LPCWSTR url, LPCWSTR path, DWORD reserved,
                                  LPBINDSTATUSCALLBACK callback)
{
    struct to_file to = {path, INVALID_HANDLE_VALUE};
    HRESULT result;

    (void)caller, (void)reserved;
    if (!url || !path)
        return E_INVALIDARG;
    result = fetch(url, callback, file_open, file_put, &to);
    if (to.file != INVALID_HANDLE_VALUE) {
        CloseHandle(to.file);
        if (result)
            DeleteFileW(path);
    }
    return result;
}

static HRESULT stream_open(void *stream)
{
    (void)stream;
    return S_OK;
}

static HRESULT stream_put(void *stream, const void *data, DWORD size)
{
    ULONG written;

    return ((IStream *)stream)->lpVtbl->Write(stream, data, size, &written);
}

/* All of it before the stream is there: whoever waits for parts asks by WinINet. */
HRESULT WINAPI URLOpenBlockingStreamW(LPUNKNOWN caller, LPCWSTR url, LPSTREAM *result, DWORD reserved,
                                      LPBINDSTATUSCALLBACK callback)
{
    static const LARGE_INTEGER begin;
    IStream *stream;
    HRESULT status;

    (void)caller, (void)reserved;
    if (!url || !result)
        return E_INVALIDARG;
    *result = NULL;
    status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
    if (status)
        return status;
    status = fetch(url, callback, stream_open, stream_put, stream);
    if (status) {
        stream->lpVtbl->Release(stream);
        return status;
    }
    stream->lpVtbl->Seek(stream, begin, STREAM_SEEK_SET, NULL);
    *result = stream;
    return S_OK;
}

HRESULT WINAPI URLOpenBlockingStreamA(LPUNKNOWN caller, LPCSTR url, LPSTREAM *stream, DWORD reserved,
                                      LPBINDSTATUSCALLBACK callback)
{
    WCHAR *wide = wide_from_ansi(url);
    HRESULT result = URLOpenBlockingStreamW(caller, wide, stream, reserved, callback);

    crypt_free(wide);
    return result;
}

HRESULT WINAPI URLDownloadToFileA(LPUNKNOWN caller, LPCSTR url, LPCSTR path, DWORD reserved,
                                  LPBINDSTATUSCALLBACK callback)
{
    WCHAR *u = wide_from_ansi(url), *p = wide_from_ansi(path);
    HRESULT result = URLDownloadToFileW(caller, u, p, reserved, callback);

    crypt_free(u);
    crypt_free(p);
    return result;
}

/* The cache's own file, which it stays. */
HRESULT WINAPI URLDownloadToCacheFileW(LPUNKNOWN caller, LPCWSTR url, LPWSTR path, DWORD room, DWORD reserved,
                                       LPBINDSTATUSCALLBACK callback)
{
    static const FILETIME none;
    WCHAR file[MAX_PATH];
    HRESULT result;

    if (!url || !path || reserved)
        return E_INVALIDARG;
    if (!CreateUrlCacheEntryW(url, 0, NULL, file, 0))
        return HRESULT_FROM_WIN32(GetLastError());
    result = URLDownloadToFileW(caller, url, file, 0, callback);
    if (!result && !CommitUrlCacheEntryW(url, file, none, none, NORMAL_CACHE_ENTRY, NULL, 0, NULL, NULL))
        result = HRESULT_FROM_WIN32(GetLastError());
    if (result)
        DeleteFileW(file);
    else if (wide_length(file) >= room)
        result = E_OUTOFMEMORY;
    else
        memcpy(path, file, (wide_length(file) + 1) * sizeof *path);
    return result;
}

HRESULT WINAPI URLDownloadToCacheFileA(LPUNKNOWN caller, LPCSTR url, LPSTR path, DWORD room, DWORD reserved,
                                       LPBINDSTATUSCALLBACK callback)
{
    WCHAR *wide = wide_from_ansi(url), file[MAX_PATH];
    HRESULT result = path ? URLDownloadToCacheFileW(caller, wide, file, MAX_PATH, reserved, callback) : E_INVALIDARG;

    if (!result && !WideCharToMultiByte(CP_ACP, 0, file, -1, path, (int)room, NULL, NULL))
        result = E_OUTOFMEMORY;
    crypt_free(wide);
    return result;
}

HRESULT WINAPI ObtainUserAgentString(DWORD option, LPSTR text, DWORD *size)
{
    static const char told[] = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64)";
    DWORD room = *size;

    (void)option;
    *size = sizeof told;
    if (!text || room < sizeof told)
        return E_OUTOFMEMORY;
    memcpy(text, told, sizeof told);
    return S_OK;
}
