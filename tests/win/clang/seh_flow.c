/*
 * __try, __except and __finally as a compiler makes them: in which order do filters, handlers and termination handlers
 * run, through functions, callbacks of the C runtime, jumps out of blocks, nested and colliding exceptions?
 */
#include <setjmp.h>
#include "../check.h"

#define NOINLINE __declspec(noinline)

static char trail[256];

static NOINLINE void note(const char *text)
{
    strcat(trail, text);
}

static NOINLINE int noted(const char *text, int value)
{
    note(text);
    return value;
}

static NOINLINE void raise_code(DWORD code)
{
    RaiseException(code, 0, 0, NULL);
}

static NOINLINE void crash(void)
{
    *(volatile int *)16 = 1;
}

static NOINLINE int divide(volatile int a, volatile int b)
{
    return a / b;
}

#define CHECK_TRAIL(expected)                                                                                          \
    do {                                                                                                               \
        CHECK_STR(trail, expected);                                                                                    \
        trail[0] = 0;                                                                                                  \
    } while (0)

/* Wine 8 does not hand the code to the handler, and runs termination handlers a second time after an inner one. */
#define CHECK_CODE(code)                                                                                               \
    do {                                                                                                               \
        DWORD check_code = GetExceptionCode();                                                                         \
        if (!check_under_wine())                                                                                       \
            CHECK_EQ(check_code, (code));                                                                              \
    } while (0)

/* --- one level --------------------------------------------------------------------------------------------------- */

static NOINLINE void plain(void)
{
    __try {
        note("t");
    } __except (noted("f", 1)) {
        note("h");
    }
    CHECK_TRAIL("t");
    __try {
        note("t");
        crash();
        note("!");
    } __except (noted("f", EXCEPTION_EXECUTE_HANDLER)) {
        note("h");
        CHECK_CODE(EXCEPTION_ACCESS_VIOLATION);
    }
    CHECK_TRAIL("tfh");
    __try {
        CHECK_EQ(divide(5, 0), 0);
    } __except (GetExceptionCode() == EXCEPTION_INT_DIVIDE_BY_ZERO ? noted("f", 1) : 0) {
        note("h");
    }
    CHECK_TRAIL("fh");
    __try {
        raise_code(0xe0000001);
        note("r");
    } __except (noted("f", EXCEPTION_CONTINUE_EXECUTION)) {
        note("!");
    }
    CHECK_TRAIL("fr");
    __try {
        note("t");
    } __finally {
        note(AbnormalTermination() ? "A" : "n");
    }
    CHECK_TRAIL("tn");
}

static NOINLINE void nested_finally(void)
{
    __try {
        __try {
            __try {
                note("t");
                raise_code(0xe0000001);
            } __finally {
                note(AbnormalTermination() ? "A" : "n");
            }
        } __finally {
            note(AbnormalTermination() ? "B" : "n");
        }
    } __except (noted("f", 1)) {
        note("h");
    }
    CHECK_TRAIL(check_under_wine() ? trail : "tfABh");
}

static NOINLINE void nested_except(void)
{
    __try {
        __try {
            raise_code(0xe0000002);
        } __except (noted("1", GetExceptionCode() == 0xe0000001)) {
            note("!");
        }
    } __except (noted("2", GetExceptionCode() == 0xe0000002)) {
        note("h");
    }
    CHECK_TRAIL("12h");
}

/* An exception in a handler, in a filter, in a termination handler. */
static NOINLINE void in_handler(void)
{
    __try {
        __try {
            raise_code(0xe0000001);
        } __except (noted("1", 1)) {
            note("h");
            raise_code(0xe0000002);
            note("!");
        }
    } __except (noted("2", 1)) {
        note("H");
        CHECK_CODE(0xe0000002);
    }
    CHECK_TRAIL("1h2H");
}

static NOINLINE int raising_filter(DWORD code)
{
    note("f");
    if (code == 0xe0000001) {
        __try {
            raise_code(0xe0000002);
        } __except (noted("i", GetExceptionCode() == 0xe0000002)) {
            note("k");
        }
    }
    return 1;
}

static NOINLINE void in_filter(void)
{
    __try {
        raise_code(0xe0000001);
    } __except (raising_filter(GetExceptionCode())) {
        note("h");
    }
    CHECK_TRAIL("fikh");
}

static NOINLINE int leaving_filter(EXCEPTION_POINTERS *pointers)
{
    note("f");
    if (pointers->ExceptionRecord->ExceptionCode == 0xe0000001)
        raise_code(0xe0000002);
    return 1;
}

