/*
 * message_seal.c: wincrypt.h: writing sealed messages: the content's key for each recipient, by RSA or by an agreement
 * with a key made for the message.
 */
#include "crypt32/message_plan.h"

#define OID_ECDH_SHA256 "1.3.132.1.11.1"
#define OID_WRAP_AES256 "2.16.840.1.101.3.4.1.45"

bool plan_cipher(struct plan *plan, const CRYPT_ALGORITHM_IDENTIFIER *algorithm)
{
    plan->cipher = content_cipher_find(algorithm->pszObjId);
    if (!plan->cipher || !crypto_plugin())
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    random_bytes(plan->key, plan->cipher->key);
    return content_parameters(plan->cipher, &plan->parameters);
}

static bool recipient_keep(struct plan *plan, struct encoder *out, bool good)
{
    good = good && bytes_add(&plan->recipients, encoder_data(out), out->used);
    crypt_free(out->base);
    return good || crypt_fail((DWORD)NTE_FAIL);
}

static bool id_write(struct encoder *out, const CERT_NAME_BLOB *issuer, const CRYPT_INTEGER_BLOB *serial,
                     const CERT_ID *id)
{
    size_t before = out->used;

    if (id && id->dwIdChoice == CERT_ID_KEY_IDENTIFIER)
        return encoder_put(out, id->KeyId.pbData, id->KeyId.cbData) && encoder_wrap(out, DER_CONTEXT, before);
    if (id && id->dwIdChoice == CERT_ID_ISSUER_SERIAL_NUMBER) {
        issuer = &id->IssuerSerialNumber.Issuer;
        serial = &id->IssuerSerialNumber.SerialNumber;
    }
    return asn_encode_value(out, &asn_big_integer, serial) && encoder_put(out, issuer->pbData, issuer->cbData) &&
           encoder_wrap(out, DER_SEQUENCE, before);
}

static bool transport_add(struct plan *plan, const CERT_PUBLIC_KEY_INFO *public_key, const CERT_NAME_BLOB *issuer,
                          const CRYPT_INTEGER_BLOB *serial, const CERT_ID *id, bool oaep)
{
    BCRYPT_OAEP_PADDING_INFO padding = {.pszAlgId = BCRYPT_SHA1_ALGORITHM};
    struct encoder out = {0};
    BCRYPT_KEY_HANDLE pair;
    BYTE sealed[2048];
    ULONG size = 0;
    NTSTATUS status = key_from_public_info(public_key, false, &pair);
    bool good, by_key = id && id->dwIdChoice == CERT_ID_KEY_IDENTIFIER;

    if (status)
        return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    status = BCryptEncrypt(pair, plan->key, plan->cipher->key, oaep ? &padding : NULL, NULL, 0, sealed, sizeof sealed,
                           &size, oaep ? BCRYPT_PAD_OAEP : BCRYPT_PAD_PKCS1);
    BCryptDestroyKey(pair);
    if (by_key)
        plan->recipient_version = 2;
    CRYPT_ALGORITHM_IDENTIFIER algorithm = {.pszObjId = (LPSTR)(oaep ? szOID_RSAES_OAEP : szOID_RSA_RSA)};
    if (oaep) /* an empty sequence: all as it is by default */
        algorithm.Parameters = (CRYPT_OBJID_BLOB){2, (BYTE *)"\x30\0"};
    good = !status && encoder_put(&out, sealed, size) && encoder_wrap(&out, DER_OCTETS, 0) &&
           asn_encode_value(&out, &asn_algorithm, &algorithm) && id_write(&out, issuer, serial, id) &&
           encoder_put(&out, by_key ? "\2\1\2" : "\2\1\0", 3) && encoder_wrap(&out, DER_SEQUENCE, 0);
    return recipient_keep(plan, &out, good);
}

/* The content's key under a wrapping key, as a blob. */
static NTSTATUS key_wrapped(const struct plan *plan, BCRYPT_KEY_HANDLE wrapper, BYTE *out, ULONG room, ULONG *size)
{
    BCRYPT_KEY_HANDLE key;
    NTSTATUS status =
        BCryptGenerateSymmetricKey(plan->cipher->handle, &key, NULL, 0, (UCHAR *)plan->key, plan->cipher->key, 0);

    if (status)
        return status;
    status = BCryptExportKey(key, wrapper, BCRYPT_AES_WRAP_KEY_BLOB, out, room, size, 0);
    BCryptDestroyKey(key);
    return status;
}

