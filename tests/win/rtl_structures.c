/*
 * Do ntdll's large bit maps, splay trees, resources, handle tables and debug texts do what is documented, and has every
 * Nt function its Zw twin?
 */
#include "check.h"

static HMODULE ntdll;
#define GET(result, name, ...) result(WINAPI *name)(__VA_ARGS__) = (void *)GetProcAddress(ntdll, #name)

typedef struct {
    ULONG64 size;
    ULONG64 *buffer;
} BITMAP_EX;

static void bitmaps(void)
{
    GET(void, RtlInitializeBitMapEx, BITMAP_EX *, ULONG64 *, ULONG64);
    GET(void, RtlSetBitsEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(void, RtlClearBitsEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(void, RtlSetBitEx, BITMAP_EX *, ULONG64);
    GET(void, RtlClearBitEx, BITMAP_EX *, ULONG64);
    GET(BOOLEAN, RtlTestBitEx, BITMAP_EX *, ULONG64);
    GET(void, RtlSetAllBitsEx, BITMAP_EX *);
    GET(void, RtlClearAllBitsEx, BITMAP_EX *);
    GET(BOOLEAN, RtlAreBitsSetEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(BOOLEAN, RtlAreBitsClearEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(ULONG64, RtlNumberOfSetBitsEx, BITMAP_EX *);
    GET(ULONG64, RtlNumberOfClearBitsEx, BITMAP_EX *);
    GET(ULONG64, RtlFindClearBitsEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(ULONG64, RtlFindSetBitsEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(ULONG64, RtlFindClearBitsAndSetEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(ULONG64, RtlFindSetBitsAndClearEx, BITMAP_EX *, ULONG64, ULONG64);
    GET(ULONG, RtlNumberOfSetBitsUlongPtr, ULONG_PTR);
    GET(void, RtlInterlockedSetBitRun, void *, ULONG, ULONG);
    GET(void, RtlInterlockedClearBitRun, void *, ULONG, ULONG);
    ULONG64 bits[4] = {0};
    BITMAP_EX map;

    RtlInitializeBitMapEx(&map, bits, 200);
    CHECK_EQ(map.size, 200);
    CHECK(map.buffer == bits);
    RtlSetBitsEx(&map, 60, 10);
    CHECK_EQ(bits[0], 0xf000000000000000);
    CHECK_EQ(bits[1], 0x3f);
    CHECK_EQ(RtlNumberOfSetBitsEx(&map), 10);
    CHECK_EQ(RtlNumberOfClearBitsEx(&map), 190);
    CHECK(RtlAreBitsSetEx(&map, 60, 10));
    CHECK(!RtlAreBitsSetEx(&map, 60, 11));
    CHECK(!RtlAreBitsSetEx(&map, 60, 0));
    CHECK(!RtlAreBitsClearEx(&map, 195, 6));
    CHECK(RtlAreBitsClearEx(&map, 195, 5));
    CHECK(RtlTestBitEx(&map, 69) && !RtlTestBitEx(&map, 70));
    CHECK_EQ(RtlFindSetBitsEx(&map, 10, 0), 60);
    CHECK_EQ(RtlFindSetBitsEx(&map, 11, 0), ~0ull);
    CHECK_EQ(RtlFindClearBitsEx(&map, 61, 0), 70);
    CHECK_EQ(RtlFindClearBitsEx(&map, 131, 0), ~0ull);
    CHECK_EQ(RtlFindClearBitsAndSetEx(&map, 60, 0), 0);
    CHECK_EQ(RtlNumberOfSetBitsEx(&map), 70);
    CHECK_EQ(RtlFindSetBitsAndClearEx(&map, 70, 5), 0);
    CHECK_EQ(RtlNumberOfSetBitsEx(&map), 0);
    RtlSetBitEx(&map, 199);
    CHECK_EQ(bits[3], 0x80);
    RtlClearBitEx(&map, 199);
    CHECK_EQ(bits[3], 0);
    RtlSetAllBitsEx(&map);
    CHECK_EQ(RtlNumberOfSetBitsEx(&map), 200);
    RtlClearBitsEx(&map, 64, 64);
    CHECK_EQ(bits[1], 0);
    CHECK_EQ(RtlFindClearBitsEx(&map, 64, 0), 64);
    RtlClearAllBitsEx(&map);
    CHECK_EQ(bits[0] | bits[1] | bits[2], 0);
    CHECK_EQ(RtlNumberOfSetBitsUlongPtr(0), 0);
    CHECK_EQ(RtlNumberOfSetBitsUlongPtr(0x8000000000000101), 3);
    if (RtlInterlockedSetBitRun) {
        struct {
            ULONG size;
            ULONG64 *buffer;
        } small = {200, bits};

        RtlInterlockedSetBitRun(&small, 30, 40);
        CHECK_EQ(bits[0], ~0ull << 30);
        CHECK_EQ(bits[1], 0x3f);
        RtlInterlockedClearBitRun(&small, 31, 39);
        CHECK_EQ(bits[0], 1ull << 30);
        CHECK_EQ(bits[1], 0);
    }
}

struct links {
    struct links *parent, *left, *right;
};

static struct links *(WINAPI *splay)(struct links *);
static struct links *(WINAPI *splay_delete)(struct links *);
static struct links *(WINAPI *successor)(struct links *);
static struct links *(WINAPI *predecessor)(struct links *);

/* Nodes lie in an array in the order of the tree. */
static struct links *insert(struct links *root, struct links *node)
{
    struct links *at = root;

    node->left = node->right = NULL;
    node->parent = node;
    while (at) {
        struct links **side = node < at ? &at->left : &at->right;

        if (!*side) {
            *side = node;
            node->parent = at;
            break;
        }
        at = *side;
    }
    return splay(node);
}

static int count_tree(const struct links *node, const struct links *parent)
{
    if (!node)
        return 0;
    if (node->parent != parent || (node->left && node->left >= node) || (node->right && node->right <= node))
        return -100000;
    return 1 + count_tree(node->left, node) + count_tree(node->right, node);
}

static void trees(void)
{
    GET(void, RtlDeleteNoSplay, struct links *, struct links **);
    static struct links nodes[64];
    static char in[64];
    struct links *root = NULL, *at;
    unsigned seed = 1, count = 0;

    splay = (void *)GetProcAddress(ntdll, "RtlSplay");
    splay_delete = (void *)GetProcAddress(ntdll, "RtlDelete");
    successor = (void *)GetProcAddress(ntdll, "RtlRealSuccessor");
    predecessor = (void *)GetProcAddress(ntdll, "RtlRealPredecessor");
    CHECK(splay && splay_delete && successor && predecessor && RtlDeleteNoSplay);
    if (!splay)
        return;
    for (int i = 0; i < 600; i++) {
        unsigned k = (seed = seed * 1103515245 + 12345) >> 16 & 63;

        if (!in[k]) {
            root = insert(root, &nodes[k]);
            CHECK(root == &nodes[k]);
        } else if (seed & 1) {
            root = splay_delete(&nodes[k]);
        } else {
            RtlDeleteNoSplay(&nodes[k], &root);
        }
        in[k] ^= 1;
        count += in[k] ? 1 : (unsigned)-1;
        CHECK_EQ(count_tree(root, root), count);
    }
    for (at = root; at->left; at = at->left)
        ;
    CHECK(!predecessor(at));
    for (int k = 0; k < 64; k++) {
        if (!in[k])
            continue;
        CHECK(at == &nodes[k]);
        if (successor(at))
            CHECK(predecessor(successor(at)) == at);
        at = successor(at);
    }
    CHECK(!at);
}

static struct {
    CRITICAL_SECTION lock;
    HANDLE shared;
    ULONG shared_waiters;
    HANDLE exclusive;
    ULONG exclusive_waiters;
    LONG active;
    HANDLE owner;
    ULONG boost;
    void *debug;
} resource;
static BYTE(WINAPI *acquire_shared)(void *, BYTE);
static BYTE(WINAPI *acquire_exclusive)(void *, BYTE);
static void(WINAPI *release)(void *);
static volatile LONG inside;

static DWORD WINAPI try_both(void *unused)
{
    DWORD got = 0;

    (void)unused;
    if (acquire_shared(&resource, FALSE))
        got |= 1, release(&resource);
    if (acquire_exclusive(&resource, FALSE))
        got |= 2, release(&resource);
    return got;
}

static DWORD WINAPI take_exclusive(void *unused)
{
    (void)unused;
    for (int i = 0; i < 1000; i++) {
        acquire_exclusive(&resource, TRUE);
        if (InterlockedIncrement(&inside) != 1)
            return 1;
        InterlockedDecrement(&inside);
        release(&resource);
        acquire_shared(&resource, TRUE);
        release(&resource);
    }
    return 0;
}

static DWORD in_thread(LPTHREAD_START_ROUTINE start)
{
    DWORD code = 99;
    HANDLE thread = CreateThread(NULL, 0, start, NULL, 0, NULL);

    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void resources(void)
{
    GET(void, RtlInitializeResource, void *);
    GET(void, RtlDeleteResource, void *);
    GET(void, RtlConvertExclusiveToShared, void *);
    GET(void, RtlConvertSharedToExclusive, void *);
    HANDLE threads[4];
    DWORD code;

    acquire_shared = (void *)GetProcAddress(ntdll, "RtlAcquireResourceShared");
    acquire_exclusive = (void *)GetProcAddress(ntdll, "RtlAcquireResourceExclusive");
    release = (void *)GetProcAddress(ntdll, "RtlReleaseResource");
    RtlInitializeResource(&resource);
    CHECK_EQ(in_thread(try_both), 3);
    CHECK(acquire_shared(&resource, TRUE));
    CHECK(acquire_shared(&resource, TRUE));
    CHECK_EQ(resource.active, 2);
    CHECK_EQ(in_thread(try_both), 1);
    release(&resource);
    RtlConvertSharedToExclusive(&resource);
    CHECK_EQ(resource.active, -1);
    CHECK_EQ((ULONG_PTR)resource.owner, GetCurrentThreadId());
    CHECK_EQ(in_thread(try_both), 0);
    CHECK(acquire_exclusive(&resource, FALSE));
    CHECK(acquire_shared(&resource, FALSE));
    CHECK_EQ(resource.active, -3);
    release(&resource);
    release(&resource);
    RtlConvertExclusiveToShared(&resource);
    CHECK_EQ(resource.active, 1);
    CHECK_EQ(in_thread(try_both), 1);
    release(&resource);
    CHECK_EQ(in_thread(try_both), 3);
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, take_exclusive, NULL, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(4, threads, TRUE, 20000), 0);
    for (int i = 0; i < 4; i++) {
        GetExitCodeThread(threads[i], &code);
        CHECK_EQ(code, 0);
        CloseHandle(threads[i]);
    }
    CHECK_EQ(resource.active, 0);
    RtlDeleteResource(&resource);
}

static void handles(void)
{
    struct table {
        ULONG maximum, size, reserved[2];
        void *free, *committed, *uncommitted, *end;
    } table;
    GET(void, RtlInitializeHandleTable, ULONG, ULONG, struct table *);
    GET(LONG, RtlDestroyHandleTable, struct table *);
    GET(ULONG *, RtlAllocateHandle, struct table *, ULONG *);
    GET(BOOLEAN, RtlFreeHandle, struct table *, void *);
    GET(BOOLEAN, RtlIsValidHandle, struct table *, void *);
    GET(BOOLEAN, RtlIsValidIndexHandle, struct table *, ULONG, void **);
    ULONG index, *first, *entry;
    void *found;

    RtlInitializeHandleTable(1000, 24, &table);
    CHECK_EQ(table.maximum, 1000);
    CHECK_EQ(table.size, 24);
    CHECK(!table.committed);
    first = RtlAllocateHandle(&table, &index);
    CHECK(first == table.committed);
    CHECK_EQ(index, 0);
    CHECK_EQ(*first, 0);
    CHECK(!RtlIsValidHandle(&table, first));
    *first = 1;
    CHECK(RtlIsValidHandle(&table, first));
    CHECK(!RtlIsValidHandle(&table, (char *)first + 4));
    CHECK(RtlIsValidIndexHandle(&table, 0, &found) && found == first);
    CHECK(!RtlIsValidIndexHandle(&table, 1, &found));
    CHECK(!RtlIsValidIndexHandle(&table, 5000, &found));
    for (ULONG i = 1; i < 1000; i++) {
        entry = RtlAllocateHandle(&table, &index);
        CHECK(entry && index < 1000 && (char *)entry == (char *)table.committed + 24 * index && !*entry);
        *entry = 1;
    }
    CHECK(!RtlAllocateHandle(&table, &index));
    for (ULONG i = 0; i < 1000; i++)
        CHECK(RtlIsValidIndexHandle(&table, i, &found) && (char *)found == (char *)table.committed + 24 * i);
    CHECK(RtlFreeHandle(&table, first));
    CHECK(!RtlIsValidHandle(&table, first));
    CHECK(RtlAllocateHandle(&table, &index) == first);
    CHECK_EQ(index, 0);
    CHECK_EQ(RtlDestroyHandleTable(&table), 0);
}

static void debug_texts(void)
{
    ULONG(__cdecl * DbgPrint)(const char *, ...) = (void *)GetProcAddress(ntdll, "DbgPrint");
    ULONG(__cdecl * DbgPrintEx)(ULONG, ULONG, const char *, ...) = (void *)GetProcAddress(ntdll, "DbgPrintEx");
    GET(LONG, NtQueryDebugFilterState, ULONG, ULONG);

    CHECK_EQ(DbgPrint("nobody sees %d %s\n", 5, "this"), 0);
    CHECK_EQ(DbgPrintEx(101, 0, "nor %d\n", 6), 0);
    if (check_under_wine()) /* has no filters */
        return;
    CHECK_EQ(NtQueryDebugFilterState(101, 3), 0);
    CHECK_EQ(NtQueryDebugFilterState(101, 0), 1);
}

/* Every NtX of the export table has a ZwX. */
static void twins(void)
{
    BYTE *base = (BYTE *)ntdll;
    IMAGE_NT_HEADERS *nt = (void *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_EXPORT_DIRECTORY *table = (void *)(base + nt->OptionalHeader.DataDirectory[0].VirtualAddress);
    DWORD *names = (void *)(base + table->AddressOfNames);
    int count = 0;

    for (DWORD i = 0; i < table->NumberOfNames; i++) {
        const char *name = (char *)base + names[i];
        char twin[128] = "Zw";

        if (strncmp(name, "Nt", 2) || name[2] < 'A' || name[2] > 'Z')
            continue;
        if (!strcmp(name, "NtCurrentTeb") || !strncmp(name, "NtGetTick", 9))
            continue; /* no system calls: they have none on Windows either */
        strcpy(twin + 2, name + 2);
        if (!GetProcAddress(ntdll, name))
            continue;
        if (!GetProcAddress(ntdll, twin))
            printf("no %s\n", twin);
        CHECK(GetProcAddress(ntdll, twin) != NULL);
        count++;
    }
    CHECK(count > 150);
}

int main(void)
{
    ntdll = GetModuleHandleA("ntdll");
    debug_texts();
    if (!check_under_wine())
        trees(); /* absent */
    if (!check_under_wine())
        resources(); /* cannot be converted */
    if (!check_under_wine()) {
        handles(); /* entries are not cleared, and their number has no limit */
        twins();   /* some are left out */
    }
    if (GetProcAddress(ntdll, "RtlSetBitEx") || !check_under_wine())
        bitmaps(); /* absent in old ones */
    return check_done();
}
