/* Do the locks in the program's own memory exclude, wake, time out, and look as programs expect?
 * link: -lsynchronization */
#include "check.h"

#define THREADS 8
#define ROUNDS 3000

static CRITICAL_SECTION section;
static SRWLOCK srw = SRWLOCK_INIT;
static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;
static volatile LONG counter, readers_together, bad;

static void run(LPTHREAD_START_ROUTINE function, int count)
{
    HANDLE threads[THREADS] = {NULL};
    for (int i = 0; i < count; i++)
        threads[i] = CreateThread(NULL, 0, function, (void *)(ULONG_PTR)i, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(count, threads, TRUE, 60000), WAIT_OBJECT_0);
    for (int i = 0; i < count; i++)
        CloseHandle(threads[i]);
}

static DWORD WINAPI try_enter(void *arg)
{
    (void)arg;
    if (TryEnterCriticalSection(&section))
        bad++;
    return 0;
}

static DWORD WINAPI enter_loop(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        EnterCriticalSection(&section);
        counter = counter + 1;
        if (i % 256 == (int)(ULONG_PTR)arg)
            Sleep(0);
        LeaveCriticalSection(&section);
    }
    return 0;
}

static void test_critical_section(void)
{
    InitializeCriticalSection(&section);
    CHECK_EQ(section.LockCount, -1);
    CHECK_EQ(section.RecursionCount, 0);
    CHECK(section.OwningThread == NULL);
    EnterCriticalSection(&section);
    CHECK(TryEnterCriticalSection(&section));
    CHECK_EQ(section.RecursionCount, 2);
    CHECK_EQ((DWORD)(ULONG_PTR)section.OwningThread, GetCurrentThreadId());
    run(try_enter, 1);
    LeaveCriticalSection(&section);
    run(try_enter, 1);
    CHECK_EQ(bad, 0);
    LeaveCriticalSection(&section);
    CHECK_EQ(section.LockCount, -1);
    run(enter_loop, THREADS);
    CHECK_EQ(counter, THREADS * ROUNDS);
    DeleteCriticalSection(&section);
    CHECK(InitializeCriticalSectionAndSpinCount(&section, 4000));
    CHECK_EQ(SetCriticalSectionSpinCount(&section, 10), 4000);
    counter = 0;
    run(enter_loop, 4);
    CHECK_EQ(counter, 4 * ROUNDS);
    DeleteCriticalSection(&section);
    CHECK(InitializeCriticalSectionEx(&section, 0, CRITICAL_SECTION_NO_DEBUG_INFO));
    CHECK(section.DebugInfo == (void *)(LONG_PTR)-1);
    DeleteCriticalSection(&section);
}

static volatile LONG inside;

static DWORD WINAPI srw_loop(void *arg)
{
    int writes = (int)(ULONG_PTR)arg % 2;
    for (int i = 0; i < ROUNDS; i++) {
        if (writes || i % 16 == 0) {
            AcquireSRWLockExclusive(&srw);
            if (inside != 0)
                InterlockedIncrement(&bad);
            inside = 1000;
            counter = counter + 1;
            if (i % 128 == 0)
                SwitchToThread();
            inside = 0;
            ReleaseSRWLockExclusive(&srw);
        } else {
            AcquireSRWLockShared(&srw);
            if (InterlockedIncrement(&inside) > 1)
                readers_together = 1;
            if (inside >= 1000)
                InterlockedIncrement(&bad);
            InterlockedDecrement(&inside);
            ReleaseSRWLockShared(&srw);
        }
    }
    return 0;
}

