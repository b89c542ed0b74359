/*
 * An import that the system does not have costs nothing until it is called; then an exception names it.
 * (Windows would not start this program; Wine has an exception code of its own.)
 * link: tests/win/libloader_unwritten.a
 */
#include "check.h"

__declspec(dllimport) int NoSuchFunctionAtAll(int);
__declspec(dllimport) int NoSuchFunctionEither(int);

static DWORD code, flags;

static LONG WINAPI on_exception(EXCEPTION_POINTERS *pointers)
{
    code = pointers->ExceptionRecord->ExceptionCode;
    flags = pointers->ExceptionRecord->ExceptionFlags;
    ExitThread(3);
}

static DWORD WINAPI call_first(void *unused)
{
    (void)unused;
    return (DWORD)NoSuchFunctionAtAll(1);
}

static DWORD WINAPI call_second(void *unused)
{
    (void)unused;
    return (DWORD)NoSuchFunctionEither(1);
}

static void check_call(LPTHREAD_START_ROUTINE function)
{
    DWORD result = 0;
    code = flags = 0;
    HANDLE thread = CreateThread(NULL, 0, function, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &result));
    CHECK_EQ(result, 3);
    CHECK_EQ(code, check_under_wine() ? 0x80000100 : 0xc0000139); /* STATUS_ENTRYPOINT_NOT_FOUND */
    CHECK_EQ(flags & EXCEPTION_NONCONTINUABLE, EXCEPTION_NONCONTINUABLE);
    CloseHandle(thread);
}

int main(void)
{
    AddVectoredExceptionHandler(1, on_exception);
    check_call(call_first);
    check_call(call_second);
    CHECK((void *)NoSuchFunctionAtAll != (void *)NoSuchFunctionEither);
    CHECK(!GetProcAddress(GetModuleHandleA("kernel32"), "NoSuchFunctionAtAll"));
    return check_done();
}
