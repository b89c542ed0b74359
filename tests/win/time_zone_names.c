/*
 * Do the registry's time zones name their texts in tzres.dll, and does RegLoadMUIString read them?
 */
#include "check.h"

#define ZONES L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones"

static void read_mui(HKEY key, const WCHAR *name, WCHAR *text, DWORD size)
{
    DWORD needed = 0, small = 0;

    wcscpy(text, L"?");
    CHECK_EQ(RegLoadMUIStringW(key, name, text, size, &needed, 0, NULL), ERROR_SUCCESS);
    CHECK_EQ(needed, (wcslen(text) + 1) * sizeof *text);
    CHECK_EQ(RegLoadMUIStringW(key, name, text, 4, &small, 0, NULL), ERROR_MORE_DATA);
    CHECK_EQ(small, needed);
    CHECK_EQ(RegLoadMUIStringW(key, name, text, size, NULL, 0, NULL), ERROR_SUCCESS);
}

static void check_value(HKEY key, const WCHAR *mui, const WCHAR *plain)
{
    WCHAR text[128], stored[128] = L"", reference[128] = L"";
    DWORD size = sizeof stored;

    read_mui(key, mui, text, sizeof text);
    CHECK_EQ(RegGetValueW(key, NULL, plain, RRF_RT_REG_SZ, NULL, stored, &size), ERROR_SUCCESS);
    CHECK(!wcscmp(text, stored));
    size = sizeof reference;
    CHECK_EQ(RegGetValueW(key, NULL, mui, RRF_RT_REG_SZ, NULL, reference, &size), ERROR_SUCCESS);
    CHECK(!wcsncmp(reference, L"@tzres.dll,-", 12));
}

int main(void)
{
    DYNAMIC_TIME_ZONE_INFORMATION zone;
    WCHAR name[128];
    HKEY zones, key;
    int count = 0;

    if (check_under_wine()) /* its zones lack most of the references */
        return check_done();
    CHECK_EQ(RegOpenKeyExW(HKEY_LOCAL_MACHINE, ZONES, 0, KEY_READ, &zones), ERROR_SUCCESS);
    for (DWORD i = 0, length = 128; !RegEnumKeyExW(zones, i, name, &length, NULL, NULL, NULL, NULL);
         i++, length = 128) {
        if (i % 8 || RegOpenKeyExW(zones, name, 0, KEY_READ, &key))
            continue;
        check_value(key, L"MUI_Std", L"Std");
        check_value(key, L"MUI_Dlt", L"Dlt");
        check_value(key, L"MUI_Display", L"Display");
        count++;
        RegCloseKey(key);
    }
    CHECK(count > 10);
    CHECK(GetDynamicTimeZoneInformation(&zone) != TIME_ZONE_ID_INVALID);
    CHECK_EQ(RegOpenKeyExW(zones, zone.TimeZoneKeyName, 0, KEY_READ, &key), ERROR_SUCCESS);
    read_mui(key, L"MUI_Std", name, sizeof name);
    CHECK(!wcscmp(name, zone.StandardName));
    CHECK_EQ(RegLoadMUIStringW(key, L"None", name, sizeof name, NULL, 0, NULL), ERROR_FILE_NOT_FOUND);
    RegCloseKey(key);
    RegCloseKey(zones);
    CHECK(GetFileAttributesW(L"C:\\windows\\system32\\tzres.dll") != INVALID_FILE_ATTRIBUTES);
    return check_done();
}
