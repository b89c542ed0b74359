/*
 * schannel_message.c: EncryptMessage and DecryptMessage of Schannel: one record a call, in the caller's buffers.
 */
#include "secur32/schannel.h"

#define RECORD_HEAD 5

/* The next part of a record goes to a buffer. */
static void scatter(const struct tls_data *record, size_t *at, void *to, size_t count)
{
    if (count > record->size - *at)
        count = record->size - *at;
    memcpy(to, record->data + *at, count);
    *at += count;
}

SECURITY_STATUS schannel_encrypt(struct context_head *context_head, ULONG quality, SecBufferDesc *message)
{
    struct security_context *context = (struct security_context *)context_head;
    SecBuffer *head = buffer_find(message, SECBUFFER_STREAM_HEADER), *data = buffer_find(message, SECBUFFER_DATA),
              *trailer = buffer_find(message, SECBUFFER_STREAM_TRAILER);
    struct tls_data record = {0};
    size_t at = 0;

    (void)quality;
    if (context->state != CONTEXT_OPEN)
        return context->state == CONTEXT_HANDSHAKE ? SEC_E_INVALID_HANDLE : SEC_E_CONTEXT_EXPIRED;
    if (!head || !data || !trailer || data->cbBuffer > context->info.maximum)
        return SEC_E_INVALID_TOKEN;
    if (!data->cbBuffer) {
        head->cbBuffer = trailer->cbBuffer = 0;
        return SEC_E_OK;
    }
    if (tls_plugin()->encrypt(context->session, tls_blob_of(data->pvBuffer, data->cbBuffer), &record) != TLS_OK)
        return SEC_E_ENCRYPT_FAILURE;
    if (record.size > (size_t)head->cbBuffer + data->cbBuffer + trailer->cbBuffer) {
        tls_plugin()->release(record.data);
        return SEC_E_BUFFER_TOO_SMALL;
    }
    scatter(&record, &at, head->pvBuffer, head->cbBuffer);
    scatter(&record, &at, data->pvBuffer, data->cbBuffer);
    trailer->cbBuffer = (ULONG)(record.size - at);
    scatter(&record, &at, trailer->pvBuffer, trailer->cbBuffer);
    tls_plugin()->release(record.data);
    return SEC_E_OK;
}

/* The caller's one buffer becomes head, data, trailer, and what is behind the record. */
static void lay_out(SecBufferDesc *message, SecBuffer *whole, size_t record, size_t content, size_t rest)
{
    BYTE *base = whole->pvBuffer;
    SecBuffer parts[] = {
        {(ULONG)content, SECBUFFER_DATA, base + RECORD_HEAD},
        {(ULONG)(record - RECORD_HEAD - content), SECBUFFER_STREAM_TRAILER, base + RECORD_HEAD + content},
        {(ULONG)rest, SECBUFFER_EXTRA, base + record},
    };
    size_t next = 0, count = rest ? 3 : 2;

    whole->BufferType = SECBUFFER_STREAM_HEADER;
    whole->cbBuffer = RECORD_HEAD;
    for (ULONG i = 0; i < message->cBuffers && next < count; i++)
        if (message->pBuffers[i].BufferType == SECBUFFER_EMPTY)
            message->pBuffers[i] = parts[next++];
}

static SECURITY_STATUS incomplete(SecBufferDesc *message, size_t missing)
{
    SecBuffer *buffer = buffer_find(message, SECBUFFER_EMPTY);

    if (buffer) {
        buffer->BufferType = SECBUFFER_MISSING;
        buffer->cbBuffer = (ULONG)missing;
    }
    return SEC_E_INCOMPLETE_MESSAGE;
}

static void set_rest(SecBufferDesc *message, BYTE *at, size_t rest)
{
    SecBuffer *buffer = buffer_find(message, SECBUFFER_EMPTY);

    if (buffer && rest)
        *buffer = (SecBuffer){(ULONG)rest, SECBUFFER_EXTRA, at};
}

SECURITY_STATUS schannel_decrypt(struct context_head *head, SecBufferDesc *message, ULONG *quality)
{
    struct security_context *context = (struct security_context *)head;
    SecBuffer *whole = buffer_find(message, SECBUFFER_DATA);
    BYTE *data, *base;
    size_t left, record, content;
    enum tls_result result;

    if (!whole)
        whole = buffer_find(message, SECBUFFER_STREAM);
    if (!whole || context->state == CONTEXT_HANDSHAKE)
        return whole ? SEC_E_INVALID_HANDLE : SEC_E_INVALID_TOKEN;
    base = data = whole->pvBuffer;
    left = whole->cbBuffer;
    if (quality)
        *quality = 0;
    /* Records without content for the program (tickets, new keys) are passed over while there is another. */
    for (bool first = true;; first = false) {
        if (left < RECORD_HEAD || left < (record = RECORD_HEAD + (size_t)(data[3] << 8 | data[4]))) {
            if (first)
                return incomplete(message, left < RECORD_HEAD ? RECORD_HEAD - left : record - left);
            /* All that was whole is used up. */
            record = (size_t)(data - base);
            lay_out(message, whole, record, 0, left);
            return SEC_E_OK;
        }
        content = record;
        result = tls_plugin()->decrypt(context->session, tls_blob_of(data, record), data + RECORD_HEAD, &content);
        if (result != TLS_AGAIN)
            break;
        session_keep(context); /* it may have been a ticket */
        data += record;
        left -= record;
    }
    switch (result) {
    case TLS_OK:
        if (data != base) { /* what was passed over is part of the head */
            memmove(base + RECORD_HEAD, data + RECORD_HEAD, content);
            record += (size_t)(data - base);
        }
        lay_out(message, whole, record, content, whole->cbBuffer - record);
        return SEC_E_OK;
    case TLS_CLOSED:
        set_rest(message, data + record, left - record);
        return SEC_I_CONTEXT_EXPIRED;
    case TLS_REHANDSHAKE:
        set_rest(message, data + record, left - record);
        return SEC_I_RENEGOTIATE;
    default:
        return SEC_E_DECRYPT_FAILURE;
    }
}
