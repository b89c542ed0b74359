/*
 * What does WinVerifyTrust say of files that nobody signed, and of what is no program?
 *
 * link: -lwintrust -lcrypt32
 */
#include "check.h"
#include <wincrypt.h>
#include <wintrust.h>
#include <softpub.h>
#include <mscat.h>

#define HR(code) ((LONG)(code))

static LONG verify(const WCHAR *path, GUID action, DWORD state)
{
    WINTRUST_FILE_INFO file = {sizeof file, path};
    WINTRUST_DATA data = {sizeof data};
    LONG error;

    data.dwUIChoice = WTD_UI_NONE;
    data.dwUnionChoice = WTD_CHOICE_FILE;
    data.pFile = &file;
    data.dwStateAction = state;
    error = WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &data);
    if (state == WTD_STATEACTION_VERIFY) {
        CHECK(data.hWVTStateData != NULL);
        CRYPT_PROVIDER_DATA *provider = WTHelperProvDataFromStateData(data.hWVTStateData);
        CHECK(provider != NULL);
        CHECK(!provider || WTHelperGetProvSignerFromChain(provider, 0, FALSE, 0) == NULL);
        data.dwStateAction = WTD_STATEACTION_CLOSE;
        CHECK_EQ(WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &data), 0);
    }
    return error;
}

int main(void)
{
    GUID generic = WINTRUST_ACTION_GENERIC_VERIFY_V2, other = {1, 2, 3, {4}};
    WCHAR self[MAX_PATH];
    FILE *text = fopen("text.txt", "w");
    HCATADMIN admin = NULL;
    BYTE hash[32];
    DWORD size = sizeof hash;
    HANDLE file;

    fputs("only text\n", text);
    fclose(text);
    GetModuleFileNameW(NULL, self, MAX_PATH);
    CHECK_EQ(verify(self, generic, WTD_STATEACTION_IGNORE), HR(TRUST_E_NOSIGNATURE));
    CHECK_EQ(verify(self, generic, WTD_STATEACTION_VERIFY), HR(TRUST_E_NOSIGNATURE));
    CHECK_EQ(verify(L"text.txt", generic, WTD_STATEACTION_IGNORE), HR(TRUST_E_SUBJECT_FORM_UNKNOWN));
    if (!check_under_wine()) { /* whose codes differ */
        CHECK_EQ(verify(L"absent.exe", generic, WTD_STATEACTION_IGNORE), HR(CRYPT_E_FILE_ERROR));
        CHECK_EQ(verify(self, other, WTD_STATEACTION_IGNORE), HR(TRUST_E_PROVIDER_UNKNOWN));
    }
    CHECK(CryptCATAdminAcquireContext(&admin, NULL, 0));
    file = CreateFileW(self, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(CryptCATAdminCalcHashFromFileHandle(file, &size, hash, 0));
    CHECK_EQ(size, 20);
    CHECK(CryptCATAdminEnumCatalogFromHash(admin, hash, size, 0, NULL) == NULL);
    CHECK(CryptCATAdminReleaseContext(admin, 0));
    CloseHandle(file);
    DeleteFileA("text.txt");
    return check_done();
}
