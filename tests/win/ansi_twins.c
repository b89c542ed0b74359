/*
 * Do A functions say what their W twins say: volumes, profiles, character classes, paths, URLs, credentials, addresses?
 * link: -lshlwapi -luserenv -lws2_32 -lwinmm
 */
#include <winsock2.h>
#include <ws2tcpip.h>

#include "check.h"
#include <mmsystem.h>
#include <shlwapi.h>
#include <userenv.h>
#include <wincred.h>

static void same(const char *narrow, const WCHAR *wide)
{
    WCHAR made[1024];

    CHECK(MultiByteToWideChar(CP_ACP, 0, narrow, -1, made, 1024) != 0);
    CHECK(!wcscmp(made, wide));
}

static void volumes(void)
{
    char narrow[MAX_PATH];
    WCHAR wide[MAX_PATH];
    DWORD needed = 0, wide_needed = 0;
    HANDLE first = FindFirstVolumeA(narrow, MAX_PATH), second = FindFirstVolumeW(wide, MAX_PATH);
    BOOL more, wide_more;

    CHECK(first != INVALID_HANDLE_VALUE && second != INVALID_HANDLE_VALUE);
    do {
        same(narrow, wide);
        more = FindNextVolumeA(first, narrow, MAX_PATH);
        wide_more = FindNextVolumeW(second, wide, MAX_PATH);
        CHECK_EQ(more, wide_more);
    } while (more && wide_more);
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    CHECK(FindVolumeClose(first) && FindVolumeClose(second));
    CHECK(FindFirstVolumeA(narrow, 10) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILENAME_EXCED_RANGE);
    CHECK(GetVolumeNameForVolumeMountPointA("C:\\", narrow, MAX_PATH));
    CHECK(GetVolumeNameForVolumeMountPointW(L"C:\\", wide, MAX_PATH));
    same(narrow, wide);
    CHECK(GetVolumePathNamesForVolumeNameA(narrow, narrow, MAX_PATH, &needed));
    CHECK(GetVolumePathNamesForVolumeNameW(wide, wide, MAX_PATH, &wide_needed));
    CHECK_STR(narrow, "C:\\");
    CHECK_EQ(needed, wide_needed);
    CHECK(GetVolumePathNameA("C:\\windows\\system32", narrow, MAX_PATH));
    CHECK_STR(narrow, "C:\\");
    CHECK(!GetVolumePathNameA("C:\\windows", narrow, 2));
}

static void characters(void)
{
    for (int i = 0; i < 128; i++) {
        CHECK_EQ(!IsCharAlphaA((CHAR)i), !IsCharAlphaW((WCHAR)i));
        CHECK_EQ(!IsCharAlphaNumericA((CHAR)i), !IsCharAlphaNumericW((WCHAR)i));
        CHECK_EQ(!IsCharLowerA((CHAR)i), !IsCharLowerW((WCHAR)i));
        CHECK_EQ(!IsCharUpperA((CHAR)i), !IsCharUpperW((WCHAR)i));
        CHECK_EQ(!IsCharUpperA((CHAR)i), !(i >= 'A' && i <= 'Z'));
        CHECK_EQ(!IsCharLowerA((CHAR)i), !(i >= 'a' && i <= 'z'));
    }
}

static void clipboard_names(void)
{
    char name[64];
    UINT format = RegisterClipboardFormatA("A format of ours");

    CHECK(format >= 0xc000);
    CHECK_EQ(GetClipboardFormatNameA(format, name, 64), 16);
    CHECK_STR(name, "A format of ours");
    if (!check_under_wine()) { /* it does not cut */
        CHECK_EQ(GetClipboardFormatNameA(format, name, 5), 4);
        CHECK_STR(name, "A fo");
    }
    CHECK_EQ(GetClipboardFormatNameA(1, name, 64), 0);
}

typedef BOOL(WINAPI *DirectoryA)(LPSTR, LPDWORD);
typedef BOOL(WINAPI *DirectoryW)(LPWSTR, LPDWORD);

static void directory(DirectoryA narrow_of, DirectoryW wide_of)
{
    char narrow[512];
    WCHAR wide[512];
    DWORD size = 512, wide_size = 512, small = 1;

    CHECK(narrow_of(narrow, &size));
    CHECK(wide_of(wide, &wide_size));
    same(narrow, wide);
    CHECK_ERROR(narrow_of(narrow, &small), ERROR_INSUFFICIENT_BUFFER);
    CHECK(check_under_wine() || small == strlen(narrow) + 1); /* it forgets the zero */
}

