/*
 * bcrypt_algorithm.c: which algorithms there are: opening, closing and listing them, and what a handle means.
 *
 * Layer: bcrypt, above the plug-in's table.
 */
#include "bcrypt_private.h"
#include "ntdll/large.h"

#define CIPHER(name, id, min, max, step)                                                                               \
    {                                                                                                                  \
        name, KIND_CIPHER, id, BCRYPT_CIPHER_INTERFACE, BCRYPT_CIPHER_OPERATION, min, max, step                        \
    }
#define HASH(name, id)                                                                                                 \
    {                                                                                                                  \
        name, KIND_HASH, id, BCRYPT_HASH_INTERFACE, BCRYPT_HASH_OPERATION                                              \
    }
#define ECDH(name, curve, bits)                                                                                        \
    {                                                                                                                  \
        name, KIND_ECDH, curve, BCRYPT_SECRET_AGREEMENT_INTERFACE, BCRYPT_SECRET_AGREEMENT_OPERATION, bits, bits, 0    \
    }
#define ECDSA(name, curve, bits)                                                                                       \
    {                                                                                                                  \
        name, KIND_ECDSA, curve, BCRYPT_SIGNATURE_INTERFACE, BCRYPT_SIGNATURE_OPERATION, bits, bits, 0                 \
    }
#define KDF(name, id)                                                                                                  \
    {                                                                                                                  \
        name, KIND_KDF, id, BCRYPT_KEY_DERIVATION_INTERFACE, BCRYPT_KEY_DERIVATION_OPERATION, 0, 0x3fff8, 8            \
    }

static const struct algorithm_info algorithms[] = {
    CIPHER(L"AES", CRYPTO_AES, 128, 256, 64),
    CIPHER(L"3DES", CRYPTO_3DES, 192, 192, 0),
    CIPHER(L"3DES_112", CRYPTO_3DES, 128, 128, 0),
    CIPHER(L"DES", CRYPTO_DES, 64, 64, 0),
    CIPHER(L"RC2", CRYPTO_RC2, 16, 128, 8),
    CIPHER(L"RC4", CRYPTO_RC4, 8, 512, 8),
    CIPHER(L"CHACHA20_POLY1305", CRYPTO_CHACHA, 256, 256, 0),
    {L"AES-CMAC", KIND_MAC, 0, BCRYPT_HASH_INTERFACE, BCRYPT_HASH_OPERATION},
    HASH(L"MD2", CRYPTO_MD2),
    HASH(L"MD4", CRYPTO_MD4),
    HASH(L"MD5", CRYPTO_MD5),
    HASH(L"SHA1", CRYPTO_SHA1),
    HASH(L"SHA256", CRYPTO_SHA256),
    HASH(L"SHA384", CRYPTO_SHA384),
    HASH(L"SHA512", CRYPTO_SHA512),
    HASH(L"SHA3-256", CRYPTO_SHA3_256),
    HASH(L"SHA3-384", CRYPTO_SHA3_384),
    HASH(L"SHA3-512", CRYPTO_SHA3_512),
    {L"RSA", KIND_RSA, 0, BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE,
     BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | BCRYPT_SIGNATURE_OPERATION, 512, 16384, 64},
    {L"RSA_SIGN", KIND_RSA, 1, BCRYPT_SIGNATURE_INTERFACE, BCRYPT_SIGNATURE_OPERATION, 512, 16384, 64},
    {L"DSA", KIND_DSA, 0, BCRYPT_SIGNATURE_INTERFACE, BCRYPT_SIGNATURE_OPERATION, 512, 3072, 64},
    {L"DH", KIND_DH, 0, BCRYPT_SECRET_AGREEMENT_INTERFACE, BCRYPT_SECRET_AGREEMENT_OPERATION, 512, 4096, 64},
    ECDSA(L"ECDSA", CURVE_ANY, 0),
    ECDSA(L"ECDSA_P256", CRYPTO_P256, 256),
    ECDSA(L"ECDSA_P384", CRYPTO_P384, 384),
    ECDSA(L"ECDSA_P521", CRYPTO_P521, 521),
    ECDH(L"ECDH", CURVE_ANY, 0),
    ECDH(L"ECDH_P256", CRYPTO_P256, 256),
    ECDH(L"ECDH_P384", CRYPTO_P384, 384),
    ECDH(L"ECDH_P521", CRYPTO_P521, 521),
    {L"RNG", KIND_RNG, 0, BCRYPT_RNG_INTERFACE, BCRYPT_RNG_OPERATION},
    {L"FIPS186DSARNG", KIND_RNG, 0, BCRYPT_RNG_INTERFACE, BCRYPT_RNG_OPERATION},
    KDF(L"PBKDF2", KDF_PBKDF2),
    KDF(L"HKDF", KDF_HKDF),
    KDF(L"SP800_108_CTR_HMAC", KDF_SP800_108),
    KDF(L"SP800_56A_CONCAT", KDF_SP800_56A),
    KDF(L"CAPI_KDF", KDF_CAPI),
    KDF(L"TLS1_1_KDF", KDF_TLS1_1),
    KDF(L"TLS1_2_KDF", KDF_TLS1_2),
};

