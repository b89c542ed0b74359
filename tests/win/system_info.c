/*
 * Do the DLLs beside the Win32 base say the truth about this machine: its accounts, sessions, counters, devices, power,
 * network connections, and who uses a file?
 */
/* link: -lnetapi32 -lwtsapi32 -lpdh -lpowrprof -lsetupapi -lmpr -lrstrtmgr -lpsapi -ladvapi32 */
#include "check.h"
#include <winternl.h>
#include <lm.h>
#include <pdh.h>
#include <pdhmsg.h>
#include <powrprof.h>
#include <psapi.h>
#include <restartmanager.h>
#include <setupapi.h>
#include <winnetwk.h>
#include <wtsapi32.h>

static void test_accounts(void)
{
    WCHAR user[128], computer[128], *group;
    DWORD size = 128, computer_size = 128, count, total, i;
    NETSETUP_JOIN_STATUS status;
    USER_INFO_1 *one;
    USER_INFO_0 *list;
    WKSTA_INFO_100 *station;
    LOCALGROUP_USERS_INFO_0 *groups;
    BYTE *buffer;
    DWORD levels[] = {0, 1, 2, 3, 4, 10, 11, 20, 23};

    GetUserNameW(user, &size);
    GetComputerNameW(computer, &computer_size);
    CHECK_EQ(NetUserGetInfo(NULL, user, 1, (BYTE **)&one), 0);
    CHECK(!wcscmp(one->usri1_name, user));
    CHECK(check_under_wine() || one->usri1_flags & UF_SCRIPT);
    NetApiBufferFree(one);
    CHECK_EQ(NetUserGetInfo(NULL, L"no such user", 0, &buffer), NERR_UserNotFound);
    CHECK_EQ(NetGetJoinInformation(NULL, &group, &status), 0);
    CHECK_EQ(status, NetSetupWorkgroupName);
    CHECK(group && *group);
    NetApiBufferFree(group);
    CHECK_EQ(NetWkstaGetInfo(NULL, 100, (BYTE **)&station), 0);
    CHECK_EQ(station->wki100_platform_id, 500);
    CHECK(!wcsicmp(station->wki100_computername, computer));
    NetApiBufferFree(station);
    CHECK_EQ(NetApiBufferAllocate(100, (void **)&buffer), 0);
    CHECK_EQ(NetApiBufferSize(buffer, &i), 0);
    CHECK(i >= 100);
    CHECK_EQ(NetApiBufferFree(buffer), 0);
    CHECK_EQ(NetApiBufferFree(NULL), 0);
    if (check_under_wine())
        return; /* has few levels and no groups */
    for (i = 0; i < sizeof levels / sizeof *levels; i++) {
        buffer = NULL;
        CHECK_EQ(NetUserGetInfo(NULL, user, levels[i], &buffer), 0);
        CHECK(buffer && !wcscmp(*(WCHAR **)buffer, user));
        NetApiBufferFree(buffer);
    }
    CHECK_EQ(NetUserGetInfo(NULL, user, 77, &buffer), ERROR_INVALID_LEVEL);
    CHECK_EQ(NetUserEnum(NULL, 0, FILTER_NORMAL_ACCOUNT, (BYTE **)&list, MAX_PREFERRED_LENGTH, &count, &total, NULL),
             0);
    CHECK_EQ(count, 1);
    CHECK_EQ(total, 1);
    CHECK(!wcscmp(list->usri0_name, user));
    NetApiBufferFree(list);
    CHECK_EQ(NetUserGetLocalGroups(NULL, user, 0, 0, (BYTE **)&groups, MAX_PREFERRED_LENGTH, &count, &total), 0);
    CHECK_EQ(count, 1);
    CHECK(!wcscmp(groups->lgrui0_name, L"Users"));
    NetApiBufferFree(groups);
    CHECK_EQ(NetUserDel(NULL, user), ERROR_ACCESS_DENIED);
}

