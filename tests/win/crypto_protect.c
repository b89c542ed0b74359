/*
 * Is protected data read again, and changed data refused; is binary data written as text and read again?
 * link: -lcrypt32
 */
#include "check.h"
#include <wincrypt.h>
#include <dpapi.h>

static void test_data(void)
{
    DATA_BLOB in = {11, (BYTE *)"hello there"}, entropy = {4, (BYTE *)"salt"}, out, back, again;
    WCHAR *description = NULL;

    CHECK(CryptProtectData(&in, L"a name", &entropy, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &out));
    CHECK(out.cbData > in.cbData);
    for (DWORD i = 0; i + 11 <= out.cbData; i++)
        if (!memcmp(out.pbData + i, "hello there", 11))
            CHECK(!"the data is readable");
    CHECK(CryptProtectData(&in, L"a name", &entropy, NULL, NULL, CRYPTPROTECT_UI_FORBIDDEN, &again));
    CHECK(again.cbData != out.cbData || memcmp(again.pbData, out.pbData, out.cbData));
    CHECK(CryptUnprotectData(&out, &description, &entropy, NULL, NULL, 0, &back));
    CHECK_EQ(back.cbData, 11);
    CHECK(!memcmp(back.pbData, "hello there", 11));
    CHECK(description && !lstrcmpW(description, L"a name"));
    LocalFree(description);
    LocalFree(back.pbData);
    CHECK_ERROR(CryptUnprotectData(&out, NULL, NULL, NULL, NULL, 0, &back), ERROR_INVALID_DATA);
    for (DWORD i = 0; i < out.cbData; i += 5) {
        out.pbData[i] ^= 1;
        if (!check_under_wine()) /* Wine does not check all of it */
            CHECK_ERROR(CryptUnprotectData(&out, NULL, &entropy, NULL, NULL, 0, &back), ERROR_INVALID_DATA);
        out.pbData[i] ^= 1;
    }
    out.cbData -= 3;
    CHECK_ERROR(CryptUnprotectData(&out, NULL, &entropy, NULL, NULL, 0, &back), ERROR_INVALID_DATA);
    LocalFree(out.pbData);
    LocalFree(again.pbData);
    CHECK_ERROR(CryptProtectData(NULL, NULL, NULL, NULL, NULL, 0, &out), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CryptUnprotectData(&in, NULL, NULL, NULL, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
}

static void test_memory(void)
{
    BYTE data[32] = "sixteen letters";

    CHECK(CryptProtectMemory(data, 32, CRYPTPROTECTMEMORY_SAME_PROCESS));
    if (!check_under_wine()) { /* Wine leaves it as it is */
        CHECK(memcmp(data, "sixteen letters", 15));
        CHECK(!CryptProtectMemory(data, 15, CRYPTPROTECTMEMORY_SAME_PROCESS));
    }
    CHECK(CryptUnprotectMemory(data, 32, CRYPTPROTECTMEMORY_SAME_PROCESS));
    CHECK_STR((char *)data, "sixteen letters");
}

static const struct {
    DWORD format, size;
    const char *data, *text;
} texts[] = {
    {CRYPT_STRING_BASE64, 3, "abc", "YWJj\r\n"},
    {CRYPT_STRING_BASE64, 4, "abcd", "YWJjZA==\r\n"},
    {CRYPT_STRING_BASE64 | CRYPT_STRING_NOCR, 5, "abcde", "YWJjZGU=\n"},
    {CRYPT_STRING_BASE64 | CRYPT_STRING_NOCRLF, 5, "abcde", "YWJjZGU="},
    {CRYPT_STRING_BASE64, 50, "01234567890123456789012345678901234567890123456789",
     "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3\r\nODk=\r\n"},
    {CRYPT_STRING_BASE64HEADER, 3, "abc", "-----BEGIN CERTIFICATE-----\r\nYWJj\r\n-----END CERTIFICATE-----\r\n"},
    {CRYPT_STRING_BASE64REQUESTHEADER, 3, "abc",
     "-----BEGIN NEW CERTIFICATE REQUEST-----\r\nYWJj\r\n-----END NEW CERTIFICATE REQUEST-----\r\n"},
    {CRYPT_STRING_BASE64X509CRLHEADER, 3, "abc", "-----BEGIN X509 CRL-----\r\nYWJj\r\n-----END X509 CRL-----\r\n"},
    {CRYPT_STRING_HEXRAW, 3, "\1\xab\xff", "01abff\r\n"},
    {CRYPT_STRING_HEXRAW | CRYPT_STRING_NOCRLF, 3, "\1\xab\xff", "01abff"},
    {CRYPT_STRING_HEX, 10, "0123456789", "30 31 32 33 34 35 36 37  38 39\r\n"},
};

static void test_text(unsigned i)
{
    char text[300];
    WCHAR wide[300];
    BYTE back[300];
    DWORD size = 0, length = strlen(texts[i].text), skipped = 99, used = 99;

    CHECK(CryptBinaryToStringA((BYTE *)texts[i].data, texts[i].size, texts[i].format, NULL, &size));
    CHECK_EQ(size, length + 1);
    size = length;
    CHECK_ERROR(CryptBinaryToStringA((BYTE *)texts[i].data, texts[i].size, texts[i].format, text, &size),
                ERROR_MORE_DATA);
    size = sizeof text;
    CHECK(CryptBinaryToStringA((BYTE *)texts[i].data, texts[i].size, texts[i].format, text, &size));
    CHECK_EQ(size, length);
    CHECK_STR(text, texts[i].text);
    size = 300;
    CHECK(CryptBinaryToStringW((BYTE *)texts[i].data, texts[i].size, texts[i].format, wide, &size));
    CHECK_EQ(size, length);
    for (DWORD j = 0; j <= length; j++)
        CHECK(wide[j] == (BYTE)texts[i].text[j]);
    size = 0;
    CHECK(CryptStringToBinaryA(text, 0, texts[i].format & 0xff, NULL, &size, NULL, NULL));
    CHECK_EQ(size, texts[i].size);
    CHECK(CryptStringToBinaryA(text, 0, texts[i].format & 0xff, back, &size, &skipped, &used));
    CHECK_EQ(size, texts[i].size);
    CHECK_EQ(skipped, 0);
    CHECK_EQ(used, texts[i].format & 0xff);
    CHECK(!memcmp(back, texts[i].data, size));
    size = sizeof back;
    CHECK(CryptStringToBinaryW(wide, length, texts[i].format & 0xff, back, &size, NULL, NULL));
    CHECK(!memcmp(back, texts[i].data, size));
}

static void test_reading(void)
{
    static const char pem[] = "some words\n-----BEGIN THING-----\nYW\r\n Jj\n-----END THING-----\n";
    BYTE data[64];
    DWORD size = sizeof data, skipped, used;

    CHECK(CryptStringToBinaryA(pem, 0, CRYPT_STRING_BASE64HEADER, data, &size, &skipped, &used));
    CHECK_EQ(size, 3);
    CHECK_EQ(skipped, 11);
    CHECK(!memcmp(data, "abc", 3));
    size = sizeof data;
    CHECK(CryptStringToBinaryA(pem, 0, CRYPT_STRING_ANY, data, &size, &skipped, &used));
    CHECK_EQ(used, CRYPT_STRING_BASE64HEADER);
    size = sizeof data;
    CHECK(CryptStringToBinaryA("YWJj", 0, CRYPT_STRING_BASE64_ANY, data, &size, NULL, &used));
    CHECK_EQ(used, CRYPT_STRING_BASE64);
    size = 2;
    if (!check_under_wine()) /* which has ERROR_INSUFFICIENT_BUFFER */
        CHECK_ERROR(CryptStringToBinaryA("YWJj", 0, CRYPT_STRING_BASE64, data, &size, NULL, NULL), ERROR_MORE_DATA);
    size = sizeof data;
    CHECK_ERROR(CryptStringToBinaryA("YW%j", 0, CRYPT_STRING_BASE64, data, &size, NULL, NULL), ERROR_INVALID_DATA);
    CHECK_ERROR(CryptStringToBinaryA("abc", 0, CRYPT_STRING_BASE64HEADER, data, &size, NULL, NULL), ERROR_INVALID_DATA);
    CHECK_ERROR(CryptStringToBinaryA(NULL, 0, CRYPT_STRING_BASE64, data, &size, NULL, NULL), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_data();
    test_memory();
    for (unsigned i = 0; i < ARRAYSIZE(texts); i++)
        if (!check_under_wine() || (texts[i].size < 10 && (texts[i].format & 0xff) != 0x0c))
            /* Wine's lines have 76 characters and not Windows' 64, and it reads no hexadecimal */
            test_text(i);
    test_reading();
    return check_done();
}
