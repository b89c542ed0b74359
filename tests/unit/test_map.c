/*
 * test_map.c: images in memory: contents, protections, relocation, and the image cache.
 */
#include "loader/map.h"
#include "loader/map_private.h"
#include "ntdll/virtual.h"
#include "tests/pe/make_pe.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LARGE (6u << 20) /* of file contents: more than what the cache starts at */

static struct good_pe good;
static struct pe pe;
static struct pe_image image;

/* An open file with these bytes, already without a name. */
static int file_with(const void *data, size_t size)
{
    char name[] = "/tmp/test-map.XXXXXX";
    int fd = mkstemp(name);

    unlink(name);
    EXPECT_EQ(write(fd, data, size), size);
    return fd;
}

static NTSTATUS map(int fd, enum pe_use use)
{
    NTSTATUS status = pe_open(fd, use, &pe);

    EXPECT_STR(pe.error, "");
    if (NT_SUCCESS(status))
        status = map_image(fd, &pe, &image);
    return status;
}

/* "r-x" and so on, of the host's mapping that holds the address. */
static const char *host_protection(const void *address)
{
    static char text[5];
    FILE *maps = fopen("/proc/self/maps", "re");
    unsigned long start, end;
    char line[512];

    strcpy(text, "none");
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %4s", &start, &end, text) == 3 && (unsigned long)address < end)
            break;
    fclose(maps);
    text[3] = 0;
    return text;
}

static void small_image(void)
{
    make_good_pe(&good);
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT_EQ(image.base, GOOD_PE_BASE);
    EXPECT_EQ(memcmp(image.base + TEXT_RVA, good.file + TEXT_RAW, 0x200), 0);
    EXPECT_EQ(memcmp(image.base + RELOC_RVA, good.file + RELOC_RAW, 0x200), 0);
    EXPECT_EQ(image.base[DATA_RVA + 0x1fff], 0);
    EXPECT_EQ(map_protect(&pe, &image), STATUS_SUCCESS);
    EXPECT_STR(host_protection(image.base), "r--");
    EXPECT_STR(host_protection(image.base + TEXT_RVA), "r-x");
    EXPECT_STR(host_protection(image.base + RDATA_RVA), "r--");
    EXPECT_STR(host_protection(image.base + DATA_RVA + 0x1000), "rw-");
    EXPECT_STR(host_protection(image.base + RELOC_RVA), "r--");
    EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
}

static void moved_image(void)
{
    void *blocker;

    make_good_pe(&good);
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(virtual_map_image((void *)GOOD_PE_BASE, 0x1000, false, &blocker), STATUS_SUCCESS);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(image.base != blocker);
    IMAGE_TLS_DIRECTORY64 *tls = pe_at(&image, TLS_RVA, sizeof *tls);
    EXPECT_EQ(tls->AddressOfIndex, (uint64_t)image.base + DATA_RVA + 0x180);
    IMAGE_NT_HEADERS64 *nt = pe_at(&image, GOOD_PE_NT, sizeof *nt);
    EXPECT_EQ(nt->OptionalHeader.ImageBase, image.base);

    good.nt->FileHeader.Characteristics |= IMAGE_FILE_RELOCS_STRIPPED;
    EXPECT_EQ(pwrite(fd, good.file, GOOD_PE_SIZE, 0), GOOD_PE_SIZE);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_CONFLICTING_ADDRESSES);
    EXPECT_STR(pe.error, "must lie at 0x200000000000, which is taken, and has no relocations");
}

static void bad_relocations(void)
{
    void *blocker;

    make_good_pe(&good);
    ((IMAGE_BASE_RELOCATION *)good_pe_at(&good, RELOC_RVA))->VirtualAddress = 0x7ffff000;
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(virtual_map_image((void *)GOOD_PE_BASE, 0x1000, false, &blocker), STATUS_SUCCESS);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_INVALID_IMAGE_FORMAT);
    EXPECT_STR(pe.error, "damaged: its relocation table is wrong");
}

