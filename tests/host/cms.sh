#!/bin/sh
# Do messages, keys and requests go to openssl and come from it?  RSA and curves, whole and as streams.
set -u
peer=$1/tests/win/cms_peer.exe failed=0
seq 1 400 >text

step() {
    what=$1
    shift
    if ! "$@" >log 2>&1; then
        echo "$kind: $what failed:"
        sed 's/^/    /' log | tail -3
        failed=1
    fi
}
same() {
    cmp -s text "$1" || { echo "$kind: $1 differs"; failed=1; }
}

for kind in rsa:2048 ec:P-256 ec:P-384; do
    case $kind in
    rsa:*) new="rsa:${kind#*:}" option= ;;
    *) new=ec option="-pkeyopt ec_paramgen_curve:${kind#*:}" ;;
    esac
    # shellcheck disable=SC2086 # an option and its value, or none
    openssl req -x509 -newkey "$new" $option -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=peer \
        -addext keyUsage=digitalSignature,keyEncipherment,keyAgreement 2>log || exit 77
    openssl pkcs12 -export -inkey key.pem -in cert.pem -out peer.pfx -passout pass:secret -certpbe AES-128-CBC -iter 100 -maciter

    # sealed there, opened here
    for options in -aes256 -aes128 -des3 "-aes192 -stream" "-aes256 -keyid" "-aes256 -keyopt rsa_padding_mode:oaep"; do
        case "$kind$options" in ec:*oaep* | ec:*des3*) continue ;; esac # openssl would wrap with triple DES
        rm -f out
        # shellcheck disable=SC2086 # several options
        step "openssl cms -encrypt $options" openssl cms -encrypt -binary -in text -outform DER -out sealed \
            ${options%%-key*} -recip cert.pem ${options#"${options%%-key*}"}
        step "opening $options" "$WINRUN" "$peer" open sealed out
        same out
    done
    # and the other way
    for cipher in 2.16.840.1.101.3.4.1.2 2.16.840.1.101.3.4.1.42 1.2.840.113549.3.7; do
        rm -f out
        step "sealing with $cipher" "$WINRUN" "$peer" "seal:$cipher" text sealed
        step "openssl cms -decrypt of $cipher" openssl cms -decrypt -inform DER -in sealed -out out -inkey key.pem -recip cert.pem
        same out
    done
    # signatures, both ways
    for options in "" -stream -noattr -keyid "-md sha512"; do
        rm -f out
        # shellcheck disable=SC2086 # several options or none
        step "openssl cms -sign $options" openssl cms -sign -binary -nodetach -in text -outform DER -out signed -signer cert.pem \
            -inkey key.pem $options
        step "verifying $options" "$WINRUN" "$peer" verify signed out
        same out
    done
    for hash in 2.16.840.1.101.3.4.2.1 2.16.840.1.101.3.4.2.3 1.3.14.3.2.26; do
        rm -f out
        step "signing with $hash" "$WINRUN" "$peer" "sign:$hash" text signed
        step "openssl cms -verify of $hash" openssl cms -verify -binary -inform DER -in signed -noverify -out out
        same out
        step "signing apart with $hash" "$WINRUN" "$peer" "sign-$hash" text signed
        step "openssl cms -verify of what is apart" openssl cms -verify -binary -inform DER -in signed -content text -noverify -out out
    done
    # keys and requests
    step "writing PKCS #12" "$WINRUN" "$peer" pfx text again.pfx
    step "openssl pkcs12" openssl pkcs12 -in again.pfx -passin pass:secret -nodes -out again.pem
    step "writing PKCS #8" "$WINRUN" "$peer" key text key.p8
    step "openssl pkey" openssl pkey -inform DER -in key.p8 -passin pass:secret -pubout -out public.pem
    openssl pkey -in key.pem -pubout -out wanted.pem
    cmp -s public.pem wanted.pem || { echo "$kind: another key"; failed=1; }
    step "writing a request" "$WINRUN" "$peer" request text request.der
    step "openssl req -verify" openssl req -inform DER -in request.der -verify -noout
done

# a time stamp
kind=stamp
openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -days 2 -subj /CN=tsa \
    -addext extendedKeyUsage=critical,timeStamping 2>log
printf '[tsa]\ndefault_tsa=t\n[t]\nserial=number\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:7\n' >ts.cnf
echo 01 >number
step "openssl ts -query" openssl ts -query -data text -sha256 -cert -config ts.cnf -out query
step "openssl ts -reply" openssl ts -reply -queryfile query -signer tsa.pem -inkey tsa.key -config ts.cnf -token_out -out token
step "the time stamp" "$WINRUN" "$peer" stamp token out
[ "$(tr -d '\r' <out)" = "1.2.3.4 2.16.840.1.101.3.4.2.1 32 7" ] || { cat out; failed=1; }
exit $failed
