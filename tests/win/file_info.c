/* What do the rarer information classes say of files and volumes, and what do they refuse? */
#include "check.h"
#include <winternl.h>

#define SHORT_NAMES_NOT_ENABLED ((LONG)0xC000019F)
#define NAME_NOT_FOUND ((LONG)0xC0000034)
#define INVALID_INFO_CLASS ((LONG)0xC0000003)
#define LENGTH_MISMATCH ((LONG)0xC0000004)
#define INVALID_PARAMETER ((LONG)0xC000000D)
#define NO_EAS ((LONG)0xC0000052)
#define EAS_NOT_SUPPORTED ((LONG)0xC000004F)
#define BUFFER_OVERFLOW ((LONG)0x80000005)

static NTSTATUS(NTAPI *query)(HANDLE, IO_STATUS_BLOCK *, void *, ULONG, ULONG);
static NTSTATUS(NTAPI *set)(HANDLE, IO_STATUS_BLOCK *, void *, ULONG, ULONG);
static NTSTATUS(NTAPI *query_volume)(HANDLE, IO_STATUS_BLOCK *, void *, ULONG, ULONG);
static NTSTATUS(NTAPI *query_ea)(HANDLE, IO_STATUS_BLOCK *, void *, ULONG, BOOLEAN, void *, ULONG, ULONG *, BOOLEAN);
static NTSTATUS(NTAPI *set_ea)(HANDLE, IO_STATUS_BLOCK *, void *, ULONG);
static IO_STATUS_BLOCK io;
static _Alignas(8) UCHAR buffer[1024];

static void test_names(HANDLE file)
{
    ULONG length;
    CHECK_EQ(query(file, &io, buffer, sizeof buffer, 21), NAME_NOT_FOUND); /* FileAlternateNameInformation */
    CHECK_EQ(query(file, &io, buffer, sizeof buffer, 58), 0);              /* FileVolumeNameInformation */
    memcpy(&length, buffer, 4);
    CHECK_EQ(io.Information, length + 4);
    CHECK(!memcmp(buffer + 4, L"\\Device\\HarddiskVolume", 44));
    CHECK(length == 46 || length == 48);
    CHECK_EQ(query(file, &io, buffer, 20, 58), BUFFER_OVERFLOW);
    CHECK_EQ(query(file, &io, buffer, 3, 58), LENGTH_MISMATCH);
    struct {
        ULONG length;
        WCHAR name[8];
    } name = {16, {'S', 'H', 'O', 'R', 'T', '.', 'T', 'X'}};
    CHECK_EQ(set(file, &io, &name, sizeof name, 40), SHORT_NAMES_NOT_ENABLED); /* FileShortNameInformation */
}

static void test_links(HANDLE file)
{
    ULONG counts[2];
    CHECK_EQ(query(file, &io, buffer, sizeof buffer, 54), 0); /* FileStandardLinkInformation */
    memcpy(counts, buffer, sizeof counts);
    CHECK_EQ(counts[0], 2);
    CHECK_EQ(counts[1], 2);
    CHECK_EQ(buffer[8], 0);
    CHECK_EQ(buffer[9], 0);
    CHECK_EQ(query(file, &io, buffer, sizeof buffer, 46), 0); /* FileHardLinkInformation */
    memcpy(counts, buffer, sizeof counts);
    CHECK_EQ(counts[0], io.Information);
    CHECK_EQ(counts[1], 2);
    ULONG needed = counts[0];
    CHECK_EQ(query(file, &io, buffer, needed - 4, 46), BUFFER_OVERFLOW);
    memcpy(counts, buffer, sizeof counts);
    CHECK_EQ(counts[0], needed);
    CHECK_EQ(counts[1], 1);
    CHECK_EQ(query(file, &io, buffer, 8, 46), LENGTH_MISMATCH);
}