static void file_shrinks(void)
{
    make_good_pe(&good);
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(pe_open(fd, PE_PROGRAM, &pe), STATUS_SUCCESS);
    EXPECT_EQ(ftruncate(fd, 0x700), 0);
    EXPECT_EQ(map_image(fd, &pe, &image), STATUS_INVALID_IMAGE_FORMAT);
    EXPECT_STR(pe.error, "truncated while being read");
}

/* Sections smaller than a page: the file lies in memory as it is. */
static void small_alignment(void)
{
    make_good_pe(&good);
    good.nt->OptionalHeader.SectionAlignment = good.nt->OptionalHeader.FileAlignment = 0x200;
    good.nt->OptionalHeader.SizeOfImage = GOOD_PE_SIZE;
    good.nt->OptionalHeader.AddressOfEntryPoint = TEXT_RAW;
    memset(good.nt->OptionalHeader.DataDirectory, 0, sizeof good.nt->OptionalHeader.DataDirectory);
    for (unsigned i = 0; i < 5; i++) {
        good.sections[i].VirtualAddress = good.sections[i].PointerToRawData;
        good.sections[i].Misc.VirtualSize = good.sections[i].SizeOfRawData;
    }
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT_EQ(memcmp(image.base, good.file, GOOD_PE_SIZE), 0);
    EXPECT_EQ(map_protect(&pe, &image), STATUS_SUCCESS);
    EXPECT_STR(host_protection(image.base + TEXT_RAW), "rwx");
}

static void huge_bss(void)
{
    make_good_pe(&good);
    good.nt->OptionalHeader.SizeOfImage = 0xe0000000;
    good.sections[4].Misc.VirtualSize = 0xe0000000 - RELOC_RVA;
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT_EQ(image.base[0xdfffffff], 0);
    EXPECT_EQ(map_protect(&pe, &image), STATUS_SUCCESS);
}

static void writable_code(void)
{
    make_good_pe(&good);
    good.sections[0].Characteristics |= IMAGE_SCN_MEM_WRITE;
    int fd = file_with(good.file, GOOD_PE_SIZE);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT_EQ(map_protect(&pe, &image), STATUS_SUCCESS);
    EXPECT_STR(host_protection(image.base + TEXT_RVA), "rwx");
    EXPECT_STR(host_protection(image.base + RDATA_RVA), "r--");
}

/* A program whose last section has several megabytes in the file, and a cache of this test alone. */
static int large_file(char directory[])
{
    static uint8_t file[RELOC_RAW + LARGE];

    EXPECT(mkdtemp(directory) != NULL);
    setenv("XDG_CACHE_HOME", directory, true);
    make_good_pe(&good);
    good.nt->OptionalHeader.SizeOfImage = RELOC_RVA + LARGE;
    good.sections[4].Misc.VirtualSize = good.sections[4].SizeOfRawData = LARGE;
    memcpy(file, good.file, GOOD_PE_SIZE);
    for (unsigned i = GOOD_PE_SIZE; i < sizeof file; i++)
        file[i] = i * 7 >> 3;
    int fd = file_with(file, sizeof file);
    nanosleep(&(struct timespec){0, 50000000}, NULL); /* fresh files are not cached */
    return fd;
}

static bool cached(void)
{
    char path[CACHE_PATH_MAX];

    return map_cache_path(&pe, path) && access(path, R_OK) == 0;
}

/* Where the pages of the image's last section come from. */
static bool mapped_from_cache(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    unsigned long start, end, at = (unsigned long)image.base + RELOC_RVA + 0x1000;
    char line[2048];
    bool found = false;

    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx", &start, &end) == 2 && at >= start && at < end)
            found = strstr(line, "/winrun/images/") != NULL;
    fclose(maps);
    return found;
}

static void cache_second_run(void)
{
    char directory[] = "/tmp/test-cache.XXXXXX";
    int fd = large_file(directory);

    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(!mapped_from_cache());
    EXPECT(cached());
    uint8_t *copy = malloc(pe.size);
    memcpy(copy, image.base, pe.size);
    EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(mapped_from_cache());
    EXPECT_EQ(memcmp(copy, image.base, pe.size), 0);
    free(copy);
    EXPECT_EQ(map_protect(&pe, &image), STATUS_SUCCESS);
    EXPECT_STR(host_protection(image.base + TEXT_RVA), "r-x");

    /* The base is taken now: a private copy of the cached image is relocated. */
    struct pe_image first = image;
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(image.base != first.base);
    EXPECT(mapped_from_cache());
    IMAGE_TLS_DIRECTORY64 *tls = pe_at(&image, TLS_RVA, sizeof *tls);
    EXPECT_EQ(tls->AddressOfIndex, (uint64_t)image.base + DATA_RVA + 0x180);
}

