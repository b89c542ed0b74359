/*
 * schannel_resume.c: sessions that a client can resume: a shorter handshake, and what servers of FTP ask for.
 *
 * They belong to the credentials and the target's name, so that whoever resumes one would have made it himself; the
 * server's certificate comes with it and is judged again.
 */
#include "secur32/schannel.h"

static void forget(struct resumable *session)
{
    if (session->data)
        explicit_bzero(session->data, session->size);
    crypt_free(session->data);
    crypt_free(session->target);
    *session = (struct resumable){0};
}

void sessions_forget(struct credentials *credentials)
{
    for (int i = 0; i < RESUMABLE; i++)
        forget(&credentials->sessions[i]);
}

/* The target's place, or the next. */
static struct resumable *place(struct credentials *credentials, const WCHAR *target)
{
    for (int i = 0; i < RESUMABLE; i++)
        if (credentials->sessions[i].target && !wide_compare_nocase(credentials->sessions[i].target, target))
            return &credentials->sessions[i];
    return &credentials->sessions[credentials->next++ % RESUMABLE];
}

void session_keep(struct security_context *context)
{
    struct credentials *credentials = (struct credentials *)context->head.credentials;
    struct resumable made = {0}, *session;
    struct tls_data data = {0};

    if (context->server || !context->target || context->no_resume || !credentials ||
        !tls_plugin()->save(context->session, &data))
        return;
    made.target = wide_copy(context->target);
    made.data = crypt_alloc(data.size);
    if (made.target && made.data) {
        memcpy(made.data, data.data, data.size);
        made.size = data.size;
        RtlAcquireSRWLockExclusive(&credentials->lock);
        session = place(credentials, context->target);
        forget(session);
        *session = made;
        RtlReleaseSRWLockExclusive(&credentials->lock);
    } else {
        forget(&made);
    }
    explicit_bzero(data.data, data.size);
    tls_plugin()->release(data.data);
}

struct tls_data session_kept(struct credentials *credentials, const WCHAR *target)
{
    struct tls_data copy = {0};

    if (credentials->server || !target)
        return copy;
    RtlAcquireSRWLockShared(&credentials->lock);
    for (int i = 0; i < RESUMABLE; i++) {
        const struct resumable *session = &credentials->sessions[i];

        if (session->target && !wide_compare_nocase(session->target, target) &&
            (copy.data = crypt_alloc(session->size)))
            memcpy(copy.data, session->data, copy.size = session->size);
    }
    RtlReleaseSRWLockShared(&credentials->lock);
    return copy;
}
