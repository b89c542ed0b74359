/*
 * What happens when functions of the system and of the C runtime are given pointers that can not be read or written?
 * Most raise an access violation that the caller can handle; the ones that ask the kernel fail with ERROR_NOACCESS; a
 * few are documented to catch it themselves.  After each, the function still works: no lock stayed behind.
 */
#include <stdarg.h>
#include <wchar.h>
#include "check.h"
#include "seh.h"

static char *page; /* one page that can be used, followed by one that can not */
static EXCEPTION_RECORD seen;
static HANDLE file;
static volatile ULONG_PTR sink;

static LONG catch_all(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    return EXCEPTION_EXECUTE_HANDLER;
}

#define BAD ((void *)(page + 0x1000))
#define BAD_W ((WCHAR *)BAD)

/* --- those that raise -------------------------------------------------------------------------------------------- */

#define RAISES(name, expression)                                                                                       \
    static void raises_##name(void *unused)                                                                            \
    {                                                                                                                  \
        (void)unused;                                                                                                  \
        sink = (ULONG_PTR)(expression);                                                                                \
    }

RAISES(memcpy_from, memcpy(page, BAD, 100))
RAISES(memcpy_to, memcpy(BAD, page, 100))
RAISES(memcpy_across, memcpy(page + 0xff0, page, 100))
RAISES(memmove_from, memmove(page, BAD, 3000))
RAISES(memset_to, memset(BAD, 1, 100))
RAISES(memcmp_first, memcmp(BAD, page, 100))
RAISES(memchr_in, memchr(BAD, 1, 100))
RAISES(strlen_of, strlen(BAD))
RAISES(strcpy_from, strcpy(page, BAD))
RAISES(strcpy_to, strcpy(BAD, "text"))
RAISES(strcat_to, strcat(BAD, "text"))
RAISES(strcmp_first, strcmp(BAD, "text"))
RAISES(strncpy_from, strncpy(page, BAD, 5))
RAISES(strchr_in, strchr(BAD, 'a'))
RAISES(strrchr_in, strrchr(BAD, 'a'))
RAISES(strstr_in, strstr(BAD, "a"))
RAISES(stricmp_first, _stricmp(BAD, "text"))
RAISES(strtol_of, strtol(BAD, NULL, 10))
RAISES(atoi_of, atoi(BAD))
RAISES(strtod_of, strtod(BAD, NULL))
RAISES(wcslen_of, wcslen(BAD_W))
RAISES(wcscpy_from, wcscpy((WCHAR *)page, BAD_W))
RAISES(wcscmp_first, wcscmp(BAD_W, L"text"))
RAISES(wcschr_in, wcschr(BAD_W, L'a'))
RAISES(sprintf_from, sprintf(page, "%s", (char *)BAD))
RAISES(sprintf_to, sprintf(BAD, "%d", 5))
RAISES(sprintf_wide, sprintf(page, "%ls", BAD_W))
RAISES(sscanf_from, sscanf(BAD, "%d", (int *)page))
RAISES(sscanf_to, sscanf("5", "%d", (int *)BAD))
RAISES(puts_of, fputs(BAD, stdout))
RAISES(qsort_of, (qsort(BAD, 10, 4, (int (*)(const void *, const void *))lstrcmpA), 0))
RAISES(to_wide, MultiByteToWideChar(CP_UTF8, 0, BAD, 10, (WCHAR *)page, 100))
RAISES(to_wide_into, MultiByteToWideChar(CP_UTF8, 0, "abcdef", 6, BAD_W, 100))
RAISES(to_narrow, WideCharToMultiByte(CP_UTF8, 0, BAD_W, 10, page, 100, NULL, NULL))
RAISES(to_narrow_into, WideCharToMultiByte(CP_UTF8, 0, L"abcdef", 6, BAD, 100, NULL, NULL))
RAISES(create_file, CreateFileW(BAD_W, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL))
RAISES(system_time, (GetSystemTimeAsFileTime(BAD), 0))
RAISES(system_info, (GetSystemInfo(BAD), 0))
RAISES(local_time, (GetLocalTime(BAD), 0))
RAISES(startup_info, (GetStartupInfoW(BAD), 0))
RAISES(enter_section, (EnterCriticalSection(BAD), 0))
RAISES(acquire_lock, (AcquireSRWLockExclusive(BAD), 0))
RAISES(init_unicode, (RtlFillMemory(BAD, 10, 1), 0))
RAISES(zero_memory, (RtlZeroMemory(BAD, 10), 0))
RAISES(char_upper, lstrcmpiW(BAD_W, L"text"))
RAISES(compare_ordinal, CompareStringOrdinal(BAD_W, 5, L"hallo", 5, TRUE))
RAISES(file_time, FileTimeToSystemTime(BAD, (SYSTEMTIME *)page))
RAISES(set_variable, SetEnvironmentVariableW(BAD_W, L"value"))
RAISES(load_library, LoadLibraryW(BAD_W))
RAISES(copy_memory, (RtlCopyMemory(page, BAD, 8), 0))
RAISES(tick_interlocked, InterlockedIncrement(BAD))

