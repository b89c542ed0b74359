/*
 * Is the local security authority answered for as far as programs ask it: connections, packages, the logon session and
 * its data; and is nobody logged on by a made-up password?
 *
 * link: -lsecur32 -ladvapi32
 */
#include "check.h"
#include <ntsecapi.h>
#include <ntstatus.h>
#define SECURITY_WIN32
#include <sspi.h>
#include <secext.h>

static LSA_STRING string_of(const char *text)
{
    USHORT size = (USHORT)strlen(text);

    return (LSA_STRING){size, (USHORT)(size + 1), (char *)text};
}

static void connection(void)
{
    static const struct {
        const char *name;
        NTSTATUS status;
    } names[] = {
        {"MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", STATUS_SUCCESS},
        {"NTLM", STATUS_SUCCESS},
        {"Negotiate", STATUS_SUCCESS},
        {"negotiate", STATUS_SUCCESS},
        {"No such package", STATUS_NO_SUCH_PACKAGE},
        {"NTL", STATUS_NO_SUCH_PACKAGE},
        {"", STATUS_NO_SUCH_PACKAGE},
    };
    HANDLE lsa = NULL, token;
    ULONG package = 99, sizes;
    LSA_STRING name;
    LSA_OPERATIONAL_MODE mode;
    LUID luid;
    QUOTA_LIMITS quotas;
    TOKEN_SOURCE source = {"test", {0}};
    NTSTATUS status;
    void *profile = NULL;

    CHECK_EQ(LsaConnectUntrusted(&lsa), STATUS_SUCCESS);
    CHECK(lsa != NULL);
    if (check_under_wine())
        return; /* it knows no packages without help */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        name = string_of(names[i].name);
        CHECK_EQ(LsaLookupAuthenticationPackage(lsa, &name, &package), names[i].status);
    }
    CHECK_EQ(LsaLookupAuthenticationPackage((HANDLE)77, &name, &package), STATUS_INVALID_HANDLE);
    name = string_of(MSV1_0_PACKAGE_NAME);
    CHECK_EQ(LsaLookupAuthenticationPackage(lsa, &name, &package), STATUS_SUCCESS);
    struct {
        MSV1_0_INTERACTIVE_LOGON logon;
        WCHAR text[16];
    } logon = {{MsV1_0InteractiveLogon}, L"nobodypw"};
    logon.logon.UserName = (UNICODE_STRING){12, 12, logon.text};
    logon.logon.Password = (UNICODE_STRING){4, 4, logon.text + 6};
    CHECK_EQ(LsaLogonUser(lsa, &name, Interactive, package, &logon, sizeof logon, NULL, &source, &profile, &sizes,
                          &luid, &token, &quotas, &status),
             STATUS_LOGON_FAILURE);
    CHECK(!token);
    CHECK_EQ(LsaLogonUser(lsa, &name, Interactive, 50, &logon, sizeof logon, NULL, &source, &profile, &sizes, &luid,
                          &token, &quotas, &status),
             STATUS_NO_SUCH_PACKAGE);
    CHECK(LsaRegisterLogonProcess(&name, &token, &mode) != STATUS_SUCCESS);
    CHECK_EQ(LsaDeregisterLogonProcess(lsa), STATUS_SUCCESS);
    CHECK_EQ(LsaDeregisterLogonProcess((HANDLE)77), STATUS_INVALID_HANDLE);
}

static void session(void)
{
    SECURITY_LOGON_SESSION_DATA *data = NULL;
    TOKEN_STATISTICS statistics;
    BYTE user[200];
    WCHAR name[300], expected[600];
    ULONG count = 0, size = 300, found = 0;
    LUID *sessions = NULL, none = {0x7777, 0x7777};
    FILETIME now;
    HANDLE token;

    if (check_under_wine())
        return; /* lists nothing */
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    CHECK(GetTokenInformation(token, TokenStatistics, &statistics, sizeof statistics, &size));
    CHECK(GetTokenInformation(token, TokenUser, user, sizeof user, &size));
    CloseHandle(token);
    CHECK_EQ(LsaEnumerateLogonSessions(&count, &sessions), STATUS_SUCCESS);
    CHECK(count >= 1);
    for (ULONG i = 0; i < count; i++)
        found += !memcmp(&sessions[i], &statistics.AuthenticationId, sizeof(LUID));
    CHECK_EQ(found, 1);
    CHECK_EQ(LsaFreeReturnBuffer(sessions), STATUS_SUCCESS);
    CHECK_EQ(LsaGetLogonSessionData(&none, &data), STATUS_NO_SUCH_LOGON_SESSION);
    CHECK(!data);
    CHECK_EQ(LsaGetLogonSessionData(&statistics.AuthenticationId, &data), STATUS_SUCCESS);
    CHECK(data->Size >= offsetof(SECURITY_LOGON_SESSION_DATA, UserFlags));
    CHECK(!memcmp(&data->LogonId, &statistics.AuthenticationId, sizeof(LUID)));
    size = 300;
    CHECK(GetUserNameExW(NameSamCompatible, name, &size));
    swprintf(expected, 600, L"%.*ls\\%.*ls", data->LogonDomain.Length / 2, data->LogonDomain.Buffer,
             data->UserName.Length / 2, data->UserName.Buffer);
    CHECK(!lstrcmpW(name, expected));
    CHECK(data->Sid && EqualSid(data->Sid, ((TOKEN_USER *)user)->User.Sid));
    CHECK_EQ(data->LogonType, Interactive);
    CHECK(data->AuthenticationPackage.Length > 0);
    CHECK(data->LogonServer.Length > 0);
    GetSystemTimeAsFileTime(&now);
    CHECK(data->LogonTime.QuadPart > 0 && data->LogonTime.HighPart <= (LONG)now.dwHighDateTime);
    DWORD own;
    CHECK(ProcessIdToSessionId(GetCurrentProcessId(), &own));
    CHECK_EQ(data->Session, own);
    CHECK_EQ(LsaFreeReturnBuffer(data), STATUS_SUCCESS);
}

int main(void)
{
    connection();
    session();
    return check_done();
}
