#!/bin/sh
# Does WinHTTP show the client's certificate to a server that asks for one, and none where it has none?
set -eu
build=$1 work=$(mktemp -d) port=$((20000 + $$ % 20000)) server=
trap 'kill $server 2>/dev/null || :; rm -rf "$work"' EXIT
peer="$build/winrun $build/tests/win/http_client_cert.exe"
cd "$work"
for name in server client; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.pem -days 2 -subj /CN=the-$name 2>/dev/null
done
openssl pkcs12 -export -inkey client.key -in client.pem -out client.pfx -passout pass:secret

# asked KIND: a server that asks the client (verify) or insists (Verify).
serve() {
    openssl s_server -accept "127.0.0.1:$port" -cert server.pem -key server.key -CAfile client.pem "-$1" 1 -www -quiet \
        >server.log 2>&1 &
    server=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        openssl s_client -connect "127.0.0.1:$port" </dev/null >/dev/null 2>&1 && break
        sleep 0.2
    done
}
serve verify
result=$(timeout 20 $peer "$port" client.pfx | tr -d '\r')
case $result in *CN*the-client*) ;; *) echo "with a certificate: $result"; exit 1 ;; esac
result=$(timeout 20 $peer "$port" | tr -d '\r')
[ "$result" = nobody ] || { echo "without: $result"; exit 1; }
kill $server
port=$((port + 1))
serve Verify
result=$(timeout 20 $peer "$port" | tr -d '\r') || :
[ "$result" = error ] || { echo "without, where it is wanted: $result"; exit 1; }
echo "with a certificate, without, and refused"
