/*
 * thread_create.h: making threads, for the NT layer and for CreateThread.
 */
#ifndef NTDLL_THREAD_CREATE_H
#define NTDLL_THREAD_CREATE_H

#include <pthread.h>
#include "thread_object.h"

struct thread_creation {
    void *start, *argument; /* Windows code */
    ULONG flags;
    SIZE_T stack_commit, stack_reserve; /* 0: the program's */
};

/* A new thread; *created holds a reference for the caller. */
NTSTATUS thread_create(const struct thread_creation *creation, struct thread_object **created);

/* The host's id of a thread that has not been joined; 0 when it has ended. */
int thread_host_id(pthread_t host);

/* The list of all threads: a new one is entered by its creator, before it runs. */
void thread_list_add(struct thread *thread);
void thread_list_remove(struct thread *thread);

/* Undoes thread_count_start for a thread that could not be made. */
void thread_count_cancel(void);

#endif
