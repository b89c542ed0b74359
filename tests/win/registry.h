/*
 * registry.h: a key of its own for each registry test, empty at the start and gone at the end.
 */
#ifndef TESTS_REGISTRY_H
#define TESTS_REGISTRY_H

#include "check.h"

#define TEST_ROOT "Software\\winrun test"

static HKEY test_begin(void)
{
    HKEY key = NULL;
    DWORD disposition = 0;
    RegDeleteTreeA(HKEY_CURRENT_USER, TEST_ROOT);
    CHECK_EQ(RegCreateKeyExA(HKEY_CURRENT_USER, TEST_ROOT, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, &disposition), 0);
    CHECK_EQ(disposition, REG_CREATED_NEW_KEY);
    return key;
}

static int test_end(HKEY key)
{
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegDeleteTreeA(HKEY_CURRENT_USER, TEST_ROOT), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, TEST_ROOT, &key), ERROR_FILE_NOT_FOUND);
    return check_done();
}

static HKEY make_key(HKEY parent, const char *name)
{
    HKEY key = NULL;
    CHECK_EQ(RegCreateKeyExA(parent, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    return key;
}

#endif
