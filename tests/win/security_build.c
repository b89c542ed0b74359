/*
 * Do security descriptors come from descriptions and descriptions from them (BuildSecurityDescriptor,
 * GetExplicitEntriesFromAcl, GetEffectiveRightsFromAcl), and what is an account's domain?
 */
#include "check.h"
#include <aclapi.h>
#include <sddl.h>

static PSID sid_of(const char *text)
{
    PSID sid = NULL;

    CHECK(ConvertStringSidToSidA(text, &sid));
    return sid;
}

static PSID world, admins, somebody;

static void fill(EXPLICIT_ACCESS_W *entry, PSID sid, DWORD access, ACCESS_MODE mode)
{
    memset(entry, 0, sizeof *entry);
    entry->grfAccessPermissions = access;
    entry->grfAccessMode = mode;
    BuildTrusteeWithSidW(&entry->Trustee, sid);
}

static PACL make_acl(void)
{
    EXPLICIT_ACCESS_W entries[3];
    PACL acl = NULL;

    fill(&entries[0], world, GENERIC_READ, GRANT_ACCESS);
    fill(&entries[1], admins, GENERIC_ALL, GRANT_ACCESS);
    fill(&entries[2], somebody, GENERIC_WRITE, DENY_ACCESS);
    entries[0].grfInheritance = SUB_CONTAINERS_AND_OBJECTS_INHERIT;
    CHECK_EQ(SetEntriesInAclW(3, entries, NULL, &acl), ERROR_SUCCESS);
    return acl;
}

static void entries(void)
{
    PACL acl = make_acl();
    EXPLICIT_ACCESS_W *list = NULL;
    ULONG count = 99;

    CHECK_EQ(GetExplicitEntriesFromAclW(acl, &count, &list), ERROR_SUCCESS);
    CHECK_EQ(count, 3);
    CHECK_EQ(list[0].grfAccessMode, DENY_ACCESS);
    CHECK_EQ(list[0].grfAccessPermissions, GENERIC_WRITE);
    CHECK(EqualSid(list[0].Trustee.ptstrName, somebody));
    CHECK_EQ(list[0].Trustee.TrusteeForm, TRUSTEE_IS_SID);
    CHECK_EQ(GetTrusteeFormW(&list[0].Trustee), TRUSTEE_IS_SID);
    CHECK_EQ(list[1].grfAccessMode, GRANT_ACCESS);
    CHECK_EQ(list[1].grfInheritance, SUB_CONTAINERS_AND_OBJECTS_INHERIT);
    CHECK(EqualSid(list[1].Trustee.ptstrName, world));
    CHECK(EqualSid(list[2].Trustee.ptstrName, admins));
    LocalFree(list);
    acl->AceCount = 0;
    CHECK_EQ(GetExplicitEntriesFromAclW(acl, &count, &list), ERROR_SUCCESS);
    CHECK_EQ(count, 0);
    LocalFree(acl);
}

static void effective(void)
{
    PACL acl = make_acl();
    TRUSTEE_W trustee;
    ACCESS_MASK mask = 0;

    BuildTrusteeWithSidW(&trustee, world);
    CHECK_EQ(GetEffectiveRightsFromAclW(acl, &trustee, &mask), ERROR_SUCCESS);
    CHECK_EQ(mask, GENERIC_READ);
    BuildTrusteeWithSidW(&trustee, admins);
    CHECK_EQ(GetEffectiveRightsFromAclW(acl, &trustee, &mask), ERROR_SUCCESS);
    CHECK_EQ(mask, GENERIC_READ | GENERIC_ALL);
    BuildTrusteeWithSidW(&trustee, somebody);
    CHECK_EQ(GetEffectiveRightsFromAclW(acl, &trustee, &mask), ERROR_SUCCESS);
    CHECK_EQ(mask, GENERIC_READ);
    CHECK_EQ(GetEffectiveRightsFromAclW(NULL, &trustee, &mask), ERROR_INVALID_PARAMETER);
    LocalFree(acl);
}

