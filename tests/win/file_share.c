/* Do sharing modes, pending deletion and delete-on-close hold within a process, between two, and when one is killed? */
#include "file_servant.h"

#define ALL 7
#define READ 0x80000000
#define WRITE 0x40000000
#define REMOVE 0x10000
#define NO_SUCH ERROR_FILE_NOT_FOUND

/* What both may do and deny at the same time, by Windows' rule, which is symmetric. */
static int compatible(DWORD access, DWORD sharing, DWORD other_access, DWORD other_sharing)
{
    DWORD need = (access & READ ? 1 : 0) | (access & WRITE ? 2 : 0) | (access & REMOVE ? 4 : 0);
    DWORD other_need = (other_access & READ ? 1 : 0) | (other_access & WRITE ? 2 : 0) | (other_access & REMOVE ? 4 : 0);
    return !need || !other_need || (!(need & ~other_sharing) && !(other_need & ~sharing));
}

static void test_matrix(DWORD (*second)(const char *))
{
    static const DWORD accesses[] = {READ, WRITE, READ | WRITE, REMOVE, READ | REMOVE, 0x80};
    char line[100];
    int wrong = 0, tried = 0;
    for (unsigned a = 0; a < 6; a++)
        for (DWORD sharing = 0; sharing < 8; sharing++) {
            snprintf(line, sizeof line, "o 0 %lx %lx 3 0 share.tmp", accesses[a], sharing);
            HERE(line, 0);
            for (unsigned b = 0; b < 6; b++)
                for (DWORD other = 0; other < 8; other++) {
                    DWORD expected = compatible(accesses[a], sharing, accesses[b], other) ? 0 : ERROR_SHARING_VIOLATION;
                    snprintf(line, sizeof line, "o 1 %lx %lx 3 0 share.tmp", accesses[b], other);
                    DWORD error = second(line);
                    tried++;
                    if (error != expected && wrong++ < 5)
                        printf("%lx share %lx, then %lx share %lx: error %lu\n", accesses[a], sharing, accesses[b],
                               other, error);
                    if (!error)
                        second("c 1");
                }
            HERE("c 0", 0);
        }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(tried, 6 * 8 * 6 * 8);
}

static void test_between(void)
{
    /* A file that somebody keeps from being deleted. */
    HERE("o 0 80000000 3 3 0 share.tmp", 0);
    THERE("d share.tmp", ERROR_SHARING_VIOLATION);
    THERE("m 1 share.tmp other.tmp", ERROR_SHARING_VIOLATION);
    HERE("o 1 40000000 7 2 0 source.tmp", 0);
    HERE("c 1", 0);
    THERE("m 1 source.tmp share.tmp", ERROR_ACCESS_DENIED);
    HERE("c 0", 0);
    THERE("m 1 source.tmp share.tmp", 0);
    HERE("e source.tmp", NO_SUCH);
    /* Creating anew needs what writing needs. */
    HERE("o 0 80000000 1 3 0 share.tmp", 0);
    THERE("o 0 40000000 7 2 0 share.tmp", ERROR_SHARING_VIOLATION);
    HERE("c 0", 0);
    /* Two opens in one process: what either denies is denied. */
    HERE("o 0 80000000 3 3 0 share.tmp", 0);
    HERE("o 1 80000000 5 3 0 share.tmp", 0);
    THERE("o 0 80000000 7 3 0 share.tmp", 0);
    THERE("c 0", 0);
    THERE("o 0 40000000 7 3 0 share.tmp", ERROR_SHARING_VIOLATION);
    HERE("c 1", 0);
    THERE("o 0 40000000 7 3 0 share.tmp", 0);
    THERE("o 1 80010000 7 3 0 share.tmp", ERROR_SHARING_VIOLATION);
    HERE("c 0", 0);
    THERE("o 1 80010000 7 3 0 share.tmp", 0);
    THERE("c 0", 0);
    THERE("c 1", 0);
}

