/*
 * Are messages that are sealed, signed or hashed read again, whole and as streams, and refused if they were changed?
 *
 * link: -lcrypt32 -ladvapi32
 */
#define CMSG_SIGNER_ENCODE_INFO_HAS_CMS_FIELDS
#define CMSG_SIGNED_ENCODE_INFO_HAS_CMS_FIELDS
#define CMSG_ENVELOPED_ENCODE_INFO_HAS_CMS_FIELDS
#include "check.h"
#include <wincrypt.h>
#include "certs.h"

#define HR(code) ((DWORD)(code))
#define BOTH (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static const BYTE text[] = "What is written here is for those who may read it, and for nobody else.";
static HCERTSTORE store; /* certificates with keys */
static PCCERT_CONTEXT rsa, curve;

static const char *const ciphers[] = {
    szOID_RSA_DES_EDE3_CBC, szOID_NIST_AES128_CBC, szOID_NIST_AES192_CBC, szOID_NIST_AES256_CBC,
    szOID_OIWSEC_desCBC,    szOID_RSA_RC2CBC,      szOID_RSA_RC4,
};

static void test_sealed(PCCERT_CONTEXT *certs, DWORD count, const char *cipher, DWORD size)
{
    CRYPT_ENCRYPT_MESSAGE_PARA seal = {sizeof seal, BOTH, 0, {(LPSTR)cipher}};
    CRYPT_DECRYPT_MESSAGE_PARA open = {sizeof open, BOTH, 1, &store};
    BYTE sealed[4096], plain[256];
    DWORD needed = 0, length, got = sizeof plain;
    PCCERT_CONTEXT used = NULL;

    CHECK(CryptEncryptMessage(&seal, count, certs, text, size, NULL, &needed));
    length = sizeof sealed;
    CHECK(CryptEncryptMessage(&seal, count, certs, text, size, sealed, &length));
    CHECK(length > size && length <= needed);
    CHECK(CryptDecryptMessage(&open, sealed, length, plain, &got, &used));
    CHECK_EQ(got, size);
    CHECK(!memcmp(plain, text, size));
    CHECK(used != NULL);
    if (used)
        CertFreeCertificateContext(used);
    got = 1;
    if (size > 1)
        CHECK_ERROR(CryptDecryptMessage(&open, sealed, length, plain, &got, NULL), ERROR_MORE_DATA);
    open.cCertStore = 0;
    got = sizeof plain;
    CHECK_ERROR(CryptDecryptMessage(&open, sealed, length, plain, &got, NULL), HR(CRYPT_E_NO_DECRYPT_CERT));
}

static void test_unknown(void)
{
    CRYPT_ENCRYPT_MESSAGE_PARA seal = {sizeof seal, BOTH, 0, {(LPSTR) "1.2.3"}};
    DWORD size = 0;

    CHECK_ERROR(CryptEncryptMessage(&seal, 1, &rsa, text, sizeof text, NULL, &size), HR(CRYPT_E_UNKNOWN_ALGO));
    seal.cbSize = 3;
    CHECK_ERROR(CryptEncryptMessage(&seal, 1, &rsa, text, sizeof text, NULL, &size), HR(E_INVALIDARG));
}

