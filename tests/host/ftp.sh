#!/bin/sh
# Does WinINet speak with an FTP server: pyftpdlib's, with MLSD and without?
set -eu
build=$1 work=$(mktemp -d) server=
trap 'kill $server 2>/dev/null || :; rm -rf "$work"' EXIT
for python in /usr/bin/python3 python3 none; do
    $python -W ignore -c 'import pyftpdlib' 2>/dev/null && break
done
[ $python != none ] || { echo "python3-pyftpdlib is not installed"; exit 77; }
cd "$work"
cat >server.py <<'END'
import sys, warnings
warnings.filterwarnings("ignore")
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
import logging
logging.disable(logging.CRITICAL)
authorizer = DummyAuthorizer()
authorizer.add_user("user", "12345", sys.argv[1], perm="elradfmwMT")
class Handler(FTPHandler):
    auth_failed_timeout = 0
    proto_cmds = {k: v for k, v in FTPHandler.proto_cmds.items() if sys.argv[2] == "mlsd" or k not in ("MLSD", "MLST")}
Handler.authorizer = authorizer
server = FTPServer(("127.0.0.1", 0), Handler)
print(server.address[1], flush=True)
server.serve_forever()
END
for kind in mlsd list; do
    mkdir "root-$kind" "client-$kind"
    $python -W ignore server.py "$work/root-$kind" $kind >port 2>server.log &
    server=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -s port ] && break
        sleep 0.1
    done
    (cd "client-$kind" && timeout 60 "$build/winrun" "$build/tests/win/ftp_peer.exe" "$(cat ../port)") >out || { echo "$kind:"; cat out server.log; exit 1; }
    [ "$(cat "root-$kind/folder/absolute.txt")" = hello ] || { echo "$kind: the server has no such file"; exit 1; }
    kill $server
    rm -f port
done
tail -1 out
