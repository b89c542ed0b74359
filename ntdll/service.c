/*
 * service.c: the NT layer's own threads.  On top of the host's threads.
 *
 * A new host thread inherits its creator's GS, so it gets a block of its own before it does anything.
 */
#include <asm/prctl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "service.h"
#include "thread.h"

#define SERVICE_STACK (128u << 10)
#define BLOCK_SIZE 0x2000

struct service {
    void (*function)(void *);
    void *argument;
    PPEB peb;
    PTEB teb;
};

static void *service_main(void *pointer)
{
    struct service service = *(struct service *)pointer;
    free(pointer);
    syscall(SYS_arch_prctl, ARCH_SET_GS, service.teb);
    service.teb->Tib.Self = &service.teb->Tib;
    service.teb->ProcessEnvironmentBlock = service.peb;
    service.teb->ClientId.UniqueProcess = (HANDLE)(ULONG_PTR)getpid();
    service.teb->ClientId.UniqueThread = (HANDLE)(ULONG_PTR)gettid();
    thread_current()->tid = gettid();
    service.function(service.argument);
    munmap(service.teb, BLOCK_SIZE);
    return NULL;
}

static int host_start(struct service *service)
{
    pthread_attr_t attributes;
    pthread_t host;
    sigset_t all, old;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, SERVICE_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int error = pthread_create(&host, &attributes, service_main, service);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

NTSTATUS service_start(void (*function)(void *), void *argument)
{
    struct service *service = malloc(sizeof *service);
    if (!service)
        return STATUS_NO_MEMORY;
    void *block = mmap(NULL, BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *service = (struct service){function, argument, peb_current(), block};
    if (block == MAP_FAILED || host_start(service) != 0) {
        if (block != MAP_FAILED)
            munmap(block, BLOCK_SIZE);
        free(service);
        return STATUS_NO_MEMORY;
    }
    return STATUS_SUCCESS;
}
