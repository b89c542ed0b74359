/*
 * socket_handoff.c: a socket for another process (WSADuplicateSocket).
 *
 * The socket lies as a message in a pair of local sockets, of which this process keeps the receiving end.  The other
 * process gets a copy of that end from the kernel (pidfd_getfd) and takes the message: from then on nothing here refers
 * to the socket, so that its peer sees the end when the other process closes it.  Ends whose process is gone are
 * closed by the next hand-off.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "socket_private.h"

struct left {
    struct left *next;
    pid_t process;
    int fd;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct left *left;

/* Under the lock. */
static void sweep(void)
{
    for (struct left **link = &left; *link;) {
        struct left *one = *link;
        if (!kill(one->process, 0) || errno != ESRCH) {
            link = &one->next;
            continue;
        }
        *link = one->next;
        close(one->fd);
        free(one);
    }
}

static int send_fd(int through, int fd)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {0};
    char byte = 0;
    struct iovec piece = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(through, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static int receive_fd(int through)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    char byte;
    int fd = -1;
    struct iovec piece = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(through, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) > 0 && CMSG_FIRSTHDR(&message))
        memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

NTSTATUS socket_export(HANDLE handle, ULONG process, ULONG *host_process, ULONG *place)
{
    struct file *file;
    int ends[2];
    struct left *one = malloc(sizeof *one);
    NTSTATUS status = one ? socket_lookup(handle, &file) : STATUS_INSUFFICIENT_RESOURCES;
    if (status) {
        free(one);
        return status;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
        status = socket_status(errno);
        free(one);
    } else if (send_fd(ends[1], file->fd)) {
        status = socket_status(errno);
        close(ends[0]);
        close(ends[1]);
        free(one);
    } else {
        close(ends[1]);
        prctl(PR_SET_PTRACER, (unsigned long)process); /* where only ancestors may fetch; else it fails, for nothing */
        host_lock(&lock);
        sweep();
        *one = (struct left){left, (pid_t)process, ends[0]};
        left = one;
        host_unlock(&lock);
        *host_process = (ULONG)getpid();
        *place = (ULONG)ends[0];
    }
    object_release(file);
    return status;
}

NTSTATUS socket_import(ULONG host_process, ULONG place, HANDLE *handle)
{
    int process = (int)syscall(SYS_pidfd_open, (pid_t)host_process, 0);
    int end = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, (int)place, 0);
    int error = errno, fd = end < 0 ? -1 : receive_fd(end);
    if (process >= 0)
        close(process);
    if (end >= 0)
        close(end);
    if (fd < 0)
        return end < 0 ? socket_status(error) : STATUS_INVALID_PARAMETER;
    struct file *file = file_create(FILE_KIND_PIPE, fd, FILE_GENERIC_READ | FILE_GENERIC_WRITE, 0);
    if (!file)
        return STATUS_NO_MEMORY;
    file->host_position = true;
    NTSTATUS status =
        socket_adopt(file) ? handle_create(file, file->access, OBJ_INHERIT, handle) : STATUS_INVALID_PARAMETER;
    object_release(file);
    return status;
}
