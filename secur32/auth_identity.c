/*
 * auth_identity.c: sspi.h: identities that programs carry about without looking inside (SspiEncodeStringsAsAuthIdentity
 * and its family).
 *
 * One is a block in Windows' second form: offsets instead of pointers, so that it can be copied and written down as it
 * is.  The password lies in the packed credentials, whose size is a multiple of what CryptProtectMemory takes.
 */
#include "secur32/identity.h"
#include <dpapi.h>
#include <wincred.h>

#define ENCRYPTED                                                                                                      \
    (SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED | SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED |                \
     SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED)
#define MOST_BYTES 0xfff0

static const GUID password_type = {0x28bfc32f, 0x10f6, 0x4738, {0x98, 0xd1, 0x1a, 0xc0, 0x61, 0xdf, 0x71, 0x6a}};

/* sspi.h has these types only together with variables of which each file would have its own. */
struct byte_vector {
    ULONG ByteArrayOffset;
    USHORT ByteArrayLength;
};

/* What the packed credentials of a password are: SEC_WINNT_AUTH_PACKED_CREDENTIALS, SEC_WINNT_AUTH_DATA_PASSWORD. */
struct packed {
    struct {
        USHORT cbHeaderLength, cbStructureLength;
        struct {
            GUID CredType;
            struct byte_vector CredData;
        } AuthData;
    } head;
    struct {
        struct byte_vector UnicodePassword;
    } password;
    WCHAR text[];
};
_Static_assert(sizeof(struct packed) == 36, "as Windows has it");

static size_t block_round(size_t size)
{
    return (size + CRYPTPROTECTMEMORY_BLOCK_SIZE - 1) & ~(size_t)(CRYPTPROTECTMEMORY_BLOCK_SIZE - 1);
}

