/*
 * builtins.h: the table of built-in commands (builtins.c), and what each file of them offers.
 *
 * A built-in gets its arguments as one string, blanks in front removed, and returns its error level.
 */
#ifndef CMD_BUILTINS_H
#define CMD_BUILTINS_H

#include "cmd.h"
#include <limits.h>

enum { KEEPS = INT_MIN + 0x5eed }; /* the error level stays as it is; no program ends with this code */

struct builtin {
    const WCHAR *name;
    int (*run)(const WCHAR *arguments);
    bool raw; /* gets everything behind its name, the blank too */
};

/* The built-in that `line` begins with; *arguments: where its arguments begin. */
const struct builtin *builtin_find(const WCHAR *line, const WCHAR **arguments);

int builtin_call(const WCHAR *), builtin_cd(const WCHAR *), builtin_cls(const WCHAR *), builtin_copy(const WCHAR *),
    builtin_date(const WCHAR *), builtin_del(const WCHAR *), builtin_dir(const WCHAR *), builtin_echo(const WCHAR *),
    builtin_endlocal(const WCHAR *), builtin_exit(const WCHAR *), builtin_goto(const WCHAR *),
    builtin_md(const WCHAR *), builtin_mklink(const WCHAR *), builtin_move(const WCHAR *), builtin_path(const WCHAR *),
    builtin_pause(const WCHAR *), builtin_popd(const WCHAR *), builtin_prompt(const WCHAR *),
    builtin_pushd(const WCHAR *), builtin_rd(const WCHAR *), builtin_rem(const WCHAR *), builtin_ren(const WCHAR *),
    builtin_set(const WCHAR *), builtin_setlocal(const WCHAR *), builtin_shift(const WCHAR *),
    builtin_start(const WCHAR *), builtin_time(const WCHAR *), builtin_title(const WCHAR *),
    builtin_type(const WCHAR *), builtin_ver(const WCHAR *), builtin_verify(const WCHAR *), builtin_vol(const WCHAR *),
    builtin_assoc(const WCHAR *), builtin_break(const WCHAR *), builtin_ftype(const WCHAR *),
    builtin_color(const WCHAR *);

/* Asks on the standard input; true: the answer begins with Y. */
bool ask(const WCHAR *name, const WCHAR *question);

int set_arithmetic(const WCHAR *expression); /* SET /A */

/* Calls `each` for every file that a pattern matches (directories too if asked); false: none does. */
bool for_each_match(const WCHAR *pattern, bool (*each)(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context),
                    void *context);

#endif
