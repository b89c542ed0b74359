/*
 * Does the registry keep every committed value when its writers are killed?  Without arguments: one writer that is not;
 * tests/host/registry_kill.sh runs "write N" (until it is killed) and "check N".
 *
 * A writer counts in its key, and notes in a file each number whose RegSetValueEx has returned: what is in the file
 * must be in the registry.  It also writes a number in two keys in one transaction: they are never seen to differ.
 * link: -ladvapi32 -lktmw32
 */
#include "registry.h"

#include <ktmw32.h> /* needs windows.h */

#define KILL_ROOT "Software\\winrun kill\\"

static DWORD pattern_size(DWORD k)
{
    return 8 + k * 37 % 3000;
}

static void pattern(DWORD k, BYTE *data)
{
    for (DWORD i = 0; i < pattern_size(k); i++)
        data[i] = (BYTE)(k * 31 + i * 7);
    memcpy(data, &k, 4);
}

static HANDLE note_file(const char *who, DWORD access, DWORD disposition)
{
    char name[64];
    sprintf(name, "noted-%s", who);
    return CreateFileA(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, disposition, 0, NULL);
}

static DWORD counter_of(HKEY key)
{
    DWORD value = 0, size = 4;
    LSTATUS error = RegQueryValueExA(key, "counter", NULL, NULL, (BYTE *)&value, &size);
    CHECK(error == 0 || error == ERROR_FILE_NOT_FOUND);
    return value;
}

static void write_pair(HKEY key, DWORD k)
{
    HANDLE transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 0, NULL);
    for (int i = 0; i < 2; i++) {
        HKEY one;
        CHECK_EQ(RegCreateKeyTransactedA(key, i ? "pair\\b" : "pair\\a", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &one, NULL,
                                         transaction, NULL),
                 0);
        CHECK_EQ(RegSetValueExA(one, "k", 0, REG_DWORD, (BYTE *)&k, 4), 0);
        RegCloseKey(one);
    }
    CHECK(CommitTransaction(transaction));
    CloseHandle(transaction);
}

static void check_pair(HKEY key)
{
    DWORD a = 0, b = 0, size = 4;
    LSTATUS first = RegGetValueA(key, "pair\\a", "k", RRF_RT_REG_DWORD, NULL, &a, &size);
    size = 4;
    CHECK_EQ(RegGetValueA(key, "pair\\b", "k", RRF_RT_REG_DWORD, NULL, &b, &size), first);
    CHECK_EQ(a, b);
}

static void write_for_ever(const char *who, DWORD rounds)
{
    static BYTE data[4096];
    char path[64], name[32];
    sprintf(path, KILL_ROOT "%s", who);
    HKEY key = make_key(HKEY_CURRENT_USER, path), sub;
    HANDLE notes = note_file(who, FILE_APPEND_DATA, OPEN_ALWAYS);
    DWORD k = counter_of(key), done;
    while (rounds--) {
        k++;
        pattern(k, data);
        sprintf(name, "v%u", (unsigned)(k % 50));
        CHECK_EQ(RegSetValueExA(key, name, 0, REG_BINARY, data, pattern_size(k)), 0);
        sprintf(name, "sub%u", (unsigned)(k % 20));
        CHECK_EQ(RegCreateKeyA(key, name, &sub), 0);
        CHECK_EQ(RegSetValueExA(sub, "k", 0, REG_DWORD, (BYTE *)&k, 4), 0);
        RegCloseKey(sub);
        sprintf(name, "sub%u", (unsigned)((k + 7) % 20));
        RegDeleteTreeA(key, name);
        write_pair(key, k);
        CHECK_EQ(RegSetValueExA(key, "counter", 0, REG_DWORD, (BYTE *)&k, 4), 0);
        CHECK(WriteFile(notes, &k, 4, &done, NULL) && done == 4);
    }
    CloseHandle(notes);
    RegCloseKey(key);
}

static void check_writer(const char *who)
{
    static BYTE data[4096], expected[4096];
    char path[64], name[300];
    HKEY key;
    DWORD last = 0, size = 0, values = 0;
    HANDLE notes = note_file(who, GENERIC_READ, OPEN_EXISTING);
    sprintf(path, KILL_ROOT "%s", who);
    LSTATUS error = RegOpenKeyExA(HKEY_CURRENT_USER, path, 0, KEY_READ, &key);
    if (notes == INVALID_HANDLE_VALUE)
        return; /* it was killed before it began */
    DWORD length = GetFileSize(notes, NULL) & ~3u;
    if (length) {
        CHECK_EQ(error, 0);
        SetFilePointer(notes, (LONG)length - 4, NULL, FILE_BEGIN);
        CHECK(ReadFile(notes, &last, 4, &size, NULL) && size == 4);
        DWORD counter = counter_of(key);
        CHECK(counter == last || counter == last + 1); /* it may have been killed before it could note the number */
    }
    CloseHandle(notes);
    if (error)
        return;
    check_pair(key);
    for (DWORD i = 0;; i++, values++) {
        DWORD name_size = sizeof name, type;
        size = sizeof data;
        error = RegEnumValueA(key, i, name, &name_size, NULL, &type, data, &size);
        if (error)
            break;
        if (name[0] == 'v') {
            DWORD k;
            memcpy(&k, data, 4);
            pattern(k, expected);
            CHECK(size == pattern_size(k) && !memcmp(data, expected, size) && (DWORD)atoi(name + 1) == k % 50);
        }
    }
    CHECK_EQ(error, ERROR_NO_MORE_ITEMS);
    for (DWORD i = 0;; i++) {
        DWORD name_size = sizeof name;
        HKEY sub;
        error = RegEnumKeyExA(key, i, name, &name_size, NULL, NULL, NULL, NULL);
        if (error)
            break;
        CHECK_EQ(RegOpenKeyExA(key, name, 0, KEY_READ, &sub), 0);
        RegCloseKey(sub);
    }
    CHECK_EQ(error, ERROR_NO_MORE_ITEMS);
    RegCloseKey(key);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "write")) {
        write_for_ever(argv[2], 0xffffffff);
    } else if (argc == 3 && !strcmp(argv[1], "check")) {
        check_writer(argv[2]);
    } else {
        write_for_ever("alone", 60);
        check_writer("alone");
        CHECK_EQ(RegDeleteTreeA(HKEY_CURRENT_USER, "Software\\winrun kill"), 0);
    }
    return check_done();
}
