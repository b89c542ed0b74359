/*
 * host.c: the calls of winrun-tls.so that crypt32 makes.
 *
 * Arithmetic with large numbers takes more stack than some Windows threads have left, so those calls go through
 * tls_call().
 */
#include "crypt32/crypt.h"

BOOL crypt_copy(const void *from, DWORD needed, void *to, DWORD *size)
{
    DWORD room = *size;

    *size = needed;
    if (!to)
        return TRUE;
    if (room < needed)
        return crypt_fail(ERROR_MORE_DATA);
    memcpy(to, from, needed);
    return TRUE;
}

struct errand {
    enum { ISSUED, CRL_ISSUED, REQUEST, VERIFY, SIGN, PUBLIC_KEY, GENERATE, PFX_READ, PFX_WRITE } what;
    const struct tls_plugin *plugin;
    struct tls_blob a, b, c;
    const char *text;
    enum tls_hash hash;
    bool rsa;
    unsigned bits;
    struct tls_data *data;
    struct tls_pfx *pfx;
    const struct tls_pfx *pfx_from;
    unsigned result;
};

static void errand_run(void *pointer)
{
    struct errand *errand = pointer;
    const struct tls_plugin *plugin = errand->plugin;

    switch (errand->what) {
    case ISSUED:
        errand->result = plugin->issued(errand->a, errand->b);
        break;
    case CRL_ISSUED:
        errand->result = plugin->crl_issued(errand->a, errand->b);
        break;
    case REQUEST:
        errand->result = plugin->request_signed(errand->a);
        break;
    case VERIFY:
        errand->result = plugin->verify(errand->a, errand->text, errand->b, errand->c);
        break;
    case SIGN:
        errand->result = plugin->sign(errand->a, errand->hash, errand->b, errand->data);
        break;
    case PUBLIC_KEY:
        errand->result = plugin->public_key(errand->a, errand->data);
        break;
    case GENERATE:
        errand->result = plugin->generate(errand->rsa, errand->bits, errand->data);
        break;
    case PFX_READ:
        errand->result = plugin->pfx_read(errand->a, errand->text, errand->pfx);
        break;
    case PFX_WRITE:
        errand->result = plugin->pfx_write(errand->pfx_from, errand->text, errand->data);
        break;
    }
}

/* `otherwise` is the result if there is no plug-in. */
static unsigned run(struct errand *errand, unsigned otherwise)
{
    errand->plugin = tls_plugin();
    if (!errand->plugin)
        return otherwise;
    tls_call(errand_run, errand);
    return errand->result;
}

DWORD host_digest(enum tls_hash hash, const void *data, size_t size, BYTE *out)
{
    const struct tls_plugin *plugin = tls_plugin();

    return plugin ? (DWORD)plugin->digest(hash, data, size, out) : 0;
}

unsigned host_issued(struct tls_blob certificate, struct tls_blob issuer)
{
    return run(&(struct errand){.what = ISSUED, .a = certificate, .b = issuer}, TLS_ISSUE_SIGNATURE);
}

bool host_crl_issued(struct tls_blob crl, struct tls_blob issuer)
{
    return run(&(struct errand){.what = CRL_ISSUED, .a = crl, .b = issuer}, false);
}

bool host_request_signed(struct tls_blob request)
{
    return run(&(struct errand){.what = REQUEST, .a = request}, false);
}

bool host_name_matches(struct tls_blob certificate, const WCHAR *name)
{
    const struct tls_plugin *plugin = tls_plugin();
    char *text = plugin ? utf8_from_wide(name) : NULL;
    bool matches = text && plugin->host_matches(certificate, text);

    crypt_free(text);
    return matches;
}

bool host_verify(struct tls_blob public_key, const char *algorithm, struct tls_blob content, struct tls_blob signature)
{
    return run(&(struct errand){.what = VERIFY, .a = public_key, .text = algorithm, .b = content, .c = signature},
               false);
}

bool host_sign(struct tls_blob key, enum tls_hash hash, struct tls_blob content, struct tls_data *signature)
{
    return run(&(struct errand){.what = SIGN, .a = key, .hash = hash, .b = content, .data = signature}, TLS_FAILED) ==
           TLS_OK;
}

bool host_public_key(struct tls_blob key, struct tls_data *info)
{
    return run(&(struct errand){.what = PUBLIC_KEY, .a = key, .data = info}, TLS_FAILED) == TLS_OK;
}

bool host_generate(bool rsa, unsigned bits, struct tls_data *key)
{
    return run(&(struct errand){.what = GENERATE, .rsa = rsa, .bits = bits, .data = key}, TLS_FAILED) == TLS_OK;
}

unsigned host_key_bits(struct tls_blob public_key)
{
    const struct tls_plugin *plugin = tls_plugin();

    return plugin ? plugin->key_bits(public_key) : 0;
}

enum tls_result host_pfx_read(struct tls_blob data, const char *password, struct tls_pfx *pfx)
{
    return run(&(struct errand){.what = PFX_READ, .a = data, .text = password, .pfx = pfx}, TLS_FAILED);
}

enum tls_result host_pfx_write(const struct tls_pfx *pfx, const char *password, struct tls_data *data)
{
    return run(&(struct errand){.what = PFX_WRITE, .pfx_from = pfx, .text = password, .data = data}, TLS_FAILED);
}

bool host_pfx_is(struct tls_blob data)
{
    const struct tls_plugin *plugin = tls_plugin();

    return plugin && plugin->pfx_is(data);
}

void host_release(struct tls_data *data)
{
    if (data->data)
        tls_plugin()->release(data->data);
    *data = (struct tls_data){0};
}
