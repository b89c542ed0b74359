/*
 * eh_class_tables.S: the classes that vcruntime140 throws, and std::exception.
 */
#include "crt/eh_class.inc"

    class exception, ".?AVexception@std@@", 0, 0
    class bad_cast, ".?AVbad_cast@std@@", 0, 1, exception_base
    class bad_typeid, ".?AVbad_typeid@std@@", 0, 1, exception_base
    class bad_exception, ".?AVbad_exception@std@@", 0, 1, exception_base

    vftable exception, 0, 0, exception_delete, exception_what
    vftable bad_cast, 0, 0, exception_delete, exception_what
    vftable bad_typeid, 0, 0, exception_delete, exception_what
    vftable bad_exception, 0, 0, exception_delete, exception_what

    catchable exception, 24, exception_copy
    catchable bad_cast, 24, bad_cast_copy
    catchable bad_typeid, 24, bad_typeid_copy
    catchable bad_exception, 24, bad_exception_copy

    throwable bad_cast, exception_dtor, 2, bad_cast_catchable, exception_catchable
    throwable bad_typeid, exception_dtor, 2, bad_typeid_catchable, exception_catchable
    throwable bad_exception, exception_dtor, 2, bad_exception_catchable, exception_catchable

    /* Heirs in other files name these. */
    .globl exception_base, exception_catchable, bad_cast_type
    .hidden exception_base, exception_catchable, bad_cast_type

    .section .note.GNU-stack, "", @progbits
