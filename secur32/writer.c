/*
 * writer.c: growing heap memory for messages.
 */
#include "secur32/writer.h"

void writer_put(struct writer *writer, const void *data, size_t size)
{
    if (writer->failed || !size)
        return;
    if (writer->size + size > writer->room) {
        size_t room = (writer->size + size) * 2;
        BYTE *longer = crypt_alloc(room);

        if (!longer) {
            writer->failed = true;
            return;
        }
        if (writer->size)
            memcpy(longer, writer->data, writer->size);
        crypt_free(writer->data);
        writer->data = longer;
        writer->room = room;
    }
    memcpy(writer->data + writer->size, data, size);
    writer->size += size;
}

void writer_free(struct writer *writer)
{
    crypt_free(writer->data);
    *writer = (struct writer){0};
}
