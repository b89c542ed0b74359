/* Are UTF-8 and UTF-16 converted with the documented counts and errors?  Is text compared as Windows compares? */
#include "check.h"

int main(void)
{
    WCHAR wide[32];
    char text[32];
    WORD types[2];

    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, "a\xc3\xa9\xf0\x9f\x98\x80", -1, NULL, 0), 5);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, "a\xc3\xa9\xf0\x9f\x98\x80", -1, wide, 32), 5);
    CHECK(wide[1] == 0xe9 && wide[2] == 0xd83d && wide[3] == 0xde00);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xff", 1, wide, 32), 0);
    CHECK_EQ(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, "\xff", 1, wide, 32), 1);
    CHECK_EQ(wide[0], 0xfffd);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, "abc", 3, wide, 2), 0);
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(WideCharToMultiByte(CP_UTF8, 0, L"\xe9\xd83d\xde00", 3, text, 32, NULL, NULL), 6);
    CHECK(!memcmp(text, "\xc3\xa9\xf0\x9f\x98\x80", 6));
    CHECK_EQ(WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, L"\xd800", 1, text, 32, NULL, NULL), 0);
    CHECK_EQ(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    CHECK_EQ(MultiByteToWideChar(CP_UTF8, 0, "a", 0, wide, 32), 0);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(GetStringTypeW(CT_CTYPE1, L"A1", 2, types));
    CHECK_EQ(types[0] & (C1_UPPER | C1_ALPHA), C1_UPPER | C1_ALPHA);
    CHECK(types[1] & C1_DIGIT);
    CHECK_EQ(LCMapStringW(LOCALE_USER_DEFAULT, LCMAP_UPPERCASE, L"a\xe9z", 3, wide, 32), 3);
    CHECK(wide[1] == 0xc9 && wide[2] == 'Z');
    CHECK_EQ(CompareStringW(LOCALE_USER_DEFAULT, 0, L"a", 1, L"B", 1), CSTR_LESS_THAN);
    CHECK_EQ(CompareStringW(LOCALE_USER_DEFAULT, 0, L"a", 1, L"A", 1), CSTR_LESS_THAN);
    CHECK_EQ(CompareStringW(LOCALE_USER_DEFAULT, NORM_IGNORECASE, L"a", 1, L"A", 1), CSTR_EQUAL);
    CHECK_EQ(CompareStringW(LOCALE_USER_DEFAULT, 0, L"co-op", 5, L"coop", 4), CSTR_GREATER_THAN);
    CHECK_EQ(CompareStringW(LOCALE_USER_DEFAULT, 0, L"co-op", 5, L"cop", 3), CSTR_LESS_THAN);
    CHECK_EQ(CompareStringOrdinal(L"a", 1, L"B", 1, FALSE), CSTR_GREATER_THAN);
    return check_done();
}