/* Through the handles: who may read it, and reading it. */
static void test_envelope_params(void)
{
    CRYPT_ENCRYPT_MESSAGE_PARA seal = {sizeof seal, BOTH, 0, {(LPSTR)szOID_NIST_AES256_CBC}};
    PCCERT_CONTEXT both[] = {curve, rsa};
    BYTE sealed[4096], buffer[4096];
    DWORD length = sizeof sealed, size, number, transport = 99, agreement = 99;
    HCRYPTMSG message;

    CHECK(CryptEncryptMessage(&seal, 2, both, text, sizeof text, sealed, &length));
    message = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, NULL);
    CHECK(CryptMsgUpdate(message, sealed, length, TRUE));
    size = sizeof number;
    CHECK(CryptMsgGetParam(message, CMSG_TYPE_PARAM, 0, &number, &size));
    CHECK_EQ(number, CMSG_ENVELOPED);
    CHECK(CryptMsgGetParam(message, CMSG_RECIPIENT_COUNT_PARAM, 0, &number, &size));
    CHECK_EQ(number, 2);
    CHECK(CryptMsgGetParam(message, CMSG_CMS_RECIPIENT_COUNT_PARAM, 0, &number, &size));
    CHECK_EQ(number, 2);
    CHECK_ERROR(CryptMsgGetParam(message, CMSG_RECIPIENT_INDEX_PARAM, 0, &number, &size), HR(CRYPT_E_NOT_DECRYPTED));
    size = sizeof buffer;
    CHECK(CryptMsgGetParam(message, CMSG_ENVELOPE_ALGORITHM_PARAM, 0, buffer, &size));
    CHECK_STR(((CRYPT_ALGORITHM_IDENTIFIER *)buffer)->pszObjId, szOID_NIST_AES256_CBC);
    size = sizeof buffer;
    CHECK(CryptMsgGetParam(message, CMSG_INNER_CONTENT_TYPE_PARAM, 0, buffer, &size));
    CHECK_STR((char *)buffer, szOID_RSA_data);
    for (DWORD i = 0; i < 2; i++) {
        CMSG_CMS_RECIPIENT_INFO *info = (void *)buffer;
        CERT_INFO *id = (void *)buffer;
        PCCERT_CONTEXT wanted;

        size = sizeof buffer;
        CHECK(CryptMsgGetParam(message, CMSG_CMS_RECIPIENT_INFO_PARAM, i, buffer, &size));
        if (info->dwRecipientChoice == CMSG_KEY_TRANS_RECIPIENT) {
            transport = i;
            wanted = rsa;
            CHECK_EQ(info->pKeyTrans->EncryptedKey.cbData, 256);
            CHECK_STR(info->pKeyTrans->KeyEncryptionAlgorithm.pszObjId, szOID_RSA_RSA);
            CHECK_EQ(info->pKeyTrans->RecipientId.dwIdChoice, CERT_ID_ISSUER_SERIAL_NUMBER);
            CHECK(CertCompareIntegerBlob(&info->pKeyTrans->RecipientId.IssuerSerialNumber.SerialNumber,
                                         &wanted->pCertInfo->SerialNumber));
        } else {
            agreement = i;
            wanted = curve;
            CHECK_EQ(info->dwRecipientChoice, CMSG_KEY_AGREE_RECIPIENT);
            CHECK_EQ(info->pKeyAgree->cRecipientEncryptedKeys, 1);
            CHECK_EQ(info->pKeyAgree->dwOriginatorChoice, CMSG_KEY_AGREE_ORIGINATOR_PUBLIC_KEY);
            CHECK_EQ(info->pKeyAgree->OriginatorPublicKeyInfo.PublicKey.cbData, 65);
            CHECK_EQ(info->pKeyAgree->rgpRecipientEncryptedKeys[0]->EncryptedKey.cbData, 40);
        }
        size = sizeof buffer;
        CHECK(CryptMsgGetParam(message, CMSG_RECIPIENT_INFO_PARAM, i, buffer, &size));
        CHECK(CertCompareIntegerBlob(&id->SerialNumber, &wanted->pCertInfo->SerialNumber));
        CHECK(CertCompareCertificateName(BOTH, &id->Issuer, &wanted->pCertInfo->Issuer));
    }
    size = sizeof buffer;
    CHECK_ERROR(CryptMsgGetParam(message, CMSG_RECIPIENT_INFO_PARAM, 2, buffer, &size), HR(CRYPT_E_INVALID_INDEX));
    CHECK(transport < 2 && agreement < 2);

    CMSG_CTRL_DECRYPT_PARA decrypt = {sizeof decrypt};
    DWORD spec;
    BOOL frees;
    CHECK(CryptAcquireCertificatePrivateKey(rsa, CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG, NULL, &decrypt.hCryptProv, &spec,
                                            &frees));
    decrypt.dwKeySpec = spec;
    decrypt.dwRecipientIndex = 7;
    CHECK_ERROR(CryptMsgControl(message, 0, CMSG_CTRL_DECRYPT, &decrypt), HR(CRYPT_E_INVALID_INDEX));
    decrypt.dwRecipientIndex = agreement;
    CHECK(!CryptMsgControl(message, 0, CMSG_CTRL_DECRYPT, &decrypt));
    decrypt.dwRecipientIndex = transport;
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_DECRYPT, &decrypt));
    CHECK_ERROR(CryptMsgControl(message, 0, CMSG_CTRL_DECRYPT, &decrypt), HR(CRYPT_E_ALREADY_DECRYPTED));
    size = sizeof number;
    CHECK(CryptMsgGetParam(message, CMSG_RECIPIENT_INDEX_PARAM, 0, &number, &size));
    CHECK_EQ(number, transport);
    size = sizeof buffer;
    CHECK(CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, buffer, &size));
    CHECK_EQ(size, sizeof text);
    CHECK(!memcmp(buffer, text, sizeof text));
    CHECK(CryptReleaseContext(decrypt.hCryptProv, 0));
    CryptMsgClose(message);
}

struct stream {
    BYTE data[8192];
    DWORD size, calls, last;
};

static BOOL WINAPI collect(const void *arg, BYTE *data, DWORD size, BOOL final)
{
    struct stream *stream = (void *)arg;

    memcpy(stream->data + stream->size, data, size);
    stream->size += size;
    stream->calls++;
    stream->last += final;
    return TRUE;
}

