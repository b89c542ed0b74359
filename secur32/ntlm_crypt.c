/*
 * ntlm_crypt.c: MS-NLMP section 3.3 and 3.4: keys, NTLMv2's response, signatures and seals.
 */
#include "secur32/ntlm.h"
#include "ntdll/crypto_plugin.h"

#define MAX_STATE 256 /* of MD4 or MD5, and of a keyed one */

bool ntlm_ready(void)
{
    const struct crypto_plugin *plugin = crypto_plugin();

    return plugin && plugin->hash[CRYPTO_MD4]->context_size <= MAX_STATE &&
           crypto_hmac_size(plugin->hash[CRYPTO_MD5]) <= 2 * MAX_STATE;
}

static void hash_two(int id, struct bytes first, struct bytes second, ntlm_key digest)
{
    const struct crypto_hash *hash = crypto_plugin()->hash[id];
    uint64_t context[MAX_STATE / 8];

    hash->init(context);
    hash->update(context, first.size, first.data);
    hash->update(context, second.size, second.data);
    hash->digest(context, NTLM_KEY_SIZE, digest);
}

void ntlm_md5(struct bytes first, struct bytes second, ntlm_key digest)
{
    hash_two(CRYPTO_MD5, first, second, digest);
}

void ntlm_hash(struct bytes password, ntlm_key hash)
{
    hash_two(CRYPTO_MD4, password, (struct bytes){NULL, 0}, hash);
}

struct keyed {
    uint64_t room[2 * MAX_STATE / 8];
};

static void keyed_begin(struct keyed *keyed, const void *key, size_t size)
{
    const struct crypto_plugin *plugin = crypto_plugin();

    plugin->hmac_set_key((struct crypto_hmac *)keyed->room, plugin->hash[CRYPTO_MD5], key, size);
}

static void keyed_add(struct keyed *keyed, struct bytes part)
{
    if (part.size)
        crypto_plugin()->hmac_update((struct crypto_hmac *)keyed->room, part.size, part.data);
}

static void keyed_end(struct keyed *keyed, ntlm_key mac)
{
    crypto_plugin()->hmac_digest((struct crypto_hmac *)keyed->room, NTLM_KEY_SIZE, mac);
    explicit_bzero(keyed, sizeof *keyed);
}

void ntlm_hmac(const void *key, size_t size, struct bytes first, struct bytes second, struct bytes third, ntlm_key mac)
{
    struct keyed keyed;

    keyed_begin(&keyed, key, size);
    keyed_add(&keyed, first);
    keyed_add(&keyed, second);
    keyed_add(&keyed, third);
    keyed_end(&keyed, mac);
}

void ntlm_response_key(const ntlm_key hash, struct bytes user, struct bytes domain, ntlm_key key)
{
    struct keyed keyed;
    WCHAR letter;

    keyed_begin(&keyed, hash, NTLM_KEY_SIZE);
    for (size_t i = 0; i + 1 < user.size; i += 2) {
        memcpy(&letter, user.data + i, 2);
        letter = wide_upper(letter);
        keyed_add(&keyed, (struct bytes){(const BYTE *)&letter, 2});
    }
    keyed_add(&keyed, domain);
    keyed_end(&keyed, key);
}

void ntlm_blob_write(struct writer *writer, ULONGLONG time, const BYTE client[8], struct bytes info)
{
    static const BYTE head[8] = {1, 1}, gap[4];

    writer_put(writer, head, sizeof head);
    writer_put(writer, &time, sizeof time);
    writer_put(writer, client, 8);
    writer_put(writer, gap, sizeof gap);
    writer_put(writer, info.data, info.size);
    writer_put(writer, gap, sizeof gap);
}

void ntlm_proof(const ntlm_key key, const BYTE server[8], struct bytes blob, ntlm_key proof, ntlm_key base)
{
    const struct bytes none = {NULL, 0};

    ntlm_hmac(key, NTLM_KEY_SIZE, (struct bytes){server, 8}, blob, none, proof);
    ntlm_hmac(key, NTLM_KEY_SIZE, (struct bytes){proof, NTLM_KEY_SIZE}, none, none, base);
}

/* ---- streams ---- */

static void *rc4_open(const ntlm_key key)
{
    void *state = crypt_alloc(crypto_plugin()->key_size);

    if (state && !crypto_plugin()->set_key(state, CRYPTO_RC4, key, NTLM_KEY_SIZE, 0)) {
        crypt_free(state);
        return NULL;
    }
    return state;
}

static void rc4_run(void *state, const void *in, void *out, size_t size)
{
    if (size)
        crypto_plugin()->crypt(state, CRYPTO_STREAM, true, NULL, 0, size, out, in);
}

