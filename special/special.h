/*
 * special.h: the table of winrun-special.so: the special functions of mathematics.  Read by C and C++.
 */
#ifndef SPECIAL_SPECIAL_H
#define SPECIAL_SPECIAL_H

/* By their arguments: numbers (D), or integers (U) before a number. */
#define SPECIAL_FUNCTIONS(D1, D2, D3, U1, U2)                                                                          \
    D1(comp_ellint_1)                                                                                                  \
    D1(comp_ellint_2)                                                                                                  \
    D1(expint)                                                                                                         \
    D1(riemann_zeta)                                                                                                   \
    D2(beta)                                                                                                           \
    D2(comp_ellint_3)                                                                                                  \
    D2(cyl_bessel_i)                                                                                                   \
    D2(cyl_bessel_j)                                                                                                   \
    D2(cyl_bessel_k)                                                                                                   \
    D2(cyl_neumann)                                                                                                    \
    D2(ellint_1)                                                                                                       \
    D2(ellint_2)                                                                                                       \
    D3(ellint_3)                                                                                                       \
    D3(hypot3)                                                                                                         \
    U1(hermite)                                                                                                        \
    U1(laguerre)                                                                                                       \
    U1(legendre)                                                                                                       \
    U1(sph_bessel)                                                                                                     \
    U1(sph_neumann)                                                                                                    \
    U2(assoc_laguerre)                                                                                                 \
    U2(assoc_legendre)                                                                                                 \
    U2(sph_legendre)

#define SPECIAL_D1(name) double (*name)(double);
#define SPECIAL_D2(name) double (*name)(double, double);
#define SPECIAL_D3(name) double (*name)(double, double, double);
#define SPECIAL_U1(name) double (*name)(unsigned, double);
#define SPECIAL_U2(name) double (*name)(unsigned, unsigned, double);

/* NaN where a function is not defined. */
struct special_plugin {
    SPECIAL_FUNCTIONS(SPECIAL_D1, SPECIAL_D2, SPECIAL_D3, SPECIAL_U1, SPECIAL_U2)
};

#endif
