/*
 * thread.c: _Thrd_*, clocks, call_once, and the thread pool's chores under std::async.
 *
 * Layer: msvcp over kernel32.
 */
#include "msvcp/thread.h"

#define TICKS_PER_SECOND 10000000
#define EPOCH_1970 116444736000000000

uintptr_t WINAPI _beginthreadex(void *security, unsigned stack, void *function, void *argument, unsigned flags,
                                unsigned *id);
void WINAPI _endthreadex(unsigned code);

/* --- clocks
 * ------------------------------------------------------------------------------------------------------------ */

/* 100 ns since 1970. */
int64_t WINAPI msvcp_Xtime_get_ticks(void)
{
    FILETIME now;

    GetSystemTimePreciseAsFileTime(&now);
    return ((int64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - EPOCH_1970;
}

int WINAPI msvcp_xtime_get(struct xtime *now, int type)
{
    if (!now || type != 1)
        return 0;
    int64_t ticks = msvcp_Xtime_get_ticks();
    now->seconds = ticks / TICKS_PER_SECOND;
    now->nanoseconds = (LONG)(ticks % TICKS_PER_SECOND * 100);
    return type;
}

/* Milliseconds between two times, rounded up; 0 if `to` is not later. */
LONG WINAPI msvcp_Xtime_diff_to_millis2(const struct xtime *to, const struct xtime *from)
{
    int64_t seconds = to->seconds - from->seconds, nanoseconds = (int64_t)to->nanoseconds - from->nanoseconds;

    if (seconds < -1 || (seconds <= 0 && seconds * 1000000000 + nanoseconds <= 0))
        return 0;
    if (seconds > INT_MAX / 1000 - 1)
        return INT_MAX;
    return (LONG)((seconds * 1000000000 + nanoseconds + 999999) / 1000000);
}

LONG WINAPI msvcp_Xtime_diff_to_millis(const struct xtime *to)
{
    struct xtime now;

    msvcp_xtime_get(&now, 1);
    return msvcp_Xtime_diff_to_millis2(to, &now);
}

DWORD xtime_from_now(const struct xtime *target)
{
    return (DWORD)msvcp_Xtime_diff_to_millis(target);
}

int64_t WINAPI msvcp_Query_perf_counter(void)
{
    LARGE_INTEGER count;

    QueryPerformanceCounter(&count);
    return count.QuadPart;
}

int64_t WINAPI msvcp_Query_perf_frequency(void)
{
    LARGE_INTEGER frequency;

    QueryPerformanceFrequency(&frequency);
    return frequency.QuadPart;
}

/* --- threads
 * ------------------------------------------------------------------------------------------------------------- */

struct thrd {
    HANDLE handle;
    DWORD id;
};
_Static_assert(sizeof(struct thrd) == 16, "_Thrd_t");

int WINAPI msvcp_Thrd_start(struct thrd *thread, void *function, void *argument)
{
    unsigned id = 0;

    thread->handle = (HANDLE)_beginthreadex(NULL, 0, function, argument, 0, &id);
    thread->id = id;
    return thread->handle ? THRD_SUCCESS : THRD_ERROR;
}

/* The new thread tells that it has taken function and argument. */
struct start {
    void *function, *argument;
};

static unsigned WINAPI run(void *parameter)
{
    struct start start = *(struct start *)parameter;

    crt_free(parameter);
    return (unsigned)guest_call(start.function, GUEST(start.argument), 0, 0, 0);
}

int WINAPI msvcp_Thrd_create(struct thrd *thread, void *function, void *argument)
{
    struct start *start = crt_malloc(sizeof(*start));

    if (!start)
        return THRD_NOMEM;
    *start = (struct start){function, argument};
    int result = msvcp_Thrd_start(thread, run, start);
    if (result)
        crt_free(start);
    return result;
}

int WINAPI msvcp_Thrd_join(const struct thrd *thread, int *code)
{
    DWORD result;

    if (WaitForSingleObject(thread->handle, INFINITE) == WAIT_FAILED || !GetExitCodeThread(thread->handle, &result))
        return THRD_ERROR;
    if (code)
        *code = (int)result;
    return CloseHandle(thread->handle) ? THRD_SUCCESS : THRD_ERROR;
}

int WINAPI msvcp_Thrd_detach(const struct thrd *thread)
{
    return CloseHandle(thread->handle) ? THRD_SUCCESS : THRD_ERROR;
}

void WINAPI msvcp_Thrd_exit(int code)
{
    _endthreadex((unsigned)code);
}

struct thrd *WINAPI msvcp_Thrd_current(struct thrd *result)
{
    *result = (struct thrd){GetCurrentThread(), GetCurrentThreadId()};
    return result;
}

DWORD WINAPI msvcp_Thrd_id(void)
{
    return GetCurrentThreadId();
}

int WINAPI msvcp_Thrd_equal(const struct thrd *a, const struct thrd *b)
{
    return a->id == b->id;
}

void WINAPI msvcp_Thrd_sleep(const struct xtime *target)
{
    for (DWORD left; (left = xtime_from_now(target)) > 0;)
        Sleep(left);
}

void WINAPI msvcp_Thrd_sleep_for(DWORD milliseconds)
{
    Sleep(milliseconds);
}

void WINAPI msvcp_Thrd_yield(void)
{
    SwitchToThread();
}

unsigned WINAPI msvcp_Thrd_hardware_concurrency(void)
{
    SYSTEM_INFO info;

    GetNativeSystemInfo(&info);
    return info.dwNumberOfProcessors;
}

/* --- call_once, new_handler, random numbers
 * -------------------------------------------------------------------------------- */

int WINAPI msvcp_Execute_once(PINIT_ONCE once, PINIT_ONCE_FN function, void *argument)
{
    return InitOnceExecuteOnce(once, function, argument, NULL);
}

int WINAPI crt_rand_s(unsigned *value);

unsigned WINAPI msvcp_Random_device(void)
{
    unsigned value;

    if (crt_rand_s(&value))
        crt_abort();
    return value;
}

void *WINAPI _set_new_handler(void *handler);
static void *new_handler;

/* The C runtime's handler for memory that has run out takes a size and returns whether to try again. */
static int WINAPI call_new_handler(size_t size)
{
    (void)size;
    guest_call(new_handler, 0, 0, 0, 0);
    return 1;
}

void *WINAPI msvcp_set_new_handler(void *handler)
{
    void *old = __atomic_exchange_n(&new_handler, handler, __ATOMIC_SEQ_CST);

    _set_new_handler(handler ? (void *)call_new_handler : NULL);
    return old;
}

void *WINAPI msvcp_get_new_handler(void)
{
    return new_handler;
}

int WINAPI _crt_atexit(void *function);

void WINAPI msvcp_atexit(void *function)
{
    if (_crt_atexit(function))
        crt_abort();
}

/* --- chores: what std::async and tasks run on
 * -------------------------------------------------------------------------------- */

struct chore {
    PTP_WORK work;
    void *function;
    void *data;
};

static void WINAPI run_chore(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK work)
{
    const struct chore *chore = context;

    (void)instance, (void)work;
    guest_call(chore->function, GUEST(chore->data), 0, 0, 0);
}

int WINAPI msvcp_reschedule_chore(const struct chore *chore)
{
    TpPostWork(chore->work);
    return 0;
}

int WINAPI msvcp_schedule_chore(struct chore *chore)
{
    chore->work = CreateThreadpoolWork(run_chore, chore, NULL);
    return chore->work ? msvcp_reschedule_chore(chore) : -1;
}

void WINAPI msvcp_release_chore(struct chore *chore)
{
    if (chore->work)
        TpReleaseWork(chore->work);
    chore->work = NULL;
}

DWORD WINAPI msvcp_get_current_thread_id(void)
{
    return GetCurrentThreadId();
}

unsigned WINAPI msvcp_get_next_async_id(void)
{
    static unsigned next;
    return __atomic_add_fetch(&next, 1, __ATOMIC_SEQ_CST);
}

/* Tasks that nobody waits for and that failed end the process. */
void WINAPI msvcp_report_unobserved_exception(void)
{
    crt_abort();
}

/*
 * There are no COM apartments: what has to run in some context runs here.
 * std::function<void()>: 56 bytes of room, and the object to call; the room may hold that object.
 */
struct function {
    char room[56];
    void *target;
};
enum { FUNCTION_CALL = 2, FUNCTION_DELETE = 4 };

void WINAPI msvcp_call_in_context(const void *context, struct function *function, bool blocking)
{
    (void)context, (void)blocking;
    if (!function->target)
        return;
    VIRTUAL(function->target, FUNCTION_CALL, 0, 0, 0);
    VIRTUAL(function->target, FUNCTION_DELETE, function->target != (void *)function, 0, 0);
    function->target = NULL;
}