static NOINLINE void out_of_filter(void)
{
    __try {
        __try {
            raise_code(0xe0000001);
        } __except (leaving_filter(GetExceptionInformation())) {
            /* The filter is asked again, about its own exception, since it lies within this block's reach. */
            note("h");
            CHECK_CODE(0xe0000002);
        }
    } __except (noted("o", 1)) {
        note("!");
    }
    CHECK_TRAIL("ffh");
}

static NOINLINE void raise_in_finally(void)
{
    __try {
        raise_code(0xe0000001);
    } __finally {
        note("A");
        raise_code(0xe0000002);
        note("!");
    }
}

static NOINLINE void collide(void)
{
    __try {
        __try {
            raise_in_finally();
        } __except (noted("i", GetExceptionCode() == 0xe0000002)) {
            note("I");
        }
        note("-");
    } __except (noted("o", 1)) {
        note("O");
        CHECK_CODE(0xe0000002);
    }
    CHECK_TRAIL("ioAiI-");
}

static NOINLINE void collide_twice(void)
{
    __try {
        __try {
            __try {
                raise_in_finally();
            } __finally {
                note("B");
                raise_code(0xe0000003);
            }
        } __finally {
            note("C");
        }
    } __except (noted("f", 1)) {
        note("h");
        CHECK_CODE(0xe0000003);
    }
    CHECK_TRAIL(check_under_wine() ? trail : "fAfBfCh");
}

/* --- leaving blocks ---------------------------------------------------------------------------------------------- */

static NOINLINE int returns(void)
{
    __try {
        note("t");
        return noted("r", 5);
    } __finally {
        note("F"); /* compilers differ about AbnormalTermination() */
    }
    return 7;
}

static NOINLINE void leaves(void)
{
    for (int i = 0; i < 3; i++) {
        __try {
            note("t");
            if (i == 1)
                continue;
            if (i == 2)
                __leave;
            note("u");
        } __finally {
            note(AbnormalTermination() ? "A" : "n");
        }
    }
    CHECK_TRAIL("tuntAtn");
    CHECK_EQ(returns(), 5);
    CHECK_TRAIL("trF");
}

static NOINLINE int goto_out(void)
{
    __try {
        __try {
            note("t");
            goto out;
        } __finally {
            note("1");
        }
    } __finally {
        note("2");
    }
out:
    note("o");
    return 3;
}

static NOINLINE int returns_from_handler(void)
{
    __try {
        crash();
    } __except (1) {
        return 9;
    }
    return 0;
}

/* --- locals, loops, depth ---------------------------------------------------------------------------------------- */

static NOINLINE int counts(void)
{
    int n = 0;
    for (int i = 0; i < 1000; i++)
        __try {
            n++;
            if (i % 2)
                raise_code(0xe0000001);
            n++;
        } __except (1) {
            n += 10;
        }
    return n;
}

static NOINLINE int recursive(int depth)
{
    int result = 0;
    __try {
        if (depth == 0)
            crash();
        result = recursive(depth - 1);
    } __finally {
        if (AbnormalTermination())
            trail[0]++;
    }
    return result;
}

static NOINLINE void deep(int depth)
{
    trail[0] = 1;
    __try {
        recursive(depth);
    } __except (1) {
        CHECK_EQ(trail[0], depth + 2);
    }
    trail[0] = 0;
}

/* --- through host frames ----------------------------------------------------------------------------------------- */

static int __cdecl compare_crash(const void *a, const void *b)
{
    (void)a, (void)b;
    __try {
        crash();
    } __finally {
        note("c");
    }
    return 0;
}

static int __cdecl compare_guarded(const void *a, const void *b)
{
    int value = 0;
    __try {
        raise_code(0xe0000001);
    } __except (1) {
        value = *(const int *)a - *(const int *)b;
    }
    return value;
}

static NOINLINE void through_qsort(void)
{
    int numbers[] = {3, 1, 2};
    __try {
        __try {
            qsort(numbers, 3, sizeof(int), compare_crash);
        } __finally {
            note("q");
        }
    } __except (noted("f", 1)) {
        note("h");
    }
    CHECK_TRAIL("fcqh");
    qsort(numbers, 3, sizeof(int), compare_guarded);
    CHECK(numbers[0] == 1 && numbers[1] == 2 && numbers[2] == 3);
}

static int __cdecl compare_nested(const void *a, const void *b)
{
    int numbers[] = {2, 1};
    (void)a, (void)b;
    qsort(numbers, 2, sizeof(int), compare_crash);
    return 0;
}

