/*
 * eh.h: C++ exceptions of MSVC's compilers: the tables they write, and what the files crt/eh_*.c share.
 *
 * Layer: crt, above ntdll's unwinder.  The tables are ABI: structures here have their layout.
 */
#ifndef CRT_EH_H
#define CRT_EH_H

#include "crt/crt.h"
#include "ntdll/exception.h"

#define CXX_EXCEPTION 0xe06d7363u
#define CXX_MAGIC 0x19930520u /* ExceptionInformation[0]; up to CXX_MAGIC + 2 */
#define CXX_MAGIC_PURE 0x01994000u
#define STATE_NONE (-1)

struct type_descriptor {
    const void *vftable;
    void *spare; /* the readable name, once it was asked for */
    char name[]; /* ".?AVname@@" */
};

/* How to get from an object to one of its bases. */
struct base_displacement {
    LONG member, vbtable, vbase; /* vbtable < 0: no virtual base */
};

struct catchable_type {
    ULONG properties;
    LONG type; /* RVA of type_descriptor */
    struct base_displacement displacement;
    LONG size;
    LONG copy; /* RVA of the copy constructor, 0: plain bytes */
};
enum { CATCHABLE_SIMPLE = 1, CATCHABLE_BY_REFERENCE_ONLY = 2, CATCHABLE_VIRTUAL_BASE = 4 };

struct throw_info {
    ULONG attributes;
    LONG destructor; /* RVAs */
    LONG forward;
    LONG catchable; /* count, then RVAs of catchable_type */
};
enum { THROW_CONST = 1, THROW_VOLATILE = 2, THROW_UNALIGNED = 4, THROW_PURE = 8 };

enum { CATCH_CONST = 1, CATCH_VOLATILE = 2, CATCH_UNALIGNED = 4, CATCH_REFERENCE = 8, CATCH_STD_DOTDOT = 0x40 };

/* A function's tables, whichever of the two formats they are in (eh_tables.c). */
struct eh_function {
    ULONG64 base;                 /* of the image */
    ULONG64 begin;                /* RVA of the function */
    const struct eh_info3 *info3; /* NULL: format 4 */
    const uint8_t *unwind4, *try4, *ip4;
    LONG frame4;      /* catch funclet: where its frame keeps the parent's; 0 if it is no funclet */
    bool synchronous; /* only C++ exceptions are of interest */
    bool no_except;
};

struct eh_try {
    int low, high, catch_high; /* states of the block, and up to that of its catch blocks */
    unsigned handler_count;
    const uint8_t *handlers; /* for eh_next_handler */
};

struct eh_handler {
    ULONG adjectives;
    const struct type_descriptor *type; /* NULL: catch (...) */
    LONG object;                        /* where in the frame the caught object goes, 0: nowhere */
    ULONG64 funclet;
    LONG frame;               /* format 3: where the funclet's frame keeps the parent's */
    ULONG64 continuations[2]; /* format 4: where to go on, if the funclet returns a number */
};

enum eh_action_kind { EH_NOTHING, EH_FUNCLET, EH_DESTRUCTOR, EH_DESTRUCTOR_POINTER };

struct eh_action {
    int next; /* state afterwards */
    enum eh_action_kind kind;
    ULONG64 function;
    LONG object; /* in the frame, for destructors */
};

void eh_function3(struct eh_function *function, const DISPATCHER_CONTEXT *dispatcher);
void eh_function4(struct eh_function *function, const DISPATCHER_CONTEXT *dispatcher);
int eh_state(const struct eh_function *function, ULONG64 pc);
unsigned eh_try_count(const struct eh_function *function);
void eh_try_at(const struct eh_function *function, unsigned index, struct eh_try *block);
void eh_next_handler(const struct eh_function *function, const uint8_t **cursor, struct eh_handler *handler);
void eh_action_at(const struct eh_function *function, int state, struct eh_action *action);

/* A catch block that runs, or that an exception has left; on the stack of whoever called it, newest first. */
struct active_catch {
    struct active_catch *previous;
    struct dispatch_frame dispatch; /* of the gate that called the funclet */
    ULONG64 frame;                  /* stack frame of the function (or funclet) with the try block */
    int state;                      /* state of that frame outside the try block */
    EXCEPTION_RECORD *record;       /* what was caught */
    CONTEXT *context;
    bool left; /* by an exception: this frame is about to vanish */
};

/* Per-thread state (eh_throw.c). */
struct eh_thread {
    EXCEPTION_RECORD *record; /* current exception: __current_exception */
    CONTEXT *context;
    struct active_catch *catches;
    const void *thrown; /* object of the newest throw */
    int uncaught;       /* throws that have not arrived: __processing_throw */
    void *translator;   /* _set_se_translator */
    void *terminate;
    void *unexpected;
};
struct eh_thread *eh_thread(void);

/* Forgets catch blocks whose stack is gone. */
void eh_prune(void);

/* The newest catch block that runs holds the current exception. */
void eh_set_current(struct active_catch *newest);

/* What the RVAs of a throw's tables count from. */
ULONG64 eh_throw_base(const struct throw_info *info);
bool eh_is_cxx(const EXCEPTION_RECORD *record);
void eh_destroy_object(const EXCEPTION_RECORD *record);
void *eh_adjust(void *object, const struct base_displacement *displacement);
_Noreturn void eh_terminate(void);

#endif
