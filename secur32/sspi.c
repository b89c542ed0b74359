/*
 * sspi.c: sspi.h: handles of credentials and contexts, and what is done with them.
 *
 * Each call finds the package by its handle.  Here is what is the same for all of them.
 */
#include "secur32/package.h"

#define CREDENTIALS_MAGIC 0x64657263u
#define CONTEXT_MAGIC 0x74787463u
#define HANDLE_CHECK ((ULONG_PTR)0x5a5a7073697373)

void *context_buffer(size_t size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

WCHAR *context_text(const WCHAR *text)
{
    size_t size = (wide_length(text) + 1) * sizeof *text;
    WCHAR *copy = context_buffer(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

SECURITY_STATUS WINAPI FreeContextBuffer(void *buffer)
{
    if (buffer)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, buffer);
    return SEC_E_OK;
}

/* ---- handles ---- */

static void handle_set(SecHandle *handle, void *to)
{
    handle->dwLower = (ULONG_PTR)to;
    handle->dwUpper = (ULONG_PTR)to ^ HANDLE_CHECK;
}

static void *handle_get(const SecHandle *handle)
{
    bool good = handle && handle->dwLower && handle->dwUpper == (handle->dwLower ^ HANDLE_CHECK);

    return good ? (void *)handle->dwLower : NULL;
}

struct credentials_head *cred_from(const CredHandle *handle)
{
    struct credentials_head *credentials = handle_get(handle);

    return credentials && credentials->magic == CREDENTIALS_MAGIC ? credentials : NULL;
}

struct context_head *ctxt_from(const CtxtHandle *handle)
{
    struct context_head *context = handle_get(handle);

    return context && context->magic == CONTEXT_MAGIC ? context : NULL;
}

void cred_release(struct credentials_head *credentials)
{
    if (__sync_sub_and_fetch(&credentials->references, 1))
        return;
    credentials->magic = 0;
    credentials->package->release(credentials);
}

void ctxt_release(struct context_head *context)
{
    struct credentials_head *credentials = context->credentials;

    context->magic = 0;
    context->package->close(context);
    cred_release(credentials);
}

/* ---- credentials ---- */

SECURITY_STATUS cred_make(const struct package *package, const struct acquire *wanted, struct credentials_head **result)
{
    struct credentials_head *credentials = NULL;
    SECURITY_STATUS status = package->acquire(wanted, &credentials);

    if (status)
        return status;
    credentials->magic = CREDENTIALS_MAGIC;
    credentials->references = 1;
    credentials->package = package;
    credentials->inbound = wanted->use & SECPKG_CRED_INBOUND;
    credentials->outbound = wanted->use & SECPKG_CRED_OUTBOUND;
    *result = credentials;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI AcquireCredentialsHandleW(SEC_WCHAR *principal, SEC_WCHAR *name, ULONG use, void *logon,
                                                 void *data, SEC_GET_KEY_FN get_key, void *argument, PCredHandle handle,
                                                 PTimeStamp expiry)
{
    const struct package *package = package_find(name);
    struct credentials_head *credentials = NULL;
    SECURITY_STATUS status;

    (void)logon, (void)get_key, (void)argument;
    if (!package)
        return SEC_E_SECPKG_NOT_FOUND;
    if (!handle)
        return SEC_E_INVALID_PARAMETER;
    if (!(use & SECPKG_CRED_BOTH))
        return SEC_E_UNKNOWN_CREDENTIALS;
    status = cred_make(package, &(struct acquire){principal, use, data}, &credentials);
    if (status)
        return status;
    handle_set(handle, credentials);
    if (expiry)
        expiry->QuadPart = INT64_MAX;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI AcquireCredentialsHandleA(SEC_CHAR *principal, SEC_CHAR *package, ULONG use, void *logon,
                                                 void *data, SEC_GET_KEY_FN get_key, void *argument, PCredHandle handle,
                                                 PTimeStamp expiry)
{
    WCHAR *who = wide_from_ansi(principal), *wide = wide_from_ansi(package);
    SECURITY_STATUS status = AcquireCredentialsHandleW(who, wide, use, logon, data, get_key, argument, handle, expiry);

    crypt_free(who);
    crypt_free(wide);
    return status;
}

SECURITY_STATUS WINAPI FreeCredentialsHandle(PCredHandle handle)
{
    struct credentials_head *credentials = cred_from(handle);

    if (!credentials)
        return SEC_E_INVALID_HANDLE;
    cred_release(credentials);
    handle->dwLower = handle->dwUpper = (ULONG_PTR)-1;
    return SEC_E_OK;
}

/* ---- making contexts ---- */

SecBuffer *buffer_find(const SecBufferDesc *description, ULONG type)
{
    for (ULONG i = 0; description && description->pBuffers && i < description->cBuffers; i++)
        if ((description->pBuffers[i].BufferType & ~(ULONG)SECBUFFER_ATTRMASK) == type)
            return &description->pBuffers[i];
    return NULL;
}

SECURITY_STATUS token_give(SecBufferDesc *output, const void *data, size_t size, bool allocate)
{
    SecBuffer *token = buffer_find(output, SECBUFFER_TOKEN);

    if (!token && output && output->cBuffers && output->pBuffers[0].BufferType == SECBUFFER_EMPTY && size) {
        token = &output->pBuffers[0];
        token->BufferType = SECBUFFER_TOKEN;
    }
    if (!token)
        return size ? SEC_E_INVALID_TOKEN : SEC_E_OK;
    if (allocate) {
        token->pvBuffer = size ? context_buffer(size) : NULL;
        if (size && !token->pvBuffer)
            return SEC_E_INSUFFICIENT_MEMORY;
    } else if (size && (!token->pvBuffer || token->cbBuffer < size)) {
        token->cbBuffer = (ULONG)size;
        return SEC_E_BUFFER_TOO_SMALL;
    }
    if (size)
        memcpy(token->pvBuffer, data, size);
    token->cbBuffer = (ULONG)size;
    return SEC_E_OK;
}

SECURITY_STATUS ctxt_step(struct credentials_head *credentials, struct context_head **context, struct step *step)
{
    bool first = !*context;
    SECURITY_STATUS status = credentials->package->step(credentials, context, step);

    if (first && *context) {
        (*context)->magic = CONTEXT_MAGIC;
        (*context)->server = step->server;
        (*context)->package = credentials->package;
        (*context)->credentials = credentials;
        __sync_fetch_and_add(&credentials->references, 1);
    }
    return status;
}

/* A package may have asked for better ones. */
static void credentials_change(struct context_head *context, struct credentials_head *credentials)
{
    struct credentials_head *before = context->credentials;

    if (!credentials || credentials == before || credentials->package != context->package || !context->package->change)
        return;
    __sync_fetch_and_add(&credentials->references, 1);
    context->package->change(context, credentials);
    context->credentials = credentials;
    cred_release(before);
}

static SECURITY_STATUS context_step(struct step *step, const CredHandle *credential, const CtxtHandle *handle,
                                    CtxtHandle *result, ULONG *attributes, TimeStamp *expiry)
{
    struct credentials_head *credentials = cred_from(credential);
    struct context_head *context = handle ? ctxt_from(handle) : NULL;
    SECURITY_STATUS status;
    bool first = !handle;

    if (first) {
        if (!credentials || !(step->server ? credentials->inbound : credentials->outbound))
            return SEC_E_INVALID_HANDLE;
        if (!result)
            return SEC_E_INVALID_PARAMETER;
    } else if (!context || context->server != step->server) {
        return SEC_E_INVALID_HANDLE;
    } else {
        credentials_change(context, credentials);
        credentials = context->credentials;
    }
    status = ctxt_step(credentials, &context, step);
    if (!context)
        return status;
    if (result)
        handle_set(result, context);
    if (attributes)
        *attributes = step->attributes;
    if (expiry)
        *expiry = step->expiry;
    return status;
}

SECURITY_STATUS WINAPI InitializeSecurityContextW(PCredHandle credential, PCtxtHandle handle, SEC_WCHAR *target,
                                                  ULONG requested, ULONG reserved1, ULONG representation,
                                                  PSecBufferDesc input, ULONG reserved2, PCtxtHandle result,
                                                  PSecBufferDesc output, ULONG *attributes, PTimeStamp expiry)
{
    struct step step = {false, target, requested, representation, input, output, 0, {.QuadPart = INT64_MAX}};

    (void)reserved1, (void)reserved2;
    return context_step(&step, credential, handle, result, attributes, expiry);
}

SECURITY_STATUS WINAPI InitializeSecurityContextA(PCredHandle credential, PCtxtHandle handle, SEC_CHAR *target,
                                                  ULONG requested, ULONG reserved1, ULONG representation,
                                                  PSecBufferDesc input, ULONG reserved2, PCtxtHandle result,
                                                  PSecBufferDesc output, ULONG *attributes, PTimeStamp expiry)
{
    WCHAR *wide = wide_from_ansi(target);
    SECURITY_STATUS status = InitializeSecurityContextW(credential, handle, wide, requested, reserved1, representation,
                                                        input, reserved2, result, output, attributes, expiry);

    crypt_free(wide);
    return status;
}

SECURITY_STATUS WINAPI AcceptSecurityContext(PCredHandle credential, PCtxtHandle handle, PSecBufferDesc input,
                                             ULONG requested, ULONG representation, PCtxtHandle result,
                                             PSecBufferDesc output, ULONG *attributes, PTimeStamp expiry)
{
    struct step step = {true, NULL, requested, representation, input, output, 0, {.QuadPart = INT64_MAX}};

    return context_step(&step, credential, handle, result, attributes, expiry);
}

SECURITY_STATUS WINAPI DeleteSecurityContext(PCtxtHandle handle)
{
    struct context_head *context = ctxt_from(handle);

    if (!context)
        return SEC_E_INVALID_HANDLE;
    ctxt_release(context);
    handle->dwLower = handle->dwUpper = (ULONG_PTR)-1;
    return SEC_E_OK;
}

SECURITY_STATUS WINAPI ApplyControlToken(PCtxtHandle handle, PSecBufferDesc input)
{
    struct context_head *context = ctxt_from(handle);

    if (!context)
        return SEC_E_INVALID_HANDLE;
    return context->package->control ? context->package->control(context, input) : SEC_E_UNSUPPORTED_FUNCTION;
}

/* No package here leaves anything to be completed. */
SECURITY_STATUS WINAPI CompleteAuthToken(PCtxtHandle handle, PSecBufferDesc token)
{
    struct context_head *context = ctxt_from(handle);

    if (!context)
        return SEC_E_INVALID_HANDLE;
    return context->package->sign && token ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
}

/* ---- messages ---- */

SECURITY_STATUS WINAPI MakeSignature(PCtxtHandle handle, ULONG quality, PSecBufferDesc message, ULONG sequence)
{
    struct context_head *context = ctxt_from(handle);

    (void)sequence;
    if (!context)
        return SEC_E_INVALID_HANDLE;
    return context->package->sign ? context->package->sign(context, quality, message) : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS WINAPI VerifySignature(PCtxtHandle handle, PSecBufferDesc message, ULONG sequence, ULONG *quality)
{
    struct context_head *context = ctxt_from(handle);

    (void)sequence;
    if (!context)
        return SEC_E_INVALID_HANDLE;
    return context->package->verify ? context->package->verify(context, message, quality) : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS WINAPI EncryptMessage(PCtxtHandle handle, ULONG quality, PSecBufferDesc message, ULONG sequence)
{
    struct context_head *context = ctxt_from(handle);

    (void)sequence;
    if (!context)
        return SEC_E_INVALID_HANDLE;
    return context->package->encrypt ? context->package->encrypt(context, quality, message)
                                     : SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS WINAPI DecryptMessage(PCtxtHandle handle, PSecBufferDesc message, ULONG sequence, ULONG *quality)
{
    struct context_head *context = ctxt_from(handle);

    (void)sequence;
    if (!context)
        return SEC_E_INVALID_HANDLE;
    return context->package->decrypt ? context->package->decrypt(context, message, quality)
                                     : SEC_E_UNSUPPORTED_FUNCTION;
}

/* ---- the client's identity ---- */

SECURITY_STATUS WINAPI QuerySecurityContextToken(PCtxtHandle handle, void **token)
{
    struct context_head *context = ctxt_from(handle);

    if (!context)
        return SEC_E_INVALID_HANDLE;
    *token = NULL;
    return context->package->token ? context->package->token(context, token) : SEC_E_NO_IMPERSONATION;
}

SECURITY_STATUS WINAPI ImpersonateSecurityContext(PCtxtHandle handle)
{
    HANDLE token;
    SECURITY_STATUS status = QuerySecurityContextToken(handle, &token);

    if (status)
        return status;
    status = ImpersonateLoggedOnUser(token) ? SEC_E_OK : SEC_E_NO_IMPERSONATION;
    CloseHandle(token);
    return status;
}

SECURITY_STATUS WINAPI RevertSecurityContext(PCtxtHandle handle)
{
    if (!ctxt_from(handle))
        return SEC_E_INVALID_HANDLE;
    return RevertToSelf() ? SEC_E_OK : SEC_E_NO_IMPERSONATION;
}

/* ---- to other processes ---- */

SECURITY_STATUS WINAPI ExportSecurityContext(PCtxtHandle handle, ULONG flags, PSecBuffer packed, void **token)
{
    (void)flags, (void)packed, (void)token;
    return ctxt_from(handle) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS WINAPI ImportSecurityContextW(SEC_WCHAR *package, PSecBuffer packed, void *token, PCtxtHandle handle)
{
    (void)packed, (void)token, (void)handle;
    return package_find(package) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_SECPKG_NOT_FOUND;
}

SECURITY_STATUS WINAPI ImportSecurityContextA(SEC_CHAR *package, PSecBuffer packed, void *token, PCtxtHandle handle)
{
    WCHAR *wide = wide_from_ansi(package);
    SECURITY_STATUS status = ImportSecurityContextW(wide, packed, token, handle);

    crypt_free(wide);
    return status;
}
