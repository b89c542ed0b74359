#!/bin/sh
# Fuzzes the PE reader with libFuzzer under AddressSanitizer and UndefinedBehaviorSanitizer.
#
#   tests/fuzz/run.sh [EXECUTIONS]     (default one million; finds are kept in build/fuzz)
set -eu
cd "$(dirname "$0")/../.."
out=${BUILD_DIR:-build}/fuzz
headers=/usr/share/mingw-w64/include
if ! command -v clang >/dev/null; then
    echo "winrun: fuzz: clang is not installed (apt-get install clang)" >&2
    exit 1
fi
mkdir -p "$out/corpus" "$out/seeds"

# Clang's own Microsoft extensions collide with the intrinsics in mingw-w64's headers.
flags="-std=gnu11 -D_GNU_SOURCE -O1 -g -fshort-wchar -fno-ms-extensions -idirafter $headers -D_WIN32 -D_WIN64
    -D__CYGWIN__ -Iinclude -I. -fno-strict-aliasing -w"
# shellcheck disable=SC2086 # a list of words
compile() {
    clang $flags '-D__stdcall=__attribute__((ms_abi))' '-D__cdecl=__attribute__((ms_abi))' \
        '-D__declspec(x)=__attribute__((x))' "$@"
}

compile -o "$out/badpe" tests/pe/badpe.c tests/pe/make_pe.c
compile -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o "$out/fuzz_pe" \
    tests/fuzz/fuzz_pe.c loader/pe*.c
"$out/badpe" "$out/seeds" >/dev/null
cd "$out"
exec ./fuzz_pe -runs="${1:-1000000}" -max_len=8192 -print_final_stats=1 -artifact_prefix=found- corpus seeds
