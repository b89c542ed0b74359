/*
 * tls.h: the plug-in's functions; what they do is said in ntdll/tls_plugin.h.
 */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include "ntdll/tls_plugin.h"

static inline gnutls_datum_t datum(struct tls_blob blob)
{
    return (gnutls_datum_t){(unsigned char *)blob.data, (unsigned)blob.size};
}

gnutls_digest_algorithm_t hash_number(enum tls_hash hash);
/* Takes a datum of GnuTLS's over; false: no memory. */
bool data_take(gnutls_datum_t *from, struct tls_data *to);
/* An imported key, or NULL. */
gnutls_pubkey_t pubkey_open(struct tls_blob info);
gnutls_privkey_t privkey_open(struct tls_blob key);

size_t host_roots(struct tls_data **certificates);
unsigned certificate_issued(struct tls_blob certificate, struct tls_blob issuer);
bool crl_issued(struct tls_blob crl, struct tls_blob issuer);
bool request_signed(struct tls_blob request);
bool host_matches(struct tls_blob certificate, const char *host);

size_t digest(enum tls_hash hash, const void *data, size_t size, uint8_t *out);
bool key_verify(struct tls_blob public_key, const char *algorithm, struct tls_blob content, struct tls_blob signature);
bool key_verify_digest(struct tls_blob public_key, enum tls_hash hash, struct tls_blob digest,
                       struct tls_blob signature);
enum tls_result key_sign(struct tls_blob key, enum tls_hash hash, struct tls_blob content, struct tls_data *signature);
enum tls_result key_public(struct tls_blob key, struct tls_data *info);
unsigned key_bits(struct tls_blob public_key);
enum tls_result key_generate(bool rsa, unsigned bits, struct tls_data *key);
enum tls_result key_decrypt(struct tls_blob key, struct tls_blob cipher, struct tls_data *plain);

enum tls_result pfx_read(struct tls_blob data, const char *password, struct tls_pfx *pfx);
void pfx_release(struct tls_pfx *pfx);
enum tls_result pfx_write(const struct tls_pfx *pfx, const char *password, struct tls_data *data);
bool pfx_is(struct tls_blob data);

struct tls_session *session_open(const struct tls_options *options);
void session_close(struct tls_session *session);
bool session_give(struct tls_session *session, const struct tls_blob *certificates, size_t count, struct tls_blob der);
enum tls_result session_handshake(struct tls_session *session, struct tls_blob record);
enum tls_result session_rehandshake(struct tls_session *session);
enum tls_result session_decrypt(struct tls_session *session, struct tls_blob record, uint8_t *out, size_t *size);
enum tls_result session_encrypt(struct tls_session *session, struct tls_blob content, struct tls_data *record);
enum tls_result session_shutdown(struct tls_session *session);
void session_alert(struct tls_session *session, unsigned level, unsigned number);
void session_output(struct tls_session *session, struct tls_data *data);
void session_info(struct tls_session *session, struct tls_info *info);
bool session_save(struct tls_session *session, struct tls_data *data);
size_t session_peer(struct tls_session *session, const struct tls_blob **certificates);
bool session_client_asked(struct tls_session *session);
const char *session_server_name(struct tls_session *session);
bool session_binding(struct tls_session *session, int kind, struct tls_data *data);
bool session_export(struct tls_session *session, const char *label, struct tls_blob context, uint8_t *out, size_t size);

#endif
