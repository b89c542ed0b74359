/* Does time advance in KUSER_SHARED_DATA, and are its constants Windows 10's? */
#include "check.h"

#define KUSER 0x7ffe0000ull
#define AT(type, offset) (*(volatile type *)(KUSER + (offset)))

static ULONGLONG read_time(unsigned offset)
{
    LONG high;
    ULONG low;

    do {
        high = AT(LONG, offset + 4);
        low = AT(ULONG, offset);
    } while (high != AT(LONG, offset + 8));
    return (ULONGLONG)high << 32 | low;
}

static ULONGLONG system_time(void)
{
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static void test_advances(void)
{
    ULONGLONG interrupt = read_time(0x08), system = read_time(0x14), start = GetTickCount64(), spins = 0;
    LONGLONG difference;

    while (GetTickCount64() - start < 300 && read_time(0x08) - interrupt < 500000)
        spins++;
    CHECK(read_time(0x08) - interrupt >= 500000);
    CHECK(read_time(0x14) - system >= 400000);
    difference = (LONGLONG)(system_time() - read_time(0x14));
    CHECK(difference > -1000000 && difference < 1000000);
    Sleep(300); /* long enough for the clocks to be stopped, if they are when nobody reads them */
    difference = (LONGLONG)(system_time() - read_time(0x14));
    CHECK(difference > -1000000 && difference < 1000000);
    CHECK((AT(ULONGLONG, 0x320) * AT(ULONG, 0x04) >> 24) - GetTickCount64() + 1000 < 2000);
}

int main(void)
{
    test_advances();
    CHECK(AT(WCHAR, 0x30) == 'C' && AT(WCHAR, 0x32) == ':');
    CHECK_EQ(AT(UCHAR, 0x268), 1);
    CHECK_EQ(AT(UCHAR, 0x274 + PF_XMMI64_INSTRUCTIONS_AVAILABLE), 1);
    if (!check_under_wine()) { /* Wine shows the version that it is configured for */
        CHECK_EQ(AT(ULONG, 0x26c), 10);
        CHECK_EQ(AT(ULONG, 0x270), 0);
        CHECK(AT(ULONG, 0x260) >= 10240);
    }
    return check_done();
}
