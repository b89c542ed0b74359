#!/bin/sh
# Does Schannel speak with OpenSSL, as a client and as a server, by TLS 1.2 and 1.3, and resume sessions?
set -eu
build=$1 work=$(mktemp -d) port=$((20000 + $$ % 20000)) server=
trap 'kill $server 2>/dev/null || :; rm -rf "$work"' EXIT
peer="$build/winrun $build/tests/win/schannel_peer.exe"
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null

# Our client: the server sends each line back reversed.
openssl s_server -accept "127.0.0.1:$port" -cert cert.pem -key key.pem -rev -quiet >server.log 2>&1 &
server=$!
for version in 2 3; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        result=$($peer client "$port" "$version" 2>&1 | tr -d '\r')
        case $result in connect:*) ;; *) break ;; esac
        sleep 0.3
    done
    [ "$result" = "TLS 1.$version: swodniw morf olleh" ] || { echo "client, TLS 1.$version: $result"; exit 1; }
    result=$($peer twice "$port" "$version" 2>&1 | tr -d '\r')
    [ "$result" = "TLS 1.$version resumed: swodniw morf olleh" ] || { echo "twice, TLS 1.$version: $result"; exit 1; }
done
kill "$server"

# Our server.
for version in 2 3; do
    out=server$version # of its own: what the server before said is no sign that this one listens
    timeout 40 $peer server "$version" >"$out" &
    ours=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -s "$out" ] && break
        sleep 0.3
    done
    result=$(echo question | timeout 20 openssl s_client -connect "127.0.0.1:$(head -1 "$out" | tr -d '\r')" -servername localhost \
        -quiet -ign_eof 2>/dev/null) || :
    wait "$ours"
    [ "$result" = "heard question" ] || { echo "server, TLS 1.$version: $result"; exit 1; }
    tail -1 "$out" | grep -q "^TLS 1.$version: question" || { echo "server, TLS 1.$version:"; cat "$out"; exit 1; }
done
echo "client and server, TLS 1.2 and 1.3"
