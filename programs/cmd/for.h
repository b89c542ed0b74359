/*
 * for.h: what for.c and for_lines.c share.
 */
#ifndef CMD_FOR_H
#define CMD_FOR_H

#include "cmd.h"

/* Runs the body once with the variables as they are. */
int for_once(struct node *node);
/* The value is not copied: it must live until the body has run. */
void for_set(unsigned variable, WCHAR *value);
/* FOR /F: `options` is the quoted word behind it or "". */
int for_lines(struct node *node, const WCHAR *options, const WCHAR *set);

#endif
