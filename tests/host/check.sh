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

# A DLL for another machine: the byte behind "PE\0\0" says which.
rm beside.dll
$cc -shared -o beside.dll beside.c && $cc -o app.exe app.c beside.dll -L. -lapi || exit 1
cp beside.dll good.dll
printf '\114\001' | dd of=beside.dll bs=1 seek=$(($(od -An -tu4 -j60 -N4 beside.dll) + 4)) conv=notrunc 2>/dev/null
expect 1 '^    beside.dll: can not be loaded: .*machine i386'
cp beside.dll app2.exe
timeout 20 "$build/winrun" --check ./app2.exe >out 2>err
[ $? = 126 ] && [ ! -s out ] && grep -q 'machine i386' err || { bad=1; echo "a program for another machine"; cat out err; }
cp good.dll beside.dll

# checked PROGRAM OPTION...: with --check; the list is in out.
checked() {
    file=$1
    shift
    timeout 20 "$build/winrun" --check "$@" "./$file" >out 2>err </dev/null
    status=$?
    [ ! -s err ] || { bad=1; cat err; }
}

# All functions; a DLL in the program's place; DLLs of the host; forwarders.
expect_line() {
    grep -Eq "$1" out || { bad=1; echo "no line \"$1\""; cat out; }
}
timeout 20 "$build/winrun" --check=all ./app.exe >out
expect_line '^        beside: met$'
checked beside.dll
[ $status = 0 ] || { bad=1; echo "--check beside.dll: status $status"; }
expect_line '^beside.dll$'
import_library host zlib1.dll 'zlibVersion
zlibHasNoSuchFunction'
printf 'void zlibVersion(void); void zlibHasNoSuchFunction(void); int main(void) { zlibVersion(); zlibHasNoSuchFunction(); }\n' >host.c
$cc -o host.exe host.c -L. -lhost || exit 1
checked host.exe
[ $status = 1 ] || { bad=1; echo "--check host.exe: status $status"; }
expect_line "^    zlib1.dll: the host's libz.so.1\$"
expect_line '^        zlibHasNoSuchFunction: missing$'
printf 'LIBRARY handing.dll\nEXPORTS\nticks = KERNEL32.GetTickCount\nnone = KERNEL32.WinrunHasNoSuchFunction\ngone = gone.some\n' >handing.def
printf 'int unused;\n' >handing.c
$cc -shared -o handing.dll handing.c handing.def || exit 1
x86_64-w64-mingw32-dlltool -d handing.def -l libhanding.a
printf 'void ticks(void); void none(void); void gone(void); int main(void) { ticks(); none(); gone(); }\n' >forward.c
$cc -o forward.exe forward.c -L. -l:libhanding.a || exit 1
timeout 20 "$build/winrun" --check=all ./forward.exe >out
expect_line '^        ticks: met, by KERNEL32.GetTickCount$'
expect_line '^        none: missing$'
expect_line '^        gone: missing$'

# A manifest: an assembly that is not there, then one that is.
assembly='<assemblyIdentity type="win32" name="part" version="1.0.0.0" processorArchitecture="amd64"/>'
head='<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">'
echo "$head<dependency><dependentAssembly>$assembly</dependentAssembly></dependency></assembly>" >app.exe.manifest
rm -f beside.dll
checked app.exe
[ $status = 1 ] || { bad=1; echo "a missing assembly: status $status"; }
expect_line 'can not be loaded: .*part'
mkdir part && cp good.dll part/beside.dll
echo "$head$assembly<file name=\"beside.dll\"/></assembly>" >part/part.manifest
checked app.exe
[ $status = 0 ] || { bad=1; echo "an assembly: status $status"; }
expect_line '^    beside.dll: .*/part/beside.dll \(side by side\)$'
rm app.exe.manifest
cp good.dll beside.dll

# JSON: it parses, and says the same.
if command -v python3 >/dev/null; then
    cat >look.py <<'PY'
import json, sys
d = json.load(open("out"))
dlls = {i["dll"]: i for m in d["modules"] for i in m["imports"]}
print(eval(sys.argv[1]))
PY
    json() {
        answer=$(python3 look.py "$2") || answer="no JSON"
        [ "$answer" = "$1" ] || { bad=1; echo "$2: $answer, expected $1"; }
    }
    checked host.exe --json
    [ $status = 1 ] || { bad=1; echo "--json: status $status"; }
    json "('host', 'libz.so.1', False)" '(dlls["zlib1.dll"]["origin"], dlls["zlib1.dll"]["from"], dlls["zlib1.dll"]["delayed"])'
    json "{'zlibHasNoSuchFunction': 'missing', 'zlibVersion': 'met'}" '{f["name"]: f["state"] for f in dlls["zlib1.dll"]["functions"]}'
    json "('host.exe', 'program', 'x86-64', 'console')" 'tuple(d["modules"][0][k] for k in ("name", "kind", "machine", "subsystem"))'
    json 1 'd["summary"]["missing"]'
    checked forward.exe --json
    json KERNEL32.GetTickCount '[f["forward"] for f in dlls["handing.dll"]["functions"] if f["name"] == "ticks"][0]'
    json "['dll', 'program']" 'sorted(m["kind"] for m in d["modules"])'
    rm beside.dll
    checked app.exe --json
    json "('missing', None)" '(dlls["beside.dll"]["origin"], dlls["beside.dll"]["reason"])'
    printf 'MZ' >beside.dll
    checked app.exe --json
    json "('unloadable', True)" '(dlls["beside.dll"]["origin"], "truncated" in dlls["beside.dll"]["reason"])'
else
    echo "skipped: JSON (no python3)"
fi
timeout 20 "$build/winrun" --json ./app.exe >out 2>err
[ $? = 125 ] && grep -q 'goes with --check' err || { bad=1; echo "--json alone"; cat out err; }
[ $bad = 0 ]