static void test_streams(void)
{
    CERT_INFO *recipients[] = {rsa->pCertInfo};
    CMSG_ENVELOPED_ENCODE_INFO seal = {sizeof seal, 0, {(LPSTR)szOID_NIST_AES128_CBC}, NULL, 1, recipients};
    struct stream out = {0}, plain = {0};
    CMSG_STREAM_INFO sink = {CMSG_INDEFINITE_LENGTH, collect, &out}, source = {CMSG_INDEFINITE_LENGTH, collect, &plain};
    HCRYPTMSG message = CryptMsgOpenToEncode(BOTH, 0, CMSG_ENVELOPED, &seal, NULL, &sink);
    CMSG_CTRL_DECRYPT_PARA decrypt = {sizeof decrypt};
    BYTE buffer[512];
    DWORD size, spec;
    BOOL frees;

    CHECK(message != NULL);
    for (DWORD i = 0; i < sizeof text; i += 9)
        CHECK(CryptMsgUpdate(message, text + i, sizeof text - i < 9 ? sizeof text - i : 9, i + 9 >= sizeof text));
    CHECK(out.size > sizeof text);
    CHECK_EQ(out.last, 1);
    CryptMsgClose(message);

    message = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, &source);
    CHECK_ERROR(CryptMsgGetParam(message, CMSG_ENVELOPE_ALGORITHM_PARAM, 0, buffer, &size),
                HR(CRYPT_E_STREAM_MSG_NOT_READY));
    for (DWORD i = 0; i < out.size; i += 50)
        CHECK(CryptMsgUpdate(message, out.data + i, out.size - i < 50 ? out.size - i : 50, i + 50 >= out.size));
    size = sizeof buffer;
    CHECK(CryptMsgGetParam(message, CMSG_ENVELOPE_ALGORITHM_PARAM, 0, buffer, &size));
    CHECK(CryptAcquireCertificatePrivateKey(rsa, 0, NULL, &decrypt.hCryptProv, &spec, &frees));
    decrypt.dwKeySpec = spec;
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_DECRYPT, &decrypt));
    CHECK_EQ(plain.size, sizeof text);
    CHECK_EQ(plain.last, 1);
    CHECK(!memcmp(plain.data, text, sizeof text));
    CHECK(CryptReleaseContext(decrypt.hCryptProv, 0));
    CryptMsgClose(message);
}

