/*
 * matherr.c: what mathematical functions report: errno, and the program's handler (__setusermatherr).
 *
 * Layer: crt.  The functions themselves are the host's, which report to the host's errno; here the values tell.
 */
#include <math.h>
#include "crt.h"
#include "loader/host.h"
#include "ntdll/gate.h"

/* struct _exception of math.h. */
struct report {
    int type;
    char *name;
    double first, second, result;
};
enum { DOMAIN_ = 1, SING_ = 2, OVERFLOW_ = 3 };

static void *user_handler;

void WINAPI __setusermatherr(void *handler)
{
    user_handler = handler;
}

double host_math_failed(const char *name, double result, double first, double second)
{
    if (isnan(first) || isnan(second) || (isinf(result) && (isinf(first) || isinf(second))))
        return result; /* passed on, not made here */
    struct report report = {isnan(result) ? DOMAIN_ : OVERFLOW_, (char *)name, first, second, result};
    if (report.type == OVERFLOW_ && (first == 0 || !strncmp(name, "atanh", 5) || !strncmp(name, "log1p", 5)))
        report.type = SING_;
    if (user_handler && guest_call(user_handler, GUEST(&report), 0, 0, 0))
        return report.result;
    crt_set_errno(report.type == DOMAIN_ ? CRT_EDOM : CRT_ERANGE);
    return report.result;
}

/* math.h's nan, nanf: the text names no particular NaN. */
double WINAPI crt_nan(const char *text)
{
    (void)text;
    return NAN;
}

float WINAPI crt_nanf(const char *text)
{
    (void)text;
    return NAN;
}

/* Steps of a float in the direction of a double that no float may stand for. */
float WINAPI crt_nexttowardf(float from, double to)
{
    uint32_t bits;
    if (isnan(from) || isnan(to))
        return NAN;
    if ((double)from == to)
        return (float)to;
    memcpy(&bits, &from, sizeof(bits));
    if (from == 0)
        bits = to < 0 ? 0x80000001 : 1;
    else
        bits += (from < to) == (from > 0) ? 1u : -1u;
    memcpy(&from, &bits, sizeof(bits));
    return from;
}

const double crt_huge = __builtin_inf(); /* _HUGE */

int WINAPI __fpe_flt_rounds(void)
{
    switch (__builtin_ia32_stmxcsr() & 0x6000) {
    case 0x2000:
        return 3;
    case 0x4000:
        return 2;
    case 0x6000:
        return 0;
    default:
        return 1;
    }
}

static int fma3 = 1; /* whether the library may use fused multiply-add; the host's decides for itself */

int WINAPI _get_FMA3_enable(void)
{
    return fma3;
}

int WINAPI _set_FMA3_enable(int enable)
{
    fma3 = enable != 0;
    return fma3;
}
