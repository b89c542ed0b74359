/*
 * icmp.c: icmpapi.h: echo requests.  On top of ntdll/icmp.h, which does the work; a request with an event or an APC is
 * sent by a pool thread.
 */
#include <string.h>
#include "ntthread.h"
#include "ntdll/gate.h"
#include "ntdll/icmp.h"
#include "ntdll/socket.h"
#include "winsock/iphlp.h"

/* ICMPV6_ECHO_REPLY, which mingw-w64 leaves out; its data follow.  The address is a packed structure on Windows. */
struct reply6 {
    struct {
        USHORT port;
        ULONG flow;
        USHORT sin6_addr[8];
        ULONG scope;
    } __attribute__((packed)) address;
    ULONG status;
    unsigned int round_trip;
};
_Static_assert(offsetof(struct reply6, address.sin6_addr) == 6 && offsetof(struct reply6, status) == 28,
               "as on Windows");

struct job {
    struct icmp_echo echo;
    HANDLE event;
    FARPROC apc; /* NULL, or an APC with its context for the thread that asked */
    PVOID context;
    HANDLE thread; /* owned */
    IO_STATUS_BLOCK io;
    void *reply;
    BYTE request[];
};

/* A handle is that of an event nobody signals: requests share nothing. */
HANDLE WINAPI IcmpCreateFile(void)
{
    HANDLE handle = CreateEventW(NULL, TRUE, FALSE, NULL);

    return handle ? handle : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI Icmp6CreateFile(void)
{
    return IcmpCreateFile();
}

BOOL WINAPI IcmpCloseHandle(HANDLE handle)
{
    return CloseHandle(handle);
}

/* What an ICMP error means; the numbers are those of IPv4 and of IPv6. */
static ULONG error_status(const struct icmp_echo *echo)
{
    static const ULONG unreachable[] = {IP_DEST_NET_UNREACHABLE, IP_DEST_HOST_UNREACHABLE, IP_DEST_PROT_UNREACHABLE,
                                        IP_DEST_PORT_UNREACHABLE, IP_PACKET_TOO_BIG};
    static const ULONG unreachable6[] = {IP_DEST_NET_UNREACHABLE, IP_DEST_PROT_UNREACHABLE, IP_DEST_NET_UNREACHABLE,
                                         IP_DEST_HOST_UNREACHABLE, IP_DEST_PORT_UNREACHABLE};
    bool known = echo->code >= 0 && echo->code < 5;

    if (echo->type == -1)
        return echo->got > echo->room_size ? IP_GENERAL_FAILURE : IP_SUCCESS;
    if (echo->type == (echo->six ? 1 : 3))
        return !known ? IP_DEST_HOST_UNREACHABLE : echo->six ? unreachable6[echo->code] : unreachable[echo->code];
    if (echo->type == (echo->six ? 3 : 11))
        return echo->code ? IP_TTL_EXPIRED_REASSEM : IP_TTL_EXPIRED_TRANSIT;
    if (echo->six && echo->type == 2)
        return IP_PACKET_TOO_BIG;
    return echo->type == (echo->six ? 4 : 12) ? IP_PARAM_PROBLEM : IP_GENERAL_FAILURE;
}

/* Sends, and writes the reply; 0 or the error. */
static DWORD job_run(struct job *job)
{
    struct icmp_echo *echo = &job->echo;
    NTSTATUS status = icmp_echo(echo);

    if (status == STATUS_IO_TIMEOUT)
        return IP_REQ_TIMED_OUT;
    if (status == STATUS_NETWORK_UNREACHABLE)
        return IP_DEST_NET_UNREACHABLE;
    if (status == STATUS_HOST_UNREACHABLE)
        return IP_DEST_HOST_UNREACHABLE;
    if (status == STATUS_INVALID_BUFFER_SIZE)
        return IP_PACKET_TOO_BIG;
    if (status)
        return RtlNtStatusToDosError(status);
    if (echo->six) {
        struct reply6 *reply = job->reply;

        *reply = (struct reply6){.status = error_status(echo), .round_trip = echo->round_trip};
        memcpy(reply->address.sin6_addr, echo->from, 16);
    } else {
        ICMP_ECHO_REPLY *reply = job->reply;
        ULONG got = echo->type != -1 ? 0 : echo->got < echo->room_size ? echo->got : echo->room_size;

        *reply = (ICMP_ECHO_REPLY){.Status = error_status(echo),
                                   .RoundTripTime = echo->round_trip,
                                   .DataSize = (USHORT)got,
                                   .Reserved = 1, /* replies in the buffer */
                                   .Data = echo->room,
                                   .Options = {.Ttl = echo->from_ttl}};
        memcpy(&reply->Address, echo->from, 4);
    }
    return 0;
}

static void job_free(struct job *job)
{
    if (job->thread)
        CloseHandle(job->thread);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, job);
}

static void WINAPI job_apc(ULONG_PTR pointer, ULONG_PTR second, ULONG_PTR third)
{
    struct job *job = (struct job *)pointer;
    (void)second, (void)third;
    guest_call((void *)job->apc, GUEST(job->context), GUEST(&job->io), 0, 0);
    job_free(job);
}

