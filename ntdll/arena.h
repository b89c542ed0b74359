/*
 * arena.h: what the processes of one prefix share: a file of shared memory with entries (objects) and process records.
 *
 * Attached by the first need; removed by the last process that ends.  There is no server: whoever finds that a process
 * has died gives back what it held.  Everything is therefore laid out so that a process can be killed at any
 * instruction: an entry is held through one bit a process, entries are found by looking at all of them, nothing is
 * linked, and the one lock is robust.
 */
#ifndef NTDLL_ARENA_H
#define NTDLL_ARENA_H

#include <pthread.h>
#include "arena_files.h"
#include "object.h"
#include "debug_slot.h"
#include "remote_command.h"

#define ARENA_PROCESSES 1024
#define ARENA_ENTRIES 32768
#define ARENA_NAME_MAX 296 /* characters of a full name */
#define ARENA_DATA_SIZE 240
#define ARENA_JOBS 4 /* how deep jobs nest */

enum arena_kind {
    ARENA_FREE,
    ARENA_BUSY, /* being filled under the lock */
    ARENA_EVENT,
    ARENA_MUTANT,
    ARENA_SEMAPHORE,
    ARENA_TIMER,
    ARENA_SECTION,
    ARENA_JOB,
    ARENA_PIPE,
    ARENA_MAILSLOT,
    ARENA_THREAD,
    ARENA_DEBUG,
    ARENA_DIRECTORY,
};

struct arena_holders {
    _Atomic uint64_t bits[ARENA_PROCESSES / 64];
};

struct arena_entry {
    _Atomic uint32_t kind;
    uint32_t name_length;    /* characters; 0: no name */
    _Atomic uint32_t owner;  /* of a mutant: its process's number + 1; 0: nobody, or not noted yet */
    _Atomic uint32_t serial; /* counts uses of the entry, so that names made of it do not repeat */
    struct waitable waitable;
    union {
        char data[ARENA_DATA_SIZE]; /* by kind */
        uint64_t align;
    };
    struct arena_holders holders;
    WCHAR name[ARENA_NAME_MAX];
};
_Static_assert(sizeof(struct arena_entry) <= 1024, "an entry is at most a quarter of a page");

enum arena_state { PROCESS_FREE, PROCESS_STARTING, PROCESS_RUNNING, PROCESS_DEAD };

/* A wait for all that is taking several shared words: how to undo it if the process dies in between. */
struct arena_commit {
    _Atomic uint32_t count;
    uint32_t entries[MAXIMUM_WAIT_OBJECTS], words[MAXIMUM_WAIT_OBJECTS];
};

struct arena_process {
    _Atomic uint32_t state;
    _Atomic int32_t pid;
    int64_t seen;     /* CLOCK_BOOTTIME in ns when it certainly had begun: a later start is another process */
    uint32_t parent;  /* its id */
    uint32_t creator; /* the id of whoever made the record */
    _Atomic uint32_t exit_known;
    uint32_t exit_code;
    _Atomic uint32_t dying; /* a signal is about to end it */
    uint32_t group;         /* console process group */
    uint32_t priority_class;
    uint32_t session_flags; /* ARENA_NO_CONSOLE ... */
    _Atomic uint32_t jobs[ARENA_JOBS];
    uint64_t peb;
    struct arena_holders holders; /* who has a handle to it */
    struct arena_commit commit;
    struct remote_slot remote;
    struct debug_slot debug;
    WCHAR image[260]; /* Win32 path, cut */
};

#define ARENA_NO_CONSOLE 1u
#define ARENA_CHILDLESS 4u /* may not start processes */
#define ARENA_FOREIGN 2u   /* a Linux program: does not use the arena itself */

struct arena_header {
    uint32_t magic;
    _Atomic uint32_t high;          /* entries in use lie below */
    _Atomic uint32_t process_high;  /* process records in use lie below */
    _Atomic uint32_t pipes_changed; /* futex: a pipe listens that did not */
    pthread_mutex_t lock;
};

struct arena {
    struct arena_header header;
    struct arena_process processes[ARENA_PROCESSES];
    struct arena_files files;
    _Atomic uint32_t hashes[ARENA_ENTRIES]; /* of the entries' names */
    struct arena_entry entries[ARENA_ENTRIES] __attribute__((aligned(4096)));
    struct remote_exchange exchanges[ARENA_PROCESSES];
};

/* The arena, attached now if it was not; NULL: there is no place for one (the reason has been said once). */
struct arena *arena_attach(void);
/* The same without attaching. */
struct arena *arena_attached(void);
/* At start of a child: the parent's arena and the record that it prepared. */
void arena_adopt(int fd, uint32_t process);
/* The fd to hand over. */
int arena_fd(void);
/* The end of this process: what it held is given back and its exit code noted. */
void arena_detach(ULONG exit_code);
void arena_note_exit(ULONG exit_code);
/* The end by a signal: only the file is removed, if nobody else needs it.  Async-signal-safe. */
void arena_signal_end(void);

/* The number of this process's record. */
uint32_t arena_self(void);
struct arena_process *arena_process(uint32_t number);
struct arena_entry *arena_entry(uint32_t index);
/* What goes with a command to a process (remote.h). */
struct remote_exchange *arena_exchange(uint32_t number);
uint32_t arena_index(const struct waitable *waitable);

void arena_lock(void);
void arena_unlock(void);

/* All under the lock.  A new entry, busy and held by this process; 0: full. */
uint32_t arena_allocate(void);
uint32_t arena_find(const UNICODE_STRING *name, bool fold);
/* The next one after `index`, for names that several entries have. */
uint32_t arena_find_after(const UNICODE_STRING *name, bool fold, uint32_t index);
void arena_set_name(uint32_t index, const UNICODE_STRING *name);
/* A directory goes: what it held has no name any more. */
void arena_unname_directory(uint32_t index);
uint32_t arena_name_hash(const UNICODE_STRING *name);

void arena_hold(struct arena_holders *holders, uint32_t process);
bool arena_holds(const struct arena_holders *holders, uint32_t process);
/* Gives back; takes the lock itself and frees what nobody holds. */
void arena_drop_entry(uint32_t index, uint32_t process);
/* What arena_process_create and arena_process_find gave to this process, once for each time. */
void arena_drop_process(uint32_t number);

/* A record for a child that is about to be started, held by this process; ARENA_PROCESSES: none is free. */
uint32_t arena_process_create(void);
/* The record of a process id, held by this process from now on; ARENA_PROCESSES: not one of this prefix. */
uint32_t arena_process_find(int pid);
bool arena_process_alive(const struct arena_process *process);
/* A process has died: what it held is given back, what it owned is abandoned. */
void arena_bury(uint32_t number);
/* Whether the owner of a mutant still lives; if not, it is abandoned now. */
void arena_check_owner(uint32_t index);
/* Looks at all processes. */
void arena_sweep(void);

/* The host name of the file behind a section's entry. */
void arena_section_path(uint32_t index, char *path, size_t size);
/* A short text that is this prefix's own, for names of sockets. */
const char *arena_tag(void);

/* job.c, under the lock: nobody has a handle to the job any more; a process has ended. */
void job_handles_closed(uint32_t index);
void job_process_ended(struct arena_process *process);

#endif
