/*
 * kuser.c: KUSER_SHARED_DATA at 0x7FFE0000, whose clocks programs read without a call.
 *
 * Layer: NT layer.  A program that never reads it pays nothing: the page is mapped by the first fault on it.  An
 * updater thread then renews the clocks every millisecond for a while, closes the page, and sleeps until the
 * next read faults.  The page is mapped twice, so that the updater writes it while it is closed to the program.
 *
 * The fault handler calls kuser_fault; what it calls there is system calls and, once, pthread_create: the
 * interrupted code reads that page, so it is not inside the host's allocator.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <time.h>
#include "ntkuser.h"
#include "ntdll/object.h"
#include "ntdll/peb.h"
#include "ntdll/processor.h"
#include "ntdll/systime.h"
#include "ntdll/thread.h"
#include "ntdll/version.h"

#define KUSER_SIZE 4096
#define PERIOD 1000000 /* nanoseconds */
#define RENEWALS 100   /* then the page is closed, to see whether it is still read */
#define TICK 156250    /* 15.625 ms in 100 ns units: what tick_count counts */

static _Atomic(struct kuser *) kuser; /* the updater's mapping */
static _Atomic int creating, writing;
static _Atomic uint32_t open_page; /* futex of the updater: 1 while the program can read the page */

static void time_write(struct kuser_time *time, LONGLONG value)
{
    time->high2 = value >> 32;
    time->low = (ULONG)value;
    time->high1 = value >> 32;
}

/* One writer at a time; who comes second may skip, the first writes the same. */
static void renew(struct kuser *page)
{
    LONGLONG interrupt;

    if (atomic_exchange(&writing, 1))
        return;
    interrupt = time_interrupt();
    time_write(&page->interrupt_time, interrupt);
    time_write(&page->system_time, time_now());
    time_write(&page->tick_count, interrupt / TICK);
    page->tick_count_low_deprecated = (ULONG)(interrupt / TICK);
    atomic_store(&writing, 0);
}

static void fill(struct kuser *page)
{
    static const WCHAR root[] = L"C:\\Windows";
    struct sysinfo memory;

    page->tick_count_multiplier = TICK / 10000.0 * (1 << 24);
    page->image_number_low = page->image_number_high = IMAGE_FILE_MACHINE_AMD64;
    memcpy(page->system_root, root, sizeof root);
    page->large_page_minimum = 2 << 20;
    page->build_number = windows_version()->build;
    page->product_type = windows_version()->product_type;
    page->product_type_is_valid = TRUE;
    page->native_processor_architecture = PROCESSOR_ARCHITECTURE_AMD64;
    page->major_version = windows_version()->major;
    page->minor_version = windows_version()->minor;
    processor_features(page->processor_features);
    page->suite_mask = VER_SUITE_SINGLEUSERTS;
    page->mitigation_policies = 0x0a; /* data is not executable, as asked for by programs */
    page->cycles_per_yield = 100;
    page->active_console_id = process_peb.SessionId;
    if (sysinfo(&memory) == 0)
        page->physical_pages = (ULONGLONG)memory.totalram * memory.mem_unit >> 12;
    page->qpc_frequency = 10000000;
    getrandom(&page->cookie, sizeof page->cookie, GRND_NONBLOCK);
    page->unparked_processor_count = page->active_processor_count = process_peb.NumberOfProcessors;
    page->active_group_count = 1;
}

static void *updater(void *argument)
{
    struct kuser *page = argument;
    const struct timespec period = {0, PERIOD};

    for (;;) {
        for (int i = 0; i < RENEWALS; i++) {
            nanosleep(&period, NULL);
            renew(page);
        }
        atomic_store(&open_page, 0);
        mprotect((void *)KUSER_ADDRESS, KUSER_SIZE, PROT_NONE);
        futex_sleep(&open_page, 0, NULL);
        mprotect((void *)KUSER_ADDRESS, KUSER_SIZE, PROT_READ | PROT_WRITE); /* a fault may have come between the two */
    }
    return NULL;
}

static void updater_start(struct kuser *page)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    pthread_create(&thread, &attributes, updater, page); /* it inherits that all signals are blocked */
    pthread_attr_destroy(&attributes);
}

static bool create(void)
{
    void *writer, *reader;

    writer = mmap(NULL, KUSER_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (writer == MAP_FAILED)
        return false;
    fill(writer);
    renew(writer);
    atomic_store(&open_page, 1);
    reader =
        mremap(writer, 0, KUSER_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)KUSER_ADDRESS); /* the same page again */
    if (reader == MAP_FAILED)
        return false;
    atomic_store(&kuser, writer);
    updater_start(writer); /* without it the clocks stand still, which is better than a fault */
    return true;
}

bool kuser_fault(void *address)
{
    struct kuser *page;
    int saved = errno, nobody = 0;

    if ((uintptr_t)address < KUSER_ADDRESS || (uintptr_t)address >= KUSER_ADDRESS + KUSER_SIZE)
        return false;
    if (atomic_compare_exchange_strong(&creating, &nobody, 1))
        return create();
    page = atomic_load(&kuser);
    if (page) { /* else another thread is making it: fault again until it is there */
        renew(page);
        mprotect((void *)KUSER_ADDRESS, KUSER_SIZE, PROT_READ | PROT_WRITE);
        atomic_store(&open_page, 1);
        futex_wake(&open_page, 1);
    }
    errno = saved;
    return true;
}
