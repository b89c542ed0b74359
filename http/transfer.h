/*
 * transfer.h: a transfer in progress: what transfer.c sets up and drive.c moves.
 */
#ifndef HTTP_TRANSFER_H
#define HTTP_TRANSFER_H

#include <pthread.h>
#include "http.h"

#define CHAIN_MAX 12

struct bytes {
    char *data;
    size_t size, room, at;
};

struct http_transfer {
    struct http_pool *pool;
    unsigned group;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    struct bytes head, in, out;
    unsigned status;
    bool added, raw, has_auth, cookies;
    bool head_done, done, write_paused, read_paused, write_ended, connected;
    int cancelled;
    CURLcode code;
    bool refused; /* by verify */
    bool long_head;
    size_t head_total;                   /* with the heads of answers that were not the last */
    pthread_mutex_t raw_lock, send_lock; /* raw: one thread sends while another one receives */
    int identity;                        /* the client's certificate and key, as libcurl reads them; 0: none */
    int wake;                            /* raw: readable once it is cancelled; 0: none */
    unsigned receive_ms;
    struct http_certificate chain[CHAIN_MAX];
    size_t chain_count;
    bool (*verify)(void *argument, const struct http_certificate *certificates, size_t count);
    void *argument;
};

/* Appends; false: no memory. */
bool bytes_put(struct bytes *bytes, const void *data, size_t size);

/* libcurl's callback: the connection is there. */
int transfer_connected(void *argument, char *peer, char *local, int peer_port, int local_port);

#endif
