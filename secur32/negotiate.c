/*
 * negotiate.c: the package Negotiate: credentials for all that it may choose, and what its context leaves to the
 * chosen.
 */
#include "secur32/negotiate.h"

#define MAX_TOKEN 48256
#define MAX_MIC 256

static const BYTE ntlm_oid[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a};

const struct mechanism mechanisms[MECHANISMS] = {
    {{ntlm_oid, sizeof ntlm_oid}, &ntlm_package},
};

const struct mechanism *mechanism_find(const struct negotiate_credentials *credentials, struct bytes oid)
{
    for (int i = 0; i < MECHANISMS; i++)
        if (credentials->inner[i] && mechanisms[i].oid.size == oid.size &&
            !memcmp(mechanisms[i].oid.data, oid.data, oid.size))
            return &mechanisms[i];
    return NULL;
}

/* ---- credentials ---- */

static void negotiate_release(struct credentials_head *head)
{
    struct negotiate_credentials *credentials = (struct negotiate_credentials *)head;

    for (int i = 0; i < MECHANISMS; i++)
        if (credentials->inner[i])
            cred_release(credentials->inner[i]);
    crypt_free(credentials);
}

static SECURITY_STATUS negotiate_acquire(const struct acquire *acquire, struct credentials_head **result)
{
    struct negotiate_credentials *credentials = crypt_alloc(sizeof *credentials);
    SECURITY_STATUS status = SEC_E_INSUFFICIENT_MEMORY;
    bool any = false;

    for (int i = 0; credentials && i < MECHANISMS; i++) {
        status = cred_make(mechanisms[i].package, acquire, &credentials->inner[i]);
        any = any || !status;
    }
    if (!any) {
        crypt_free(credentials);
        return status;
    }
    *result = &credentials->head;
    return SEC_E_OK;
}

static SECURITY_STATUS negotiate_credentials_query(struct credentials_head *head, ULONG attribute, void *buffer)
{
    struct negotiate_credentials *credentials = (struct negotiate_credentials *)head;
    SECURITY_STATUS status = SEC_E_UNSUPPORTED_FUNCTION;

    for (int i = 0; i < MECHANISMS && status; i++)
        if (credentials->inner[i])
            status = mechanisms[i].package->credentials_query(credentials->inner[i], attribute, buffer);
    return status;
}

/* ---- contexts ---- */

static void negotiate_close(struct context_head *head)
{
    struct negotiate_context *context = (struct negotiate_context *)head;

    if (context->inner)
        ctxt_release(context->inner);
    writer_free(&context->list);
    crypt_free(context);
}

SECURITY_STATUS negotiate_inner(struct negotiate_credentials *credentials, struct negotiate_context *context,
                                struct step *step, struct bytes token, struct writer *out)
{
    SecBuffer in[8] = {{(ULONG)token.size, SECBUFFER_TOKEN, (void *)token.data}}, said = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, in}, output = {SECBUFFER_VERSION, 1, &said};
    struct step inner = *step;
    SECURITY_STATUS status;

    for (ULONG i = 0; step->input && i < step->input->cBuffers && input.cBuffers < 8; i++)
        if ((step->input->pBuffers[i].BufferType & ~(ULONG)SECBUFFER_ATTRMASK) != SECBUFFER_TOKEN)
            in[input.cBuffers++] = step->input->pBuffers[i];
    inner.input = &input;
    inner.output = &output;
    /* The list of mechanisms will be signed. */
    inner.requested |= ISC_REQ_ALLOCATE_MEMORY | (step->server ? ASC_REQ_INTEGRITY : ISC_REQ_INTEGRITY);
    status = ctxt_step(credentials->inner[context->mechanism - mechanisms], &context->inner, &inner);
    if (said.pvBuffer) {
        writer_put(out, said.pvBuffer, said.cbBuffer);
        FreeContextBuffer(said.pvBuffer);
    }
    if (status >= 0) {
        context->done = status != SEC_I_CONTINUE_NEEDED;
        context->attributes =
            (inner.attributes & ~(ULONG)ISC_REQ_ALLOCATE_MEMORY) | (step->requested & ISC_REQ_ALLOCATE_MEMORY);
        step->expiry = inner.expiry;
    }
    return status;
}

SECURITY_STATUS negotiate_mic_make(struct negotiate_context *context, struct writer *mic)
{
    BYTE signature[MAX_MIC];
    SecBuffer parts[2] = {{(ULONG)context->list.size, SECBUFFER_DATA, context->list.data},
                          {sizeof signature, SECBUFFER_TOKEN, signature}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, parts};
    SECURITY_STATUS status = context->mechanism->package->sign(context->inner, 0, &message);

    if (status)
        return status;
    if (context->mechanism->package->rewind)
        context->mechanism->package->rewind(context->inner, true);
    writer_put(mic, signature, parts[1].cbBuffer);
    context->mic_sent = true;
    return SEC_E_OK;
}

