/* Do fibers switch with their own stacks, registers, data and FLS? */
#include "check.h"

static void *main_fiber, *first, *second;
static int order[16], steps;
static DWORD fls;
static LONG freed;

static void WINAPI on_fls(void *value)
{
    (void)value;
    freed++;
}

static void WINAPI run(void *argument)
{
    volatile double kept = 1.5 * (ULONG_PTR)argument;
    char buffer[2000];

    CHECK_EQ(GetFiberData(), argument);
    CHECK_EQ(FlsGetValue(fls), 0);
    FlsSetValue(fls, argument);
    memset(buffer, (int)(ULONG_PTR)argument, sizeof buffer);
    for (int i = 0; i < 3; i++) {
        order[steps++] = (int)(ULONG_PTR)argument;
        SwitchToFiber(argument == (void *)1 ? second : main_fiber);
        CHECK_EQ(GetFiberData(), argument);
        CHECK_EQ(FlsGetValue(fls), argument);
        CHECK_EQ(buffer[1999], (ULONG_PTR)argument);
        CHECK(kept == 1.5 * (ULONG_PTR)argument);
    }
    SwitchToFiber(main_fiber);
}

static DWORD WINAPI on_thread(void *unused)
{
    void *fiber;

    (void)unused;
    CHECK(!IsThreadAFiber());
    if (!check_under_wine()) /* Wine does not check */
        CHECK_ERROR(ConvertFiberToThread(), ERROR_ALREADY_THREAD);
    fiber = ConvertThreadToFiberEx((void *)9, FIBER_FLAG_FLOAT_SWITCH);
    CHECK(fiber != NULL);
    CHECK(IsThreadAFiber());
    CHECK_EQ(GetCurrentFiber(), fiber);
    CHECK_EQ(GetFiberData(), 9);
    CHECK_ERROR(ConvertThreadToFiber(NULL), ERROR_ALREADY_FIBER);
    CHECK(ConvertFiberToThread());
    CHECK(!IsThreadAFiber());
    return 0;
}

int main(void)
{
    static const int expected[] = {1, 2, 1, 2, 1, 2};
    ULONG_PTR low, high, low_now, high_now;
    HANDLE thread = CreateThread(NULL, 0, on_thread, NULL, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    fls = FlsAlloc(on_fls);
    GetCurrentThreadStackLimits(&low, &high);
    main_fiber = ConvertThreadToFiber(NULL);
    first = CreateFiber(0, run, (void *)1);
    second = CreateFiberEx(0x1000, 0x40000, FIBER_FLAG_FLOAT_SWITCH, run, (void *)2);
    CHECK(main_fiber && first && second);
    for (int i = 0; i < 3; i++)
        SwitchToFiber(first);
    CHECK_EQ(steps, 6);
    CHECK(!memcmp(order, expected, sizeof expected));
    GetCurrentThreadStackLimits(&low_now, &high_now);
    CHECK_EQ(low_now, low);
    CHECK_EQ(high_now, high);
    DeleteFiber(first);
    CHECK_EQ(freed, 1);
    DeleteFiber(second);
    CHECK_EQ(freed, 2);
    CHECK(ConvertFiberToThread());
    return check_done();
}
