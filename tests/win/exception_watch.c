/*
 * Do the debug registers work: breakpoints of the processor on instructions and on data, set by the thread itself, by
 * another thread, in a vectored handler, and by a debugger; what do Dr6 and Dr7 say, and where is the program?
 *
 * Windows' handlers see in Dr6 which register was hit. They go on from an instruction with the resume flag, or without
 * the breakpoint.  Where the host grants no breakpoints, SetThreadContext fails with ERROR_NOT_SUPPORTED.
 */
#include "check.h"

#define RESUME_FLAG 0x10000
#define WRITE(slot) (1ull << 2 * (slot) | 1ull << (16 + 4 * (slot)))
#define ACCESS(slot) (1ull << 2 * (slot) | 3ull << (16 + 4 * (slot)))
#define EXECUTE(slot) (1ull << 2 * (slot))
#define LENGTH(slot, code) ((ULONG64)(code) << (18 + 4 * (slot)))
enum { LENGTH_1, LENGTH_2, LENGTH_8, LENGTH_4 };

static struct {
    DWORD code, flags, thread;
    ULONG64 dr6, dr7, rip, address;
    int value;
} hits[32];
static volatile int hit_count, watched, other_watched;
static volatile ULONG64 wide __attribute__((aligned(8)));
static volatile char bytes[16] __attribute__((aligned(16)));
static BOOL disarm, look;

static LONG CALLBACK on_hit(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord;

    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    int n = hit_count++;
    if (n < 32) {
        hits[n].code = pointers->ExceptionRecord->ExceptionCode;
        hits[n].address = (ULONG64)pointers->ExceptionRecord->ExceptionAddress;
        hits[n].flags = context->ContextFlags;
        hits[n].thread = GetCurrentThreadId();
        hits[n].dr6 = context->Dr6;
        hits[n].dr7 = context->Dr7;
        hits[n].rip = context->Rip;
        hits[n].value = look ? watched : 0; /* this read would be one more hit */
    }
    context->EFlags |= RESUME_FLAG;
    if (disarm)
        context->Dr7 = 0;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static BOOL set(HANDLE thread, const volatile void *const addresses[4], ULONG64 control)
{
    CONTEXT context = {.ContextFlags = CONTEXT_DEBUG_REGISTERS};

    context.Dr0 = (ULONG64)addresses[0];
    context.Dr1 = (ULONG64)addresses[1];
    context.Dr2 = (ULONG64)addresses[2];
    context.Dr3 = (ULONG64)addresses[3];
    context.Dr7 = control;
    hit_count = 0;
    return SetThreadContext(thread, &context);
}

static BOOL set_one(const volatile void *address, ULONG64 control)
{
    return set(GetCurrentThread(), (const volatile void *[4]){address}, control);
}

static ULONG64 control_now(void)
{
    CONTEXT context = {.ContextFlags = CONTEXT_DEBUG_REGISTERS};

    CHECK(GetThreadContext(GetCurrentThread(), &context));
    return context.Dr7;
}

static __attribute__((noinline)) int target(int a)
{
    __asm__ volatile("");
    return a + 1;
}

static void check_data(void)
{
    look = TRUE;
    CHECK(set_one(&watched, WRITE(0) | LENGTH(0, LENGTH_4)));
    CHECK_EQ(control_now() & 0xff, 1);
    watched = 5;
    CHECK_EQ(hit_count, 1);
    CHECK_EQ(hits[0].code, EXCEPTION_SINGLE_STEP);
    CHECK_EQ(hits[0].dr6 & 15, 1);
    CHECK_EQ(hits[0].dr7 & 0xf0001, 0xd0001);
    CHECK_EQ(hits[0].value, 5); /* after the write */
    CHECK_EQ(hits[0].address, hits[0].rip);
    CHECK((hits[0].flags & CONTEXT_DEBUG_REGISTERS) == CONTEXT_DEBUG_REGISTERS);
    int copy = watched; /* no write */
    CHECK_EQ(copy, 5);
    CHECK_EQ(hit_count, 1);
    for (int i = 0; i < 10; i++)
        watched = i;
    CHECK_EQ(hit_count, 11);
    CHECK(set_one(&watched, 0));
    watched = 1;
    CHECK_EQ(hit_count, 0);
    look = FALSE;
    CHECK(set_one(&watched, ACCESS(0) | LENGTH(0, LENGTH_4)));
    copy = watched;
    CHECK_EQ(copy, 1);
    CHECK_EQ(hit_count, 1);
    watched = copy;
    CHECK_EQ(hit_count, 2);
    CHECK(set_one(NULL, 0));
}

/* Which bytes a register watches, by its length; low bits of the address do not count. */
static void check_lengths(void)
{
    static const struct {
        int offset, code, first, last;
    } cases[] = {{3, LENGTH_1, 3, 3}, {4, LENGTH_2, 4, 5}, {5, LENGTH_2, 4, 5}, {4, LENGTH_4, 4, 7},
                 {6, LENGTH_4, 4, 7}, {0, LENGTH_8, 0, 7}, {8, LENGTH_8, 8, 15}};

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        int wrong = 0;
        if (check_under_wine() && cases[i].offset % (cases[i].last - cases[i].first + 1))
            continue; /* Wine takes aligned addresses alone */
        CHECK(set_one(bytes + cases[i].offset, WRITE(0) | LENGTH(0, cases[i].code)));
        for (int at = 0; at < 16; at++) {
            hit_count = 0;
            bytes[at] = 1;
            wrong += hit_count != (at >= cases[i].first && at <= cases[i].last);
        }
        CHECK_EQ(wrong, 0);
    }
    CHECK(set_one(&wide, WRITE(0) | LENGTH(0, LENGTH_8)));
    ((volatile char *)&wide)[7] = 1;
    wide = 2;
    CHECK_EQ(hit_count, 2);
    CHECK(set_one(NULL, 0));
}

