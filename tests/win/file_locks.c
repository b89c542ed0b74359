/*
 * file_locks.c: do byte-range locks stand against each other and against reads and writes, in one process and
 * between two; is a lock waited for, taken in turn, and given up when its request is cancelled?
 *
 * Under Wine 8 locks stop neither reads nor writes and an overlapped request is never told: nothing is compared there.
 */
#include "file_servant.h"

#define SHARED 0
#define NOW LOCKFILE_FAIL_IMMEDIATELY
#define NOT_GRANTED ERROR_LOCK_VIOLATION

/* Two handles here (slots 0, 1) and one there (slot 0) of one file of 200 bytes. */
static void test_rules(DWORD (*second)(const char *), const char *slot)
{
    char line[80];
#define SECOND(format, error)                                                                                          \
    do {                                                                                                               \
        snprintf(line, sizeof line, format, slot);                                                                     \
        CHECK_EQ(second(line), error);                                                                                 \
    } while (0)
    HERE("l 0 3 10 10", 0);
    SECOND("l %s 3 0 10", 0); /* before it */
    SECOND("l %s 3 20 10", 0);
    SECOND("l %s 3 1f 2", NOT_GRANTED);
    SECOND("l %s 3 0 100", NOT_GRANTED);
    SECOND("l %s 1 10 1", NOT_GRANTED);
    SECOND("u %s 10 10", ERROR_NOT_LOCKED);
    SECOND("r %s 0 10", 0);
    SECOND("r %s 0 11", NOT_GRANTED);
    SECOND("r %s 18 1", NOT_GRANTED);
    SECOND("w %s 1f 1", NOT_GRANTED);
    SECOND("w %s 20 4", 0);
    HERE("r 0 10 10", 0);
    HERE("w 0 10 10", 0);
    HERE("r 0 0 1", NOT_GRANTED);
    HERE("l 0 3 10 1", NOT_GRANTED); /* one's own stands against it too */
    HERE("u 0 10 8", ERROR_NOT_LOCKED);
    HERE("u 0 10 10", 0);
    HERE("u 0 10 10", ERROR_NOT_LOCKED);
    SECOND("u %s 0 10", 0);
    SECOND("u %s 20 10", 0);
    /* Shared: all may read, nobody may write, the owner neither. */
    HERE("l 0 1 0 40", 0);
    SECOND("l %s 1 20 40", 0);
    SECOND("l %s 3 30 1", NOT_GRANTED);
    SECOND("r %s 0 40", 0);
    SECOND("w %s 0 1", NOT_GRANTED);
    HERE("w 0 0 1", NOT_GRANTED);
    HERE("r 0 0 40", 0);
    HERE("l 0 1 0 40", 0); /* twice is two locks */
    HERE("u 0 0 40", 0);
    SECOND("w %s 0 1", NOT_GRANTED);
    HERE("u 0 0 40", 0);
    SECOND("w %s 0 1", 0);
    SECOND("u %s 20 40", 0);
    /* Beyond the end, and as far as numbers go. */
    HERE("l 0 3 7fffffffffffff00 10", 0);
    SECOND("l %s 3 7fffffffffffff08 1", NOT_GRANTED);
    SECOND("l %s 3 0 ffffffffffffffff", NOT_GRANTED);
    HERE("u 0 7fffffffffffff00 10", 0);
    SECOND("l %s 3 0 ffffffffffffffff", 0);
    HERE("l 0 1 fffffffffffffffe 1", NOT_GRANTED);
    SECOND("u %s 0 ffffffffffffffff", 0);
    HERE("l 0 3 40000000 1", 0);
    SECOND("r %s 0 c8", 0);
    HERE("u 0 40000000 1", 0);
#undef SECOND
}

static HANDLE waiting;
static OVERLAPPED wait_overlapped;

static BOOL begin_wait(DWORD offset)
{
    wait_overlapped = (OVERLAPPED){.Offset = offset, .hEvent = wait_overlapped.hEvent};
    return LockFileEx(waiting, LOCKFILE_EXCLUSIVE_LOCK, 0, 16, 0, &wait_overlapped);
}

