/*
 * rtlcompress.h: between the files that pack and unpack buffers.
 */
#ifndef NTDLL_RTLCOMPRESS_H
#define NTDLL_RTLCOMPRESS_H

#include "win.h"

/* Into `room` bytes; *made: how many there are.  STATUS_BUFFER_TOO_SMALL, STATUS_BAD_COMPRESSION_BUFFER. */
NTSTATUS xpress_pack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made);
NTSTATUS xpress_unpack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made);
NTSTATUS xpress_huffman_pack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made);
NTSTATUS xpress_huffman_unpack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made);

#endif
