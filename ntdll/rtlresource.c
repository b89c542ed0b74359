/*
 * rtlresource.c: locks for many readers or one writer who may be the same thread again (RtlInitializeResource ...).
 *
 * Layer: ntdll, on top of critical sections and condition variables; the latter lie where Windows keeps the handles
 * of two semaphores.
 */
#include "ntsync.h"
#include "ntteb.h"

/* RTL_RESOURCE: fields visible from outside, do not move. */
typedef struct _RTL_RESOURCE {
    RTL_CRITICAL_SECTION Lock;
    RTL_CONDITION_VARIABLE SharedSemaphore;
    ULONG SharedWaiters;
    RTL_CONDITION_VARIABLE ExclusiveSemaphore;
    ULONG ExclusiveWaiters;
    LONG NumberActive; /* readers, or minus the depth of the writer */
    HANDLE OwningThread;
    ULONG TimeoutBoost;
    PVOID DebugInfo;
} RTL_RESOURCE, *PRTL_RESOURCE;
_Static_assert(sizeof(RTL_RESOURCE) == 96 && offsetof(RTL_RESOURCE, NumberActive) == 68, "as Windows has it");

static HANDLE self(void)
{
    return teb_current()->ClientId.UniqueThread;
}

void WINAPI RtlInitializeResource(PRTL_RESOURCE resource)
{
    *resource = (RTL_RESOURCE){0};
    RtlInitializeCriticalSection(&resource->Lock);
}

void WINAPI RtlDeleteResource(PRTL_RESOURCE resource)
{
    RtlDeleteCriticalSection(&resource->Lock);
}

/* Readers give way to waiting writers, but not those who read or write already. */
BOOLEAN WINAPI RtlAcquireResourceShared(PRTL_RESOURCE resource, BOOLEAN wait)
{
    BOOLEAN taken = TRUE;

    RtlEnterCriticalSection(&resource->Lock);
    if (resource->NumberActive < 0 && resource->OwningThread == self()) {
        resource->NumberActive--;
    } else {
        while (resource->NumberActive < 0 && wait) {
            resource->SharedWaiters++;
            RtlSleepConditionVariableCS(&resource->SharedSemaphore, &resource->Lock, NULL);
            resource->SharedWaiters--;
        }
        taken = resource->NumberActive >= 0;
        resource->NumberActive += taken;
    }
    RtlLeaveCriticalSection(&resource->Lock);
    return taken;
}

static BOOLEAN acquire_exclusive(PRTL_RESOURCE resource, BOOLEAN wait)
{
    if (resource->NumberActive < 0 && resource->OwningThread == self()) {
        resource->NumberActive--;
        return TRUE;
    }
    while (resource->NumberActive && wait) {
        resource->ExclusiveWaiters++;
        RtlSleepConditionVariableCS(&resource->ExclusiveSemaphore, &resource->Lock, NULL);
        resource->ExclusiveWaiters--;
    }
    if (resource->NumberActive)
        return FALSE;
    resource->NumberActive = -1;
    resource->OwningThread = self();
    return TRUE;
}

BOOLEAN WINAPI RtlAcquireResourceExclusive(PRTL_RESOURCE resource, BOOLEAN wait)
{
    BOOLEAN taken;

    RtlEnterCriticalSection(&resource->Lock);
    taken = acquire_exclusive(resource, wait);
    RtlLeaveCriticalSection(&resource->Lock);
    return taken;
}

static void wake(PRTL_RESOURCE resource)
{
    if (!resource->NumberActive && resource->ExclusiveWaiters)
        RtlWakeConditionVariable(&resource->ExclusiveSemaphore);
    else if (resource->NumberActive >= 0 && resource->SharedWaiters)
        RtlWakeAllConditionVariable(&resource->SharedSemaphore);
}

void WINAPI RtlReleaseResource(PRTL_RESOURCE resource)
{
    RtlEnterCriticalSection(&resource->Lock);
    if (resource->NumberActive > 0)
        resource->NumberActive--;
    else if (resource->NumberActive < 0 && !++resource->NumberActive)
        resource->OwningThread = NULL;
    wake(resource);
    RtlLeaveCriticalSection(&resource->Lock);
}

/* The writer becomes a reader, and lets the other ones in. */
void WINAPI RtlConvertExclusiveToShared(PRTL_RESOURCE resource)
{
    RtlEnterCriticalSection(&resource->Lock);
    resource->NumberActive = 1;
    resource->OwningThread = NULL;
    RtlWakeAllConditionVariable(&resource->SharedSemaphore);
    RtlLeaveCriticalSection(&resource->Lock);
}

/* A reader becomes the writer: it stops reading, so another writer may have come before. */
void WINAPI RtlConvertSharedToExclusive(PRTL_RESOURCE resource)
{
    RtlEnterCriticalSection(&resource->Lock);
    resource->NumberActive--;
    acquire_exclusive(resource, TRUE);
    RtlLeaveCriticalSection(&resource->Lock);
}
