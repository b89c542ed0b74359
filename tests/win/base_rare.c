/*
 * Do functions that programs seldom call answer as documented: computer names, power, error reporting,
 * packages, CPU sets, heaps in snapshots, working sets, language groups, durations, struct values in .ini files, and
 * what this machine has not?
 * link: -lpsapi
 */
#include "check.h"
#include <psapi.h>
#include <tlhelp32.h>

static FARPROC find(const char *name)
{
    return GetProcAddress(GetModuleHandleA("kernel32"), name);
}
#define FIND(type, name) type name##_ = (type)(void *)find(#name)

static void computer_names(void)
{
    static const struct {
        const char *host, *name;
    } cases[] = {
        {"box", "BOX"},
        {"Box-1", "BOX-1"},

        {"averyverylonghostname", "AVERYVERYLONGHO"},
        {"a", "A"},

        {"exactly15chars0", "EXACTLY15CHARS0"},
    };
    char name[64];
    WCHAR wide[64];
    DWORD size;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WCHAR host[64];

        size = sizeof name;
        CHECK(DnsHostnameToComputerNameA(cases[i].host, name, &size));
        CHECK_STR(name, cases[i].name);
        CHECK_EQ(size, strlen(cases[i].name));
        MultiByteToWideChar(CP_ACP, 0, cases[i].host, -1, host, 64);
        size = 64;
        CHECK(DnsHostnameToComputerNameW(host, wide, &size));
        CHECK(check_under_wine() || size == strlen(cases[i].name)); /* it counts otherwise */
        CHECK(wide[0] == (WCHAR)cases[i].name[0]);
    }
    size = 2;
    if (!check_under_wine()) {
        CHECK_ERROR(DnsHostnameToComputerNameA("box", name, &size), ERROR_MORE_DATA);
        CHECK_EQ(size, 4);
        CHECK_ERROR(SetComputerNameA("a/b"), ERROR_INVALID_PARAMETER);
        CHECK_ERROR(SetComputerNameW(L""), ERROR_INVALID_PARAMETER);
        CHECK_ERROR(SetComputerNameA("toolongforanetbiosname"), ERROR_INVALID_PARAMETER);
        CHECK_ERROR(SetComputerNameA("other"), ERROR_ACCESS_DENIED);
        CHECK_ERROR(SetComputerNameExA(ComputerNamePhysicalDnsHostname, "other"), ERROR_ACCESS_DENIED);
        CHECK_ERROR(SetComputerNameExW(ComputerNameMax, L"other"), ERROR_INVALID_PARAMETER);
    }
}