void ntlm_rc4(const ntlm_key key, const void *in, void *out, size_t size)
{
    void *state = rc4_open(key);

    if (state)
        rc4_run(state, in, out, size);
    else
        memset(out, 0, size);
    crypt_free(state);
}

/* SIGNKEY and SEALKEY: the key, cut for the latter, with a text that says whose and what for. */
static void session_key(const ntlm_key key, size_t size, const char *whose, const char *what, ntlm_key out)
{
    char text[80];
    int length = 0;

    for (const char *part[] = {"session key to ", whose, what, " key magic constant"}, **at = part; at < part + 4; at++)
        for (const char *from = *at; *from; from++)
            text[length++] = *from;
    text[length++] = 0;
    ntlm_md5((struct bytes){key, size}, (struct bytes){(BYTE *)text, (size_t)length}, out);
}

static bool direction_begin(struct ntlm_direction *direction, ULONG flags, const ntlm_key key, bool from_client)
{
    const char *whose = from_client ? "client-to-server " : "server-to-client ";
    size_t strength = flags & NTLM_128 ? 16 : flags & NTLM_56 ? 7 : 5;
    ntlm_key seal;

    session_key(key, NTLM_KEY_SIZE, whose, "signing", direction->sign);
    session_key(key, strength, whose, "sealing", seal);
    direction->rc4 = rc4_open(seal);
    direction->rc4_start = rc4_open(seal);
    direction->sequence = 0;
    explicit_bzero(seal, sizeof seal);
    return direction->rc4 && direction->rc4_start;
}

bool ntlm_session_begin(struct ntlm_session *session, ULONG flags, const ntlm_key key, bool server)
{
    session->flags = flags;
    return direction_begin(&session->send, flags, key, !server) &&
           direction_begin(&session->receive, flags, key, server);
}

static void direction_end(struct ntlm_direction *direction)
{
    crypt_free(direction->rc4);
    crypt_free(direction->rc4_start);
    explicit_bzero(direction, sizeof *direction);
}

void ntlm_session_end(struct ntlm_session *session)
{
    direction_end(&session->send);
    direction_end(&session->receive);
}

void ntlm_session_rewind(struct ntlm_direction *direction)
{
    memcpy(direction->rc4, direction->rc4_start, crypto_plugin()->key_size);
}

static void signature_finish(const struct ntlm_session *session, struct ntlm_direction *direction, ntlm_key mac,
                             BYTE signature[NTLM_SIGNATURE_SIZE])
{
    static const BYTE version[4] = {1};

    memcpy(signature, version, 4);
    if (session->flags & NTLM_KEY_EXCHANGE)
        rc4_run(direction->rc4, mac, signature + 4, 8);
    else
        memcpy(signature + 4, mac, 8);
    memcpy(signature + 12, &direction->sequence, 4);
    direction->sequence++;
}

void ntlm_seal(const struct ntlm_session *session, struct ntlm_direction *direction, const struct bytes *parts,
               const bool *sealed, size_t count, BYTE signature[NTLM_SIGNATURE_SIZE])
{
    struct keyed keyed;
    ntlm_key mac;

    keyed_begin(&keyed, direction->sign, NTLM_KEY_SIZE);
    keyed_add(&keyed, (struct bytes){(const BYTE *)&direction->sequence, 4});
    for (size_t i = 0; i < count; i++) {
        keyed_add(&keyed, parts[i]);
        if (sealed[i])
            rc4_run(direction->rc4, parts[i].data, (BYTE *)parts[i].data, parts[i].size);
    }
    keyed_end(&keyed, mac);
    signature_finish(session, direction, mac, signature);
}

bool ntlm_open(const struct ntlm_session *session, struct ntlm_direction *direction, const struct bytes *parts,
               const bool *sealed, size_t count, const BYTE signature[NTLM_SIGNATURE_SIZE])
{
    BYTE expected[NTLM_SIGNATURE_SIZE], different = 0;
    struct keyed keyed;
    ntlm_key mac;

    keyed_begin(&keyed, direction->sign, NTLM_KEY_SIZE);
    keyed_add(&keyed, (struct bytes){(const BYTE *)&direction->sequence, 4});
    for (size_t i = 0; i < count; i++) {
        if (sealed[i])
            rc4_run(direction->rc4, parts[i].data, (BYTE *)parts[i].data, parts[i].size);
        keyed_add(&keyed, parts[i]);
    }
    keyed_end(&keyed, mac);
    signature_finish(session, direction, mac, expected);
    for (int i = 0; i < NTLM_SIGNATURE_SIZE; i++)
        different |= expected[i] ^ signature[i];
    return !different;
}
