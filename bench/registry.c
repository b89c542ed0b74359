/*
 * registry.c: what the registry costs: reading a value with opening and closing its key, reading alone, setting, making
 * and deleting a key.  A Windows program; prints microseconds a time, the best of several rounds.
 */
#include <stdio.h>
#include <windows.h>

#define KEY_NAME "Software\\winrun bench\\one\\two"

static HKEY key;

static void open_query_close(void)
{
    HKEY opened;
    char data[64];
    DWORD size = sizeof data;
    RegOpenKeyExA(HKEY_CURRENT_USER, KEY_NAME, 0, KEY_READ, &opened);
    RegQueryValueExA(opened, "value", NULL, NULL, (BYTE *)data, &size);
    RegCloseKey(opened);
}

static void query(void)
{
    char data[64];
    DWORD size = sizeof data;
    RegQueryValueExA(key, "value", NULL, NULL, (BYTE *)data, &size);
}

static void set(void)
{
    RegSetValueExA(key, "value", 0, REG_SZ, (const BYTE *)"some text", 10);
}

static void make_and_delete(void)
{
    HKEY made;
    RegCreateKeyA(key, "made", &made);
    RegCloseKey(made);
    RegDeleteKeyA(key, "made");
}

static void measure(const char *name, void (*function)(void), int count)
{
    LARGE_INTEGER frequency, start, end;
    double best = 1e9;
    QueryPerformanceFrequency(&frequency);
    for (int round = 0; round < 10; round++) {
        QueryPerformanceCounter(&start);
        for (int i = 0; i < count; i++)
            function();
        QueryPerformanceCounter(&end);
        double us = (double)(end.QuadPart - start.QuadPart) * 1e6 / (double)frequency.QuadPart / count;
        best = us < best ? us : best;
    }
    printf("  %-24s %8.2f us\n", name, best);
}

int main(void)
{
    RegCreateKeyExA(HKEY_CURRENT_USER, KEY_NAME, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    set();
    measure("open, query, close", open_query_close, 2000);
    measure("query", query, 5000);
    measure("set", set, 1000);
    measure("make and delete a key", make_and_delete, 300);
    RegCloseKey(key);
    return 0;
}
