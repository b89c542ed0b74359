/*
 * wincred.c: the user's stored credentials.  They lie in the prefix's registry, one key each, as they are: whoever may
 * read the prefix can read them.
 *
 * Layer: advapi32, over its own registry functions.
 */
#include <string.h>
#include "win.h"
#include "registry.h"
#include "ntdll/nls.h"
#include <wincred.h>

#ifndef CRED_ENUMERATE_ALL_CREDENTIALS
#define CRED_ENUMERATE_ALL_CREDENTIALS 1
#endif
#define ROOT L"Software\\Microsoft\\Credentials"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* A key's name: the type, then the target with what a name can not have replaced. */
static WCHAR *key_name(LPCWSTR target, DWORD type)
{
    size_t length = wide_length(target);
    WCHAR *name = reg_alloc((length + 3) * sizeof *name);

    if (!name)
        return NULL;
    name[0] = (WCHAR)('0' + type);
    name[1] = ':';
    for (size_t i = 0; i <= length; i++)
        name[i + 2] = target[i] == '\\' ? L'\xF05C' : target[i];
    return name;
}

static LSTATUS root_open(bool create, HKEY *root)
{
    if (create)
        return RegCreateKeyExW(HKEY_CURRENT_USER, ROOT, 0, NULL, 0, KEY_ALL_ACCESS, NULL, root, NULL);
    return RegOpenKeyExW(HKEY_CURRENT_USER, ROOT, 0, KEY_ALL_ACCESS, root);
}

static bool type_good(DWORD type)
{
    return type >= CRED_TYPE_GENERIC && type < CRED_TYPE_MAXIMUM;
}

static LSTATUS put_text(HKEY key, LPCWSTR name, LPCWSTR text)
{
    if (!text)
        return ERROR_SUCCESS;
    return RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, (DWORD)((wide_length(text) + 1) * sizeof *text));
}

static LSTATUS put(HKEY key, const CREDENTIALW *credential)
{
    DWORD head[] = {credential->Flags, credential->Type, credential->Persist};
    FILETIME now;
    LSTATUS error = RegSetValueExW(key, L"Head", 0, REG_BINARY, (const BYTE *)head, sizeof head);

    GetSystemTimeAsFileTime(&now);
    if (!error)
        error = RegSetValueExW(key, L"LastWritten", 0, REG_BINARY, (const BYTE *)&now, sizeof now);
    if (!error)
        error = put_text(key, L"TargetName", credential->TargetName);
    if (!error)
        error = put_text(key, L"Comment", credential->Comment);
    if (!error)
        error = put_text(key, L"TargetAlias", credential->TargetAlias);
    if (!error)
        error = put_text(key, L"UserName", credential->UserName);
    if (!error)
        error = RegSetValueExW(key, L"Blob", 0, REG_BINARY, credential->CredentialBlob, credential->CredentialBlobSize);
    return error;
}

BOOL WINAPI CredWriteW(PCREDENTIALW credential, DWORD flags)
{
    LSTATUS error;
    WCHAR *name;
    HKEY root, key;

    if (!credential || !credential->TargetName || !*credential->TargetName || !type_good(credential->Type) ||
        credential->Persist < CRED_PERSIST_SESSION || credential->Persist > CRED_PERSIST_ENTERPRISE)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)CRED_PRESERVE_CREDENTIAL_BLOB || credential->AttributeCount)
        return fail(ERROR_NOT_SUPPORTED);
    if (credential->CredentialBlobSize > CRED_MAX_CREDENTIAL_BLOB_SIZE ||
        wide_length(credential->TargetName) > CRED_MAX_GENERIC_TARGET_NAME_LENGTH)
        return fail(RPC_X_BAD_STUB_DATA);
    error = root_open(true, &root);
    if (error)
        return fail((DWORD)error);
    name = key_name(credential->TargetName, credential->Type);
    if (!(flags & CRED_PRESERVE_CREDENTIAL_BLOB))
        RegDeleteKeyW(root, name);
    error = RegCreateKeyExW(root, name, 0, NULL, credential->Persist == CRED_PERSIST_SESSION ? REG_OPTION_VOLATILE : 0,
                            KEY_ALL_ACCESS, NULL, &key, NULL);
    if (!error) {
        error = put(key, credential);
        RegCloseKey(key);
    }
    reg_free(name);
    RegCloseKey(root);
    return !error || fail((DWORD)error);
}

/* ---- reading: one block, the texts behind the structure ---- */

/* Counts the room for a value, and with `out` puts it there. */
static void *take(HKEY key, LPCWSTR name, BYTE **out, DWORD *size)
{
    struct reg_value value;
    void *place = NULL;

    if (reg_read(key, name, &value))
        return NULL;
    if (*out) {
        place = *out;
        memcpy(place, value.data, value.size);
        *out += (value.size + 7) & ~7u;
    }
    *size += (value.size + 7) & ~7u;
    reg_free(value.memory);
    return place;
}