static void cache_of_a_library(void)
{
    char directory[] = "/tmp/test-cache.XXXXXX";
    int fd = large_file(directory);

    good.nt->FileHeader.Characteristics |= IMAGE_FILE_DLL;
    EXPECT_EQ(pwrite(fd, good.file, 0x400, 0), 0x400);
    nanosleep(&(struct timespec){0, 50000000}, NULL);
    EXPECT_EQ(map(fd, PE_LIBRARY), STATUS_SUCCESS);
    EXPECT((uint64_t)image.base != GOOD_PE_BASE);
    EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
    EXPECT_EQ(map(fd, PE_LIBRARY), STATUS_SUCCESS);
    EXPECT(mapped_from_cache());
    IMAGE_TLS_DIRECTORY64 *tls = pe_at(&image, TLS_RVA, sizeof *tls);
    EXPECT_EQ(tls->AddressOfIndex, (uint64_t)image.base + DATA_RVA + 0x180);
}

/* The file changes, the copy is cut, or others may write it: ignored and written again. */
static void cache_bad_copies(void)
{
    char directory[] = "/tmp/test-cache.XXXXXX", path[CACHE_PATH_MAX];
    int fd = large_file(directory);

    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(map_cache_path(&pe, path));
    for (int kind = 0; kind < 4; kind++) {
        int copy = open(path, O_RDWR | O_CLOEXEC);
        if (kind == 0)
            EXPECT_EQ(ftruncate(copy, 0x5000), 0);
        else if (kind == 1)
            EXPECT_EQ(fchmod(copy, 0666), 0);
        else if (kind == 2)
            EXPECT_EQ(pwrite(copy, "x", 1, 20), 1);
        else
            EXPECT_EQ(futimens(fd, (struct timespec[]){{1, 0}, {1, 0}}), 0);
        close(copy);
        nanosleep(&(struct timespec){0, 50000000}, NULL);
        EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
        EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
        EXPECT(!mapped_from_cache());
        EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
        EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
        EXPECT(mapped_from_cache());
    }
}

static void cache_unavailable(void)
{
    char directory[] = "/tmp/test-cache.XXXXXX";
    int fd = large_file(directory);

    setenv("WINRUN_IMAGE_CACHE", "off", true);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(!cached());
    unsetenv("WINRUN_IMAGE_CACHE");
    setenv("XDG_CACHE_HOME", "/proc/none", true);
    EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    EXPECT_EQ(virtual_unmap_image(image.base), STATUS_SUCCESS);
    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
}

/* Asking for nearly all of the limit leaves no room for what is there. */
static void cache_eviction(void)
{
    char directory[] = "/tmp/test-cache.XXXXXX", path[CACHE_PATH_MAX];
    int fd = large_file(directory);

    EXPECT_EQ(map(fd, PE_PROGRAM), STATUS_SUCCESS);
    EXPECT(map_cache_path(&pe, path));
    map_cache_evict(1ull << 20);
    EXPECT(cached());
    map_cache_evict((2ull << 30) - (1 << 20));
    EXPECT(!cached());
}

UNIT_SUITE(map, {"a small image", small_image}, {"a moved image", moved_image}, {"bad relocations", bad_relocations},
           {"a file that shrinks", file_shrinks}, {"sections below a page", small_alignment},
           {"gigabytes of zeros", huge_bss}, {"writable code", writable_code}, {"cache: second run", cache_second_run},
           {"cache: a library is moved to its slot", cache_of_a_library},
           {"cache: bad copies are replaced", cache_bad_copies}, {"cache: off, or no place", cache_unavailable},
           {"cache: eviction", cache_eviction});
