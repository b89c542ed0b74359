/*
 * promise.h: between wait.c and promise.c: signals that are for sleepers.
 */
#ifndef NTDLL_PROMISE_H
#define NTDLL_PROMISE_H

#include "object.h"

/* wait.c: the word while no wait-for-all holds it.  *at follows a state that has moved. */
uint32_t waitable_settled(struct waitable **at);

/* Before the word is changed: up to `count` of its signals will be for those who sleep. */
void promise_make(struct waitable *w, uint32_t count);
/* A sleeper has come, or has given up. */
void promise_end(struct waitable *w);
/* For who did not sleep: lets those come first who did. */
void promise_give_way(struct waitable **at);
/* Takes a sleeper out of `waiters`. */
void promise_sleeper_leaves(struct waitable *w);

#endif