static void test_sessions(void)
{
    WTS_SESSION_INFOW *list;
    DWORD count, size, own, u = 128;
    WCHAR *text, user[128];
    char *narrow;

    CHECK(ProcessIdToSessionId(GetCurrentProcessId(), &own));
    if (check_under_wine())
        return; /* Wine 8 knows the user's name only */
    CHECK(WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &list, &count));
    CHECK_EQ(count, 1);
    CHECK_EQ(list[0].SessionId, own);
    CHECK_EQ(list[0].State, WTSActive);
    CHECK(!wcscmp(list[0].pWinStationName, L"Console"));
    WTSFreeMemory(list);
    CHECK_ERROR(WTSEnumerateSessionsW(NULL, 0, 2, &list, &count), ERROR_INVALID_PARAMETER);
    GetUserNameW(user, &u);
    CHECK(WTSQuerySessionInformationW(NULL, WTS_CURRENT_SESSION, WTSUserName, &text, &size));
    CHECK(!wcscmp(text, user));
    CHECK_EQ(size, u * 2);
    WTSFreeMemory(text);
    CHECK(WTSQuerySessionInformationA(NULL, own, WTSUserName, &narrow, &size));
    CHECK_EQ(size, strlen(narrow) + 1);
    WTSFreeMemory(narrow);
    CHECK(WTSQuerySessionInformationW(NULL, own, WTSConnectState, &text, &size));
    CHECK_EQ(*(int *)text, WTSActive);
    CHECK_EQ(size, 4);
    WTSFreeMemory(text);
    CHECK(WTSQuerySessionInformationW(NULL, own, WTSClientProtocolType, &text, &size));
    CHECK_EQ(size, 2);
    CHECK_EQ(*(USHORT *)text, 0);
    WTSFreeMemory(text);
    CHECK_ERROR(WTSQuerySessionInformationW(NULL, 4711, WTSConnectState, &text, &size), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(WTSGetActiveConsoleSessionId(), own);
}

static void test_counters(void)
{
    PDH_FMT_COUNTERVALUE value;
    PDH_HCOUNTER memory, busy;
    PDH_HQUERY query;
    char list[1024];
    DWORD size = 0, type;

    CHECK_EQ(PdhOpenQueryW(NULL, 0, &query), 0);
    if (check_under_wine()) {
        PdhCloseQuery(query);
        return; /* has other counters */
    }
    CHECK_EQ(PdhCollectQueryData(query), (LONG)PDH_NO_DATA);
    CHECK_EQ(PdhAddEnglishCounterW(query, L"\\Memory\\Available MBytes", 0, &memory), 0);
    CHECK_EQ(PdhAddEnglishCounterW(query, L"\\Processor(_Total)\\% Processor Time", 0, &busy), 0);
    CHECK_EQ(PdhAddEnglishCounterA(query, "\\Nothing\\At All", 0, &busy + 1), (LONG)PDH_CSTATUS_NO_OBJECT);
    CHECK_EQ(PdhAddEnglishCounterA(query, "\\Memory\\At All", 0, &busy + 1), (LONG)PDH_CSTATUS_NO_COUNTER);
    CHECK_EQ(PdhAddEnglishCounterA(query, "nonsense", 0, &busy + 1), (LONG)PDH_CSTATUS_BAD_COUNTERNAME);
    CHECK_EQ(PdhValidatePathW(L"\\\\HERE\\System\\Processes"), 0);
    CHECK_EQ(PdhGetFormattedCounterValue(memory, PDH_FMT_LARGE, NULL, &value), (LONG)PDH_INVALID_DATA);
    CHECK_EQ(PdhCollectQueryData(query), 0);
    CHECK_EQ(PdhGetFormattedCounterValue(memory, PDH_FMT_LARGE, &type, &value), 0);
    CHECK(value.largeValue > 0);
    CHECK_EQ(PdhGetFormattedCounterValue(busy, PDH_FMT_DOUBLE, NULL, &value), (LONG)PDH_INVALID_DATA);
    CHECK_EQ(PdhCollectQueryData(query), 0);
    CHECK_EQ(PdhGetFormattedCounterValue(busy, PDH_FMT_DOUBLE, NULL, &value), 0);
    CHECK(value.doubleValue >= 0 && value.doubleValue <= 100);
    CHECK_EQ(PdhEnumObjectsA(NULL, NULL, NULL, &size, PERF_DETAIL_WIZARD, TRUE), (LONG)PDH_MORE_DATA);
    CHECK(size > 20 && size < sizeof list);
    CHECK_EQ(PdhEnumObjectsA(NULL, NULL, list, &size, PERF_DETAIL_WIZARD, TRUE), 0);
    CHECK_EQ(PdhRemoveCounter(busy), 0);
    CHECK_EQ(PdhCloseQuery(query), 0);
}

