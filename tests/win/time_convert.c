/* Are file times and system times turned into each other exactly? */
#include "check.h"

int main(void)
{
    SYSTEMTIME system = {2024, 2, 0, 29, 12, 34, 56, 789}, back;
    FILETIME file;
    LARGE_INTEGER frequency, a, b;
    WORD date, time;
    TIME_ZONE_INFORMATION zone;

    CHECK(SystemTimeToFileTime(&system, &file));
    CHECK(FileTimeToSystemTime(&file, &back));
    CHECK_EQ(back.wYear, 2024);
    CHECK_EQ(back.wMonth, 2);
    CHECK_EQ(back.wDay, 29);
    CHECK_EQ(back.wDayOfWeek, 4);
    CHECK_EQ(back.wMilliseconds, 789);
    CHECK(FileTimeToDosDateTime(&file, &date, &time));
    CHECK_EQ(date, 44 << 9 | 2 << 5 | 29);
    CHECK_EQ(time, 12 << 11 | 34 << 5 | 28);
    system.wDay = 30;
    CHECK(!SystemTimeToFileTime(&system, &file));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    file.dwLowDateTime = file.dwHighDateTime = 0;
    CHECK(FileTimeToSystemTime(&file, &back));
    CHECK_EQ(back.wYear, 1601);
    CHECK_EQ(back.wDayOfWeek, 1);
    CHECK(QueryPerformanceFrequency(&frequency) && QueryPerformanceCounter(&a) && QueryPerformanceCounter(&b));
    CHECK_EQ(frequency.QuadPart, 10000000);
    CHECK(b.QuadPart >= a.QuadPart);
    CHECK(GetTimeZoneInformation(&zone) <= TIME_ZONE_ID_DAYLIGHT);
    return check_done();
}