static bool agreement_write(struct encoder *out, const struct agreement *agreement, BCRYPT_KEY_HANDLE own,
                            const BYTE *wrapped, ULONG wrapped_size, const CERT_NAME_BLOB *issuer,
                            const CRYPT_INTEGER_BLOB *serial, const CERT_ID *id)
{
    struct bcrypt_key *key = key_from_handle(own);
    size_t before;
    bool by_key = id && id->dwIdChoice == CERT_ID_KEY_IDENTIFIER;

    if (!encoder_put(out, wrapped, wrapped_size) || !encoder_wrap(out, DER_OCTETS, 0))
        return false;
    before = out->used;
    if (by_key ? !(encoder_put(out, id->KeyId.pbData, id->KeyId.cbData) && encoder_wrap(out, DER_OCTETS, before) &&
                   encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before))
               : !id_write(out, issuer, serial, id))
        return false;
    if (!encoder_wrap(out, DER_SEQUENCE, 0) || !encoder_wrap(out, DER_SEQUENCE, 0))
        return false;
    before = out->used;
    if (!oid_encode(out, agreement->wrap->pszObjId) || !encoder_wrap(out, DER_SEQUENCE, before) ||
        !oid_encode(out, agreement->scheme) || !encoder_wrap(out, DER_SEQUENCE, before))
        return false;
    before = out->used; /* the originator's public key, on the recipient's curve */
    if (!encoder_put(out, key->numbers, 2 * curve_bytes(key->algorithm.curve)) || !encoder_put(out, "\0\4", 2) ||
        !encoder_wrap(out, DER_BITS, before))
        return false;
    size_t bits = out->used;
    return oid_encode(out, curve_oid(key->algorithm.curve)) && oid_encode(out, szOID_ECC_PUBLIC_KEY) &&
           encoder_wrap(out, DER_SEQUENCE, bits) && encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 1, before) &&
           encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before) && encoder_put(out, "\2\1\3", 3) &&
           encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 1, 0);
}

static bool agreement_add(struct plan *plan, const CERT_PUBLIC_KEY_INFO *public_key, const CERT_NAME_BLOB *issuer,
                          const CRYPT_INTEGER_BLOB *serial, const CERT_ID *id, const CRYPT_ALGORITHM_IDENTIFIER *wrap,
                          const char *scheme)
{
    CRYPT_ALGORITHM_IDENTIFIER usual = {.pszObjId = (LPSTR)OID_WRAP_AES256};
    struct agreement agreement = {scheme ? scheme : OID_ECDH_SHA256, wrap ? wrap : &usual, NULL, 0};
    BCRYPT_KEY_HANDLE other = NULL, own = NULL, wrapper = NULL;
    struct encoder out = {0};
    BYTE wrapped[64];
    ULONG size = 0;
    NTSTATUS status = key_from_public_info(public_key, true, &other);
    bool good;

    if (!status) {
        struct algorithm algorithm = key_from_handle(other)->algorithm;

        status = BCryptGenerateKeyPair(&algorithm, &own, 0, 0);
    }
    if (!status)
        status = BCryptFinalizeKeyPair(own, 0);
    if (!status)
        status = agreement_key(&agreement, own, other, &wrapper);
    if (!status)
        status = key_wrapped(plan, wrapper, wrapped, sizeof wrapped, &size);
    plan->recipient_version = 2;
    good = !status && agreement_write(&out, &agreement, own, wrapped, size, issuer, serial, id);
    BCRYPT_KEY_HANDLE keys[] = {other, own, wrapper};
    for (size_t i = 0; i < ARRAYSIZE(keys); i++)
        if (keys[i])
            BCryptDestroyKey(keys[i]);
    return recipient_keep(plan, &out, good);
}

/* As the key is: RSA takes the content's key, a curve agrees on one. */
static bool recipient_add(struct plan *plan, const CERT_PUBLIC_KEY_INFO *public_key, const CERT_NAME_BLOB *issuer,
                          const CRYPT_INTEGER_BLOB *serial, const CERT_ID *id)
{
    return !strcmp(public_key->Algorithm.pszObjId, szOID_ECC_PUBLIC_KEY)
               ? agreement_add(plan, public_key, issuer, serial, id, NULL, NULL)
               : transport_add(plan, public_key, issuer, serial, id, false);
}

bool plan_recipient_cert(struct plan *plan, const CERT_INFO *cert)
{
    return recipient_add(plan, &cert->SubjectPublicKeyInfo, &cert->Issuer, &cert->SerialNumber, NULL);
}

static bool cms_transport(struct plan *plan, const CMSG_KEY_TRANS_RECIPIENT_ENCODE_INFO *info)
{
    CERT_PUBLIC_KEY_INFO key = {.Algorithm = {.pszObjId = (LPSTR)szOID_RSA_RSA}, .PublicKey = info->RecipientPublicKey};

    return transport_add(plan, &key, NULL, NULL, &info->RecipientId,
                         info->KeyEncryptionAlgorithm.pszObjId &&
                             !strcmp(info->KeyEncryptionAlgorithm.pszObjId, szOID_RSAES_OAEP));
}

