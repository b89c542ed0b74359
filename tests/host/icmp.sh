#!/bin/sh
# Do echo requests and datagrams learn what they meet on their way: a router, an end too far, no way at all?  And does
# PING tell it?  In networks of the test's own: here, a router, and what lies beyond it.
build=$1
test=$build/tests/win/iphlp_icmp.exe
unshare -rn true 2>/dev/null || { echo "no network namespaces here"; exit 77; }
command -v ip >/dev/null || { echo "no ip(8) here"; exit 77; }
export build test
unshare -rn sh -eu -c '
    echo "0 0" >/proc/sys/net/ipv4/ping_group_range || { echo "no echo requests here"; exit 77; }
    ip link set lo up
    ip link add near type veth peer name router || { echo "no veth here"; exit 77; }
    unshare -n sleep 60 & router=$!
    trap "kill $router \$beyond 2>/dev/null" EXIT
    unshare -n sleep 60 & beyond=$!
    # Until they have their own.
    for pid in $router $beyond; do
        while [ "$(readlink /proc/$pid/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.01; done
    done
    at() { pid=$1; shift; nsenter -t "$pid" -n "$@"; }
    quick="for name in all default; do echo 0 >/proc/sys/net/ipv6/conf/\$name/accept_dad; done"
    sh -c "$quick"
    at $router sh -c "$quick"
    at $beyond sh -c "$quick"
    ip link set router netns $router
    at $router ip link add far type veth peer name end
    at $router ip link set end netns $beyond
    up() { # PID LINK ADDRESS ADDRESS6
        at $1 ip addr add $3/24 dev $2
        at $1 ip addr add $4/64 dev $2 nodad
        at $1 ip link set $2 up
    }
    up $$ near 10.1.0.1 fd01::1
    up $router router 10.1.0.2 fd01::2
    up $router far 10.2.0.2 fd02::2
    up $beyond end 10.2.0.3 fd02::3
    at $router sh -c "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding"
    ip route add 10.2.0.0/24 via 10.1.0.2
    ip route add fd02::/64 via fd01::2
    at $beyond ip route add default via 10.2.0.2
    at $beyond ip route add default via fd02::2
    "$build/winrun" "$test" 10.1.0.2 fd01::2 10.2.0.3 fd02::3 10.99.0.1
    "$build/winrun" ping -n 1 10.2.0.3 >said
    grep -q "^Reply from 10.2.0.3: bytes=32 time.*TTL=63" said || { cat said; exit 1; }
    "$build/winrun" ping -n 1 -i 1 10.2.0.3 >said
    grep -q "^Reply from 10.1.0.2: TTL expired in transit" said || { cat said; exit 1; }
    "$build/winrun" ping -n 1 fd02::3 >said
    grep -q "^Reply from fd02::3: time" said || { cat said; exit 1; }
'
