/*
 * session.c: TLS sessions on memory.
 *
 * GnuTLS pulls from the record that was given and pushes to a growing buffer.  A session may be read by one thread and
 * written by another at the same time: they share no buffer but `out`, which has a lock.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tls.h"

struct tls_session {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct tls_blob in; /* what is left of the record */
    pthread_mutex_t lock;
    struct tls_data out;
    size_t out_room;
    bool failed_out, done, asked;
    struct tls_blob *peer;
    char name[256];
};

static ssize_t pull(gnutls_transport_ptr_t pointer, void *data, size_t size)
{
    struct tls_session *session = pointer;

    if (!session->in.size) {
        gnutls_transport_set_errno(session->session, EAGAIN);
        return -1;
    }
    if (size > session->in.size)
        size = session->in.size;
    memcpy(data, session->in.data, size);
    session->in.data += size;
    session->in.size -= size;
    return (ssize_t)size;
}

static int pull_ready(gnutls_transport_ptr_t pointer, unsigned milliseconds)
{
    struct tls_session *session = pointer;

    (void)milliseconds;
    return session->in.size ? 1 : 0;
}

static ssize_t push(gnutls_transport_ptr_t pointer, const void *data, size_t size)
{
    struct tls_session *session = pointer;

    pthread_mutex_lock(&session->lock);
    if (session->out.size + size > session->out_room) {
        size_t room = (session->out.size + size) * 2;
        uint8_t *longer = realloc(session->out.data, room);

        if (!longer) {
            pthread_mutex_unlock(&session->lock);
            gnutls_transport_set_errno(session->session, ENOMEM);
            return -1;
        }
        session->out.data = longer;
        session->out_room = room;
    }
    memcpy(session->out.data + session->out.size, data, size);
    session->out.size += size;
    pthread_mutex_unlock(&session->lock);
    return (ssize_t)size;
}

void session_output(struct tls_session *session, struct tls_data *data)
{
    pthread_mutex_lock(&session->lock);
    *data = session->out;
    session->out = (struct tls_data){0};
    session->out_room = 0;
    pthread_mutex_unlock(&session->lock);
}

/* A server's question for a certificate is seen here; what the credentials have is the answer. */
static int client_certificate(gnutls_session_t inner, unsigned type, unsigned when, unsigned incoming,
                              const gnutls_datum_t *message)
{
    struct tls_session *session = gnutls_session_get_ptr(inner);

    (void)when, (void)message;
    if (incoming && type == GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST)
        session->asked = true;
    return 0;
}

/* The session's own certificate; also in the middle of a handshake, before the server asks for it. */
bool session_give(struct tls_session *session, const struct tls_blob *certificates, size_t count, struct tls_blob der)
{
    gnutls_privkey_t key = privkey_open(der);
    gnutls_pcert_st *list = key ? calloc(count, sizeof *list) : NULL; /* the credentials keep what is in it */
    size_t i;
    bool good;

    if (!list) {
        if (key)
            gnutls_privkey_deinit(key);
        return false;
    }
    for (i = 0; i < count; i++) {
        gnutls_datum_t bytes = datum(certificates[i]);

        if (gnutls_pcert_import_x509_raw(&list[i], &bytes, GNUTLS_X509_FMT_DER, 0) < 0)
            break;
    }
    good = i == count && gnutls_certificate_set_key(session->credentials, NULL, 0, list, (int)count, key) >= 0;
    if (!good) {
        while (i)
            gnutls_pcert_deinit(&list[--i]);
        gnutls_privkey_deinit(key);
    }
    free(list);
    return good;
}

static bool credentials_fill(struct tls_session *session, const struct tls_options *options)
{
    if (gnutls_certificate_allocate_credentials(&session->credentials) < 0)
        return false;
    return !options->certificate_count ||
           session_give(session, options->certificates, options->certificate_count, options->key);
}

