/*
 * protect.c: CryptProtectData and CryptProtectMemory.
 *
 * A sealed blob is: a header, a salt, the description, the ciphertext, and a tag.  Its key is derived by HKDF from the
 * prefix's secret, the salt (new for each blob) and the entropy; AES-256-GCM authenticates all of it.  Windows binds
 * such data to a user's password; here it is bound to the prefix, whoever may read whose file "secret" may open it.
 *
 * Layer: crypt32, above the plug-in's table and ntdll's secret of the prefix.
 */
#include <string.h>
#include "win.h"
#include <dpapi.h>
#include <wincrypt.h>
#include "bcrypt_private.h"
#include "ntdll/prefixkey.h"
#include "protect.h"

struct sealed {
    UCHAR mark[16]; /* as Windows' blobs begin: version, provider's id */
    ULONG version;
    UCHAR salt[32];
    ULONG clear_size, size;
    /* clear data, ciphertext, tag */
};

#define TAG_SIZE 16
/* Not Windows' own id of its provider: these blobs are not its. */
static const UCHAR sealed_mark[16] = "winrun protected";

static NTSTATUS derive_key(const char *purpose, const UCHAR *salt, const UCHAR *entropy, ULONG entropy_size,
                           BCRYPT_KEY_HANDLE *key)
{
    const struct crypto_plugin *plugin = crypto_plugin();
    UCHAR secret[PREFIX_KEY_SIZE], bytes[32], *info;
    ULONG purpose_size = (ULONG)strlen(purpose) + 1;
    NTSTATUS status = plugin ? prefix_key(secret) : STATUS_NOT_SUPPORTED;

    if (status)
        return status;
    if (entropy_size > 0x10000000 || !(info = crypto_alloc(purpose_size + entropy_size)))
        return STATUS_NO_MEMORY;
    memcpy(info, purpose, purpose_size);
    if (entropy_size)
        memcpy(info + purpose_size, entropy, entropy_size);
    if (!plugin->hkdf(plugin->hash[CRYPTO_SHA256], secret, sizeof secret, salt, 32, info, purpose_size + entropy_size,
                      bytes, sizeof bytes))
        status = STATUS_NO_MEMORY;
    if (!status)
        status = BCryptGenerateSymmetricKey((HANDLE)0x1e1 /* AES-GCM */, key, NULL, 0, bytes, sizeof bytes, 0);
    crypto_free_secret(info, purpose_size + entropy_size);
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(bytes, sizeof bytes);
    return status;
}

/* The key serves one message: its nonce may be constant. */
static NTSTATUS seal_crypt(BCRYPT_KEY_HANDLE key, bool encrypt, const struct sealed *sealed, const UCHAR *in,
                           UCHAR *out, UCHAR *tag)
{
    UCHAR nonce[12] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    ULONG got;

    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce, info.cbNonce = sizeof nonce;
    info.pbAuthData = (UCHAR *)sealed, info.cbAuthData = (ULONG)sizeof *sealed + sealed->clear_size;
    info.pbTag = tag, info.cbTag = TAG_SIZE;
    return (encrypt ? BCryptEncrypt : BCryptDecrypt)(key, (UCHAR *)in, sealed->size, &info, NULL, 0, out, sealed->size,
                                                     &got, 0);
}

NTSTATUS protect_seal(const char *purpose, const UCHAR *entropy, ULONG entropy_size, const UCHAR *data, ULONG size,
                      const UCHAR *clear, ULONG clear_size, UCHAR **out, ULONG *out_size)
{
    ULONGLONG total = sizeof(struct sealed) + (ULONGLONG)clear_size + size + TAG_SIZE;
    struct sealed *sealed;
    BCRYPT_KEY_HANDLE key;
    NTSTATUS status;

    if (total > 0x7fffffff)
        return STATUS_INVALID_PARAMETER;
    sealed = crypto_alloc(total);
    if (!sealed)
        return STATUS_NO_MEMORY;
    memcpy(sealed->mark, sealed_mark, sizeof sealed->mark);
    sealed->version = 1;
    sealed->clear_size = clear_size, sealed->size = size;
    UCHAR *at = (UCHAR *)(sealed + 1);
    if (clear_size)
        memcpy(at, clear, clear_size);
    at += clear_size;
    status = random_bytes(sealed->salt, sizeof sealed->salt);
    if (!status && !(status = derive_key(purpose, sealed->salt, entropy, entropy_size, &key))) {
        status = seal_crypt(key, true, sealed, data, at, at + size);
        BCryptDestroyKey(key);
    }
    if (status) {
        crypto_free(sealed);
        return status;
    }
    *out = (UCHAR *)sealed;
    *out_size = (ULONG)total;
    return STATUS_SUCCESS;
}