static void test_signed(PCCERT_CONTEXT cert, const char *hash, DWORD flags, BOOL by_key, BOOL stream)
{
    CMSG_SIGNER_ENCODE_INFO signer = {sizeof signer, cert->pCertInfo};
    CERT_BLOB encoded = {cert->cbCertEncoded, cert->pbCertEncoded};
    CMSG_SIGNED_ENCODE_INFO info = {sizeof info, 1, &signer, 1, &encoded};
    struct stream out = {0}, content = {0};
    CMSG_STREAM_INFO sink = {sizeof text, collect, &out}, source = {CMSG_INDEFINITE_LENGTH, collect, &content};
    BYTE message_data[4096], buffer[4096], key_id[32];
    DWORD length = sizeof message_data, size, number, spec, bad = 0;
    HCRYPTMSG message;
    BOOL frees;

    CHECK(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG, NULL, &signer.hCryptProv, &spec,
                                            &frees));
    signer.dwKeySpec = spec;
    signer.HashAlgorithm.pszObjId = (LPSTR)hash;
    if (by_key) {
        signer.SignerId.dwIdChoice = CERT_ID_KEY_IDENTIFIER;
        signer.SignerId.KeyId = (CRYPT_HASH_BLOB){sizeof key_id, key_id};
        CHECK(CertGetCertificateContextProperty(cert, CERT_KEY_IDENTIFIER_PROP_ID, key_id,
                                                &signer.SignerId.KeyId.cbData));
    }
    message = CryptMsgOpenToEncode(BOTH, flags, CMSG_SIGNED, &info, NULL, stream ? &sink : NULL);
    CHECK(message != NULL);
    CHECK(CryptMsgUpdate(message, text, sizeof text, TRUE));
    if (stream) {
        length = out.size;
        memcpy(message_data, out.data, length);
    } else {
        CHECK(CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, NULL, &size));
        CHECK(CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, message_data, &length));
        CHECK_EQ(size, length);
    }
    CHECK(!CryptMsgUpdate(message, text, 1, TRUE));
    CryptMsgClose(message);
    size = CryptMsgCalculateEncodedLength(BOTH, flags, CMSG_SIGNED, &info, NULL, sizeof text);
    CHECK(size >= length && size <= length + 16);
    if (spec == CERT_NCRYPT_KEY_SPEC || CryptReleaseContext(signer.hCryptProv, 0))
        CHECK(TRUE);

    for (int damaged = 0; damaged < 2; damaged++) {
        BYTE copy[sizeof text];
        BOOL last = !(flags & CMSG_DETACHED_FLAG);

        memcpy(copy, text, sizeof text);
        if (damaged && !last)
            copy[4] ^= 1;
        if (damaged && last) { /* in the content */
            BYTE *at = message_data;
            while (memcmp(at, text, 20))
                at++;
            at[4] ^= 1;
        }
        message =
            CryptMsgOpenToDecode(BOTH, flags & CMSG_DETACHED_FLAG, flags & CMSG_BARE_CONTENT_FLAG ? CMSG_SIGNED : 0, 0,
                                 NULL, stream ? &source : NULL);
        CHECK(CryptMsgUpdate(message, message_data, length, TRUE));
        if (!last)
            CHECK(CryptMsgUpdate(message, copy, sizeof copy, TRUE));
        CMSG_CTRL_VERIFY_SIGNATURE_EX_PARA verify = {sizeof verify, 0, 0, CMSG_VERIFY_SIGNER_CERT, (void *)cert};
        CHECK_EQ(CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_SIGNATURE_EX, &verify), !damaged);
        if (!damaged) {
            CMSG_SIGNER_INFO *told = (void *)buffer;
            CERT_ID *id = (void *)buffer;
            PCCERT_CONTEXT found = NULL;

            size = sizeof buffer;
            CHECK(CryptMsgGetParam(message, CMSG_SIGNER_INFO_PARAM, 0, buffer, &size));
            CHECK_STR(told->HashAlgorithm.pszObjId, hash);
            CHECK_EQ(told->AuthAttrs.cAttr, flags & CMSG_AUTHENTICATED_ATTRIBUTES_FLAG ? 2 : 0);
            CHECK_EQ(told->dwVersion, by_key ? 3 : 1);
            size = sizeof buffer;
            CHECK(CryptMsgGetParam(message, CMSG_SIGNER_CERT_ID_PARAM, 0, buffer, &size));
            CHECK_EQ(id->dwIdChoice, by_key ? CERT_ID_KEY_IDENTIFIER : CERT_ID_ISSUER_SERIAL_NUMBER);
            size = sizeof buffer;
            CHECK(CryptMsgGetParam(message, CMSG_CMS_SIGNER_INFO_PARAM, 0, buffer, &size));
            CHECK_STR(((CMSG_CMS_SIGNER_INFO *)buffer)->HashAlgorithm.pszObjId, hash);
            size = sizeof number;
            CHECK(CryptMsgGetParam(message, CMSG_SIGNER_COUNT_PARAM, 0, &number, &size));
            CHECK_EQ(number, 1);
            CHECK(CryptMsgGetAndVerifySigner(message, 0, NULL, 0, &found, NULL));
            CHECK(found && CertCompareCertificate(BOTH, found->pCertInfo, cert->pCertInfo));
            if (found)
                CertFreeCertificateContext(found);
            if (stream && last)
                CHECK(content.size == sizeof text && !memcmp(content.data, text, sizeof text));
        }
        CryptMsgClose(message);
    }
    for (DWORD cut = 0; cut < length; cut += 13) { /* cut short, it is no message */
        message = CryptMsgOpenToDecode(BOTH, 0, flags & CMSG_BARE_CONTENT_FLAG ? CMSG_SIGNED : 0, 0, NULL, NULL);
        bad += !CryptMsgUpdate(message, message_data, cut, TRUE);
        CryptMsgClose(message);
    }
    CHECK_EQ(bad, (length + 12) / 13);
}

static DWORD number_of(HCRYPTMSG message, DWORD param)
{
    DWORD number = 99, size = sizeof number;

    CHECK(CryptMsgGetParam(message, param, 0, &number, &size));
    return number;
}

static HCRYPTMSG reread(HCRYPTMSG message)
{
    static BYTE data[16384];
    DWORD size = sizeof data;
    HCRYPTMSG again = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, NULL);

    CHECK(CryptMsgGetParam(message, CMSG_ENCODED_MESSAGE, 0, data, &size));
    CHECK(CryptMsgUpdate(again, data, size, TRUE));
    CryptMsgClose(message);
    return again;
}

static void check_signatures(HCRYPTMSG message, PCCERT_CONTEXT first, PCCERT_CONTEXT second)
{
    PCCERT_CONTEXT certs[] = {first, second};

    for (DWORD i = 0; i < 2 && certs[i]; i++) {
        CMSG_CTRL_VERIFY_SIGNATURE_EX_PARA verify = {sizeof verify, 0, i, CMSG_VERIFY_SIGNER_CERT, (void *)certs[i]};

        CHECK(CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_SIGNATURE_EX, &verify));
    }
}

