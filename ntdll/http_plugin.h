/*
 * http_plugin.h: what needs libcurl, behind one table, so that it is opened only by programs that ask for it.
 *
 * http/ is compiled as plain host code, hence plain types; text is UTF-8.  A transfer is driven by the thread that
 * waits for it: nothing runs in between.  A pool keeps connections and cookies; transfers of several threads may share
 * one.
 */
#ifndef NTDLL_HTTP_PLUGIN_H
#define NTDLL_HTTP_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_result {
    HTTP_OK,
    HTTP_CANCELLED,
    HTTP_NAME,    /* the host's name is not known */
    HTTP_CONNECT, /* no connection */
    HTTP_TIMEOUT,
    HTTP_TLS,         /* no secure connection */
    HTTP_CERTIFICATE, /* `verify` said no */
    HTTP_BROKEN,      /* the connection ended before its time */
    HTTP_RESPONSE,    /* what came is no answer */
    HTTP_URL,
    HTTP_REFUSED,   /* FTP: the server does not want to */
    HTTP_LOGIN,     /* FTP: nor with that name and password */
    HTTP_LONG_HEAD, /* more headers than anybody needs */
    HTTP_PENDING,   /* of `peek`: nothing yet */
    HTTP_FAILED,
};

enum http_auth { HTTP_AUTH_BASIC = 1, HTTP_AUTH_DIGEST = 2, HTTP_AUTH_NTLM = 4, HTTP_AUTH_NEGOTIATE = 8 };

struct http_certificate {
    const uint8_t *data;
    size_t size;
};

enum http_ftp { HTTP_FTP_NONE, HTTP_FTP_COMMANDS, HTTP_FTP_GET, HTTP_FTP_LIST, HTTP_FTP_PUT };

struct http_options {
    const char *url, *method;
    const char *const *headers; /* "Name: value" */
    size_t header_count;
    const char *proxy;  /* NULL: by the environment; "": none */
    const char *bypass; /* hosts, separated by commas */
    const char *user, *password, *proxy_user, *proxy_password;
    unsigned auth, proxy_auth;       /* enum http_auth */
    unsigned connect_ms, receive_ms; /* 0: for ever */
    bool decompress, http2, cookies;
    bool raw;              /* only connect: raw_send and raw_receive follow */
    bool has_body;         /* send a body, also if it is empty */
    int64_t body_size;     /* -1: not known, sent in chunks */
    unsigned tls_versions; /* bits: 1 TLS 1.0 ... 8 TLS 1.3; 0: the library's choice */
    enum http_ftp ftp;     /* the URL is FTP's */
    bool ftp_active, ftp_text;
    const char *ftp_list;            /* how a list is asked for */
    const char *const *ftp_commands; /* before all else */
    size_t ftp_command_count;
    /* The client's certificate and its key (PKCS #8), if the server asks; `group` tells them apart. */
    struct http_certificate client, client_key;
    unsigned group; /* connections are shared within a group only */
    /* Is the server's chain good?  Called by the thread that drives the transfer. */
    bool (*verify)(void *argument, const struct http_certificate *certificates, size_t count);
    void *argument;
};

struct http_pool;
struct http_transfer;

struct http_plugin {
    struct http_pool *(*pool_open)(void);
    void (*pool_close)(struct http_pool *pool);
    /* The pool's cookies as lines of Netscape's files, and one that is added ("ALL": they all go). */
    char *(*cookie_lines)(struct http_pool *pool);
    void (*cookie_line)(struct http_pool *pool, const char *line);
    bool (*cookies_changed)(struct http_pool *pool); /* by answers, since it was asked last */
    int64_t (*date)(const char *text);               /* of HTTP or cookies, in seconds since 1970; -1: none */

    struct http_transfer *(*start)(struct http_pool *pool, const struct http_options *options);
    void (*finish)(struct http_transfer *transfer);
    void (*cancel)(struct http_transfer *transfer);              /* from any thread */
    enum http_result (*connect)(struct http_transfer *transfer); /* until there is a connection */
    enum http_result (*write)(struct http_transfer *transfer, const void *data, size_t size);
    void (*write_end)(struct http_transfer *transfer);
    enum http_result (*headers)(struct http_transfer *transfer); /* until the answer's head is there */
    enum http_result (*wait_data)(struct http_transfer *transfer, size_t *available); /* 0: the end */
    /* What is there without waiting; 0: the end; or HTTP_PENDING. */
    enum http_result (*peek)(struct http_transfer *transfer, size_t *available);
    enum http_result (*read)(struct http_transfer *transfer, void *data, size_t size, size_t *got);
    /* The answer's head: status line and headers, each with CR LF. */
    const char *(*head)(struct http_transfer *transfer, size_t *size, unsigned *status);
    size_t (*certificates)(struct http_transfer *transfer, const struct http_certificate **certificates);
    const char *(*peer_address)(struct http_transfer *transfer, int *port);
    enum http_result (*raw_send)(struct http_transfer *transfer, const void *data, size_t size);
    /* `limit`: milliseconds; 0: for ever. */
    enum http_result (*raw_receive)(struct http_transfer *transfer, void *data, size_t size, size_t *got,
                                    unsigned limit);
    void (*release)(void *data);
};

/* NULL: the plug-in can not be opened. */
const struct http_plugin *http_plugin(void);

#endif