NTSTATUS protect_open(const char *purpose, const UCHAR *entropy, ULONG entropy_size, const UCHAR *in, ULONG in_size,
                      UCHAR **data, ULONG *size, const UCHAR **clear, ULONG *clear_size)
{
    struct sealed *sealed;
    BCRYPT_KEY_HANDLE key;
    NTSTATUS status;

    if (in_size < sizeof *sealed + TAG_SIZE || memcmp(in, sealed_mark, sizeof sealed_mark))
        return STATUS_INVALID_PARAMETER;
    sealed = (struct sealed *)crypto_copy(in, in_size);
    if (!sealed)
        return STATUS_NO_MEMORY;
    if (sealed->version != 1 || sizeof *sealed + (ULONGLONG)sealed->clear_size + sealed->size + TAG_SIZE != in_size) {
        crypto_free(sealed);
        return STATUS_INVALID_PARAMETER;
    }
    UCHAR *at = (UCHAR *)(sealed + 1) + sealed->clear_size, *plain = crypto_alloc(sealed->size);
    status = plain ? derive_key(purpose, sealed->salt, entropy, entropy_size, &key) : STATUS_NO_MEMORY;
    if (!status) {
        status = seal_crypt(key, false, sealed, at, plain, at + sealed->size);
        if (status)
            status = STATUS_INVALID_SIGNATURE;
        BCryptDestroyKey(key);
    }
    if (status) {
        crypto_free(plain);
    } else {
        *data = plain, *size = sealed->size;
        if (clear)
            *clear = in + sizeof *sealed, *clear_size = sealed->clear_size;
    }
    crypto_free(sealed);
    return status;
}

/* ---- crypt32 ---- */

static const char data_purpose[] = "CryptProtectData";

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* The answer is the caller's, to be freed by LocalFree. */
static void *to_local(const void *data, SIZE_T size)
{
    void *memory = LocalAlloc(LMEM_FIXED, size ? size : 1);

    if (memory)
        memcpy(memory, data, size);
    return memory;
}

static DWORD protect_error(NTSTATUS status)
{
    if (status == STATUS_INVALID_PARAMETER || status == STATUS_INVALID_SIGNATURE)
        return ERROR_INVALID_DATA;
    return RtlNtStatusToDosError(status);
}

