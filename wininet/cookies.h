/*
 * cookies.h: the user's cookies (cookies.c), and who wants to see them (cookieapi.c).  Text is UTF-8.
 */
#ifndef WININET_COOKIES_H
#define WININET_COOKIES_H

#include "win.h"

/* Where a cookie is asked for or set. */
struct cookie_place {
    char *host, *path; /* heap memory */
    bool secure;
};

struct cookie_view {
    const char *name, *value, *domain, *path;
    bool secure, http_only, tail; /* tail: for the domain's subdomains, too */
    int64_t expiry;               /* seconds since 1970; 0: with the process */
};

/* What other processes have changed; before cookies are used. */
void cookies_load(void);
/* If an answer has brought some. */
void cookies_save(void);
void cookies_each(const struct cookie_place *place, void (*one)(const struct cookie_view *view, void *argument),
                  void *argument);
/* One that is over removes the one of its name. */
bool cookie_put(const struct cookie_view *view);

#endif
