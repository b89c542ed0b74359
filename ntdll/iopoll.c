/*
 * iopoll.c: the epoll set, and the threads that poll it.
 *
 * An event names a slot and its generation, not a pointer: the file may be gone when the event is read.
 *
 * The I/O thread polls while nobody else does.  A thread that waits for a completion port polls in its place, as the
 * "leader", one at a time, and so takes its own completions without a switch of threads.  While there is a leader the
 * I/O thread rests; when the leader has left with what it got, the I/O thread first gives it time to come back: more
 * of it if all requests are receives that end at ports (a busy server comes back for them when it is done with what it
 * has), none if a thread sleeps on a port and does not lead.  The kernel wakes who came last to epoll_wait, so a
 * leader that finds the I/O thread there goes before it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "iopoll.h"
#include "service.h"

#define EVENTS_AT_ONCE 64
#define SLOTS_FIRST 64
#define STAY_OUT_TICKS (-10000)       /* a millisecond */
#define STAY_OUT_LONG_TICKS (-100000) /* if nothing is urgent */
#define REST_TICKS (-5000000)         /* half a second: then it looks whether the leader is still alive */

struct slot {
    struct io_channel *channel; /* NULL: free */
    uint32_t generation, next;  /* next free */
};

static struct lock lock; /* slots, and starting the thread */
static struct slot *slots;
static uint32_t slot_count, slot_free;
static int epoll_fd = -1, wake_fd = -1;
static _Atomic bool started;
static _Atomic uint32_t leader;      /* the host's id of a port's waiter that polls; 0: none */
static _Atomic uint32_t led;         /* how often one did */
static _Atomic uint32_t sleepers;    /* threads that sleep on a port and do not lead */
static _Atomic uint32_t urgent;      /* requests and watches whose end nobody will come to a port for */
static _Atomic uint32_t resting;     /* futex: the I/O thread rests */
static _Atomic uint32_t staying_out; /* futex: it gives the leader time to come back */
static _Atomic bool kicked;          /* the leader is to return, and has not yet */

/* Index 0 is the wake-up's. */
static bool slots_grow(void)
{
    uint32_t count = slot_count ? slot_count * 2 : SLOTS_FIRST;
    struct slot *more = realloc(slots, count * sizeof *more);
    if (!more)
        return false;
    slots = more;
    for (uint32_t i = count; i-- > (slot_count ? slot_count : 1);) {
        slots[i] = (struct slot){NULL, 0, slot_free};
        slot_free = i;
    }
    slot_count = count;
    return true;
}

static bool file_try_reference(struct file *file)
{
    uint32_t count = atomic_load(&file->object.references);
    while (count)
        if (atomic_compare_exchange_weak(&file->object.references, &count, count + 1))
            return true;
    return false;
}

/* The channel an event is for, its file referenced; NULL: it is gone. */
static struct io_channel *slot_channel(uint64_t data)
{
    uint32_t index = (uint32_t)data;
    struct io_channel *channel = NULL;
    lock_acquire(&lock);
    if (index && index < slot_count && slots[index].generation == data >> 32)
        channel = slots[index].channel;
    if (channel && !file_try_reference(channel->file))
        channel = NULL;
    lock_release(&lock);
    return channel;
}

static void serve(const struct epoll_event *event)
{
    struct io_channel *channel = slot_channel(event->data.u64);
    struct io_request *ended = NULL, **tail = &ended;
    if (!channel)
        return;
    struct file *file = channel->file;
    bool broken = event->events & (EPOLLERR | EPOLLHUP);
    lock_acquire(&channel->lock);
    if (broken || event->events & (EPOLLIN | EPOLLRDHUP))
        channel_attempt(channel, IO_READ, &tail);
    if (broken || event->events & EPOLLOUT)
        channel_attempt(channel, IO_WRITE, &tail);
    if (broken || event->events & EPOLLPRI)
        channel_attempt(channel, IO_URGENT, &tail);
    for (struct io_watch *watch = channel->watches, *next; watch; watch = next) {
        next = watch->next;
        watch->changed(watch, &tail);
    }
    lock_release(&channel->lock);
    requests_end(ended);
    object_release(file);
}

/* True: there was a wake-up among them. */
static bool serve_all(const struct epoll_event *events, int count)
{
    bool woken = false;
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64)
            serve(&events[i]);
        else
            woken = true;
    }
    return woken;
}

/* While a leader polls.  One that is stopped does not: then this thread looks now and then; one that was terminated
 * has its place taken. */
static void rest(struct epoll_event *events)
{
    LARGE_INTEGER time = {.QuadPart = REST_TICKS};
    for (uint32_t who; (who = atomic_load(&leader)) != 0;) {
        atomic_store(&resting, 1);
        if (atomic_load(&leader) != who || futex_sleep(&resting, 1, &time) != STATUS_TIMEOUT)
            continue;
        if (tgkill(getpid(), (pid_t)who, 0) && errno == ESRCH)
            atomic_compare_exchange_strong(&leader, &who, 0);
        else if (serve_all(events, epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, 0)) && atomic_load(&kicked))
            eventfd_write(wake_fd, 1);
    }
    atomic_store(&resting, 0);
}

/* For a while, or until somebody asks for the I/O thread. */
static void stay_out(void)
{
    LARGE_INTEGER time = {.QuadPart = STAY_OUT_LONG_TICKS};
    atomic_store(&staying_out, 1);
    if (atomic_load(&urgent))
        time.QuadPart = STAY_OUT_TICKS;
    if (!atomic_load(&sleepers))
        futex_sleep(&staying_out, 1, &time);
    atomic_store(&staying_out, 0);
}

