/*
 * special.c: msvcp140_2.dll: the special functions of C++17's <cmath>, through a plug-in.
 *
 * Layer: msvcp.  What is not defined is NaN and EDOM; a float's function is the double's.
 */
#include <math.h>
#include "crt/crt.h"
#include "ntdll/special_plugin.h"

static double checked(double value, bool from_nan)
{
    if (isnan(value) && !from_nan)
        crt_set_errno(CRT_EDOM);
    return value;
}

/* Without the plug-in nothing is defined. */
#define CALL(name, given_nan, ...)                                                                                     \
    const struct special_plugin *plugin = special_plugin();                                                            \
    return checked(plugin ? plugin->name(__VA_ARGS__) : NAN, given_nan)

#define D1(name)                                                                                                       \
    double __cdecl __std_smf_##name(double a);                                                                         \
    float __cdecl __std_smf_##name##f(float a);                                                                        \
    double __cdecl __std_smf_##name(double a)                                                                          \
    {                                                                                                                  \
        CALL(name, isnan(a), a);                                                                                       \
    }                                                                                                                  \
    float __cdecl __std_smf_##name##f(float a)                                                                         \
    {                                                                                                                  \
        return (float)__std_smf_##name((double)a);                                                                     \
    }
#define D2(name)                                                                                                       \
    double __cdecl __std_smf_##name(double a, double b);                                                               \
    float __cdecl __std_smf_##name##f(float a, float b);                                                               \
    double __cdecl __std_smf_##name(double a, double b)                                                                \
    {                                                                                                                  \
        CALL(name, isnan(a) || isnan(b), a, b);                                                                        \
    }                                                                                                                  \
    float __cdecl __std_smf_##name##f(float a, float b)                                                                \
    {                                                                                                                  \
        return (float)__std_smf_##name((double)a, (double)b);                                                          \
    }
#define D3(name)                                                                                                       \
    double __cdecl __std_smf_##name(double a, double b, double c);                                                     \
    float __cdecl __std_smf_##name##f(float a, float b, float c);                                                      \
    double __cdecl __std_smf_##name(double a, double b, double c)                                                      \
    {                                                                                                                  \
        CALL(name, isnan(a) || isnan(b) || isnan(c), a, b, c);                                                         \
    }                                                                                                                  \
    float __cdecl __std_smf_##name##f(float a, float b, float c)                                                       \
    {                                                                                                                  \
        return (float)__std_smf_##name((double)a, (double)b, (double)c);                                               \
    }
#define U1(name)                                                                                                       \
    double __cdecl __std_smf_##name(unsigned n, double a);                                                             \
    float __cdecl __std_smf_##name##f(unsigned n, float a);                                                            \
    double __cdecl __std_smf_##name(unsigned n, double a)                                                              \
    {                                                                                                                  \
        CALL(name, isnan(a), n, a);                                                                                    \
    }                                                                                                                  \
    float __cdecl __std_smf_##name##f(unsigned n, float a)                                                             \
    {                                                                                                                  \
        return (float)__std_smf_##name(n, (double)a);                                                                  \
    }
#define U2(name)                                                                                                       \
    double __cdecl __std_smf_##name(unsigned n, unsigned m, double a);                                                 \
    float __cdecl __std_smf_##name##f(unsigned n, unsigned m, float a);                                                \
    double __cdecl __std_smf_##name(unsigned n, unsigned m, double a)                                                  \
    {                                                                                                                  \
        CALL(name, isnan(a), n, m, a);                                                                                 \
    }                                                                                                                  \
    float __cdecl __std_smf_##name##f(unsigned n, unsigned m, float a)                                                 \
    {                                                                                                                  \
        return (float)__std_smf_##name(n, m, (double)a);                                                               \
    }

SPECIAL_FUNCTIONS(D1, D2, D3, U1, U2)
