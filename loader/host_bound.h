/*
 * host_bound.h: DLLs that prefix.conf binds to libraries of the host.
 */
#ifndef LOADER_HOST_BOUND_H
#define LOADER_HOST_BOUND_H

struct bound_dll;
struct config_host_dll;

/* The fd of an image made for it, to be mapped; -1, with one line in load_error(), if the binding can not be right. */
int host_bound_make(const struct config_host_dll *config, struct bound_dll **dll);

/* The image has been mapped. */
void host_bound_place(struct bound_dll *dll, void *base);

#endif
