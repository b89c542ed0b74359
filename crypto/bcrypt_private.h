/*
 * bcrypt_private.h: what bcrypt's files share: algorithms, hashes and keys, and how their handles are found.
 *
 * A handle is the address of such a record; each begins with a mark that says which it is.  The caller's memory for an
 * object (pbHashObject, pbKeyObject) is not used.
 */
#ifndef CRYPTO_BCRYPT_PRIVATE_H
#define CRYPTO_BCRYPT_PRIVATE_H

#include <string.h>
#include "win.h"
#include <bcrypt.h>
#include "ntdll/crypto_plugin.h"
#include "ntdll/nls.h"
#include "ntdll/sysinfo.h"

enum algorithm_kind {
    KIND_HASH,
    KIND_CIPHER,
    KIND_RSA,
    KIND_ECDSA,
    KIND_ECDH,
    KIND_DH,
    KIND_DSA,
    KIND_RNG,
    KIND_KDF,
    KIND_MAC
};
enum kdf { KDF_PBKDF2, KDF_HKDF, KDF_SP800_108, KDF_SP800_56A, KDF_CAPI, KDF_TLS1_1, KDF_TLS1_2 };
/* Chaining modes beyond the plug-in's. */
enum chaining { MODE_ECB, MODE_CBC, MODE_CFB, MODE_STREAM, MODE_GCM, MODE_CCM, MODE_POLY1305 };

struct algorithm_info {
    const WCHAR *name;
    UCHAR kind, id; /* id: the plug-in's hash or cipher, a curve (CURVE_ANY), or enum kdf */
    USHORT interface_id;
    ULONG operations;
    ULONG min_bits, max_bits, step_bits;
};

#define CURVE_ANY 0xff

#define ALGORITHM_MARK 0x676c6162u
#define HASH_MARK 0x68736162u
#define KEY_MARK 0x79656b62u
#define SECRET_MARK 0x63657362u
#define MULTI_MARK 0x746c756du
#define CMAC_SIZE 16 /* of the tag and of a block */

struct algorithm {
    ULONG mark;
    ULONG flags; /* of BCryptOpenAlgorithmProvider */
    const struct algorithm_info *info;
    int mode;       /* of a cipher */
    int curve;      /* of ECDSA and ECDH; -1: none yet */
    ULONG feedback; /* of CFB: bytes */
};

struct bcrypt_hash {
    ULONG mark;
    const struct algorithm_info *info;
    const struct crypto_hash *hash; /* NULL: CMAC */
    bool keyed, reusable, finished;
    ULONG size;
    struct crypto_hmac *hmac; /* of a keyed one */
    uint64_t context[];       /* of the others */
};

struct bcrypt_key {
    ULONG mark;
    bool finished, has_private;
    struct algorithm algorithm; /* as it was when the key was made */
    ULONG bits;
    /* symmetric keys and those of derivations: the bytes given */
    UCHAR *secret;
    ULONG secret_size;
    void *schedule, *gcm_key;
    UCHAR iv[CRYPTO_MAX_BLOCK];
    ULONG effective_bits;
    /* HKDF */
    const struct algorithm_info *kdf_hash;
    UCHAR *salt;
    ULONG salt_size;
    bool extracted;
    /* pairs: the numbers as in Windows' blob with everything, without its header */
    UCHAR *numbers;
    ULONG numbers_size;
    ULONG e_size, q_size; /* RSA's e, DSA's q */
};

struct bcrypt_secret {
    ULONG mark;
    ULONG size;
    UCHAR value[]; /* big-endian */
};

/* ---- bcrypt_algorithm.c ---- */
struct algorithm *algorithm_from_handle(BCRYPT_HANDLE handle); /* NULL: it is none */
const struct algorithm_info *algorithm_find(const WCHAR *name);
const struct algorithm_info *algorithm_of_hash(int id);
const struct crypto_hash *algorithm_hash(const struct algorithm_info *info); /* NULL: no plug-in, or no hash */
struct bcrypt_hash *hash_from_handle(BCRYPT_HANDLE handle);
struct bcrypt_key *key_from_handle(BCRYPT_HANDLE handle);

static inline void *crypto_alloc(SIZE_T size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size ? size : 1);
}
static inline void crypto_free(void *memory)
{
    if (memory)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
}
/* Also wipes it. */
static inline void crypto_free_secret(void *memory, SIZE_T size)
{
    if (memory) {
        explicit_bzero(memory, size);
        crypto_free(memory);
    }
}
UCHAR *crypto_copy(const void *data, SIZE_T size); /* NULL: no memory */

/* ---- bcrypt_multihash.c ---- */
struct bcrypt_multi *multi_from_handle(BCRYPT_HANDLE handle);
void multi_free(struct bcrypt_multi *multi);
NTSTATUS multi_duplicate(const struct bcrypt_multi *multi, BCRYPT_HASH_HANDLE *out);

/* ---- bcrypt_property.c ---- */
/* The answer of a function that fills a buffer. */
NTSTATUS crypto_answer(const void *value, ULONG size, UCHAR *out, ULONG room, ULONG *result);

/* ---- bcrypt_cipher.c ---- */
struct bcrypt_key *key_new(const struct algorithm *algorithm);
void key_free(struct bcrypt_key *key);
NTSTATUS cipher_set_mode(struct bcrypt_key *key, int mode);
NTSTATUS cipher_export(const struct bcrypt_key *key, const WCHAR *type, UCHAR *out, ULONG room, ULONG *result);
NTSTATUS cipher_wrap(const struct bcrypt_key *key, const struct bcrypt_key *under, const WCHAR *type, UCHAR *out,
                     ULONG room, ULONG *result);
ULONG cipher_block(const struct algorithm *algorithm);

/* ---- bcrypt_aead.c ---- */
NTSTATUS aead_crypt(struct bcrypt_key *key, bool encrypt, UCHAR *in, ULONG size, void *info, UCHAR *iv, ULONG iv_size,
                    UCHAR *out, ULONG room, ULONG *result, ULONG flags);

/* ---- bcrypt_derive.c ---- */
NTSTATUS derive_set_property(struct bcrypt_key *key, const WCHAR *name, const UCHAR *value, ULONG size);

/* ---- public keys ---- */
NTSTATUS rsa_crypt(struct bcrypt_key *key, bool encrypt, UCHAR *in, ULONG size, void *padding, UCHAR *out, ULONG room,
                   ULONG *result, ULONG flags);
NTSTATUS pair_get_property(struct bcrypt_key *key, const WCHAR *name, UCHAR *out, ULONG room, ULONG *result);
NTSTATUS pair_set_property(struct bcrypt_key *key, const WCHAR *name, const UCHAR *value, ULONG size);
ULONG pair_signature_size(const struct bcrypt_key *key);
/* Where RSA's numbers are. */
struct crypto_rsa rsa_numbers(const struct bcrypt_key *key);
ULONG curve_bytes(int curve);
ULONG curve_bits(int curve);
int curve_from_name(const WCHAR *name); /* -1: not known */
const WCHAR *curve_name(int curve);

#endif
