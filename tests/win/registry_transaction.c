/*
 * registry_transaction.c: do changes of keys in a transaction stay in it until it is committed, and are they all done
 * then, or none?
 * link: -ladvapi32 -lktmw32
 *
 * Expectations are from Microsoft's pages (CreateTransaction, RegCreateKeyTransacted, ZwCommitTransaction); Wine 8 has
 * no transactions of the registry.
 */
#include "registry.h"

#include <ktmw32.h> /* needs windows.h */

/* winerror.h of mingw-w64 has not these. */
enum {
    TRANSACTION_NOT_ACTIVE = 6701,
    TRANSACTION_ALREADY_ABORTED = 6704,
    TRANSACTION_ALREADY_COMMITTED = 6705,
    TRANSACTION_NOT_FOUND = 6715,
    TRANSACTIONAL_CONFLICT = 6800
};

static HANDLE begin(void)
{
    HANDLE transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 0, NULL);
    CHECK(transaction != INVALID_HANDLE_VALUE);
    return transaction;
}

static HKEY create_in(HKEY key, const char *name, HANDLE transaction)
{
    HKEY made = NULL;
    CHECK_EQ(RegCreateKeyTransactedA(key, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &made, NULL, transaction, NULL), 0);
    return made;
}

static LSTATUS open_in(HKEY key, const char *name, HANDLE transaction, HKEY *made)
{
    return RegOpenKeyTransactedA(key, name, 0, KEY_ALL_ACCESS, made, transaction, NULL);
}

static LSTATUS set(HKEY key, const char *name, DWORD value)
{
    return RegSetValueExA(key, name, 0, REG_DWORD, (BYTE *)&value, 4);
}

/* -1: not there. */
static int get(HKEY key, const char *name)
{
    DWORD value, size = 4;
    return RegQueryValueExA(key, name, NULL, NULL, (BYTE *)&value, &size) ? -1 : (int)value;
}

static BOOL is_there(HKEY key, const char *name)
{
    HKEY made;
    if (RegOpenKeyExA(key, name, 0, KEY_READ, &made))
        return FALSE;
    RegCloseKey(made);
    return TRUE;
}

