#!/bin/sh
# The commands on prefixes: winrun prefix, winrun reg, winrun path; prefix.conf; two prefixes side by side.
set -u
winrun=$1/winrun program=$1/tests/win/registry_kill.exe
export XDG_DATA_HOME="$PWD/data"
failed=0
expect() { # expect WHAT ACTUAL EXPECTED
    [ "$2" = "$3" ] && return
    echo "$1: got: $2"
    echo "$1: expected: $3"
    failed=1
}
fails() { # fails TEXT COMMAND...: it must fail and say so
    text=$1
    shift
    if out=$("$@" 2>&1 </dev/null); then
        echo "succeeded: $*"
        failed=1
    fi
    case $out in *"$text"*) ;; *) echo "$*: said: $out"; failed=1 ;; esac
}

# reg is a Windows program: its lines end as theirs do
reg_of() { # reg_of PREFIX ARGUMENTS...
    reg_prefix=$1
    shift
    "$winrun" --prefix "$PWD/$reg_prefix" reg "$@" >reg.out 2>reg.err
    reg_status=$?
    tr -d '\r' <reg.out
    tr -d '\r' <reg.err >&2
    return $reg_status
}
reg() { reg_of data/winrun/one "$@"; }
fails 'of which prefix' "$winrun" reg query HKCU
"$winrun" prefix create one >/dev/null || failed=1
reg add 'HKCU\Software\T' /v X /t REG_SZ /d hello /f >/dev/null || failed=1
reg add 'HKCU\Software\T' /v D /t REG_DWORD /d 0x2a /f >/dev/null || failed=1
reg add 'HKCU\Software\T' /v M /t REG_MULTI_SZ /d 'a\0b' /f >/dev/null || failed=1
expect query "$(reg query 'HKCU\Software\T' /v X)" "
HKEY_CURRENT_USER\\Software\\T
    X    REG_SZ    hello"
expect dword "$(reg query 'HKCU\Software\T' /v D | sed -n 3p)" '    D    REG_DWORD    0x2a'
expect multi "$(reg query 'HKCU\Software\T' /v M | sed -n 3p)" '    M    REG_MULTI_SZ    a\0b'
fails 'unable to find' reg query 'HKCU\Software\Absent'
fails 'Invalid key name' reg query 'HKXX\Software'

# .reg files come out as they went in, byte for byte
{
    printf 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\R]\r\n@="default"\r\n'
    printf '"s"="text \\"quoted\\" C:\\\\x"\r\n"d"=dword:0000002a\r\n"e"=hex(2):25,00,50,00,25,00,00,00\r\n'
    printf '"q"=hex(b):01,00,00,00,00,00,00,00\r\n"n"=hex(0):\r\n"odd"=hex(1):61\r\n"b"=hex:'
    awk 'BEGIN { for (i = 0; i < 22; i++) printf "%02x,", i; printf "16,\\\r\n  "; for (i = 23; i < 47; i++) printf "%02x,", i; printf "2f\r\n" }'
    printf '\r\n[HKEY_CURRENT_USER\\Software\\R\\sub]\r\n\r\n'
} >text
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE text; } >in.reg
reg import in.reg >/dev/null 2>&1 || failed=1
reg export 'HKCU\Software\R' out.reg /y >/dev/null || failed=1
cmp in.reg out.reg || { iconv -f UTF-16 -t UTF-8 out.reg; failed=1; }
printf 'REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\Software\\R]\r\n"d"=-\r\n\r\n[-HKEY_CURRENT_USER\\Software\\R\\sub]\r\n' >del.reg
reg import del.reg >/dev/null 2>&1 || failed=1
fails 'unable to find' reg query 'HKCU\Software\R' /v d
fails 'unable to find' reg query 'HKCU\Software\R\sub'
printf 'REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\Software\\R]\r\n"d"=dword:xyz\r\n' >bad.reg
fails 'not a registry script (line 4: dword' reg import bad.reg

# path
expect windows "$("$winrun" --prefix "$PWD/data/winrun/one" path --windows /etc/passwd)" 'Z:\etc\passwd'
expect unix "$("$winrun" --prefix "$PWD/data/winrun/one" path --unix 'z:\etc\passwd')" /etc/passwd
expect drive_c "$("$winrun" --prefix "$PWD/data/winrun/one" path --unix 'C:\.')" "$PWD/data/winrun/one/drive_c"

