/*
 * sync_kill.c: does what processes share survive that they are killed at any moment?
 *
 * Eight processes use named mutexes, semaphores, events and sections at random; one of them is killed every few
 * milliseconds and replaced.  Nobody may hang, a killed owner's mutex must be seen as abandoned, and what a mutex
 * guards must be whole whenever it was not.
 */
#include "check.h"

#define WORKERS 8
#define MUTEXES 4
#define ROUNDS 120

static char self[MAX_PATH];
static unsigned long pid;

struct shared {
    LONG counter[MUTEXES], copy[MUTEXES]; /* equal, unless an owner died in between */
    LONG abandoned, torn, turns;
};

static HANDLE named_mutex(int i)
{
    char name[64];
    snprintf(name, sizeof name, "sync_kill %lu mutex %d", pid, i);
    return CreateMutexA(NULL, FALSE, name);
}

static struct shared *shared_memory(void)
{
    char name[64];
    snprintf(name, sizeof name, "sync_kill %lu memory", pid);
    return MapViewOfFile(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name),
                         FILE_MAP_ALL_ACCESS, 0, 0, 0);
}

static unsigned next_random(unsigned *state)
{
    return *state = *state * 1664525u + 1013904223u;
}

static void turn(HANDLE *mutexes, struct shared *shared, int i)
{
    DWORD result = WaitForSingleObject(mutexes[i], 20000);
    if (result == WAIT_ABANDONED) {
        InterlockedIncrement(&shared->abandoned);
        shared->copy[i] = shared->counter[i]; /* repaired */
    } else if (result != WAIT_OBJECT_0) {
        ExitProcess(2);
    }
    if (shared->copy[i] != shared->counter[i])
        InterlockedIncrement(&shared->torn);
    shared->counter[i]++;
    SwitchToThread();
    shared->copy[i]++;
    ReleaseMutex(mutexes[i]);
    InterlockedIncrement(&shared->turns);
}

static int worker(unsigned seed)
{
    HANDLE mutexes[MUTEXES];
    struct shared *shared = shared_memory();
    for (int i = 0; i < MUTEXES; i++)
        mutexes[i] = named_mutex(i);
    for (;;) {
        unsigned choice = next_random(&seed) >> 16;
        turn(mutexes, shared, choice % MUTEXES);
        if (choice % 7 == 0) { /* two at once, all or nothing */
            HANDLE pair[2] = {mutexes[0], mutexes[1]};
            DWORD result = WaitForMultipleObjects(2, pair, TRUE, 20000);
            if (result == WAIT_TIMEOUT || result == WAIT_FAILED)
                return 3;
            for (int i = 0; i < 2; i++)
                if (shared->copy[i] != shared->counter[i])
                    shared->copy[i] = shared->counter[i];
            ReleaseMutex(pair[0]);
            ReleaseMutex(pair[1]);
        }
        if (choice % 11 == 0) {
            char name[64];
            snprintf(name, sizeof name, "sync_kill %lu event %u", pid, choice % 3);
            HANDLE event = CreateEventA(NULL, FALSE, FALSE, name);
            SetEvent(event);
            WaitForSingleObject(event, 0);
            CloseHandle(event);
        }
    }
}

static HANDLE start(unsigned seed)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process = {0};
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %lu %u", self, pid, seed);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CloseHandle(process.hThread);
    return process.hProcess;
}

int main(int argc, char **argv)
{
    HANDLE workers[WORKERS], mutexes[MUTEXES];
    unsigned seed = 1;
    DWORD code;
    pid = argc > 2 ? strtoul(argv[1], NULL, 10) : GetCurrentProcessId();
    if (argc > 2)
        return worker(strtoul(argv[2], NULL, 10));
    GetModuleFileNameA(NULL, self, sizeof self);
    struct shared *shared = shared_memory();
    for (int i = 0; i < MUTEXES; i++)
        mutexes[i] = named_mutex(i);
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = start(i + 1);
    for (int round = 0; round < ROUNDS; round++) {
        unsigned victim = (next_random(&seed) >> 16) % WORKERS;
        Sleep(5);
        CHECK(TerminateProcess(workers[victim], 1000));
        CHECK_EQ(WaitForSingleObject(workers[victim], 20000), WAIT_OBJECT_0);
        GetExitCodeProcess(workers[victim], &code);
        CHECK_EQ(code, 1000);
        CloseHandle(workers[victim]);
        workers[victim] = start(1000 + round);
    }
    LONG before = shared->turns;
    for (int i = 0; i < 200 && shared->turns == before; i++)
        Sleep(20);
    CHECK(shared->turns != before); /* they still get on */
    for (unsigned i = 0; i < WORKERS; i++) {
        CHECK(TerminateProcess(workers[i], 0));
        CHECK_EQ(WaitForSingleObject(workers[i], 20000), WAIT_OBJECT_0);
        CloseHandle(workers[i]);
    }
    for (int i = 0; i < MUTEXES; i++) {
        DWORD result = WaitForSingleObject(mutexes[i], 20000);
        CHECK(result == WAIT_OBJECT_0 || result == WAIT_ABANDONED);
        CHECK(ReleaseMutex(mutexes[i]));
    }
    CHECK_EQ(shared->torn, 0);
    printf("%ld turns, %ld abandoned\n", shared->turns, shared->abandoned);
    return check_done();
}
