#!/bin/sh
# Does a newcomer who does what docs/host-dlls.md says, step by step and with its own lines, get what it promises?
set -u
winrun=$1/winrun page=$WINRUN_SOURCE/docs/host-dlls.md bad=0
cc=x86_64-w64-mingw32-gcc
command -v $cc >/dev/null || { echo "no MinGW compiler"; exit 77; }
export LD_LIBRARY_PATH="$PWD"
fail() { bad=1; echo "$*"; }

# step N: the indented lines of step N of the page, without their indentation.
step() {
    sed -n '/^## A binding of your own/,/^The name of the library/p' "$page" |
        awk -v n="$1" '/^[0-9]\. / { at = $1 + 0; next } at == n && /^       / { print substr($0, 8) }'
}
# A program for a DLL that nobody has, and the host's library: both from the declarations that the page shows.
step 2 >engine.h
[ "$(wc -l <engine.h)" = 2 ] || fail "step 2 has other declarations: $(cat engine.h)"
cat >engine.c <<'C'
#include <stdlib.h>
#include "engine.h"
long engine_add(long a, long b) { return a + b; }
void engine_sort(void *items, size_t count, int (*compare)(const void *, const void *))
{
    qsort(items, count, sizeof(int), compare);
}
C
cat >app.c <<'C'
#include <stdio.h>
#include "engine.h"
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void)
{
    int items[] = {3, 1, 2};
    engine_sort(items, 3, compare);
    printf("%ld %d%d%d\n", engine_add(-5, 3), items[0], items[1], items[2]);
}
C
printf 'LIBRARY engine.dll\nEXPORTS\nengine_add\nengine_sort\n' >engine.def
x86_64-w64-mingw32-dlltool -d engine.def -l libengine.a && $cc app.c -o app.exe -L. -l:libengine.a || exit 1
gcc -g -shared -fPIC -Wl,-soname,libengine.so.3 engine.c -o libengine.so.3 || exit 1

# 1. See what is missing.
"$winrun" --check app.exe >check && fail "--check succeeds without the DLL"
[ "$(step 1 | wc -l)" = 3 ] || fail "step 1 has other lines"
step 1 | while IFS= read -r line; do
    grep -q "^ *$(echo "$line" | sed 's/^ *//')\$" check || echo "--check does not print: $line"
done >missed
[ ! -s missed ] || fail "$(cat missed check)"

# 3. and 4. It is named now, and the program runs.
mkdir engine-prefix
step 3 >engine-prefix/prefix.conf
"$winrun" --prefix engine-prefix --check app.exe >check || fail "--check fails: $(cat check)"
grep -q 'engine.dll: .*libengine.so.3' check || fail "--check does not name the library: $(cat check)"
[ "$("$winrun" --prefix engine-prefix app.exe | tr -d '\r')" = "-2 123" ] || fail "the program does not run"
[ "$(WINRUN_PREFIX=engine-prefix "$winrun" app.exe | tr -d '\r')" = "-2 123" ] || fail "it does not run with WINRUN_PREFIX"
objdump -p libengine.so.3 | grep SONAME | grep -q 'libengine.so.3$' || fail "objdump does not tell the name"

# The lines that the page shows for bindings that can not be right.
expected() { grep -o "$1" "$page" | head -n 1; }
refused() {
    step 3 | sed "$1" >engine-prefix/prefix.conf
    wanted=$(expected "$2")
    "$winrun" --prefix engine-prefix app.exe >out 2>err && fail "accepted: $1"
    if [ -z "$wanted" ] || ! grep -qF "$wanted" err || [ "$(wc -l <err)" != 1 ]; then
        fail "not \"$wanted\": $(cat err)"
    fi
}
refused 's/^engine_add.*/&\nengine_sub=long(long,long)/' '\[engine.dll\] libengine.so.3: engine_sub is not there'
refused 's/(long,long)/(long)/' '\[engine.dll\] engine_add: it has 2 arguments in the library, not 1'
# A path with a slash in it is a name, too.
unset LD_LIBRARY_PATH
step 3 | sed "s,=libengine,=$PWD/libengine," >engine-prefix/prefix.conf
[ "$("$winrun" --prefix engine-prefix app.exe | tr -d '\r')" = "-2 123" ] || fail "a path does not name the library"
[ $bad = 0 ] && echo "what the page says is so"
exit $bad
