#!/bin/sh
# An unhandled exception: the exit status that a shell expects, and a report that tells where and why.
set -u
build=$1
program=$build/tests/win/crash.exe
bad=0 count=0

# expect STATUS PATTERN ARGUMENT...: PATTERN is an extended regular expression that a line of the report matches.
expect() {
    status=$1 pattern=$2
    shift 2
    timeout 20 "$build/winrun" "$program" "$@" >out 2>err </dev/null
    got=$?
    count=$((count + 1))
    if [ $got = "$status" ] && grep -Eq "$pattern" err && [ ! -s out ]; then
        return
    fi
    bad=$((bad + 1))
    echo "crash.exe $*: status $got, expected $status and a line \"$pattern\""
    head -n 40 err
}

expect 139 'exception c0000005 STATUS_ACCESS_VIOLATION: writing address 0x10$' null
expect 139 '^  at crash.exe\+0x[0-9a-f]+ \(crash\+0x[0-9a-f]+\)$' null
expect 139 '^ +[0-9a-f]+ crash.exe' null thread
expect 139 'reading address 0x8' memcpy
expect 139 'executing address 0x1000' jump
expect 139 'STATUS_STACK_OVERFLOW' stack
expect 139 'STATUS_STACK_OVERFLOW' stack thread
expect 139 '^  at crash.exe' no-stack
expect 139 '^ +[0-9a-f]+ winrun!main\+' null
expect 136 'STATUS_INTEGER_DIVIDE_BY_ZERO' divide
expect 132 'STATUS_ILLEGAL_INSTRUCTION' illegal
expect 134 'e0001234' raise
expect 134 'fail-fast code 7' fail-fast
expect 134 'STATUS_BREAKPOINT' break
expect 139 '^What to do: ' null
timeout 20 "$build/winrun" "$program" null filter >out 2>err </dev/null
[ $? = 139 ] && [ ! -s err ] || { bad=$((bad + 1)); echo "a program's own filter: status and silence"; }

echo "$count reports, $bad wrong"
[ $bad = 0 ]
