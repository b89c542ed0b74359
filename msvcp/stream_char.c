/*
 * stream_char.c: the stream classes for char.
 *
 * Layer: msvcp.
 */
#include "msvcp/elem_char.h"
#include "msvcp/streambuf.h"
#include "msvcp/ios.h"
#include "msvcp/ostream.h"
#include "msvcp/istream.h"
