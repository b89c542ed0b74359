/*
 * Calendars, formats of dates and times, languages and their groups; the oldest file functions and compressed files;
 * what a program may ask of the machine.
 */
/* link: -llz32 */
#include "check.h"
#include <lzexpand.h>

#define EN MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT)

static int calls;
static WCHAR last[128];
static CALID last_calendar;
static LPARAM last_parameter;

static BOOL CALLBACK take(LPWSTR text)
{
    calls++;
    wcscpy(last, text);
    return TRUE;
}

static BOOL CALLBACK take_ansi(LPSTR text)
{
    calls++;
    MultiByteToWideChar(CP_ACP, 0, text, -1, last, 128);
    return TRUE;
}

static BOOL CALLBACK take_id(LPWSTR text, CALID calendar)
{
    last_calendar = calendar;
    return take(text);
}

static BOOL CALLBACK take_date_ex(LPWSTR text, CALID calendar, LPARAM parameter)
{
    last_calendar = calendar;
    last_parameter = parameter;
    return take(text);
}

static BOOL CALLBACK take_time_ex(LPWSTR text, LPARAM parameter)
{
    last_parameter = parameter;
    return take(text);
}

static void check_calendar(void)
{
    static const struct {
        CALTYPE type;
        const WCHAR *text;
    } cases[] = {
        {CAL_SDAYNAME1, L"Monday"},    {CAL_SDAYNAME7, L"Sunday"},      {CAL_SABBREVDAYNAME3, L"Wed"},
        {CAL_SMONTHNAME1, L"January"}, {CAL_SMONTHNAME12, L"December"}, {CAL_SABBREVMONTHNAME5, L"May"},
        {CAL_SMONTHNAME13, L""},       {CAL_SSHORTDATE, L"M/d/yyyy"},   {CAL_ICALINTVALUE, L"1"},
    };
    WCHAR text[64];
    char narrow[64];
    DWORD number = 0;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_EQ(GetCalendarInfoW(EN, CAL_GREGORIAN, cases[i].type, text, 64, NULL), wcslen(cases[i].text) + 1);
        CHECK(!wcscmp(text, cases[i].text));
        CHECK_EQ(GetCalendarInfoW(EN, CAL_GREGORIAN, cases[i].type, NULL, 0, NULL), wcslen(cases[i].text) + 1);
        CHECK_EQ(GetCalendarInfoEx(L"en-US", CAL_GREGORIAN, NULL, cases[i].type, text, 64, NULL),
                 wcslen(cases[i].text) + 1);
    }
    CHECK_EQ(GetCalendarInfoA(EN, CAL_GREGORIAN, CAL_SDAYNAME2, narrow, 64, NULL), 8);
    CHECK_STR(narrow, "Tuesday");
    CHECK_ERROR(GetCalendarInfoW(EN, CAL_GREGORIAN, CAL_SDAYNAME1, text, 3, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK(GetCalendarInfoW(EN, CAL_GREGORIAN, CAL_ITWODIGITYEARMAX | CAL_RETURN_NUMBER, NULL, 0, &number) != 0);
    CHECK(number == 2049 || number == 2029);
    CHECK_ERROR(GetCalendarInfoW(EN, 77, CAL_SDAYNAME1, text, 64, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetCalendarInfoW(EN, CAL_GREGORIAN, CAL_ICALINTVALUE | CAL_RETURN_NUMBER, text, 64, &number),
                ERROR_INVALID_PARAMETER);
}

static void check_formats(void)
{
    calls = 0;
    CHECK(EnumDateFormatsW(take, EN, DATE_SHORTDATE));
    CHECK(calls >= 1);
    calls = 0;
    CHECK(EnumDateFormatsA(take_ansi, EN, DATE_LONGDATE));
    CHECK(calls >= 1 && wcsstr(last, L"yyyy") != NULL);
    CHECK(EnumDateFormatsExW(take_id, EN, DATE_SHORTDATE));
    CHECK_EQ(last_calendar, CAL_GREGORIAN);
    CHECK(EnumDateFormatsExEx(take_date_ex, L"en-US", DATE_SHORTDATE, 77));
    CHECK_EQ(last_parameter, 77);
    calls = 0;
    CHECK(EnumTimeFormatsW(take, EN, 0));
    CHECK(calls >= 1);
    CHECK(EnumTimeFormatsEx(take_time_ex, L"en-US", TIME_NOSECONDS, 78));
    CHECK_EQ(last_parameter, 78);
    CHECK(!wcscmp(last, L"h:mm tt") || check_under_wine()); /* has all formats for both */
    CHECK(EnumCalendarInfoW(take, EN, CAL_GREGORIAN, CAL_SMONTHNAME2));
    CHECK(!wcscmp(last, L"February"));
    CHECK(EnumCalendarInfoExW(take_id, EN, ENUM_ALL_CALENDARS, CAL_SMONTHNAME3));
    CHECK_EQ(last_calendar, CAL_GREGORIAN);
    CHECK_ERROR(EnumDateFormatsW(NULL, EN, DATE_SHORTDATE), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(EnumDateFormatsW(take, EN, 0x70), check_under_wine() ? ERROR_INVALID_PARAMETER : ERROR_INVALID_FLAGS);
}

static BOOL CALLBACK take_language(LPWSTR text, LONG_PTR parameter)
{
    last_parameter = parameter;
    return take(text);
}

static void check_languages(void)
{
    NLSVERSIONINFO version = {sizeof version};
    char folded[32];

    CHECK_EQ(ConvertDefaultLocale(0x09), 0x0409);
    CHECK_EQ(ConvertDefaultLocale(EN), EN);
    CHECK_EQ(ConvertDefaultLocale(LOCALE_USER_DEFAULT), GetUserDefaultLCID());
    CHECK(IsValidLanguageGroup(LGRPID_WESTERN_EUROPE, LGRPID_SUPPORTED));
    CHECK(!IsValidLanguageGroup(99, LGRPID_SUPPORTED));
    CHECK(GetNLSVersion(COMPARE_STRING, EN, &version));
    CHECK(version.dwNLSVersion != 0);
    version.dwNLSVersionInfoSize = 3;
    CHECK_ERROR(GetNLSVersion(COMPARE_STRING, EN, &version), ERROR_INSUFFICIENT_BUFFER);
    CHECK(EnumUILanguagesW(take_language, MUI_LANGUAGE_NAME, 5));
    CHECK_EQ(last_parameter, 5);
    CHECK(last[2] == '-');
    CHECK(FoldStringA(MAP_FOLDDIGITS, "a1b2", -1, folded, sizeof folded) == 5);
    CHECK_STR(folded, "a1b2");
}

static void check_old_files(void)
{
    /* "SZDD", mode A, the size, then three literals, and a pair of the place 0xff0 and 3 bytes more. */
    static const unsigned char packed[] = {'S', 'Z', 'D', 'D', 0x88, 0xf0, 0x27, 0x33, 'A',  0,
                                           6,   0,   0,   0,   0x07, 'a',  'b',  'c',  0xf0, 0xf0};
    char buffer[64] = {0};
    OFSTRUCT info;
    HFILE file = _lcreat("old.txt", 0);
    INT lz;

    CHECK(file != HFILE_ERROR);
    CHECK_EQ(_lwrite(file, "0123456789", 10), 10);
    CHECK_EQ(_llseek(file, 4, FILE_BEGIN), 4);
    CHECK_EQ(_lread(file, buffer, 3), 3);
    CHECK_STR(buffer, "456");
    CHECK_EQ(_lclose(file), 0);
    CHECK_EQ(_lopen("no such file", OF_READ), HFILE_ERROR);
    file = OpenFile("old.txt", &info, OF_READ);
    CHECK(file != HFILE_ERROR);
    CHECK_EQ(_lread(file, buffer, 3), 3);
    CHECK(!memcmp(buffer, "012", 3));
    _lclose(file);
    CHECK(strstr(info.szPathName, "old.txt") && info.szPathName[1] == ':');
    CHECK(OpenFile(NULL, &info, OF_REOPEN | OF_EXIST) != HFILE_ERROR);
    CHECK_EQ(OpenFile("no such file", &info, OF_READ), HFILE_ERROR);
    CHECK_EQ(info.nErrCode, ERROR_FILE_NOT_FOUND);
    CHECK_EQ(OpenFile("no such file", &info, OF_EXIST), HFILE_ERROR);
    CHECK(OpenFile("made.txt", &info, OF_CREATE | OF_EXIST) != HFILE_ERROR);
    CHECK(OpenFile("made.txt", &info, OF_DELETE) != HFILE_ERROR);
    CHECK_EQ(GetFileAttributesA("made.txt"), INVALID_FILE_ATTRIBUTES);
    lz = LZOpenFileA("old.txt", &info, OF_READ);
    CHECK(lz >= 0);
    CHECK_EQ(LZRead(lz, buffer, 64), 10);
    LZClose(lz);
    file = _lcreat("packed.tx_", 0);
    CHECK_EQ(_lwrite(file, (const char *)packed, sizeof packed), sizeof packed);
    _lclose(file);
    lz = LZOpenFileA("packed.tx_", &info, OF_READ);
    CHECK(lz >= 0);
    memset(buffer, 0, sizeof buffer);
    CHECK_EQ(LZRead(lz, buffer, 64), 6);
    CHECK_STR(buffer, "abcabc");
    CHECK_EQ(LZSeek(lz, 2, 0), 2);
    CHECK_EQ(LZRead(lz, buffer, 1), 1);
    CHECK_EQ(buffer[0], 'c');
    LZClose(lz);
    CHECK(LZOpenFileA("no such file", &info, OF_READ) < 0);
    DeleteFileA("old.txt");
    DeleteFileA("packed.tx_");
}

static void check_machine(void)
{
    int value = 1234, copy = 0;
    SIZE_T done = 0;
    BOOL critical = 7;

    EXECUTION_STATE before = SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
    CHECK(before == ES_CONTINUOUS || check_under_wine());
    CHECK_EQ(SetThreadExecutionState(ES_CONTINUOUS), ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
    CHECK_EQ(RegisterApplicationRestart(L"-again", 0), S_OK);
    BOOL(WINAPI * read)
    (DWORD, LPCVOID, LPVOID, SIZE_T, SIZE_T *) =
        (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "Toolhelp32ReadProcessMemory");
    BOOL(WINAPI * is_critical)
    (HANDLE, PBOOL) = (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "IsProcessCritical");
    CHECK(read(0, &value, &copy, sizeof copy, &done));
    CHECK_EQ(copy, 1234);
    CHECK_EQ(done, sizeof copy);
    if (check_under_wine())
        return; /* the user is an administrator there */
    CHECK(is_critical(GetCurrentProcess(), &critical));
    CHECK_EQ(critical, FALSE);
    CHECK_ERROR(SetComputerNameA("other"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(GetFirmwareEnvironmentVariableA("", "{00000000-0000-0000-0000-000000000000}", NULL, 0),
                ERROR_INVALID_FUNCTION);
    CHECK_EQ(GetSystemDEPPolicy(), 2);
}

int main(void)
{
    check_calendar();
    check_formats();
    check_languages();
    check_old_files();
    check_machine();
    return check_done();
}
