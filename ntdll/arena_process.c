/*
 * arena_process.c: the records of processes in the arena, and what becomes of what a dead one held.
 *
 * Layer: NT layer.  A process is alive if its id is and it did not begin after the record was made; a zombie is dead.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "arena.h"
#include "arena_private.h"
#include "futex.h"
#include "large.h"
#include "mutant.h"
#include "ntthread.h"
#include "peb.h"
#include "thread_object.h"

#define START_SLACK 50000000 /* ns: /proc tells start times in ticks of 10 ms */

static int64_t boot_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

void arena_process_fill(struct arena_process *process)
{
    process->seen = boot_time(); /* before the id: whoever sees that compares it with this */
    atomic_store(&process->pid, process_id());
    process->peb = (uint64_t)&process_peb;
    if (!process->image[0] && process_peb.ProcessParameters) {
        const UNICODE_STRING *image = &process_peb.ProcessParameters->ImagePathName;
        size_t most = sizeof process->image / sizeof(WCHAR) - 1, length = image->Length / sizeof(WCHAR);
        memcpy(process->image, image->Buffer, (length < most ? length : most) * sizeof(WCHAR));
        process->parent = (uint32_t)getppid();
    }
    atomic_store(&process->state, PROCESS_RUNNING);
}

/* State letter and start time (ns after boot) of a thread or process; false: there is none. */
static bool host_stat(int pid, char *state, int64_t *start)
{
    char path[32], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT && errno != ESRCH; /* no /proc to ask: believe the id */
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = 0;
    char *at = strrchr(text, ')');
    if (!at)
        return false;
    *state = at[2];
    for (int field = 2; field < 22 && at; field++)
        at = strchr(at + 1, ' ');
    *start = at ? strtoll(at, NULL, 10) * (1000000000ll / sysconf(_SC_CLK_TCK)) : 0;
    return true;
}

bool arena_process_alive(const struct arena_process *process)
{
    char state = 'R';
    int64_t start = 0;
    int pid = atomic_load(&process->pid);
    if (!pid) /* its creator is about to start it */
        return !kill((pid_t)process->creator, 0) || errno != ESRCH;
    if (kill(pid, 0) && errno == ESRCH)
        return false;
    return host_stat(pid, &state, &start) && state != 'Z' && state != 'X' && start <= process->seen + START_SLACK;
}

static bool process_running(const struct arena_process *process)
{
    uint32_t state = atomic_load(&process->state);
    return state == PROCESS_STARTING || state == PROCESS_RUNNING;
}

/* How often this process holds each record, which is one bit in it; under the arena's lock. */
static uint32_t times_held[ARENA_PROCESSES] LARGE;

uint32_t arena_process_create(void)
{
    struct arena *arena = arena_attached();
    uint32_t number = 0;
    arena_lock();
    while (number < ARENA_PROCESSES && atomic_load(&arena->processes[number].state) != PROCESS_FREE)
        number++;
    if (number == ARENA_PROCESSES) {
        arena_unlock();
        return number;
    }
    if (atomic_load(&arena->header.process_high) <= number)
        atomic_store(&arena->header.process_high, number + 1);
    struct arena_process *process = &arena->processes[number];
    const size_t after = offsetof(struct arena_process, pid);
    memset((char *)process + after, 0, sizeof *process - after);
    process->creator = process_id();
    process->seen = boot_time();
    process->priority_class = 2; /* normal */
    if (arena_self() != ARENA_PROCESSES)
        arena_hold(&process->holders, arena_self());
    times_held[number] = 1;
    atomic_store(&process->state, PROCESS_STARTING);
    arena_unlock();
    return number;
}

uint32_t arena_process_find(int pid)
{
    struct arena *arena = arena_attached();
    uint32_t found = ARENA_PROCESSES;
    arena_lock();
    for (uint32_t i = 0; i < atomic_load(&arena->header.process_high) && found == ARENA_PROCESSES; i++)
        if (atomic_load(&arena->processes[i].state) != PROCESS_FREE && atomic_load(&arena->processes[i].pid) == pid)
            found = i;
    if (found != ARENA_PROCESSES) {
        arena_hold(&arena->processes[found].holders, arena_self());
        times_held[found]++;
    }
    arena_unlock();
    return found;
}

void arena_drop_process(uint32_t number)
{
    struct arena_process *record = arena_process(number);
    arena_lock();
    if (!--times_held[number] && arena_drop(&record->holders, arena_self()) && !process_running(record))
        atomic_store(&record->state, PROCESS_FREE);
    arena_unlock();
}

