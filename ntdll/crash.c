/*
 * crash.c: the report of an unhandled exception, on stderr.
 *
 * Layer: ntdll.  Runs on a stack of its own (the thread's may be the reason) and with libc's formatting into a
 * buffer; everything it reads may be broken, so a fault in here ends in crash_line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "error.h"
#include "loader/module.h"
#include "large.h"
#include "process.h"
#include "thread.h"
#include "unwind.h"
#include "virtual.h"

#define REPORT_STACK (256 * 1024)
#define FRAMES_MAX 48
#define CXX_EXCEPTION 0xe06d7363u /* MSVC's throw */
#define GCC_EXCEPTION 0x20474343u /* libgcc's throw */

/* registers.S */
void call_on_stack(void *stack_top, void (*function)(const void *, const void *), const void *a, const void *b);

static char report[16384] LARGE;
static size_t report_length;

static __attribute__((format(printf, 1, 2))) void add(const char *format, ...)
{
    size_t room = sizeof(report) - report_length;
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(report + report_length, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        report_length += (size_t)length < room ? (size_t)length : room - 1;
}

static void flush(void)
{
    if (write(STDERR_FILENO, report, report_length) < 0)
        report_length = 0; /* nobody to tell */
    report_length = 0;
}

static void describe_guest(const struct module *module, ULONG64 address, char *text, size_t size)
{
    char function[128];
    uint32_t offset;

    module_describe_address((void *)address, text, size);
    if (!module_function_name(module, (void *)address, function, sizeof(function), &offset))
        return;
    size_t length = strlen(text);
    snprintf(text + length, size - length, " (%s+%#x)", function, offset);
}

static void describe(ULONG64 address, char *text, size_t size)
{
    const struct debug_plugin *plugin;
    const struct module *module = module_from_address((void *)address);

    if (module)
        describe_guest(module, address, text, size);
    else if (!unwind_is_host(address) || !(plugin = debug_plugin()) || !plugin->describe(address, text, size))
        snprintf(text, size, "%#llx", address);
}

/* Text that the program's memory may or may not hold. */
static bool readable_text(const char *text, size_t limit)
{
    for (size_t i = 0; i < limit; i++) {
        if ((i == 0 || !((ULONG64)(text + i) & 0xfff)) && !virtual_readable(text + i, 1))
            return false;
        if (!text[i])
            return i > 0;
    }
    return false;
}

/* ".?AVruntime_error@std@@" is std::runtime_error: the parts in reverse order. */
static void add_type_name(const char *decorated)
{
    const char *parts[8];
    unsigned count = 0;

    if (strncmp(decorated, ".?A", 3) || strpbrk(decorated + 4, "?$")) {
        add(" of type %s", decorated);
        return;
    }
    for (const char *p = decorated + 4; *p && *p != '@' && count < 8; p = strchr(p, '@') + 1) {
        parts[count++] = p;
        if (!strchr(p, '@'))
            break;
    }
    add(" of type ");
    while (count--)
        add("%.*s%s", (int)strcspn(parts[count], "@"), parts[count], count ? "::" : "");
}

struct throw_info {
    ULONG attributes;
    LONG unwind, forward, catchable;
};

/* The type that MSVC code threw; what() if it is a std::exception. */
static void add_cxx_exception(const EXCEPTION_RECORD *record)
{
    const struct throw_info *info = (const void *)record->ExceptionInformation[2];
    ULONG64 base = record->ExceptionInformation[3];
    const char *object = (const char *)record->ExceptionInformation[1];

    add(": C++ exception");
    if (record->NumberParameters < 4 || !info || !virtual_readable(info, sizeof(*info)))
        return;
    const LONG *types = (const LONG *)(base + info->catchable);
    for (LONG i = 0; i < types[0]; i++) {
        const char *name = (const char *)(base + *(const LONG *)(base + types[1 + i] + 4) + 16);
        if (i == 0)
            add_type_name(name);
        if (strcmp(name, ".?AVexception@std@@") || !virtual_readable(object, 16))
            continue;
        const char *what = *(const char *const *)(object + 8);
        if (readable_text(what, 500))
            add(": \"%s\"", what);
    }
}

static void add_exception(const EXCEPTION_RECORD *record)
{
    static const char *const access[] = {"reading", "writing", "", "", "", "", "", "", "executing"};
    ULONG_PTR kind = record->ExceptionInformation[0], address = record->ExceptionInformation[1];
    const char *name = status_name(record->ExceptionCode);

    add("winrun: unhandled exception %08x", record->ExceptionCode);
    if (strncmp(name, "unknown", 7))
        add(" %s", name);
    if (record->ExceptionCode == CXX_EXCEPTION)
        add_cxx_exception(record);
    else if (record->ExceptionCode == GCC_EXCEPTION)
        add(": C++ exception (GCC)");
    else if (record->ExceptionCode == (DWORD)STATUS_STACK_BUFFER_OVERRUN && record->NumberParameters)
        add(": fail-fast code %llu", (unsigned long long)kind);
    else if (record->NumberParameters >= 2 && kind <= 8 &&
             (record->ExceptionCode == (DWORD)STATUS_ACCESS_VIOLATION ||
              record->ExceptionCode == (DWORD)STATUS_STACK_OVERFLOW ||
              record->ExceptionCode == (DWORD)STATUS_GUARD_PAGE_VIOLATION ||
              record->ExceptionCode == (DWORD)STATUS_IN_PAGE_ERROR))
        add(": %s address %#llx", access[kind], (unsigned long long)address);
    add("\n");
}

static void add_registers(const CONTEXT *c)
{
    add("  rax=%016llx rbx=%016llx rcx=%016llx rdx=%016llx\n", c->Rax, c->Rbx, c->Rcx, c->Rdx);
    add("  rsi=%016llx rdi=%016llx rbp=%016llx rsp=%016llx\n", c->Rsi, c->Rdi, c->Rbp, c->Rsp);
    add("  r8 =%016llx r9 =%016llx r10=%016llx r11=%016llx\n", c->R8, c->R9, c->R10, c->R11);
    add("  r12=%016llx r13=%016llx r14=%016llx r15=%016llx\n", c->R12, c->R13, c->R14, c->R15);
    add("  rip=%016llx eflags=%08x mxcsr=%08x\n", c->Rip, c->EFlags, c->MxCsr);
}

/* The kernel looks: the stack pointer may be anything, and locks may be held. */
static bool stack_readable(ULONG64 sp)
{
    ULONG64 top;

    return NT_SUCCESS(NtReadVirtualMemory(NtCurrentProcess(), (PVOID)sp, &top, sizeof(top), NULL));
}

static void add_stack(const CONTEXT *context)
{
    static CONTEXT frame LARGE;
    char text[256];

    frame = *context;
    add("stack of thread %#llx:\n", (ULONG64)teb_current()->ClientId.UniqueThread);
    for (int i = 0; i < FRAMES_MAX; i++) {
        ULONG64 sp = frame.Rsp;
        describe(frame.Rip, text, sizeof(text));
        add("  %016llx %s\n", frame.Rip, text);
        flush(); /* what is known so far, in case the next frame can not be read */
        if (!stack_readable(sp) || !unwind_any(&frame) || frame.Rsp <= sp)
            return;
    }
    add("  ...\n");
}

static void add_history(void)
{
    const char *text = missing_called(0);

    if (text)
        add("missing functions that were called, newest first:\n");
    for (unsigned i = 0; i < 10 && (text = missing_called(i)); i++)
        add("  %s\n", text);
    text = trace_recent(0);
    if (text)
        add("last API calls, newest first:\n");
    for (unsigned i = 0; i < 10 && (text = trace_recent(i)); i++)
        add("  %s\n", text);
    add("What to do: %s\n", missing_called(0) ? "`winrun --check PROGRAM` lists what winrun does not have yet."
                                              : "`winrun --trace PROGRAM` shows the API calls that led here.");
}

static void write_report(const void *a, const void *b)
{
    const EXCEPTION_RECORD *record = a;
    const CONTEXT *context = b;
    char text[256];

    add_exception(record);
    describe((ULONG64)record->ExceptionAddress, text, sizeof(text));
    add("  at %s\n", text);
    add_registers(context);
    flush();
    add_stack(context);
    add_history();
    flush();
}

static void dump(const void *record, const void *context)
{
    crash_dump(record, context);
}

void crash_report(const EXCEPTION_RECORD *record, const CONTEXT *context)
{
    static _Atomic bool crashing;
    char *stack = mmap(NULL, REPORT_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (crashing) /* another thread was first: it ends the process */
        for (;;)
            pause();
    crashing = true;
    if (stack == MAP_FAILED)
        crash_line(record, context);
    unwind_walking = true;
    call_on_stack(stack + REPORT_STACK, write_report, record, context);
    unwind_walking = false;
    call_on_stack(stack + REPORT_STACK, dump, record, context);
}

void crash_line(const EXCEPTION_RECORD *record, const CONTEXT *context)
{
    static bool crashing;
    char text[256] = "?";

    if (!crashing) {
        crashing = true;
        describe((ULONG64)record->ExceptionAddress, text, sizeof(text));
        add("winrun: exception %08x at %s, address %#llx, sp %#llx: can not be handled there\n", record->ExceptionCode,
            text, (unsigned long long)record->ExceptionInformation[1], context->Rsp);
        flush();
    }
    process_exit_exception(record->ExceptionCode);
}
