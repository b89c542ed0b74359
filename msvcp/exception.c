/*
 * exception.c: the standard exceptions that the library throws, and the functions that programs throw them through.
 *
 * Layer: msvcp over crt's C++ exceptions.
 *
 * The exported throwers begin as if their caller threw (CAPTURE_ENTRY), so that no frame of ours has to be unwound.
 */
#include "msvcp/error.h"
#include "ntdll/exception.h"

/* --- classes without members of their own: see classes.S -------------------------------------------------------------
 */

#define EXCEPTION_CLASS(name)                                                                                          \
    EXCEPTION_COPY(name)                                                                                               \
    extern const struct throw_info name##_throw;

EXCEPTION_CLASS(bad_alloc)
EXCEPTION_CLASS(bad_function_call)
EXCEPTION_CLASS(logic_error)
EXCEPTION_CLASS(length_error)
EXCEPTION_CLASS(out_of_range)
EXCEPTION_CLASS(invalid_argument)
EXCEPTION_CLASS(runtime_error)
EXCEPTION_CLASS(overflow_error)
extern const void *bad_cast_vftable[];
extern const struct throw_info bad_cast_throw;

const char *WINAPI bad_function_call_what(const struct cxx_exception *object)
{
    (void)object;
    return "bad function call";
}

/* Throws, as if from `context`, an object of NAME with the text. */
#define THROW(name, context, text, copied)                                                                             \
    do {                                                                                                               \
        struct cxx_exception object_;                                                                                  \
        exception_init(&object_, name##_vftable, text, copied);                                                        \
        eh_throw(&object_, &name##_throw, context);                                                                    \
    } while (0)

#define THROWER(name, class)                                                                                           \
    __attribute__((used)) void WINAPI name##_from(const char *text, void *b, void *c, void *d, CONTEXT *context)       \
    {                                                                                                                  \
        (void)b, (void)c, (void)d;                                                                                     \
        THROW(class, context, text, true);                                                                             \
    }                                                                                                                  \
    CAPTURE_ENTRY(name, name##_from)

THROWER(msvcp_xlength_error, length_error);
THROWER(msvcp_xout_of_range, out_of_range);
THROWER(msvcp_xinvalid_argument, invalid_argument);
THROWER(msvcp_xoverflow_error, overflow_error);
THROWER(msvcp_xruntime_error, runtime_error);

__attribute__((used)) void WINAPI xbad_alloc_from(void *a, void *b, void *c, void *d, CONTEXT *context)
{
    (void)a, (void)b, (void)c, (void)d;
    THROW(bad_alloc, context, "bad allocation", false);
}
CAPTURE_ENTRY(msvcp_xbad_alloc, xbad_alloc_from);

__attribute__((used)) void WINAPI xbad_function_call_from(void *a, void *b, void *c, void *d, CONTEXT *context)
{
    (void)a, (void)b, (void)c, (void)d;
    THROW(bad_function_call, context, NULL, false);
}
CAPTURE_ENTRY(msvcp_xbad_function_call, xbad_function_call_from);

void throw_bad_alloc(void)
{
    struct cxx_exception object;

    exception_init(&object, bad_alloc_vftable, "bad allocation", false);
    eh_throw_here(&object, &bad_alloc_throw);
}

void throw_bad_cast(void)
{
    struct cxx_exception object;

    exception_init(&object, bad_cast_vftable, "bad cast", false);
    eh_throw_here(&object, &bad_cast_throw);
}

void *msvcp_new(size_t size)
{
    void *block = crt_malloc(size);

    if (!block)
        throw_bad_alloc();
    return block;
}

/* --- regex_error -----------------------------------------------------------------------------------------------------
 */

struct regex_error {
    struct cxx_exception base;
    int code;
};
extern const void *regex_error_vftable[];
extern const struct throw_info regex_error_throw;

struct regex_error *WINAPI regex_error_copy(struct regex_error *to, const struct regex_error *from)
{
    exception_copy(&to->base, &from->base)->vftable = regex_error_vftable;
    to->code = from->code;
    return to;
}

__attribute__((used)) void WINAPI xregex_error_from(int code, void *b, void *c, void *d, CONTEXT *context)
{
    /* In the order of std::regex_constants::error_type. */
    static const char *const texts[] = {
        "regex_error(error_collate): The expression contained an invalid collating element name.",
        "regex_error(error_ctype): The expression contained an invalid character class name.",
        "regex_error(error_escape): The expression contained an invalid escaped character, or a trailing escape.",
        "regex_error(error_backref): The expression contained an invalid back reference.",
        "regex_error(error_brack): The expression contained mismatched [ and ].",
        "regex_error(error_paren): The expression contained mismatched ( and ).",
        "regex_error(error_brace): The expression contained mismatched { and }.",
        "regex_error(error_badbrace): The expression contained an invalid range in a { expression }.",
        "regex_error(error_range): The expression contained an invalid character range, such as [b-a] in most "
        "encodings.",
        "regex_error(error_space): There was insufficient memory to convert the expression into a finite state "
        "machine.",
        "regex_error(error_badrepeat): One of *?+{ was not preceded by a valid regular expression.",
        "regex_error(error_complexity): The complexity of an attempted match against a regular expression exceeded a "
        "pre-set level.",
        "regex_error(error_stack): There was insufficient memory to determine whether the regular expression could "
        "match the specified character sequence.",
        "regex_error(error_parse)",
        "regex_error(error_syntax)",
    };
    struct regex_error object = {.code = code};

    (void)b, (void)c, (void)d;
    exception_init(&object.base, regex_error_vftable,
                   code >= 0 && code < (int)ARRAYSIZE(texts) ? texts[code] : "regex_error", false);
    eh_throw(&object, &regex_error_throw, context);
}
CAPTURE_ENTRY(msvcp_xregex_error, xregex_error_from);

/* --- system_error and its heirs
 * ---------------------------------------------------------------------------------------- */

struct system_error {
    struct cxx_exception base;
    struct error_code code;
};
_Static_assert(sizeof(struct system_error) == 40, "std::system_error");

#define SYSTEM_ERROR_CLASS(name)                                                                                       \
    extern const void *name##_vftable[];                                                                               \
    extern const struct throw_info name##_throw;                                                                       \
    struct system_error *WINAPI name##_copy(struct system_error *to, const struct system_error *from)                  \
    {                                                                                                                  \
        exception_copy(&to->base, &from->base)->vftable = name##_vftable;                                              \
        to->code = from->code;                                                                                         \
        return to;                                                                                                     \
    }

SYSTEM_ERROR_CLASS(system_error_base)
SYSTEM_ERROR_CLASS(system_error)
SYSTEM_ERROR_CLASS(failure)
SYSTEM_ERROR_CLASS(future_error)

/* what(): the text, and what the category says about the code. */
static void system_error_init(struct system_error *object, const void *vftable, const char *text,
                              struct error_code code)
{
    struct std_string message;
    char whole[512];

    error_message(&message, code);
    msvcp_format(whole, sizeof(whole), text ? "%s: %s" : "%s%s", text ? text : "", string_text(&message));
    whole[sizeof(whole) - 1] = 0;
    string_free(&message);
    exception_init(&object->base, vftable, whole, true);
    object->code = code;
}

void throw_failure(const char *what)
{
    struct system_error object;

    system_error_init(&object, failure_vftable, what, (struct error_code){1, error_category_iostream()});
    eh_throw_here(&object, &failure_throw);
}

static _Noreturn void throw_generic(int code, CONTEXT *context)
{
    struct system_error object;

    system_error_init(&object, system_error_vftable, msvcp_syserror_map(code),
                      (struct error_code){code, error_category_generic()});
    eh_throw(&object, &system_error_throw, context);
}

/* What went wrong with a mutex, a condition variable or a thread: an index. */
__attribute__((used)) void WINAPI throw_cpp_error_from(int code, void *b, void *c, void *d, CONTEXT *context)
{
    static const int codes[] = {
        CRT_EBUSY, CRT_EINVAL, CRT_ESRCH, CRT_ENOMEM, CRT_EPERM, CRT_EDEADLK, CRT_EAGAIN,
    };

    (void)b, (void)c, (void)d;
    throw_generic(codes[code >= 0 && code < (int)ARRAYSIZE(codes) ? code : 0], context);
}
CAPTURE_ENTRY(msvcp_throw_cpp_error, throw_cpp_error_from);

/* A thrd_* code of the C11 kind. */
__attribute__((used)) void WINAPI throw_c_error_from(int code, void *b, void *c, void *d, CONTEXT *context)
{
    (void)b, (void)c, (void)d;
    switch (code) {
    case 1: /* nomem */
        throw_generic(CRT_EAGAIN, context);
    case 3: /* busy */
        throw_generic(CRT_EBUSY, context);
    case 4: /* error */
        throw_generic(CRT_EINVAL, context);
    default:
        crt_abort();
    }
}
CAPTURE_ENTRY(msvcp_throw_c_error, throw_c_error_from);

__attribute__((used)) void WINAPI xgetlasterror_from(void *a, void *b, void *c, void *d, CONTEXT *context)
{
    struct system_error object;

    (void)a, (void)b, (void)c, (void)d;
    system_error_init(&object, system_error_vftable, NULL,
                      (struct error_code){(int)GetLastError(), error_category_system()});
    eh_throw(&object, &system_error_throw, context);
}
CAPTURE_ENTRY(msvcp_xgetlasterror, xgetlasterror_from);

__attribute__((used)) void WINAPI throw_future_error_from(const struct error_code *code, void *b, void *c, void *d,
                                                          CONTEXT *context)
{
    struct system_error object = {.code = *code};
    struct std_string message;

    (void)b, (void)c, (void)d;
    error_message(&message, *code);
    exception_init(&object.base, future_error_vftable, string_text(&message), true);
    string_free(&message);
    eh_throw(&object, &future_error_throw, context);
}
CAPTURE_ENTRY(msvcp_throw_future_error, throw_future_error_from);

void WINAPI msvcp_rng_abort(const char *text)
{
    static const char newline[] = "\n";
    DWORD written;

    WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)strlen(text), &written, NULL);
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), newline, 1, &written, NULL);
    crt_abort();
}

/* --- counts
 * ---------------------------------------------------------------------------------------------------------------- */

bool WINAPI msvcp_uncaught_exception(void)
{
    return eh_thread()->uncaught != 0;
}

int WINAPI msvcp_uncaught_exceptions(void)
{
    return eh_thread()->uncaught;
}