static void come_in(void)
{
    if (atomic_load(&staying_out) && atomic_exchange(&staying_out, 0))
        futex_wake(&staying_out, 1);
}

void ioqueue_sleeps(void)
{
    atomic_fetch_add(&sleepers, 1);
    come_in();
}

void ioqueue_wakes(void)
{
    atomic_fetch_sub(&sleepers, 1);
}

void channel_urgent(int change)
{
    if (atomic_fetch_add(&urgent, (uint32_t)change) == 0)
        come_in();
}

static void io_main(void *argument)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    uint32_t seen = 0;
    (void)argument;
    for (;;) {
        rest(events);
        uint32_t now = atomic_load(&led);
        if (now != seen && !atomic_load(&sleepers)) {
            seen = now;
            stay_out();
            continue;
        }
        /* A wake-up is the leader's; it may not have been in epoll_wait yet. */
        if (serve_all(events, epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, -1)) && atomic_load(&kicked))
            eventfd_write(wake_fd, 1);
    }
}

/* Under the lock. */
static NTSTATUS start(void)
{
    struct epoll_event wake = {.events = EPOLLIN | EPOLLET};
    if (atomic_load(&started))
        return STATUS_SUCCESS;
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (epoll_fd >= 0 && wake_fd >= 0 && !epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake_fd, &wake) &&
        !service_start(io_main, NULL)) {
        atomic_store(&started, true);
        return STATUS_SUCCESS;
    }
    if (epoll_fd >= 0)
        close(epoll_fd);
    if (wake_fd >= 0)
        close(wake_fd);
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS channel_register(struct io_channel *channel, int fd)
{
    uint64_t data = 0;
    if (channel->slot && channel->fd == fd)
        return STATUS_SUCCESS;
    channel_unregister(channel); /* for another fd: a pipe that has its client now */
    lock_acquire(&lock);
    NTSTATUS status = start();
    if (!status && !slot_free && !slots_grow())
        status = STATUS_NO_MEMORY;
    if (!status) {
        channel->slot = slot_free;
        slot_free = slots[channel->slot].next;
        slots[channel->slot].channel = channel;
        data = channel->slot | (uint64_t)slots[channel->slot].generation << 32;
    }
    lock_release(&lock);
    if (status)
        return status;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET, .data.u64 = data};
    channel->fd = fd;
    if (!epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event))
        return STATUS_SUCCESS;
    channel_unregister(channel);
    return STATUS_INSUFFICIENT_RESOURCES;
}

void channel_unregister(struct io_channel *channel)
{
    if (!channel->slot)
        return;
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, channel->fd, NULL);
    lock_acquire(&lock);
    slots[channel->slot].channel = NULL;
    slots[channel->slot].generation++;
    slots[channel->slot].next = slot_free;
    slot_free = channel->slot;
    channel->slot = 0;
    lock_release(&lock);
}

/* Old kernels (before 5.11) count milliseconds. */
static int poll_until(struct epoll_event *events, const struct deadline *deadline)
{
    static _Atomic bool missing;
    struct timespec now, left = {0};
    if (deadline->kind == DEADLINE_NEVER)
        return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, -1);
    if (deadline->kind == DEADLINE_AT) {
        clock_gettime(deadline->clock, &now);
        left.tv_sec = deadline->at.tv_sec - now.tv_sec;
        left.tv_nsec = deadline->at.tv_nsec - now.tv_nsec;
        if (left.tv_nsec < 0) {
            left.tv_nsec += 1000000000;
            left.tv_sec--;
        }
        if (left.tv_sec < 0)
            left = (struct timespec){0};
    }
    if (!left.tv_sec && !left.tv_nsec)
        return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, 0);
    if (!atomic_load_explicit(&missing, memory_order_relaxed)) {
        int count = epoll_pwait2(epoll_fd, events, EVENTS_AT_ONCE, &left, NULL);
        if (count >= 0 || (errno != ENOSYS && errno != EPERM))
            return count;
        atomic_store(&missing, true);
    }
    int64_t milliseconds = (int64_t)left.tv_sec * 1000 + (left.tv_nsec + 999999) / 1000000;
    return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds);
}

bool ioqueue_lead(_Atomic uint32_t *leading, struct waitable *waitable, struct deadline *deadline)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    uint32_t none = 0;
    int count = 0;
    if (!atomic_load(&started) || atomic_load(&leader))
        return false;
    if (deadline->kind == DEADLINE_PASSED) {
        serve_all(events, epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, 0));
        atomic_fetch_add(&led, 1);
        return true;
    }
    if (!atomic_compare_exchange_strong(&leader, &none, (uint32_t)thread_current()->tid))
        return false;
    /* A post changes the waitable and then reads `leading`: one of us sees the other. */
    atomic_store(leading, 1);
    if (!waitable_is_signaled(waitable)) {
        count = poll_until(events, deadline);
        if (!count)
            deadline->kind = DEADLINE_PASSED;
    }
    atomic_store(leading, 0);
    atomic_store(&kicked, false);
    serve_all(events, count);
    atomic_fetch_add(&led, 1);
    atomic_store(&leader, 0);
    if (atomic_exchange(&resting, 0))
        futex_wake(&resting, 1);
    return true;
}

void ioqueue_kick(void)
{
    atomic_store(&kicked, true);
    eventfd_write(wake_fd, 1);
}
