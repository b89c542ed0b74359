/*
 * store_system.c: the stores of the system: MY, ROOT, CA and others by name.
 *
 * What programs put there is kept in the prefix's registry, where Windows has it: below
 * SOFTWARE\Microsoft\SystemCertificates\NAME\Certificates, a key for each, named by its SHA-1.  ROOT also shows the
 * host's trusted roots; they can be taken out of a store in memory, and are there again in the next.
 */
#include <stdio.h>
#include "crypt32/store.h"
#include "ntdll/gate.h"

static const WCHAR system_path[] = L"Software\\Microsoft\\SystemCertificates\\";
static const WCHAR policy_path[] = L"Software\\Policies\\Microsoft\\SystemCertificates\\";
static const WCHAR enterprise_path[] = L"Software\\Microsoft\\EnterpriseCertificates\\";
#define STORE_PATH 320
#define ELEMENT_PATH (STORE_PATH + 64)
static const WCHAR *const sub_keys[] = {L"Certificates", L"CRLs"};

/* In alphabetical order, as they are listed. */
static const WCHAR *const known_stores[] = {L"AuthRoot", L"CA",    L"Disallowed",    L"My",
                                            L"Root",     L"Trust", L"TrustedPeople", L"TrustedPublisher"};

static bool is_known(const WCHAR *name)
{
    for (size_t i = 0; i < sizeof known_stores / sizeof *known_stores; i++)
        if (!wide_compare_nocase(name, known_stores[i]))
            return true;
    return false;
}

/* The host's roots, decoded once a process. */
static struct body **roots;
static size_t root_count;

static BOOL CALLBACK roots_fill(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    const struct tls_plugin *plugin = tls_plugin();
    struct tls_data *list = NULL;
    size_t count = plugin ? plugin->roots(&list) : 0;

    (void)once, (void)parameter, (void)context;
    roots = crypt_alloc((count + 1) * sizeof *roots);
    for (size_t i = 0; i < count && roots; i++) {
        roots[root_count] = body_make(BODY_CERT, list[i].data, (DWORD)list[i].size);
        root_count += roots[root_count] != NULL;
    }
    return TRUE;
}

static void put_roots(struct store *store)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    static bool filled;

    RtlAcquireSRWLockExclusive(&lock);
    if (!filled)
        roots_fill(NULL, NULL, NULL);
    filled = true;
    RtlReleaseSRWLockExclusive(&lock);
    for (size_t i = 0; i < root_count; i++) {
        __sync_fetch_and_add(&roots[i]->references, 1);
        store_put(store, roots[i], true);
    }
}

static void load_value(struct store *store, HKEY key)
{
    DWORD size = 0, type;
    BYTE *data = NULL;
    const BYTE *at;
    struct body *body;

    if (RegQueryValueExW(key, L"Blob", NULL, &type, NULL, &size) || !(data = crypt_alloc(size + 1)) ||
        RegQueryValueExW(key, L"Blob", NULL, &type, data, &size)) {
        crypt_free(data);
        return;
    }
    at = data;
    while ((body = body_deserialize(&at, data + size)))
        store_put(store, body, false);
    crypt_free(data);
}

void store_load(struct store *store)
{
    RtlAcquireSRWLockExclusive(&store->lock);
    if (store->pending) {
        HKEY key = NULL;

        if (store->key && RegOpenKeyExW(store->key, store->path, 0, KEY_READ, &key))
            key = NULL;
        for (int kind = 0; kind < 2 && key; kind++) {
            WCHAR name[64];
            HKEY list, one;

            if (RegOpenKeyExW(key, sub_keys[kind], 0, KEY_READ, &list))
                continue;
            for (DWORD i = 0, length = 64; !RegEnumKeyExW(list, i, name, &length, NULL, NULL, NULL, NULL);
                 i++, length = 64)
                if (!RegOpenKeyExW(list, name, 0, KEY_READ, &one)) {
                    load_value(store, one);
                    RegCloseKey(one);
                }
            RegCloseKey(list);
        }
        if (key)
            RegCloseKey(key);
        if (store->host_roots)
            put_roots(store);
        store->pending = false;
    }
    RtlReleaseSRWLockExclusive(&store->lock);
}

/* Where an entry is kept, below store->key. */
static bool element_key(struct store *store, struct body *body, WCHAR path[ELEMENT_PATH])
{
    BYTE hash[TLS_HASH_MAX];
    char text[64];
    size_t base = wide_length(store->path);
    int at;

    if (!body_hash(body, TLS_HASH_SHA1, hash))
        return false;
    at = sprintf(text, "%s\\", body->kind == BODY_CERT ? "Certificates" : "CRLs");
    for (int i = 0; i < 20; i++)
        at += sprintf(text + at, "%02X", hash[i]);
    memcpy(path, store->path, base * sizeof *path);
    if (base)
        path[base++] = '\\';
    for (int i = 0; i <= at; i++)
        path[base + (size_t)i] = (WCHAR)text[i];
    return true;
}

