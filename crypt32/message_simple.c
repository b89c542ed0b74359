/*
 * message_simple.c: wincrypt.h: sealing, opening and hashing messages in one call.
 */
#include "crypt32/message_plan.h"

BOOL WINAPI CryptEncryptMessage(PCRYPT_ENCRYPT_MESSAGE_PARA para, DWORD count, PCCERT_CONTEXT certs[], const BYTE *data,
                                DWORD size, BYTE *out, DWORD *out_size)
{
    struct message *message;
    BOOL done;

    if (!para || para->cbSize < offsetof(CRYPT_ENCRYPT_MESSAGE_PARA, dwFlags) || !out_size)
        return crypt_fail((DWORD)E_INVALIDARG);
    message = message_new(CMSG_ENVELOPED, 0, NULL);
    if (!message)
        return FALSE;
    message->plan = plan_new(CMSG_ENVELOPED, 0, NULL);
    done = message->plan && plan_cipher(message->plan, &para->ContentEncryptionAlgorithm);
    for (DWORD i = 0; i < count && done; i++)
        done = plan_recipient_cert(message->plan, certs[i]->pCertInfo);
    done = done && CryptMsgUpdate(message, data, size, TRUE) &&
           CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, out, out_size);
    CryptMsgClose(message);
    return done;
}

static PCCERT_CONTEXT recipient_cert(HCERTSTORE store, const struct recipient *recipient)
{
    CRYPT_HASH_BLOB key_id = {recipient->key_id.size, (BYTE *)recipient->key_id.data};
    CERT_INFO id = {.Issuer = {recipient->issuer.whole_size, (BYTE *)recipient->issuer.whole}};
    CRYPT_INTEGER_BLOB *serial;
    PCCERT_CONTEXT cert = NULL;
    DWORD needed;

    if (recipient->key_id.data)
        return CertFindCertificateInStore(store, ENCODING_ANY, 0, CERT_FIND_KEY_IDENTIFIER, &key_id, NULL);
    if (!recipient->serial.data)
        return NULL;
    serial = asn_decode(&asn_big_integer, recipient->serial.whole, recipient->serial.whole_size, 0, &needed);
    if (serial) {
        id.SerialNumber = *serial;
        cert = CertGetSubjectCertificateFromStore(store, ENCODING_ANY, &id);
    }
    crypt_free(serial);
    return cert;
}

static BOOL open_with(struct message *message, DWORD index, PCCERT_CONTEXT cert)
{
    CRYPT_DATA_BLOB key = cert_private_key(cert);
    BCRYPT_KEY_HANDLE pair;
    BOOL done;

    if (!key.cbData || key_from_pkcs8(key.pbData, key.cbData, false, &pair))
        return crypt_fail((DWORD)CRYPT_E_NO_DECRYPT_CERT);
    done = enveloped_open(message, index, pair, NULL);
    BCryptDestroyKey(pair);
    return done;
}

/* By the first recipient whose certificate and key are in the caller's stores. */
static BOOL open_by_stores(struct message *message, const CRYPT_DECRYPT_MESSAGE_PARA *para, PCCERT_CONTEXT *used)
{
    for (DWORD i = 0; i < message->recipient_count; i++)
        for (DWORD j = 0; j < para->cCertStore; j++) {
            PCCERT_CONTEXT cert = recipient_cert(para->rghCertStore[j], &message->recipients[i]);
            BOOL done;

            if (!cert)
                continue;
            if (!cert_private_key(cert).cbData) {
                CertFreeCertificateContext(cert);
                continue;
            }
            done = open_with(message, i, cert);
            if (done && used)
                *used = cert;
            else
                CertFreeCertificateContext(cert);
            return done;
        }
    return crypt_fail((DWORD)CRYPT_E_NO_DECRYPT_CERT);
}

BOOL WINAPI CryptDecryptMessage(PCRYPT_DECRYPT_MESSAGE_PARA para, const BYTE *data, DWORD size, BYTE *out,
                                DWORD *out_size, PCCERT_CONTEXT *used)
{
    struct message *message;
    BOOL done;

    if (used)
        *used = NULL;
    if (!para || para->cbSize < offsetof(CRYPT_DECRYPT_MESSAGE_PARA, rghCertStore) + sizeof(void *))
        return crypt_fail((DWORD)E_INVALIDARG);
    message = CryptMsgOpenToDecode(para->dwMsgAndCertEncodingType, 0, 0, 0, NULL, NULL);
    done = message && CryptMsgUpdate(message, data, size, TRUE) &&
           (message->type == CMSG_ENVELOPED || crypt_fail((DWORD)CRYPT_E_UNEXPECTED_MSG_TYPE)) &&
           open_by_stores(message, para, used);
    if (done && out_size)
        done = CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, out, out_size);
    if (!done && used && *used) {
        CertFreeCertificateContext(*used);
        *used = NULL;
    }
    CryptMsgClose(message);
    return done;
}

