/*
 * msvcp_companions.c: do the DLLs beside msvcp140.dll do their work: waiting on atomics, memory resources?
 */
#include "check.h"
#include <stdint.h>

static HMODULE waits, resources;

static void *function(HMODULE dll, const char *name)
{
    void *found = (void *)GetProcAddress(dll, name);
    if (!found) {
        printf("no %s\n", name);
        exit(1);
    }
    return found;
}
#define WAITS(result, name, ...) ((result(*)(__VA_ARGS__))function(waits, name))
#define RESOURCES(result, name, ...) ((result(*)(__VA_ARGS__))function(resources, name))

static volatile LONG value;
static volatile LONG64 pair[2] __attribute__((aligned(16)));

static DWORD WINAPI change(void *argument)
{
    (void)argument;
    Sleep(2);
    value = 1;
    WAITS(void, "__std_atomic_notify_one_direct", const volatile void *)(&value);
    Sleep(2);
    pair[0] = 5;
    WAITS(void, "__std_atomic_notify_all_indirect", const volatile void *)(pair);
    return 0;
}

static unsigned char same(const void *a, void *b, size_t size, void *argument)
{
    CHECK(argument == &value);
    return !memcmp(a, b, size);
}

static void test_waits(void)
{
    LONG expected = 0;
    LONG64 expected_pair[2] = {0, 0};
    CHECK_EQ(
        WAITS(int, "__std_atomic_wait_direct", const volatile void *, void *, size_t, DWORD)(&value, &expected, 4, 1),
        0);
    expected = 7;
    CHECK(WAITS(int, "__std_atomic_wait_direct", const volatile void *, void *, size_t, DWORD)(&value, &expected, 4,
                                                                                               INFINITE));
    expected = 0;
    CHECK_EQ(WAITS(int, "__std_atomic_wait_indirect", const volatile void *, void *, size_t, void *, void *,
                   DWORD)(pair, expected_pair, 16, (void *)&value, (void *)same, 1) &
                 0xff,
             0);
    HANDLE thread = CreateThread(NULL, 0, change, NULL, 0, NULL);
    while (value == expected)
        CHECK(WAITS(int, "__std_atomic_wait_direct", const volatile void *, void *, size_t, DWORD)(&value, &expected, 4,
                                                                                                   INFINITE));
    while (pair[0] == 0)
        WAITS(int, "__std_atomic_wait_indirect", const volatile void *, void *, size_t, void *, void *, DWORD)
    (pair, expected_pair, 16, (void *)&value, (void *)same, INFINITE);
    CHECK_EQ(pair[0], 5);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);

    CHECK_EQ(WAITS(uint64_t, "__std_atomic_wait_get_deadline", uint64_t)(~0ull), ~0ull);
    CHECK_EQ(WAITS(DWORD, "__std_atomic_wait_get_remaining_timeout", uint64_t)(~0ull), INFINITE);
    CHECK_EQ(WAITS(DWORD, "__std_atomic_wait_get_remaining_timeout", uint64_t)(0), 0);
    uint64_t deadline = WAITS(uint64_t, "__std_atomic_wait_get_deadline", uint64_t)(5000);
    DWORD left = WAITS(DWORD, "__std_atomic_wait_get_remaining_timeout", uint64_t)(deadline);
    CHECK(left > 3000 && left <= 5000);
    CHECK(WAITS(unsigned, "__std_parallel_algorithms_hw_threads", void)() >= 1);
}

static void test_resources(void)
{
    struct resource {
        void **vftable;
    } *aligned = RESOURCES(void *, "_Aligned_new_delete_resource", void)(),
      *plain = RESOURCES(void *, "_Unaligned_new_delete_resource", void)(),
      *null = RESOURCES(void *, "null_memory_resource", void)();
    CHECK(aligned && plain && null && aligned != plain && aligned != null);
    CHECK(RESOURCES(void *, "_Aligned_get_default_resource", void)() == aligned);
    CHECK(RESOURCES(void *, "_Aligned_set_default_resource", void *)(null) == aligned);
    CHECK(RESOURCES(void *, "_Aligned_get_default_resource", void)() == null);
    CHECK(RESOURCES(void *, "_Aligned_set_default_resource", void *)(NULL) == null);
    CHECK(RESOURCES(void *, "_Aligned_get_default_resource", void)() == aligned);
    CHECK(RESOURCES(void *, "_Unaligned_get_default_resource", void)() == plain);
    static const size_t alignments[] = {1, 8, 16, 32, 64, 4096};
    for (int i = 0; i < 6; i++) {
        char *block = ((void *(*)(void *, size_t, size_t))aligned->vftable[1])(aligned, 100, alignments[i]);
        CHECK(block && !((uintptr_t)block % alignments[i]));
        memset(block, 1, 100);
        ((void (*)(void *, void *, size_t, size_t))aligned->vftable[2])(aligned, block, 100, alignments[i]);
    }
    CHECK(((unsigned char (*)(void *, void *))aligned->vftable[3])(aligned, aligned));
    CHECK(!((unsigned char (*)(void *, void *))aligned->vftable[3])(aligned, plain));
}

int main(void)
{
    waits = LoadLibraryA("msvcp140_atomic_wait.dll");
    resources = LoadLibraryA("msvcp140_1.dll");
    CHECK(waits != NULL);
    CHECK(resources != NULL);
    test_waits();
    test_resources();
    return check_done();
}
