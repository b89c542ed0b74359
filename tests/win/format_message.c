/* Are messages found, and inserts and widths put in as documented? */
#include "check.h"

int main(void)
{
    DWORD_PTR values[] = {(DWORD_PTR) "one", 42, (DWORD_PTR) "three"};
    char text[256], *allocated = NULL;

    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, ERROR_FILE_NOT_FOUND, 0x409,
                         text, sizeof text, NULL) > 0);
    CHECK(strncmp(text, "The system cannot find the file specified.", 42) == 0 || check_under_wine());
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%1 %2!05d! %3!-8s!|%%%n", 0, 0,
                         text, sizeof text, (va_list *)values) > 0);
    CHECK_STR(text, "one 00042 three   |%\r\n");
    CHECK_EQ(
        FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "%1", 0, 0, text, sizeof text, NULL),
        2);
    CHECK_STR(text, "%1");
    CHECK_EQ(FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "abcdef", 0, 0, text, 3, NULL), 0);
    CHECK_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER, "abc", 0, 0, (LPSTR)&allocated, 0,
                         NULL) == 3);
    CHECK_STR(allocated, "abc");
    LocalFree(allocated);
    CHECK_EQ(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x12345678, 0, text, sizeof text, NULL), 0);
    CHECK_EQ(GetLastError(), ERROR_MR_MID_NOT_FOUND);
    return check_done();
}
