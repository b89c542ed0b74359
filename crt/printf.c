/*
 * printf.c: the printf families by name: msvcrt's functions and ucrtbase's cores, with char and WCHAR.
 *
 * Layer: crt over the engine in format.h.
 */
#include "crt.h"
#include "conio.h"
#include "locale.h"

/* The body of a variadic function: `args` are its arguments behind `last`. */
#define RETURN_WITH_ARGS(last, call)                                                                                   \
    crt_args args;                                                                                                     \
    CRT_ARGS_START(args, last);                                                                                        \
    return call

enum { PLAIN = FORMAT_MSVCRT, SECURE = FORMAT_MSVCRT | FORMAT_SECURE, POSITIONAL = FORMAT_MSVCRT | FORMAT_POSITIONAL };
#define UCRT_OPTIONS(value) ((unsigned)(value)&0xff)

#define FUNIT char
#define FNAME(x) x
#include "printf.h"
#undef FUNIT
#undef FNAME

#define FUNIT WCHAR
#define FNAME(x) x##_wide
#include "printf.h"
