/*
 * ntlm.h: NTLM as MS-NLMP has it: messages, keys, and what is signed and sealed with them.
 *
 * ntlm_message.c and ntlm_crypt.c know no handles and no accounts: bytes in, bytes out.  Names of constants are the
 * specification's.
 */
#ifndef SECUR32_NTLM_H
#define SECUR32_NTLM_H

#include "secur32/writer.h"

enum {
    NTLM_UNICODE = 0x00000001,
    NTLM_OEM = 0x00000002,
    NTLM_REQUEST_TARGET = 0x00000004,
    NTLM_SIGN = 0x00000010,
    NTLM_SEAL = 0x00000020,
    NTLM_DATAGRAM = 0x00000040,
    NTLM_LM_KEY = 0x00000080,
    NTLM_NTLM = 0x00000200,
    NTLM_ANONYMOUS = 0x00000800,
    NTLM_DOMAIN_SUPPLIED = 0x00001000,
    NTLM_WORKSTATION_SUPPLIED = 0x00002000,
    NTLM_LOCAL_CALL = 0x00004000,
    NTLM_ALWAYS_SIGN = 0x00008000,
    NTLM_TARGET_IS_DOMAIN = 0x00010000,
    NTLM_TARGET_IS_SERVER = 0x00020000,
    NTLM_EXTENDED = 0x00080000, /* extended session security */
    NTLM_IDENTIFY = 0x00100000,
    NTLM_TARGET_INFO = 0x00800000,
    NTLM_VERSION = 0x02000000,
    NTLM_128 = 0x20000000,
    NTLM_KEY_EXCHANGE = 0x40000000,
};
#define NTLM_56 0x80000000u

/* Pairs of the target's information. */
enum {
    AV_END,
    AV_COMPUTER,
    AV_DOMAIN,
    AV_DNS_COMPUTER,
    AV_DNS_DOMAIN,
    AV_DNS_TREE,
    AV_FLAGS,
    AV_TIMESTAMP,
    AV_SINGLE_HOST,
    AV_TARGET_NAME,
    AV_CHANNEL_BINDINGS,
};
#define AV_FLAG_MIC 2u

/* ---- ntlm_message.c ---- */

struct ntlm_negotiate {
    ULONG flags;
    struct bytes domain, workstation; /* in bytes of the OEM code page */
};

struct ntlm_challenge {
    ULONG flags;
    BYTE challenge[8], context[8];
    struct bytes target, info;
};

#define NTLM_MIC_OFFSET 72
#define NTLM_MIC_SIZE 16

struct ntlm_authenticate {
    ULONG flags;
    struct bytes lm, nt, domain, user, workstation, key;
};

/* false: damaged, or another message.  What they return points into the message. */
bool ntlm_negotiate_read(struct bytes message, struct ntlm_negotiate *negotiate);
bool ntlm_challenge_read(struct bytes message, struct ntlm_challenge *challenge);
bool ntlm_authenticate_read(struct bytes message, struct ntlm_authenticate *authenticate);
void ntlm_negotiate_write(struct writer *writer, const struct ntlm_negotiate *negotiate);
void ntlm_challenge_write(struct writer *writer, const struct ntlm_challenge *challenge);
/* With room for a MIC, of zeros. */
void ntlm_authenticate_write(struct writer *writer, const struct ntlm_authenticate *authenticate);

/* A pair of a list; the list's end or damage: data is NULL. */
struct bytes av_find(struct bytes list, USHORT id);
void av_put(struct writer *writer, USHORT id, struct bytes value);
/* The pairs of a list without its end and without those that the client sets itself; false: damaged. */
bool av_copy(struct writer *writer, struct bytes list);

/* ---- ntlm_crypt.c.  All need the plug-in: ntlm_ready() says whether it is there. ---- */

#define NTLM_KEY_SIZE 16
typedef BYTE ntlm_key[NTLM_KEY_SIZE];

bool ntlm_ready(void);
void ntlm_hash(struct bytes password, ntlm_key hash); /* NTOWFv1: of UTF-16 */
/* NTOWFv2; user and domain are UTF-16. */
void ntlm_response_key(const ntlm_key hash, struct bytes user, struct bytes domain, ntlm_key key);
void ntlm_hmac(const void *key, size_t size, struct bytes first, struct bytes second, struct bytes third, ntlm_key mac);
void ntlm_md5(struct bytes first, struct bytes second, ntlm_key digest);
void ntlm_rc4(const ntlm_key key, const void *in, void *out, size_t size);
/* The blob behind NTLMv2's proof; info has its end. */
void ntlm_blob_write(struct writer *writer, ULONGLONG time, const BYTE client[8], struct bytes info);
/* Proof and blob of a response, and the session's base key. */
void ntlm_proof(const ntlm_key key, const BYTE server[8], struct bytes blob, ntlm_key proof, ntlm_key base);

/* One direction of a session. */
struct ntlm_direction {
    ntlm_key sign;
    void *rc4, *rc4_start; /* running, and as it was at the beginning */
    ULONG sequence;
};

struct ntlm_session {
    ULONG flags;
    struct ntlm_direction send, receive;
};

bool ntlm_session_begin(struct ntlm_session *session, ULONG flags, const ntlm_key key, bool server);
void ntlm_session_end(struct ntlm_session *session);
/* Starts the streams again, as SPNEGO wants after its own signatures. */
void ntlm_session_rewind(struct ntlm_direction *direction);
#define NTLM_SIGNATURE_SIZE 16
/* The signature of parts, which are sealed in place first. */
void ntlm_seal(const struct ntlm_session *session, struct ntlm_direction *direction, const struct bytes *parts,
               const bool *sealed, size_t count, BYTE signature[NTLM_SIGNATURE_SIZE]);
bool ntlm_open(const struct ntlm_session *session, struct ntlm_direction *direction, const struct bytes *parts,
               const bool *sealed, size_t count, const BYTE signature[NTLM_SIGNATURE_SIZE]);

#endif