static void counts(HKEY key, DWORD subkeys, DWORD values)
{
    DWORD a = 99, b = 99;
    CHECK_EQ(RegQueryInfoKeyA(key, NULL, NULL, NULL, &a, NULL, NULL, &b, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(a, subkeys);
    CHECK_EQ(b, values);
}

static void test_objects(void)
{
    HANDLE transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 5000, (WCHAR *)L"a description");
    DWORD outcome = 9, level = 9, flags = 9, timeout = 9;
    WCHAR text[64];
    GUID id, other;
    CHECK(transaction != INVALID_HANDLE_VALUE);
    CHECK(GetTransactionInformation(transaction, &outcome, &level, &flags, &timeout, sizeof text, text));
    CHECK_EQ(outcome, TransactionOutcomeUndetermined);
    CHECK_EQ(level, 0);
    CHECK_EQ(flags, 0);
    CHECK_EQ(timeout, 5000);
    CHECK(!lstrcmpW(text, L"a description"));
    CHECK(!GetTransactionInformation(transaction, NULL, NULL, NULL, NULL, 8, text));
    CHECK(GetTransactionInformation(transaction, NULL, NULL, NULL, NULL, 0, NULL));
    CHECK(SetTransactionInformation(transaction, 0, 0, 0, (WCHAR *)L"another"));
    CHECK(GetTransactionInformation(transaction, NULL, NULL, NULL, &timeout, sizeof text, text));
    CHECK(!lstrcmpW(text, L"another"));
    CHECK_EQ(timeout, 0);

    CHECK(GetTransactionId(transaction, &id));
    HANDLE again = OpenTransaction(TRANSACTION_ALL_ACCESS, &id);
    CHECK(again != INVALID_HANDLE_VALUE);
    CHECK(GetTransactionId(again, &other));
    CHECK(!memcmp(&id, &other, sizeof id));
    other.Data1 ^= 1;
    SetLastError(0);
    CHECK(OpenTransaction(TRANSACTION_ALL_ACCESS, &other) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), TRANSACTION_NOT_FOUND);

    CHECK_EQ(WaitForSingleObject(transaction, 0), WAIT_TIMEOUT);
    CHECK(CommitTransaction(again));
    CHECK_EQ(WaitForSingleObject(transaction, 0), WAIT_OBJECT_0);
    CHECK(GetTransactionInformation(transaction, &outcome, NULL, NULL, NULL, 0, NULL));
    CHECK_EQ(outcome, TransactionOutcomeCommitted);
    CHECK_ERROR(CommitTransaction(transaction), TRANSACTION_ALREADY_COMMITTED);
    CHECK_ERROR(RollbackTransaction(transaction), TRANSACTION_ALREADY_COMMITTED);
    CHECK(CloseHandle(again));
    CHECK(CloseHandle(transaction));

    transaction = begin();
    CHECK(RollbackTransactionAsync(transaction));
    CHECK(GetTransactionInformation(transaction, &outcome, NULL, NULL, NULL, 0, NULL));
    CHECK_EQ(outcome, TransactionOutcomeAborted);
    CHECK_ERROR(CommitTransaction(transaction), TRANSACTION_ALREADY_ABORTED);
    CHECK_ERROR(CommitTransactionAsync(transaction), TRANSACTION_ALREADY_ABORTED);
    CHECK_ERROR(RollbackTransaction(transaction), TRANSACTION_ALREADY_ABORTED);
    CHECK(CloseHandle(transaction));

    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    CHECK_ERROR(CommitTransaction(event), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CommitTransaction(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetTransactionId(event, &id), ERROR_INVALID_HANDLE);
    CloseHandle(event);
    transaction = begin();
    CHECK(GetTransactionId(transaction, &id));
    HANDLE weak = OpenTransaction(TRANSACTION_QUERY_INFORMATION, &id);
    CHECK_ERROR(CommitTransaction(weak), ERROR_ACCESS_DENIED);
    CHECK_ERROR(RollbackTransaction(weak), ERROR_ACCESS_DENIED);
    CloseHandle(weak);
    CloseHandle(transaction);
    SetLastError(0);
    CHECK(OpenTransaction(TRANSACTION_ALL_ACCESS, &id) == INVALID_HANDLE_VALUE); /* it ended with its last handle */
    CHECK_EQ(GetLastError(), TRANSACTION_NOT_FOUND);
}

static void test_isolation(HKEY root, BOOL commit)
{
    HKEY plain = make_key(root, "old"), gone = make_key(root, "gone"), seen = NULL;
    CHECK_EQ(set(plain, "kept", 1), 0);
    CHECK_EQ(set(plain, "changed", 1), 0);
    CHECK_EQ(set(plain, "deleted", 1), 0);
    RegCloseKey(gone);

    HANDLE transaction = begin();
    HKEY old = NULL, fresh = create_in(root, "new\\below", transaction);
    CHECK_EQ(open_in(root, "old", transaction, &old), 0);
    CHECK_EQ(set(old, "changed", 2), 0);
    CHECK_EQ(set(old, "added", 3), 0);
    CHECK_EQ(RegDeleteValueA(old, "deleted"), 0);
    CHECK_EQ(set(fresh, "v", 4), 0);
    CHECK_EQ(RegDeleteKeyTransactedA(root, "gone", 0, 0, transaction, NULL), 0);
    CHECK_EQ(RegDeleteKeyTransactedA(root, "gone", 0, 0, transaction, NULL), ERROR_FILE_NOT_FOUND);

    /* inside */
    CHECK_EQ(get(old, "kept"), 1);
    CHECK_EQ(get(old, "changed"), 2);
    CHECK_EQ(get(old, "added"), 3);
    CHECK_EQ(get(old, "deleted"), -1);
    CHECK_EQ(get(fresh, "v"), 4);
    counts(old, 0, 3);
    CHECK_EQ(open_in(root, "NEW\\Below", transaction, &seen), 0);
    CHECK_EQ(get(seen, "v"), 4);
    RegCloseKey(seen);
    CHECK_EQ(open_in(root, "gone", transaction, &seen), ERROR_FILE_NOT_FOUND);
    CHECK(seen == NULL);
    CHECK_EQ(open_in(root, NULL, transaction, &seen), 0);
    counts(seen, 2, 0);
    char name[64];
    DWORD size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(seen, 0, name, &size, NULL, NULL, NULL, NULL), 0);
    CHECK_STR(name, "new");
    size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(seen, 1, name, &size, NULL, NULL, NULL, NULL), 0);
    CHECK_STR(name, "old");
    RegCloseKey(seen);

    /* outside */
    counts(root, 2, 0);
    counts(plain, 0, 3);
    CHECK_EQ(get(plain, "changed"), 1);
    CHECK_EQ(get(plain, "added"), -1);
    CHECK_EQ(get(plain, "deleted"), 1);
    CHECK(!is_there(root, "new"));
    CHECK(is_there(root, "gone"));
    CHECK(!is_there(fresh, "x"));

    if (commit)
        CHECK(CommitTransaction(transaction));
    else
        CHECK(RollbackTransaction(transaction));
    CHECK_EQ(get(plain, "kept"), 1);
    CHECK_EQ(get(plain, "changed"), commit ? 2 : 1);
    CHECK_EQ(get(plain, "added"), commit ? 3 : -1);
    CHECK_EQ(get(plain, "deleted"), commit ? -1 : 1);
    CHECK_EQ(is_there(root, "new\\below"), commit);
    CHECK_EQ(is_there(root, "gone"), !commit);
    counts(root, 2, 0);

    CHECK_EQ(set(old, "late", 1), TRANSACTION_NOT_ACTIVE);
    CHECK_EQ(open_in(root, "old", transaction, &seen), TRANSACTION_NOT_ACTIVE);
    CHECK_EQ(RegDeleteKeyTransactedA(root, "old", 0, 0, transaction, NULL), TRANSACTION_NOT_ACTIVE);
    RegCloseKey(old);
    RegCloseKey(fresh);
    CHECK(CloseHandle(transaction));
    RegCloseKey(plain);
    CHECK_EQ(RegDeleteTreeA(root, NULL), 0);
}

