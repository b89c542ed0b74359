#!/bin/sh
# Does gdb find the caller, and the caller's registers, from every instruction of a Windows function?  What it reads is
# the finished ELF object of the module with .pdata as .eh_frame.  (xmm6-15, which gdb does not show in outer frames, are
# checked by tests/unit/test_cfi.c.)  Exit status 77: there is no gdb, or it may not trace.
winrun=$1/winrun
command -v gdb >/dev/null || { echo "no gdb"; exit 77; }
command -v x86_64-w64-mingw32-gcc >/dev/null || { echo "no MinGW compiler"; exit 77; }
gdb -batch -ex run -ex 'print $_exitcode' /bin/true 2>&1 | grep -q '= 0' || { echo "gdb may not trace here"; exit 77; }
export WINRUN_PREFIX="$PWD/prefix"
functions="f_leaf f_plain f_saves f_vectors f_dynamic f_large"
# No debug information: only the unwind tables can tell.
cat >functions.c <<'END_C'
#include <stdlib.h>
#include <string.h>
__attribute__((noinline)) int other(int a, double b) { return a + (int)b; }
#define FUNCTION __attribute__((noipa))
int (*volatile call)(int, double) = other;
FUNCTION int f_leaf(int n) { return n * 3; }
FUNCTION int f_plain(int n) { return call(n, 1) + call(n, 2); }
FUNCTION int f_saves(int a, int b, int c, int d)
{
    int x = call(a, 1), y = call(b, 2), z = call(c, 3), w = call(d, 4);
    return call(x, y) + call(z, w) + x * y + z * w;
}
FUNCTION double f_vectors(double a, double b, double c, int n)
{
    double x = a * b, y = b * c;
    int r = call(n, x);
    r += call(n, y);
    return x + y + r + call(n, a) * c;
}
FUNCTION int f_dynamic(int n)
{
    char *block = __builtin_alloca((size_t)n);
    memset(block, n, (size_t)n);
    return call(n, 1) + block[n - 1];
}
FUNCTION int f_large(int n)
{
    volatile char block[9000];
    block[n] = (char)call(n, 1);
    return block[n] + (n > 3 ? call(n, 2) : 7);
}
__attribute__((noinline)) void samples_start(void) { __asm__ volatile("nop"); }
int main(void)
{
    samples_start();
    /* Values that stand in the callee-saved registers while the functions run. */
    __asm__ volatile("mov $0x1111, %%ebx; mov $0x3333, %%esi; mov $0x4444, %%edi; mov $0x5555, %%r12d;"
                     "mov $0x6666, %%r13d" ::: "rbx", "rsi", "rdi", "r12", "r13");
    int sum = f_leaf(1);
    sum += f_plain(2);
    sum += f_saves(1, 2, 3, 4);
    sum += (int)f_vectors(1, 2, 3, 4);
    sum += f_dynamic(100);
    return (sum + f_large(9)) & 1;
}
END_C
{
    echo 'set pagination off'
    echo 'set debuginfod enabled off'
    echo 'break samples_start'
    echo 'run'
    for function in $functions; do echo "tbreak *$function"; done
    echo 'continue'
    for function in $functions; do
        cat <<END_GDB
set \$steps = 0
set \$wrong = 0
set \$first = \$pc
frame 1
set \$back = \$pc
set \$stack = \$sp
set \$b = \$rbx
set \$s = \$rsi
set \$d = \$rdi
set \$p = \$rbp
set \$x = \$r12
frame 0
while \$sp < \$stack && \$steps < 300
  up
  if \$pc != \$back || \$sp != \$stack || \$rbx != \$b || \$rsi != \$s || \$rdi != \$d || \$rbp != \$p || \$r12 != \$x
    set \$wrong = \$wrong + 1
  end
  down
  set \$steps = \$steps + 1
  nexti
end
printf "$function: %d steps, %d wrong, back %d\n", \$steps, \$wrong, \$pc == \$back
continue
END_GDB
    done
} >script
x86_64-w64-mingw32-gcc -O1 functions.c -o functions.exe || exit 1
GDB="gdb -batch -x script" timeout 100 "$winrun" --gdb functions.exe >log 2>&1 </dev/null
for function in $functions; do
    grep -Eq "^$function: ([2-9]|[1-9][0-9]+) steps, 0 wrong, back 1" log || { grep "^$function:\|rror" log; bad=1; }
done
[ -z "${bad:-}" ] || { tail -n 30 log; exit 1; }
grep -h ' steps, ' log
