/*
 * special.cpp: winrun-special.so: the special functions of mathematics as the host's C++ library has them.
 */
#include <cmath>
#include <limits>
#include <stdexcept>
#include "special.h"

/* Outside of its domain a function throws. */
template <typename Function, typename... Arguments> static double guarded(Function function, Arguments... arguments)
{
    try {
        return function(arguments...);
    } catch (const std::exception &) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

/* As C++17 has them, also where the host's library goes on computing. */
namespace special
{
using namespace std;

static double legendre(unsigned n, double x)
{
    return fabs(x) > 1 ? numeric_limits<double>::quiet_NaN() : std::legendre(n, x);
}

static double hypot3(double x, double y, double z)
{
    return hypot(x, y, z);
}
} // namespace special

#define D1(name) [](double a) { return guarded([](double x) { return special::name(x); }, a); },
#define D2(name)                                                                                                       \
    [](double a, double b) { return guarded([](double x, double y) { return special::name(x, y); }, a, b); },
#define D3(name)                                                                                                       \
    [](double a, double b, double c) {                                                                                 \
        return guarded([](double x, double y, double z) { return special::name(x, y, z); }, a, b, c);                  \
    },
#define U1(name)                                                                                                       \
    [](unsigned n, double a) { return guarded([](unsigned i, double x) { return special::name(i, x); }, n, a); },
#define U2(name)                                                                                                       \
    [](unsigned n, unsigned m, double a) {                                                                             \
        return guarded([](unsigned i, unsigned j, double x) { return special::name(i, j, x); }, n, m, a);              \
    },

extern "C" __attribute__((visibility("default")))
const special_plugin special_plugin_table = {SPECIAL_FUNCTIONS(D1, D2, D3, U1, U2)};
