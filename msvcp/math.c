/*
 * math.c: the helpers under <complex> and <cmath>, and constants that programs read from the library.
 *
 * Layer: msvcp; the mathematics come from the host's libm, opened by the first call.
 */
#include "msvcp/msvcp.h"
#include "loader/host.h"
#include <math.h>

/* What a floating-point number is. */
enum { CLASS_ZERO = 0, CLASS_INFINITE = 1, CLASS_NAN = 2, CLASS_FINITE = -1, CLASS_DENORMAL = -2 };

const double msvcp_Inf = INFINITY, msvcp_Nan = NAN, msvcp_Denorm = 4.9406564584124654e-324;
const float msvcp_FInf = INFINITY, msvcp_FNan = NAN, msvcp_FDenorm = 1.40129846e-45f;
const uint64_t msvcp_Snan = 0x7ff0000000000001;
const uint32_t msvcp_FSnan = 0x7f800001;

static short classify(int class)
{
    switch (class) {
    case FP_ZERO:
        return CLASS_ZERO;
    case FP_INFINITE:
        return CLASS_INFINITE;
    case FP_NAN:
        return CLASS_NAN;
    case FP_SUBNORMAL:
        return CLASS_DENORMAL;
    default:
        return CLASS_FINITE;
    }
}

short WINAPI msvcp_Dtest(const double *x)
{
    return classify(fpclassify(*x));
}

short WINAPI msvcp_FDtest(const float *x)
{
    return classify(fpclassify(*x));
}

/* *x = e^*x * factor * 2^power; returns the class of the result. */
short WINAPI msvcp_Exp(double *x, double factor, short power)
{
    double (*exponential)(double) = host_bind("libm.so.6", "exp"),
           (*scale)(double, int) = host_bind("libm.so.6", "ldexp");

    *x = isnan(*x) || factor == 0 ? (isnan(*x) ? *x : 0) : scale(exponential(*x) * factor, power);
    return msvcp_Dtest(x);
}

short WINAPI msvcp_FExp(float *x, float factor, short power)
{
    double wide = *x;

    msvcp_Exp(&wide, factor, power);
    *x = (float)wide;
    return msvcp_FDtest(x);
}

/* sinh and cosh, times a factor that keeps them finite. */
double WINAPI msvcp_Sinh(double x, double factor)
{
    double (*function)(double) = host_bind("libm.so.6", "sinh"), (*exponential)(double) = host_bind("libm.so.6", "exp");

    if (factor == 0 && !isnan(x))
        return 0;
    if (fabs(x) < 700)
        return function(x) * factor;
    double half = exponential(fabs(x) / 2);
    return copysign(half * factor / 2 * half, x);
}

double WINAPI msvcp_Cosh(double x, double factor)
{
    double (*function)(double) = host_bind("libm.so.6", "cosh"), (*exponential)(double) = host_bind("libm.so.6", "exp");

    if (factor == 0 && !isnan(x))
        return 0;
    if (fabs(x) < 700)
        return function(x) * factor;
    double half = exponential(fabs(x) / 2);
    return half * factor / 2 * half;
}

float WINAPI msvcp_FSinh(float x, float factor)
{
    return (float)msvcp_Sinh(x, factor);
}

float WINAPI msvcp_FCosh(float x, float factor)
{
    return (float)msvcp_Cosh(x, factor);
}
