#!/bin/sh
# Does --check find what a program needs: built-in DLLs, api sets, DLLs beside it, delayed ones, and what is missing?
set -u
build=$1
cc=x86_64-w64-mingw32-gcc
command -v $cc >/dev/null || { echo "skipped: no $cc"; exit 0; }
bad=0

# expect STATUS PATTERN...: each an extended regular expression that a line of standard output matches.
expect() {
    wanted=$1
    shift
    timeout 20 "$build/winrun" --check ./app.exe >out 2>err </dev/null
    status=$?
    [ $status = "$wanted" ] || { bad=1; echo "status $status, expected $wanted"; }
    for pattern; do
        grep -Eq "$pattern" out || { bad=1; echo "no line \"$pattern\""; }
    done
    [ ! -s err ] || { bad=1; cat err; }
    [ ! -e ran ] || { bad=1; echo "the program or its DLL has been run"; }
    [ $bad = 0 ] || cat out
}

# An import library for functions that nobody has, in a DLL of the given name.
import_library() {
    printf 'LIBRARY %s\nEXPORTS\n%s\n' "$2" "$3" >"$1.def"
    x86_64-w64-mingw32-dlltool -d "$1.def" -l "lib$1.a"
}

import_library absent kernel32.dll WinrunHasNoSuchFunction
import_library api api-ms-win-core-synch-l1-2-0.dll WaitOnAddress
cat >beside.c <<'C'
#include <windows.h>
BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    return CreateFileA("ran", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL) != NULL;
}
#ifdef ABSENT
void WinrunHasNoSuchFunction(void);
__declspec(dllexport) void beside(void) { WinrunHasNoSuchFunction(); }
#else
__declspec(dllexport) void beside(void) {}
#endif
C
cat >app.c <<'C'
#include <stdio.h>
void beside(void);
#ifdef MORE
void beside_absent(void);
__asm__(".data\n.balign 8\n.globl delayed\n"
        "delayed: .long 1\n.rva dll, handle, slots, names\n.long 0, 0, 0\n.zero 32\n"
        "names: .rva name\n.long 0\n.quad 0\nslots: .quad 0, 0\nhandle: .quad 0\n"
        "name: .short 0\n.asciz \"late_function\"\ndll: .asciz \"Late.dll\"\n.text");
#endif
int __stdcall WaitOnAddress(volatile void *, void *, unsigned long long, unsigned);
int main(void)
{
    char a = 0, b = 1;
    fclose(fopen("ran", "w"));
    beside();
#ifdef MORE
    beside_absent();
#endif
    return WaitOnAddress(&a, &b, 1, 0);
}
C
$cc -shared -o beside.dll beside.c && $cc -o app.exe app.c beside.dll -L. -lapi || exit 1
expect 0 '^app.exe$' '^    beside.dll: .*/beside.dll$' '^    (KERNEL32|kernel32).dll: built in$' \
    '^    api-ms-win-core-synch-l1-2-0.dll: built in, as kernel' '^beside.dll$' '[0-9]+ functions: all there'

$cc -DABSENT -shared -o beside.dll beside.c -L. -labsent || exit 1
expect 1 '^        WinrunHasNoSuchFunction: missing$' '1 functions missing'

printf 'LIBRARY beside.dll\nEXPORTS\nbeside_absent\n' >more.def
x86_64-w64-mingw32-dlltool -d more.def -l libmore.a
$cc -shared -o beside.dll beside.c && $cc -DMORE -o app.exe app.c beside.dll -L. -lapi -lmore || exit 1
# The linker does not fill in the directory of delayed imports: point its entry at the table.
rva=$(x86_64-w64-mingw32-nm app.exe | sed -n 's/^000000014\(.*\) . delayed$/\1/p')
headers=$(od -An -tu4 -j60 -N4 app.exe)
[ -n "$rva" ] || exit 1
low=$(printf '\\%03o\\%03o\\%03o' $((0x$rva & 255)) $((0x$rva >> 8 & 255)) $((0x$rva >> 16)))
printf "$low" | dd of=app.exe bs=1 seek=$((headers + 240)) conv=notrunc 2>/dev/null
expect 1 '^        beside_absent: missing$' '^    Late.dll \(delayed\): not found$' '^        late_function: missing$' \
    '1 DLLs and 2 functions missing'

rm beside.dll
expect 1 '^    beside.dll: not found$'
printf 'MZ' >beside.dll
expect 1 '^    beside.dll: can not be loaded: .*truncated'
[ $bad = 0 ]
