#!/bin/sh
# A program on a terminal: Ctrl-C, Ctrl-Break's neighbour Ctrl-\, hanging up, and signals from outside.
set -u
build=$1 bad=0 count=0
program=$build/tests/win/print_events.exe

# expect STATUS LINE ACTION MODE: LINE is a line of the output, or empty.
expect() {
    count=$((count + 1))
    timeout 30 "$build/pty" "$3" "$build/winrun" "$program" "$4" >out 2>&1 </dev/null
    tr -d '\r' <out >text
    grep -qx "status $1" text && { [ -z "$2" ] || grep -q "$2\$" text; } && return
    bad=$((bad + 1))
    echo "$3, $4: expected status $1 and \"$2\", got:"
    cat text
}

interrupt=$(printf '\003')
expect 3 'event 0' "keys:$interrupt" handle # CTRL_C_EVENT
expect 130 '' "keys:$interrupt" wait
expect 143 '' signal:15 wait
expect 129 '' hangup wait

echo "$count runs, $bad wrong"
[ $bad = 0 ]
