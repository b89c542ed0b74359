/*
 * Does bcrypt hash as the standards say, and what does it answer to misuse?
 * link: -lbcrypt
 */
#include "check.h"
#include <bcrypt.h>
#include <ntstatus.h>

static const char *hex(const void *data, size_t size)
{
    static char text[2][1100];
    static int which;
    char *at = text[which ^= 1];

    for (size_t i = 0; i < size; i++)
        sprintf(at + 2 * i, "%02x", ((const unsigned char *)data)[i]);
    at[2 * size] = 0;
    return at;
}

/* FIPS 180, FIPS 202, RFC 1319, 1320, 1321: "abc". */
static const struct {
    const WCHAR *name;
    ULONG size, block;
    int optional; /* not on older versions, nor under Wine */
    const char *abc, *empty;
} hashes[] = {
    {L"MD2", 16, 16, 0, "da853b0d3f88d99b30283a69e6ded6bb", "8350e5a3e24c153df2275c9f80692773"},
    {L"MD4", 16, 64, 0, "a448017aaf21d8525fc10ae87aa6729d", "31d6cfe0d16ae931b73c59d7e0c089c0"},
    {L"MD5", 16, 64, 0, "900150983cd24fb0d6963f7d28e17f72", "d41d8cd98f00b204e9800998ecf8427e"},
    {L"SHA1", 20, 64, 0, "a9993e364706816aba3e25717850c26c9cd0d89d", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {L"SHA256", 32, 64, 0, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {L"SHA384", 48, 128, 0,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b"},
    {L"SHA512", 64, 128, 0,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
     "2a9ac94fa54ca49f",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81"
     "a538327af927da3e"},
    {L"SHA3-256", 32, 136, 1, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
     "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"},
    {L"SHA3-384", 48, 104, 1,
     "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
     "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004"},
    {L"SHA3-512", 64, 72, 1,
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a5"
     "6592f8274eec53f0",
     "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e3"
     "01758586281dcd26"},
};

/* RFC 2202 and 4231, test case 2: key "Jefe", "what do ya want for nothing?". */
static const struct {
    const WCHAR *name;
    const char *mac;
} macs[] = {
    {L"MD5", "750c783e6ab0b503eaa86e310a5db738"},
    {L"SHA1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {L"SHA256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {L"SHA384", "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
    {L"SHA512",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a"
     "34d4a6b4b636e070a38bce737"},
};

static void test_known(unsigned i)
{
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_HASH_HANDLE hash, copy;
    UCHAR digest[64];
    ULONG value, got;

    NTSTATUS status = BCryptOpenAlgorithmProvider(&algorithm, hashes[i].name, NULL, 0);
    if (status && hashes[i].optional && check_under_wine())
        return;
    CHECK_EQ(status, STATUS_SUCCESS);
    if (status)
        return;
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, (UCHAR *)&value, 4, &got, 0), 0);
    CHECK_EQ(value, hashes[i].size);
    CHECK_EQ(got, 4);
    if (!check_under_wine()) { /* Wine does not know the property */
        CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_BLOCK_LENGTH, (UCHAR *)&value, 4, &got, 0), 0);
        CHECK_EQ(value, hashes[i].block);
    }
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_OBJECT_LENGTH, (UCHAR *)&value, 4, &got, 0), 0);
    CHECK(value > 0 && value < 4096);

    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0), 0);
    CHECK_EQ(BCryptHashData(hash, (UCHAR *)"a", 1, 0), 0);
    CHECK_EQ(BCryptHashData(hash, NULL, 0, 0), 0);
    CHECK_EQ(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), 0);
    CHECK_EQ(BCryptHashData(hash, (UCHAR *)"bc", 2, 0), 0);
    CHECK_EQ(BCryptFinishHash(hash, digest, hashes[i].size - 1, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptFinishHash(hash, digest, hashes[i].size, 0), 0);
    CHECK_STR(hex(digest, hashes[i].size), hashes[i].abc);
    CHECK_EQ(BCryptHashData(copy, (UCHAR *)"bc", 2, 0), 0);
    memset(digest, 0, sizeof digest);
    CHECK_EQ(BCryptFinishHash(copy, digest, hashes[i].size, 0), 0);
    CHECK_STR(hex(digest, hashes[i].size), hashes[i].abc);
    CHECK_EQ(BCryptDestroyHash(hash), 0);
    CHECK_EQ(BCryptDestroyHash(copy), 0);

    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0), 0);
    CHECK_EQ(BCryptFinishHash(hash, digest, hashes[i].size, 0), 0);
    CHECK_STR(hex(digest, hashes[i].size), hashes[i].empty);
    CHECK_EQ(BCryptDestroyHash(hash), 0);
    CHECK_EQ(BCryptHash(algorithm, NULL, 0, (UCHAR *)"abc", 3, digest, hashes[i].size), 0);
    CHECK_STR(hex(digest, hashes[i].size), hashes[i].abc);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