static SEC_WINNT_AUTH_IDENTITY_EX2 *identity_pack(const WCHAR *user, const WCHAR *domain, const WCHAR *password)
{
    struct bytes_of {
        const void *data;
        size_t size;
    } texts[] = {{user, user ? wide_length(user) * sizeof *user : 0},
                 {domain, domain ? wide_length(domain) * sizeof *domain : 0},
                 {password, password ? wide_length(password) * sizeof *password : 0}};
    size_t packed = password ? block_round(sizeof(struct packed) + texts[2].size) : 0, at;
    SEC_WINNT_AUTH_IDENTITY_EX2 *identity;
    struct packed *inner;

    at = (sizeof *identity + texts[0].size + texts[1].size + 7) & ~(size_t)7;
    if (texts[0].size > MOST_BYTES || texts[1].size > MOST_BYTES || packed > MOST_BYTES)
        return NULL;
    identity = context_buffer(at + packed);
    if (!identity)
        return NULL;
    *identity = (SEC_WINNT_AUTH_IDENTITY_EX2){.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2,
                                              .cbHeaderLength = sizeof *identity,
                                              .cbStructureLength = (ULONG)(at + packed),
                                              .UserOffset = user ? sizeof *identity : 0,
                                              .UserLength = (USHORT)texts[0].size,
                                              .DomainOffset = domain ? (ULONG)(sizeof *identity + texts[0].size) : 0,
                                              .DomainLength = (USHORT)texts[1].size,
                                              .PackedCredentialsOffset = password ? (ULONG)at : 0,
                                              .PackedCredentialsLength = (USHORT)packed,
                                              .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    if (user)
        memcpy(identity + 1, user, texts[0].size);
    if (domain)
        memcpy((BYTE *)(identity + 1) + texts[0].size, domain, texts[1].size);
    if (password) {
        inner = (struct packed *)((BYTE *)identity + at);
        inner->head.cbHeaderLength = sizeof inner->head;
        inner->head.cbStructureLength = (USHORT)(sizeof *inner + texts[2].size);
        inner->head.AuthData.CredType = password_type;
        inner->head.AuthData.CredData.ByteArrayOffset = offsetof(struct packed, password);
        inner->head.AuthData.CredData.ByteArrayLength = (USHORT)(sizeof inner->password + texts[2].size);
        inner->password.UnicodePassword.ByteArrayOffset = sizeof inner->password;
        inner->password.UnicodePassword.ByteArrayLength = (USHORT)texts[2].size;
        memcpy(inner->text, password, texts[2].size);
    }
    return identity;
}

/* NULL: not in the second form, or its parts lead out of it. */
static const SEC_WINNT_AUTH_IDENTITY_EX2 *identity_block(const void *data)
{
    const SEC_WINNT_AUTH_IDENTITY_EX2 *identity = data;
    ULONG size;

    if (!identity || identity->Version != SEC_WINNT_AUTH_IDENTITY_VERSION_2 ||
        identity->cbHeaderLength < sizeof *identity)
        return NULL;
    size = identity->cbStructureLength;
    if (size < sizeof *identity || identity->UserOffset > size || identity->UserLength > size - identity->UserOffset ||
        identity->DomainOffset > size || identity->DomainLength > size - identity->DomainOffset ||
        identity->PackedCredentialsOffset > size ||
        identity->PackedCredentialsLength > size - identity->PackedCredentialsOffset)
        return NULL;
    return identity;
}

static WCHAR *part_copy(const SEC_WINNT_AUTH_IDENTITY_EX2 *identity, ULONG offset, ULONG size)
{
    WCHAR *text = crypt_alloc(size + sizeof *text);

    return text && size ? memcpy(text, (const BYTE *)identity + offset, size & ~1u) : text;
}

/* The password inside; *text is NULL where there is none. */
static SECURITY_STATUS password_read(const SEC_WINNT_AUTH_IDENTITY_EX2 *identity, WCHAR **text)
{
    ULONG size = identity->PackedCredentialsLength, start, length;
    struct packed *packed;
    SECURITY_STATUS status = SEC_E_UNKNOWN_CREDENTIALS;

    *text = NULL;
    if (!size)
        return SEC_E_OK;
    packed = crypt_alloc(size);
    if (!packed)
        return SEC_E_INSUFFICIENT_MEMORY;
    memcpy(packed, (const BYTE *)identity + identity->PackedCredentialsOffset, size);
    if (identity->Flags & ENCRYPTED &&
        (size % CRYPTPROTECTMEMORY_BLOCK_SIZE ||
         !CryptUnprotectMemory(packed, size,
                               identity->Flags & SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED
                                   ? CRYPTPROTECTMEMORY_SAME_PROCESS
                                   : CRYPTPROTECTMEMORY_SAME_LOGON)))
        size = 0;
    if (size >= sizeof *packed && !memcmp(&packed->head.AuthData.CredType, &password_type, sizeof password_type) &&
        packed->head.AuthData.CredData.ByteArrayOffset <= size - sizeof packed->password) {
        const struct byte_vector *inner =
            (const void *)((BYTE *)packed + packed->head.AuthData.CredData.ByteArrayOffset);

        start = packed->head.AuthData.CredData.ByteArrayOffset + inner->ByteArrayOffset;
        length = inner->ByteArrayLength;
        if (inner->ByteArrayOffset <= size && start <= size && length <= size - start) {
            *text = crypt_alloc(length + sizeof **text);
            if (*text)
                memcpy(*text, (BYTE *)packed + start, length & ~1u);
            status = *text ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
        }
    }
    explicit_bzero(packed, identity->PackedCredentialsLength);
    crypt_free(packed);
    return status;
}

SECURITY_STATUS identity_read_block(const void *data, struct identity *identity)
{
    const SEC_WINNT_AUTH_IDENTITY_EX2 *block = identity_block(data);
    SECURITY_STATUS status;

    *identity = (struct identity){0};
    if (!block)
        return SEC_E_UNKNOWN_CREDENTIALS;
    if (!block->UserOffset && !block->DomainOffset && !block->PackedCredentialsLength)
        return SEC_E_OK;
    identity->given = true;
    status = password_read(block, &identity->password);
    if (!status) {
        identity->user = part_copy(block, block->UserOffset, block->UserLength);
        identity->domain = part_copy(block, block->DomainOffset, block->DomainLength);
        if (!identity->password)
            identity->password = crypt_alloc(sizeof(WCHAR));
        if (!identity->user || !identity->domain || !identity->password)
            status = SEC_E_INSUFFICIENT_MEMORY;
    }
    if (status)
        identity_release(identity);
    return status;
}

/* ---- the functions ---- */

SECURITY_STATUS WINAPI SspiEncodeStringsAsAuthIdentity(PCWSTR user, PCWSTR domain, PCWSTR password,
                                                       PSEC_WINNT_AUTH_IDENTITY_OPAQUE *result)
{
    if (!result)
        return SEC_E_INVALID_PARAMETER;
    if (!user && !domain && !password)
        return SEC_E_UNKNOWN_CREDENTIALS;
    *result = identity_pack(user, domain, password);
    return *result ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static WCHAR *local_text(const WCHAR *text)
{
    size_t size = (wide_length(text) + 1) * sizeof *text;
    WCHAR *copy = LocalAlloc(LMEM_FIXED, size);

    return copy ? memcpy(copy, text, size) : NULL;
}

SECURITY_STATUS WINAPI SspiEncodeAuthIdentityAsStrings(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data, PCWSTR *user,
                                                       PCWSTR *domain, PCWSTR *password)
{
    struct identity identity;
    SECURITY_STATUS status = data ? identity_read(data, &identity) : SEC_E_INVALID_PARAMETER;

    if (status)
        return status;
    *user = identity.given ? local_text(identity.user) : NULL;
    *domain = identity.given ? local_text(identity.domain) : NULL;
    if (password)
        *password = identity.given ? local_text(identity.password) : NULL;
    identity_release(&identity);
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI SspiValidateAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    struct identity identity;
    SECURITY_STATUS status = data ? identity_read(data, &identity) : SEC_E_INVALID_PARAMETER;

    if (!status)
        identity_release(&identity);
    return status;
}

SECURITY_STATUS WINAPI SspiCopyAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data, PSEC_WINNT_AUTH_IDENTITY_OPAQUE *copy)
{
    const SEC_WINNT_AUTH_IDENTITY_EX2 *block = identity_block(data);
    struct identity identity;
    SECURITY_STATUS status;

    if (!data || !copy)
        return SEC_E_INVALID_PARAMETER;
    if (block) {
        *copy = context_buffer(block->cbStructureLength);
        if (*copy)
            memcpy(*copy, block, block->cbStructureLength);
    } else {
        status = identity_read(data, &identity);
        if (status)
            return status;
        *copy = identity_pack(identity.user, identity.domain, identity.password);
        identity_release(&identity);
    }
    return *copy ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

VOID WINAPI SspiZeroAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 *block = (SEC_WINNT_AUTH_IDENTITY_EX2 *)identity_block(data);
    SEC_WINNT_AUTH_IDENTITY_W *plain = data;
    size_t unit;

    if (block) {
        explicit_bzero((BYTE *)block + block->PackedCredentialsOffset, block->PackedCredentialsLength);
    } else if (plain && plain->Password && *(const ULONG *)data != SEC_WINNT_AUTH_IDENTITY_VERSION) {
        unit = plain->Flags & SEC_WINNT_AUTH_IDENTITY_UNICODE ? sizeof(WCHAR) : 1;
        explicit_bzero(plain->Password, plain->PasswordLength * unit);
    }
}

VOID WINAPI SspiFreeAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    SspiZeroAuthIdentity(data);
    FreeContextBuffer(data);
}

