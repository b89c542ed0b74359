/*
 * security_acl.c: do access-control lists and security descriptors hold what is put into them, and refuse what does not
 * fit?  link: -ladvapi32
 */
#include "check.h"
#include <aclapi.h>
#include <sddl.h>

static BYTE sids[4][SECURITY_MAX_SID_SIZE];
#define WORLD ((PSID)sids[0])
#define ADMINS ((PSID)sids[1])
#define SYSTEM ((PSID)sids[2])
#define USERS ((PSID)sids[3])

static void make_sids(void)
{
    static const WELL_KNOWN_SID_TYPE kinds[] = {WinWorldSid, WinBuiltinAdministratorsSid, WinLocalSystemSid,
                                                WinBuiltinUsersSid};
    for (int i = 0; i < 4; i++) {
        DWORD size = SECURITY_MAX_SID_SIZE;
        CHECK(CreateWellKnownSid(kinds[i], NULL, sids[i], &size));
        CHECK(IsValidSid(sids[i]));
    }
}

static void test_acl(void)
{
    BYTE buffer[256];
    ACL *acl = (ACL *)buffer;
    ACL_SIZE_INFORMATION size;
    ACL_REVISION_INFORMATION revision;
    void *ace;

    CHECK_ERROR(InitializeAcl(acl, sizeof(ACL) - 1, ACL_REVISION), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(InitializeAcl(acl, sizeof buffer, 1), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(InitializeAcl(acl, sizeof buffer, 5), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(InitializeAcl(acl, 0x10000, ACL_REVISION), ERROR_INVALID_PARAMETER);
    CHECK(InitializeAcl(acl, sizeof buffer, ACL_REVISION));
    CHECK_EQ(acl->AclSize, sizeof buffer);
    CHECK_EQ(acl->AceCount, 0);
    CHECK(IsValidAcl(acl));
    CHECK(AddAccessAllowedAce(acl, ACL_REVISION, GENERIC_READ, WORLD));
    CHECK(AddAccessAllowedAceEx(acl, ACL_REVISION, OBJECT_INHERIT_ACE, GENERIC_ALL, ADMINS));
    CHECK(AddAccessDeniedAce(acl, ACL_REVISION, DELETE, USERS));
    CHECK(AddAccessDeniedAceEx(acl, ACL_REVISION, CONTAINER_INHERIT_ACE, WRITE_DAC, SYSTEM));
    CHECK_EQ(acl->AceCount, 4);
    CHECK(GetAclInformation(acl, &size, sizeof size, AclSizeInformation));
    CHECK_EQ(size.AceCount, 4);
    CHECK_EQ(size.AclBytesInUse, 8 + 20 + 24 + 24 + 20);
    CHECK_EQ(size.AclBytesFree, 256 - size.AclBytesInUse);
    CHECK(GetAclInformation(acl, &revision, sizeof revision, AclRevisionInformation));
    CHECK_EQ(revision.AclRevision, ACL_REVISION);
    if (!check_under_wine()) /* there ERROR_INVALID_PARAMETER */
        CHECK_ERROR(GetAclInformation(acl, &size, sizeof size - 1, AclSizeInformation), ERROR_INSUFFICIENT_BUFFER);

    static const struct {
        BYTE type, flags;
        DWORD mask;
        int sid;
    } expected[] = {{ACCESS_ALLOWED_ACE_TYPE, 0, GENERIC_READ, 0},
                    {ACCESS_ALLOWED_ACE_TYPE, OBJECT_INHERIT_ACE, GENERIC_ALL, 1},
                    {ACCESS_DENIED_ACE_TYPE, 0, DELETE, 3},
                    {ACCESS_DENIED_ACE_TYPE, CONTAINER_INHERIT_ACE, WRITE_DAC, 2}};
    for (DWORD i = 0; i < 4; i++) {
        CHECK(GetAce(acl, i, &ace));
        ACCESS_ALLOWED_ACE *entry = ace;
        CHECK_EQ(entry->Header.AceType, expected[i].type);
        CHECK_EQ(entry->Header.AceFlags, expected[i].flags);
        CHECK_EQ(entry->Mask, expected[i].mask);
        CHECK_EQ(entry->Header.AceSize, 8 + GetLengthSid(sids[expected[i].sid]));
        CHECK(EqualSid(&entry->SidStart, sids[expected[i].sid]));
    }
    CHECK_ERROR(GetAce(acl, 4, &ace), ERROR_INVALID_PARAMETER);
    CHECK(FindFirstFreeAce(acl, &ace));
    CHECK((BYTE *)ace == buffer + size.AclBytesInUse);
    CHECK(DeleteAce(acl, 1));
    CHECK_EQ(acl->AceCount, 3);
    CHECK(GetAce(acl, 1, &ace));
    CHECK_EQ(((ACCESS_ALLOWED_ACE *)ace)->Mask, DELETE);
    CHECK_ERROR(DeleteAce(acl, 3), ERROR_INVALID_PARAMETER);
}

static void test_full(void)
{
    BYTE buffer[sizeof(ACL) + 20 + 12];
    ACL *acl = (ACL *)buffer;
    void *ace;

    CHECK(InitializeAcl(acl, sizeof buffer, ACL_REVISION));
    CHECK(AddAccessAllowedAce(acl, ACL_REVISION, 1, WORLD));
    CHECK_ERROR(AddAccessAllowedAce(acl, ACL_REVISION, 1, WORLD), ERROR_ALLOTTED_SPACE_EXCEEDED);
    CHECK_EQ(acl->AceCount, 1);
    CHECK(GetAce(acl, 0, &ace));
    if (!check_under_wine()) /* there ERROR_INVALID_PARAMETER */
        CHECK_ERROR(AddAce(acl, ACL_REVISION, MAXDWORD, ace, ((ACE_HEADER *)ace)->AceSize), ERROR_INSUFFICIENT_BUFFER);
    BYTE bad_sid[SECURITY_MAX_SID_SIZE] = {9};
    CHECK_ERROR(AddAccessAllowedAce(acl, ACL_REVISION, 1, bad_sid), ERROR_INVALID_SID);
    acl->AceCount = 5;
    if (!check_under_wine()) /* which does not look at the entries */
        CHECK(!IsValidAcl(acl));
}

static void test_insert(void)
{
    BYTE buffer[256], other[256];
    ACL *acl = (ACL *)buffer, *from = (ACL *)other;
    void *ace;

    CHECK(InitializeAcl(acl, sizeof buffer, ACL_REVISION));
    CHECK(InitializeAcl(from, sizeof other, ACL_REVISION));
    CHECK(AddAccessAllowedAce(acl, ACL_REVISION, 1, WORLD));
    CHECK(AddAccessAllowedAce(acl, ACL_REVISION, 2, WORLD));
    CHECK(AddAccessDeniedAce(from, ACL_REVISION, 3, ADMINS));
    CHECK(AddAccessDeniedAce(from, ACL_REVISION, 4, ADMINS));
    CHECK(GetAce(from, 0, &ace));
    CHECK(AddAce(acl, ACL_REVISION, 1, ace, 48)); /* two at once, between the two */
    static const DWORD masks[] = {1, 3, 4, 2};
    CHECK_EQ(acl->AceCount, 4);
    if (check_under_wine()) /* which adds at the end whatever the index says */
        return;
    for (DWORD i = 0; i < 4; i++) {
        CHECK(GetAce(acl, i, &ace));
        CHECK_EQ(((ACCESS_ALLOWED_ACE *)ace)->Mask, masks[i]);
    }
    CHECK_ERROR(AddAce(acl, ACL_REVISION, 0, ace, 10), ERROR_INVALID_PARAMETER);
}

static void test_descriptor(void)
{
    BYTE list[128], relative[512], absolute_buffer[128], dacl[256], sacl[64], owner_buffer[64], group_buffer[64];
    ACL *acl = (ACL *)list, *got;
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_DESCRIPTOR_CONTROL control;
    DWORD revision, size = 0;
    BOOL present, defaulted;
    PSID sid;

    CHECK_ERROR(InitializeSecurityDescriptor(&descriptor, 2), ERROR_UNKNOWN_REVISION);
    CHECK(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION));
    CHECK(IsValidSecurityDescriptor(&descriptor));
    CHECK_EQ(GetSecurityDescriptorLength(&descriptor), sizeof descriptor);
    CHECK(GetSecurityDescriptorControl(&descriptor, &control, &revision));
    CHECK_EQ(control, 0);
    CHECK_EQ(revision, 1);
    CHECK(GetSecurityDescriptorOwner(&descriptor, &sid, &defaulted));
    CHECK(sid == NULL);
    present = 7;
    CHECK(GetSecurityDescriptorDacl(&descriptor, &present, &got, &defaulted));
    CHECK_EQ(present, FALSE);
    CHECK(InitializeAcl(acl, sizeof list, ACL_REVISION));
    CHECK(AddAccessAllowedAce(acl, ACL_REVISION, 5, WORLD));
    CHECK(SetSecurityDescriptorDacl(&descriptor, TRUE, acl, FALSE));
    CHECK(SetSecurityDescriptorOwner(&descriptor, ADMINS, TRUE));
    CHECK(SetSecurityDescriptorGroup(&descriptor, SYSTEM, FALSE));
    CHECK(SetSecurityDescriptorControl(&descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED));
    CHECK_ERROR(SetSecurityDescriptorControl(&descriptor, SE_DACL_PRESENT, 0), ERROR_INVALID_PARAMETER);
    CHECK(GetSecurityDescriptorControl(&descriptor, &control, &revision));
    CHECK_EQ(control, SE_DACL_PRESENT | SE_OWNER_DEFAULTED | SE_DACL_PROTECTED);
    CHECK(GetSecurityDescriptorDacl(&descriptor, &present, &got, &defaulted));
    CHECK(present && got == acl && !defaulted);
    CHECK(GetSecurityDescriptorOwner(&descriptor, &sid, &defaulted));
    CHECK(sid == ADMINS && defaulted);

    CHECK_ERROR(MakeSelfRelativeSD(&descriptor, NULL, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 20 + sizeof list + 16 + 12);
    size = sizeof relative;
    CHECK(MakeSelfRelativeSD(&descriptor, relative, &size));
    CHECK(IsValidSecurityDescriptor(relative));
    CHECK_EQ(GetSecurityDescriptorLength(relative), 20 + sizeof list + 16 + 12);
    CHECK(GetSecurityDescriptorControl(relative, &control, &revision));
    CHECK_EQ(control, SE_DACL_PRESENT | SE_OWNER_DEFAULTED | SE_DACL_PROTECTED | SE_SELF_RELATIVE);
    CHECK(GetSecurityDescriptorOwner(relative, &sid, &defaulted));
    CHECK(EqualSid(sid, ADMINS));
    CHECK((BYTE *)sid > relative && (BYTE *)sid < relative + size);
    CHECK_ERROR(SetSecurityDescriptorOwner(relative, ADMINS, FALSE), ERROR_INVALID_SECURITY_DESCR);
    if (!check_under_wine()) /* which copies it */
        CHECK_ERROR(MakeSelfRelativeSD(relative, relative, &size), ERROR_BAD_DESCRIPTOR_FORMAT);

    DWORD sizes[5] = {sizeof absolute_buffer, sizeof dacl, sizeof sacl, 3, sizeof group_buffer};
    CHECK_ERROR(MakeAbsoluteSD(relative, absolute_buffer, &sizes[0], (ACL *)dacl, &sizes[1], (ACL *)sacl, &sizes[2],
                               owner_buffer, &sizes[3], group_buffer, &sizes[4]),
                ERROR_INSUFFICIENT_BUFFER);
    if (!check_under_wine()) { /* which tells only the first size that does not fit */
        CHECK_EQ(sizes[0], sizeof(SECURITY_DESCRIPTOR));
        CHECK_EQ(sizes[1], sizeof list);
        CHECK_EQ(sizes[2], 0);
        CHECK_EQ(sizes[4], 12);
    }
    CHECK_EQ(sizes[3], 16);
    CHECK(MakeAbsoluteSD(relative, absolute_buffer, &sizes[0], (ACL *)dacl, &sizes[1], (ACL *)sacl, &sizes[2],
                         owner_buffer, &sizes[3], group_buffer, &sizes[4]));
    CHECK(GetSecurityDescriptorDacl(absolute_buffer, &present, &got, &defaulted));
    CHECK(present && got == (ACL *)dacl && !memcmp(dacl, list, sizeof list));
}

static void test_entries(void)
{
    EXPLICIT_ACCESSW entries[2] = {{0}};
    ACL *first = NULL, *second = NULL;
    void *ace;

    BuildTrusteeWithSidW(&entries[0].Trustee, WORLD);
    entries[0].grfAccessMode = GRANT_ACCESS;
    entries[0].grfAccessPermissions = GENERIC_READ;
    BuildTrusteeWithSidW(&entries[1].Trustee, ADMINS);
    entries[1].grfAccessMode = SET_ACCESS;
    entries[1].grfAccessPermissions = GENERIC_ALL;
    entries[1].grfInheritance = SUB_CONTAINERS_AND_OBJECTS_INHERIT;
    CHECK_EQ(SetEntriesInAclW(2, entries, NULL, &first), ERROR_SUCCESS);
    CHECK(first && first->AceCount == 2);
    /* Denied entries come first; what is revoked goes. */
    entries[0].grfAccessMode = DENY_ACCESS;
    entries[0].grfAccessPermissions = DELETE;
    entries[1].grfAccessMode = REVOKE_ACCESS;
    CHECK_EQ(SetEntriesInAclW(2, entries, first, &second), ERROR_SUCCESS);
    CHECK(second && second->AceCount == 2);
    CHECK(GetAce(second, 0, &ace));
    CHECK_EQ(((ACE_HEADER *)ace)->AceType, ACCESS_DENIED_ACE_TYPE);
    CHECK_EQ(((ACCESS_DENIED_ACE *)ace)->Mask, DELETE);
    CHECK(GetAce(second, 1, &ace));
    CHECK_EQ(((ACE_HEADER *)ace)->AceType, ACCESS_ALLOWED_ACE_TYPE);
    LocalFree(first);
    LocalFree(second);
    CHECK_EQ(SetEntriesInAclW(0, NULL, NULL, &first), ERROR_SUCCESS);
    LocalFree(first);
}

static void test_text(void)
{
    /* Text, and what it is when written again (NULL: the same). */
    static const struct {
        const char *text, *again;
        SECURITY_INFORMATION which;
    } cases[] = {{"O:BAG:SYD:(A;;GA;;;WD)", NULL, 7},
                 {"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;;0x1200a9;;;BU)",
                  "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;;0x1200a9;;;BU)", 4},
                 {"D:AI(D;;KA;;;AN)(A;ID;KR;;;AU)", NULL, 4},
                 {"O:S-1-5-21-1-2-3-1001D:", "O:S-1-5-21-1-2-3-1001D:", 7},
                 {"D:(A;;RPWPCCDCLCSWRCWDWOGA;;;S-1-1-0)", "D:(A;;GARCWDWOCCDCLCSWRPWP;;;WD)", 4},
                 {"D:(A;;GR;;;IU)(A;;GW;;;SU)(A;;GX;;;CO)", NULL, 4},
                 {"", "", 7}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PSECURITY_DESCRIPTOR descriptor = NULL;
        ULONG size = 0, length = 0;
        char *text = NULL;
        CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(cases[i].text, SDDL_REVISION_1, &descriptor, &size));
        CHECK(descriptor && IsValidSecurityDescriptor(descriptor));
        CHECK_EQ(size, GetSecurityDescriptorLength(descriptor));
        if (i == 4 && check_under_wine()) /* Wine writes the rights in an order of its own */
            continue;
        CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorA(descriptor, SDDL_REVISION_1, cases[i].which, &text,
                                                                   &length));
        if (i != 4) /* the order of single rights is not documented */
            CHECK_STR(text, cases[i].again ? cases[i].again : cases[i].text);
        LocalFree(text);
        LocalFree(descriptor);
    }
    static const char *const bad[] = {"X:BA",
                                      "O",
                                      "O:QQ",
                                      "D:(A;;GA;;;)",
                                      "D:(A;;GA;;;WD",
                                      "D:(Q;;GA;;;WD)",
                                      "D:(A;QQ;GA;;;WD)",
                                      "D:(A;;ZZ;;;WD)",
                                      "D:(A;;GA;;WD)"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        PSECURITY_DESCRIPTOR descriptor = NULL;
        CHECK(!ConvertStringSecurityDescriptorToSecurityDescriptorA(bad[i], SDDL_REVISION_1, &descriptor, NULL));
    }
    PSECURITY_DESCRIPTOR descriptor;
    CHECK_ERROR(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:", 2, &descriptor, NULL),
                ERROR_UNKNOWN_REVISION);
}

static void test_access(void)
{
    static GENERIC_MAPPING mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS};
    static const struct {
        const char *text;
        DWORD wanted, granted;
    } cases[] = {{"O:SYG:SYD:(A;;FR;;;WD)", FILE_READ_DATA, FILE_READ_DATA},
                 {"O:SYG:SYD:(A;;FR;;;WD)", FILE_WRITE_DATA, 0},
                 {"O:SYG:SYD:(D;;FR;;;WD)(A;;FA;;;WD)", FILE_READ_DATA, 0},
                 {"O:SYG:SYD:(A;;FA;;;WD)(D;;FR;;;WD)", FILE_READ_DATA, FILE_READ_DATA},
                 {"O:SYG:SYD:(A;;FR;;;WD)", MAXIMUM_ALLOWED, FILE_GENERIC_READ},
                 {"O:SYG:SYD:(A;;GR;;;WD)", MAXIMUM_ALLOWED, FILE_GENERIC_READ},
                 {"O:SYG:SY", FILE_WRITE_DATA, FILE_WRITE_DATA},
                 {"O:SYG:SYD:", FILE_READ_DATA, 0}};
    HANDLE process, token;

    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE, &process));
    CHECK(DuplicateToken(process, SecurityImpersonation, &token));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PSECURITY_DESCRIPTOR descriptor;
        PRIVILEGE_SET privileges;
        DWORD size = sizeof privileges, granted = 77;
        BOOL status = 77;
        CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(cases[i].text, SDDL_REVISION_1, &descriptor, NULL));
        CHECK(AccessCheck(descriptor, token, cases[i].wanted, &mapping, &privileges, &size, &granted, &status));
        CHECK_EQ(status, cases[i].granted != 0);
        CHECK_EQ(granted, cases[i].granted);
        LocalFree(descriptor);
    }
    CloseHandle(token);
    CloseHandle(process);

    DWORD mask = GENERIC_READ | GENERIC_EXECUTE;
    MapGenericMask(&mask, &mapping);
    CHECK_EQ(mask, FILE_GENERIC_READ | FILE_GENERIC_EXECUTE);
    CHECK(AreAllAccessesGranted(7, 5));
    CHECK(!AreAllAccessesGranted(5, 7));
    CHECK(AreAnyAccessesGranted(5, 6));
    CHECK(!AreAnyAccessesGranted(8, 7));
}

int main(void)
{
    make_sids();
    test_acl();
    test_full();
    test_insert();
    test_descriptor();
    test_entries();
    test_text();
    test_access();
    return check_done();
}
