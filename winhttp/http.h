/*
 * http.h: what the files of winhttp share, and wininet uses: sessions, connections, requests.
 *
 * A handle is a number; its object is counted, and a child holds its parent.  Closing marks the object and stops what
 * it is doing; it goes away when nothing uses it any more.
 */
#ifndef WINHTTP_HTTP_H
#define WINHTTP_HTTP_H

#include "crypt32/crypt.h"
#include <winhttp.h>
#include "ntdll/http_plugin.h"
#include "winhttp/inet.h"

enum http_kind { KIND_SESSION = 1, KIND_CONNECT, KIND_REQUEST, KIND_SOCKET, KIND_OTHER /* wininet's own */ };

/* What a handle takes over from its parent when it is made. */
struct settings {
    WINHTTP_STATUS_CALLBACK callback;
    DWORD callback_flags;
    DWORD_PTR context;
    DWORD resolve_ms, connect_ms, send_ms, receive_ms, response_ms;
    DWORD redirect_policy, redirect_max, secure_protocols, decompression, http_protocols, disabled;
};

struct handle {
    LONG references;
    enum http_kind kind;
    HINTERNET number;
    struct handle *parent;
    bool closed;
    struct settings set;
    struct inet_extra inet;
};

struct session {
    struct handle handle;
    bool async;
    WCHAR *agent, *proxy, *bypass;
    DWORD access; /* WINHTTP_ACCESS_TYPE_* */
    struct http_pool *pool;
    bool pool_shared; /* wininet's, which stays */
};

struct connection {
    struct handle handle;
    WCHAR *host;
    INTERNET_PORT port;
};

enum request_state { REQUEST_NEW, REQUEST_SENT, REQUEST_RECEIVED };

struct credential {
    WCHAR *user, *password;
    DWORD scheme;
};

struct request {
    struct handle handle;
    WCHAR *method, *path, *host; /* as they are now: a redirect changes them */
    INTERNET_PORT port;
    bool secure, upgrade, escape_off;
    DWORD security_flags, feature_off, secure_failure;
    WCHAR *proxy, *bypass; /* set on the request alone */
    DWORD proxy_access;    /* 0: the session's */
    struct credential server, proxy_login;
    WCHAR **headers;
    DWORD header_count;
    enum request_state state;
    struct http_transfer *transfer;
    SRWLOCK lock; /* of transfer, against closing */
    SRWLOCK work; /* one operation at a time */
    BYTE *body;   /* what came with the request: it may be sent again */
    DWORD body_size, redirects;
    bool chunked, http2_used;
    struct {
        int state;
        uint64_t left;
    } chunk;     /* the program's own framing of chunks is taken off */
    WCHAR *head; /* the answer's */
    DWORD status;
    PCCERT_CONTEXT certificate; /* the server's */
    PCCERT_CONTEXT client;      /* our own; NULL: none */
    HCERTSTORE peers;
    LONG busy; /* asynchronous operations under way */
    struct socket *socket;
};

/* A WebSocket: what has come and is not used yet, the message under way, and the end. */
struct socket {
    BYTE *data;
    size_t size, room;
    char key[32];
    bool utf8, sending, receiving, broken, closed_here, closed_there; /* sending, receiving: a message in parts */
    uint64_t left;                                                    /* of the frame that is being read */
    bool final;
    USHORT close_status;
    BYTE reason[124];
    DWORD reason_size;
};

/* internet.c */
void *internet_make(size_t size, enum http_kind kind, struct handle *parent);
/* With a reference; NULL with last error: not such a handle. */
void *internet_from(HINTERNET number, enum http_kind kind);
struct handle *internet_any(HINTERNET number);
void internet_reference(struct handle *handle);
void internet_release(struct handle *handle);
void internet_close(struct handle *handle);
void internet_close_children(struct handle *handle);
void internet_notify(struct handle *handle, DWORD status, void *information, DWORD size);
struct session *session_of(struct handle *handle);
static inline BOOL http_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* request.c: all give a last error, 0: done. */
void request_free(struct request *request);
DWORD request_send(struct request *request, const WCHAR *headers, DWORD length, const void *optional, DWORD size,
                   DWORD total);
DWORD request_write(struct request *request, const void *data, DWORD size);
DWORD request_receive(struct request *request);
DWORD request_available(struct request *request, DWORD *available);
DWORD request_peek(struct request *request, DWORD *available); /* ERROR_IO_PENDING: nothing yet */
DWORD request_read(struct request *request, void *data, DWORD size, DWORD *got);
void request_cancel(struct request *request);
void request_end(struct request *request); /* the transfer */
DWORD error_of(enum http_result result);

/* websocket.c: the request that asks for one, and its answer. */
DWORD socket_ask(struct request *request);
DWORD socket_answer(struct request *request);
void socket_free(struct socket *socket);

/* transfer.c */
DWORD transfer_open(struct request *request, uint64_t total, bool raw);

/* headers.c */
DWORD headers_add(struct request *request, const WCHAR *text, DWORD length, DWORD flags);
void headers_remove(struct request *request, const WCHAR *name);
const WCHAR *request_header(const struct request *request, const WCHAR *name); /* its value, or NULL */
/* The n-th header of that name in a head; heap memory, or NULL. */
WCHAR *head_value(const WCHAR *head, const WCHAR *name, DWORD index);
DWORD headers_query(struct request *request, DWORD level, const WCHAR *name, void *buffer, DWORD *size, DWORD *index);

/* url.c */
BOOL url_crack(const WCHAR *url, DWORD length, DWORD flags, LPURL_COMPONENTS parts, bool ftp);
WCHAR *url_make(bool secure, const WCHAR *host, INTERNET_PORT port, const WCHAR *path);
WCHAR *path_escape(const WCHAR *path, bool escape);
WCHAR *url_combine(const WCHAR *base, const WCHAR *location); /* `location` seen from `base` */

/* proxy.c: the user's, the machine's and the environment's proxy, and the hosts without it; false: none is set. */
bool proxy_settings(WCHAR **proxy, WCHAR **bypass);
bool machine_proxy(WCHAR **proxy, WCHAR **bypass); /* true and *proxy NULL: set to none */
bool environment_proxy(WCHAR **proxy, WCHAR **bypass);
WCHAR *proxy_script(bool *detect); /* the user's: its address, or NULL; and whether one is searched for */
char *proxy_choose(const WCHAR *list, bool secure);
WCHAR *global_copy(const WCHAR *text); /* for GlobalFree */

/* bypass.c */
bool proxy_bypassed(const WCHAR *list, const WCHAR *host, bool secure, DWORD port);

/* autoproxy.c: by the user's script; false: there is none, or none that works.  *proxy NULL: none. */
bool automatic_proxy(const WCHAR *url, WCHAR **proxy);

/* verify.c */
bool request_verify(void *argument, const struct http_certificate *certificates, size_t count);

#endif