static void test_pending(void)
{
    /* The old way: the name stays, and nobody may open it, until the last handle anywhere is closed. */
    HERE("o 0 80000000 7 3 0 share.tmp", 0);
    THERE("o 0 80010000 7 3 0 share.tmp", 0);
    THERE("z 0 1", 0);
    HERE("o 1 80000000 7 3 0 share.tmp", ERROR_ACCESS_DENIED);
    THERE("z 0 0", 0); /* not after all */
    HERE("o 1 80000000 7 3 0 share.tmp", 0);
    HERE("c 1", 0);
    THERE("z 0 1", 0);
    THERE("c 0", 0);
    HERE("o 1 80000000 7 3 0 share.tmp", ERROR_ACCESS_DENIED);
    THERE("o 1 80000000 7 3 0 share.tmp", ERROR_ACCESS_DENIED);
    FILE_STANDARD_INFO info;
    CHECK(GetFileInformationByHandleEx(servant_files[0], FileStandardInfo, &info, sizeof info));
    CHECK_EQ(info.DeletePending, TRUE);
    HERE("c 0", 0);
    HERE("e share.tmp", NO_SUCH);
    /* The POSIX way: the name goes with the handle that said so; who has it open goes on. */
    HERE("o 0 c0000000 7 2 0 share.tmp", 0);
    THERE("o 0 10000 7 3 0 share.tmp", 0);
    THERE("x 0 3", 0);
    THERE("c 0", 0);
    HERE("e share.tmp", NO_SUCH);
    HERE("w 0 0 10", 0);
    HERE("r 0 0 10", 0);
    THERE("o 0 40000000 7 1 0 share.tmp", 0); /* another file of the same name */
    THERE("c 0", 0);
    HERE("c 0", 0);
    /* Other names of the file stay, and it may be opened by them, whoever still has it open. */
    CHECK(CreateHardLinkA("share2.tmp", "share.tmp", NULL));
    HERE("o 0 c0000000 7 3 0 share.tmp", 0);
    THERE("o 0 10000 7 3 0 share.tmp", 0);
    THERE("x 0 3", 0);
    THERE("c 0", 0);
    HERE("e share.tmp", NO_SUCH);
    HERE("o 1 80000000 7 3 0 share2.tmp", 0);
    HERE("c 1", 0);
    THERE("o 0 80010000 7 3 0 share2.tmp", 0);
    CHECK(GetFileInformationByHandleEx(servant_files[0], FileStandardInfo, &info, sizeof info));
    CHECK_EQ(info.DeletePending, FALSE);
    CHECK_EQ(info.NumberOfLinks, 1);
    THERE("x 0 3", 0);
    THERE("c 0", 0);
    CHECK(GetFileInformationByHandleEx(servant_files[0], FileStandardInfo, &info, sizeof info));
    CHECK_EQ(info.NumberOfLinks, 0);
    HERE("e share2.tmp", NO_SUCH);
    HERE("c 0", 0);
    DeleteFileA("share.tmp");
}

static void test_delete_on_close(void)
{
    HERE("o 0 40000000 7 2 4000000 share.tmp", 0);
    THERE("o 0 80000000 3 3 0 share.tmp", ERROR_SHARING_VIOLATION); /* it must allow deletion */
    THERE("o 0 80000000 7 3 0 share.tmp", 0);
    HERE("c 0", 0);
    HERE("o 0 80000000 7 3 0 share.tmp", ERROR_ACCESS_DENIED);
    THERE("c 0", 0);
    HERE("e share.tmp", NO_SUCH);
    THERE("o 0 40000000 7 2 4000000 share.tmp", 0);
    THERE("c 0", 0);
    HERE("e share.tmp", NO_SUCH);
}

static void test_kill(void)
{
    HERE("o 0 40000000 7 2 0 share.tmp", 0);
    HERE("c 0", 0);
    THERE("o 0 c0000000 0 3 0 share.tmp", 0);
    THERE("o 1 40000000 7 2 4000000 gone.tmp", 0);
    THERE("l 0 3 0 10", 0);
    HERE("o 0 80000000 7 3 0 share.tmp", ERROR_SHARING_VIOLATION);
    HERE("e gone.tmp", 0);
    servant_send("k");
    CHECK_EQ(WaitForSingleObject(servant_process, 20000), WAIT_OBJECT_0);
    HERE("o 0 c0000000 0 3 0 share.tmp", 0);
    HERE("l 0 3 0 10", 0);
    HERE("c 0", 0);
    HERE("e gone.tmp", NO_SUCH);
    CloseHandle(servant_in);
    CloseHandle(servant_out);
    CloseHandle(servant_process);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return servant_main();
    (void)argv;
    HERE("o 0 40000000 7 2 0 share.tmp", 0);
    HERE("c 0", 0);
    test_matrix(servant_do);
    servant_start();
    test_matrix(servant);
    test_between();
    if (check_under_wine()) { /* Wine 8 lets a file that is to be deleted be opened, and forgets names */
        servant_end();
        return check_done();
    }
    test_pending();
    test_delete_on_close();
    test_kill();
    DeleteFileA("share.tmp");
    return check_done();
}
