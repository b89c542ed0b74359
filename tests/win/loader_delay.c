/*
 * Delayed imports: the DLL comes with the first call.
 * link: tests/win/libloader_middle_delay.a tests/win/libloader_absent_delay.a -ldelayimp
 */
#include "loader_log.h"

int middle_value(void);
int absent_value(void);

static DWORD code;

static LONG WINAPI on_exception(EXCEPTION_POINTERS *pointers)
{
    code = pointers->ExceptionRecord->ExceptionCode;
    ExitThread(1);
}

static DWORD WINAPI call_absent(void *unused)
{
    (void)unused;
    return absent_value();
}

int main(void)
{
    CHECK(!GetModuleHandleA("loader_middle.dll"));
    CHECK_LOG("");
    CHECK_EQ(middle_value(), 70);
    CHECK_LOG("leaf+ middle+");
    CHECK_EQ(middle_value(), 70);
    CHECK(GetModuleHandleA("loader_middle.dll") != NULL);

    AddVectoredExceptionHandler(1, on_exception);
    HANDLE thread = CreateThread(NULL, 0, call_absent, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CHECK_EQ(code, 0xc06d007e); /* the helper's own: module not found */
    return check_done();
}
