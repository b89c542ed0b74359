/*
 * missing.c: what stands in an import slot for a function that winrun does not have.
 *
 * The stubs are part of the executable: number i loads i and jumps to a common end, so that a
 * missing import costs one row in a table until it is called.  Then one line names it and its caller, and
 * the exception is raised that Windows' loader raises for an entry point that is not there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loader.h"
#include "ntdll/exception.h"
#include "ntdll/process.h"

#define STUB_MAX 2048 /* the last one stands for all that do not fit */
#define STUB_SIZE 16
#define CALLED_MAX 16
#define LITERAL(x) LITERAL_TEXT(x)
#define LITERAL_TEXT(x) #x

/* eax is free at a call; the return address stays on top, so that the caller can be named and unwound to. */
__asm__(".text\n"
        ".balign 16\n"
        ".hidden missing_stubs\n"
        "missing_stubs:\n"
        ".set missing_index, 0\n"
        ".rept " LITERAL(STUB_MAX) "\n"
                                   ".balign 16, 0xcc\n"
                                   "mov $missing_index, %eax\n"
                                   "jmp missing_common\n"
                                   ".set missing_index, missing_index + 1\n"
                                   ".endr\n"
                                   ".balign 16, 0xcc\n"
                                   "missing_common:\n"
                                   ".cfi_startproc\n"
                                   "mov %eax, %ecx\n"
                                   "mov (%rsp), %rdx\n"
                                   "jmp missing_call\n"
                                   ".cfi_endproc\n");

extern const char missing_stubs[] __attribute__((visibility("hidden")));

static char *names[STUB_MAX]; /* "dll!Name" */
static unsigned name_count;
static unsigned called[CALLED_MAX], called_count;

void *missing_stub(const char *dll, const struct pe_symbol *symbol)
{
    char text[512];
    if (symbol->name)
        snprintf(text, sizeof text, "%s!%s", dll, symbol->name);
    else
        snprintf(text, sizeof text, "%s!#%u", dll, symbol->ordinal);
    unsigned index = 0;
    while (index < name_count && strcmp(names[index], text))
        index++;
    if (index == name_count && name_count < STUB_MAX - 1)
        names[name_count++] = strdup(text);
    if (index >= STUB_MAX)
        index = STUB_MAX - 1;
    return (void *)(missing_stubs + index * STUB_SIZE);
}

const char *missing_called(unsigned index)
{
    unsigned count = called_count;
    return index < count && index < CALLED_MAX ? names[called[(count - 1 - index) % CALLED_MAX]] : NULL;
}

/* Reached from the stubs alone, with the caller's frame and the Microsoft calling convention. */
__attribute__((ms_abi, used, noreturn)) void missing_call(unsigned index, void *caller)
{
    const char *name = index < STUB_MAX && names[index] ? names[index] : "a function";
    char place[256], program[128];
    module_name(module_program(), program, sizeof program);
    const struct module *module = module_from_address(caller);
    if (module) {
        char base[128];
        snprintf(place, sizeof place, "%s+%#zx", module_name(module, base, sizeof base),
                 (size_t)((char *)caller - (char *)module->base));
    } else {
        snprintf(place, sizeof place, "%p", caller);
    }
    called[called_count++ % CALLED_MAX] = index;
    warn("%s: %s is not implemented (called from %s)", program, name, place);
    EXCEPTION_RECORD record = {.ExceptionCode = (DWORD)STATUS_ENTRYPOINT_NOT_FOUND,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionAddress = caller};
    for (;;)
        RtlRaiseException(&record);
}
