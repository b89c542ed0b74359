/*
 * wdigest.c: the package WDigest: a client's logins by HTTP's digests (RFC 7616 with MD5, the quality "auth").
 *
 * The challenge comes as the text of the header; further requests get their text from MakeSignature.  Servers would
 * need accounts, and SASL's form is another: both are refused.
 */
#include "secur32/identity.h"
#include "secur32/ntlm.h"
#include "ntdll/sysinfo.h"

#define MAX_TOKEN 4096
#define HEX_SIZE 32

struct digest_credentials {
    struct credentials_head head;
    struct identity identity;
};

struct digest_context {
    struct context_head head;
    struct writer realm, nonce, opaque, user; /* as they go over the wire, without quotes */
    bool with_quality, with_opaque, named, session;
    char cnonce[HEX_SIZE + 1], ha1[HEX_SIZE + 1];
    unsigned count;
};

static struct bytes of(const struct writer *writer)
{
    return (struct bytes){writer->data, writer->size};
}

static void put(struct writer *writer, const char *text)
{
    writer_put(writer, text, strlen(text));
}

static void hex_put(char *to, const BYTE *from, int size)
{
    for (int i = 0; i < size; i++) {
        to[2 * i] = "0123456789abcdef"[from[i] >> 4];
        to[2 * i + 1] = "0123456789abcdef"[from[i] & 15];
    }
    to[2 * size] = 0;
}

/* MD5 of what was written, in hexadecimal digits; the writer is freed. */
static void digest_take(struct writer *writer, char hex[HEX_SIZE + 1])
{
    ntlm_key digest;

    ntlm_md5(of(writer), (struct bytes){NULL, 0}, digest);
    hex_put(hex, digest, sizeof digest);
    if (writer->data)
        explicit_bzero(writer->data, writer->size);
    writer_free(writer);
}

/* Latin-1 where that has all letters and the server does not want UTF-8. */
static void put_wide(struct writer *writer, const WCHAR *text, bool utf8)
{
    const WCHAR *at = text;
    char *narrow;

    while (*at && *at < 0x100)
        at++;
    if (!*at && !utf8) {
        for (at = text; *at; at++)
            writer_put(writer, &(BYTE){(BYTE)*at}, 1);
        return;
    }
    narrow = utf8_from_wide(text);
    if (narrow)
        put(writer, narrow);
    else
        writer->failed = true;
    crypt_free(narrow);
}

/* ---- the challenge ---- */

static bool is_space(BYTE c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

static bool same(struct bytes bytes, const char *text)
{
    size_t size = strlen(text);
    bool good = bytes.size == size;

    for (size_t i = 0; good && i < size; i++)
        good = wide_upper(bytes.data[i]) == wide_upper((BYTE)text[i]);
    return good;
}

/* name=value or name="value" at *at; false: the end, or *damaged.  The value's quotes are gone, its backslashes too. */
static bool pair_next(struct bytes text, size_t *at, struct bytes *name, struct writer *value, bool *damaged)
{
    size_t start;
    bool quoted;

    while (*at < text.size && (is_space(text.data[*at]) || !text.data[*at]))
        ++*at;
    start = *at;
    while (*at < text.size && text.data[*at] != '=' && !is_space(text.data[*at]))
        ++*at;
    *name = (struct bytes){text.data + start, *at - start};
    *damaged = *at < text.size && text.data[*at] != '=';
    if (*at >= text.size || *damaged) {
        *damaged = *damaged || name->size;
        return false;
    }
    quoted = ++*at < text.size && text.data[*at] == '"';
    *at += quoted;
    for (; *at < text.size; ++*at) {
        if (quoted ? text.data[*at] == '"' : is_space(text.data[*at]) || !text.data[*at])
            break;
        if (quoted && text.data[*at] == '\\' && *at + 1 < text.size)
            ++*at;
        writer_put(value, text.data + *at, 1);
    }
    *damaged = quoted && *at >= text.size;
    *at += quoted && !*damaged;
    return !*damaged;
}

/* Is "auth" among them? */
static bool quality_listed(struct bytes list)
{
    for (size_t start = 0, at = 0; at <= list.size; at++)
        if (at == list.size || is_space(list.data[at])) {
            if (same((struct bytes){list.data + start, at - start}, "auth"))
                return true;
            start = at + 1;
        }
    return false;
}

static SECURITY_STATUS pair_take(struct digest_context *context, struct bytes name, struct writer *value, bool *utf8)
{
    struct writer *keep = same(name, "realm")    ? &context->realm
                          : same(name, "nonce")  ? &context->nonce
                          : same(name, "opaque") ? &context->opaque
                                                 : NULL;

    if (keep) {
        writer_free(keep);
        *keep = *value;
        *value = (struct writer){0};
        context->with_opaque = context->with_opaque || keep == &context->opaque;
    } else if (same(name, "qop")) {
        context->with_quality = true;
        return quality_listed(of(value)) ? SEC_E_OK : SEC_E_QOP_NOT_SUPPORTED;
    } else if (same(name, "algorithm")) {
        context->named = true;
        context->session = same(of(value), "MD5-sess");
        return context->session || same(of(value), "MD5") ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
    } else if (same(name, "charset")) {
        *utf8 = same(of(value), "utf-8");
    }
    return SEC_E_OK;
}

static SECURITY_STATUS challenge_read(struct digest_context *context, struct bytes text, bool *utf8)
{
    struct writer value = {0};
    struct bytes name;
    size_t at = 0;
    bool damaged;
    SECURITY_STATUS status = SEC_E_OK;

    while (!status && pair_next(text, &at, &name, &value, &damaged)) {
        status = pair_take(context, name, &value, utf8);
        writer_free(&value);
    }
    writer_free(&value);
    if (!status && (damaged || !context->nonce.size))
        status = SEC_E_INVALID_TOKEN;
    return status;
}

/* ---- the response ---- */

static void put_quoted(struct writer *writer, const char *name, struct bytes value)
{
    put(writer, name);
    put(writer, "=\"");
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            put(writer, "\\");
        writer_put(writer, value.data + i, 1);
    }
    put(writer, "\"");
}

