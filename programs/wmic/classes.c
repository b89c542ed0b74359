/*
 * classes.c: the classes other than processes: system, computer, processor, disks, network adapters.
 */
#include "wmic.h"
#include <iphlpapi.h>

static const WCHAR current_version[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

static WCHAR *registry_text(const WCHAR *key, const WCHAR *value)
{
    WCHAR text[256];
    DWORD size = sizeof text;

    return copy_string(RegGetValueW(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_SZ, NULL, text, &size) ? L"" : text);
}

static WCHAR *computer_name(void)
{
    WCHAR name[256] = L"";
    DWORD size = 256;

    GetComputerNameW(name, &size);
    return copy_string(name);
}

static unsigned long long now(void)
{
    FILETIME time;
    GetSystemTimeAsFileTime(&time);
    return (unsigned long long)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static const WCHAR *const system_properties[] = {L"BuildNumber",
                                                 L"Caption",
                                                 L"CSName",
                                                 L"FreePhysicalMemory",
                                                 L"FreeVirtualMemory",
                                                 L"InstallDate",
                                                 L"LastBootUpTime",
                                                 L"LocalDateTime",
                                                 L"Locale",
                                                 L"Manufacturer",
                                                 L"Name",
                                                 L"OSArchitecture",
                                                 L"OSLanguage",
                                                 L"ProductType",
                                                 L"RegisteredUser",
                                                 L"SerialNumber",
                                                 L"ServicePackMajorVersion",
                                                 L"SystemDirectory",
                                                 L"SystemDrive",
                                                 L"TotalVirtualMemorySize",
                                                 L"TotalVisibleMemorySize",
                                                 L"Version",
                                                 L"WindowsDirectory",
                                                 NULL};

static void collect_system(struct instances *instances)
{
    WCHAR **value = instance_add(instances), windows[MAX_PATH], directory[MAX_PATH];
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    DWORD installed = 0, size = sizeof installed;
    WCHAR *product = registry_text(current_version, L"ProductName"),
          *build = registry_text(current_version, L"CurrentBuild");

    GlobalMemoryStatusEx(&memory);
    GetWindowsDirectoryW(windows, MAX_PATH);
    GetSystemDirectoryW(directory, MAX_PATH);
    RegGetValueW(HKEY_LOCAL_MACHINE, current_version, L"InstallDate", RRF_RT_REG_DWORD, NULL, &installed, &size);
    *value++ = copy_string(build);
    *value++ = format_text(L"Microsoft %s", product);
    *value++ = computer_name();
    *value++ = value_number(memory.ullAvailPhys / 1024);
    *value++ = value_number(memory.ullAvailPageFile / 1024);
    *value++ = value_date((installed + 11644473600ull) * 10000000);
    *value++ = value_date(now() - GetTickCount64() * 10000);
    *value++ = value_date(now());
    *value++ = format_text(L"%04x", GetSystemDefaultLCID());
    *value++ = copy_string(L"Microsoft Corporation");
    *value++ = format_text(L"Microsoft %s|%s|", product, windows);
    *value++ = copy_string(L"64-bit");
    *value++ = value_number(GetSystemDefaultUILanguage());
    *value++ = copy_string(L"1");
    *value++ = registry_text(current_version, L"RegisteredOwner");
    *value++ = registry_text(current_version, L"ProductId");
    *value++ = copy_string(L"0");
    *value++ = copy_string(directory);
    *value++ = copy_n(windows, 2);
    *value++ = value_number(memory.ullTotalPageFile / 1024);
    *value++ = value_number(memory.ullTotalPhys / 1024);
    *value++ = format_text(L"10.0.%s", build);
    *value++ = copy_string(windows);
    free(product), free(build);
}

const struct class class_system = {L"os", L"Win32_OperatingSystem", system_properties,
                                   L"BuildNumber,RegisteredUser,SerialNumber,SystemDirectory,Version", collect_system};

static const WCHAR *const computer_properties[] = {L"Caption",
                                                   L"Domain",
                                                   L"DNSHostName",
                                                   L"Name",
                                                   L"NumberOfLogicalProcessors",
                                                   L"PartOfDomain",
                                                   L"SystemType",
                                                   L"TotalPhysicalMemory",
                                                   L"UserName",
                                                   L"Workgroup",
                                                   NULL};

static void collect_computer(struct instances *instances)
{
    WCHAR **value = instance_add(instances), host[256] = L"", user[256] = L"";
    DWORD size = 256;
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};

    GlobalMemoryStatusEx(&memory);
    GetComputerNameExW(ComputerNameDnsHostname, host, &size);
    size = 256;
    GetUserNameW(user, &size);
    *value++ = computer_name();
    *value++ = copy_string(L"WORKGROUP");
    *value++ = copy_string(host);
    *value++ = computer_name();
    *value++ = value_number(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
    *value++ = copy_string(L"FALSE");
    *value++ = copy_string(L"x64-based PC");
    *value++ = value_number(memory.ullTotalPhys);
    WCHAR *name = computer_name();
    *value++ = format_text(L"%s\\%s", name, user);
    free(name);
    *value++ = copy_string(L"WORKGROUP");
}

const struct class class_computer = {L"computersystem", L"Win32_ComputerSystem", computer_properties,
                                     L"Domain,Name,TotalPhysicalMemory,UserName", collect_computer};

static const WCHAR *const processor_properties[] = {L"AddressWidth",   L"Architecture",
                                                    L"Caption",        L"CurrentClockSpeed",
                                                    L"DataWidth",      L"DeviceID",
                                                    L"LoadPercentage", L"Manufacturer",
                                                    L"MaxClockSpeed",  L"Name",
                                                    L"NumberOfCores",  L"NumberOfLogicalProcessors",
                                                    L"Status",         NULL};

static unsigned core_count(void)
{
    DWORD size = 0;
    unsigned cores = 0;

    GetLogicalProcessorInformation(NULL, &size);
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION *list = need(size);
    if (GetLogicalProcessorInformation(list, &size))
        for (unsigned i = 0; i < size / sizeof *list; i++)
            cores += list[i].Relationship == RelationProcessorCore;
    free(list);
    return cores;
}

/* How busy the processors are, over a tenth of a second. */
static unsigned load(void)
{
    FILETIME idle, kernel, user;
    unsigned long long before = 0, idle_before = 0, all = 0, rest = 0;

    for (int i = 0; i < 2; i++) {
        before = all, idle_before = rest;
        GetSystemTimes(&idle, &kernel, &user);
        rest = (unsigned long long)idle.dwHighDateTime << 32 | idle.dwLowDateTime;
        all = ((unsigned long long)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime) +
              ((unsigned long long)user.dwHighDateTime << 32 | user.dwLowDateTime);
        if (!i)
            Sleep(100);
    }
    return all > before ? (unsigned)(100 - (rest - idle_before) * 100 / (all - before)) : 0;
}

static void collect_processor(struct instances *instances)
{
    static const WCHAR key[] = L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
    WCHAR **value = instance_add(instances), *vendor = registry_text(key, L"VendorIdentifier");
    DWORD speed = 0, size = sizeof speed;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    RegGetValueW(HKEY_LOCAL_MACHINE, key, L"~MHz", RRF_RT_REG_DWORD, NULL, &speed, &size);
    *value++ = copy_string(L"64");
    *value++ = value_number(info.wProcessorArchitecture);
    *value++ =
        format_text(L"%s Family %u Model %u Stepping %u", same_name(vendor, L"AuthenticAMD") ? L"AMD64" : L"Intel64",
                    info.wProcessorLevel, info.wProcessorRevision >> 8, info.wProcessorRevision & 0xff);
    *value++ = value_number(speed);
    *value++ = copy_string(L"64");
    *value++ = copy_string(L"CPU0");
    *value++ = value_number(load());
    *value++ = vendor;
    *value++ = value_number(speed);
    *value++ = registry_text(key, L"ProcessorNameString");
    *value++ = value_number(core_count());
    *value++ = value_number(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
    *value++ = copy_string(L"OK");
}

const struct class class_processor = {L"cpu", L"Win32_Processor", processor_properties,
                                      L"Caption,DeviceID,Manufacturer,MaxClockSpeed,Name", collect_processor};

static const WCHAR *const disk_properties[] = {
    L"Caption", L"Description",  L"DeviceID", L"DriveType",  L"FileSystem",         L"FreeSpace",
    L"Name",    L"ProviderName", L"Size",     L"VolumeName", L"VolumeSerialNumber", NULL};

static void collect_disks(struct instances *instances)
{
    static const WCHAR *const kinds[] = {L"Unknown",          L"No Root Directory",  L"Removable Disk",
                                         L"Local Fixed Disk", L"Network Connection", L"CD-ROM Disc",
                                         L"RAM Disk"};
    DWORD drives = GetLogicalDrives();

    for (unsigned i = 0; i < 26; i++) {
        WCHAR root[] = {(WCHAR)('A' + i), ':', '\\', 0}, label[MAX_PATH] = L"", system[32] = L"";
        DWORD serial = 0;
        ULARGE_INTEGER available = {0}, size = {0};
        if (!(drives & 1u << i))
            continue;
        UINT type = GetDriveTypeW(root);
        GetVolumeInformationW(root, label, MAX_PATH, &serial, NULL, NULL, system, 32);
        GetDiskFreeSpaceExW(root, &available, &size, NULL);
        root[2] = 0;
        WCHAR **value = instance_add(instances);
        *value++ = copy_string(root);
        *value++ = copy_string(kinds[type < 7 ? type : 0]);
        *value++ = copy_string(root);
        *value++ = value_number(type);
        *value++ = copy_string(system);
        *value++ = value_number(available.QuadPart);
        *value++ = copy_string(root);
        *value++ = copy_string(L"");
        *value++ = value_number(size.QuadPart);
        *value++ = copy_string(label);
        *value++ = format_text(L"%08lX", serial);
    }
}

const struct class class_disk = {L"logicaldisk", L"Win32_LogicalDisk", disk_properties,
                                 L"DeviceID,DriveType,FreeSpace,ProviderName,Size,VolumeName", collect_disks};

static const WCHAR *const network_properties[] = {
    L"DefaultIPGateway", L"Description", L"DHCPEnabled", L"Index",      L"InterfaceIndex",
    L"IPAddress",        L"IPEnabled",   L"IPSubnet",    L"MACAddress", NULL};

static void collect_network(struct instances *instances)
{
    ULONG size = 65536;
    IP_ADAPTER_INFO *list = need(size);

    for (IP_ADAPTER_INFO *a = GetAdaptersInfo(list, &size) ? NULL : list; a; a = a->Next) {
        WCHAR **value = instance_add(instances);
        bool enabled = strcmp(a->IpAddressList.IpAddress.String, "0.0.0.0") != 0;
        bool routed = *a->GatewayList.IpAddress.String && strcmp(a->GatewayList.IpAddress.String, "0.0.0.0");
        *value++ = routed ? format_text(L"{\"%hs\"}", a->GatewayList.IpAddress.String) : copy_string(L"");
        *value++ = format_text(L"%hs", a->Description);
        *value++ = copy_string(a->DhcpEnabled ? L"TRUE" : L"FALSE");
        *value++ = value_number(a->Index);
        *value++ = value_number(a->Index);
        *value++ = enabled ? format_text(L"{\"%hs\"}", a->IpAddressList.IpAddress.String) : copy_string(L"");
        *value++ = copy_string(enabled ? L"TRUE" : L"FALSE");
        *value++ = enabled ? format_text(L"{\"%hs\"}", a->IpAddressList.IpMask.String) : copy_string(L"");
        *value++ = format_text(L"%02X:%02X:%02X:%02X:%02X:%02X", a->Address[0], a->Address[1], a->Address[2],
                               a->Address[3], a->Address[4], a->Address[5]);
    }
    free(list);
}

const struct class class_network = {L"nicconfig", L"Win32_NetworkAdapterConfiguration", network_properties,
                                    L"Description,DHCPEnabled,Index,IPAddress,MACAddress", collect_network};
