/*
 * private_key.h: where the private key of a certificate is: a handle of the program's, a container, or memory.
 */
#ifndef CRYPT32_PRIVATE_KEY_H
#define CRYPT32_PRIVATE_KEY_H

#include "crypt32/keyform.h"
#include "crypt32/store.h"

/* The pair behind a handle of CryptoAPI or ncrypt, borrowed; NULL, with last error: there is none. */
BCRYPT_KEY_HANDLE handle_pair(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, bool *exportable);
/* The same as PKCS #8, heap memory. */
bool handle_pkcs8(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, DWORD spec, CRYPT_DATA_BLOB *key);
/* Does a pair have this public half? */
bool pair_fits(BCRYPT_KEY_HANDLE pair, const CERT_PUBLIC_KEY_INFO *info);

/* Keeps a key (PKCS #8) in a new container and names it in the certificate's properties, or, with
 * PKCS12_NO_PERSIST_KEY, gives the certificate a handle of it.  `flags` are PFXImportCertStore's. */
bool body_key_keep(struct body *body, const void *pkcs8, DWORD size, DWORD flags);
/* property.c's: a handle that goes with a body, or is copied with it. */
void key_context_release(const CERT_KEY_CONTEXT *context);
void key_context_reference(const CERT_KEY_CONTEXT *context);

#endif