static void test_mode(HANDLE file)
{
    ULONG mode = 0x20 /* FILE_SYNCHRONOUS_IO_NONALERT */, now;
    CHECK_EQ(query(file, &io, &now, 4, 16), 0); /* FileModeInformation */
    CHECK_EQ(now, mode);
    mode = 0x10 | 4; /* FILE_SYNCHRONOUS_IO_ALERT, FILE_SEQUENTIAL_ONLY */
    CHECK_EQ(set(file, &io, &mode, 4, 16), 0);
    CHECK_EQ(query(file, &io, &now, 4, 16), 0);
    CHECK_EQ(now, mode);
    mode = 0; /* a synchronous handle stays one */
    CHECK_EQ(set(file, &io, &mode, 4, 16), INVALID_PARAMETER);
    mode = 0x30;
    CHECK_EQ(set(file, &io, &mode, 4, 16), INVALID_PARAMETER);
    mode = 0x1020; /* FILE_DELETE_ON_CLOSE can not be set here */
    CHECK_EQ(set(file, &io, &mode, 4, 16), INVALID_PARAMETER);
    CHECK_EQ(query(file, &io, buffer, sizeof buffer, 0), INVALID_INFO_CLASS);
    CHECK_EQ(query(file, &io, buffer, sizeof buffer, 500), INVALID_INFO_CLASS);
}

static void test_volume(HANDLE file)
{
    FILE_STORAGE_INFO storage = {0};
    ULONGLONG units[11];
    ULARGE_INTEGER available, total;
    CHECK_EQ(query_volume(file, &io, buffer, sizeof buffer, 11), 0); /* FileFsSectorSizeInformation */
    CHECK_EQ(io.Information, 28);
    CHECK_EQ(query_volume(file, &io, buffer, 27, 11), LENGTH_MISMATCH);
    CHECK(GetFileInformationByHandleEx(file, FileStorageInfo, &storage, sizeof storage));
    CHECK(!memcmp(&storage, buffer, 28));
    CHECK_EQ(storage.LogicalBytesPerSector, 512);
    CHECK(storage.PhysicalBytesPerSectorForPerformance >= 512);
    CHECK_ERROR(GetFileInformationByHandleEx(file, FileStorageInfo, &storage, 4), ERROR_BAD_LENGTH);
    CHECK_EQ(query_volume(file, &io, buffer, sizeof buffer, 14), 0); /* FileFsFullSizeInformationEx */
    CHECK_EQ(io.Information, 96);
    memcpy(units, buffer, sizeof units);
    ULONG per_unit = *(ULONG *)(buffer + 88) * *(ULONG *)(buffer + 92);
    CHECK(GetDiskFreeSpaceExA(NULL, &available, &total, NULL));
    CHECK(units[0] >= units[1] && units[0] - units[1] == units[6] && units[3] <= units[0] && units[4] <= units[1]);
    CHECK_EQ(units[0] * per_unit, total.QuadPart);
    CHECK_EQ(query_volume(file, &io, buffer, sizeof buffer, 99), INVALID_INFO_CLASS);
}

static void test_ea(HANDLE file)
{
    CHECK_EQ(query_ea(file, &io, buffer, sizeof buffer, FALSE, NULL, 0, NULL, TRUE), NO_EAS);
    CHECK_EQ(set_ea(file, &io, buffer, 16), EAS_NOT_SUPPORTED);
    CHECK_EQ(query_ea((HANDLE)0x4444, &io, buffer, sizeof buffer, FALSE, NULL, 0, NULL, TRUE), (LONG)0xC0000008);
}

int main(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    query = (void *)GetProcAddress(ntdll, "NtQueryInformationFile");
    set = (void *)GetProcAddress(ntdll, "NtSetInformationFile");
    query_volume = (void *)GetProcAddress(ntdll, "NtQueryVolumeInformationFile");
    query_ea = (void *)GetProcAddress(ntdll, "NtQueryEaFile");
    set_ea = (void *)GetProcAddress(ntdll, "NtSetEaFile");
    HANDLE file = CreateFileA("info.tmp", GENERIC_ALL, 7, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(CreateHardLinkA("link.tmp", "info.tmp", NULL));
    if (!check_under_wine()) { /* which has few of these */
        test_names(file);
        test_links(file);
        test_mode(file);
        test_volume(file);
        test_ea(file);
    }
    CloseHandle(file);
    CHECK(DeleteFileA("link.tmp") && DeleteFileA("info.tmp"));
    return check_done();
}