static void test_srw(void)
{
    CHECK_EQ(sizeof srw, 8);
    CHECK(TryAcquireSRWLockExclusive(&srw));
    CHECK(!TryAcquireSRWLockExclusive(&srw));
    CHECK(!TryAcquireSRWLockShared(&srw));
    ReleaseSRWLockExclusive(&srw);
    CHECK(srw.Ptr == NULL);
    CHECK(TryAcquireSRWLockShared(&srw));
    CHECK(TryAcquireSRWLockShared(&srw));
    CHECK(!TryAcquireSRWLockExclusive(&srw));
    ReleaseSRWLockShared(&srw);
    ReleaseSRWLockShared(&srw);
    CHECK(TryAcquireSRWLockExclusive(&srw));
    ReleaseSRWLockExclusive(&srw);
    counter = bad = 0;
    run(srw_loop, THREADS);
    CHECK_EQ(bad, 0);
    CHECK_EQ(counter, THREADS / 2 * ROUNDS + THREADS / 2 * ((ROUNDS + 15) / 16));
}

static volatile LONG queue, taken;

static DWORD WINAPI consumer(void *arg)
{
    for (int i = 0; i < 500; i++) {
        if ((ULONG_PTR)arg % 2) {
            EnterCriticalSection(&section);
            while (queue == 0)
                SleepConditionVariableCS(&condition, &section, INFINITE);
            queue--;
            taken++;
            LeaveCriticalSection(&section);
        } else {
            EnterCriticalSection(&section);
            queue++;
            LeaveCriticalSection(&section);
            WakeConditionVariable(&condition);
        }
    }
    return 0;
}

static void test_condition(void)
{
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    CHECK_ERROR(SleepConditionVariableCS(&condition, &section, 30), ERROR_TIMEOUT);
    CHECK_EQ(section.RecursionCount, 1);
    LeaveCriticalSection(&section);
    AcquireSRWLockShared(&srw);
    CHECK_ERROR(SleepConditionVariableSRW(&condition, &srw, 10, CONDITION_VARIABLE_LOCKMODE_SHARED), ERROR_TIMEOUT);
    CHECK(TryAcquireSRWLockShared(&srw));
    ReleaseSRWLockShared(&srw);
    ReleaseSRWLockShared(&srw);
    AcquireSRWLockExclusive(&srw);
    CHECK_ERROR(SleepConditionVariableSRW(&condition, &srw, 0, 0), ERROR_TIMEOUT);
    CHECK(!TryAcquireSRWLockShared(&srw));
    ReleaseSRWLockExclusive(&srw);
    run(consumer, 6);
    CHECK_EQ(queue, 0);
    CHECK_EQ(taken, 1500);
    DeleteCriticalSection(&section);
}

static volatile LONG64 wide;
static volatile BYTE narrow;

static DWORD WINAPI address_waiter(void *arg)
{
    LONG64 zero = 0;
    BYTE none = 0;
    if ((ULONG_PTR)arg % 2)
        while (wide == 0)
            WaitOnAddress(&wide, &zero, 8, INFINITE);
    else
        while (narrow == 0)
            WaitOnAddress(&narrow, &none, 1, INFINITE);
    InterlockedIncrement(&counter);
    return 0;
}

static DWORD WINAPI address_waker(void *arg)
{
    (void)arg;
    Sleep(100);
    wide = 1LL << 40;
    WakeByAddressAll((void *)&wide);
    narrow = 1;
    for (int i = 0; i < 4; i++)
        WakeByAddressSingle((void *)&narrow);
    return 0;
}

static void test_address(void)
{
    LONG zero = 0, one = 1;
    volatile LONG word = 0;
    HANDLE threads[8];
    CHECK(WaitOnAddress(&word, &one, 4, INFINITE));
    CHECK_ERROR(WaitOnAddress(&word, &zero, 4, 20), ERROR_TIMEOUT);
    CHECK_ERROR(WaitOnAddress(&word, &zero, 4, 0), ERROR_TIMEOUT);
    CHECK_ERROR(WaitOnAddress(&word, &zero, 3, 0), ERROR_INVALID_PARAMETER);
    WakeByAddressSingle((void *)&word);
    counter = 0;
    for (ULONG_PTR i = 0; i < 8; i++)
        threads[i] = CreateThread(NULL, 0, i == 0 ? address_waker : address_waiter, (void *)i, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(8, threads, TRUE, 20000), WAIT_OBJECT_0);
    CHECK_EQ(counter, 7);
}

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static BOOL CALLBACK init_function(INIT_ONCE *init, void *parameter, void **context)
{
    (void)init;
    Sleep(50);
    InterlockedIncrement((LONG *)parameter);
    *context = (void *)0x1230;
    return TRUE;
}

