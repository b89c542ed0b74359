/*
 * registry_watch.c: telling those who wait for changes, in this process and others (NtNotifyChangeKey).
 *
 * Layer: NT layer.  Who waits maps a small file beside the registry's: a ring of what was changed lately, and a counter
 * that is the futex.  A mark in the registry says that somebody has waited in this session; without it a change costs
 * nothing here.  Writers fill the ring while they hold the registry's lock for writing, and wake after the commit; one
 * that is killed in between leaves entries that tell of nothing, which does no harm.  A thread of each waiting process
 * looks at what has come.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "futex.h"
#include "key.h"
#include "path.h"
#include "service.h"
#include "thread.h"

#define RING_SIZE 1024

struct ring {
    _Atomic uint32_t generation; /* futex */
    _Atomic uint32_t head;       /* entries written since ever */
    struct note notes[RING_SIZE];
};

struct request {
    struct request *next;
    struct object *event; /* owned */
    PIO_STATUS_BLOCK io;
    const struct thread *thread; /* whose end ends it; NULL: nobody's */
};

struct key_watch {
    struct key_watch *next;
    struct key *key; /* its owner */
    uint32_t id, position;
    ULONG filter;
    bool tree, fired; /* fired: something has changed since the last request ended */
    struct request *requests;
};

static struct registry_notes pending; /* of the operation, under the registry's lock */
static struct ring *ring;
static struct lock watch_lock;
static struct key_watch *watches;
static bool serving;

