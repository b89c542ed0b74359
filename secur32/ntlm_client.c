/*
 * ntlm_client.c: NTLM's client: NEGOTIATE, then AUTHENTICATE for a CHALLENGE, always by NTLMv2.
 */
#include "secur32/ntlm_context.h"
#include "ntdll/sysinfo.h"

static const struct bytes none;

static ULONG flags_wanted(ULONG requested)
{
    ULONG flags = NTLM_UNICODE | NTLM_OEM | NTLM_REQUEST_TARGET | NTLM_NTLM | NTLM_ALWAYS_SIGN | NTLM_EXTENDED |
                  NTLM_VERSION | NTLM_128 | NTLM_56;

    if (requested & (ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT))
        flags |= NTLM_SIGN | NTLM_KEY_EXCHANGE;
    if (requested & ISC_REQ_CONFIDENTIALITY)
        flags |= NTLM_SIGN | NTLM_SEAL | NTLM_KEY_EXCHANGE;
    if (requested & ISC_REQ_IDENTIFY)
        flags |= NTLM_IDENTIFY;
    return flags;
}

/* Whose session it will be: the credentials', or what is stored for this target. */
static void identity_choose(const struct ntlm_credentials *credentials, struct ntlm_context *context)
{
    struct identity stored;

    context->given = credentials->given;
    context->anonymous = credentials->anonymous || (!credentials->given && context->requested & ISC_REQ_NULL_SESSION);
    if (credentials->given) {
        context->user = wide_copy(credentials->user);
        context->domain = wide_copy(credentials->domain);
        memcpy(context->hash, credentials->hash, NTLM_KEY_SIZE);
    } else if (!context->anonymous && identity_stored(context->target, &stored)) {
        context->given = true;
        context->user = stored.user;
        context->domain = stored.domain;
        stored.user = stored.domain = NULL;
        ntlm_hash(bytes_of_text(stored.password), context->hash);
        identity_release(&stored);
    }
}

static void computer_name(WCHAR *name, DWORD room)
{
    if (!GetComputerNameW(name, &room))
        *name = 0;
}

static SECURITY_STATUS negotiate(struct ntlm_context *context, struct step *step)
{
    struct ntlm_negotiate message = {.flags = flags_wanted(step->requested)};
    WCHAR name[MAX_COMPUTERNAME_LENGTH + 1];
    char *computer = NULL;

    /* The computer's name says that the current user would be good enough. */
    if (!context->given && !context->anonymous) {
        computer_name(name, sizeof name / sizeof *name);
        computer = ansi_from_wide(name);
        message.flags |= NTLM_DOMAIN_SUPPLIED | NTLM_WORKSTATION_SUPPLIED;
        message.domain = message.workstation = (struct bytes){(BYTE *)computer, computer ? strlen(computer) : 0};
    }
    context->flags = message.flags;
    ntlm_negotiate_write(&context->negotiate, &message);
    crypt_free(computer);
    if (context->negotiate.failed)
        return SEC_E_INSUFFICIENT_MEMORY;
    step->attributes = step->requested & (ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONNECTION);
    return token_give(step->output, context->negotiate.data, context->negotiate.size,
                      step->requested & ISC_REQ_ALLOCATE_MEMORY)
               ?: SEC_I_CONTINUE_NEEDED;
}

/* The server's pairs and ours. */
static bool target_info(const struct ntlm_context *context, struct bytes info, const struct step *step,
                        struct writer *writer)
{
    bool given;
    ntlm_key bindings;

    if (!ntlm_bindings(step->input, bindings, &given) || !av_copy(writer, info))
        return false;
    if (av_find(info, AV_TIMESTAMP).size == 8)
        av_put(writer, AV_FLAGS, (struct bytes){(const BYTE *)&(ULONG){AV_FLAG_MIC}, 4});
    av_put(writer, AV_CHANNEL_BINDINGS, (struct bytes){bindings, sizeof bindings});
    av_put(writer, AV_TARGET_NAME, bytes_of_text(context->target));
    av_put(writer, AV_END, none);
    return true;
}

