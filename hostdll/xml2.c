/*
 * xml2.c: what of libxml2-2.dll types alone do not tell: variables that hold functions (programs free what they get by
 * the one in xmlFree), and error functions with "...".
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "hostdll.h"
#include "ntdll/gate.h"

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

/* ---- error functions: void (*)(void *context, const char *format, ...) ---- */

#define MESSAGE_SIZE 4096

/* Where the host's messages go: it gets this as the context.  Kept for ever, once for each combination. */
struct sink {
    struct sink *next;
    const void *error, *warning;
    void *context;
};

static struct sink *sink_of(const void *error, const void *warning, void *context)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct sink *sinks;
    pthread_mutex_lock(&lock);
    struct sink *found = sinks;
    while (found && (found->error != error || found->warning != warning || found->context != context))
        found = found->next;
    if (!found && (found = malloc(sizeof *found))) {
        *found = (struct sink){sinks, error, warning, context};
        sinks = found;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* The program's function gets the finished text. */
static void pass_on(const struct sink *sink, const void *function, const char *format, va_list arguments)
{
    char text[MESSAGE_SIZE];
    vsnprintf(text, sizeof text, format, arguments);
    guest_call(function, GUEST(sink->context), GUEST("%s"), GUEST(text), 0);
}

static void report_error(void *sink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pass_on(sink, ((struct sink *)sink)->error, format, arguments);
    va_end(arguments);
}

static void report_warning(void *sink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pass_on(sink, ((struct sink *)sink)->warning, format, arguments);
    va_end(arguments);
}

void WINAPI xmlSetGenericErrorFunc_windows(void *context, const void *function)
{
    struct sink *sink = function ? sink_of(function, NULL, context) : NULL;
    HOST_CALL(LIBRARY, void, xmlSetGenericErrorFunc, (void *, void *), sink, sink ? (void *)report_error : NULL);
}

#define ERROR_FUNCTIONS(name)                                                                                          \
    void WINAPI name##_windows(void *parser, const void *error, const void *warning, void *context);                   \
    void WINAPI name##_windows(void *parser, const void *error, const void *warning, void *context)                    \
    {                                                                                                                  \
        struct sink *sink = error || warning ? sink_of(error, warning, context) : NULL;                                \
        HOST_CALL(LIBRARY, void, name, (void *, void *, void *, void *), parser,                                       \
                  sink &&error ? (void *)report_error : NULL, sink &&warning ? (void *)report_warning : NULL, sink);   \
    }

ERROR_FUNCTIONS(xmlSchemaSetParserErrors)
ERROR_FUNCTIONS(xmlSchemaSetValidErrors)
ERROR_FUNCTIONS(xmlRelaxNGSetParserErrors)
ERROR_FUNCTIONS(xmlRelaxNGSetValidErrors)
