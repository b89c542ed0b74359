/*
 * process_storm.c: do processes that share everything get on when some of them are killed all the time?
 *
 * Eight workers use named mutexes, events, semaphores, sections and pipes at random, and look at each other; one of
 * them is killed every 20 ms and replaced.  The others may see an abandoned mutex, a broken pipe, a process that has
 * ended, and nothing else: whatever else happens is a worker's exit code.
 *
 *   process_storm             two seconds, kills by itself
 *   process_storm SECONDS     only replaces: tests/host/storm.sh kills; says "quiet" at the end and waits for input
 */
#include "check.h"

#define WORKERS 8
#define KILLED 1000
#define KILLED_BY_HOST 137
#define PATIENCE 20000

static char self[MAX_PATH];
static unsigned long storm;

struct shared {
    volatile LONG turns[WORKERS], pids[WORKERS];
    volatile LONG counter[3], copy[3]; /* equal while nobody has the mutex, unless its owner died */
    LONG abandoned, broken, echoes, ended;
};
static struct shared *shared;

enum { WRONG_WAIT = 2, WRONG_DATA, WRONG_ERROR, NO_OBJECT, TORN };

static const char *name_of(const char *what, unsigned number)
{
    static __thread char name[80];
    snprintf(name, sizeof name, "storm %lu %s %u", storm, what, number);
    return name;
}

static const char *pipe_name(void)
{
    static __thread char name[80];
    snprintf(name, sizeof name, "\\\\.\\pipe\\storm %lu", storm);
    return name;
}

static void *need(void *object)
{
    if (!object || object == INVALID_HANDLE_VALUE)
        ExitProcess(NO_OBJECT);
    return object;
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static void use_mutex(unsigned i)
{
    HANDLE mutex = need(CreateMutexA(NULL, FALSE, name_of("mutex", i)));
    DWORD result = WaitForSingleObject(mutex, PATIENCE);
    if (result == WAIT_ABANDONED) {
        InterlockedIncrement(&shared->abandoned);
        shared->copy[i] = shared->counter[i];
    } else if (result != WAIT_OBJECT_0) {
        ExitProcess(WRONG_WAIT);
    }
    if (shared->copy[i] != shared->counter[i])
        ExitProcess(TORN);
    shared->counter[i]++;
    SwitchToThread();
    shared->copy[i]++;
    if (!ReleaseMutex(mutex))
        ExitProcess(WRONG_ERROR);
    CloseHandle(mutex);
}

/* Two mutexes, both or none. */
static void use_both(void)
{
    HANDLE both[2];
    for (unsigned i = 0; i < 2; i++)
        both[i] = need(CreateMutexA(NULL, FALSE, name_of("mutex", i)));
    DWORD result = WaitForMultipleObjects(2, both, TRUE, PATIENCE);
    if (result == WAIT_TIMEOUT || result == WAIT_FAILED)
        ExitProcess(WRONG_WAIT);
    for (unsigned i = 0; i < 2; i++) {
        if (result >= WAIT_ABANDONED_0)
            shared->copy[i] = shared->counter[i];
        if (shared->copy[i] != shared->counter[i])
            ExitProcess(TORN);
        ReleaseMutex(both[i]);
        CloseHandle(both[i]);
    }
}

static void use_events(unsigned i)
{
    HANDLE event = need(CreateEventA(NULL, i & 1, FALSE, name_of("event", i))),
           semaphore = need(CreateSemaphoreA(NULL, 1, 3, name_of("semaphore", i)));
    HANDLE both[2] = {event, semaphore};
    SetEvent(event);
    DWORD result = WaitForMultipleObjects(2, both, FALSE, 2);
    if (result == WAIT_FAILED)
        ExitProcess(WRONG_WAIT);
    ReleaseSemaphore(semaphore, 1, NULL);
    CloseHandle(event);
    CloseHandle(semaphore);
}

static void use_section(unsigned i)
{
    HANDLE section =
        need(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x10000, name_of("section", i)));
    volatile LONG *memory = need(MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0));
    LONG before = memory[i];
    memory[0x3000 + i] = before + 1;
    memory[i]++;
    UnmapViewOfFile((void *)memory);
    CloseHandle(section);
}

static void look_at(DWORD pid)
{
    HANDLE process = pid ? OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid) : NULL;
    DWORD code;
    if (!process)
        return;
    if (WaitForSingleObject(process, 0) == WAIT_OBJECT_0) {
        if (!GetExitCodeProcess(process, &code) || code == STILL_ACTIVE)
            ExitProcess(WRONG_ERROR);
        InterlockedIncrement(&shared->ended);
    }
    CloseHandle(process);
}

/* Says a number and hears it again; what may go wrong is that the server dies. */
static void ask(unsigned number)
{
    DWORD back = 0, done = 0;
    if (CallNamedPipeA(pipe_name(), &number, sizeof number, &back, sizeof back, &done, 50)) {
        if (done != sizeof back || back != number + 1)
            ExitProcess(WRONG_DATA);
        InterlockedIncrement(&shared->echoes);
        return;
    }
    switch (GetLastError()) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_SEM_TIMEOUT:
    case ERROR_PIPE_BUSY:
        return;
    case ERROR_BROKEN_PIPE:
    case ERROR_PIPE_NOT_CONNECTED:
    case ERROR_NO_DATA:
        InterlockedIncrement(&shared->broken);
        return;
    default:
        ExitProcess(GetLastError());
    }
}

