/*
 * eh_class.h: the C++ classes that the runtime itself throws: std::exception and its heirs.
 *
 * The layouts are ABI.  Their tables are in eh_class_tables.S and msvcp/classes.S; all of them are dead until
 * eh_classes_init() has been called.
 */
#ifndef CRT_EH_CLASS_H
#define CRT_EH_CLASS_H

#include "crt/eh.h"

/* std::exception, and what has no members of its own. */
struct cxx_exception {
    const void *vftable;
    const char *what;
    bool owned; /* the text is on the heap */
};
_Static_assert(sizeof(struct cxx_exception) == 24, "std::exception");

void eh_classes_init(void);

/* Makes an exception object; with `copied` the text is copied. */
void exception_init(struct cxx_exception *object, const void *vftable, const char *what, bool copied);

/* Copy constructors, destructor, vftable entries: Windows functions. */
struct cxx_exception *WINAPI exception_copy(struct cxx_exception *to, const struct cxx_exception *from);
void WINAPI exception_dtor(struct cxx_exception *object);
struct cxx_exception *WINAPI exception_delete(struct cxx_exception *object, unsigned flags);
const char *WINAPI exception_what(const struct cxx_exception *object);

/* Defines NAME_copy, the copy constructor of a class without members of its own. */
#define EXCEPTION_COPY(name)                                                                                           \
    extern const void *name##_vftable[];                                                                               \
    struct cxx_exception *WINAPI name##_copy(struct cxx_exception *to, const struct cxx_exception *from)               \
    {                                                                                                                  \
        exception_copy(to, from)->vftable = name##_vftable;                                                            \
        return to;                                                                                                     \
    }

/* _CxxThrowException as if the frame of `context` had called it (eh_throw.c). */
_Noreturn void eh_throw(void *object, const struct throw_info *info, CONTEXT *context);

/* _CxxThrowException for host code: the walk begins in the caller. */
_Noreturn void WINAPI eh_throw_here(void *object, const struct throw_info *info) __asm__("_CxxThrowException");

#endif
