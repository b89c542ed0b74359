/*
 * stream_wchar.c: the stream classes for wchar_t.
 *
 * Layer: msvcp.
 */
#include "msvcp/elem_wchar.h"
#include "msvcp/streambuf.h"
#include "msvcp/ios.h"
#include "msvcp/ostream.h"
#include "msvcp/istream.h"
