/*
 * msvcp_threads.c: do the mutexes, condition variables, threads and clocks under std::thread answer as Microsoft's do?
 * Codes of success and of misuse, for each type of mutex.
 */
#include "msvcp.h"

enum { SUCCESS, NOMEM, TIMEDOUT, BUSY, FAILED };
enum { PLAIN = 1, TRY = 2, TIMED = 4, RECURSIVE = 0x100 };

struct xtime {
    long long seconds;
    long nanoseconds;
};

#define MTX_INIT CALL(int, "_Mtx_init", void **, int)
#define MTX_LOCK CALL(int, "_Mtx_lock", void *)
#define MTX_TRYLOCK CALL(int, "_Mtx_trylock", void *)
#define MTX_UNLOCK CALL(int, "_Mtx_unlock", void *)
#define MTX_OWNS CALL(int, "_Mtx_current_owns", void *)
#define MTX_TIMEDLOCK CALL(int, "_Mtx_timedlock", void *, const struct xtime *)

static struct xtime from_now(int milliseconds)
{
    struct xtime time;
    CHECK_EQ(CALL(int, "xtime_get", struct xtime *, int)(&time, 1), 1);
    time.nanoseconds += milliseconds % 1000 * 1000000;
    time.seconds += milliseconds / 1000 + time.nanoseconds / 1000000000;
    time.nanoseconds %= 1000000000;
    return time;
}

/* What another thread gets. */
static struct {
    void *mutex;
    int try_result, timed_result, owns;
} other;

static unsigned __stdcall try_it(void *argument)
{
    struct xtime soon = from_now(5);
    (void)argument;
    other.owns = MTX_OWNS(other.mutex);
    other.try_result = MTX_TRYLOCK(other.mutex);
    if (!other.try_result)
        MTX_UNLOCK(other.mutex);
    other.timed_result = MTX_TIMEDLOCK(other.mutex, &soon);
    if (!other.timed_result)
        MTX_UNLOCK(other.mutex);
    return 17;
}

struct thrd {
    HANDLE handle;
    unsigned id;
};

static void in_other_thread(void *mutex)
{
    struct thrd thread;
    int code = 0;
    other.mutex = mutex;
    CHECK_EQ(CALL(int, "_Thrd_start", struct thrd *, void *, void *)(&thread, try_it, NULL), SUCCESS);
    struct thrd copy = thread;
    CHECK_EQ(CALL(int, "_Thrd_join", struct thrd *, int *)(&copy, &code), SUCCESS);
    CHECK_EQ(code, 17);
}

static void test_mutexes(void)
{
    static const int types[] = {PLAIN | TRY, TRY, TIMED, TRY | RECURSIVE, TIMED | RECURSIVE};
    for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
        void *mutex = NULL;
        bool recursive = types[i] & RECURSIVE;
        CHECK_EQ(MTX_INIT(&mutex, types[i]), SUCCESS);
        CHECK(!MTX_OWNS(mutex));
        in_other_thread(mutex);
        CHECK_EQ(other.try_result, SUCCESS);
        CHECK_EQ(other.timed_result, SUCCESS);
        CHECK_EQ(MTX_LOCK(mutex), SUCCESS);
        CHECK(MTX_OWNS(mutex));
        in_other_thread(mutex);
        CHECK(!other.owns);
        CHECK_EQ(other.try_result, BUSY);
        CHECK_EQ(other.timed_result, TIMEDOUT);
        int again = MTX_TRYLOCK(mutex);
        CHECK_EQ(again, recursive ? SUCCESS : BUSY);
        if (!again) {
            CHECK_EQ(MTX_UNLOCK(mutex), SUCCESS);
            CHECK(MTX_OWNS(mutex));
        }
        CHECK_EQ(MTX_UNLOCK(mutex), SUCCESS);
        CHECK(!MTX_OWNS(mutex));
        in_other_thread(mutex);
        CHECK_EQ(other.try_result, SUCCESS);
        CALL(void, "_Mtx_destroy", void *)(mutex);
    }
}

