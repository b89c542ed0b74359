/*
 * ntlm_server.c: NTLM's server: CHALLENGE for a NEGOTIATE, then the judgement of an AUTHENTICATE.
 *
 * Whom it can know: the current user's other programs of this prefix (a local call), and an account whose password is
 * stored (wincred.h) for this very computer.  Everybody else is refused, as by a Windows that has no such account.
 */
#include "secur32/ntlm_context.h"
#include "ntdll/sysinfo.h"

#define PROOF_SIZE 16
#define BLOB_HEAD 28

static void computer_name(WCHAR *name, DWORD room, COMPUTER_NAME_FORMAT format)
{
    if (!GetComputerNameExW(format, name, &room))
        *name = 0;
}

/* A client of this computer that uses its user's own credentials. */
static bool is_local(const struct ntlm_negotiate *message, const WCHAR *computer)
{
    char *own = ansi_from_wide(computer);
    size_t size = message->workstation.size;
    bool same = own && message->flags & NTLM_WORKSTATION_SUPPLIED && size == strlen(own);

    for (size_t i = 0; same && i < size; i++)
        same = wide_upper(message->workstation.data[i]) == wide_upper((BYTE)own[i]);
    crypt_free(own);
    return same;
}

static void info_write(struct writer *writer, const WCHAR *computer)
{
    WCHAR dns[256];
    FILETIME now;

    computer_name(dns, sizeof dns / sizeof *dns, ComputerNameDnsHostname);
    GetSystemTimeAsFileTime(&now);
    av_put(writer, AV_DOMAIN, bytes_of_text(computer));
    av_put(writer, AV_COMPUTER, bytes_of_text(computer));
    av_put(writer, AV_DNS_DOMAIN, bytes_of_text(dns));
    av_put(writer, AV_DNS_COMPUTER, bytes_of_text(dns));
    av_put(writer, AV_TIMESTAMP, (struct bytes){(const BYTE *)&now, sizeof now});
    av_put(writer, AV_END, (struct bytes){NULL, 0});
}

static ULONG flags_granted(ULONG wanted, ULONG requested)
{
    ULONG granted =
        wanted & (NTLM_UNICODE | NTLM_REQUEST_TARGET | NTLM_SIGN | NTLM_SEAL | NTLM_NTLM | NTLM_ALWAYS_SIGN |
                  NTLM_EXTENDED | NTLM_VERSION | NTLM_128 | NTLM_56 | NTLM_KEY_EXCHANGE | NTLM_IDENTIFY);

    if (requested & (ASC_REQ_INTEGRITY | ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT))
        granted |= NTLM_SIGN;
    if (requested & ASC_REQ_CONFIDENTIALITY)
        granted |= NTLM_SIGN | NTLM_SEAL;
    return granted | NTLM_NTLM | NTLM_TARGET_INFO | NTLM_TARGET_IS_SERVER | NTLM_VERSION;
}

static SECURITY_STATUS challenge(struct ntlm_context *context, struct bytes token, struct step *step)
{
    WCHAR computer[MAX_COMPUTERNAME_LENGTH + 1];
    struct ntlm_challenge message = {0};
    struct ntlm_negotiate negotiate;
    struct writer info = {0};
    SECURITY_STATUS status;

    if (!ntlm_negotiate_read(token, &negotiate))
        return SEC_E_INVALID_TOKEN;
    if (!(negotiate.flags & NTLM_UNICODE) || !(negotiate.flags & NTLM_EXTENDED))
        return SEC_E_UNSUPPORTED_FUNCTION;
    writer_put(&context->negotiate, token.data, token.size);
    computer_name(computer, sizeof computer / sizeof *computer, ComputerNameNetBIOS);
    info_write(&info, computer);
    random_bytes(context->server_challenge, sizeof context->server_challenge);
    memcpy(message.challenge, context->server_challenge, sizeof message.challenge);
    context->flags = message.flags = flags_granted(negotiate.flags, step->requested);
    context->local = is_local(&negotiate, computer) &&
                     ntlm_local_proof(NTLM_LOCAL_SERVER, message.challenge, message.context, sizeof message.context);
    if (context->local)
        message.flags |= NTLM_LOCAL_CALL;
    message.target = bytes_of_text(computer);
    message.info = (struct bytes){info.data, info.size};
    ntlm_challenge_write(&context->challenge, &message);
    writer_free(&info);
    if (context->challenge.failed || context->negotiate.failed)
        return SEC_E_INSUFFICIENT_MEMORY;
    status = token_give(step->output, context->challenge.data, context->challenge.size,
                        step->requested & ASC_REQ_ALLOCATE_MEMORY);
    return status ? status : SEC_I_CONTINUE_NEEDED;
}

