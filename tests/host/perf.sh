#!/bin/sh
# Does perf show the functions of a Windows program by name (--perf-map)?  Exit status 77: perf can not record here.
winrun=$1/winrun work=$(mktemp -d)
trap 'rm -rf "$work"; rm -f /tmp/perf-$pid.map' EXIT
pid=none
command -v x86_64-w64-mingw32-gcc >/dev/null || { echo "no MinGW compiler"; exit 77; }
export WINRUN_PREFIX="$work/prefix"
cat >"$work/hot.c" <<'END'
#include <stdio.h>
#include <windows.h>
__attribute__((noinline)) unsigned hot_loop(unsigned n)
{
    unsigned x = 1;
    for (unsigned i = 0; i < n; i++)
        x = x * 1664525u + i;
    return x;
}
int main(void)
{
    printf("%lu %u\n", GetCurrentProcessId(), hot_loop(100000000));
    return 0;
}
END
x86_64-w64-mingw32-gcc -O1 "$work/hot.c" -o "$work/hot.exe" || exit 1
# The map itself needs no perf.
pid=$("$winrun" --perf-map "$work/hot.exe" | cut -d' ' -f1)
grep -Eq '^[0-9a-f]+ [0-9a-f]+ hot!hot_loop$' "/tmp/perf-$pid.map" || { echo "no line for hot_loop in the map"; exit 1; }
grep -Eq '^[0-9a-f]+ [0-9a-f]+ kernel32!CreateFileW$' "/tmp/perf-$pid.map" || { echo "no CreateFileW in the map"; exit 1; }
rm -f "/tmp/perf-$pid.map"
"$winrun" "$work/hot.exe" >"$work/out" && pid=$(cut -d' ' -f1 <"$work/out")
[ ! -e "/tmp/perf-$pid.map" ] || { echo "a map that nobody asked for"; exit 1; }
perf record -q -e cpu-clock -o "$work/data" true >/dev/null 2>&1 || { echo "perf can not record here"; exit 77; }
pid=$(perf record -q -e cpu-clock -o "$work/data" "$winrun" --perf-map "$work/hot.exe" 2>/dev/null | cut -d' ' -f1)
perf report -i "$work/data" --stdio 2>/dev/null >"$work/report"
grep -Eq '[5-9][0-9]\.[0-9]+%.*hot!hot_loop' "$work/report" || { head -30 "$work/report"; exit 1; }
echo "hot_loop is where the time goes"
