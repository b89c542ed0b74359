/*
 * Do the Concurrency Runtime's locks, events and condition variables work, called as a C++ program calls them?
 */
#include <stdbool.h>
#include "check.h"

static HMODULE concrt;
#define GET(result, name, decorated, ...)                                                                              \
    result(WINAPI *name)(__VA_ARGS__) = (result(WINAPI *)(__VA_ARGS__))(void *)GetProcAddress(concrt, decorated)
#define CRITICAL(name) name "@critical_section@Concurrency@@QEAA"
#define RW(name) name "@reader_writer_lock@Concurrency@@QEAA"
#define EVENT(name) name "@event@Concurrency@@QEAA"
#define SMALL(name) name "@_ReaderWriterLock@details@Concurrency@@QEAA"
#define CONDITION(name) name "@_Condition_variable@details@Concurrency@@QEAA"

static void *memory[6][32];
static volatile LONG counter;

static DWORD run(LPTHREAD_START_ROUTINE start, void *argument)
{
    HANDLE thread = CreateThread(NULL, 0, start, argument, 0, NULL);
    DWORD code = 99;

    CHECK_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static DWORD WINAPI try_critical(void *section)
{
    GET(bool, try_lock, CRITICAL("?try_lock") "_NXZ", void *);
    GET(void, unlock, CRITICAL("?unlock") "XXZ", void *);
    GET(bool, try_for, CRITICAL("?try_lock_for") "_NI@Z", void *, unsigned);

    if (!try_lock(section))
        return try_for(section, 10) ? 2 : 0;
    unlock(section);
    return 1;
}

static DWORD WINAPI add(void *section)
{
    GET(void, lock, CRITICAL("?lock") "XXZ", void *);
    GET(void, unlock, CRITICAL("?unlock") "XXZ", void *);

    for (int i = 0; i < 20000; i++) {
        lock(section);
        counter = counter + 1;
        unlock(section);
    }
    return 0;
}

static void critical(void)
{
    GET(void *, make, "??0critical_section@Concurrency@@QEAA@XZ", void *);
    GET(void, destroy, "??1critical_section@Concurrency@@QEAA@XZ", void *);
    GET(void, lock, CRITICAL("?lock") "XXZ", void *);
    GET(void, unlock, CRITICAL("?unlock") "XXZ", void *);
    GET(void *, scope, "??0scoped_lock@critical_section@Concurrency@@QEAA@AEAV12@@Z", void *, void *);
    GET(void, scope_end, "??1scoped_lock@critical_section@Concurrency@@QEAA@XZ", void *);
    HANDLE threads[3];
    void *guard[2];

    CHECK(make(memory[0]) == memory[0]);
    CHECK_EQ(run(try_critical, memory[0]), 1);
    lock(memory[0]);
    CHECK_EQ(run(try_critical, memory[0]), 0);
    unlock(memory[0]);
    CHECK_EQ(run(try_critical, memory[0]), 1);
    scope(guard, memory[0]);
    CHECK_EQ(run(try_critical, memory[0]), 0);
    scope_end(guard);
    CHECK_EQ(run(try_critical, memory[0]), 1);
    for (int i = 0; i < 3; i++)
        threads[i] = CreateThread(NULL, 0, add, memory[0], 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(3, threads, TRUE, 20000), WAIT_OBJECT_0);
    CHECK_EQ(counter, 60000);
    destroy(memory[0]);
}

static DWORD WINAPI try_both(void *lock)
{
    GET(bool, try_lock, RW("?try_lock") "_NXZ", void *);
    GET(bool, try_read, RW("?try_lock_read") "_NXZ", void *);
    GET(void, unlock, RW("?unlock") "XXZ", void *);
    DWORD got = 0;

    if (try_lock(lock))
        got |= 1, unlock(lock);
    if (try_read(lock))
        got |= 2, unlock(lock);
    return got;
}

static void reader_writer(void)
{
    GET(void *, make, "??0reader_writer_lock@Concurrency@@QEAA@XZ", void *);
    GET(void, lock, RW("?lock") "XXZ", void *);
    GET(void, read, RW("?lock_read") "XXZ", void *);
    GET(void, unlock, RW("?unlock") "XXZ", void *);
    GET(void *, scope, "??0scoped_lock_read@reader_writer_lock@Concurrency@@QEAA@AEAV12@@Z", void *, void *);
    GET(void, scope_end, "??1scoped_lock_read@reader_writer_lock@Concurrency@@QEAA@XZ", void *);
    void *guard[2];

    CHECK(make(memory[1]) == memory[1]);
    CHECK_EQ(run(try_both, memory[1]), 3);
    lock(memory[1]);
    CHECK_EQ(run(try_both, memory[1]), 0);
    unlock(memory[1]);
    read(memory[1]);
    CHECK_EQ(run(try_both, memory[1]), 2);
    unlock(memory[1]);
    scope(guard, memory[1]);
    CHECK_EQ(run(try_both, memory[1]), 2);
    scope_end(guard);
    CHECK_EQ(run(try_both, memory[1]), 3);
}

static DWORD WINAPI set_later(void *event)
{
    GET(void, set, EVENT("?set") "XXZ", void *);

    Sleep(20);
    set(event);
    return 0;
}

static void events(void)
{
    GET(void *, make, "??0event@Concurrency@@QEAA@XZ", void *);
    GET(void, set, EVENT("?set") "XXZ", void *);
    GET(void, reset, EVENT("?reset") "XXZ", void *);
    GET(size_t, wait, EVENT("?wait") "_KI@Z", void *, unsigned);
    HANDLE thread;

    CHECK(make(memory[2]) == memory[2]);
    CHECK_EQ(wait(memory[2], 0), -1);
    CHECK_EQ(wait(memory[2], 10), -1);
    set(memory[2]);
    CHECK_EQ(wait(memory[2], 0), 0);
    CHECK_EQ(wait(memory[2], INFINITE), 0); /* stays set */
    reset(memory[2]);
    CHECK_EQ(wait(memory[2], 0), -1);
    thread = CreateThread(NULL, 0, set_later, memory[2], 0, NULL);
    CHECK_EQ(wait(memory[2], 10000), 0);
    WaitForSingleObject(thread, INFINITE);
}

static DWORD WINAPI wake_later(void *unused)
{
    GET(void, lock, CRITICAL("?lock") "XXZ", void *);
    GET(void, unlock, CRITICAL("?unlock") "XXZ", void *);
    GET(void, all, CONDITION("?notify_all") "XXZ", void *);

    (void)unused;
    Sleep(20);
    lock(memory[0]);
    counter = -1;
    unlock(memory[0]);
    all(memory[3]);
    return 0;
}

static void conditions(void)
{
    GET(void *, make_section, "??0critical_section@Concurrency@@QEAA@XZ", void *);
    GET(void *, make, "??0_Condition_variable@details@Concurrency@@QEAA@XZ", void *);
    GET(void, lock, CRITICAL("?lock") "XXZ", void *);
    GET(void, unlock, CRITICAL("?unlock") "XXZ", void *);
    GET(bool, wait_for, CONDITION("?wait_for") "_NAEAVcritical_section@3@I@Z", void *, void *, unsigned);
    GET(void, wait, CONDITION("?wait") "XAEAVcritical_section@3@@Z", void *, void *);
    HANDLE thread;

    make_section(memory[0]);
    CHECK(make(memory[3]) == memory[3]);
    counter = 0;
    lock(memory[0]);
    CHECK(!wait_for(memory[3], memory[0], 10));
    thread = CreateThread(NULL, 0, wake_later, NULL, 0, NULL);
    while (!counter)
        wait(memory[3], memory[0]);
    CHECK_EQ(counter, -1);
    CHECK_EQ(run(try_critical, memory[0]), 0); /* owned again */
    unlock(memory[0]);
    WaitForSingleObject(thread, INFINITE);
}

static void small(void)
{
    GET(void *, make, "??0_ReaderWriterLock@details@Concurrency@@QEAA@XZ", void *);
    GET(void, read, SMALL("?_AcquireRead") "XXZ", void *);
    GET(void, end_read, SMALL("?_ReleaseRead") "XXZ", void *);
    GET(bool, try_write, SMALL("?_TryAcquireWrite") "_NXZ", void *);
    GET(void, end_write, SMALL("?_ReleaseWrite") "XXZ", void *);
    GET(unsigned, count, "?GetProcessorCount@Concurrency@@YAIXZ", void);
    GET(unsigned, id, "?Id@Context@Concurrency@@SAIXZ", void);

    memory[4][1] = (void *)0x1234; /* eight bytes are the lock's */
    CHECK(make(memory[4]) == memory[4]);
    read(memory[4]);
    CHECK(!try_write(memory[4]));
    end_read(memory[4]);
    CHECK(try_write(memory[4]));
    end_write(memory[4]);
    CHECK(memory[4][1] == (void *)0x1234);
    CHECK_EQ(count(), GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
    CHECK_EQ(id(), id());
}

int main(void)
{
    concrt = LoadLibraryA("concrt140.dll");
    CHECK(concrt != NULL);
    critical();
    reader_writer();
    events();
    conditions();
    if (!check_under_wine()) /* lacks _ReaderWriterLock */
        small();
    return check_done();
}
