/*
 * http.h: pools and transfers; what they do is said in ntdll/http_plugin.h.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <curl/curl.h>
#include "ntdll/http_plugin.h"

struct http_pool *pool_open(void);
void pool_close(struct http_pool *pool);
void pool_reference(struct http_pool *pool);
CURLSH *pool_share(struct http_pool *pool);
/* A multi handle with the connections that earlier transfers of the group left open. */
CURLM *pool_take(struct http_pool *pool, unsigned group);
void pool_give(struct http_pool *pool, unsigned group, CURLM *multi);
char *pool_cookie_lines(struct http_pool *pool);
void pool_cookie_line(struct http_pool *pool, const char *line);
bool pool_cookies_changed(struct http_pool *pool);
void pool_cookie_came(struct http_pool *pool);

struct http_transfer *transfer_start(struct http_pool *pool, const struct http_options *options);
void transfer_finish(struct http_transfer *transfer);
void transfer_cancel(struct http_transfer *transfer);
enum http_result transfer_connect(struct http_transfer *transfer);
enum http_result transfer_write(struct http_transfer *transfer, const void *data, size_t size);
void transfer_write_end(struct http_transfer *transfer);
enum http_result transfer_headers(struct http_transfer *transfer);
enum http_result transfer_wait_data(struct http_transfer *transfer, size_t *available);
enum http_result transfer_peek(struct http_transfer *transfer, size_t *available);
enum http_result transfer_read(struct http_transfer *transfer, void *data, size_t size, size_t *got);
const char *transfer_head(struct http_transfer *transfer, size_t *size, unsigned *status);
size_t transfer_certificates(struct http_transfer *transfer, const struct http_certificate **certificates);
const char *transfer_peer(struct http_transfer *transfer, int *port);
enum http_result transfer_raw_send(struct http_transfer *transfer, const void *data, size_t size);
enum http_result transfer_raw_receive(struct http_transfer *transfer, void *data, size_t size, size_t *got,
                                      unsigned limit);

#endif
