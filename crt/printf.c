/*
 * printf.c: the printf families by name: msvcrt's, with char and WCHAR.
 *
 * Layer: crt over the engine in format.h.  The functions with a va_list are the cores; the variadic ones call them.
 */
#include "crt.h"

/* The body of a variadic function: `args` are its arguments behind `last`. */
#define RETURN_WITH_ARGS(last, call)                                                                                   \
    crt_args args;                                                                                                     \
    CRT_ARGS_START(args, last);                                                                                        \
    return call

enum { PLAIN = FORMAT_MSVCRT, SECURE = FORMAT_MSVCRT | FORMAT_SECURE, POSITIONAL = FORMAT_MSVCRT | FORMAT_POSITIONAL };

/* --- to streams
 * ---------------------------------------------------------------------------------------------------------- */

int WINAPI crt_vfprintf(struct stream *stream, const char *format, crt_args args)
{
    return format_stream(stream, format, args, PLAIN);
}

int WINAPI crt_vprintf(const char *format, crt_args args)
{
    return format_stream(crt_stdout, format, args, PLAIN);
}

int WINAPI crt_fprintf(struct stream *stream, const char *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream(stream, format, args, PLAIN));
}

int WINAPI crt_printf(const char *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream(crt_stdout, format, args, PLAIN));
}

int WINAPI vfprintf_s(struct stream *stream, const char *format, crt_args args)
{
    return format_stream(stream, format, args, SECURE);
}

int WINAPI vprintf_s(const char *format, crt_args args)
{
    return format_stream(crt_stdout, format, args, SECURE);
}

int WINAPI fprintf_s(struct stream *stream, const char *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream(stream, format, args, SECURE));
}

int WINAPI printf_s(const char *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream(crt_stdout, format, args, SECURE));
}

int WINAPI _vfprintf_p(struct stream *stream, const char *format, crt_args args)
{
    return format_stream(stream, format, args, POSITIONAL);
}

int WINAPI _fprintf_p(struct stream *stream, const char *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream(stream, format, args, POSITIONAL));
}

int WINAPI _vprintf_p(const char *format, crt_args args)
{
    return format_stream(crt_stdout, format, args, POSITIONAL);
}

int WINAPI _printf_p(const char *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream(crt_stdout, format, args, POSITIONAL));
}

int WINAPI crt_vfwprintf(struct stream *stream, const WCHAR *format, crt_args args)
{
    return format_stream_wide(stream, format, args, PLAIN);
}

int WINAPI crt_vwprintf(const WCHAR *format, crt_args args)
{
    return format_stream_wide(crt_stdout, format, args, PLAIN);
}

int WINAPI crt_fwprintf(struct stream *stream, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream_wide(stream, format, args, PLAIN));
}

int WINAPI crt_wprintf(const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream_wide(crt_stdout, format, args, PLAIN));
}

int WINAPI vfwprintf_s(struct stream *stream, const WCHAR *format, crt_args args)
{
    return format_stream_wide(stream, format, args, SECURE);
}

int WINAPI vwprintf_s(const WCHAR *format, crt_args args)
{
    return format_stream_wide(crt_stdout, format, args, SECURE);
}

int WINAPI fwprintf_s(struct stream *stream, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream_wide(stream, format, args, SECURE));
}

int WINAPI wprintf_s(const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, format_stream_wide(crt_stdout, format, args, SECURE));
}

/* --- to buffers, without bound
   ------------------------------------------------------------------------------------------- */

int WINAPI crt_vsprintf(char *buffer, const char *format, crt_args args)
{
    CRT_REQUIRE(buffer && format, -1);
    return format_buffer(buffer, INT_MAX, format, args, PLAIN);
}

int WINAPI crt_sprintf(char *buffer, const char *format, ...)
{
    RETURN_WITH_ARGS(format, crt_vsprintf(buffer, format, args));
}

int WINAPI _vswprintf(WCHAR *buffer, const WCHAR *format, crt_args args)
{
    CRT_REQUIRE(buffer && format, -1);
    return format_buffer_wide(buffer, INT_MAX, format, args, PLAIN);
}

int WINAPI _swprintf(WCHAR *buffer, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, _vswprintf(buffer, format, args));
}

int WINAPI _vscprintf(const char *format, crt_args args)
{
    CRT_REQUIRE(format, -1);
    return format_buffer(NULL, 0, format, args, PLAIN);
}

int WINAPI _scprintf(const char *format, ...)
{
    RETURN_WITH_ARGS(format, _vscprintf(format, args));
}

int WINAPI _vscwprintf(const WCHAR *format, crt_args args)
{
    CRT_REQUIRE(format, -1);
    return format_buffer_wide(NULL, 0, format, args, PLAIN);
}

int WINAPI _scwprintf(const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, _vscwprintf(format, args));
}

int WINAPI _vscprintf_p(const char *format, crt_args args)
{
    CRT_REQUIRE(format, -1);
    return format_buffer(NULL, 0, format, args, POSITIONAL);
}

int WINAPI _vscwprintf_p(const WCHAR *format, crt_args args)
{
    CRT_REQUIRE(format, -1);
    return format_buffer_wide(NULL, 0, format, args, POSITIONAL);
}

/* --- _snprintf: no zero when the text fills the buffer, -1 when it does not fit
 * ----------------------------------------- */

