/*
 * schannel_context.c: handshakes of Schannel, at both ends.
 *
 * The caller brings what it has read and takes what is to be sent.  Whole records are given to the session one after
 * the other until the handshake is done; the rest is SECBUFFER_EXTRA.  What is to be sent after the last step is held
 * back until the server's certificate is found good.
 */
#include "secur32/schannel.h"

#define RECORD_HEAD 5
#define RECORD_MAX (0x4000 + 2048)

/* ALPN: the lists' names, each with its length before it. */
static size_t protocols_read(const SecBuffer *buffer, struct tls_blob *names, size_t room)
{
    const SEC_APPLICATION_PROTOCOLS *lists = buffer ? buffer->pvBuffer : NULL;
    const BYTE *at, *end, *list_end;
    size_t count = 0;

    if (!lists || buffer->cbBuffer < sizeof(ULONG))
        return 0;
    at = (const BYTE *)lists->ProtocolLists;
    end = at + lists->ProtocolListsSize;
    if (end > (const BYTE *)lists + buffer->cbBuffer)
        return 0;
    while (end - at >= 6) {
        const SEC_APPLICATION_PROTOCOL_LIST *list = (const SEC_APPLICATION_PROTOCOL_LIST *)at;

        at = list->ProtocolList;
        list_end = at + list->ProtocolListSize;
        if (list_end > end)
            break;
        for (; at < list_end && at + 1 + *at <= list_end; at += 1 + *at)
            if (list->ProtoNegoExt == SecApplicationProtocolNegotiationExt_ALPN && count < room)
                names[count++] = tls_blob_of(at + 1, *at);
        at = list_end;
    }
    return count;
}

/* Names for SNI are not addresses. */
static bool is_name(const WCHAR *text)
{
    bool letter = false;

    for (const WCHAR *at = text; *at; at++) {
        if (*at == ':')
            return false;
        letter = letter || *at > '9';
    }
    return letter;
}

/* The chain as it goes over the wire; returns the key. */
static struct tls_blob chain_blobs(const struct credentials *credentials, struct tls_blob *certificates)
{
    CRYPT_DATA_BLOB key = cert_private_key(credentials->certificate);

    for (unsigned i = 0; i < credentials->chain_count; i++)
        certificates[i] = tls_blob_of(credentials->chain[i]->pbCertEncoded, credentials->chain[i]->cbCertEncoded);
    return tls_blob_of(key.pbData, key.cbData);
}

bool certificate_give(struct security_context *context, const struct credentials *credentials)
{
    struct tls_blob certificates[CHAIN_BLOBS], key = chain_blobs(credentials, certificates);

    return tls_plugin()->give(context->session, certificates, credentials->chain_count, key);
}

void schannel_change(struct context_head *head, struct credentials_head *credentials)
{
    struct security_context *context = (struct security_context *)head;
    struct credentials *now = (struct credentials *)credentials;

    if (context->own || context->state != CONTEXT_HANDSHAKE || context->credentials->certificate)
        return;
    context->credentials = now;
    if (now->certificate)
        certificate_give(context, now);
}

static SECURITY_STATUS context_open(struct credentials *credentials, const WCHAR *target, DWORD requested,
                                    const SecBufferDesc *input, struct security_context **result)
{
    struct security_context *context = crypt_alloc(sizeof *context);
    struct tls_blob certificates[CHAIN_BLOBS], protocols[16], key;
    char *host = target && is_name(target) ? utf8_from_wide(target) : NULL;
    struct tls_data kept;

    if (!context)
        return SEC_E_INSUFFICIENT_MEMORY;
    kept = session_kept(credentials, target);
    key = chain_blobs(credentials, certificates);
    context->session = tls_plugin()->open(&(struct tls_options){
        .server = credentials->server,
        .versions = credentials->versions,
        .host = credentials->server ? NULL : host,
        .certificates = certificates,
        .certificate_count = credentials->chain_count,
        .key = key,
        .resume = tls_blob_of(kept.data, kept.size),
        .ask_certificate = credentials->server && requested & ASC_REQ_MUTUAL_AUTH,
        .protocols = protocols,
        .protocol_count = protocols_read(buffer_find(input, SECBUFFER_APPLICATION_PROTOCOLS), protocols, 16),
    });
    crypt_free(host);
    if (kept.size)
        explicit_bzero(kept.data, kept.size);
    crypt_free(kept.data);
    if (!context->session) {
        crypt_free(context);
        return SEC_E_INTERNAL_ERROR;
    }
    context->server = credentials->server;
    context->credentials = credentials;
    context->requested = requested;
    context->target = target && *target ? wide_copy(target) : NULL;
    *result = context;
    return SEC_E_OK;
}