static void test_machine(void)
{
    PERFORMANCE_INFORMATION info;
    SYSTEM_BATTERY_STATE battery;
    struct {
        ULONG number, max, current, limit, idle_max, idle;
    } processors[256];
    SYSTEM_INFO system;
    GUID class = {0x4d36e972, 0xe325, 0x11ce, {0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18}};
    SP_DEVINFO_DATA data = {.cbSize = sizeof data};
    HDEVINFO devices;

    CHECK(GetPerformanceInfo(&info, sizeof info));
    CHECK_EQ(info.cb, sizeof info);
    CHECK_EQ(info.PageSize, 4096);
    CHECK(info.PhysicalTotal >= info.PhysicalAvailable);
    CHECK(info.CommitLimit >= info.CommitTotal);
    CHECK(info.ProcessCount >= 1 && info.ThreadCount >= 1);
    CHECK_ERROR(GetPerformanceInfo(&info, sizeof info - 1), ERROR_BAD_LENGTH);
    GetSystemInfo(&system);
    CHECK_EQ(CallNtPowerInformation(ProcessorInformation, NULL, 0, processors, sizeof processors), 0);
    CHECK_EQ(processors[system.dwNumberOfProcessors - 1].number, system.dwNumberOfProcessors - 1);
    CHECK(processors[0].max > 0);
    CHECK_EQ(CallNtPowerInformation(ProcessorInformation, NULL, 0, processors, 4), (LONG)0xc0000023);
    CHECK_EQ(CallNtPowerInformation(SystemBatteryState, NULL, 0, &battery, sizeof battery), 0);
    CHECK(battery.AcOnLine == 0 || battery.AcOnLine == 1);
    devices = SetupDiGetClassDevsW(&class, L"NOSUCHENUMERATOR", NULL, DIGCF_PRESENT);
    CHECK(devices != INVALID_HANDLE_VALUE);
    CHECK_ERROR(SetupDiEnumDeviceInfo(devices, 0, &data), ERROR_NO_MORE_ITEMS);
    CHECK(SetupDiDestroyDeviceInfoList(devices));
    CHECK_ERROR(SetupDiDestroyDeviceInfoList(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
}

static void test_network(void)
{
    WCHAR name[256];
    DWORD size = 256;

    CHECK_EQ(WNetGetConnectionW(L"Q:", name, &size), check_under_wine() ? ERROR_BAD_DEVICE : ERROR_NOT_CONNECTED);
    CHECK_EQ(WNetGetConnectionW(L"nonsense", name, &size), ERROR_BAD_DEVICE);
    size = 256;
    CHECK_EQ(WNetGetUserW(NULL, name, &size), 0);
    CHECK(*name);
}

static void test_restart(void)
{
    WCHAR key[CCH_RM_SESSION_KEY + 1] = {0};
    const WCHAR *file = L"c:\\nothing.txt";
    UINT needed = 5, count = 0;
    DWORD session, reasons = 5;

    CHECK_EQ(RmStartSession(&session, 0, key), 0);
    CHECK(check_under_wine() || wcslen(key) == CCH_RM_SESSION_KEY);
    CHECK_EQ(RmRegisterResources(session, 1, &file, 0, NULL, 0, NULL), 0);
    if (!check_under_wine()) {
        CHECK_EQ(RmGetList(session, &needed, &count, NULL, &reasons), 0);
        CHECK_EQ(needed, 0);
        CHECK_EQ(reasons, 0);
        CHECK_EQ(RmEndSession(session), 0);
        CHECK_EQ(RmEndSession(session), ERROR_INVALID_HANDLE);
    }
}

static void test_serial(void)
{
    static const struct {
        const char *text;
        DWORD baud;
        BYTE parity, data, stop;
    } good[] = {
        {"COM1: baud=9600 parity=N data=8 stop=1", 9600, NOPARITY, 8, ONESTOPBIT},
        {"baud=115200 parity=e data=7 stop=2", 115200, EVENPARITY, 7, TWOSTOPBITS},
        {"96,n,8,1", 9600, NOPARITY, 8, ONESTOPBIT},
        {"com2:19,o,7,2", 19200, ODDPARITY, 7, TWOSTOPBITS},
    };
    static const char *const bad[] = {"baud=x", "parity=q", "data=9", "stop=3", "nonsense=1", "96,n,8,1,z"};
    DCB dcb;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        memset(&dcb, 0, sizeof dcb);
        CHECK(BuildCommDCBA(good[i].text, &dcb));
        CHECK_EQ(dcb.BaudRate, good[i].baud);
        CHECK_EQ(dcb.Parity, good[i].parity);
        CHECK_EQ(dcb.ByteSize, good[i].data);
        CHECK_EQ(dcb.StopBits, good[i].stop);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ERROR(BuildCommDCBA(bad[i], &dcb), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_accounts();
    test_sessions();
    test_counters();
    test_machine();
    test_network();
    test_restart();
    test_serial();
    return check_done();
}
