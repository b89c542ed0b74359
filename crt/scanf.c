/*
 * scanf.c: the scanf families by name: msvcrt's and ucrtbase's.
 *
 * Layer: crt over the engine in scan.h.
 */
#include "scanf.h"

/* The body of a variadic function: `args` are its arguments behind `last`. */
#define RETURN_WITH_ARGS(last, call)                                                                                   \
    crt_args args;                                                                                                     \
    CRT_ARGS_START(args, last);                                                                                        \
    return call

enum { PLAIN = SCAN_MSVCRT, SECURE = SCAN_MSVCRT | SCAN_SECURE };

int WINAPI crt_fscanf(struct stream *stream, const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream(stream, format, args, PLAIN));
}

int WINAPI crt_scanf(const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream(crt_stdin, format, args, PLAIN));
}

int WINAPI crt_sscanf(const char *text, const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of(text, SIZE_MAX, format, args, PLAIN));
}

int WINAPI _snscanf(const char *text, size_t count, const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of(text, count, format, args, PLAIN));
}

int WINAPI fscanf_s(struct stream *stream, const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream(stream, format, args, SECURE));
}

int WINAPI scanf_s(const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream(crt_stdin, format, args, SECURE));
}

int WINAPI sscanf_s(const char *text, const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of(text, SIZE_MAX, format, args, SECURE));
}

int WINAPI _snscanf_s(const char *text, size_t count, const char *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of(text, count, format, args, SECURE));
}

int WINAPI crt_fwscanf(struct stream *stream, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream_wide(stream, format, args, PLAIN));
}

int WINAPI crt_wscanf(const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream_wide(crt_stdin, format, args, PLAIN));
}

int WINAPI crt_swscanf(const WCHAR *text, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of_wide(text, SIZE_MAX, format, args, PLAIN));
}

int WINAPI _snwscanf(const WCHAR *text, size_t count, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of_wide(text, count, format, args, PLAIN));
}

int WINAPI fwscanf_s(struct stream *stream, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream_wide(stream, format, args, SECURE));
}

int WINAPI wscanf_s(const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_stream_wide(crt_stdin, format, args, SECURE));
}

int WINAPI swscanf_s(const WCHAR *text, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of_wide(text, SIZE_MAX, format, args, SECURE));
}

int WINAPI _snwscanf_s(const WCHAR *text, size_t count, const WCHAR *format, ...)
{
    RETURN_WITH_ARGS(format, scan_text_of_wide(text, count, format, args, SECURE));
}

/* --- ucrtbase's cores
   ------------------------------------------------------------------------------------------------------- */

int WINAPI __stdio_common_vfscanf(uint64_t options, struct stream *stream, const char *format, void *locale,
                                  crt_args args)
{
    (void)locale;
    return scan_stream(stream, format, args, (unsigned)options & 0xff);
}

int WINAPI __stdio_common_vfwscanf(uint64_t options, struct stream *stream, const WCHAR *format, void *locale,
                                   crt_args args)
{
    (void)locale;
    return scan_stream_wide(stream, format, args, (unsigned)options & 0xff);
}

int WINAPI __stdio_common_vsscanf(uint64_t options, const char *text, size_t count, const char *format, void *locale,
                                  crt_args args)
{
    (void)locale;
    return scan_text_of(text, count, format, args, (unsigned)options & 0xff);
}

int WINAPI __stdio_common_vswscanf(uint64_t options, const WCHAR *text, size_t count, const WCHAR *format, void *locale,
                                   crt_args args)
{
    (void)locale;
    return scan_text_of_wide(text, count, format, args, (unsigned)options & 0xff);
}
