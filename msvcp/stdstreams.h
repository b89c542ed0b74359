/*
 * stdstreams.h: cin, cout, cerr, clog for one character type, as a template (see basic.h).
 */
#include "msvcp/filebuf.h"

struct T(complete_istream) T(std_in);
struct T(complete_ostream) T(std_out), T(std_err), T(std_log);

/* Pointers to them, for old headers. */
struct T(istream) * T(std_in_pointer);
struct T(ostream) * T(std_out_pointer), *T(std_err_pointer), *T(std_log_pointer);

static struct T(filebuf) T(in_buffer), T(out_buffer), T(err_buffer);

static void T(std_streams_make)(void)
{
    T(istream_ctor_streambuf_bool)(&T(std_in).in, T(filebuf_make)(&T(in_buffer), crt_stdin), true, 1);
    T(ostream_ctor_streambuf_bool)(&T(std_out).out, T(filebuf_make)(&T(out_buffer), crt_stdout), true, 1);
    T(ostream_ctor_streambuf_bool)(&T(std_err).out, T(filebuf_make)(&T(err_buffer), crt_stderr), true, 1);
    T(ostream_ctor_streambuf_bool)(&T(std_log).out, &T(err_buffer).base, true, 1);
    T(std_in).ios.tie = &T(std_out).out;
    T(std_err).ios.tie = &T(std_out).out;
    T(std_err).ios.base.flags |= FMT_UNITBUF;
    T(std_in_pointer) = &T(std_in).in;
    T(std_out_pointer) = &T(std_out).out;
    T(std_err_pointer) = &T(std_err).out;
    T(std_log_pointer) = &T(std_log).out;
}

static void T(std_streams_flush)(void)
{
    T(ostream_flush)(&T(std_out).out);
    T(ostream_flush)(&T(std_err).out);
    T(ostream_flush)(&T(std_log).out);
}
