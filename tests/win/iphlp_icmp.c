/*
 * iphlp_icmp.c: does an echo request to this machine come back with its data, or fail with a documented error where the
 * host lets nobody send one?
 */
/* link: -liphlpapi -lws2_32 */
#include <winsock2.h>
#include <iphlpapi.h>
#include <icmpapi.h>
#include "check.h"

#define LOOPBACK 0x0100007f

int main(void)
{
    struct {
        ICMP_ECHO_REPLY reply;
        char data[64];
    } answer;
    HANDLE handle = IcmpCreateFile(), event = CreateEventW(NULL, TRUE, FALSE, NULL);
    IP_OPTION_INFORMATION options = {.Ttl = 64};
    DWORD count;

    CHECK(handle != INVALID_HANDLE_VALUE && handle != NULL);
    if (!check_under_wine()) {
        CHECK_ERROR(IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, NULL, &answer, 8, 1000),
                    ERROR_INVALID_PARAMETER);
        CHECK_ERROR(IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, NULL, &answer, sizeof answer.reply + 4, 1000),
                    IP_BUF_TOO_SMALL);
        CHECK_ERROR(IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, NULL, NULL, 80, 1000), ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(IcmpSendEcho(INVALID_HANDLE_VALUE, LOOPBACK, (void *)"hello", 5, NULL, &answer, sizeof answer, 1000),
                ERROR_INVALID_PARAMETER);
    SetLastError(0);
    count = IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, &options, &answer, sizeof answer, 2000);
    if (!count) {
        CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED); /* the host allows no ping */
        printf("skipped: the host lets this user send no echo requests\n");
    } else {
        CHECK_EQ(count, 1);
        CHECK_EQ(answer.reply.Status, IP_SUCCESS);
        CHECK_EQ(answer.reply.Address, LOOPBACK);
        CHECK_EQ(answer.reply.DataSize, 5);
        CHECK(!memcmp(answer.reply.Data, "hello", 5));
        CHECK_EQ(answer.reply.Options.Ttl, 64);
        CHECK_ERROR(
            IcmpSendEcho2(handle, event, NULL, NULL, LOOPBACK, (void *)"again", 5, NULL, &answer, sizeof answer, 2000),
            ERROR_IO_PENDING);
        CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
        CHECK_EQ(IcmpParseReplies(&answer, sizeof answer), 1);
        CHECK(!memcmp(answer.reply.Data, "again", 5));
        CHECK_EQ(IcmpSendEcho(handle, LOOPBACK, NULL, 0, NULL, &answer, sizeof answer, 2000), 1);
        CHECK_EQ(answer.reply.DataSize, 0);
    }
    CHECK(IcmpCloseHandle(handle));
    CloseHandle(event);
    return check_done();
}
