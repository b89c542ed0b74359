/*
 * float.c: classes of floating-point numbers and the floating-point environment (float.h, fenv.h, math.h).
 *
 * The environment is the processor's: MXCSR for SSE (what x64 code uses) and the x87 control word beside it.
 */
#include <fenv.h>
#include <math.h>
#include <xmmintrin.h>
#include "crt/crt.h"

/* _fpclass's values, and math.h's FP_ values as Microsoft has them. */
enum {
    CLASS_SNAN = 1,
    CLASS_QNAN = 2,
    CLASS_NINF = 4,
    CLASS_NN = 8,
    CLASS_ND = 0x10,
    CLASS_NZ = 0x20,
    CLASS_PZ = 0x40,
    CLASS_PD = 0x80,
    CLASS_PN = 0x100,
    CLASS_PINF = 0x200
};
enum { DENORMAL_ = -2, FINITE_ = -1, ZERO_ = 0, INFINITE_ = 1, NAN_ = 2 };

static short math_class(int host_class)
{
    switch (host_class) {
    case FP_NAN:
        return NAN_;
    case FP_INFINITE:
        return INFINITE_;
    case FP_ZERO:
        return ZERO_;
    case FP_SUBNORMAL:
        return DENORMAL_;
    default:
        return FINITE_;
    }
}

short WINAPI _dclass(double x)
{
    return math_class(fpclassify(x));
}

short WINAPI _fdclass(float x)
{
    return math_class(fpclassify(x));
}

short WINAPI _dtest(double *x)
{
    return _dclass(*x);
}

short WINAPI _fdtest(float *x)
{
    return _fdclass(*x);
}

int WINAPI _dsign(double x)
{
    return signbit(x) ? 0x8000 : 0;
}

int WINAPI _fdsign(float x)
{
    return signbit(x) ? 0x8000 : 0;
}

int WINAPI _dpcomp(double x, double y)
{
    return x < y ? 1 : x == y ? 2 : x > y ? 4 : 0;
}

int WINAPI _fdpcomp(float x, float y)
{
    return _dpcomp(x, y);
}

int WINAPI _isnan(double x)
{
    return isnan(x);
}

int WINAPI _isnanf(float x)
{
    return isnan(x);
}

int WINAPI _finite(double x)
{
    return isfinite(x);
}

int WINAPI _finitef(float x)
{
    return isfinite(x);
}

/* A NaN whose first fraction bit is clear. */
static bool is_signaling(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return !(bits >> 51 & 1);
}

int WINAPI _fpclass(double x)
{
    bool negative = signbit(x);
    switch (fpclassify(x)) {
    case FP_NAN:
        return is_signaling(x) ? CLASS_SNAN : CLASS_QNAN;
    case FP_INFINITE:
        return negative ? CLASS_NINF : CLASS_PINF;
    case FP_ZERO:
        return negative ? CLASS_NZ : CLASS_PZ;
    case FP_SUBNORMAL:
        return negative ? CLASS_ND : CLASS_PD;
    default:
        return negative ? CLASS_NN : CLASS_PN;
    }
}

int WINAPI _fpclassf(float x)
{
    return _fpclass(x);
}

double WINAPI _chgsign(double x)
{
    return -x;
}

float WINAPI _chgsignf(float x)
{
    return -x;
}

/* --- the control word: Microsoft's abstract bits against MXCSR's ------------------------------------------------- */

enum {
    MASK_EXCEPTIONS = 0x8001f,
    ROUND_DOWN = 0x100,
    ROUND_UP = 0x200,
    MASK_ROUND = 0x300,
    MASK_DENORMALS = 0x3000000,
    FLUSH = 0x1000000,
    OPERANDS_ZERO = 0x2000000
};

/* Pairs of Microsoft's exception bit and the processor's status bit (mask bits are 7 places higher). */
static const unsigned exceptions[6][2] = {
    {0x10, 0x01}, {0x80000, 0x02}, {0x08, 0x04}, {0x04, 0x08}, {0x02, 0x10}, {0x01, 0x20},
};

static unsigned control_from_mxcsr(unsigned mxcsr)
{
    unsigned control = (mxcsr & 0x6000) >> 13 << 8;
    for (int i = 0; i < 6; i++)
        if (mxcsr & exceptions[i][1] << 7)
            control |= exceptions[i][0];
    if (mxcsr & 0x8000)
        control |= mxcsr & 0x40 ? FLUSH : FLUSH | OPERANDS_ZERO;
    else if (mxcsr & 0x40)
        control |= OPERANDS_ZERO;
    if ((control & MASK_DENORMALS) == (FLUSH | OPERANDS_ZERO))
        control = (control & ~(unsigned)MASK_DENORMALS) | OPERANDS_ZERO;
    else if ((mxcsr & 0x8040) == 0x8040)
        control = (control & ~(unsigned)MASK_DENORMALS) | FLUSH;
    return control;
}

