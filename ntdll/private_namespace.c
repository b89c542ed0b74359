/*
 * private_namespace.c: boundary descriptors, and private namespaces: directories that are found by a boundary's
 * content instead of a name.  On top of namespace.c.
 *
 * The directory's name is made from the content (128 bits of hash), so that whoever describes the same boundary, in
 * whatever order, finds the same directory.  The caller has to be within the boundary: a member of each of its SIDs,
 * and not below its integrity level.
 */
#include <string.h>
#include "peb.h"
#include "private_namespace.h"
#include "shared.h"
#include "token.h"

#define ENTRY_ALIGNED(size) (((size) + 7u) & ~7u)

static struct boundary_entry *entry_first(const struct boundary *boundary)
{
    return (struct boundary_entry *)(boundary + 1);
}

static struct boundary_entry *entry_next(const struct boundary_entry *entry)
{
    return (struct boundary_entry *)((char *)entry + ENTRY_ALIGNED(entry->size));
}

static NTSTATUS boundary_add(struct boundary **boundary, enum boundary_type type, const void *data, ULONG size)
{
    struct boundary *old = *boundary;
    ULONG entry_size = sizeof(struct boundary_entry) + size, total = old->total_size + ENTRY_ALIGNED(entry_size);
    struct boundary_entry *entry = entry_first(old);
    for (ULONG i = 0; i < old->items; i++, entry = entry_next(entry))
        if (entry->type == type && entry->size == entry_size && memcmp(entry + 1, data, size) == 0)
            return STATUS_SUCCESS;
    struct boundary *grown = RtlReAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, old, total);
    if (!grown)
        return STATUS_NO_MEMORY;
    entry = (struct boundary_entry *)((char *)grown + grown->total_size);
    *entry = (struct boundary_entry){type, entry_size};
    memcpy(entry + 1, data, size);
    grown->items++;
    grown->total_size = total;
    *boundary = grown;
    return STATUS_SUCCESS;
}

PVOID NTAPI RtlCreateBoundaryDescriptor(PUNICODE_STRING name, ULONG flags)
{
    if (!name || !name->Buffer || !name->Length || flags & ~BOUNDARY_ADD_APPCONTAINER_SID)
        return NULL;
    struct boundary *boundary = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *boundary);
    if (!boundary)
        return NULL;
    *boundary = (struct boundary){.version = 1, .total_size = sizeof *boundary, .flags = flags};
    if (boundary_add(&boundary, BOUNDARY_NAME, name->Buffer, name->Length)) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, boundary);
        return NULL;
    }
    return boundary;
}

VOID NTAPI RtlDeleteBoundaryDescriptor(PVOID boundary)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, boundary);
}

/* 0: not a valid one. */
static ULONG sid_size(const SID *sid)
{
    return sid && sid->Revision == SID_REVISION && sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES
               ? 8 + 4 * sid->SubAuthorityCount
               : 0;
}

NTSTATUS NTAPI RtlAddSIDToBoundaryDescriptor(PVOID *boundary, PSID sid)
{
    if (!boundary || !*boundary || !sid_size(sid))
        return STATUS_INVALID_PARAMETER;
    return boundary_add((struct boundary **)boundary, BOUNDARY_SID, sid, sid_size(sid));
}

static bool is_integrity_label(const SID *sid)
{
    static const SID_IDENTIFIER_AUTHORITY authority = {SECURITY_MANDATORY_LABEL_AUTHORITY};
    return sid->SubAuthorityCount == 1 && memcmp(&sid->IdentifierAuthority, &authority, sizeof authority) == 0;
}

/* A boundary has one label at most. */
NTSTATUS NTAPI RtlAddIntegrityLabelToBoundaryDescriptor(PVOID *boundary, PSID label)
{
    if (!boundary || !*boundary || !sid_size(label) || !is_integrity_label(label))
        return STATUS_INVALID_PARAMETER;
    struct boundary *head = *boundary;
    struct boundary_entry *entry = entry_first(head);
    for (ULONG i = 0; i < head->items; i++, entry = entry_next(entry))
        if (entry->type == BOUNDARY_INTEGRITY)
            return STATUS_INVALID_PARAMETER;
    return boundary_add((struct boundary **)boundary, BOUNDARY_INTEGRITY, label, sid_size(label));
}

