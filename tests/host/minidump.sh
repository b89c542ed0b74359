#!/bin/sh
# --minidump: is a crash written as a minidump that names the exception, and nothing written without a crash?
set -u
build=$1 bad=0
check() {
    "$@" || { echo "not so: $*"; bad=1; }
}
timeout 20 "$build/winrun" --minidump crash.dmp "$build/tests/win/crash.exe" null >out 2>err </dev/null
check [ $? -eq 139 ]
check grep -q '^winrun: minidump written: crash.dmp$' err
check [ "$(head -c 4 crash.dmp)" = MDMP ]
# A reader of its own: the directory's streams lie inside the file, and the one of the exception has its code.
check perl -e '
    local $/; my $dump = <STDIN>; my $size = length $dump;
    my ($signature, $version, $count, $place) = unpack "a4VVV", $dump;
    my %streams;
    for my $i (0 .. $count - 1) {
        my ($type, $bytes, $at) = unpack "VVV", substr($dump, $place + 12 * $i, 12);
        exit 1 if $at + $bytes > $size;
        $streams{$type} = substr($dump, $at, $bytes);
    }
    exit 2 unless $streams{3} && $streams{4} && $streams{5} && $streams{6} && $streams{7} && $streams{16};
    my (undef, undef, $code) = unpack "VVV", $streams{6};
    exit 3 unless $code == 0xc0000005;
    my ($modules) = unpack "V", $streams{4};
    my ($name) = unpack "V", substr($streams{4}, 4 + 20, 4);
    my $text = substr $dump, $name + 4, unpack("V", substr($dump, $name, 4));
    $text =~ s/\0//g;
    exit 4 unless $modules >= 3 && $text =~ /\\crash\.exe$/;
' <crash.dmp
rm -f crash.dmp
timeout 20 "$build/winrun" --minidump none.dmp "$build/bench/hello.exe" >out 2>err </dev/null
check [ ! -e none.dmp ]
timeout 20 "$build/winrun" --minidump /nowhere/at/all.dmp "$build/tests/win/crash.exe" null >out 2>err </dev/null
check grep -q '^winrun: --minidump: /nowhere/at/all.dmp: No such file' err
exit $bad