/* With `block` NULL only counts. */
static DWORD get(HKEY key, BYTE *block)
{
    CREDENTIALW scratch = {0}, *credential = block ? (CREDENTIALW *)block : &scratch;
    BYTE *at = block ? block + sizeof *credential : NULL;
    DWORD size = sizeof *credential, before, *head;
    struct reg_value value;

    if (reg_read(key, L"Head", &value))
        return 0;
    head = value.data;
    *credential = (CREDENTIALW){.Flags = head[0], .Type = head[1], .Persist = head[2]};
    reg_free(value.memory);
    if (!reg_read(key, L"LastWritten", &value)) {
        memcpy(&credential->LastWritten, value.data, sizeof credential->LastWritten);
        reg_free(value.memory);
    }
    credential->TargetName = take(key, L"TargetName", &at, &size);
    credential->Comment = take(key, L"Comment", &at, &size);
    credential->TargetAlias = take(key, L"TargetAlias", &at, &size);
    credential->UserName = take(key, L"UserName", &at, &size);
    before = 0;
    if (!RegQueryValueExW(key, L"Blob", NULL, NULL, NULL, &before))
        credential->CredentialBlobSize = before;
    credential->CredentialBlob = take(key, L"Blob", &at, &size);
    return size;
}

BOOL WINAPI CredReadW(LPCWSTR target, DWORD type, DWORD flags, PCREDENTIALW *credential)
{
    WCHAR *name;
    HKEY root, key;
    LSTATUS error;
    DWORD size;

    if (!target || !*target || !type_good(type) || !credential)
        return fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return fail(ERROR_INVALID_FLAGS);
    if (root_open(false, &root))
        return fail(ERROR_NOT_FOUND);
    name = key_name(target, type);
    error = RegOpenKeyExW(root, name, 0, KEY_READ, &key);
    reg_free(name);
    RegCloseKey(root);
    if (error)
        return fail(ERROR_NOT_FOUND);
    size = get(key, NULL);
    *credential = size ? reg_alloc(size) : NULL;
    if (*credential)
        get(key, (BYTE *)*credential);
    RegCloseKey(key);
    return *credential || fail(size ? ERROR_NOT_ENOUGH_MEMORY : ERROR_NOT_FOUND);
}

BOOL WINAPI CredDeleteW(LPCWSTR target, DWORD type, DWORD flags)
{
    WCHAR *name;
    LSTATUS error;
    HKEY root;

    if (!target || !*target || !type_good(type))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags)
        return fail(ERROR_INVALID_FLAGS);
    if (root_open(false, &root))
        return fail(ERROR_NOT_FOUND);
    name = key_name(target, type);
    error = RegDeleteKeyW(root, name);
    reg_free(name);
    RegCloseKey(root);
    return !error || fail(ERROR_NOT_FOUND);
}

/* The filter is a target's beginning with a star behind it, or a whole target. */
static bool filter_passes(LPCWSTR filter, HKEY key)
{
    struct reg_value value;
    const WCHAR *target;

    if (!filter || reg_read(key, L"TargetName", &value))
        return !filter;
    target = value.data;
    while (*filter && *filter != '*' && wide_upper(*filter) == wide_upper(*target))
        filter++, target++;
    reg_free(value.memory);
    return *filter == '*' || (!*filter && !*target);
}

/* One pass over all: counts what passes, or fills the block. */
static DWORD collect(HKEY root, LPCWSTR filter, CREDENTIALW **vector, BYTE *at, DWORD *size)
{
    DWORD count = 0, length;
    WCHAR name[256];
    HKEY key;

    for (DWORD i = 0; length = 256, RegEnumKeyExW(root, i, name, &length, NULL, NULL, NULL, NULL) == ERROR_SUCCESS;
         i++) {
        if (RegOpenKeyExW(root, name, 0, KEY_READ, &key))
            continue;
        if (filter_passes(filter, key)) {
            DWORD one = get(key, at);

            if (vector) {
                vector[count] = (CREDENTIALW *)at;
                at += one;
            }
            *size += one;
            count += one != 0;
        }
        RegCloseKey(key);
    }
    return count;
}

