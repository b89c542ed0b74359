/*
 * urlmon.c: urlmon.h: a URL to a file, on wininet.
 */
#include "wininet/inet.h"

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

enum { CONNECTING = 2, BEGIN_DATA = 4, DATA = 5, END_DATA = 6 }; /* BINDSTATUS_* */
#define ON_PROGRESS 6                                            /* its place among IBindStatusCallback's methods */

/* Tells an IBindStatusCallback how far it is; it may stop the whole. */
static HRESULT progress(void *callback, ULONG done, ULONG whole, ULONG status, const WCHAR *text)
{
    void **methods = callback ? *(void ***)callback : NULL;
    HRESULT result = S_OK;

    if (methods)
        result = (HRESULT)guest_call_n(methods[ON_PROGRESS], 5,
                                       (const ULONG_PTR[]){GUEST(callback), done, whole, status, GUEST(text)});
    return result == E_ABORT ? E_ABORT : S_OK;
}

static HRESULT copy_to_file(HINTERNET request, HANDLE file, void *callback, const WCHAR *url)
{
    BYTE *block = crypt_alloc(65536);
    DWORD got = 0, written, whole = 0, size = sizeof whole, done = 0;
    HRESULT result = block ? S_OK : E_OUTOFMEMORY;

    HttpQueryInfoW(request, HTTP_QUERY_CONTENT_LENGTH | HTTP_QUERY_FLAG_NUMBER, &whole, &size, NULL);
    if (!result)
        result = progress(callback, 0, whole, BEGIN_DATA, url);
    while (!result) {
        if (!InternetReadFile(request, block, 65536, &got))
            result = result_of(GetLastError());
        else if (!got)
            break;
        else if (!WriteFile(file, block, got, &written, NULL))
            result = E_FAIL;
        else {
            done += got;
            result = progress(callback, done, whole > done ? whole : done, DATA, url);
        }
    }
    crypt_free(block);
    return result ? result : progress(callback, done, done, END_DATA, url);
}

/* Of the callback's methods only OnProgress is called. */
HRESULT WINAPI URLDownloadToFileW(void *caller, LPCWSTR url, LPCWSTR path, DWORD reserved, void *callback)
{
    HINTERNET session, request;
    HANDLE file;
    HRESULT result;
    DWORD status = 0, size = sizeof status;

    (void)caller, (void)reserved;
    if (!url || !path)
        return E_INVALIDARG;
    if (progress(callback, 0, 0, CONNECTING, url))
        return E_ABORT;
    session = InternetOpenW(L"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0)", INTERNET_OPEN_TYPE_PRECONFIG, NULL,
                            NULL, 0);
    if (!session)
        return E_FAIL;
    request = InternetOpenUrlW(session, url, NULL, 0, 0, 0);
    if (!request) {
        result = result_of(GetLastError());
    } else if (HttpQueryInfoW(request, HTTP_QUERY_STATUS_CODE | HTTP_QUERY_FLAG_NUMBER, &status, &size, NULL) &&
               status >= 400) {
        result = (HRESULT)(status == 404 ? 0x800c0006 : 0x800c0008); /* INET_E_OBJECT_NOT_FOUND */
    } else {
        file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
        result = file == INVALID_HANDLE_VALUE ? HRESULT_FROM_WIN32(GetLastError())
                                              : copy_to_file(request, file, callback, url);
        if (file != INVALID_HANDLE_VALUE)
            CloseHandle(file);
        if (result && file != INVALID_HANDLE_VALUE)
            DeleteFileW(path);
    }
    if (request)
        InternetCloseHandle(request);
    InternetCloseHandle(session);
    return result;
}

HRESULT WINAPI URLDownloadToFileA(void *caller, LPCSTR url, LPCSTR path, DWORD reserved, void *callback)
{
    WCHAR *u = wide_from_ansi(url), *p = wide_from_ansi(path);
    HRESULT result = URLDownloadToFileW(caller, u, p, reserved, callback);

    crypt_free(u);
    crypt_free(p);
    return result;
}

/* The cache's own file, which it stays. */
HRESULT WINAPI URLDownloadToCacheFileW(void *caller, LPCWSTR url, LPWSTR path, DWORD room, DWORD reserved,
                                       void *callback)
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

HRESULT WINAPI URLDownloadToCacheFileA(void *caller, LPCSTR url, LPSTR path, DWORD room, DWORD reserved, void *callback)
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
    static const char agent[] = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64)";
    DWORD room = *size;

    (void)option;
    *size = sizeof agent;
    if (!text || room < sizeof agent)
        return E_OUTOFMEMORY;
    memcpy(text, agent, sizeof agent);
    return S_OK;
}
