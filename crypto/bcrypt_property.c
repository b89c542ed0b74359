/*
 * bcrypt_property.c: BCryptGetProperty and BCryptSetProperty.
 *
 * Layer: bcrypt.
 */
#include "bcrypt_private.h"

NTSTATUS crypto_answer(const void *value, ULONG size, UCHAR *out, ULONG room, ULONG *result)
{
    *result = size;
    if (!out)
        return STATUS_SUCCESS;
    if (room < size)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(out, value, size);
    return STATUS_SUCCESS;
}

static bool is(const WCHAR *name, const WCHAR *wanted)
{
    return !wide_compare_nocase(name, wanted);
}

static NTSTATUS answer_number(ULONG value, UCHAR *out, ULONG room, ULONG *result)
{
    return crypto_answer(&value, sizeof value, out, room, result);
}

static NTSTATUS answer_text(const WCHAR *text, UCHAR *out, ULONG room, ULONG *result)
{
    return crypto_answer(text, (ULONG)(wide_length(text) + 1) * sizeof(WCHAR), out, room, result);
}

static const WCHAR *const mode_names[] = {
    [MODE_ECB] = BCRYPT_CHAIN_MODE_ECB,     [MODE_CBC] = BCRYPT_CHAIN_MODE_CBC, [MODE_CFB] = BCRYPT_CHAIN_MODE_CFB,
    [MODE_STREAM] = BCRYPT_CHAIN_MODE_NA,   [MODE_GCM] = BCRYPT_CHAIN_MODE_GCM, [MODE_CCM] = BCRYPT_CHAIN_MODE_CCM,
    [MODE_POLY1305] = BCRYPT_CHAIN_MODE_NA,
};

