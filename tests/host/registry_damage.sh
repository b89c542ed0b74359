#!/bin/sh
# A registry file that is damaged, not readable, or no file: one clear line, the defaults, nothing overwritten, no crash.
#   registry_damage.sh BUILD   (DAMAGED_PAGES=all: each page; else some)
set -u
winrun=$1/winrun failed=0
export WINRUN_PREFIX="$PWD/prefix"
wrong() {
    echo "$1"
    failed=1
}
reg() { timeout 20 "$winrun" reg "$@"; }

i=0
{
    printf 'REGEDIT4\r\n\r\n'
    while [ $i -lt 300 ]; do
        printf '[HKEY_CURRENT_USER\\Software\\Damage\\%d]\r\n"v"="%0200d"\r\n' $i $i
        i=$((i + 1))
    done
} >many.reg
reg import many.reg >/dev/null || wrong "import"
# Pages that changes have freed are part of the file, too.
reg add 'HKCU\Software\Damage' /v last /d x /f >/dev/null || wrong "add"
cp prefix/registry.mdb good.mdb
pages=$(($(stat -c %s good.mdb) / 4096))

# try WHAT: a query, and a change; they may fail, but say at most one line each and leave the file as it was.  `must`: the
# damage must be seen.
try() {
    cp prefix/registry.mdb before.mdb 2>/dev/null
    reg query 'HKLM\Software\Microsoft\Windows NT\CurrentVersion' /v CurrentBuild >out 2>err
    status=$?
    [ $status -lt 126 ] || wrong "$1: query ended with $status: $(cat err)"
    [ "$(wc -l <err)" -le 2 ] || wrong "$1: query said: $(cat err)"
    if [ -n "${must:-}" ]; then
        grep -q 19045 out || wrong "$1: no defaults"
        grep -q 'registry.mdb: ' err || wrong "$1: nothing was said"
        reg add 'HKCU\Software\Damage' /v after /d x /f >out 2>err && wrong "$1: a change was accepted"
        cmp -s before.mdb prefix/registry.mdb || wrong "$1: the file was changed"
    fi
    reg query 'HKCU\Software\Damage' /s >out 2>err
    status=$?
    [ $status -lt 126 ] || wrong "$1: query of all ended with $status: $(cat err)"
}

[ "${DAMAGED_PAGES:-}" = all ] && step=1 || step=$((pages / 12 + 1))
page=0
while [ $page -lt "$pages" ]; do
    head -c $((page * 4096 + 100 * (page % 2))) good.mdb >prefix/registry.mdb
    [ $page -eq 0 ] || must=1 try "cut at page $page"
    cp good.mdb prefix/registry.mdb
    head -c 4096 /dev/urandom | dd of=prefix/registry.mdb bs=4096 seek=$page conv=notrunc 2>/dev/null
    must='' try "noise in page $page"
    cp good.mdb prefix/registry.mdb
    head -c 4096 /dev/zero | dd of=prefix/registry.mdb bs=4096 seek=$page conv=notrunc 2>/dev/null
    must='' try "zeros in page $page"
    page=$((page + step))
done

# no file, or one that can not be opened
rm -f prefix/registry.mdb*
mkdir prefix/registry.mdb
reg query 'HKLM\Software\Microsoft\Windows NT\CurrentVersion' /v CurrentBuild >out 2>err || wrong "a directory: $(cat err)"
[ "$(grep -c 'registry.mdb: ' err)" -eq 1 ] || wrong "a directory: said $(cat err)"
rmdir prefix/registry.mdb
rm -f prefix/registry.mdb*
cp good.mdb prefix/registry.mdb
chmod 0 prefix/registry.mdb
as=
[ "$(id -u)" != 0 ] || as="setpriv --bounding-set=-all --inh-caps=-all --" # root, who may not read everything
if [ -z "$as" ] || command -v setpriv >/dev/null; then
    # shellcheck disable=SC2086 # a list of words
    if timeout 20 $as "$winrun" --version >/dev/null 2>&1; then
        timeout 20 $as "$winrun" reg query 'HKLM\Software\Microsoft\Windows NT\CurrentVersion' /v CurrentBuild >out 2>err
        grep -q 19045 out || wrong "not readable: no defaults: $(cat err)"
        [ "$(grep -c 'registry.mdb: ' err)" -eq 1 ] || wrong "not readable: said $(cat err)"
    fi
fi
exit $failed