static bool priorities_set(gnutls_session_t session, unsigned versions)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {
        {TLS_1_3, ":+VERS-TLS1.3"}, {TLS_1_2, ":+VERS-TLS1.2"}, {TLS_1_1, ":+VERS-TLS1.1"}, {TLS_1_0, ":+VERS-TLS1.0"}};
    char text[160] = "NORMAL:%COMPAT";

    if (versions) {
        strcat(text, ":-VERS-ALL");
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (versions & names[i].bit)
                strcat(text, names[i].name);
    }
    return gnutls_priority_set_direct(session, text, NULL) >= 0;
}

static bool session_set(struct tls_session *session, const struct tls_options *options)
{
    gnutls_datum_t protocols[16];
    unsigned count = options->protocol_count < 16 ? (unsigned)options->protocol_count : 16;

    if (!credentials_fill(session, options) || !priorities_set(session->session, options->versions) ||
        gnutls_credentials_set(session->session, GNUTLS_CRD_CERTIFICATE, session->credentials) < 0)
        return false;
    if (!options->server && options->host &&
        gnutls_server_name_set(session->session, GNUTLS_NAME_DNS, options->host, strlen(options->host)) < 0)
        return false;
    for (unsigned i = 0; i < count; i++)
        protocols[i] = datum(options->protocols[i]);
    if (count && gnutls_alpn_set_protocols(session->session, protocols, count,
                                           options->server ? GNUTLS_ALPN_SERVER_PRECEDENCE : 0) < 0)
        return false;
    /* What can not be resumed becomes a session of its own. */
    if (!options->server && options->resume.size)
        gnutls_session_set_data(session->session, options->resume.data, options->resume.size);
    if (options->server)
        gnutls_certificate_server_set_request(session->session, options->require_certificate ? GNUTLS_CERT_REQUIRE
                                                                : options->ask_certificate   ? GNUTLS_CERT_REQUEST
                                                                                             : GNUTLS_CERT_IGNORE);
    gnutls_session_set_ptr(session->session, session);
    gnutls_transport_set_ptr(session->session, session);
    gnutls_transport_set_pull_function(session->session, pull);
    gnutls_transport_set_pull_timeout_function(session->session, pull_ready);
    gnutls_transport_set_push_function(session->session, push);
    gnutls_handshake_set_timeout(session->session, 0);
    if (!options->server)
        gnutls_handshake_set_hook_function(session->session, GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST, GNUTLS_HOOK_PRE,
                                           client_certificate);
    return true;
}

struct tls_session *session_open(const struct tls_options *options)
{
    struct tls_session *session = calloc(1, sizeof *session);

    if (!session)
        return NULL;
    pthread_mutex_init(&session->lock, NULL);
    if (gnutls_init(&session->session, (options->server ? GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET
                                                        : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT) |
                                           GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0) {
        free(session);
        return NULL;
    }
    if (!session_set(session, options)) {
        session_close(session);
        return NULL;
    }
    return session;
}

void session_close(struct tls_session *session)
{
    gnutls_deinit(session->session);
    if (session->credentials)
        gnutls_certificate_free_credentials(session->credentials);
    pthread_mutex_destroy(&session->lock);
    free(session->out.data);
    free(session->peer);
    free(session);
}

static enum tls_result handshake_step(struct tls_session *session)
{
    for (;;) {
        int error = gnutls_handshake(session->session);

        if (error == GNUTLS_E_SUCCESS)
            return TLS_OK;
        if (error == GNUTLS_E_AGAIN || error == GNUTLS_E_INTERRUPTED) {
            if (session->in.size)
                continue;
            return TLS_AGAIN;
        }
        if (error == GNUTLS_E_WARNING_ALERT_RECEIVED || error == GNUTLS_E_GOT_APPLICATION_DATA)
            continue;
        if (error != GNUTLS_E_FATAL_ALERT_RECEIVED)
            gnutls_alert_send_appropriate(session->session, error);
        return TLS_FAILED;
    }
}

enum tls_result session_handshake(struct tls_session *session, struct tls_blob record)
{
    session->in = record;
    return handshake_step(session);
}

enum tls_result session_rehandshake(struct tls_session *session)
{
    int error = gnutls_rehandshake(session->session);

