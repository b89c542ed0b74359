/*
 * file_transacted.c: are files in transactions refused as on a volume without them, and nothing done?
 * link: -lktmw32
 *
 * Windows' own NTFS volumes have transactions; that theirs says ERROR_RM_NOT_ACTIVE when they do not run, and remote
 * ones ERROR_TRANSACTIONS_UNSUPPORTED_REMOTE, is from Microsoft's pages.
 */
#include "check.h"

#include <ktmw32.h> /* needs windows.h */

enum { TRANSACTION_NOT_ACTIVE = 6701, RM_NOT_ACTIVE = 6801, TRANSACTIONS_UNSUPPORTED_REMOTE = 6805 };

static HANDLE transaction;

#define REFUSED(call) CHECK_ERROR(call, RM_NOT_ACTIVE)
#define REFUSED_HANDLE(call) CHECK_ERROR((call) != INVALID_HANDLE_VALUE, RM_NOT_ACTIVE)

static void test_all(void)
{
    WIN32_FILE_ATTRIBUTE_DATA attributes;
    WIN32_FIND_DATAW found;
    WIN32_FIND_DATAA found_a;
    WIN32_FIND_STREAM_DATA stream;
    WCHAR text[MAX_PATH];
    char bytes[MAX_PATH];
    DWORD length = MAX_PATH;
    REFUSED(CopyFileTransactedA("there", "to", NULL, NULL, NULL, 0, transaction));
    REFUSED(CopyFileTransactedW(L"there", L"to", NULL, NULL, NULL, 0, transaction));
    REFUSED(CreateDirectoryTransactedA(NULL, "to", NULL, transaction));
    REFUSED(CreateDirectoryTransactedW(NULL, L"to", NULL, transaction));
    REFUSED_HANDLE(
        CreateFileTransactedA("to", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL, transaction, NULL, NULL));
    REFUSED_HANDLE(CreateFileTransactedW(L"to", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL, transaction, NULL, NULL));
    REFUSED_HANDLE(
        CreateFileTransactedW(L"there", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL, transaction, NULL, NULL));
    REFUSED(CreateHardLinkTransactedA("to", "there", NULL, transaction));
    REFUSED(CreateHardLinkTransactedW(L"to", L"there", NULL, transaction));
    REFUSED(CreateSymbolicLinkTransactedA("to", "there", 0, transaction));
    REFUSED(CreateSymbolicLinkTransactedW(L"to", L"there", 0, transaction));
    REFUSED(DeleteFileTransactedA("there", transaction));
    REFUSED(DeleteFileTransactedW(L"there", transaction));
    REFUSED_HANDLE(FindFirstFileNameTransactedW(L"there", 0, &length, text, transaction));
    REFUSED_HANDLE(
        FindFirstFileTransactedA("*", FindExInfoStandard, &found_a, FindExSearchNameMatch, NULL, 0, transaction));
    REFUSED_HANDLE(
        FindFirstFileTransactedW(L"*", FindExInfoStandard, &found, FindExSearchNameMatch, NULL, 0, transaction));
    REFUSED_HANDLE(FindFirstStreamTransactedW(L"there", FindStreamInfoStandard, &stream, 0, transaction));
    CHECK_ERROR(GetCompressedFileSizeTransactedA("there", NULL, transaction) != INVALID_FILE_SIZE, RM_NOT_ACTIVE);
    CHECK_ERROR(GetCompressedFileSizeTransactedW(L"there", NULL, transaction) != INVALID_FILE_SIZE, RM_NOT_ACTIVE);
    REFUSED(GetFileAttributesTransactedA("there", GetFileExInfoStandard, &attributes, transaction));
    REFUSED(GetFileAttributesTransactedW(L"there", GetFileExInfoStandard, &attributes, transaction));
    REFUSED(GetLongPathNameTransactedA("there", bytes, MAX_PATH, transaction));
    REFUSED(GetLongPathNameTransactedW(L"there", text, MAX_PATH, transaction));
    REFUSED(MoveFileTransactedA("there", "to", NULL, NULL, 0, transaction));
    REFUSED(MoveFileTransactedW(L"there", L"to", NULL, NULL, 0, transaction));
    REFUSED(RemoveDirectoryTransactedA("there", transaction));
    REFUSED(RemoveDirectoryTransactedW(L"there", transaction));
    REFUSED(SetFileAttributesTransactedA("there", FILE_ATTRIBUTE_HIDDEN, transaction));
    REFUSED(SetFileAttributesTransactedW(L"there", FILE_ATTRIBUTE_HIDDEN, transaction));
    CHECK_EQ(GetFileAttributesA("to"), INVALID_FILE_ATTRIBUTES);
    CHECK(GetFileAttributesA("there") != INVALID_FILE_ATTRIBUTES);
}

static void test_names(void)
{
    static const struct {
        const char *name;
        DWORD error;
    } cases[] = {
        {"\\\\server\\share\\file", TRANSACTIONS_UNSUPPORTED_REMOTE},
        {"//server/share/file", TRANSACTIONS_UNSUPPORTED_REMOTE},
        {"\\\\?\\UNC\\server\\share\\file", TRANSACTIONS_UNSUPPORTED_REMOTE},
        {"\\\\?\\unc\\server\\share\\file", TRANSACTIONS_UNSUPPORTED_REMOTE},
        {"\\\\?\\C:\\file", RM_NOT_ACTIVE},
        {"\\\\.\\C:\\file", RM_NOT_ACTIVE},
        {"C:\\file", RM_NOT_ACTIVE},
        {"\\file", RM_NOT_ACTIVE},
        {"", RM_NOT_ACTIVE},
        {NULL, ERROR_INVALID_PARAMETER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WCHAR wide[64];
        if (cases[i].name)
            MultiByteToWideChar(CP_ACP, 0, cases[i].name, -1, wide, 64);
        CHECK_ERROR(DeleteFileTransactedA(cases[i].name, transaction), cases[i].error);
        CHECK_ERROR(DeleteFileTransactedW(cases[i].name ? wide : NULL, transaction), cases[i].error);
    }
}

int main(void)
{
    char full[MAX_PATH], same[MAX_PATH], root[] = "C:\\";
    DWORD flags = 0;
    GetFullPathNameA("there", MAX_PATH, full, NULL);
    memcpy(root, full, 3);
    CHECK(GetVolumeInformationA(root, NULL, 0, NULL, NULL, &flags, NULL, 0));
    CHECK(!(flags & FILE_SUPPORTS_TRANSACTIONS));
    CloseHandle(CreateFileA("there", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    transaction = CreateTransaction(NULL, NULL, 0, 0, 0, 0, NULL);
    CHECK(transaction != INVALID_HANDLE_VALUE);
    test_all();
    test_names();
    CHECK(GetFullPathNameTransactedA("there", MAX_PATH, same, NULL, transaction));
    CHECK_STR(same, full);
    CHECK_ERROR(DeleteFileTransactedA("there", NULL), ERROR_INVALID_HANDLE);
    CHECK(RollbackTransaction(transaction));
    CHECK_ERROR(DeleteFileTransactedA("there", transaction), TRANSACTION_NOT_ACTIVE);
    CloseHandle(transaction);
    CHECK(DeleteFileA("there"));
    return check_done();
}