/* NTLMv2's responses; `base` is the session's base key.  LMv2's is not sent to who tells the time. */
static SECURITY_STATUS respond(struct ntlm_context *context, const struct ntlm_challenge *challenge,
                               const struct step *step, struct writer *response, BYTE lm[24], ntlm_key base)
{
    struct bytes stamp = av_find(challenge->info, AV_TIMESTAMP);
    struct writer info = {0}, blob = {0};
    BYTE client[8];
    ULONGLONG time;
    ntlm_key key, proof;

    if (challenge->info.size && !target_info(context, challenge->info, step, &info)) {
        writer_free(&info);
        return SEC_E_INVALID_TOKEN;
    }
    if (stamp.size == 8)
        memcpy(&time, stamp.data, 8);
    else
        GetSystemTimeAsFileTime((FILETIME *)&time);
    random_bytes(client, sizeof client);
    ntlm_response_key(context->hash, bytes_of_text(context->user), bytes_of_text(context->domain), key);
    ntlm_blob_write(&blob, time, client, (struct bytes){info.data, info.size});
    ntlm_proof(key, challenge->challenge, (struct bytes){blob.data, blob.size}, proof, base);
    writer_put(response, proof, sizeof proof);
    writer_put(response, blob.data, blob.size);
    if (stamp.size != 8) {
        ntlm_hmac(key, sizeof key, (struct bytes){challenge->challenge, 8}, (struct bytes){client, 8}, none, lm);
        memcpy(lm + NTLM_KEY_SIZE, client, 8);
    }
    explicit_bzero(key, sizeof key);
    writer_free(&info);
    writer_free(&blob);
    return response->failed ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

/* The server says that both are of one machine: does it know what only its processes know? */
static bool local_call(const struct ntlm_context *context, const struct ntlm_challenge *challenge, ntlm_key base)
{
    BYTE proof[8];

    return challenge->flags & NTLM_LOCAL_CALL && !context->given && !context->anonymous &&
           ntlm_local_proof(NTLM_LOCAL_SERVER, challenge->challenge, proof, sizeof proof) &&
           !memcmp(proof, challenge->context, sizeof proof) &&
           ntlm_local_proof(NTLM_LOCAL_KEY, challenge->challenge, base, NTLM_KEY_SIZE);
}

static SECURITY_STATUS agree(struct ntlm_context *context, const struct ntlm_challenge *challenge)
{
    ULONG wanted = context->flags;

    if (!(challenge->flags & NTLM_UNICODE))
        return SEC_E_UNSUPPORTED_FUNCTION;
    context->flags &= challenge->flags | NTLM_REQUEST_TARGET | NTLM_NTLM;
    context->flags &= ~(ULONG)(NTLM_OEM | NTLM_DOMAIN_SUPPLIED | NTLM_WORKSTATION_SUPPLIED);
    context->flags |= NTLM_ALWAYS_SIGN | (challenge->flags & NTLM_TARGET_INFO);
    /* Signatures of the older kind are broken. */
    if (!(context->flags & NTLM_EXTENDED))
        return SEC_E_UNSUPPORTED_FUNCTION;
    return (wanted & ~context->flags) & (NTLM_SIGN | NTLM_SEAL) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_OK;
}

static void key_choose(struct ntlm_context *context, const ntlm_key base, ntlm_key encrypted)
{
    if (context->flags & NTLM_KEY_EXCHANGE) {
        random_bytes(context->key, NTLM_KEY_SIZE);
        ntlm_rc4(base, context->key, encrypted, NTLM_KEY_SIZE);
    } else {
        memcpy(context->key, base, NTLM_KEY_SIZE);
    }
}

static SECURITY_STATUS authenticate(struct ntlm_context *context, const struct ntlm_challenge *challenge,
                                    struct step *step)
{
    WCHAR computer[MAX_COMPUTERNAME_LENGTH + 1];
    BYTE lm[24] = {0};
    ntlm_key base = {0}, encrypted, mic;
    struct writer response = {0}, message = {0};
    struct ntlm_authenticate parts = {.lm = {lm, sizeof lm}};
    SECURITY_STATUS status = SEC_E_OK;

    computer_name(computer, sizeof computer / sizeof *computer);
    parts.workstation = bytes_of_text(computer);
    if (context->anonymous) {
        context->flags |= NTLM_ANONYMOUS;
        parts.lm.size = 1;
    } else if ((context->local = local_call(context, challenge, base))) {
        context->flags |= NTLM_LOCAL_CALL;
        parts.lm.size = 0;
    } else if (!context->given) {
        return SEC_E_NO_CREDENTIALS;
    } else {
        status = respond(context, challenge, step, &response, lm, base);
        parts.nt = (struct bytes){response.data, response.size};
        parts.user = bytes_of_text(context->user);
        parts.domain = bytes_of_text(context->domain);
    }
    if (!status) {
        key_choose(context, base, encrypted);
        parts.flags = context->flags;
        if (context->flags & NTLM_KEY_EXCHANGE)
            parts.key = (struct bytes){encrypted, sizeof encrypted};
        ntlm_authenticate_write(&message, &parts);
        status = message.failed ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
    }
    if (!status && (context->local || (parts.nt.size && av_find(challenge->info, AV_TIMESTAMP).size == 8))) {
        ntlm_mic(context, (struct bytes){message.data, message.size}, mic);
        memcpy(message.data + NTLM_MIC_OFFSET, mic, NTLM_MIC_SIZE);
    }
    if (!status)
        status = token_give(step->output, message.data, message.size, step->requested & ISC_REQ_ALLOCATE_MEMORY);
    explicit_bzero(base, sizeof base);
    writer_free(&response);
    writer_free(&message);
    return status;
}

/* The current user's name, where it is not one that was given. */
static void name_self(struct ntlm_context *context)
{
    WCHAR text[300];
    ULONG size = sizeof text / sizeof *text;
    struct identity self = {0};

    if (context->user || context->anonymous || !GetUserNameExW(NameSamCompatible, text, &size))
        return;
    identity_split(text, &self);
    context->user = self.user;
    context->domain = self.domain;
}

SECURITY_STATUS ntlm_client_step(struct ntlm_credentials *credentials, struct ntlm_context **result, struct step *step)
{
    struct ntlm_context *context = *result;
    struct ntlm_challenge challenge;
    SecBuffer *token = buffer_find(step->input, SECBUFFER_TOKEN);
    SECURITY_STATUS status;

    if (!context) {
        if (step->requested & ISC_REQ_DATAGRAM)
            return SEC_E_UNSUPPORTED_FUNCTION;
        context = *result = ntlm_context_make(step);
        if (!context)
            return SEC_E_INSUFFICIENT_MEMORY;
        identity_choose(credentials, context);
        return negotiate(context, step);
    }
    if (context->state != NTLM_STARTED)
        return SEC_E_OUT_OF_SEQUENCE;
    if (!token || !token->pvBuffer ||
        !ntlm_challenge_read((struct bytes){token->pvBuffer, token->cbBuffer}, &challenge))
        return SEC_E_INVALID_TOKEN;
    writer_free(&context->challenge);
    writer_put(&context->challenge, token->pvBuffer, token->cbBuffer);
    step->attributes = step->requested & (ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONNECTION | ISC_REQ_IDENTIFY);
    status = agree(context, &challenge);
    if (!status)
        status = authenticate(context, &challenge, step);
    if (status)
        return status;
    name_self(context);
    return ntlm_ready_for_messages(context, false, step);
}
