/*
 * ping.c: ping.exe: echo requests, one a second; scripts use it to wait, too.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "wide_main.h"
#include <iphlpapi.h>
#include <icmpapi.h>

static const WCHAR usage[] =
    L"Usage: ping [-t] [-a] [-n count] [-l size] [-i TTL] [-w timeout] [-4] [-6] target_name\r\n";

struct options {
    bool endless, names;
    DWORD count, size, ttl, timeout;
    int family;
    const WCHAR *target;
};

struct statistics {
    DWORD sent, received, timed, least, most, sum; /* received: also what others say of it; timed: echoes */
};

/* ICMPV6_ECHO_REPLY, which mingw-w64's headers leave out. */
struct reply6 {
    BYTE from[28]; /* an IPV6_ADDRESS_EX of 26 bytes, the address from the seventh on */
    ULONG Status;
    unsigned RoundTripTime;
};

static WCHAR address[NI_MAXHOST];

static bool resolve(const struct options *options, struct sockaddr_storage *result)
{
    ADDRINFOW hints = {.ai_family = options->family}, *list;
    WCHAR name[NI_MAXHOST] = L"";

    if (GetAddrInfoW(options->target, NULL, &hints, &list))
        return false;
    memcpy(result, list->ai_addr, list->ai_addrlen);
    GetNameInfoW(list->ai_addr, (int)list->ai_addrlen, address, NI_MAXHOST, NULL, 0, NI_NUMERICHOST);
    if (options->names && GetNameInfoW(list->ai_addr, (int)list->ai_addrlen, name, NI_MAXHOST, NULL, 0, NI_NAMEREQD))
        *name = 0;
    const WCHAR *shown = *name ? name : same_name(options->target, address) ? NULL : options->target;
    print(shown ? L"\r\nPinging %s [%s] with %lu bytes of data:\r\n" : L"\r\nPinging %s%s with %lu bytes of data:\r\n",
          shown ? shown : L"", address, options->size);
    FreeAddrInfoW(list);
    return true;
}

static const WCHAR *status_text(DWORD status)
{
    return status == IP_REQ_TIMED_OUT           ? L"Request timed out.\r\n"
           : status == IP_DEST_HOST_UNREACHABLE ? L"Destination host unreachable.\r\n"
           : status == IP_DEST_NET_UNREACHABLE  ? L"Destination net unreachable.\r\n"
           : status == IP_TTL_EXPIRED_TRANSIT   ? L"TTL expired in transit.\r\n"
                                                : L"General failure.\r\n";
}

enum outcome { LOST, ERROR_TOLD, ANSWERED };

/* ANSWERED: within *time milliseconds. */
static enum outcome echo(const struct options *options, const struct sockaddr_storage *to, HANDLE icmp, DWORD *time)
{
    BYTE *data = need(options->size + 1), *reply = need(options->size + 256);
    DWORD room = options->size + 256, status = IP_GENERAL_FAILURE, answers = 0, ttl = 0;
    IP_OPTION_INFORMATION ip = {.Ttl = (UCHAR)options->ttl};
    WCHAR teller[64] = L"";

    for (DWORD i = 0; i < options->size; i++)
        data[i] = (BYTE)('a' + i % 23);
    if (icmp != INVALID_HANDLE_VALUE && to->ss_family == AF_INET) {
        answers = IcmpSendEcho(icmp, ((const struct sockaddr_in *)to)->sin_addr.s_addr, data, (WORD)options->size, &ip,
                               reply, room, options->timeout);
        if (!answers)
            status = GetLastError();
        else
            status = ((ICMP_ECHO_REPLY *)reply)->Status, *time = ((ICMP_ECHO_REPLY *)reply)->RoundTripTime,
            ttl = ((ICMP_ECHO_REPLY *)reply)->Options.Ttl,
            InetNtopW(AF_INET, &((ICMP_ECHO_REPLY *)reply)->Address, teller, 64);
    } else if (icmp != INVALID_HANDLE_VALUE) {
        struct sockaddr_in6 from = {.sin6_family = AF_INET6};
        answers = Icmp6SendEcho2(icmp, NULL, NULL, NULL, &from, (struct sockaddr_in6 *)to, data, (WORD)options->size,
                                 &ip, reply, room, options->timeout);
        if (!answers)
            status = GetLastError();
        else
            status = ((struct reply6 *)reply)->Status, *time = ((struct reply6 *)reply)->RoundTripTime,
            InetNtopW(AF_INET6, ((struct reply6 *)reply)->from + 6, teller, 64);
    }
    free(data), free(reply);
    if (!answers || status != IP_SUCCESS) {
        print(answers ? L"Reply from %s: " : L"%s", teller);
        print(L"%s", status_text(status));
        return answers ? ERROR_TOLD : LOST;
    }
    print(L"Reply from %s: ", address);
    if (to->ss_family == AF_INET)
        print(L"bytes=%lu ", options->size);
    if (*time)
        print(L"time=%lums", *time);
    else
        print(L"time<1ms");
    if (to->ss_family == AF_INET)
        print(L" TTL=%lu", ttl);
    print(L"%s\r\n", to->ss_family == AF_INET ? L"" : L" ");
    return ANSWERED;
}