BOOL WINAPI CredEnumerateW(LPCWSTR filter, DWORD flags, DWORD *count, PCREDENTIALW **credentials)
{
    DWORD size = 0, again = 0;
    BYTE *block;
    HKEY root;

    if (!count || !credentials || (flags & CRED_ENUMERATE_ALL_CREDENTIALS && filter))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)CRED_ENUMERATE_ALL_CREDENTIALS)
        return fail(ERROR_INVALID_FLAGS);
    *count = 0;
    if (root_open(false, &root))
        return fail(ERROR_NOT_FOUND);
    *count = collect(root, filter, NULL, NULL, &size);
    block = *count ? reg_alloc(*count * sizeof(void *) + size) : NULL;
    if (block) {
        *credentials = (PCREDENTIALW *)block;
        *count = collect(root, filter, *credentials, block + *count * sizeof(void *), &again);
    }
    RegCloseKey(root);
    return block || fail(*count ? ERROR_NOT_ENOUGH_MEMORY : ERROR_NOT_FOUND);
}

void WINAPI CredFree(PVOID block)
{
    reg_free(block);
}

/* ---- ANSI ---- */

BOOL WINAPI CredDeleteA(LPCSTR target, DWORD type, DWORD flags)
{
    WCHAR *wide = wide_from_ansi(target);
    BOOL good = CredDeleteW(wide, type, flags);

    reg_free(wide);
    return good;
}

BOOL WINAPI CredWriteA(PCREDENTIALA credential, DWORD flags)
{
    CREDENTIALW wide;
    BOOL good;

    if (!credential)
        return fail(ERROR_INVALID_PARAMETER);
    memcpy(&wide, credential, sizeof wide);
    wide.TargetName = wide_from_ansi(credential->TargetName);
    wide.Comment = wide_from_ansi(credential->Comment);
    wide.TargetAlias = wide_from_ansi(credential->TargetAlias);
    wide.UserName = wide_from_ansi(credential->UserName);
    good = CredWriteW(&wide, flags);
    reg_free(wide.TargetName);
    reg_free(wide.Comment);
    reg_free(wide.TargetAlias);
    reg_free(wide.UserName);
    return good;
}

static LPSTR narrow_into(LPCWSTR text, char **at)
{
    char *place = *at;
    int written;

    if (!text)
        return NULL;
    written = WideCharToMultiByte(CP_ACP, 0, text, -1, place, (int)(wide_length(text) * 3 + 1), NULL, NULL);
    *at += written;
    return place;
}

/* How many bytes the texts and the secret of one need behind its structure. */
static size_t narrow_size(const CREDENTIALW *from)
{
    const WCHAR *texts[] = {from->TargetName, from->Comment, from->TargetAlias, from->UserName};
    size_t size = from->CredentialBlobSize;

    for (int i = 0; i < 4; i++)
        size += texts[i] ? wide_length(texts[i]) * 3 + 1 : 0;
    return size;
}

static void narrow_credential(const CREDENTIALW *from, CREDENTIALA *to, char **at)
{
    memcpy(to, from, sizeof *to);
    to->TargetName = narrow_into(from->TargetName, at);
    to->Comment = narrow_into(from->Comment, at);
    to->TargetAlias = narrow_into(from->TargetAlias, at);
    to->UserName = narrow_into(from->UserName, at);
    to->CredentialBlob = memcpy(*at, from->CredentialBlob, from->CredentialBlobSize);
    *at += from->CredentialBlobSize;
}

BOOL WINAPI CredReadA(LPCSTR target, DWORD type, DWORD flags, PCREDENTIALA *credential)
{
    WCHAR *wide = wide_from_ansi(target);
    CREDENTIALW *found;
    BOOL good = CredReadW(wide, type, flags, &found);
    char *at;

    reg_free(wide);
    if (!good)
        return FALSE;
    *credential = reg_alloc(sizeof **credential + narrow_size(found));
    if (*credential) {
        at = (char *)(*credential + 1);
        narrow_credential(found, *credential, &at);
    }
    CredFree(found);
    return *credential || fail(ERROR_NOT_ENOUGH_MEMORY);
}

/* One block: pointers, structures, then what they point at. */
BOOL WINAPI CredEnumerateA(LPCSTR filter, DWORD flags, DWORD *count, PCREDENTIALA **credentials)
{
    WCHAR *wide = wide_from_ansi(filter);
    PCREDENTIALW *found = NULL;
    size_t size = 0;
    CREDENTIALA *place;
    char *at;
    BOOL good = CredEnumerateW(wide, flags, count, credentials ? &found : NULL);

    reg_free(wide);
    if (!good)
        return FALSE;
    for (DWORD i = 0; i < *count; i++)
        size += sizeof(void *) + sizeof *place + narrow_size(found[i]);
    *credentials = reg_alloc(size);
    if (*credentials) {
        place = (CREDENTIALA *)(*credentials + *count);
        at = (char *)(place + *count);
        for (DWORD i = 0; i < *count; i++) {
            (*credentials)[i] = place + i;
            narrow_credential(found[i], place + i, &at);
        }
    }
    CredFree(found);
    return *credentials || fail(ERROR_NOT_ENOUGH_MEMORY);
}