static NOINLINE void through_two_qsorts(void)
{
    int numbers[] = {2, 1};
    __try {
        qsort(numbers, 2, sizeof(int), compare_nested);
    } __except (noted("f", 1)) {
        note("h");
    }
    CHECK_TRAIL("fch");
}

static BOOL CALLBACK code_page(LPWSTR name)
{
    (void)name;
    raise_code(0xe0000009);
    return TRUE;
}

static BOOL CALLBACK once(PINIT_ONCE init, PVOID parameter, PVOID *context)
{
    (void)init, (void)parameter, (void)context;
    raise_code(0xe000000a);
    return TRUE;
}

static void CALLBACK apc(ULONG_PTR code)
{
    raise_code((DWORD)code);
}

static NOINLINE void through_system(void)
{
    INIT_ONCE init = INIT_ONCE_STATIC_INIT;
    DWORD code = 0;

    __try {
        EnumSystemCodePagesW(code_page, CP_INSTALLED);
    } __except (code = GetExceptionCode(), 1) {
        note("e");
    }
    CHECK_EQ(code, 0xe0000009);
    __try {
        InitOnceExecuteOnce(&init, once, NULL, NULL);
    } __except (code = GetExceptionCode(), 1) {
        note("o");
    }
    CHECK_EQ(code, 0xe000000a);
    __try {
        QueueUserAPC(apc, GetCurrentThread(), 0xe000000b);
        SleepEx(100, TRUE);
    } __except (code = GetExceptionCode(), 1) {
        note("a");
    }
    CHECK_EQ(code, 0xe000000b);
    CHECK_TRAIL("eoa");
}

/* --- callbacks that run elsewhere: the exception stays inside ----------------------------------------------------- */

static volatile LONG caught;

static NOINLINE void catch_inside(void)
{
    __try {
        crash();
    } __except (1) {
        InterlockedIncrement(&caught);
    }
}

static DWORD WINAPI thread(void *argument)
{
    (void)argument;
    for (int i = 0; i < 100; i++)
        catch_inside();
    return 0;
}

static VOID CALLBACK work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK item)
{
    (void)instance, (void)context, (void)item;
    catch_inside();
}

static VOID CALLBACK fiber_end(PVOID value)
{
    if (value)
        catch_inside();
}

static void *main_fiber;

static VOID CALLBACK fiber(PVOID argument)
{
    (void)argument;
    catch_inside();
    SwitchToFiber(main_fiber);
    catch_inside();
    SwitchToFiber(main_fiber);
}

static void check_elsewhere(void)
{
    HANDLE threads[4];
    DWORD index;

    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, thread, NULL, 0, NULL);
    WaitForMultipleObjects(4, threads, TRUE, INFINITE);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CHECK_EQ(caught, 400);
    PTP_WORK item = CreateThreadpoolWork(work, NULL, NULL);
    for (int i = 0; i < 10; i++)
        SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    CloseThreadpoolWork(item);
    CHECK_EQ(caught, 410);
    index = FlsAlloc(fiber_end);
    FlsSetValue(index, &index);
    FlsFree(index);
    CHECK_EQ(caught, 411);
    main_fiber = ConvertThreadToFiber(NULL);
    void *other = CreateFiber(0, fiber, NULL);
    SwitchToFiber(other);
    catch_inside();
    SwitchToFiber(other);
    DeleteFiber(other);
    ConvertFiberToThread();
    CHECK_EQ(caught, 414);
}

/* --- longjmp ----------------------------------------------------------------------------------------------------- */

static jmp_buf jump;

static NOINLINE void jump_through(int value)
{
    __try {
        note("t");
        longjmp(jump, value);
    } __finally {
        note(AbnormalTermination() ? "A" : "n");
    }
}

static int __cdecl compare_jump(const void *a, const void *b)
{
    (void)a, (void)b;
    jump_through(4);
    return 0;
}

static NOINLINE void jumps(void)
{
    int numbers[] = {2, 1}, value = setjmp(jump);

    if (value == 0)
        jump_through(3);
    if (value == 3)
        qsort(numbers, 2, sizeof(int), compare_jump);
    CHECK_EQ(value, 4);
    CHECK_TRAIL("tAtA");
}

static NOINLINE void jump_from_handler(void)
{
    volatile int rounds = 0;

    if (setjmp(jump) == 0) {
        __try {
            crash();
        } __except (noted("f", 1)) {
            rounds++;
            longjmp(jump, 1);
        }
    }
    CHECK_EQ(rounds, 1);
    CHECK_TRAIL("f");
}