# clone, snapshot, rollback, export, import, remove
"$winrun" prefix clone one two || failed=1
reg add 'HKCU\Software\T' /v X /d changed /f >/dev/null
two() { reg_of data/winrun/two "$@"; }
expect clone "$(two query 'HKCU\Software\T' /v X | sed -n 3p)" '    X    REG_SZ    hello'
"$winrun" prefix snapshot two first >/dev/null || failed=1
two add 'HKCU\Software\T' /v X /d later /f >/dev/null
"$winrun" prefix rollback two first || failed=1
expect rollback "$(two query 'HKCU\Software\T' /v X | sed -n 3p)" '    X    REG_SZ    hello'
mkdir -p data/winrun/two/drive_c/d && echo file >data/winrun/two/drive_c/d/f
ln -s "$PWD/data/winrun/two/drive_c/d" data/winrun/two/drive_c/inside
ln -s /etc data/winrun/two/drive_c/outside
"$winrun" prefix export two two.tar.zst 2>export.log || failed=1
grep -q 'outside: leads out' export.log || { cat export.log; failed=1; }
"$winrun" prefix import two.tar.zst three || failed=1
expect import "$(reg_of data/winrun/three query 'HKCU\Software\T' /v X | sed -n 3p)" '    X    REG_SZ    hello'
expect link "$(cat data/winrun/three/drive_c/inside/f)" file
[ ! -e data/winrun/three/drive_c/outside ] || failed=1
fails 'is there already' "$winrun" prefix import two.tar.zst three
mkdir -p evil/prefix && ln -s /etc evil/prefix/etc && tar -C evil -cf evil.tar prefix
fails 'leads out of the prefix' "$winrun" prefix import evil.tar four
tar -C evil -cf evil2.tar --transform 's,prefix,prefix/../..,' prefix 2>/dev/null
fails 'archive' "$winrun" prefix import evil2.tar four
[ ! -e data/winrun/four ] || failed=1
"$winrun" prefix list | grep -q '^two ' || failed=1
"$winrun" prefix show two | grep -q 'snapshot   first' || failed=1
"$winrun" prefix remove two || failed=1
[ ! -e data/winrun/two ] && [ ! -e data/winrun/two.snapshots ] || failed=1
fails 'no such prefix' "$winrun" prefix show two

# prefix.conf
mkdir -p share && echo shared >share/f
printf '[windows]\nversion=7\n[drives]\nS=%s;read-only\n[environment]\nSIDE=three\n' "$PWD/share" >data/winrun/three/prefix.conf
three() { "$winrun" --prefix "$PWD/data/winrun/three" "$@"; }
expect version "$(reg_of data/winrun/three query 'HKLM\Software\Microsoft\Windows NT\CurrentVersion' /v CurrentBuild | sed -n 3p)" \
    '    CurrentBuild    REG_SZ    7601'
expect drive "$(three path --unix 'S:\f')" "$PWD/share/f"
expect back "$(three path --windows "$PWD/share/f")" 'S:\f'
for bad in '[windows]\nversion=95\n' '[drives]\nC=/x\n' '[dlls]\nx=maybe\n' '[other]\na=b\n' 'nonsense\n' '[windows]\nansi-codepage=x\n'; do
    # shellcheck disable=SC2059 # it is a format
    printf "$bad" >data/winrun/three/prefix.conf
    fails prefix.conf three "$program"
done

# the same program at the same time in two prefixes, one of them without a DLL that it needs
printf '[dlls]\nadvapi32=disabled\n' >data/winrun/three/prefix.conf
"$winrun" --prefix "$PWD/data/winrun/one" "$program" >side.log 2>&1 &
fails 'which it needs, is not found' three "$program"
wait $! || { cat side.log; failed=1; }

# bad registry files: the defaults are read, nothing is overwritten
mkdir -p bad
for size in 20000 5000; do # noise, and what is left of a real one
    if [ $size = 5000 ]; then head -c $size data/winrun/one/registry.mdb; else head -c $size /dev/urandom; fi >bad/registry.mdb
    cp bad/registry.mdb before
    "$winrun" --prefix "$PWD/bad" reg query 'HKLM\Software\Microsoft\Windows NT\CurrentVersion' /v CurrentBuild >out 2>err || failed=1
    if ! grep -q 19045 out || ! grep -q 'registry.mdb: damaged' err; then
        cat out err
        failed=1
    fi
    "$winrun" --prefix "$PWD/bad" reg add 'HKCU\Software\T' /v X /d y /f >/dev/null 2>&1 && failed=1
    cmp before bad/registry.mdb || failed=1
done

# what credentials may lie in is its owner's alone, whatever the umask
expect modes "$(umask 022; "$winrun" --prefix "$PWD/modes" reg add 'HKCU\Software\T' /v X /d y /f >/dev/null
    stat -c '%a' modes modes/registry.mdb modes/registry.mdb-lock | tr '\n' ' ')" '700 600 600 '

# many first starts at once
i=0
while [ $i -lt "${FIRST_STARTS:-100}" ]; do
    "$winrun" --prefix "$PWD/fresh" reg add 'HKCU\Software\Many' /v "v$i" /d x /f >"start-$i" 2>&1 &
    i=$((i + 1))
done
wait
expect starts "$("$winrun" --prefix "$PWD/fresh" reg query 'HKCU\Software\Many' | grep -c REG_SZ)" "$i"
exit $failed