static void descriptors(void)
{
    PSECURITY_DESCRIPTOR made = NULL, again = NULL;
    EXPLICIT_ACCESS_W entry, *list = NULL;
    TRUSTEE_W owner, group, *read_owner = NULL;
    BOOL present = FALSE, defaulted;
    SECURITY_DESCRIPTOR_CONTROL control;
    ULONG size = 0, count = 0;
    DWORD revision;
    PACL acl = NULL;
    char *text = NULL;
    PSID sid;

    BuildTrusteeWithSidW(&owner, somebody);
    BuildTrusteeWithSidW(&group, admins);
    fill(&entry, world, FILE_GENERIC_READ, GRANT_ACCESS);
    CHECK_EQ(BuildSecurityDescriptorW(&owner, &group, 1, &entry, 0, NULL, NULL, &size, &made), ERROR_SUCCESS);
    CHECK_EQ(size, GetSecurityDescriptorLength(made));
    CHECK(IsValidSecurityDescriptor(made));
    CHECK(GetSecurityDescriptorControl(made, &control, &revision) && control & SE_SELF_RELATIVE);
    CHECK(GetSecurityDescriptorOwner(made, &sid, &defaulted) && EqualSid(sid, somebody));
    CHECK(GetSecurityDescriptorGroup(made, &sid, &defaulted) && EqualSid(sid, admins));
    CHECK(GetSecurityDescriptorDacl(made, &present, &acl, &defaulted) && present && acl->AceCount == 1);
    CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorA(made, 1, DACL_SECURITY_INFORMATION, &text, NULL));
    CHECK_STR(text, "D:(A;;FR;;;WD)");
    LocalFree(text);
    /* what is not given comes from the old one */
    fill(&entry, admins, FILE_ALL_ACCESS, GRANT_ACCESS);
    CHECK_EQ(BuildSecurityDescriptorW(NULL, NULL, 1, &entry, 0, NULL, made, &size, &again), ERROR_SUCCESS);
    CHECK(GetSecurityDescriptorOwner(again, &sid, &defaulted) && EqualSid(sid, somebody));
    CHECK(GetSecurityDescriptorDacl(again, &present, &acl, &defaulted) && present && acl->AceCount == 2);
    CHECK_EQ(LookupSecurityDescriptorPartsW(&read_owner, NULL, &count, &list, NULL, NULL, again), ERROR_SUCCESS);
    CHECK(read_owner && EqualSid(read_owner->ptstrName, somebody));
    CHECK_EQ(count, 2);
    LocalFree(read_owner);
    LocalFree(list);
    LocalFree(again);
    LocalFree(made);
    CHECK_EQ(BuildSecurityDescriptorW(NULL, NULL, 0, NULL, 0, NULL, NULL, &size, &made), ERROR_SUCCESS);
    CHECK_EQ(size, sizeof(SECURITY_DESCRIPTOR_RELATIVE));
    LocalFree(made);
}

/* The other form, with accounts by name. */
static void descriptor_ansi(void)
{
    EXPLICIT_ACCESS_A entry, *list = NULL;
    TRUSTEE_A owner, *read_owner = NULL;
    SECURITY_DESCRIPTOR *made = NULL;
    ULONG size = 0, count = 0;

    BuildTrusteeWithNameA(&owner, "Everyone");
    BuildExplicitAccessWithNameA(&entry, "Administrators", FILE_GENERIC_READ, GRANT_ACCESS, NO_INHERITANCE);
    CHECK_EQ(BuildSecurityDescriptorA(&owner, NULL, 1, &entry, 0, NULL, NULL, &size, (PSECURITY_DESCRIPTOR *)&made), 0);
    CHECK_EQ(LookupSecurityDescriptorPartsA(&read_owner, NULL, &count, &list, NULL, NULL, made), ERROR_SUCCESS);
    CHECK(read_owner && EqualSid((PSID)read_owner->ptstrName, world));
    CHECK_EQ(count, 1);
    CHECK(count == 1 && EqualSid((PSID)list->Trustee.ptstrName, admins));
    CHECK(count == 1 && list->grfAccessPermissions == FILE_GENERIC_READ);
    LocalFree(read_owner);
    LocalFree(list);
    LocalFree(made);
    BuildExplicitAccessWithNameA(&entry, "nobody of that name", FILE_GENERIC_READ, GRANT_ACCESS, NO_INHERITANCE);
    CHECK_EQ(BuildSecurityDescriptorA(NULL, NULL, 1, &entry, 0, NULL, NULL, &size, (PSECURITY_DESCRIPTOR *)&made),
             ERROR_NONE_MAPPED);
    CHECK_EQ(BuildSecurityDescriptorA(NULL, NULL, 1, NULL, 0, NULL, NULL, &size, (PSECURITY_DESCRIPTOR *)&made),
             ERROR_INVALID_PARAMETER);
}

static void domains(void)
{
    PSID other = sid_of("S-1-5-21-1-2-3-2000"), third = sid_of("S-1-5-21-1-2-4-1000");
    BYTE domain[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof domain;
    BOOL equal = FALSE;
    char *text = NULL;

    CHECK(GetWindowsAccountDomainSid(somebody, domain, &size));
    CHECK_EQ(size, 24);
    CHECK(ConvertSidToStringSidA(domain, &text));
    CHECK_STR(text, "S-1-5-21-1-2-3");
    LocalFree(text);
    size = 8;
    CHECK_ERROR(GetWindowsAccountDomainSid(somebody, domain, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 24);
    size = sizeof domain;
    CHECK_ERROR(GetWindowsAccountDomainSid(world, domain, &size), ERROR_NON_ACCOUNT_SID);
    CHECK(EqualDomainSid(somebody, other, &equal) && equal);
    CHECK(EqualDomainSid(somebody, third, &equal) && !equal);
    CHECK_ERROR(EqualDomainSid(somebody, world, &equal), ERROR_NON_DOMAIN_SID);
    LocalFree(other);
    LocalFree(third);
}

int main(void)
{
    world = sid_of("S-1-1-0");
    admins = sid_of("S-1-5-32-544");
    somebody = sid_of("S-1-5-21-1-2-3-1000");
    if (check_under_wine()) /* sorts no entries, sizes descriptors otherwise, and lacks the rest */
        return check_done();
    entries();
    effective();
    descriptors();
    descriptor_ansi();
    domains();
    return check_done();
}
