#!/bin/sh
# The command language and the programs that come with winrun: each tests/cmd/NAME.bat prints what NAME.out says and ends
# with the status on its last line.  cmd.sh BUILD
set -u
winrun=$1/winrun failed=0

[ -e "$1/programs/cmd.exe" ] || { echo "skipped: programs/ is not built (no mingw-w64)"; exit 0; }
export WINRUN_PREFIX="$PWD/prefix"
for batch in "$WINRUN_SOURCE"/tests/cmd/*.bat; do
    name=$(basename "$batch" .bat)
    mkdir "$name" && cp "$batch" "$name/"
    (cd "$name" && "$winrun" "$1/programs/cmd.exe" /d /c "$name.bat" </dev/null 2>errors | tr -d '\r'
        "$winrun" "$1/programs/cmd.exe" /d /c "$name.bat >nul 2>nul" </dev/null; echo "status $?") >"$name.got"
    diff -u "${batch%.bat}.out" "$name.got" || failed=1
done
exit $failed