static void show_statistics(const struct statistics *statistics)
{
    DWORD lost = statistics->sent - statistics->received;

    print(L"\r\nPing statistics for %s:\r\n    Packets: Sent = %lu, Received = %lu, Lost = %lu (%lu%% loss),\r\n",
          address, statistics->sent, statistics->received, lost, lost * 100 / statistics->sent);
    if (statistics->timed)
        print(L"Approximate round trip times in milli-seconds:\r\n"
              L"    Minimum = %lums, Maximum = %lums, Average = %lums\r\n",
              statistics->least, statistics->most, statistics->sum / statistics->timed);
}

/* One switch and its value; false: it makes no sense. */
static bool take_option(struct options *options, int argc, WCHAR **argv, int *i)
{
    static const struct {
        WCHAR letter;
        DWORD least, most;
    } numbers[] = {{'n', 1, MAXDWORD}, {'l', 0, 65500}, {'i', 1, 255}, {'w', 1, MAXDWORD}};
    WCHAR letter = argv[*i][1];
    DWORD *targets[] = {&options->count, &options->size, &options->ttl, &options->timeout};

    if (argv[*i][2])
        return false;
    for (unsigned k = 0; k < 4; k++)
        if (letter == numbers[k].letter) {
            if (++*i == argc) {
                print(L"Value must be supplied for option -%c.\r\n", letter);
                ExitProcess(1);
            }
            if (parse_number(argv[*i], targets[k]) && *targets[k] >= numbers[k].least && *targets[k] <= numbers[k].most)
                return true;
            print(L"Bad value for option -%c, valid range is from %lu to %lu.\r\n", letter, numbers[k].least,
                  numbers[k].most);
            ExitProcess(1);
        }
    options->endless |= letter == 't', options->names |= letter == 'a';
    if (letter == '4' || letter == '6')
        options->family = letter == '4' ? AF_INET : AF_INET6;
    return wcschr(L"ta46f", letter) != NULL;
}

static int run(int argc, WCHAR **argv)
{
    struct options options = {.count = 4, .size = 32, .ttl = 128, .timeout = 4000, .family = AF_UNSPEC};
    struct statistics statistics = {.least = MAXDWORD};
    struct sockaddr_storage to;
    WSADATA data;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        if (*argv[i] != '-' && *argv[i] != '/')
            options.target = argv[i];
        else if (!take_option(&options, argc, argv, &i)) {
            print(L"Bad option %s.\r\n\r\n%s", argv[i], usage);
            return 1;
        }
    }
    if (!options.target) {
        print(argc > 1 ? L"IP address must be specified.\r\n" : L"\r\n%s", usage);
        return 1;
    }
    WSAStartup(MAKEWORD(2, 2), &data);
    if (!resolve(&options, &to)) {
        print(L"Ping request could not find host %s. Please check the name and try again.\r\n", options.target);
        return 1;
    }
    HANDLE icmp = to.ss_family == AF_INET ? IcmpCreateFile() : Icmp6CreateFile();
    while (options.endless || statistics.sent < options.count) {
        DWORD time = 0;
        if (statistics.sent++)
            Sleep(1000);
        enum outcome outcome = echo(&options, &to, icmp, &time);
        statistics.received += outcome != LOST;
        if (outcome != ANSWERED)
            continue;
        statistics.timed++;
        statistics.sum += time;
        statistics.least = time < statistics.least ? time : statistics.least;
        statistics.most = time > statistics.most ? time : statistics.most;
    }
    show_statistics(&statistics);
    return statistics.received ? 0 : 1;
}
