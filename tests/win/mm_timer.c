/*
 * Do multimedia timers call and signal as often as they are asked to, and no more when they are killed?
 *
 * link: -lwinmm
 */
#include "check.h"
#include <mmsystem.h>

static volatile LONG calls;
static HANDLE done;
static volatile UINT seen_id;
static volatile DWORD_PTR seen_user;

static void CALLBACK ring(UINT id, UINT message, DWORD_PTR user, DWORD_PTR a, DWORD_PTR b)
{
    seen_id = id;
    seen_user = user;
    if (InterlockedIncrement(&calls) == (LONG)(user >> 32))
        SetEvent(done);
}

int main(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    UINT id, many[32];
    LONG before;
    int count = 0;

    done = CreateEventW(NULL, FALSE, FALSE, NULL);
    id = timeSetEvent(5, 0, ring, 1ull << 32 | 7, TIME_ONESHOT);
    CHECK(id != 0);
    CHECK_EQ(WaitForSingleObject(done, 5000), WAIT_OBJECT_0);
    CHECK_EQ(seen_id, id);
    CHECK_EQ(seen_user, 1ull << 32 | 7);
    calls = 0;
    id = timeSetEvent(2, 0, ring, 3ull << 32, TIME_PERIODIC | TIME_KILL_SYNCHRONOUS);
    CHECK(id != 0);
    CHECK_EQ(WaitForSingleObject(done, 5000), WAIT_OBJECT_0);
    CHECK_EQ(timeKillEvent(id), TIMERR_NOERROR);
    before = calls;
    CHECK(before >= 3);
    Sleep(20);
    CHECK_EQ(calls, before);
    CHECK(timeKillEvent(id) != TIMERR_NOERROR);
    CHECK(timeKillEvent(0) != TIMERR_NOERROR || check_under_wine());
    id = timeSetEvent(2, 0, (LPTIMECALLBACK)event, 0, TIME_PERIODIC | TIME_CALLBACK_EVENT_SET);
    CHECK(id != 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(timeKillEvent(id), TIMERR_NOERROR);
    CHECK_EQ(timeSetEvent(0, 0, ring, 0, TIME_ONESHOT) && !check_under_wine(), 0);
    CHECK_EQ(timeSetEvent(5, 0, NULL, 0, TIME_ONESHOT) && !check_under_wine(), 0);
    CHECK_EQ(timeSetEvent(2000000, 0, ring, 0, TIME_ONESHOT) && !check_under_wine(), 0);
    for (int i = 0; i < 15; i++) {
        many[i] = timeSetEvent(60000, 0, ring, 0, TIME_ONESHOT);
        CHECK(many[i] != 0);
        for (int j = 0; j < i; j++)
            CHECK(many[j] != many[i]);
    }
    for (int i = 0; i < 15; i++)
        count += timeKillEvent(many[i]) == TIMERR_NOERROR;
    CHECK_EQ(count, 15);
    return check_done();
}
