/*
 * printf_ucrt.c: ucrtbase's cores of the printf family, which the inline functions of its headers call.
 *
 * Layer: crt over the engine in format.h.
 */
#include "crt.h"

int crt_truncate_narrow(char *, size_t size, size_t count, const char *format, crt_args, unsigned options);
int crt_truncate_wide(WCHAR *, size_t size, size_t count, const WCHAR *format, crt_args, unsigned options);

#define OPTIONS(value) ((unsigned)(value)&0xff)

/*
 * What is left where the text does not fit: standard snprintf cuts, ends with a zero and tells the whole length; the
 * old _snprintf leaves out the zero and tells -1; otherwise the text is cut, ended, and -1.
 */
#define FINISH(buffer, size, length, options)                                                                          \
    do {                                                                                                               \
        if ((length) < 0 || !(buffer) || !(size) || (size_t)(length) < (size)) {                                       \
            if ((length) >= 0 && (buffer) && !(size))                                                                  \
                return (options)&FORMAT_STANDARD_SNPRINTF ? (length) : (length) ? -1 : 0;                              \
            return (length);                                                                                           \
        }                                                                                                              \
        if ((options)&FORMAT_STANDARD_SNPRINTF) {                                                                      \
            (buffer)[(size)-1] = 0;                                                                                    \
            return (length);                                                                                           \
        }                                                                                                              \
        if ((options)&FORMAT_LEGACY_NULL)                                                                              \
            return (size_t)(length) == (size) ? (length) : -1;                                                         \
        (buffer)[(size)-1] = 0;                                                                                        \
        return -1;                                                                                                     \
    } while (0)

int WINAPI __stdio_common_vsprintf(uint64_t options, char *buffer, size_t size, const char *format, void *locale,
                                   crt_args args)
{
    (void)locale;
    CRT_REQUIRE(format && (buffer || !size), -1);
    int length = format_buffer(buffer, size, format, args, OPTIONS(options));
    FINISH(buffer, size, length, options);
}

int WINAPI __stdio_common_vswprintf(uint64_t options, WCHAR *buffer, size_t size, const WCHAR *format, void *locale,
                                    crt_args args)
{
    (void)locale;
    CRT_REQUIRE(format && (buffer || !size), -1);
    int length = format_buffer_wide(buffer, size, format, args, OPTIONS(options));
    FINISH(buffer, size, length, options);
}

static int secure_narrow(char *buffer, size_t size, const char *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(buffer && size && format, -1);
    int length = format_buffer(buffer, size, format, args, options);
    if (length >= 0 && (size_t)length < size)
        return length;
    *buffer = 0;
    if (length >= 0)
        crt_invalid(CRT_ERANGE);
    return -1;
}

static int secure_wide(WCHAR *buffer, size_t size, const WCHAR *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(buffer && size && format, -1);
    int length = format_buffer_wide(buffer, size, format, args, options);
    if (length >= 0 && (size_t)length < size)
        return length;
    *buffer = 0;
    if (length >= 0)
        crt_invalid(CRT_ERANGE);
    return -1;
}

int WINAPI __stdio_common_vsprintf_s(uint64_t options, char *buffer, size_t size, const char *format, void *locale,
                                     crt_args args)
{
    (void)locale;
    return secure_narrow(buffer, size, format, args, OPTIONS(options) | FORMAT_SECURE);
}

int WINAPI __stdio_common_vswprintf_s(uint64_t options, WCHAR *buffer, size_t size, const WCHAR *format, void *locale,
                                      crt_args args)
{
    (void)locale;
    return secure_wide(buffer, size, format, args, OPTIONS(options) | FORMAT_SECURE);
}

int WINAPI __stdio_common_vsprintf_p(uint64_t options, char *buffer, size_t size, const char *format, void *locale,
                                     crt_args args)
{
    (void)locale;
    return secure_narrow(buffer, size, format, args, OPTIONS(options) | FORMAT_POSITIONAL);
}

int WINAPI __stdio_common_vswprintf_p(uint64_t options, WCHAR *buffer, size_t size, const WCHAR *format, void *locale,
                                      crt_args args)
{
    (void)locale;
    return secure_wide(buffer, size, format, args, OPTIONS(options) | FORMAT_POSITIONAL);
}

int WINAPI __stdio_common_vsnprintf_s(uint64_t options, char *buffer, size_t size, size_t count, const char *format,
                                      void *locale, crt_args args)
{
    (void)locale;
    return crt_truncate_narrow(buffer, size, count, format, args, OPTIONS(options) | FORMAT_SECURE);
}

int WINAPI __stdio_common_vsnwprintf_s(uint64_t options, WCHAR *buffer, size_t size, size_t count, const WCHAR *format,
                                       void *locale, crt_args args)
{
    (void)locale;
    return crt_truncate_wide(buffer, size, count, format, args, OPTIONS(options) | FORMAT_SECURE);
}

int WINAPI __stdio_common_vfprintf(uint64_t options, struct stream *stream, const char *format, void *locale,
                                   crt_args args)
{
    (void)locale;
    return format_stream(stream, format, args, OPTIONS(options));
}

int WINAPI __stdio_common_vfprintf_s(uint64_t options, struct stream *stream, const char *format, void *locale,
                                     crt_args args)
{
    (void)locale;
    return format_stream(stream, format, args, OPTIONS(options) | FORMAT_SECURE);
}

int WINAPI __stdio_common_vfprintf_p(uint64_t options, struct stream *stream, const char *format, void *locale,
                                     crt_args args)
{
    (void)locale;
    return format_stream(stream, format, args, OPTIONS(options) | FORMAT_POSITIONAL);
}

int WINAPI __stdio_common_vfwprintf(uint64_t options, struct stream *stream, const WCHAR *format, void *locale,
                                    crt_args args)
{
    (void)locale;
    return format_stream_wide(stream, format, args, OPTIONS(options));
}

int WINAPI __stdio_common_vfwprintf_s(uint64_t options, struct stream *stream, const WCHAR *format, void *locale,
                                      crt_args args)
{
    (void)locale;
    return format_stream_wide(stream, format, args, OPTIONS(options) | FORMAT_SECURE);
}

int WINAPI __stdio_common_vfwprintf_p(uint64_t options, struct stream *stream, const WCHAR *format, void *locale,
                                      crt_args args)
{
    (void)locale;
    return format_stream_wide(stream, format, args, OPTIONS(options) | FORMAT_POSITIONAL);
}