static void test_overlapped(void)
{
    DWORD n;
    waiting = CreateFileA("lock.tmp", GENERIC_READ | GENERIC_WRITE, 7, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    CHECK(waiting != INVALID_HANDLE_VALUE);
    wait_overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    /* At once. */
    CHECK(begin_wait(0) || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(waiting, &wait_overlapped, &n, TRUE));
    THERE("l 0 3 0 1", NOT_GRANTED);
    CHECK(UnlockFile(waiting, 0, 0, 16, 0));
    /* When another handle here gives it back, when the other process does, when it closes the file. */
    for (int round = 0; round < 3; round++) {
        if (round == 0)
            HERE("l 0 3 0 10", 0);
        else
            THERE("l 0 3 0 10", 0);
        CHECK_ERROR(begin_wait(0), ERROR_IO_PENDING);
        CHECK_EQ(WaitForSingleObject(wait_overlapped.hEvent, 0), WAIT_TIMEOUT);
        CHECK_ERROR(GetOverlappedResult(waiting, &wait_overlapped, &n, FALSE), ERROR_IO_INCOMPLETE);
        if (round == 0)
            HERE("u 0 0 10", 0);
        else if (round == 1)
            THERE("u 0 0 10", 0);
        else
            THERE("c 0", 0);
        CHECK(GetOverlappedResult(waiting, &wait_overlapped, &n, TRUE));
        HERE("l 0 3 0 1", NOT_GRANTED);
        CHECK(UnlockFile(waiting, 0, 0, 16, 0));
        HERE("l 0 3 0 1", 0);
        HERE("u 0 0 1", 0);
    }
    THERE("o 0 c0000000 7 3 0 lock.tmp", 0);
    /* Cancelled: nobody has it then. */
    HERE("l 0 3 0 10", 0);
    CHECK_ERROR(begin_wait(0), ERROR_IO_PENDING);
    CHECK(CancelIoEx(waiting, &wait_overlapped));
    CHECK_ERROR(GetOverlappedResult(waiting, &wait_overlapped, &n, TRUE), ERROR_OPERATION_ABORTED);
    HERE("u 0 0 10", 0);
    THERE("l 0 3 0 10", 0);
    THERE("u 0 0 10", 0);
    /* Told through a port. */
    HANDLE port = CreateIoCompletionPort(waiting, NULL, 77, 0);
    ULONG_PTR key = 0;
    OVERLAPPED *told = NULL;
    HERE("l 0 3 0 10", 0);
    CHECK_ERROR(begin_wait(8), ERROR_IO_PENDING);
    HERE("u 0 0 10", 0);
    CHECK(GetQueuedCompletionStatus(port, &n, &key, &told, 10000));
    CHECK_EQ(key, 77);
    CHECK(told == &wait_overlapped);
    CloseHandle(port);
    /* Closing gives back. */
    THERE("l 0 3 8 10", NOT_GRANTED);
    CHECK(CloseHandle(waiting));
    THERE("l 0 3 8 10", 0);
    THERE("u 0 8 10", 0);
    CloseHandle(wait_overlapped.hEvent);
}

static DWORD WINAPI unlock_soon(void *line)
{
    Sleep(20);
    servant_do(line);
    return 0;
}

static void test_waiting(void)
{
    /* The other process waits until this one gives it back. */
    HERE("l 0 3 0 10", 0);
    servant_send("l 0 2 8 10");
    HERE("u 0 0 10", 0);
    CHECK_EQ(servant_answer(), 0);
    HERE("l 0 1 0 10", NOT_GRANTED);
    THERE("u 0 8 10", 0);
    /* A thread of this one. */
    HERE("l 1 3 0 10", 0);
    HANDLE thread = CreateThread(NULL, 0, unlock_soon, "u 1 0 10", 0, NULL);
    HERE("l 0 2 0 10", 0);
    HERE("u 0 0 10", 0);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    /* Until the holder is killed. */
    THERE("l 0 3 0 10", 0);
    servant_send("k");
    HERE("l 0 2 0 10", 0);
    HERE("u 0 0 10", 0);
    CHECK_EQ(WaitForSingleObject(servant_process, 20000), WAIT_OBJECT_0);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return servant_main();
    (void)argv;
    if (check_under_wine())
        return check_done();
    HERE("o 0 c0000000 7 2 0 lock.tmp", 0);
    HERE("o 1 c0000000 7 3 0 lock.tmp", 0);
    HERE("w 0 0 c8", 0);
    test_rules(servant_do, "1");
    servant_start();
    THERE("o 0 c0000000 7 3 0 lock.tmp", 0);
    test_rules(servant, "0");
    test_overlapped();
    test_waiting();
    CloseHandle(servant_in);
    CloseHandle(servant_out);
    HERE("o 2 40 7 3 0 lock.tmp", 0);
    HERE("l 2 3 0 1", ERROR_ACCESS_DENIED); /* neither to be read nor written */
    HERE("c 2", 0);
    HERE("c 0", 0);
    HERE("c 1", 0);
    HERE("d lock.tmp", 0);
    return check_done();
}
