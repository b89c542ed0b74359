# Does a program find each kind of standard handle as Windows would: pipe, file, terminal, null device, closed?
set -eu
build=$1
program="$build/tests/win/print_handles.exe"
[ -x "$build/winrun" ] && [ -f "$program" ] || exit 0
check() {
    if [ "$2" != "$3" ]; then
        echo "$1: got '$2', expected '$3'"
        exit 1
    fi
}
check "pipe, pipe" "$(echo hi | "$build/winrun" "$program" 2>/dev/null | tr -d '\r')" "in=pipe out=pipe err=char"
"$build/winrun" "$program" </dev/null >out.txt 2>err.txt
check "null, file" "$(tr -d '\r' <out.txt)" "in=char out=disk err=disk"
"$build/winrun" "$program" <out.txt 2>&- >closed.txt
check "closed" "$(tr -d '\r' <closed.txt)" "in=disk out=disk err=none"
if command -v script >/dev/null; then
    check "terminal" "$(script -qec "$build/winrun $program" /dev/null </dev/null | tr -d '\r')" \
        "in=console out=console err=console"
fi