/* What is in the registry is what the store has: written after each change. */
void store_write(struct store *store, struct body *body)
{
    WCHAR path[ELEMENT_PATH];
    HKEY key;
    DWORD size;
    BYTE *data;

    if (store->file)
        store->changed = true;
    if (!store->key || store->flags & CERT_STORE_READONLY_FLAG)
        return;
    for (struct context *context = store->entries[body->kind]; context; context = context->next)
        if (context->body == body && context->host)
            return;
    if (!element_key(store, body, path) || RegCreateKeyExW(store->key, path, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL))
        return;
    data = body_serialize(body, &size);
    if (data)
        RegSetValueExW(key, L"Blob", 0, REG_BINARY, data, size);
    crypt_free(data);
    RegCloseKey(key);
}

void store_erase(struct store *store, struct body *body)
{
    WCHAR path[ELEMENT_PATH];

    if (store->key && element_key(store, body, path))
        RegDeleteKeyW(store->key, path);
}

struct store *store_open_key(HKEY key, const WCHAR *path, DWORD flags)
{
    struct store *store = store_make(STORE_MEMORY, flags);

    if (!store)
        return NULL;
    store->path = wide_copy(path);
    store->key = store->path ? key : NULL;
    store->pending = true;
    return store;
}

/* Which part of the registry a store's flags mean, and its name without the computer or user before it. */
static HKEY place_of(DWORD flags, const WCHAR **path)
{
    *path = system_path;
    switch (flags & CERT_SYSTEM_STORE_LOCATION_MASK) {
    case CERT_SYSTEM_STORE_CURRENT_USER:
        return HKEY_CURRENT_USER;
    case CERT_SYSTEM_STORE_CURRENT_USER_GROUP_POLICY:
        *path = policy_path;
        return HKEY_CURRENT_USER;
    case CERT_SYSTEM_STORE_LOCAL_MACHINE_GROUP_POLICY:
        *path = policy_path;
        return HKEY_LOCAL_MACHINE;
    case CERT_SYSTEM_STORE_LOCAL_MACHINE_ENTERPRISE:
        *path = enterprise_path;
        return HKEY_LOCAL_MACHINE;
    case CERT_SYSTEM_STORE_LOCAL_MACHINE:
    case CERT_SYSTEM_STORE_LOCAL_MACHINE_WCOS:
    case CERT_SYSTEM_STORE_CURRENT_SERVICE:
    case CERT_SYSTEM_STORE_SERVICES:
        return HKEY_LOCAL_MACHINE;
    default:
        return NULL;
    }
}

static bool path_join(const WCHAR *base, const WCHAR *name, WCHAR *path, size_t room)
{
    size_t a = wide_length(base), b = wide_length(name);

    if (!b || a + b >= room)
        return false;
    memcpy(path, base, a * sizeof *path);
    memcpy(path + a, name, (b + 1) * sizeof *path);
    return true;
}

/* One place's store.  It has a key in the registry once something is put there. */
static struct store *open_place(const WCHAR *name, DWORD flags)
{
    const WCHAR *base;
    HKEY root = place_of(flags, &base), key = NULL;
    bool root_store = !wide_compare_nocase(name, L"Root");
    WCHAR path[STORE_PATH];
    struct store *store;
    LSTATUS error;

    if (!root || !path_join(base, name, path, STORE_PATH)) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    if (flags & CERT_STORE_DELETE_FLAG) {
        error = RegDeleteTreeW(root, path);
        SetLastError(error ? ERROR_FILE_NOT_FOUND : 0);
        return NULL;
    }
    if (!is_known(name) || flags & CERT_STORE_CREATE_NEW_FLAG) {
        error = RegOpenKeyExW(root, path, 0, KEY_READ, &key);
        if (!error)
            RegCloseKey(key);
        if (!error && flags & CERT_STORE_CREATE_NEW_FLAG) {
            SetLastError(ERROR_FILE_EXISTS);
            return NULL;
        }
        if (error && flags & (CERT_STORE_OPEN_EXISTING_FLAG | CERT_STORE_READONLY_FLAG)) {
            SetLastError(ERROR_FILE_NOT_FOUND);
            return NULL;
        }
        if (error && !RegCreateKeyExW(root, path, 0, NULL, 0, KEY_READ, NULL, &key, NULL))
            RegCloseKey(key);
    }
    store = store_open_key(root, path, flags);
    if (store)
        store->host_roots = root_store && root == HKEY_LOCAL_MACHINE && base == system_path;
    return store;
}

