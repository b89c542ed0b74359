/*
 * schannel_attributes.c: what Schannel tells of a context: sizes, the peer, what was agreed on.
 */
#include "secur32/schannel.h"

static DWORD protocol_bit(const struct security_context *context)
{
    bool server = context->server;

    switch (context->info.version) {
    case 0x0301:
        return server ? SP_PROT_TLS1_0_SERVER : SP_PROT_TLS1_0_CLIENT;
    case 0x0302:
        return server ? SP_PROT_TLS1_1_SERVER : SP_PROT_TLS1_1_CLIENT;
    case 0x0303:
        return server ? SP_PROT_TLS1_2_SERVER : SP_PROT_TLS1_2_CLIENT;
    case 0x0304:
        return server ? SP_PROT_TLS1_3_SERVER : SP_PROT_TLS1_3_CLIENT;
    default:
        return 0;
    }
}

static ALG_ID cipher_number(const struct tls_info *info)
{
    switch (info->cipher) {
    case TLS_CIPHER_AES:
        return info->cipher_bits == 256 ? CALG_AES_256 : CALG_AES_128;
    case TLS_CIPHER_3DES:
        return CALG_3DES;
    default:
        return 0;
    }
}

static ALG_ID hash_number(unsigned bits)
{
    return bits == 384 ? CALG_SHA_384 : bits == 256 ? CALG_SHA_256 : bits == 160 ? CALG_SHA1 : CALG_SHA_512;
}

/* Windows' head of a record: with what is random in it. */
static SECURITY_STATUS stream_sizes(const struct security_context *context, SecPkgContext_StreamSizes *sizes)
{
    const struct tls_info *info = &context->info;
    unsigned head = 5;

    if (info->version < 0x0304)
        head += info->aead ? info->cipher == TLS_CIPHER_AES ? 8 : 0 : info->block_size;
    *sizes = (SecPkgContext_StreamSizes){.cbHeader = head,
                                         .cbTrailer = (info->overhead > head ? info->overhead - head : 0) + 16,
                                         .cbMaximumMessage = info->maximum,
                                         .cBuffers = 4,
                                         .cbBlockSize = info->aead ? 1 : info->block_size};
    return SEC_E_OK;
}

static void connection_info(const struct security_context *context, SecPkgContext_ConnectionInfo *out)
{
    const struct tls_info *info = &context->info;

    *out = (SecPkgContext_ConnectionInfo){
        .dwProtocol = protocol_bit(context),
        .aiCipher = cipher_number(info),
        .dwCipherStrength = info->cipher_bits,
        .aiHash = hash_number(info->hash_bits),
        .dwHashStrength = info->hash_bits,
        .aiExch = info->exchange == 'r'   ? CALG_RSA_KEYX
                  : info->exchange == 'd' ? CALG_DH_EPHEM
                                          : CALG_ECDH_EPHEM,
        .dwExchStrength = info->exchange_bits,
    };
}

static void text_set(WCHAR *to, size_t room, const char *from)
{
    size_t i;

    for (i = 0; i + 1 < room && from[i]; i++)
        to[i] = (BYTE)from[i];
    to[i] = 0;
}

static void cipher_info(const struct security_context *context, SecPkgContext_CipherInfo *out)
{
    const struct tls_info *info = &context->info;
    const char *cipher = info->cipher == TLS_CIPHER_AES      ? "AES"
                         : info->cipher == TLS_CIPHER_CHACHA ? "CHACHA20_POLY1305"
                                                             : "3DES";
    const char *hash = info->hash_bits == 384 ? "SHA384" : info->hash_bits == 256 ? "SHA256" : "SHA1";

    *out = (SecPkgContext_CipherInfo){.dwVersion = 1,
                                      .dwProtocol = info->version,
                                      .dwCipherSuite = info->suite,
                                      .dwBaseCipherSuite = info->suite,
                                      .dwCipherLen = info->cipher_bits,
                                      .dwCipherBlockLen = info->block_size,
                                      .dwHashLen = info->aead ? 0 : info->mac_bits,
                                      .dwMinExchangeLen = info->exchange == 'e' ? 0 : 1024,
                                      .dwMaxExchangeLen = info->exchange == 'e' ? 65536 : 4096};
    text_set(out->szCipherSuite, SZ_ALG_MAX_SIZE, info->suite_name);
    text_set(out->szCipher, SZ_ALG_MAX_SIZE, cipher);
    text_set(out->szHash, SZ_ALG_MAX_SIZE, info->aead ? "" : hash);
    text_set(out->szExchange, SZ_ALG_MAX_SIZE, info->exchange == 'r' ? "RSA" : info->exchange == 'd' ? "DH" : "ECDH");
}