static unsigned mxcsr_from_control(unsigned mxcsr, unsigned control)
{
    mxcsr &= ~0xffc0u;
    mxcsr |= (control & MASK_ROUND) >> 8 << 13;
    for (int i = 0; i < 6; i++)
        if (control & exceptions[i][0])
            mxcsr |= exceptions[i][1] << 7;
    switch (control & MASK_DENORMALS) {
    case FLUSH:
        return mxcsr | 0x8040;
    case OPERANDS_ZERO:
        return mxcsr | 0x40;
    case FLUSH | OPERANDS_ZERO:
        return mxcsr | 0x8000;
    default:
        return mxcsr;
    }
}

unsigned WINAPI _control87(unsigned value, unsigned mask)
{
    unsigned mxcsr = _mm_getcsr(), control = control_from_mxcsr(mxcsr);
    mask &= MASK_EXCEPTIONS | MASK_ROUND | MASK_DENORMALS;
    if (mask) {
        control = (control & ~mask) | (value & mask);
        _mm_setcsr(mxcsr_from_control(mxcsr, control));
    }
    return control;
}

/* _controlfp leaves the denormal exception masked. */
unsigned WINAPI _controlfp(unsigned value, unsigned mask)
{
    return _control87(value, mask & ~0x80000u);
}

int WINAPI _controlfp_s(unsigned *current, unsigned value, unsigned mask)
{
    unsigned control = _controlfp(value, mask);
    if (current)
        *current = control;
    return 0;
}

static unsigned status_from_mxcsr(unsigned mxcsr)
{
    unsigned status = 0;
    for (int i = 0; i < 6; i++)
        if (mxcsr & exceptions[i][1])
            status |= exceptions[i][0];
    return status;
}

unsigned WINAPI _statusfp(void)
{
    return status_from_mxcsr(_mm_getcsr());
}

unsigned WINAPI _clearfp(void)
{
    unsigned mxcsr = _mm_getcsr();
    __asm__ volatile("fnclex");
    _mm_setcsr(mxcsr & ~0x3fu);
    return status_from_mxcsr(mxcsr);
}

void WINAPI _fpreset(void)
{
    unsigned short control = 0x27f;
    __asm__ volatile("fninit\n\tfldcw %0" : : "m"(control));
    _mm_setcsr(0x1f80);
}

/* --- fenv.h: Microsoft's bits are the abstract ones above ----------------------------------------------------------
 */

int WINAPI crt_fegetround(void)
{
    return (int)(control_from_mxcsr(_mm_getcsr()) & MASK_ROUND);
}

int WINAPI crt_fesetround(int round)
{
    if (round & ~MASK_ROUND)
        return 1;
    _control87((unsigned)round, MASK_ROUND);
    return 0;
}

struct environment {
    unsigned control, status;
};

int WINAPI crt_fegetenv(struct environment *environment)
{
    environment->control = control_from_mxcsr(_mm_getcsr());
    environment->status = _statusfp();
    return 0;
}

static void set_status(unsigned status, unsigned mask)
{
    unsigned mxcsr = _mm_getcsr();
    for (int i = 0; i < 6; i++)
        if (mask & exceptions[i][0])
            mxcsr = status & exceptions[i][0] ? mxcsr | exceptions[i][1] : mxcsr & ~exceptions[i][1];
    _mm_setcsr(mxcsr);
}

int WINAPI crt_fesetenv(const struct environment *environment)
{
    _control87(environment->control, MASK_EXCEPTIONS | MASK_ROUND | MASK_DENORMALS);
    set_status(environment->status, MASK_EXCEPTIONS);
    return 0;
}

int WINAPI crt_feholdexcept(struct environment *environment)
{
    crt_fegetenv(environment);
    _clearfp();
    _control87(MASK_EXCEPTIONS, MASK_EXCEPTIONS);
    return 0;
}

int WINAPI crt_fetestexcept(int mask)
{
    return (int)_statusfp() & mask;
}

int WINAPI crt_feclearexcept(int mask)
{
    set_status(0, (unsigned)mask);
    return 0;
}

int WINAPI crt_fegetexceptflag(uintptr_t *flags, int mask)
{
    *flags = _statusfp() & (unsigned)mask;
    return 0;
}

int WINAPI crt_fesetexceptflag(const uintptr_t *flags, int mask)
{
    set_status((unsigned)*flags, (unsigned)mask);
    return 0;
}
