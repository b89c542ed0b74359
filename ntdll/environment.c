/*
 * environment.c: variables of the process's environment block, and of other blocks.
 *
 * Layer: ntdll.  A block is NAME=value strings, each ended by a zero, with an empty one last, sorted by upper-case
 * name.  The process's own is guarded by the PEB lock and replaced whole when a variable grows.
 */
#include <string.h>
#include "nls.h"
#include "peb.h"

void WINAPI RtlAcquirePebLock(void);
void WINAPI RtlReleasePebLock(void);
NTSTATUS WINAPI RtlSetEnvironmentVar(PWSTR *environment, PWSTR name, SIZE_T name_units, PWSTR value,
                                     SIZE_T value_units);

static WCHAR *own_block(void)
{
    return process_peb.ProcessParameters->Environment;
}

static size_t block_units(const WCHAR *block)
{
    const WCHAR *at = block;

    while (*at)
        at += wide_length(at) + 1;
    return (size_t)(at - block) + 1;
}

/* Where the name ends: names may begin with '=' (=C:). */
static size_t name_length(const WCHAR *entry)
{
    size_t length = 1;

    while (entry[length] && entry[length] != '=')
        length++;
    return length;
}

/* The entry of that name, or the one it belongs before; *found tells which. */
static WCHAR *entry_find(WCHAR *block, const WCHAR *name, size_t length, bool *found)
{
    WCHAR *before = NULL;

    *found = false;
    for (; *block; block += wide_length(block) + 1) {
        size_t entry_length = name_length(block);
        LONG order = RtlCompareUnicodeStrings(block, entry_length, name, length, TRUE);

        if (order == 0 && block[entry_length] == '=') {
            *found = true;
            return block;
        }
        if (order > 0 && !before)
            before = block;
    }
    return before ? before : block;
}

NTSTATUS WINAPI RtlQueryEnvironmentVariable(PWSTR environment, PCWSTR name, SIZE_T length, PWSTR value, SIZE_T room,
                                            PSIZE_T needed)
{
    NTSTATUS status = STATUS_VARIABLE_NOT_FOUND;
    WCHAR *entry;
    bool found;

    *needed = 0;
    if (!environment)
        RtlAcquirePebLock();
    entry = length ? entry_find(environment ? environment : own_block(), name, length, &found) : NULL;
    if (entry && found) {
        WCHAR *text = entry + name_length(entry) + 1;
        size_t count = wide_length(text);

        status = STATUS_SUCCESS;
        if (count < room || (count == room && environment)) {
            memcpy(value, text, count * sizeof(WCHAR));
            if (count < room)
                value[count] = 0;
            *needed = count;
        } else {
            status = STATUS_BUFFER_TOO_SMALL;
            *needed = count + 1;
        }
    }
    if (!environment)
        RtlReleasePebLock();
    return status;
}

NTSTATUS WINAPI RtlQueryEnvironmentVariable_U(PWSTR environment, const UNICODE_STRING *name, PUNICODE_STRING value)
{
    SIZE_T needed;
    NTSTATUS status = RtlQueryEnvironmentVariable(environment, name->Buffer, name->Length / sizeof(WCHAR),
                                                  value->Buffer, value->MaximumLength / sizeof(WCHAR), &needed);

    if (status == STATUS_BUFFER_TOO_SMALL)
        needed--;
    if (status != STATUS_VARIABLE_NOT_FOUND)
        value->Length = (USHORT)(needed * sizeof(WCHAR));
    return status;
}

/* Makes room for or removes `units` at `at` of a block; the result may be a new block. */
static WCHAR *block_resize(WCHAR *block, WCHAR *at, size_t old_units, size_t new_units)
{
    size_t total = block_units(block), offset = (size_t)(at - block);
    WCHAR *made = block;

    if (new_units > old_units || process_initial_environment(block)) {
        made = RtlAllocateHeap(process_peb.ProcessHeap, 0, (total - old_units + new_units) * sizeof(WCHAR));
        if (!made)
            return NULL;
        memcpy(made, block, offset * sizeof(WCHAR));
    }
    memmove(made + offset + new_units, at + old_units, (total - offset - old_units) * sizeof(WCHAR));
    return made;
}

