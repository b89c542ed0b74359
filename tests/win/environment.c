/* Are variables found whatever their case, and are lengths and errors as documented? */
#include "check.h"

int main(void)
{
    WCHAR wide[64];
    char text[64];

    CHECK(SetEnvironmentVariableW(L"CheckName", L"value"));
    CHECK_EQ(GetEnvironmentVariableW(L"CHECKNAME", wide, 64), 5);
    CHECK(!lstrcmpW(wide, L"value"));
    CHECK_EQ(GetEnvironmentVariableW(L"checkname", wide, 5), 6);
    CHECK_EQ(GetEnvironmentVariableA("checkname", text, sizeof text), 5);
    CHECK_STR(text, "value");
    CHECK_EQ(ExpandEnvironmentStringsA("<%checkNAME%|%nope_x%>", text, sizeof text), 17);
    CHECK_STR(text, "<value|%nope_x%>");
    CHECK(SetEnvironmentVariableA("CheckName", NULL));
    CHECK_EQ(GetEnvironmentVariableW(L"CheckName", wide, 64), 0);
    CHECK_EQ(GetLastError(), ERROR_ENVVAR_NOT_FOUND);
    CHECK(!SetEnvironmentVariableA("a=b", "x"));
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    if (!check_under_wine()) /* which ends a value at 32766 characters; Windows has not done so since Vista */
        for (size_t length = 32760; length <= 150000; length = length < 32770 ? length + 1 : length * 2) {
            WCHAR *value = malloc((length + 1) * sizeof *value), *back = malloc((length + 1) * sizeof *value);
            for (size_t i = 0; i < length; i++)
                value[i] = (WCHAR)(L'a' + i % 23);
            value[length] = 0;
            CHECK(SetEnvironmentVariableW(L"CheckLong", value));
            CHECK_EQ(GetEnvironmentVariableW(L"CheckLong", NULL, 0), length + 1);
            CHECK_EQ(GetEnvironmentVariableW(L"CheckLong", back, (DWORD)length + 1), length);
            CHECK(!lstrcmpW(value, back));
            free(value);
            free(back);
        }
    CHECK(SetEnvironmentVariableA("CheckLong", NULL));
    CHECK(GetCommandLineA() != NULL && GetCommandLineW() != NULL);
    return check_done();
}