#undef RAISES
#define CASE(name)                                                                                                     \
    {                                                                                                                  \
#name, raises_##name                                                                                           \
    }
static const struct {
    const char *name;
    void (*run)(void *);
} raising[] = {
    CASE(memcpy_from),      CASE(memcpy_to),     CASE(memcpy_across), CASE(memmove_from), CASE(memset_to),
    CASE(memcmp_first),     CASE(memchr_in),     CASE(strlen_of),     CASE(strcpy_from),  CASE(strcpy_to),
    CASE(strcat_to),        CASE(strcmp_first),  CASE(strncpy_from),  CASE(strchr_in),    CASE(strrchr_in),
    CASE(strstr_in),        CASE(stricmp_first), CASE(strtol_of),     CASE(atoi_of),      CASE(strtod_of),
    CASE(wcslen_of),        CASE(wcscpy_from),   CASE(wcscmp_first),  CASE(wcschr_in),    CASE(sprintf_from),
    CASE(sprintf_to),       CASE(sprintf_wide),  CASE(sscanf_from),   CASE(sscanf_to),    CASE(puts_of),
    CASE(qsort_of),         CASE(to_wide),       CASE(to_wide_into),  CASE(to_narrow),    CASE(to_narrow_into),
    CASE(create_file),      CASE(system_time),   CASE(system_info),   CASE(local_time),   CASE(startup_info),
    CASE(enter_section),    CASE(acquire_lock),  CASE(init_unicode),  CASE(zero_memory),  CASE(char_upper),
    CASE(compare_ordinal),  CASE(file_time),     CASE(set_variable),  CASE(load_library), CASE(copy_memory),
    CASE(tick_interlocked),
};