static void acquire(PCCERT_CONTEXT cert, CMSG_SIGNER_ENCODE_INFO *signer)
{
    DWORD spec;
    BOOL frees;

    memset(signer, 0, sizeof *signer);
    signer->cbSize = sizeof *signer;
    signer->pCertInfo = cert->pCertInfo;
    signer->HashAlgorithm.pszObjId = (LPSTR)szOID_NIST_sha256;
    CHECK(CryptAcquireCertificatePrivateKey(cert, CRYPT_ACQUIRE_CACHE_FLAG | CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG, NULL,
                                            &signer->hCryptProv, &spec, &frees));
    signer->dwKeySpec = spec;
}

/* Signers, certificates and attributes come and go; what stays is still good. */
static void test_edit(void)
{
    CRYPT_SIGN_MESSAGE_PARA sign = {sizeof sign, BOTH, rsa, {(LPSTR)szOID_NIST_sha384}, NULL, 1, &rsa};
    CERT_BLOB other = {curve->cbCertEncoded, curve->pbCertEncoded};
    CMSG_SIGNER_ENCODE_INFO signer;
    BYTE data[4096], info[4096], attribute[64], counter[2048];
    const BYTE *part = text;
    DWORD size = sizeof data, part_size = sizeof text, index, info_size;
    HCRYPTMSG message = CryptMsgOpenToDecode(BOTH, 0, 0, 0, NULL, NULL);

    CHECK(CryptSignMessage(&sign, FALSE, 1, &part, &part_size, data, &size));
    CHECK(CryptMsgUpdate(message, data, size, TRUE));
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_ADD_CERT, &other));
    CHECK_EQ(number_of(message, CMSG_CERT_COUNT_PARAM), 2);
    acquire(curve, &signer);
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_ADD_SIGNER, &signer));
    CHECK_EQ(number_of(message, CMSG_SIGNER_COUNT_PARAM), 2);
    check_signatures(message, rsa, curve);
    message = reread(message);
    check_signatures(message, rsa, curve);

    /* an attribute that is not signed */
    CRYPT_ATTR_BLOB value = {3, (BYTE *)"\4\1x"};
    CRYPT_ATTRIBUTE one = {(LPSTR) "1.2.3.4", 1, &value};
    CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR_PARA add = {sizeof add, 1, {sizeof attribute, attribute}};
    CMSG_CTRL_DEL_SIGNER_UNAUTH_ATTR_PARA remove = {sizeof remove, 1, 0};
    CHECK(CryptEncodeObject(BOTH, PKCS_ATTRIBUTE, &one, attribute, &add.blob.cbData));
    CHECK_ERROR(
        (info_size = sizeof info, CryptMsgGetParam(message, CMSG_SIGNER_UNAUTH_ATTR_PARAM, 1, info, &info_size)),
        HR(CRYPT_E_ATTRIBUTES_MISSING));
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR, &add));
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR, &add));
    info_size = sizeof info;
    CHECK(CryptMsgGetParam(message, CMSG_SIGNER_UNAUTH_ATTR_PARAM, 1, info, &info_size));
    CHECK_EQ(((CRYPT_ATTRIBUTES *)info)->cAttr, 2);
    CHECK_STR(((CRYPT_ATTRIBUTES *)info)->rgAttr[0].pszObjId, "1.2.3.4");
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_DEL_SIGNER_UNAUTH_ATTR, &remove));
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_DEL_SIGNER_UNAUTH_ATTR, &remove));
    CHECK_ERROR(CryptMsgControl(message, 0, CMSG_CTRL_DEL_SIGNER_UNAUTH_ATTR, &remove), HR(CRYPT_E_INVALID_INDEX));
    add.dwSignerIndex = 2;
    CHECK_ERROR(CryptMsgControl(message, 0, CMSG_CTRL_ADD_SIGNER_UNAUTH_ATTR, &add), HR(CRYPT_E_INVALID_INDEX));

    /* a counter signature of the first signature, by the other key */
    CHECK(CryptMsgCountersign(message, 0, 1, &signer));
    message = reread(message);
    check_signatures(message, rsa, curve);
    info_size = sizeof info;
    CHECK(CryptMsgGetParam(message, CMSG_SIGNER_UNAUTH_ATTR_PARAM, 0, info, &info_size));
    CHECK_STR(((CRYPT_ATTRIBUTES *)info)->rgAttr[0].pszObjId, szOID_RSA_counterSign);
    value = ((CRYPT_ATTRIBUTES *)info)->rgAttr[0].rgValue[0];
    memcpy(counter, value.pbData, value.cbData);
    BYTE *encoded = NULL;
    DWORD encoded_size = 0, told = sizeof info;
    CHECK(CryptMsgGetParam(message, CMSG_SIGNER_INFO_PARAM, 0, info, &told));
    CHECK(CryptEncodeObjectEx(BOTH, PKCS7_SIGNER_INFO, info, CRYPT_ENCODE_ALLOC_FLAG, NULL, &encoded, &encoded_size));
    CHECK(
        CryptMsgVerifyCountersignatureEncoded(0, BOTH, encoded, encoded_size, counter, value.cbData, curve->pCertInfo));
    CHECK_ERROR(
        CryptMsgVerifyCountersignatureEncoded(0, BOTH, encoded, encoded_size, counter, value.cbData, rsa->pCertInfo),
        HR(CRYPT_E_SIGNER_NOT_FOUND));
    CHECK(CryptMsgVerifyCountersignatureEncodedEx(0, BOTH, encoded, encoded_size, counter, value.cbData,
                                                  CMSG_VERIFY_SIGNER_CERT, (void *)curve, 0, NULL));
    counter[value.cbData - 1] ^= 1;
    CHECK(!CryptMsgVerifyCountersignatureEncoded(0, BOTH, encoded, encoded_size, counter, value.cbData,
                                                 curve->pCertInfo));
    size = 0;
    CHECK(CryptMsgCountersignEncoded(BOTH, encoded, encoded_size, 1, &signer, NULL, &size));
    CHECK(size > 100 && size < sizeof counter);
    CHECK(CryptMsgCountersignEncoded(BOTH, encoded, encoded_size, 1, &signer, counter, &size));
    LocalFree(encoded);

    index = 5;
    CHECK_ERROR(CryptMsgControl(message, 0, CMSG_CTRL_DEL_SIGNER, &index), HR(CRYPT_E_INVALID_INDEX));
    CHECK_ERROR(CryptMsgControl(message, 0, CMSG_CTRL_DEL_CERT, &index), HR(CRYPT_E_INVALID_INDEX));
    index = 0;
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_DEL_SIGNER, &index));
    CHECK(CryptMsgControl(message, 0, CMSG_CTRL_DEL_CERT, &index));
    CHECK_EQ(number_of(message, CMSG_SIGNER_COUNT_PARAM), 1);
    CHECK_EQ(number_of(message, CMSG_CERT_COUNT_PARAM), 1);
    check_signatures(message, curve, NULL);
    message = reread(message);
    check_signatures(message, curve, NULL);
    CryptMsgClose(message);
}

