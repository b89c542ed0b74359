/* Have files, keys and objects security descriptors that are read and written by handle and by name? */
#include "check.h"
#include <accctrl.h>
#include <aclapi.h>
#include <sddl.h>

/* link: -ladvapi32 */

#define OWN (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION)

static PSID user(void)
{
    static char space[200];
    DWORD n;
    HANDLE token;
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    GetTokenInformation(token, TokenUser, space, sizeof space, &n);
    CloseHandle(token);
    return ((TOKEN_USER *)space)->User.Sid;
}

/* What the list of a file grants to a SID. */
static DWORD granted(const char *name, const char *sid_text)
{
    PACL acl = NULL;
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID sid;
    DWORD mask = 0;
    ConvertStringSidToSidA(sid_text, &sid);
    CHECK_EQ(
        GetNamedSecurityInfoA(name, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &acl, NULL, &descriptor),
        ERROR_SUCCESS);
    for (DWORD i = 0; acl && i < acl->AceCount; i++) {
        ACCESS_ALLOWED_ACE *ace;
        if (GetAce(acl, i, (void **)&ace) && ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
            EqualSid((PSID)&ace->SidStart, sid))
            mask |= ace->Mask;
    }
    LocalFree(descriptor);
    LocalFree(sid);
    return mask;
}

static DWORD set_text(const char *name, const char *text, SECURITY_INFORMATION also)
{
    PSECURITY_DESCRIPTOR descriptor;
    BOOL present, defaulted;
    PACL acl;
    CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &descriptor, NULL));
    CHECK(GetSecurityDescriptorDacl(descriptor, &present, &acl, &defaulted));
    DWORD error =
        SetNamedSecurityInfoA((char *)name, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION | also, NULL, NULL, acl, NULL);
    LocalFree(descriptor);
    return error;
}

