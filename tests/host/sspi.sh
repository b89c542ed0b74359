#!/bin/sh
# Do SSPI's NTLM and Negotiate speak with the host's GSS-API (gss-ntlmssp) in both directions, and between processes?
set -eu
build=$1 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -f /etc/gss/mech.d/mech.ntlmssp.conf ] || { echo "no gss-ntlmssp"; exit 77; }
peer="$build/winrun --prefix $work/prefix $build/tests/win/sspi_peer.exe"
other="$build/winrun --prefix $work/other $build/tests/win/sspi_peer.exe"
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
    if (talk "$build/gsspeer" client "$gss" bob@REALM -- $peer server "$sspi" bob REALM other) >/dev/null; then
        echo "$sspi: our server takes a wrong password"
        exit 1
    fi
    if (talk $peer client "$sspi" bob REALM wrong -- "$build/gsspeer" server "$gss") >/dev/null; then
        echo "$sspi: a wrong password is taken"
        exit 1
    fi
done
# The current user, without a password: within a prefix, not between two.
for sspi in NTLM Negotiate; do
    # shellcheck disable=SC2086
    talk $peer client "$sspi" -- $peer server "$sspi"
    if (talk $peer client "$sspi" -- $other server "$sspi") >"$work/out"; then
        echo "$sspi: another prefix is believed"
        exit 1
    fi
    grep -q 8009030e "$work/out" || { cat "$work/out"; exit 1; } # SEC_E_NO_CREDENTIALS
done
echo "both directions"
