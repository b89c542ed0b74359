/*
 * batch.c: batch files: their lines, arguments, labels, subroutines.
 */
#include "builtins.h"

void batch_read_line(struct batch *batch, const WCHAR **line, size_t *length, bool *end)
{
    const WCHAR *start = batch->content + batch->position, *p = start, *last = batch->content + batch->length;

    *end = p >= last;
    while (p < last && *p != '\n' && *p != 0x1a)
        p++;
    *line = start;
    *length = p - start;
    if (p < last && *p != '\n') /* Ctrl-Z: the file ends here */
        batch->position = batch->length;
    else
        batch->position = (p < last ? p + 1 : p) - batch->content;
}

/* Whether a line is this label: blanks, a colon, blanks, the name up to a delimiter. */
static bool is_label(const WCHAR *line, size_t length, const WCHAR *label)
{
    const WCHAR *end = line + length;
    size_t count = wcslen(label);

    while (line < end && is_delimiter(*line))
        line++;
    if (line == end || *line++ != ':')
        return false;
    while (line < end && is_delimiter(*line))
        line++;
    return (size_t)(end - line) >= count && !_wcsnicmp(line, label, count) &&
           (line + count == end || is_delimiter(line[count]) || wcschr(L":+&|<>()", line[count]));
}

bool batch_goto(const WCHAR *label)
{
    struct batch *batch = cmd.batch;
    size_t start = batch->position;
    const WCHAR *line;
    size_t length;
    bool end;

    for (int turn = 0; turn < 2; turn++) { /* from here on, then from the beginning */
        for (;;) {
            size_t before = batch->position;
            batch_read_line(batch, &line, &length, &end);
            if (end || (turn && before >= start))
                break;
            if (is_label(line, length, label))
                return true;
        }
        batch->position = turn ? start : 0;
    }
    return false;
}

/* %1 ... from a command line's arguments. */
static void set_arguments(struct batch *batch, const WCHAR *name, const WCHAR *text)
{
    unsigned count = 0, room = 16;
    WCHAR *word;

    batch->all = copy_string(skip_blanks(text));
    for (size_t n = wcslen(batch->all); n && is_delimiter(batch->all[n - 1]); n--)
        batch->all[n - 1] = 0;
    batch->rest = need(room * sizeof *batch->rest);
    while ((word = next_argument(&text))) {
        if (count + 2 > room) {
            room *= 2;
            batch->rest = realloc(batch->rest, room * sizeof *batch->rest);
        }
        batch->rest[count++] = word;
        batch->rest[count] = NULL;
    }
    batch->name = copy_string(name);
    batch->arguments[0] = batch->name;
    for (unsigned i = 1; i < 10 && i <= count; i++)
        batch->arguments[i] = batch->rest[i - 1];
    batch->shifted = count < 9 ? count : 9;
}

void batch_shift(unsigned from)
{
    struct batch *batch = cmd.batch;

    for (unsigned i = from; i < 9; i++)
        batch->arguments[i] = batch->arguments[i + 1];
    batch->arguments[9] =
        batch->rest[0] && batch->arguments[8] && batch->rest[batch->shifted] ? batch->rest[batch->shifted++] : NULL;
}

static int run_lines(struct batch *batch)
{
    struct source source = {.batch = batch};
    bool end = false;

    while (!end && cmd.jump == JUMP_NONE) {
        struct node *node = parse_next(&source, &end);
        if (node) {
            echo_node(node);
            run_node(node);
        }
        node_free(node);
        if (cmd.jump == JUMP_GOTO)
            cmd.jump = JUMP_NONE;
    }
    if (cmd.jump == JUMP_EXIT_BATCH)
        cmd.jump = JUMP_NONE;
    return cmd.errorlevel;
}

/* How much of the stack is left, in percent. */
static unsigned stack_left(void)
{
    ULONG_PTR low, high;
    GetCurrentThreadStackLimits(&low, &high);
    return (unsigned)(((ULONG_PTR)__builtin_frame_address(0) - low) * 100 / (high - low));
}