/* The OIDs of a hash, as signatures name them. */
static NTSTATUS answer_oids(const struct algorithm_info *info, UCHAR *out, ULONG room, ULONG *result)
{
    static const struct {
        UCHAR id, size, oid[9];
    } oids[] = {
        {CRYPTO_MD2, 8, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 2}},
        {CRYPTO_MD4, 8, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 4}},
        {CRYPTO_MD5, 8, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5}},
        {CRYPTO_SHA1, 5, {0x2b, 0x0e, 3, 2, 0x1a}},
        {CRYPTO_SHA256, 9, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}},
        {CRYPTO_SHA384, 9, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2}},
        {CRYPTO_SHA512, 9, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3}},
    };
    struct {
        BCRYPT_OID_LIST list;
        BCRYPT_OID oid;
        UCHAR bytes[16];
    } answer = {};

    for (size_t i = 0; i < ARRAYSIZE(oids); i++) {
        if (oids[i].id != info->id)
            continue;
        if (out && room >= sizeof answer) { /* pointers into the caller's buffer */
            answer.list.dwOIDCount = 1;
            answer.list.pOIDs = (BCRYPT_OID *)(out + offsetof(typeof(answer), oid));
            answer.oid.cbOID = oids[i].size;
            answer.oid.pbOID = out + offsetof(typeof(answer), bytes);
            memcpy(answer.bytes, oids[i].oid, oids[i].size);
        }
        return crypto_answer(&answer, sizeof answer, out, room, result);
    }
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS hash_property(const struct algorithm *algorithm, const WCHAR *name, UCHAR *out, ULONG room,
                              ULONG *result)
{
    const struct crypto_hash *hash = algorithm_hash(algorithm->info);
    bool keyed = algorithm->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG;

    if (!hash)
        return STATUS_NOT_SUPPORTED;
    if (is(name, BCRYPT_HASH_LENGTH))
        return answer_number(hash->digest_size, out, room, result);
    if (is(name, BCRYPT_HASH_BLOCK_LENGTH))
        return answer_number(hash->block_size, out, room, result);
    if (is(name, BCRYPT_OBJECT_LENGTH))
        return answer_number(
            (ULONG)(sizeof(struct bcrypt_hash) + (keyed ? crypto_hmac_size(hash) : hash->context_size)), out, room,
            result);
    if (is(name, BCRYPT_HASH_OID_LIST))
        return answer_oids(algorithm->info, out, room, result);
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS mac_property(const WCHAR *name, UCHAR *out, ULONG room, ULONG *result)
{
    const BCRYPT_KEY_LENGTHS_STRUCT lengths = {128, 256, 64};

    if (is(name, BCRYPT_HASH_LENGTH) || is(name, BCRYPT_HASH_BLOCK_LENGTH))
        return answer_number(CMAC_SIZE, out, room, result);
    if (is(name, BCRYPT_OBJECT_LENGTH))
        return answer_number((ULONG)(sizeof(struct bcrypt_hash) + crypto_plugin()->cmac_size), out, room, result);
    if (is(name, BCRYPT_KEY_LENGTHS))
        return crypto_answer(&lengths, sizeof lengths, out, room, result);
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS cipher_property(const struct algorithm *algorithm, const WCHAR *name, UCHAR *out, ULONG room,
                                ULONG *result)
{
    const struct algorithm_info *info = algorithm->info;
    ULONG block = cipher_block(algorithm);

    if (is(name, BCRYPT_OBJECT_LENGTH))
        return answer_number((ULONG)(sizeof(struct bcrypt_key) + crypto_plugin()->key_size), out, room, result);
    if (is(name, BCRYPT_BLOCK_LENGTH))
        return answer_number(block, out, room, result);
    if (is(name, BCRYPT_BLOCK_SIZE_LIST))
        return answer_number(block, out, room, result);
    if (is(name, BCRYPT_CHAINING_MODE))
        return answer_text(mode_names[algorithm->mode], out, room, result);
    if (is(name, BCRYPT_KEY_LENGTHS) || is(name, BCRYPT_EFFECTIVE_KEY_LENGTH)) {
        BCRYPT_KEY_LENGTHS_STRUCT lengths = {info->min_bits, info->max_bits, info->step_bits};
        return crypto_answer(&lengths, sizeof lengths, out, room, result);
    }
    if (is(name, BCRYPT_AUTH_TAG_LENGTH) && algorithm->mode == MODE_POLY1305) {
        BCRYPT_AUTH_TAG_LENGTHS_STRUCT poly1305 = {16, 16, 1};
        return crypto_answer(&poly1305, sizeof poly1305, out, room, result);
    }
    if (is(name, BCRYPT_AUTH_TAG_LENGTH) && (algorithm->mode == MODE_GCM || algorithm->mode == MODE_CCM)) {
        BCRYPT_AUTH_TAG_LENGTHS_STRUCT gcm = {12, 16, 1}, ccm = {4, 16, 2};
        return crypto_answer(algorithm->mode == MODE_GCM ? &gcm : &ccm, sizeof gcm, out, room, result);
    }
    if (is(name, BCRYPT_MESSAGE_BLOCK_LENGTH))
        return answer_number(algorithm->mode == MODE_CFB ? algorithm->feedback : block, out, room, result);
    return STATUS_NOT_SUPPORTED;
}

/* The names of all curves: a count, pointers into the caller's buffer, the texts. */
static NTSTATUS answer_curves(UCHAR *out, ULONG room, ULONG *result)
{
    BCRYPT_ECC_CURVE_NAMES head = {CRYPTO_CURVES, NULL};
    ULONG size = (ULONG)(sizeof head + CRYPTO_CURVES * sizeof(WCHAR *)), texts = size;

    for (int curve = 0; curve < CRYPTO_CURVES; curve++)
        size += (ULONG)(wide_length(curve_name(curve)) + 1) * sizeof(WCHAR);
    *result = size;
    if (!out)
        return STATUS_SUCCESS;
    if (room < size)
        return STATUS_BUFFER_TOO_SMALL;
    head.pEccCurveNames = (LPWSTR *)(out + sizeof head);
    memcpy(out, &head, sizeof head);
    for (int curve = 0; curve < CRYPTO_CURVES; curve++) {
        ULONG length = (ULONG)(wide_length(curve_name(curve)) + 1) * sizeof(WCHAR);

        head.pEccCurveNames[curve] = (WCHAR *)(out + texts);
        memcpy(out + texts, curve_name(curve), length);
        texts += length;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS pair_algorithm_property(const struct algorithm *algorithm, const WCHAR *name, UCHAR *out, ULONG room,
                                        ULONG *result)
{
    const struct algorithm_info *info = algorithm->info;
    bool curve = info->kind == KIND_ECDSA || info->kind == KIND_ECDH;

    if (is(name, BCRYPT_KEY_LENGTHS) && info->min_bits) {
        BCRYPT_KEY_LENGTHS_STRUCT lengths = {info->min_bits, info->max_bits, info->step_bits};
        return crypto_answer(&lengths, sizeof lengths, out, room, result);
    }
    if (is(name, BCRYPT_PADDING_SCHEMES) && info->kind == KIND_RSA)
        return answer_number(BCRYPT_SUPPORTED_PAD_ROUTER | BCRYPT_SUPPORTED_PAD_PKCS1_SIG | BCRYPT_SUPPORTED_PAD_PSS |
                                 (info->id ? 0 : BCRYPT_SUPPORTED_PAD_PKCS1_ENC | BCRYPT_SUPPORTED_PAD_OAEP),
                             out, room, result);
    if (is(name, L"ECCCurveNameList") && curve)
        return answer_curves(out, room, result);
    if (is(name, L"ECCCurveName") && curve && algorithm->curve >= 0)
        return answer_text(curve_name(algorithm->curve), out, room, result);
    return STATUS_NOT_SUPPORTED;
}

static NTSTATUS algorithm_property(const struct algorithm *algorithm, BCRYPT_HANDLE handle, const WCHAR *name,
                                   UCHAR *out, ULONG room, ULONG *result)
{
    if (is(name, BCRYPT_ALGORITHM_NAME))
        return answer_text(algorithm->info->name, out, room, result);
    if (is(name, BCRYPT_PROVIDER_HANDLE))
        return crypto_answer(&handle, sizeof handle, out, room, result);
    switch (algorithm->info->kind) {
    case KIND_HASH:
        return hash_property(algorithm, name, out, room, result);
    case KIND_MAC:
        return mac_property(name, out, room, result);
    case KIND_CIPHER:
        return cipher_property(algorithm, name, out, room, result);
    case KIND_RNG:
        return STATUS_NOT_SUPPORTED;
    case KIND_KDF:
        if (is(name, BCRYPT_OBJECT_LENGTH))
            return answer_number(sizeof(struct bcrypt_key), out, room, result);
        return STATUS_NOT_SUPPORTED;
    default:
        return pair_algorithm_property(algorithm, name, out, room, result);
    }
}

static NTSTATUS key_property(struct bcrypt_key *key, const WCHAR *name, UCHAR *out, ULONG room, ULONG *result)
{
    BCRYPT_KEY_LENGTHS_STRUCT bits = {key->bits, key->bits, 0};
    NTSTATUS status;

    if (is(name, BCRYPT_KEY_LENGTH))
        return answer_number(key->bits, out, room, result);
    if (is(name, BCRYPT_KEY_LENGTHS))
        return crypto_answer(&bits, sizeof bits, out, room, result);
    if (is(name, BCRYPT_KEY_STRENGTH))
        return answer_number(key->bits, out, room, result);
    if (is(name, BCRYPT_EFFECTIVE_KEY_LENGTH) && key->algorithm.info->id == CRYPTO_RC2)
        return answer_number(key->effective_bits, out, room, result);
    if (is(name, BCRYPT_INITIALIZATION_VECTOR) && key->algorithm.info->kind == KIND_CIPHER)
        return crypto_answer(key->iv, cipher_block(&key->algorithm), out, room, result);
    if (key->algorithm.info->kind != KIND_CIPHER) {
        status = pair_get_property(key, name, out, room, result);
        if (status != STATUS_NOT_SUPPORTED)
            return status;
    }
    return algorithm_property(&key->algorithm, &key->algorithm, name, out, room, result);
}

NTSTATUS WINAPI BCryptGetProperty(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR out, ULONG room, ULONG *result,
                                  ULONG flags)
{
    struct algorithm *algorithm;
    struct bcrypt_hash *hash;
    struct bcrypt_key *key;

    if (!handle)
        return STATUS_INVALID_HANDLE;
    if (!name || !result || flags)
        return STATUS_INVALID_PARAMETER;
    *result = 0;
    if ((algorithm = algorithm_from_handle(handle)))
        return algorithm_property(algorithm, handle, name, out, room, result);
    if ((key = key_from_handle(handle)))
        return key_property(key, name, out, room, result);
    if ((hash = hash_from_handle(handle))) {
        struct algorithm as = {ALGORITHM_MARK, hash->keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0, hash->info};
        return algorithm_property(&as, handle, name, out, room, result);
    }
    return STATUS_INVALID_HANDLE;
}

/* ---- setting ---- */

static NTSTATUS text_value(const UCHAR *value, ULONG size, WCHAR text[64])
{
    ULONG units = size / sizeof(WCHAR);

    if (!value || size < sizeof(WCHAR) || units > 63)
        return STATUS_INVALID_PARAMETER;
    memcpy(text, value, units * sizeof(WCHAR));
    text[units] = 0;
    return STATUS_SUCCESS;
}

/* A mode's name; programs give sizes with and without the zero, and some their count of characters. */
static int mode_from_value(const UCHAR *value, ULONG size, const struct algorithm_info *info)
{
    WCHAR text[64];
    int mode;

    if (text_value(value, size, text))
        return -1;
    for (mode = 0; mode < (int)ARRAYSIZE(mode_names); mode++)
        if (is(text, mode_names[mode]) ||
            (size < wide_length(mode_names[mode]) * sizeof(WCHAR) && size >= wide_length(mode_names[mode]) &&
             !wide_compare((const WCHAR *)value, mode_names[mode])))
            break;
    if (mode == MODE_STREAM && info->id == CRYPTO_CHACHA)
        return MODE_POLY1305; /* of the same name */
    if (mode == (int)ARRAYSIZE(mode_names) || (mode >= MODE_GCM && info->id != CRYPTO_AES) ||
        (mode == MODE_STREAM) != (info->id == CRYPTO_RC4))
        return -1;
    return mode;
}

static NTSTATUS set_feedback(struct algorithm *algorithm, const UCHAR *value, ULONG size)
{
    ULONG feedback;

    if (size != sizeof feedback)
        return STATUS_INVALID_PARAMETER;
    memcpy(&feedback, value, sizeof feedback);
    if (feedback != 1 && feedback != cipher_block(algorithm))
        return STATUS_INVALID_PARAMETER;
    algorithm->feedback = feedback;
    return STATUS_SUCCESS;
}

static NTSTATUS set_cipher_property(struct algorithm *algorithm, struct bcrypt_key *key, const WCHAR *name,
                                    const UCHAR *value, ULONG size)
{
    ULONG bits;

    if (is(name, BCRYPT_CHAINING_MODE)) {
        int mode = mode_from_value(value, size, algorithm->info);

        if (mode < 0)
            return STATUS_NOT_SUPPORTED;
        if (key)
            return cipher_set_mode(key, mode);
        algorithm->mode = mode;
        return STATUS_SUCCESS;
    }
    if (is(name, BCRYPT_MESSAGE_BLOCK_LENGTH))
        return set_feedback(algorithm, value, size);
    if (is(name, BCRYPT_INITIALIZATION_VECTOR) && key) {
        if (size < cipher_block(algorithm))
            return STATUS_INVALID_PARAMETER;
        memcpy(key->iv, value, cipher_block(algorithm));
        return STATUS_SUCCESS;
    }
    if (is(name, BCRYPT_EFFECTIVE_KEY_LENGTH) && key && algorithm->info->id == CRYPTO_RC2) {
        if (size != sizeof bits)
            return STATUS_INVALID_PARAMETER;
        memcpy(&bits, value, sizeof bits);
        if (bits < 16 || bits > 1024 ||
            !crypto_plugin()->set_key(key->schedule, CRYPTO_RC2, key->secret, key->secret_size, bits))
            return STATUS_INVALID_PARAMETER;
        key->effective_bits = bits;
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS WINAPI BCryptSetProperty(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR value, ULONG size, ULONG flags)
{
    struct algorithm *algorithm;
    struct bcrypt_key *key;
    WCHAR text[64];

    if (!handle)
        return STATUS_INVALID_HANDLE;
    if (!name || flags)
        return STATUS_INVALID_PARAMETER;
    key = key_from_handle(handle);
    algorithm = key ? &key->algorithm : algorithm_from_handle(handle);
    if (!algorithm)
        return hash_from_handle(handle) ? STATUS_NOT_SUPPORTED : STATUS_INVALID_HANDLE;
    if (key && algorithm->info->kind == KIND_KDF)
        return derive_set_property(key, name, value, size);
    if (!value)
        return STATUS_INVALID_PARAMETER;
    if (algorithm->info->kind == KIND_CIPHER)
        return (ULONG_PTR)handle < 0x10000 ? STATUS_ACCESS_DENIED
                                           : set_cipher_property(algorithm, key, name, value, size);
    if (key)
        return pair_set_property(key, name, value, size);
    if (is(name, L"ECCCurveName") && algorithm->info->id == CURVE_ANY && (ULONG_PTR)handle >= 0x10000) {
        if (text_value(value, size, text) || curve_from_name(text) < 0)
            return STATUS_INVALID_PARAMETER;
        algorithm->curve = curve_from_name(text);
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_SUPPORTED;
}