/* A user's store shows the machine's too. */
struct store *store_open_system(const WCHAR *name, DWORD flags, bool physical)
{
    struct store *own, *machine, *both;
    DWORD rest = flags & ~(DWORD)CERT_SYSTEM_STORE_LOCATION_MASK;

    own = open_place(name, flags);
    if (!own || physical || (flags & CERT_SYSTEM_STORE_LOCATION_MASK) != CERT_SYSTEM_STORE_CURRENT_USER ||
        !wide_compare_nocase(name, L"My"))
        return own;
    machine = open_place(name, (rest & ~(DWORD)CERT_STORE_CREATE_NEW_FLAG) | CERT_SYSTEM_STORE_LOCAL_MACHINE |
                                   CERT_STORE_READONLY_FLAG);
    both = machine ? store_make(STORE_COLLECTION, flags) : NULL;
    if (!both) {
        if (machine)
            store_release(machine);
        return own;
    }
    CertAddStoreToCollection(both, own, CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG, 1);
    CertAddStoreToCollection(both, machine, 0, 0);
    store_release(own);
    store_release(machine);
    return both;
}

BOOL WINAPI CertRegisterSystemStore(const void *name, DWORD flags, PCERT_SYSTEM_STORE_INFO info, void *reserved)
{
    struct store *store;

    (void)info, (void)reserved;
    if (flags & CERT_SYSTEM_STORE_RELOCATE_FLAG)
        return crypt_fail((DWORD)E_INVALIDARG);
    store = open_place(name, flags);
    if (!store)
        return FALSE;
    store_release(store);
    return TRUE;
}

BOOL WINAPI CertUnregisterSystemStore(const void *name, DWORD flags)
{
    open_place(name, flags | CERT_STORE_DELETE_FLAG);
    return GetLastError() == 0;
}

/* The known ones and those in the registry, once each. */
BOOL WINAPI CertEnumSystemStore(DWORD flags, void *location, void *argument, PFN_CERT_ENUM_SYSTEM_STORE callback)
{
    CERT_SYSTEM_STORE_INFO info = {.cbSize = sizeof info};
    const WCHAR *base;
    HKEY root = place_of(flags, &base), key;
    WCHAR path[STORE_PATH], name[256];

    (void)location;
    if (!root)
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    for (size_t i = 0; i < sizeof known_stores / sizeof *known_stores; i++)
        if (!guest_call_n(callback, 5,
                          (const ULONG_PTR[]){GUEST(known_stores[i]), flags & CERT_SYSTEM_STORE_LOCATION_MASK,
                                              GUEST(&info), 0, GUEST(argument)}))
            return FALSE;
    memcpy(path, base, (wide_length(base)) * sizeof *path);
    path[wide_length(base) - 1] = 0;
    if (RegOpenKeyExW(root, path, 0, KEY_READ, &key))
        return TRUE;
    for (DWORD i = 0, length = 256; !RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL); i++, length = 256)
        if (!is_known(name) && !guest_call_n(callback, 5,
                                             (const ULONG_PTR[]){GUEST(name), flags & CERT_SYSTEM_STORE_LOCATION_MASK,
                                                                 GUEST(&info), 0, GUEST(argument)})) {
            RegCloseKey(key);
            return FALSE;
        }
    RegCloseKey(key);
    return TRUE;
}

BOOL WINAPI CertEnumSystemStoreLocation(DWORD flags, void *argument, PFN_CERT_ENUM_SYSTEM_STORE_LOCATION callback)
{
    static const struct {
        const WCHAR *name;
        DWORD flags;
    } locations[] = {
        {L"CurrentUser", CERT_SYSTEM_STORE_CURRENT_USER},
        {L"LocalMachine", CERT_SYSTEM_STORE_LOCAL_MACHINE},
        {L"CurrentService", CERT_SYSTEM_STORE_CURRENT_SERVICE},
        {L"Services", CERT_SYSTEM_STORE_SERVICES},
        {L"Users", CERT_SYSTEM_STORE_USERS},
        {L"CurrentUserGroupPolicy", CERT_SYSTEM_STORE_CURRENT_USER_GROUP_POLICY},
        {L"LocalMachineGroupPolicy", CERT_SYSTEM_STORE_LOCAL_MACHINE_GROUP_POLICY},
        {L"LocalMachineEnterprise", CERT_SYSTEM_STORE_LOCAL_MACHINE_ENTERPRISE},
    };

    if (flags)
        return crypt_fail((DWORD)E_INVALIDARG);
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        if (!guest_call(callback, GUEST(locations[i].name), locations[i].flags, 0, GUEST(argument)))
            return FALSE;
    return TRUE;
}
