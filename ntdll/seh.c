/*
 * seh.c: __C_specific_handler: __try, __except and __finally.
 *
 * Layer: ntdll (every C runtime exports it from here).
 */
#include "unwind.h"

static bool in_scope(const SCOPE_TABLE_AMD64 *table, DWORD i, ULONG64 rva)
{
    return rva >= table->ScopeRecord[i].BeginAddress && rva < table->ScopeRecord[i].EndAddress;
}

static LONG ask_filter(const SCOPE_TABLE_AMD64 *table, DWORD i, EXCEPTION_POINTERS *pointers, PVOID frame, ULONG64 base)
{
    if (table->ScopeRecord[i].HandlerAddress == EXCEPTION_EXECUTE_HANDLER)
        return EXCEPTION_EXECUTE_HANDLER;
    return exception_call_funclet((void *)(base + table->ScopeRecord[i].HandlerAddress), (ULONG_PTR)pointers,
                                  (ULONG_PTR)frame);
}

static EXCEPTION_DISPOSITION search_scopes(EXCEPTION_RECORD *record, PVOID frame, CONTEXT *context,
                                           DISPATCHER_CONTEXT *dispatcher)
{
    const SCOPE_TABLE_AMD64 *table = dispatcher->HandlerData;
    ULONG64 base = dispatcher->ImageBase, rva = dispatcher->ControlPc - base;
    EXCEPTION_POINTERS pointers = {record, context};

    for (DWORD i = dispatcher->ScopeIndex; i < table->Count; i++) {
        if (!in_scope(table, i, rva) || !table->ScopeRecord[i].JumpTarget)
            continue;
        LONG answer = ask_filter(table, i, &pointers, frame, base);
        if (answer < 0)
            return ExceptionContinueExecution;
        if (answer > 0)
            exception_unwind(frame, (void *)(base + table->ScopeRecord[i].JumpTarget), record,
                             (void *)(ULONG_PTR)record->ExceptionCode);
    }
    return ExceptionContinueSearch;
}

/* True if the unwind stays inside scope `i`: its target is in a scope with the same handler. */
static bool target_inside(const SCOPE_TABLE_AMD64 *table, DWORD i, ULONG64 target)
{
    for (DWORD j = 0; j < table->Count; j++)
        if (in_scope(table, j, target) &&
            table->ScopeRecord[j].HandlerAddress == table->ScopeRecord[i].HandlerAddress &&
            table->ScopeRecord[j].JumpTarget == table->ScopeRecord[i].JumpTarget)
            return true;
    return false;
}

static void run_finally(EXCEPTION_RECORD *record, PVOID frame, DISPATCHER_CONTEXT *dispatcher)
{
    const SCOPE_TABLE_AMD64 *table = dispatcher->HandlerData;
    ULONG64 base = dispatcher->ImageBase, rva = dispatcher->ControlPc - base, target = dispatcher->TargetIp - base;
    bool at_target = record->ExceptionFlags & EXCEPTION_TARGET_UNWIND;

    for (DWORD i = dispatcher->ScopeIndex; i < table->Count; i++) {
        if (!in_scope(table, i, rva))
            continue;
        if (at_target && target_inside(table, i, target))
            return;
        if (table->ScopeRecord[i].JumpTarget) {
            if (at_target && target == table->ScopeRecord[i].JumpTarget)
                return;
            continue;
        }
        dispatcher->ScopeIndex = i + 1; /* not a second time if the handler itself raises */
        exception_call_funclet((void *)(base + table->ScopeRecord[i].HandlerAddress), TRUE, (ULONG_PTR)frame);
    }
}

EXCEPTION_DISPOSITION __cdecl __C_specific_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                                   DISPATCHER_CONTEXT *dispatcher)
{
    if (!(record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)))
        return search_scopes(record, frame, context, dispatcher);
    run_finally(record, frame, dispatcher);
    return ExceptionContinueSearch;
}
