/*
 * scanf.c: the scanf families by name: msvcrt's and ucrtbase's.
 *
 * Layer: crt over the engine in scan.h.
 */
#include "locale.h"
#include "scanf.h"

/* The body of a variadic function: `args` are its arguments behind `last`. */
#define RETURN_WITH_ARGS(last, call)                                                                                   \
    crt_args args;                                                                                                     \
    CRT_ARGS_START(args, last);                                                                                        \
    return call

enum { PLAIN = SCAN_MSVCRT, SECURE = SCAN_MSVCRT | SCAN_SECURE };
#define UCRT_OPTIONS(value) ((unsigned)(value)&0xff)

#define SUNIT char
#define SNAME(x) x
#include "scanf_family.h"
#undef SUNIT
#undef SNAME

#define SUNIT WCHAR
#define SNAME(x) x##_wide
#include "scanf_family.h"