/* std::mutex has its 80 bytes in place. */
static void test_in_situ(void)
{
    struct {
        long long room[10];
        int behind;
    } mutex = {{0}, 0x1234};
    memset(mutex.room, 0xcc, sizeof(mutex.room));
    CALL(void, "_Mtx_init_in_situ", void *, int)(&mutex, PLAIN | TRY);
    CHECK_EQ(*(int *)&mutex, PLAIN | TRY);
    CHECK_EQ(((int *)&mutex)[18], -1);
    CHECK_EQ(((int *)&mutex)[19], 0);
    CHECK_EQ(mutex.behind, 0x1234);
    CHECK_EQ(MTX_LOCK(&mutex), SUCCESS);
    CHECK_EQ(((int *)&mutex)[18], GetCurrentThreadId());
    CHECK_EQ(((int *)&mutex)[19], 1);
    CHECK_EQ(MTX_UNLOCK(&mutex), SUCCESS);
    CHECK_EQ(((int *)&mutex)[18], -1);
    CHECK_EQ(((int *)&mutex)[19], 0);
    CALL(void, "_Mtx_destroy_in_situ", void *)(&mutex);
    CHECK_EQ(mutex.behind, 0x1234);
}

static void *cnd, *cnd_mutex;
static int turn, done_flag;

static unsigned __stdcall answer(void *argument)
{
    (void)argument;
    MTX_LOCK(cnd_mutex);
    while (turn != 1)
        CALL(int, "_Cnd_wait", void *, void *)(cnd, cnd_mutex);
    turn = 2;
    CALL(int, "_Cnd_signal", void *)(cnd);
    MTX_UNLOCK(cnd_mutex);
    return 0;
}

static unsigned __stdcall notify_at_exit(void *argument)
{
    (void)argument;
    MTX_LOCK(cnd_mutex);
    CALL(void, "_Cnd_register_at_thread_exit", void *, void *, int *)(cnd, cnd_mutex, &done_flag);
    CALL(void, "_Cnd_do_broadcast_at_thread_exit", void)();
    return 0;
}

static void test_conditions(void)
{
    struct thrd thread;
    CHECK_EQ(CALL(int, "_Cnd_init", void **)(&cnd), SUCCESS);
    CHECK_EQ(MTX_INIT(&cnd_mutex, PLAIN), SUCCESS);
    CHECK_EQ(MTX_LOCK(cnd_mutex), SUCCESS);
    CHECK_EQ(CALL(int, "_Thrd_start", struct thrd *, void *, void *)(&thread, answer, NULL), SUCCESS);
    turn = 1;
    CHECK_EQ(CALL(int, "_Cnd_broadcast", void *)(cnd), SUCCESS);
    while (turn != 2)
        CHECK_EQ(CALL(int, "_Cnd_wait", void *, void *)(cnd, cnd_mutex), SUCCESS);
    CHECK(MTX_OWNS(cnd_mutex));

    struct xtime soon = from_now(5), past = {0, 0};
    CHECK_EQ(CALL(int, "_Cnd_timedwait", void *, void *, const struct xtime *)(cnd, cnd_mutex, &soon), TIMEDOUT);
    CHECK(MTX_OWNS(cnd_mutex));
    CHECK_EQ(CALL(int, "_Cnd_timedwait", void *, void *, const struct xtime *)(cnd, cnd_mutex, &past), TIMEDOUT);
    CHECK_EQ(MTX_UNLOCK(cnd_mutex), SUCCESS);
    CHECK_EQ(CALL(int, "_Thrd_join", struct thrd *, int *)(&thread, NULL), SUCCESS);

    CHECK_EQ(CALL(int, "_Thrd_start", struct thrd *, void *, void *)(&thread, notify_at_exit, NULL), SUCCESS);
    CHECK_EQ(CALL(int, "_Thrd_join", struct thrd *, int *)(&thread, NULL), SUCCESS);
    CHECK_EQ(done_flag, 1);
    CHECK_EQ(MTX_TRYLOCK(cnd_mutex), SUCCESS);
    CHECK_EQ(MTX_UNLOCK(cnd_mutex), SUCCESS);
    CALL(void, "_Cnd_destroy", void *)(cnd);
    CALL(void, "_Mtx_destroy", void *)(cnd_mutex);
}

static int plain_function(void *argument)
{
    CHECK(argument == &turn);
    return -5;
}

static int once_calls;
static int once(void *flag, void *argument, void **context)
{
    (void)flag, (void)context;
    once_calls++;
    return argument != NULL;
}

