/*
 * ctl.c: wincrypt.h: trust lists: signed messages that list subjects by their hashes.
 *
 * They are contexts of their own; stores keep none.
 */
#include "crypt32/asn.h"
#include "crypt32/message.h"
#include "crypt32/store.h"

#define CTL_MAGIC 0x6c746374u

/* One block: the context, the message's bytes; the list is decoded to another. */
struct ctl {
    CTL_CONTEXT context;
    DWORD magic;
    LONG references;
    BYTE encoded[];
};

static struct ctl *ctl_from(PCCTL_CONTEXT context)
{
    struct ctl *ctl = (struct ctl *)context;

    if (ctl && ctl->magic == CTL_MAGIC)
        return ctl;
    SetLastError((DWORD)E_INVALIDARG);
    return NULL;
}

static void ctl_release(struct ctl *ctl)
{
    if (__sync_sub_and_fetch(&ctl->references, 1))
        return;
    CryptMsgClose(ctl->context.hCryptMsg);
    crypt_free(ctl->context.pCtlInfo);
    crypt_free(ctl->context.pbCtlContent);
    ctl->magic = 0;
    crypt_free(ctl);
}

/* The message is kept with it, so that its signers can be asked. */
static bool ctl_read(struct ctl *ctl)
{
    CTL_CONTEXT *context = &ctl->context;
    char type[64];
    DWORD size = sizeof type, needed;

    context->hCryptMsg = CryptMsgOpenToDecode(ENCODING_ANY, 0, 0, 0, NULL, NULL);
    if (!context->hCryptMsg || !CryptMsgUpdate(context->hCryptMsg, ctl->encoded, context->cbCtlEncoded, TRUE))
        return false;
    if (!CryptMsgGetParam(context->hCryptMsg, CMSG_INNER_CONTENT_TYPE_PARAM, 0, type, &size) || strcmp(type, szOID_CTL))
        return crypt_fail((DWORD)CRYPT_E_INVALID_MSG_TYPE);
    if (!CryptMsgGetParam(context->hCryptMsg, CMSG_CONTENT_PARAM, 0, NULL, &context->cbCtlContent) ||
        !(context->pbCtlContent = crypt_alloc(context->cbCtlContent + 1)) ||
        !CryptMsgGetParam(context->hCryptMsg, CMSG_CONTENT_PARAM, 0, context->pbCtlContent, &context->cbCtlContent))
        return false;
    context->pCtlInfo = asn_decode(&asn_ctl_info, context->pbCtlContent, context->cbCtlContent, 0, &needed);
    return context->pCtlInfo != NULL;
}

PCCTL_CONTEXT WINAPI CertCreateCTLContext(DWORD encoding, const BYTE *encoded, DWORD size)
{
    struct ctl *ctl;

    if (!(encoding & PKCS_7_ASN_ENCODING) || !encoded) {
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    ctl = crypt_alloc(sizeof *ctl + size);
    if (!ctl)
        return NULL;
    memcpy(ctl->encoded, encoded, size);
    ctl->magic = CTL_MAGIC;
    ctl->references = 1;
    ctl->context = (CTL_CONTEXT){.dwMsgAndCertEncodingType = ENCODING_ANY,
                                 .pbCtlEncoded = ctl->encoded,
                                 .cbCtlEncoded = size,
                                 .hCertStore = store_none()};
    if (ctl_read(ctl))
        return &ctl->context;
    ctl_release(ctl);
    return NULL;
}

PCCTL_CONTEXT WINAPI CertDuplicateCTLContext(PCCTL_CONTEXT context)
{
    struct ctl *ctl = context ? ctl_from(context) : NULL;

    if (ctl)
        __sync_fetch_and_add(&ctl->references, 1);
    return ctl ? context : NULL;
}

BOOL WINAPI CertFreeCTLContext(PCCTL_CONTEXT context)
{
    struct ctl *ctl = context ? ctl_from(context) : NULL;

    if (ctl)
        ctl_release(ctl);
    return TRUE;
}

/* The hash that the list has its subjects by. */
static bool subject_hash(PCCERT_CONTEXT cert, const CTL_INFO *info, BYTE *hash, DWORD *size)
{
    enum tls_hash number;

    if (!hash_from_oid(info->SubjectAlgorithm.pszObjId, &number))
        return crypt_fail((DWORD)NTE_BAD_ALGID);
    *size = host_digest(number, cert->pbCertEncoded, cert->cbCertEncoded, hash);
    return *size;
}

PCTL_ENTRY WINAPI CertFindSubjectInCTL(DWORD encoding, DWORD type, void *subject, PCCTL_CONTEXT context, DWORD flags)
{
    const CTL_ANY_SUBJECT_INFO *any = subject;
    BYTE hash[TLS_HASH_MAX];
    CRYPT_DATA_BLOB wanted = {0, hash};
    CTL_INFO *info;

    (void)encoding, (void)flags;
    if (!ctl_from(context) || !subject)
        return NULL;
    info = context->pCtlInfo;
    switch (type) {
    case CTL_ANY_SUBJECT_TYPE:
        if (any->SubjectAlgorithm.pszObjId && strcmp(any->SubjectAlgorithm.pszObjId, info->SubjectAlgorithm.pszObjId)) {
            SetLastError((DWORD)CRYPT_E_NOT_FOUND);
            return NULL;
        }
        wanted = any->SubjectIdentifier;
        break;
    case CTL_CERT_SUBJECT_TYPE:
        if (!subject_hash(subject, info, hash, &wanted.cbData))
            return NULL;
        break;
    default:
        SetLastError((DWORD)E_INVALIDARG);
        return NULL;
    }
    for (DWORD i = 0; i < info->cCTLEntry; i++)
        if (info->rgCTLEntry[i].SubjectIdentifier.cbData == wanted.cbData &&
            !memcmp(info->rgCTLEntry[i].SubjectIdentifier.pbData, wanted.pbData, wanted.cbData))
            return &info->rgCTLEntry[i];
    SetLastError((DWORD)CRYPT_E_NOT_FOUND);
    return NULL;
}

BOOL WINAPI CryptMsgSignCTL(DWORD encoding, BYTE *content, DWORD size, PCMSG_SIGNED_ENCODE_INFO signers, DWORD flags,
                            BYTE *out, DWORD *out_size)
{
    HCRYPTMSG message;
    BOOL done;

    (void)flags;
    if (!out_size)
        return crypt_fail((DWORD)E_INVALIDARG);
    message = CryptMsgOpenToEncode(encoding, 0, CMSG_SIGNED, signers, (LPSTR)szOID_CTL, NULL);
    done = message && CryptMsgUpdate(message, content, size, TRUE) &&
           CryptMsgGetParam(message, CMSG_CONTENT_PARAM, 0, out, out_size);
    if (done && !out)
        *out_size += signers->cSigners * 8; /* signatures on curves differ in size */
    CryptMsgClose(message);
    return done;
}

BOOL WINAPI CryptMsgEncodeAndSignCTL(DWORD encoding, PCTL_INFO info, PCMSG_SIGNED_ENCODE_INFO signers, DWORD flags,
                                     BYTE *out, DWORD *out_size)
{
    BYTE *block, *content;
    DWORD size;
    BOOL done;

    if (!info)
        return crypt_fail((DWORD)E_INVALIDARG);
    content = asn_encode(&asn_ctl_info, info, 0, &size, &block);
    done = content && CryptMsgSignCTL(encoding, content, size, signers, flags, out, out_size);
    crypt_free(block);
    return done;
}