/* Lists of subjects: encoded, signed, read and searched. */
static void test_ctl(void)
{
    static LPSTR usage[] = {(LPSTR) "1.2.3.4.5"};
    BYTE hash[20], other[] = {1, 2, 3}, data[8192];
    DWORD size = sizeof hash, bad = 0, needed = 0;
    CRYPT_ATTR_BLOB value = {3, (BYTE *)"\4\1x"};
    CRYPT_ATTRIBUTE attribute = {(LPSTR) "1.2.3.4", 1, &value};
    CTL_ENTRY entries[] = {{{sizeof other, other}, 1, &attribute}, {{sizeof hash, hash}}, {{1, other}}};
    CTL_INFO info = {CTL_V1, {1, usage}, {4, (BYTE *)"list"}, {1, other}};
    CMSG_SIGNER_ENCODE_INFO signer;
    CERT_BLOB encoded = {rsa->cbCertEncoded, rsa->pbCertEncoded};
    CMSG_SIGNED_ENCODE_INFO sign = {sizeof sign, 1, &signer, 1, &encoded};
    CTL_ANY_SUBJECT_INFO any = {{(LPSTR)szOID_OIWSEC_sha1}, {sizeof other, other}};
    SYSTEMTIME now = {2026, 11, 6, 28, 12, 0, 0, 0};
    PCCTL_CONTEXT ctl, again;
    PCCERT_CONTEXT by = NULL;
    PCTL_ENTRY found;

    acquire(rsa, &signer);
    SystemTimeToFileTime(&now, &info.ThisUpdate);
    info.SubjectAlgorithm.pszObjId = (LPSTR)szOID_OIWSEC_sha1;
    info.cCTLEntry = 3;
    info.rgCTLEntry = entries;
    CHECK(CertGetCertificateContextProperty(curve, CERT_SHA1_HASH_PROP_ID, hash, &size));
    CHECK(CryptMsgEncodeAndSignCTL(BOTH, &info, &sign, 0, NULL, &needed));
    size = sizeof data;
    CHECK(CryptMsgEncodeAndSignCTL(BOTH, &info, &sign, 0, data, &size));
    CHECK(size > 100 && size <= needed);
    ctl = CertCreateCTLContext(BOTH, data, size);
    CHECK(ctl != NULL);
    if (!ctl)
        return;
    CHECK_EQ(ctl->cbCtlEncoded, size);
    CHECK_EQ(ctl->pCtlInfo->dwVersion, CTL_V1);
    CHECK_EQ(ctl->pCtlInfo->SubjectUsage.cUsageIdentifier, 1);
    CHECK_STR(ctl->pCtlInfo->SubjectUsage.rgpszUsageIdentifier[0], usage[0]);
    CHECK(ctl->pCtlInfo->ListIdentifier.cbData == 4 && !memcmp(ctl->pCtlInfo->ListIdentifier.pbData, "list", 4));
    CHECK(!CompareFileTime(&ctl->pCtlInfo->ThisUpdate, &info.ThisUpdate));
    CHECK_EQ(ctl->pCtlInfo->NextUpdate.dwHighDateTime, 0);
    CHECK_EQ(ctl->pCtlInfo->cCTLEntry, 3);
    CHECK(CryptMsgGetAndVerifySigner(ctl->hCryptMsg, 0, NULL, 0, &by, NULL));
    CHECK(by && CertCompareCertificate(BOTH, by->pCertInfo, rsa->pCertInfo));
    if (by)
        CertFreeCertificateContext(by);
    found = CertFindSubjectInCTL(BOTH, CTL_CERT_SUBJECT_TYPE, (void *)curve, ctl, 0);
    CHECK(found == &ctl->pCtlInfo->rgCTLEntry[1]);
    CHECK_ERROR(CertFindSubjectInCTL(BOTH, CTL_CERT_SUBJECT_TYPE, (void *)rsa, ctl, 0), HR(CRYPT_E_NOT_FOUND));
    found = CertFindSubjectInCTL(BOTH, CTL_ANY_SUBJECT_TYPE, &any, ctl, 0);
    CHECK(found && found->cAttribute == 1);
    CHECK_STR(found ? found->rgAttribute[0].pszObjId : "", "1.2.3.4");
    any.SubjectIdentifier.cbData = 2;
    CHECK_ERROR(CertFindSubjectInCTL(BOTH, CTL_ANY_SUBJECT_TYPE, &any, ctl, 0), HR(CRYPT_E_NOT_FOUND));
    CHECK_ERROR(CertFindSubjectInCTL(BOTH, 9, &any, ctl, 0), HR(E_INVALIDARG));
    again = CertDuplicateCTLContext(ctl);
    CHECK(again == ctl);
    CHECK(CertFreeCTLContext(again));
    CHECK(CertFreeCTLContext(ctl));
    CHECK(CertFreeCTLContext(NULL));
    for (DWORD cut = 0; cut < size; cut += 7)
        bad += !CertCreateCTLContext(BOTH, data, cut);
    CHECK_EQ(bad, (size + 6) / 7);
    CHECK(!CertCreateCTLContext(BOTH, rsa->pbCertEncoded, rsa->cbCertEncoded));
}

