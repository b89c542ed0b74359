/*
 * message_verify.c: wincrypt.h: checking a signed message in one call.
 */
#include "crypt32/message_parts.h"
#include "ntdll/gate.h"

LONG WINAPI CryptGetMessageSignerCount(DWORD encoding, const BYTE *data, DWORD size)
{
    HCRYPTMSG message = CryptMsgOpenToDecode(encoding, 0, 0, 0, NULL, NULL);
    DWORD count = 0, length = sizeof count;
    BOOL done = message && CryptMsgUpdate(message, data, size, TRUE) &&
                CryptMsgGetParam(message, CMSG_SIGNER_COUNT_PARAM, 0, &count, &length);

    CryptMsgClose(message);
    return done ? (LONG)count : -1;
}

HCERTSTORE WINAPI CryptGetMessageCertificates(DWORD encoding, HCRYPTPROV_LEGACY provider, DWORD flags, const BYTE *data,
                                              DWORD size)
{
    CRYPT_DATA_BLOB blob = {size, (BYTE *)data};

    return CertOpenStore(CERT_STORE_PROV_PKCS7, encoding, provider, flags, &blob);
}

static BOOL verify_message(PCRYPT_VERIFY_MESSAGE_PARA para, DWORD index, HCRYPTMSG message, PCCERT_CONTEXT *result)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_MSG, ENCODING_ANY, 0, 0, message);
    CMSG_CTRL_VERIFY_SIGNATURE_EX_PARA verify = {.cbSize = sizeof verify, .dwSignerIndex = index};
    CERT_INFO *id = NULL;
    PCCERT_CONTEXT cert = NULL;
    DWORD size = 0;
    BOOL done = FALSE;

    if (!CryptMsgGetParam(message, CMSG_SIGNER_CERT_INFO_PARAM, index, NULL, &size))
        SetLastError((DWORD)CRYPT_E_NO_SIGNER);
    else if ((id = crypt_alloc(size)) && CryptMsgGetParam(message, CMSG_SIGNER_CERT_INFO_PARAM, index, id, &size)) {
        cert = para->pfnGetSignerCertificate
                   ? (PCCERT_CONTEXT)guest_call(para->pfnGetSignerCertificate, GUEST(para->pvGetArg), ENCODING_ANY,
                                                GUEST(id), GUEST(store))
                   : CertGetSubjectCertificateFromStore(store, ENCODING_ANY, id);
        verify.dwSignerType = CMSG_VERIFY_SIGNER_CERT;
        verify.pvSigner = (void *)cert;
        done = cert && CryptMsgControl(message, 0, CMSG_CTRL_VERIFY_SIGNATURE_EX, &verify);
    }
    if (done && result)
        *result = cert;
    else if (cert)
        CertFreeCertificateContext(cert);
    crypt_free(id);
    CertCloseStore(store, 0);
    return done;
}

BOOL WINAPI CryptVerifyMessageSignature(PCRYPT_VERIFY_MESSAGE_PARA para, DWORD index, const BYTE *data, DWORD size,
                                        BYTE *content, DWORD *content_size, PCCERT_CONTEXT *signer)
{
    HCRYPTMSG message;
    BOOL done;

    if (signer)
        *signer = NULL;
    if (!para || para->cbSize < offsetof(CRYPT_VERIFY_MESSAGE_PARA, pvGetArg) + sizeof(void *))
        return crypt_fail((DWORD)E_INVALIDARG);
    message = CryptMsgOpenToDecode(para->dwMsgAndCertEncodingType, 0, 0, 0, NULL, NULL);
    done = message && CryptMsgUpdate(message, data, size, TRUE) && verify_message(para, index, message, signer);
    if (done && content_size)
        done = CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, content, content_size);
    CryptMsgClose(message);
    return done;
}

HCRYPTMSG message_read_detached(DWORD encoding, const BYTE *data, DWORD size, DWORD count, const BYTE *parts[],
                                const DWORD sizes[])
{
    HCRYPTMSG message = CryptMsgOpenToDecode(encoding, CMSG_DETACHED_FLAG, 0, 0, NULL, NULL);
    BOOL done = message && CryptMsgUpdate(message, data, size, TRUE);

    for (DWORD i = 0; i < count && done; i++)
        done = CryptMsgUpdate(message, parts[i], sizes[i], i + 1 == count);
    if (done)
        return message;
    CryptMsgClose(message);
    return NULL;
}

BOOL WINAPI CryptVerifyDetachedMessageSignature(PCRYPT_VERIFY_MESSAGE_PARA para, DWORD index, const BYTE *data,
                                                DWORD size, DWORD parts, const BYTE *part[], DWORD part_size[],
                                                PCCERT_CONTEXT *signer)
{
    HCRYPTMSG message;
    BOOL done;

    if (signer)
        *signer = NULL;
    if (!para || para->cbSize < offsetof(CRYPT_VERIFY_MESSAGE_PARA, pvGetArg) + sizeof(void *))
        return crypt_fail((DWORD)E_INVALIDARG);
    message = message_read_detached(para->dwMsgAndCertEncodingType, data, size, parts, part, part_size);
    done = message && verify_message(para, index, message, signer);
    CryptMsgClose(message);
    return done;
}