BOOL WINAPI CryptProtectData(DATA_BLOB *in, LPCWSTR description, DATA_BLOB *entropy, PVOID reserved,
                             CRYPTPROTECT_PROMPTSTRUCT *prompt, DWORD flags, DATA_BLOB *out)
{
    UCHAR *sealed;
    ULONG size;
    NTSTATUS status;

    (void)reserved, (void)prompt, (void)flags;
    if (!in || !out || (!in->pbData && in->cbData))
        return fail(ERROR_INVALID_PARAMETER);
    if (!description)
        description = L"";
    status =
        protect_seal(data_purpose, entropy ? entropy->pbData : NULL, entropy ? entropy->cbData : 0, in->pbData,
                     in->cbData, (const UCHAR *)description, (ULONG)(wide_length(description) + 1) * 2, &sealed, &size);
    if (status)
        return fail(protect_error(status));
    out->pbData = to_local(sealed, size);
    out->cbData = size;
    crypto_free(sealed);
    return out->pbData ? TRUE : fail(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI CryptUnprotectData(DATA_BLOB *in, LPWSTR *description, DATA_BLOB *entropy, PVOID reserved,
                               CRYPTPROTECT_PROMPTSTRUCT *prompt, DWORD flags, DATA_BLOB *out)
{
    const UCHAR *clear;
    UCHAR *data;
    ULONG size, clear_size;
    NTSTATUS status;

    (void)reserved, (void)prompt, (void)flags;
    if (!in || !out || !in->pbData)
        return fail(ERROR_INVALID_PARAMETER);
    status = protect_open(data_purpose, entropy ? entropy->pbData : NULL, entropy ? entropy->cbData : 0, in->pbData,
                          in->cbData, &data, &size, &clear, &clear_size);
    if (status)
        return fail(protect_error(status));
    out->pbData = to_local(data, size);
    out->cbData = size;
    crypto_free_secret(data, size);
    if (out->pbData && description && !(*description = to_local(clear, clear_size))) {
        LocalFree(out->pbData);
        out->pbData = NULL;
    }
    return out->pbData ? TRUE : fail(ERROR_NOT_ENOUGH_MEMORY);
}

/* ---- memory: whole blocks in place, so without a tag.  Within one process a key that it alone has; across
 * processes of the prefix one that is derived from its secret. ---- */

static NTSTATUS memory_key(DWORD flags, UCHAR key[32])
{
    static UCHAR process_key[32];
    static RTL_SRWLOCK lock;
    static bool made;
    UCHAR secret[PREFIX_KEY_SIZE];
    NTSTATUS status = STATUS_SUCCESS;
    const struct crypto_plugin *plugin = crypto_plugin();

    if (flags != CRYPTPROTECTMEMORY_SAME_PROCESS) {
        status = prefix_key(secret);
        if (!status && !plugin->hkdf(plugin->hash[CRYPTO_SHA256], secret, sizeof secret, (const UCHAR *)"", 0,
                                     (const UCHAR *)"CryptProtectMemory", 18, key, 32))
            status = STATUS_NO_MEMORY;
        explicit_bzero(secret, sizeof secret);
        return status;
    }
    RtlAcquireSRWLockExclusive(&lock);
    if (!made)
        status = random_bytes(process_key, sizeof process_key);
    made = !status;
    memcpy(key, process_key, sizeof process_key);
    RtlReleaseSRWLockExclusive(&lock);
    return status;
}

static NTSTATUS memory_crypt(void *data, DWORD size, DWORD flags, bool encrypt)
{
    UCHAR bytes[32], iv[16] = {0};
    BCRYPT_KEY_HANDLE key;
    NTSTATUS status;
    ULONG got;

    if (!data || size % CRYPTPROTECTMEMORY_BLOCK_SIZE || flags > CRYPTPROTECTMEMORY_SAME_LOGON)
        return STATUS_INVALID_PARAMETER;
    if (!crypto_plugin())
        return STATUS_NOT_SUPPORTED;
    status = memory_key(flags, bytes);
    if (status)
        return status;
    status = BCryptGenerateSymmetricKey((HANDLE)0x1a1 /* AES-CBC */, &key, NULL, 0, bytes, sizeof bytes, 0);
    explicit_bzero(bytes, sizeof bytes);
    if (status)
        return status;
    status = (encrypt ? BCryptEncrypt : BCryptDecrypt)(key, data, size, NULL, iv, sizeof iv, data, size, &got, 0);
    BCryptDestroyKey(key);
    return status;
}

BOOL WINAPI CryptProtectMemory(LPVOID data, DWORD size, DWORD flags)
{
    NTSTATUS status = memory_crypt(data, size, flags, true);

    return status ? fail(RtlNtStatusToDosError(status)) : TRUE;
}

BOOL WINAPI CryptUnprotectMemory(LPVOID data, DWORD size, DWORD flags)
{
    NTSTATUS status = memory_crypt(data, size, flags, false);

    return status ? fail(RtlNtStatusToDosError(status)) : TRUE;
}

/* RtlEncryptMemory and RtlDecryptMemory by their exported names: the flags are one less. */
NTSTATUS WINAPI SystemFunction040(PVOID data, ULONG size, ULONG flags)
{
    return size % 8 ? STATUS_INVALID_PARAMETER : memory_crypt(data, size, flags, true);
}

NTSTATUS WINAPI SystemFunction041(PVOID data, ULONG size, ULONG flags)
{
    return size % 8 ? STATUS_INVALID_PARAMETER : memory_crypt(data, size, flags, false);
}
