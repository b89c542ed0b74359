/*
 * private_namespace.h: boundary descriptors and the directories that they lead to.
 */
#ifndef NTDLL_PRIVATE_NAMESPACE_H
#define NTDLL_PRIVATE_NAMESPACE_H

#include "win.h"

#define PRIVATE_DIRECTORY u"\\Private" /* the directories of private namespaces stand there */

#define BOUNDARY_ADD_APPCONTAINER_SID 1u

/* As Windows lays it out: a head, then entries at multiples of 8. */
struct boundary {
    ULONG version, items, total_size, flags;
};

struct boundary_entry {
    ULONG type, size; /* size: of this head and what follows it */
};

enum boundary_type { BOUNDARY_NAME = 1, BOUNDARY_SID = 2, BOUNDARY_INTEGRITY = 3 };

PVOID NTAPI RtlCreateBoundaryDescriptor(PUNICODE_STRING name, ULONG flags);
NTSTATUS NTAPI RtlAddSIDToBoundaryDescriptor(PVOID *boundary, PSID sid);
NTSTATUS NTAPI RtlAddIntegrityLabelToBoundaryDescriptor(PVOID *boundary, PSID label);
VOID NTAPI RtlDeleteBoundaryDescriptor(PVOID boundary);
NTSTATUS NTAPI NtCreatePrivateNamespace(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                        PVOID boundary);
NTSTATUS NTAPI NtOpenPrivateNamespace(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                      PVOID boundary);
NTSTATUS NTAPI NtDeletePrivateNamespace(HANDLE handle);

#endif
