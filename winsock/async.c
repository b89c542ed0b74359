/*
 * async.c: winsock.h of 16-bit days: network events and answers about names as messages to a window.
 *
 * Layer: winsock, on netdb.c and ntdll's network events; posts by user32's PostMessage.  The questions about names are
 * asked on a pool thread.
 */
#include <string.h>
#include "ntdll/socket.h"
#include "winsock/ws.h"

BOOL WINAPI PostMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam);
BOOL WINAPI IsWindow(HWND window);

/* ---- network events ---- */

/* Whoever has closed a window gets no message any more, and nobody is told. */
static void tell(const struct socket_notice *notice, HANDLE socket, LONG event, NTSTATUS code)
{
    PostMessageW(notice->window, notice->message, (WPARAM)socket, WSAMAKESELECTREPLY(event, wsa_error(code)));
}

int WINAPI WSAAsyncSelect(SOCKET s, HWND window, u_int message, __LONG32 events)
{
    const struct socket_notice notice = {tell, window, message};

    if (events && !IsWindow(window))
        return wsa_fail(WSAEINVAL);
    return wsa_result(socket_event_notify(SOCKET_HANDLE(s), &notice, events));
}

/* ---- questions about names ---- */

enum question { HOST_BY_NAME, HOST_BY_ADDRESS, SERVICE_BY_NAME, SERVICE_BY_PORT, PROTOCOL_BY_NAME, PROTOCOL_BY_NUMBER };

struct request {
    struct request *next;
    HANDLE handle;
    HWND window;
    UINT message;
    enum question question;
    int number, length; /* port, protocol or family; of the address */
    char *room;         /* the program's */
    int size;
    char name[256], protocol[64]; /* name: or the address */
    bool has_protocol;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct request *requests;
static ULONG_PTR last_handle;

/* The program's buffer, filled from the front; goes on counting when it is full. */
struct out {
    char *at;
    size_t used, size;
};

static void *out_put(struct out *out, const void *data, size_t size)
{
    size_t begin = (out->used + 7) & ~(size_t)7;
    void *place = begin + size <= out->size ? out->at + begin : NULL;

    if (place && data)
        memcpy(place, data, size);
    out->used = begin + size;
    return place;
}

static char *out_text(struct out *out, const char *text)
{
    return text ? out_put(out, text, strlen(text) + 1) : NULL;
}

/* A list that ends with NULL; item_size 0: strings. */
static char **out_list(struct out *out, char **list, size_t item_size)
{
    size_t count = 0;
    char **copy;

    while (list[count])
        count++;
    copy = out_put(out, NULL, (count + 1) * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        char *item = item_size ? out_put(out, list[i], item_size) : out_text(out, list[i]);

        if (copy)
            copy[i] = item;
    }
    if (copy)
        copy[count] = NULL;
    return copy;
}

static void out_host(struct out *out, const HOSTENT *host)
{
    HOSTENT copy = *host, *place = out_put(out, NULL, sizeof copy);

    copy.h_name = out_text(out, host->h_name);
    copy.h_aliases = out_list(out, host->h_aliases, 0);
    copy.h_addr_list = out_list(out, host->h_addr_list, (size_t)host->h_length);
    if (out->used <= out->size)
        *place = copy;
}

static void out_service(struct out *out, const SERVENT *service)
{
    SERVENT copy = *service, *place = out_put(out, NULL, sizeof copy);

    copy.s_name = out_text(out, service->s_name);
    copy.s_aliases = out_list(out, service->s_aliases, 0);
    copy.s_proto = out_text(out, service->s_proto);
    if (out->used <= out->size)
        *place = copy;
}

static void out_protocol(struct out *out, const PROTOENT *protocol)
{
    PROTOENT copy = *protocol, *place = out_put(out, NULL, sizeof copy);

    copy.p_name = out_text(out, protocol->p_name);
    copy.p_aliases = out_list(out, protocol->p_aliases, 0);
    if (out->used <= out->size)
        *place = copy;
}

struct found {
    const HOSTENT *host;
    const SERVENT *service;
    const PROTOENT *protocol;
};

static bool ask(const struct request *request, struct found *found)
{
    const char *protocol = request->has_protocol ? request->protocol : NULL;

    switch (request->question) {
    case HOST_BY_NAME:
        found->host = gethostbyname(request->name);
        break;
    case HOST_BY_ADDRESS:
        found->host = gethostbyaddr(request->name, request->length, request->number);
        break;
    case SERVICE_BY_NAME:
        found->service = getservbyname(request->name, protocol);
        break;
    case SERVICE_BY_PORT:
        found->service = getservbyport(request->number, protocol);
        break;
    case PROTOCOL_BY_NAME:
        found->protocol = getprotobyname(request->name);
        break;
    case PROTOCOL_BY_NUMBER:
        found->protocol = getprotobynumber(request->number);
        break;
    }
    return found->host || found->service || found->protocol;
}

/* Takes a request out of the list; NULL: it has been cancelled. */
static struct request *request_take(HANDLE handle)
{
    struct request **link = &requests, *found;