void schannel_close(struct context_head *head)
{
    struct security_context *context = (struct security_context *)head;

    tls_plugin()->close(context->session);
    if (context->own)
        schannel_release(&context->own->head);
    writer_free(&context->flight);
    crypt_free(context->issuers);
    crypt_free(context->target);
    crypt_free(context);
}

struct handshake_call {
    struct tls_session *session;
    struct tls_blob record;
    enum tls_result result;
};

static void handshake_run(void *pointer)
{
    struct handshake_call *call = pointer;

    call->result = tls_plugin()->handshake(call->session, call->record);
}

static enum tls_result handshake(struct security_context *context, struct tls_blob record)
{
    struct handshake_call call = {context->session, record, TLS_FAILED};

    tls_call(handshake_run, &call);
    return call.result;
}

/* The size of the record at the front; 0: it is not whole, and *missing more bytes are wanted. */
static size_t record_size(const BYTE *data, size_t size, size_t *missing)
{
    size_t needed = size >= RECORD_HEAD ? RECORD_HEAD + (size_t)(data[3] << 8 | data[4]) : RECORD_HEAD;

    *missing = size < needed ? needed - size : 0;
    return size >= RECORD_HEAD && size >= needed ? needed : 0;
}

/* What the session has to say, to the caller's token buffer. */
static SECURITY_STATUS give_token(struct security_context *context, SecBufferDesc *output, DWORD requested)
{
    SecBuffer *alert = buffer_find(output, SECBUFFER_ALERT);
    struct tls_data data;
    SECURITY_STATUS status;

    if (alert)
        alert->cbBuffer = 0;
    tls_plugin()->output(context->session, &data);
    status = token_give(output, data.data, data.size, requested & ISC_REQ_ALLOCATE_MEMORY);
    tls_plugin()->release(data.data);
    return status;
}

static void set_extra(SecBufferDesc *input, const SecBuffer *token, size_t rest)
{
    SecBuffer *extra = buffer_find(input, SECBUFFER_EMPTY);

    if (!extra || !rest)
        return;
    extra->BufferType = SECBUFFER_EXTRA;
    extra->cbBuffer = (ULONG)rest;
    extra->pvBuffer = (BYTE *)token->pvBuffer + token->cbBuffer - rest;
}

static void set_missing(SecBufferDesc *input, size_t missing)
{
    SecBuffer *buffer = buffer_find(input, SECBUFFER_EMPTY);

    if (buffer) {
        buffer->BufferType = SECBUFFER_MISSING;
        buffer->cbBuffer = (ULONG)missing;
    }
}

static SECURITY_STATUS handshake_done(struct security_context *context)
{
    bool manual = context->requested & ISC_REQ_MANUAL_CRED_VALIDATION ||
                  context->credentials->flags & SCH_CRED_MANUAL_CRED_VALIDATION;
    SECURITY_STATUS status = SEC_E_OK;

    tls_plugin()->info(context->session, &context->info);
    if (!context->server && !manual)
        status = peer_validate(context);
    if (status) {
        struct tls_data unsent;

        /* The last of our handshake stays here; the peer gets an alert in its place. */
        tls_plugin()->output(context->session, &unsent);
        tls_plugin()->release(unsent.data);
        tls_plugin()->alert(context->session, 2,
                            status == SEC_E_CERT_EXPIRED     ? 45
                            : status == SEC_E_UNTRUSTED_ROOT ? 48
                                                             : 46);
        context->state = CONTEXT_CLOSED;
        return status;
    }
    context->state = CONTEXT_OPEN;
    session_keep(context);
    return SEC_E_OK;
}

/* Gives records to the session until it is done or there are no more. */
static SECURITY_STATUS advance(struct security_context *context, SecBufferDesc *input)
{
    SecBuffer *token = buffer_find(input, SECBUFFER_TOKEN);
    const BYTE *data = token ? token->pvBuffer : NULL;
    size_t left = data ? token->cbBuffer : 0, missing = 0, size;
    enum tls_result result = TLS_AGAIN;
    SECURITY_STATUS status = data ? request_look(context, data, left) : SEC_E_OK;
    bool any = false;

    if (status)
        return status;
    if (!left) /* a client's first step, or a new handshake */
        result = handshake(context, tls_blob_of(NULL, 0));
    while (result == TLS_AGAIN && left && (size = record_size(data, left, &missing))) {
        if (size > RECORD_MAX || data[0] < 20 || data[0] > 23) {
            SetLastError(0);
            return SEC_E_INVALID_TOKEN;
        }
        result = handshake(context, tls_blob_of(data, size));
        data += size;
        left -= size;
        any = true;
    }
    if (result == TLS_AGAIN && left && !any) {
        if (data[0] < 20 || data[0] > 23)
            return SEC_E_INVALID_TOKEN;
        set_missing(input, missing);
        return SEC_E_INCOMPLETE_MESSAGE;
    }
    if (token)
        set_extra(input, token, left);
    if (result == TLS_AGAIN)
        return SEC_I_CONTINUE_NEEDED;
    if (result == TLS_OK)
        return handshake_done(context);
    context->state = CONTEXT_CLOSED;
    return SEC_E_ILLEGAL_MESSAGE;
}

