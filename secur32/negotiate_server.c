/*
 * negotiate_server.c: SPNEGO's server: the first of the client's mechanisms that there is here.
 *
 * Clients may also send NTLM's or Kerberos' tokens as they are; then the answers are such, too.
 */
#include "secur32/negotiate.h"

static const struct bytes none;

static struct bytes written(const struct writer *writer)
{
    return (struct bytes){writer->data, writer->size};
}

static SECURITY_STATUS speak_first(struct negotiate_credentials *credentials, struct step *step)
{
    struct writer list = {0}, message = {0};
    struct bytes oids[MECHANISMS];
    size_t count = 0;

    for (int i = 0; i < MECHANISMS; i++)
        if (credentials->inner[i])
            oids[count++] = mechanisms[i].oid;
    spnego_list_write(&list, oids, count);
    spnego_hint_write(&message, written(&list));
    writer_free(&list);
    return negotiate_give(step, &message, SEC_I_CONTINUE_NEEDED);
}

static SECURITY_STATUS raw(struct negotiate_credentials *credentials, struct negotiate_context *context,
                           struct step *step, struct bytes message)
{
    struct writer out = {0};
    SECURITY_STATUS status;

    context->raw = true;
    status = negotiate_inner(credentials, context, step, message, &out);
    if (status >= 0)
        return negotiate_give(step, &out, status);
    writer_free(&out);
    return status;
}

static SECURITY_STATUS choose(struct negotiate_credentials *credentials, struct negotiate_context *context,
                              struct step *step, const struct spnego_token *token)
{
    struct writer out = {0}, message = {0};
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;
    enum spnego_state state = SPNEGO_INCOMPLETE;
    size_t chosen;

    for (chosen = 0; chosen < token->count; chosen++)
        if ((context->mechanism = mechanism_find(credentials, token->mechanisms[chosen])))
            break;
    if (!context->mechanism)
        return SEC_E_UNSUPPORTED_FUNCTION;
    writer_put(&context->list, token->list.data, token->list.size);
    if (chosen) {
        context->mic_wanted = true;
        state = SPNEGO_REQUEST_MIC;
    } else if (token->token.data) {
        status = negotiate_inner(credentials, context, step, token->token, &out);
        if (context->done)
            state = SPNEGO_COMPLETED;
    }
    if (status >= 0) {
        spnego_response_write(&message, state, context->mechanism->oid, written(&out), none);
        status = negotiate_give(step, &message, context->done ? SEC_E_OK : SEC_I_CONTINUE_NEEDED);
    }
    writer_free(&out);
    return status;
}

static SECURITY_STATUS go_on(struct negotiate_credentials *credentials, struct negotiate_context *context,
                             struct step *step, const struct spnego_token *token)
{
    struct writer out = {0}, mic = {0}, message = {0};
    SECURITY_STATUS status = SEC_E_OK;
    bool complete;

    if (token->token.data && !context->done)
        status = negotiate_inner(credentials, context, step, token->token, &out);
    else if (!token->mic.data)
        status = SEC_E_INVALID_TOKEN;
    if (status >= 0 && context->done && token->mic.data) {
        status = negotiate_mic_check(context, token->mic);
        if (!status)
            status = negotiate_mic_make(context, &mic);
    }
    complete = context->done && (!context->mic_wanted || context->mic_verified);
    if (status >= 0) {
        spnego_response_write(&message, complete ? SPNEGO_COMPLETED : SPNEGO_INCOMPLETE, none, written(&out),
                              written(&mic));
        status = negotiate_give(step, &message, complete ? SEC_E_OK : SEC_I_CONTINUE_NEEDED);
    }
    writer_free(&out);
    writer_free(&mic);
    return status;
}

SECURITY_STATUS negotiate_server_step(struct negotiate_credentials *credentials, struct negotiate_context *context,
                                      bool first, struct step *step)
{
    SecBuffer *buffer = buffer_find(step->input, SECBUFFER_TOKEN);
    struct bytes message = {buffer ? buffer->pvBuffer : NULL, buffer ? buffer->cbBuffer : 0};
    struct spnego_token token;

    if (context->raw)
        return message.data ? raw(credentials, context, step, message) : SEC_E_INVALID_TOKEN;
    if (first && !message.size)
        return speak_first(credentials, step);
    if (!message.data)
        return SEC_E_INVALID_TOKEN;
    if (!context->mechanism) {
        struct bytes oid = gss_mechanism(message);

        context->mechanism = token_is_ntlm(message) ? mechanism_find(credentials, mechanisms[MECHANISMS - 1].oid)
                             : oid.data             ? mechanism_find(credentials, oid)
                                                    : NULL;
        if (context->mechanism)
            return raw(credentials, context, step, message);
    }
    if (!spnego_read(message, &token) || token.init != !context->mechanism)
        return SEC_E_INVALID_TOKEN;
    return token.init ? choose(credentials, context, step, &token) : go_on(credentials, context, step, &token);
}