static struct bytes text_of(const char *text)
{
    return (struct bytes){(const BYTE *)text, strlen(text)};
}

static void respond(struct digest_context *context, struct bytes method, struct bytes uri, struct writer *out)
{
    char ha2[HEX_SIZE + 1], response[HEX_SIZE + 1], count[9];
    struct writer text = {0};
    unsigned number = ++context->count;

    hex_put(count, (BYTE[]){(BYTE)(number >> 24), (BYTE)(number >> 16), (BYTE)(number >> 8), (BYTE)number}, 4);
    writer_put(&text, method.data, method.size);
    put(&text, ":");
    writer_put(&text, uri.data, uri.size);
    digest_take(&text, ha2);
    put(&text, context->ha1);
    put(&text, ":");
    writer_put(&text, context->nonce.data, context->nonce.size);
    for (const char **part = (const char *[]){":", count, ":", context->cnonce, ":auth", NULL};
         context->with_quality && *part; part++)
        put(&text, *part);
    put(&text, ":");
    put(&text, ha2);
    out->failed = out->failed || text.failed;
    digest_take(&text, response);
    put_quoted(out, "username", of(&context->user));
    put_quoted(out, ",realm", of(&context->realm));
    put_quoted(out, ",nonce", of(&context->nonce));
    put_quoted(out, ",uri", uri);
    if (context->with_quality || context->session)
        put_quoted(out, ",cnonce", text_of(context->cnonce));
    if (context->with_quality) {
        put(out, ",nc=");
        put(out, count);
    }
    if (context->named)
        put(out, context->session ? ",algorithm=MD5-sess" : ",algorithm=MD5");
    put_quoted(out, ",response", text_of(response));
    if (context->with_quality)
        put(out, ",qop=\"auth\"");
    if (context->with_opaque)
        put_quoted(out, ",opaque", of(&context->opaque));
}

/* The realm is the challenge's: programs give it as the domain, too. */
static void key_make(struct digest_context *context, const struct identity *identity, bool utf8)
{
    struct writer text = {0};
    BYTE random[HEX_SIZE / 2];

    random_bytes(random, sizeof random);
    hex_put(context->cnonce, random, sizeof random);
    put_wide(&context->user, identity->user, utf8);
    writer_put(&text, context->user.data, context->user.size);
    put(&text, ":");
    writer_put(&text, context->realm.data, context->realm.size);
    put(&text, ":");
    put_wide(&text, identity->password, utf8);
    digest_take(&text, context->ha1);
    if (!context->session)
        return;
    put(&text, context->ha1);
    put(&text, ":");
    writer_put(&text, context->nonce.data, context->nonce.size);
    put(&text, ":");
    put(&text, context->cnonce);
    digest_take(&text, context->ha1);
}

/* The number-th buffer of parameters: the method, the address, the body's digest. */
static struct bytes parameter(const SecBufferDesc *message, int number)
{
    for (ULONG i = 0; message && i < message->cBuffers; i++)
        if ((message->pBuffers[i].BufferType & ~(ULONG)SECBUFFER_ATTRMASK) == SECBUFFER_PKG_PARAMS && !number--)
            return (struct bytes){message->pBuffers[i].pvBuffer,
                                  message->pBuffers[i].pvBuffer ? message->pBuffers[i].cbBuffer : 0};
    return (struct bytes){NULL, 0};
}

/* ---- the package ---- */

static SECURITY_STATUS digest_acquire(const struct acquire *acquire, struct credentials_head **result)
{
    struct digest_credentials *credentials;
    SECURITY_STATUS status;

    if (!ntlm_ready())
        return SEC_E_INTERNAL_ERROR;
    if (acquire->use & SECPKG_CRED_INBOUND)
        return SEC_E_UNSUPPORTED_FUNCTION;
    credentials = crypt_alloc(sizeof *credentials);
    if (!credentials)
        return SEC_E_INSUFFICIENT_MEMORY;
    status = identity_read(acquire->data, &credentials->identity);
    if (status)
        crypt_free(credentials);
    else
        *result = &credentials->head;
    return status;
}