/* A hash in pieces of every size equals the whole. */
static void test_pieces(const WCHAR *name)
{
    UCHAR data[300], whole[64], digest[64];
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_HASH_HANDLE hash;
    ULONG size, got;

    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (UCHAR)(i * 7);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, name, MS_PRIMITIVE_PROVIDER, 0), 0);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, (UCHAR *)&size, 4, &got, 0), 0);
    CHECK_EQ(BCryptHash(algorithm, NULL, 0, data, sizeof data, whole, size), 0);
    for (unsigned piece = 1; piece < 150; piece += 11) {
        CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0), 0);
        for (unsigned at = 0; at < sizeof data; at += piece)
            BCryptHashData(hash, data + at, at + piece > sizeof data ? sizeof data - at : piece, 0);
        CHECK_EQ(BCryptFinishHash(hash, digest, size, 0), 0);
        CHECK(!memcmp(digest, whole, size));
        CHECK_EQ(BCryptDestroyHash(hash), 0);
    }
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_mac(unsigned i)
{
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_HASH_HANDLE hash;
    UCHAR digest[64], text[] = "what do ya want for nothing?";
    ULONG size = strlen(macs[i].mac) / 2;

    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, macs[i].name, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG), 0);
    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, (UCHAR *)"Jefe", 4, 0), 0);
    CHECK_EQ(BCryptHashData(hash, text, 28, 0), 0);
    CHECK_EQ(BCryptFinishHash(hash, digest, size, 0), 0);
    CHECK_STR(hex(digest, size), macs[i].mac);
    CHECK_EQ(BCryptDestroyHash(hash), 0);
    CHECK_EQ(BCryptHash(algorithm, (UCHAR *)"Jefe", 4, text, 28, digest, size), 0);
    CHECK_STR(hex(digest, size), macs[i].mac);

    /* a reusable one begins anew */
    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, (UCHAR *)"Jefe", 4, BCRYPT_HASH_REUSABLE_FLAG), 0);
    for (int turn = 0; turn < 3; turn++) {
        memset(digest, 0, sizeof digest);
        CHECK_EQ(BCryptHashData(hash, text, 10, 0), 0);
        CHECK_EQ(BCryptHashData(hash, text + 10, 18, 0), 0);
        CHECK_EQ(BCryptFinishHash(hash, digest, size, 0), 0);
        CHECK_STR(hex(digest, size), macs[i].mac);
    }
    CHECK_EQ(BCryptDestroyHash(hash), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

/* Windows 10's handles that need not be opened. */
static void test_pseudo_handles(void)
{
    static const ULONG_PTR plain[] = {0x01, 0x11, 0x21, 0x31, 0x41, 0x51, 0x61};
    static const ULONG_PTR keyed[] = {0x91, 0xa1, 0xb1, 0xc1, 0xd1};
    UCHAR digest[64];

    for (int i = 0; i < 7; i++) {
        CHECK_EQ(BCryptHash((HANDLE)plain[i], NULL, 0, (UCHAR *)"abc", 3, digest, hashes[i].size), 0);
        CHECK_STR(hex(digest, hashes[i].size), hashes[i].abc);
    }
    for (int i = 0; i < 5; i++) {
        ULONG size = strlen(macs[i].mac) / 2;
        CHECK_EQ(
            BCryptHash((HANDLE)keyed[i], (UCHAR *)"Jefe", 4, (UCHAR *)"what do ya want for nothing?", 28, digest, size),
            0);
        CHECK_STR(hex(digest, size), macs[i].mac);
    }
}

static void test_misuse(void)
{
    BCRYPT_ALG_HANDLE algorithm, none = (void *)1;
    BCRYPT_HASH_HANDLE hash;
    UCHAR digest[64];
    ULONG got = 77;
    WCHAR name[32];

    CHECK_EQ(BCryptOpenAlgorithmProvider(NULL, L"SHA1", NULL, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&none, NULL, NULL, 0), STATUS_INVALID_PARAMETER);
    if (!check_under_wine()) { /* Wine has other codes than Microsoft's documentation */
        CHECK_EQ(BCryptOpenAlgorithmProvider(&none, L"NONE", NULL, 0), STATUS_NOT_FOUND);
        CHECK_EQ(BCryptOpenAlgorithmProvider(&none, L"SHA1", L"Nobody", 0), STATUS_NOT_FOUND);
        CHECK_EQ(BCryptDestroyHash(NULL), STATUS_INVALID_HANDLE);
    }
    CHECK_EQ(BCryptCloseAlgorithmProvider(NULL, 0), STATUS_INVALID_HANDLE);
    CHECK_EQ(BCryptHashData(NULL, digest, 1, 0), STATUS_INVALID_HANDLE);
    CHECK_EQ(BCryptFinishHash(NULL, digest, 20, 0), STATUS_INVALID_HANDLE);
    CHECK_EQ(BCryptGetProperty(NULL, BCRYPT_HASH_LENGTH, digest, 4, &got, 0), STATUS_INVALID_HANDLE);

    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"SHA1", NULL, 0), 0);
    if (!check_under_wine()) { /* Wine has other codes than Microsoft's documentation */
        CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, NULL, 0, &got, 0), 0);
        CHECK_EQ(got, 4);
        CHECK_EQ(BCryptGetProperty(algorithm, L"NoSuchThing", digest, 4, &got, 0), STATUS_NOT_SUPPORTED);
    }
    got = 0;
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, digest, 3, &got, 0), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQ(got, 4);
    CHECK_EQ(BCryptGetProperty(algorithm, NULL, digest, 4, &got, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, digest, 4, NULL, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptGetProperty(algorithm, BCRYPT_ALGORITHM_NAME, (UCHAR *)name, sizeof name, &got, 0), 0);
    CHECK_EQ(got, 10);
    CHECK(!lstrcmpW(name, L"SHA1"));
    if (!check_under_wine()) /* Wine takes a key for a hash without one */
        CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, (UCHAR *)"key", 3, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0), 0);
    CHECK_EQ(BCryptFinishHash(hash, digest, 20, 0), 0);
    if (!check_under_wine()) { /* Wine begins anew without being asked */
        CHECK_EQ(BCryptHashData(hash, digest, 20, 0), STATUS_INVALID_HANDLE);
        CHECK_EQ(BCryptFinishHash(hash, digest, 20, 0), STATUS_INVALID_HANDLE);
    }
    CHECK_EQ(BCryptDestroyHash(hash), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&algorithm, L"AES", NULL, 0), 0);
    CHECK_EQ(BCryptCloseAlgorithmProvider(algorithm, 0), 0);
}

