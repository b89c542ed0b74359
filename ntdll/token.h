/*
 * token.h: access tokens (token.c), what they say (token_query.c), and who the program runs as, for the layers above.
 */
#ifndef NTDLL_TOKEN_H
#define NTDLL_TOKEN_H

#include "win.h"

struct sid_buffer {
    SID sid;
    DWORD parts[14]; /* continues SubAuthority */
};

void sid_of_user(struct sid_buffer *buffer);
void sid_of_group(struct sid_buffer *buffer); /* the user's primary group */

NTSTATUS NTAPI NtAllocateLocallyUniqueId(PLUID id);
NTSTATUS NTAPI NtOpenProcessToken(HANDLE process, ACCESS_MASK access, PHANDLE handle);
NTSTATUS NTAPI NtOpenProcessTokenEx(HANDLE process, ACCESS_MASK access, ULONG attributes, PHANDLE handle);
NTSTATUS NTAPI NtOpenThreadToken(HANDLE thread, ACCESS_MASK access, BOOLEAN as_self, PHANDLE handle);
NTSTATUS NTAPI NtOpenThreadTokenEx(HANDLE thread, ACCESS_MASK access, BOOLEAN as_self, ULONG attributes,
                                   PHANDLE handle);
NTSTATUS NTAPI NtDuplicateToken(HANDLE token, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, BOOLEAN effective,
                                TOKEN_TYPE type, PHANDLE handle);
NTSTATUS NTAPI NtFilterToken(HANDLE token, ULONG flags, PTOKEN_GROUPS disabled, PTOKEN_PRIVILEGES deleted,
                             PTOKEN_GROUPS restricted, PHANDLE handle);
NTSTATUS NTAPI NtAdjustPrivilegesToken(HANDLE token, BOOLEAN disable_all, PTOKEN_PRIVILEGES wanted, ULONG size,
                                       PTOKEN_PRIVILEGES previous, PULONG returned);
NTSTATUS NTAPI NtPrivilegeCheck(HANDLE token, PPRIVILEGE_SET set, PBOOLEAN result);
NTSTATUS NTAPI NtQueryInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS class, PVOID buffer, ULONG size,
                                       PULONG returned);
NTSTATUS NTAPI NtSetInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS class, PVOID buffer, ULONG size);
NTSTATUS NTAPI NtAccessCheck(PSECURITY_DESCRIPTOR descriptor, HANDLE token, ACCESS_MASK wanted,
                             PGENERIC_MAPPING mapping, PPRIVILEGE_SET privileges, PULONG privileges_size,
                             PACCESS_MASK granted, PNTSTATUS access_status);
NTSTATUS NTAPI RtlCheckTokenMembershipEx(HANDLE token, PSID sid, ULONG flags, PBOOLEAN member);
NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level);

#endif
