/*
 * negotiate_client.c: SPNEGO's client: what it can do, with the first token of what it likes best; then what the server
 * chooses.
 */
#include "secur32/negotiate.h"

static const struct bytes none;

static struct bytes written(const struct writer *writer)
{
    return (struct bytes){writer->data, writer->size};
}

/* The first that has something to say is tried; those before it are not offered. */
static SECURITY_STATUS offer(struct negotiate_credentials *credentials, struct negotiate_context *context,
                             struct step *step)
{
    struct bytes oids[MECHANISMS];
    struct writer token = {0}, message = {0};
    SECURITY_STATUS status = SEC_E_NO_CREDENTIALS;
    size_t count = 0;

    for (int i = 0; i < MECHANISMS; i++) {
        if (!credentials->inner[i])
            continue;
        if (!context->inner) {
            context->mechanism = &mechanisms[i];
            status = negotiate_inner(credentials, context, step, none, &token);
            if (status < 0) {
                writer_free(&token);
                continue;
            }
        }
        oids[count++] = mechanisms[i].oid;
    }
    if (!count)
        return status;
    spnego_list_write(&context->list, oids, count);
    spnego_init_write(&message, written(&context->list), written(&token));
    writer_free(&token);
    return negotiate_give(step, &message, SEC_I_CONTINUE_NEEDED);
}

/* The server wants another mechanism than the first. */
static SECURITY_STATUS change(struct negotiate_credentials *credentials, struct negotiate_context *context,
                              struct step *step, struct bytes oid, struct writer *out)
{
    const struct mechanism *other = mechanism_find(credentials, oid);

    if (!other || context->done)
        return SEC_E_INVALID_TOKEN;
    if (context->inner)
        ctxt_release(context->inner);
    context->inner = NULL;
    context->mechanism = other;
    context->mic_wanted = true;
    return negotiate_inner(credentials, context, step, none, out);
}

static bool is_chosen(const struct negotiate_context *context, struct bytes oid)
{
    return context->mechanism->oid.size == oid.size && !memcmp(context->mechanism->oid.data, oid.data, oid.size);
}

/* The signatures under the list, once the inner context has keys. */
static SECURITY_STATUS sign_list(struct negotiate_context *context, const struct spnego_token *token,
                                 struct writer *mic)
{
    SECURITY_STATUS status = SEC_E_OK;

    if (token->mic.data && !context->mic_verified)
        status = negotiate_mic_check(context, token->mic);
    if (!status && !context->mic_sent && (token->state != SPNEGO_COMPLETED || context->mic_wanted))
        status = negotiate_mic_make(context, mic);
    return status;
}

static SECURITY_STATUS answer(struct negotiate_credentials *credentials, struct negotiate_context *context,
                              struct step *step, const struct spnego_token *token)
{
    struct writer out = {0}, mic = {0}, message = {0};
    SECURITY_STATUS status = SEC_E_OK;
    bool complete;

    context->mic_wanted = context->mic_wanted || token->state == SPNEGO_REQUEST_MIC;
    if (token->count && !is_chosen(context, token->mechanisms[0]))
        status = change(credentials, context, step, token->mechanisms[0], &out);
    else if (token->token.data && !context->done)
        status = negotiate_inner(credentials, context, step, token->token, &out);
    if (status >= 0 && context->done)
        status = sign_list(context, token, &mic);
    complete = context->done && token->state == SPNEGO_COMPLETED;
    if (status >= 0 && complete && context->mic_wanted && !context->mic_verified)
        status = SEC_E_MESSAGE_ALTERED;
    if (status >= 0 && token->state == SPNEGO_COMPLETED && !context->done)
        status = SEC_E_INVALID_TOKEN;
    if (status >= 0) {
        if (out.size || mic.size)
            spnego_response_write(&message, SPNEGO_INCOMPLETE, none, written(&out), written(&mic));
        status = negotiate_give(step, &message, complete ? SEC_E_OK : SEC_I_CONTINUE_NEEDED);
    }
    writer_free(&out);
    writer_free(&mic);
    return status;
}

SECURITY_STATUS negotiate_client_step(struct negotiate_credentials *credentials, struct negotiate_context *context,
                                      bool first, struct step *step)
{
    SecBuffer *buffer = buffer_find(step->input, SECBUFFER_TOKEN);
    struct bytes message = {buffer ? buffer->pvBuffer : NULL, buffer ? buffer->cbBuffer : 0};
    struct spnego_token token;
    struct writer out = {0};
    SECURITY_STATUS status;

    if (first)
        return offer(credentials, context, step);
    if (!message.data)
        return SEC_E_INVALID_TOKEN;
    if (token_is_ntlm(message) && context->mechanism->package == &ntlm_package) {
        status = negotiate_inner(credentials, context, step, message, &out);
        return status < 0 ? (writer_free(&out), status) : negotiate_give(step, &out, status);
    }
    if (!spnego_read(message, &token) || token.init)
        return SEC_E_INVALID_TOKEN;
    if (token.state == SPNEGO_REJECT)
        return SEC_E_LOGON_DENIED;
    return answer(credentials, context, step, &token);
}
