/*
 * cmd.h: the command interpreter.
 *
 * A line goes through these stages, in this order, as the command language prescribes:
 *   1. expand.c  %variables% and %1 arguments are replaced, character by character, before anything is parsed
 *   2. parse.c   the line becomes a tree of commands; quotes and carets are honoured; more lines are read while
 *                a parenthesis is open
 *   3. run.c     the tree is executed: for each command FOR variables, then !variables! are replaced,
 *                redirections are made, and a built-in (builtins.h) or a program (launch.c) is run
 */
#ifndef CMD_H
#define CMD_H

#include "programs/console.h"

/* ---- the tree ---- */

enum node_kind {
    NODE_COMMAND,  /* text */
    NODE_BLOCK,    /* ( left ) */
    NODE_SEQUENCE, /* left & right */
    NODE_AND,      /* left && right */
    NODE_OR,       /* left || right */
    NODE_PIPE,     /* left | right */
    NODE_IF,       /* operand[0] text operand[1], where text is ==, EQU, EXIST, DEFINED ...; left: then; right: else */
    NODE_FOR,      /* text: options; variable; operand[0]: the set; left: body */
};

struct redirect {
    struct redirect *next;
    int handle;     /* 0 to 9 */
    bool input;     /* <, else > */
    bool append;    /* >> */
    bool duplicate; /* target is the number of another handle */
    WCHAR *target;
};

struct node {
    enum node_kind kind;
    bool quiet; /* began with @ */
    WCHAR *text;
    WCHAR *operand[2];
    WCHAR variable;
    bool negated, fold; /* IF NOT, IF /I */
    bool lines;         /* of a sequence: stood on two lines */
    struct node *left, *right;
    struct redirect *redirects;
};

void node_free(struct node *node);
/* Writes the tree back as a command line, with FOR variables replaced. */
enum text_use { TEXT_TO_SHOW, TEXT_TO_RUN };
void node_text(const struct node *node, enum text_use use, struct text *out);

/* ---- where lines come from ---- */

/* A batch file, or a subroutine of it (CALL :label). */
struct batch {
    struct batch *caller;
    WCHAR *path;          /* full path of the file; owned by its outermost context, as is the content */
    WCHAR *arguments[10]; /* %0 to %9, as SHIFT left them */
    WCHAR *name;          /* %0 at the start; owned */
    WCHAR **rest;         /* all arguments after %0, NULL at the end; owned */
    size_t shifted;       /* arguments that SHIFT has moved out */
    WCHAR *all;           /* %* */
    const WCHAR *content;
    size_t length, position;
    bool subroutine; /* shares the caller's content */
    unsigned locals; /* SETLOCAL depth at the start */
    int for_depth;
};

/* What a parser reads: lines of the batch file in progress, or the one text given. */
struct source {
    const WCHAR *text; /* NULL: read from batch or the console */
    struct batch *batch;
};

/* ---- the interpreter's state ---- */

enum jump {
    JUMP_NONE,
    JUMP_GOTO,       /* the batch file's position has moved: the rest of the tree is dropped */
    JUMP_EXIT_BATCH, /* EXIT /B: the batch file or subroutine ends */
    JUMP_EXIT,       /* EXIT: the interpreter ends */
};

struct cmd {
    int errorlevel;
    enum jump jump;
    bool echo;
    bool delayed; /* !variables! are replaced */
    bool extensions;
    bool interactive;
    bool unicode;        /* /U */
    struct batch *batch; /* NULL: none */
    HANDLE handles[10];
    WCHAR *for_values[256]; /* by variable's character; NULL: not set */
    int for_depth;
};
extern struct cmd cmd;

/* ---- expand.c, substitute.c ---- */

/* Stage 1.  The result is the caller's to free. */
WCHAR *expand_percent(const WCHAR *line);
/* FOR variables (stage 3, first), as they are now. */
WCHAR *expand_for(const WCHAR *text);
/* !variables! (stage 3, second). */
WCHAR *expand_delayed(const WCHAR *text);
/* A variable's value, the computed ones (CD, DATE, ERRORLEVEL ...) too; NULL: not defined.  The caller frees it. */
WCHAR *variable_get(const WCHAR *name);
/* %~modifiers: the value of an argument without quotes, as a path, its parts, attributes ... */
WCHAR *modify_path(const WCHAR *value, const WCHAR *modifiers, size_t count);