static void profiles(void)
{
    char narrow[512];
    WCHAR wide[512];
    DWORD size = 512, wide_size = 512;
    HANDLE token;

    directory(GetProfilesDirectoryA, GetProfilesDirectoryW);
    if (!check_under_wine()) /* which knows no others */
        directory(GetAllUsersProfileDirectoryA, GetAllUsersProfileDirectoryW);
    if (!check_under_wine())
        directory(GetDefaultUserProfileDirectoryA, GetDefaultUserProfileDirectoryW);
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    CHECK(GetUserProfileDirectoryA(token, narrow, &size));
    CHECK(GetUserProfileDirectoryW(token, wide, &wide_size));
    same(narrow, wide);
    CHECK(ExpandEnvironmentStringsForUserA(token, "a%NOT_SET_AT_ALL%b", narrow, 512));
    CHECK_STR(narrow, "a%NOT_SET_AT_ALL%b");
    if (!check_under_wine())
        CHECK_ERROR(ExpandEnvironmentStringsForUserA(token, "much too long", narrow, 4), ERROR_INSUFFICIENT_BUFFER);
    CloseHandle(token);
}

static void paths(void)
{
    char file[MAX_PATH] = "cmd.exe", narrow[MAX_PATH];
    WCHAR wide_file[MAX_PATH] = L"cmd.exe", wide[MAX_PATH];
    char missing[MAX_PATH] = "there is no such.exe";

    CHECK(PathFindOnPathA(file, NULL));
    CHECK(PathFindOnPathW(wide_file, NULL));
    same(file, wide_file);
    CHECK(!PathFindOnPathA(missing, NULL));
    CHECK(PathSearchAndQualifyA("cmd.exe", narrow, MAX_PATH));
    CHECK(PathSearchAndQualifyW(L"cmd.exe", wide, MAX_PATH));
    same(narrow, wide);
    CHECK(PathSearchAndQualifyA("sub\\x.y", narrow, MAX_PATH));
    CHECK(PathSearchAndQualifyW(L"sub\\x.y", wide, MAX_PATH));
    same(narrow, wide);
    CHECK_EQ(PathUnExpandEnvStringsA("C:\\windows\\x", narrow, MAX_PATH),
             PathUnExpandEnvStringsW(L"C:\\windows\\x", wide, MAX_PATH));
    same(narrow, wide);
    CHECK(!PathUnExpandEnvStringsA("Q:\\nothing", narrow, MAX_PATH));
}

static void urls(void)
{
    static const char *const list[] = {"http://user:pw@host.example:8080/a/b?q=1#frag",
                                       "https://host/",
                                       "ftp://h/x",
                                       "file:///c:/x",
                                       "mailto:a@b.c",
                                       "nothing at all",
                                       "http://h/#",
                                       "x:y"};

    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        PARSEDURLA narrow = {.cbSize = sizeof narrow};
        PARSEDURLW wide = {.cbSize = sizeof wide};
        WCHAR url[128];
        HRESULT result, wide_result;

        MultiByteToWideChar(CP_ACP, 0, list[i], -1, url, 128);
        result = ParseURLA(list[i], &narrow);
        wide_result = ParseURLW(url, &wide);
        CHECK_EQ(result, wide_result);
        if (result == S_OK) {
            CHECK_EQ(narrow.cchProtocol, wide.cchProtocol);
            CHECK_EQ(narrow.cchSuffix, wide.cchSuffix);
            CHECK_EQ(narrow.nScheme, wide.nScheme);
            CHECK_EQ(narrow.pszSuffix - list[i], wide.pszSuffix - url);
        }
        CHECK_EQ(!UrlGetLocationA(list[i]), !UrlGetLocationW(url));
        if (UrlGetLocationA(list[i]))
            CHECK_EQ(UrlGetLocationA(list[i]) - list[i], UrlGetLocationW(url) - url);
        for (DWORD part = URL_PART_SCHEME; part <= URL_PART_QUERY; part++) {
            char out[128];
            WCHAR wide_out[128];
            DWORD size = 128, wide_size = 128;

            if (check_under_wine() && i >= 3) /* it takes such names for hosts */
                continue;
            result = UrlGetPartA(list[i], out, &size, part, 0);
            wide_result = UrlGetPartW(url, wide_out, &wide_size, part, 0);
            CHECK(check_under_wine() || result == wide_result);
            if (result == S_OK) {
                same(out, wide_out);
                CHECK(!*out || size == wide_size);
            }
        }
    }
    {
        char out[4];
        DWORD size = 4;

        CHECK_EQ(UrlGetPartA(list[0], out, &size, URL_PART_HOSTNAME, 0), E_POINTER);
        CHECK_EQ(size, 13);
    }
}