static SECURITY_STATUS bindings(struct security_context *context, int kind, const char *prefix,
                                SecPkgContext_Bindings *out)
{
    struct tls_data data;
    size_t front = strlen(prefix);
    SEC_CHANNEL_BINDINGS *block;

    if (!tls_plugin()->binding(context->session, kind, &data))
        return SEC_E_UNSUPPORTED_FUNCTION;
    block = context_buffer(sizeof *block + front + data.size);
    if (block) {
        block->cbApplicationDataLength = (ULONG)(front + data.size);
        block->dwApplicationDataOffset = sizeof *block;
        memcpy(block + 1, prefix, front);
        memcpy((BYTE *)(block + 1) + front, data.data, data.size);
        *out = (SecPkgContext_Bindings){(ULONG)(sizeof *block + front + data.size), block};
    }
    tls_plugin()->release(data.data);
    return block ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static void application_protocol(const struct security_context *context, SecPkgContext_ApplicationProtocol *out)
{
    *out = (SecPkgContext_ApplicationProtocol){0};
    if (!context->info.protocol_size)
        return;
    out->ProtoNegoStatus = SecApplicationProtocolNegotiationStatus_Success;
    out->ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
    out->ProtocolIdSize = (unsigned char)context->info.protocol_size;
    memcpy(out->ProtocolId, context->info.protocol, context->info.protocol_size);
}

/* A block of the caller's own. */
static SECURITY_STATUS issuer_list(const struct security_context *context, SecPkgContext_IssuerListInfoEx *list)
{
    size_t size = context->issuer_count * sizeof *context->issuers;
    BYTE *at;

    *list = (SecPkgContext_IssuerListInfoEx){0};
    for (DWORD i = 0; i < context->issuer_count; i++)
        size += context->issuers[i].cbData;
    if (!size)
        return SEC_E_OK;
    list->aIssuers = context_buffer(size);
    if (!list->aIssuers)
        return SEC_E_INSUFFICIENT_MEMORY;
    list->cIssuers = context->issuer_count;
    at = (BYTE *)(list->aIssuers + list->cIssuers);
    for (DWORD i = 0; i < list->cIssuers; i++) {
        list->aIssuers[i].cbData = context->issuers[i].cbData;
        list->aIssuers[i].pbData = memcpy(at, context->issuers[i].pbData, context->issuers[i].cbData);
        at += list->aIssuers[i].cbData;
    }
    return SEC_E_OK;
}

/* These make sense before the handshake is done. */
static bool early(ULONG attribute)
{
    return attribute == SECPKG_ATTR_SIZES || attribute == SECPKG_ATTR_REMOTE_CERT_CONTEXT ||
           attribute == SECPKG_ATTR_ISSUER_LIST_EX || attribute == SECPKG_ATTR_FLAGS ||
           attribute == SECPKG_ATTR_UI_INFO;
}

SECURITY_STATUS schannel_query(struct context_head *head, ULONG attribute, void *buffer)
{
    struct security_context *context = (struct security_context *)head;

    if (attribute == SECPKG_ATTR_PACKAGE_INFO)
        return SEC_E_UNSUPPORTED_FUNCTION;
    if (context->state == CONTEXT_HANDSHAKE && !early(attribute))
        return SEC_E_INVALID_HANDLE;
    switch (attribute) {
    case SECPKG_ATTR_SIZES:
        *(SecPkgContext_Sizes *)buffer = (SecPkgContext_Sizes){.cbMaxToken = MAX_TOKEN};
        return SEC_E_OK;
    case SECPKG_ATTR_STREAM_SIZES:
        return stream_sizes(context, buffer);
    case SECPKG_ATTR_CONNECTION_INFO:
        connection_info(context, buffer);
        return SEC_E_OK;
    case SECPKG_ATTR_CIPHER_INFO:
        cipher_info(context, buffer);
        return SEC_E_OK;
    case SECPKG_ATTR_REMOTE_CERT_CONTEXT: {
        PCCERT_CONTEXT cert = peer_certificate(context);

        *(PCCERT_CONTEXT *)buffer = cert;
        return cert ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
    }
    case SECPKG_ATTR_LOCAL_CERT_CONTEXT: {
        bool used = context->server || tls_plugin()->client_asked(context->session);

        *(PCCERT_CONTEXT *)buffer = used ? CertDuplicateCertificateContext(context->credentials->certificate) : NULL;
        return *(PCCERT_CONTEXT *)buffer ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
    }
    case SECPKG_ATTR_APPLICATION_PROTOCOL:
        application_protocol(context, buffer);
        return SEC_E_OK;
    case SECPKG_ATTR_UNIQUE_BINDINGS:
        return bindings(context, context->info.version == 0x0304 ? 'e' : 'u', "tls-unique:", buffer);
    case SECPKG_ATTR_ENDPOINT_BINDINGS:
        return bindings(context, 's', "tls-server-end-point:", buffer);
    case SECPKG_ATTR_FLAGS:
        ((SecPkgContext_Flags *)buffer)->Flags = context->requested;
        return SEC_E_OK;
    case SECPKG_ATTR_LIFESPAN:
        ((SecPkgContext_Lifespan *)buffer)->tsStart.QuadPart = 0;
        ((SecPkgContext_Lifespan *)buffer)->tsExpiry.QuadPart = INT64_MAX;
        return SEC_E_OK;
    case SECPKG_ATTR_SESSION_INFO: {
        SecPkgContext_SessionInfo *info = buffer;

        *info = (SecPkgContext_SessionInfo){.dwFlags = context->info.resumed ? SSL_SESSION_RECONNECT : 0,
                                            .cbSessionId = context->info.session_id_size};
        memcpy(info->rgbSessionId, context->info.session_id, context->info.session_id_size);
        return SEC_E_OK;
    }
    case SECPKG_ATTR_ISSUER_LIST_EX:
        return issuer_list(context, buffer);
    default:
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
}
