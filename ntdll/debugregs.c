/*
 * debugregs.c: the debug registers (debugregs.h).
 *
 * Layer: ntdll.  A breakpoint is a perf event of its thread that sends SIGTRAP at once (Linux 5.13): no tracer is
 * needed, a host debugger goes on working, and the signal comes before the next instruction, as the processor's trap
 * does. Containers often forbid perf events; then SetThreadContext says so.  Breakpoints do not act while the kernel
 * reads or writes for the program, nor on I/O ports.
 */
#include "debugregs.h"
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef TRAP_PERF
#define TRAP_PERF 6
#endif
#define PERF_DATA_OFFSET 24 /* of si_perf_data in siginfo_t, which older C libraries do not name */

#define DR6_STEP 0x4000
#define DR6 4 /* in thread->debug_registers */
#define DR7 5

enum { KIND_EXECUTE, KIND_WRITE, KIND_PORT, KIND_ACCESS };

static bool enabled(uint64_t dr7, int slot)
{
    return dr7 >> 2 * slot & 3; /* locally or globally */
}

static unsigned kind_and_length(uint64_t dr7, int slot)
{
    return dr7 >> (16 + 4 * slot) & 15;
}

/* The event of one register.  0: nothing is to be watched; else the fd and one, or negative: it was refused. */
static int event_open(int tid, uint64_t address, uint64_t dr7, int slot)
{
    static const uint8_t lengths[] = {HW_BREAKPOINT_LEN_1, HW_BREAKPOINT_LEN_2, HW_BREAKPOINT_LEN_8,
                                      HW_BREAKPOINT_LEN_4};
    unsigned kind = kind_and_length(dr7, slot) & 3, length = lengths[kind_and_length(dr7, slot) >> 2];

    if (!enabled(dr7, slot) || kind == KIND_PORT || address >> 47)
        return 0;
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_BREAKPOINT,
        .size = sizeof(attributes),
        .sample_period = 1,
        .bp_type = kind == KIND_EXECUTE ? HW_BREAKPOINT_X
                   : kind == KIND_WRITE ? HW_BREAKPOINT_W
                                        : HW_BREAKPOINT_RW,
        .bp_addr = kind == KIND_EXECUTE ? address : address & -(uint64_t)length, /* the processor ignores these bits */
        .bp_len = kind == KIND_EXECUTE ? sizeof(long) : length,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .sigtrap = 1,
        .remove_on_exec = 1,
        .sig_data = (uint64_t)slot,
    };
    long fd = syscall(SYS_perf_event_open, &attributes, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -1 : (int)fd + 1;
}

static void event_close(int *event)
{
    if (*event > 0)
        close(*event - 1);
    *event = 0;
}

static bool slot_differs(const uint64_t *old, const uint64_t *new, int slot)
{
    bool was = enabled(old[DR7], slot), is = enabled(new[DR7], slot);
    return was != is ||
           (is && (old[slot] != new[slot] || kind_and_length(old[DR7], slot) != kind_and_length(new[DR7], slot)));
}

NTSTATUS debugregs_set(struct thread *thread, const CONTEXT *context)
{
    uint64_t registers[6] = {context->Dr0, context->Dr1, context->Dr2, context->Dr3, context->Dr6, context->Dr7};
    uint64_t *old = thread->debug_registers;
    NTSTATUS status = STATUS_SUCCESS;

    if (!memcmp(old, registers, sizeof(registers)))
        return STATUS_SUCCESS;
    /* All that changes is given up first: there are only four. */
    for (int i = 0; i < 4; i++)
        if (slot_differs(old, registers, i))
            event_close(&thread->debug_events[i]);
    for (int i = 0; i < 4; i++) {
        if (!slot_differs(old, registers, i))
            continue;
        thread->debug_events[i] = event_open(thread->tid, registers[i], registers[DR7], i);
        if (thread->debug_events[i] < 0) {
            thread->debug_events[i] = 0;
            registers[DR7] &= ~(3ull << 2 * i);
            status = STATUS_NOT_SUPPORTED;
        }
    }
    memcpy(old, registers, sizeof(registers));
    return status;
}

void debugregs_get(const struct thread *thread, CONTEXT *context)
{
    const uint64_t *registers = thread->debug_registers;

    context->Dr0 = registers[0];
    context->Dr1 = registers[1];
    context->Dr2 = registers[2];
    context->Dr3 = registers[3];
    context->Dr6 = registers[DR6];
    context->Dr7 = registers[DR7];
}

void debugregs_continue(const CONTEXT *context)
{
    if ((context->ContextFlags & CONTEXT_DEBUG_REGISTERS) == CONTEXT_DEBUG_REGISTERS)
        debugregs_set(thread_current(), context);
}

bool debugregs_hit(int signal, const siginfo_t *info)
{
    uint64_t slot;

    if (signal != SIGTRAP || info->si_code != TRAP_PERF)
        return false;
    memcpy(&slot, (const char *)info + PERF_DATA_OFFSET, sizeof(slot));
    thread_current()->debug_registers[DR6] = 1u << (slot & 3);
    return true;
}

void debugregs_step(void)
{
    thread_current()->debug_registers[DR6] = DR6_STEP;
}

void debugregs_end(struct thread *thread)
{
    for (int i = 0; i < 4; i++)
        event_close(&thread->debug_events[i]);
}
