#!/bin/sh
# Does WinVerifyTrust judge what osslsigncode signed and stamped: whole, changed, ended, and stamped in and out of time?
set -u
peer=$1/tests/win/wintrust_peer.exe failed=0
osslsigncode sign --help 2>&1 | grep -q TSA-certs || {
    echo "osslsigncode has no time stamps of its own"
    exit 77
}

# issue NAME FROM TO EXTENSIONS: a certificate by the root
issue() {
    openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>log || return 1
    printf '%s\n' "$4" >"$1.ext"
    openssl ca -batch -notext -config ca.cnf -in "$1.csr" -out "$1.pem" -cert root.pem -keyfile root.key -startdate "$2" \
        -enddate "$3" -extfile "$1.ext" 2>log || return 1
    cat "$1.pem" root.pem >"$1.chain"
}
setup() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 3650 -subj "/CN=Other" \
        -addext extendedKeyUsage=critical,timeStamping 2>log || return 1
    : >index.txt
    echo 1000 >serial
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n' >ca.cnf
    printf 'unique_subject=no\n[p]\ncommonName=supplied\n' >>ca.cnf
    openssl req -new -newkey rsa:2048 -nodes -keyout root.key -out root.csr -subj "/CN=Test Root" 2>log || return 1
    printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n' >root.ext
    openssl ca -batch -notext -config ca.cnf -selfsign -keyfile root.key -in root.csr -out root.pem -extfile root.ext \
        -startdate 20190101000000Z -enddate 20990101000000Z 2>log || return 1
    openssl x509 -in root.pem -outform DER -out root.der
    issue good 20200101000000Z 20990101000000Z extendedKeyUsage=codeSigning &&
        issue ended 20200101000000Z 20210101000000Z extendedKeyUsage=codeSigning &&
        issue mail 20200101000000Z 20990101000000Z extendedKeyUsage=emailProtection &&
        issue stamper 20200101000000Z 20990101000000Z extendedKeyUsage=critical,timeStamping
}
expect() { # expect WANTED FILE [lifetime]
    wanted=$1
    shift
    got=$("$WINRUN" "$peer" root.der "$@" | tr -d '\r')
    [ "$got" = "$wanted" ] || {
        echo "$*: $got, not $wanted"
        failed=1
    }
}

setup || {
    cat log
    exit 1
}
cp "$peer" plain.exe
# 2020-06-15, 2022-06-15
in_time=1592179200 late=1655251200
# sign SIGNER OUT OPTIONS...
sign() {
    who=$1 to=$2
    shift 2
    rm -f "$to"
    osslsigncode sign -certs "$who.chain" -key "$who.key" -h sha256 "$@" -in plain.exe -out "$to" >log 2>&1 || {
        cat log
        failed=1
    }
}
sign good good.exe
sign ended ended.exe
sign mail mail.exe
sign ended stamped.exe -TSA-certs stamper.chain -TSA-key stamper.key -TSA-time $in_time
sign ended late.exe -TSA-certs stamper.chain -TSA-key stamper.key -TSA-time $late
sign good foreign.exe -TSA-certs other.pem -TSA-key other.key -TSA-time $in_time
sign good both.exe -TSA-certs stamper.chain -TSA-key stamper.key -TSA-time $in_time
rm -f two.exe
osslsigncode sign -nest -certs ended.chain -key ended.key -h sha512 -in good.exe -out two.exe >log 2>&1 || cat log
cp good.exe changed.exe
printf X | dd of=changed.exe bs=1 seek=3000 conv=notrunc 2>/dev/null
# the stamp's own hash of the signature: its octets follow the hash's size in the token
python3 - <<'PYTHON'
data = bytearray(open("stamped.exe", "rb").read())
first = data.find(bytes.fromhex("060b2a864886f70d0109100104"))
place = data.find(bytes.fromhex("0420"), first)
data[place + 5] ^= 1
open("forged.exe", "wb").write(data)
PYTHON
expect 800b0100 plain.exe
expect "00000000 good" good.exe
expect 80096010 changed.exe
expect "800b0101 ended" ended.exe
expect "800b0110 mail" mail.exe
expect "00000000 ended 2020-06-15" stamped.exe
expect "800b0101 ended 2020-06-15" stamped.exe lifetime
expect "800b0101 ended 2022-06-15" late.exe
expect "00000000 good 2020-06-15" both.exe
expect 80096003 foreign.exe
expect 80096005 forged.exe
expect "00000000 good +1" two.exe
expect "00000000 good +1" two.exe 0
expect "800b0101 ended +1" two.exe 1
expect "800b0100 +1" two.exe 2
expect 800b0100 good.exe 1
exit $failed
