/*
 * reaper.c: one thread that learns when other processes end.
 *
 * It sleeps in epoll on their pidfds.  Each process it knows is referenced until it has ended, so a child is waited for
 * (no zombie) even if nobody has a handle to it any more.
 */
#include <sys/epoll.h>
#include <unistd.h>
#include "lock.h"
#include "process_object.h"
#include "service.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int epoll = -1;

static void reap(void *unused)
{
    struct epoll_event events[16];
    (void)unused;
    for (;;) {
        int count = epoll_wait(epoll, events, 16, -1);
        for (int i = 0; i < count; i++) {
            struct process_object *process = events[i].data.ptr;
            if (!process_check_ended(process))
                continue; /* some other thread of it has ended */
            epoll_ctl(epoll, EPOLL_CTL_DEL, process->pidfd, NULL);
            object_release(process);
        }
    }
}

static NTSTATUS reaper_start(void)
{
    NTSTATUS status = STATUS_SUCCESS;
    host_lock(&lock);
    if (epoll < 0) {
        epoll = epoll_create1(EPOLL_CLOEXEC);
        status = epoll < 0 ? STATUS_INSUFFICIENT_RESOURCES : service_start(reap, NULL);
        if (status && epoll >= 0) {
            close(epoll);
            epoll = -1;
        }
    }
    host_unlock(&lock);
    return status;
}

NTSTATUS process_watch(struct process_object *process)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = process};
    if (process->pidfd < 0) {
        process_check_ended(process);
        return STATUS_SUCCESS;
    }
    if (atomic_exchange(&process->watched, true))
        return STATUS_SUCCESS;
    NTSTATUS status = reaper_start();
    if (!status) {
        object_reference(process);
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, process->pidfd, &event)) {
            object_release(process);
            status = STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    if (status)
        atomic_store(&process->watched, false);
    return status;
}