/* ---- parse.c ---- */

/* The next command, or NULL: at the end of the source, or after a syntax error (which has been printed). */
struct node *parse_next(struct source *source, bool *end);
/* The next line of the source without its end, NULL at the end.  `more`: the second or later line of a command. */
WCHAR *source_line(struct source *source, bool more);
/* main.c: a line from standard input, without its end; NULL at the end. */
WCHAR *read_input_line(void);

/* ---- run.c ---- */

int run_node(struct node *node);
/* Parses and runs a whole text (after /C, for CALL, FOR /F). */
int run_text(const WCHAR *text);
/* Runs one command line that has gone through all stages and sets the error level; 0: it succeeded.  call: a batch file
 * that it names comes back (CALL). */
int run_command(const WCHAR *line, bool call);
/* ECHO ON: shows a command before it runs. */
void echo_node(const struct node *node);
int run_for(struct node *node);
int run_if(struct node *node);
int run_pipe(struct node *node);
void show_prompt(void);
void syntax_error(const WCHAR *token);

/* ---- redirect.c ---- */

/* Makes the redirections, keeping what was there in `saved`; false: a message has been printed, nothing is changed. */
bool redirect_make(const struct redirect *redirects, HANDLE saved[10]);
void redirect_undo(HANDLE saved[10]);
/* The standard handles of cmd.handles become this process's. */
void handles_apply(void);

/* ---- batch.c ---- */

int batch_run(const WCHAR *path, const WCHAR *name, const WCHAR *arguments, bool call);
int batch_call_label(const WCHAR *label, const WCHAR *arguments);
/* GOTO: moves the position behind the label; false: there is none. */
bool batch_goto(const WCHAR *label);
void batch_shift(unsigned from);
void batch_read_line(struct batch *batch, const WCHAR **line, size_t *length, bool *end);

/* ---- launch.c ---- */

/* Finds the program or batch file for a command's name.  NULL: there is none.  Free it. */
WCHAR *find_program(const WCHAR *name);
/* Runs a program or batch file with the rest of its command line. */
int launch(const WCHAR *name, const WCHAR *arguments, bool call);
/* Starts a command line with these standard handles; NULL: failed, the last error says why. */
HANDLE start_process(const WCHAR *application, const WCHAR *command_line, const HANDLE handles[3], DWORD flags,
                     const WCHAR *directory, WORD show);
/* Starts a copy of the interpreter for a command; its arguments as in "cmd /S /D /C". */
HANDLE start_interpreter(const WCHAR *command, const HANDLE handles[3]);
int wait_process(HANDLE process);

/* ---- environment.c ---- */

void environment_push(void); /* SETLOCAL */
bool environment_pop(void);  /* ENDLOCAL; false: nothing to undo */
unsigned environment_depth(void);

/* ---- arguments.c ---- */

/* The next argument of *text: blanks, commas, semicolons and = part them, quotes keep them together (and stay).
 * NULL at the end.  Free it. */
WCHAR *next_argument(const WCHAR **text);
WCHAR *unquote(WCHAR *argument); /* in place */
const WCHAR *skip_blanks(const WCHAR *text);
bool is_delimiter(WCHAR c);

/* Switches (/X, /X:value, /-X) and other arguments of a built-in, in order. */
struct arguments {
    WCHAR **names; /* without quotes */
    unsigned count;
    WCHAR switches[32]; /* upper-case letters, in order */
    WCHAR *values[32];  /* what follows the colon or letter, or NULL */
    bool negated[32];   /* /-X */
    unsigned switch_count;
};
void arguments_parse(const WCHAR *text, struct arguments *arguments);
void arguments_free(struct arguments *arguments);
bool has_switch(const struct arguments *arguments, WCHAR letter);
/* The first switch that is not in `allowed` is reported: false. */
bool only_switches(const struct arguments *arguments, const WCHAR *allowed);

/* ---- output, through cmd.handles ---- */

/* builtins_system.c: "10.0.19045" */
const WCHAR *version_text(void);

void out(const WCHAR *format, ...);
void out_error(const WCHAR *format, ...);
void out_text(const WCHAR *text);
int report(DWORD error); /* prints the system's text; 1 */
int bad_usage(void);     /* a command's arguments make no sense: says so; 1 */

#endif
