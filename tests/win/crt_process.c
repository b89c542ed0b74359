/*
 * Do spawn and exec find programs, pass arguments, environments and descriptors, and tell exit codes?  Is what the C
 * runtime buffers written when a program ends by ExitProcess?
 */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <sys/stat.h>

static char self[MAX_PATH];

/* What the children do, by their first argument. */
static int child(int argc, char **argv)
{
    if (!strcmp(argv[1], "code"))
        return atoi(argv[2]);
    if (!strcmp(argv[1], "count"))
        return argc;
    if (!strcmp(argv[1], "environment")) {
        const char *value = getenv("CRT_PROCESS_TEST");
        return value ? atoi(value) : 99;
    }
    if (!strcmp(argv[1], "descriptor")) {
        int fd = atoi(argv[2]);
        return write(fd, "from the child\n", 15) == 15 ? 0 : 1;
    }
    if (!strcmp(argv[1], "exitprocess")) {
        FILE *file = fopen(argv[2], "w");
        fprintf(file, "kept\n");
        ExitProcess(5);
    }
    if (!strcmp(argv[1], "exec")) {
        execl(self, self, "code", "7", NULL);
        return 98;
    }
    return 97;
}

static void check_file(const char *name, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(name, "r");
    CHECK(file != NULL);
    if (!file)
        return;
    text[fread(text, 1, sizeof(text) - 1, file)] = 0;
    fclose(file);
    CHECK_STR(text, expected);
}

static void test_exit_codes(void)
{
    static const int codes[] = {0, 1, 42, 255, 256, -1, 0x12345678};
    char text[16];
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        sprintf(text, "%d", codes[i]);
        CHECK_EQ((int)_spawnl(_P_WAIT, self, self, "code", text, NULL), codes[i]);
        intptr_t process = _spawnl(_P_NOWAIT, self, self, "code", text, NULL);
        int status = 0;
        CHECK(process != -1);
        CHECK_EQ(_cwait(&status, process, 0), process);
        CHECK_EQ(status, codes[i]);
    }
}

static void test_arguments(void)
{
    const char *const three[] = {self, "count", "a", NULL};
    const wchar_t *wide[] = {L"x", L"count", L"two words", NULL};
    wchar_t wide_self[MAX_PATH];
    MultiByteToWideChar(CP_ACP, 0, self, -1, wide_self, MAX_PATH);
    CHECK_EQ(_spawnv(_P_WAIT, self, three), 3);
    /* Nothing is quoted: two words are two arguments. */
    CHECK_EQ(_wspawnv(_P_WAIT, wide_self, wide), 4);
    CHECK_EQ(_spawnl(_P_WAIT, self, self, "count", "\"two words\"", "x", NULL), 4);
    CHECK_EQ(_spawnlp(_P_WAIT, self, self, "count", NULL), 2);
}

static void test_environment(void)
{
    const char *const environment[] = {"CRT_PROCESS_TEST=21", NULL};
    _putenv("CRT_PROCESS_TEST=12");
    CHECK_EQ(_spawnl(_P_WAIT, self, self, "environment", NULL), 12);
    CHECK_EQ(_spawnle(_P_WAIT, self, self, "environment", NULL, environment), 21);
    _putenv("CRT_PROCESS_TEST=");
    CHECK_EQ(_spawnl(_P_WAIT, self, self, "environment", NULL), 99);
}

static void test_descriptors(void)
{
    char text[16];
    int fd = open("inherited", _O_CREAT | _O_TRUNC | _O_RDWR | _O_BINARY, _S_IREAD | _S_IWRITE);
    sprintf(text, "%d", fd);
    CHECK_EQ(_spawnl(_P_WAIT, self, self, "descriptor", text, NULL), 0);
    close(fd);
    check_file("inherited", "from the child\n");
}

static void test_failures(void)
{
    errno = 0;
    CHECK_EQ(_spawnl(_P_WAIT, "no-such-program", "x", NULL), -1);
    CHECK_EQ(errno, ENOENT);
    errno = 0;
    CHECK_EQ(_spawnlp(_P_WAIT, "no-such-program", "x", NULL), -1);
    CHECK_EQ(errno, ENOENT);
    errno = 0;
    CHECK_EQ(_execl("no-such-program", "x", NULL), -1);
    CHECK_EQ(errno, ENOENT);
    errno = 0;
    CHECK_EQ(_spawnl(77, self, self, NULL), -1);
    CHECK_EQ(errno, EINVAL);
    errno = 0;
    CHECK_EQ(_cwait(NULL, -1, 0), -1);
    CHECK_EQ(errno, ECHILD);
    FILE *file = fopen("not-a-program.exe", "w");
    fputs("plain text", file);
    fclose(file);
    errno = 0;
    CHECK_EQ(_spawnl(_P_WAIT, "not-a-program.exe", "x", NULL), -1);
    CHECK_EQ(errno, ENOEXEC);
}

static void test_ends(void)
{
    CHECK_EQ(_spawnl(_P_WAIT, self, self, "exitprocess", "flushed", NULL), 5);
    check_file("flushed", "kept\n");
    CHECK_EQ(_spawnl(_P_WAIT, self, self, "exec", NULL), 0); /* what replaces it runs on its own */
}

/* With a command processor, where there is one. */
static void test_processor(void)
{
    if (!system(NULL))
        return;
    CHECK_EQ(system("exit 3"), 3);
    char line[64] = "";
    FILE *pipe = _popen("echo out of a pipe", "r");
    CHECK(pipe != NULL);
    CHECK(fgets(line, sizeof(line), pipe) != NULL);
    CHECK_STR(line, "out of a pipe\n");
    CHECK_EQ(_pclose(pipe), 0);
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof(self));
    if (argc > 1)
        return child(argc, argv);
    test_exit_codes();
    test_arguments();
    test_environment();
    test_descriptors();
    test_failures();
    test_ends();
    test_processor();
    return check_done();
}