static bool same_secret(const BYTE *a, const BYTE *b, size_t size)
{
    BYTE different = 0;

    for (size_t i = 0; i < size; i++)
        different |= a[i] ^ b[i];
    return !different;
}

static WCHAR *text_take(struct bytes bytes)
{
    WCHAR *text = crypt_alloc(bytes.size + sizeof *text);

    if (text && bytes.size)
        memcpy(text, bytes.data, bytes.size & ~(size_t)1);
    return text;
}

/* The account's password proves itself.  An account that is not known takes as long. */
static bool account_verify(struct ntlm_context *context, const struct ntlm_authenticate *message, ntlm_key base)
{
    struct bytes blob = {message->nt.data + PROOF_SIZE, message->nt.size - PROOF_SIZE};
    WCHAR computer[MAX_COMPUTERNAME_LENGTH + 1];
    struct identity account = {0};
    ntlm_key hash, key, proof;
    bool known;

    computer_name(computer, sizeof computer / sizeof *computer, ComputerNameNetBIOS);
    known = identity_stored(computer, &account) && !wide_compare_nocase(account.user, context->user);
    ntlm_hash(bytes_of_text(known ? account.password : L""), hash);
    ntlm_response_key(hash, message->user, message->domain, key);
    ntlm_proof(key, context->server_challenge, blob, proof, base);
    explicit_bzero(hash, sizeof hash);
    explicit_bzero(key, sizeof key);
    identity_release(&account);
    return same_secret(proof, message->nt.data, PROOF_SIZE) && known;
}

static bool mic_good(const struct ntlm_context *context, struct bytes token)
{
    struct writer copy = {0};
    ntlm_key mic;
    bool good = false;

    if (token.size < NTLM_MIC_OFFSET + NTLM_MIC_SIZE)
        return false;
    writer_put(&copy, token.data, token.size);
    if (!copy.failed) {
        memset(copy.data + NTLM_MIC_OFFSET, 0, NTLM_MIC_SIZE);
        ntlm_mic(context, (struct bytes){copy.data, copy.size}, mic);
        good = same_secret(mic, token.data + NTLM_MIC_OFFSET, NTLM_MIC_SIZE);
    }
    writer_free(&copy);
    return good;
}

/* What the client's pairs say of the channel, and what the caller knows of it. */
static SECURITY_STATUS bindings_check(struct bytes pairs, const struct step *step)
{
    static const ntlm_key zeros;
    struct bytes theirs = av_find(pairs, AV_CHANNEL_BINDINGS);
    bool given, missing = theirs.size != NTLM_KEY_SIZE || !memcmp(theirs.data, zeros, NTLM_KEY_SIZE);
    ntlm_key ours;

    if (!ntlm_bindings(step->input, ours, &given))
        return SEC_E_INVALID_TOKEN;
    if (!given || (missing && step->requested & ASC_REQ_ALLOW_MISSING_BINDINGS))
        return SEC_E_OK;
    return missing || memcmp(theirs.data, ours, NTLM_KEY_SIZE) ? SEC_E_BAD_BINDINGS : SEC_E_OK;
}

/* A client that was kept from seeing our time sends no MIC; but it sends back the pairs that it has seen. */
static bool time_returned(const struct ntlm_context *context, struct bytes pairs)
{
    struct ntlm_challenge sent;
    struct bytes ours, theirs = av_find(pairs, AV_TIMESTAMP);

    if (!ntlm_challenge_read((struct bytes){context->challenge.data, context->challenge.size}, &sent))
        return false;
    ours = av_find(sent.info, AV_TIMESTAMP);
    return ours.size == theirs.size && !memcmp(ours.data, theirs.data, ours.size);
}

