#!/bin/sh
# Do programs of Microsoft's C++ ABI (built by clang, from tests/msvc) work with our C++ runtime DLLs?
set -u
build=$1
sources=$WINRUN_SOURCE/tests/msvc
for tool in clang lld-link llvm-dlltool; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 0; }
done
bad=0

# import DLL: an import library with what the objects want of it, from its exports file.
import() {
    dll=$1 exports=$2
    {
        echo "LIBRARY $dll"
        echo EXPORTS
        awk '!/^#/ && NF { data = / data /; sub(/@[0-9]+$/, "", $1); print $1 (data ? " DATA" : "") }' \
            "$WINRUN_SOURCE/$exports"
    } >"$dll.def"
    llvm-dlltool -m i386:x86-64 -d "$dll.def" -l "$dll.lib" || exit 1
}

import msvcp140.dll msvcp/msvcp140.exports
import vcruntime140.dll crt/vcruntime140.exports
import ucrtbase.dll crt/ucrtbase.exports
clang --target=x86_64-pc-windows-msvc -c "$sources/type_info.s" -o type_info.obj || exit 1
for test in "$sources"/*.cpp; do
    name=$(basename "$test" .cpp)
    clang --target=x86_64-pc-windows-msvc -std=c++17 -fexceptions -fcxx-exceptions -O1 -Wno-everything \
        -c "$test" -o "$name.obj" &&
        lld-link "$name.obj" type_info.obj msvcp140.dll.lib vcruntime140.dll.lib ucrtbase.dll.lib \
            /entry:mainCRTStartup /subsystem:console "/out:$name.exe" || { bad=1; continue; }
    timeout 20 "$build/winrun" "$name.exe" >out 2>&1
    status=$?
    [ $status = 0 ] && [ "$(tail -n 1 out | tr -d '\r')" = passed ] || { bad=1; echo "$name: status $status"; cat out; }
done
exit $bad