/* An alert or the end of the session that the caller asked for by ApplyControlToken. */
static bool pending_control(struct security_context *context)
{
    if (context->alert) {
        tls_plugin()->alert(context->session, context->alert_level, context->alert_number);
        context->alert = false;
        return true;
    }
    if (context->state != CONTEXT_SHUTDOWN)
        return false;
    tls_plugin()->shutdown(context->session);
    context->state = CONTEXT_CLOSED;
    return true;
}

static SECURITY_STATUS context_step(struct security_context *context, SecBufferDesc *input, SecBufferDesc *output,
                                    DWORD requested)
{
    SECURITY_STATUS status, given;

    context->requested = requested;
    if (pending_control(context))
        return give_token(context, output, requested);
    if (context->state == CONTEXT_CLOSED)
        return SEC_E_CONTEXT_EXPIRED;
    if (context->state == CONTEXT_OPEN) {
        if (tls_plugin()->rehandshake(context->session) && context->server)
            return SEC_E_UNSUPPORTED_FUNCTION;
        context->state = CONTEXT_HANDSHAKE;
    }
    status = advance(context, input);
    if (status == SEC_E_INCOMPLETE_MESSAGE)
        return status;
    given = give_token(context, output, requested);
    return given && status >= 0 ? given : status;
}

static ULONG attributes_of(const struct security_context *context)
{
    return context->requested &
           (ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT | ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY |
            ISC_REQ_STREAM | ISC_REQ_EXTENDED_ERROR | ISC_REQ_MANUAL_CRED_VALIDATION | ISC_REQ_MUTUAL_AUTH |
            ISC_REQ_INTEGRITY | ISC_REQ_USE_SUPPLIED_CREDS);
}

SECURITY_STATUS schannel_step(struct credentials_head *head, struct context_head **result, struct step *step)
{
    struct security_context *context = (struct security_context *)*result;
    SECURITY_STATUS status;
    bool first = !context;

    if (first) {
        if (!step->output || (step->server && !step->input))
            return SEC_E_INVALID_PARAMETER;
        if (step->server && !buffer_find(step->input, SECBUFFER_TOKEN))
            return SEC_E_INVALID_TOKEN;
        status = context_open((struct credentials *)head, step->target, step->requested, step->input, &context);
        if (status)
            return status;
    }
    status = context_step(context, first && !step->server ? NULL : step->input, step->output, step->requested);
    if (first && status < 0) {
        schannel_close(&context->head);
        return status;
    }
    step->attributes = attributes_of(context);
    *result = &context->head;
    return status;
}

SECURITY_STATUS schannel_control(struct context_head *head, SecBufferDesc *input)
{
    struct security_context *context = (struct security_context *)head;
    SecBuffer *token = buffer_find(input, SECBUFFER_TOKEN);
    const SCHANNEL_ALERT_TOKEN *alert;

    if (!token || token->cbBuffer < sizeof(DWORD))
        return SEC_E_INVALID_TOKEN;
    alert = token->pvBuffer;
    switch (alert->dwTokenType) {
    case SCHANNEL_SHUTDOWN:
        if (context->state == CONTEXT_OPEN)
            context->state = CONTEXT_SHUTDOWN;
        return SEC_E_OK;
    case SCHANNEL_ALERT:
        if (token->cbBuffer < sizeof *alert)
            return SEC_E_INVALID_TOKEN;
        context->alert = true;
        context->alert_level = alert->dwAlertType == TLS1_ALERT_WARNING ? 1 : 2;
        context->alert_number = alert->dwAlertNumber;
        return SEC_E_OK;
    case SCHANNEL_SESSION:
        if (token->cbBuffer < sizeof(SCHANNEL_SESSION_TOKEN))
            return SEC_E_INVALID_TOKEN;
        context->no_resume = ((SCHANNEL_SESSION_TOKEN *)token->pvBuffer)->dwFlags & SSL_SESSION_DISABLE_RECONNECTS;
        return SEC_E_OK;
    default:
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
}