static DWORD WINAPI job_work(void *pointer)
{
    struct job *job = pointer;
    DWORD error = job_run(job);

    if (error && job->echo.six)
        ((struct reply6 *)job->reply)->status = error;
    else if (error)
        *(ICMP_ECHO_REPLY *)job->reply = (ICMP_ECHO_REPLY){.Status = error};
    if (job->event)
        SetEvent(job->event);
    job->io.Status = error ? STATUS_FROM_WINSOCK(error) : STATUS_SUCCESS;
    job->io.Information = job->echo.six ? sizeof(struct reply6) : sizeof(ICMP_ECHO_REPLY);
    if (!job->apc || NtQueueApcThread(job->thread, job_apc, job, NULL, NULL))
        job_free(job);
    return 0;
}

struct call {
    HANDLE handle, event;
    FARPROC apc;
    PVOID context;
    const void *data;
    WORD size;
    const IP_OPTION_INFORMATION *options;
    void *reply;
    DWORD reply_size, milliseconds;
};

static DWORD call_check(const struct call *call, size_t head)
{
    if (!call->handle || call->handle == INVALID_HANDLE_VALUE)
        return ERROR_INVALID_PARAMETER;
    if (!call->reply || call->reply_size < head || (call->size && !call->data))
        return ERROR_INVALID_PARAMETER;
    return call->reply_size < head + call->size ? IP_BUF_TOO_SMALL : 0;
}

/* `echo` has the addresses. */
static DWORD call_run(const struct call *call, const struct icmp_echo *echo)
{
    size_t head = echo->six ? sizeof(struct reply6) : sizeof(ICMP_ECHO_REPLY);
    DWORD error = call_check(call, head);
    struct job *job = error ? NULL : RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *job + call->size);

    if (!error && !job)
        error = ERROR_NOT_ENOUGH_MEMORY;
    if (error) {
        SetLastError(error);
        return 0;
    }
    job->echo = *echo;
    job->event = call->event;
    job->apc = call->apc;
    job->context = call->context;
    job->thread = NULL;
    job->reply = call->reply;
    if (call->size)
        memcpy(job->request, call->data, call->size);
    job->echo.data = job->request;
    job->echo.size = call->size;
    job->echo.milliseconds = call->milliseconds;
    job->echo.room = (BYTE *)call->reply + head;
    job->echo.room_size = call->reply_size - (ULONG)head;
    if (call->options) {
        job->echo.ttl = call->options->Ttl;
        job->echo.tos = call->options->Tos;
        job->echo.whole = call->options->Flags & IP_FLAG_DF;
    }
    if (call->apc)
        DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &job->thread, 0, FALSE,
                        DUPLICATE_SAME_ACCESS);
    bool later = call->event || call->apc;
    if (later && (!call->apc || job->thread) && QueueUserWorkItem(job_work, job, WT_EXECUTELONGFUNCTION)) {
        SetLastError(ERROR_IO_PENDING);
        return 0;
    }
    error = later ? ERROR_NOT_ENOUGH_MEMORY : job_run(job);
    job_free(job);
    if (error)
        SetLastError(error);
    return error ? 0 : 1;
}

DWORD WINAPI IcmpSendEcho2Ex(HANDLE handle, HANDLE event, FARPROC apc, PVOID context, IPAddr source, IPAddr destination,
                             LPVOID data, WORD size, PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                             DWORD milliseconds)
{
    struct call call = {handle, event, apc, context, data, size, options, reply, reply_size, milliseconds};
    struct icmp_echo echo = {.six = false};

    memcpy(echo.source, &source, 4);
    memcpy(echo.destination, &destination, 4);
    return call_run(&call, &echo);
}

DWORD WINAPI IcmpSendEcho2(HANDLE handle, HANDLE event, FARPROC apc, PVOID context, IPAddr destination, LPVOID data,
                           WORD size, PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                           DWORD milliseconds)
{
    return IcmpSendEcho2Ex(handle, event, apc, context, 0, destination, data, size, options, reply, reply_size,
                           milliseconds);
}

DWORD WINAPI IcmpSendEcho(HANDLE handle, IPAddr destination, LPVOID data, WORD size, PIP_OPTION_INFORMATION options,
                          LPVOID reply, DWORD reply_size, DWORD milliseconds)
{
    return IcmpSendEcho2(handle, NULL, NULL, NULL, destination, data, size, options, reply, reply_size, milliseconds);
}

DWORD WINAPI Icmp6SendEcho2(HANDLE handle, HANDLE event, FARPROC apc, PVOID context, struct sockaddr_in6 *source,
                            struct sockaddr_in6 *destination, LPVOID data, WORD size, PIP_OPTION_INFORMATION options,
                            LPVOID reply, DWORD reply_size, DWORD milliseconds)
{
    struct call call = {handle, event, apc, context, data, size, options, reply, reply_size, milliseconds};
    struct icmp_echo echo = {.six = true};

    if (!destination) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (source)
        memcpy(echo.source, &source->sin6_addr, 16);
    memcpy(echo.destination, &destination->sin6_addr, 16);
    echo.scope = destination->sin6_scope_id;
    return call_run(&call, &echo);
}

/* The replies in a buffer, after an event: here they are parsed already. */
DWORD WINAPI IcmpParseReplies(LPVOID reply, DWORD size)
{
    const ICMP_ECHO_REPLY *first = reply;

    if (!reply || size < sizeof *first || first->Status) {
        SetLastError(!reply || size < sizeof *first ? ERROR_INVALID_PARAMETER : first->Status);
        return 0;
    }
    return 1;
}

DWORD WINAPI Icmp6ParseReplies(LPVOID reply, DWORD size)
{
    const struct reply6 *first = reply;

    if (!reply || size < sizeof *first || first->status) {
        SetLastError(!reply || size < sizeof *first ? ERROR_INVALID_PARAMETER : first->status);
        return 0;
    }
    return 1;
}
