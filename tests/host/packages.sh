#!/bin/sh
# Do real programs of several toolchains, as the npm registry ships them, do their work?  packages.sh BUILD
# Needs npm and its registry (kept in a cache); says so and stops where they are missing.
set -u
winrun=$1/winrun cache=${HOME:-/tmp}/.cache/winrun-tests
failed=0

# package NAME VERSION: sets $directory to where it was unpacked.
package() {
    directory=$cache/$(echo "$1@$2" | tr / +)/package
    [ -d "$directory" ] && return
    rm -rf "$cache/new" && mkdir -p "$cache/new"
    if ! (cd "$cache/new" && npm pack --silent "$1@$2" >/dev/null 2>&1 && tar xzf ./*.tgz); then
        echo "skipped: $1@$2 can not be fetched"
        exit $failed
    fi
    mv "$cache/new" "${directory%/package}"
}

expect() {
    [ "$2" = "$3" ] && return
    echo "$1: got '$3', expected '$2'"
    failed=1
}

command -v npm >/dev/null || { echo "skipped: no npm"; exit 0; }

package @esbuild/win32-x64 0.28.2
printf 'import {mul} from "./m"; console.log(mul(3, 4));\n' >a.ts
printf 'export const mul = (a: number, b: number) => a * b\n' >m.ts
"$winrun" "$directory/esbuild.exe" a.ts --bundle --minify --outfile=out.js --log-level=error
expect "esbuild (Go)" '(()=>{var o=(m,r)=>m*r;console.log(o(3,4));})();' "$(cat out.js)"

package @vscode/ripgrep-win32-x64 1.18.0
mkdir -p sub/deep && printf 'xx needle\n' >sub/deep/c.txt && printf 'nothing\n' >sub/b.txt
expect "ripgrep (Rust, static CRT)" 'sub\deep\c.txt:1:xx needle' \
    "$("$winrun" "$directory/bin/rg.exe" --sort path -n needle sub | tr -d '\r')"

package 7zip-bin 5.2.0
mkdir -p d && seq 1 5000 >d/n.txt
"$winrun" "$directory/win/x64/7za.exe" a -bd -mmt=2 o.7z d >out || failed=1
expect "7za (C++, msvcrt)" "$(cksum <d/n.txt)" "$("$winrun" "$directory/win/x64/7za.exe" x -so o.7z d/n.txt | cksum)"

package odiff-bin 4.1.2
expect "odiff (Zig)" 0 "$("$winrun" "$directory/raw_binaries/odiff-windows-x64.exe" --help >out 2>&1; echo $?)"
exit $failed
