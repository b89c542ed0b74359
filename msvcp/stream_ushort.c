/*
 * stream_ushort.c: the stream classes for unsigned short.
 *
 * Layer: msvcp.
 */
#include "msvcp/elem_ushort.h"
#include "msvcp/streambuf.h"
#include "msvcp/ios.h"
#include "msvcp/ostream.h"
#include "msvcp/istream.h"
