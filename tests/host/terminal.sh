#!/bin/sh
# A program on a terminal: Ctrl-C, Ctrl-Break's neighbour Ctrl-\, hanging up, and signals from outside.
set -u
build=$1 bad=0 count=0
program=$build/tests/win/print_events.exe

# expect STATUS LINE ACTION MODE: LINE is a line of the output, or empty.
expect() {
    count=$((count + 1))
    timeout 30 "$build/pty" "$3" "$build/winrun" "$program" "$4" >out 2>&1 </dev/null
    tr -d '\r' <out >text
    grep -qx "status $1" text && { [ -z "$2" ] || grep -q "$2\$" text; } && return
    bad=$((bad + 1))
    echo "$3, $4: expected status $1 and \"$2\", got:"
    cat text
}

interrupt=$(printf '\003')
expect 3 'event 0' "keys:$interrupt" handle # CTRL_C_EVENT
expect 130 '' "keys:$interrupt" wait
expect 143 '' signal:15 wait
expect 129 '' hangup wait

# reads HOW KEYS LINE: what print_console says when KEYS (for printf) are typed.
reads() {
    count=$((count + 1))
    # shellcheck disable=SC2059,SC2086 # escapes, and a list of words
    timeout 30 "$build/pty" "keys:$(printf "$2")" "$build/winrun" "$build/tests/win/print_console.exe" $1 >out 2>&1 </dev/null
    tr -d '\r' <out >text
    grep -qF "$3" text && grep -qx 'status 0' text && return
    bad=$((bad + 1))
    echo "$1, keys $2: expected \"$3\", got:"
    cat -v text
}

left='\033[D' right='\033[C' home='\033[H' end='\033[F' insert='\033[2~' delete='\033[3~'
reads line 'abc\r' '[abc<d><a>]'
reads line "ac${left}b\\r" '[abc<d><a>]'
reads line "bc${home}a${end}d\\r" '[abcd<d><a>]'
reads line "abd\\177c\\r" '[abc<d><a>]'
reads line "abxd${left}\\bc\\r" '[abcd<d><a>]'
reads line "xabc${home}${delete}\\r" '[abc<d><a>]'
reads line "abX${left}${insert}c\\r" '[abc<d><a>]'
reads line "old text\\033new\\r" '[new<d><a>]'
reads line "wrong${left}${left}\\033[Aright\\r" '[wrorightng<d><a>]'
reads line "one two three\\033[1;5D\\033[1;5D\\033[1;5F\\r" '[one <d><a>]'
reads line "one two\\033[1;5D\\033[1;5H\\r" '[two<d><a>]'
reads line "a\\tb\\r" '[a<9>b<d><a>]'
reads line "\\032x\\r" '[<1a>x<d><a>]'
reads line "\\303\\244\\r" '[<e4><d><a>]'
reads line "${right}${left}${delete}\\177\\r" '[<d><a>]'
reads file 'abc\r' '[abc<d><a>]'
reads file '\032\r' '[]'
reads file '\004' '[]'
reads 'line 0' 'x' '[x]'
reads enter 'ab' '[ab<d><a>]'
reads ahead 'ynew\r' '[new<d><a>]'

reads keys 'aq' 'down 41 scan 1e char 61 state 0'
reads keys 'aq' 'up 41 scan 1e char 61 state 0'
reads keys 'Aq' 'down 41 scan 1e char 41 state 10'
reads keys '7q' 'down 37 scan 8 char 37 state 0'
reads keys '\rq' 'down d scan 1c char d state 0'
reads keys '\001q' 'down 41 scan 1e char 1 state 8'
reads keys '\033[Aq' 'down 26 scan 48 char 0 state 100'
reads keys '\033[1;5Cq' 'down 27 scan 4d char 0 state 108'
reads keys '\033[3~q' 'down 2e scan 53 char 0 state 100'
reads keys '\033OPq' 'down 70 scan 3b char 0 state 0'
reads keys '\033[24~q' 'down 7b scan 58 char 0 state 0'
reads keys '\033[Zq' 'down 9 scan f char 9 state 10'
reads keys '\033xq' 'down 58 scan 2d char 78 state 2'
reads keys '\177q' 'down 8 scan e char 8 state 0'
reads keys '\303\244q' 'char e4'
program=$build/tests/win/print_console.exe
expect 0 'size 91x33' size:91x33 resize

echo "$count runs, $bad wrong"
[ $bad = 0 ]
