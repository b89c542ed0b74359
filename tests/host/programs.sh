#!/bin/sh
# Do real programs, as Debian ships them for Windows, do their work?  programs.sh BUILD
set -u
winrun=$1/winrun bin=/usr/x86_64-w64-mingw32/bin
failed=0

# expect NAME WANTED GOT
expect() {
    [ "$2" = "$3" ] && return
    echo "$1: got '$3', expected '$2'"
    failed=1
}

[ -x "$winrun" ] && [ -e "$bin/hmac256.exe" ] || { echo "no $bin/hmac256.exe (libgcrypt-mingw-w64-dev)"; exit 1; }
printf 'hello\n' >h.txt
expect hmac256 "8e384ff349a3d90f2c7837b0d76de8f81c6e85b390ed38905f521ae77cb9a29a  h.txt" \
    "$("$winrun" $bin/hmac256.exe key h.txt | tr -d '\r')"
seq 1 200000 >large.txt
expect "hmac256 of a large file" "$(openssl dgst -sha256 -hmac key large.txt | sed 's/.* //')" \
    "$("$winrun" $bin/hmac256.exe key large.txt | sed 's/ .*//')"
"$winrun" $bin/hmac256.exe key none.txt >out 2>&1
expect "hmac256 of no file" 1 $?
expect gpg-error "58 = (0, 58) = (GPG_ERR_SOURCE_UNKNOWN, GPG_ERR_NO_DATA) = (Unspecified source, No data)" \
    "$("$winrun" $bin/gpg-error.exe 58 | tr -d '\r')"
expect "gpg-error through a pipe" 3 "$("$winrun" $bin/gpg-error.exe 1 2 3 | wc -l)"
exit $failed
