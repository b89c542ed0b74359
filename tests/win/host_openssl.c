/*
 * Do libcrypto and libssl of the host work as Windows DLLs: digests, ciphers, keys, callbacks, long, and a session over
 * Winsock's sockets that do not block?
 * link: -lws2_32
 */
#include <winsock2.h>
#include <stdint.h>
#include "check.h"

static HMODULE crypto, ssl;

/* Declares `name` as a function of a DLL. */
#define IMPORT(dll, result, name, ...)                                                                                 \
    result (*name)(__VA_ARGS__) = (result(*)(__VA_ARGS__))GetProcAddress(dll, #name);                                  \
    CHECK(name != NULL);                                                                                               \
    if (!name)                                                                                                         \
    return

static void hex(const unsigned char *bytes, unsigned count, char *text)
{
    for (unsigned i = 0; i < count; i++)
        sprintf(text + 2 * i, "%02x", bytes[i]);
}

static void digests(void)
{
    IMPORT(crypto, unsigned char *, SHA256, const void *, size_t, unsigned char *);
    IMPORT(crypto, void *, EVP_MD_CTX_new, void);
    IMPORT(crypto, void, EVP_MD_CTX_free, void *);
    IMPORT(crypto, const void *, EVP_sha512, void);
    IMPORT(crypto, int, EVP_DigestInit_ex, void *, const void *, void *);
    IMPORT(crypto, int, EVP_DigestUpdate, void *, const void *, size_t);
    IMPORT(crypto, int, EVP_DigestFinal_ex, void *, unsigned char *, unsigned *);
    IMPORT(crypto, unsigned char *, HMAC, const void *, const void *, int, const void *, size_t, unsigned char *,
           unsigned *);
    IMPORT(crypto, int, RAND_bytes, unsigned char *, int);
    IMPORT(crypto, unsigned long, OpenSSL_version_num, void);
    unsigned char out[64], more[64];
    char text[200];
    unsigned size = 0;
    SHA256("abc", 3, out);
    hex(out, 32, text);
    CHECK_STR(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    void *context = EVP_MD_CTX_new();
    CHECK_EQ(EVP_DigestInit_ex(context, EVP_sha512(), NULL), 1);
    CHECK_EQ(EVP_DigestUpdate(context, "ab", 2), 1);
    CHECK_EQ(EVP_DigestUpdate(context, "c", 1), 1);
    CHECK_EQ(EVP_DigestFinal_ex(context, out, &size), 1);
    CHECK_EQ(size, 64);
    EVP_MD_CTX_free(context);
    hex(out, 4, text);
    CHECK_STR(text, "ddaf35a1");
    CHECK(HMAC(EVP_sha512(), "key", 3, "data", 4, out, &size) == out);
    hex(out, 4, text);
    CHECK_STR(text, "3c5953a1");
    CHECK_EQ(RAND_bytes(out, 32), 1);
    CHECK_EQ(RAND_bytes(more, 32), 1);
    CHECK(memcmp(out, more, 32));
    CHECK(OpenSSL_version_num() >= 0x30000000ul);
}

static void ciphers(void)
{
    IMPORT(crypto, void *, EVP_CIPHER_CTX_new, void);
    IMPORT(crypto, void, EVP_CIPHER_CTX_free, void *);
    IMPORT(crypto, const void *, EVP_aes_256_gcm, void);
    IMPORT(crypto, int, EVP_CipherInit_ex, void *, const void *, void *, const unsigned char *, const unsigned char *,
           int);
    IMPORT(crypto, int, EVP_CipherUpdate, void *, unsigned char *, int *, const unsigned char *, int);
    IMPORT(crypto, int, EVP_CipherFinal_ex, void *, unsigned char *, int *);
    IMPORT(crypto, int, EVP_CIPHER_CTX_ctrl, void *, int, int, void *);
    unsigned char key[32] = {1, 2, 3}, nonce[12] = {4}, sealed[100], tag[16], opened[100];
    int length = 0, more = 0;
    void *c = EVP_CIPHER_CTX_new();
    CHECK_EQ(EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, 1), 1);
    CHECK_EQ(EVP_CipherUpdate(c, sealed, &length, (const unsigned char *)"secret text", 11), 1);
    CHECK_EQ(EVP_CipherFinal_ex(c, sealed + length, &more), 1);
    CHECK_EQ(length + more, 11);
    CHECK_EQ(EVP_CIPHER_CTX_ctrl(c, 0x10, 16, tag), 1);
    for (int damage = 0; damage < 2; damage++) {
        tag[0] ^= (unsigned char)damage;
        CHECK_EQ(EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, 0), 1);
        CHECK_EQ(EVP_CIPHER_CTX_ctrl(c, 0x11, 16, tag), 1);
        CHECK_EQ(EVP_CipherUpdate(c, opened, &length, sealed, 11), 1);
        CHECK_EQ(EVP_CipherFinal_ex(c, opened + length, &more), !damage);
        CHECK(!memcmp(opened, "secret text", 11));
    }
    EVP_CIPHER_CTX_free(c);
}