static DWORD WINAPI serve(void *unused)
{
    (void)unused;
    for (;;) {
        DWORD number, done;
        HANDLE pipe = CreateNamedPipeA(pipe_name(), PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                                       PIPE_UNLIMITED_INSTANCES, 64, 64, 0, NULL);
        if (pipe == INVALID_HANDLE_VALUE)
            ExitProcess(NO_OBJECT);
        if ((ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED) &&
            ReadFile(pipe, &number, sizeof number, &done, NULL) && done == sizeof number) {
            number++;
            if (WriteFile(pipe, &number, sizeof number, &done, NULL))
                FlushFileBuffers(pipe);
        }
        DisconnectNamedPipe(pipe);
        CloseHandle(pipe);
    }
}

static void worker(unsigned slot, unsigned seed)
{
    CloseHandle(CreateThread(NULL, 0, serve, NULL, 0, NULL));
    for (;;) {
        unsigned choice = next_random(&seed), number = next_random(&seed);
        switch (choice % 8) {
        case 0:
        case 1:
            use_mutex(number % 3);
            break;
        case 2:
            use_both();
            break;
        case 3:
            use_events(number % 5);
            break;
        case 4:
            use_section(number % 7);
            break;
        case 5:
            look_at((DWORD)shared->pids[number % WORKERS]);
            break;
        default:
            ask(number);
        }
        InterlockedIncrement(&shared->turns[slot]);
    }
}

static HANDLE start(unsigned slot)
{
    static unsigned seed;
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process = {0};
    char line[600];
    snprintf(line, sizeof line, "\"%s\" worker %lu %u %u", self, storm, slot, ++seed);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CloseHandle(process.hThread);
    shared->pids[slot] = (LONG)process.dwProcessId;
    return process.hProcess;
}

/* One has ended: as it was killed, or something is wrong. */
static void replace(HANDLE *workers, unsigned slot)
{
    DWORD code = 0;
    CHECK(GetExitCodeProcess(workers[slot], &code));
    if (code != KILLED)
        CHECK_EQ(code, KILLED_BY_HOST);
    CloseHandle(workers[slot]);
    workers[slot] = start(slot);
}

/* They all get on, and nobody is held up by the dead. */
static void all_turn(HANDLE *workers)
{
    for (unsigned slot = 0; slot < WORKERS; slot++) {
        LONG before = shared->turns[slot];
        for (int i = 0; i < 500 && shared->turns[slot] < before + 5; i++)
            if (WaitForSingleObject(workers[slot], 20) == WAIT_OBJECT_0)
                replace(workers, slot);
        CHECK(shared->turns[slot] >= before + 5);
    }
}

static void run(HANDLE *workers, DWORD seconds, BOOL kill)
{
    DWORD end = GetTickCount() + seconds * 1000;
    unsigned seed = 7;
    while ((int)(end - GetTickCount()) > 0) {
        DWORD result = WaitForMultipleObjects(WORKERS, workers, FALSE, 20);
        if (result < WORKERS)
            replace(workers, result);
        else if (kill)
            CHECK(TerminateProcess(workers[next_random(&seed) % WORKERS], KILLED));
    }
}

int main(int argc, char **argv)
{
    HANDLE workers[WORKERS], mutexes[3], section;
    BOOL is_worker = argc > 1 && !strcmp(argv[1], "worker");
    storm = is_worker ? strtoul(argv[2], NULL, 10) : GetCurrentProcessId();
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name_of("shared", 0));
    shared = need(MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0));
    if (is_worker)
        worker(strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    GetModuleFileNameA(NULL, self, sizeof self);
    for (unsigned i = 0; i < 3; i++) /* kept, so that no owner's death goes unseen */
        mutexes[i] = need(CreateMutexA(NULL, FALSE, name_of("mutex", i)));
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = start(i);
    run(workers, argc > 1 ? strtoul(argv[1], NULL, 10) : 2, argc == 1);
    all_turn(workers);
    for (unsigned i = 0; i < WORKERS; i++) {
        if (!TerminateProcess(workers[i], KILLED))
            CHECK(argc > 1 && GetLastError() == ERROR_ACCESS_DENIED); /* somebody else was quicker */
        CHECK_EQ(WaitForSingleObject(workers[i], PATIENCE), WAIT_OBJECT_0);
        CloseHandle(workers[i]);
    }
    CHECK(shared->echoes > 0);
    printf("%ld abandoned, %ld broken, %ld echoes, %ld seen ended\n", shared->abandoned, shared->broken, shared->echoes,
           shared->ended);
    for (unsigned i = 0; i < 3; i++)
        CloseHandle(mutexes[i]);
    /* Every name went with its last owner. */
    for (unsigned i = 0; i < 7; i++) {
        CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name_of("mutex", i)), ERROR_FILE_NOT_FOUND);
        CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name_of("event", i)), ERROR_FILE_NOT_FOUND);
        CHECK_ERROR(OpenSemaphoreA(SYNCHRONIZE, FALSE, name_of("semaphore", i)), ERROR_FILE_NOT_FOUND);
        CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name_of("section", i)), ERROR_FILE_NOT_FOUND);
    }
    if (argc > 1) {
        puts("quiet");
        fflush(stdout);
        getchar();
    }
    return check_done();
}
