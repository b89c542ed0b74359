/*
 * plugin.c: the table through which winhttp/ and wininet/ use libcurl.
 *
 * Layer: a plug-in under ntdll.
 */
#include <stdlib.h>
#include "http.h"

static int64_t date(const char *text)
{
    return curl_getdate(text, NULL);
}

static void release(void *data)
{
    free(data);
}

__attribute__((visibility("default"))) const struct http_plugin http_plugin_table = {
    .pool_open = pool_open,
    .pool_close = pool_close,
    .cookie_lines = pool_cookie_lines,
    .cookie_line = pool_cookie_line,
    .cookies_changed = pool_cookies_changed,
    .date = date,
    .start = transfer_start,
    .finish = transfer_finish,
    .cancel = transfer_cancel,
    .connect = transfer_connect,
    .write = transfer_write,
    .write_end = transfer_write_end,
    .headers = transfer_headers,
    .wait_data = transfer_wait_data,
    .peek = transfer_peek,
    .read = transfer_read,
    .head = transfer_head,
    .certificates = transfer_certificates,
    .peer_address = transfer_peer,
    .raw_send = transfer_raw_send,
    .raw_receive = transfer_raw_receive,
    .release = release,
};

__attribute__((constructor)) static void begin(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}
