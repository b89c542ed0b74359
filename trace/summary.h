/*
 * summary.h: --trace-summary.
 */
#ifndef TRACE_SUMMARY_H
#define TRACE_SUMMARY_H

/* Prints the table; the process ends. */
void summary_print(void);

#endif
