/*
 * Does the registry describe each processor, and no more of them than there are?
 * link: -ladvapi32
 */
#include "check.h"

#define PROCESSORS "HARDWARE\\DESCRIPTION\\System\\CentralProcessor"

int main(void)
{
    SYSTEM_INFO system;
    HKEY all, one;
    DWORD count = 0, number, size, type, seen[2] = {0};
    char name[64], text[256];
    GetSystemInfo(&system);
    const DWORD processors = system.dwNumberOfProcessors;
    CHECK_EQ(RegOpenKeyExA(HKEY_LOCAL_MACHINE, PROCESSORS, 0, KEY_READ, &all), 0);
    CHECK_EQ(RegQueryInfoKeyA(all, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(count, processors);
    for (DWORD i = 0; i <= processors; i++) {
        size = sizeof name;
        CHECK_EQ(RegEnumKeyExA(all, i, name, &size, NULL, NULL, NULL, NULL), i < processors ? 0 : ERROR_NO_MORE_ITEMS);
        if (i < processors)
            seen[strtoul(name, NULL, 10) < processors]++;
    }
    CHECK_EQ(seen[0], 0);
    CHECK_EQ(seen[1], processors);
    for (DWORD i = 0; i < processors + 300; i++) {
        snprintf(name, sizeof name, "%lu", i);
        LSTATUS status = RegOpenKeyExA(all, name, 0, KEY_READ, &one);
        CHECK_EQ(status, i < processors ? 0 : ERROR_FILE_NOT_FOUND);
        if (status)
            continue;
        size = sizeof number;
        CHECK_EQ(RegQueryValueExA(one, "~MHz", NULL, &type, (BYTE *)&number, &size), 0);
        CHECK_EQ(type, REG_DWORD);
        CHECK(number > 100);
        size = sizeof text;
        CHECK_EQ(RegQueryValueExA(one, "ProcessorNameString", NULL, &type, (BYTE *)text, &size), 0);
        CHECK_EQ(type, REG_SZ);
        CHECK(size > 1);
        RegCloseKey(one);
    }
    RegCloseKey(all);
    return check_done();
}
