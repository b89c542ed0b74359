/*
 * registry_hive.c: do keys go into hives and come back: RegSaveKey, RegRestoreKey, RegLoadKey, RegLoadAppKey,
 * RegReplaceKey; when is a hive's file written?
 * link: -ladvapi32
 *
 * Windows asks for the privileges to back up and restore; winrun, whose registry is the user's own, does not.  Wine 8
 * is no measure here: it writes a text and restores nothing.  That the files are hives was seen with hivexml and
 * reglookup.
 */
#include <stdio.h>
#include "registry.h"

static char file_name[MAX_PATH], other_name[MAX_PATH];

static void privilege(const char *name)
{
    TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1, .Privileges = {{.Attributes = SE_PRIVILEGE_ENABLED}}};
    HANDLE token;
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token));
    CHECK(LookupPrivilegeValueA(NULL, name, &privileges.Privileges[0].Luid));
    AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
    CloseHandle(token);
}

static BYTE large[40000];

/* What is written: names of all kinds, data of all sizes, more subkeys than a list holds. */
static void fill(HKEY key, int many)
{
    WCHAR wide[] = {'n', 0x20ac, 0xd800, 0};
    for (DWORD i = 0; i < sizeof large; i++)
        large[i] = (BYTE)(i * 7 + i / 251);
    CHECK_EQ(RegSetValueExA(key, "text", 0, REG_SZ, (const BYTE *)"hello", 6), 0);
    CHECK_EQ(RegSetValueExA(key, NULL, 0, REG_SZ, (const BYTE *)"default", 8), 0);
    for (DWORD size = 0; size <= 9; size++) {
        char name[16];
        sprintf(name, "s%lu", size);
        CHECK_EQ(RegSetValueExA(key, name, 0, REG_BINARY, large, size), 0);
    }
    CHECK_EQ(RegSetValueExA(key, "16344", 0, REG_BINARY, large, 16344), 0);
    CHECK_EQ(RegSetValueExA(key, "16345", 0, REG_BINARY, large, 16345), 0);
    CHECK_EQ(RegSetValueExA(key, "40000", 0, 0x12345, large, 40000), 0);
    CHECK_EQ(RegSetValueExW(key, wide, 0, REG_DWORD, large, 4), 0);
    HKEY sub = NULL;
    CHECK_EQ(RegCreateKeyExA(key, "Sub", 0, "a class", 0, KEY_ALL_ACCESS, NULL, &sub, NULL), 0);
    for (int i = 0; i < many; i++) {
        char name[32];
        sprintf(name, "key %d", i);
        HKEY one = make_key(sub, name);
        if (i % 100 == 0)
            CHECK_EQ(RegSetValueExA(one, "i", 0, REG_DWORD, (BYTE *)&i, 4), 0);
        RegCloseKey(one);
    }
    HKEY gone = NULL;
    CHECK_EQ(RegCreateKeyExA(key, "volatile", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &gone, NULL), 0);
    RegCloseKey(gone);
    RegCloseKey(sub);
}

static void check_data(HKEY key, const char *name, DWORD type, DWORD size)
{
    static BYTE data[sizeof large];
    DWORD got = sizeof data, got_type = 0;
    CHECK_EQ(RegQueryValueExA(key, name, NULL, &got_type, data, &got), 0);
    CHECK_EQ(got_type, type);
    CHECK_EQ(got, size);
    CHECK(!memcmp(data, large, size));
}

