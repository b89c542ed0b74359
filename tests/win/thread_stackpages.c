/*
 * thread_stackpages.c: may a thread commit the lowest pages of its own stack, as virtual machines do that keep guards
 * of their own there, give them back, and still notice the end of its stack?
 */
#include "check.h"

#define PAGE 4096

static char *stack_bottom(char **top)
{
    MEMORY_BASIC_INFORMATION info;
    CHECK_EQ(VirtualQuery(&top, &info, sizeof info), sizeof info);
    char *bottom = info.AllocationBase, *at = bottom;
    CHECK_EQ(info.State, MEM_COMMIT);
    while (VirtualQuery(at, &info, sizeof info) && info.AllocationBase == bottom && info.RegionSize)
        at = (char *)info.BaseAddress + info.RegionSize;
    *top = at;
    return bottom;
}

static DWORD state_of(char *address)
{
    MEMORY_BASIC_INFORMATION info;
    CHECK_EQ(VirtualQuery(address, &info, sizeof info), sizeof info);
    return info.State;
}

static void test_pages(void)
{
    char *top = NULL, *bottom = stack_bottom(&top);
    CHECK(bottom < (char *)&top && (char *)&top < top);
    CHECK_EQ((ULONG_PTR)bottom % PAGE, 0);
    CHECK_EQ(state_of(bottom), MEM_RESERVE);
    CHECK(VirtualAlloc(bottom, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) == bottom);
    CHECK_EQ(state_of(bottom), MEM_COMMIT);
    CHECK_EQ(state_of(bottom + 3 * PAGE), MEM_COMMIT);
    memset(bottom, 1, 4 * PAGE);
    CHECK_EQ(bottom[4 * PAGE - 1], 1);
    CHECK(VirtualAlloc(bottom, PAGE, MEM_COMMIT, PAGE_READWRITE) == bottom); /* again */
    CHECK(VirtualFree(bottom, 4 * PAGE, MEM_DECOMMIT));
    CHECK_EQ(state_of(bottom), MEM_RESERVE);
    CHECK(VirtualAlloc(bottom, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) == bottom);
    CHECK(VirtualFree(bottom, 4 * PAGE, MEM_DECOMMIT));
    CHECK(!VirtualFree(bottom, 0, MEM_RELEASE)); /* a stack is not given back as a whole */
    /* What is committed anyway. */
    char *here = (char *)((ULONG_PTR)&here & ~(ULONG_PTR)(PAGE - 1));
    CHECK(VirtualAlloc(here, PAGE, MEM_COMMIT, PAGE_READWRITE) == here);
}

static DWORD WINAPI in_thread(void *unused)
{
    (void)unused;
    test_pages();
    return 7;
}

int main(void)
{
    if (check_under_wine())
        return check_done();
    for (int i = 0; i < 3; i++) { /* a stack may be used again by the next thread */
        DWORD code = 0;
        HANDLE thread = CreateThread(NULL, i * 0x40000, in_thread, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
        CHECK_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
        CHECK(GetExitCodeThread(thread, &code));
        CHECK_EQ(code, 7);
        CloseHandle(thread);
    }
    return check_done();
}
