/*
 * fls.c: fiber-local storage: a table of callbacks for the process, a table of values for each fiber.
 *
 * Layer: NT layer.  TEB.FlsData is the table of the fiber that runs; fibers exchange it when they switch.
 * All tables are linked, since RtlFlsFree calls the callback for every value that any fiber still has.
 * Index 0 is never given out: programs take it for "none".
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "ntthread.h"
#include "ntdll/gate.h"
#include "ntdll/large.h"
#include "ntdll/lock.h"
#include "ntdll/thread_object.h"

#define FLS_FIRST_COUNT 128 /* values in a new table; grows to what is used */

struct fls_table {
    struct fls_table *next, **link;
    ULONG count;
    void **values;
    void *first_values[FLS_FIRST_COUNT];
};

#define FLS_LIMIT 4080 /* highest index that Windows 10 gives out, plus one */

static pthread_mutex_t fls_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct fls_table *tables;
static PFLS_CALLBACK_FUNCTION callbacks[FLS_LIMIT] LARGE; /* FLS_IN_USE where an index has no callback */
static ULONG highest;                               /* no index above it was ever given out */

#define FLS_IN_USE ((PFLS_CALLBACK_FUNCTION)(ULONG_PTR)-1)

NTSTATUS WINAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION callback, ULONG *index)
{
    ULONG found = 1;

    host_lock(&fls_mutex);
    while (found < FLS_LIMIT && callbacks[found])
        found++;
    if (found < FLS_LIMIT) {
        callbacks[found] = callback ? callback : FLS_IN_USE;
        if (found > highest)
            highest = found;
    }
    host_unlock(&fls_mutex);
    if (found == FLS_LIMIT)
        return STATUS_NO_MEMORY;
    *index = found;
    return STATUS_SUCCESS;
}

/* Takes the next value of `index` out of the tables, so that its callback can run without the lock. */
static void *take_value(ULONG index)
{
    void *value = NULL;

    for (struct fls_table *table = tables; table && !value; table = table->next) {
        if (index < table->count) {
            value = table->values[index];
            table->values[index] = NULL;
        }
    }
    return value;
}

NTSTATUS WINAPI RtlFlsFree(ULONG index)
{
    PFLS_CALLBACK_FUNCTION callback;
    void *value;

    host_lock(&fls_mutex);
    if (index >= FLS_LIMIT || !callbacks[index]) {
        host_unlock(&fls_mutex);
        return STATUS_INVALID_PARAMETER;
    }
    callback = callbacks[index];
    while ((value = take_value(index)) != NULL) {
        host_unlock(&fls_mutex);
        if (callback != FLS_IN_USE)
            guest_call(callback, GUEST(value), 0, 0, 0);
        host_lock(&fls_mutex);
    }
    callbacks[index] = NULL;
    host_unlock(&fls_mutex);
    return STATUS_SUCCESS;
}

static struct fls_table *table_create(void)
{
    struct fls_table *table = calloc(1, sizeof *table);

    if (!table)
        return NULL;
    table->count = FLS_FIRST_COUNT;
    table->values = table->first_values;
    host_lock(&fls_mutex);
    table->next = tables;
    table->link = &tables;
    if (tables)
        tables->link = &table->next;
    tables = table;
    host_unlock(&fls_mutex);
    return table;
}

static bool table_grow(struct fls_table *table, ULONG count)
{
    void **larger = calloc(count, sizeof *larger);

    if (!larger)
        return false;
    host_lock(&fls_mutex);
    memcpy(larger, table->values, table->count * sizeof *larger);
    if (table->values != table->first_values)
        free(table->values);
    table->values = larger;
    table->count = count;
    host_unlock(&fls_mutex);
    return true;
}

NTSTATUS WINAPI RtlFlsSetValue(ULONG index, PVOID value)
{
    struct fls_table *table = teb_current()->FlsData;

    if (!index || index >= FLS_LIMIT)
        return STATUS_INVALID_PARAMETER;
    if (!table) {
        if (!(table = table_create()))
            return STATUS_NO_MEMORY;
        teb_current()->FlsData = table;
    }
    if (index >= table->count && !table_grow(table, (index | (FLS_FIRST_COUNT - 1)) + 1))
        return STATUS_NO_MEMORY;
    table->values[index] = value;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlFlsGetValue(ULONG index, PVOID *value)
{
    struct fls_table *table = teb_current()->FlsData;

    if (!index || index >= FLS_LIMIT)
        return STATUS_INVALID_PARAMETER;
    *value = table && index < table->count ? table->values[index] : NULL;
    return STATUS_SUCCESS;
}

/* Calls what has a callback; a callback may set values again, so a few rounds are made. */
static void table_run_callbacks(struct fls_table *table)
{
    bool again = true;

    for (int round = 0; round < 4 && again; round++) {
        again = false;
        for (ULONG i = 1; i <= highest && i < table->count; i++) {
            void *value = table->values[i];
            PFLS_CALLBACK_FUNCTION callback = callbacks[i];
            if (!value || !callback)
                continue;
            table->values[i] = NULL;
            again = true;
            if (callback != FLS_IN_USE)
                guest_call(callback, GUEST(value), 0, 0, 0);
        }
    }
}

void WINAPI RtlProcessFlsData(PVOID data, ULONG flags)
{
    struct fls_table *table = data;

    if (!table)
        return;
    if (flags & 1)
        table_run_callbacks(table);
    if (!(flags & 2))
        return;
    host_lock(&fls_mutex);
    *table->link = table->next;
    if (table->next)
        table->next->link = table->link;
    host_unlock(&fls_mutex);
    if (table->values != table->first_values)
        free(table->values);
    free(table);
}

void fls_thread_exit(void)
{
    void *table = teb_current()->FlsData;

    if (!table)
        return;
    RtlProcessFlsData(table, 1);
    teb_current()->FlsData = NULL;
    RtlProcessFlsData(table, 2);
}
