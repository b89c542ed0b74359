/*
 * regfile.h: the .reg format, REGEDIT4 and 5.00: reading and writing.  Pure computing on memory; also used at build
 * time (gen/genreg.c) and fuzzed.
 */
#ifndef REGISTRY_REGFILE_H
#define REGISTRY_REGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct regfile_text {
    const uint16_t *at;
    size_t length;
};

/* What a file says, in its order.  Returning false stops the reading. */
struct regfile_sink {
    void *context;
    bool (*key)(void *context, struct regfile_text path, bool remove);
    /* An empty name is the default value; remove: there is no data. */
    bool (*value)(void *context, struct regfile_text name, bool remove, uint32_t type, const uint8_t *data,
                  size_t size);
};

struct regfile_error {
    unsigned line;    /* from 1; 0: the file as a whole */
    const char *text; /* what is wrong; NULL: the sink stopped it */
};

/* ANSI bytes to UTF-16 and back, for REGEDIT4; at most `length` units, `4 * length` bytes.  Return the length. */
struct regfile_ansi {
    size_t (*to_wide)(const char *bytes, size_t length, uint16_t *wide);
    size_t (*to_bytes)(const uint16_t *wide, size_t length, char *bytes);
};

bool regfile_read(const void *bytes, size_t size, const struct regfile_ansi *ansi, const struct regfile_sink *sink,
                  struct regfile_error *error);

/* A growing text.  failed: no memory; nothing more is written. */
struct regfile_writer {
    bool version4; /* REGEDIT4: ANSI */
    const struct regfile_ansi *ansi;
    uint16_t *text;
    size_t length, room;
    bool failed;
};

void regfile_begin(struct regfile_writer *writer);
void regfile_key(struct regfile_writer *writer, struct regfile_text path);
void regfile_value(struct regfile_writer *writer, struct regfile_text name, uint32_t type, const uint8_t *data,
                   size_t size);
void regfile_end_key(struct regfile_writer *writer);
/* The bytes of the file (malloc'ed), or NULL. */
void *regfile_finish(struct regfile_writer *writer, size_t *size);

#endif
