/*
 * entrycall.c: calls of a module's initialization (entrycall.h).
 *
 * As on Windows, an exception that leaves DllMain ends with the loader: loading fails with its code, threads start and
 * end all the same; handlers of whoever called LoadLibrary do not see it.
 */
#include "entrycall.h"
#include "ntdll/exception.h"
#include "ntdll/gate.h"

struct entry_guard {
    struct guard guard;
    NTSTATUS exception;
};

static bool catches(struct guard *guard, EXCEPTION_RECORD *record)
{
    ((struct entry_guard *)guard)->exception = (NTSTATUS)record->ExceptionCode;
    return true;
}

static void caught(struct guard *guard)
{
    (void)guard;
}

bool entry_call(const void *function, const void *base, ULONG reason, bool process, BOOL *result, NTSTATUS *exception)
{
    struct entry_guard own = {.guard = {.catches = catches, .caught = caught}};
    const ULONG_PTR arguments[] = {GUEST(base), reason, process};

    if (guest_call_guarded(&own.guard, function, 3, arguments)) {
        *result = (BOOL)own.guard.result;
        return true;
    }
    *exception = own.exception;
    return false;
}