static int password_calls;

static int password(char *text, int size, int writing, void *context)
{
    password_calls += context == &password_calls;
    memcpy(text, "pass", 4);
    return 4;
}

static void *key, *certificate;

static void keys(void)
{
    IMPORT(crypto, void *, EVP_PKEY_CTX_new_id, int, void *);
    IMPORT(crypto, void, EVP_PKEY_CTX_free, void *);
    IMPORT(crypto, int, EVP_PKEY_keygen_init, void *);
    IMPORT(crypto, int, EVP_PKEY_keygen, void *, void **);
    IMPORT(crypto, int, EVP_PKEY_CTX_set_group_name, void *, const char *);
    IMPORT(crypto, int, EVP_PKEY_eq, const void *, const void *);
    IMPORT(crypto, void, EVP_PKEY_free, void *);
    IMPORT(crypto, const void *, BIO_s_mem, void);
    IMPORT(crypto, void *, BIO_new, const void *);
    IMPORT(crypto, int, BIO_free, void *);
    IMPORT(crypto, long, BIO_ctrl, void *, int, long, void *);
    IMPORT(crypto, const void *, EVP_aes_128_cbc, void);
    IMPORT(crypto, int, PEM_write_bio_PrivateKey, void *, const void *, const void *, const void *, int,
           int (*)(char *, int, int, void *), void *);
    IMPORT(crypto, void *, PEM_read_bio_PrivateKey, void *, void **, int (*)(char *, int, int, void *), void *);
    IMPORT(crypto, void *, X509_new, void);
    IMPORT(crypto, void *, X509_gmtime_adj, void *, long);
    IMPORT(crypto, void *, X509_getm_notBefore, const void *);
    IMPORT(crypto, void *, X509_getm_notAfter, const void *);
    IMPORT(crypto, int, X509_set_pubkey, void *, void *);
    IMPORT(crypto, int, X509_sign, void *, void *, const void *);
    IMPORT(crypto, int, X509_verify, void *, void *);
    IMPORT(crypto, const void *, EVP_sha256, void);
    IMPORT(crypto, void *, X509_get_subject_name, const void *);
    IMPORT(crypto, int, X509_NAME_add_entry_by_txt, void *, const char *, int, const unsigned char *, int, int, int);
    IMPORT(crypto, char *, X509_NAME_oneline, const void *, char *, int);
    IMPORT(crypto, unsigned long, ERR_get_error, void);
    IMPORT(crypto, char *, ERR_error_string, unsigned long, char *);
    char text[100];
    void *c = EVP_PKEY_CTX_new_id(408 /* EC */, NULL);
    CHECK_EQ(EVP_PKEY_keygen_init(c), 1);
    CHECK_EQ(EVP_PKEY_CTX_set_group_name(c, "P-256"), 1);
    CHECK_EQ(EVP_PKEY_keygen(c, &key), 1);
    EVP_PKEY_CTX_free(c);
    void *bio = BIO_new(BIO_s_mem()), *data = NULL;
    CHECK_EQ(PEM_write_bio_PrivateKey(bio, key, EVP_aes_128_cbc(), NULL, 0, password, &password_calls), 1);
    CHECK(BIO_ctrl(bio, 3 /* INFO */, 0, &data) > 100);
    CHECK(data && !strncmp(data, "-----BEGIN ENCRYPTED PRIVATE KEY", 32));
    void *again = PEM_read_bio_PrivateKey(bio, NULL, password, &password_calls);
    CHECK(again != NULL && EVP_PKEY_eq(key, again) == 1);
    CHECK_EQ(password_calls, 2);
    EVP_PKEY_free(again);
    CHECK(PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) == NULL);
    CHECK(!strncmp(ERR_error_string(ERR_get_error(), text), "error:", 6));
    BIO_free(bio);
    certificate = X509_new();
    CHECK(X509_gmtime_adj(X509_getm_notBefore(certificate), -60) != NULL);
    CHECK(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) != NULL);
    CHECK_EQ(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", 0x1001, (const unsigned char *)"test",
                                        -1, -1, 0),
             1);
    CHECK_EQ(X509_set_pubkey(certificate, key), 1);
    CHECK(X509_sign(certificate, key, EVP_sha256()) > 0);
    CHECK_EQ(X509_verify(certificate, key), 1);
    CHECK_STR(X509_NAME_oneline(X509_get_subject_name(certificate), text, sizeof text), "/CN=test");
}

