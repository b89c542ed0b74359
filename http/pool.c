/*
 * pool.c: what transfers leave behind for later ones: open connections, and cookies.
 *
 * A multi handle owns its connections and is used by one transfer at a time; between transfers it lies here.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    bool changed;            /* an answer brought cookies */
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

char *pool_cookie_lines(struct http_pool *pool)
{
    CURL *easy = cookie_handle(pool);
    struct curl_slist *list = NULL;
    char *text = NULL, *at;
    size_t size = 1;

    if (!easy || curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &list) != CURLE_OK)
        list = NULL;
    for (struct curl_slist *one = list; one; one = one->next)
        size += strlen(one->data) + 1;
    text = at = list ? malloc(size) : NULL;
    for (struct curl_slist *one = list; one && text; one = one->next)
        at += sprintf(at, at > text ? "\n%s" : "%s", one->data);
    curl_slist_free_all(list);
    if (easy)
        curl_easy_cleanup(easy);
    return text;
}

void pool_cookie_line(struct http_pool *pool, const char *line)
{
    CURL *easy = cookie_handle(pool);

    if (!easy)
        return;
    curl_easy_setopt(easy, CURLOPT_COOKIELIST, line);
    curl_easy_cleanup(easy);
}

void pool_cookie_came(struct http_pool *pool)
{
    __atomic_store_n(&pool->changed, true, __ATOMIC_RELAXED);
}

bool pool_cookies_changed(struct http_pool *pool)
{
    return __atomic_load_n(&pool->changed, __ATOMIC_RELAXED) &&
           __atomic_exchange_n(&pool->changed, false, __ATOMIC_RELAXED);
}
