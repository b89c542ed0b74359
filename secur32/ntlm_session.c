/*
 * ntlm_session.c: what an NTLM session is good for: signed and sealed messages, and what it tells of itself.
 */
#include "secur32/ntlm_context.h"

#define MOST_PARTS 32

struct parts {
    struct bytes part[MOST_PARTS];
    bool sealed[MOST_PARTS];
    size_t count;
    BYTE *signature;
};

/* A message's buffers, with the room for the signature; what is read-only is not sealed. */
static SECURITY_STATUS parts_read(const struct ntlm_context *context, const SecBufferDesc *message, bool seal,
                                  struct parts *parts)
{
    SecBuffer *token = buffer_find(message, SECBUFFER_TOKEN);

    parts->count = 0;
    if (context->state != NTLM_READY)
        return SEC_E_INVALID_HANDLE;
    if (!token || !token->pvBuffer)
        return SEC_E_INVALID_TOKEN;
    if (token->cbBuffer < NTLM_SIGNATURE_SIZE)
        return SEC_E_BUFFER_TOO_SMALL;
    parts->signature = token->pvBuffer;
    for (ULONG i = 0; i < message->cBuffers; i++) {
        const SecBuffer *buffer = &message->pBuffers[i];

        if ((buffer->BufferType & ~(ULONG)SECBUFFER_ATTRMASK) != SECBUFFER_DATA ||
            buffer->BufferType & SECBUFFER_READONLY)
            continue;
        if (parts->count == MOST_PARTS || (buffer->cbBuffer && !buffer->pvBuffer))
            return SEC_E_INVALID_TOKEN;
        parts->part[parts->count] = (struct bytes){buffer->pvBuffer, buffer->cbBuffer};
        parts->sealed[parts->count++] = seal && !(buffer->BufferType & SECBUFFER_READONLY_WITH_CHECKSUM);
    }
    return parts->count ? SEC_E_OK : SEC_E_INVALID_TOKEN;
}

static SECURITY_STATUS make(struct ntlm_context *context, SecBufferDesc *message, bool seal)
{
    SecBuffer *padding = buffer_find(message, SECBUFFER_PADDING);
    struct parts parts;
    SECURITY_STATUS status = parts_read(context, message, seal, &parts);

    if (status)
        return status;
    ntlm_seal(&context->session, &context->session.send, parts.part, parts.sealed, parts.count, parts.signature);
    buffer_find(message, SECBUFFER_TOKEN)->cbBuffer = NTLM_SIGNATURE_SIZE;
    if (padding)
        padding->cbBuffer = 0;
    return SEC_E_OK;
}

/* One buffer with signature and message: the caller's data buffer gets to point at the latter. */
static SECURITY_STATUS stream_split(SecBuffer *stream, const SecBufferDesc *message, SecBuffer *two)
{
    SecBuffer *data = buffer_find(message, SECBUFFER_DATA);

    if (!data || !stream->pvBuffer)
        return SEC_E_INVALID_TOKEN;
    if (stream->cbBuffer < NTLM_SIGNATURE_SIZE)
        return SEC_E_INCOMPLETE_MESSAGE;
    data->pvBuffer = (BYTE *)stream->pvBuffer + NTLM_SIGNATURE_SIZE;
    data->cbBuffer = stream->cbBuffer - NTLM_SIGNATURE_SIZE;
    two[0] = (SecBuffer){NTLM_SIGNATURE_SIZE, SECBUFFER_TOKEN, stream->pvBuffer};
    two[1] = *data;
    return SEC_E_OK;
}

static SECURITY_STATUS check(struct ntlm_context *context, SecBufferDesc *message, bool seal)
{
    SecBuffer *stream = buffer_find(message, SECBUFFER_STREAM), two[2];
    SecBufferDesc split = {SECBUFFER_VERSION, 2, two};
    struct parts parts;
    SECURITY_STATUS status = stream ? stream_split(stream, message, two) : SEC_E_OK;
    ULONG sequence;

    if (!status)
        status = parts_read(context, stream ? &split : message, seal, &parts);
    if (status == SEC_E_BUFFER_TOO_SMALL)
        status = SEC_E_MESSAGE_ALTERED;
    if (status)
        return status;
    memcpy(&sequence, parts.signature + 12, sizeof sequence);
    if (sequence != context->session.receive.sequence)
        return SEC_E_OUT_OF_SEQUENCE;
    return ntlm_open(&context->session, &context->session.receive, parts.part, parts.sealed, parts.count,
                     parts.signature)
               ? SEC_E_OK
               : SEC_E_MESSAGE_ALTERED;
}

SECURITY_STATUS ntlm_sign(struct context_head *head, ULONG quality, SecBufferDesc *message)
{
    (void)quality;
    return make((struct ntlm_context *)head, message, false);
}

SECURITY_STATUS ntlm_verify(struct context_head *head, SecBufferDesc *message, ULONG *quality)
{
    if (quality)
        *quality = 0;
    return check((struct ntlm_context *)head, message, false);
}

SECURITY_STATUS ntlm_encrypt(struct context_head *head, ULONG quality, SecBufferDesc *message)
{
    struct ntlm_context *context = (struct ntlm_context *)head;

    if (context->state == NTLM_READY && !context->sealable && quality != SECQOP_WRAP_NO_ENCRYPT)
        return SEC_E_UNSUPPORTED_FUNCTION;
    return make(context, message, quality != SECQOP_WRAP_NO_ENCRYPT);
}

