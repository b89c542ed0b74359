/* Which version is told, to whom, and do comparisons with it hold?  (This program has no manifest.) */
/* link: -lntdll */
#include "check.h"

LONG WINAPI RtlGetVersion(OSVERSIONINFOEXW *info);
LONG WINAPI RtlVerifyVersionInfo(const OSVERSIONINFOEXW *info, DWORD types, ULONGLONG mask);

/* VerifyVersionInfo for one field. */
static BOOL holds(DWORD major, DWORD minor, BYTE condition)
{
    OSVERSIONINFOEXW wanted = {.dwOSVersionInfoSize = sizeof wanted, .dwMajorVersion = major, .dwMinorVersion = minor};
    ULONGLONG mask =
        VerSetConditionMask(VerSetConditionMask(0, VER_MAJORVERSION, condition), VER_MINORVERSION, condition);
    return VerifyVersionInfoW(&wanted, VER_MAJORVERSION | VER_MINORVERSION, mask);
}

int main(void)
{
    OSVERSIONINFOEXW true_one = {.dwOSVersionInfoSize = sizeof true_one};
    OSVERSIONINFOEXA told = {.dwOSVersionInfoSize = sizeof told};
    CHECK_EQ(RtlGetVersion(&true_one), 0);
    CHECK(GetVersionExA((OSVERSIONINFOA *)&told));
    CHECK_EQ(told.wProductType, VER_NT_WORKSTATION);
    CHECK_EQ(LOBYTE(GetVersion()), told.dwMajorVersion);
    CHECK_EQ(HIBYTE(GetVersion()), told.dwMinorVersion);
    CHECK(holds(told.dwMajorVersion, told.dwMinorVersion, VER_EQUAL));
    CHECK(holds(told.dwMajorVersion, told.dwMinorVersion, VER_GREATER_EQUAL));
    CHECK(holds(5, 9, VER_GREATER_EQUAL)); /* as one number: 6.x is more than 5.9 */
    CHECK(holds(5, 9, VER_GREATER));
    CHECK(!holds(told.dwMajorVersion, told.dwMinorVersion, VER_LESS));
    CHECK_ERROR(holds(told.dwMajorVersion + 1, 0, VER_GREATER_EQUAL), ERROR_OLD_WIN_VERSION);
    CHECK_ERROR(VerifyVersionInfoW(&true_one, 0, 0), ERROR_BAD_ARGUMENTS);
    told.dwOSVersionInfoSize = 3;
    CHECK_ERROR(GetVersionExA((OSVERSIONINFOA *)&told), ERROR_INSUFFICIENT_BUFFER);
    if (!check_under_wine()) { /* which is Windows 7 unless told otherwise */
        CHECK_EQ(true_one.dwMajorVersion, 10);
        CHECK_EQ(true_one.dwBuildNumber, 19045);
        CHECK_EQ(told.dwMajorVersion, 6);
        CHECK_EQ(told.dwMinorVersion, 2);
        CHECK(!holds(10, 0, VER_GREATER_EQUAL));
        ULONGLONG mask = VerSetConditionMask(0, VER_MAJORVERSION, VER_GREATER_EQUAL);
        CHECK_EQ(RtlVerifyVersionInfo(&true_one, VER_MAJORVERSION, mask), 0);
    }
    return check_done();
}
