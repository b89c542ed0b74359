/*
 * convert_float.c: floating point from and to text.  Digits come from the host's library, which rounds correctly and
 * (as no locale is ever set in this process) knows only the point.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "crt/crt.h"

/* What strtod accepted; the host's accepts the same language as Microsoft's current one. */
double WINAPI crt_strtod(const char *text, char **end)
{
    CRT_REQUIRE(text, 0);
    errno = 0;
    double value = strtod(text, end);
    if (errno == ERANGE)
        crt_set_errno(CRT_ERANGE);
    return value;
}

float WINAPI crt_strtof(const char *text, char **end)
{
    CRT_REQUIRE(text, 0);
    errno = 0;
    float value = strtof(text, end);
    if (errno == ERANGE)
        crt_set_errno(CRT_ERANGE);
    return value;
}

double WINAPI crt_atof(const char *text)
{
    return crt_strtod(text, NULL);
}

/* The part of a wide string that can belong to a number is ASCII: copy it, so that the host can read it. */
static double wide_to_double(const WCHAR *text, WCHAR **end, bool single)
{
    char stack[128], *copy = stack, *stop;
    size_t length = 0;
    while (text[length] && text[length] < 0x80)
        length++;
    if (length >= sizeof(stack) && !(copy = crt_malloc(length + 1)))
        return 0;
    for (size_t i = 0; i < length; i++)
        copy[i] = (char)text[i];
    copy[length] = 0;
    double value = single ? crt_strtof(copy, &stop) : crt_strtod(copy, &stop);
    if (end)
        *end = (WCHAR *)text + (stop - copy);
    if (copy != stack)
        crt_free(copy);
    return value;
}

double WINAPI crt_wcstod(const WCHAR *text, WCHAR **end)
{
    CRT_REQUIRE(text, 0);
    return wide_to_double(text, end, false);
}

float WINAPI crt_wcstof(const WCHAR *text, WCHAR **end)
{
    CRT_REQUIRE(text, 0);
    return (float)wide_to_double(text, end, true);
}

double WINAPI _wtof(const WCHAR *text)
{
    return crt_wcstod(text, NULL);
}

double WINAPI _strtod_l(const char *text, char **end, void *locale)
{
    (void)locale;
    return crt_strtod(text, end);
}

double WINAPI _atof_l(const char *text, void *locale)
{
    (void)locale;
    return crt_strtod(text, NULL);
}

double WINAPI _wcstod_l(const WCHAR *text, WCHAR **end, void *locale)
{
    (void)locale;
    return crt_wcstod(text, end);
}

int WINAPI _atodbl(double *value, const char *text)
{
    *value = crt_strtod(text, NULL);
    return isinf(*value) ? 3 : 0; /* _OVERFLOW */
}

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
