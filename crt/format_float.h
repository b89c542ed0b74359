/*
 * format_float.h: a double as text, for printf and the conversions (_ecvt, _gcvt ...).
 */
#ifndef CRT_FORMAT_FLOAT_H
#define CRT_FORMAT_FLOAT_H

#include "crt.h"

/* Room that format_double needs for a precision. */
#define FORMAT_DOUBLE_SIZE(precision) ((size_t)(precision) + 400)

/*
 * Formats |value| by `type` (aefgAEFG) into `text`, without sign or padding.  precision < 0: the default.
 * options: FORMAT_* bits; alternate: the # flag.  *finite tells whether zeros may pad it.  The length.
 */
size_t format_double(char *text, double value, char type, int precision, bool alternate, unsigned options,
                     bool *finite);

/* Decimal digits of |value|, correctly rounded: `count` of them (>= 1); returns the power of ten of the first. */
int format_digits(char *digits, int count, double value, unsigned options);

extern unsigned crt_output_format; /* _set_output_format: 1 is _TWO_DIGIT_EXPONENT */

#endif
