/*
 * process.c: this process's start and end, and messages for people.
 *
 * Layer: NT layer.  The end: other threads are stopped for good, DLLs are told (LdrShutdownProcess), the exit-code
 * file is written, and the host process ends at once: nothing of the host's exit handlers runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "ntthread.h"
#include "loader/module.h"
#include "ntdll/arena.h"
#include "ntdll/console.h"
#include "ntdll/debug.h"
#include "ntdll/exception.h"
#include "ntdll/firsthandles.h"
#include "ntdll/handover.h"
#include "ntdll/hivetree.h"
#include "ntdll/peb.h"
#include "ntdll/process.h"
#include "ntdll/processor.h"
#include "ntdll/registry.h"
#include "ntdll/suspend.h"
#include "ntdll/thread_object.h"

static const char *exit_code_file, *trace_patterns;
static _Atomic int ending; /* host thread id of the thread that ends the process; 0 while it lives */

static void print_line(const char *format, va_list arguments)
{
    char line[1200];
    const size_t room = sizeof line - 1;
    size_t length = snprintf(line, room, "winrun: ");
    int more = vsnprintf(line + length, room - length, format, arguments);

    if (more > 0)
        length += (size_t)more < room - length ? (size_t)more : room - length - 1;
    line[length++] = '\n';
    for (size_t done = 0; done < length;) {
        ssize_t written = write(2, line + done, length - done);
        if (written <= 0 && errno != EINTR)
            break;
        done += written > 0 ? written : 0;
    }
}

_Noreturn void fatal(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    _exit(status);
}

void warn(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
}

void process_init(const struct process_start *start)
{
    exit_code_file = start->exit_code_file;
    if (start->minidump)
        crash_set_minidump(start->minidump);
    trace_patterns = start->trace_patterns;
    signal(SIGPIPE, SIG_IGN); /* a write to a closed pipe is an error for the program, not its death */
    processor_init();
    peb_init(start);
    if (start->block) {
        start_take_handles();
        first_handles_create_directory(process_peb.ProcessParameters);
    } else {
        first_handles_create(process_peb.ProcessParameters);
    }
}

const char *process_trace_patterns(void)
{
    return trace_patterns;
}

int process_status_from_code(ULONG code)
{
    return code && !(code & 0xff) ? 1 : (int)(code & 0xff);
}

static void write_exit_code(ULONG code)
{
    char text[16];
    int length, fd;

    if (!exit_code_file)
        return;
    length = snprintf(text, sizeof text, "%u\n", (unsigned)code);
    fd = open(exit_code_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, text, length) != length)
        warn("%s: the exit code can not be written: %s", exit_code_file, strerror(errno));
    if (fd >= 0)
        close(fd);
}

static _Noreturn void process_end(ULONG code, int status)
{
    if (debug_active())
        debug_process_exited(code);
    trace_finish();
    write_exit_code(code);
    registry_finish();
    arena_detach(code);
    console_restore();
    if ((NTSTATUS)code == STATUS_CONTROL_C_EXIT) { /* a shell must see that it was interrupted */
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    _exit(status);
}

bool process_ending(void)
{
    return atomic_load(&ending) != 0;
}

_Noreturn void process_exit(ULONG code)
{
    int nobody = 0, tid = thread_current()->tid;

    if (!atomic_compare_exchange_strong(&ending, &nobody, tid)) {
        if (nobody == tid) /* a DLL's detach routine ends the process once more */
            process_end(code, process_status_from_code(code));
        for (;;)
            pause();
    }
    loader_lock();
    suspend_all_others();
    fls_thread_exit();
    LdrShutdownProcess();
    hives_finish();
    process_end(code, process_status_from_code(code));
}

_Noreturn void process_exit_exception(NTSTATUS code)
{
    int status = 134;

    switch (code) {
    case STATUS_ACCESS_VIOLATION:
    case STATUS_IN_PAGE_ERROR:
    case STATUS_STACK_OVERFLOW:
    case STATUS_GUARD_PAGE_VIOLATION:
        status = 139;
        break;
    case STATUS_INTEGER_DIVIDE_BY_ZERO:
    case STATUS_INTEGER_OVERFLOW:
    case STATUS_FLOAT_DENORMAL_OPERAND:
    case STATUS_FLOAT_DIVIDE_BY_ZERO:
    case STATUS_FLOAT_INEXACT_RESULT:
    case STATUS_FLOAT_INVALID_OPERATION:
    case STATUS_FLOAT_OVERFLOW:
    case STATUS_FLOAT_STACK_CHECK:
    case STATUS_FLOAT_UNDERFLOW:
    case STATUS_FLOAT_MULTIPLE_FAULTS:
    case STATUS_FLOAT_MULTIPLE_TRAPS:
        status = 136;
        break;
    case STATUS_ILLEGAL_INSTRUCTION:
    case STATUS_PRIVILEGED_INSTRUCTION:
        status = 132;
        break;
    }
    process_end(code, status);
}

/* Start-up code in machine language ends here with the stack as it happens to be: packers' do when a function is
 * missing. */
__attribute__((force_align_arg_pointer)) _Noreturn void WINAPI RtlExitUserProcess(NTSTATUS code)
{
    process_exit(code);
}

void process_terminate(ULONG code)
{
    process_end(code, process_status_from_code(code));
}
