/*
 * atom.h: atom tables (Rtl) and the table of the process (Nt), which no header of mingw-w64 declares.
 */
#ifndef NTDLL_ATOM_H
#define NTDLL_ATOM_H

#include "win.h"

typedef USHORT RTL_ATOM;
struct atom_table;

NTSTATUS WINAPI RtlCreateAtomTable(ULONG buckets, struct atom_table **table);
NTSTATUS WINAPI RtlEmptyAtomTable(struct atom_table *table, BOOLEAN pinned);
NTSTATUS WINAPI RtlDestroyAtomTable(struct atom_table *table);
NTSTATUS WINAPI RtlAddAtomToAtomTable(struct atom_table *table, PCWSTR name, RTL_ATOM *atom);
NTSTATUS WINAPI RtlLookupAtomInAtomTable(struct atom_table *table, PCWSTR name, RTL_ATOM *atom);
NTSTATUS WINAPI RtlDeleteAtomFromAtomTable(struct atom_table *table, RTL_ATOM atom);
NTSTATUS WINAPI RtlPinAtomInAtomTable(struct atom_table *table, RTL_ATOM atom);
NTSTATUS WINAPI RtlQueryAtomInAtomTable(struct atom_table *table, RTL_ATOM atom, PULONG references, PULONG pinned,
                                        PWSTR name, PULONG length);
NTSTATUS WINAPI NtAddAtom(PWSTR name, ULONG length, RTL_ATOM *atom);
NTSTATUS WINAPI NtFindAtom(PWSTR name, ULONG length, RTL_ATOM *atom);
NTSTATUS WINAPI NtDeleteAtom(RTL_ATOM atom);
NTSTATUS WINAPI NtQueryInformationAtom(RTL_ATOM atom, ULONG class, PVOID data, ULONG size, PULONG returned);

#endif
