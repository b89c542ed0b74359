/*
 * memory_resource.c: msvcp140_1.dll: std::pmr's resources: operator new with and without alignment, and none.
 *
 * Layer: msvcp.
 */
#include "msvcp/msvcp.h"

struct memory_resource {
    const void *vftable;
};
extern const void *aligned_resource_vftable[], *unaligned_resource_vftable[], *null_resource_vftable[];

void *WINAPI _aligned_malloc(size_t size, size_t alignment);
void WINAPI _aligned_free(void *block);

static struct memory_resource aligned, unaligned, null;
static struct memory_resource *aligned_default, *unaligned_default;

struct memory_resource *WINAPI memory_resource_delete(struct memory_resource *resource, unsigned flags)
{
    (void)flags; /* these live for ever */
    return resource;
}

/* Blocks beyond malloc's alignment are _aligned_malloc's, as operator new's with an alignment. */
static bool plain(size_t alignment)
{
    return alignment <= 2 * sizeof(void *);
}

void *WINAPI aligned_resource_allocate(struct memory_resource *resource, size_t size, size_t alignment)
{
    (void)resource;
    void *block = plain(alignment) ? crt_malloc(size) : _aligned_malloc(size, alignment);
    if (!block)
        throw_bad_alloc();
    return block;
}

void WINAPI aligned_resource_deallocate(struct memory_resource *resource, void *block, size_t size, size_t alignment)
{
    (void)resource, (void)size;
    if (plain(alignment))
        crt_free(block);
    else
        _aligned_free(block);
}

void *WINAPI unaligned_resource_allocate(struct memory_resource *resource, size_t size, size_t alignment)
{
    (void)resource;
    if (!plain(alignment))
        throw_bad_alloc();
    return msvcp_new(size);
}

void WINAPI unaligned_resource_deallocate(struct memory_resource *resource, void *block, size_t size, size_t alignment)
{
    (void)resource, (void)size, (void)alignment;
    crt_free(block);
}

void *WINAPI null_resource_allocate(struct memory_resource *resource, size_t size, size_t alignment)
{
    (void)resource, (void)size, (void)alignment;
    throw_bad_alloc();
}

void WINAPI null_resource_deallocate(struct memory_resource *resource, void *block, size_t size, size_t alignment)
{
    (void)resource, (void)block, (void)size, (void)alignment;
}

bool WINAPI memory_resource_equal(const struct memory_resource *a, const struct memory_resource *b)
{
    return a == b;
}

static struct memory_resource *made(struct memory_resource *resource, const void *vftable)
{
    eh_classes_init();
    resource->vftable = vftable;
    return resource;
}

struct memory_resource *WINAPI aligned_new_delete_resource(void)
{
    return made(&aligned, aligned_resource_vftable);
}

struct memory_resource *WINAPI unaligned_new_delete_resource(void)
{
    return made(&unaligned, unaligned_resource_vftable);
}

struct memory_resource *WINAPI null_memory_resource(void)
{
    return made(&null, null_resource_vftable);
}

struct memory_resource *WINAPI aligned_get_default_resource(void)
{
    struct memory_resource *resource = __atomic_load_n(&aligned_default, __ATOMIC_ACQUIRE);
    return resource ? resource : aligned_new_delete_resource();
}

struct memory_resource *WINAPI unaligned_get_default_resource(void)
{
    struct memory_resource *resource = __atomic_load_n(&unaligned_default, __ATOMIC_ACQUIRE);
    return resource ? resource : unaligned_new_delete_resource();
}

/* NULL: the first one again.  These return the old one. */
struct memory_resource *WINAPI aligned_set_default_resource(struct memory_resource *resource)
{
    struct memory_resource *old = __atomic_exchange_n(&aligned_default, resource, __ATOMIC_ACQ_REL);
    return old ? old : aligned_new_delete_resource();
}

struct memory_resource *WINAPI unaligned_set_default_resource(struct memory_resource *resource)
{
    struct memory_resource *old = __atomic_exchange_n(&unaligned_default, resource, __ATOMIC_ACQ_REL);
    return old ? old : unaligned_new_delete_resource();
}
