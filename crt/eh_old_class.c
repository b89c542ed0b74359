/*
 * eh_old_class.c: the members of msvcrt's own exception classes and of type_info, for programs of its time.
 *
 * Layer: crt.  The objects are those of std::exception (eh_class.h), with other tables; every constructor sees to it
 * that these are filled in.
 */
#include "crt/eh_class.h"

typedef struct cxx_exception object;

static object *construct(object *this, const void *vftable, const char *what, bool copied)
{
    eh_classes_init();
    memset(this, 0, sizeof *this); /* the flag is an int to those programs */
    exception_init(this, vftable, what, copied);
    return this;
}

/* The object's own text is freed, then the other's taken. */
static object *assign(object *this, const object *from)
{
    const void *vftable = this->vftable;

    if (this == from)
        return this;
    exception_dtor(this);
    return construct(this, vftable, from->what, from->owned);
}

object *WINAPI old_exception_assign(object *this, const object *from);
object *WINAPI old_exception_assign(object *this, const object *from)
{
    return assign(this, from);
}

/* For each class: from a text, from a reference to one, and the copy. */
#define OLD_CLASS(name)                                                                                                \
    extern const void *old_##name##_vftable[];                                                                         \
    object *WINAPI old_##name##_copy(object *this, const object *from);                                                \
    object *WINAPI old_##name##_text(object *this, const char *what);                                                  \
    object *WINAPI old_##name##_reference(object *this, const char *const *what);                                      \
    object *WINAPI old_##name##_copy(object *this, const object *from)                                                 \
    {                                                                                                                  \
        return construct(this, old_##name##_vftable, from->what, from->owned);                                         \
    }                                                                                                                  \
    object *WINAPI old_##name##_text(object *this, const char *what)                                                   \
    {                                                                                                                  \
        return construct(this, old_##name##_vftable, what, true);                                                      \
    }                                                                                                                  \
    object *WINAPI old_##name##_reference(object *this, const char *const *what)                                       \
    {                                                                                                                  \
        return construct(this, old_##name##_vftable, *what, true);                                                     \
    }

OLD_CLASS(exception)
OLD_CLASS(bad_cast)
OLD_CLASS(bad_typeid)
OLD_CLASS(non_rtti_object)

object *WINAPI old_exception_default(object *this);
object *WINAPI old_exception_default(object *this)
{
    return construct(this, old_exception_vftable, NULL, false);
}

/* The text stays the caller's. */
object *WINAPI old_exception_borrow(object *this, const char *const *what, int unused);
object *WINAPI old_exception_borrow(object *this, const char *const *what, int unused)
{
    (void)unused;
    return construct(this, old_exception_vftable, *what, false);
}

void WINAPI old_bad_cast_default(object *this);
void WINAPI old_bad_cast_default(object *this)
{
    construct(this, old_bad_cast_vftable, "bad cast", true);
}

void WINAPI old_bad_typeid_default(object *this);
void WINAPI old_bad_typeid_default(object *this)
{
    construct(this, old_bad_typeid_vftable, "bad typeid", true);
}

/* ---- type_info: behind its vftable lie the readable name, once it was asked for, and the decorated one ---- */

struct old_type_info {
    const void *vftable;
    struct type_info_data *data[]; /* is there in place */
};

int WINAPI __std_type_info_compare(const struct type_info_data *a, const struct type_info_data *b);
const char *WINAPI __std_type_info_name(struct type_info_data *type, SLIST_HEADER *list);

static struct type_info_data *data_of(const struct old_type_info *type)
{
    return (struct type_info_data *)type->data;
}

int WINAPI old_type_info_equal(const struct old_type_info *a, const struct old_type_info *b);
int WINAPI old_type_info_equal(const struct old_type_info *a, const struct old_type_info *b)
{
    return __std_type_info_compare(data_of(a), data_of(b)) == 0;
}

int WINAPI old_type_info_differ(const struct old_type_info *a, const struct old_type_info *b);
int WINAPI old_type_info_differ(const struct old_type_info *a, const struct old_type_info *b)
{
    return !old_type_info_equal(a, b);
}

int WINAPI old_type_info_before(const struct old_type_info *a, const struct old_type_info *b);
int WINAPI old_type_info_before(const struct old_type_info *a, const struct old_type_info *b)
{
    return __std_type_info_compare(data_of(a), data_of(b)) < 0;
}

const char *WINAPI old_type_info_name(const struct old_type_info *type);
const char *WINAPI old_type_info_name(const struct old_type_info *type)
{
    static _Alignas(16) SLIST_HEADER names;

    return __std_type_info_name(data_of(type), &names);
}

const char *WINAPI old_type_info_raw_name(const struct old_type_info *type);
const char *WINAPI old_type_info_raw_name(const struct old_type_info *type)
{
    return (const char *)type->data + sizeof(char *);
}
