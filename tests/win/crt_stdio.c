/* Streams, descriptors and names of files as msvcrt has them. */
#include "check.h"
#include <direct.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#include <sys/utime.h>

static const char *NAME = "crt_stdio.tmp";

static void put_bytes(const void *bytes, unsigned size)
{
    int fd = _open(NAME, _O_CREAT | _O_TRUNC | _O_WRONLY | _O_BINARY, _S_IREAD | _S_IWRITE);
    CHECK(fd >= 0);
    CHECK_EQ(_write(fd, bytes, size), size);
    CHECK_EQ(_close(fd), 0);
}

static int get_bytes(void *bytes, unsigned size)
{
    int fd = _open(NAME, _O_RDONLY | _O_BINARY);
    int got = _read(fd, bytes, size);
    _close(fd);
    return got;
}

static void test_text_mode(void)
{
    char b[256];
    FILE *f = fopen(NAME, "w");
    CHECK(f != NULL);
    fputs("one\ntwo\n", f);
    fprintf(f, "%d\n", 3);
    CHECK_EQ(ftell(f), 13);
    CHECK_EQ(fclose(f), 0);
    CHECK_EQ(get_bytes(b, sizeof(b)), 13);
    CHECK(!memcmp(b, "one\r\ntwo\r\n3\r\n", 13));

    put_bytes("a\r\nb\rc\nd\x1a"
              "e\n",
              10);
    f = fopen(NAME, "r");
    CHECK_EQ(fread(b, 1, sizeof(b), f), 7);
    CHECK(!memcmp(b, "a\nb\rc\nd", 7));
    CHECK(feof(f));
    fclose(f);
    f = fopen(NAME, "rb");
    CHECK_EQ(fread(b, 1, sizeof(b), f), 10);
    fclose(f);

    put_bytes("first\r\nsecond\r\nthird", 20);
    f = fopen(NAME, "r");
    CHECK(fgets(b, sizeof(b), f) != NULL);
    CHECK_STR(b, "first\n");
    CHECK_EQ(ftell(f), 7);
    CHECK(fgets(b, 4, f) != NULL);
    CHECK_STR(b, "sec");
    CHECK_EQ(ftell(f), 10);
    CHECK_EQ(fseek(f, 7, SEEK_SET), 0);
    CHECK(fgets(b, sizeof(b), f) != NULL);
    CHECK_STR(b, "second\n");
    CHECK(fgets(b, sizeof(b), f) != NULL);
    CHECK_STR(b, "third");
    CHECK(fgets(b, sizeof(b), f) == NULL);
    CHECK(feof(f));
    rewind(f);
    CHECK(!feof(f));
    CHECK_EQ(getc(f), 'f');
    fclose(f);
}

static void test_positions(void)
{
    FILE *f = fopen(NAME, "w+b");
    char b[16];
    fpos_t position;
    CHECK_EQ(fwrite("0123456789", 1, 10, f), 10);
    CHECK_EQ(fseek(f, 3, SEEK_SET), 0);
    CHECK_EQ(fread(b, 1, 2, f), 2);
    CHECK(!memcmp(b, "34", 2));
    CHECK_EQ(ftell(f), 5);
    CHECK_EQ(fseek(f, 0, SEEK_CUR), 0);
    CHECK_EQ(fwrite("ab", 1, 2, f), 2);
    CHECK_EQ(fseek(f, -4, SEEK_END), 0);
    CHECK_EQ(fgetc(f), 'b');
    CHECK_EQ(fgetpos(f, &position), 0);
    CHECK_EQ(fgetc(f), '7');
    CHECK_EQ(fsetpos(f, &position), 0);
    CHECK_EQ(fgetc(f), '7');
    rewind(f);
    CHECK_EQ(fread(b, 1, 16, f), 10);
    CHECK(!memcmp(b, "01234ab789", 10));
    CHECK(feof(f));
    fclose(f);
    f = fopen(NAME, "ab");
    CHECK_EQ(fwrite("zz", 2, 1, f), 1);
    fclose(f);
    CHECK_EQ(get_bytes(b, 16), 12);
    CHECK_EQ(fclose(fopen(NAME, "wb")), 0);
    CHECK_EQ(get_bytes(b, 16), 0);
}

