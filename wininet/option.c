/*
 * option.c: wininet.h: options: those of winhttp under wininet's numbers, and a few more.
 */
#include "wininet/cache.h"

static const struct {
    DWORD option, winhttp;
    bool text;
} options[] = {
    {INTERNET_OPTION_CONNECT_TIMEOUT, 3, false},
    {INTERNET_OPTION_CONNECT_RETRIES, 4, false},
    {INTERNET_OPTION_SEND_TIMEOUT, 5, false},
    {INTERNET_OPTION_RECEIVE_TIMEOUT, 7, false},
    {INTERNET_OPTION_DATA_SEND_TIMEOUT, 5, false},
    {INTERNET_OPTION_DATA_RECEIVE_TIMEOUT, 6, false},
    {INTERNET_OPTION_PARENT_HANDLE, 21, false},
    {INTERNET_OPTION_SECURITY_FLAGS, 31, false},
    {INTERNET_OPTION_URL, 34, true},
    {INTERNET_OPTION_SECURITY_KEY_BITNESS, 36, false},
    {INTERNET_OPTION_USER_AGENT, 41, true},
    {INTERNET_OPTION_HTTP_VERSION, 59, false},
    {INTERNET_OPTION_USERNAME, 0x1000, true},
    {INTERNET_OPTION_PASSWORD, 0x1001, true},
    {INTERNET_OPTION_PROXY_USERNAME, 0x1002, true},
    {INTERNET_OPTION_PROXY_PASSWORD, 0x1003, true},
    {INTERNET_OPTION_MAX_CONNS_PER_SERVER, 73, false},
};

/* Accepted without effect: nothing is kept on disk, and nothing is dialled. */
static const WORD quiet[] = {
    INTERNET_OPTION_READ_BUFFER_SIZE,
    INTERNET_OPTION_WRITE_BUFFER_SIZE,
    INTERNET_OPTION_REFRESH,
    INTERNET_OPTION_SETTINGS_CHANGED,
    INTERNET_OPTION_END_BROWSER_SESSION,
    INTERNET_OPTION_CODEPAGE,
    INTERNET_OPTION_MAX_CONNS_PER_1_0_SERVER,
    INTERNET_OPTION_IGNORE_OFFLINE,
    INTERNET_OPTION_DISABLE_AUTODIAL,
    INTERNET_OPTION_RESET_URLCACHE_SESSION,
    INTERNET_OPTION_SUPPRESS_BEHAVIOR,
    INTERNET_OPTION_PROXY_SETTINGS_CHANGED,
    INTERNET_OPTION_ERROR_MASK,
    INTERNET_OPTION_CONNECT_BACKOFF,
};

static bool is_quiet(DWORD option)
{
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
        if (quiet[i] == option)
            return true;
    return false;
}

BOOL WINAPI InternetSetOptionW(HINTERNET handle, DWORD option, LPVOID buffer, DWORD size)
{
    struct inet_extra *extra;
    DWORD both;

    if (is_quiet(option))
        return TRUE;
    if (option == INTERNET_OPTION_PER_CONNECTION_OPTION)
        return inet_connection_set(buffer, size, false);
    if (option == INTERNET_OPTION_PROXY && handle)
        return inet_proxy_set(handle, buffer, size, false);
    if (!handle)
        return inet_fail(ERROR_INTERNET_INCORRECT_HANDLE_TYPE);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].option == option)
            return WinHttpSetOption(
                handle, options[i].winhttp, buffer,
                options[i].text && option != INTERNET_OPTION_USER_AGENT ? size * (DWORD)sizeof(WCHAR) : size);
    switch (option) {
    case INTERNET_OPTION_CONTEXT_VALUE:
        extra = inet_extra_of(handle);
        if (!extra || size < sizeof(DWORD_PTR))
            return inet_fail(ERROR_INVALID_PARAMETER);
        extra->context = *(DWORD_PTR *)buffer;
        return TRUE;
    case INTERNET_OPTION_HTTP_DECODING:
        both = size >= sizeof(BOOL) && *(BOOL *)buffer ? 3 : 0;
        return WinHttpSetOption(handle, 118, &both, sizeof both);
    }
    return inet_fail(ERROR_INTERNET_INVALID_OPTION);
}

