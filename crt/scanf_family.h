/*
 * scanf_family.h: the scanf families by name, as a template: scanf.c includes it for char and for WCHAR, with
 *     SUNIT      the unit of format and input
 *     SNAME(x)   the names it defines; the exports files say which of Microsoft's names each of them meets
 * defined.
 */

#define FAMILY(suffix, options)                                                                                        \
    int WINAPI SNAME(crt_fscanf##suffix)(struct stream * stream, const SUNIT *format, ...)                             \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, SNAME(scan_stream)(stream, format, args, options));                                   \
    }                                                                                                                  \
    int WINAPI SNAME(crt_scanf##suffix)(const SUNIT *format, ...)                                                      \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, SNAME(scan_stream)(crt_stdin, format, args, options));                                \
    }                                                                                                                  \
    int WINAPI SNAME(crt_sscanf##suffix)(const SUNIT *text, const SUNIT *format, ...)                                  \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, SNAME(scan_text_of)(text, SIZE_MAX, format, args, options));                          \
    }                                                                                                                  \
    int WINAPI SNAME(crt_snscanf##suffix)(const SUNIT *text, size_t count, const SUNIT *format, ...)                   \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, SNAME(scan_text_of)(text, count, format, args, options));                             \
    }                                                                                                                  \
    int WINAPI SNAME(crt_cscanf##suffix)(const SUNIT *format, ...)                                                     \
    {                                                                                                                  \
        RETURN_WITH_ARGS(format, SNAME(scan_console)(format, args, options));                                          \
    }                                                                                                                  \
    int WINAPI SNAME(crt_fscanf##suffix##_l)(struct stream * stream, const SUNIT *format, void *locale, ...)           \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, IN_LOCALE(locale, SNAME(scan_stream)(stream, format, args, options)));                \
    }                                                                                                                  \
    int WINAPI SNAME(crt_scanf##suffix##_l)(const SUNIT *format, void *locale, ...)                                    \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, IN_LOCALE(locale, SNAME(scan_stream)(crt_stdin, format, args, options)));             \
    }                                                                                                                  \
    int WINAPI SNAME(crt_sscanf##suffix##_l)(const SUNIT *text, const SUNIT *format, void *locale, ...)                \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, IN_LOCALE(locale, SNAME(scan_text_of)(text, SIZE_MAX, format, args, options)));       \
    }                                                                                                                  \
    int WINAPI SNAME(crt_snscanf##suffix##_l)(const SUNIT *text, size_t count, const SUNIT *format, void *locale, ...) \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, IN_LOCALE(locale, SNAME(scan_text_of)(text, count, format, args, options)));          \
    }                                                                                                                  \
    int WINAPI SNAME(crt_cscanf##suffix##_l)(const SUNIT *format, void *locale, ...)                                   \
    {                                                                                                                  \
        RETURN_WITH_ARGS(locale, IN_LOCALE(locale, SNAME(scan_console)(format, args, options)));                       \
    }
FAMILY(, PLAIN)
FAMILY(_s, SECURE)
#undef FAMILY

/* --- ucrtbase's cores --------------------------------------------------------------------------------------------- */

int WINAPI SNAME(common_vfscanf)(uint64_t options, struct stream *stream, const SUNIT *format, void *locale,
                                 crt_args args)
{
    return IN_LOCALE(locale, SNAME(scan_stream)(stream, format, args, UCRT_OPTIONS(options)));
}

int WINAPI SNAME(common_vsscanf)(uint64_t options, const SUNIT *text, size_t count, const SUNIT *format, void *locale,
                                 crt_args args)
{
    return IN_LOCALE(locale, SNAME(scan_text_of)(text, count, format, args, UCRT_OPTIONS(options)));
}

int WINAPI SNAME(common_vcscanf)(uint64_t options, const SUNIT *format, void *locale, crt_args args)
{
    return IN_LOCALE(locale, SNAME(scan_console)(format, args, UCRT_OPTIONS(options)));
}
