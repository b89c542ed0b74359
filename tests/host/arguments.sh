# Does the program's parser give back exactly the arguments that the shell passed?  arguments.sh BUILD
set -u
build=$1
program=$build/tests/win/print_args.exe
failed=0

same() {
    expected=$(printf '[%s]\n' "$@")
    result=$("$build/winrun" "$program" "$@" | tr -d '\r')
    if [ "$result" != "$expected" ]; then
        printf 'expected:\n%s\ngot:\n%s\n' "$expected" "$result"
        failed=1
    fi
}

same a b c
same 'two words' '' 'tab	here' '"' '""' 'a"b' 'a\"b'
same 'back\slash' 'trailing\' 'trailing two\\' 'quoted trailing \' 'a\\b' '\\server\share\'
same '\' '\\' '\\\' '\"' '\\"' '" "' 'x" \'
same '*' '?.c' '*.exe' "it's" '%PATH%' '^&|<>' '$HOME' '--opt=a b'
same 'äöü' '日本語' '😀'
same "$(printf 'line\nbreak')"

got=$("$build/winrun" --cmdline 'x "a b" c\"d' "$program" | tr -d '\r')
[ "$got" = '[a b]
[c"d]' ] || { echo "--cmdline: got $got"; failed=1; }
exit $failed
