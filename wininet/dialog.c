/*
 * dialog.c: wininet.h: what would ask the user: there is nobody to be asked, and the answer is the cautious one.  And
 * going online, which nobody has to.
 */
#include "wininet/cache.h"

/* A question about passwords is cancelled; what needs no question is told so. */
DWORD WINAPI InternetErrorDlg(HWND window, HINTERNET request, DWORD error, DWORD flags, LPVOID *data)
{
    DWORD status = 0, size = sizeof status;

    (void)window, (void)data;
    if (!inet_extra_of(request))
        return ERROR_INVALID_HANDLE;
    if (flags & FLAGS_ERROR_UI_FILTER_FOR_ERRORS && !error &&
        HttpQueryInfoW(request, HTTP_QUERY_STATUS_CODE | HTTP_QUERY_FLAG_NUMBER, &status, &size, NULL) &&
        (status == HTTP_STATUS_DENIED || status == HTTP_STATUS_PROXY_AUTH_REQ))
        error = ERROR_INTERNET_INCORRECT_PASSWORD;
    switch (error) {
    case ERROR_SUCCESS:
        return ERROR_SUCCESS;
    case ERROR_INTERNET_HTTP_TO_HTTPS_ON_REDIR:
    case ERROR_INTERNET_HTTPS_TO_HTTP_ON_REDIR:
    case ERROR_HTTP_REDIRECT_NEEDS_CONFIRMATION:
    case ERROR_INTERNET_INCORRECT_PASSWORD:
    case ERROR_INTERNET_INVALID_CA:
    case ERROR_INTERNET_SEC_CERT_CN_INVALID:
    case ERROR_INTERNET_SEC_CERT_DATE_INVALID:
    case ERROR_INTERNET_POST_IS_NON_SECURE:
    case ERROR_INTERNET_CLIENT_AUTH_CERT_NEEDED:
        return ERROR_CANCELLED;
    default:
        return error;
    }
}

DWORD WINAPI InternetConfirmZoneCrossingW(HWND window, LPWSTR before, LPWSTR now, BOOL post)
{
    (void)window, (void)post;
    return before && now ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI InternetConfirmZoneCrossingA(HWND window, LPSTR before, LPSTR now, BOOL post)
{
    (void)window, (void)post;
    return before && now ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

BOOL WINAPI InternetGoOnlineW(LPWSTR url, HWND window, DWORD flags)
{
    (void)url, (void)window, (void)flags;
    return InternetGetConnectedState(NULL, 0);
}

BOOL WINAPI InternetGoOnlineA(LPSTR url, HWND window, DWORD flags)
{
    (void)url, (void)window, (void)flags;
    return InternetGetConnectedState(NULL, 0);
}

BOOL WINAPI InternetAutodial(DWORD flags, HWND window)
{
    (void)flags, (void)window;
    return InternetGetConnectedState(NULL, 0);
}

BOOL WINAPI InternetAutodialHangup(DWORD reserved)
{
    (void)reserved;
    return TRUE; /* nothing was dialled */
}

/* The file of an answer that is in the cache stays as long as somebody has it open. */
BOOL WINAPI InternetLockRequestFile(HINTERNET request, HANDLE *lock)
{
    const WCHAR *path = cache_data_file(request);
    HANDLE file;

    if (!lock || !path)
        return inet_fail(lock ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_PARAMETER);
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    *lock = file;
    return TRUE;
}

BOOL WINAPI InternetUnlockRequestFile(HANDLE lock)
{
    return CloseHandle(lock);
}