VOID WINAPI SspiLocalFree(PVOID block)
{
    LocalFree(block);
}

static bool same_text(const WCHAR *a, const WCHAR *b)
{
    return (!a || !b) ? a == b : !wide_compare_nocase(a, b);
}

SECURITY_STATUS WINAPI SspiCompareAuthIdentities(PSEC_WINNT_AUTH_IDENTITY_OPAQUE first,
                                                 PSEC_WINNT_AUTH_IDENTITY_OPAQUE second, PBOOLEAN same_user,
                                                 PBOOLEAN same_identity)
{
    struct identity one, other;
    SECURITY_STATUS status = identity_read(first, &one);
    bool user, all;

    if (status)
        return status;
    status = identity_read(second, &other);
    if (!status) {
        user = same_text(one.user, other.user) && same_text(one.domain, other.domain);
        all = user && (!one.password || !other.password ? one.password == other.password
                                                        : !wide_compare(one.password, other.password));
        if (same_user)
            *same_user = user;
        if (same_identity)
            *same_identity = all;
        identity_release(&other);
    }
    identity_release(&one);
    return status;
}

SECURITY_STATUS WINAPI SspiMarshalAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data, ULONG *size, char **bytes)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE copy;
    SECURITY_STATUS status;

    if (!data || !size || !bytes)
        return SEC_E_INVALID_PARAMETER;
    status = SspiCopyAuthIdentity(data, &copy);
    if (status)
        return status;
    *size = ((SEC_WINNT_AUTH_IDENTITY_EX2 *)copy)->cbStructureLength;
    *bytes = LocalAlloc(LMEM_FIXED, *size);
    if (*bytes)
        memcpy(*bytes, copy, *size);
    SspiFreeAuthIdentity(copy);
    return *bytes ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI SspiUnmarshalAuthIdentity(ULONG size, char *bytes, PSEC_WINNT_AUTH_IDENTITY_OPAQUE *result)
{
    const SEC_WINNT_AUTH_IDENTITY_EX2 *block = (const SEC_WINNT_AUTH_IDENTITY_EX2 *)bytes;

    if (!bytes || !result || size < sizeof *block)
        return SEC_E_INVALID_PARAMETER;
    if (block->cbStructureLength > size || !identity_block(block))
        return SEC_E_UNKNOWN_CREDENTIALS;
    return SspiCopyAuthIdentity(bytes, result);
}