static void digest_release(struct credentials_head *head)
{
    identity_release(&((struct digest_credentials *)head)->identity);
    crypt_free(head);
}

static SECURITY_STATUS digest_credentials_query(struct credentials_head *head, ULONG attribute, void *buffer)
{
    struct identity *identity = &((struct digest_credentials *)head)->identity;
    WCHAR *name;

    if (attribute != SECPKG_CRED_ATTR_NAMES || !identity->given)
        return attribute == SECPKG_CRED_ATTR_NAMES ? SEC_E_NO_CREDENTIALS : SEC_E_UNSUPPORTED_FUNCTION;
    name = identity_name(identity->domain, identity->user);
    ((SecPkgCredentials_NamesW *)buffer)->sUserName = name ? context_text(name) : NULL;
    crypt_free(name);
    return ((SecPkgCredentials_NamesW *)buffer)->sUserName ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static void digest_close(struct context_head *head)
{
    struct digest_context *context = (struct digest_context *)head;

    writer_free(&context->realm);
    writer_free(&context->nonce);
    writer_free(&context->opaque);
    writer_free(&context->user);
    explicit_bzero(context, sizeof *context);
    crypt_free(context);
}

static SECURITY_STATUS digest_step(struct credentials_head *head, struct context_head **result, struct step *step)
{
    const struct identity *identity = &((struct digest_credentials *)head)->identity;
    SecBuffer *token = buffer_find(step->input, SECBUFFER_TOKEN);
    struct digest_context *context;
    struct writer out = {0}, uri = {0};
    SECURITY_STATUS status;
    bool utf8 = false;

    if (*result)
        return SEC_E_OUT_OF_SEQUENCE;
    if (!(step->requested & ISC_REQ_USE_HTTP_STYLE))
        return SEC_E_UNSUPPORTED_FUNCTION;
    if (!identity->given)
        return SEC_E_NO_CREDENTIALS;
    if (!token || !token->pvBuffer)
        return SEC_E_INVALID_TOKEN;
    context = crypt_alloc(sizeof *context);
    if (!context)
        return SEC_E_INSUFFICIENT_MEMORY;
    status = challenge_read(context, (struct bytes){token->pvBuffer, token->cbBuffer}, &utf8);
    if (!status) {
        key_make(context, identity, utf8);
        put_wide(&uri, step->target ? step->target : L"", true);
        respond(context, parameter(step->input, 0), of(&uri), &out);
        status = out.failed || uri.failed
                     ? SEC_E_INSUFFICIENT_MEMORY
                     : token_give(step->output, out.data, out.size, step->requested & ISC_REQ_ALLOCATE_MEMORY);
    }
    writer_free(&out);
    writer_free(&uri);
    if (status) {
        digest_close(&context->head);
        return status;
    }
    step->attributes = step->requested & (ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_USE_HTTP_STYLE);
    *result = &context->head;
    return SEC_E_OK;
}

/* The next request's text: method and address are parameters, it goes to the buffer for padding. */
static SECURITY_STATUS digest_sign(struct context_head *head, ULONG quality, SecBufferDesc *message)
{
    SecBuffer *room = buffer_find(message, SECBUFFER_PADDING);
    struct writer out = {0};
    SECURITY_STATUS status = SEC_E_OK;

    (void)quality;
    if (!room || !room->pvBuffer)
        return SEC_E_INVALID_TOKEN;
    respond((struct digest_context *)head, parameter(message, 0), parameter(message, 1), &out);
    if (out.failed)
        status = SEC_E_INSUFFICIENT_MEMORY;
    else if (out.size > room->cbBuffer)
        status = SEC_E_BUFFER_TOO_SMALL;
    else
        memcpy(room->pvBuffer, out.data, out.size);
    if (!out.failed)
        room->cbBuffer = (ULONG)out.size;
    writer_free(&out);
    return status;
}

static SECURITY_STATUS digest_query(struct context_head *head, ULONG attribute, void *buffer)
{
    if (attribute == SECPKG_ATTR_NAMES)
        return digest_credentials_query(head->credentials, SECPKG_CRED_ATTR_NAMES, buffer);
    if (attribute != SECPKG_ATTR_SIZES)
        return SEC_E_UNSUPPORTED_FUNCTION;
    *(SecPkgContext_Sizes *)buffer = (SecPkgContext_Sizes){.cbMaxToken = MAX_TOKEN, .cbMaxSignature = MAX_TOKEN};
    return SEC_E_OK;
}

const struct package wdigest_package = {
    .name = L"WDigest",
    .comment = L"Digest Authentication for Windows",
    .capabilities = SECPKG_FLAG_TOKEN_ONLY | SECPKG_FLAG_CLIENT_ONLY | SECPKG_FLAG_ACCEPT_WIN32_NAME,
    .rpc_id = 21, /* RPC_C_AUTHN_DIGEST */
    .max_token = MAX_TOKEN,
    .acquire = digest_acquire,
    .release = digest_release,
    .credentials_query = digest_credentials_query,
    .step = digest_step,
    .close = digest_close,
    .query = digest_query,
    .sign = digest_sign,
};
