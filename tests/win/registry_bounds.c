/*
 * registry_bounds.c: the registry at its edges: lists that change while they are read, large values, long names, links
 * that lead to another root, each filter of a notification, whose thread waits, what a new key inherits, and where
 * writes below HKEY_CLASSES_ROOT and the 32-bit view go. link: -ladvapi32
 *
 * Wine 8 has no limit for names, lists values by name, does not merge HKEY_CLASSES_ROOT, inherits nothing and ties no
 * notification to its thread.
 */
#include "registry.h"
#include <aclapi.h>
#include <sddl.h>

static HKEY root;

/* Subkeys are deleted at index 0 until there are none, and by a second handle while the first one counts. */
static void deleting_while_listing(void)
{
    HKEY key = make_key(root, "list"), other;
    char name[64];
    DWORD size, seen = 0;
    for (int i = 0; i < 50; i++) {
        sprintf(name, "k%02d", i);
        RegCloseKey(make_key(key, name));
        CHECK_EQ(RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&i, 4), 0);
    }
    CHECK_EQ(RegOpenKeyA(root, "list", &other), 0);
    for (DWORD i = 0; size = sizeof name, !RegEnumKeyExA(key, i, name, &size, NULL, NULL, NULL, NULL); i++) {
        CHECK_EQ(RegDeleteKeyA(other, name), 0); /* what follows moves up: each second one is left */
        seen++;
    }
    CHECK_EQ(seen, 25);
    size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(key, 0, name, &size, NULL, NULL, NULL, NULL), 0);
    CHECK_STR(name, "k01");
    while (size = sizeof name, !RegEnumKeyExA(key, 0, name, &size, NULL, NULL, NULL, NULL))
        CHECK_EQ(RegDeleteKeyA(key, name), 0);
    seen = 0;
    while (size = sizeof name, !RegEnumValueA(key, 0, name, &size, NULL, NULL, NULL, NULL)) {
        CHECK_EQ(RegDeleteValueA(other, name), 0);
        seen++;
    }
    CHECK_EQ(seen, 50);
    for (int i = 0; i < 10; i++) { /* from the last one on */
        sprintf(name, "v%d", i);
        CHECK_EQ(RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&i, 4), 0);
    }
    for (int i = 9; i >= 0; i--) {
        size = sizeof name;
        CHECK_EQ(RegEnumValueA(key, (DWORD)i, name, &size, NULL, NULL, NULL, NULL), 0);
        CHECK_EQ(atoi(name + 1), i);
        CHECK_EQ(RegDeleteValueA(key, name), 0);
    }
    size = sizeof name;
    CHECK_EQ(RegEnumValueA(key, 0, name, &size, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS);
    CHECK_EQ(RegDeleteKeyA(root, "list"), 0);
    size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(key, 0, name, &size, NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    CHECK_EQ(RegEnumValueA(other, 0, name, &size, NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    CHECK_EQ(RegSetValueExA(other, "x", 0, REG_DWORD, (BYTE *)&size, 4), ERROR_KEY_DELETED);
    CHECK_EQ(RegDeleteValueA(other, "x"), ERROR_KEY_DELETED);
    CHECK_EQ(RegQueryInfoKeyA(other, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
             ERROR_KEY_DELETED);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegCloseKey(other), 0);
}

static void large_values(void)
{
    static const DWORD sizes[] = {0, 1, 2047, 4096, 65535, 65536, 1 << 20, (1 << 20) + 1, 5000000, 16 << 20};
    BYTE *data = malloc(16 << 20), *back = malloc(16 << 20);
    HKEY key = make_key(root, "large");
    DWORD longest = 0, type, size;
    for (DWORD i = 0; i < 16 << 20; i++)
        data[i] = (BYTE)(i * 13 + i / 777);
    for (unsigned i = 0; i < ARRAYSIZE(sizes); i++) {
        CHECK_EQ(RegSetValueExA(key, "v", 0, REG_BINARY, data, sizes[i]), 0);
        CHECK_EQ(RegQueryInfoKeyA(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &longest, NULL, NULL), 0);
        CHECK_EQ(longest, sizes[i]);
        if (sizes[i]) {
            size = sizes[i] - 1;
            CHECK_EQ(RegQueryValueExA(key, "v", NULL, &type, back, &size), ERROR_MORE_DATA);
            CHECK_EQ(size, sizes[i]);
        }
        size = sizes[i];
        CHECK_EQ(RegQueryValueExA(key, "v", NULL, &type, back, &size), 0);
        CHECK_EQ(size, sizes[i]);
        CHECK_EQ(type, REG_BINARY);
        CHECK(!memcmp(data, back, size));
    }
    CHECK_EQ(RegDeleteValueA(key, "v"), 0);
    RegCloseKey(key);
    free(data);
    free(back);
}

static void long_names(void)
{
    WCHAR key_name[300], *value_name = malloc(20000 * sizeof(WCHAR)), *back = malloc(20000 * sizeof(WCHAR));
    HKEY key, deep = make_key(root, "names");
    DWORD size;
    for (int i = 0; i < 300; i++)
        key_name[i] = 'k';
    key_name[256] = 0;
    if (!check_under_wine())
        CHECK_EQ(RegCreateKeyW(deep, key_name, &key), ERROR_INVALID_PARAMETER);
    key_name[255] = 0;
    for (int i = 0; i < 3; i++) { /* one below the other: longer than any path of a file */
        CHECK_EQ(RegCreateKeyW(deep, key_name, &key), 0);
        RegCloseKey(deep);
        deep = key;
    }
    for (int i = 0; i < 20000; i++)
        value_name[i] = (WCHAR)('a' + i % 26);
    value_name[16384] = 0;
    CHECK_EQ(RegSetValueExW(deep, value_name, 0, REG_DWORD, (const BYTE *)&size, 4), ERROR_INVALID_PARAMETER);
    value_name[16383] = 0;
    CHECK_EQ(RegSetValueExW(deep, value_name, 0, REG_DWORD, (const BYTE *)&size, 4), 0);
    value_name[16382] = 0; /* differs in its last letter alone */
    CHECK_EQ(RegSetValueExW(deep, value_name, 0, REG_DWORD, (const BYTE *)&size, 4), 0);
    DWORD first = check_under_wine() ? 1 : 0;
    size = 16382;
    CHECK_EQ(RegEnumValueW(deep, 1 - first, back, &size, NULL, NULL, NULL, NULL), ERROR_MORE_DATA);
    size = 16383;
    CHECK_EQ(RegEnumValueW(deep, 1 - first, back, &size, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(size, 16382);
    CHECK(!memcmp(back, value_name, 16383 * sizeof(WCHAR)));
    size = 16384;
    CHECK_EQ(RegEnumValueW(deep, first, back, &size, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(size, 16383);
    RegCloseKey(deep);
    CHECK_EQ(RegDeleteTreeA(root, "names"), 0);
    free(value_name);
    free(back);
}

static void make_link(HKEY below, const char *name, const WCHAR *target)
{
    HKEY link;
    CHECK_EQ(RegCreateKeyExA(below, name, 0, NULL, REG_OPTION_CREATE_LINK, KEY_ALL_ACCESS | KEY_CREATE_LINK, NULL,
                             &link, NULL),
             0);
    CHECK_EQ(RegSetValueExW(link, L"SymbolicLinkValue", 0, REG_LINK, (const BYTE *)target,
                            (DWORD)(lstrlenW(target) * sizeof *target)),
             0);
    RegCloseKey(link);
}

static void delete_link(HKEY below, const char *name)
{
    HKEY link = NULL;
    typedef LONG(WINAPI * delete_key)(HANDLE);
    delete_key delete = (delete_key)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtDeleteKey");
    CHECK_EQ(RegOpenKeyExA(below, name, REG_OPTION_OPEN_LINK, DELETE, &link), 0);
    CHECK_EQ(delete (link), 0);
    RegCloseKey(link);
}

static void links_across(void)
{
    static const char *const machine = "Software\\winrun target";
    HKEY key = make_key(HKEY_LOCAL_MACHINE, machine), sub;
    DWORD value = 5, size = 4;
    CHECK_EQ(RegSetValueExA(key, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    RegCloseKey(key);
    make_link(root, "first", L"\\Registry\\Machine\\SOFTWARE\\winrun target");
    value = 0;
    CHECK_EQ(RegGetValueA(root, "first", "v", RRF_RT_REG_DWORD, NULL, &value, &size), 0);
    CHECK_EQ(value, 5);
    /* what is made through a link is made at its target */
    CHECK_EQ(RegCreateKeyA(root, "first\\made\\deep", &key), 0);
    RegCloseKey(key);
    CHECK_EQ(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\winrun target\\made\\deep", &key), 0);
    RegCloseKey(key);
    CHECK_EQ(RegSetKeyValueA(root, "first\\made", "w", REG_DWORD, &value, 4), 0);
    CHECK_EQ(RegDeleteKeyA(root, "first\\made\\deep"), 0);
    CHECK_EQ(RegDeleteKeyA(HKEY_LOCAL_MACHINE, "Software\\winrun target\\made"), 0);
    /* a link to below a link */
    sub = make_key(HKEY_LOCAL_MACHINE, "Software\\winrun target\\sub");
    RegCloseKey(sub);
    make_link(HKEY_LOCAL_MACHINE, "Software\\winrun second", L"\\REGISTRY\\MACHINE\\SOFTWARE\\winrun target\\sub");
    make_link(root, "third", L"\\REGISTRY\\MACHINE\\SOFTWARE\\winrun second");
    CHECK_EQ(RegOpenKeyA(root, "third", &key), 0);
    CHECK_EQ(RegSetValueExA(key, "x", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    RegCloseKey(key);
    CHECK_EQ(RegGetValueA(root, "first\\sub", "x", RRF_RT_REG_DWORD, NULL, &value, &size), 0);
    /* one that leads nowhere, and one to itself */
    make_link(root, "dangling", L"\\REGISTRY\\MACHINE\\SOFTWARE\\winrun absent");
    CHECK_EQ(RegOpenKeyA(root, "dangling", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOpenKeyA(root, "dangling\\x", &key), ERROR_FILE_NOT_FOUND);
    make_link(HKEY_LOCAL_MACHINE, "Software\\winrun loop", L"\\REGISTRY\\MACHINE\\SOFTWARE\\winrun loop");
    CHECK(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\winrun loop", &key) != 0);
    CHECK(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\winrun loop\\below", &key) != 0);
    delete_link(HKEY_LOCAL_MACHINE, "Software\\winrun loop");
    delete_link(HKEY_LOCAL_MACHINE, "Software\\winrun second");
    delete_link(root, "first");
    delete_link(root, "third");
    delete_link(root, "dangling");
    CHECK_EQ(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\winrun target\\sub", &key), 0);
    RegCloseKey(key);
    CHECK_EQ(RegDeleteTreeA(HKEY_LOCAL_MACHINE, machine), 0);
}

/* Each change, and which filters tell of it. */
static void filters(void)
{
    enum { CREATE, SET, CHANGE, UNSET, SECURE, REMOVE, CHANGES };
    static const DWORD told[CHANGES] = {
        [CREATE] = REG_NOTIFY_CHANGE_NAME,     [SET] = REG_NOTIFY_CHANGE_LAST_SET,
        [CHANGE] = REG_NOTIFY_CHANGE_LAST_SET, [UNSET] = REG_NOTIFY_CHANGE_LAST_SET,
        [REMOVE] = REG_NOTIFY_CHANGE_NAME,     [SECURE] = REG_NOTIFY_CHANGE_SECURITY | REG_NOTIFY_CHANGE_ATTRIBUTES,
    };
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    HKEY key = make_key(root, "filters"), watch;
    BYTE descriptor[1024];
    DWORD size = sizeof descriptor, number = 1;
    CHECK_EQ(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor, &size), 0);
    for (DWORD filter = 1; filter <= 8; filter *= 2)
        for (int change = 0; change < CHANGES; change++) {
            CHECK_EQ(RegOpenKeyA(root, "filters", &watch), 0);
            CHECK_EQ(RegNotifyChangeKeyValue(watch, FALSE, filter, event, TRUE), 0);
            if (change == CREATE)
                RegCloseKey(make_key(key, "sub"));
            else if (change == SET || change == CHANGE)
                CHECK_EQ(RegSetValueExA(key, "v", 0, REG_DWORD, (BYTE *)&number, 4), 0);
            else if (change == UNSET)
                CHECK_EQ(RegDeleteValueA(key, "v"), 0);
            else if (change == REMOVE)
                CHECK_EQ(RegDeleteKeyA(key, "sub"), 0);
            else
                CHECK_EQ(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor), 0);
            BOOL wanted = (told[change] & filter) != 0;
            if (!check_under_wine())
                CHECK_EQ(WaitForSingleObject(event, wanted ? 3000 : 8), wanted ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
            RegCloseKey(watch);
            WaitForSingleObject(event, 100); /* closing ends the wait */
        }
    if (!check_under_wine()) {
        CHECK_EQ(RegNotifyChangeKeyValue(key, FALSE, 0, event, TRUE), ERROR_INVALID_PARAMETER);
        CHECK_EQ(RegNotifyChangeKeyValue(key, FALSE, 0x100, event, TRUE), ERROR_INVALID_PARAMETER);
    }
    RegCloseKey(key);
    CloseHandle(event);
}

static HKEY thread_key;
static HANDLE thread_event;

static DWORD WINAPI ask_and_end(void *flags)
{
    return (DWORD)RegNotifyChangeKeyValue(thread_key, FALSE, REG_NOTIFY_CHANGE_LAST_SET | (DWORD)(ULONG_PTR)flags,
                                          thread_event, TRUE);
}

/* A request ends with the thread that made it, unless it is told that threads do not matter. */
static void threads(void)
{
    DWORD value = 0, code;
    thread_event = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (int agnostic = 0; agnostic < 2; agnostic++) {
        thread_key = make_key(root, "thread");
        HANDLE thread =
            CreateThread(NULL, 0, ask_and_end,
                         (void *)(ULONG_PTR)(agnostic ? 0x10000000 /* REG_NOTIFY_THREAD_AGNOSTIC */ : 0), 0, NULL);
        WaitForSingleObject(thread, INFINITE);
        CHECK(GetExitCodeThread(thread, &code));
        CHECK_EQ(code, 0);
        CloseHandle(thread);
        if (!agnostic) {
            if (!check_under_wine())
                CHECK_EQ(WaitForSingleObject(thread_event, 1000), WAIT_OBJECT_0);
        } else {
            CHECK_EQ(WaitForSingleObject(thread_event, 10), WAIT_TIMEOUT);
            CHECK_EQ(RegSetValueExA(thread_key, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0);
            CHECK_EQ(WaitForSingleObject(thread_event, 3000), WAIT_OBJECT_0);
        }
        RegCloseKey(thread_key);
    }
    CloseHandle(thread_event);
}

/* Where writes go: to the user's classes if the key is there, else to the machine's. */
static void class_writes(void)
{
    HKEY key;
    DWORD a = 1, size = 4;
    if (check_under_wine())
        return;
    RegCloseKey(make_key(HKEY_CURRENT_USER, "Software\\Classes\\winrun.user"));
    CHECK_EQ(RegOpenKeyExA(HKEY_CLASSES_ROOT, "winrun.user", 0, KEY_ALL_ACCESS, &key), 0);
    CHECK_EQ(RegSetValueExA(key, "v", 0, REG_DWORD, (BYTE *)&a, 4), 0);
    RegCloseKey(make_key(key, "sub"));
    RegCloseKey(key);
    CHECK_EQ(RegGetValueA(HKEY_CURRENT_USER, "Software\\Classes\\winrun.user", "v", RRF_RT_REG_DWORD, NULL, &a, &size),
             0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "Software\\Classes\\winrun.user\\sub", &key), 0);
    RegCloseKey(key);
    CHECK_EQ(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\Classes\\winrun.user", &key), ERROR_FILE_NOT_FOUND);
    RegCloseKey(make_key(HKEY_CLASSES_ROOT, "winrun.machine"));
    CHECK_EQ(RegSetKeyValueA(HKEY_CLASSES_ROOT, "winrun.machine", "v", REG_DWORD, &a, 4), 0);
    CHECK_EQ(
        RegGetValueA(HKEY_LOCAL_MACHINE, "Software\\Classes\\winrun.machine", "v", RRF_RT_REG_DWORD, NULL, &a, &size),
        0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "Software\\Classes\\winrun.machine", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteTreeA(HKEY_CLASSES_ROOT, "winrun.user"), 0);
    CHECK_EQ(RegDeleteKeyA(HKEY_CLASSES_ROOT, "winrun.machine"), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "Software\\Classes\\winrun.user", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOpenKeyA(HKEY_LOCAL_MACHINE, "Software\\Classes\\winrun.machine", &key), ERROR_FILE_NOT_FOUND);
    /* CLSID is apart in the two views, names of classes are not */
    RegCloseKey(make_key(HKEY_CLASSES_ROOT, "winrun.both"));
    CHECK_EQ(RegOpenKeyExA(HKEY_CLASSES_ROOT, "winrun.both", 0, KEY_READ | KEY_WOW64_32KEY, &key), 0);
    RegCloseKey(key);
    CHECK_EQ(RegDeleteKeyA(HKEY_CLASSES_ROOT, "winrun.both"), 0);
    RegCloseKey(make_key(HKEY_CLASSES_ROOT, "CLSID\\{winrun}"));
    CHECK_EQ(RegOpenKeyExA(HKEY_CLASSES_ROOT, "CLSID\\{winrun}", 0, KEY_READ | KEY_WOW64_32KEY, &key),
             ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteKeyA(HKEY_CLASSES_ROOT, "CLSID\\{winrun}"), 0);
}

static void check_dacl(HKEY key, const char *expected)
{
    BYTE descriptor[1024];
    DWORD size = sizeof descriptor;
    char *text = NULL;
    CHECK_EQ(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor, &size), 0);
    CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorA(descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION,
                                                               &text, NULL));
    /* the control flags at the start ("AI", "P") differ with what has set them */
    CHECK_STR(text ? strchr(text, '(') : NULL, expected);
    LocalFree(text);
}

/* A new key gets the entries of its parent that are to be inherited, or what its creator says. */
static void inheritance(void)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes};
    HKEY parent = make_key(root, "parent"), child, deep;
    if (check_under_wine())
        return;
    CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(
        "D:(A;;KR;;;BU)(A;CI;KA;;;BA)(A;CINP;KR;;;SY)(A;CIIO;KR;;;WD)(D;CI;KW;;;BG)", SDDL_REVISION_1,
        &attributes.lpSecurityDescriptor, NULL));
    CHECK_EQ(RegSetKeySecurity(parent, DACL_SECURITY_INFORMATION, attributes.lpSecurityDescriptor), 0);
    check_dacl(parent, "(A;;KR;;;BU)(A;CI;KA;;;BA)(A;CINP;KR;;;SY)(A;CIIO;KR;;;WD)(D;CI;KW;;;BG)");
    child = make_key(parent, "child");
    check_dacl(child, "(A;CIID;KA;;;BA)(A;ID;KR;;;SY)(A;CIID;KR;;;WD)(D;CIID;KW;;;BG)");
    deep = make_key(child, "deep");
    check_dacl(deep, "(A;CIID;KA;;;BA)(A;CIID;KR;;;WD)(D;CIID;KW;;;BG)");
    RegCloseKey(deep);
    RegCloseKey(child);
    LocalFree(attributes.lpSecurityDescriptor);
    CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA("D:(A;;KR;;;WD)", SDDL_REVISION_1,
                                                               &attributes.lpSecurityDescriptor, NULL));
    CHECK_EQ(RegCreateKeyExA(parent, "own", 0, NULL, 0, KEY_ALL_ACCESS, &attributes, &child, NULL), 0);
    check_dacl(child, "(A;;KR;;;WD)");
    RegCloseKey(child);
    LocalFree(attributes.lpSecurityDescriptor);
    RegCloseKey(parent);
}

int main(void)
{
    root = test_begin();
    deleting_while_listing();
    large_values();
    long_names();
    links_across();
    filters();
    threads();
    class_writes();
    inheritance();
    return test_end(root);
}
