#!/bin/sh
# How many system calls a hello costs, from exec to exit, wherever it is started.  The number repeats exactly: a
# change of it is a change of what start-up does, to be made on purpose.
set -u
winrun=$1/winrun hello=$1/bench/hello.exe
expected=64 limit=150
command -v strace >/dev/null || { echo "skipped: no strace"; exit 0; }
work=$PWD bad=0
for directory in "$work" / /tmp; do
    cd "$directory" || exit 1
    env -i PATH=/usr/bin:/bin HOME="$work" LANG=C strace -f -o "$work/log" "$winrun" "$hello" </dev/null \
        >"$work/out" || exit 1
    [ "$(cat "$work/out")" = "$(printf 'hello\r')" ] || { echo "it printed: $(cat "$work/out")"; exit 1; }
    count=$(grep -c '(' "$work/log")
    echo "in $directory: $count system calls (pinned: $expected, limit: $limit)"
    [ "$count" -eq "$expected" ] || { cat "$work/log"; bad=1; }
done
exit $bad
