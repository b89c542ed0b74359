#!/bin/sh
# Does anything of processes that were killed stay behind?  Eight of them share everything; one is killed with SIGKILL every
# 20 ms, for STORM_SECONDS.  Then the arena must hold what the last one has, and in the end be gone.  storm.sh BUILD
set -u
build=$1 failed=0
program=$build/tests/win/process_storm.exe
export WINRUN_PREFIX="$PWD/prefix"
[ -e "$program" ] || { echo "skipped: no $program"; exit 0; }

mkfifo input
timeout $((${STORM_SECONDS:-3} + 60)) "$build/winrun" "$program" "${STORM_SECONDS:-3}" <input >out 2>&1 &
exec 3>input
storm='' kills=0
while kill -0 $! 2>/dev/null && ! grep -q quiet out; do
    [ -n "$storm" ] || storm=$(pgrep -P $! 2>/dev/null)
    children=
    read -r children 2>/dev/null <"/proc/${storm:-self}/task/${storm:-none}/children" # its line has no end
    # shellcheck disable=SC2086 # a list of ids
    set -- $children
    [ $# -lt 8 ] || { shift $((kills * 5 % 8)) && kill -9 "$1" 2>/dev/null && kills=$((kills + 1)); }
    sleep 0.015
done

arena=$(sed -n 's,.* \(/dev/shm/winrun-[^ ]*\)$,\1,p' "/proc/$storm/maps" 2>/dev/null | grep -v '\.s' | sort -u)
count=$("$build/arenacount" "${arena:-none}")
# Its own section for all, and itself.
[ "$count" = '1 entries, 1 processes' ] || { echo "left in the arena after $kills kills: $count"; failed=1; }
echo >&3
exec 3>&-
wait $! || failed=1
grep -q ' 0 failed' out || failed=1
[ -z "$(ls "${arena:-none}"* 2>/dev/null)" ] || { echo "left behind: $(ls "$arena"*)"; failed=1; }
[ "$kills" -gt 20 ] || { echo "only $kills kills"; failed=1; }
left=$(pgrep -f "$program worker" | wc -l)
[ "$left" = 0 ] || { echo "$left processes still run"; failed=1; }
[ $failed = 0 ] || cat out
exit $failed
