/*
 * processor.h: the processors that this process may use, numbered as Windows does: 0, 1, 2 ...
 */
#ifndef NTDLL_PROCESSOR_H
#define NTDLL_PROCESSOR_H

#define PROCESSOR_FEATURES 64

#include "win.h"

/* True (from process_init on) if the processor has AVX2 and the host lets it be used. */
extern bool processor_avx2;
void processor_init(void);

/* The number that the calling thread runs on. */
ULONG processor_current(void);

/* Binds a host thread (0: the caller) to the processors of `mask`. */
NTSTATUS processor_bind(int tid, ULONG_PTR mask);

/* Fills KUSER_SHARED_DATA.ProcessorFeatures: PROCESSOR_FEATURES bytes. */
void processor_features(UCHAR *present);

/* What the processor calls itself and its maker; `out` has 256 bytes. */
void processor_brand(char *out);
void processor_vendor(char *out);

/* All of them. */
ULONG_PTR processor_mask(void);

#endif