/* ---- encryption in memory ---- */

BOOLEAN WINAPI SspiIsAuthIdentityEncrypted(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    const SEC_WINNT_AUTH_IDENTITY_EX2 *block = identity_block(data);

    return block && block->Flags & ENCRYPTED;
}

static DWORD protection_of(ULONG flag)
{
    return flag == SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED ? CRYPTPROTECTMEMORY_SAME_PROCESS
                                                                   : CRYPTPROTECTMEMORY_SAME_LOGON;
}

static SECURITY_STATUS flag_of(ULONG options, ULONG *flag)
{
    *flag = options == SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_PROCESS ? SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED
                                                                    : SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED;
    return options == SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_PROCESS ||
                   options == SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_LOGON
               ? SEC_E_OK
               : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS WINAPI SspiEncryptAuthIdentityEx(ULONG options, PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 *block = (SEC_WINNT_AUTH_IDENTITY_EX2 *)identity_block(data);
    ULONG flag;
    SECURITY_STATUS status = flag_of(options, &flag);

    if (!block || block->Flags & ENCRYPTED || block->PackedCredentialsLength % CRYPTPROTECTMEMORY_BLOCK_SIZE)
        return block ? SEC_E_INVALID_PARAMETER : SEC_E_UNKNOWN_CREDENTIALS;
    if (status || !block->PackedCredentialsLength)
        return status;
    if (!CryptProtectMemory((BYTE *)block + block->PackedCredentialsOffset, block->PackedCredentialsLength,
                            protection_of(flag)))
        return SEC_E_ENCRYPT_FAILURE;
    block->Flags |= flag;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI SspiDecryptAuthIdentityEx(ULONG options, PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 *block = (SEC_WINNT_AUTH_IDENTITY_EX2 *)identity_block(data);
    ULONG flag;
    SECURITY_STATUS status = flag_of(options, &flag);

    if (status || !block)
        return status ? status : SEC_E_UNKNOWN_CREDENTIALS;
    if (!(block->Flags & flag))
        return block->Flags & ENCRYPTED ? SEC_E_DECRYPT_FAILURE : SEC_E_OK;
    if (!CryptUnprotectMemory((BYTE *)block + block->PackedCredentialsOffset, block->PackedCredentialsLength,
                              protection_of(flag)))
        return SEC_E_DECRYPT_FAILURE;
    block->Flags &= ~flag;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI SspiEncryptAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    return SspiEncryptAuthIdentityEx(SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_LOGON, data);
}

SECURITY_STATUS WINAPI SspiDecryptAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data)
{
    return SspiDecryptAuthIdentityEx(SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_LOGON, data);
}

/* ---- towards stored credentials ---- */

SECURITY_STATUS WINAPI SspiGetTargetHostName(PCWSTR target, PWSTR *host)
{
    WCHAR *found;

    if (!target || !host)
        return SEC_E_INVALID_PARAMETER;
    found = target_host(target);
    *host = found ? local_text(found) : NULL;
    crypt_free(found);
    return *host ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS WINAPI SspiPrepareForCredRead(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data, PCWSTR target, PULONG type,
                                              PCWSTR *name)
{
    SECURITY_STATUS status = SspiValidateAuthIdentity(data);

    if (status || !target || !type || !name)
        return status ? status : SEC_E_INVALID_PARAMETER;
    *type = CRED_TYPE_DOMAIN_PASSWORD;
    return SspiGetTargetHostName(target, (PWSTR *)name);
}

SECURITY_STATUS WINAPI SspiPrepareForCredWrite(PSEC_WINNT_AUTH_IDENTITY_OPAQUE data, PCWSTR target, PULONG type,
                                               PCWSTR *name, PCWSTR *user, PUCHAR *blob, PULONG size)
{
    struct identity identity;
    WCHAR *full;
    SECURITY_STATUS status;

    if (!data || !type || !name || !user || !blob || !size)
        return SEC_E_INVALID_PARAMETER;
    status = identity_read(data, &identity);
    if (!status && !identity.given)
        status = SEC_E_UNKNOWN_CREDENTIALS;
    if (status)
        return status;
    full = identity_name(identity.domain, identity.user);
    *type = CRED_TYPE_DOMAIN_PASSWORD;
    *user = full ? local_text(full) : NULL;
    *blob = (PUCHAR)local_text(identity.password);
    *size = (ULONG)(wide_length(identity.password) * sizeof(WCHAR));
    *name = NULL;
    if (target)
        status = SspiGetTargetHostName(target, (PWSTR *)name);
    crypt_free(full);
    identity_release(&identity);
    return *user && *blob ? status : SEC_E_INSUFFICIENT_MEMORY;
}