static NTSTATUS caller_reaches(const SID *label)
{
    struct {
        TOKEN_MANDATORY_LABEL label;
        struct sid_buffer sid;
    } own;
    ULONG size;
    NTSTATUS status = NtQueryInformationToken((HANDLE)-6, TokenIntegrityLevel, &own, sizeof own, &size);
    if (status)
        return status;
    const SID *sid = own.label.Label.Sid;
    return sid->SubAuthority[0] >= label->SubAuthority[0] ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

static NTSTATUS caller_is(PSID sid)
{
    BOOLEAN member = FALSE;
    NTSTATUS status = RtlCheckTokenMembershipEx(NULL, sid, 0, &member);
    return status || member ? status : STATUS_ACCESS_DENIED;
}

/* Whether the entry is whole: `left` bytes remain from where it begins. */
static bool entry_valid(const struct boundary_entry *entry, ULONG left)
{
    if (left < sizeof *entry || entry->size <= sizeof *entry || entry->size > left)
        return false;
    ULONG size = entry->size - sizeof *entry;
    if (entry->type == BOUNDARY_NAME)
        return true;
    PSID sid = (PSID)(entry + 1);
    return (entry->type == BOUNDARY_SID || entry->type == BOUNDARY_INTEGRITY) && size >= 8 && sid_size(sid) == size &&
           (entry->type == BOUNDARY_SID || is_integrity_label(sid));
}

static uint64_t entry_hash(const struct boundary_entry *entry, uint64_t hash)
{
    const unsigned char *bytes = (const unsigned char *)entry;
    for (ULONG i = 0; i < entry->size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3;
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93;
    return hash ^ hash >> 32;
}

/* Sums the entries' hashes: their order does not count. */
static NTSTATUS boundary_hash(const struct boundary *boundary, uint64_t hash[2])
{
    if (!boundary || boundary->version != 1 || boundary->total_size < sizeof *boundary || !boundary->items)
        return STATUS_INVALID_PARAMETER;
    ULONG left = boundary->total_size - sizeof *boundary, names = 0;
    const struct boundary_entry *entry = entry_first(boundary);
    hash[0] = hash[1] = 0;
    for (ULONG i = 0; i < boundary->items; i++) {
        NTSTATUS status = entry_valid(entry, left) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
        if (!status && entry->type == BOUNDARY_SID)
            status = caller_is((PSID)(entry + 1));
        else if (!status && entry->type == BOUNDARY_INTEGRITY)
            status = caller_reaches((const SID *)(entry + 1));
        if (status)
            return status;
        names += entry->type == BOUNDARY_NAME;
        hash[0] += entry_hash(entry, 0xcbf29ce484222325);
        hash[1] += entry_hash(entry, 0x9ae16a3b2f90404f);
        ULONG aligned = ENTRY_ALIGNED(entry->size);
        left -= aligned < left ? aligned : left;
        entry = entry_next(entry);
    }
    return names == 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

struct private_name {
    UNICODE_STRING text;
    WCHAR buffer[sizeof PRIVATE_DIRECTORY / sizeof(WCHAR) + 32];
};

static NTSTATUS private_name(const struct boundary *boundary, struct private_name *name)
{
    uint64_t hash[2];
    NTSTATUS status = boundary_hash(boundary, hash);
    if (status)
        return status;
    WCHAR *end = name->buffer + sizeof PRIVATE_DIRECTORY / sizeof(WCHAR);
    memcpy(name->buffer, PRIVATE_DIRECTORY, sizeof PRIVATE_DIRECTORY);
    end[-1] = '\\';
    for (int i = 0; i < 32; i++)
        *end++ = u"0123456789abcdef"[hash[i / 16] >> i % 16 * 4 & 15];
    name->text = (UNICODE_STRING){sizeof name->buffer, sizeof name->buffer, name->buffer};
    return STATUS_SUCCESS;
}

typedef NTSTATUS(NTAPI *directory_function)(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES);

static NTSTATUS private_directory(directory_function function, PHANDLE handle, ACCESS_MASK access,
                                  const OBJECT_ATTRIBUTES *attributes, const struct boundary *boundary)
{
    struct private_name name;
    OBJECT_ATTRIBUTES full = {.Length = sizeof full};
    if (attributes && (attributes->ObjectName || attributes->RootDirectory))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = private_name(boundary, &name);
    if (status)
        return status;
    if (attributes)
        full = *attributes;
    full.ObjectName = &name.text;
    full.Attributes &= ~(ULONG)OBJ_OPENIF;
    return function(handle, access, &full);
}

NTSTATUS NTAPI NtCreatePrivateNamespace(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                        PVOID boundary)
{
    return private_directory(NtCreateDirectoryObject, handle, access, attributes, boundary);
}

NTSTATUS NTAPI NtOpenPrivateNamespace(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PVOID boundary)
{
    NTSTATUS status = private_directory(NtOpenDirectoryObject, handle, access, attributes, boundary);
    return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_OBJECT_PATH_NOT_FOUND : status;
}

static bool is_private(const UNICODE_STRING *name)
{
    const size_t bytes = sizeof PRIVATE_DIRECTORY - sizeof(WCHAR);
    return name->Length > bytes && memcmp(name->Buffer, PRIVATE_DIRECTORY, bytes) == 0 &&
           name->Buffer[bytes / sizeof(WCHAR)] == '\\';
}

/* The handle stays good, but nothing is found in the namespace any more, and its boundary may be used anew. */
NTSTATUS NTAPI NtDeletePrivateNamespace(HANDLE handle)
{
    struct object *directory;
    NTSTATUS status = handle_lookup(handle, &type_directory, 0, (void **)&directory);
    if (status)
        return status;
    if (directory->shared && is_private(&directory->name))
        shared_destroy_directory(directory);
    else
        status = STATUS_INVALID_PARAMETER;
    object_release(directory);
    return status;
}
