/*
 * Volatile keys, links, the 32-bit view, HKEY_CLASSES_ROOT, notification, security, and what is there from the start.
 */
#include "registry.h"

static HKEY root;

static void volatile_keys(void)
{
    HKEY key, below;
    CHECK_EQ(RegCreateKeyExA(root, "volatile", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    CHECK_EQ(RegCreateKeyExA(key, "stable", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &below, NULL),
             ERROR_CHILD_MUST_BE_VOLATILE);
    CHECK_EQ(RegCreateKeyExA(key, "below", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &below, NULL), 0);
    CHECK_EQ(RegSetValueExA(below, "v", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    CHECK_EQ(RegCloseKey(below), 0);
    CHECK_EQ(RegOpenKeyA(key, "below", &below), 0);
    CHECK_EQ(RegQueryValueExA(below, "v", NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(RegCloseKey(below), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegDeleteTreeA(root, "volatile"), 0);
}

static void links(void)
{
    static const WCHAR wide_name[] = L"SymbolicLinkValue";
    WCHAR target[300];
    HKEY link, key;
    DWORD value = 77, size = 4;
    typedef LONG(WINAPI * query_key)(HANDLE, int, void *, ULONG, ULONG *);
    query_key query = (query_key)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQueryKey");
    struct {
        ULONG length;
        WCHAR text[300];
    } path;
    ULONG used;
    RegCloseKey(make_key(root, "target\\deep"));
    CHECK_EQ(RegSetKeyValueA(root, "target", "v", REG_DWORD, &value, 4), 0);
    CHECK_EQ(RegOpenKeyA(root, "target", &key), 0);
    CHECK_EQ(query(key, 3 /* KeyNameInformation */, &path, sizeof path, &used), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    memcpy(target, path.text, path.length);
    CHECK(path.length > 20 && target[0] == '\\');
    CHECK_EQ(RegCreateKeyExA(root, "link", 0, NULL, REG_OPTION_CREATE_LINK, KEY_ALL_ACCESS | KEY_CREATE_LINK, NULL,
                             &link, NULL),
             0);
    CHECK_EQ(RegSetValueExW(link, wide_name, 0, REG_LINK, (BYTE *)target, path.length), 0);
    value = 0;
    CHECK_EQ(RegGetValueA(root, "link", "v", RRF_RT_REG_DWORD, NULL, &value, &size), 0);
    CHECK_EQ(value, 77);
    CHECK_EQ(RegOpenKeyA(root, "link\\deep", &key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegOpenKeyExA(root, "link", REG_OPTION_OPEN_LINK, KEY_ALL_ACCESS, &key), 0);
    CHECK_EQ(RegQueryValueExW(key, wide_name, NULL, &value, NULL, &size), 0);
    CHECK_EQ(value, REG_LINK);
    CHECK_EQ(size, path.length);
    typedef LONG(WINAPI * delete_key)(HANDLE);
    CHECK_EQ(((delete_key)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtDeleteKey"))(key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegCloseKey(link), 0);
    CHECK_EQ(RegOpenKeyA(root, "link", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOpenKeyA(root, "target\\deep", &key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_LOCAL_MACHINE, "System\\CurrentControlSet\\Control", &key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
}

/* The two views of HKLM\Software. */
static void views(void)
{
    HKEY key;
    DWORD value = 32, size = 4;
    LSTATUS error = RegCreateKeyExA(HKEY_LOCAL_MACHINE, "Software\\winrun view", 0, NULL, 0,
                                    KEY_ALL_ACCESS | KEY_WOW64_32KEY, NULL, &key, NULL);
    CHECK_EQ(error, 0);
    if (error)
        return;
    CHECK_EQ(RegSetValueExA(key, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    RegCloseKey(key);
    CHECK_EQ(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software\\winrun view", 0, KEY_READ, &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software\\winrun view", 0, KEY_READ | KEY_WOW64_64KEY, &key),
             ERROR_FILE_NOT_FOUND);
    value = 0;
    CHECK_EQ(RegGetValueA(HKEY_LOCAL_MACHINE, "Software\\Wow6432Node\\winrun view", "v", RRF_RT_REG_DWORD, NULL, &value,
                          &size),
             0);
    CHECK_EQ(value, 32);
    value = 0;
    CHECK_EQ(RegGetValueA(HKEY_LOCAL_MACHINE, "Software\\winrun view", "v", RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6432KEY,
                          NULL, &value, &size),
             0);
    CHECK_EQ(value, 32);
    CHECK_EQ(RegDeleteKeyExA(HKEY_LOCAL_MACHINE, "Software\\winrun view", KEY_WOW64_64KEY, 0), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteKeyExA(HKEY_LOCAL_MACHINE, "Software\\winrun view", KEY_WOW64_32KEY, 0), 0);
    /* HKCU\Software is one. */
    CHECK_EQ(RegOpenKeyExA(HKEY_CURRENT_USER, TEST_ROOT, 0, KEY_READ | KEY_WOW64_32KEY, &key), 0);
    RegCloseKey(key);
}

/* The user's classes over the machine's; Wine shows the machine's alone. */
static void classes(void)
{
    if (check_under_wine())
        return;
    char text[64], name[64];
    DWORD size;
    HKEY key;
    const char *user = "Software\\Classes\\winrun.test", *machine = "Software\\Classes\\winrun.test";
    CHECK_EQ(RegSetKeyValueA(HKEY_LOCAL_MACHINE, machine, "both", REG_SZ, "machine", 8), 0);
    CHECK_EQ(RegSetKeyValueA(HKEY_LOCAL_MACHINE, machine, "machine only", REG_SZ, "m", 2), 0);
    CHECK_EQ(RegSetKeyValueA(HKEY_LOCAL_MACHINE, "Software\\Classes\\winrun.test\\m", NULL, REG_SZ, "m", 2), 0);
    size = sizeof text;
    CHECK_EQ(RegGetValueA(HKEY_CLASSES_ROOT, "winrun.test", "both", RRF_RT_REG_SZ, NULL, text, &size), 0);
    CHECK_STR(text, "machine");
    CHECK_EQ(RegSetKeyValueA(HKEY_CURRENT_USER, user, "both", REG_SZ, "user", 5), 0);
    CHECK_EQ(RegSetKeyValueA(HKEY_CURRENT_USER, "Software\\Classes\\winrun.test\\u", NULL, REG_SZ, "u", 2), 0);
    size = sizeof text;
    CHECK_EQ(RegGetValueA(HKEY_CLASSES_ROOT, "winrun.test", "both", RRF_RT_REG_SZ, NULL, text, &size), 0);
    CHECK_STR(text, "user");
    size = sizeof text;
    CHECK_EQ(RegGetValueA(HKEY_CLASSES_ROOT, "winrun.test", "machine only", RRF_RT_REG_SZ, NULL, text, &size), 0);
    CHECK_STR(text, "m");
    CHECK_EQ(RegOpenKeyExA(HKEY_CLASSES_ROOT, "winrun.test", 0, KEY_READ, &key), 0);
    int found = 0;
    for (DWORD i = 0; size = sizeof name, !RegEnumKeyExA(key, i, name, &size, NULL, NULL, NULL, NULL); i++)
        found += !strcmp(name, "m") ? 1 : !strcmp(name, "u") ? 10 : 100;
    CHECK_EQ(found, 11);
    DWORD keys = 0;
    CHECK_EQ(RegQueryInfoKeyA(key, NULL, NULL, NULL, &keys, NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(keys, 2);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegDeleteTreeA(HKEY_CURRENT_USER, user), 0);
    CHECK_EQ(RegDeleteTreeA(HKEY_LOCAL_MACHINE, machine), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CLASSES_ROOT, "winrun.test", &key), ERROR_FILE_NOT_FOUND);
    /* New keys go to the machine's side. */
    CHECK_EQ(RegCreateKeyA(HKEY_CLASSES_ROOT, "winrun.test", &key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegDeleteKeyA(HKEY_LOCAL_MACHINE, machine), 0);
}

static void notification(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
    HKEY key = make_key(root, "watched"), sub;
    DWORD value = 1;
    CHECK(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, NULL, TRUE) != 0);
    CHECK_EQ(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_NAME, event, TRUE), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK_EQ(RegSetKeyValueA(root, "elsewhere", "v", REG_DWORD, &value, 4), 0);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    CHECK_EQ(RegSetValueExA(key, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_NAME, event, TRUE), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK_EQ(RegCreateKeyA(key, "sub", &sub), 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_NAME, event, TRUE), 0);
    CHECK_EQ(RegSetValueExA(sub, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0); /* below, and the tree was not asked for */
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    RegCloseKey(sub);
    CHECK_EQ(RegDeleteKeyA(key, "sub"), 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_NAME, event, TRUE), 0);
    CHECK_EQ(RegCloseKey(key), 0); /* closing ends the wait */
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    key = make_key(root, "watched");
    RegCloseKey(make_key(key, "a\\b\\c"));
    CHECK_EQ(RegNotifyChangeKeyValue(key, TRUE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK_EQ(RegSetKeyValueA(key, "a\\b\\c", "v", REG_DWORD, &value, 4), 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    RegCloseKey(key);
    CloseHandle(event);
}

static void security(void)
{
    BYTE buffer[1024];
    DWORD size = sizeof buffer;
    HKEY key = make_key(root, "secure");
    CHECK_EQ(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION | OWNER_SECURITY_INFORMATION, buffer, &size), 0);
    CHECK(size > 20 && size < sizeof buffer);
    CHECK_EQ(((SECURITY_DESCRIPTOR *)buffer)->Revision, 1);
    CHECK(((SECURITY_DESCRIPTOR *)buffer)->Control & SE_SELF_RELATIVE);
    DWORD small = 4;
    CHECK_EQ(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, buffer, &small), ERROR_INSUFFICIENT_BUFFER);
    CHECK(small > 4);
    CHECK_EQ(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, buffer), 0);
    RegCloseKey(key);
}

/* What programs look for, and find on every Windows 10 (Wine's own version and lists differ). */
static void defaults(void)
{
    static const struct {
        HKEY root;
        const char *key, *value;
        DWORD type;
    } there[] = {
        {HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "CurrentBuild", REG_SZ},
        {HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductName", REG_SZ},
        {HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "SystemRoot", REG_SZ},
        {HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Windows\\CurrentVersion", "ProgramFilesDir", REG_SZ},
        {HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Cryptography", "MachineGuid", REG_SZ},
        {HKEY_LOCAL_MACHINE, "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment", "ComSpec",
         REG_EXPAND_SZ},
        {HKEY_LOCAL_MACHINE, "SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName", "ComputerName", REG_SZ},
        {HKEY_LOCAL_MACHINE, "SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage", "ACP", REG_SZ},
        {HKEY_LOCAL_MACHINE, "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0", "ProcessorNameString", REG_SZ},
        {HKEY_CURRENT_USER, "Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\Shell Folders", "AppData", REG_SZ},
        {HKEY_CURRENT_USER, "Control Panel\\International", "sDecimal", REG_SZ},
        {HKEY_CURRENT_USER, "Environment", "TEMP", REG_EXPAND_SZ},
    };
    char data[512];
    for (unsigned i = 0; i < ARRAYSIZE(there); i++) {
        DWORD type = 0, size = sizeof data;
        LSTATUS error =
            RegGetValueA(there[i].root, there[i].key, there[i].value, RRF_RT_ANY | RRF_NOEXPAND, &type, data, &size);
        if (check_under_wine())
            continue;
        CHECK_EQ(error, 0);
        CHECK_EQ(type, there[i].type);
        CHECK(size > 1 && !data[size - 1]);
    }
    /* Time zones, with rules of the documented size. */
    HKEY zones;
    char name[128];
    unsigned count = 0;
    CHECK_EQ(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Time Zones", 0,
                           KEY_READ, &zones),
             0);
    for (DWORD size = sizeof name; !RegEnumKeyExA(zones, count, name, &size, NULL, NULL, NULL, NULL);
         count++, size = sizeof name) {
        DWORD length = sizeof data, type = 0;
        CHECK_EQ(RegGetValueA(zones, name, "TZI", RRF_RT_REG_BINARY, &type, data, &length), 0);
        CHECK_EQ(length, 44);
        length = sizeof data;
        CHECK_EQ(RegGetValueA(zones, name, "Std", RRF_RT_REG_SZ, &type, data, &length), 0);
    }
    CHECK(count > 100);
    RegCloseKey(zones);
    /* What is built in can be changed, hidden and brought back like the rest. */
    HKEY key;
    DWORD size;
    CHECK_EQ(RegOpenKeyExA(HKEY_CURRENT_USER, "Control Panel\\International", 0, KEY_ALL_ACCESS, &key), 0);
    CHECK_EQ(RegSetValueExA(key, "sDecimal", 0, REG_SZ, (const BYTE *)",", 2), 0);
    size = sizeof data;
    CHECK_EQ(RegQueryValueExA(key, "SDECIMAL", NULL, NULL, (BYTE *)data, &size), 0);
    CHECK_STR(data, ",");
    CHECK_EQ(RegDeleteValueA(key, "sDecimal"), 0);
    CHECK_EQ(RegQueryValueExA(key, "sDecimal", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    for (DWORD i = 0; size = sizeof name, !RegEnumValueA(key, i, name, &size, NULL, NULL, NULL, NULL); i++)
        CHECK(strcmp(name, "sDecimal") != 0);
    CHECK_EQ(RegSetValueExA(key, "sDecimal", 0, REG_SZ, (const BYTE *)".", 2), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    if (check_under_wine())
        return;
    CHECK_EQ(RegDeleteTreeA(HKEY_CURRENT_USER, "AppEvents"), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "AppEvents", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegCreateKeyA(HKEY_CURRENT_USER, "AppEvents", &key), 0);
    size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(key, 0, name, &size, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS); /* it is a new key */
    CHECK_EQ(RegCloseKey(key), 0);
}

int main(void)
{
    root = test_begin();
    volatile_keys();
    links();
    views();
    classes();
    notification();
    security();
    defaults();
    return test_end(root);
}
