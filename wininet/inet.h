/*
 * inet.h: what the files of wininet share.
 */
#ifndef WININET_INET_H
#define WININET_INET_H

#include "crypt32/crypt.h"
#include <wininet.h>
#include "ntdll/gate.h"
#include "winhttp/inet.h"

/* winhttp's, whose header can not be included here. */
HINTERNET WINAPI WinHttpOpen(LPCWSTR agent, DWORD access, LPCWSTR proxy, LPCWSTR bypass, DWORD flags);
BOOL WINAPI WinHttpCloseHandle(HINTERNET handle);
HINTERNET WINAPI WinHttpConnect(HINTERNET session, LPCWSTR host, INTERNET_PORT port, DWORD reserved);
HINTERNET WINAPI WinHttpOpenRequest(HINTERNET connection, LPCWSTR verb, LPCWSTR path, LPCWSTR version, LPCWSTR referrer,
                                    LPCWSTR *types, DWORD flags);
BOOL WINAPI WinHttpAddRequestHeaders(HINTERNET request, LPCWSTR text, DWORD length, DWORD flags);
BOOL WINAPI WinHttpSendRequest(HINTERNET request, LPCWSTR headers, DWORD length, LPVOID optional, DWORD size,
                               DWORD total, DWORD_PTR context);
BOOL WINAPI WinHttpReceiveResponse(HINTERNET request, LPVOID reserved);
BOOL WINAPI WinHttpQueryDataAvailable(HINTERNET request, LPDWORD available);
BOOL WINAPI WinHttpReadData(HINTERNET request, LPVOID buffer, DWORD size, LPDWORD got);
BOOL WINAPI WinHttpWriteData(HINTERNET request, LPCVOID buffer, DWORD size, LPDWORD written);
BOOL WINAPI WinHttpQueryHeaders(HINTERNET request, DWORD level, LPCWSTR name, LPVOID buffer, LPDWORD size,
                                LPDWORD index);
BOOL WINAPI WinHttpSetOption(HINTERNET handle, DWORD option, LPVOID buffer, DWORD size);
BOOL WINAPI WinHttpQueryOption(HINTERNET handle, DWORD option, LPVOID buffer, LPDWORD size);
BOOL WINAPI WinHttpCrackUrl(LPCWSTR url, DWORD length, DWORD flags, LPURL_COMPONENTSW parts);
BOOL WINAPI WinHttpCreateUrl(LPURL_COMPONENTSW parts, DWORD flags, LPWSTR url, LPDWORD length);
BOOL WINAPI WinHttpTimeFromSystemTime(const SYSTEMTIME *time, LPWSTR text);
BOOL WINAPI WinHttpTimeToSystemTime(LPCWSTR text, SYSTEMTIME *time);

static inline BOOL inet_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Without regard to the case of ASCII letters. */
static inline bool inet_same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a >= 'A' && *a <= 'Z' ? *a + 32 : *a) != (*b >= 'A' && *b <= 'Z' ? *b + 32 : *b))
            return false;
    return *a == *b;
}

/* Text with a length, -1: up to its zero; heap memory. */
WCHAR *inet_widen(const char *text, DWORD length);
/* The rule of lengths in characters: *size is the room with the zero, then the length without. */
BOOL inet_give_wide(const WCHAR *text, LPWSTR buffer, DWORD *size);
BOOL inet_give_ansi(const WCHAR *text, LPSTR buffer, DWORD *size);

/* async.c.  `context` 0: the handle's. */
void inet_tell(void *held, HINTERNET handle, DWORD_PTR context, DWORD status, void *information, DWORD size);
void inet_notify(HINTERNET handle, DWORD status, void *information, DWORD size);
void inet_notify_created(HINTERNET handle);
void inet_translate(const struct inet_extra *extra, void *number, DWORD status, void *information);
BOOL inet_is_async(HINTERNET handle, DWORD_PTR context);

/* An operation on a handle. */
struct inet_work {
    DWORD (*run)(struct inet_work *work); /* a last error */
    HINTERNET handle;
    DWORD_PTR context;   /* for the callback; 0: the handle's */
    bool at_once;        /* without a thread, whatever the session is */
    WCHAR *text, *text2; /* freed at the end */
    const void *data;
    void *buffer;
    DWORD size, flags, *count;
    DWORD_PTR result; /* what is told as such at the end; 1 unless `run` says otherwise */
    void *held;
};
BOOL inet_start(const struct inet_work *work);

/* What is read or written through a handle where it is not winhttp's doing: the handle's object begins with it. */
struct inet_stream {
    DWORD (*read)(struct inet_stream *stream, HINTERNET handle, void *buffer, DWORD size, DWORD *got);
    DWORD (*available)(struct inet_stream *stream, HINTERNET handle, DWORD *available);
    DWORD (*write)(struct inet_stream *stream, HINTERNET handle, const void *data, DWORD size, DWORD *written);
    DWORD (*seek)(struct inet_stream *stream, LONG distance, LONG *high, DWORD method);
    /* What winhttp has read; less than `asked`: the end. */
    void (*seen)(struct inet_stream *stream, HINTERNET handle, const void *data, DWORD size, DWORD asked);
    bool waits; /* `available` may take time */
};

/* proxyoption.c */
BOOL inet_connection_query(void *buffer, DWORD *size, bool ansi);
BOOL inet_connection_set(void *buffer, DWORD size, bool ansi);
BOOL inet_proxy_query(HINTERNET handle, void *buffer, DWORD *size, bool ansi);
BOOL inet_proxy_set(HINTERNET handle, const void *buffer, DWORD size, bool ansi);

/* http.c: winhttp's error as wininet's. */
DWORD inet_error(HINTERNET request, DWORD error);

#endif
