/*
 * The client of tests/host/ftp.sh: files, directories, lists and errors of an FTP server at 127.0.0.1.  Without a port
 * it checks what needs no server.
 *
 * link: -lwininet
 */
#include "check.h"
#include <wininet.h>

static HINTERNET session, ftp;

static void put_local(const char *name, const char *text, size_t size)
{
    FILE *file = fopen(name, "wb");

    CHECK(file && fwrite(text, 1, size, file) == size);
    if (file)
        fclose(file);
}

static size_t get_local(const char *name, char *text, size_t room)
{
    FILE *file = fopen(name, "rb");
    size_t size = file ? fread(text, 1, room, file) : 0;

    if (file)
        fclose(file);
    return size;
}

static void logins(INTERNET_PORT port)
{
    CHECK_ERROR(
        InternetConnectA(session, "127.0.0.1", port, "user", "wrong", INTERNET_SERVICE_FTP, INTERNET_FLAG_PASSIVE, 0),
        ERROR_INTERNET_LOGIN_FAILURE);
    CHECK_ERROR(
        InternetConnectA(session, "127.0.0.1", 1, "user", "12345", INTERNET_SERVICE_FTP, INTERNET_FLAG_PASSIVE, 0),
        ERROR_INTERNET_CANNOT_CONNECT);
    ftp = InternetConnectA(session, "127.0.0.1", port, "user", "12345", INTERNET_SERVICE_FTP, INTERNET_FLAG_PASSIVE, 0);
    CHECK(ftp != NULL);
}

