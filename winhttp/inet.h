/*
 * inet.h: what wininet uses of winhttp.  winhttp.h and wininet.h can not be included together, so these are the calls
 * that it makes, declared with plain types; the numbers of headers, errors and most flags are the same in both.
 */
#ifndef WINHTTP_INET_H
#define WINHTTP_INET_H

#include "win.h"

/* What a handle of wininet has beside winhttp's; a child has its parent's, but for the last part. */
struct inet_extra {
    /* What winhttp tells of the handle, WINHTTP_CALLBACK_STATUS_*. */
    void (*notify)(const struct inet_extra *extra, void *number, DWORD status, void *information);
    void *callback; /* INTERNET_STATUS_CALLBACK */
    DWORD_PTR context;
    bool async, ansi;               /* ansi: what the callback wants */
    WCHAR user[128], password[128]; /* of InternetConnect */

    DWORD flags; /* INTERNET_FLAG_* of the request or connection */
    DWORD type;  /* INTERNET_HANDLE_TYPE_*, where it is not winhttp's; 0: as winhttp has it */
    void *object;
    void (*object_free)(void *object);
};

/* NULL with last error: no such handle.  Good while the handle is open. */
struct inet_extra *inet_extra_of(void *handle);
/* The handle's object with a reference, which lives on when the number is closed. */
void *inet_hold(void *handle);
void inet_drop(void *held);
struct inet_extra *inet_held_extra(void *held);
/* A handle that is wininet's alone; NULL with last error. */
void *inet_child(void *parent);
/* Closes the handle's children, and theirs. */
void inet_close_children(void *handle);
/* The session uses the cookies and connections that all of wininet shares. */
void inet_share_pool(void *session);
/* The last errors, or 0; *available is 0 at the end.  ERROR_IO_PENDING: it would have to wait. */
DWORD inet_peek(void *request, DWORD *available);
/* The request has this answer; what is read is the caller's matter. */
void inet_set_head(void *request, WCHAR *head);
/* Its secure_failure, WINHTTP_CALLBACK_STATUS_FLAG_*. */
DWORD inet_secure_failure(void *request);
DWORD inet_parent_kind(void *handle); /* WINHTTP_HANDLE_TYPE_*; 0: none */
/* WinHttpCrackUrl, which knows FTP, too (3, as winhttp numbers schemes); `parts` is URL_COMPONENTSW. */
BOOL inet_crack(const WCHAR *url, DWORD length, DWORD flags, void *parts);
WCHAR *inet_combine(const WCHAR *base, const WCHAR *location);
WCHAR *inet_escape(const WCHAR *path);
/* Cookies of the shared pool, Netscape's lines; heap memory, or NULL.  A line, or "ALL": none. */
char *inet_cookie_lines(void);
void inet_cookie_line(const char *line);
bool inet_cookies_changed(void);     /* by answers, since it was asked last */
int64_t inet_date(const char *text); /* seconds since 1970; -1: none */

#endif