static void check_code(void)
{
    CHECK(set_one((void *)target, EXECUTE(0)));
    CHECK_EQ(target(1), 2);
    CHECK_EQ(hit_count, 1);
    CHECK_EQ(hits[0].rip, (ULONG64)target); /* before the instruction */
    CHECK_EQ(hits[0].address, (ULONG64)target);
    CHECK_EQ(hits[0].dr6 & 15, 1);
    CHECK_EQ(target(2) + target(3), 7);
    CHECK_EQ(hit_count, 3);
    /* The handler takes it away. */
    disarm = TRUE;
    CHECK_EQ(target(1), 2);
    CHECK_EQ(hit_count, 4);
    disarm = FALSE;
    CHECK_EQ(control_now() & 0xff, 0);
    CHECK_EQ(target(1), 2);
    CHECK_EQ(hit_count, 4);
}

static void check_four(void)
{
    const volatile void *const places[] = {&watched, (void *)target, &wide, &other_watched};

    CHECK(set(GetCurrentThread(), places,
              WRITE(0) | LENGTH(0, LENGTH_4) | EXECUTE(1) | ACCESS(2) | LENGTH(2, LENGTH_8) | WRITE(3) |
                  LENGTH(3, LENGTH_4)));
    other_watched = 1;
    CHECK_EQ(hits[0].dr6 & 15, 8);
    CHECK_EQ(wide, 2);
    CHECK_EQ(hits[1].dr6 & 15, 4);
    CHECK_EQ(target(1), 2);
    CHECK_EQ(hits[2].dr6 & 15, 2);
    watched = 1;
    CHECK_EQ(hits[3].dr6 & 15, 1);
    CHECK_EQ(hit_count, 4);
    /* One after the other is moved, while the rest stays. */
    CHECK(set(GetCurrentThread(), (const volatile void *[]){&bytes, (void *)target, &wide, &other_watched},
              WRITE(0) | LENGTH(0, LENGTH_4) | EXECUTE(1) | ACCESS(2) | LENGTH(2, LENGTH_8)));
    watched = 2;
    other_watched = 2;
    CHECK_EQ(hit_count, 0);
    bytes[1] = 2;
    CHECK_EQ(target(1), 2);
    CHECK_EQ(hit_count, 2);
    CHECK(set_one(NULL, 0));
    wide = 2;
    CHECK_EQ(hit_count, 0);
}

/* The trap flag makes the same exception; Dr6 tells them apart. */
static void check_step(void)
{
    hit_count = 0;
    __asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tnop" ::: "cc", "memory");
    CHECK_EQ(hit_count, 1);
    CHECK(check_under_wine() || (hits[0].dr6 & 0x400f) == 0x4000);
}

static HANDLE go, ready;

static DWORD WINAPI writer(void *unused)
{
    (void)unused;
    SetEvent(ready);
    WaitForSingleObject(go, INFINITE);
    watched = 7;
    return target(5);
}

