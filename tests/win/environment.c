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
    CHECK(GetCommandLineA() != NULL && GetCommandLineW() != NULL);
    return check_done();
}