static void credentials(void)
{
    CREDENTIALA one = {.Type = CRED_TYPE_GENERIC, .Persist = CRED_PERSIST_SESSION};
    PCREDENTIALA *list = NULL;
    DWORD count = 0;
    BOOL found = FALSE;

    one.TargetName = (char *)"twins:one";
    one.UserName = (char *)"somebody";
    one.CredentialBlob = (BYTE *)"secret";
    one.CredentialBlobSize = 6;
    if (!CredWriteA(&one, 0)) /* no store */
        return;
    CHECK(CredEnumerateA("twins:*", 0, &count, &list));
    CHECK_EQ(count, 1);
    for (DWORD i = 0; i < count; i++)
        found |= !strcmp(list[i]->TargetName, "twins:one") && !strcmp(list[i]->UserName, "somebody") &&
                 list[i]->CredentialBlobSize == 6 && !memcmp(list[i]->CredentialBlob, "secret", 6);
    CHECK(found);
    if (list)
        CredFree(list);
    CHECK(CredDeleteA("twins:one", CRED_TYPE_GENERIC, 0));
    CHECK_ERROR(CredEnumerateA("twins:*", 0, &count, &list), ERROR_NOT_FOUND);
}

static void addresses(void)
{
    typedef INT(WSAAPI * Get)(PCSTR, PCSTR, DWORD, LPGUID, const ADDRINFOEXA *, PADDRINFOEXA *, struct timeval *,
                              LPOVERLAPPED, LPLOOKUPSERVICE_COMPLETION_ROUTINE, LPHANDLE);
    typedef void(WSAAPI * Free)(PADDRINFOEXA);
    HMODULE module = GetModuleHandleA("ws2_32");
    Get get = (Get)(void *)GetProcAddress(module, "GetAddrInfoExA");
    Free release = (Free)(void *)GetProcAddress(module, "FreeAddrInfoEx");
    ADDRINFOEXA hints = {.ai_flags = AI_NUMERICHOST | AI_CANONNAME, .ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    PADDRINFOEXA list = NULL;
    OVERLAPPED overlapped = {0};
    WSADATA data;

    CHECK_EQ(WSAStartup(0x202, &data), 0);
    if (!get || check_under_wine())
        return;
    CHECK_EQ(get("127.0.0.1", "80", NS_DNS, NULL, &hints, &list, NULL, NULL, NULL, NULL), 0);
    CHECK(list && list->ai_family == AF_INET);
    CHECK_EQ(((struct sockaddr_in *)list->ai_addr)->sin_port, htons(80));
    if (list && list->ai_canonname)
        CHECK_STR(list->ai_canonname, "127.0.0.1");
    release(list);
    CHECK_EQ(get("127.0.0.1", "80", NS_DNS, NULL, &hints, &list, NULL, &overlapped, NULL, NULL), WSAEINVAL);
    CHECK_EQ(get("not a number", "80", NS_DNS, NULL, &hints, &list, NULL, NULL, NULL, NULL), WSAHOST_NOT_FOUND);
    WSACleanup();
}

static void wave(void)
{
    char text[256];
    WCHAR wide[256];

    CHECK_EQ(waveOutGetErrorTextA(MMSYSERR_BADDEVICEID, text, 256), MMSYSERR_NOERROR);
    CHECK_EQ(waveOutGetErrorTextW(MMSYSERR_BADDEVICEID, wide, 256), MMSYSERR_NOERROR);
    same(text, wide);
    CHECK_EQ(waveOutGetErrorTextA(60000, text, 256), MMSYSERR_BADERRNUM);
}

int main(void)
{
    volumes();
    characters();
    clipboard_names();
    profiles();
    paths();
    urls();
    credentials();
    addresses();
    wave();
    return check_done();
}
