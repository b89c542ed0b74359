#!/bin/sh
# Manifests: which version a program is told, and where its DLLs come from.
set -u
build=$1 winrun=$1/winrun bad=0 count=0
program=$build/tests/win/print_manifest.exe dll=$build/tests/win/loader_plain.dll

# manifest FILE BODY...
manifest() {
    file=$1
    shift
    printf '%s\n' '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' \
        '<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">' "$@" '</assembly>' >"$file"
}

identity() {
    echo "<assemblyIdentity type=\"win32\" name=\"$1\" version=\"${2:-1.0.0.0}\" processorArchitecture=\"amd64\" ${3:-}/>"
}

needs() {
    echo "<dependency ${4:-}><dependentAssembly>$(identity "$1" "${2:-}" "${3:-}")</dependentAssembly></dependency>"
}

# The program's own, beside it: it has none inside.
program_manifest() {
    manifest app.exe.manifest "$(identity app)" "$@"
}

# assembly FILE NAME DLL [VERSION]
assembly() {
    manifest "$1" "$(identity "$2" "${4:-}")" "<file name=\"$3\"/>"
}

supports() {
    echo '<compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1"><application>'
    for id in "$@"; do echo "<supportedOS Id=\"{$id}\"/>"; done
    echo '</application></compatibility>'
}

fresh() {
    cd "$work" && rm -rf case && mkdir case && cd case && cp "$program" app.exe
}

# expect STATUS TEXT DLL...: the lines of output and errors, joined by "|".
expect() {
    status=$1 text=$2
    shift 2
    count=$((count + 1))
    timeout 20 "$winrun" ./app.exe "$@" >out 2>err </dev/null
    got=$?
    all=$(cat out err | tr -d '\r' | tr '\n' '|')
    case $all in
    $text) [ $got = "$status" ] && return ;;
    esac
    bad=$((bad + 1))
    echo "case $count: status $got, expected $status; $all, expected $text"
}

work=$PWD
windows10=8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a windows81=1f676c76-80e1-4239-95bb-83d0f6d0da78
windows7=35138b9a-5d96-4fbd-8e2d-a2440225f93a

# ---- the version ----
fresh
expect 0 'version 6.2.9200|'
program_manifest
expect 0 'version 6.2.9200|'
program_manifest "$(supports $windows7)"
expect 0 'version 6.2.9200|'
program_manifest "$(supports $windows7 $windows81)"
expect 0 'version 6.3.9600|'
program_manifest "$(supports $windows81 $windows10)"
expect 0 'version 10.0.19045|'
program_manifest "<!-- $(supports $windows10) -->"
expect 0 'version 6.2.9200|'
program_manifest "$(supports $windows10)" '<trustInfo xmlns="urn:schemas-microsoft-com:asm.v3"><security>
    <requestedPrivileges><requestedExecutionLevel level="requireAdministrator" uiAccess="false"/></requestedPrivileges>
    </security></trustInfo>' '<asmv3:application xmlns:asmv3="urn:schemas-microsoft-com:asm.v3"><asmv3:windowsSettings>
    <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
    <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
    </asmv3:windowsSettings></asmv3:application>'
expect 0 'version 10.0.19045|'

# ---- private assemblies ----
fresh
program_manifest "$(needs part)"
mkdir part && cp "$dll" part/inside.dll && assembly part/part.manifest part inside.dll
expect 0 'version 6.2.9200|inside.dll: part\\inside.dll|other.dll: error 126|' inside.dll other.dll

fresh
program_manifest "$(needs part)"
cp "$dll" beside.dll && assembly part.manifest part beside.dll
expect 0 'version 6.2.9200|beside.dll: beside.dll|' beside.dll

# A culture's directory, and one that is asked for.
fresh
program_manifest "$(needs part 1.0.0.0 'language="de-DE"')"
mkdir -p de-DE/part && cp "$dll" de-DE/part/german.dll
manifest de-DE/part/part.manifest "$(identity part 1.0.0.0 'language="de-DE"')" '<file name="german.dll"/>'
expect 0 'version 6.2.9200|german.dll: de-DE\\part\\german.dll|' german.dll