static void power(void)
{
    REASON_CONTEXT reason = {POWER_REQUEST_CONTEXT_VERSION, POWER_REQUEST_CONTEXT_SIMPLE_STRING, {{0}}};
    HANDLE request;
    BOOL on = FALSE;

    if (check_under_wine()) /* whose state begins as 7 and has no requests */
        return;
    CHECK_EQ(SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED), ES_CONTINUOUS);
    CHECK_EQ(SetThreadExecutionState(ES_SYSTEM_REQUIRED), ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
    CHECK_EQ(SetThreadExecutionState(ES_CONTINUOUS | ES_DISPLAY_REQUIRED), ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
    CHECK_EQ(SetThreadExecutionState(ES_CONTINUOUS), ES_CONTINUOUS | ES_DISPLAY_REQUIRED);
    CHECK_EQ(SetThreadExecutionState(0x40000000), 0);
    CHECK_EQ(SetThreadExecutionState(ES_CONTINUOUS), ES_CONTINUOUS);
    reason.Reason.SimpleReasonString = L"busy";
    request = PowerCreateRequest(&reason);
    CHECK(request != INVALID_HANDLE_VALUE);
    for (int type = 0; type < 4; type++) {
        CHECK(PowerSetRequest(request, type));
        CHECK(PowerSetRequest(request, type));
        CHECK(PowerClearRequest(request, type));
        CHECK(PowerClearRequest(request, type));
    }
    CHECK_ERROR(PowerSetRequest(request, 7), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(request));
    CHECK_ERROR(PowerSetRequest(request, PowerRequestSystemRequired), ERROR_INVALID_HANDLE);
    reason.Version = 5;
    CHECK(PowerCreateRequest(&reason) == INVALID_HANDLE_VALUE);
    CHECK(!IsSystemResumeAutomatic());
    CHECK(!GetDevicePowerState((HANDLE)0x7777770, &on));
}

static DWORD WINAPI recover(PVOID parameter)
{
    (void)parameter;
    return 0;
}

static void error_reporting(void)
{
    WCHAR command[64];
    DWORD size = 64, flags = 0, interval = 0;
    APPLICATION_RECOVERY_CALLBACK callback = NULL;
    PVOID parameter = NULL;
    BOOL cancelled;
    typedef HRESULT(WINAPI * File)(PCWSTR, ULONG, DWORD);
    typedef HRESULT(WINAPI * Unfile)(PCWSTR);
    typedef HRESULT(WINAPI * Block)(PVOID, DWORD);
    typedef HRESULT(WINAPI * Unblock)(PVOID);
    FIND(File, WerRegisterFile);
    FIND(Unfile, WerUnregisterFile);
    FIND(Block, WerRegisterMemoryBlock);
    FIND(Unblock, WerUnregisterMemoryBlock);

    CHECK_EQ(RegisterApplicationRestart(L"-again", 0), S_OK);
    if (check_under_wine()) /* it answers S_OK and forgets */
        return;
    CHECK_EQ(GetApplicationRestartSettings(GetCurrentProcess(), command, &size, &flags), S_OK);
    CHECK(!wcscmp(command, L"-again"));
    CHECK_EQ(size, 7);
    size = 3;
    CHECK_EQ(GetApplicationRestartSettings(GetCurrentProcess(), command, &size, &flags),
             HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
    CHECK_EQ(size, 7);
    CHECK_EQ(RegisterApplicationRestart(NULL, RESTART_NO_CRASH | RESTART_NO_HANG), S_OK);
    size = 64;
    CHECK_EQ(GetApplicationRestartSettings(GetCurrentProcess(), command, &size, &flags), S_OK);
    CHECK_EQ(flags, RESTART_NO_CRASH | RESTART_NO_HANG);
    CHECK_EQ(command[0], 0);
    CHECK_EQ(UnregisterApplicationRestart(), S_OK);
    CHECK_EQ(GetApplicationRestartSettings(GetCurrentProcess(), command, &size, &flags),
             HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    CHECK_EQ(RegisterApplicationRestart(NULL, 0x100), E_INVALIDARG);
    CHECK_EQ(RegisterApplicationRecoveryCallback(recover, &size, 1000, 0), S_OK);
    CHECK_EQ(GetApplicationRecoveryCallback(GetCurrentProcess(), &callback, &parameter, &interval, &flags), S_OK);
    CHECK(callback == recover && parameter == &size && interval == 1000);
    CHECK_EQ(RegisterApplicationRecoveryCallback(recover, NULL, 300001, 0), E_INVALIDARG);
    CHECK_EQ(RegisterApplicationRecoveryCallback(NULL, NULL, 0, 0), E_INVALIDARG);
    CHECK_EQ(UnregisterApplicationRecoveryCallback(), S_OK);
    CHECK_EQ(GetApplicationRecoveryCallback(GetCurrentProcess(), &callback, &parameter, NULL, NULL), S_FALSE);
    CHECK_EQ(ApplicationRecoveryInProgress(&cancelled), E_FAIL);
    CHECK_EQ(WerRegisterFile_(L"C:\\log.txt", 2, 0), S_OK);
    CHECK_EQ(WerUnregisterFile_(L"c:\\LOG.txt"), S_OK);
    CHECK_EQ(WerUnregisterFile_(L"C:\\log.txt"), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    CHECK_EQ(WerRegisterFile_(NULL, 2, 0), E_INVALIDARG);
    CHECK_EQ(WerRegisterMemoryBlock_(&size, 4), S_OK);
    CHECK_EQ(WerUnregisterMemoryBlock_(&size), S_OK);
    CHECK_EQ(WerUnregisterMemoryBlock_(&size), HRESULT_FROM_WIN32(ERROR_NOT_FOUND));
    CHECK_EQ(WerRegisterMemoryBlock_(&size, 65537), E_INVALIDARG);
    for (ULONG_PTR i = 1; i <= 512; i++)
        CHECK_EQ(WerRegisterMemoryBlock_((PVOID)i, 1), S_OK);
    CHECK_EQ(WerRegisterMemoryBlock_((PVOID)513, 1), HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER));
    for (ULONG_PTR i = 1; i <= 512; i++)
        CHECK_EQ(WerUnregisterMemoryBlock_((PVOID)i), S_OK);
}

static void packages(void)
{
    typedef LONG(WINAPI * Family)(PCWSTR, UINT32 *, PWSTR);
    typedef LONG(WINAPI * Parse)(PCWSTR, UINT32 *, PWSTR, UINT32 *, PWSTR);
    typedef LONG(WINAPI * Format)(PCWSTR, PCWSTR, UINT32 *, PWSTR);
    typedef LONG(WINAPI * Info)(UINT32, UINT32 *, BYTE *, UINT32 *);
    FIND(Family, PackageFamilyNameFromFullName);
    FIND(Parse, ParseApplicationUserModelId);
    FIND(Format, FormatApplicationUserModelId);
    FIND(Info, GetCurrentPackageInfo);
    WCHAR text[128], second[64];
    UINT32 length = 128, more = 64;

    if (check_under_wine())
        return;
    CHECK_EQ(PackageFamilyNameFromFullName_(L"Contoso.App_1.2.3.4_x64__8wekyb3d8bbwe", &length, text), 0);
    CHECK(!wcscmp(text, L"Contoso.App_8wekyb3d8bbwe"));
    CHECK_EQ(length, 26);
    length = 10;
    CHECK_EQ(PackageFamilyNameFromFullName_(L"Contoso.App_1.2.3.4_x64__8wekyb3d8bbwe", &length, text),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, 26);
    CHECK_EQ(PackageFamilyNameFromFullName_(L"Contoso.App", &length, text), ERROR_INVALID_PARAMETER);
    length = 128;
    CHECK_EQ(FormatApplicationUserModelId_(L"Contoso.App_8wekyb3d8bbwe", L"Main", &length, text), 0);
    CHECK(!wcscmp(text, L"Contoso.App_8wekyb3d8bbwe!Main"));
    length = 128;
    CHECK_EQ(ParseApplicationUserModelId_(L"Contoso.App_8wekyb3d8bbwe!Main", &length, text, &more, second), 0);
    CHECK(!wcscmp(text, L"Contoso.App_8wekyb3d8bbwe") && !wcscmp(second, L"Main"));
    CHECK_EQ(ParseApplicationUserModelId_(L"nothing", &length, text, &more, second), ERROR_INVALID_PARAMETER);
    length = 0;
    CHECK_EQ(GetCurrentPackageInfo_(0, &length, NULL, NULL), 15700);
    CHECK_EQ(GetCurrentPackageInfo_(0, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
}

static void cpu_sets(void)
{
    typedef BOOL(WINAPI * System)(void *, ULONG, ULONG *, HANDLE, ULONG);
    typedef BOOL(WINAPI * Set)(HANDLE, const ULONG *, ULONG);
    typedef BOOL(WINAPI * Get)(HANDLE, ULONG *, ULONG, ULONG *);
    FIND(System, GetSystemCpuSetInformation);
    FIND(Set, SetProcessDefaultCpuSets);
    FIND(Get, GetProcessDefaultCpuSets);
    FIND(Set, SetThreadSelectedCpuSets);
    FIND(Get, GetThreadSelectedCpuSets);
    ULONG needed = 0, ids[64], count, bad = 5;
    SYSTEM_INFO info;
    BYTE buffer[64 * 32];

    if (check_under_wine())
        return;
    GetSystemInfo(&info);
    CHECK_ERROR(GetSystemCpuSetInformation_(NULL, 0, &needed, NULL, 0), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(needed, 32 * info.dwNumberOfProcessors);
    CHECK(GetSystemCpuSetInformation_(buffer, sizeof buffer, &needed, GetCurrentProcess(), 0));
    CHECK_EQ(*(DWORD *)buffer, 32);
    ids[0] = ((DWORD *)buffer)[2];
    CHECK_EQ(ids[0], 256);
    CHECK(GetProcessDefaultCpuSets_(GetCurrentProcess(), NULL, 0, &count) && !count);
    CHECK(SetProcessDefaultCpuSets_(GetCurrentProcess(), ids, 1));
    CHECK_ERROR(GetProcessDefaultCpuSets_(GetCurrentProcess(), NULL, 0, &count), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(count, 1);
    ids[0] = 0;
    CHECK(GetProcessDefaultCpuSets_(GetCurrentProcess(), ids, 64, &count));
    CHECK_EQ(ids[0], 256);
    CHECK(SetThreadSelectedCpuSets_(GetCurrentThread(), ids, 1));
    CHECK(GetThreadSelectedCpuSets_(GetCurrentThread(), ids, 64, &count) && count == 1);
    CHECK(SetThreadSelectedCpuSets_(GetCurrentThread(), NULL, 0));
    CHECK(GetThreadSelectedCpuSets_(GetCurrentThread(), ids, 64, &count) && count == 0);
    CHECK_ERROR(SetProcessDefaultCpuSets_(GetCurrentProcess(), &bad, 1), ERROR_INVALID_PARAMETER);
    CHECK(SetProcessDefaultCpuSets_(GetCurrentProcess(), NULL, 0));
}

static void snapshots_of_heaps(void)
{
    HANDLE heap = HeapCreate(0, 0, 0), snapshot;
    void *block = HeapAlloc(heap, 0, 1234);
    HEAPLIST32 list = {sizeof list};
    HEAPENTRY32 entry = {sizeof entry};
    BOOL found = FALSE, default_found = FALSE, block_found = FALSE;
    int value = 4711, copy = 0;
    SIZE_T read = 0;

    snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPHEAPLIST, 0);
    CHECK(check_under_wine() || snapshot != INVALID_HANDLE_VALUE);
    CHECK(Toolhelp32ReadProcessMemory(GetCurrentProcessId(), &value, &copy, sizeof copy, &read));
    CHECK(copy == 4711 && read == sizeof copy);
    if (check_under_wine())
        return;
    for (BOOL more = Heap32ListFirst(snapshot, &list); more; more = Heap32ListNext(snapshot, &list)) {
        CHECK_EQ(list.th32ProcessID, GetCurrentProcessId());
        found |= list.th32HeapID == (ULONG_PTR)heap;
        default_found |= list.dwFlags == HF32_DEFAULT;
    }
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    CHECK(found);
    CHECK(default_found);
    for (BOOL more = Heap32First(&entry, GetCurrentProcessId(), (ULONG_PTR)heap); more; more = Heap32Next(&entry))
        block_found |= entry.dwAddress == (ULONG_PTR)block && entry.dwBlockSize >= 1234;
    CHECK(block_found);
    list.dwSize = 3;
    CHECK_ERROR(Heap32ListFirst(snapshot, &list), ERROR_BAD_LENGTH);
    CloseHandle(snapshot);
    HeapDestroy(heap);
}

static void working_set(void)
{
    char *page = VirtualAlloc(NULL, 3 * 4096, MEM_COMMIT, PAGE_READWRITE);
    PSAPI_WORKING_SET_EX_INFORMATION info[3];
    ULONG_PTR *words = VirtualAlloc(NULL, 8 << 20, MEM_COMMIT, PAGE_READWRITE);
    WCHAR wide[MAX_PATH];
    char name[MAX_PATH];
    BOOL found = FALSE;

    page[0] = page[8192] = 1;
    for (int i = 0; i < 3; i++)
        info[i].VirtualAddress = page + i * 4096;
    CHECK(QueryWorkingSetEx(GetCurrentProcess(), info, sizeof info));
    CHECK(info[0].VirtualAttributes.Valid && info[2].VirtualAttributes.Valid);
    CHECK(!info[1].VirtualAttributes.Valid);
    CHECK_EQ(info[0].VirtualAttributes.Win32Protection, PAGE_READWRITE);
    if (check_under_wine())
        return;
    CHECK_ERROR(QueryWorkingSet(GetCurrentProcess(), words, 4), ERROR_BAD_LENGTH);
    CHECK_ERROR(QueryWorkingSet(GetCurrentProcess(), words, 8), ERROR_BAD_LENGTH);
    CHECK(words[0] > 10);
    CHECK(QueryWorkingSet(GetCurrentProcess(), words, 8 << 20));
    for (ULONG_PTR i = 1; i <= words[0]; i++)
        found |= (words[i] & ~(ULONG_PTR)4095) == (ULONG_PTR)page;
    CHECK(found);
    CHECK(GetMappedFileNameW(GetCurrentProcess(), (PVOID)page, wide, MAX_PATH) == 0);
    {
        HANDLE file = CreateFileA("mapped.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                                  FILE_FLAG_DELETE_ON_CLOSE, NULL);
        HANDLE section = CreateFileMappingNumaA(file, NULL, PAGE_READWRITE, 0, 4096, NULL, NUMA_NO_PREFERRED_NODE);
        char *view = MapViewOfFileExNuma(section, FILE_MAP_READ, 0, 0, 0, NULL, NUMA_NO_PREFERRED_NODE);

        CHECK(view != NULL);
        CHECK(view && view[0] == 0);
        CHECK(GetMappedFileNameA(GetCurrentProcess(), view, name, MAX_PATH) > 10);
        CHECK(!strncmp(name, "\\Device\\", 8));
        CHECK(strstr(name, "\\mapped.bin") != NULL);
        CHECK_EQ(GetMappedFileNameA(GetCurrentProcess(), view, name, 8), 7);
        UnmapViewOfFile(view);
        CloseHandle(section);
        CloseHandle(file);
    }
}

static int group_count;

static BOOL CALLBACK on_group(LGRPID group, LPSTR id, LPSTR name, DWORD flags, LONG_PTR parameter)
{
    group_count++;
    CHECK(group && strtoul(id, NULL, 16) == group && *name && flags && parameter == 5);
    return TRUE;
}

static BOOL CALLBACK on_language(LPWSTR name, LONG_PTR parameter)
{
    CHECK(parameter == 3);
    CHECK(check_under_wine() || !wcscmp(name, L"0409") || !wcscmp(name, L"en-US"));
    return TRUE;
}

static void languages(void)
{
    NLSVERSIONINFO version = {sizeof version};
    char name[64];
    WCHAR wide[64];

    CHECK(EnumSystemLanguageGroupsA(on_group, LGRPID_INSTALLED, 5));
    CHECK(group_count >= 10);
    for (LGRPID group = 1; group <= 17; group++)
        CHECK(IsValidLanguageGroup(group, LGRPID_INSTALLED));
    CHECK(!IsValidLanguageGroup(0, LGRPID_INSTALLED));
    CHECK(!IsValidLanguageGroup(18, LGRPID_INSTALLED));
    CHECK(check_under_wine() || !IsValidLanguageGroup(1, 0));
    CHECK(EnumUILanguagesW(on_language, 0, 3));
    CHECK(EnumUILanguagesW(on_language, MUI_LANGUAGE_NAME, 3));
    CHECK_ERROR(EnumUILanguagesW(NULL, 0, 3), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(EnumUILanguagesW(on_language, 0x1000, 3), ERROR_INVALID_FLAGS);
    CHECK_EQ(ConvertDefaultLocale(LOCALE_SYSTEM_DEFAULT), GetSystemDefaultLCID());
    CHECK_EQ(ConvertDefaultLocale(LOCALE_USER_DEFAULT), GetUserDefaultLCID());
    CHECK_EQ(ConvertDefaultLocale(0x0407), 0x0407);
    CHECK_EQ(ConvertDefaultLocale(0x0007), 0x0407);
    CHECK_EQ(ConvertDefaultLocale(0x0009), 0x0409);
    CHECK(GetNLSVersion(COMPARE_STRING, 0x409, &version));
    CHECK(version.dwNLSVersion != 0);
    CHECK_ERROR(GetNLSVersion(7, 0x409, &version), ERROR_INVALID_FLAGS);
    CHECK_EQ(FoldStringA(MAP_FOLDDIGITS, "123", -1, name, 64), 4);
    CHECK_STR(name, "123");
    CHECK_EQ(FoldStringA(MAP_FOLDDIGITS, "123", 3, NULL, 0), 3);
    CHECK(VerLanguageNameA(0x409, name, 64) >= 7);
    CHECK(check_under_wine() || !strcmp(name, "English (United States)")); /* it leaves the country out */
    CHECK(VerLanguageNameW(0x407, wide, 64) >= 6);
    CHECK(!wcsncmp(wide, L"German", 6));
}

static void durations(void)
{
    static const struct {
        ULONGLONG ticks;
        const WCHAR *picture, *text;
    } cases[] = {
        {36610000000, NULL, L"1:01:01"},
        {36610000000, L"hh:mm:ss", L"01:01:01"},
        {36610000000, L"mm:ss", L"61:01"},
        {36610000000, L"s 'seconds'", L"3661 seconds"},
        {864000000000, L"d h", L"1 0"},
        {864000000000, L"h", L"24"},
        {864000000000ull * 3 + 12345670, L"ddd.hh.mm.ss.fff", L"003.00.00.01.234"},
        {12345670, L"s.fffffff", L"1.2345670"},
        {12345670, L"s.f", L"1.2"},
        {0, L"h:mm:ss", L"0:00:00"},
        {0, L"''''", L"'"},
        {0, L"'h'h", L"h0"},
    };
    SYSTEMTIME time = {0, 0, 0, 2, 3, 4, 5, 6};
    WCHAR out[64];

    if (check_under_wine())
        return;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int length = GetDurationFormatEx(L"en-US", 0, NULL, cases[i].ticks, cases[i].picture, out, 64);

        CHECK_EQ(length, wcslen(cases[i].text) + 1);
        CHECK(!wcscmp(out, cases[i].text));
        CHECK_EQ(GetDurationFormat(0x409, 0, NULL, cases[i].ticks, cases[i].picture, NULL, 0), length);
        CHECK_ERROR(GetDurationFormatEx(L"en-US", 0, NULL, cases[i].ticks, cases[i].picture, out, length - 1),
                    length > 1 ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS);
    }
    CHECK_EQ(GetDurationFormatEx(L"en-US", 0, &time, 0, L"d:hh:mm:ss.fff", out, 64), 15);
    CHECK(!wcscmp(out, L"2:03:04:05.006"));
    time.wHour = 24;
    CHECK_ERROR(GetDurationFormatEx(L"en-US", 0, &time, 0, NULL, out, 64), ERROR_INVALID_PARAMETER);
}

static void ini_structs(void)
{
    char file[MAX_PATH], text[64];
    BYTE data[16], back[16];

    GetFullPathNameA("struct.ini", MAX_PATH, file, NULL);
    for (int size = 1; size <= 16; size++) {
        for (int i = 0; i < size; i++)
            data[i] = (BYTE)(i * 37 + size);
        CHECK(WritePrivateProfileStructA("s", "key", data, size, file));
        memset(back, 0, sizeof back);
        CHECK(GetPrivateProfileStructA("s", "key", back, size, file));
        CHECK(!memcmp(data, back, size));
        CHECK(!GetPrivateProfileStructA("s", "key", back, size - 1, file));
        CHECK(!GetPrivateProfileStructA("s", "key", back, size + 1 <= 16 ? size + 1 : size - 1, file));
        CHECK_EQ(GetPrivateProfileStringA("s", "key", "", text, 64, file), 2 * size + 2);
    }
    CHECK(WritePrivateProfileStructA("s", "key", "\x01\x02", 2, file));
    GetPrivateProfileStringA("s", "key", "", text, 64, file);
    CHECK_STR(text, "010203");
    CHECK(WritePrivateProfileStringA("s", "key", "010204", file)); /* a wrong sum */
    CHECK(!GetPrivateProfileStructA("s", "key", back, 2, file));
    CHECK(WritePrivateProfileStringA("s", "key", "01zz03", file));
    CHECK(!GetPrivateProfileStructA("s", "key", back, 2, file));
    CHECK(!GetPrivateProfileStructA("s", "none", back, 2, file));
    CHECK(WritePrivateProfileSectionA("t", "a=1\0b=2\0", file));
    CHECK_EQ(GetPrivateProfileIntA("t", "b", 0, file), 2);
    CHECK(WritePrivateProfileSectionA("t", "c=3\0", file));
    CHECK_EQ(GetPrivateProfileIntA("t", "b", 0, file), 0);
    CHECK_EQ(GetPrivateProfileSectionA("t", text, 64, file), 4);
    CHECK_STR(text, "c=3");
    DeleteFileA(file);
}

static void absent(void)
{
    DWORD flags;
    BOOL value = 5;
    SIZE_T least, most;
    ULONG_PTR count = 1, page;
    char buffer[16];

    if (check_under_wine())
        return;
    CHECK_ERROR(GetFirmwareEnvironmentVariableExA("x", "{00000000-0000-0000-0000-000000000001}", buffer, 16, &flags),
                ERROR_PRIVILEGE_NOT_HELD);
    CHECK_ERROR(GetFirmwareEnvironmentVariableExW(L"", L"{00000000-0000-0000-0000-000000000000}", NULL, 0, NULL),
                ERROR_INVALID_FUNCTION);
    CHECK_ERROR(SetFirmwareEnvironmentVariableExA("x", "{00000000-0000-0000-0000-000000000001}", buffer, 16, 7),
                ERROR_PRIVILEGE_NOT_HELD);
    CHECK_ERROR(GetProcessDEPPolicy(GetCurrentProcess(), &flags, &value), ERROR_NOT_SUPPORTED);
    CHECK_EQ(GetSystemDEPPolicy(), 2);
    CHECK_EQ(GetTapeStatus((HANDLE)0x7777770), ERROR_INVALID_HANDLE);
    CHECK_ERROR(AllocateUserPhysicalPages(GetCurrentProcess(), &count, &page), ERROR_PRIVILEGE_NOT_HELD);
    CHECK(GetSystemFileCacheSize(&least, &most, &flags));
    CHECK(least < most);
    CHECK_ERROR(SetSystemFileCacheSize(1 << 20, 1 << 22, 0), ERROR_PRIVILEGE_NOT_HELD);
    {
        typedef BOOL(WINAPI * Critical)(HANDLE, BOOL *);
        FIND(Critical, IsProcessCritical);
        CHECK(IsProcessCritical_(GetCurrentProcess(), &value));
        CHECK_EQ(value, 0);
    }
}

static void environment(void)
{
    static char block[] = "AA=1\0BB=two\0";
    LPWCH before = GetEnvironmentStringsW();
    char text[16];

    if (check_under_wine()) /* whose SetEnvironmentStrings wants a block that only it makes */
        return;
    CHECK(SetEnvironmentStringsA(block));
    CHECK_EQ(GetEnvironmentVariableA("BB", text, 16), 3);
    CHECK_STR(text, "two");
    CHECK_EQ(GetEnvironmentVariableA("PATH", text, 16), 0);
    CHECK(SetEnvironmentStringsW(before));
    FreeEnvironmentStringsW(before);
}

int main(void)
{
    computer_names();
    power();
    error_reporting();
    packages();
    cpu_sets();
    snapshots_of_heaps();
    working_set();
    languages();
    durations();
    ini_structs();
    absent();
    environment();
    return check_done();
}
