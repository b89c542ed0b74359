#!/bin/sh
# How many system calls a hello costs, from exec to exit.  The number repeats exactly: a change of it is a change of
# what start-up does, to be made on purpose.
set -u
winrun=$1/winrun hello=$1/bench/hello.exe
expected=70 limit=150
command -v strace >/dev/null || { echo "skipped: no strace"; exit 0; }
env -i PATH=/usr/bin:/bin HOME="$PWD" LANG=C strace -f -o log "$winrun" "$hello" </dev/null >out || exit 1
[ "$(cat out)" = "$(printf 'hello\r')" ] || { echo "it printed: $(cat out)"; exit 1; }
count=$(grep -c '(' log)
echo "$count system calls (pinned: $expected, limit: $limit)"
[ "$count" -eq "$expected" ] || { cat log; exit 1; }
