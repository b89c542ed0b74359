/*
 * debug.h: Windows' debugging of one process by another.
 *
 * Both ends are ours, so nothing of the host's debugging is needed.  A debuggee reports an event by stopping its other
 * threads, filling the slot in its arena record, signalling the debug object's entry, and sleeping until the answer
 * stands in the slot (debug_report.c).  The debugger finds events by looking at the records of its debuggees
 * (debug_object.c).  What else debuggers do, to memory and threads, is remote.h's.
 */
#ifndef NTDLL_DEBUG_H
#define NTDLL_DEBUG_H

#include "debug_slot.h"
#include "win.h"

#define DEBUG_READ_EVENT 1
#define DEBUG_PROCESS_ASSIGN 2
#define DEBUG_SET_INFORMATION 4
#define DEBUG_QUERY_INFORMATION 8
#define DEBUG_ALL_ACCESS 0x1f000f
#define DEBUG_KILL_ON_CLOSE 1u

/* DBGUI_WAIT_STATE_CHANGE: what NtWaitForDebugEvent fills; the layout is ABI. */
struct debug_new_thread {
    ULONG subsystem;
    PVOID start;
};

struct debug_state_change {
    ULONG state; /* enum debug_state */
    CLIENT_ID id;
    union {
        struct {
            HANDLE thread;
            struct debug_new_thread info;
        } create_thread;
        struct {
            HANDLE process, thread;
            struct {
                ULONG subsystem;
                HANDLE file;
                PVOID base;
                ULONG debug_info_offset, debug_info_size;
                struct debug_new_thread thread;
            } info;
        } create_process;
        struct {
            NTSTATUS status;
        } exited;
        struct {
            EXCEPTION_RECORD record;
            ULONG first_chance;
        } exception;
        struct {
            HANDLE file;
            PVOID base;
            ULONG debug_info_offset, debug_info_size;
            PVOID name;
        } load_dll;
        struct {
            PVOID base;
        } unload_dll;
    };
};
_Static_assert(sizeof(struct debug_state_change) == 0xb8, "DBGUI_WAIT_STATE_CHANGE");

NTSTATUS NTAPI NtCreateDebugObject(HANDLE *handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                   ULONG flags);
NTSTATUS NTAPI NtDebugActiveProcess(HANDLE process, HANDLE debug);
NTSTATUS NTAPI NtRemoveProcessDebug(HANDLE process, HANDLE debug);
NTSTATUS NTAPI NtWaitForDebugEvent(HANDLE debug, BOOLEAN alertable, const LARGE_INTEGER *timeout,
                                   struct debug_state_change *change);
NTSTATUS NTAPI NtDebugContinue(HANDLE debug, const CLIENT_ID *id, NTSTATUS status);
NTSTATUS NTAPI NtSetInformationDebugObject(HANDLE debug, ULONG class, void *data, ULONG size, ULONG *returned);

NTSTATUS NTAPI DbgUiConnectToDbg(void);
HANDLE NTAPI DbgUiGetThreadDebugObject(void);
void NTAPI DbgUiSetThreadDebugObject(HANDLE debug);
NTSTATUS NTAPI DbgUiWaitStateChange(struct debug_state_change *change, const LARGE_INTEGER *timeout);
NTSTATUS NTAPI DbgUiContinue(const CLIENT_ID *id, NTSTATUS status);
NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE process);
NTSTATUS NTAPI DbgUiStopDebugging(HANDLE process);
NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE process);
NTSTATUS NTAPI DbgUiConvertStateChangeStructure(struct debug_state_change *change, DEBUG_EVENT *event);
NTSTATUS NTAPI DbgUiConvertStateChangeStructureEx(struct debug_state_change *change, DEBUG_EVENT *event);
void NTAPI DbgUiRemoteBreakin(void *context);
void NTAPI DbgBreakPoint(void);
void NTAPI DbgUserBreakPoint(void);

/* ---- debug_report.c: in the debuggee ---- */

extern _Atomic bool debug_is_active;

/* Whether this process is debugged and has told so far what it is. */
static inline bool debug_active(void)
{
    return __builtin_expect(atomic_load_explicit(&debug_is_active, memory_order_relaxed), false);
}

/* Before the first Windows code: if the process was created by its debugger, tells of the process and its modules. */
void debug_start(void);
/* The debugger came later: REMOTE_DEBUG_ATTACH and _DETACH. */
NTSTATUS debug_attached(void);
void debug_detached(void);
/* The debugger has died: this process goes too, unless it was told to live on. */
void debug_check_debugger(void);

void debug_thread_started(void);
void debug_thread_exited(ULONG code);
void debug_process_exited(ULONG code);
struct module;
void debug_module(const struct module *module, bool loaded);
/* True: the debugger has dealt with it; go on with `context`. */
bool debug_exception(EXCEPTION_RECORD *record, CONTEXT *context, bool first_chance);

/* GetThreadContext of a thread that has reported an exception. */
void debug_context_exchange(CONTEXT *stopped, CONTEXT *context, bool set);

/* ---- debug_object.c: in the debugger ---- */

/* A child that is about to be started is debugged by whom the caller says, or by its parent's debugger. */
struct spawn;
void debug_prepare_child(struct spawn *spawn);
struct process_object;
/* It has been started. */
void debug_child_started(struct spawn *spawn, struct process_object *process);
bool debug_is_debugged(const struct process_object *process);

#endif