/* BCRYPT_..._ALG_HANDLE: handles that need not be opened, 0x10 apart from 1 on. */
static const struct pseudo {
    const WCHAR *name;
    UCHAR mode;
    bool keyed;
} pseudo_names[] = {
    {L"MD2"},
    {L"MD4"},
    {L"MD5"},
    {L"SHA1"},
    {L"SHA256"},
    {L"SHA384"},
    {L"SHA512"},
    {L"RC4", MODE_STREAM},
    {L"RNG"},
    {L"MD5", 0, true},
    {L"SHA1", 0, true},
    {L"SHA256", 0, true},
    {L"SHA384", 0, true},
    {L"SHA512", 0, true},
    {L"RSA"},
    {L"ECDSA"},
    {L"AES-CMAC"},
    {NULL}, /* AES-GMAC */
    {L"MD2", 0, true},
    {L"MD4", 0, true},
    {L"3DES", MODE_CBC},
    {L"3DES", MODE_ECB},
    {L"3DES", MODE_CFB},
    {L"3DES_112", MODE_CBC},
    {L"3DES_112", MODE_ECB},
    {L"3DES_112", MODE_CFB},
    {L"AES", MODE_CBC},
    {L"AES", MODE_ECB},
    {L"AES", MODE_CFB},
    {L"AES", MODE_CCM},
    {L"AES", MODE_GCM},
    {L"DES", MODE_CBC},
    {L"DES", MODE_ECB},
    {L"DES", MODE_CFB},
    {NULL}, /* DESX */
    {NULL},
    {NULL},
    {L"RC2", MODE_CBC},
    {L"RC2", MODE_ECB},
    {L"RC2", MODE_CFB},
    {L"DH"},
    {L"ECDH"},
    {L"ECDH_P256"},
    {L"ECDH_P384"},
    {L"ECDH_P521"},
    {L"ECDSA_P256"},
    {L"ECDSA_P384"},
    {L"ECDSA_P521"},
    {L"DSA"},
    {L"RSA_SIGN"},
    {L"CAPI_KDF"},
    {L"PBKDF2"},
    {L"SP800_108_CTR_HMAC"},
    {L"SP800_56A_CONCAT"},
    {L"TLS1_1_KDF"},
    {L"TLS1_2_KDF"},
    {NULL}, /* XTS-AES */
    {L"HKDF"},
    {L"CHACHA20_POLY1305", MODE_POLY1305},
    {L"SHA3-256"},
    {L"SHA3-384"},
    {L"SHA3-512"},
    {L"SHA3-256", 0, true},
    {L"SHA3-384", 0, true},
    {L"SHA3-512", 0, true},
};

static struct algorithm pseudo_algorithms[ARRAYSIZE(pseudo_names)] LARGE;

static void algorithm_init(struct algorithm *algorithm, const struct algorithm_info *info, ULONG flags)
{
    algorithm->flags = flags;
    algorithm->info = info;
    algorithm->mode = info->kind != KIND_CIPHER   ? 0
                      : info->id == CRYPTO_RC4    ? MODE_STREAM
                      : info->id == CRYPTO_CHACHA ? MODE_POLY1305
                                                  : MODE_CBC;
    algorithm->curve = info->id == CURVE_ANY ? -1 : info->id;
    algorithm->feedback = 1;
    algorithm->mark = ALGORITHM_MARK;
}

/* Filled at the first use; two threads that do it at once write the same. */
static struct algorithm *pseudo_algorithm(ULONG_PTR handle)
{
    ULONG_PTR index = handle >> 4;
    struct algorithm made, *algorithm;

    if ((handle & 15) != 1 || index >= ARRAYSIZE(pseudo_names) || !pseudo_names[index].name)
        return NULL;
    algorithm = &pseudo_algorithms[index];
    if (__atomic_load_n(&algorithm->mark, __ATOMIC_ACQUIRE) == ALGORITHM_MARK)
        return algorithm;
    algorithm_init(&made, algorithm_find(pseudo_names[index].name),
                   pseudo_names[index].keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0);
    if (made.info->kind == KIND_CIPHER)
        made.mode = pseudo_names[index].mode;
    algorithm->flags = made.flags, algorithm->info = made.info, algorithm->mode = made.mode;
    algorithm->curve = made.curve, algorithm->feedback = made.feedback;
    __atomic_store_n(&algorithm->mark, ALGORITHM_MARK, __ATOMIC_RELEASE);
    return algorithm;
}

struct algorithm *algorithm_from_handle(BCRYPT_HANDLE handle)
{
    struct algorithm *algorithm = handle;

    if ((ULONG_PTR)handle < 0x10000)
        return pseudo_algorithm((ULONG_PTR)handle);
    return algorithm->mark == ALGORITHM_MARK ? algorithm : NULL;
}