/* A wait for all that stopped in the middle: the words are as before, or taken. */
static void commit_undo(struct arena_process *process)
{
    struct arena_commit *commit = &process->commit;
    uint32_t count = atomic_load(&commit->count);
    for (uint32_t i = 0; i < count && i < MAXIMUM_WAIT_OBJECTS; i++) {
        uint32_t locked = commit->words[i] | WAITABLE_LOCKED;
        if (commit->entries[i] < ARENA_ENTRIES)
            atomic_compare_exchange_strong(&arena_entry(commit->entries[i])->waitable.word, &locked, commit->words[i]);
    }
    atomic_store(&commit->count, 0);
}

/* The owner may have died between taking the word and noting itself: then its thread is gone. */
static bool owner_is_gone(const struct arena_entry *entry, uint32_t process)
{
    uint32_t owner = atomic_load(&entry->owner), word = atomic_load(&entry->waitable.word);
    char state = 0;
    int64_t start;
    if (!(word & MUTANT_OWNER))
        return false;
    if (owner)
        return owner == process + 1;
    return !host_stat((int)(word & MUTANT_OWNER), &state, &start) || state == 'Z' || state == 'X';
}

static void mutant_abandon(struct arena_entry *entry)
{
    atomic_store(&entry->owner, 0);
    entry->waitable.extra = 0;
    atomic_store(&entry->waitable.word, MUTANT_ABANDONED);
    futex_wake_shared(&entry->waitable.word, INT_MAX, true);
}

/* Under the lock. */
static void bury(uint32_t number)
{
    struct arena *arena = arena_attached();
    struct arena_process *process = arena_process(number);
    if (process_running(process)) {
        atomic_store(&process->state, PROCESS_DEAD);
        commit_undo(process);
        arena_files_bury(&arena->files, number);
        job_process_ended(process);
        uint32_t high = atomic_load(&arena->header.high);
        for (uint32_t i = 1; i < high; i++) {
            struct arena_entry *entry = &arena->entries[i];
            if (atomic_load(&entry->kind) == ARENA_FREE)
                continue;
            if (atomic_load(&entry->kind) == ARENA_MUTANT && owner_is_gone(entry, number))
                mutant_abandon(entry);
            if (atomic_load(&entry->kind) == ARENA_THREAD)
                thread_shared_process_ended(entry, number);
            if (arena_holds(&entry->holders, number) && arena_drop(&entry->holders, number))
                arena_free_entry(i);
        }
        bool held = false;
        for (uint32_t i = 0; i < atomic_load(&arena->header.process_high); i++)
            if (arena_holds(&arena->processes[i].holders, number) && arena_drop(&arena->processes[i].holders, number) &&
                !process_running(&arena->processes[i]))
                atomic_store(&arena->processes[i].state, PROCESS_FREE);
        for (unsigned i = 0; i < ARENA_PROCESSES / 64; i++)
            held |= atomic_load(&process->holders.bits[i]) != 0;
        if (!held)
            atomic_store(&process->state, PROCESS_FREE);
        atomic_fetch_add(&arena->header.pipes_changed, 1);
        futex_wake_shared(&arena->header.pipes_changed, INT_MAX, true);
    }
}

void arena_bury(uint32_t number)
{
    arena_lock();
    bury(number);
    arena_unlock();
}

static bool has_died(uint32_t number)
{
    const struct arena_process *process = arena_process(number);
    return number != arena_self() && process_running(process) && !arena_process_alive(process);
}

/* Looked at again under the lock: the record may have become another process's. */
static void bury_if_dead(uint32_t number)
{
    if (!has_died(number))
        return;
    arena_lock();
    if (has_died(number))
        bury(number);
    arena_unlock();
}

void arena_check_owner(uint32_t index)
{
    struct arena_entry *entry = arena_entry(index);
    uint32_t owner = atomic_load(&entry->owner);
    if (owner) {
        bury_if_dead(owner - 1);
        return;
    }
    arena_lock();
    if (atomic_load(&entry->kind) == ARENA_MUTANT && !atomic_load(&entry->owner) &&
        owner_is_gone(entry, ARENA_PROCESSES))
        mutant_abandon(entry);
    arena_unlock();
}

void arena_sweep(void)
{
    struct arena *arena = arena_attached();
    for (uint32_t i = 0; i < atomic_load(&arena->header.process_high); i++)
        bury_if_dead(i);
}

bool arena_others_live(void)
{
    struct arena *arena = arena_attached();
    for (uint32_t i = 0; i < atomic_load(&arena->header.process_high); i++)
        if (i != arena_self() && process_running(&arena->processes[i]) && !atomic_load(&arena->processes[i].dying) &&
            !(arena->processes[i].session_flags & ARENA_FOREIGN) && arena_process_alive(&arena->processes[i]))
            return true;
    return false;
}
