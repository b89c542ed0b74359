/*
 * exit.c: tables of functions to call at exit, and the ways a program ends.
 *
 * Layer: crt over kernel32.  The tables have ucrtbase's form (_onexit_table_t: first, last, end), because programs
 * hold some of them themselves; like there, the pointers are kept encoded.
 */
#include "ntdll/pointer.h"
#include "crt.h"
#include "ntdll/gate.h"

struct onexit_table {
    void **first, **last, **end;
};

static struct onexit_table exit_table, quick_exit_table;
static RTL_CRITICAL_SECTION exit_lock = CRT_LOCK_INIT;
static void *thread_exit_callback;

int WINAPI _initialize_onexit_table(struct onexit_table *table)
{
    if (!table)
        return -1;
    if (table->first != table->end)
        return 0;
    table->first = table->last = table->end = NULL;
    return 0;
}

int WINAPI _register_onexit_function(struct onexit_table *table, void *function)
{
    if (!table)
        return -1;
    crt_lock(&exit_lock);
    if (table->last == table->end) {
        size_t count = (size_t)(table->last - table->first), size = count ? count * 2 : 32;
        void **grown = crt_realloc(table->first, size * sizeof(*grown));
        if (!grown) {
            crt_unlock(&exit_lock);
            return -1;
        }
        *table = (struct onexit_table){grown, grown + count, grown + size};
    }
    *table->last++ = RtlEncodePointer(function);
    crt_unlock(&exit_lock);
    return 0;
}

int WINAPI _execute_onexit_table(struct onexit_table *table)
{
    if (!table)
        return -1;
    crt_lock(&exit_lock);
    while (table->last > table->first) { /* a function may register more: they come next */
        void *function = RtlDecodePointer(*--table->last);
        crt_unlock(&exit_lock);
        if (function)
            guest_call(function, 0, 0, 0, 0);
        crt_lock(&exit_lock);
    }
    void **block = table->first;
    table->first = table->last = table->end = NULL;
    crt_unlock(&exit_lock);
    crt_free(block);
    return 0;
}

int WINAPI _crt_atexit(void *function)
{
    return _register_onexit_function(&exit_table, function);
}

int WINAPI _crt_at_quick_exit(void *function)
{
    return _register_onexit_function(&quick_exit_table, function);
}

void *WINAPI _onexit(void *function)
{
    return function && !_crt_atexit(function) ? function : NULL;
}

/* For DLLs with a table of their own: first and end by reference, room doubled as needed. */
void *WINAPI __dllonexit(void *function, void ***first, void ***end)
{
    if (!first || !*first || !end)
        return NULL;
    size_t count = (size_t)(*end - *first);
    void **grown = crt_realloc(*first, (count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    grown[count] = function;
    *first = grown;
    *end = grown + count + 1;
    return function;
}

void WINAPI _register_thread_local_exe_atexit_callback(void *callback)
{
    thread_exit_callback = callback;
}

/* --- ends
 * ------------------------------------------------------------------------------------------------------------------ */

static void run_exit_functions(void)
{
    if (thread_exit_callback) {
        void *callback = thread_exit_callback;
        thread_exit_callback = NULL;
        guest_call(callback, 0, DLL_PROCESS_DETACH, 0, 0);
    }
    _execute_onexit_table(&exit_table);
}

void WINAPI _cexit(void)
{
    run_exit_functions();
    crt_close_streams();
}

void WINAPI _c_exit(void)
{
}

_Noreturn void WINAPI crt_exit_now(int code)
{
    ExitProcess((UINT)code);
}

_Noreturn void WINAPI crt_exit(int code)
{
    _cexit();
    ExitProcess((UINT)code);
}

_Noreturn void WINAPI crt_quick_exit(int code)
{
    _execute_onexit_table(&quick_exit_table);
    ExitProcess((UINT)code);
}

static unsigned abort_behavior = 3; /* _WRITE_ABORT_MSG | _CALL_REPORTFAULT */
static int error_mode;

unsigned WINAPI _set_abort_behavior(unsigned flags, unsigned mask)
{
    unsigned old = abort_behavior;
    abort_behavior = (old & ~mask) | (flags & mask);
    return old;
}

int WINAPI _set_error_mode(int mode)
{
    int old = error_mode;
    CRT_REQUIRE(mode >= 0 && mode <= 3, -1);
    if (mode != 3) /* _REPORT_ERRMODE only asks */
        error_mode = mode;
    return old;
}

int WINAPI crt_raise(int signal);
bool crt_signal_handled(int signal);

_Noreturn void WINAPI crt_abort(void)
{
    static const char message[] = "\nThis application has requested the Runtime to terminate it in an unusual way.\n"
                                  "Please contact the application's support team for more information.\n";
    enum { SIGABRT_ = 22 };
    if (crt_signal_handled(SIGABRT_)) {
        crt_raise(SIGABRT_);
    } else if (crt_ucrt_started) {
        if (abort_behavior & 2) /* ucrtbase fails fast, so that nothing of the process runs on */
            __asm__ volatile("int $0x29" ::"c"(FAST_FAIL_FATAL_APP_EXIT));
    } else if (abort_behavior & 1) {
        _write(2, message, sizeof(message) - 1);
    }
    ExitProcess(3);
}

void WINAPI _amsg_exit(int number)
{
    static const char text[] = "\r\nruntime error\r\n";
    (void)number;
    _write(2, text, sizeof(text) - 1);
    ExitProcess(255);
}

int WINAPI crt_fprintf(struct stream *, const char *format, ...);

_Noreturn void WINAPI _assert(const char *message, const char *file, unsigned line)
{
    crt_fprintf(crt_stderr, "Assertion failed: %s, file %s, line %u\n", message, file, line);
    stream_flush_all();
    crt_abort();
}

_Noreturn void WINAPI _wassert(const WCHAR *message, const WCHAR *file, unsigned line)
{
    char *narrow_message = crt_narrow(CP_ACP, message), *narrow_file = crt_narrow(CP_ACP, file);
    _assert(narrow_message ? narrow_message : "", narrow_file ? narrow_file : "", line);
}
