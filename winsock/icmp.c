/*
 * icmp.c: icmpapi.h: echo requests.  On top of ntdll/icmp.h, which does the work; a request with an event is sent by a
 * pool thread, one with an APC is refused.
 */
#include <string.h>
#include "ntdll/icmp.h"
#include "winsock/iphlp.h"

struct reply6 { /* ICMPV6_ECHO_REPLY, which mingw-w64 leaves out; its data follow */
    IPV6_ADDRESS_EX address;
    ULONG status;
    unsigned int round_trip;
};

struct job {
    struct icmp_echo echo;
    HANDLE event;
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

static DWORD WINAPI job_work(void *pointer)
{
    struct job *job = pointer;
    DWORD error = job_run(job);

    if (error && job->echo.six)
        ((struct reply6 *)job->reply)->status = error;
    else if (error)
        *(ICMP_ECHO_REPLY *)job->reply = (ICMP_ECHO_REPLY){.Status = error};
    SetEvent(job->event);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, job);
    return 0;
}

struct call {
    HANDLE handle, event;
    FARPROC apc;
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
    if (call->apc)
        return ERROR_NOT_SUPPORTED;
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
    if (call->event && QueueUserWorkItem(job_work, job, WT_EXECUTELONGFUNCTION)) {
        SetLastError(ERROR_IO_PENDING);
        return 0;
    }
    error = call->event ? ERROR_NOT_ENOUGH_MEMORY : job_run(job);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, job);
    if (error)
        SetLastError(error);
    return error ? 0 : 1;
}

DWORD WINAPI IcmpSendEcho2Ex(HANDLE handle, HANDLE event, FARPROC apc, PVOID context, IPAddr source, IPAddr destination,
                             LPVOID data, WORD size, PIP_OPTION_INFORMATION options, LPVOID reply, DWORD reply_size,
                             DWORD milliseconds)
{
    struct call call = {handle, event, apc, data, size, options, reply, reply_size, milliseconds};
    struct icmp_echo echo = {.six = false};

    (void)context;
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
    struct call call = {handle, event, apc, data, size, options, reply, reply_size, milliseconds};
    struct icmp_echo echo = {.six = true};

    (void)context;
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
