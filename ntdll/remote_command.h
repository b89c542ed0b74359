/*
 * remote_command.h: a command to another process, as it lies in that one's arena record (remote.h).
 */
#ifndef NTDLL_REMOTE_COMMAND_H
#define NTDLL_REMOTE_COMMAND_H

#include "handover.h"

enum remote_what {
    REMOTE_ALLOCATE,
    REMOTE_FREE,
    REMOTE_PROTECT,
    REMOTE_QUERY,
    REMOTE_MAP,
    REMOTE_UNMAP,
    REMOTE_READ, /* memory, where the host does not let the asker */
    REMOTE_WRITE,
    REMOTE_DUPLICATE, /* an object of the asker becomes a handle of the process */
    REMOTE_FETCH,     /* a handle of the process is described */
    REMOTE_NEXT,      /* the next handle after `base` that children inherit, 0: none */
    REMOTE_CLOSE,
    REMOTE_THREAD_CREATE,
    REMOTE_THREAD_OPEN, /* this and all that follow: `tid` */
    REMOTE_THREAD_SUSPEND,
    REMOTE_THREAD_RESUME,
    REMOTE_THREAD_TERMINATE,
    REMOTE_THREAD_GET_CONTEXT,
    REMOTE_THREAD_SET_CONTEXT,
    REMOTE_THREAD_QUERY,
    REMOTE_THREAD_SET,
    REMOTE_THREAD_APC,
    REMOTE_DEBUG_ATTACH,
    REMOTE_DEBUG_DETACH,
};

struct remote_command {
    uint32_t what; /* enum remote_what */
    uint32_t type, protect;
    int32_t status;
    int32_t fd;    /* of a section in the process that asks */
    int32_t asker; /* its host id */
    uint32_t asker_record;
    int32_t tid;
    uint64_t base, size, offset;
    uint32_t section_protect, section_attributes;
    uint64_t section_size;
    struct handover_object object; /* to be duplicated; `type` is the access, `protect` the attributes */
};

enum remote_helper { HELPER_NONE, HELPER_BY_SIGNAL, HELPER_WAITS };
enum remote_serve { SERVE_IDLE, SERVE_COMMANDED };

/* In a process's record. */
struct remote_slot {
    _Atomic uint32_t asker;  /* who may write the command: its record + 1; 0: nobody */
    _Atomic uint32_t helper; /* enum remote_helper: how the process is made to look */
    _Atomic uint32_t serve;  /* futex, enum remote_serve */
    struct remote_command command;
};

/* What a command brings or takes beside its numbers. */
#define REMOTE_EXCHANGE 4096
struct remote_exchange {
    char bytes[REMOTE_EXCHANGE];
};

#endif
