/*
 * test_ntlm.c: does NTLM compute what MS-NLMP section 4.2.4 says (NTLMv2 with fixed challenges), and are damaged
 * messages refused?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ntdll/heap.h"
#include "secur32/ntlm.h"
#include "unit.h"

static const BYTE server_challenge[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
static const BYTE client_challenge[8] = {0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa};
static const BYTE session_key[16] = {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                     0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};
/* Domain and server of 4.2.4: pairs for computer "Server" and domain "Domain". */
static const BYTE info[] = {2,  0, 12,  0, 'D', 0, 'o', 0, 'm', 0, 'a', 0, 'i', 0, 'n', 0, 1, 0,
                            12, 0, 'S', 0, 'e', 0, 'r', 0, 'v', 0, 'e', 0, 'r', 0, 0,   0, 0, 0};
#define FLAGS 0xe28a8233u

#define BYTES(array) ((struct bytes){(const BYTE *)(array), sizeof(array)})
#define UTF16(text) ((struct bytes){(const BYTE *)(text), sizeof(text) - sizeof *(text)})

static void expect_bytes(const void *actual, const char *hex, int line)
{
    char text[256];

    for (size_t i = 0; i < strlen(hex) / 2; i++)
        snprintf(text + 2 * i, 3, "%02x", ((const BYTE *)actual)[i]);
    unit_expect_string(text, hex, "bytes", __FILE__, line);
}

#define EXPECT_BYTES(actual, hex) expect_bytes(actual, hex, __LINE__)

/* Messages are written to the process's heap. */
static bool begin(void)
{
    peb_current()->ProcessHeap = heap_process();
    return ntlm_ready();
}

struct computed {
    ntlm_key hash, key, proof, base;
};

static bool compute(struct computed *computed)
{
    struct writer blob = {0};

    if (!begin())
        return false;
    ntlm_hash(UTF16(L"Password"), computed->hash);
    ntlm_response_key(computed->hash, UTF16(L"User"), UTF16(L"Domain"), computed->key);
    ntlm_blob_write(&blob, 0, client_challenge, BYTES(info));
    ntlm_proof(computed->key, server_challenge, (struct bytes){blob.data, blob.size}, computed->proof, computed->base);
    writer_free(&blob);
    return true;
}

static void keys(void)
{
    struct computed computed;
    ntlm_key lm, encrypted;

    if (!compute(&computed))
        SKIP("no winrun-crypto.so");
    EXPECT_BYTES(computed.hash, "a4f49c406510bdcab6824ee7c30fd852");
    EXPECT_BYTES(computed.key, "0c868a403bfd7a93a3001ef22ef02e3f");
    EXPECT_BYTES(computed.proof, "68cd0ab851e51c96aabc927bebef6a1c");
    EXPECT_BYTES(computed.base, "8de40ccadbc14a82f15cb0ad0de95ca3");
    ntlm_hmac(computed.key, 16, BYTES(server_challenge), BYTES(client_challenge), (struct bytes){NULL, 0}, lm);
    EXPECT_BYTES(lm, "86c35097ac9cec102554764a57cccc19");
    ntlm_rc4(computed.base, session_key, encrypted, 16);
    EXPECT_BYTES(encrypted, "c5dad2544fc9799094ce1ce90bc9d03e");
}

static void seal(void)
{
    struct ntlm_session client = {0}, server = {0};
    WCHAR text[] = L"Plaintext", copy[] = L"Plaintext";
    struct bytes part = {(BYTE *)text, sizeof text - sizeof *text};
    BYTE signature[16];
    bool sealed = true;

    if (!begin())
        SKIP("no winrun-crypto.so");
    EXPECT(ntlm_session_begin(&client, FLAGS, session_key, false));
    EXPECT(ntlm_session_begin(&server, FLAGS, session_key, true));
    EXPECT_BYTES(client.send.sign, "4788dc861b4782f35d43fd98fe1a2d39");
    EXPECT_BYTES(server.receive.sign, "4788dc861b4782f35d43fd98fe1a2d39");
    ntlm_seal(&client, &client.send, &part, &sealed, 1, signature);
    EXPECT_BYTES(text, "54e50165bf1936dc996020c1811b0f06fb5f");
    EXPECT_BYTES(signature, "010000007fb38ec5c55d497600000000");
    EXPECT(ntlm_open(&server, &server.receive, &part, &sealed, 1, signature));
    EXPECT(!memcmp(text, copy, sizeof text));
    /* The same once more is a replay. */
    EXPECT(!ntlm_open(&server, &server.receive, &part, &sealed, 1, signature));
    ntlm_session_end(&client);
    ntlm_session_end(&server);
}

