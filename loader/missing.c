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
#include "ntdll/large.h"
#include "ntdll/process.h"

#define STUB_MAX 2048 /* the last one stands for all that do not fit */
#define STUB_SIZE 16
#define CALLED_MAX 16
#define LITERAL(x) LITERAL_TEXT(x)
#define LITERAL_TEXT(x) #x

/*
 * eax is free at a call.  The common end captures the caller's registers, as CAPTURE_ENTRY (exception.h) does, so
 * that the exception is raised in the program and not in a frame of ours.
 */
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
                                   "sub $1288, %rsp\n"
                                   ".cfi_adjust_cfa_offset 1288\n"
                                   "mov %eax, 40(%rsp)\n"
                                   "lea 48(%rsp), %rax\n"
                                   "call context_save_caller\n"
                                   "mov 40(%rsp), %ecx\n"
                                   "mov %rax, %rdx\n"
                                   "call missing_call\n"
                                   ".cfi_endproc\n");

extern const char missing_stubs[] __attribute__((visibility("hidden")));

static char *names[STUB_MAX] LARGE; /* "dll!Name" */
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

static void describe_caller(void *caller, char *text, size_t size)
{
    const struct module *module = module_from_address(caller);
    char name[128];

    if (module)
        snprintf(text, size, "%s+%#zx", module_name(module, name, sizeof name),
                 (size_t)((char *)caller - (char *)module->base));
    else
        snprintf(text, size, "%p", caller);
}

/* Reached from the stubs alone; `context` is that of the caller after the return. */
__attribute__((ms_abi, used, noreturn)) void missing_call(unsigned index, CONTEXT *context)
{
    const char *name = index < STUB_MAX && names[index] ? names[index] : "a function";
    char place[256], program[128];
    EXCEPTION_RECORD record = {.ExceptionCode = (DWORD)STATUS_ENTRYPOINT_NOT_FOUND,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionAddress = (PVOID)context->Rip};

    module_name(module_program(), program, sizeof program);
    describe_caller(record.ExceptionAddress, place, sizeof place);
    called[called_count++ % CALLED_MAX] = index;
    warn("%s: %s is not implemented (called from %s)", program, name, place);
    exception_dispatch(&record, context);
}
