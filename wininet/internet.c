/*
 * internet.c: wininet.h: sessions and connections; what is told about the network.
 */
#include "wininet/ftp.h"

DWORD WINAPI GetBestInterface(DWORD address, PDWORD index);

WCHAR *inet_widen(const char *text, DWORD length)
{
    int count, needed;
    WCHAR *wide;

    if (!text)
        return NULL;
    count = length == (DWORD)-1 ? (int)strlen(text) : (int)length;
    needed = count ? MultiByteToWideChar(CP_ACP, 0, text, count, NULL, 0) : 0;
    wide = crypt_alloc(((size_t)needed + 1) * sizeof *wide);
    if (wide && needed)
        MultiByteToWideChar(CP_ACP, 0, text, count, wide, needed);
    return wide;
}

BOOL inet_give_wide(const WCHAR *text, LPWSTR buffer, DWORD *size)
{
    DWORD length = (DWORD)wide_length(text);

    if (!buffer || *size <= length) {
        *size = length + 1;
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(buffer, text, (length + 1) * sizeof *text);
    *size = length;
    return TRUE;
}

BOOL inet_give_ansi(const WCHAR *text, LPSTR buffer, DWORD *size)
{
    char *narrow = ansi_from_wide(text);
    DWORD length = narrow ? (DWORD)strlen(narrow) : 0;
    BOOL fits = buffer && *size > length;

    if (fits)
        memcpy(buffer, narrow ? narrow : "", length + 1);
    *size = fits ? length : length + 1;
    crypt_free(narrow);
    return fits ? TRUE : inet_fail(ERROR_INSUFFICIENT_BUFFER);
}

HINTERNET WINAPI InternetOpenW(LPCWSTR agent, DWORD access, LPCWSTR proxy, LPCWSTR bypass, DWORD flags)
{
    static const DWORD always = 2; /* redirects lead anywhere */
    DWORD as = access == INTERNET_OPEN_TYPE_DIRECT  ? 1
               : access == INTERNET_OPEN_TYPE_PROXY ? 3
                                                    : 0; /* WINHTTP_ACCESS_TYPE_* */
    HINTERNET session = WinHttpOpen(agent, as, proxy, bypass, 0);

    if (!session)
        return NULL;
    inet_share_pool(session);
    inet_extra_of(session)->async = flags & INTERNET_FLAG_ASYNC;
    inet_extra_of(session)->notify = inet_translate;
    WinHttpSetOption(session, 88, (LPVOID)&always, sizeof always);
    SetLastError(0);
    return session;
}

HINTERNET WINAPI InternetOpenA(LPCSTR agent, DWORD access, LPCSTR proxy, LPCSTR bypass, DWORD flags)
{
    WCHAR *a = wide_from_ansi(agent), *p = wide_from_ansi(proxy), *b = wide_from_ansi(bypass);
    HINTERNET session = InternetOpenW(a, access, p, b, flags);

    crypt_free(a);
    crypt_free(p);
    crypt_free(b);
    return session;
}

BOOL WINAPI InternetCloseHandle(HINTERNET handle)
{
    inet_close_children(handle);
    return WinHttpCloseHandle(handle);
}

static void keep(WCHAR *to, const WCHAR *from)
{
    size_t length = from ? wide_length(from) : 0;

    if (length > 127)
        length = 127;
    memcpy(to, from, length * sizeof *to);
    to[length] = 0;
}

HINTERNET WINAPI InternetConnectW(HINTERNET session, LPCWSTR host, INTERNET_PORT port, LPCWSTR user, LPCWSTR password,
                                  DWORD service, DWORD flags, DWORD_PTR context)
{
    HINTERNET connection;
    struct inet_extra *extra;

    if (service != INTERNET_SERVICE_HTTP && service != INTERNET_SERVICE_FTP) {
        SetLastError(ERROR_INTERNET_UNRECOGNIZED_SCHEME);
        return NULL;
    }
    connection = WinHttpConnect(session, host, port, 0);
    if (!connection)
        return NULL;
    extra = inet_extra_of(connection);
    extra->context = context;
    if (service == INTERNET_SERVICE_FTP) {
        DWORD error = ftp_connect(connection, host, port, user, password, flags);

        if (error) {
            WinHttpCloseHandle(connection);
            SetLastError(error);
            return NULL;
        }
    }
    keep(extra->user, user);
    keep(extra->password, password);
    inet_notify_created(connection);
    return connection;
}

HINTERNET WINAPI InternetConnectA(HINTERNET session, LPCSTR host, INTERNET_PORT port, LPCSTR user, LPCSTR password,
                                  DWORD service, DWORD flags, DWORD_PTR context)
{
    WCHAR *h = wide_from_ansi(host), *u = wide_from_ansi(user), *p = wide_from_ansi(password);
    HINTERNET connection = InternetConnectW(session, h, port, u, p, service, flags, context);

    crypt_free(h);
    crypt_free(u);
    crypt_free(p);
    return connection;
}

/* Connected: there is a way out of this machine. */
BOOL WINAPI InternetGetConnectedState(LPDWORD flags, DWORD reserved)
{
    DWORD index;
    BOOL connected = GetBestInterface(0x08080808, &index) == NO_ERROR;

    (void)reserved;
    if (flags)
        *flags = connected ? INTERNET_CONNECTION_LAN | INTERNET_CONNECTION_CONFIGURED : INTERNET_CONNECTION_OFFLINE;
    if (!connected)
        SetLastError(ERROR_NOT_CONNECTED);
    return connected;
}

BOOL WINAPI InternetGetConnectedStateExW(LPDWORD flags, LPWSTR name, DWORD room, DWORD reserved)
{
    static const WCHAR text[] = L"LAN Connection";

    if (name && room)
        for (DWORD i = 0; i < room && (name[i] = i + 1 < room ? text[i] : 0); i++)
            ;
    return InternetGetConnectedState(flags, reserved);
}

BOOL WINAPI InternetGetConnectedStateExA(LPDWORD flags, LPSTR name, DWORD room, DWORD reserved)
{
    static const char text[] = "LAN Connection";

    if (name && room)
        for (DWORD i = 0; i < room && (name[i] = i + 1 < room ? text[i] : 0); i++)
            ;
    return InternetGetConnectedState(flags, reserved);
}

DWORD WINAPI InternetAttemptConnect(DWORD reserved)
{
    return InternetGetConnectedState(NULL, reserved) ? ERROR_SUCCESS : ERROR_NOT_CONNECTED;
}

/* Asks the server itself. */
BOOL WINAPI InternetCheckConnectionW(LPCWSTR url, DWORD flags, DWORD reserved)
{
    HINTERNET session, request;

    (void)flags;
    if (!url)
        return InternetGetConnectedState(NULL, reserved);
    session = InternetOpenW(L"", INTERNET_OPEN_TYPE_PRECONFIG, NULL, NULL, 0);
    request = session ? InternetOpenUrlW(session, url, NULL, 0, INTERNET_FLAG_NO_AUTO_REDIRECT, 0) : NULL;
    if (request)
        WinHttpCloseHandle(request);
    if (session)
        WinHttpCloseHandle(session);
    return request != NULL;
}

BOOL WINAPI InternetCheckConnectionA(LPCSTR url, DWORD flags, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL done = InternetCheckConnectionW(wide, flags, reserved);

    crypt_free(wide);
    return done;
}
