/*
 * inet.h: what wininet uses of winhttp.  winhttp.h and wininet.h can not be included together, so these are the calls
 * that it makes, declared with plain types; the numbers of headers, errors and most flags are the same in both.
 */
#ifndef WINHTTP_INET_H
#define WINHTTP_INET_H

#include "win.h"

/* What a handle of wininet has beside winhttp's; a child has its parent's. */
struct inet_extra {
    void *callback; /* INTERNET_STATUS_CALLBACK */
    DWORD_PTR context;
    bool async;
    WCHAR user[128], password[128]; /* of InternetConnect */
};

/* NULL with last error: no such handle.  Good while the handle is open. */
struct inet_extra *inet_extra_of(void *handle);
/* The session uses the cookies and connections that all of wininet shares. */
void inet_share_pool(void *session);
/* Its secure_failure, WINHTTP_CALLBACK_STATUS_FLAG_*. */
DWORD inet_secure_failure(void *request);
DWORD inet_parent_kind(void *handle); /* WINHTTP_HANDLE_TYPE_*; 0: none */
WCHAR *inet_combine(const WCHAR *base, const WCHAR *location);
WCHAR *inet_escape(const WCHAR *path);
/* Cookies of the shared pool; heap memory, or NULL. */
char *inet_cookies(const WCHAR *url);
bool inet_cookie_set(const WCHAR *url, const WCHAR *text);

#endif