/* Batch files that call each other without end: all of them end. */
static int too_deep(void)
{
    out_error(L"******  B A T C H   R E C U R S I O N  exceeds STACK limits ******\r\n"
              L"Stack Usage=%u percent\r\n"
              L"******       B A T C H   PROCESSING IS   A B O R T E D      ******\r\n",
              100 - stack_left());
    cmd.errorlevel = 1;
    cmd.jump = JUMP_EXIT;
    return 1;
}

/* Carriage returns do not count, wherever they stand. */
static size_t remove_returns(WCHAR *text, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '\r')
            text[kept++] = text[i];
    return kept;
}

/* Reads the file; false: a message has been printed. */
static bool batch_open(struct batch *batch, const WCHAR *path)
{
    WCHAR full[4096];
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    WCHAR *content = NULL;

    if (file != INVALID_HANDLE_VALUE) {
        content = read_all_text(file, GetConsoleOutputCP(), &batch->length);
        CloseHandle(file);
    }
    if (!content) {
        report(GetLastError());
        return false;
    }
    GetFullPathNameW(path, 4096, full, NULL);
    batch->path = copy_string(full);
    batch->length = remove_returns(content, batch->length);
    batch->content = content;
    batch->position = 0;
    batch->subroutine = false;
    return true;
}

static void batch_close(struct batch *batch)
{
    for (unsigned i = 0; batch->rest[i]; i++)
        free(batch->rest[i]);
    free(batch->rest);
    free(batch->all);
    free(batch->name);
    if (!batch->subroutine) {
        free((WCHAR *)batch->content);
        free(batch->path);
    }
}

/* A batch file started without CALL takes the place of the one it was started from, or of its subroutine. */
struct successor {
    WCHAR *path, *name, *arguments;
};
static struct successor successor;

static bool batch_replace(struct batch *batch)
{
    struct successor next = successor;

    successor = (struct successor){0};
    if (!next.path)
        return false;
    batch_close(batch);
    *batch = (struct batch){.caller = batch->caller, .locals = batch->locals};
    bool good = batch_open(batch, next.path);
    set_arguments(batch, next.name, next.arguments);
    batch->subroutine = !good;
    free(next.path), free(next.name), free(next.arguments);
    return good;
}

static int batch_enter(struct batch *batch)
{
    int result, for_depth = cmd.for_depth;

    if (cmd.jump == JUMP_NONE && stack_left() < 10)
        batch->position = batch->length, too_deep();
    batch->locals = environment_depth();
    cmd.batch = batch;
    cmd.for_depth = 0;
    do
        result = run_lines(batch);
    while (batch_replace(batch));
    while (environment_depth() > batch->locals)
        environment_pop();
    cmd.batch = batch->caller;
    cmd.for_depth = for_depth;
    batch_close(batch);
    return result;
}

int batch_run(const WCHAR *path, const WCHAR *name, const WCHAR *arguments, bool call)
{
    struct batch batch = {.caller = cmd.batch};

    if (!call && cmd.batch) {
        successor = (struct successor){copy_string(path), copy_string(name), copy_string(arguments)};
        cmd.jump = JUMP_EXIT_BATCH;
        return cmd.errorlevel;
    }
    if (!batch_open(&batch, path))
        return 1;
    set_arguments(&batch, name, arguments);
    return batch_enter(&batch);
}

int batch_call_label(const WCHAR *label, const WCHAR *arguments)
{
    struct batch *caller = cmd.batch;
    struct batch batch = {.caller = caller,
                          .path = caller->path,
                          .content = caller->content,
                          .length = caller->length,
                          .position = caller->position,
                          .subroutine = true};

    WCHAR *name = copy_string(L":");
    name = realloc(name, (wcslen(label) + 2) * sizeof *name);
    wcscpy(name + 1, label);
    set_arguments(&batch, name, arguments);
    free(name);
    cmd.batch = &batch;
    if (same_name(label, L"eof")) { /* ends at once */
        batch.position = batch.length;
    } else if (!batch_goto(label)) {
        out_error(L"The system cannot find the batch label specified - %s\r\n", label);
        batch.position = batch.length;
        cmd.errorlevel = 1;
    }
    return batch_enter(&batch);
}