/* The CHALLENGE_MESSAGE of 4.2.4.3. */
static void challenge(void)
{
    static const BYTE message[] = {
        0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x02, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x0c, 0x00, 0x38, 0x00,
        0x00, 0x00, 0x33, 0x82, 0x8a, 0xe2, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x24, 0x00, 0x44, 0x00, 0x00, 0x00, 0x06, 0x00, 0x70, 0x17, 0x00, 0x00,
        0x00, 0x0f, 0x53, 0x00, 0x65, 0x00, 0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00, 0x02, 0x00, 0x0c, 0x00,
        0x44, 0x00, 0x6f, 0x00, 0x6d, 0x00, 0x61, 0x00, 0x69, 0x00, 0x6e, 0x00, 0x01, 0x00, 0x0c, 0x00, 0x53, 0x00,
        0x65, 0x00, 0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00, 0x00, 0x00, 0x00, 0x00,
    };
    struct ntlm_challenge read;
    struct writer writer = {0};

    begin();
    EXPECT(ntlm_challenge_read(BYTES(message), &read));
    EXPECT_EQ(read.flags, FLAGS);
    EXPECT_EQ(read.target.size, 12);
    EXPECT_EQ(read.info.size, sizeof info);
    EXPECT(!memcmp(read.info.data, info, sizeof info));
    EXPECT_EQ(av_find(read.info, AV_COMPUTER).size, 12);
    EXPECT_EQ(av_find(read.info, AV_DOMAIN).data - message, 72);
    EXPECT(!av_find(read.info, AV_TIMESTAMP).data);
    ntlm_challenge_write(&writer, &read);
    EXPECT_EQ(writer.size, sizeof message);
    EXPECT(!memcmp(writer.data, message, 48) && !memcmp(writer.data + 56, message + 56, sizeof message - 56));
    writer_free(&writer);
}

static unsigned readable(struct bytes message)
{
    struct ntlm_negotiate negotiate;
    struct ntlm_challenge challenge;
    struct ntlm_authenticate authenticate;
    struct writer writer = {0};
    unsigned good = ntlm_negotiate_read(message, &negotiate);

    if (ntlm_challenge_read(message, &challenge)) {
        good += 2;
        av_copy(&writer, challenge.info);
        av_find(challenge.info, AV_TIMESTAMP);
        writer_free(&writer);
    }
    return good + (ntlm_authenticate_read(message, &authenticate) ? 4 : 0);
}

/* Each message cut at each length and with each byte made large; in memory that ends with it, for the sanitizers. */
static void damaged(void)
{
    struct writer messages[3] = {{0}};
    struct bytes domain = UTF16(L"Domain"), user = UTF16(L"User"), secret = BYTES(session_key);
    unsigned refused = 0;

    begin();
    ntlm_negotiate_write(&messages[0], &(struct ntlm_negotiate){NTLM_DOMAIN_SUPPLIED | NTLM_WORKSTATION_SUPPLIED,
                                                                {(BYTE *)"DOM", 3},
                                                                {(BYTE *)"WORK", 4}});
    ntlm_challenge_write(&messages[1], &(struct ntlm_challenge){.flags = FLAGS, .target = domain, .info = BYTES(info)});
    ntlm_authenticate_write(&messages[2],
                            &(struct ntlm_authenticate){FLAGS, secret, secret, domain, user, user, secret});
    for (int m = 0; m < 3; m++) {
        EXPECT_EQ(readable((struct bytes){messages[m].data, messages[m].size}), 1u << m);
        for (size_t size = 0; size < messages[m].size; size++) {
            BYTE *cut = malloc(size + 1);

            memcpy(cut + 1, messages[m].data, size);
            refused += !readable((struct bytes){cut + 1, size});
            free(cut);
        }
        for (size_t i = 0; i < messages[m].size; i++)
            for (int value = 0; value < 256; value += 51) {
                BYTE *changed = malloc(messages[m].size);

                memcpy(changed, messages[m].data, messages[m].size);
                changed[i] = (BYTE)value;
                refused += !readable((struct bytes){changed, messages[m].size});
                free(changed);
            }
    }
    EXPECT(refused > 300);
    for (int m = 0; m < 3; m++)
        writer_free(&messages[m]);
}

static void pairs(void)
{
    static const struct {
        const char *list;
        size_t size;
        bool good;
    } lists[] = {
        {"", 0, true},
        {"\0\0\0\0", 4, true},
        {"\0\0\0", 3, false},
        {"\1\0\2\0ab", 6, false},
        {"\1\0\2\0ab\0\0\0\0", 10, true},
        {"\1\0\7\0ab\0\0\0\0", 10, false},
        {"\1\0\xff\xff\0\0\0\0\0\0", 10, false},
        {"\1\0\0\0\0\0\0\0", 8, true},
        {"\6\0\4\0\2\0\0\0\0\0\0\0", 12, true},
    };

    begin();
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct writer writer = {0};

        EXPECT_EQ(av_copy(&writer, (struct bytes){(const BYTE *)lists[i].list, lists[i].size}), lists[i].good);
        writer_free(&writer);
    }
}

UNIT_SUITE(ntlm, {"keys", keys}, {"seal", seal}, {"challenge", challenge}, {"damaged", damaged}, {"pairs", pairs});