static void test_ungetc(void)
{
    put_bytes("xyz", 3);
    FILE *f = fopen(NAME, "rb");
    CHECK_EQ(ungetc('q', f), 'q');
    CHECK_EQ(getc(f), 'q');
    CHECK_EQ(getc(f), 'x');
    CHECK_EQ(ungetc('w', f), 'w');
    CHECK_EQ(getc(f), 'w');
    CHECK_EQ(getc(f), 'y');
    CHECK_EQ(getc(f), 'z');
    CHECK_EQ(getc(f), EOF);
    CHECK_EQ(ungetc('e', f), 'e');
    CHECK(!feof(f));
    CHECK_EQ(getc(f), 'e');
    CHECK_EQ(ungetc(EOF, f), EOF);
    CHECK_EQ(putc('n', f), EOF);
    CHECK(ferror(f));
    clearerr(f);
    CHECK(!ferror(f));
    fclose(f);
}

static void test_buffers(void)
{
    static char large[20000], again[20000];
    char own[512];
    for (unsigned i = 0; i < sizeof(large); i++)
        large[i] = (char)(i * 7);
    FILE *f = fopen(NAME, "wb");
    CHECK_EQ(setvbuf(f, own, _IOFBF, sizeof(own)), 0);
    CHECK_EQ(fwrite(large, 1, 100, f), 100);
    CHECK_EQ(fwrite(large + 100, 1, sizeof(large) - 100, f), sizeof(large) - 100);
    CHECK_EQ(fclose(f), 0);
    f = fopen(NAME, "rb");
    CHECK_EQ(fread(again, 3, 5, f), 5);
    CHECK_EQ(fread(again + 15, 1, sizeof(again), f), sizeof(again) - 15);
    CHECK(!memcmp(large, again, sizeof(large)));
    fclose(f);
    f = fopen(NAME, "wb");
    CHECK_EQ(setvbuf(f, NULL, _IONBF, 0), 0);
    fputs("now", f);
    CHECK_EQ(get_bytes(own, 16), 3);
    fclose(f);
    f = fopen(NAME, "wb");
    fputs("later", f);
    CHECK_EQ(get_bytes(own, 16), 0);
    CHECK_EQ(fflush(f), 0);
    CHECK_EQ(get_bytes(own, 16), 5);
    fclose(f);
}