# A DLL of the program's own with the same name does not count: the manifest says which.
fresh
program_manifest "$(needs part)"
mkdir part && cp "$dll" part/same.dll && cp "$dll" same.dll && assembly part/part.manifest part same.dll
expect 0 'version 6.2.9200|same.dll: part\\same.dll|' same.dll

# What an assembly needs itself.
fresh
program_manifest "$(needs first)"
mkdir first second && cp "$dll" second/deep.dll && assembly second/second.manifest second deep.dll
manifest first/first.manifest "$(identity first)" "$(needs second)"
expect 0 'version 6.2.9200|deep.dll: second\\deep.dll|' deep.dll

# Files of the program's own manifest, elsewhere.
fresh
program_manifest '<file name="moved.dll" loadFrom="place\moved.dll"/>' '<file name="kept.dll" loadFrom="place\"/>'
mkdir place && cp "$dll" place/moved.dll && cp "$dll" place/kept.dll
expect 0 'version 6.2.9200|moved.dll: place\\moved.dll|kept.dll: place\\kept.dll|' moved.dll kept.dll

# Windows' own assemblies are there.
fresh
program_manifest "$(needs Microsoft.Windows.Common-Controls 6.0.0.0 'language="*" publicKeyToken="6595b64144ccf1df"')"
cp "$dll" plain.dll
expect 0 'version 6.2.9200|plain.dll: plain.dll|' plain.dll

# ---- what is wrong ----
fresh
program_manifest "$(needs gone)"
expect 0 'version 6.2.9200|some.dll: error 14001|' some.dll
program_manifest "$(needs gone 1.0.0.0 '' 'optional="yes"')"
expect 0 'version 6.2.9200|some.dll: error 126|' some.dll
mkdir gone && cp "$dll" gone/some.dll && assembly gone/gone.manifest gone some.dll 2.0.0.0
program_manifest "$(needs gone)"
expect 0 'version 6.2.9200|some.dll: error 14001|' some.dll
echo '<assembly' >app.exe.manifest
expect 0 'version 6.2.9200|some.dll: error 14001|' some.dll

# ---- manifests inside ----
embed() {
    "$winrun" "$program" --embed "$1" "$2" "$3" && rm "$2" || { bad=$((bad + 1)); echo "no manifest put into $1"; }
}

fresh
program_manifest "$(supports $windows10)" "$(needs part)"
embed app.exe app.exe.manifest 1
mkdir part && cp "$dll" part/inside.dll && assembly part/part.manifest part inside.dll
expect 0 'version 10.0.19045|inside.dll: part\\inside.dll|' inside.dll
program_manifest # does not count: there is one inside
expect 0 'version 10.0.19045|inside.dll: part\\inside.dll|' inside.dll
rm -r part
expect 126 'winrun: app.exe: the assembly part 1.0.0.0, which its manifest asks for, is not found *|'

fresh
echo '<assembly><file' >bad.manifest
embed app.exe bad.manifest 1
expect 126 'winrun: app.exe: its manifest can not be read: line *|'

# An assembly that is one DLL with the manifest inside.
fresh
program_manifest "$(needs single)"
cp "$dll" single.dll && assembly single.manifest single single.dll && embed single.dll single.manifest 1
expect 0 'version 6.2.9200|single.dll: single.dll|' single.dll

# A DLL's own manifest says where what it imports is.
fresh
mkdir parts && cp "$build/tests/win/loader_middle.dll" . && cp "$build/tests/win/loader_leaf.dll" parts/
assembly parts/parts.manifest parts loader_leaf.dll
manifest dll.manifest "$(identity middle)" "$(needs parts)"
embed loader_middle.dll dll.manifest 2
expect 0 'version 6.2.9200|loader_middle.dll: loader_middle.dll|loader_leaf.dll: parts\\loader_leaf.dll|' loader_middle.dll \
    loader_leaf.dll
rm -r parts
expect 0 'version 6.2.9200|loader_middle.dll: error 14001|' loader_middle.dll

echo "$count runs, $bad wrong"
[ $bad = 0 ]