    return error < 0 ? TLS_FAILED : TLS_OK;
}

enum tls_result session_decrypt(struct tls_session *session, struct tls_blob record, uint8_t *out, size_t *size)
{
    size_t room = *size, got = 0;

    session->in = record;
    *size = 0;
    for (;;) {
        ssize_t count = gnutls_record_recv(session->session, out + got, room - got);

        if (count > 0) {
            got += (size_t)count;
            *size = got;
            if (gnutls_record_check_pending(session->session) && got < room)
                continue;
            return TLS_OK;
        }
        if (count == 0)
            return TLS_CLOSED;
        if (count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED) {
            if (session->in.size)
                continue;
            return TLS_AGAIN; /* a record without content for the application */
        }
        if (count == GNUTLS_E_REHANDSHAKE)
            return TLS_REHANDSHAKE;
        if (count == GNUTLS_E_WARNING_ALERT_RECEIVED)
            return TLS_AGAIN;
        if (count == GNUTLS_E_PREMATURE_TERMINATION)
            return TLS_CLOSED;
        return TLS_FAILED;
    }
}

enum tls_result session_encrypt(struct tls_session *session, struct tls_blob content, struct tls_data *record)
{
    size_t sent = 0;

    do {
        ssize_t count = gnutls_record_send(session->session, content.data + sent, content.size - sent);

        if (count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED)
            continue;
        if (count < 0)
            return TLS_FAILED;
        sent += (size_t)count;
    } while (sent < content.size);
    session_output(session, record);
    return TLS_OK;
}

enum tls_result session_shutdown(struct tls_session *session)
{
    return gnutls_bye(session->session, GNUTLS_SHUT_WR) < 0 ? TLS_FAILED : TLS_OK;
}

void session_alert(struct tls_session *session, unsigned level, unsigned number)
{
    gnutls_alert_send(session->session, (gnutls_alert_level_t)level, (gnutls_alert_description_t)number);
}

static unsigned wire_version(gnutls_protocol_t version)
{
    switch (version) {
    case GNUTLS_TLS1_0:
        return 0x0301;
    case GNUTLS_TLS1_1:
        return 0x0302;
    case GNUTLS_TLS1_2:
        return 0x0303;
    case GNUTLS_TLS1_3:
        return 0x0304;
    default:
        return 0;
    }
}

static enum tls_cipher cipher_kind(gnutls_cipher_algorithm_t cipher)
{
    const char *name = gnutls_cipher_get_name(cipher);

