/*
 * pipe.c: commands joined by | run at the same time: programs directly, everything else in a copy of the interpreter.
 */
#include "builtins.h"

enum { SIDES_MAX = 32 };

/* A side that is just a program: its path and command line. */
static WCHAR *plain_program(const struct node *node, WCHAR **command_line)
{
    const WCHAR *arguments;

    if (node->kind != NODE_COMMAND || node->redirects)
        return NULL;
    WCHAR *first = expand_for(node->text), *line = expand_delayed(first), *program = NULL;
    free(first);
    if (!builtin_find(skip_blanks(line), &arguments)) {
        const WCHAR *rest = line;
        WCHAR *name = next_argument(&rest);
        program = name ? find_program(unquote(name)) : NULL;
        free(name);
    }
    const WCHAR *extension = program ? wcsrchr(file_part(program), '.') : NULL;
    if (extension && (same_name(extension, L".bat") || same_name(extension, L".cmd"))) {
        free(program);
        program = NULL;
    }
    if (program)
        *command_line = line;
    else
        free(line);
    return program;
}

static HANDLE start_side(const struct node *node, const HANDLE handles[3])
{
    WCHAR *command_line, *program = plain_program(node, &command_line);
    struct text text = {0};
    HANDLE process;

    if (program) {
        process = start_process(program, skip_blanks(command_line), handles, 0, NULL, SW_SHOWNORMAL);
        free(program);
        free(command_line);
        return process;
    }
    node_text(node, TEXT_TO_RUN, &text);
    process = start_interpreter(text.data ? text.data : L"", handles);
    free(text_take(&text));
    return process;
}

static unsigned flatten(struct node *node, struct node **sides)
{
    if (node->kind != NODE_PIPE || node->redirects) {
        *sides = node;
        return 1;
    }
    unsigned count = flatten(node->left, sides);
    return count + (count < SIDES_MAX ? flatten(node->right, sides + count) : 0);
}

int run_pipe(struct node *node)
{
    struct node *sides[2 * SIDES_MAX];
    HANDLE processes[2 * SIDES_MAX], in = cmd.handles[0];
    unsigned count = flatten(node, sides);
    int result = 0;

    for (unsigned i = 0; i < count; i++) {
        HANDLE read = NULL, write = NULL;
        if (i + 1 < count && !CreatePipe(&read, &write, NULL, 0)) {
            report(GetLastError());
            count = i;
            break;
        }
        HANDLE handles[3] = {in, write ? write : cmd.handles[1], cmd.handles[2]};
        processes[i] = start_side(sides[i], handles);
        if (!processes[i])
            report(GetLastError());
        if (write)
            CloseHandle(write);
        if (in != cmd.handles[0])
            CloseHandle(in);
        in = read;
    }
    if (in && in != cmd.handles[0])
        CloseHandle(in);
    for (unsigned i = 0; i < count; i++)
        result = processes[i] ? wait_process(processes[i]) : 1;
    return cmd.errorlevel = result;
}
