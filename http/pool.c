/*
 * pool.c: what transfers leave behind for later ones: open connections, and cookies.
 *
 * A multi handle owns its connections and is used by one transfer at a time; between transfers it lies here.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "http.h"

#define IDLE_MAX 16

struct idle {
    CURLM *multi;
    unsigned group;
};

struct http_pool {
    pthread_mutex_t lock;
    int references;
    struct idle idle[IDLE_MAX];
    int idle_count;
    CURLSH *share;
    pthread_mutex_t cookies; /* libcurl's, while it looks at the cookies */
};

static void share_lock(CURL *easy, curl_lock_data data, curl_lock_access access, void *argument)
{
    struct http_pool *pool = argument;

    (void)easy, (void)data, (void)access;
    pthread_mutex_lock(&pool->cookies);
}

static void share_unlock(CURL *easy, curl_lock_data data, void *argument)
{
    struct http_pool *pool = argument;

    (void)easy, (void)data;
    pthread_mutex_unlock(&pool->cookies);
}

struct http_pool *pool_open(void)
{
    struct http_pool *pool = calloc(1, sizeof *pool);
    pthread_mutexattr_t recursive;

    if (!pool)
        return NULL;
    pool->references = 1;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&pool->cookies, &recursive);
    pthread_mutexattr_destroy(&recursive);
    pool->share = curl_share_init();
    curl_share_setopt(pool->share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(pool->share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(pool->share, CURLSHOPT_USERDATA, pool);
    curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    return pool;
}

void pool_reference(struct http_pool *pool)
{
    __sync_fetch_and_add(&pool->references, 1);
}

void pool_close(struct http_pool *pool)
{
    if (__sync_sub_and_fetch(&pool->references, 1))
        return;
    for (int i = 0; i < pool->idle_count; i++)
        curl_multi_cleanup(pool->idle[i].multi);
    curl_share_cleanup(pool->share);
    pthread_mutex_destroy(&pool->lock);
    pthread_mutex_destroy(&pool->cookies);
    free(pool);
}

CURLSH *pool_share(struct http_pool *pool)
{
    return pool->share;
}

CURLM *pool_take(struct http_pool *pool, unsigned group)
{
    CURLM *multi = NULL;

    pthread_mutex_lock(&pool->lock);
    for (int i = pool->idle_count - 1; i >= 0 && !multi; i--)
        if (pool->idle[i].group == group) {
            multi = pool->idle[i].multi;
            pool->idle[i] = pool->idle[--pool->idle_count];
        }
    pthread_mutex_unlock(&pool->lock);
    return multi ? multi : curl_multi_init();
}

void pool_give(struct http_pool *pool, unsigned group, CURLM *multi)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->idle_count < IDLE_MAX) {
        pool->idle[pool->idle_count++] = (struct idle){multi, group};
        multi = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    if (multi)
        curl_multi_cleanup(multi);
}

static CURL *cookie_handle(struct http_pool *pool)
{
    CURL *easy = curl_easy_init();

    if (easy) {
        curl_easy_setopt(easy, CURLOPT_SHARE, pool->share);
        curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    }
    return easy;
}

/* A Netscape line: domain, tail match, path, secure, expiry, name, value. */
struct cookie {
    char *domain, *tail, *path, *secure, *expiry, *name, *value;
};

static bool cookie_parse(char *line, struct cookie *cookie)
{
    char **parts[] = {&cookie->domain, &cookie->tail, &cookie->path, &cookie->secure,
                      &cookie->expiry, &cookie->name, &cookie->value};

    if (!strncmp(line, "#HttpOnly_", 10))
        line += 10;
    for (size_t i = 0; i < 7; i++) {
        *parts[i] = line;
        if (i < 6) {
            line = strchr(line, '\t');
            if (!line)
                return false;
            *line++ = 0;
        }
    }
    return true;
}

static bool cookie_fits(const struct cookie *cookie, const char *host, const char *path, bool secure)
{
    const char *domain = *cookie->domain == '.' ? cookie->domain + 1 : cookie->domain;
    size_t h = strlen(host), d = strlen(domain), p = strlen(cookie->path);
    long expiry = atol(cookie->expiry);

    if (h < d || strcasecmp(host + h - d, domain) ||
        (h > d && (strcmp(cookie->tail, "TRUE") || host[h - d - 1] != '.')))
        return false;
    if (strncmp(path, cookie->path, p) || (path[p] && path[p] != '/' && p && cookie->path[p - 1] != '/'))
        return false;
    if (!strcmp(cookie->secure, "TRUE") && !secure)
        return false;
    return !expiry || expiry > time(NULL);
}

char *pool_cookie_get(struct http_pool *pool, const char *host, const char *path, bool secure)
{
    CURL *easy = cookie_handle(pool);
    struct curl_slist *list = NULL;
    char *text = NULL;
    size_t length = 0;

    if (!easy || curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &list) != CURLE_OK)
        list = NULL;
    for (struct curl_slist *one = list; one; one = one->next) {
        struct cookie cookie;
        char *longer;

        if (!cookie_parse(one->data, &cookie) || !cookie_fits(&cookie, host, path, secure))
            continue;
        longer = realloc(text, length + strlen(cookie.name) + strlen(cookie.value) + 4);
        if (!longer)
            break;
        text = longer;
        length += (size_t)sprintf(text + length, "%s%s=%s", length ? "; " : "", cookie.name, cookie.value);
    }
    curl_slist_free_all(list);
    if (easy)
        curl_easy_cleanup(easy);
    return text;
}

/* libcurl wants to know for which host: what the text does not say is added to it. */
bool pool_cookie_set(struct http_pool *pool, const char *url, const char *text)
{
    CURLU *parts = curl_url();
    CURL *easy = cookie_handle(pool);
    char *host = NULL, *line = NULL;
    bool done = false;

    if (parts && easy && !curl_url_set(parts, CURLUPART_URL, url, 0) &&
        !curl_url_get(parts, CURLUPART_HOST, &host, 0) &&
        asprintf(&line, "Set-Cookie: %s%s%s%s", text, strcasestr(text, "domain=") ? "" : "; domain=",
                 strcasestr(text, "domain=") ? "" : host, strcasestr(text, "path=") ? "" : "; path=/") > 0)
        done = curl_easy_setopt(easy, CURLOPT_COOKIELIST, line) == CURLE_OK;
    free(line);
    curl_free(host);
    if (easy)
        curl_easy_cleanup(easy);
    curl_url_cleanup(parts);
    return done;
}