static NOINLINE void jump_from_finally(void)
{
    if (setjmp(jump) == 0) {
        __try {
            __try {
                raise_code(0xe0000001);
            } __finally {
                note("A");
                longjmp(jump, 1);
            }
        } __except (noted("f", 1)) {
            note("!");
        }
    }
    note("j");
    CHECK_TRAIL("fAj");
}

/* --- guard pages and the stack ------------------------------------------------------------------------------------ */

static NOINLINE void touch(volatile char *byte)
{
    *byte = 1;
}

static NOINLINE void guard_page(void)
{
    char *page = VirtualAlloc(NULL, 0x2000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);
    DWORD code = 0;

    for (int i = 0; i < 2; i++)
        for (int round = 0; round < 2; round++) {
            __try {
                code = 0;
                touch(page + i * 0x1000 + 5);
            } __except (code = GetExceptionCode(), 1) {
            }
            CHECK_EQ(code, round ? 0 : STATUS_GUARD_PAGE_VIOLATION);
        }
    VirtualFree(page, 0, MEM_RELEASE);
}

static NOINLINE int overflow(volatile char *below)
{
    volatile char buffer[4096];
    buffer[0] = below ? below[0] : 0;
    return overflow(buffer) + buffer[0];
}

static DWORD WINAPI overflow_thread(void *argument)
{
    DWORD code = 0, *codes = argument;

    for (int i = 0; i < 3; i++) {
        __try {
            overflow(NULL);
        } __except (code = GetExceptionCode(), 1) {
            codes[i] = code;
        }
        if (!_resetstkoflw())
            return 1;
    }
    return 0;
}

static void check_overflow(void)
{
    DWORD codes[3] = {0}, exit = 5;
    HANDLE handle = CreateThread(NULL, 0x40000, overflow_thread, codes, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);

    WaitForSingleObject(handle, INFINITE);
    GetExitCodeThread(handle, &exit);
    CloseHandle(handle);
    CHECK_EQ(exit, 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(codes[i], EXCEPTION_STACK_OVERFLOW);
}

/* How the program calculates (SSE's rounding and masks, x87's precision) is the same in filters, handlers and after. */
static unsigned mxcsr(void)
{
    unsigned value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value & 0xffc0;
}

static unsigned short control_word(void)
{
    unsigned short value;
    __asm__ volatile("fnstcw %0" : "=m"(value));
    return value;
}

static void set_float(unsigned control, unsigned short word)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
    __asm__ volatile("fldcw %0" : : "m"(word));
}

static int float_filter(unsigned control, unsigned short word)
{
    CHECK_EQ(mxcsr(), control);
    CHECK_EQ(control_word(), word);
    return EXCEPTION_EXECUTE_HANDLER;
}

static void test_float_control(void)
{
    static const struct {
        unsigned control;
        unsigned short word;
    } cases[] = {{0x1f80, 0x27f}, {0x1900, 0x27f}, {0x7f80, 0x27f}, {0x9fc0, 0x37f}, {0x1d80, 0x67f}, {0x0f80, 0x27f}};
    const unsigned before = mxcsr();
    const unsigned short word_before = control_word();
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int how = 0; how < 3; how++) {
            set_float(cases[i].control, cases[i].word);
            __try {
                if (how == 0)
                    crash();
                else if (how == 1)
                    divide(1, 0);
                else
                    raise_code(0xe0000001);
            } __except (float_filter(cases[i].control, cases[i].word)) {
                CHECK_EQ(mxcsr(), cases[i].control);
            }
            CHECK_EQ(mxcsr(), cases[i].control);
            CHECK_EQ(control_word(), cases[i].word);
        }
    set_float(before, word_before);
}

int main(void)
{
    plain();
    nested_finally();
    nested_except();
    in_handler();
    in_filter();
    out_of_filter();
    collide();
    collide_twice();
    leaves();
    CHECK_EQ(goto_out(), 3);
    CHECK_TRAIL("t12o");
    CHECK_EQ(returns_from_handler(), 9);
    CHECK_EQ(counts(), 500 * 2 + 500 * 11);
    for (int depth = 0; depth < 100; depth += 9)
        deep(depth);
    through_qsort();
    through_two_qsorts();
    through_system();
    check_elsewhere();
    jumps();
    jump_from_handler();
    jump_from_finally();
    guard_page();
    check_overflow();
    test_float_control();
    return check_done();
}
