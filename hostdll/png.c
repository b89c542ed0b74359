/*
 * png.c: what of libpng16.dll types alone do not tell: reading and writing a FILE of the program's C runtime.
 *
 * libpng reads a FILE by default functions of its own, which would take it for the host's.  So every structure gets
 * default functions of ours, which png_init_io then gives the FILE.
 */
#include "crt/crt.h"
#include "hostdll.h"

#define LIBRARY "libpng16.so.16"

/* crt/stdio.c */
size_t WINAPI crt_fread(void *buffer, size_t size, size_t count, struct stream *stream);
size_t WINAPI crt_fwrite(const void *buffer, size_t size, size_t count, struct stream *stream);
int WINAPI crt_fflush(struct stream *stream);

static void *file_of(void *png)
{
    return HOST_CALL(LIBRARY, void *, png_get_io_ptr, (void *), png);
}

static void stop(void *png, const char *text)
{
    HOST_CALL(LIBRARY, void, png_error, (void *, const char *), png, text);
}

static void read_file(void *png, void *data, size_t size)
{
    if (crt_fread(data, 1, size, file_of(png)) != size)
        stop(png, "Read Error");
}

static void write_file(void *png, const void *data, size_t size)
{
    if (crt_fwrite(data, 1, size, file_of(png)) != size)
        stop(png, "Write Error");
}

static void flush_file(void *png)
{
    crt_fflush(file_of(png));
}

void WINAPI png_set_read_fn_windows(void *png, void *context, const void *function)
{
    void *host = function ? host_callback(function, "void(ptr,ptr,size)") : (void *)read_file;
    HOST_CALL(LIBRARY, void, png_set_read_fn, (void *, void *, void *), png, context, host);
}

void WINAPI png_set_write_fn_windows(void *png, void *context, const void *write, const void *flush)
{
    void *host_write = write ? host_callback(write, "void(ptr,ptr,size)") : (void *)write_file;
    void *host_flush = flush ? host_callback(flush, "void(ptr)") : write ? NULL : (void *)flush_file;
    HOST_CALL(LIBRARY, void, png_set_write_fn, (void *, void *, void *, void *), png, context, host_write, host_flush);
}

static void *message_callback(const void *function)
{
    return host_callback(function, "void(ptr,str)");
}

void *WINAPI png_create_read_struct_2_windows(const char *version, void *error_context, const void *error,
                                              const void *warning, void *memory, const void *allocate,
                                              const void *release)
{
    void *png = HOST_CALL(LIBRARY, void *, png_create_read_struct_2,
                          (const char *, void *, void *, void *, void *, void *, void *), version, error_context,
                          message_callback(error), message_callback(warning), memory,
                          host_callback(allocate, "ptr(ptr,size)"), host_callback(release, "void(ptr,ptr)"));
    if (png)
        png_set_read_fn_windows(png, NULL, NULL);
    return png;
}

void *WINAPI png_create_read_struct_windows(const char *version, void *context, const void *error, const void *warning)
{
    return png_create_read_struct_2_windows(version, context, error, warning, NULL, NULL, NULL);
}

void *WINAPI png_create_write_struct_2_windows(const char *version, void *error_context, const void *error,
                                               const void *warning, void *memory, const void *allocate,
                                               const void *release)
{
    void *png = HOST_CALL(LIBRARY, void *, png_create_write_struct_2,
                          (const char *, void *, void *, void *, void *, void *, void *), version, error_context,
                          message_callback(error), message_callback(warning), memory,
                          host_callback(allocate, "ptr(ptr,size)"), host_callback(release, "void(ptr,ptr)"));
    if (png)
        png_set_write_fn_windows(png, NULL, NULL, NULL);
    return png;
}

void *WINAPI png_create_write_struct_windows(const char *version, void *context, const void *error, const void *warning)
{
    return png_create_write_struct_2_windows(version, context, error, warning, NULL, NULL, NULL);
}