    if (!name)
        return TLS_CIPHER_OTHER;
    return !strncmp(name, "AES", 3)        ? TLS_CIPHER_AES
           : !strncmp(name, "CHACHA20", 8) ? TLS_CIPHER_CHACHA
           : !strncmp(name, "3DES", 4)     ? TLS_CIPHER_3DES
                                           : TLS_CIPHER_OTHER;
}

/* The registered number and name of the suite in use.  GnuTLS's list has the names without "WITH_". */
static void suite_info(gnutls_session_t session, struct tls_info *info)
{
    const char *name = gnutls_ciphersuite_get(session), *with = name ? strstr(name, "WITH_") : NULL, *known;
    char plain[64];
    unsigned char id[2];

    if (!name)
        return;
    snprintf(info->suite_name, sizeof info->suite_name, "%s", name);
    snprintf(plain, sizeof plain, "%.*s%s", (int)(with ? with - name : 0), name, with ? with + 5 : name);
    for (size_t i = 0; (known = gnutls_cipher_suite_info(i, id, NULL, NULL, NULL, NULL)); i++)
        if (!strcmp(known, plain) || !strcmp(known, name)) {
            info->suite = (unsigned)(id[0] << 8 | id[1]);
            return;
        }
}

void session_info(struct tls_session *session, struct tls_info *info)
{
    gnutls_session_t inner = session->session;
    gnutls_cipher_algorithm_t cipher = gnutls_cipher_get(inner);
    gnutls_kx_algorithm_t exchange = gnutls_kx_get(inner);
    gnutls_group_t group = gnutls_group_get(inner);
    gnutls_datum_t chosen;
    size_t id_size = sizeof info->session_id;

    *info = (struct tls_info){0};
    info->version = wire_version(gnutls_protocol_get_version(inner));
    suite_info(inner, info);
    info->cipher = cipher_kind(cipher);
    info->cipher_bits = (unsigned)gnutls_cipher_get_key_size(cipher) * 8;
    info->block_size = gnutls_cipher_get_block_size(cipher);
    info->aead = gnutls_mac_get(inner) == GNUTLS_MAC_AEAD;
    info->mac_bits = info->aead ? 0 : (unsigned)gnutls_mac_get_key_size(gnutls_mac_get(inner)) * 8;
    info->hash_bits = (unsigned)gnutls_hash_get_len((gnutls_digest_algorithm_t)gnutls_prf_hash_get(inner)) * 8;
    info->exchange = exchange == GNUTLS_KX_RSA                                        ? 'r'
                     : exchange == GNUTLS_KX_DHE_RSA || exchange == GNUTLS_KX_DHE_DSS ? 'd'
                                                                                      : 'e';
    info->exchange_bits = info->exchange == 'd' ? (unsigned)gnutls_dh_get_prime_bits(inner) : 256;
    if (group == GNUTLS_GROUP_SECP384R1)
        info->exchange_bits = 384;
    else if (group == GNUTLS_GROUP_SECP521R1)
        info->exchange_bits = 521;
    else if (group == GNUTLS_GROUP_X25519)
        info->exchange_bits = 255;
    info->maximum = (unsigned)gnutls_record_get_max_size(inner);
    info->overhead = (unsigned)gnutls_record_overhead_size(inner);
    info->resumed = gnutls_session_is_resumed(inner);
    if (gnutls_session_get_id(inner, info->session_id, &id_size) >= 0)
        info->session_id_size = (unsigned)id_size;
    if (gnutls_alpn_get_selected_protocol(inner, &chosen) >= 0 && chosen.size < sizeof info->protocol) {
        memcpy(info->protocol, chosen.data, chosen.size);
        info->protocol_size = chosen.size;
    }
}

bool session_save(struct tls_session *session, struct tls_data *data)
{
    bool late = gnutls_protocol_get_version(session->session) >= GNUTLS_TLS1_3;
    gnutls_datum_t value;

    if (late && !(gnutls_session_get_flags(session->session) & GNUTLS_SFLAGS_SESSION_TICKET))
        return false;
    return gnutls_session_get_data2(session->session, &value) >= 0 && data_take(&value, data);
}

size_t session_peer(struct tls_session *session, const struct tls_blob **certificates)
{
    unsigned count = 0;
    const gnutls_datum_t *list = gnutls_certificate_get_peers(session->session, &count);
    struct tls_blob *copy = list && count ? realloc(session->peer, count * sizeof *copy) : NULL;

    if (!copy)
        return 0;
    session->peer = copy;
    for (unsigned i = 0; i < count; i++)
        copy[i] = (struct tls_blob){list[i].data, list[i].size};
    *certificates = copy;
    return count;
}

bool session_client_asked(struct tls_session *session)
{
    return session->asked;
}

const char *session_server_name(struct tls_session *session)
{
    size_t size = sizeof session->name;
    unsigned type;

    if (gnutls_server_name_get(session->session, session->name, &size, &type, 0) < 0)
        session->name[0] = 0;
    return session->name;
}

bool session_binding(struct tls_session *session, int kind, struct tls_data *data)
{
    gnutls_datum_t value;
    gnutls_channel_binding_t type = kind == 'u'   ? GNUTLS_CB_TLS_UNIQUE
                                    : kind == 'e' ? GNUTLS_CB_TLS_EXPORTER
                                                  : GNUTLS_CB_TLS_SERVER_END_POINT;

    return gnutls_session_channel_binding(session->session, type, &value) >= 0 && data_take(&value, data);
}

bool session_export(struct tls_session *session, const char *label, struct tls_blob context, uint8_t *out, size_t size)
{
    return gnutls_prf_rfc5705(session->session, strlen(label), label, context.size, (const char *)context.data, size,
                              (char *)out) >= 0;
}