static void check_filled(HKEY key, int many)
{
    WCHAR wide[] = {'n', 0x20ac, 0xd800, 0};
    char text[32];
    DWORD size = sizeof text, count = 0, values = 0, number;
    CHECK_EQ(RegQueryValueExA(key, "text", NULL, NULL, (BYTE *)text, &size), 0);
    CHECK(!strcmp(text, "hello"));
    size = sizeof text;
    CHECK_EQ(RegQueryValueExA(key, NULL, NULL, NULL, (BYTE *)text, &size), 0);
    CHECK(!strcmp(text, "default"));
    for (DWORD i = 0; i <= 9; i++) {
        sprintf(text, "s%lu", i);
        check_data(key, text, REG_BINARY, i);
    }
    check_data(key, "16344", REG_BINARY, 16344);
    check_data(key, "16345", REG_BINARY, 16345);
    check_data(key, "40000", 0x12345, 40000);
    size = 4;
    CHECK_EQ(RegQueryValueExW(key, wide, NULL, NULL, (BYTE *)&number, &size), 0);
    CHECK(!memcmp(&number, large, 4));
    CHECK_EQ(RegQueryInfoKeyA(key, NULL, NULL, NULL, &count, NULL, NULL, &values, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(values, 16);
    HKEY sub = NULL;
    CHECK_EQ(RegOpenKeyExA(key, "sub", 0, KEY_READ, &sub), 0);
    size = sizeof text;
    CHECK_EQ(RegQueryInfoKeyA(sub, text, &size, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0);
    CHECK(!strcmp(text, "a class"));
    CHECK_EQ(count, (DWORD)many);
    for (int i = 0; i < many; i += 100) {
        HKEY one = NULL;
        sprintf(text, "KEY %d", i);
        CHECK_EQ(RegOpenKeyExA(sub, text, 0, KEY_READ, &one), 0);
        size = 4;
        CHECK_EQ(RegQueryValueExA(one, "i", NULL, NULL, (BYTE *)&number, &size), 0);
        CHECK_EQ(number, (DWORD)i);
        RegCloseKey(one);
    }
    RegCloseKey(sub);
}

static void save_restore(HKEY root)
{
    HKEY from = make_key(root, "from"), to = make_key(root, "to"), sub = NULL;
    fill(from, 2500);
    CHECK_EQ(RegSaveKeyExA(from, file_name, NULL, 3), ERROR_INVALID_PARAMETER);
    CHECK_EQ(GetFileAttributesA(file_name), INVALID_FILE_ATTRIBUTES);
    CHECK_EQ(RegSaveKeyA(from, file_name, NULL), 0);
    CHECK_EQ(RegSaveKeyA(from, file_name, NULL), ERROR_ALREADY_EXISTS);
    CHECK_EQ(RegSaveKeyA(NULL, file_name, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(RegSaveKeyExA(from, other_name, NULL, REG_LATEST_FORMAT), 0);
    sub = make_key(to, "is replaced");
    RegCloseKey(sub);
    CHECK_EQ(RegSetValueExA(to, "replaced", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    CHECK_EQ(RegRestoreKeyA(to, file_name, REG_FORCE_RESTORE), 0);
    check_filled(to, 2500);
    CHECK_EQ(RegOpenKeyExA(to, "is replaced", 0, KEY_READ, &sub), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOpenKeyExA(to, "volatile", 0, KEY_READ, &sub), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegQueryValueExA(to, "replaced", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegRestoreKeyA(to, "absent.hive", 0), ERROR_FILE_NOT_FOUND);
    RegCloseKey(from);
    RegCloseKey(to);
}

/* A file that is damaged anywhere changes nothing, or is read; it never does harm. */
static void damage(HKEY root)
{
    static BYTE bytes[1 << 16], copy[1 << 16];
    DWORD size, count, refused = 0;
    HKEY small = make_key(root, "small"), to = make_key(root, "target"), sub = make_key(small, "one");
    CHECK_EQ(RegSetValueExA(sub, "v", 0, REG_SZ, (const BYTE *)"some text", 10), 0);
    CHECK_EQ(RegSetValueExA(to, "stays", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    DeleteFileA(file_name);
    CHECK_EQ(RegSaveKeyA(small, file_name, NULL), 0);
    HANDLE file = CreateFileA(file_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(ReadFile(file, bytes, sizeof bytes, &size, NULL));
    CloseHandle(file);
    CHECK_EQ(size, 8192);
    CHECK(!memcmp(bytes, "regf", 4) && !memcmp(bytes + 4096, "hbin", 4));
    for (DWORD i = 0; i < 220; i++) {
        memcpy(copy, bytes, size);
        DWORD length = size;
        if (i < 20)
            length = size * i / 20; /* cut off */
        else if (i < 40)
            copy[i * 12 % 512] ^= 0x41; /* the header, whose sum is checked */
        else
            copy[4096 + 32 + (i - 40) * 3] ^= 0xff; /* cells */
        file = CreateFileA(other_name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        CHECK(WriteFile(file, copy, length, &count, NULL));
        CloseHandle(file);
        LSTATUS error = RegRestoreKeyA(to, other_name, 0);
        if (i < 40)
            CHECK(error == ERROR_BADDB || error == ERROR_NOT_REGISTRY_FILE);
        if (error) {
            refused++;
            CHECK_EQ(RegQueryValueExA(to, "stays", NULL, NULL, NULL, NULL), 0);
        } else {
            CHECK_EQ(RegSetValueExA(to, "stays", 0, REG_SZ, (const BYTE *)"x", 2), 0);
        }
    }
    CHECK(refused > 60);
    RegCloseKey(small);
    RegCloseKey(sub);
    RegCloseKey(to);
}

static void load(HKEY root)
{
    HKEY from = make_key(root, "loaded"), key = NULL, sub = NULL;
    DWORD number = 7, size = 4;
    DeleteFileA(file_name);
    fill(from, 10);
    CHECK_EQ(RegSaveKeyA(from, file_name, NULL), 0);
    CHECK_EQ(RegLoadKeyA(root, "below", file_name), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegLoadKeyA(HKEY_USERS, NULL, file_name), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegLoadKeyA(HKEY_USERS, "winrun hive", file_name), 0);
    CHECK_EQ(RegLoadKeyA(HKEY_USERS, "winrun second", file_name), ERROR_SHARING_VIOLATION);
    CHECK_EQ(RegOpenKeyExA(HKEY_USERS, "Winrun Hive", 0, KEY_ALL_ACCESS, &key), 0);
    check_filled(key, 10);
    sub = make_key(key, "new in it");
    CHECK_EQ(RegSetValueExA(sub, "number", 0, REG_DWORD, (BYTE *)&number, 4), 0);
    RegCloseKey(sub);
    RegCloseKey(key);
    CHECK_EQ(RegUnLoadKeyA(HKEY_USERS, "winrun hive"), 0);
    CHECK_EQ(RegOpenKeyExA(HKEY_USERS, "winrun hive", 0, KEY_READ, &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegUnLoadKeyA(HKEY_USERS, "winrun hive"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegUnLoadKeyA(HKEY_CURRENT_USER, TEST_ROOT), ERROR_INVALID_PARAMETER);
    number = 0;
    CHECK_EQ(RegLoadKeyA(HKEY_LOCAL_MACHINE, "winrun hive", file_name), 0);
    CHECK_EQ(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "winrun hive\\new in it", 0, KEY_READ, &key), 0);
    CHECK_EQ(RegQueryValueExA(key, "number", NULL, NULL, (BYTE *)&number, &size), 0);
    CHECK_EQ(number, 7);
    RegCloseKey(key);
    CHECK_EQ(RegUnLoadKeyA(HKEY_LOCAL_MACHINE, "winrun hive"), 0);
    RegCloseKey(from);
}

/* A private hive: seen through its handles alone, and gone with the last of them. */
static void load_private(void)
{
    HKEY key = NULL, again = NULL, sub = NULL;
    DWORD size = 6;
    char text[8];
    DeleteFileA(file_name);
    CHECK_EQ(RegLoadAppKeyA(file_name, &key, KEY_ALL_ACCESS, 2, 0), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegLoadAppKeyA(file_name, &key, KEY_ALL_ACCESS, REG_PROCESS_APPKEY, 0), 0);
    CHECK_EQ(RegLoadAppKeyA(file_name, &again, KEY_ALL_ACCESS, REG_PROCESS_APPKEY, 0), ERROR_SHARING_VIOLATION);
    sub = make_key(key, "deep\\er");
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegSetValueExA(sub, "late", 0, REG_SZ, (const BYTE *)"value", 6), 0);
    CHECK_EQ(RegCloseKey(sub), 0);
    CHECK_EQ(RegLoadAppKeyA(file_name, &key, KEY_READ, 0, 0), 0);
    CHECK_EQ(RegOpenKeyExA(key, "deep\\er", 0, KEY_READ, &sub), 0);
    CHECK_EQ(RegQueryValueExA(sub, "late", NULL, NULL, (BYTE *)text, &size), 0);
    CHECK(!strcmp(text, "value"));
    CHECK_EQ(RegCloseKey(sub), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    HANDLE file = CreateFileA(file_name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, "no hive", 7, &size, NULL));
    CloseHandle(file);
    CHECK_EQ(RegLoadAppKeyA(file_name, &key, KEY_READ, 0, 0), ERROR_BADDB);
}

/* This program again, which ends without closing its private hive: what it has written is there for the next. */
static void left_behind(void)
{
    char self[MAX_PATH], line[MAX_PATH + 16], text[8];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    HKEY key = NULL;
    DWORD size = sizeof text, code = 0;
    DeleteFileA(file_name);
    GetModuleFileNameA(NULL, self, MAX_PATH);
    sprintf(line, "\"%s\" leave", self);
    CHECK(CreateProcessA(self, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    WaitForSingleObject(child.hProcess, 20000);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, 77);
    CloseHandle(child.hProcess);
    CloseHandle(child.hThread);
    CHECK_EQ(RegLoadAppKeyA(file_name, &key, KEY_READ, 0, 0), 0);
    CHECK_EQ(RegQueryValueExA(key, "left", NULL, NULL, (BYTE *)text, &size), 0);
    CHECK(!strcmp(text, "value"));
    CHECK_EQ(RegCloseKey(key), 0);
}

/* What a hive's file has now, while it is loaded: on Windows nobody could look. */
static BOOL file_has(const char *file, const char *name)
{
    HKEY key = NULL;
    CHECK(CopyFileA(file, other_name, FALSE));
    CHECK_EQ(RegLoadAppKeyA(other_name, &key, KEY_READ, 0, 0), 0);
    LSTATUS error = RegQueryValueExA(key, name, NULL, NULL, NULL, NULL);
    CHECK_EQ(RegCloseKey(key), 0);
    return error == 0;
}

/* A loaded hive's file is written by RegFlushKey and when a process that has changed the registry ends. */
static void flush(void)
{
    char self[MAX_PATH], line[MAX_PATH + 16];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    HKEY key = NULL, sub = NULL, plain = NULL;
    DWORD code = 0;
    DeleteFileA(file_name);
    CHECK_EQ(RegLoadKeyA(HKEY_USERS, "winrun hive", file_name), 0);
    CHECK_EQ(RegOpenKeyExA(HKEY_USERS, "winrun hive", 0, KEY_ALL_ACCESS, &key), 0);
    CHECK_EQ(RegFlushKey(key), 0);
    CHECK_EQ(RegSetValueExA(key, "first", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    sub = make_key(key, "a\\b");
    CHECK(!file_has(file_name, "first"));
    CHECK_EQ(RegFlushKey(sub), 0);
    CHECK(file_has(file_name, "first"));
    CHECK_EQ(RegOpenKeyExA(HKEY_CURRENT_USER, "Software", 0, KEY_READ, &plain), 0);
    CHECK_EQ(RegFlushKey(plain), 0);
    RegCloseKey(plain);
    GetModuleFileNameA(NULL, self, MAX_PATH);
    sprintf(line, "\"%s\" change", self);
    CHECK(CreateProcessA(self, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    WaitForSingleObject(child.hProcess, 20000);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, 78);
    CloseHandle(child.hProcess);
    CloseHandle(child.hThread);
    CHECK(file_has(file_name, "second"));
    RegCloseKey(sub);
    RegCloseKey(key);
    CHECK_EQ(RegUnLoadKeyA(HKEY_USERS, "winrun hive"), 0);
    CHECK_EQ(RegLoadAppKeyA(file_name, &key, KEY_ALL_ACCESS, 0, 0), 0);
    CHECK_EQ(RegFlushKey(key), 0);
    sub = make_key(key, "c");
    CHECK_EQ(RegFlushKey(sub), 0);
    RegCloseKey(sub);
    RegCloseKey(key);
}

static int change(void)
{
    HKEY key = NULL;
    RegOpenKeyExA(HKEY_USERS, "winrun hive", 0, KEY_ALL_ACCESS, &key);
    return RegSetValueExA(key, "second", 0, REG_SZ, (const BYTE *)"x", 2) ? 1 : 78;
}

/* Another file takes the place of a hive's: it is seen when that is loaded again; the old file has what there was. */
static void replace(HKEY root)
{
    char old_name[MAX_PATH], new_name[MAX_PATH];
    HKEY key = NULL, from = make_key(root, "replacing");
    sprintf(old_name, "%s.old", file_name);
    sprintf(new_name, "%s.fresh", file_name);
    DeleteFileA(file_name);
    DeleteFileA(old_name);
    DeleteFileA(new_name);
    CHECK_EQ(RegSetValueExA(from, "new", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    CHECK_EQ(RegSaveKeyA(from, new_name, NULL), 0);
    CHECK_EQ(RegLoadKeyA(HKEY_USERS, "winrun hive", file_name), 0);
    CHECK_EQ(RegOpenKeyExA(HKEY_USERS, "winrun hive", 0, KEY_ALL_ACCESS, &key), 0);
    CHECK_EQ(RegSetValueExA(key, "old", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    RegCloseKey(make_key(key, "sub"));
    CHECK_EQ(RegReplaceKeyA(HKEY_USERS, "winrun hive\\sub", new_name, old_name), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegReplaceKeyA(root, NULL, new_name, old_name), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegReplaceKeyA(HKEY_USERS, "winrun absent", new_name, old_name), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegReplaceKeyA(HKEY_USERS, "winrun hive", NULL, old_name), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegReplaceKeyA(HKEY_USERS, "winrun hive", new_name, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegReplaceKeyA(HKEY_USERS, "winrun hive", "absent.hive", old_name), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(GetFileAttributesA(old_name), INVALID_FILE_ATTRIBUTES);
    CHECK_EQ(RegReplaceKeyA(HKEY_USERS, "winrun hive", new_name, old_name), 0);
    CHECK_EQ(GetFileAttributesA(new_name), INVALID_FILE_ATTRIBUTES);
    CHECK(file_has(old_name, "old"));
    CHECK(file_has(file_name, "new"));
    CHECK_EQ(RegQueryValueExA(key, "old", NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(RegSetValueExA(key, "later", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    RegCloseKey(key);
    CHECK_EQ(RegUnLoadKeyA(HKEY_USERS, "winrun hive"), 0);
    CHECK(file_has(old_name, "later"));
    CHECK(file_has(file_name, "new"));
    CHECK(!file_has(file_name, "later"));
    RegCloseKey(from);
    DeleteFileA(old_name);
}

static int leave(void)
{
    HKEY key = NULL;
    RegLoadAppKeyA(file_name, &key, KEY_ALL_ACCESS, 0, 0);
    RegSetValueExA(key, "left", 0, REG_SZ, (const BYTE *)"value", 6);
    TerminateProcess(GetCurrentProcess(), 77);
    return 1;
}

int main(int argc, char **argv)
{
    GetTempPathA(MAX_PATH, file_name);
    strcpy(other_name, file_name);
    strcat(file_name, "winrun test.hive");
    strcat(other_name, "winrun test 2.hive");
    if (argc > 1 && !strcmp(argv[1], "leave"))
        return leave();
    if (argc > 1 && !strcmp(argv[1], "change"))
        return change();
    HKEY root = test_begin();
    DeleteFileA(file_name);
    DeleteFileA(other_name);
    privilege("SeBackupPrivilege");
    privilege("SeRestorePrivilege");
    save_restore(root);
    damage(root);
    load(root);
    load_private();
    left_behind();
    flush();
    replace(root);
    DeleteFileA(file_name);
    DeleteFileA(other_name);
    return test_end(root);
}