static void test_hashed(const char *hash, DWORD hash_size, BOOL detached)
{
    CRYPT_HASH_MESSAGE_PARA para = {sizeof para, BOTH, 0, {(LPSTR)hash}};
    const BYTE *parts[] = {text, text + 10};
    DWORD sizes[] = {10, sizeof text - 10}, size = 0, got, length = 1024, digest_size = 64, again_size = 64;
    BYTE message[1024], digest[64], again[64], content[256];

    CHECK(CryptHashMessage(&para, TRUE, 2, parts, sizes, NULL, &size, NULL, NULL));
    CHECK(size > hash_size);
    if (detached) {
        CHECK(CryptHashMessage(&para, TRUE, 2, parts, sizes, message, &length, digest, &digest_size));
        CHECK_EQ(digest_size, hash_size);
        CHECK(CryptVerifyDetachedMessageHash(&para, message, length, 2, parts, sizes, again, &again_size));
        CHECK(again_size == hash_size && !memcmp(digest, again, hash_size));
        sizes[1]--;
        CHECK_ERROR(CryptVerifyDetachedMessageHash(&para, message, length, 2, parts, sizes, again, &again_size),
                    HR(CRYPT_E_HASH_VALUE));
        return;
    }
    sizes[0] = sizeof text;
    CHECK(CryptHashMessage(&para, FALSE, 1, parts, sizes, message, &length, digest, &digest_size));
    got = sizeof content;
    CHECK(CryptVerifyMessageHash(&para, message, length, content, &got, again, &again_size));
    CHECK_EQ(got, sizeof text);
    CHECK(!memcmp(content, text, sizeof text));
    CHECK(!memcmp(digest, again, hash_size));
    message[length - 1] ^= 1;
    CHECK_ERROR(CryptVerifyMessageHash(&para, message, length, content, &got, again, &again_size),
                HR(CRYPT_E_HASH_VALUE));
}

