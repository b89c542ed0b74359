/*
 * arena_files.h: what the processes of a prefix must know of each other's open files: how each is open, which byte
 * ranges are locked, and which files go when nobody has them open any more.
 *
 * A part of the arena with a robust lock of its own.  A record is in use when its `state`, written last, is not 0; it
 * names the process, so that a dead one's can be found and cleared.  A process has one record a file, whatever number
 * of times it has opened it: the record says all of what is open, and denied, together.
 */
#ifndef NTDLL_ARENA_FILES_H
#define NTDLL_ARENA_FILES_H

#include <pthread.h>
#include <stdatomic.h>
#include "win.h"

#define ARENA_OPENS 16384
#define ARENA_RANGES 8192
#define ARENA_DOOMED 1024
#define ARENA_DOOMED_PATH 488

/* How a file is open: what is done with it, and what others may not do meanwhile. */
enum open_mode {
    OPEN_READS = 1,
    OPEN_WRITES = 2,
    OPEN_DELETES = 4,
    OPEN_DENY = 3, /* shift of the same bits: denied */
    OPEN_DENIES_DELETE = OPEN_DELETES << OPEN_DENY,
    OPEN_MODES = 63,
    OPEN_DOOMED = 64, /* nobody may open it any more: it is about to be deleted */
    OPEN_PROCESS = 8, /* shift of the process's number + 1 */
};

struct arena_open {
    uint64_t inode;
    uint32_t device;
    _Atomic uint32_t state;
};

struct arena_range {
    uint64_t inode;
    uint32_t device;
    _Atomic uint32_t state; /* the process's number + 1, and RANGE_EXCLUSIVE */
    uint64_t first, last;   /* inclusive; a range of no bytes ends before it begins */
    uint64_t owner;         /* which file object of the process */
    uint32_t key;
};
#define RANGE_EXCLUSIVE 0x80000000u

struct arena_doomed {
    uint64_t inode;
    uint32_t device;
    _Atomic uint32_t state; /* the process's number + 1; DOOMED_ORPHAN: whoever closes it last deletes it */
    char host[ARENA_DOOMED_PATH];
};
#define DOOMED_ORPHAN 0x80000000u

struct arena_files {
    pthread_mutex_t lock;
    _Atomic uint32_t open_high, range_high, doomed_high; /* records in use lie below */
    _Atomic uint32_t open_count;                         /* of all processes; may be too high, never too low */
    _Atomic uint32_t range_count;
    _Atomic uint32_t released; /* futex: ranges were given back */
    struct arena_open opens[ARENA_OPENS];
    struct arena_range ranges[ARENA_RANGES];
    struct arena_doomed doomed[ARENA_DOOMED];
};

/* Which file: Linux' name for it. */
struct file_key {
    uint64_t inode;
    uint32_t device;
};

/* This prefix's; where there is no arena, the process's own. */
struct arena_files *arena_files(void);
void arena_files_init(struct arena_files *files);
void arena_files_lock(struct arena_files *files);
void arena_files_unlock(struct arena_files *files);

/* All under the lock.  What the others' records of the file say together; *process: one that stands against `mode`. */
uint32_t opens_of_others(struct arena_files *files, struct file_key key, uint32_t mode, uint32_t *process);
/* A record for this process; 0: there is no room, and the others will not know. */
uint32_t open_record(struct arena_files *files, struct file_key key, uint32_t mode);
/* Marks the others' records; their number. */
uint32_t opens_mark_doomed(struct arena_files *files, struct file_key key, bool doomed);

/* Under no lock: the record says something else from now on, `mode` 0: nothing.  What it said before. */
uint32_t open_record_change(struct arena_files *files, uint32_t record, uint32_t mode, bool keep);

/* The path by which a file is to be deleted even if this process is killed; 0: no room. */
uint32_t doomed_record(struct arena_files *files, struct file_key key, const char *host);
void doomed_drop(struct arena_files *files, uint32_t record);
void doomed_orphan(struct arena_files *files, uint32_t record);
/* Nobody has it open any more: the orphans' paths are deleted. */
void doomed_delete_orphans(struct arena_files *files, struct file_key key);

/* A process has died: its records go, and with them what it alone kept from being deleted. */
void arena_files_bury(struct arena_files *files, uint32_t process);

/* Removes the name, if it is still this file's. */
void file_unlink(struct file_key key, const char *host);

bool open_modes_conflict(uint32_t a, uint32_t b);

#endif
