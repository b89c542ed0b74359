/*
 * sign.c: wincrypt.h: signing messages by a certificate's private key.
 */
#include "crypt32/message_plan.h"

/* How a key of a kind signs a hash: the algorithm's name in messages and in certificates. */
static const struct {
    const char *key, *hash, *message, *certificate;
} algorithms[] = {
    {szOID_RSA_RSA, szOID_OIWSEC_sha1, szOID_RSA_RSA, szOID_RSA_SHA1RSA},
    {szOID_RSA_RSA, szOID_NIST_sha256, szOID_RSA_RSA, szOID_RSA_SHA256RSA},
    {szOID_RSA_RSA, szOID_NIST_sha384, szOID_RSA_RSA, szOID_RSA_SHA384RSA},
    {szOID_RSA_RSA, szOID_NIST_sha512, szOID_RSA_RSA, szOID_RSA_SHA512RSA},
    {szOID_ECC_PUBLIC_KEY, szOID_OIWSEC_sha1, szOID_ECDSA_SHA1, szOID_ECDSA_SHA1},
    {szOID_ECC_PUBLIC_KEY, szOID_NIST_sha256, szOID_ECDSA_SHA256, szOID_ECDSA_SHA256},
    {szOID_ECC_PUBLIC_KEY, szOID_NIST_sha384, szOID_ECDSA_SHA384, szOID_ECDSA_SHA384},
    {szOID_ECC_PUBLIC_KEY, szOID_NIST_sha512, szOID_ECDSA_SHA512, szOID_ECDSA_SHA512},
};

const char *signature_algorithm(const char *key, const char *hash, bool message)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (!strcmp(algorithms[i].key, key) && !strcmp(algorithms[i].hash, hash))
            return message ? algorithms[i].message : algorithms[i].certificate;
    return NULL;
}

bool signature_parts(const char *certificate, const char **key, const char **hash)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (!strcmp(algorithms[i].certificate, certificate)) {
            *key = algorithms[i].key;
            *hash = algorithms[i].hash;
            return true;
        }
    return false;
}

static BOOL give_message(struct message *message, BYTE *out, DWORD *out_size)
{
    BOOL done = CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, out, out_size);

    if (done && !out)
        *out_size += SIGNATURE_SLACK;
    return done;
}

BOOL WINAPI CryptSignMessage(PCRYPT_SIGN_MESSAGE_PARA para, BOOL detached, DWORD parts, const BYTE *part[],
                             DWORD part_size[], BYTE *out, DWORD *out_size)
{
    struct message *message;
    CRYPT_DATA_BLOB key;
    BOOL done;

    if (!para || para->cbSize < offsetof(CRYPT_SIGN_MESSAGE_PARA, dwInnerContentType) || !out_size)
        return crypt_fail((DWORD)E_INVALIDARG);
    key = cert_private_key(para->pSigningCert);
    if (para->pSigningCert && !key.cbData)
        return crypt_fail((DWORD)CRYPT_E_NO_KEY_PROPERTY);
    message = message_new(CMSG_SIGNED, detached ? CMSG_DETACHED_FLAG : 0, NULL);
    if (!message)
        return FALSE;
    message->plan = plan_new(CMSG_SIGNED, message->flags, NULL);
    done = message->plan &&
           (!para->pSigningCert ||
            plan_signer_add(message->plan, para->pSigningCert->pCertInfo, NULL, &key, para->HashAlgorithm.pszObjId,
                            para->cAuthAttr, para->rgAuthAttr, para->cUnauthAttr, para->rgUnauthAttr));
    for (DWORD i = 0; i < para->cMsgCert && done; i++)
        done = bytes_add(&message->plan->certs, para->rgpMsgCert[i]->pbCertEncoded, para->rgpMsgCert[i]->cbCertEncoded);
    for (DWORD i = 0; i < para->cMsgCrl && done; i++)
        done = bytes_add(&message->plan->crls, para->rgpMsgCrl[i]->pbCrlEncoded, para->rgpMsgCrl[i]->cbCrlEncoded);
    for (DWORD i = 0; i < parts && done; i++)
        done = bytes_add(&message->plan->content, part[i], part_size[i]);
    if (done)
        message->plan->whole = message->whole = message->final = true;
    done = done && give_message(message, out, out_size);
    CryptMsgClose(message);
    return done;
}
