/*
 * arenacount.c: what is in use in a prefix's arena: "N entries, N processes", for tests/host/storm.sh.
 *
 *   arenacount FILE      the file in /dev/shm
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include "ntdll/arena.h"

int main(int argc, char **argv)
{
    int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    const struct arena *arena = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *arena, PROT_READ, MAP_SHARED, fd, 0);
    unsigned entries = 0, processes = 0;
    if (arena == MAP_FAILED) {
        perror(argv[argc - 1]);
        return 1;
    }
    for (uint32_t i = 1; i < atomic_load(&arena->header.high); i++)
        entries += atomic_load(&arena->entries[i].kind) != ARENA_FREE;
    for (uint32_t i = 0; i < atomic_load(&arena->header.process_high); i++)
        processes += atomic_load(&arena->processes[i].state) != PROCESS_FREE;
    printf("%u entries, %u processes\n", entries, processes);
    return 0;
}
