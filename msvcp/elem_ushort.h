/*
 * elem_ushort.h: the templates' parameters for unsigned short, which old programs have for wchar_t.
 */
#include "msvcp/msvcp.h"

#undef E
#undef INT
#undef E_EOF
#undef E_WIDE
#undef TO_INT
#undef T
#undef SUFFIX
#define E WCHAR
#define INT unsigned short
#define E_EOF ((unsigned short)0xffff)
#define E_WIDE 1
#define TO_INT(c) ((unsigned short)(c))
#define SUFFIX ushort
#define T(name) name##_ushort

#include "msvcp/basic.h"