static BOOL CALLBACK init_fails(INIT_ONCE *init, void *parameter, void **context)
{
    (void)init, (void)parameter, (void)context;
    return FALSE;
}

static DWORD WINAPI init_thread(void *arg)
{
    void *context = NULL;
    (void)arg;
    if (!InitOnceExecuteOnce(&once, init_function, (void *)&counter, &context) || context != (void *)0x1230)
        bad++;
    return 0;
}

static void test_once(void)
{
    BOOL pending;
    void *context = NULL;
    CHECK(!InitOnceExecuteOnce(&once, init_fails, NULL, NULL));
    CHECK(!InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context));
    counter = bad = 0;
    run(init_thread, 4);
    CHECK_EQ(counter, 1);
    CHECK_EQ(bad, 0);
    CHECK(InitOnceBeginInitialize(&once, 0, &pending, &context));
    CHECK(!pending);
    CHECK(context == (void *)0x1230);
    InitOnceInitialize(&once);
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &context));
    CHECK(pending);
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &context));
    CHECK_ERROR(InitOnceBeginInitialize(&once, 0, &pending, &context), ERROR_INVALID_PARAMETER);
    CHECK(InitOnceComplete(&once, INIT_ONCE_ASYNC, (void *)4));
    CHECK(!InitOnceComplete(&once, INIT_ONCE_ASYNC, (void *)8));
    CHECK(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context));
    CHECK(context == (void *)4);
    InitOnceInitialize(&once);
    CHECK(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    CHECK_ERROR(InitOnceComplete(&once, 0, (void *)1), ERROR_INVALID_PARAMETER);
    CHECK(InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, NULL));
    CHECK(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    CHECK(pending);
}

static __attribute__((aligned(16))) SLIST_HEADER list;
static __attribute__((aligned(16))) struct {
    SLIST_ENTRY entry;
    LONG64 number;
} items[THREADS];

static DWORD WINAPI list_loop(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        SLIST_ENTRY *entry = InterlockedPopEntrySList(&list);
        if (entry) {
            InterlockedIncrement(&counter);
            InterlockedPushEntrySList(&list, entry);
        }
    }
    return 0;
}

static void test_slist(void)
{
    InitializeSListHead(&list);
    CHECK(InterlockedPopEntrySList(&list) == NULL);
    CHECK(InterlockedFlushSList(&list) == NULL);
    CHECK(InterlockedPushEntrySList(&list, &items[0].entry) == NULL);
    CHECK(InterlockedPushEntrySList(&list, &items[1].entry) == &items[0].entry);
    CHECK_EQ(QueryDepthSList(&list), 2);
    CHECK(InterlockedPopEntrySList(&list) == &items[1].entry);
    CHECK(InterlockedPopEntrySList(&list) == &items[0].entry);
    for (int i = 0; i < THREADS; i++)
        InterlockedPushEntrySList(&list, &items[i].entry);
    run(list_loop, 4);
    CHECK_EQ(QueryDepthSList(&list), THREADS);
    int count = 0;
    for (SLIST_ENTRY *entry = InterlockedFlushSList(&list); entry; entry = entry->Next)
        count++;
    CHECK_EQ(count, THREADS);
    CHECK_EQ(QueryDepthSList(&list), 0);
}

int main(void)
{
    test_critical_section();
    test_srw();
    test_condition();
    test_address();
    test_once();
    test_slist();
    return check_done();
}
