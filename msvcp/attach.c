/*
 * attach.c: what happens when the library is loaded: class tables, standard streams; and what happens at the end.
 *
 * Layer: msvcp.
 */
#include "msvcp/elem_char.h"
#include "msvcp/stdstreams.h"
#include "msvcp/elem_wchar.h"
#include "msvcp/stdstreams.h"
#include "msvcp/elem_ushort.h"
#include "msvcp/stdstreams.h"

int WINAPI _crt_atexit(void *function);

int ios_init_init_cnt = 1; /* how often ios_base::Init was made: the library counts as one */
int winit_init_cnt = 1, ushinit_init_cnt = 1;
const streamoff msvcp_badoff = -1;
void *msvcp_raise_handler; /* the program's function for exceptions when it is built without them */

/* Streams may have the program's own buffers by now. */
static void WINAPI flush_all(void)
{
    std_streams_flush_char();
    std_streams_flush_wchar();
    std_streams_flush_ushort();
}

void msvcp_attach(void)
{
    eh_classes_init();
    locale_init_bool(false);
    std_streams_make_char();
    std_streams_make_wchar();
    std_streams_make_ushort();
    _crt_atexit(flush_all);
}

/* ios_base::Init and its kin: the streams are there already. */
void *WINAPI ios_init_ctor(void *object)
{
    __atomic_add_fetch(&ios_init_init_cnt, 1, __ATOMIC_SEQ_CST);
    return object;
}

void WINAPI ios_init_dtor(void *object)
{
    (void)object;
    if (!__atomic_sub_fetch(&ios_init_init_cnt, 1, __ATOMIC_SEQ_CST))
        flush_all();
}

int *WINAPI ios_init_init_cnt_func(void)
{
    return &ios_init_init_cnt;
}