SECURITY_STATUS negotiate_mic_check(struct negotiate_context *context, struct bytes mic)
{
    SecBuffer parts[2] = {{(ULONG)context->list.size, SECBUFFER_DATA, context->list.data},
                          {(ULONG)mic.size, SECBUFFER_TOKEN, (void *)mic.data}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, parts};
    SECURITY_STATUS status = context->mechanism->package->verify(context->inner, &message, NULL);

    if (status)
        return SEC_E_MESSAGE_ALTERED;
    if (context->mechanism->package->rewind)
        context->mechanism->package->rewind(context->inner, false);
    context->mic_verified = true;
    return SEC_E_OK;
}

SECURITY_STATUS negotiate_give(struct step *step, struct writer *writer, SECURITY_STATUS status)
{
    SECURITY_STATUS given;

    if (writer->failed)
        given = SEC_E_INSUFFICIENT_MEMORY;
    else
        given = token_give(step->output, writer->data, writer->size, step->requested & ISC_REQ_ALLOCATE_MEMORY);
    writer_free(writer);
    return given ? given : status;
}

static SECURITY_STATUS negotiate_step(struct credentials_head *head, struct context_head **result, struct step *step)
{
    struct negotiate_credentials *credentials = (struct negotiate_credentials *)head;
    struct negotiate_context *context = (struct negotiate_context *)*result;
    SECURITY_STATUS status;
    bool first = !context;

    if (first)
        context = crypt_alloc(sizeof *context);
    if (!context)
        return SEC_E_INSUFFICIENT_MEMORY;
    if (context->finished)
        return SEC_E_OUT_OF_SEQUENCE;
    status = (step->server ? negotiate_server_step : negotiate_client_step)(credentials, context, first, step);
    if (first && status < 0) {
        negotiate_close(&context->head);
        return status;
    }
    context->finished = status <= 0; /* done, or failed for ever */
    step->attributes = context->attributes;
    *result = &context->head;
    return status;
}

/* ---- what the chosen package does ---- */

static struct context_head *chosen(struct context_head *head)
{
    struct negotiate_context *context = (struct negotiate_context *)head;

    return context->done ? context->inner : NULL;
}

static SECURITY_STATUS negotiation_info(const struct negotiate_context *context, SecPkgContext_NegotiationInfoW *info)
{
    info->PackageInfo = package_info(context->mechanism ? context->mechanism->package : &negotiate_package);
    info->NegotiationState = context->finished && context->done ? SECPKG_NEGOTIATION_COMPLETE
                             : context->mechanism               ? SECPKG_NEGOTIATION_OPTIMISTIC
                                                                : SECPKG_NEGOTIATION_IN_PROGRESS;
    return info->PackageInfo ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS negotiate_query(struct context_head *head, ULONG attribute, void *buffer)
{
    struct negotiate_context *context = (struct negotiate_context *)head;

    if (attribute == SECPKG_ATTR_NEGOTIATION_INFO)
        return negotiation_info(context, buffer);
    if (attribute == SECPKG_ATTR_FLAGS && context->done) {
        ((SecPkgContext_Flags *)buffer)->Flags = context->attributes;
        return SEC_E_OK;
    }
    if (attribute == SECPKG_ATTR_PACKAGE_INFO && !context->inner)
        return SEC_E_UNSUPPORTED_FUNCTION;
    return context->inner ? context_query(context->inner, attribute, buffer) : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS negotiate_sign(struct context_head *head, ULONG quality, SecBufferDesc *message)
{
    struct context_head *inner = chosen(head);

    return inner ? inner->package->sign(inner, quality, message) : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS negotiate_verify(struct context_head *head, SecBufferDesc *message, ULONG *quality)
{
    struct context_head *inner = chosen(head);

    return inner ? inner->package->verify(inner, message, quality) : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS negotiate_encrypt(struct context_head *head, ULONG quality, SecBufferDesc *message)
{
    struct context_head *inner = chosen(head);

    return inner ? inner->package->encrypt(inner, quality, message) : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS negotiate_decrypt(struct context_head *head, SecBufferDesc *message, ULONG *quality)
{
    struct context_head *inner = chosen(head);

    return inner ? inner->package->decrypt(inner, message, quality) : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS negotiate_token(struct context_head *head, HANDLE *token)
{
    struct context_head *inner = chosen(head);

    return inner ? inner->package->token(inner, token) : SEC_E_INVALID_HANDLE;
}

const struct package negotiate_package = {
    .name = L"Negotiate",
    .comment = L"Microsoft Package Negotiator",
    .capabilities = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED |
                    SECPKG_FLAG_EXTENDED_ERROR | SECPKG_FLAG_IMPERSONATION | SECPKG_FLAG_ACCEPT_WIN32_NAME |
                    SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_GSS_COMPATIBLE | SECPKG_FLAG_LOGON |
                    SECPKG_FLAG_RESTRICTED_TOKENS,
    .rpc_id = 9, /* RPC_C_AUTHN_GSS_NEGOTIATE */
    .max_token = MAX_TOKEN,
    .acquire = negotiate_acquire,
    .release = negotiate_release,
    .credentials_query = negotiate_credentials_query,
    .step = negotiate_step,
    .close = negotiate_close,
    .query = negotiate_query,
    .sign = negotiate_sign,
    .verify = negotiate_verify,
    .encrypt = negotiate_encrypt,
    .decrypt = negotiate_decrypt,
    .token = negotiate_token,
};
