/*
 * What does WinVerifyTrust say of signed files?  For tests/host/authenticode.sh: wintrust_peer ROOT.DER FILE [lifetime
 * | INDEX] trusts the root and prints the answer, the time of the stamp, and how many more signatures there are.
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
    struct {
        DWORD size, index, flags, secondary_count, verified_index;
        void *policy;
    } settings = {sizeof settings};
    struct {
        WINTRUST_DATA data;
        void *settings;
    } longer = {{sizeof longer}, &settings}; /* the headers at hand leave the last member out */
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
    longer.data.dwUIChoice = WTD_UI_NONE;
    longer.data.dwUnionChoice = WTD_CHOICE_FILE;
    longer.data.pFile = &file;
    longer.data.dwStateAction = WTD_STATEACTION_VERIFY;
    longer.data.dwProvFlags = count > 3 && !strcmp(args[3], "lifetime") ? WTD_LIFETIME_SIGNING_FLAG : 0;
    settings.flags = 2; /* how many more there are */
    if (count > 3 && args[3][0] >= '0' && args[3][0] <= '9') {
        settings.flags |= 1; /* this one */
        settings.index = (DWORD)atoi(args[3]);
    }
    answer = WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &longer);
    provider = WTHelperProvDataFromStateData(longer.data.hWVTStateData);
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
    if (settings.secondary_count)
        printf(" +%lu", settings.secondary_count);
    printf("\n");
    longer.data.dwStateAction = WTD_STATEACTION_CLOSE;
    WinVerifyTrust(INVALID_HANDLE_VALUE, &action, &longer);
    return 0;
}
