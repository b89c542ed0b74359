#!/bin/sh
# Does gdb, started by --gdb, stop at a Windows function by name, show backtraces through Windows' and the host's
# frames, and source lines of a MinGW program?  Exit status 77: there is no gdb, or it may not trace.
winrun=$1/winrun work=$(mktemp -d) bad=0
trap 'rm -rf "$work"' EXIT
command -v gdb >/dev/null || { echo "no gdb"; exit 77; }
command -v x86_64-w64-mingw32-gcc >/dev/null || { echo "no MinGW compiler"; exit 77; }
gdb -batch -ex run -ex 'print $_exitcode' /bin/true 2>&1 | grep -q '= 0' || { echo "gdb may not trace here"; exit 77; }
export WINRUN_PREFIX="$work/prefix"
cat >"$work/debugged.c" <<'END'
#include <windows.h>
#include <stdlib.h>
static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
int smallest(int x)
{
    int numbers[3] = {3, x, 2};
    qsort(numbers, 3, sizeof *numbers, order);
    return numbers[0];
}
int main(void)
{
    HANDLE file = CreateFileW(L"nul", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    return smallest(1) + (file == INVALID_HANDLE_VALUE) - 1;
}
END
cat >"$work/script" <<'END'
set pagination off
set debuginfod enabled off
break kernel32!CreateFileW
break order
run
bt
continue
bt
info line
finish
info breakpoints
delete
continue
END
x86_64-w64-mingw32-gcc -g -O1 "$work/debugged.c" -o "$work/debugged.exe" || exit 1
cd "$work" && GDB="gdb -batch -x $work/script" timeout 100 "$winrun" --gdb debugged.exe >"$work/log" 2>&1 </dev/null
expect() {
    grep -Eq "$1" "$work/log" || { echo "not in gdb's output: $1"; bad=1; }
}
expect '^Breakpoint 1, '
expect '^#1 .* in main \(\) at .*/debugged\.c:15'
expect '^Breakpoint 2(\.[0-9]+)?, order \(a=.*debugged\.c:5'
expect '^#[0-9]+ .* in smallest \(x=.*debugged\.c:10'
expect '^#[0-9]+ .* in guest_call_dispatch'
expect '^#[0-9]+ .* in main \(argc=.*loader/main\.c'
expect 'mainCRTStartup \(\)'
expect 'Line 5 of ".*debugged\.c"'
expect 'exited normally'
[ $bad = 0 ] || { cat "$work/log"; exit 1; }
echo "breakpoints by name, backtraces through both kinds of frames, source lines"