    RtlAcquireSRWLockExclusive(&lock);
    while (*link && (*link)->handle != handle)
        link = &(*link)->next;
    found = *link;
    if (found)
        *link = found->next;
    RtlReleaseSRWLockExclusive(&lock);
    return found;
}

/* The names' own functions keep their answer for this thread; it is copied once the request can not be cancelled. */
static DWORD WINAPI answer(void *pointer)
{
    struct request *request = pointer;
    struct out out = {request->room, 0, (size_t)request->size};
    struct found found = {NULL, NULL, NULL};
    DWORD error = ask(request, &found) ? 0 : GetLastError();

    if (request_take(request->handle)) {
        if (found.host)
            out_host(&out, found.host);
        if (found.service)
            out_service(&out, found.service);
        if (found.protocol)
            out_protocol(&out, found.protocol);
        if (out.used > out.size)
            error = WSAENOBUFS;
        PostMessageW(request->window, request->message, (WPARAM)request->handle, MAKELONG(out.used, error));
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, request);
    return 0;
}

static HANDLE request_start(const struct request *template)
{
    struct request *request;
    HANDLE handle;

    if (!wsa_started())
        return NULL;
    request = IsWindow(template->window) && template->room
                  ? RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *request)
                  : NULL;
    if (!request) {
        wsa_fail(template->room ? WSAEINVAL : WSAEFAULT);
        return NULL;
    }
    *request = *template;
    RtlAcquireSRWLockExclusive(&lock);
    handle = request->handle = (HANDLE)++last_handle;
    request->next = requests;
    requests = request;
    RtlReleaseSRWLockExclusive(&lock);
    if (QueueUserWorkItem(answer, request, WT_EXECUTELONGFUNCTION))
        return handle;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, request_take(handle));
    wsa_fail(WSAENOBUFS);
    return NULL;
}

static struct request request_new(HWND window, UINT message, enum question question, char *room, int size)
{
    return (struct request){
        .window = window, .message = message, .question = question, .room = room, .size = size < 0 ? 0 : size};
}

static void request_names(struct request *request, const char *name, const char *protocol)
{
    lstrcpynA(request->name, name ? name : "", sizeof request->name);
    lstrcpynA(request->protocol, protocol ? protocol : "", sizeof request->protocol);
    request->has_protocol = protocol != NULL;
}

HANDLE WINAPI WSAAsyncGetHostByName(HWND window, u_int message, const char *name, char *room, int size)
{
    struct request request = request_new(window, message, HOST_BY_NAME, room, size);

    request_names(&request, name, NULL);
    return request_start(&request);
}

HANDLE WINAPI WSAAsyncGetHostByAddr(HWND window, u_int message, const char *address, int length, int family, char *room,
                                    int size)
{
    struct request request = request_new(window, message, HOST_BY_ADDRESS, room, size);

    request.number = family;
    request.length = length;
    if (!address || length < 0 || length > (int)sizeof request.name) {
        wsa_fail(WSAEFAULT);
        return NULL;
    }
    memcpy(request.name, address, (size_t)length);
    return request_start(&request);
}

HANDLE WINAPI WSAAsyncGetServByName(HWND window, u_int message, const char *name, const char *protocol, char *room,
                                    int size)
{
    struct request request = request_new(window, message, SERVICE_BY_NAME, room, size);

    request_names(&request, name, protocol);
    return request_start(&request);
}

HANDLE WINAPI WSAAsyncGetServByPort(HWND window, u_int message, int port, const char *protocol, char *room, int size)
{
    struct request request = request_new(window, message, SERVICE_BY_PORT, room, size);

    request_names(&request, NULL, protocol);
    request.number = port;
    return request_start(&request);
}

HANDLE WINAPI WSAAsyncGetProtoByName(HWND window, u_int message, const char *name, char *room, int size)
{
    struct request request = request_new(window, message, PROTOCOL_BY_NAME, room, size);

    request_names(&request, name, NULL);
    return request_start(&request);
}

HANDLE WINAPI WSAAsyncGetProtoByNumber(HWND window, u_int message, int number, char *room, int size)
{
    struct request request = request_new(window, message, PROTOCOL_BY_NUMBER, room, size);

    request.number = number;
    return request_start(&request);
}

int WINAPI WSACancelAsyncRequest(HANDLE handle)
{
    if (!wsa_started())
        return SOCKET_ERROR;
    if (request_take(handle))
        return 0; /* who answers it finds it gone, and frees it */
    return wsa_fail(handle && (ULONG_PTR)handle <= last_handle ? WSAEALREADY : WSAEINVAL);
}

/* ---- blocking hooks: no call of ours runs the program's messages, so none can be cancelled from inside ---- */

BOOL WINAPI WSAIsBlocking(void)
{
    return FALSE;
}

int WINAPI WSACancelBlockingCall(void)
{
    return wsa_started() ? wsa_fail(WSAEINVAL) : SOCKET_ERROR;
}

/* Hooks went with Winsock 1.1: nothing calls them. */
FARPROC WINAPI WSASetBlockingHook(FARPROC hook)
{
    (void)hook;
    if (wsa_started())
        wsa_fail(WSAEOPNOTSUPP);
    return NULL;
}

int WINAPI WSAUnhookBlockingHook(void)
{
    return wsa_started() ? wsa_fail(WSAEOPNOTSUPP) : SOCKET_ERROR;
}
