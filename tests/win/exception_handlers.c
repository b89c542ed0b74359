/* Who is asked about an exception, in which order, and where does the program go on? */
#include "check.h"
#include "seh.h"

static char order[64];

static void note(char c)
{
    size_t n = strlen(order);
    order[n] = c;
    order[n + 1] = 0;
}

static EXCEPTION_RECORD seen;

static LONG catch_all(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    note('f');
    return EXCEPTION_EXECUTE_HANDLER;
}

static LONG search_on(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('s');
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG go_on(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('c');
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void finally_note(BOOLEAN abnormal)
{
    note(abnormal ? 'A' : 'n');
}

static void raise_args(void *argument)
{
    ULONG_PTR arguments[3] = {1, 2, (ULONG_PTR)argument};
    RaiseException(0xe0000001, 0, 3, arguments);
    note('r');
}

static void with_finally(void *argument)
{
    try_finally(raise_args, argument, finally_note);
}

static void inner_search(void *argument)
{
    CHECK(!try_except(with_finally, argument, search_on));
    note('x');
}

static void nothing(void *argument)
{
    (void)argument;
}

static void check_frames(void)
{
    order[0] = 0;
    CHECK(try_except(inner_search, &seen, catch_all));
    CHECK_STR(order, "sfA");
    CHECK_EQ(seen.ExceptionCode, 0xe0000001);
    CHECK_EQ(seen.NumberParameters, 3);
    CHECK_EQ(seen.ExceptionInformation[2], (ULONG_PTR)&seen);
    order[0] = 0;
    CHECK(!try_except(with_finally, NULL, go_on));
    CHECK_STR(order, "crn");
    order[0] = 0;
    try_finally(nothing, NULL, finally_note);
    CHECK_STR(order, "n");
}

/* An exception in a filter. */
static void raise_again(void *argument)
{
    (void)argument;
    RaiseException(0xe0000002, 0, 0, NULL);
}

static LONG raising_filter(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode == 0xe0000001) {
        note('1');
        CHECK(try_except(raise_again, NULL, catch_all));
        CHECK_EQ(seen.ExceptionCode, 0xe0000002);
        RaiseException(0xe0000003, 0, 0, NULL);
    }
    note('?');
    return EXCEPTION_EXECUTE_HANDLER;
}

static void nested(void *argument)
{
    (void)argument;
    CHECK(try_except(raise_args, NULL, raising_filter));
    note('i');
}

static void finally_raises(BOOLEAN abnormal)
{
    note(abnormal ? 'A' : 'n');
    RaiseException(0xe0000004, 0, 0, NULL);
}

static void raise_in_finally(void *argument)
{
    try_finally(raise_args, argument, finally_raises);
}

static void outer_of_finally(void *argument)
{
    CHECK(try_except(raise_in_finally, argument, catch_all));
    note('o');
}

static void check_nested(void)
{
    order[0] = 0;
    CHECK(!try_except(nested, NULL, catch_all));
    CHECK_STR(order, "1f?i");
    order[0] = 0;
    CHECK(!try_except(outer_of_finally, NULL, catch_all));
    CHECK_STR(order, "fAfo");
    CHECK_EQ(seen.ExceptionCode, 0xe0000004);
}

static void raise_noncontinuable(void *argument)
{
    (void)argument;
    RaiseException(0xe0000005, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

static LONG continue_once(EXCEPTION_POINTERS *pointers)
{
    seen = *pointers->ExceptionRecord;
    return seen.ExceptionCode == 0xe0000005 ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_EXECUTE_HANDLER;
}

static void check_noncontinuable(void)
{
    CHECK(try_except(raise_noncontinuable, NULL, continue_once));
    CHECK_EQ(seen.ExceptionCode, (DWORD)STATUS_NONCONTINUABLE_EXCEPTION);
    CHECK(seen.ExceptionRecord != NULL || check_under_wine());
}

static void *handle_b;

static LONG CALLBACK vectored_a(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('a');
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK vectored_b(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('b');
    RemoveVectoredExceptionHandler(handle_b);
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK vectored_fix(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord;

    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    note('v');
    context->Rip += 3; /* over the instruction */
    context->Rax = 77;
    context->Xmm6.Low = 88;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG CALLBACK continued(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    note('k');
    return EXCEPTION_CONTINUE_SEARCH;
}

static void check_vectored(void)
{
    ULONG64 result, low;
    void *handle_a = AddVectoredExceptionHandler(0, vectored_a);
    handle_b = AddVectoredExceptionHandler(1, vectored_b);
    void *continue_handle = AddVectoredContinueHandler(0, continued);

    order[0] = 0;
    CHECK(try_except(raise_args, NULL, catch_all));
    CHECK_STR(order, "baf");
    order[0] = 0;
    CHECK(try_except(raise_args, NULL, catch_all));
    CHECK_STR(order, "af");
    CHECK(!RemoveVectoredExceptionHandler(handle_b));
    CHECK(RemoveVectoredExceptionHandler(handle_a));
    void *fix = AddVectoredExceptionHandler(0, vectored_fix);
    order[0] = 0;
    __asm__ volatile("xor %%eax, %%eax\n mov (%%rax), %%rax\n movq %%xmm6, %1"
                     : "=&a"(result), "=r"(low)
                     :
                     : "xmm6", "memory");
    CHECK_EQ(result, 77);
    CHECK_EQ(low, 88);
    /* Windows asks the continue handlers also after a vectored handler; Wine does not. */
    CHECK_STR(order, check_under_wine() ? "v" : "vk");
    CHECK(RemoveVectoredExceptionHandler(fix));
    CHECK(RemoveVectoredContinueHandler(continue_handle));
}

static LONG WINAPI top_level(EXCEPTION_POINTERS *pointers)
{
    CHECK_EQ(pointers->ExceptionRecord->ExceptionCode, 0xe0000001);
    note('t');
    return EXCEPTION_CONTINUE_EXECUTION;
}

static DWORD WINAPI thread(void *argument)
{
    raise_args(argument);
    return 5;
}

static void check_top_level(void)
{
    DWORD code = 0;
    LPTOP_LEVEL_EXCEPTION_FILTER old = SetUnhandledExceptionFilter(top_level);

    order[0] = 0;
    HANDLE handle = CreateThread(NULL, 0, thread, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(handle, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(handle, &code));
    CHECK_EQ(code, 5);
    CHECK_STR(order, "tr");
    CloseHandle(handle);
    CHECK(SetUnhandledExceptionFilter(old) == top_level);
}

static void check_debugger(void)
{
    BOOL present = TRUE;

    CHECK(!IsDebuggerPresent());
    CHECK(CheckRemoteDebuggerPresent(GetCurrentProcess(), &present));
    CHECK(!present);
    OutputDebugStringA("nobody hears this");
    OutputDebugStringW(L"nor this");
    CHECK(try_except((void (*)(void *))DebugBreak, NULL, catch_all));
    CHECK_EQ(seen.ExceptionCode, (DWORD)EXCEPTION_BREAKPOINT);
}

int main(void)
{
    check_frames();
    check_nested();
    check_noncontinuable();
    check_vectored();
    check_top_level();
    check_debugger();
    return check_done();
}
