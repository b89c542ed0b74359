/*
 * snapshot.h: what CreateToolhelp32Snapshot keeps behind a handle: the processes of the prefix and their threads, and
 * the modules of one.
 */
#ifndef NTDLL_SNAPSHOT_H
#define NTDLL_SNAPSHOT_H

#include "object.h"

struct snapshot_module {
    void *base, *entry;
    ULONG size;
    WCHAR name[256];
    WCHAR path[260];
};

struct snapshot_thread {
    ULONG id, owner;
};

struct snapshot_process {
    ULONG id, parent, threads;
    WCHAR name[260];
};

/* The modules of another process in the order of its list; from malloc.  Their number, 0: they can not be read. */
ULONG module_list_of(HANDLE process, struct snapshot_module **modules);
void module_list_free(struct snapshot_module *modules);

/* All processes of the prefix, this one first; from malloc.  Their number, 0: no memory. */
ULONG process_list(struct snapshot_process **list);

enum snapshot_part { SNAPSHOT_PROCESSES, SNAPSHOT_THREADS, SNAPSHOT_MODULES, SNAPSHOT_PARTS };

struct snapshot {
    struct object object;
    ULONG count[SNAPSHOT_PARTS];
    ULONG position[SNAPSHOT_PARTS]; /* of the next entry */
    ULONG thread_total;             /* of the process, also when threads were not asked for */
    struct snapshot_process *processes;
    struct snapshot_thread *threads;
    ULONG module_owner; /* process id */
    struct snapshot_module *modules;
};

/* parts: bit 1 << enum snapshot_part; the modules are those of `process`, 0: this one. */
NTSTATUS snapshot_create(ULONG parts, ULONG process, BOOL inherit, HANDLE *handle);

/* The snapshot, referenced, and the index of its next entry of a part; STATUS_NO_MORE_FILES after the last. */
NTSTATUS snapshot_next(HANDLE handle, enum snapshot_part part, bool first, struct snapshot **snapshot, ULONG *index);

#endif