static int verified;

static int verify(int ok, void *store)
{
    verified++;
    return 1;
}

/* Two connected sockets that do not block. */
static void connect_pair(SOCKET pair[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address;
    u_long on = 1;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(listener, 1), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    pair[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(pair[0], (struct sockaddr *)&address, sizeof address), 0);
    pair[1] = accept(listener, NULL, NULL);
    CHECK(pair[1] != INVALID_SOCKET);
    CHECK_EQ(ioctlsocket(pair[0], FIONBIO, &on), 0);
    CHECK_EQ(ioctlsocket(pair[1], FIONBIO, &on), 0);
    closesocket(listener);
}

static void sessions(void)
{
    IMPORT(ssl, const void *, TLS_method, void);
    IMPORT(ssl, void *, SSL_CTX_new, const void *);
    IMPORT(ssl, void, SSL_CTX_free, void *);
    IMPORT(ssl, int, SSL_CTX_use_certificate, void *, void *);
    IMPORT(ssl, int, SSL_CTX_use_PrivateKey, void *, void *);
    IMPORT(ssl, void, SSL_CTX_set_verify, void *, int, int (*)(int, void *));
    IMPORT(ssl, long, SSL_CTX_ctrl, void *, int, long, void *);
    IMPORT(ssl, uint64_t, SSL_CTX_set_options, void *, uint64_t);
    IMPORT(ssl, void *, SSL_new, void *);
    IMPORT(ssl, void, SSL_free, void *);
    IMPORT(ssl, int, SSL_set_fd, void *, int);
    IMPORT(ssl, int, SSL_get_fd, const void *);
    IMPORT(ssl, void, SSL_set_connect_state, void *);
    IMPORT(ssl, void, SSL_set_accept_state, void *);
    IMPORT(ssl, int, SSL_do_handshake, void *);
    IMPORT(ssl, int, SSL_get_error, const void *, int);
    IMPORT(ssl, int, SSL_read, void *, void *, int);
    IMPORT(ssl, int, SSL_write, void *, const void *, int);
    IMPORT(ssl, const char *, SSL_get_version, const void *);
    WSADATA data;
    SOCKET pair[2];
    char text[20] = "";
    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    connect_pair(pair);
    void *context = SSL_CTX_new(TLS_method());
    CHECK_EQ(SSL_CTX_use_certificate(context, certificate), 1);
    CHECK_EQ(SSL_CTX_use_PrivateKey(context, key), 1);
    SSL_CTX_set_verify(context, 1, verify);
    CHECK(SSL_CTX_set_options(context, 0x4000) & 0x4000);
    CHECK_EQ(SSL_CTX_ctrl(context, 123 /* SET_MIN_PROTO_VERSION */, 0x0303, NULL), 1);
    void *client = SSL_new(context), *server = SSL_new(context);
    CHECK_EQ(SSL_set_fd(client, (int)pair[0]), 1);
    CHECK_EQ(SSL_set_fd(server, (int)pair[1]), 1);
    CHECK_EQ(SSL_get_fd(client), (int)pair[0]);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    int done = 0, waits = 0;
    for (int round = 0; round < 2000 && done != 3; round++)
        for (int i = 0; i < 2; i++) {
            int result = SSL_do_handshake(i ? server : client);
            int error = SSL_get_error(i ? server : client, result);
            done |= (result == 1) << i;
            waits += error == 2;
            if (result != 1 && error != 2 && error != 3)
                round = 5000;
            else if (result != 1)
                Sleep(0);
        }
    CHECK_EQ(done, 3);
    CHECK(waits > 0);
    CHECK(verified > 0);
    CHECK(!strncmp(SSL_get_version(client), "TLSv1.", 6));
    CHECK_EQ(SSL_read(server, text, sizeof text), -1);
    CHECK_EQ(SSL_get_error(server, -1), 2);
    CHECK_EQ(SSL_write(client, "over TLS", 8), 8);
    int got = -1;
    for (int round = 0; round < 2000 && got < 0; round++) {
        got = SSL_read(server, text, sizeof text);
        Sleep(0);
    }
    CHECK_EQ(got, 8);
    CHECK(!memcmp(text, "over TLS", 8));
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(context);
    CHECK_EQ(closesocket(pair[0]), 0);
    CHECK_EQ(closesocket(pair[1]), 0);
}

int main(void)
{
    crypto = LoadLibraryA("libcrypto-3-x64.dll");
    ssl = LoadLibraryA("libssl-3-x64.dll");
    CHECK(crypto && ssl && LoadLibraryA("libssl-3.dll") == ssl);
    if (crypto && ssl) {
        digests();
        ciphers();
        keys();
        sessions();
    }
    return check_done();
}
