/* Do completion ports hand out in order, wake, time out, and work with wait completion packets? */
#include "check.h"
#include <winternl.h>

static void test_order(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    DWORD bytes = 9;
    ULONG_PTR key = 9;
    OVERLAPPED *overlapped = (OVERLAPPED *)9;
    CHECK(port != NULL);
    SetLastError(0);
    CHECK(!GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    CHECK_EQ(GetLastError(), WAIT_TIMEOUT);
    CHECK(overlapped == NULL);
    for (int i = 1; i <= 5; i++)
        CHECK(PostQueuedCompletionStatus(port, i, i * 10, (OVERLAPPED *)(ULONG_PTR)(i * 100)));
    CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE));
    CHECK_EQ(bytes, 1);
    CHECK_EQ(key, 10);
    CHECK(overlapped == (OVERLAPPED *)100);
    OVERLAPPED_ENTRY entries[8];
    ULONG count = 0;
    CHECK(GetQueuedCompletionStatusEx(port, entries, 3, &count, 0, FALSE));
    CHECK_EQ(count, 3);
    CHECK_EQ(entries[0].dwNumberOfBytesTransferred, 2);
    CHECK_EQ(entries[2].lpCompletionKey, 40);
    CHECK(GetQueuedCompletionStatusEx(port, entries, 8, &count, 100, FALSE));
    CHECK_EQ(count, 1);
    CHECK_ERROR(GetQueuedCompletionStatusEx(port, entries, 8, &count, 20, FALSE), WAIT_TIMEOUT);
    CHECK_ERROR(PostQueuedCompletionStatus((HANDLE)0x7ff0, 0, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateIoCompletionPort(INVALID_HANDLE_VALUE, port, 0, 0), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(port));
    CHECK_ERROR(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), ERROR_INVALID_HANDLE);
}

static HANDLE shared_port;
static volatile LONG received;

static DWORD WINAPI reader(void *arg)
{
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    (void)arg;
    while (GetQueuedCompletionStatus(shared_port, &bytes, &key, &overlapped, 20000) && key)
        InterlockedIncrement(&received);
    return 0;
}

static void test_threads(void)
{
    HANDLE threads[4];
    shared_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 2);
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, reader, NULL, 0, NULL);
    for (int i = 0; i < 4000; i++)
        PostQueuedCompletionStatus(shared_port, 0, 1, NULL);
    for (int i = 0; i < 4; i++)
        PostQueuedCompletionStatus(shared_port, 0, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(4, threads, TRUE, 30000), WAIT_OBJECT_0);
    CHECK_EQ(received, 4000);
    CloseHandle(shared_port);
}

static DWORD WINAPI closed_reader(void *arg)
{
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    (void)arg;
    return GetQueuedCompletionStatus(shared_port, &bytes, &key, &overlapped, 20000) ? 0 : GetLastError();
}

static void test_close(void)
{
    DWORD code = 0;
    shared_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE thread = CreateThread(NULL, 0, closed_reader, NULL, 0, NULL);
    Sleep(100);
    CloseHandle(shared_port);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &code);
    CHECK_EQ(code, ERROR_ABANDONED_WAIT_0);
    CloseHandle(thread);
}

static void CALLBACK apc(ULONG_PTR arg)
{
    received = (LONG)arg;
}

static void test_alertable(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    OVERLAPPED_ENTRY entry;
    ULONG count;
    QueueUserAPC(apc, GetCurrentThread(), 77);
    CHECK_ERROR(GetQueuedCompletionStatusEx(port, &entry, 1, &count, 1000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(received, 77);
    CloseHandle(port);
}

typedef NTSTATUS(NTAPI *create_packet)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *);
typedef NTSTATUS(NTAPI *associate_packet)(HANDLE, HANDLE, HANDLE, void *, void *, NTSTATUS, ULONG_PTR, BOOLEAN *);
typedef NTSTATUS(NTAPI *cancel_packet)(HANDLE, BOOLEAN);

/* Wine 8 does not have them. */
static void test_packets(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll");
    create_packet create = (create_packet)(void *)GetProcAddress(ntdll, "NtCreateWaitCompletionPacket");
    associate_packet associate = (associate_packet)(void *)GetProcAddress(ntdll, "NtAssociateWaitCompletionPacket");
    cancel_packet cancel = (cancel_packet)(void *)GetProcAddress(ntdll, "NtCancelWaitCompletionPacket");
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0), packet, objects[2];
    OVERLAPPED_ENTRY entry;
    BOOLEAN signaled;
    ULONG count;
    if (!create) {
        CHECK(check_under_wine());
        return;
    }
    CHECK_EQ(create(&packet, GENERIC_ALL, NULL), 0);
    objects[0] = CreateEventW(NULL, FALSE, FALSE, NULL);
    objects[1] = CreateWaitableTimerExW(NULL, NULL, 2, TIMER_ALL_ACCESS);
    for (int i = 0; i < 2; i++) {
        signaled = 7;
        CHECK_EQ(associate(packet, port, objects[i], (void *)3, (void *)4, 0, 5, &signaled), 0);
        CHECK_EQ(signaled, FALSE);
        CHECK(associate(packet, port, objects[i], NULL, NULL, 0, 0, NULL) < 0);
        CHECK(!GetQueuedCompletionStatusEx(port, &entry, 1, &count, 20, FALSE));
        LARGE_INTEGER due = {.QuadPart = -200000};
        if (i == 0)
            SetEvent(objects[i]);
        else
            SetWaitableTimer(objects[i], &due, 0, NULL, NULL, FALSE);
        CHECK(GetQueuedCompletionStatusEx(port, &entry, 1, &count, 5000, FALSE));
        CHECK_EQ(entry.lpCompletionKey, 3);
        CHECK(entry.lpOverlapped == (OVERLAPPED *)4);
        CHECK_EQ(entry.dwNumberOfBytesTransferred, 5);
        CHECK_EQ(WaitForSingleObject(objects[i], 0), WAIT_TIMEOUT); /* the packet took the signal */
        CHECK_EQ(cancel(packet, TRUE), (NTSTATUS)0xC0000120);
        CHECK_EQ(associate(packet, port, objects[i], NULL, NULL, 0, 0, NULL), 0);
        CHECK_EQ(cancel(packet, FALSE), 0);
        due.QuadPart = 0;
        if (i == 0)
            SetEvent(objects[i]);
        else
            SetWaitableTimer(objects[i], &due, 0, NULL, NULL, FALSE);
        Sleep(50);
        CHECK_EQ(associate(packet, port, objects[i], NULL, NULL, 0, 0, &signaled), 0);
        CHECK_EQ(signaled, TRUE);
        Sleep(50);
        CHECK_EQ(cancel(packet, TRUE), 0);
        CHECK(!GetQueuedCompletionStatusEx(port, &entry, 1, &count, 0, FALSE));
    }
    CloseHandle(packet);
    CloseHandle(port);
}

int main(void)
{
    test_order();
    test_threads();
    if (!check_under_wine()) /* Wine's waiters sleep on */
        test_close();
    test_alertable();
    test_packets();
    return check_done();
}
