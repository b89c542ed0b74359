/*
 * xml2.c: libxml2-2.dll's variables that hold functions: programs free what they get by the one in xmlFree.
 */
#include "hostdll.h"

#define LIBRARY "libxml2.so.2"

void *xml_free, *xml_malloc, *xml_realloc, *xml_strdup; /* exported by these names without "_" */

/* The host's variable: a program can not replace it (xmlMemSetup is missing). */
#define HOST_VARIABLE(result, name, types) (*(result(**) types)host_bind(LIBRARY, #name))

static void WINAPI free_block(void *block)
{
    HOST_VARIABLE(void, xmlFree, (void *))(block);
}

static void *WINAPI allocate_block(size_t size)
{
    return HOST_VARIABLE(void *, xmlMalloc, (size_t))(size);
}

static void *WINAPI resize_block(void *block, size_t size)
{
    return HOST_VARIABLE(void *, xmlRealloc, (void *, size_t))(block, size);
}

static char *WINAPI copy_string(const char *text)
{
    return HOST_VARIABLE(char *, xmlMemStrdup, (const char *))(text);
}

/* When the DLL is loaded: addresses in initialised data would have to be relocated at every start. */
void xml2_attach(void);

void xml2_attach(void)
{
    xml_free = (void *)free_block;
    xml_malloc = (void *)allocate_block;
    xml_realloc = (void *)resize_block;
    xml_strdup = (void *)copy_string;
}