BOOL WINAPI CryptSignAndEncryptMessage(PCRYPT_SIGN_MESSAGE_PARA sign, PCRYPT_ENCRYPT_MESSAGE_PARA encrypt, DWORD count,
                                       PCCERT_CONTEXT certs[], const BYTE *data, DWORD size, BYTE *out, DWORD *out_size)
{
    DWORD inner_size = 0;
    BYTE *inner = NULL;
    BOOL done = CryptSignMessage(sign, FALSE, 1, &data, &size, NULL, &inner_size) &&
                (inner = crypt_alloc(inner_size)) &&
                CryptSignMessage(sign, FALSE, 1, &data, &size, inner, &inner_size) &&
                CryptEncryptMessage(encrypt, count, certs, inner, inner_size, out, out_size);

    if (done && !out)
        *out_size += 16; /* a signature's size varies, and padding rounds up */
    crypt_free(inner);
    return done;
}

BOOL WINAPI CryptDecryptAndVerifyMessageSignature(PCRYPT_DECRYPT_MESSAGE_PARA decrypt,
                                                  PCRYPT_VERIFY_MESSAGE_PARA verify, DWORD index, const BYTE *data,
                                                  DWORD size, BYTE *out, DWORD *out_size, PCCERT_CONTEXT *used,
                                                  PCCERT_CONTEXT *signer)
{
    DWORD inner_size = 0;
    BYTE *inner = NULL;
    BOOL done = CryptDecryptMessage(decrypt, data, size, NULL, &inner_size, NULL) &&
                (inner = crypt_alloc(inner_size + 1)) &&
                CryptDecryptMessage(decrypt, data, size, inner, &inner_size, used) &&
                CryptVerifyMessageSignature(verify, index, inner, inner_size, out, out_size, signer);

    crypt_free(inner);
    return done;
}

BOOL WINAPI CryptHashMessage(PCRYPT_HASH_MESSAGE_PARA para, BOOL detached, DWORD count, const BYTE *parts[],
                             DWORD sizes[], BYTE *out, DWORD *out_size, BYTE *hash, DWORD *hash_size)
{
    CMSG_HASHED_ENCODE_INFO info = {.cbSize = sizeof info};
    HCRYPTMSG message;
    BOOL done;

    if (!para || para->cbSize != sizeof *para)
        return crypt_fail((DWORD)E_INVALIDARG);
    info.HashAlgorithm = para->HashAlgorithm;
    message = CryptMsgOpenToEncode(para->dwMsgEncodingType, detached ? CMSG_DETACHED_FLAG : 0, CMSG_HASHED, &info, NULL,
                                   NULL);
    done = message != NULL;
    if (done) {
        struct plan *plan = ((struct message *)message)->plan;

        for (DWORD i = 0; i < count && done; i++)
            done = bytes_add(&plan->content, parts[i], sizes[i]);
        done = done && CryptMsgUpdate(message, NULL, 0, TRUE);
    }
    if (done && out_size)
        done = CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, out, out_size);
    if (done && hash_size)
        done = CryptMsgGetParam(message, CMSG_COMPUTED_HASH_PARAM, 0, hash, hash_size);
    CryptMsgClose(message);
    return done;
}

static BOOL verify_hash(const CRYPT_HASH_MESSAGE_PARA *para, HCRYPTMSG message, BYTE *hash, DWORD *hash_size)
{
    (void)para;
    if (((struct message *)message)->type != CMSG_HASHED)
        return crypt_fail((DWORD)CRYPT_E_UNEXPECTED_MSG_TYPE);
    return CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_HASH, NULL) &&
           (!hash_size || CryptMsgGetParam(message, CMSG_COMPUTED_HASH_PARAM, 0, hash, hash_size));
}

BOOL WINAPI CryptVerifyMessageHash(PCRYPT_HASH_MESSAGE_PARA para, BYTE *data, DWORD size, BYTE *content,
                                   DWORD *content_size, BYTE *hash, DWORD *hash_size)
{
    HCRYPTMSG message;
    BOOL done;

    if (!para || para->cbSize != sizeof *para)
        return crypt_fail((DWORD)E_INVALIDARG);
    message = CryptMsgOpenToDecode(para->dwMsgEncodingType, 0, 0, 0, NULL, NULL);
    done = message && CryptMsgUpdate(message, data, size, TRUE) && verify_hash(para, message, hash, hash_size);
    if (done && content_size)
        done = CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, content, content_size);
    CryptMsgClose(message);
    return done;
}

BOOL WINAPI CryptVerifyDetachedMessageHash(PCRYPT_HASH_MESSAGE_PARA para, BYTE *data, DWORD size, DWORD count,
                                           const BYTE *parts[], DWORD sizes[], BYTE *hash, DWORD *hash_size)
{
    HCRYPTMSG message;
    BOOL done;

    if (!para || para->cbSize != sizeof *para)
        return crypt_fail((DWORD)E_INVALIDARG);
    message = message_read_detached(para->dwMsgEncodingType, data, size, count, parts, sizes);
    done = message && verify_hash(para, message, hash, hash_size);
    CryptMsgClose(message);
    return done;
}