static void test_descriptors(void)
{
    char b[64];
    int fds[2];
    int fd = _open(NAME, _O_CREAT | _O_TRUNC | _O_RDWR | _O_TEXT, _S_IREAD | _S_IWRITE);
    CHECK_EQ(_write(fd, "a\nb\n", 4), 4);
    CHECK_EQ(_tell(fd), 6);
    CHECK_EQ(_filelength(fd), 6);
    CHECK_EQ(_lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(_eof(fd), 0);
    CHECK_EQ(_read(fd, b, sizeof(b)), 4);
    CHECK_EQ(_eof(fd), 1);
    CHECK_EQ(_setmode(fd, _O_BINARY), _O_TEXT);
    CHECK_EQ(_lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(_read(fd, b, sizeof(b)), 6);
    CHECK_EQ(_chsize(fd, 2), 0);
    CHECK_EQ(_filelength(fd), 2);
    int copy = _dup(fd);
    CHECK(copy > fd);
    CHECK_EQ(_dup2(fd, 20), 0);
    CHECK_EQ(_filelength(20), 2);
    CHECK_EQ(_close(20), 0);
    CHECK_EQ(_close(copy), 0);
    CHECK(!_isatty(fd));
    CHECK_EQ(_commit(fd), 0);
    CHECK_EQ(_close(fd), 0);
    errno = 0;
    CHECK_EQ(_open("no such file", _O_RDONLY), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(_open(NAME, _O_CREAT | _O_EXCL | _O_RDWR, _S_IWRITE), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(_pipe(fds, 4096, _O_BINARY), 0);
    CHECK_EQ(_write(fds[1], "pipe", 4), 4);
    CHECK_EQ(_read(fds[0], b, sizeof(b)), 4);
    CHECK_EQ(_close(fds[1]), 0);
    CHECK_EQ(_read(fds[0], b, sizeof(b)), 0);
    CHECK_EQ(_close(fds[0]), 0);
}

static void test_status(void)
{
    struct _stat64 s;
    struct __utimbuf64 times = {1000000000, 1100000000};
    put_bytes("12345", 5);
    CHECK_EQ(_utime64(NAME, &times), 0);
    CHECK_EQ(_stat64(NAME, &s), 0);
    CHECK_EQ(s.st_size, 5);
    CHECK_EQ(s.st_mode, _S_IFREG | 0666);
    CHECK_EQ(s.st_mtime, 1100000000);
    CHECK_EQ(s.st_nlink, 1);
    CHECK_EQ(_stat64(".", &s), 0);
    CHECK_EQ(s.st_mode & _S_IFMT, _S_IFDIR);
    CHECK_EQ(_stat64("no such file", &s), -1);
    CHECK_EQ(errno, ENOENT);
    int fd = _open(NAME, _O_RDONLY);
    CHECK_EQ(_fstat64(fd, &s), 0);
    CHECK_EQ(s.st_size, 5);
    _close(fd);
    CHECK_EQ(_access(NAME, 0), 0);
    CHECK_EQ(_chmod(NAME, _S_IREAD), 0);
    CHECK_EQ(_access(NAME, 2), -1);
    CHECK_EQ(errno, EACCES);
    CHECK_EQ(_chmod(NAME, _S_IREAD | _S_IWRITE), 0);
    CHECK_EQ(_access(NAME, 6), 0);
}

static void test_names(void)
{
    char path[MAX_PATH], drive[_MAX_DRIVE], directory[_MAX_DIR], name[_MAX_FNAME], extension[_MAX_EXT], b[MAX_PATH];
    _splitpath("c:\\dir.x/sub\\file.tar.gz", drive, directory, name, extension);
    CHECK_STR(drive, "c:");
    CHECK_STR(directory, "\\dir.x/sub\\");
    CHECK_STR(name, "file.tar");
    CHECK_STR(extension, ".gz");
    _makepath(path, "d", "one\\two", "three", "txt");
    CHECK_STR(path, "d:one\\two\\three.txt");
    CHECK(_getcwd(path, sizeof(path)) != NULL);
    CHECK_EQ(_mkdir("crt_stdio.dir"), 0);
    CHECK_EQ(_mkdir("crt_stdio.dir"), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(_chdir("crt_stdio.dir"), 0);
    CHECK(_fullpath(b, "x.txt", sizeof(b)) != NULL);
    CHECK(!strncmp(b, path, strlen(path)));
    CHECK_STR(strrchr(b, '\\'), "\\x.txt");
    CHECK_EQ(_chdir(".."), 0);
    CHECK_EQ(_rmdir("crt_stdio.dir"), 0);
    CHECK_EQ(rename(NAME, "crt_stdio.new"), 0);
    CHECK_EQ(rename("crt_stdio.new", NAME), 0);

    struct _finddata_t found;
    intptr_t handle = _findfirst("crt_stdio.tm?", &found);
    CHECK(handle != -1);
    CHECK_STR(found.name, NAME);
    CHECK_EQ(found.size, 5);
    CHECK_EQ(_findnext(handle, &found), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(_findclose(handle), 0);
    CHECK_EQ(remove(NAME), 0);
    CHECK_EQ(remove(NAME), -1);
    CHECK_EQ(errno, ENOENT);
}

static void test_unicode(void)
{
    wchar_t w[16];
    char b[32];
    FILE *f = _wfopen(L"crt_stdio.tmp", L"w, ccs=UTF-8");
    CHECK(f != NULL);
    if (!f)
        return;
    CHECK(fputws(L"\x00e4\x20ac\n", f) >= 0);
    fclose(f);
    CHECK_EQ(get_bytes(b, sizeof(b)), 10);
    CHECK(!memcmp(b, "\xef\xbb\xbf\xc3\xa4\xe2\x82\xac\r\n", 10));
    f = _wfopen(L"crt_stdio.tmp", L"r, ccs=UTF-8");
    CHECK(fgetws(w, 16, f) != NULL);
    CHECK(!wcscmp(w, L"\x00e4\x20ac\n"));
    CHECK(fgetws(w, 16, f) == NULL);
    fclose(f);
    f = fopen(NAME, "wb");
    CHECK_EQ(fputwc(0x20ac, f), 0x20ac);
    fclose(f);
    CHECK_EQ(get_bytes(b, sizeof(b)), 2);
    CHECK(!memcmp(b, "\xac\x20", 2));
    _unlink(NAME);
}

static void test_temporary(void)
{
    FILE *f = tmpfile();
    char b[16];
    CHECK(f != NULL);
    if (!f)
        return;
    fputs("temporary", f);
    rewind(f);
    CHECK(fgets(b, sizeof(b), f) != NULL);
    CHECK_STR(b, "temporary");
    fclose(f);
}

int main(void)
{
    test_text_mode();
    test_positions();
    test_ungetc();
    test_buffers();
    test_descriptors();
    test_unicode();
    test_status();
    test_names();
    test_temporary();
    return check_done();
}
