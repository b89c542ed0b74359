/*
 * remote_command.h: a command to a process that waits to be started, as it lies in its arena record (remote.c).
 */
#ifndef NTDLL_REMOTE_COMMAND_H
#define NTDLL_REMOTE_COMMAND_H

#include "handover.h"

struct memory_command {
    uint32_t what; /* enum in remote.c */
    uint32_t type, protect;
    int32_t status;
    int32_t fd; /* of a section in the process that asks, which `asker` is */
    int32_t asker;
    uint64_t base, size, offset;
    uint32_t section_protect, section_attributes;
    uint64_t section_size;
    struct handover_object object; /* to be duplicated; `type` is the access, `protect` the attributes */
};

#endif