/*
 * A GOTO to nowhere ends the batch file, but not the line that it stands on: the rest is carried out as if the caller
 * had written it.  Start scripts use that: "goto #_undefined_# 2>NUL || title %COMSPEC% & program", "(goto) 2>nul & del
 * ...".
 */
static void batch_leave(void)
{
    struct batch *batch = cmd.batch;

    batch->position = batch->length;
    while (environment_depth() > batch->locals)
        environment_pop();
    cmd.batch = batch->caller;
}

int builtin_goto(const WCHAR *text)
{
    WCHAR *label;

    if (!cmd.batch)
        return KEEPS;
    if (*text == ':')
        text++;
    label = next_argument(&text);
    if (label) { /* the name ends where a label line's does */
        size_t length = wcscspn(label, L":+");
        label[length] = 0;
    }
    if (label && same_name(label, L"eof")) {
        cmd.jump = JUMP_EXIT_BATCH;
    } else if (label && batch_goto(label)) {
        cmd.jump = JUMP_GOTO;
    } else {
        if (label)
            out_error(L"The system cannot find the batch label specified - %s\r\n", label);
        else
            out_error(L"No batch label specified to GOTO command.\r\n");
        free(label);
        batch_leave();
        return 1;
    }
    free(label);
    return KEEPS;
}

int builtin_shift(const WCHAR *text)
{
    unsigned from = 0;

    if (!cmd.batch)
        return KEEPS;
    if (*text == '/') {
        if (text[1] < '0' || text[1] > '8' || (text[2] && !is_delimiter(text[2]))) {
            out_error(L"Invalid parameter to SHIFT command\r\n");
            return 1;
        }
        from = text[1] - '0';
    }
    batch_shift(from);
    return KEEPS;
}

int builtin_exit(const WCHAR *text)
{
    WCHAR *word;
    bool batch = false;

    while ((word = next_argument(&text))) {
        if (starts_with(word, L"/b"))
            batch = true;
        else
            cmd.errorlevel = (int)wcstol(word, NULL, 0);
        free(word);
    }
    cmd.jump = batch && cmd.batch ? JUMP_EXIT_BATCH : JUMP_EXIT;
    return KEEPS;
}

/*
 * The line is read a second time: its carets are doubled before, percent signs are replaced, and carets outside of
 * quotes escape.  So those in quotes stay doubled, as every user of CALL learns.
 */
static WCHAR *read_again(const WCHAR *text)
{
    struct text doubled = {0}, out = {0};
    bool quoted = false;

    for (; *text; text++) {
        text_char(&doubled, *text);
        if (*text == '^')
            text_char(&doubled, '^');
    }
    WCHAR *line = text_take(&doubled), *expanded = expand_percent(line);
    for (const WCHAR *p = expanded; *p; p++) {
        quoted ^= *p == '"';
        if (*p == '^' && !quoted && !*++p)
            break;
        text_char(&out, *p);
    }
    free(line);
    free(expanded);
    return text_take(&out);
}

int builtin_call(const WCHAR *text)
{
    if (!*text) /* "(call)" fails, "(call )" succeeds: that is how one sets ERRORLEVEL */
        return 1;
    WCHAR *again = read_again(text);
    const WCHAR *rest = skip_blanks(again);
    int result;

    if (*rest == ':' && cmd.batch) {
        const WCHAR *arguments = rest + 1;
        WCHAR *label = next_argument(&arguments);
        result = label ? batch_call_label(label, arguments) : 1;
        free(label);
    } else {
        WCHAR *line = copy_string(rest);
        struct batch *batch = cmd.batch;
        result = run_command(line, true);
        cmd.batch = batch;
        free(line);
    }
    free(again);
    return result;
}