static void test_file(void)
{
    char space[1000];
    DWORD n = 0;
    PSID owner;
    BOOL defaulted;
    CloseHandle(CreateFileA("sec.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    CHECK_ERROR(GetFileSecurityA("sec.txt", OWN, NULL, 0, &n), ERROR_INSUFFICIENT_BUFFER);
    CHECK(n >= sizeof(SECURITY_DESCRIPTOR_RELATIVE) && n < sizeof space);
    CHECK(GetFileSecurityA("sec.txt", OWN, space, n, &n));
    CHECK(IsValidSecurityDescriptor(space));
    CHECK_EQ(GetSecurityDescriptorLength(space), n);
    CHECK(GetSecurityDescriptorOwner(space, &owner, &defaulted));
    CHECK(EqualSid(owner, user()) || check_under_wine());
    CHECK_ERROR(GetFileSecurityA("no-such", OWN, space, sizeof space, &n), ERROR_FILE_NOT_FOUND);
    PSECURITY_DESCRIPTOR none;
    CHECK_EQ(GetNamedSecurityInfoA("no-such", SE_FILE_OBJECT, OWN, &owner, NULL, NULL, NULL, &none),
             ERROR_FILE_NOT_FOUND);
    /* For the owner alone. */
    CHECK_EQ(set_text("sec.txt", "D:P(A;;FA;;;BA)(A;;FA;;;SY)", PROTECTED_DACL_SECURITY_INFORMATION), ERROR_SUCCESS);
    if (!check_under_wine()) { /* Wine 8 does not keep what its bits do not say */
        CHECK_EQ(granted("sec.txt", "S-1-1-0"), 0);
        CHECK_EQ(granted("sec.txt", "S-1-5-32-544"), FILE_ALL_ACCESS);
    }
    /* Everybody reads. */
    CHECK_EQ(set_text("sec.txt", "D:(A;;FA;;;BA)(A;;FR;;;WD)", 0), ERROR_SUCCESS);
    CHECK_EQ(granted("sec.txt", "S-1-1-0") & FILE_GENERIC_READ, FILE_GENERIC_READ);
    CHECK_EQ(granted("sec.txt", "S-1-1-0") & FILE_WRITE_DATA, 0);
    /* By handle, which must have the right to. */
    HANDLE h = CreateFileA("sec.txt", READ_CONTROL, 7, NULL, OPEN_EXISTING, 0, NULL);
    PACL acl;
    PSECURITY_DESCRIPTOR descriptor;
    CHECK_EQ(GetSecurityInfo(h, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &acl, NULL, &descriptor),
             ERROR_SUCCESS);
    CHECK(acl != NULL);
    CHECK_EQ(SetSecurityInfo(h, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, acl, NULL), ERROR_ACCESS_DENIED);
    CloseHandle(h);
    h = CreateFileA("sec.txt", READ_CONTROL | WRITE_DAC, 7, NULL, OPEN_EXISTING, 0, NULL);
    CHECK_EQ(SetSecurityInfo(h, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, acl, NULL), ERROR_SUCCESS);
    CHECK(SetKernelObjectSecurity(h, DACL_SECURITY_INFORMATION, descriptor));
    CloseHandle(h);
    LocalFree(descriptor);
    /* An entry is added and read back. */
    CHECK_EQ(GetNamedSecurityInfoA("sec.txt", SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &acl, NULL,
                                   &descriptor),
             ERROR_SUCCESS);
    EXPLICIT_ACCESS_A entry = {.grfAccessPermissions = FILE_GENERIC_READ | FILE_GENERIC_WRITE,
                               .grfAccessMode = GRANT_ACCESS};
    PACL more;
    entry.Trustee.TrusteeForm = TRUSTEE_IS_SID;
    entry.Trustee.ptstrName = (char *)user();
    CHECK_EQ(SetEntriesInAclA(1, &entry, acl, &more), ERROR_SUCCESS);
    CHECK_EQ(SetNamedSecurityInfoA("sec.txt", SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, more, NULL),
             ERROR_SUCCESS);
    char *text;
    ConvertSidToStringSidA(user(), &text);
    CHECK_EQ(granted("sec.txt", text) & (FILE_WRITE_DATA | FILE_READ_DATA), FILE_WRITE_DATA | FILE_READ_DATA);
    LocalFree(text);
    LocalFree(more);
    LocalFree(descriptor);
    CHECK(SetFileSecurityA("sec.txt", DACL_SECURITY_INFORMATION, space));
    CHECK(DeleteFileA("sec.txt"));
    /* Directories too. */
    CHECK(CreateDirectoryA("secdir", NULL));
    CHECK_EQ(set_text("secdir", "D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)", 0), ERROR_SUCCESS);
    CHECK_EQ(granted("secdir", "S-1-1-0") & FILE_GENERIC_WRITE, FILE_GENERIC_WRITE);
    CloseHandle(CreateFileA("secdir\\x", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    CHECK(DeleteFileA("secdir\\x"));
    CHECK(RemoveDirectoryA("secdir"));
}

static void test_others(void)
{
    PSECURITY_DESCRIPTOR descriptor;
    PACL acl = NULL;
    PSID owner = NULL;
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "winrun-test-security");
    CHECK_EQ(GetSecurityInfo(event, SE_KERNEL_OBJECT, OWN, &owner, NULL, &acl, NULL, &descriptor), ERROR_SUCCESS);
    CHECK(IsValidSid(owner) || check_under_wine());
    LocalFree(descriptor);
    CHECK_EQ(
        GetNamedSecurityInfoA("winrun-test-security", SE_KERNEL_OBJECT, OWN, &owner, NULL, NULL, NULL, &descriptor),
        ERROR_SUCCESS);
    LocalFree(descriptor);
    if (!check_under_wine())
        CHECK_EQ(GetNamedSecurityInfoA("winrun-no-such", SE_KERNEL_OBJECT, OWN, &owner, NULL, NULL, NULL, &descriptor),
                 ERROR_FILE_NOT_FOUND);
    CloseHandle(event);
    CHECK_EQ(GetNamedSecurityInfoA("MACHINE\\Software", SE_REGISTRY_KEY, OWN, &owner, NULL, &acl, NULL, &descriptor),
             ERROR_SUCCESS);
    CHECK(acl != NULL && acl->AceCount > 1);
    LocalFree(descriptor);
    CHECK_EQ(GetNamedSecurityInfoA("MACHINE\\Software\\No such key", SE_REGISTRY_KEY, OWN, &owner, NULL, NULL, NULL,
                                   &descriptor),
             ERROR_FILE_NOT_FOUND);
    HKEY key;
    CHECK_EQ(
        RegCreateKeyExA(HKEY_CURRENT_USER, "Software\\winrun-security", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL),
        ERROR_SUCCESS);
    CHECK_EQ(GetSecurityInfo(key, SE_REGISTRY_KEY, DACL_SECURITY_INFORMATION, NULL, NULL, &acl, NULL, &descriptor),
             ERROR_SUCCESS);
    CHECK_EQ(SetSecurityInfo(key, SE_REGISTRY_KEY, DACL_SECURITY_INFORMATION, NULL, NULL, acl, NULL), ERROR_SUCCESS);
    LocalFree(descriptor);
    RegCloseKey(key);
    RegDeleteKeyA(HKEY_CURRENT_USER, "Software\\winrun-security");
    CHECK_EQ(GetSecurityInfo(NULL, SE_FILE_OBJECT, OWN, &owner, NULL, NULL, NULL, &descriptor), ERROR_INVALID_HANDLE);
    if (!check_under_wine())
        CHECK_EQ(GetSecurityInfo(GetCurrentProcess(), 99, OWN, &owner, NULL, NULL, NULL, &descriptor),
                 ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_file();
    test_others();
    return check_done();
}