static void check_raising(void)
{
    for (unsigned i = 0; i < sizeof(raising) / sizeof(raising[0]); i++)
        for (int round = 0; round < 2; round++) {
            if (raising[i].run == raises_system_time && check_under_wine()) /* Wine asks its Unix side, which fails */
                continue;
            memset(&seen, 0, sizeof(seen));
            int caught = try_except(raising[i].run, NULL, catch_all);
            if (!caught || seen.ExceptionCode != EXCEPTION_ACCESS_VIOLATION ||
                seen.ExceptionInformation[1] - (ULONG_PTR)BAD >= 0x1000)
                printf("%s: caught %d, %#lx, %p (bad is at %p)\n", raising[i].name, caught, seen.ExceptionCode,
                       (void *)seen.ExceptionInformation[1], BAD);
            CHECK_EQ(caught, 1);
            CHECK_EQ(seen.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
            CHECK(seen.ExceptionInformation[1] - (ULONG_PTR)BAD < 0x1000);
        }
}

/* --- those that fail --------------------------------------------------------------------------------------------- */

static void check_failing(void)
{
    DWORD done = 5, old;
    char *read_only = VirtualAlloc(NULL, 0x1000, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    SIZE_T moved;
    HANDLE read_end, write_end;

    CHECK_ERROR(WriteFile(file, BAD, 10, &done, NULL), ERROR_INVALID_USER_BUFFER);
    CHECK_ERROR(WriteFile(file, NULL, 10, &done, NULL), ERROR_INVALID_USER_BUFFER);
    CHECK(WriteFile(file, "0123456789", 10, &done, NULL));
    CHECK_EQ(done, 10);
    CHECK_EQ(SetFilePointer(file, 0, NULL, FILE_BEGIN), 0);
    CHECK_ERROR(ReadFile(file, BAD, 10, &done, NULL), ERROR_NOACCESS);
    CHECK_ERROR(ReadFile(file, read_only, 10, &done, NULL), ERROR_NOACCESS);
    CHECK_EQ(SetFilePointer(file, 0, NULL, FILE_BEGIN), 0);
    CHECK(ReadFile(file, page, 10, &done, NULL));
    CHECK_EQ(done, 10);
    CHECK(CreatePipe(&read_end, &write_end, NULL, 0));
    CHECK(!WriteFile(write_end, BAD, 10, &done, NULL));
    CHECK(WriteFile(write_end, "abc", 3, &done, NULL));
    CHECK_ERROR(ReadFile(read_end, BAD, 3, &done, NULL), ERROR_NOACCESS);
    CloseHandle(read_end);
    CloseHandle(write_end);
    if (!check_under_wine()) { /* Wine copies what is not accessible and fails with other errors */
        CHECK_ERROR(ReadProcessMemory(GetCurrentProcess(), BAD, page, 10, &moved), ERROR_PARTIAL_COPY);
        CHECK_ERROR(WriteProcessMemory(GetCurrentProcess(), BAD, page, 10, &moved), ERROR_NOACCESS);
        CHECK_ERROR(VirtualQuery(page, BAD, sizeof(MEMORY_BASIC_INFORMATION)), ERROR_NOACCESS);
        CHECK_ERROR(VirtualProtect(page, 0x1000, PAGE_READWRITE, BAD), ERROR_NOACCESS);
    }
    CHECK_ERROR(ReadProcessMemory(GetCurrentProcess(), page, BAD, 10, &moved), ERROR_NOACCESS);
    CHECK_ERROR(WriteProcessMemory(GetCurrentProcess(), page, BAD, 10, &moved), ERROR_PARTIAL_COPY);
    CHECK(ReadProcessMemory(GetCurrentProcess(), page, page + 100, 10, &moved));
    CHECK_EQ(moved, 10);
    CHECK_ERROR(VirtualProtect(page, 0x1000, PAGE_READWRITE, NULL), ERROR_NOACCESS);
    CHECK(VirtualProtect(page, 0x1000, PAGE_READWRITE, &old));
    CHECK_EQ(old, PAGE_READWRITE);
    VirtualFree(read_only, 0, MEM_RELEASE);
}

/* --- those that catch it ----------------------------------------------------------------------------------------- */

static void check_catching(void)
{
    CHECK_EQ(lstrlenA(BAD), 0);
    CHECK_EQ(lstrlenW(BAD_W), 0);
    CHECK_EQ(lstrlenA(NULL), 0);
    CHECK(lstrcpyA(BAD, "text") == NULL);
    CHECK(lstrcpyA(page, BAD) == NULL);
    CHECK(lstrcpyW(BAD_W, L"text") == NULL);
    CHECK(lstrcatA(BAD, "text") == NULL);
    CHECK(lstrcatW(BAD_W, L"text") == NULL);
    CHECK(lstrcpynA(BAD, "text", 5) == NULL);
    CHECK(lstrcpynW(BAD_W, L"text", 5) == NULL);
    CHECK(IsBadReadPtr(BAD, 1));
    CHECK(!IsBadReadPtr(BAD, 0));
    CHECK(!IsBadReadPtr(page, 0x1000));
    CHECK(IsBadReadPtr(page, 0x1001));
    CHECK(IsBadWritePtr(BAD, 1));
    CHECK(!IsBadWritePtr(page, 0x1000));
    CHECK(IsBadWritePtr((void *)check_catching, 1));
    CHECK(!IsBadReadPtr((void *)check_catching, 1));
    CHECK(!IsBadCodePtr((FARPROC)check_catching));
    CHECK(IsBadCodePtr(BAD));
    CHECK(IsBadStringPtrA(BAD, 10));
    CHECK(!IsBadStringPtrA("text", 10));
    CHECK(IsBadStringPtrW(BAD_W, 10));
    memset(page, 'x', 0x1000);
    CHECK(!IsBadStringPtrA(page + 0xff0, 16));
    CHECK(IsBadStringPtrA(page + 0xff0, 17));
    CHECK_EQ(lstrlenA(page + 0xff0), 0); /* runs into the page behind */
}

int main(void)
{
    DWORD old;
    WCHAR name[MAX_PATH];

    page = VirtualAlloc(NULL, 0x3000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(VirtualProtect(page + 0x1000, 0x2000, PAGE_NOACCESS, &old));
    GetTempFileNameW(L".", L"bad", 0, name);
    file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    check_raising();
    check_failing();
    check_catching();
    CloseHandle(file);
    return check_done();
}