SECURITY_STATUS ntlm_decrypt(struct context_head *head, SecBufferDesc *message, ULONG *quality)
{
    struct ntlm_context *context = (struct ntlm_context *)head;

    if (quality)
        *quality = context->sealable ? 0 : SECQOP_WRAP_NO_ENCRYPT;
    return check(context, message, context->sealable);
}

/* ---- attributes ---- */

static SECURITY_STATUS names(const struct ntlm_context *context, SecPkgContext_NamesW *out)
{
    WCHAR *name = identity_name(context->domain, context->user ? context->user : L"");

    out->sUserName = name ? context_text(name) : NULL;
    crypt_free(name);
    return out->sUserName ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS session_key(const struct ntlm_context *context, SecPkgContext_SessionKey *out)
{
    out->SessionKeyLength = NTLM_KEY_SIZE;
    out->SessionKey = context_buffer(NTLM_KEY_SIZE);
    if (!out->SessionKey)
        return SEC_E_INSUFFICIENT_MEMORY;
    memcpy(out->SessionKey, context->key, NTLM_KEY_SIZE);
    return SEC_E_OK;
}

/* What the client called this server; a server may insist on its own name. */
static SECURITY_STATUS target_name(const struct ntlm_context *context, SecPkgContext_ClientSpecifiedTarget *out)
{
    if (!context->target || !*context->target)
        return SEC_E_TARGET_UNKNOWN;
    out->sTargetName = context_text(context->target);
    return out->sTargetName ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS key_info(const struct ntlm_context *context, SecPkgContext_KeyInfoW *out)
{
    *out = (SecPkgContext_KeyInfoW){.sSignatureAlgorithmName = context_text(L"HMAC-MD5"),
                                    .sEncryptAlgorithmName = context_text(L"RC4"),
                                    .KeySize = context->flags & NTLM_128  ? 128
                                               : context->flags & NTLM_56 ? 56
                                                                          : 40,
                                    .SignatureAlgorithm = 0xffffff76, /* KERB_CHECKSUM_HMAC_MD5 */
                                    .EncryptAlgorithm = CALG_RC4};
    return out->sSignatureAlgorithmName && out->sEncryptAlgorithmName ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS ntlm_query(struct context_head *head, ULONG attribute, void *buffer)
{
    struct ntlm_context *context = (struct ntlm_context *)head;

    if (attribute == SECPKG_ATTR_SIZES) {
        *(SecPkgContext_Sizes *)buffer = (SecPkgContext_Sizes){.cbMaxToken = NTLM_MAX_TOKEN,
                                                               .cbMaxSignature = NTLM_SIGNATURE_SIZE,
                                                               .cbSecurityTrailer = NTLM_SIGNATURE_SIZE};
        return SEC_E_OK;
    }
    if (context->state != NTLM_READY)
        return attribute == SECPKG_ATTR_NEGOTIATION_INFO || attribute == SECPKG_ATTR_PACKAGE_INFO
                   ? SEC_E_UNSUPPORTED_FUNCTION
                   : SEC_E_INVALID_HANDLE;
    switch (attribute) {
    case SECPKG_ATTR_NAMES:
        return names(context, buffer);
    case SECPKG_ATTR_LIFESPAN:
        *(SecPkgContext_Lifespan *)buffer = (SecPkgContext_Lifespan){.tsExpiry.QuadPart = INT64_MAX};
        return SEC_E_OK;
    case SECPKG_ATTR_FLAGS:
        ((SecPkgContext_Flags *)buffer)->Flags = context->attributes;
        return SEC_E_OK;
    case SECPKG_ATTR_SESSION_KEY:
        return session_key(context, buffer);
    case SECPKG_ATTR_CLIENT_SPECIFIED_TARGET:
        return target_name(context, buffer);
    case SECPKG_ATTR_KEY_INFO:
        return key_info(context, buffer);
    case SECPKG_ATTR_PASSWORD_EXPIRY:
        ((SecPkgContext_PasswordExpiry *)buffer)->tsPasswordExpires.QuadPart = INT64_MAX;
        return SEC_E_OK;
    case SECPKG_ATTR_ACCESS_TOKEN:
        return head->server ? ntlm_token(head, buffer) : SEC_E_UNSUPPORTED_FUNCTION;
    default:
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
}

/* Only the own user's token exists. */
SECURITY_STATUS ntlm_token(struct context_head *head, HANDLE *token)
{
    struct ntlm_context *context = (struct ntlm_context *)head;
    SECURITY_IMPERSONATION_LEVEL level =
        context->flags & NTLM_IDENTIFY ? SecurityIdentification : SecurityImpersonation;
    HANDLE own;
    BOOL good;

    if (!head->server || context->state != NTLM_READY)
        return SEC_E_INVALID_HANDLE;
    if (!context->local)
        return SEC_E_NO_IMPERSONATION;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_DUPLICATE | TOKEN_QUERY, &own))
        return SEC_E_NO_IMPERSONATION;
    good = DuplicateTokenEx(own, TOKEN_QUERY | TOKEN_IMPERSONATE | TOKEN_DUPLICATE, NULL, level, TokenImpersonation,
                            token);
    CloseHandle(own);
    return good ? SEC_E_OK : SEC_E_NO_IMPERSONATION;
}
