/*
 * elem_char.h: the templates' parameters for char.
 */
#include "msvcp/msvcp.h"

#undef E
#undef INT
#undef E_EOF
#undef E_WIDE
#undef TO_INT
#undef T
#undef SUFFIX
#define E char
#define INT int
#define E_EOF (-1)
#define E_WIDE 0
#define TO_INT(c) ((int)(unsigned char)(c))
#define SUFFIX char
#define T(name) name##_char

#include "msvcp/basic.h"
