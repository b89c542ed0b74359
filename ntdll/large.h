/* large.h: where large static arrays lie.
 *
 * LARGE puts a zero-initialized array behind all other data.  The many small variables then share a few pages, and a
 * start touches those instead of one page here and there between the arrays. */
#ifndef WINRUN_NTDLL_LARGE_H
#define WINRUN_NTDLL_LARGE_H

#define LARGE __attribute__((section(".lbss")))

#endif
