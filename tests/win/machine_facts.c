/*
 * Heaps that are walked, the kind of machine, processor and Windows, large reservations at fixed places, overlays
 * behind an image: what programs ask for once and rely on.
 */
/* link: -lntdll */
#include "check.h"

static void check_heap(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    PROCESS_HEAP_ENTRY entry = {0};
    void *blocks[50];
    int found = 0, total = 0;

    for (int i = 0; i < 50; i++) {
        blocks[i] = HeapAlloc(heap, 0, 16 + (SIZE_T)i * 40);
        memset(blocks[i], i, 16);
    }
    HeapFree(heap, 0, blocks[7]);
    CHECK(HeapLock(heap));
    while (HeapWalk(heap, &entry)) {
        total++;
        for (int i = 0; i < 50; i++)
            if (i != 7 && entry.lpData == blocks[i] && entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) {
                found++;
                CHECK(entry.cbData >= 16 + (DWORD)i * 40);
            }
    }
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    CHECK(HeapUnlock(heap));
    CHECK_EQ(found, 49);
    CHECK(total >= 49);
    CHECK(HeapValidate(heap, 0, NULL));
    CHECK(HeapDestroy(heap));
}

static void check_kind(void)
{
    BOOL(WINAPI * wow2)
    (HANDLE, USHORT *, USHORT *) = (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "IsWow64Process2");
    USHORT process = 7, native = 7;
    DWORD type = 0;
    BOOL wow = 7;
    SYSTEM_INFO info;

    CHECK(IsWow64Process(GetCurrentProcess(), &wow));
    CHECK_EQ(wow, FALSE);
    CHECK(wow2 && wow2(GetCurrentProcess(), &process, &native));
    CHECK_EQ(process, IMAGE_FILE_MACHINE_UNKNOWN);
    CHECK_EQ(native, IMAGE_FILE_MACHINE_AMD64);
    CHECK_ERROR(wow2((HANDLE)0x7777, &process, &native), ERROR_INVALID_HANDLE);
    CHECK(GetProductInfo(10, 0, 0, 0, &type));
    CHECK(type != 0);
    GetNativeSystemInfo(&info);
    CHECK_EQ(info.wProcessorArchitecture, PROCESSOR_ARCHITECTURE_AMD64);
    CHECK_EQ(info.dwPageSize, 4096);
    CHECK_EQ(info.dwAllocationGranularity, 65536);
    CHECK(IsProcessorFeaturePresent(PF_XMMI_INSTRUCTIONS_AVAILABLE));
    CHECK(IsProcessorFeaturePresent(PF_XMMI64_INSTRUCTIONS_AVAILABLE));
    CHECK(IsProcessorFeaturePresent(PF_COMPARE_EXCHANGE_DOUBLE));
    CHECK(IsProcessorFeaturePresent(PF_COMPARE_EXCHANGE128));
    CHECK(IsProcessorFeaturePresent(PF_NX_ENABLED));
    CHECK(IsProcessorFeaturePresent(PF_FASTFAIL_AVAILABLE));
    CHECK(!IsProcessorFeaturePresent(PF_ARM_VFP_32_REGISTERS_AVAILABLE));
    CHECK(!IsProcessorFeaturePresent(1000));
    __builtin_cpu_init();
    CHECK_EQ(!IsProcessorFeaturePresent(PF_AVX2_INSTRUCTIONS_AVAILABLE) || check_under_wine(),
             !__builtin_cpu_supports("avx2") || check_under_wine());
}

static void check_reservations(void)
{
    char *bases[] = {(char *)0x100000000000, (char *)0x200000000000, (char *)0x300000000};

    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        SIZE_T size = (SIZE_T)32 << 30;
        MEMORY_BASIC_INFORMATION info;
        char *got = VirtualAlloc(bases[i], size, MEM_RESERVE, PAGE_NOACCESS);

        CHECK(got == bases[i]);
        if (!got)
            continue;
        CHECK(VirtualAlloc(got + size / 2, 4096, MEM_COMMIT, PAGE_READWRITE) == got + size / 2);
        got[size / 2] = 7;
        CHECK_EQ(VirtualQuery(got, &info, sizeof info), sizeof info);
        CHECK_EQ(info.RegionSize, size / 2);
        CHECK_EQ(info.State, MEM_RESERVE);
        CHECK(VirtualAlloc(got, 65536, MEM_RESERVE, PAGE_NOACCESS) == NULL);
        CHECK_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
        CHECK(VirtualFree(got, 0, MEM_RELEASE));
    }
}

/* A copy of this program with something behind the image runs, and reads it. */
static void check_overlay(void)
{
    char self[MAX_PATH], line[MAX_PATH + 32];
    STARTUPINFOA startup = {sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 1, done;
    HANDLE file;

    GetModuleFileNameA(NULL, self, MAX_PATH);
    CHECK(CopyFileA(self, "overlay.exe", FALSE));
    file = CreateFileA("overlay.exe", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    SetFilePointer(file, 0, NULL, FILE_END);
    CHECK(WriteFile(file, "payload!", 8, &done, NULL));
    CloseHandle(file);
    snprintf(line, sizeof line, "overlay.exe overlay");
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    CHECK_EQ(WaitForSingleObject(process.hProcess, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CHECK_EQ(code, 55);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    DeleteFileA("overlay.exe");
}

static int read_overlay(void)
{
    char self[MAX_PATH], tail[9] = {0};
    DWORD done = 0;
    HANDLE file;

    GetModuleFileNameA(NULL, self, MAX_PATH);
    file = CreateFileA(self, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    SetFilePointer(file, -8, NULL, FILE_END);
    ReadFile(file, tail, 8, &done, NULL);
    CloseHandle(file);
    return strcmp(tail, "payload!") ? 1 : 55;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return read_overlay();
    check_heap();
    check_kind();
    check_reservations();
    check_overlay();
    return check_done();
}
