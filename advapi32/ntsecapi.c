/*
 * ntsecapi.c: the local security authority's basics: what machine and domain this is, names of accounts.
 *
 * Layer: advapi32.  A policy handle may be opened to look, not to change: rights of accounts are nobody's to give.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include "security.h"
#include <ntsecapi.h>

#define POLICY ((LSA_HANDLE)0x6c7361)
#define POLICY_LOOK                                                                                                    \
    (POLICY_VIEW_LOCAL_INFORMATION | POLICY_LOOKUP_NAMES | POLICY_VIEW_AUDIT_INFORMATION | READ_CONTROL |              \
     MAXIMUM_ALLOWED | GENERIC_READ | GENERIC_EXECUTE)

NTSTATUS WINAPI LsaOpenPolicy(PLSA_UNICODE_STRING system, PLSA_OBJECT_ATTRIBUTES attributes, ACCESS_MASK access,
                              PLSA_HANDLE handle)
{
    (void)system, (void)attributes;
    if (access & ~(ACCESS_MASK)POLICY_LOOK)
        return STATUS_ACCESS_DENIED;
    *handle = POLICY;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LsaClose(LSA_HANDLE handle)
{
    return handle == POLICY ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI LsaFreeMemory(PVOID memory)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
    return STATUS_SUCCESS;
}

ULONG WINAPI LsaNtStatusToWinError(NTSTATUS status)
{
    return RtlNtStatusToDosError(status);
}

/* Puts a text behind the structure. */
static void set_text(LSA_UNICODE_STRING *string, WCHAR *place, const WCHAR *text)
{
    string->Length = (USHORT)(wide_length(text) * sizeof *text);
    string->MaximumLength = (USHORT)(string->Length + sizeof *text);
    string->Buffer = place;
    memcpy(place, text, string->MaximumLength);
}

#define TEXT_ROOM 64

NTSTATUS WINAPI LsaQueryInformationPolicy(LSA_HANDLE handle, POLICY_INFORMATION_CLASS class, PVOID *buffer)
{
    static const WCHAR workgroup[] = L"WORKGROUP";
    struct {
        union {
            POLICY_ACCOUNT_DOMAIN_INFO account;
            POLICY_PRIMARY_DOMAIN_INFO primary;
            POLICY_DNS_DOMAIN_INFO dns;
            POLICY_LSA_SERVER_ROLE_INFO role;
        };
        struct sid_buffer sid;
        WCHAR text[TEXT_ROOM];
    } * info;
    WCHAR computer[TEXT_ROOM] = {0};
    DWORD size = TEXT_ROOM;

    if (handle != POLICY)
        return STATUS_INVALID_HANDLE;
    if (class != PolicyAccountDomainInformation && class != PolicyPrimaryDomainInformation &&
        class != PolicyDnsDomainInformation && class != PolicyLsaServerRoleInformation)
        return class == PolicyAuditEventsInformation ? STATUS_ACCESS_DENIED : STATUS_INVALID_PARAMETER;
    info = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *info);
    if (!info)
        return STATUS_NO_MEMORY;
    switch (class) {
    case PolicyAccountDomainInformation: /* the machine's SID is the user's without its last part */
        GetComputerNameW(computer, &size);
        set_text(&info->account.DomainName, info->text, computer);
        sid_of_user(&info->sid);
        info->sid.sid.SubAuthorityCount--;
        info->account.DomainSid = &info->sid;
        break;
    case PolicyPrimaryDomainInformation:
        set_text(&info->primary.Name, info->text, workgroup);
        break;
    case PolicyDnsDomainInformation:
        set_text(&info->dns.Name, info->text, workgroup);
        break;
    default:
        info->role.LsaServerRole = PolicyServerRolePrimary;
    }
    *buffer = info;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LsaSetInformationPolicy(LSA_HANDLE handle, POLICY_INFORMATION_CLASS class, PVOID buffer)
{
    (void)class, (void)buffer;
    return handle == POLICY ? STATUS_ACCESS_DENIED : STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI LsaEnumerateAccountRights(LSA_HANDLE handle, PSID sid, PLSA_UNICODE_STRING *rights, PULONG count)
{
    (void)sid, (void)rights, (void)count;
    return handle == POLICY ? STATUS_ACCESS_DENIED : STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI LsaAddAccountRights(LSA_HANDLE handle, PSID sid, PLSA_UNICODE_STRING rights, ULONG count)
{
    (void)sid, (void)rights, (void)count;
    return handle == POLICY ? STATUS_ACCESS_DENIED : STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI LsaRemoveAccountRights(LSA_HANDLE handle, PSID sid, BOOLEAN all, PLSA_UNICODE_STRING rights,
                                       ULONG count)
{
    (void)sid, (void)all, (void)rights, (void)count;
    return handle == POLICY ? STATUS_ACCESS_DENIED : STATUS_INVALID_HANDLE;
}

/* Secrets are kept for services and the system. */
NTSTATUS WINAPI LsaStorePrivateData(LSA_HANDLE handle, PLSA_UNICODE_STRING name, PLSA_UNICODE_STRING data)
{
    (void)name, (void)data;
    return handle == POLICY ? STATUS_ACCESS_DENIED : STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI LsaRetrievePrivateData(LSA_HANDLE handle, PLSA_UNICODE_STRING name, PLSA_UNICODE_STRING *data)
{
    (void)name, (void)data;
    return handle == POLICY ? STATUS_ACCESS_DENIED : STATUS_INVALID_HANDLE;
}
