/*
 * stackoverflow.c: _resetstkoflw, with which a program goes on after a stack overflow that it has handled.
 *
 * Layer: crt, over ntdll's threads: closing the guard zone is one call there.
 */
#include "win.h"
#include "ntdll/thread.h"

int __cdecl _resetstkoflw(void)
{
    return thread_stack_rearm();
}
