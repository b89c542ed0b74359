/*
 * thread.c: what the C runtime keeps for each thread, and _beginthread.
 *
 * Layer: crt over kernel32.  The block itself lies in the host's thread-local storage, so that errno costs a
 * couple of instructions; buffers that only some threads need come from the heap and are freed by an FLS
 * callback at the thread's end.
 */
#include "crt.h"
#include "ntdll/gate.h"

static __thread struct crt_thread thread_block;
static _Atomic DWORD thread_slot = FLS_OUT_OF_INDEXES;

struct crt_thread *crt_thread(void)
{
    return &thread_block;
}

static void WINAPI thread_free_buffers(void *value)
{
    struct crt_thread *thread = value;
    if (thread != &thread_block) /* a fiber deleted by another thread: its thread still uses them */
        return;
    for (size_t i = 0; i < sizeof(thread->buffers) / sizeof(thread->buffers[0]); i++) {
        crt_free(thread->buffers[i]);
        thread->buffers[i] = NULL;
    }
}

static void thread_watch_end(struct crt_thread *thread)
{
    DWORD none = FLS_OUT_OF_INDEXES;
    if (thread_slot == none) {
        DWORD slot = FlsAlloc(thread_free_buffers);
        if (!atomic_compare_exchange_strong(&thread_slot, &none, slot))
            FlsFree(slot);
    }
    FlsSetValue(thread_slot, thread);
}

void *crt_thread_buffer(enum crt_buffer which, size_t size)
{
    struct crt_thread *thread = &thread_block;
    if (!thread->buffers[which]) {
        thread->buffers[which] = crt_calloc(1, size);
        thread_watch_end(thread);
    }
    return thread->buffers[which];
}

struct thread_start {
    void *function;
    void *argument;
    bool extended;
    HANDLE handle; /* _beginthread's own, closed at the end */
};

static DWORD WINAPI thread_main(void *parameter)
{
    struct thread_start start = *(struct thread_start *)parameter;
    crt_free(parameter);
    thread_block.begin_thread = start.extended ? NULL : start.handle;
    DWORD code = (DWORD)guest_call(start.function, GUEST(start.argument), 0, 0, 0);
    if (!start.extended && start.handle)
        CloseHandle(start.handle);
    ExitThread(start.extended ? code : 0);
}

uintptr_t WINAPI _beginthreadex(void *security, unsigned stack_size, void *function, void *argument, unsigned flags,
                                unsigned *id)
{
    CRT_REQUIRE(function, 0);
    struct thread_start *start = crt_malloc(sizeof(*start));
    if (!start)
        return 0;
    *start = (struct thread_start){.function = function, .argument = argument, .extended = true};
    DWORD thread_id;
    HANDLE handle = CreateThread(security, stack_size, thread_main, start, flags, &thread_id);
    if (!handle) {
        crt_fail_last();
        crt_free(start);
    } else if (id) {
        *id = thread_id;
    }
    return (uintptr_t)handle;
}

uintptr_t WINAPI _beginthread(void *function, unsigned stack_size, void *argument)
{
    CRT_REQUIRE(function, (uintptr_t)-1);
    struct thread_start *start = crt_malloc(sizeof(*start));
    if (!start)
        return (uintptr_t)-1;
    *start = (struct thread_start){.function = function, .argument = argument};
    HANDLE handle = CreateThread(NULL, stack_size, thread_main, start, CREATE_SUSPENDED, NULL);
    if (!handle) {
        crt_fail_last();
        crt_free(start);
        return (uintptr_t)-1;
    }
    start->handle = handle;
    ResumeThread(handle);
    return (uintptr_t)handle;
}

void WINAPI _endthreadex(unsigned code)
{
    ExitThread(code);
}

void WINAPI _endthread(void)
{
    if (thread_block.begin_thread)
        CloseHandle(thread_block.begin_thread);
    ExitThread(0);
}

uintptr_t WINAPI __threadid(void)
{
    return GetCurrentThreadId();
}

uintptr_t WINAPI __threadhandle(void)
{
    return (uintptr_t)GetCurrentThread();
}

static RTL_CRITICAL_SECTION numbered_locks[64];
static atomic_bool numbered_ready;

/* msvcrt's locks by number, which some start-up code takes around its own tables. */
void WINAPI _lock(int number)
{
    static RTL_CRITICAL_SECTION init_lock = CRT_LOCK_INIT;
    if (!numbered_ready) {
        crt_lock(&init_lock);
        for (int i = 0; i < 64 && !numbered_ready; i++)
            numbered_locks[i].LockCount = -1;
        numbered_ready = true;
        crt_unlock(&init_lock);
    }
    crt_lock(&numbered_locks[number & 63]);
}

void WINAPI _unlock(int number)
{
    crt_unlock(&numbered_locks[number & 63]);
}
