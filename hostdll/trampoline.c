/*
 * trampoline.c: functions made at run time.
 *
 * A page of equal stubs is followed by a page of their data, which the stubs find by their own address; so no page is
 * ever both writable and executable.  Layer: host code; nothing of Windows.
 */
#include "trampoline.h"
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096
#define STUB_SIZE 16
#define STUBS (PAGE / STUB_SIZE)
_Static_assert(sizeof(struct trampoline) == STUB_SIZE, "data lies one page behind its stub");

/* lea PAGE(this stub), %r11; jmp *(%r11); int3 ... */
static const uint8_t stub[STUB_SIZE] = {0x4c, 0x8d, 0x1d, 0xf9, 0x0f, 0,    0,    0x41,
                                        0xff, 0x23, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t *page;
static unsigned used = STUBS;

static bool new_page(void)
{
    uint8_t *fresh = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED)
        return false;
    for (unsigned i = 0; i < STUBS; i++)
        memcpy(fresh + i * STUB_SIZE, stub, STUB_SIZE);
    if (mprotect(fresh, PAGE, PROT_READ | PROT_EXEC)) {
        munmap(fresh, 2 * PAGE);
        return false;
    }
    page = fresh;
    used = 0;
    return true;
}

void *trampoline_new(void *entry, void *data)
{
    void *code = NULL;
    pthread_mutex_lock(&lock);
    if (used < STUBS || new_page()) {
        code = page + used++ * STUB_SIZE;
        *(struct trampoline *)((uint8_t *)code + PAGE) = (struct trampoline){entry, data};
    }
    pthread_mutex_unlock(&lock);
    return code;
}
