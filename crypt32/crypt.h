/*
 * crypt.h: what the files of crypt32 share: wincrypt.h's types, memory, and the plug-in's calls.
 */
#ifndef CRYPT32_CRYPT_H
#define CRYPT32_CRYPT_H

#include <string.h>
#include "win.h"
#define CRYPT_OID_INFO_HAS_EXTRA_FIELDS
#define CERT_CHAIN_PARA_HAS_EXTRA_FIELDS
#define CMSG_SIGNER_ENCODE_INFO_HAS_CMS_FIELDS
#define CMSG_SIGNED_ENCODE_INFO_HAS_CMS_FIELDS
#define CMSG_ENVELOPED_ENCODE_INFO_HAS_CMS_FIELDS
#include <wincrypt.h>
#include "ntdll/nls.h"
#include "ntdll/tls_plugin.h"

/* These headers leave it out. */
#ifndef CERT_E_CN_NO_MATCH
#define CERT_E_CN_NO_MATCH ((HRESULT)0x800b010f)
#endif

static inline void *crypt_alloc(size_t size)
{
    void *block = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size);
    if (!block)
        SetLastError(ERROR_OUTOFMEMORY);
    return block;
}

static inline void crypt_free(void *block)
{
    if (block)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, block);
}

static inline BOOL crypt_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Both halves of the encoding type are the same kinds; only X.509 and PKCS #7 exist. */
#define ENCODING_ANY (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)

static inline struct tls_blob tls_blob_of(const void *data, size_t size)
{
    return (struct tls_blob){data, size};
}

/* The rule of most functions here: *size is the room, then what is needed. */
BOOL crypt_copy(const void *from, DWORD needed, void *to, DWORD *size);

/* host.c: the plug-in's calls, each where there is stack for it; all fail cleanly if it can not be opened. */
DWORD host_digest(enum tls_hash hash, const void *data, size_t size, BYTE *out);
unsigned host_issued(struct tls_blob certificate, struct tls_blob issuer);
bool host_crl_issued(struct tls_blob crl, struct tls_blob issuer);
bool host_request_signed(struct tls_blob request);
bool host_name_matches(struct tls_blob certificate, const WCHAR *name);
bool host_verify(struct tls_blob public_key, const char *algorithm, struct tls_blob content, struct tls_blob signature);
bool host_sign(struct tls_blob key, enum tls_hash hash, struct tls_blob content, struct tls_data *signature);
bool host_public_key(struct tls_blob key, struct tls_data *info);
bool host_generate(bool rsa, unsigned bits, struct tls_data *key);
unsigned host_key_bits(struct tls_blob public_key);
enum tls_result host_pfx_read(struct tls_blob data, const char *password, struct tls_pfx *pfx);
enum tls_result host_pfx_write(const struct tls_pfx *pfx, const char *password, struct tls_data *data);
bool host_pfx_is(struct tls_blob data);
void host_release(struct tls_data *data);

/* text.c */
WCHAR *wide_copy(const WCHAR *text);
WCHAR *wide_from_utf8(const char *text, int length);
char *utf8_from_wide(const WCHAR *text);

#endif
