#!/bin/sh
# Fuzzes a parser with libFuzzer under AddressSanitizer and UndefinedBehaviorSanitizer: the PE reader, or that of
# .reg files.
#
#   tests/fuzz/run.sh [pe|reg] [EXECUTIONS]     (default pe, one million; finds are kept in build/fuzz)
set -eu
cd "$(dirname "$0")/../.."
out=${BUILD_DIR:-build}/fuzz
headers=/usr/share/mingw-w64/include
if ! command -v clang >/dev/null; then
    echo "winrun: fuzz: clang is not installed (apt-get install clang)" >&2
    exit 1
fi
target=pe
case ${1:-} in pe | reg)
    target=$1
    shift
    ;;
esac
mkdir -p "$out/corpus-$target" "$out/seeds-$target"

# Clang's own Microsoft extensions collide with the intrinsics in mingw-w64's headers.
flags="-std=gnu11 -D_GNU_SOURCE -O1 -g -fshort-wchar -fno-ms-extensions -idirafter $headers -D_WIN32 -D_WIN64
    -D__CYGWIN__ -Iinclude -I. -fno-strict-aliasing -w"
# shellcheck disable=SC2086 # a list of words
compile() {
    clang $flags '-D__stdcall=__attribute__((ms_abi))' '-D__cdecl=__attribute__((ms_abi))' \
        '-D__declspec(x)=__attribute__((x))' "$@"
}

sanitize="-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined"
# shellcheck disable=SC2086 # lists of words
if [ $target = pe ]; then
    compile -o "$out/badpe" tests/pe/badpe.c tests/pe/make_pe.c
    "$out/badpe" "$out/seeds-pe" >/dev/null
    compile $sanitize -o "$out/fuzz_pe" tests/fuzz/fuzz_pe.c loader/pe*.c
else
    cp registry/defaults.reg "$out/seeds-reg"
    compile $sanitize -o "$out/fuzz_reg" tests/fuzz/fuzz_reg.c registry/regread.c registry/regwrite.c
fi
cd "$out"
exec "./fuzz_$target" -runs="${1:-1000000}" -max_len=8192 -print_final_stats=1 -artifact_prefix=found- "corpus-$target" \
    "seeds-$target"
