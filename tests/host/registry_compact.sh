#!/bin/sh
# A registry file that is mostly free pages is made anew by whoever opens it first, also if many come at once and some are
# killed; nothing in it is lost.
set -u
winrun=$1/winrun failed=0
export WINRUN_PREFIX="$PWD/prefix"
wrong() {
    echo "$1"
    failed=1
}
reg() { timeout 20 "$winrun" reg "$@"; }
size() { stat -c %s prefix/registry.mdb; }
fill() { # fill N: a key of N values, which is deleted again
    awk -v n="$1" 'BEGIN {
        printf "REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\Software\\Filled]\r\n"
        for (i = 0; i < n; i++) printf "\"v%d\"=\"%0400d\"\r\n", i, i
    }' >fill.reg
    reg import fill.reg >/dev/null 2>log || wrong "import: $(cat log)"
    reg delete 'HKCU\Software\Filled' /f >/dev/null || wrong delete
}

reg add 'HKCU\Software\Kept' /v a /d kept /f >/dev/null || wrong add
fill 3000
[ "$(size)" -gt 1500000 ] || wrong "the file is small: $(size)"
reg query 'HKCU\Software\Kept' /v a | grep -q kept || wrong "the value is lost"
[ "$(size)" -lt 200000 ] || wrong "the file is still large: $(size)"
[ "$(stat -c %a prefix/registry.mdb)" = 600 ] || wrong "others may read it"

round=0
while [ $round -lt 3 ]; do
    fill 1500
    pids=
    for i in 1 2 3 4 5 6 7 8; do
        "$winrun" reg add 'HKCU\Software\Kept' /v "r$round-$i" /d x /f >start-$i 2>&1 &
        pids="$pids $!"
    done
    # Two of them are killed, wherever they are.
    # shellcheck disable=SC2086 # a list of words
    set -- $pids
    kill -KILL "$3" "$6" 2>/dev/null
    for pid in "$1" "$2" "$4" "$5" "$7" "$8"; do
        wait "$pid" || wrong "an add failed: $(cat start-*)"
    done
    for i in 1 2 4 5 7 8; do
        reg query 'HKCU\Software\Kept' /v "r$round-$i" >/dev/null || wrong "r$round-$i is lost"
    done
    reg query 'HKCU\Software\Kept' /v a | grep -q kept || wrong "the value is lost"
    round=$((round + 1))
done
reg query HKCU >/dev/null
[ "$(size)" -lt 200000 ] || wrong "the file is large in the end: $(size)"
exit $failed
