/*
 * What does WinVerifyTrust say of signed files?  For tests/host/authenticode.sh: wintrust_peer ROOT.DER FILE [lifetime]
 * trusts the root and prints the answer, and the time of the stamp.
 *
 * link: -lwintrust -lcrypt32
 */
#include "check.h"
#include <wincrypt.h>
#include <wintrust.h>
#include <softpub.h>

int main(int count, char **args)
{
    GUID action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
    WINTRUST_FILE_INFO file = {sizeof file};
    WINTRUST_DATA data = {sizeof data};
    CRYPT_PROVIDER_DATA *provider;
    CRYPT_PROVIDER_SGNR *signer, *counter;
    WCHAR path[MAX_PATH];
    BYTE root[8192];
    SYSTEMTIME time;
    FILE *in;
    LONG answer;

    if (count < 3)
        return 0;
    in = fopen(args[1], "rb");
    if (in) {
        size_t size = fread(root, 1, sizeof root, in);

        fclose(in);
        CertAddEncodedCertificateToSystemStoreA("ROOT", root, (DWORD)size);
    }
    MultiByteToWideChar(CP_ACP, 0, args[2], -1, path, MAX_PATH);
    file.pcwszFilePath = path;
    data.dwUIChoice = WTD_UI_NONE;
    data.dwUnionChoice = WTD_CHOICE_FILE;
    data.pFile = &file;
    data.dwStateAction = WTD_STATEACTION_VERIFY;
    data.dwProvFlags = count > 3 ? WTD_LIFETIME_SIGNING_FLAG : 0;
    answer = WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &data);
    provider = WTHelperProvDataFromStateData(data.hWVTStateData);
    signer = provider ? WTHelperGetProvSignerFromChain(provider, 0, FALSE, 0) : NULL;
    counter = provider ? WTHelperGetProvSignerFromChain(provider, 0, TRUE, 0) : NULL;
    printf("%08lx", answer);
    if (signer && signer->csCertChain) {
        char name[64];

        CertGetNameStringA(WTHelperGetProvCertFromChain(signer, 0)->pCert, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, NULL, name,
                           sizeof name);
        printf(" %s", name);
    }
    if (counter && FileTimeToSystemTime(&counter->sftVerifyAsOf, &time))
        printf(" %04d-%02d-%02d", time.wYear, time.wMonth, time.wDay);
    printf("\n");
    data.dwStateAction = WTD_STATEACTION_CLOSE;
    WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &data);
    return 0;
}