BOOL WINAPI InternetSetOptionA(HINTERNET handle, DWORD option, LPVOID buffer, DWORD size)
{
    if (option == INTERNET_OPTION_PER_CONNECTION_OPTION)
        return inet_connection_set(buffer, size, true);
    if (option == INTERNET_OPTION_PROXY && handle)
        return inet_proxy_set(handle, buffer, size, true);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].option == option && options[i].text) {
            WCHAR *wide = inet_widen(buffer, size);
            BOOL done = wide && InternetSetOptionW(handle, option, wide, (DWORD)wide_length(wide));

            crypt_free(wide);
            return done;
        }
    return InternetSetOptionW(handle, option, buffer, size);
}

static BOOL give(const void *from, DWORD needed, void *buffer, DWORD *size)
{
    DWORD room = *size;

    *size = needed;
    if (!buffer || room < needed)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, from, needed);
    return TRUE;
}

static BOOL query_number(HINTERNET handle, DWORD option, void *buffer, DWORD *size)
{
    static const DWORD types[] = {0, INTERNET_HANDLE_TYPE_INTERNET, INTERNET_HANDLE_TYPE_CONNECT_HTTP,
                                  INTERNET_HANDLE_TYPE_HTTP_REQUEST};
    struct inet_extra *extra;
    DWORD number;

    switch (option) {
    case INTERNET_OPTION_HANDLE_TYPE:
        extra = inet_extra_of(handle);
        if (extra && extra->type)
            return give(&extra->type, sizeof extra->type, buffer, size);
        number = inet_parent_kind(handle);
        return number && number < 4 ? give(&types[number], sizeof number, buffer, size)
                                    : inet_fail(ERROR_INTERNET_INCORRECT_HANDLE_TYPE);
    case INTERNET_OPTION_CONTEXT_VALUE:
        extra = inet_extra_of(handle);
        return extra ? give(&extra->context, sizeof extra->context, buffer, size) : FALSE;
    case INTERNET_OPTION_CONNECTED_STATE:
        number = INTERNET_STATE_CONNECTED;
        return give(&number, sizeof number, buffer, size);
    case INTERNET_OPTION_VERSION:
        return give(&(INTERNET_VERSION_INFO){1, 2}, sizeof(INTERNET_VERSION_INFO), buffer, size);
    case INTERNET_OPTION_REQUEST_FLAGS:
        number = cache_answered(handle) ? INTERNET_REQFLAG_FROM_CACHE : 0;
        return give(&number, sizeof number, buffer, size);
    }
    return inet_fail(ERROR_INTERNET_INVALID_OPTION);
}

BOOL WINAPI InternetQueryOptionW(HINTERNET handle, DWORD option, LPVOID buffer, LPDWORD size)
{
    if (!size)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (option == INTERNET_OPTION_PER_CONNECTION_OPTION)
        return inet_connection_query(buffer, size, false);
    if (option == INTERNET_OPTION_PROXY)
        return inet_proxy_query(handle, buffer, size, false);
    if (option == INTERNET_OPTION_DATAFILE_NAME)
        return cache_data_file(handle) ? inet_give_wide(cache_data_file(handle), buffer, size)
                                       : inet_fail(ERROR_INTERNET_ITEM_NOT_FOUND);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].option == option) {
            DWORD bytes = *size * (options[i].text ? (DWORD)sizeof(WCHAR) : 1);
            BOOL done = WinHttpQueryOption(handle, options[i].winhttp, buffer, &bytes);

            *size = options[i].text ? bytes / (DWORD)sizeof(WCHAR) : bytes;
            return done;
        }
    return query_number(handle, option, buffer, size);
}

BOOL WINAPI InternetQueryOptionA(HINTERNET handle, DWORD option, LPVOID buffer, LPDWORD size)
{
    if (!size)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (option == INTERNET_OPTION_PER_CONNECTION_OPTION)
        return inet_connection_query(buffer, size, true);
    if (option == INTERNET_OPTION_PROXY)
        return inet_proxy_query(handle, buffer, size, true);
    if (option == INTERNET_OPTION_DATAFILE_NAME)
        return cache_data_file(handle) ? inet_give_ansi(cache_data_file(handle), buffer, size)
                                       : inet_fail(ERROR_INTERNET_ITEM_NOT_FOUND);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].option == option && options[i].text) {
            WCHAR text[2200];
            DWORD length = 2200;

            return InternetQueryOptionW(handle, option, text, &length) && inet_give_ansi(text, buffer, size);
        }
    return InternetQueryOptionW(handle, option, buffer, size);
}