struct bcrypt_hash *hash_from_handle(BCRYPT_HANDLE handle)
{
    struct bcrypt_hash *hash = handle;

    return (ULONG_PTR)handle >= 0x10000 && hash->mark == HASH_MARK ? hash : NULL;
}

struct bcrypt_key *key_from_handle(BCRYPT_HANDLE handle)
{
    struct bcrypt_key *key = handle;

    return (ULONG_PTR)handle >= 0x10000 && key->mark == KEY_MARK ? key : NULL;
}

const struct algorithm_info *algorithm_find(const WCHAR *name)
{
    for (size_t i = 0; i < ARRAYSIZE(algorithms); i++)
        if (!wide_compare_nocase(algorithms[i].name, name))
            return &algorithms[i];
    return NULL;
}

const struct algorithm_info *algorithm_of_hash(int id)
{
    for (size_t i = 0; i < ARRAYSIZE(algorithms); i++)
        if (algorithms[i].kind == KIND_HASH && algorithms[i].id == id)
            return &algorithms[i];
    return NULL;
}

const struct crypto_hash *algorithm_hash(const struct algorithm_info *info)
{
    const struct crypto_plugin *plugin = crypto_plugin();

    return plugin && info && info->kind == KIND_HASH ? plugin->hash[info->id] : NULL;
}

UCHAR *crypto_copy(const void *data, SIZE_T size)
{
    UCHAR *copy = crypto_alloc(size);

    if (copy && size)
        memcpy(copy, data, size);
    return copy;
}

#define BCRYPT_HASH_REUSABLE 0x20u
#define BCRYPT_CAPI_AES 0x10u
#define BCRYPT_MULTI 0x40u

NTSTATUS WINAPI BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE *handle, LPCWSTR name, LPCWSTR provider, ULONG flags)
{
    const struct algorithm_info *info;
    struct algorithm *algorithm;

    if (!handle || !name ||
        flags & ~(BCRYPT_ALG_HANDLE_HMAC_FLAG | BCRYPT_PROV_DISPATCH | BCRYPT_HASH_REUSABLE | BCRYPT_MULTI))
        return STATUS_INVALID_PARAMETER;
    *handle = NULL;
    info = algorithm_find(name);
    if (!info || (provider && wide_compare_nocase(provider, MS_PRIMITIVE_PROVIDER)))
        return STATUS_NOT_FOUND;
    if (flags & (BCRYPT_ALG_HANDLE_HMAC_FLAG | BCRYPT_HASH_REUSABLE) && info->kind != KIND_HASH &&
        info->kind != KIND_MAC)
        return STATUS_INVALID_PARAMETER;
    if (info->kind != KIND_RNG && !crypto_plugin())
        return STATUS_NOT_FOUND;
    algorithm = crypto_alloc(sizeof *algorithm);
    if (!algorithm)
        return STATUS_NO_MEMORY;
    algorithm_init(algorithm, info, flags);
    *handle = algorithm;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE handle, ULONG flags)
{
    struct algorithm *algorithm = algorithm_from_handle(handle);

    (void)flags;
    if (!algorithm || (ULONG_PTR)handle < 0x10000)
        return STATUS_INVALID_HANDLE;
    algorithm->mark = 0;
    crypto_free(algorithm);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptEnumAlgorithms(ULONG operations, ULONG *count, BCRYPT_ALGORITHM_IDENTIFIER **list, ULONG flags)
{
    BCRYPT_ALGORITHM_IDENTIFIER *found;

    if (!count || !list || flags || !operations || operations & ~0x7fu)
        return STATUS_INVALID_PARAMETER;
    found = crypto_alloc(ARRAYSIZE(algorithms) * sizeof *found);
    if (!found)
        return STATUS_NO_MEMORY;
    *count = 0;
    for (size_t i = 0; i < ARRAYSIZE(algorithms); i++)
        if (algorithms[i].operations & operations)
            found[(*count)++] = (BCRYPT_ALGORITHM_IDENTIFIER){.pszName = (WCHAR *)algorithms[i].name,
                                                              .dwClass = algorithms[i].interface_id};
    *list = found;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptEnumProviders(LPCWSTR name, ULONG *count, BCRYPT_PROVIDER_NAME **list, ULONG flags)
{
    BCRYPT_PROVIDER_NAME *found;

    if (!name || !count || !list || flags)
        return STATUS_INVALID_PARAMETER;
    if (!algorithm_find(name))
        return STATUS_NOT_FOUND;
    found = crypto_alloc(sizeof *found);
    if (!found)
        return STATUS_NO_MEMORY;
    found->pszProviderName = (WCHAR *)MS_PRIMITIVE_PROVIDER;
    *count = 1;
    *list = found;
    return STATUS_SUCCESS;
}

VOID WINAPI BCryptFreeBuffer(PVOID buffer)
{
    crypto_free(buffer);
}