static void test_threads(void)
{
    struct thrd thread, self, again;
    int code = 0;
    CHECK_EQ(CALL(int, "_Thrd_create", struct thrd *, void *, void *)(&thread, plain_function, &turn), SUCCESS);
    CALL(void *, "_Thrd_current", struct thrd *)(&self);
    CHECK_EQ(self.id, GetCurrentThreadId());
    CHECK_EQ(CALL(unsigned, "_Thrd_id", void)(), GetCurrentThreadId());
    again = self;
    CHECK(CALL(int, "_Thrd_equal", struct thrd *, struct thrd *)(&self, &again));
    again = thread;
    CHECK(!CALL(int, "_Thrd_equal", struct thrd *, struct thrd *)(&self, &again));
    CHECK_EQ(CALL(int, "_Thrd_join", struct thrd *, int *)(&thread, &code), SUCCESS);
    CHECK_EQ(code, -5);
    thread.handle = (HANDLE)(ULONG_PTR)0xbad0;
    CHECK_EQ(CALL(int, "_Thrd_join", struct thrd *, int *)(&thread, &code), FAILED);
    thread.handle = (HANDLE)(ULONG_PTR)0xbad0;
    CHECK_EQ(CALL(int, "_Thrd_detach", struct thrd *)(&thread), FAILED);
    CHECK(CALL(unsigned, "_Thrd_hardware_concurrency", void)() >= 1);
    CALL(void, "_Thrd_yield", void)();

    void *flag = NULL;
    CHECK(!CALL(int, "?_Execute_once@std@@YAHAEAUonce_flag@1@P6AHPEAX1PEAPEAX@Z1@Z", void *, void *,
                void *)(&flag, once, NULL));
    CHECK_EQ(once_calls, 1);
    for (int i = 0; i < 2; i++)
        CHECK(CALL(int, "?_Execute_once@std@@YAHAEAUonce_flag@1@P6AHPEAX1PEAPEAX@Z1@Z", void *, void *,
                   void *)(&flag, once, &flag));
    CHECK_EQ(once_calls, 2);
    unsigned a = CALL(unsigned, "?_Random_device@std@@YAIXZ", void)(), b = a;
    for (int i = 0; i < 4 && a == b; i++)
        b = CALL(unsigned, "?_Random_device@std@@YAIXZ", void)();
    CHECK(a != b);
}

static void test_clocks(void)
{
    static const struct {
        struct xtime to, from;
        int milliseconds;
    } cases[] = {
        {{10, 0}, {10, 0}, 0},        {{10, 1}, {10, 0}, 1},    {{10, 1000000}, {10, 0}, 1},
        {{10, 1000001}, {10, 0}, 2},  {{11, 0}, {10, 0}, 1000}, {{11, 0}, {10, 999000000}, 1},
        {{10, 0}, {11, 0}, 0},        {{10, 0}, {10, 5}, 0},    {{12, 500000000}, {10, 0}, 2500},
        {{0, 0}, {2000000000, 0}, 0},
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        CHECK_EQ(CALL(long, "_Xtime_diff_to_millis2", const void *, const void *)(&cases[i].to, &cases[i].from),
                 cases[i].milliseconds);
    FILETIME file_time;
    GetSystemTimeAsFileTime(&file_time);
    long long now = ((long long)file_time.dwHighDateTime << 32 | file_time.dwLowDateTime) - 116444736000000000LL;
    long long ticks = CALL(long long, "_Xtime_get_ticks", void)();
    CHECK(ticks - now < 10000000 && now - ticks < 10000000);
    struct xtime time = from_now(0);
    CHECK(time.seconds - now / 10000000 <= 1);
    CHECK(time.nanoseconds >= 0 && time.nanoseconds < 1000000000);
    CHECK_EQ(CALL(int, "xtime_get", struct xtime *, int)(&time, 2), 0);
    LARGE_INTEGER frequency, counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    CHECK_EQ(CALL(long long, "_Query_perf_frequency", void)(), frequency.QuadPart);
    CHECK(CALL(long long, "_Query_perf_counter", void)() >= counter.QuadPart);
    struct xtime soon = from_now(2);
    CALL(void, "_Thrd_sleep", const struct xtime *)(&soon);
    time = from_now(0);
    CHECK(time.seconds > soon.seconds || (time.seconds == soon.seconds && time.nanoseconds >= soon.nanoseconds));
}

int main(void)
{
    test_mutexes();
    test_in_situ();
    test_conditions();
    test_threads();
    test_clocks();
    return check_done();
}
