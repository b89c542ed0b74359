/*
 * ecvt.c: the digits of floating-point numbers: _ecvt, _fcvt and _gcvt.
 *
 * Layer: crt.  The host's snprintf makes the digits.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "crt/crt.h"

/*
 * _ecvt and _fcvt: digits without a point.  count: how many digits (of the whole number for _ecvt, behind the point
 * for _fcvt).  `to` has room for `size`.
 */
static int digits_of(double value, int count, bool fixed, int *point, int *sign, char *to, size_t size)
{
    char text[400];
    *sign = signbit(value) != 0;
    *point = 0;
    value = fabs(value);
    if (count < 0)
        count = 0;
    if (count > 350)
        count = 350;
    if (fixed) {
        int length = snprintf(text, sizeof(text), "%.*f", count, value);
        char *dot = strchr(text, '.');
        *point = dot ? (int)(dot - text) : length;
        if (dot)
            memmove(dot, dot + 1, strlen(dot));
        char *first = text + strspn(text, "0");
        *point -= (int)(first - text);
        if (!*first)
            *point = value == 0 ? 0 : -count;
        memmove(text, first, strlen(first) + 1);
    } else {
        snprintf(text, sizeof(text), "%.*e", count ? count - 1 : 0, value);
        char *exponent = strchr(text, 'e');
        *point = value == 0 ? 0 : atoi(exponent + 1) + 1;
        *exponent = 0;
        if (text[1] == '.')
            memmove(text + 1, text + 2, strlen(text + 1));
        if (!count)
            text[0] = 0;
    }
    if (strlen(text) >= size) {
        to[0] = 0;
        return crt_invalid(CRT_ERANGE);
    }
    strcpy(to, text);
    return 0;
}

int WINAPI _ecvt_s(char *to, size_t size, double value, int count, int *point, int *sign)
{
    CRT_REQUIRE(to && size && point && sign, CRT_EINVAL);
    return digits_of(value, count, false, point, sign, to, size);
}

int WINAPI _fcvt_s(char *to, size_t size, double value, int count, int *point, int *sign)
{
    CRT_REQUIRE(to && size && point && sign, CRT_EINVAL);
    return digits_of(value, count, true, point, sign, to, size);
}

#define CVT_BUFFER 400

char *WINAPI _ecvt(double value, int count, int *point, int *sign)
{
    char *buffer = crt_thread_buffer(BUFFER_CVT, CVT_BUFFER);
    return buffer && !_ecvt_s(buffer, CVT_BUFFER, value, count, point, sign) ? buffer : NULL;
}

char *WINAPI _fcvt(double value, int count, int *point, int *sign)
{
    char *buffer = crt_thread_buffer(BUFFER_CVT, CVT_BUFFER);
    return buffer && !_fcvt_s(buffer, CVT_BUFFER, value, count, point, sign) ? buffer : NULL;
}

int WINAPI _gcvt_s(char *to, size_t size, double value, int count)
{
    char text[400];
    CRT_REQUIRE(to && size, CRT_EINVAL);
    to[0] = 0;
    int length = snprintf(text, sizeof(text) - 1, "%.*g", count > 350 ? 350 : count, value);
    char *exponent = strchr(text, 'e');
    /* Microsoft's form: a point in every number, three digits of exponent. */
    if (!strpbrk(text, ".ein") && length < (int)sizeof(text) - 2)
        strcat(text, ".");
    if (exponent && strlen(exponent) == 4) {
        memmove(exponent + 3, exponent + 2, 3);
        exponent[2] = '0';
    }
    if (strlen(text) >= size)
        return crt_invalid(CRT_ERANGE);
    strcpy(to, text);
    return 0;
}

char *WINAPI _gcvt(double value, int count, char *to)
{
    return _gcvt_s(to, CVT_BUFFER, value, count) ? NULL : to;
}
