/*
 * printf.h: the printf family by name, as a template: printf.c includes it once for char and once for WCHAR, with
 *     FUNIT      the unit of format and output
 *     FNAME(x)   the names it defines; the exports files say which of Microsoft's names each of them meets
 * defined.  A family has its core with a va_list, its variadic function, and both again with a locale.
 */

/* --- to streams, stdout and the console ------------------------------------------------------------------------- */

#define STREAM_FAMILY(suffix, options)                                                                                 \
    int WINAPI FNAME(crt_vfprintf##suffix)(struct stream * stream, const FUNIT *format, crt_args args)                 \
    {                                                                                                                  \
        return FNAME(format_stream)(stream, format, args, options);                                                    \
    }                                                                                                                  \
    int WINAPI FNAME(crt_fprintf##suffix)(struct stream * stream, const FUNIT *format, ...)                            \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, FNAME(format_stream)(stream, format, args, options));                                 \
    }                                                                                                                  \
    int WINAPI FNAME(crt_vprintf##suffix)(const FUNIT *format, crt_args args)                                          \
    {                                                                                                                  \
        return FNAME(format_stream)(crt_stdout, format, args, options);                                                \
    }                                                                                                                  \
    int WINAPI FNAME(crt_printf##suffix)(const FUNIT *format, ...)                                                     \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, FNAME(format_stream)(crt_stdout, format, args, options));                             \
    }                                                                                                                  \
    int WINAPI FNAME(crt_vfprintf##suffix##_l)(struct stream * stream, const FUNIT *format, void *locale,              \
                                               crt_args args)                                                          \
    {                                                                                                                  \
        return IN_LOCALE(locale, FNAME(format_stream)(stream, format, args, options));                                 \
    }                                                                                                                  \
    int WINAPI FNAME(crt_fprintf##suffix##_l)(struct stream * stream, const FUNIT *format, void *locale, ...)          \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, FNAME(crt_vfprintf##suffix##_l)(stream, format, locale, args));                       \
    }                                                                                                                  \
    int WINAPI FNAME(crt_vprintf##suffix##_l)(const FUNIT *format, void *locale, crt_args args)                        \
    {                                                                                                                  \
        return FNAME(crt_vfprintf##suffix##_l)(crt_stdout, format, locale, args);                                      \
    }                                                                                                                  \
    int WINAPI FNAME(crt_printf##suffix##_l)(const FUNIT *format, void *locale, ...)                                   \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, FNAME(crt_vfprintf##suffix##_l)(crt_stdout, format, locale, args));                   \
    }                                                                                                                  \
    int WINAPI FNAME(crt_vcprintf##suffix##_l)(const FUNIT *format, void *locale, crt_args args)                       \
    {                                                                                                                  \
        return IN_LOCALE(locale, FNAME(format_console)(format, args, options));                                        \
    }                                                                                                                  \
    int WINAPI FNAME(crt_vcprintf##suffix)(const FUNIT *format, crt_args args)                                         \
    {                                                                                                                  \
        return FNAME(format_console)(format, args, options);                                                           \
    }                                                                                                                  \
    int WINAPI FNAME(crt_cprintf##suffix)(const FUNIT *format, ...)                                                    \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, FNAME(format_console)(format, args, options));                                        \
    }                                                                                                                  \
    int WINAPI FNAME(crt_cprintf##suffix##_l)(const FUNIT *format, void *locale, ...)                                  \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, FNAME(crt_vcprintf##suffix##_l)(format, locale, args));                               \
    }                                                                                                                  \
    /* The length alone. */                                                                                            \
    int WINAPI FNAME(crt_vscprintf##suffix##_l)(const FUNIT *format, void *locale, crt_args args)                      \
    {                                                                                                                  \
        CRT_REQUIRE(format, -1);                                                                                       \
        return IN_LOCALE(locale, FNAME(format_buffer)(NULL, 0, format, args, options));                                \
    }                                                                                                                  \
    int WINAPI FNAME(crt_vscprintf##suffix)(const FUNIT *format, crt_args args)                                        \
    {                                                                                                                  \
        return FNAME(crt_vscprintf##suffix##_l)(format, NULL, args);                                                   \
    }                                                                                                                  \
    int WINAPI FNAME(crt_scprintf##suffix)(const FUNIT *format, ...)                                                   \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, FNAME(crt_vscprintf##suffix##_l)(format, NULL, args));                                \
    }                                                                                                                  \
    int WINAPI FNAME(crt_scprintf##suffix##_l)(const FUNIT *format, void *locale, ...)                                 \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, FNAME(crt_vscprintf##suffix##_l)(format, locale, args));                              \
    }

/* The text of a format, written to the console whatever the standard handles are. */
static int FNAME(format_console)(const FUNIT *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(format, -1);
    int length = FNAME(format_buffer)(NULL, 0, format, args, options);
    FUNIT *text = length >= 0 ? crt_malloc(((size_t)length + 1) * sizeof(FUNIT)) : NULL;
    if (!text)
        return -1;
    FNAME(format_buffer)(text, (size_t)length + 1, format, args, options);
    int result = FNAME(crt_cputs)(text) ? -1 : length;
    crt_free(text);
    return result;
}

STREAM_FAMILY(, PLAIN)
STREAM_FAMILY(_s, SECURE)
STREAM_FAMILY(_p, POSITIONAL)

/* --- to buffers, without bound ------------------------------------------------------------------------------------ */

int WINAPI FNAME(crt_vsprintf_l)(FUNIT *buffer, const FUNIT *format, void *locale, crt_args args)
{
    CRT_REQUIRE(buffer && format, -1);
    return IN_LOCALE(locale, FNAME(format_buffer)(buffer, INT_MAX, format, args, PLAIN));
}

int WINAPI FNAME(crt_vsprintf)(FUNIT *buffer, const FUNIT *format, crt_args args)
{
    CRT_REQUIRE(buffer && format, -1);
    return FNAME(format_buffer)(buffer, INT_MAX, format, args, PLAIN);
}

int WINAPI FNAME(crt_sprintf)(FUNIT *buffer, const FUNIT *format, ...)
{
    RETURN_WITH_ARGS(format, FNAME(crt_vsprintf)(buffer, format, args));
}

int WINAPI FNAME(crt_sprintf_l)(FUNIT *buffer, const FUNIT *format, void *locale, ...)
{
    RETURN_WITH_ARGS(locale, FNAME(crt_vsprintf_l)(buffer, format, locale, args));
}

/* --- to buffers, with a bound ------------------------------------------------------------------------------------- */

/* _snprintf: no zero when the text fills the buffer, -1 when it does not fit. */
static int FNAME(print_cut)(FUNIT *buffer, size_t size, const FUNIT *format, crt_args args)
{
    CRT_REQUIRE(format && (buffer || !size), -1);
    int length = FNAME(format_buffer)(buffer, size, format, args, PLAIN);
    return buffer && length > 0 && (size_t)length > size ? -1 : length;
}

/* _snprintf_c: a text that does not fit is cut and ended, and the result is -1. */
static int FNAME(print_ended)(FUNIT *buffer, size_t size, const FUNIT *format, crt_args args)
{
    CRT_REQUIRE(format && buffer && size, -1);
    int length = FNAME(format_buffer)(buffer, size, format, args, PLAIN);
    if (length >= 0 && (size_t)length < size)
        return length;
    buffer[size - 1] = 0;
    return -1;
}

/* sprintf_s: a text that does not fit is an invalid parameter, and the buffer becomes empty. */
static int FNAME(finish_secure)(FUNIT *buffer, size_t size, int length)
{
    if (length >= 0 && (size_t)length < size)
        return length;
    *buffer = 0;
    if (length >= 0)
        crt_invalid(CRT_ERANGE);
    return -1;
}

static int FNAME(print_secure)(FUNIT *buffer, size_t size, const FUNIT *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(buffer && size && format, -1);
    return FNAME(finish_secure)(buffer, size, FNAME(format_buffer)(buffer, size, format, args, options));
}

static int FNAME(print_s)(FUNIT *buffer, size_t size, const FUNIT *format, crt_args args)
{
    return FNAME(print_secure)(buffer, size, format, args, SECURE);
}

static int FNAME(print_p)(FUNIT *buffer, size_t size, const FUNIT *format, crt_args args)
{
    return FNAME(print_secure)(buffer, size, format, args, POSITIONAL);
}

#define BUFFER_FAMILY(name, print)                                                                                     \
    int WINAPI FNAME(crt_v##name)(FUNIT * buffer, size_t size, const FUNIT *format, crt_args args)                     \
    {                                                                                                                  \
        return FNAME(print)(buffer, size, format, args);                                                               \
    }                                                                                                                  \
    int WINAPI FNAME(crt_##name)(FUNIT * buffer, size_t size, const FUNIT *format, ...)                                \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, FNAME(print)(buffer, size, format, args));                                            \
    }                                                                                                                  \
    int WINAPI FNAME(crt_v##name##_l)(FUNIT * buffer, size_t size, const FUNIT *format, void *locale, crt_args args)   \
    {                                                                                                                  \
        return IN_LOCALE(locale, FNAME(print)(buffer, size, format, args));                                            \
    }                                                                                                                  \
    int WINAPI FNAME(crt_##name##_l)(FUNIT * buffer, size_t size, const FUNIT *format, void *locale, ...)              \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, FNAME(crt_v##name##_l)(buffer, size, format, locale, args));                          \
    }
BUFFER_FAMILY(snprintf, print_cut)
BUFFER_FAMILY(snprintf_c, print_ended)
BUFFER_FAMILY(sprintf_s, print_s)
BUFFER_FAMILY(sprintf_p, print_p)

/* _snprintf_s: at most `count` units (_TRUNCATE: what fits); always a zero. */
static int FNAME(print_truncated)(FUNIT *buffer, size_t size, size_t count, const FUNIT *format, crt_args args,
                                  unsigned options)
{
    if (!buffer && !size && !count)
        return 0;
    CRT_REQUIRE(buffer && size && format, -1);
    int length = FNAME(format_buffer)(buffer, size, format, args, options);
    if (length < 0) {
        *buffer = 0;
        return -1;
    }
    if ((size_t)length <= count && (size_t)length < size)
        return length;
    if (count != CRT_TRUNCATE && count >= size)
        return FNAME(finish_secure)(buffer, size, length);
    buffer[count < size ? count : size - 1] = 0;
    return -1;
}

int WINAPI FNAME(crt_vsnprintf_s_l)(FUNIT *buffer, size_t size, size_t count, const FUNIT *format, void *locale,
                                    crt_args args)
{
    return IN_LOCALE(locale, FNAME(print_truncated)(buffer, size, count, format, args, SECURE));
}

int WINAPI FNAME(crt_vsnprintf_s)(FUNIT *buffer, size_t size, size_t count, const FUNIT *format, crt_args args)
{
    return FNAME(print_truncated)(buffer, size, count, format, args, SECURE);
}

int WINAPI FNAME(crt_snprintf_s)(FUNIT *buffer, size_t size, size_t count, const FUNIT *format, ...)
{
    RETURN_WITH_ARGS(format, FNAME(print_truncated)(buffer, size, count, format, args, SECURE));
}

int WINAPI FNAME(crt_snprintf_s_l)(FUNIT *buffer, size_t size, size_t count, const FUNIT *format, void *locale, ...)
{
    RETURN_WITH_ARGS(locale, FNAME(crt_vsnprintf_s_l)(buffer, size, count, format, locale, args));
}

/* --- ucrtbase's cores, which the inline functions of its headers call --------------------------------------------- */

/*
 * Where the text does not fit: standard snprintf cuts, ends with a zero and tells the whole length; the old _snprintf
 * leaves out the zero and tells -1; otherwise the text is cut and ended, and the result is -1.
 */
int WINAPI FNAME(common_vsprintf)(uint64_t options, FUNIT *buffer, size_t size, const FUNIT *format, void *locale,
                                  crt_args args)
{
    CRT_REQUIRE(format && (buffer || !size), -1);
    int length = IN_LOCALE(locale, FNAME(format_buffer)(buffer, size, format, args, UCRT_OPTIONS(options)));
    if (length < 0 || !buffer || (size_t)length < size)
        return length;
    if (options & FORMAT_STANDARD_SNPRINTF) {
        if (size)
            buffer[size - 1] = 0;
        return length;
    }
    if (options & FORMAT_LEGACY_NULL)
        return (size_t)length == size ? length : -1;
    if (!size)
        return length ? -1 : 0;
    buffer[size - 1] = 0;
    return -1;
}

#define COMMON_FAMILY(suffix, flag)                                                                                    \
    int WINAPI FNAME(common_vsprintf##suffix)(uint64_t options, FUNIT * buffer, size_t size, const FUNIT *format,      \
                                              void *locale, crt_args args)                                             \
    {                                                                                                                  \
        return IN_LOCALE(locale, FNAME(print_secure)(buffer, size, format, args, UCRT_OPTIONS(options) | (flag)));     \
    }
COMMON_FAMILY(_s, FORMAT_SECURE)
COMMON_FAMILY(_p, FORMAT_POSITIONAL)

int WINAPI FNAME(common_vsnprintf_s)(uint64_t options, FUNIT *buffer, size_t size, size_t count, const FUNIT *format,
                                     void *locale, crt_args args)
{
    return IN_LOCALE(locale,
                     FNAME(print_truncated)(buffer, size, count, format, args, UCRT_OPTIONS(options) | FORMAT_SECURE));
}

#define COMMON_STREAM_FAMILY(suffix, flag)                                                                             \
    int WINAPI FNAME(common_vfprintf##suffix)(uint64_t options, struct stream * stream, const FUNIT *format,           \
                                              void *locale, crt_args args)                                             \
    {                                                                                                                  \
        return IN_LOCALE(locale, FNAME(format_stream)(stream, format, args, UCRT_OPTIONS(options) | (flag)));          \
    }                                                                                                                  \
    int WINAPI FNAME(common_vcprintf##suffix)(uint64_t options, const FUNIT *format, void *locale, crt_args args)      \
    {                                                                                                                  \
        return IN_LOCALE(locale, FNAME(format_console)(format, args, UCRT_OPTIONS(options) | (flag)));                 \
    }
COMMON_STREAM_FAMILY(, 0)
COMMON_STREAM_FAMILY(_s, FORMAT_SECURE)
COMMON_STREAM_FAMILY(_p, FORMAT_POSITIONAL)

#undef STREAM_FAMILY
#undef BUFFER_FAMILY
#undef COMMON_FAMILY
#undef COMMON_STREAM_FAMILY