static bool cms_agreement(struct plan *plan, const CMSG_KEY_AGREE_RECIPIENT_ENCODE_INFO *info)
{
    for (DWORD i = 0; i < info->cRecipientEncryptedKeys; i++) {
        const CMSG_RECIPIENT_ENCRYPTED_KEY_ENCODE_INFO *one = info->rgpRecipientEncryptedKeys[i];
        CERT_PUBLIC_KEY_INFO key = {.PublicKey = one->RecipientPublicKey};

        if (info->dwKeyChoice != CMSG_KEY_AGREE_EPHEMERAL_KEY_CHOICE || !info->pEphemeralAlgorithm)
            return crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
        key.Algorithm = *info->pEphemeralAlgorithm;
        if (!agreement_add(plan, &key, NULL, NULL, &one->RecipientId,
                           info->KeyWrapAlgorithm.pszObjId ? &info->KeyWrapAlgorithm : NULL,
                           info->KeyEncryptionAlgorithm.pszObjId))
            return false;
    }
    return true;
}

bool plan_envelope(struct plan *plan, const CMSG_ENVELOPED_ENCODE_INFO *info)
{
    bool cms = info->cbSize >= sizeof *info, good;

    if (info->cbSize < offsetof(CMSG_ENVELOPED_ENCODE_INFO, rgCmsRecipients))
        return crypt_fail((DWORD)E_INVALIDARG);
    good = plan_cipher(plan, &info->ContentEncryptionAlgorithm);
    for (DWORD i = 0; i < info->cRecipients && good; i++) {
        const CMSG_RECIPIENT_ENCODE_INFO *one = cms && info->rgCmsRecipients ? &info->rgCmsRecipients[i] : NULL;

        if (!one)
            good = info->rgpRecipients ? plan_recipient_cert(plan, info->rgpRecipients[i])
                                       : crypt_fail((DWORD)E_INVALIDARG);
        else if (one->dwRecipientChoice == CMSG_KEY_TRANS_RECIPIENT)
            good = cms_transport(plan, one->pKeyTrans);
        else
            good = one->dwRecipientChoice == CMSG_KEY_AGREE_RECIPIENT ? cms_agreement(plan, one->pKeyAgree)
                                                                      : crypt_fail((DWORD)CRYPT_E_UNKNOWN_ALGO);
    }
    for (DWORD i = 0; cms && i < info->cCertEncoded && good; i++)
        good = bytes_add(&plan->certs, info->rgCertEncoded[i].pbData, info->rgCertEncoded[i].cbData);
    for (DWORD i = 0; cms && i < info->cUnprotectedAttr && good; i++) {
        BYTE *block, *data;
        DWORD size;

        data = asn_encode(&asn_attribute, &info->rgUnprotectedAttr[i], 0, &size, &block);
        good = data && bytes_add(&plan->unprotected, data, size);
        crypt_free(block);
    }
    return good;
}

bool enveloped_encode(struct plan *plan, struct encoder *out)
{
    CRYPT_ALGORITHM_IDENTIFIER algorithm = {(LPSTR)plan->cipher->oid, plan->parameters};
    bool new = plan->recipient_version || plan->certs.size || plan->unprotected.size;
    size_t before;
    BYTE *sealed;
    DWORD size;
    bool good;

    if (content_crypt(plan->cipher, true, plan->key, plan->cipher->key, &plan->parameters, plan->content.data,
                      plan->content.size, &sealed, &size))
        return crypt_fail((DWORD)NTE_FAIL);
    good = !plan->unprotected.size || (encoder_put(out, plan->unprotected.data, plan->unprotected.size) &&
                                       encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED | 1, 0));
    before = out->used;
    good = good && encoder_put(out, sealed, size) && encoder_wrap(out, DER_CONTEXT, before) &&
           asn_encode_value(out, &asn_algorithm, &algorithm) &&
           oid_encode(out, plan->content_oid ? plan->content_oid : szOID_RSA_data) &&
           encoder_wrap(out, DER_SEQUENCE, before);
    before = out->used;
    good = good && encoder_put(out, plan->recipients.data, plan->recipients.size) && encoder_wrap(out, DER_SET, before);
    before = out->used;
    if (good && plan->certs.size)
        good = encoder_put(out, plan->certs.data, plan->certs.size) &&
               encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before) &&
               encoder_wrap(out, DER_CONTEXT | DER_CONSTRUCTED, before);
    crypt_free(sealed);
    return good && encoder_put(out, new ? "\2\1\2" : "\2\1\0", 3) && encoder_wrap(out, DER_SEQUENCE, 0);
}