static void test_both(void)
{
    CRYPT_SIGN_MESSAGE_PARA sign = {sizeof sign, BOTH, rsa, {(LPSTR)szOID_NIST_sha256}, NULL, 1, &rsa};
    CRYPT_ENCRYPT_MESSAGE_PARA seal = {sizeof seal, BOTH, 0, {(LPSTR)szOID_RSA_DES_EDE3_CBC}};
    CRYPT_DECRYPT_MESSAGE_PARA open = {sizeof open, BOTH, 1, &store};
    CRYPT_VERIFY_MESSAGE_PARA verify = {sizeof verify, BOTH};
    BYTE message[4096], plain[256];
    DWORD length = sizeof message, size = sizeof plain;
    PCCERT_CONTEXT used = NULL, signer = NULL;

    CHECK(CryptSignAndEncryptMessage(&sign, &seal, 1, &rsa, text, sizeof text, message, &length));
    CHECK(CryptDecryptAndVerifyMessageSignature(&open, &verify, 0, message, length, plain, &size, &used, &signer));
    CHECK(size == sizeof text && !memcmp(plain, text, sizeof text));
    CHECK(used && signer && used->cbCertEncoded == signer->cbCertEncoded);
    CertFreeCertificateContext(used);
    CertFreeCertificateContext(signer);
}

/* With any byte of a sealed message changed, nothing but an error comes of it. */
static void test_damage(PCCERT_CONTEXT cert)
{
    CRYPT_ENCRYPT_MESSAGE_PARA seal = {sizeof seal, BOTH, 0, {(LPSTR)szOID_NIST_AES128_CBC}};
    CRYPT_DECRYPT_MESSAGE_PARA open = {sizeof open, BOTH, 1, &store};
    BYTE sealed[4096], copy[4096], plain[4096];
    DWORD length = sizeof sealed, size, opened = 0, cut = 0;

    CHECK(CryptEncryptMessage(&seal, 1, &cert, text, sizeof text, sealed, &length));
    for (DWORD i = 0; i < length; i += 5)
        for (int bit = 0; bit < 8; bit += 3) {
            memcpy(copy, sealed, length);
            copy[i] ^= (BYTE)(1 << bit);
            size = sizeof plain;
            opened += CryptDecryptMessage(&open, copy, length, plain, &size, NULL);
        }
    CHECK(opened < length / 5 * 2); /* changes of the content itself may go unseen: there is no signature */
    for (DWORD i = 0; i < length; i += 3) {
        size = sizeof plain;
        cut += !CryptDecryptMessage(&open, sealed, i, plain, &size, NULL);
    }
    CHECK_EQ(cut, (length + 2) / 3);
}

int main(void)
{
    static const char *const hashes[] = {szOID_OIWSEC_sha1, szOID_NIST_sha256, szOID_NIST_sha384, szOID_NIST_sha512};
    static const DWORD sizes[] = {20, 32, 48, 64};
    static const DWORD flags[] = {0, CMSG_DETACHED_FLAG, CMSG_AUTHENTICATED_ATTRIBUTES_FLAG, CMSG_BARE_CONTENT_FLAG,
                                  CMSG_DETACHED_FLAG | CMSG_AUTHENTICATED_ATTRIBUTES_FLAG};
    CRYPT_DATA_BLOB pfx = {sizeof leaf_pfx, (BYTE *)leaf_pfx};
    BYTE name[64];
    CERT_NAME_BLOB subject = {sizeof name, name};
    PCCERT_CONTEXT made, both[2];

    CHECK(CertStrToNameW(BOTH, L"CN=winrun messages", CERT_X500_NAME_STR, NULL, name, &subject.cbData, NULL));
    made = CertCreateSelfSignCertificate(0, &subject, 0, NULL, NULL, NULL, NULL, NULL);
    store = PFXImportCertStore(&pfx, L"secret", 0);
    curve = CertFindCertificateInStore(store, BOTH, 0, CERT_FIND_HAS_PRIVATE_KEY, NULL, NULL);
    CHECK(CertAddCertificateContextToStore(store, made, CERT_STORE_ADD_ALWAYS, &rsa));
    CHECK(made && rsa && curve);
    both[0] = curve, both[1] = rsa;
    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
        for (DWORD size = 0; size <= sizeof text; size += size < 16 ? 15 : 1 + size) {
            BOOL wraps = i != 4; /* DES' key is too short to be wrapped */

            test_sealed(&rsa, 1, ciphers[i], size);
            if (wraps) {
                test_sealed(&curve, 1, ciphers[i], size);
                test_sealed(both, 2, ciphers[i], size);
            }
        }
    test_unknown();
    test_envelope_params();
    test_streams();
    for (size_t i = 0; i < 4; i++) {
        test_hashed(hashes[i], sizes[i], FALSE);
        test_hashed(hashes[i], sizes[i], TRUE);
        for (size_t j = 0; j < sizeof flags / sizeof *flags; j++)
            for (int way = 0; way < 4; way++) {
                test_signed(rsa, hashes[i], flags[j], way & 1, way >> 1);
                test_signed(curve, hashes[i], flags[j], way & 1, way >> 1);
            }
    }
    test_both();
    test_edit();
    test_ctl();
    test_damage(rsa);
    test_damage(curve);
    CertFreeCertificateContext(made);
    CertFreeCertificateContext(rsa);
    CertFreeCertificateContext(curve);
    CertCloseStore(store, 0);
    return check_done();
}
