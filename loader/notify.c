/*
 * notify.c: LdrRegisterDllNotification: programs that want to hear of DLLs that come and go.
 */
#include <stdlib.h>
#include "loader.h"
#include "ntdll/debug.h"
#include "ntdll/gate.h"

enum { REASON_LOADED = 1, REASON_UNLOADED = 2 };

/* LDR_DLL_NOTIFICATION_DATA: the same for both reasons. */
struct notification_data {
    ULONG flags;
    const UNICODE_STRING *full_name;
    const UNICODE_STRING *base_name;
    PVOID base;
    ULONG size;
};

struct notification {
    struct notification *next;
    const void *function;
    void *context;
};

static struct notification *notifications; /* oldest first, under the loader lock */

void notify_loaded(const struct module *module, bool loaded)
{
    struct notification_data data = {
        .full_name = &module->ldr.FullDllName,
        .base_name = &module->ldr.BaseDllName,
        .base = module->base,
        .size = (ULONG)module->size,
    };
    if (debug_active())
        debug_module(module, loaded);
    for (struct notification *entry = notifications, *next; entry; entry = next) {
        next = entry->next;
        guest_call(entry->function, loaded ? REASON_LOADED : REASON_UNLOADED, GUEST(&data), GUEST(entry->context), 0);
    }
}

NTSTATUS WINAPI LdrRegisterDllNotification(ULONG flags, void *function, void *context, void **cookie)
{
    struct notification *entry, **link = &notifications;
    if (flags || !function || !cookie)
        return STATUS_INVALID_PARAMETER;
    entry = malloc(sizeof *entry);
    if (!entry)
        return STATUS_NO_MEMORY;
    *entry = (struct notification){.function = function, .context = context};
    loader_lock();
    while (*link)
        link = &(*link)->next;
    *link = entry;
    loader_unlock();
    *cookie = entry;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LdrUnregisterDllNotification(void *cookie)
{
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    loader_lock();
    for (struct notification **link = &notifications; *link; link = &(*link)->next)
        if (*link == cookie) {
            *link = (*link)->next;
            free(cookie);
            status = STATUS_SUCCESS;
            break;
        }
    loader_unlock();
    return status;
}