/* Whose session it is, and its base key. */
static SECURITY_STATUS judge(struct ntlm_context *context, const struct ntlm_authenticate *message,
                             const struct step *step, ntlm_key base, bool *with_mic)
{
    struct bytes pairs, flags;
    ULONG bits = 0;

    *with_mic = false;
    context->local = context->local && message->flags & NTLM_LOCAL_CALL && !message->nt.size;
    if (context->local) {
        *with_mic = true; /* the proof */
        return ntlm_local_proof(NTLM_LOCAL_KEY, context->server_challenge, base, NTLM_KEY_SIZE) ? SEC_E_OK
                                                                                                : SEC_E_LOGON_DENIED;
    }
    if (!message->nt.size && !message->user.size) {
        context->anonymous = true;
        return step->requested & ASC_REQ_ALLOW_NULL_SESSION ? SEC_E_OK : SEC_E_LOGON_DENIED;
    }
    /* What is shorter is not NTLMv2. */
    if (message->nt.size < PROOF_SIZE + BLOB_HEAD || !account_verify(context, message, base))
        return SEC_E_LOGON_DENIED;
    pairs = (struct bytes){message->nt.data + PROOF_SIZE + BLOB_HEAD, message->nt.size - PROOF_SIZE - BLOB_HEAD};
    flags = av_find(pairs, AV_FLAGS);
    if (flags.size == sizeof bits)
        memcpy(&bits, flags.data, sizeof bits);
    *with_mic = bits & AV_FLAG_MIC;
    context->target = text_take(av_find(pairs, AV_TARGET_NAME));
    if (!time_returned(context, pairs))
        return SEC_E_MESSAGE_ALTERED;
    return bindings_check(pairs, step);
}

static SECURITY_STATUS take_key(struct ntlm_context *context, const struct ntlm_authenticate *message,
                                const ntlm_key base)
{
    if (!(context->flags & NTLM_KEY_EXCHANGE)) {
        memcpy(context->key, base, NTLM_KEY_SIZE);
        return SEC_E_OK;
    }
    if (message->key.size != NTLM_KEY_SIZE)
        return SEC_E_INVALID_TOKEN;
    ntlm_rc4(base, message->key.data, context->key, NTLM_KEY_SIZE);
    return SEC_E_OK;
}

static SECURITY_STATUS name_user(struct ntlm_context *context, const struct ntlm_authenticate *message)
{
    WCHAR text[300];
    ULONG size = sizeof text / sizeof *text;
    struct identity self = {0};

    if (context->local && GetUserNameExW(NameSamCompatible, text, &size)) {
        identity_split(text, &self);
        context->user = self.user;
        context->domain = self.domain;
    } else {
        context->user = text_take(message->user);
        context->domain = text_take(message->domain);
    }
    return context->user && context->domain ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS accept(struct ntlm_context *context, struct bytes token, struct step *step)
{
    struct ntlm_authenticate message;
    ntlm_key base = {0};
    SECURITY_STATUS status;
    bool with_mic;

    if (!ntlm_authenticate_read(token, &message))
        return SEC_E_INVALID_TOKEN;
    context->flags &= message.flags | NTLM_NTLM;
    context->flags |= NTLM_EXTENDED;
    status = name_user(context, &message);
    if (!status)
        status = judge(context, &message, step, base, &with_mic);
    if (!status)
        status = take_key(context, &message, base);
    if (!status && with_mic && !mic_good(context, token))
        status = context->local ? SEC_E_LOGON_DENIED : SEC_E_MESSAGE_ALTERED;
    explicit_bzero(base, sizeof base);
    if (!status)
        status = token_give(step->output, NULL, 0, step->requested & ASC_REQ_ALLOCATE_MEMORY);
    if (status)
        return status;
    step->attributes |= context->flags & NTLM_IDENTIFY ? ASC_RET_IDENTIFY : 0;
    return ntlm_ready_for_messages(context, true, step);
}

SECURITY_STATUS ntlm_server_step(struct ntlm_credentials *credentials, struct ntlm_context **result, struct step *step)
{
    struct ntlm_context *context = *result;
    SecBuffer *buffer = buffer_find(step->input, SECBUFFER_TOKEN);
    struct bytes token = {buffer ? buffer->pvBuffer : NULL, buffer ? buffer->cbBuffer : 0};

    (void)credentials;
    step->attributes = step->requested & (ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_CONNECTION);
    if (!token.data)
        return SEC_E_INVALID_TOKEN;
    if (context)
        return context->state == NTLM_STARTED ? accept(context, token, step) : SEC_E_OUT_OF_SEQUENCE;
    context = *result = ntlm_context_make(step);
    return context ? challenge(context, token, step) : SEC_E_INSUFFICIENT_MEMORY;
}
