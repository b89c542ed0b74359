/*
 * ntlm_package.c: the package NTLM: its credentials, and what both ends of a context need.
 */
#include "secur32/ntlm_context.h"
#include "ntdll/crypto_plugin.h"
#include "ntdll/prefixkey.h"

static void ntlm_release(struct credentials_head *head)
{
    struct ntlm_credentials *credentials = (struct ntlm_credentials *)head;

    crypt_free(credentials->user);
    crypt_free(credentials->domain);
    explicit_bzero(credentials, sizeof *credentials);
    crypt_free(credentials);
}

static SECURITY_STATUS ntlm_acquire(const struct acquire *acquire, struct credentials_head **result)
{
    struct ntlm_credentials *credentials;
    struct identity identity;
    SECURITY_STATUS status;

    if (!ntlm_ready())
        return SEC_E_INTERNAL_ERROR;
    status = identity_read(acquire->data, &identity);
    if (status)
        return status;
    credentials = crypt_alloc(sizeof *credentials);
    if (!credentials) {
        identity_release(&identity);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    credentials->given = identity.given;
    if (identity.given) {
        credentials->anonymous = !*identity.user && !*identity.domain && !*identity.password;
        ntlm_hash(bytes_of_text(identity.password), credentials->hash);
        credentials->user = identity.user;
        credentials->domain = identity.domain;
        identity.user = identity.domain = NULL;
    }
    identity_release(&identity);
    *result = &credentials->head;
    return SEC_E_OK;
}

static SECURITY_STATUS ntlm_credentials_query(struct credentials_head *head, ULONG attribute, void *buffer)
{
    struct ntlm_credentials *credentials = (struct ntlm_credentials *)head;
    WCHAR text[300], *name;
    ULONG size = sizeof text / sizeof *text;

    if (attribute != SECPKG_CRED_ATTR_NAMES)
        return SEC_E_UNSUPPORTED_FUNCTION;
    if (credentials->given)
        name = identity_name(credentials->domain, credentials->user);
    else
        name = GetUserNameExW(NameSamCompatible, text, &size) ? wide_copy(text) : NULL;
    ((SecPkgCredentials_NamesW *)buffer)->sUserName = name ? context_text(name) : NULL;
    crypt_free(name);
    return ((SecPkgCredentials_NamesW *)buffer)->sUserName ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

/* ---- contexts ---- */

struct ntlm_context *ntlm_context_make(struct step *step)
{
    struct ntlm_context *context = crypt_alloc(sizeof *context);

    if (context) {
        context->requested = step->requested;
        context->target = step->target && *step->target ? wide_copy(step->target) : NULL;
    }
    return context;
}

void ntlm_close(struct context_head *head)
{
    struct ntlm_context *context = (struct ntlm_context *)head;

    writer_free(&context->negotiate);
    writer_free(&context->challenge);
    ntlm_session_end(&context->session);
    crypt_free(context->target);
    crypt_free(context->user);
    crypt_free(context->domain);
    explicit_bzero(context, sizeof *context);
    crypt_free(context);
}

static SECURITY_STATUS ntlm_step(struct credentials_head *head, struct context_head **result, struct step *step)
{
    struct ntlm_credentials *credentials = (struct ntlm_credentials *)head;
    struct ntlm_context *context = (struct ntlm_context *)*result;
    SECURITY_STATUS status;
    bool first = !context;

    status =
        step->server ? ntlm_server_step(credentials, &context, step) : ntlm_client_step(credentials, &context, step);
    if (status < 0 && first && context) {
        ntlm_close(&context->head);
        return status;
    }
    if (status < 0 && context && status != SEC_E_BUFFER_TOO_SMALL)
        context->state = NTLM_FAILED;
    *result = context ? &context->head : NULL;
    return status;
}

SECURITY_STATUS ntlm_ready_for_messages(struct ntlm_context *context, bool server, struct step *step)
{
    ULONG both = ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT;

    context->sealable = context->flags & NTLM_SEAL;
    if (context->flags & NTLM_SIGN)
        step->attributes |= both | (server ? ASC_RET_INTEGRITY : ISC_RET_INTEGRITY);
    if (context->flags & NTLM_SEAL)
        step->attributes |= ISC_RET_CONFIDENTIALITY;
    if (context->anonymous)
        step->attributes |= server ? ASC_RET_NULL_SESSION : ISC_RET_NULL_SESSION;
    context->attributes = step->attributes;
    if (!ntlm_session_begin(&context->session, context->flags, context->key, server))
        return SEC_E_INSUFFICIENT_MEMORY;
    context->state = NTLM_READY;
    return SEC_E_OK;
}

bool ntlm_local_proof(int what, const BYTE challenge[8], void *out, size_t size)
{
    static const char *const purposes[] = {"ntlm local server", "ntlm local key"};
    const struct crypto_plugin *plugin = crypto_plugin();
    BYTE secret[PREFIX_KEY_SIZE];
    bool good = !prefix_key(secret) && plugin->hkdf(plugin->hash[CRYPTO_SHA256], secret, sizeof secret, challenge, 8,
                                                    (const BYTE *)purposes[what], strlen(purposes[what]), out, size);

    explicit_bzero(secret, sizeof secret);
    return good;
}

/* A part of the structure, as GSS-API's bindings have it: its length, then its bytes. */
static bool bindings_put(struct writer *writer, const SecBuffer *buffer, ULONG offset, ULONG size)
{
    if (offset > buffer->cbBuffer || size > buffer->cbBuffer - offset)
        return false;
    writer_put(writer, &size, sizeof size);
    writer_put(writer, (const BYTE *)buffer->pvBuffer + offset, size);
    return true;
}

bool ntlm_bindings(const SecBufferDesc *input, ntlm_key hash, bool *given)
{
    const SecBuffer *buffer = buffer_find(input, SECBUFFER_CHANNEL_BINDINGS);
    const SEC_CHANNEL_BINDINGS *bindings = buffer ? buffer->pvBuffer : NULL;
    struct writer writer = {0};
    bool good;

    memset(hash, 0, NTLM_KEY_SIZE);
    *given = bindings;
    if (!bindings)
        return true;
    if (buffer->cbBuffer < sizeof *bindings)
        return false;
    writer_put(&writer, &bindings->dwInitiatorAddrType, 4);
    good = bindings_put(&writer, buffer, bindings->dwInitiatorOffset, bindings->cbInitiatorLength);
    writer_put(&writer, &bindings->dwAcceptorAddrType, 4);
    good = good && bindings_put(&writer, buffer, bindings->dwAcceptorOffset, bindings->cbAcceptorLength) &&
           bindings_put(&writer, buffer, bindings->dwApplicationDataOffset, bindings->cbApplicationDataLength) &&
           !writer.failed;
    if (good)
        ntlm_md5((struct bytes){writer.data, writer.size}, (struct bytes){NULL, 0}, hash);
    writer_free(&writer);
    return good;
}

void ntlm_mic(const struct ntlm_context *context, struct bytes authenticate, ntlm_key mic)
{
    ntlm_hmac(context->key, NTLM_KEY_SIZE, (struct bytes){context->negotiate.data, context->negotiate.size},
              (struct bytes){context->challenge.data, context->challenge.size}, authenticate, mic);
}

static void ntlm_rewind(struct context_head *head, bool sent)
{
    struct ntlm_context *context = (struct ntlm_context *)head;

    ntlm_session_rewind(sent ? &context->session.send : &context->session.receive);
}

const struct package ntlm_package = {
    .name = L"NTLM",
    .comment = L"NTLM Security Package",
    .capabilities = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_TOKEN_ONLY | SECPKG_FLAG_CONNECTION |
                    SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME |
                    SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_LOGON | SECPKG_FLAG_RESTRICTED_TOKENS,
    .rpc_id = 10, /* RPC_C_AUTHN_WINNT */
    .max_token = NTLM_MAX_TOKEN,
    .acquire = ntlm_acquire,
    .release = ntlm_release,
    .credentials_query = ntlm_credentials_query,
    .step = ntlm_step,
    .close = ntlm_close,
    .query = ntlm_query,
    .sign = ntlm_sign,
    .verify = ntlm_verify,
    .encrypt = ntlm_encrypt,
    .decrypt = ntlm_decrypt,
    .token = ntlm_token,
    .rewind = ntlm_rewind,
};
