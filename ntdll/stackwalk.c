/*
 * stackwalk.c: walking a stack of Windows and host frames.
 *
 * Layer: ntdll.  Host frames are stepped by winrun-debug.so (libdw), which is opened by the first walk that
 * meets one: most programs never do, since the dispatcher's own frames are crossed with dispatch_frame.
 */
#include <dlfcn.h>
#include "gate.h"
#include "loader/module.h"
#include "loader/plugin.h"
#include "thread.h"
#include "unwind.h"

_Thread_local bool unwind_walking;

/* gate.S */
extern const char gate_begin[], gate_end[];

bool unwind_is_host(ULONG64 address)
{
    struct dl_find_object found;
    return !module_from_address((const void *)address) && _dl_find_object((void *)address, &found) == 0;
}

bool unwind_frame_valid(ULONG64 frame, ULONG64 low)
{
    const NT_TIB *tib = &teb_current()->Tib;
    return frame >= low && !(frame & 7) && frame >= (ULONG64)tib->StackLimit && frame < (ULONG64)tib->StackBase;
}

void unwind_drop_gates(ULONG64 new_sp)
{
    struct thread *thread = thread_current();
    ULONG64 low = (ULONG64)__builtin_frame_address(0);

    while (thread->gate && (ULONG64)thread->gate >= low && (ULONG64)thread->gate < new_sp)
        thread->gate = thread->gate->previous;
}

bool unwind_leaf(CONTEXT *context)
{
    if (!unwind_frame_valid(context->Rsp, 0))
        return false;
    context->Rip = *(const ULONG64 *)context->Rsp;
    context->Rsp += 8;
    return context->Rip != 0;
}

const struct debug_plugin *debug_plugin(void)
{
    static struct plugin plugin = {"winrun-debug.so", "winrun_debug_plugin"};

    return plugin_table(&plugin);
}

/* Steps a frame of host code; false: it can not be read, or is the last one. */
static bool step_host(CONTEXT *context)
{
    const struct debug_plugin *plugin = debug_plugin();
    ULONG64 sp = context->Rsp;

    return plugin && plugin->step(context) && context->Rip && context->Rsp > sp;
}

static const struct gate_frame *gate_of(const CONTEXT *context)
{
    if (context->Rip < (ULONG64)gate_begin || context->Rip >= (ULONG64)gate_end)
        return NULL;
    return (const struct gate_frame *)(context->Rbp - 32);
}

enum unwind_place unwind_to_guest(CONTEXT *context, const struct dispatch_frame **border)
{
    while (unwind_is_host(context->Rip)) {
        const struct gate_frame *gate = gate_of(context);
        if (gate && gate->dispatch) {
            *border = gate->dispatch;
            return UNWIND_BORDER;
        }
        if ((gate && !gate->previous) || !step_host(context))
            return UNWIND_END;
    }
    return UNWIND_GUEST;
}

bool unwind_past_guard(CONTEXT *context)
{
    return step_host(context);
}

static bool step_guest(CONTEXT *context)
{
    ULONG64 base, establisher;
    PVOID data;
    PRUNTIME_FUNCTION function = unwind_find(context->Rip, &base);

    if (!function)
        return unwind_leaf(context);
    unwind_virtual(UNW_FLAG_NHANDLER, base, context->Rip, function, context, &data, &establisher, NULL);
    return context->Rip && unwind_frame_valid(context->Rsp, 0);
}

bool unwind_any(CONTEXT *context)
{
    if (!unwind_is_host(context->Rip))
        return step_guest(context);
    const struct gate_frame *gate = gate_of(context);
    if (gate && gate->dispatch && gate->dispatch->kind != DISPATCH_GUARD) {
        *context = *gate->dispatch->context;
        return true;
    }
    return step_host(context);
}

/* Windows frames of the calling thread from `context` on, as addresses; stops where host frames begin. */
static ULONG capture_frames(CONTEXT *context, ULONG skip, ULONG count, PVOID *frames)
{
    ULONG written = 0;

    while (written < count && !unwind_is_host(context->Rip)) {
        if (skip)
            skip--;
        else
            frames[written++] = (PVOID)context->Rip;
        if (!step_guest(context))
            break;
    }
    return written;
}

/* The caller's frame is the first: on Windows it is the function itself that is, which FramesToSkip counts. */
__attribute__((used)) USHORT WINAPI capture_back_trace(ULONG skip, ULONG count, PVOID *frames, PULONG hash,
                                                       CONTEXT *context)
{
    ULONG written = capture_frames(context, skip ? skip - 1 : 0, count, frames), sum = 0;

    for (ULONG i = 0; i < written; i++)
        sum += (ULONG)(ULONG_PTR)frames[i];
    if (hash)
        *hash = sum;
    return written;
}
CAPTURE_ENTRY(RtlCaptureStackBackTrace, capture_back_trace);

__attribute__((used)) ULONG WINAPI walk_frame_chain(PVOID *callers, ULONG count, ULONG flags, PVOID unused,
                                                    CONTEXT *context)
{
    (void)unused;
    return capture_frames(context, flags >> 8, count, callers);
}
CAPTURE_ENTRY(RtlWalkFrameChain, walk_frame_chain);
