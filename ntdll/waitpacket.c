/*
 * waitpacket.c: wait completion packets: an object's signal posted to a completion port.  On top of watch.c and
 * completion.c.
 *
 * A packet is idle, watching (its watch is on), or queued in its port.  While it is not idle it holds a reference to
 * itself and to the port.
 */
#include "completion.h"
#include "watch.h"

enum packet_state { PACKET_IDLE, PACKET_WATCHING, PACKET_QUEUED };

struct packet {
    struct object object;
    struct watch watch;
    struct port_entry completion;
    struct object *port;
    _Atomic int state; /* enum packet_state */
};

/* The packet has left its port or will never get there. */
static void packet_rest(struct packet *packet)
{
    struct object *port = packet->port;
    atomic_store(&packet->state, PACKET_IDLE);
    object_release(port);
    object_release(packet);
}

static void packet_taken(struct port_entry *completion)
{
    packet_rest((struct packet *)((char *)completion - offsetof(struct packet, completion)));
}

static void packet_signaled(struct watch *watch, NTSTATUS status)
{
    struct packet *packet = (struct packet *)((char *)watch - offsetof(struct packet, watch));
    (void)status; /* the program chose at the association what it gets */
    atomic_store(&packet->state, PACKET_QUEUED);
    port_entry_append(packet->port, &packet->completion);
}

/* The last handle is gone: a wait in progress ends, a queued packet still arrives. */
static void packet_close(struct object *object, HANDLE handle)
{
    struct packet *packet = (struct packet *)object;
    (void)handle;
    if (!atomic_load(&object->handles) && atomic_load(&packet->state) == PACKET_WATCHING &&
        watch_cancel(&packet->watch))
        packet_rest(packet);
}

const struct object_type type_wait_packet = {
    .name = "WaitCompletionPacket",
    .mapping = {STANDARD_RIGHTS_READ, STANDARD_RIGHTS_WRITE | 1, STANDARD_RIGHTS_EXECUTE, STANDARD_RIGHTS_REQUIRED | 1},
    .all_access = STANDARD_RIGHTS_REQUIRED | 1,
    .close = packet_close,
};

NTSTATUS NTAPI NtCreateWaitCompletionPacket(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    struct packet *packet = object_create(&type_wait_packet, sizeof *packet);
    if (!packet)
        return STATUS_NO_MEMORY;
    packet->watch.done = packet_signaled;
    packet->completion.taken = packet_taken;
    return object_publish(packet, access, attributes, handle);
}

static NTSTATUS packet_watch(struct packet *packet, struct object *port, struct object *target, PBOOLEAN signaled)
{
    int idle = PACKET_IDLE;
    if (!target->waitable)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (!atomic_compare_exchange_strong(&packet->state, &idle, PACKET_WATCHING))
        return STATUS_INVALID_PARAMETER_1;
    packet->port = object_reference(port);
    object_reference(packet);
    bool already = waitable_is_signaled(target->waitable);
    NTSTATUS status = watch_start(&packet->watch, target, NULL);
    if (status)
        packet_rest(packet);
    else if (signaled)
        *signaled = already;
    return status;
}

NTSTATUS NTAPI NtAssociateWaitCompletionPacket(HANDLE packet_handle, HANDLE port_handle, HANDLE target_handle,
                                               PVOID key, PVOID context, NTSTATUS io_status, ULONG_PTR information,
                                               PBOOLEAN signaled)
{
    struct packet *packet;
    struct object *port, *target;
    NTSTATUS status = handle_lookup(packet_handle, &type_wait_packet, 1, (void **)&packet);
    if (status)
        return status;
    status = handle_lookup(port_handle, &type_io_completion, IO_COMPLETION_MODIFY_STATE, (void **)&port);
    if (!status) {
        status = handle_lookup(target_handle, NULL, SYNCHRONIZE, (void **)&target);
        if (!status) {
            if (atomic_load(&packet->state) == PACKET_IDLE) {
                packet->completion.key = key;
                packet->completion.context = context;
                packet->completion.status = io_status;
                packet->completion.information = information;
            }
            status = packet_watch(packet, port, target, signaled);
            object_release(target);
        }
        object_release(port);
    }
    object_release(packet);
    return status;
}

NTSTATUS NTAPI NtCancelWaitCompletionPacket(HANDLE handle, BOOLEAN remove_signaled)
{
    struct packet *packet;
    NTSTATUS status = handle_lookup(handle, &type_wait_packet, 1, (void **)&packet);
    if (status)
        return status;
    int state = atomic_load(&packet->state);
    if (state == PACKET_IDLE) {
        status = STATUS_CANCELLED;
    } else if (watch_cancel(&packet->watch)) {
        packet_rest(packet);
    } else if (!remove_signaled) {
        status = STATUS_PENDING;
    } else if (port_entry_withdraw(packet->port, &packet->completion)) {
        packet_rest(packet);
    } else {
        status = STATUS_CANCELLED;
    }
    object_release(packet);
    return status;
}
