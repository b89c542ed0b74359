/*
 * functiontable.c: which function holds an address: modules' exception directories and the tables that programs with
 * generated code register.
 *
 * Layer: ntdll.  Look-ups take no lock, so that they work while another thread is stopped in the middle of anything:
 * entries are linked in with one store and never freed, only emptied and used again.
 */
#include <stdatomic.h>
#include "gate.h"
#include "loader/module.h"
#include "ntsync.h"
#include "unwind.h"

struct dynamic_table {
    struct dynamic_table *next;
    _Atomic(ULONG64) start, end; /* empty entry: end is 0 */
    ULONG64 base;
    PRUNTIME_FUNCTION functions; /* identifies the table (RtlDeleteFunctionTable) */
    _Atomic ULONG count;
    bool sorted;
    PGET_RUNTIME_FUNCTION_CALLBACK callback;
    PVOID callback_context;
};

static _Atomic(struct dynamic_table *) dynamic_tables;
static RTL_SRWLOCK tables_lock; /* writers only */

/* The last function that begins at or before `rva`, if it reaches beyond it. */
static PRUNTIME_FUNCTION search_sorted(const RUNTIME_FUNCTION *functions, size_t count, ULONG rva)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (functions[middle].BeginAddress <= rva)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || rva >= functions[low - 1].EndAddress)
        return NULL;
    return (PRUNTIME_FUNCTION)&functions[low - 1];
}

static PRUNTIME_FUNCTION search_linear(PRUNTIME_FUNCTION functions, size_t count, ULONG rva)
{
    for (size_t i = 0; i < count; i++)
        if (rva >= functions[i].BeginAddress && rva < functions[i].EndAddress)
            return &functions[i];
    return NULL;
}

static PRUNTIME_FUNCTION search_dynamic(ULONG64 pc, ULONG64 *base)
{
    struct dynamic_table *table = atomic_load_explicit(&dynamic_tables, memory_order_acquire);

    for (; table; table = table->next) {
        ULONG64 end = atomic_load_explicit(&table->end, memory_order_acquire);
        if (pc >= end || pc < atomic_load_explicit(&table->start, memory_order_relaxed))
            continue;
        *base = table->base;
        if (table->callback)
            return (PRUNTIME_FUNCTION)guest_call(table->callback, pc, GUEST(table->callback_context), 0, 0);
        ULONG rva = pc - table->base, count = atomic_load_explicit(&table->count, memory_order_acquire);
        PRUNTIME_FUNCTION found =
            table->sorted ? search_sorted(table->functions, count, rva) : search_linear(table->functions, count, rva);
        if (found)
            return found;
    }
    *base = 0;
    return NULL;
}

PRUNTIME_FUNCTION unwind_find(DWORD64 pc, PDWORD64 base)
{
    struct module *module = module_from_address((const void *)pc);
    PRUNTIME_FUNCTION function;

    if (!module)
        return search_dynamic(pc, base);
    *base = (ULONG64)module->base;
    function = search_sorted(module->pdata, module->pdata_count, pc - *base);
    if (!function)
        return NULL;
    while (function->UnwindData & 1) /* another function's entry stands for this one */
        function = (PRUNTIME_FUNCTION)(*base + (function->UnwindData & ~1u));
    return function;
}

PRUNTIME_FUNCTION WINAPI RtlLookupFunctionEntry(DWORD64 pc, PDWORD64 base, PUNWIND_HISTORY_TABLE history)
{
    (void)history;
    return unwind_find(pc, base);
}

PVOID WINAPI RtlPcToFileHeader(PVOID pc, PVOID *base)
{
    struct module *module = module_from_address(pc);
    *base = module ? module->base : NULL;
    return *base;
}

/* An emptied entry or a new one, linked in; its fields can be set while `end` is 0.  tables_lock is held. */
static struct dynamic_table *table_allocate(void)
{
    struct dynamic_table *table = atomic_load(&dynamic_tables);

    while (table && atomic_load(&table->end))
        table = table->next;
    if (table)
        return table;
    table = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof(*table));
    if (table) {
        table->next = atomic_load(&dynamic_tables);
        atomic_store_explicit(&dynamic_tables, table, memory_order_release);
    }
    return table;
}

static struct dynamic_table *table_add(const struct dynamic_table *model, ULONG64 start, ULONG64 end)
{
    RtlAcquireSRWLockExclusive(&tables_lock);
    struct dynamic_table *table = table_allocate();
    if (table) {
        table->base = model->base;
        table->functions = model->functions;
        atomic_store(&table->count, atomic_load(&model->count));
        table->sorted = model->sorted;
        table->callback = model->callback;
        table->callback_context = model->callback_context;
        atomic_store(&table->start, start);
        atomic_store_explicit(&table->end, end, memory_order_release);
    }
    RtlReleaseSRWLockExclusive(&tables_lock);
    return table;
}

BOOLEAN __cdecl RtlAddFunctionTable(PRUNTIME_FUNCTION functions, DWORD count, DWORD64 base)
{
    struct dynamic_table model = {.base = base, .functions = functions, .count = count, .sorted = true};
    ULONG64 start = ~0ull, end = 0;

    for (DWORD i = 0; i < count; i++) {
        if (functions[i].BeginAddress < start)
            start = functions[i].BeginAddress;
        if (functions[i].EndAddress > end)
            end = functions[i].EndAddress;
        if (i && functions[i].BeginAddress < functions[i - 1].BeginAddress)
            model.sorted = false;
    }
    if (!count)
        return TRUE;
    return table_add(&model, base + start, base + end) != NULL;
}

BOOLEAN __cdecl RtlInstallFunctionTableCallback(DWORD64 identifier, DWORD64 base, DWORD length,
                                                PGET_RUNTIME_FUNCTION_CALLBACK callback, PVOID context, PCWSTR dll)
{
    struct dynamic_table model = {
        .base = base, .functions = (PRUNTIME_FUNCTION)identifier, .callback = callback, .callback_context = context};

    (void)dll; /* for debuggers that look at the process from outside */
    if ((identifier & 3) != 3)
        return FALSE;
    return table_add(&model, base, base + length) != NULL;
}

BOOLEAN __cdecl RtlDeleteFunctionTable(PRUNTIME_FUNCTION functions)
{
    struct dynamic_table *table;

    RtlAcquireSRWLockExclusive(&tables_lock);
    for (table = atomic_load(&dynamic_tables); table; table = table->next)
        if (table->functions == functions && atomic_load(&table->end)) {
            atomic_store(&table->end, 0);
            break;
        }
    RtlReleaseSRWLockExclusive(&tables_lock);
    return table != NULL;
}

DWORD WINAPI RtlAddGrowableFunctionTable(PVOID *handle, PRUNTIME_FUNCTION functions, DWORD count, DWORD maximum,
                                         ULONG_PTR start, ULONG_PTR end)
{
    struct dynamic_table model = {.base = start, .functions = functions, .count = count, .sorted = true};

    if (count > maximum || start >= end)
        return STATUS_INVALID_PARAMETER;
    *handle = table_add(&model, start, end);
    return *handle ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

VOID WINAPI RtlGrowFunctionTable(PVOID handle, DWORD count)
{
    struct dynamic_table *table = handle;
    if (count > atomic_load(&table->count))
        atomic_store_explicit(&table->count, count, memory_order_release);
}

VOID WINAPI RtlDeleteGrowableFunctionTable(PVOID handle)
{
    struct dynamic_table *table = handle;
    atomic_store(&table->end, 0);
}
