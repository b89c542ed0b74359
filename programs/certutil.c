/*
 * certutil.c: certutil.exe: hashes of files, Base64 and hexadecimal.  Certificates and downloads are refused.
 *
 * Exit: 0, or the code of the error as a result code.
 */
#include "wide_main.h"
#include <bcrypt.h>
#include <wincrypt.h>

static const WCHAR usage[] = L"CertUtil [-hashfile file [MD2 | MD4 | MD5 | SHA1 | SHA256 | SHA384 | SHA512]]\r\n"
                             L"CertUtil [-f] -encode | -decode | -encodehex | -decodehex  file file\r\n";

static int fail(const WCHAR *verb, DWORD error)
{
    DWORD result = HRESULT_FROM_WIN32(error);

    print(L"CertUtil: -%s command FAILED: 0x%08lx (%s)\r\nCertUtil: %s\r\n", verb, result,
          error == ERROR_FILE_NOT_FOUND ? L"WIN32: 2 ERROR_FILE_NOT_FOUND"
          : error == ERROR_FILE_EXISTS  ? L"WIN32: 80 ERROR_FILE_EXISTS"
          : error == ERROR_INVALID_DATA ? L"WIN32: 13 ERROR_INVALID_DATA"
                                        : L"WIN32",
          error_message(error));
    return (int)result;
}

/* The whole file; NULL: the last error says why. */
static BYTE *read_file(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    BYTE *bytes = NULL;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    *size = GetFileSize(file, NULL);
    bytes = need(*size + 1);
    if (!ReadFile(file, bytes, *size, size, NULL)) {
        free(bytes);
        bytes = NULL;
    }
    CloseHandle(file);
    return bytes;
}

static int hash_file(const WCHAR *path, const WCHAR *name)
{
    static const WCHAR *const names[] = {L"MD2", L"MD4", L"MD5", L"SHA1", L"SHA256", L"SHA384", L"SHA512"};
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_HASH_HANDLE hash;
    BYTE bytes[65536], digest[64];
    DWORD count, size = 0;
    unsigned known = 0;

    while (known < 7 && !same_name(name, names[known]))
        known++;
    if (known == 7)
        return fail(L"hashfile", ERROR_INVALID_PARAMETER);
    HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return fail(L"hashfile", GetLastError());
    if (BCryptOpenAlgorithmProvider(&algorithm, names[known], NULL, 0) ||
        BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0))
        return fail(L"hashfile", ERROR_NOT_SUPPORTED);
    while (ReadFile(file, bytes, sizeof bytes, &count, NULL) && count)
        BCryptHashData(hash, bytes, count, 0);
    CloseHandle(file);
    BCryptGetProperty(algorithm, BCRYPT_HASH_LENGTH, (BYTE *)&size, sizeof size, &count, 0);
    BCryptFinishHash(hash, digest, size, 0);
    print(L"%s hash of %s:\r\n", names[known], path);
    for (DWORD i = 0; i < size; i++)
        print(L"%02x", digest[i]);
    print(L"\r\nCertUtil: -hashfile command completed successfully.\r\n");
    return 0;
}

static int convert(const WCHAR *verb, const WCHAR *from, const WCHAR *to, bool force)
{
    bool encode = starts_with(verb, L"en"), hex = wcsstr(verb, L"hex") != NULL;
    DWORD size, room = 0, written;
    BYTE *in = read_file(from, &size), *out = NULL;

    if (!in)
        return fail(verb, GetLastError());
    print(L"Input Length = %lu\r\n", size);
    DWORD flags = hex      ? encode ? CRYPT_STRING_HEXASCIIADDR : CRYPT_STRING_HEX_ANY
                  : encode ? CRYPT_STRING_BASE64HEADER
                           : CRYPT_STRING_BASE64_ANY;
    for (int turn = 0; turn < 2; turn++) {
        BOOL good = encode ? CryptBinaryToStringA(in, size, flags, (char *)out, &room)
                           : CryptStringToBinaryA((char *)in, size, flags, out, &room, NULL, NULL);
        if (!good)
            return fail(verb, ERROR_INVALID_DATA);
        if (!turn)
            out = need(room + 1);
    }
    HANDLE file = CreateFileW(to, GENERIC_WRITE, 0, NULL, force ? CREATE_ALWAYS : CREATE_NEW, 0, NULL);
    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, out, room, &written, NULL))
        return fail(verb, GetLastError());
    CloseHandle(file);
    print(L"Output Length = %lu\r\nCertUtil: -%s command completed successfully.\r\n", room, verb);
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *verb = NULL, *operands[2] = {0};
    unsigned count = 0;
    bool force = false;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        bool option = *argv[i] == '-' || *argv[i] == '/';
        if (option && same_name(argv[i] + 1, L"f"))
            force = true;
        else if (option && !verb)
            verb = _wcslwr(argv[i] + 1);
        else if (!option && count < 2)
            operands[count++] = argv[i];
    }
    if (!verb) {
        print(L"%s", usage);
        return 0;
    }
    if (same_name(verb, L"hashfile") && count)
        return hash_file(operands[0], count > 1 ? operands[1] : L"SHA1");
    if ((same_name(verb, L"encode") || same_name(verb, L"decode") || same_name(verb, L"encodehex") ||
         same_name(verb, L"decodehex")) &&
        count == 2)
        return convert(verb, operands[0], operands[1], force);
    if (same_name(verb, L"hashfile") || starts_with(verb, L"encode") || starts_with(verb, L"decode")) {
        print(L"CertUtil: Missing argument\r\n\r\n%s", usage);
        return (int)HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
    }
    print_error(L"CertUtil: -%s is not supported here.\r\n", verb);
    return (int)HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED);
}
