/*
 * sync_completion_count.c: does a completion port count right when many post to it and many take from it without
 * waiting?
 *
 * A port that believes in one completion more than it has would keep a thread that polls it going round for ever; one
 * that believes in fewer would leave a completion behind.
 */
#include "check.h"

#define POSTERS 3
#define TAKERS 3
#define EACH 100000

static HANDLE port;
static volatile LONG taken, sum, posting = POSTERS;

static DWORD WINAPI post(void *argument)
{
    for (int i = 0; i < EACH; i++)
        if (!PostQueuedCompletionStatus(port, (DWORD)i, (ULONG_PTR)argument, NULL))
            ExitProcess(1);
    InterlockedDecrement(&posting);
    return 0;
}

static DWORD WINAPI take(void *argument)
{
    OVERLAPPED_ENTRY entries[32];
    ULONG n;
    int idle = 0;

    (void)argument;
    while (idle < 2) { /* once more after the end: the last one may have been posted in between */
        if (GetQueuedCompletionStatusEx(port, entries, ARRAYSIZE(entries), &n, 0, FALSE)) {
            InterlockedExchangeAdd(&taken, (LONG)n);
            for (ULONG i = 0; i < n; i++)
                InterlockedExchangeAdd(&sum, (LONG)entries[i].dwNumberOfBytesTransferred);
        } else if (!posting) {
            idle++;
        }
    }
    return 0;
}

int main(void)
{
    HANDLE threads[POSTERS + TAKERS];
    OVERLAPPED_ENTRY entry;
    ULONG n;
    DWORD code;

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, TAKERS);
    CHECK(port != NULL);
    for (ULONG_PTR i = 0; i < POSTERS + TAKERS; i++)
        threads[i] = CreateThread(NULL, 0, i < POSTERS ? post : take, (void *)i, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(ARRAYSIZE(threads), threads, TRUE, 60000), WAIT_OBJECT_0);
    for (int i = 0; i < POSTERS + TAKERS; i++) {
        CHECK(GetExitCodeThread(threads[i], &code));
        CHECK_EQ(code, 0);
    }
    CHECK_EQ(taken, POSTERS * EACH);
    CHECK_EQ(sum, (LONG)(POSTERS * ((LONGLONG)EACH * (EACH - 1) / 2)));
    CHECK_ERROR(GetQueuedCompletionStatusEx(port, &entry, 1, &n, 0, FALSE), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(port, 0), WAIT_TIMEOUT);
    CHECK(PostQueuedCompletionStatus(port, 7, 8, NULL));
    CHECK(GetQueuedCompletionStatusEx(port, &entry, 1, &n, 0, FALSE));
    CHECK_EQ(n, 1);
    CHECK_EQ(entry.dwNumberOfBytesTransferred, 7);
    CHECK(CloseHandle(port));
    return check_done();
}
