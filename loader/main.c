/*
 * main.c: the winrun program: the order in which a Windows program comes to run.
 *
 * Nothing is opened, allocated or initialised here before it is needed: start-up is what users feel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "announce.h"
#include "check.h"
#include "loader.h"
#include "ntdll/arena.h"
#include "ntdll/config.h"
#include "ntdll/debug.h"
#include "ntdll/error.h"
#include "ntdll/gate.h"
#include "ntdll/handover.h"
#include "ntdll/path.h"
#include "ntdll/process.h"
#include "ntdll/thread.h"
#include "options.h"
#include "prefix/command.h"
#include "trace.h"

static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static _Noreturn void not_loadable(const char *path, NTSTATUS status)
{
    const char *name = short_name(path), *text = load_error();
    arena_detach((ULONG)status);
    /* The text begins with the file at fault, which is often the program itself. */
    if (!strncmp(text, path, strlen(path)))
        text += strlen(path) - strlen(name);
    if (!*text)
        fatal(EXIT_NOT_RUNNABLE, "%s: can not be loaded: %s", name, status_name(status));
    fatal(EXIT_NOT_RUNNABLE, "%s", text);
}

static const char *set_prefix(const struct options *options)
{
    const char *prefix = options->prefix ? options->prefix : getenv("WINRUN_PREFIX");
    if (prefix && *prefix)
        path_set_prefix(prefix);
    return prefix;
}

static void load_program(const char *path)
{
    struct module *program;
    NTSTATUS status = module_load_program(path, &program);
    if (!NT_SUCCESS(status))
        not_loadable(path, status);
    thread_grow_first_stack(0); /* what its headers ask for */
}

/* --check takes DLLs too. */
static NTSTATUS map_for_check(const char *path, struct module **module)
{
    char reason[512];
    NTSTATUS status = module_map_program(path, PE_PROGRAM, module);
    if (NT_SUCCESS(status))
        return status;
    snprintf(reason, sizeof reason, "%s", load_error());
    if (NT_SUCCESS(module_map_program(path, PE_LIBRARY, module)) &&
        (*module)->nt->FileHeader.Characteristics & IMAGE_FILE_DLL)
        return STATUS_SUCCESS;
    load_set_error("%s", reason);
    return status;
}

/* --check: maps the program and lists what it needs; nothing of it runs. */
static _Noreturn void check(const char *path, const struct options *options)
{
    struct module *program;
    NTSTATUS status = map_for_check(path, &program);
    int result = 0;
    if (NT_SUCCESS(status))
        status = check_program(program,
                               options->json        ? &check_json
                               : options->check_all ? &check_text_all
                                                    : &check_text,
                               &result);
    if (!NT_SUCCESS(status))
        not_loadable(path, status);
    exit(result);
}

/* Attaches the DLLs and runs the program on this thread; its result ends the thread, as on Windows. */
static _Noreturn void run(const char *path)
{
    debug_start();
    NTSTATUS status = module_attach_program();
    if (!NT_SUCCESS(status)) {
        warn("%s: %s", short_name(path), load_error());
        process_exit(status);
    }
    const struct module *program = module_program();
    if (!program->ldr.EntryPoint)
        fatal(EXIT_NOT_RUNNABLE, "%s: it has no entry point", short_name(path));
    thread_exit((ULONG)guest_call(program->ldr.EntryPoint, GUEST(peb_current()), 0, 0, 0));
}

/* A process that another Windows program has started (ntdll/spawn.c). */
static _Noreturn void run_child(int fd)
{
    const struct start_block *block = start_block_map(fd);
    const char *path = start_text(block->program), *trace = start_text(block->trace_patterns);
    struct process_start start = {.program = path, .environment = environ, .block = block, .trace_patterns = trace};
    if (trace)
        trace_start_child(trace);
    path_set_prefix(start_text(block->prefix));
    path_set_program(path);
    config_load();
    announce_start();
    thread_init_first();
    process_init(&start);
    start_wait();
    load_program(path);
    run(path);
}

static const char *start_trace(const struct options *options)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct trace_settings settings = {.patterns = options->trace_patterns,
                                      .file = options->trace_file,
                                      .summary = options->trace_summary,
                                      .start = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec};
    return trace_start(&settings);
}

int main(int argc, char **argv)
{
    struct options options = {0};
    if (argc > 1 && !strncmp(argv[1], "--start=", 8))
        run_child(atoi(argv[1] + 8));
    options_parse(argc, argv, &options);
    const char *trace = options.trace && !options.check ? start_trace(&options) : NULL;
    const char *prefix = set_prefix(&options);
    if (command_is(options.program))
        command_run(options.program, options.arguments);
    thread_init_first(); /* what looks for a program in the prefix takes the NT layer's locks */
    char *path = command_program(options.program, prefix);
    if (!path)
        path = options_find_program(options.program);
    path_set_program(path);
    config_load();
    const char *batch = !options.check && options_is_batch(path) ? path : NULL;
    if (batch)
        path = options_find_interpreter();
    struct process_start start = {
        .program = path,
        .batch = batch,
        .arguments = options.arguments,
        .command_line = options.command_line,
        .exit_code_file = options.exit_code_file,
        .minidump = options.minidump,
        .environment = environ,
        .trace_patterns = trace,
    };
    announce_start();
    process_init(&start);
    config_environment();
    if (options.check)
        check(path, &options);
    load_program(path);
    run(path);
}
