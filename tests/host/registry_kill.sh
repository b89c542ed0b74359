#!/bin/sh
# Kills writers of the registry (and of files) with SIGKILL at random instants, four at once: nothing that was
# committed is lost, nothing is unreadable, no lock stays behind.
set -u
winrun=$1/winrun program=$1/tests/win/registry_kill.exe
kills=${REGISTRY_KILLS:-500} done=0
export WINRUN_PREFIX="$PWD/prefix"
instants=$(awk -v n="$kills" 'BEGIN { srand(); for (i = 0; i < n; i++) printf "0.%03d ", rand() * 40 }')
check() {
    for writer in 1 2 3 4; do
        timeout 20 "$winrun" "$program" check $writer >check.log 2>&1 || { cat check.log; exit 1; }
    done
}
# shellcheck disable=SC2086 # a list of words
set -- $instants
while [ "$done" -lt "$kills" ]; do
    pids=
    for writer in 1 2 3 4; do
        "$winrun" "$program" write $writer >write-$writer.log 2>&1 &
        pids="$pids $!"
    done
    sleep 0.03
    for pid in $pids; do
        sleep "${1:-0.01}"
        [ $# -eq 0 ] || shift
        kill -KILL "$pid"
        done=$((done + 1))
    done
    wait 2>/dev/null
    if grep -q failed write-*.log; then
        cat write-*.log
        exit 1
    fi
    [ $((done % 100)) -ne 0 ] || check
done
check
echo "$done writers killed; $(cat noted-* | wc -c | awk '{print $1 / 4}') values noted"
