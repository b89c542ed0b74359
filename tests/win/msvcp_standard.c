/*
 * msvcp_standard.c: are cin, cout, cerr, clog and their wide twins the C runtime's streams, in step with it?
 */
/* Standard output is what is tested: reports go to standard error. */
#include <stdio.h>
#define printf(...) fprintf(stderr, __VA_ARGS__)
#include "msvcp.h"

#define WIDE_OSTREAM "?$basic_ostream@_WU?$char_traits@_W@std@@@std@@"
#define WIDE_ISTREAM "?$basic_istream@_WU?$char_traits@_W@std@@@std@@"

static HMODULE crt;
#define CRT(result, name, ...) ((result(*)(__VA_ARGS__))(void *)GetProcAddress(crt, name))
#define STREAM(number) CRT(void *, "__acrt_iob_func", unsigned)(number)

static void check_file(const char *name, const char *expected)
{
    char text[256] = "";
    FILE *file = fopen(name, "rb");
    CHECK(file != NULL);
    if (!file)
        return;
    text[fread(text, 1, sizeof(text) - 1, file)] = 0;
    fclose(file);
    CHECK_STR(text, expected);
    DeleteFileA(name);
}

static void test_output(void)
{
    struct ostream *out = msvcp_function("?cout@std@@3V?$basic_ostream@DU?$char_traits@D@std@@@1@A");
    struct ostream *error = msvcp_function("?cerr@std@@3V?$basic_ostream@DU?$char_traits@D@std@@@1@A");
    struct ostream *log = msvcp_function("?clog@std@@3V?$basic_ostream@DU?$char_traits@D@std@@@1@A");
    CHECK(out->ios.buffer && error->ios.buffer && log->ios.buffer);
    CHECK_EQ(out->ios.flags & F_UNITBUF, 0);
    CHECK_EQ(error->ios.flags & F_UNITBUF, F_UNITBUF);
    CHECK_EQ(log->ios.flags & F_UNITBUF, 0);
    CHECK(error->ios.tie == out);
    CHECK(out->ios.tie == NULL);
    CHECK_EQ(out->vbtable[1], 16);
    CHECK(*(void **)msvcp_function("?_Ptr_cout@std@@3PEAV?$basic_ostream@DU?$char_traits@D@std@@@1@EA") == out);
}

/* What they write, and what the C runtime writes in between */
static void test_written(void)
{
    struct ostream *out = msvcp_function("?cout@std@@3V?$basic_ostream@DU?$char_traits@D@std@@@1@A");
    void *wide = msvcp_function("?wcout@std@@3V?$basic_ostream@_WU?$char_traits@_W@std@@@1@A");
    CHECK(CRT(void *, "freopen", const char *, const char *, void *)("std_out2.txt", "w", STREAM(1)) != NULL);
    CALL(void *, "??6" OSTREAM "QEAAAEAV01@H@Z", void *, int)(out, 42);
    CRT(int, "fputs", const char *, void *)("[c]", STREAM(1));
    CALL(void *, "?write@" OSTREAM "QEAAAEAV12@PEBD_J@Z", void *, const char *, long long)(out, "abc\n", 4);
    CALL(void *, "??6" WIDE_OSTREAM "QEAAAEAV01@N@Z", void *, double)(wide, 2.5);
    CALL(void *, "?put@" WIDE_OSTREAM "QEAAAEAV12@_W@Z", void *, WCHAR)(wide, 'w');
    CALL(void *, "?write@" WIDE_OSTREAM "QEAAAEAV12@PEB_W_J@Z", void *, const WCHAR *, long long)(wide, L"ide", 3);
    CALL(void *, "?put@" OSTREAM "QEAAAEAV12@D@Z", void *, char)(out, '\n');
    CHECK(CRT(void *, "freopen", const char *, const char *, void *)("NUL", "w", STREAM(1)) != NULL);
    check_file("std_out2.txt", "42[c]abc\r\n2.5wide\r\n");
}

static void test_input(void)
{
    struct istream *in = msvcp_function("?cin@std@@3V?$basic_istream@DU?$char_traits@D@std@@@1@A");
    void *wide = msvcp_function("?wcin@std@@3V?$basic_istream@_WU?$char_traits@_W@std@@@1@A");
    FILE *file = fopen("std_in.txt", "wb");
    int number = 0;
    char line[16] = "";
    fputs("12 word\r\nline two\r\nxyz", file);
    fclose(file);
    CHECK(in->ios.tie != NULL);
    CHECK(CRT(void *, "freopen", const char *, const char *, void *)("std_in.txt", "r", STREAM(0)) != NULL);
    CALL(void *, "??5" ISTREAM "QEAAAEAV01@AEAH@Z", void *, int *)(in, &number);
    CHECK_EQ(number, 12);
    CHECK_EQ(CRT(int, "fgetc", void *)(STREAM(0)), ' ');
    CALL(void *, "?getline@" ISTREAM "QEAAAEAV12@PEAD_J@Z", void *, char *, long long)(in, line, sizeof(line));
    CHECK_STR(line, "word");
    CALL(void *, "?read@" ISTREAM "QEAAAEAV12@PEAD_J@Z", void *, char *, long long)(in, line, 4);
    CHECK(!memcmp(line, "line", 4));
    CHECK_EQ(CALL(unsigned short, "?get@" WIDE_ISTREAM "QEAAGXZ", void *)(wide), ' ');
    CALL(void *, "?ignore@" ISTREAM "QEAAAEAV12@_JH@Z", void *, long long, int)(in, 100, '\n');
    CHECK_EQ(CALL(int, "?peek@" ISTREAM "QEAAHXZ", void *)(in), 'x');
    CHECK_EQ(CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)(in), 'x');
    CALL(void *, "?unget@" ISTREAM "QEAAAEAV12@XZ", void *)(in);
    CHECK_EQ(CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)(in), 'x');
    CHECK_EQ(CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)(in), 'y');
    CALL(void *, "?putback@" ISTREAM "QEAAAEAV12@D@Z", void *, char)(in, 'Q');
    CHECK_EQ(CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)(in), 'Q');
    CHECK_EQ(CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)(in), 'z');
    CHECK_EQ(CALL(int, "?get@" ISTREAM "QEAAHXZ", void *)(in), -1);
    CHECK_EQ(in->ios.state, S_EOF | S_FAIL);
    CHECK(CRT(void *, "freopen", const char *, const char *, void *)("NUL", "r", STREAM(0)) != NULL);
    DeleteFileA("std_in.txt");
}

int main(void)
{
    crt = LoadLibraryA("ucrtbase.dll");
    msvcp_function("?cout@std@@3V?$basic_ostream@DU?$char_traits@D@std@@@1@A");
    test_output();
    test_written();
    test_input();
    return check_done();
}
