/*
 * eh_old_tables.S: msvcrt's own C++ classes, which have no namespace: exception and its heirs.
 */
#include "crt/eh_class.inc"

    class old_exception, ".?AVexception@@", 0, 0
    class old_bad_cast, ".?AVbad_cast@@", 0, 1, old_exception_base
    class old_bad_typeid, ".?AVbad_typeid@@", 0, 1, old_exception_base
    class old_non_rtti_object, ".?AV__non_rtti_object@@", 0, 2, old_bad_typeid_base, old_exception_base

    vftable old_exception, 0, 0, exception_delete, exception_what
    vftable old_bad_cast, 0, 0, exception_delete, exception_what
    vftable old_bad_typeid, 0, 0, exception_delete, exception_what
    vftable old_non_rtti_object, 0, 0, exception_delete, exception_what

    .section .note.GNU-stack, "", @progbits