static void test_last_handle(HKEY root)
{
    HANDLE transaction = begin(), copy;
    HKEY key = create_in(root, "k", transaction);
    CHECK_EQ(set(key, "v", 1), 0);
    CHECK(
        DuplicateHandle(GetCurrentProcess(), transaction, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CloseHandle(transaction);
    CHECK_EQ(set(key, "w", 1), 0);
    CloseHandle(copy);
    CHECK_EQ(set(key, "x", 1), TRANSACTION_NOT_ACTIVE);
    RegCloseKey(key);
    CHECK(!is_there(root, "k"));

    /* closing the keys is not an end */
    transaction = begin();
    key = create_in(root, "k", transaction);
    CHECK_EQ(set(key, "v", 5), 0);
    RegCloseKey(key);
    CHECK(!is_there(root, "k"));
    CHECK(CommitTransaction(transaction));
    CloseHandle(transaction);
    CHECK_EQ(RegOpenKeyExA(root, "k", 0, KEY_READ, &key), 0);
    CHECK_EQ(get(key, "v"), 5);
    RegCloseKey(key);
    CHECK_EQ(RegDeleteTreeA(root, NULL), 0);

    transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 1, NULL);
    Sleep(3);
    CHECK_EQ(open_in(root, NULL, transaction, &key), TRANSACTION_NOT_ACTIVE);
    CHECK_ERROR(CommitTransaction(transaction), TRANSACTION_ALREADY_ABORTED);
    CloseHandle(transaction);
}

static void test_conflicts(HKEY root)
{
    HKEY plain = make_key(root, "k"), a = NULL, b = NULL;
    CHECK_EQ(set(plain, "v", 1), 0);
    CHECK_EQ(set(plain, "w", 1), 0);
    HANDLE first = begin(), second = begin();
    CHECK_EQ(open_in(root, "k", first, &a), 0);
    CHECK_EQ(open_in(root, "k", second, &b), 0);
    CHECK_EQ(set(a, "v", 2), 0);
    CHECK_EQ(set(b, "v", 3), TRANSACTIONAL_CONFLICT);
    CHECK_EQ(get(b, "v"), 1);
    CHECK_EQ(RegDeleteKeyTransactedA(root, "k", 0, 0, second, NULL), TRANSACTIONAL_CONFLICT);
    CHECK(RollbackTransaction(first));
    CHECK_EQ(set(b, "v", 3), 0);
    CHECK(CommitTransaction(second));
    CHECK_EQ(get(plain, "v"), 3);
    RegCloseKey(a);
    RegCloseKey(b);
    CloseHandle(first);
    CloseHandle(second);

    /* a key that a transaction deletes */
    first = begin(), second = begin();
    CHECK_EQ(RegDeleteKeyTransactedA(root, "k", 0, 0, first, NULL), 0);
    CHECK_EQ(open_in(root, "k", second, &b), 0);
    CHECK_EQ(set(b, "w", 3), TRANSACTIONAL_CONFLICT);
    RegCloseKey(b);
    CloseHandle(first);
    CloseHandle(second);

    /* the same new key */
    first = begin(), second = begin();
    a = create_in(root, "n", first);
    CHECK_EQ(RegCreateKeyTransactedA(root, "n", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &b, NULL, second, NULL),
             TRANSACTIONAL_CONFLICT);
    HKEY other = create_in(root, "other", second);
    CHECK(CommitTransaction(second));
    CHECK(CommitTransaction(first)); /* different keys of one key are no conflict */
    CHECK(is_there(root, "n"));
    CHECK(is_there(root, "other"));
    RegCloseKey(a);
    RegCloseKey(other);
    CloseHandle(first);
    CloseHandle(second);

    /* what is changed without a transaction meanwhile stays: the transaction is rolled back */
    first = begin();
    CHECK_EQ(open_in(root, "k", first, &a), 0);
    CHECK_EQ(set(a, "v", 8), 0);
    CHECK_EQ(set(a, "new", 8), 0);
    CHECK_EQ(set(plain, "v", 9), 0);
    CHECK_ERROR(CommitTransaction(first), TRANSACTION_ALREADY_ABORTED);
    CHECK_EQ(get(plain, "v"), 9);
    CHECK_EQ(get(plain, "new"), -1);
    RegCloseKey(a);
    CloseHandle(first);

    /* a key that gets a subkey is not deleted by who did not see it */
    first = begin();
    CHECK_EQ(RegDeleteKeyTransactedA(root, "k", 0, 0, first, NULL), 0);
    RegCloseKey(make_key(plain, "sub"));
    CHECK_ERROR(CommitTransaction(first), TRANSACTION_ALREADY_ABORTED);
    CHECK(is_there(root, "k\\sub"));
    CloseHandle(first);

    /* and none is made below one that was deleted */
    first = begin();
    a = create_in(root, "n\\below", first);
    CHECK_EQ(RegDeleteKeyA(root, "n"), 0);
    CHECK_ERROR(CommitTransaction(first), TRANSACTION_ALREADY_ABORTED);
    CHECK(!is_there(root, "n"));
    RegCloseKey(a);
    CloseHandle(first);
    RegCloseKey(plain);
    CHECK_EQ(RegDeleteTreeA(root, NULL), 0);
}

/* Many keys and values, deleted and made again within one transaction; a change that fails leaves nothing. */
static void test_many(HKEY root)
{
    HANDLE transaction = begin();
    HKEY all = create_in(root, "all", transaction), key;
    char name[32];
    for (int i = 0; i < 300; i++) {
        sprintf(name, "key %d", i);
        key = create_in(all, name, transaction);
        CHECK_EQ(set(key, "i", (DWORD)i), 0);
        RegCloseKey(key);
        sprintf(name, "value %d", i);
        CHECK_EQ(set(all, name, (DWORD)i), 0);
    }
    counts(all, 300, 300);
    for (int i = 0; i < 300; i += 2) {
        sprintf(name, "key %d", i);
        CHECK_EQ(RegDeleteKeyTransactedA(all, name, 0, 0, transaction, NULL), 0);
        sprintf(name, "value %d", i);
        CHECK_EQ(RegDeleteValueA(all, name), 0);
    }
    counts(all, 150, 150);
    CHECK_EQ(RegDeleteKeyTransactedA(root, "all", 0, 0, transaction, NULL), ERROR_ACCESS_DENIED);
    CHECK(CommitTransaction(transaction));
    RegCloseKey(all);
    CHECK_EQ(RegOpenKeyA(root, "all", &all), 0);
    counts(all, 150, 150);
    for (int i = 0; i < 300; i++) {
        sprintf(name, "key %d", i);
        CHECK_EQ(is_there(all, name), i % 2);
        sprintf(name, "value %d", i);
        CHECK_EQ(get(all, name), i % 2 ? i : -1);
    }
    CloseHandle(transaction);

    /* the tree goes in another one, at once or not at all */
    transaction = begin();
    for (int i = 1; i < 300; i += 2) {
        sprintf(name, "key %d", i);
        CHECK_EQ(RegDeleteKeyTransactedA(all, name, 0, 0, transaction, NULL), 0);
    }
    CHECK_EQ(RegDeleteKeyTransactedA(root, "all", 0, 0, transaction, NULL), 0);
    key = create_in(root, "all", transaction);
    counts(key, 0, 0);
    counts(all, 150, 150);
    CHECK_EQ(set(key, "only", 1), 0);
    CHECK(CommitTransaction(transaction));
    RegCloseKey(key);
    CloseHandle(transaction);
    CHECK_EQ(RegQueryValueExA(all, "value 1", NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    RegCloseKey(all);
    CHECK_EQ(RegOpenKeyA(root, "all", &all), 0);
    counts(all, 0, 1);
    CHECK_EQ(get(all, "only"), 1);
    RegCloseKey(all);
    CHECK_EQ(RegDeleteTreeA(root, NULL), 0);
}

/* Keys that every registry has. */
static void test_given_keys(void)
{
    static const char *path = "Control Panel\\International";
    HANDLE transaction = begin();
    HKEY key = NULL, plain = NULL;
    char before[64] = "", inside[64] = "", after[64] = "";
    DWORD size = sizeof before;
    CHECK_EQ(RegGetValueA(HKEY_CURRENT_USER, path, "sDate", RRF_RT_REG_SZ, NULL, before, &size), 0);
    CHECK_EQ(open_in(HKEY_CURRENT_USER, path, transaction, &key), 0);
    CHECK_EQ(RegSetValueExA(key, "sDate", 0, REG_SZ, (const BYTE *)"?", 2), 0);
    size = sizeof inside;
    CHECK_EQ(RegQueryValueExA(key, "sDate", NULL, NULL, (BYTE *)inside, &size), 0);
    CHECK_STR(inside, "?");
    size = sizeof after;
    CHECK_EQ(RegGetValueA(HKEY_CURRENT_USER, path, "sDate", RRF_RT_REG_SZ, NULL, after, &size), 0);
    CHECK_STR(after, before);
    CHECK_EQ(RegDeleteValueA(key, "sDate"), 0);
    CHECK_EQ(RegQueryValueExA(key, "sDate", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK(RollbackTransaction(transaction));
    CloseHandle(transaction);
    RegCloseKey(key);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, path, &plain), 0);
    size = sizeof after;
    CHECK_EQ(RegQueryValueExA(plain, "sDate", NULL, NULL, (BYTE *)after, &size), 0);
    CHECK_STR(after, before);
    RegCloseKey(plain);

    transaction = begin();
    key = create_in(HKEY_CLASSES_ROOT, ".winrun-transaction", transaction);
    CHECK_EQ(set(key, NULL, 1), 0);
    CHECK(!is_there(HKEY_CLASSES_ROOT, ".winrun-transaction"));
    CHECK(CommitTransaction(transaction));
    CHECK(is_there(HKEY_CLASSES_ROOT, ".winrun-transaction"));
    RegCloseKey(key);
    CloseHandle(transaction);
    CHECK_EQ(RegDeleteKeyA(HKEY_CLASSES_ROOT, ".winrun-transaction"), 0);
}

static void test_notify(HKEY root)
{
    HKEY watched = make_key(root, "w"), key = NULL;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), transaction = begin();
    CHECK_EQ(RegNotifyChangeKeyValue(watched, TRUE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE), 0);
    CHECK_EQ(open_in(root, "w", transaction, &key), 0);
    CHECK_EQ(set(key, "v", 1), 0);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    CHECK(CommitTransaction(transaction));
    CHECK_EQ(WaitForSingleObject(event, 2000), WAIT_OBJECT_0);
    ResetEvent(event);
    CHECK_EQ(RegNotifyChangeKeyValue(watched, TRUE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE), 0);
    RegCloseKey(key);
    CloseHandle(transaction);
    transaction = begin();
    CHECK_EQ(open_in(root, "w", transaction, &key), 0);
    CHECK_EQ(set(key, "v", 2), 0);
    CloseHandle(transaction);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    RegCloseKey(key);
    RegCloseKey(watched);
    CloseHandle(event);
    CHECK_EQ(RegDeleteTreeA(root, NULL), 0);
}

static void test_misuse(HKEY root)
{
    HANDLE transaction = begin(), event = CreateEventA(NULL, FALSE, FALSE, NULL);
    HKEY key = NULL;
    DWORD disposition = 0;
    CHECK_EQ(open_in(root, NULL, event, &key), ERROR_INVALID_HANDLE);
    CHECK_EQ(open_in(root, NULL, NULL, &key), ERROR_INVALID_HANDLE);
    CHECK_EQ(open_in(root, "none", transaction, &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegCreateKeyTransactedA(root, NULL, 0, NULL, 0, KEY_READ, NULL, &key, NULL, transaction, NULL),
             ERROR_BADKEY);
    CHECK_EQ(RegCreateKeyTransactedA(root, "x", 1, NULL, 0, KEY_READ, NULL, &key, NULL, transaction, NULL),
             ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegDeleteKeyTransactedA(root, NULL, 0, 0, transaction, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegDeleteKeyTransactedA(root, "none", 0, 0, transaction, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegCreateKeyTransactedW(root, L"x", 0, (WCHAR *)L"class", 0, KEY_READ, NULL, &key, &disposition,
                                     transaction, NULL),
             0);
    CHECK_EQ(disposition, REG_CREATED_NEW_KEY);
    CHECK_EQ(set(key, "v", 1), ERROR_ACCESS_DENIED);
    RegCloseKey(key);
    CHECK_EQ(RegCreateKeyTransactedW(root, L"x", 0, NULL, 0, KEY_READ, NULL, &key, &disposition, transaction, NULL), 0);
    CHECK_EQ(disposition, REG_OPENED_EXISTING_KEY);
    RegCloseKey(key);
    CloseHandle(event);
    CloseHandle(transaction);
    counts(root, 0, 0);
}

int main(void)
{
    HKEY root = test_begin();
    test_objects();
    test_isolation(root, FALSE);
    test_isolation(root, TRUE);
    test_last_handle(root);
    test_conflicts(root);
    test_many(root);
    test_given_keys();
    test_notify(root);
    test_misuse(root);
    return test_end(root);
}