/* value NULL: it goes. */
static NTSTATUS block_set(WCHAR **block, const WCHAR *name, size_t name_units, const WCHAR *value, size_t value_units)
{
    size_t old_units = 0, new_units = 0, offset;
    WCHAR *entry, *made;
    bool found;

    entry = entry_find(*block, name, name_units, &found);
    offset = (size_t)(entry - *block);
    if (found)
        old_units = wide_length(entry) + 1;
    else if (!value)
        return STATUS_VARIABLE_NOT_FOUND;
    if (value)
        new_units = name_units + 1 + value_units + 1;
    made = block_resize(*block, entry, old_units, new_units);
    if (!made)
        return STATUS_NO_MEMORY;
    if (value) {
        WCHAR *out = made + offset;

        if (!found || made == *block)
            memcpy(out, name, name_units * sizeof(WCHAR));
        else /* an existing name keeps its case */
            memcpy(out, *block + offset, name_units * sizeof(WCHAR));
        out[name_units] = '=';
        memcpy(out + name_units + 1, value, value_units * sizeof(WCHAR));
        out[new_units - 1] = 0;
    }
    if (made != *block && !process_initial_environment(*block))
        RtlFreeHeap(process_peb.ProcessHeap, 0, *block);
    *block = made;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlSetEnvironmentVar(PWSTR *environment, PWSTR name, SIZE_T name_units, PWSTR value, SIZE_T value_units)
{
    NTSTATUS status;

    if (!name || !name_units)
        return STATUS_INVALID_PARAMETER;
    for (SIZE_T i = 1; i < name_units; i++)
        if (name[i] == '=')
            return STATUS_INVALID_PARAMETER;
    if (environment)
        return block_set(environment, name, name_units, value, value_units);
    RtlAcquirePebLock();
    status = block_set(&process_peb.ProcessParameters->Environment, name, name_units, value, value_units);
    if (!status)
        process_peb.ProcessParameters->EnvironmentSize = block_units(own_block()) * sizeof(WCHAR);
    RtlReleasePebLock();
    return status;
}

NTSTATUS WINAPI RtlSetEnvironmentVariable(PWSTR *environment, const UNICODE_STRING *name, const UNICODE_STRING *value)
{
    return RtlSetEnvironmentVar(environment, name->Buffer, name->Length / sizeof(WCHAR), value ? value->Buffer : NULL,
                                value ? value->Length / sizeof(WCHAR) : 0);
}

NTSTATUS WINAPI RtlCreateEnvironment(BOOLEAN inherit, PWSTR *environment)
{
    size_t units;

    RtlAcquirePebLock();
    units = inherit ? block_units(own_block()) : 1;
    *environment = RtlAllocateHeap(process_peb.ProcessHeap, HEAP_ZERO_MEMORY, (units + 1) * sizeof(WCHAR));
    if (*environment && inherit)
        memcpy(*environment, own_block(), units * sizeof(WCHAR));
    RtlReleasePebLock();
    return *environment ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS WINAPI RtlDestroyEnvironment(PWSTR environment)
{
    return RtlFreeHeap(process_peb.ProcessHeap, 0, environment) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* Replaces the process's whole block; entries need not be sorted. */
NTSTATUS WINAPI RtlSetEnvironmentStrings(PCWSTR block, SIZE_T size)
{
    WCHAR *made = RtlAllocateHeap(process_peb.ProcessHeap, HEAP_ZERO_MEMORY, 2 * sizeof(WCHAR));
    WCHAR *old;

    (void)size;
    if (!made)
        return STATUS_NO_MEMORY;
    for (; *block; block += wide_length(block) + 1) {
        size_t name = name_length(block);

        if (block[name] == '=')
            block_set(&made, block, name, block + name + 1, wide_length(block + name + 1));
    }
    RtlAcquirePebLock();
    old = own_block();
    process_peb.ProcessParameters->Environment = made;
    process_peb.ProcessParameters->EnvironmentSize = block_units(made) * sizeof(WCHAR);
    RtlReleasePebLock();
    if (!process_initial_environment(old))
        RtlFreeHeap(process_peb.ProcessHeap, 0, old);
    return STATUS_SUCCESS;
}

struct expansion {
    WCHAR *to;
    SIZE_T room, used; /* in units; used counts on when there is no room */
};

static void expansion_put(struct expansion *out, const WCHAR *text, SIZE_T count)
{
    for (SIZE_T i = 0; i < count; i++, out->used++)
        if (out->used < out->room)
            out->to[out->used] = text[i];
}

/* Lengths are in units and *needed counts the terminator. */
NTSTATUS WINAPI RtlExpandEnvironmentStrings(PWSTR environment, PCWSTR from, SIZE_T length, PWSTR to, SIZE_T room,
                                            PSIZE_T needed)
{
    struct expansion out = {to, room, 0};
    const WCHAR *end = from + length;

    if (!environment)
        RtlAcquirePebLock();
    while (from < end) {
        const WCHAR *close = from + 1;
        WCHAR *entry = NULL;
        bool found = false;

        if (*from == '%')
            while (close < end && *close != '%')
                close++;
        if (*from == '%' && close < end && close > from + 1)
            entry = entry_find(environment ? environment : own_block(), from + 1, (size_t)(close - from - 1), &found);
        if (found) {
            entry += name_length(entry) + 1;
            expansion_put(&out, entry, wide_length(entry));
            from = close + 1;
        } else {
            SIZE_T count = *from == '%' ? (SIZE_T)(close - from) : 1; /* a closing % may open the next name */

            expansion_put(&out, from, count);
            from += count;
        }
    }
    expansion_put(&out, L"", 1);
    if (!environment)
        RtlReleasePebLock();
    if (needed)
        *needed = out.used;
    if (out.used <= room)
        return STATUS_SUCCESS;
    if (room)
        to[room - 1] = 0;
    return STATUS_BUFFER_TOO_SMALL;
}

NTSTATUS WINAPI RtlExpandEnvironmentStrings_U(PWSTR environment, const UNICODE_STRING *from, PUNICODE_STRING to,
                                              ULONG *length)
{
    SIZE_T needed;
    NTSTATUS status = RtlExpandEnvironmentStrings(environment, from->Buffer, from->Length / sizeof(WCHAR), to->Buffer,
                                                  to->MaximumLength / sizeof(WCHAR), &needed);

    if (length)
        *length = (ULONG)(needed * sizeof(WCHAR));
    if (!status)
        to->Length = (USHORT)((needed - 1) * sizeof(WCHAR));
    return status;
}