static void files(void)
{
    static char big[300000], back[300001];
    char text[64] = "", info[512];
    DWORD got, size, high, error;
    HINTERNET file;

    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7 >> 3);
    put_local("local.bin", big, sizeof big);
    CHECK(FtpPutFileA(ftp, "local.bin", "remote.bin", FTP_TRANSFER_TYPE_BINARY, 0));
    CHECK(FtpGetFileA(ftp, "remote.bin", "back.bin", FALSE, FILE_ATTRIBUTE_NORMAL, FTP_TRANSFER_TYPE_BINARY, 0));
    CHECK_EQ(get_local("back.bin", back, sizeof back), sizeof big);
    CHECK(!memcmp(big, back, sizeof big));
    CHECK_ERROR(FtpGetFileA(ftp, "remote.bin", "back.bin", TRUE, FILE_ATTRIBUTE_NORMAL, FTP_TRANSFER_TYPE_BINARY, 0),
                ERROR_FILE_EXISTS);
    CHECK_ERROR(FtpGetFileA(ftp, "nowhere", "none.bin", FALSE, FILE_ATTRIBUTE_NORMAL, FTP_TRANSFER_TYPE_BINARY, 0),
                ERROR_INTERNET_EXTENDED_ERROR);
    CHECK_EQ(GetFileAttributesA("none.bin"), INVALID_FILE_ATTRIBUTES);
    size = sizeof info;
    CHECK(InternetGetLastResponseInfoA(&error, info, &size));
    CHECK(strstr(info, "550") != NULL);
    CHECK(!FtpPutFileA(ftp, "no such file", "x", FTP_TRANSFER_TYPE_BINARY, 0));
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    file = FtpOpenFileA(ftp, "with space & more.txt", GENERIC_WRITE, FTP_TRANSFER_TYPE_BINARY, 0);
    CHECK(file != NULL);
    CHECK(InternetWriteFile(file, "one ", 4, &got) && got == 4);
    CHECK(InternetWriteFile(file, "two", 3, &got) && got == 3);
    CHECK(InternetCloseHandle(file));
    file = FtpOpenFileA(ftp, "with space & more.txt", GENERIC_READ, FTP_TRANSFER_TYPE_BINARY, 0);
    CHECK(file != NULL);
    CHECK_EQ(FtpGetFileSize(file, &high), 7);
    CHECK_EQ(high, 0);
    CHECK(InternetQueryDataAvailable(file, &got, 0, 0) && got == 7);
    CHECK(InternetReadFile(file, text, 4, &got) && got == 4);
    CHECK(InternetReadFile(file, text + 4, 50, &got) && got == 3);
    CHECK_STR(text, "one two");
    CHECK(InternetReadFile(file, text, 4, &got) && got == 0);
    CHECK(InternetCloseHandle(file));
    CHECK_ERROR(FtpOpenFileA(ftp, "nowhere", GENERIC_READ, FTP_TRANSFER_TYPE_BINARY, 0), ERROR_INTERNET_EXTENDED_ERROR);
    CHECK_ERROR(FtpOpenFileA(ftp, "", GENERIC_READ, FTP_TRANSFER_TYPE_BINARY, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(FtpOpenFileA(ftp, "x", GENERIC_READ | GENERIC_WRITE, FTP_TRANSFER_TYPE_BINARY, 0),
                ERROR_INVALID_PARAMETER);
    file = FtpOpenFileA(ftp, "remote.bin", GENERIC_READ, FTP_TRANSFER_TYPE_BINARY, 0); /* left in its middle */
    CHECK(InternetReadFile(file, back, 1000, &got) && got == 1000);
    CHECK(InternetCloseHandle(file));
    CHECK(FtpRenameFileA(ftp, "remote.bin", "renamed.bin"));
    CHECK(!FtpRenameFileA(ftp, "remote.bin", "other.bin"));
    CHECK_EQ(GetLastError(), ERROR_INTERNET_EXTENDED_ERROR);
    CHECK(FtpDeleteFileA(ftp, "renamed.bin"));
    CHECK_ERROR(FtpDeleteFileA(ftp, "renamed.bin"), ERROR_INTERNET_EXTENDED_ERROR);
    CHECK_ERROR(FtpDeleteFileA(ftp, "a\r\nDELE b"), ERROR_INVALID_PARAMETER);
}

static const char *here(void)
{
    static char path[MAX_PATH];
    DWORD size = sizeof path;

    return FtpGetCurrentDirectoryA(ftp, path, &size) ? path : "?";
}

static void folders(void)
{
    WCHAR wide[100];
    DWORD size = 1;

    CHECK_STR(here(), "/");
    CHECK_ERROR(FtpGetCurrentDirectoryA(ftp, (char *)wide, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 2);
    CHECK(FtpCreateDirectoryA(ftp, "folder"));
    CHECK_ERROR(FtpCreateDirectoryA(ftp, "folder"), ERROR_INTERNET_EXTENDED_ERROR);
    CHECK(FtpSetCurrentDirectoryA(ftp, "folder"));
    CHECK_STR(here(), "/folder");
    CHECK(FtpCreateDirectoryW(ftp, L"inner"));
    CHECK(FtpSetCurrentDirectoryA(ftp, "inner/../inner"));
    CHECK_STR(here(), "/folder/inner");
    size = 100;
    CHECK(FtpGetCurrentDirectoryW(ftp, wide, &size) && !wcscmp(wide, L"/folder/inner"));
    CHECK_EQ(size, 13);
    put_local("small.txt", "hello", 5);
    CHECK(FtpPutFileA(ftp, "small.txt", "up.txt", FTP_TRANSFER_TYPE_ASCII, 0));
    CHECK(FtpPutFileW(ftp, L"small.txt", L"/folder/absolute.txt", FTP_TRANSFER_TYPE_BINARY, 0));
    CHECK(FtpSetCurrentDirectoryA(ftp, ".."));
    CHECK_STR(here(), "/folder");
    CHECK_ERROR(FtpSetCurrentDirectoryA(ftp, "nowhere"), ERROR_INTERNET_EXTENDED_ERROR);
    CHECK_STR(here(), "/folder");
    CHECK_ERROR(FtpRemoveDirectoryA(ftp, "inner"), ERROR_INTERNET_EXTENDED_ERROR); /* not empty */
}

static void lists(void)
{
    WIN32_FIND_DATAA data;
    WIN32_FIND_DATAW wide;
    int folder = 0, file = 0, others = 0;
    HINTERNET find = FtpFindFirstFileA(ftp, NULL, &data, 0, 0);
    SYSTEMTIME time, now;

    CHECK(find != NULL);
    do {
        if (!strcmp(data.cFileName, "inner") && data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
            folder++;
        } else if (!strcmp(data.cFileName, "absolute.txt") && data.nFileSizeLow == 5) {
            file++;
            FileTimeToSystemTime(&data.ftLastWriteTime, &time);
            GetSystemTime(&now);
            CHECK(time.wYear == now.wYear || time.wYear == now.wYear - 1);
        } else {
            others++;
        }
    } while (InternetFindNextFileA(find, &data));
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    CHECK_EQ(folder, 1);
    CHECK_EQ(file, 1);
    CHECK_EQ(others, 0);
    CHECK(InternetCloseHandle(find));
    find = FtpFindFirstFileW(ftp, L"inner/*.txt", &wide, 0, 0);
    CHECK(find != NULL);
    CHECK(!wcscmp(wide.cFileName, L"up.txt"));
    CHECK(!InternetFindNextFileW(find, &wide));
    CHECK(InternetCloseHandle(find));
    find = FtpFindFirstFileA(ftp, "absolute.txt", &data, 0, 0);
    CHECK(find != NULL);
    CHECK(InternetCloseHandle(find));
    CHECK_ERROR(FtpFindFirstFileA(ftp, "*.none", &data, 0, 0), ERROR_NO_MORE_FILES);
}

static void others(INTERNET_PORT port)
{
    char url[100], text[50] = "";
    DWORD got = 0, kind, size = sizeof kind;
    HINTERNET file;

    CHECK(InternetQueryOptionA(ftp, INTERNET_OPTION_HANDLE_TYPE, &kind, &size));
    CHECK_EQ(kind, INTERNET_HANDLE_TYPE_CONNECT_FTP);
    CHECK(FtpCommandA(ftp, FALSE, FTP_TRANSFER_TYPE_ASCII, "NOOP", 0, NULL));
    CHECK_ERROR(FtpCommandA(ftp, FALSE, FTP_TRANSFER_TYPE_ASCII, "NONSENSE", 0, NULL), ERROR_INTERNET_EXTENDED_ERROR);
    CHECK_ERROR(FtpCommandA(ftp, FALSE, FTP_TRANSFER_TYPE_ASCII, "", 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(HttpOpenRequestA(ftp, NULL, "/", NULL, NULL, NULL, 0, 0), ERROR_INTERNET_INCORRECT_HANDLE_TYPE);
    sprintf(url, "ftp://user:12345@127.0.0.1:%u/folder/absolute.txt", port);
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_PASSIVE, 0);
    CHECK(file != NULL);
    CHECK(InternetReadFile(file, text, 49, &got) && got == 5);
    CHECK_STR(text, "hello");
    CHECK(InternetCloseHandle(file));
    CHECK(FtpSetCurrentDirectoryA(ftp, "/"));
    CHECK(FtpDeleteFileA(ftp, "folder/inner/up.txt"));
    CHECK(FtpRemoveDirectoryA(ftp, "folder/inner"));
}

int main(int argc, char **argv)
{
    INTERNET_PORT port = (INTERNET_PORT)(argc > 1 ? atoi(argv[1]) : 0);

    session = InternetOpenA("tests", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, 0);
    CHECK(session != NULL);
    if (port) {
        logins(port);
        if (ftp) {
            files();
            folders();
            lists();
            others(port);
        }
    } else {
        CHECK_ERROR(FtpDeleteFileA(session, "x"), ERROR_INTERNET_INCORRECT_HANDLE_TYPE);
        CHECK(!FtpDeleteFileA(NULL, "x"));
        CHECK_ERROR(InternetConnectA(session, "127.0.0.1", 1, NULL, NULL, INTERNET_SERVICE_FTP, 0, 0),
                    ERROR_INTERNET_CANNOT_CONNECT);
        CHECK_ERROR(InternetConnectA(session, "127.0.0.1", 1, NULL, NULL, INTERNET_SERVICE_GOPHER, 0, 0),
                    ERROR_INTERNET_UNRECOGNIZED_SCHEME);
    }
    CHECK(InternetCloseHandle(session));
    return check_done();
}
