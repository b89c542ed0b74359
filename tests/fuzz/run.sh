#!/bin/sh
# Fuzzes a parser with libFuzzer under AddressSanitizer and UndefinedBehaviorSanitizer: the PE reader, those of .reg
# files and hives, that of prefix.conf and of the signatures in it, that of a library's symbols, what debuggers are told (COFF
# symbols, unwind tables, decorated names), crypt32's of DER, or those of NTLM's and SPNEGO's tokens.
#
#   tests/fuzz/run.sh [pe|reg|hive|conf|signature|elf|debug|der|sspi] [EXECUTIONS] (default pe, one million; finds are kept in build/fuzz)
set -eu
cd "$(dirname "$0")/../.."
out=${BUILD_DIR:-build}/fuzz
headers=/usr/share/mingw-w64/include
if ! command -v clang >/dev/null; then
    echo "winrun: fuzz: clang is not installed (apt-get install clang)" >&2
    exit 1
fi
target=pe
case ${1:-} in pe | reg | hive | conf | signature | elf | debug | der | sspi)
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
# shellcheck disable=SC2046,SC2086 # lists of words
case $target in
pe)
    compile -o "$out/badpe" tests/pe/badpe.c tests/pe/make_pe.c
    "$out/badpe" "$out/seeds-pe" >/dev/null
    compile $sanitize -o "$out/fuzz_pe" tests/fuzz/fuzz_pe.c loader/pe*.c
    ;;
reg)
    cp registry/defaults.reg "$out/seeds-reg"
    compile $sanitize -o "$out/fuzz_reg" tests/fuzz/fuzz_reg.c registry/regread.c registry/regwrite.c
    ;;
hive)
    compile -o "$out/make_hive" tests/fuzz/make_hive.c registry/hive_write.c
    "$out/make_hive" >"$out/seeds-hive/hive"
    compile $sanitize -o "$out/fuzz_hive" tests/fuzz/fuzz_hive.c registry/hive_read.c registry/hive_write.c
    ;;
conf)
    printf '[windows]\nversion=10\nuser=me\nansi-codepage=1252\n[drives]\nD=/tmp;read-only\nE=sub\nZ=none\n' >"$out/seeds-conf/windows"
    printf '[environment]\nA=b\nB=\n[path]\nbefore=C:\\\\x\n[dlls]\na.dll=native,builtin\n[links]\nDesktop=/tmp\n' >"$out/seeds-conf/dlls"
    printf '[host-dlls]\nz.dll=libz.so.1\n[z.dll]\nzlibVersion=str()\n' >"$out/seeds-conf/host"
    compile $sanitize $(pkg-config --cflags glib-2.0) -o "$out/fuzz_conf" tests/fuzz/fuzz_conf.c prefix/conf.c \
        $(pkg-config --libs glib-2.0)
    export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # what was read is kept for the process's life
    ;;
signature)
    grep -hoE '[a-z0-9{][^ ]*\([^ ]*\)' hostdll/*.exports kernel32/kernel32.exports | sort -u | head -n 400 >"$out/all"
    (cd "$out/seeds-signature" && split -l 1 -a 3 ../all && for seed in *; do printf %s "$(cat "$seed")" >"$seed.new" && mv "$seed.new" "$seed"; done)
    printf 'long(*{long,*long(ptr,long),ptr},*long,{f32,f32})' >"$out/seeds-signature/structures"
    compile $sanitize -o "$out/fuzz_signature" tests/fuzz/fuzz_signature.c hostdll/bind_layout.c loader/signature.c -lffi
    ;;
debug)
    for program in "${BUILD_DIR:-build}"/tests/win/crash.exe "${BUILD_DIR:-build}"/bench/hello.exe; do
        [ -e "$program" ] && { printf '\0'; cat "$program"; } >"$out/seeds-debug/$(basename "$program")"
    done
    printf '\2??6?$basic_ostream@DU?$char_traits@D@std@@@std@@QEAAAEAV01@P6AAEAV01@AEAV01@@Z@Z' >"$out/seeds-debug/name"
    compile $sanitize -o "$out/fuzz_debug" tests/fuzz/fuzz_debug.c debug/coff.c debug/cfi.c \
        crt/undname.c crt/undname_names.c crt/undname_types.c
    ;;
elf)
    printf 'int data = 1; int add(int a, int b) { return a + b; } int one(void) { return 1; } int two(void) { return 2; }\n%s\n' \
        '__asm__(".symver one, old@ONE\n.symver two, old@@TWO");' >"$out/seed.c"
    printf 'ONE { global: add; data; old; local: *; };\nTWO { global: old; } ONE;\n' >"$out/seed.map"
    clang -Os -nostdlib -shared -fPIC -s -Wl,--version-script="$out/seed.map" -Wl,-soname,seed.so.1 \
        -Wl,-z,noseparate-code -Wl,-z,max-page-size=64 -o "$out/seeds-elf/seed.so" "$out/seed.c"
    compile $sanitize -o "$out/fuzz_elf" tests/fuzz/fuzz_elf.c hostdll/bind_elf.c -lelf
    ;;
der)
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$out/key.pem" -outform DER -out "$out/seeds-der/certificate" \
        -subj /C=DE/O=Example/CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1,URI:http://example.test/ \
        -addext extendedKeyUsage=serverAuth -addext keyUsage=digitalSignature 2>/dev/null
    compile $sanitize -o "$out/fuzz_der" tests/fuzz/fuzz_der.c crypt32/asn*.c
    ;;
sspi)
    printf 'NTLMSSP\0\1\0\0\0\7\262\10\242\2\0\2\0\50\0\0\0\2\0\2\0\52\0\0\0\12\0\141\112\0\0\0\17VMVM' >"$out/seeds-sspi/negotiate"
    printf 'NTLMSSP\0\2\0\0\0\4\0\4\0\70\0\0\0\63\202\212\342\1\2\3\4\5\6\7\10\0\0\0\0\0\0\0\0\14\0\14\0\74\0\0\0\12\0\141\112\0\0\0\17V\0M\0\1\0\4\0V\0M\0\0\0\0\0' \
        >"$out/seeds-sspi/challenge"
    printf '\140\41\6\6\53\6\1\5\5\2\240\27\60\25\240\16\60\14\6\12\53\6\1\4\1\202\67\2\2\12\242\3\4\1x' >"$out/seeds-sspi/init"
    printf '\241\23\60\21\240\3\12\1\1\242\4\4\2ab\243\4\4\2cd' >"$out/seeds-sspi/response"
    compile $sanitize -o "$out/fuzz_sspi" tests/fuzz/fuzz_sspi.c secur32/ntlm_message.c secur32/spnego.c secur32/writer.c \
        crypt32/asn*.c
    ;;
esac
cd "$out"
exec "./fuzz_$target" -runs="${1:-1000000}" -max_len=8192 -print_final_stats=1 -artifact_prefix=found- "corpus-$target" \
    "seeds-$target"
