/*
 * Event logs without events, files on file systems without encryption, the hardware profile: what do they say?
 */
#include "check.h"

static void logs(void)
{
    HANDLE log = OpenEventLogA(NULL, "Application"), wide = OpenEventLogW(NULL, L"System");
    BYTE buffer[256];
    DWORD count = 99, read, needed;
    EVENTLOG_FULL_INFORMATION full = {9};

    CHECK(log != NULL && wide != NULL);
    CHECK(GetNumberOfEventLogRecords(log, &count));
    CHECK_EQ(count, 0);
    CHECK(GetOldestEventLogRecord(log, &count));
    CHECK_ERROR(
        ReadEventLogW(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0, buffer, sizeof buffer, &read, &needed),
        ERROR_HANDLE_EOF);
    CHECK_ERROR(ReadEventLogA(wide, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0, buffer, sizeof buffer, &read,
                              &needed),
                ERROR_HANDLE_EOF);
    CHECK_ERROR(ReadEventLogW(log, 0, 0, buffer, sizeof buffer, &read, &needed), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(ReadEventLogW(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0, NULL, 0, &read, &needed),
                ERROR_INVALID_PARAMETER);
    CHECK(GetEventLogInformation(log, EVENTLOG_FULL_INFO, &full, sizeof full, &needed));
    CHECK_EQ(full.dwFull, 0);
    CHECK_EQ(needed, sizeof full);
    CHECK_ERROR(GetEventLogInformation(log, EVENTLOG_FULL_INFO, &full, 0, &needed), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(needed, sizeof full);
    CHECK_ERROR(GetEventLogInformation(log, 7, &full, sizeof full, &needed), ERROR_INVALID_LEVEL);
    CHECK(CloseEventLog(log) && CloseEventLog(wide));
    CHECK_ERROR(CloseEventLog(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventLogA(NULL, NULL), ERROR_INVALID_PARAMETER);
}

static void encryption(void)
{
    DWORD status = 99;
    FILE *file = fopen("plain.txt", "w");

    fclose(file);
    CHECK_ERROR(FileEncryptionStatusA("missing.txt", &status), ERROR_FILE_NOT_FOUND);
    CHECK(FileEncryptionStatusA("plain.txt", &status));
    CHECK(status != FILE_IS_ENCRYPTED);
    CHECK(FileEncryptionStatusW(L"plain.txt", &status));
    CHECK_ERROR(EncryptFileA("missing.txt"), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(EncryptFileA("plain.txt"), ERROR_NOT_SUPPORTED);
    CHECK(DecryptFileA("plain.txt", 0));
    CHECK(DecryptFileW(L"plain.txt", 0));
    CHECK(!(GetFileAttributesA("plain.txt") & FILE_ATTRIBUTE_ENCRYPTED));
    CHECK(DeleteFileA("plain.txt"));
}

static void privileges(void)
{
    static const char *const names[][2] = {{"SeDebugPrivilege", "Debug programs"},
                                           {"SeBackupPrivilege", "Back up files and directories"},
                                           {"SeShutdownPrivilege", "Shut down the system"},
                                           {"sechangenotifyprivilege", "Bypass traverse checking"}};
    WCHAR wide[100], name[50];
    char text[100];
    DWORD room, language;

    for (int i = 0; i < 4; i++) {
        DWORD length = (DWORD)strlen(names[i][1]);

        room = 100;
        language = 0;
        CHECK(LookupPrivilegeDisplayNameA(NULL, names[i][0], text, &room, &language));
        CHECK_STR(text, names[i][1]);
        CHECK_EQ(room, length);
        CHECK_EQ(language, 0x409);
        MultiByteToWideChar(CP_ACP, 0, names[i][0], -1, name, 50);
        room = length;
        CHECK_ERROR(LookupPrivilegeDisplayNameW(NULL, name, wide, &room, &language), ERROR_INSUFFICIENT_BUFFER);
        CHECK_EQ(room, length + 1);
        CHECK(LookupPrivilegeDisplayNameW(NULL, name, wide, &room, &language));
        CHECK_EQ(wide[length], 0);
        CHECK_EQ(wide[0], text[0]);
    }
    room = 100;
    CHECK_ERROR(LookupPrivilegeDisplayNameA(NULL, "SeNothingPrivilege", text, &room, &language),
                ERROR_NO_SUCH_PRIVILEGE);
    CHECK_ERROR(LookupPrivilegeDisplayNameA(NULL, "SeDebug", text, &room, &language), ERROR_NO_SUCH_PRIVILEGE);
}

int main(void)
{
    HW_PROFILE_INFOW wide;
    HW_PROFILE_INFOA ansi;

    if (check_under_wine()) /* it has no profile, does not check its logs, and encrypts */
        return check_done();
    CHECK(GetCurrentHwProfileW(&wide) && GetCurrentHwProfileA(&ansi));
    CHECK_EQ(wide.dwDockInfo, ansi.dwDockInfo);
    CHECK_EQ(strlen(ansi.szHwProfileGuid), 38);
    CHECK(ansi.szHwProfileGuid[0] == '{' && ansi.szHwProfileGuid[37] == '}' && ansi.szHwProfileName[0]);
    for (int i = 0; i < 38; i++)
        CHECK_EQ(wide.szHwProfileGuid[i], ansi.szHwProfileGuid[i]);
    CHECK_ERROR(GetCurrentHwProfileW(NULL), ERROR_INVALID_PARAMETER);
    logs();
    encryption();
    privileges();
    return check_done();
}
