/*
 * Limits and misuse of what belongs to threads: TLS and FLS indices, fibers, lists, one-time initialisation,
 * WaitOnAddress, atoms.
 *
 * link: -lsynchronization
 */
#include <stdbool.h>
#include "check.h"

/* --- TLS --------------------------------------------------------------------------------------------------------- */

static DWORD tls[1200], tls_count;

static DWORD WINAPI tls_thread(void *unused)
{
    DWORD bad = 0;

    (void)unused;
    for (DWORD i = 0; i < tls_count; i++)
        bad += TlsGetValue(tls[i]) != NULL;
    for (DWORD i = 0; i < tls_count; i++)
        bad += !TlsSetValue(tls[i], (void *)(ULONG_PTR)(i + 1));
    for (DWORD i = 0; i < tls_count; i++)
        bad += TlsGetValue(tls[i]) != (void *)(ULONG_PTR)(i + 1);
    return bad;
}

static DWORD run(LPTHREAD_START_ROUTINE start, void *argument)
{
    HANDLE thread = CreateThread(NULL, 0, start, argument, 0, NULL);
    DWORD code = 0xdead;
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void check_tls(void)
{
    for (;;) {
        DWORD index = TlsAlloc();
        if (index == TLS_OUT_OF_INDEXES)
            break;
        CHECK(index < 1088);
        CHECK(TlsGetValue(index) == NULL);
        CHECK_EQ(GetLastError(), ERROR_SUCCESS);
        CHECK(TlsSetValue(index, &tls[tls_count]));
        tls[tls_count++] = index;
        if (tls_count == 1200)
            break;
    }
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    CHECK(tls_count > 1050 && tls_count <= 1088); /* the program and its libraries have some */
    for (DWORD i = 0; i < tls_count; i++)
        CHECK(TlsGetValue(tls[i]) == &tls[i]);
    CHECK_EQ(run(tls_thread, NULL), 0);
    for (DWORD i = 0; i < tls_count; i++)
        CHECK(TlsFree(tls[i]));
    CHECK_ERROR(TlsFree(1088), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TlsSetValue(1088, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TlsGetValue(1088), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(TlsFree(TLS_OUT_OF_INDEXES), ERROR_INVALID_PARAMETER);
    DWORD again = TlsAlloc(); /* a freed index starts as NULL again */
    CHECK(TlsGetValue(again) == NULL);
    CHECK(TlsFree(again));
    CHECK_ERROR(TlsFree(again), ERROR_INVALID_PARAMETER);
}

/* --- FLS --------------------------------------------------------------------------------------------------------- */

static volatile LONG fls_calls, fls_sum;

static VOID NTAPI fls_end(PVOID value)
{
    InterlockedIncrement(&fls_calls);
    InterlockedAdd((LONG *)&fls_sum, (LONG)(ULONG_PTR)value);
}

static DWORD fls[3];

static DWORD WINAPI fls_thread(void *unused)
{
    (void)unused;
    CHECK(FlsGetValue(fls[0]) == NULL);
    CHECK(FlsSetValue(fls[0], (void *)5));
    CHECK(FlsSetValue(fls[1], (void *)7));
    CHECK(FlsSetValue(fls[2], NULL));
    return 0;
}

static void check_fls(void)
{
    static DWORD all[5000];
    DWORD count = 0;

    for (int i = 0; i < 3; i++)
        fls[i] = FlsAlloc(fls_end);
    CHECK_EQ(run(fls_thread, NULL), 0);
    CHECK_EQ(fls_calls, 2); /* none for NULL */
    CHECK_EQ(fls_sum, 12);
    CHECK(FlsSetValue(fls[0], (void *)100));
    CHECK(FlsFree(fls[0]));
    CHECK_EQ(fls_calls, 3);
    CHECK_EQ(fls_sum, 112);
    CHECK(FlsFree(fls[1]));
    CHECK(FlsFree(fls[2]));
    CHECK_EQ(fls_calls, 3);
    CHECK_ERROR(FlsFree(fls[0]), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FlsFree(FLS_OUT_OF_INDEXES), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FlsFree(0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FlsGetValue(0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FlsGetValue(FLS_OUT_OF_INDEXES), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FlsSetValue(FLS_OUT_OF_INDEXES, NULL), ERROR_INVALID_PARAMETER);
    while (count < 5000 && (all[count] = FlsAlloc(NULL)) != FLS_OUT_OF_INDEXES)
        count++;
    CHECK(count > 120 && count < 5000);
    for (DWORD i = 0; i < count; i++)
        if (!FlsSetValue(all[i], &all[i]) || FlsGetValue(all[i]) != &all[i])
            CHECK(!"a value is not kept");
    for (DWORD i = 0; i < count; i++)
        if (!FlsFree(all[i]))
            CHECK(!"an index can not be freed");
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

struct item {
    SLIST_ENTRY entry;
    int number;
};

static SLIST_HEADER *list;

static DWORD WINAPI list_thread(void *unused)
{
    (void)unused;
    for (int i = 0; i < 5000; i++) {
        PSLIST_ENTRY entry = InterlockedPopEntrySList(list);
        if (entry)
            InterlockedPushEntrySList(list, entry);
    }
    return 0;
}

static void check_lists(void)
{
    list = _aligned_malloc(sizeof(*list), MEMORY_ALLOCATION_ALIGNMENT);
    struct item *items = _aligned_malloc(100 * sizeof(*items), MEMORY_ALLOCATION_ALIGNMENT);
    HANDLE threads[4];

    InitializeSListHead(list);
    CHECK(InterlockedPopEntrySList(list) == NULL);
    CHECK(InterlockedFlushSList(list) == NULL);
    CHECK_EQ(QueryDepthSList(list), 0);
    for (int i = 0; i < 100; i++) {
        items[i].number = i;
        PSLIST_ENTRY before = InterlockedPushEntrySList(list, &items[i].entry);
        CHECK(before == (i ? &items[i - 1].entry : NULL));
        CHECK_EQ(QueryDepthSList(list), i + 1);
    }
    for (int i = 99; i >= 50; i--)
        CHECK_EQ(((struct item *)InterlockedPopEntrySList(list))->number, i);
    CHECK_EQ(QueryDepthSList(list), 50);
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, list_thread, NULL, 0, NULL);
    WaitForMultipleObjects(4, threads, TRUE, INFINITE);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CHECK_EQ(QueryDepthSList(list), 50);
    int seen[100] = {0};
    for (PSLIST_ENTRY entry = InterlockedFlushSList(list); entry; entry = entry->Next)
        seen[((struct item *)entry)->number]++;
    for (int i = 0; i < 100; i++)
        CHECK_EQ(seen[i], i < 50);
    CHECK_EQ(QueryDepthSList(list), 0);
}

/* --- one-time initialisation ------------------------------------------------------------------------------------- */

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static volatile LONG once_calls, once_fail = 1;

static BOOL CALLBACK once_function(PINIT_ONCE which, PVOID parameter, PVOID *context)
{
    CHECK(which == &once);
    CHECK(parameter == &once_calls);
    InterlockedIncrement(&once_calls);
    if (once_fail) {
        SetLastError(1234);
        return FALSE;
    }
    *context = (void *)0x1230;
    return TRUE;
}

static DWORD WINAPI once_thread(void *unused)
{
    void *context = NULL;
    (void)unused;
    return !InitOnceExecuteOnce(&once, once_function, (void *)&once_calls, &context) || context != (void *)0x1230;
}

static void check_once(void)
{
    HANDLE threads[6];
    void *context = NULL;
    BOOL pending;
    INIT_ONCE other = INIT_ONCE_STATIC_INIT;

    CHECK_ERROR(InitOnceExecuteOnce(&once, once_function, (void *)&once_calls, &context), 1234);
    CHECK_EQ(once_calls, 1);
    once_fail = 0;
    for (int i = 0; i < 6; i++)
        threads[i] = CreateThread(NULL, 0, once_thread, NULL, 0, NULL);
    WaitForMultipleObjects(6, threads, TRUE, INFINITE);
    for (int i = 0; i < 6; i++) {
        DWORD code;
        GetExitCodeThread(threads[i], &code);
        CHECK_EQ(code, 0);
        CloseHandle(threads[i]);
    }
    CHECK_EQ(once_calls, 2);
    CHECK_ERROR(InitOnceBeginInitialize(&other, INIT_ONCE_CHECK_ONLY, &pending, &context), ERROR_GEN_FAILURE);
    CHECK(InitOnceBeginInitialize(&other, 0, &pending, &context));
    CHECK(pending);
    CHECK_ERROR(InitOnceComplete(&other, 0, (void *)0x123), ERROR_INVALID_PARAMETER); /* low bits are not for it */
    CHECK(InitOnceComplete(&other, INIT_ONCE_INIT_FAILED, NULL));
    CHECK(InitOnceBeginInitialize(&other, 0, &pending, &context));
    CHECK(pending);
    CHECK(InitOnceComplete(&other, 0, (void *)0x450));
    CHECK(InitOnceBeginInitialize(&other, 0, &pending, &context));
    CHECK(!pending);
    CHECK(context == (void *)0x450);
    CHECK(InitOnceBeginInitialize(&other, INIT_ONCE_CHECK_ONLY, &pending, &context));
    CHECK(!pending);
    CHECK(!InitOnceComplete(&other, 0, NULL));
    INIT_ONCE async = INIT_ONCE_STATIC_INIT;
    CHECK(InitOnceBeginInitialize(&async, INIT_ONCE_ASYNC, &pending, &context));
    CHECK(pending);
    CHECK(InitOnceBeginInitialize(&async, INIT_ONCE_ASYNC, &pending, &context)); /* both try */
    CHECK(pending);
    CHECK(InitOnceComplete(&async, INIT_ONCE_ASYNC, (void *)0x10));
    CHECK(!InitOnceComplete(&async, INIT_ONCE_ASYNC, (void *)0x20));
    CHECK(InitOnceBeginInitialize(&async, INIT_ONCE_CHECK_ONLY, &pending, &context));
    CHECK(context == (void *)0x10);
}

/* --- WaitOnAddress ----------------------------------------------------------------------------------------------- */

static volatile LONG64 word;
static volatile LONG awake;

static DWORD WINAPI address_thread(void *unused)
{
    LONG64 zero = 0;
    (void)unused;
    while (!word)
        WaitOnAddress(&word, &zero, sizeof(zero), INFINITE);
    InterlockedIncrement(&awake);
    return 0;
}

static void check_address(void)
{
    unsigned char bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8}, same[8] = {1, 2, 3, 4, 5, 6, 7, 8},
                  other[8] = {9, 9, 9, 9, 9, 9, 9, 9};
    HANDLE threads[3];

    for (int size = 0; size <= 9; size++) {
        bool good = size == 1 || size == 2 || size == 4 || size == 8;
        SetLastError(0);
        if (good) {
            CHECK(!WaitOnAddress(bytes, same, size, 0));
            CHECK_EQ(GetLastError(), ERROR_TIMEOUT);
            CHECK(WaitOnAddress(bytes, other, size, INFINITE)); /* different: at once */
        } else {
            CHECK(!WaitOnAddress(bytes, same, size, 0));
            CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
        }
    }
    for (int i = 0; i < 3; i++)
        threads[i] = CreateThread(NULL, 0, address_thread, NULL, 0, NULL);
    WakeByAddressAll((PVOID)&word); /* nothing has changed */
    CHECK_EQ(WaitForMultipleObjects(3, threads, FALSE, 20), WAIT_TIMEOUT);
    word = 0x100000000; /* only the upper half differs */
    WakeByAddressAll((PVOID)&word);
    CHECK_EQ(WaitForMultipleObjects(3, threads, TRUE, 5000), WAIT_OBJECT_0);
    CHECK_EQ(awake, 3);
    for (int i = 0; i < 3; i++)
        CloseHandle(threads[i]);
    WakeByAddressSingle(bytes);
    WakeByAddressAll(bytes);
}

/* --- atoms ------------------------------------------------------------------------------------------------------- */

static void check_atoms(void)
{
    char name[300], text[20];
    ATOM atoms[50];

    memset(name, 'a', sizeof(name));
    name[255] = 0;
    ATOM longest = AddAtomA(name);
    CHECK(longest >= 0xc000);
    name[255] = 'a';
    name[256] = 0;
    CHECK(!AddAtomA(name));
    CHECK_EQ(GetAtomNameA(longest, name, 300), 255);
    CHECK_EQ(DeleteAtom(longest), 0);
    for (int i = 0; i < 50; i++) {
        snprintf(text, sizeof(text), "Atom %d", i);
        atoms[i] = AddAtomA(text);
        CHECK(atoms[i] >= 0xc000);
        CHECK_EQ(AddAtomA(text), atoms[i]);
    }
    for (int i = 0; i < 50; i++) {
        snprintf(text, sizeof(text), "ATOM %d", i); /* case does not count */
        CHECK_EQ(FindAtomA(text), atoms[i]);
        CHECK_EQ(GetAtomNameA(atoms[i], name, 300), strlen(text));
        CHECK(!strncmp(name, "Atom ", 5)); /* but is kept */
        CHECK_EQ(DeleteAtom(atoms[i]), 0);
        CHECK_EQ(FindAtomA(text), atoms[i]); /* it was added twice */
        CHECK_EQ(DeleteAtom(atoms[i]), 0);
        CHECK_EQ(FindAtomA(text), 0);
    }
    for (int i = 1; i < 0xc000; i += 977) {
        CHECK_EQ(AddAtomA((LPCSTR)(ULONG_PTR)i), i);
        CHECK_EQ(FindAtomA((LPCSTR)(ULONG_PTR)i), i);
        snprintf(text, sizeof(text), "#%d", i);
        CHECK_EQ(AddAtomA(text), i);
        CHECK_EQ(GetAtomNameA((ATOM)i, name, 300), strlen(text));
        CHECK_STR(name, text);
        CHECK_EQ(DeleteAtom((ATOM)i), 0);
    }
    CHECK(!AddAtomA((LPCSTR)(ULONG_PTR)0xc000));
    CHECK_ERROR(GetAtomNameA(0xcfff, name, 300), ERROR_INVALID_HANDLE);
    CHECK_ERROR(FindAtomA("not there"), ERROR_FILE_NOT_FOUND);
    ATOM global = GlobalAddAtomW(L"Global one");
    CHECK(global >= 0xc000);
    CHECK_EQ(GlobalFindAtomW(L"global ONE"), global);
    CHECK_EQ(GlobalDeleteAtom(global), 0);
}

/* --- fibers ------------------------------------------------------------------------------------------------------ */

static void *main_fiber, *fibers[10];
static int order[40], orders;

static VOID CALLBACK fiber_function(PVOID argument)
{
    int number = (int)(ULONG_PTR)argument;

    for (;;) {
        CHECK(GetFiberData() == argument);
        CHECK(GetCurrentFiber() == fibers[number]);
        order[orders++] = number;
        SwitchToFiber(number == 9 ? main_fiber : fibers[number + 1]);
    }
}

static void check_fibers(void)
{
    CHECK(!IsThreadAFiber());
    main_fiber = ConvertThreadToFiber((void *)0x77);
    CHECK(main_fiber != NULL);
    CHECK(IsThreadAFiber());
    CHECK(GetFiberData() == (void *)0x77);
    CHECK(GetCurrentFiber() == main_fiber);
    CHECK_ERROR(ConvertThreadToFiber(NULL), ERROR_ALREADY_FIBER);
    for (ULONG_PTR i = 0; i < 10; i++)
        CHECK((fibers[i] = CreateFiberEx(0x1000, 0x20000, i & 1 ? FIBER_FLAG_FLOAT_SWITCH : 0, fiber_function,
                                         (void *)i)) != NULL);
    for (int round = 0; round < 3; round++)
        SwitchToFiber(fibers[0]);
    CHECK_EQ(orders, 30);
    for (int i = 0; i < 30; i++)
        CHECK_EQ(order[i], i % 10);
    CHECK(GetCurrentFiber() == main_fiber);
    for (int i = 0; i < 10; i++)
        DeleteFiber(fibers[i]);
    CHECK(ConvertFiberToThread());
    CHECK(!IsThreadAFiber());
    if (!check_under_wine()) /* Wine does not mind */
        CHECK_ERROR(ConvertFiberToThread(), ERROR_ALREADY_THREAD);
}

int main(void)
{
    check_tls();
    check_fls();
    check_lists();
    check_once();
    check_address();
    check_atoms();
    check_fibers();
    return check_done();
}
