/*
 * complex.c: complex.h: complex numbers of double and float precision (long double is double).
 *
 * Layer: crt over the host's libm, which is opened by the first call.  Microsoft's _Dcomplex and _Fcomplex are
 * structures of two numbers; the host's are the compiler's own type.
 */
#include <complex.h>
#include <math.h>
#include "crt/crt.h"
#include "loader/host.h"

struct complex_double {
    double re, im;
};

struct complex_single {
    float re, im;
};

static double _Complex host_double(struct complex_double z)
{
    return CMPLX(z.re, z.im);
}

static float _Complex host_single(struct complex_single z)
{
    return CMPLXF(z.re, z.im);
}

static struct complex_double guest_double(double _Complex z)
{
    return (struct complex_double){creal(z), cimag(z)};
}

static struct complex_single guest_single(float _Complex z)
{
    return (struct complex_single){crealf(z), cimagf(z)};
}

/* The host's function of that name, bound by the first call. */
#define BOUND(TYPE, name, ...)                                                                                         \
    static TYPE (*function)(__VA_ARGS__);                                                                              \
    if (__builtin_expect(!function, 0))                                                                                \
    function = (TYPE(*)(__VA_ARGS__))host_bind("libm.so.6", #name)

#define COMPLEX_OF_ONE(name)                                                                                           \
    struct complex_double WINAPI crt_##name(struct complex_double z)                                                   \
    {                                                                                                                  \
        BOUND(double _Complex, name, double _Complex);                                                                 \
        return guest_double(function(host_double(z)));                                                                 \
    }                                                                                                                  \
    struct complex_single WINAPI crt_##name##f(struct complex_single z)                                                \
    {                                                                                                                  \
        BOUND(float _Complex, name##f, float _Complex);                                                                \
        return guest_single(function(host_single(z)));                                                                 \
    }
COMPLEX_OF_ONE(cacos)
COMPLEX_OF_ONE(cacosh)
COMPLEX_OF_ONE(casin)
COMPLEX_OF_ONE(casinh)
COMPLEX_OF_ONE(catan)
COMPLEX_OF_ONE(catanh)
COMPLEX_OF_ONE(ccos)
COMPLEX_OF_ONE(ccosh)
COMPLEX_OF_ONE(cexp)
COMPLEX_OF_ONE(clog)
COMPLEX_OF_ONE(clog10)
COMPLEX_OF_ONE(cproj)
COMPLEX_OF_ONE(csin)
COMPLEX_OF_ONE(csinh)
COMPLEX_OF_ONE(csqrt)
COMPLEX_OF_ONE(ctan)
COMPLEX_OF_ONE(ctanh)

#define REAL_OF_ONE(name)                                                                                              \
    double WINAPI crt_##name(struct complex_double z)                                                                  \
    {                                                                                                                  \
        BOUND(double, name, double _Complex);                                                                          \
        return function(host_double(z));                                                                               \
    }                                                                                                                  \
    float WINAPI crt_##name##f(struct complex_single z)                                                                \
    {                                                                                                                  \
        BOUND(float, name##f, float _Complex);                                                                         \
        return function(host_single(z));                                                                               \
    }
REAL_OF_ONE(cabs)
REAL_OF_ONE(carg)

struct complex_double WINAPI crt_cpow(struct complex_double x, struct complex_double y)
{
    BOUND(double _Complex, cpow, double _Complex, double _Complex);
    return guest_double(function(host_double(x), host_double(y)));
}

struct complex_single WINAPI crt_cpowf(struct complex_single x, struct complex_single y)
{
    BOUND(float _Complex, cpowf, float _Complex, float _Complex);
    return guest_single(function(host_single(x), host_single(y)));
}

/* --- what needs no library ---------------------------------------------------------------------------------------- */

#define PLAIN(COMPLEX, REAL, suffix, letter)                                                                           \
    REAL WINAPI crt_creal##suffix(struct COMPLEX z)                                                                    \
    {                                                                                                                  \
        return z.re;                                                                                                   \
    }                                                                                                                  \
    REAL WINAPI crt_cimag##suffix(struct COMPLEX z)                                                                    \
    {                                                                                                                  \
        return z.im;                                                                                                   \
    }                                                                                                                  \
    REAL WINAPI crt_norm##suffix(struct COMPLEX z)                                                                     \
    {                                                                                                                  \
        return z.re * z.re + z.im * z.im;                                                                              \
    }                                                                                                                  \
    struct COMPLEX WINAPI crt_conj##suffix(struct COMPLEX z)                                                           \
    {                                                                                                                  \
        return (struct COMPLEX){z.re, -z.im};                                                                          \
    }                                                                                                                  \
    struct COMPLEX WINAPI _##letter##Cbuild(REAL re, REAL im)                                                          \
    {                                                                                                                  \
        return (struct COMPLEX){re, im};                                                                               \
    }                                                                                                                  \
    struct COMPLEX WINAPI _##letter##Cmulcc(struct COMPLEX x, struct COMPLEX y)                                        \
    {                                                                                                                  \
        return (struct COMPLEX){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};                                 \
    }                                                                                                                  \
    struct COMPLEX WINAPI _##letter##Cmulcr(struct COMPLEX x, REAL y)                                                  \
    {                                                                                                                  \
        return (struct COMPLEX){x.re * y, x.im * y};                                                                   \
    }
PLAIN(complex_double, double, , )
PLAIN(complex_single, float, f, F)

/* struct _complex, of before complex.h: the same two doubles. */
double WINAPI _cabs(struct complex_double z)
{
    return crt_cabs(z);
}
