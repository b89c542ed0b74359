/*
 * fuzz_sspi.c: libFuzzer target for the tokens of NTLM and SPNEGO: whatever the bytes, reading them ends well and looks
 * at nothing outside of them; and what was read can be written and is read again.
 */
#include "secur32/ntlm.h"
#include "secur32/spnego.h"
#include "ntdll/systime.h"
#include "below.h"

static void expect(bool good)
{
    if (!good)
        abort();
}

/* Every byte is looked at, so that the sanitizer sees it. */
static unsigned touch(struct bytes bytes)
{
    unsigned sum = 0;

    for (size_t i = 0; i < bytes.size; i++)
        sum += bytes.data[i];
    return sum;
}

static struct bytes of(const struct writer *writer)
{
    return (struct bytes){writer->data, writer->size};
}

static void ntlm(struct bytes message)
{
    struct ntlm_negotiate negotiate;
    struct ntlm_challenge challenge;
    struct ntlm_authenticate authenticate;
    struct writer again = {0};
    struct writer pairs = {0};

    if (ntlm_negotiate_read(message, &negotiate)) {
        touch(negotiate.domain);
        touch(negotiate.workstation);
        ntlm_negotiate_write(&again, &negotiate);
        expect(ntlm_negotiate_read(of(&again), &negotiate));
    } else if (ntlm_challenge_read(message, &challenge)) {
        touch(challenge.target);
        for (USHORT id = AV_COMPUTER; id <= AV_CHANNEL_BINDINGS; id++)
            touch(av_find(challenge.info, id));
        if (av_copy(&pairs, challenge.info))
            touch(of(&pairs));
        ntlm_challenge_write(&again, &challenge);
        expect(ntlm_challenge_read(of(&again), &challenge));
    } else if (ntlm_authenticate_read(message, &authenticate)) {
        touch(authenticate.lm);
        touch(authenticate.nt);
        touch(authenticate.domain);
        touch(authenticate.user);
        touch(authenticate.workstation);
        touch(authenticate.key);
        ntlm_authenticate_write(&again, &authenticate);
        expect(ntlm_authenticate_read(of(&again), &authenticate));
    }
    writer_free(&again);
    writer_free(&pairs);
}

static void spnego(struct bytes message)
{
    struct spnego_token token, second;
    struct writer again = {0};

    touch(gss_mechanism(message));
    if (!spnego_read(message, &token))
        return;
    touch(token.list);
    touch(token.token);
    touch(token.mic);
    for (size_t i = 0; i < token.count; i++)
        touch(token.mechanisms[i]);
    if (token.init)
        spnego_init_write(&again, token.list, token.token);
    else
        spnego_response_write(&again, token.state, token.count ? token.mechanisms[0] : (struct bytes){NULL, 0},
                              token.token, token.mic);
    expect(spnego_read(of(&again), &second) && second.init == token.init && second.token.size == token.token.size);
    writer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ntlm((struct bytes){data, size});
    spnego((struct bytes){data, size});
    return 0;
}
