/*
 * systeminfo.c: systeminfo.exe: the host, the system, the memory.
 */
#include "table.h"
#include "wide_main.h"
#include <iphlpapi.h>

static const WCHAR usage[] = L"SYSTEMINFO [/FO TABLE | LIST | CSV] [/NH]\r\n";
static const WCHAR current_version[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

static const struct column columns[] = {{L"Host Name", 20, false},
                                        {L"OS Name", 40, false},
                                        {L"OS Version", 24, false},
                                        {L"OS Manufacturer", 24, false},
                                        {L"OS Configuration", 24, false},
                                        {L"OS Build Type", 20, false},
                                        {L"Registered Owner", 20, false},
                                        {L"Registered Organization", 24, false},
                                        {L"Product ID", 24, false},
                                        {L"Original Install Date", 24, false},
                                        {L"System Boot Time", 24, false},
                                        {L"System Type", 16, false},
                                        {L"Processor(s)", 60, false},
                                        {L"Windows Directory", 24, false},
                                        {L"System Directory", 24, false},
                                        {L"System Locale", 30, false},
                                        {L"Time Zone", 40, false},
                                        {L"Total Physical Memory", 22, true},
                                        {L"Available Physical Memory", 26, true},
                                        {L"Virtual Memory: Max Size", 25, true},
                                        {L"Virtual Memory: Available", 26, true},
                                        {L"Virtual Memory: In Use", 23, true},
                                        {L"Domain", 20, false},
                                        {L"Logon Server", 20, false},
                                        {L"Hotfix(s)", 12, false},
                                        {L"Network Card(s)", 60, false}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static WCHAR *registry_text(const WCHAR *key, const WCHAR *value, const WCHAR *otherwise)
{
    WCHAR text[256];
    DWORD size = sizeof text;

    return copy_string(RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_SZ, NULL, text, &size) ? otherwise
                                                                                                      : text);
}

static WCHAR *megabytes(unsigned long long bytes)
{
    WCHAR digits[32];

    group_digits(bytes >> 20, digits);
    return format_text(L"%s MB", digits);
}

static WCHAR *date_text(unsigned long long time)
{
    FILETIME file = {(DWORD)time, (DWORD)(time >> 32)}, local;
    SYSTEMTIME date;

    FileTimeToLocalFileTime(&file, &local);
    FileTimeToSystemTime(&local, &date);
    return format_text(L"%u/%u/%u, %u:%02u:%02u %s", date.wMonth, date.wDay, date.wYear,
                       date.wHour % 12 ? date.wHour % 12 : 12, date.wMinute, date.wSecond,
                       date.wHour < 12 ? L"AM" : L"PM");
}

static unsigned long long boot_time(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return ((unsigned long long)now.dwHighDateTime << 32 | now.dwLowDateTime) - GetTickCount64() * 10000;
}

static WCHAR *processors(void)
{
    static const WCHAR key[] = L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
    WCHAR *vendor = registry_text(key, L"VendorIdentifier", L"");
    DWORD speed = 0, size = sizeof speed;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    RegGetValueW(HKEY_LOCAL_MACHINE, key, L"~MHz", RRF_RT_REG_DWORD, NULL, &speed, &size);
    /* As many entries as there are packages; a host's are not told apart here. */
    WCHAR *text = format_text(L"1 Processor(s) Installed.\n[01]: %s Family %u Model %u Stepping %u %s ~%lu Mhz",
                              same_name(vendor, L"AuthenticAMD") ? L"AMD64" : L"Intel64", info.wProcessorLevel,
                              info.wProcessorRevision >> 8, info.wProcessorRevision & 0xff, vendor, speed);
    free(vendor);
    return text;
}

static WCHAR *time_zone(void)
{
    DYNAMIC_TIME_ZONE_INFORMATION zone;
    WCHAR key[300];

    GetDynamicTimeZoneInformation(&zone);
    _snwprintf(key, 299, L"%s\\Time Zones\\%s", current_version, zone.TimeZoneKeyName);
    return registry_text(key, L"Display", zone.StandardName);
}

static WCHAR *locale_text(void)
{
    WCHAR name[LOCALE_NAME_MAX_LENGTH], text[128];

    GetSystemDefaultLocaleName(name, LOCALE_NAME_MAX_LENGTH);
    GetLocaleInfoEx(name, LOCALE_SLOCALIZEDDISPLAYNAME, text, 128);
    return format_text(L"%s;%s", _wcslwr(name), text);
}

static WCHAR *network_cards(void)
{
    ULONG size = 65536;
    IP_ADAPTER_INFO *adapters = need(size);
    struct text text = {0};
    unsigned count = 0;

    if (GetAdaptersInfo(adapters, &size))
        return copy_string(L"N/A");
    for (IP_ADAPTER_INFO *adapter = adapters; adapter; adapter = adapter->Next) {
        WCHAR *part = format_text(L"\n[%02u]: %hs", ++count, adapter->Description);
        text_add(&text, part);
        free(part);
        unsigned number = 0;
        for (IP_ADDR_STRING *address = &adapter->IpAddressList; address; address = address->Next) {
            part = format_text(L"%s\n      [%02u]: %hs", number ? L"" : L"\n      IP address(es)", number + 1,
                               address->IpAddress.String);
            number++;
            text_add(&text, part);
            free(part);
        }
    }
    free(adapters);
    WCHAR *all = format_text(L"%u NIC(s) Installed.%s", count, text.data ? text.data : L"");
    free(text_take(&text));
    return all;
}

static void collect(WCHAR *cells[COLUMNS])
{
    WCHAR name[256] = L"", directory[MAX_PATH], server[256] = L"";
    DWORD size = 256, installed = 0, installed_size = sizeof installed;
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    unsigned i = 0;

    GetComputerNameExW(ComputerNameDnsHostname, name, &size);
    GlobalMemoryStatusEx(&memory);
    RegGetValueW(HKEY_LOCAL_MACHINE, current_version, L"InstallDate", RRF_RT_REG_DWORD, NULL, &installed,
                 &installed_size);
    WCHAR *product = registry_text(current_version, L"ProductName", L"Windows"),
          *build = registry_text(current_version, L"CurrentBuild", L"0");
    cells[i++] = copy_string(name);
    cells[i++] = format_text(L"Microsoft %s", product);
    cells[i++] = format_text(L"10.0.%s N/A Build %s", build, build);
    cells[i++] = copy_string(L"Microsoft Corporation");
    cells[i++] = copy_string(L"Standalone Workstation");
    cells[i++] = copy_string(L"Multiprocessor Free");
    cells[i++] = registry_text(current_version, L"RegisteredOwner", L"N/A");
    cells[i++] = registry_text(current_version, L"RegisteredOrganization", L"N/A");
    cells[i++] = registry_text(current_version, L"ProductId", L"N/A");
    cells[i++] = installed ? date_text((installed + 11644473600ull) * 10000000) : copy_string(L"N/A");
    cells[i++] = date_text(boot_time());
    cells[i++] = copy_string(L"x64-based PC");
    cells[i++] = processors();
    GetWindowsDirectoryW(directory, MAX_PATH);
    cells[i++] = copy_string(directory);
    GetSystemDirectoryW(directory, MAX_PATH);
    cells[i++] = copy_string(directory);
    cells[i++] = locale_text();
    cells[i++] = time_zone();
    cells[i++] = megabytes(memory.ullTotalPhys);
    cells[i++] = megabytes(memory.ullAvailPhys);
    cells[i++] = megabytes(memory.ullTotalPageFile);
    cells[i++] = megabytes(memory.ullAvailPageFile);
    cells[i++] = megabytes(memory.ullTotalPageFile - memory.ullAvailPageFile);
    cells[i++] = copy_string(L"WORKGROUP");
    cells[i++] = copy_string(GetEnvironmentVariableW(L"LOGONSERVER", server, 256) ? server : L"N/A");
    cells[i++] = copy_string(L"N/A");
    cells[i++] = network_cards();
    free(product), free(build);
}

static int run(int argc, WCHAR **argv)
{
    struct table table = {.format = FORMAT_LIST, .columns = columns, .column_count = COLUMNS, .header = true};
    WCHAR *cells[COLUMNS];

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        const WCHAR *value = is_option(argv[i], L"fo") ? option_value(argc, argv, &i) : NULL;
        if (is_option(argv[i], L"nh")) {
            table.header = false;
        } else if (!value || !parse_format(value, &table.format)) {
            print_error(L"ERROR: Invalid argument/option - '%s'.\r\nType \"SYSTEMINFO /?\" for usage.\r\n", argv[i]);
            return 1;
        }
    }
    if (!table.header && table.format == FORMAT_LIST) {
        print_error(L"ERROR: Invalid syntax. /NH option is allowed only for \"TABLE\" and \"CSV\" formats.\r\n"
                    L"Type \"SYSTEMINFO /?\" for usage.\r\n");
        return 1;
    }
    collect(cells);
    table_add(&table, (const WCHAR *const *)cells);
    table_show(&table);
    for (unsigned i = 0; i < COLUMNS; i++)
        free(cells[i]);
    table_free(&table);
    return 0;
}