static void test_lists(void)
{
    BCRYPT_ALGORITHM_IDENTIFIER *list;
    ULONG count = 0;
    int sha256 = 0;

    CHECK_EQ(BCryptEnumAlgorithms(BCRYPT_HASH_OPERATION, &count, &list, 0), 0);
    CHECK(count >= 5);
    for (ULONG i = 0; i < count; i++) {
        CHECK_EQ(list[i].dwClass, BCRYPT_HASH_INTERFACE);
        sha256 += !lstrcmpW(list[i].pszName, L"SHA256");
    }
    CHECK_EQ(sha256, 1);
    BCryptFreeBuffer(list);
    CHECK_EQ(BCryptEnumAlgorithms(0x1000, &count, &list, 0), STATUS_INVALID_PARAMETER);
}

static void test_random(void)
{
    UCHAR a[64] = {0}, b[64] = {0};
    BCRYPT_ALG_HANDLE rng;

    CHECK_EQ(BCryptGenRandom(NULL, a, sizeof a, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0);
    CHECK_EQ(BCryptOpenAlgorithmProvider(&rng, L"RNG", NULL, 0), 0);
    CHECK_EQ(BCryptGenRandom(rng, b, sizeof b, 0), 0);
    CHECK(memcmp(a, b, sizeof a));
    CHECK_EQ(BCryptGenRandom(NULL, a, sizeof a, 0), STATUS_INVALID_HANDLE);
    CHECK_EQ(BCryptGenRandom(NULL, NULL, 4, BCRYPT_USE_SYSTEM_PREFERRED_RNG), STATUS_INVALID_PARAMETER);
    CHECK_EQ(BCryptCloseAlgorithmProvider(rng, 0), 0);
}

int main(void)
{
    for (unsigned i = 0; i < ARRAYSIZE(hashes); i++)
        test_known(i);
    for (unsigned i = 0; i < 7; i++)
        test_pieces(hashes[i].name);
    for (unsigned i = 0; i < ARRAYSIZE(macs); i++)
        test_mac(i);
    test_pseudo_handles();
    test_misuse();
    test_lists();
    test_random();
    return check_done();
}