int WINAPI _vsnprintf(char *buffer, size_t size, const char *format, crt_args args)
{
    CRT_REQUIRE(format && (buffer || !size), -1);
    int length = format_buffer(buffer, size, format, args, PLAIN);
    return buffer && length > 0 && (size_t)length > size ? -1 : length;
}

int WINAPI _snprintf(char *buffer, size_t size, const char *format, ...)
{
    RETURN_WITH_ARGS(format, _vsnprintf(buffer, size, format, args));
}

int WINAPI _vsnwprintf(WCHAR *buffer, size_t size, const WCHAR *format, crt_args args)
{
    CRT_REQUIRE(format && (buffer || !size), -1);
    int length = format_buffer_wide(buffer, size, format, args, PLAIN);
    return buffer && length > 0 && (size_t)length > size ? -1 : length;
}

int WINAPI _snwprintf(WCHAR *buffer, size_t size, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, _vsnwprintf(buffer, size, format, args));
}

/* --- the _s and _p functions
   ---------------------------------------------------------------------------------------------- */

/* sprintf_s: a text that does not fit is an invalid parameter, and the buffer becomes empty. */
static int finish_secure(char *buffer, size_t size, int length)
{
    if (length >= 0 && (size_t)length < size)
        return length;
    *buffer = 0;
    if (length >= 0)
        crt_invalid(CRT_ERANGE);
    return -1;
}

static int finish_secure_wide(WCHAR *buffer, size_t size, int length)
{
    if (length >= 0 && (size_t)length < size)
        return length;
    *buffer = 0;
    if (length >= 0)
        crt_invalid(CRT_ERANGE);
    return -1;
}

int WINAPI vsprintf_s(char *buffer, size_t size, const char *format, crt_args args)
{
    CRT_REQUIRE(buffer && size && format, -1);
    return finish_secure(buffer, size, format_buffer(buffer, size, format, args, SECURE));
}

int WINAPI sprintf_s(char *buffer, size_t size, const char *format, ...)
{
    RETURN_WITH_ARGS(format, vsprintf_s(buffer, size, format, args));
}

int WINAPI vswprintf_s(WCHAR *buffer, size_t size, const WCHAR *format, crt_args args)
{
    CRT_REQUIRE(buffer && size && format, -1);
    return finish_secure_wide(buffer, size, format_buffer_wide(buffer, size, format, args, SECURE));
}

int WINAPI swprintf_s(WCHAR *buffer, size_t size, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, vswprintf_s(buffer, size, format, args));
}

int WINAPI _vsprintf_p(char *buffer, size_t size, const char *format, crt_args args)
{
    CRT_REQUIRE(buffer && size && format, -1);
    return finish_secure(buffer, size, format_buffer(buffer, size, format, args, POSITIONAL));
}

int WINAPI _sprintf_p(char *buffer, size_t size, const char *format, ...)
{
    RETURN_WITH_ARGS(format, _vsprintf_p(buffer, size, format, args));
}

int WINAPI _vswprintf_p(WCHAR *buffer, size_t size, const WCHAR *format, crt_args args)
{
    CRT_REQUIRE(buffer && size && format, -1);
    return finish_secure_wide(buffer, size, format_buffer_wide(buffer, size, format, args, POSITIONAL));
}

int WINAPI _swprintf_p(WCHAR *buffer, size_t size, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, _vswprintf_p(buffer, size, format, args));
}

/* _snprintf_s: at most `count` units (_TRUNCATE: what fits); always a zero. */
int crt_truncate_narrow(char *buffer, size_t size, size_t count, const char *format, crt_args args, unsigned options)
{
    if (!buffer && !size && !count)
        return 0;
    CRT_REQUIRE(buffer && size && format, -1);
    int length = format_buffer(buffer, size, format, args, options);
    if (length < 0) {
        *buffer = 0;
        return -1;
    }
    if ((size_t)length <= count && (size_t)length < size)
        return length;
    if (count != CRT_TRUNCATE && count >= size)
        return finish_secure(buffer, size, length);
    buffer[count < size ? count : size - 1] = 0;
    return -1;
}

int crt_truncate_wide(WCHAR *buffer, size_t size, size_t count, const WCHAR *format, crt_args args, unsigned options)
{
    if (!buffer && !size && !count)
        return 0;
    CRT_REQUIRE(buffer && size && format, -1);
    int length = format_buffer_wide(buffer, size, format, args, options);
    if (length < 0) {
        *buffer = 0;
        return -1;
    }
    if ((size_t)length <= count && (size_t)length < size)
        return length;
    if (count != CRT_TRUNCATE && count >= size)
        return finish_secure_wide(buffer, size, length);
    buffer[count < size ? count : size - 1] = 0;
    return -1;
}

int WINAPI _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format, crt_args args)
{
    return crt_truncate_narrow(buffer, size, count, format, args, SECURE);
}

int WINAPI _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...)
{
    RETURN_WITH_ARGS(format, _vsnprintf_s(buffer, size, count, format, args));
}

int WINAPI _vsnwprintf_s(WCHAR *buffer, size_t size, size_t count, const WCHAR *format, crt_args args)
{
    return crt_truncate_wide(buffer, size, count, format, args, SECURE);
}

int WINAPI _snwprintf_s(WCHAR *buffer, size_t size, size_t count, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, _vsnwprintf_s(buffer, size, count, format, args));
}
