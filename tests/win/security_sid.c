/* Do SIDs turn into text and back, and is the user no administrator? */
/* link: -ladvapi32 */
#include "check.h"
#include <sddl.h>

int main(void)
{
    SID_IDENTIFIER_AUTHORITY nt = {SECURITY_NT_AUTHORITY};
    PSID sid = NULL, other = NULL;
    char *text = NULL;
    HANDLE token;
    TOKEN_ELEVATION elevation;
    DWORD size;

    CHECK(AllocateAndInitializeSid(&nt, 2, 32, 544, 0, 0, 0, 0, 0, 0, &sid));
    CHECK(IsWellKnownSid(sid, WinBuiltinAdministratorsSid));
    CHECK_EQ(GetLengthSid(sid), 16);
    CHECK(ConvertSidToStringSidA(sid, &text));
    CHECK_STR(text, "S-1-5-32-544");
    CHECK(ConvertStringSidToSidA(text, &other));
    CHECK(EqualSid(sid, other));
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    CHECK(!GetTokenInformation(token, TokenUser, NULL, 0, &size));
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size));
    if (!check_under_wine())
        CHECK_EQ(elevation.TokenIsElevated, 0);
    CloseHandle(token);
    LocalFree(text);
    LocalFree(other);
    FreeSid(sid);
    return check_done();
}