static void check_threads(void)
{
    DWORD id, code;
    HANDLE thread;

    go = CreateEventA(NULL, FALSE, FALSE, NULL);
    ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    /* Before its start. */
    thread = CreateThread(NULL, 0, writer, NULL, CREATE_SUSPENDED, &id);
    CHECK(
        set(thread, (const volatile void *[4]){&watched, (void *)target}, WRITE(0) | LENGTH(0, LENGTH_4) | EXECUTE(1)));
    ResumeThread(thread);
    SetEvent(go);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 6);
    CHECK_EQ(hit_count, 2);
    CHECK(hits[0].thread == id && hits[1].thread == id);
    CHECK_EQ(hits[1].dr6 & 15, 2);
    CloseHandle(thread);
    WaitForSingleObject(ready, 0);
    /* While it runs; this thread has none. */
    thread = CreateThread(NULL, 0, writer, NULL, 0, &id);
    WaitForSingleObject(ready, 5000);
    SuspendThread(thread);
    CHECK(set(thread, (const volatile void *[4]){&watched}, WRITE(0) | LENGTH(0, LENGTH_4)));
    ResumeThread(thread);
    watched = 9;
    CHECK_EQ(hit_count, 0);
    CHECK_EQ(control_now() & 0xff, 0);
    SetEvent(go);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(hit_count, 1);
    CHECK_EQ(hits[0].thread, id);
    CloseHandle(thread);
}

/* A handler of another exception sets them in the context with which the program goes on. */
static LONG CALLBACK arm(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord;

    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_BREAKPOINT)
        return EXCEPTION_CONTINUE_SEARCH;
    context->Rip++;
    context->ContextFlags |= CONTEXT_DEBUG_REGISTERS;
    context->Dr0 = (ULONG64)&watched;
    context->Dr7 = WRITE(0) | LENGTH(0, LENGTH_4);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void check_handler(void)
{
    PVOID handler = AddVectoredExceptionHandler(1, arm);

    hit_count = 0;
    __asm__ volatile("int3" ::: "memory");
    RemoveVectoredExceptionHandler(handler);
    watched = 3;
    CHECK_EQ(hit_count, 1);
    CHECK(set_one(NULL, 0));
}

/* The debugger's side: a breakpoint at the child's target, then on its data. */
static void debug_child(void)
{
    char command[MAX_PATH + 10];
    STARTUPINFOA startup = {sizeof startup};
    PROCESS_INFORMATION child;
    DEBUG_EVENT event;
    int steps = 0;
    ULONG64 first_rip = 0, dr6[2] = {0};
    DWORD code = 0;

    GetModuleFileNameA(NULL, command, MAX_PATH);
    strcat(command, " child");
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, DEBUG_ONLY_THIS_PROCESS, NULL, NULL, &startup, &child));
    for (;;) {
        CONTEXT context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_DEBUG_REGISTERS};
        DWORD answer = DBG_CONTINUE;

        if (!WaitForDebugEvent(&event, 10000))
            break;
        if (event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) {
            code = event.u.ExitProcess.dwExitCode;
            ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
            break;
        }
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT) {
            /* The child's copy of the program may lie elsewhere. */
            ULONG64 moved = (ULONG64)event.u.CreateProcessInfo.lpBaseOfImage - (ULONG64)GetModuleHandleA(NULL);
            CHECK(GetThreadContext(child.hThread, &context));
            context.Dr0 = (ULONG64)target + moved;
            context.Dr1 = (ULONG64)&watched + moved;
            context.Dr7 = EXECUTE(0);
            CHECK(SetThreadContext(child.hThread, &context));
        } else if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT &&
                   event.u.Exception.ExceptionRecord.ExceptionCode == EXCEPTION_SINGLE_STEP) {
            CHECK(GetThreadContext(child.hThread, &context));
            if (steps < 2)
                dr6[steps] = context.Dr6;
            if (!steps++)
                first_rip = context.Rip - context.Dr0;
            context.Dr7 = steps == 1 ? WRITE(1) | LENGTH(1, LENGTH_4) : 0;
            CHECK(SetThreadContext(child.hThread, &context));
        } else if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT &&
                   event.u.Exception.ExceptionRecord.ExceptionCode != EXCEPTION_BREAKPOINT) {
            answer = DBG_EXCEPTION_NOT_HANDLED;
        }
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, answer);
    }
    CHECK_EQ(steps, 2);
    CHECK_EQ(first_rip, 0);
    CHECK_EQ(dr6[0] & 15, 1);
    CHECK_EQ(dr6[1] & 15, 2);
    CHECK_EQ(code, 42);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        int result = target(41);
        watched = 1;
        watched = 2;
        return target(result - 1);
    }
    AddVectoredExceptionHandler(1, on_hit);
    if (!set_one(&watched, WRITE(0) | LENGTH(0, LENGTH_4))) {
        CHECK_EQ(GetLastError(), ERROR_NOT_SUPPORTED);
        CHECK_EQ(control_now() & 0xff, 0);
        puts("the host grants no breakpoints of the processor");
        return check_failed ? 1 : 77;
    }
    check_data();
    check_lengths();
    check_code();
    check_four();
    check_step();
    check_threads();
    check_handler();
    debug_child();
    return check_done();
}
