#!/bin/sh
# Are changes of the host's network told to a program that waits for them?  In a network of the test's own.
build=$1
test=$build/tests/win/iphlp_notify.exe
unshare -rn true 2>/dev/null || { echo "no network namespaces here"; exit 77; }
command -v ip >/dev/null || { echo "no ip(8) here"; exit 77; }
export build test
unshare -rn sh -eu -c '
    cr=$(printf "\r")
    expect() {
        read -r line <&3
        [ "${line%"$cr"}" = "$1" ] || { echo "told: $line, expected: $1"; exit 1; }
    }
    ip link set lo up
    mkfifo news
    "$build/winrun" "$test" wait >news &
    exec 3<news
    expect ready
    ip link set lo mtu 9000
    ip addr add 10.9.8.7/24 dev lo
    expect "new 10.9.8.7/24"
    ip addr del 10.9.8.7/24 dev lo
    expect "gone 10.9.8.7/24"
    cat <&3
    wait $!
'
