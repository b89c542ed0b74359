/*
 * atom.c: atom tables: names of up to 255 characters as 16-bit numbers, counted, compared without regard to case.
 *
 * Layer: ntdll, over rtlstring.c.  Numbers below 0xC000 are atoms of their own and need no table; so are names of the
 * form
 * "#123".  The one table that Nt functions use is of this process alone.
 */
#include <stdlib.h>
#include <string.h>
#include "atom.h"
#include "ntsync.h"

NTSTATUS WINAPI RtlHashUnicodeString(const UNICODE_STRING *string, BOOLEAN fold, ULONG algorithm, PULONG hash);

#define FIRST_ATOM 0xc000u
#define ATOMS 0x3fffu
#define BUCKETS 37 /* unless asked for otherwise: as Windows has it */
#define LONGEST 255

struct atom {
    struct atom *next; /* in the bucket */
    RTL_ATOM number;
    USHORT references, pinned;
    USHORT length; /* of the name, in bytes; a zero follows */
    WCHAR name[];
};

struct atom_table {
    RTL_SRWLOCK lock;
    struct atom **atoms; /* by number */
    ULONG room;
    ULONG buckets;
    struct atom *bucket[];
};

static struct atom_table *process_table;

/* What a name or a number given in its place means: 0 a name, else an integer atom. */
static NTSTATUS integer_atom(const WCHAR *name, ULONG *number)
{
    *number = 0;
    if ((ULONG_PTR)name < 0x10000) {
        *number = (ULONG)(ULONG_PTR)name;
        return *number && *number < FIRST_ATOM ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    }
    if (name[0] != '#' || !name[1])
        return STATUS_SUCCESS;
    for (const WCHAR *p = name + 1; *p; p++) {
        if (*p < '0' || *p > '9' || *number >= 0x10000) {
            *number = 0;
            return STATUS_SUCCESS;
        }
        *number = *number * 10 + (ULONG)(*p - '0');
    }
    if (!*number || *number >= FIRST_ATOM)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static NTSTATUS name_check(const WCHAR *name, UNICODE_STRING *text)
{
    size_t length = 0;

    while (length <= LONGEST && name[length])
        length++;
    if (!length)
        return STATUS_OBJECT_NAME_INVALID;
    if (length > LONGEST)
        return STATUS_INVALID_PARAMETER;
    *text = (UNICODE_STRING){(USHORT)(length * sizeof(WCHAR)), (USHORT)(length * sizeof(WCHAR)), (WCHAR *)name};
    return STATUS_SUCCESS;
}

/* Where the atom of that name is linked, or would be. */
static struct atom **find(struct atom_table *table, const UNICODE_STRING *name)
{
    ULONG hash;

    RtlHashUnicodeString(name, TRUE, 0, &hash);
    struct atom **link = &table->bucket[hash % table->buckets];
    for (; *link; link = &(*link)->next) {
        UNICODE_STRING text = {(*link)->length, (*link)->length, (*link)->name};
        if (RtlEqualUnicodeString(&text, name, TRUE))
            break;
    }
    return link;
}

static struct atom *by_number(const struct atom_table *table, RTL_ATOM number)
{
    ULONG index = number - FIRST_ATOM;

    return number >= FIRST_ATOM && index < table->room ? table->atoms[index] : NULL;
}

/* A free number, making room for it; 0: the table is full. */
static RTL_ATOM free_number(struct atom_table *table)
{
    ULONG index = 0;

    while (index < table->room && table->atoms[index])
        index++;
    if (index == ATOMS)
        return 0;
    if (index == table->room) {
        ULONG room = table->room ? 2 * table->room : 32;
        struct atom **atoms = realloc(table->atoms, room * sizeof *atoms);
        if (!atoms)
            return 0;
        memset(atoms + table->room, 0, (room - table->room) * sizeof *atoms);
        table->atoms = atoms;
        table->room = room > ATOMS ? ATOMS : room;
    }
    return (RTL_ATOM)(FIRST_ATOM + index);
}

static NTSTATUS add_name(struct atom_table *table, const UNICODE_STRING *name, RTL_ATOM *number)
{
    struct atom **link = find(table, name), *atom = *link;

    if (!atom) {
        RTL_ATOM fresh = free_number(table);
        atom = fresh ? malloc(sizeof *atom + name->Length + sizeof(WCHAR)) : NULL;
        if (!atom)
            return STATUS_NO_MEMORY;
        *atom = (struct atom){.number = fresh, .length = name->Length};
        memcpy(atom->name, name->Buffer, name->Length);
        atom->name[name->Length / sizeof(WCHAR)] = 0;
        *link = table->atoms[fresh - FIRST_ATOM] = atom;
    }
    if (atom->references < 0xffff)
        atom->references++;
    *number = atom->number;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlCreateAtomTable(ULONG buckets, struct atom_table **table)
{
    if (*table)
        return STATUS_SUCCESS;
    if (buckets < 2)
        buckets = BUCKETS;
    struct atom_table *made = calloc(1, sizeof *made + buckets * sizeof made->bucket[0]);
    if (!made)
        return STATUS_NO_MEMORY;
    made->buckets = buckets;
    *table = made;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlEmptyAtomTable(struct atom_table *table, BOOLEAN pinned)
{
    if (!table)
        return STATUS_INVALID_PARAMETER;
    RtlAcquireSRWLockExclusive(&table->lock);
    for (ULONG i = 0; i < table->buckets; i++)
        for (struct atom **link = &table->bucket[i], *atom; (atom = *link);) {
            if (atom->pinned && !pinned) {
                link = &atom->next;
                continue;
            }
            *link = atom->next;
            table->atoms[atom->number - FIRST_ATOM] = NULL;
            free(atom);
        }
    RtlReleaseSRWLockExclusive(&table->lock);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlDestroyAtomTable(struct atom_table *table)
{
    NTSTATUS status = RtlEmptyAtomTable(table, TRUE);

    if (!status) {
        free(table->atoms);
        free(table);
    }
    return status;
}

NTSTATUS WINAPI RtlAddAtomToAtomTable(struct atom_table *table, PCWSTR name, RTL_ATOM *atom)
{
    UNICODE_STRING text;
    ULONG number;
    NTSTATUS status = table ? integer_atom(name, &number) : STATUS_INVALID_PARAMETER;

    if (status || number) {
        if (!status && atom)
            *atom = (RTL_ATOM)number;
        return status;
    }
    status = name_check(name, &text);
    if (status)
        return status;
    RTL_ATOM found;
    RtlAcquireSRWLockExclusive(&table->lock);
    status = add_name(table, &text, &found);
    RtlReleaseSRWLockExclusive(&table->lock);
    if (!status && atom)
        *atom = found;
    return status;
}

NTSTATUS WINAPI RtlLookupAtomInAtomTable(struct atom_table *table, PCWSTR name, RTL_ATOM *atom)
{
    UNICODE_STRING text;
    ULONG number;
    NTSTATUS status = table ? integer_atom(name, &number) : STATUS_INVALID_PARAMETER;

    if (!status && !number) {
        status = name_check(name, &text);
        if (status)
            return status;
        RtlAcquireSRWLockShared(&table->lock);
        const struct atom *found = *find(table, &text);
        number = found ? found->number : 0;
        RtlReleaseSRWLockShared(&table->lock);
        status = number ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
    }
    if (!status && atom)
        *atom = (RTL_ATOM)number;
    return status;
}

NTSTATUS WINAPI RtlDeleteAtomFromAtomTable(struct atom_table *table, RTL_ATOM number)
{
    NTSTATUS status = STATUS_SUCCESS;

    if (!table)
        return STATUS_INVALID_PARAMETER;
    if (number && number < FIRST_ATOM)
        return STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&table->lock);
    struct atom *atom = by_number(table, number);
    if (!atom) {
        status = STATUS_INVALID_HANDLE;
    } else if (atom->pinned) {
        status = STATUS_WAS_LOCKED;
    } else if (--atom->references == 0) {
        UNICODE_STRING text = {atom->length, atom->length, atom->name};
        *find(table, &text) = atom->next;
        table->atoms[number - FIRST_ATOM] = NULL;
        free(atom);
    }
    RtlReleaseSRWLockExclusive(&table->lock);
    return status;
}

NTSTATUS WINAPI RtlPinAtomInAtomTable(struct atom_table *table, RTL_ATOM number)
{
    if (!table)
        return STATUS_INVALID_PARAMETER;
    if (number && number < FIRST_ATOM)
        return STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&table->lock);
    struct atom *atom = by_number(table, number);
    if (atom)
        atom->pinned = 1;
    RtlReleaseSRWLockExclusive(&table->lock);
    return atom ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

/* Copies as much of the name as fits, with a zero; *length: bytes of room, then those of the name that were copied. */
static NTSTATUS copy_name(const WCHAR *name, ULONG size, WCHAR *buffer, ULONG *length)
{
    ULONG room = *length;

    *length = size;
    if (room < sizeof(WCHAR))
        return STATUS_BUFFER_TOO_SMALL;
    if (size > room - sizeof(WCHAR))
        *length = (room - sizeof(WCHAR)) & ~1u;
    memcpy(buffer, name, *length);
    buffer[*length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlQueryAtomInAtomTable(struct atom_table *table, RTL_ATOM number, PULONG references, PULONG pinned,
                                        PWSTR name, PULONG length)
{
    NTSTATUS status = STATUS_SUCCESS;
    WCHAR text[8] = L"#";
    UNICODE_STRING digits = {0, sizeof text - sizeof(WCHAR), text + 1};

    if (!table)
        return STATUS_INVALID_PARAMETER;
    if (number < FIRST_ATOM) {
        if (!number)
            return STATUS_INVALID_PARAMETER;
        if (references)
            *references = 1;
        if (pinned)
            *pinned = 1;
        RtlIntegerToUnicodeString(number, 10, &digits);
        return name ? copy_name(text, digits.Length + (ULONG)sizeof(WCHAR), name, length) : status;
    }
    RtlAcquireSRWLockShared(&table->lock);
    const struct atom *atom = by_number(table, number);
    if (!atom) {
        status = STATUS_INVALID_HANDLE;
    } else {
        if (references)
            *references = atom->references;
        if (pinned)
            *pinned = atom->pinned;
        if (name)
            status = copy_name(atom->name, atom->length, name, length);
    }
    RtlReleaseSRWLockShared(&table->lock);
    return status;
}

/* --- the Nt functions' table ------------------------------------------------------------------------------------- */

static struct atom_table *global_table(void)
{
    struct atom_table *table = __atomic_load_n(&process_table, __ATOMIC_ACQUIRE), *made = NULL;

    if (!table && !RtlCreateAtomTable(BUCKETS, &made)) {
        if (__atomic_compare_exchange_n(&process_table, &table, made, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return made;
        RtlDestroyAtomTable(made);
    }
    return table;
}

/* The name is counted, not ended by zero; a number in its place has no length. */
static NTSTATUS with_name(PCWSTR name, ULONG length, RTL_ATOM *atom,
                          NTSTATUS(WINAPI *function)(struct atom_table *, PCWSTR, RTL_ATOM *))
{
    WCHAR copy[LONGEST + 2];

    if ((ULONG_PTR)name < 0x10000)
        return function(global_table(), name, atom);
    if (length > LONGEST * sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    memcpy(copy, name, length);
    copy[length / sizeof(WCHAR)] = 0;
    return function(global_table(), copy, atom);
}

NTSTATUS WINAPI NtAddAtom(PWSTR name, ULONG length, RTL_ATOM *atom)
{
    return with_name(name, length, atom, RtlAddAtomToAtomTable);
}

NTSTATUS WINAPI NtFindAtom(PWSTR name, ULONG length, RTL_ATOM *atom)
{
    return with_name(name, length, atom, RtlLookupAtomInAtomTable);
}

NTSTATUS WINAPI NtDeleteAtom(RTL_ATOM atom)
{
    return RtlDeleteAtomFromAtomTable(global_table(), atom);
}

NTSTATUS WINAPI NtQueryInformationAtom(RTL_ATOM atom, ULONG class, PVOID data, ULONG size, PULONG returned)
{
    struct {
        USHORT usage, flags, length;
        WCHAR name[1];
    } *basic = data;
    ULONG header = FIELD_OFFSET(__typeof__(*basic), name), references, pinned, length;

    if (class != 0)
        return STATUS_INVALID_INFO_CLASS;
    if (size < header + sizeof(WCHAR))
        return STATUS_INFO_LENGTH_MISMATCH;
    length = size - header;
    NTSTATUS status = RtlQueryAtomInAtomTable(global_table(), atom, &references, &pinned, basic->name, &length);
    if (status)
        return status;
    basic->usage = (USHORT)references;
    basic->flags = (USHORT)pinned;
    basic->length = (USHORT)length;
    if (returned)
        *returned = header + length + (ULONG)sizeof(WCHAR);
    return STATUS_SUCCESS;
}
