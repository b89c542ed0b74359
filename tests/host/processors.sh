# Do programs run the same where the processor has no AVX2?  The search functions have a form for each.  processors.sh BUILD
set -eu
winrun=$1/winrun tests=$1/tests/win
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2 "$winrun" "$tests/crt_search.exe" | grep -q ', 0 failed'
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2 "$winrun" "$tests/crt_strings.exe" | grep -q ', 0 failed'
