/*
 * job_port.c: what happens in a job, told to a completion port.
 *
 * Layer: NT layer.  A service thread reads the job's ring of events.  It keeps no reference to the job: the port's
 * state belongs to both, and whoever is last frees it.
 */
#include <stdlib.h>
#include "futex.h"
#include "job.h"
#include "service.h"

struct job_port {
    _Atomic uint32_t users; /* the job and the thread */
    _Atomic bool over;
    struct object *port;
    PVOID key;
    struct job_shared *job; /* in the arena, held by the job */
    uint32_t seen;
};

static void port_release(struct job_port *port)
{
    if (atomic_fetch_sub(&port->users, 1) != 1)
        return;
    object_release(port->port);
    free(port);
}

static void port_serve(void *argument)
{
    struct job_port *port = argument;
    struct deadline never = {.kind = DEADLINE_NEVER};
    while (!atomic_load(&port->over)) {
        uint32_t events = atomic_load(&port->job->events);
        if (events - port->seen > JOB_RING)
            port->seen = events - JOB_RING; /* too late for the older ones */
        if (events == port->seen) {
            futex_wait_until(&port->job->events, events, true, &never);
            continue;
        }
        uint32_t event = port->job->ring[port->seen++ % JOB_RING];
        completion_post(port->port, (ULONG_PTR)port->key, (PVOID)(ULONG_PTR)(event & 0xffffff), STATUS_SUCCESS,
                        event >> 24);
    }
    port_release(port);
}

void job_port_end(struct job *job)
{
    struct job_port *port = job->port;
    if (!port)
        return;
    job->port = NULL;
    atomic_store(&port->over, true);
    futex_wake_shared(&port->job->events, INT32_MAX, true);
    port_release(port);
}

NTSTATUS job_port_set(struct job *job, const JOBOBJECT_ASSOCIATE_COMPLETION_PORT *info)
{
    void *object;
    if (!info->CompletionPort) {
        job_port_end(job);
        return STATUS_SUCCESS;
    }
    if (job->port)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_lookup(info->CompletionPort, &type_io_completion, IO_COMPLETION_MODIFY_STATE, &object);
    if (status)
        return status;
    struct job_port *port = calloc(1, sizeof *port);
    if (!port) {
        object_release(object);
        return STATUS_NO_MEMORY;
    }
    *port = (struct job_port){.users = 2, .port = object, .key = info->CompletionKey, .job = job_shared(job)};
    port->seen = atomic_load(&port->job->events);
    status = service_start(port_serve, port);
    if (status) {
        object_release(object);
        free(port);
        return status;
    }
    job->port = port;
    job_shared(job)->heard = 1;
    return STATUS_SUCCESS;
}
