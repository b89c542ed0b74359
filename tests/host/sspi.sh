#!/bin/sh
# Do SSPI's NTLM and Negotiate speak with the host's GSS-API (gss-ntlmssp, MIT Kerberos) in both directions?
set -eu
build=$1 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -f /etc/gss/mech.d/mech.ntlmssp.conf ] || { echo "no gss-ntlmssp"; exit 77; }
peer="$build/winrun --prefix $work/prefix $build/tests/win/sspi_peer.exe"
echo 'REALM:bob:s3cret' >"$work/users"
export NTLM_USER_FILE="$work/users"
mkfifo "$work/to" "$work/from"

# CLIENT... -- SERVER...: both must end well and have heard each other; what they said is in client.log and server.log.
talk() {
    client=
    while [ "$1" != -- ]; do
        client="$client $1"
        shift
    done
    shift
    "$@" <"$work/to" >"$work/from" 2>"$work/server.log" &
    # shellcheck disable=SC2086 # a command's words
    timeout 30 $client >"$work/to" <"$work/from" 2>"$work/client.log" && good=yes || good=
    wait $! || good=
    grep -q '^heard the answer' "$work/client.log" && grep -q '^heard a question' "$work/server.log" || good=
    [ -n "$good" ] || { echo "$client: $(cat "$work/client.log"); server: $(cat "$work/server.log")"; exit 1; }
}

for pair in ntlm:NTLM spnego:Negotiate; do
    gss=${pair%:*} sspi=${pair#*:}
    talk "$build/gsspeer" client "$gss" bob@REALM -- $peer server "$sspi" bob REALM s3cret
    grep -q '^user REALM.bob by NTLM' "$work/server.log" || { echo "server: $(cat "$work/server.log")"; exit 1; }
    talk $peer client "$sspi" bob REALM s3cret -- "$build/gsspeer" server "$gss"
    grep -q '^peer .*bob' "$work/server.log" || { echo "GSS: $(cat "$work/server.log")"; exit 1; }
    if (talk $peer client "$sspi" bob REALM wrong -- "$build/gsspeer" server "$gss") >/dev/null; then
        echo "$sspi: a wrong password is taken"
        exit 1
    fi
done
echo "both directions"