static struct ring *ring_map(void)
{
    char path[PATH_HOST_MAX];
    if (ring)
        return ring;
    stpcpy(stpcpy(path, path_prefix()), "/registry.mdb-notify");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    void *map = posix_fallocate(fd, 0, sizeof *ring)
                    ? MAP_FAILED
                    : mmap(NULL, sizeof *ring, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    ring = map == MAP_FAILED ? NULL : map;
    return ring;
}

static void note_put(struct registry_notes *to, struct note note)
{
    if (to->count < NOTES_MAX)
        to->notes[to->count++] = note;
    else
        to->notes[NOTES_MAX - 1] = (struct note){0, 0, 0}; /* too much to tell apart */
}

void registry_note(struct node node, uint32_t parent, ULONG filter)
{
    note_put(&pending, (struct note){node.id, parent, filter});
}

void registry_notes_add(const struct registry_notes *from)
{
    for (unsigned i = 0; i < from->count; i++)
        note_put(&pending, from->notes[i]);
}

void registry_notes_move(struct registry_notes *to)
{
    for (unsigned i = 0; to && i < pending.count; i++)
        note_put(to, pending.notes[i]);
    pending.count = 0;
}

void registry_notes_commit(void)
{
    struct registry_meta meta;
    if (!pending.count)
        return;
    if (!db_meta(&meta) || !meta.watched || !ring_map()) {
        pending.count = 0;
        return;
    }
    uint32_t head = atomic_load(&ring->head);
    for (unsigned i = 0; i < pending.count; i++)
        ring->notes[head++ % RING_SIZE] = pending.notes[i];
    atomic_store(&ring->head, head);
}

void registry_notes_tell(bool committed)
{
    if (pending.count && committed) {
        atomic_fetch_add(&ring->generation, 1);
        futex_wake_shared(&ring->generation, INT32_MAX, true);
    }
    pending.count = 0;
}

static bool is_below(uint32_t id, uint32_t ancestor)
{
    struct node_info info;
    while (id && id != ancestor)
        id = id != 1 && node_load((struct node){id, -1}, &info) ? info.parent : 0;
    return id == ancestor;
}

static bool note_concerns(const struct note *note, const struct key_watch *watch)
{
    if (note->id && !(note->filter & watch->filter))
        return false;
    if (!note->id || note->id == watch->id)
        return true;
    return watch->tree && (is_below(note->id, watch->id) || (note->parent && is_below(note->parent, watch->id)));
}

/* Reads on in the ring; within a transaction. */
static void watch_look(struct key_watch *watch)
{
    uint32_t head = atomic_load(&ring->head);
    if (head - watch->position > RING_SIZE)
        watch->fired = true;
    for (; watch->position != head && !watch->fired; watch->position++)
        watch->fired = note_concerns(&ring->notes[watch->position % RING_SIZE], watch);
    watch->position = head;
}

static void request_end(struct request *request, NTSTATUS status)
{
    if (request->io) {
        request->io->Status = status;
        request->io->Information = 0;
    }
    waitable_signal(request->event->waitable);
    object_release(request->event);
    free(request);
}

static void watch_end_requests(struct key_watch *watch, NTSTATUS status)
{
    while (watch->requests) {
        struct request *request = watch->requests;
        watch->requests = request->next;
        request_end(request, status);
    }
}

static void watch_fire(struct key_watch *watch)
{
    if (!watch->fired || !watch->requests)
        return;
    watch->fired = false;
    watch_end_requests(watch, STATUS_NOTIFY_ENUM_DIR);
}

static void serve(void *unused)
{
    const struct deadline never = {.kind = DEADLINE_NEVER};
    (void)unused;
    for (;;) {
        uint32_t generation = atomic_load(&ring->generation);
        lock_acquire(&watch_lock);
        if (!registry_begin(false)) {
            for (struct key_watch *watch = watches; watch; watch = watch->next)
                watch_look(watch);
            registry_end(STATUS_SUCCESS);
        }
        for (struct key_watch *watch = watches; watch; watch = watch->next)
            watch_fire(watch);
        lock_release(&watch_lock);
        futex_wait_until(&ring->generation, generation, true, &never);
    }
}

/* A key that a transaction has made, and not committed, has its id already: it is heard of after the commit. */
static NTSTATUS find_id(struct key *key, void *context)
{
    struct key_watch *watch = context;
    NTSTATUS status = node_materialize(&key->node);
    watch->id = key->node.id;
    return status;
}

static NTSTATUS mark_watched(void *context)
{
    struct key_watch *watch = context;
    struct registry_meta meta;
    if (!db_meta(&meta))
        return STATUS_REGISTRY_CORRUPT;
    if (!ring_map())
        return STATUS_INSUFFICIENT_RESOURCES;
    watch->position = atomic_load(&ring->head);
    meta.watched = 1;
    return db_set_meta(&meta);
}

static NTSTATUS watch_create(HANDLE handle, struct key *key, ULONG filter, bool tree)
{
    struct key_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return STATUS_NO_MEMORY;
    *watch = (struct key_watch){.key = key, .filter = filter, .tree = tree};
    NTSTATUS status = key_update(handle, KEY_NOTIFY, find_id, watch);
    if (!status)
        status = registry_update(mark_watched, watch);
    lock_acquire(&watch_lock);
    if (!status && !serving) {
        status = service_start(serve, NULL);
        serving = !status;
    }
    if (!status && !key->watch) {
        watch->next = watches;
        watches = watch;
        key->watch = watch;
        watch = NULL;
    }
    lock_release(&watch_lock);
    free(watch);
    return status;
}

void key_watch_destroy(struct key *key)
{
    struct key_watch *watch = key->watch;
    if (!watch)
        return;
    lock_acquire(&watch_lock);
    struct key_watch **link = &watches;
    while (*link != watch)
        link = &(*link)->next;
    *link = watch->next;
    lock_release(&watch_lock);
    watch_end_requests(watch, STATUS_NOTIFY_CLEANUP);
    free(watch);
}

void key_watch_thread_end(void)
{
    if (!serving)
        return;
    lock_acquire(&watch_lock);
    for (struct key_watch *watch = watches; watch; watch = watch->next)
        for (struct request **link = &watch->requests; *link;) {
            struct request *request = *link;
            if (request->thread == thread_current()) {
                *link = request->next;
                request_end(request, STATUS_NOTIFY_CLEANUP);
            } else {
                link = &request->next;
            }
        }
    lock_release(&watch_lock);
}

static NTSTATUS watch_request(struct key *key, struct object *event, PIO_STATUS_BLOCK io, bool agnostic)
{
    struct request *request = malloc(sizeof *request);
    if (!request)
        return STATUS_NO_MEMORY;
    lock_acquire(&watch_lock);
    *request = (struct request){key->watch->requests, object_reference(event), io, agnostic ? NULL : thread_current()};
    key->watch->requests = request;
    if (!registry_begin(false)) {
        watch_look(key->watch);
        registry_end(STATUS_SUCCESS);
    }
    watch_fire(key->watch);
    lock_release(&watch_lock);
    return STATUS_SUCCESS;
}

static NTSTATUS notify(HANDLE handle, struct key *key, struct object *event, PIO_STATUS_BLOCK io, ULONG filter,
                       bool tree, bool asynchronous)
{
    NTSTATUS status = key->watch ? STATUS_SUCCESS : watch_create(handle, key, filter, tree);
    if (status)
        return status;
    waitable_reset(event->waitable);
    if (io)
        io->Status = STATUS_PENDING;
    status = watch_request(key, event, io, filter & REG_NOTIFY_THREAD_AGNOSTIC);
    if (status || asynchronous)
        return status ? status : STATUS_PENDING;
    status = object_wait(1, &event, FALSE, FALSE, NULL);
    return status ? status : STATUS_NOTIFY_ENUM_DIR;
}

NTSTATUS NTAPI NtNotifyChangeKey(HANDLE handle, HANDLE event_handle, PIO_APC_ROUTINE apc, PVOID context,
                                 PIO_STATUS_BLOCK io, ULONG filter, BOOLEAN tree, PVOID buffer, ULONG size,
                                 BOOLEAN asynchronous)
{
    struct key *key;
    struct object *event;
    HANDLE own = NULL;
    (void)context, (void)buffer, (void)size;
    if (apc)
        return STATUS_NOT_SUPPORTED;
    if (!(filter & REG_LEGAL_CHANGE_FILTER & ~(ULONG)REG_NOTIFY_THREAD_AGNOSTIC) ||
        filter & ~(ULONG)(REG_LEGAL_CHANGE_FILTER))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_lookup(handle, &type_key, KEY_NOTIFY, (void **)&key);
    if (status)
        return status;
    if (!event_handle) {
        status = asynchronous ? STATUS_INVALID_PARAMETER
                              : NtCreateEvent(&own, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
        event_handle = own;
    }
    if (!status)
        status = handle_lookup(event_handle, &type_event, EVENT_MODIFY_STATE, (void **)&event);
    if (!status) {
        status = notify(handle, key, event, io, filter, tree, asynchronous);
        object_release(event);
    }
    if (own)
        NtClose(own);
    object_release(key);
    return status;
}

/* A second key may be watched with the first on Windows; here one alone. */
NTSTATUS NTAPI NtNotifyChangeMultipleKeys(HANDLE handle, ULONG count, OBJECT_ATTRIBUTES others[], HANDLE event,
                                          PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io, ULONG filter,
                                          BOOLEAN tree, PVOID buffer, ULONG size, BOOLEAN asynchronous)
{
    (void)others;
    if (count)
        return count > 1 ? STATUS_INVALID_PARAMETER : STATUS_NOT_SUPPORTED;
    return NtNotifyChangeKey(handle, event, apc, context, io, filter, tree, buffer, size, asynchronous);
}
