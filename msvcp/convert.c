/*
 * convert.c: _Stod and its kin: text to numbers, times a power of ten, with the error in an int; printf.
 *
 * Layer: msvcp over crt.
 */
#include "msvcp/convert.h"
#include <math.h>

int WINAPI msvcp_format(char *buffer, size_t size, const char *format, ...)
{
    crt_args args;

    CRT_ARGS_START(args, format);
    return format_buffer(buffer, size, format, args, FORMAT_STANDARD_SNPRINTF);
}

/* Runs a conversion with errno for itself; *error (may be NULL) gets it. */
#define CONVERT(type, call)                                                                                            \
    int before = *_errno();                                                                                            \
    *_errno() = 0;                                                                                                     \
    type value = call;                                                                                                 \
    if (error)                                                                                                         \
        *error = *_errno();                                                                                            \
    *_errno() = before

#define STOREAL(name, type, unit, call)                                                                                \
    type WINAPI msvcp_##name##x(const unit *text, unit **end, LONG power, int *error)                                  \
    {                                                                                                                  \
        CONVERT(type, call(text, end));                                                                                \
        for (; power > 0; power--)                                                                                     \
            value *= 10;                                                                                               \
        for (; power < 0; power++)                                                                                     \
            value /= 10;                                                                                               \
        return value;                                                                                                  \
    }                                                                                                                  \
    type WINAPI msvcp_##name(const unit *text, unit **end, LONG power)                                                 \
    {                                                                                                                  \
        return msvcp_##name##x(text, end, power, NULL);                                                                \
    }

STOREAL(Stod, double, char, crt_strtod)
STOREAL(Stof, float, char, crt_strtof)
STOREAL(WStod, double, WCHAR, crt_wcstod)
STOREAL(WStof, float, WCHAR, crt_wcstof)

#define STOINTEGER(name, type, call)                                                                                   \
    type WINAPI msvcp_##name##x(const char *text, char **end, int base, int *error)                                    \
    {                                                                                                                  \
        CONVERT(type, call(text, end, base));                                                                          \
        return value;                                                                                                  \
    }                                                                                                                  \
    type WINAPI msvcp_##name(const char *text, char **end, int base)                                                   \
    {                                                                                                                  \
        return call(text, end, base);                                                                                  \
    }

STOINTEGER(Stol, LONG, crt_strtol)
STOINTEGER(Stoul, ULONG, crt_strtoul)
STOINTEGER(Stoll, int64_t, _strtoi64)
STOINTEGER(Stoull, uint64_t, _strtoui64)
