/*
 * msvcrt's own C++ classes, by name: constructors, copies, assignments, what(), virtual functions, type_info.
 */
#include "check.h"

struct object {
    void **vftable;
    const char *what;
    int owned;
    int unused;
};

static HMODULE crt;

static void *get(const char *name)
{
    void *found = (void *)GetProcAddress(crt, name);

    CHECK(found != NULL);
    return found;
}

typedef struct object *constructor(struct object *, const void *);
typedef const char *text(const struct object *);
typedef struct object *deleting(struct object *, unsigned);
typedef void destructor(struct object *);

/* The virtual functions: a deleting destructor and what. */
static const char *virtual_what(struct object *object)
{
    return ((text *)object->vftable[1])(object);
}

static void check_exception(void)
{
    constructor *from_reference = get("??0exception@@QEAA@AEBQEBD@Z"), *copy = get("??0exception@@QEAA@AEBV0@@Z");
    struct object *(*borrow)(struct object *, const void *, int) = get("??0exception@@QEAA@AEBQEBDH@Z");
    struct object *(*empty)(struct object *) = get("??0exception@@QEAA@XZ");
    constructor *assign = get("??4exception@@QEAAAEAV0@AEBV0@@Z");
    destructor *destroy = get("??1exception@@UEAA@XZ");
    text *what = get("?what@exception@@UEBAPEBDXZ");
    const char *message = "a message";
    struct object a, b, c;

    CHECK(from_reference(&a, &message) == &a);
    CHECK(a.what != message);
    CHECK_STR(what(&a), "a message");
    CHECK_STR(virtual_what(&a), "a message");
    CHECK(copy(&b, &a) == &b);
    CHECK(b.what != a.what);
    CHECK_STR(what(&b), "a message");
    borrow(&c, &message, 1);
    CHECK(c.what == message);
    CHECK(assign(&c, &a) == &c);
    CHECK_STR(what(&c), "a message");
    CHECK(c.what != message);
    destroy(&a);
    destroy(&c);
    CHECK(((deleting *)b.vftable[0])(&b, 0) == &b); /* without freeing */
    empty(&a);
    CHECK_STR(what(&a), "Unknown exception");
    destroy(&a);
}

static void check_heirs(void)
{
    static const struct {
        const char *from_text, *copy, *destroy;
    } classes[] = {
        {"??0bad_cast@@QEAA@PEBD@Z", "??0bad_cast@@QEAA@AEBV0@@Z", "??1bad_cast@@UEAA@XZ"},
        {"??0bad_typeid@@QEAA@PEBD@Z", "??0bad_typeid@@QEAA@AEBV0@@Z", "??1bad_typeid@@UEAA@XZ"},
        {"??0__non_rtti_object@@QEAA@PEBD@Z", "??0__non_rtti_object@@QEAA@AEBV0@@Z", "??1__non_rtti_object@@UEAA@XZ"},
    };

    for (int i = 0; i < 3; i++) {
        struct object a, b;

        CHECK(((constructor *)get(classes[i].from_text))(&a, "text") == &a);
        CHECK_STR(virtual_what(&a), "text");
        ((constructor *)get(classes[i].copy))(&b, &a);
        CHECK_STR(virtual_what(&b), "text");
        CHECK(a.vftable == b.vftable);
        ((destructor *)get(classes[i].destroy))(&a);
        ((destructor *)get(classes[i].destroy))(&b);
        if (i < 2) {
            ((destructor *)get(i ? "??_Fbad_typeid@@QEAAXXZ" : "??_Fbad_cast@@QEAAXXZ"))(&a);
            CHECK_STR(virtual_what(&a), i ? "bad typeid" : "bad cast");
        }
    }
    CHECK(get("??_7exception@@6B@") != NULL);
}

/* A type's description, as compilers lay it out. */
struct type {
    void *vftable;
    char *readable;
    char decorated[32];
};

static void check_type_info(void)
{
    static struct type a = {NULL, NULL, ".?AVfirst@@"}, b = {NULL, NULL, ".?AVsecond@@"},
                       c = {NULL, NULL, ".?AVfirst@@"};
    int (*equal)(void *, void *) = get("??8type_info@@QEBAHAEBV0@@Z");
    int (*differ)(void *, void *) = get("??9type_info@@QEBAHAEBV0@@Z");
    int (*before)(void *, void *) = get("?before@type_info@@QEBAHAEBV1@@Z");
    const char *(*name)(void *) = get("?name@type_info@@QEBAPEBDXZ");
    const char *(*raw)(void *) = get("?raw_name@type_info@@QEBAPEBDXZ");

    CHECK_EQ(equal(&a, &c), 1);
    CHECK_EQ(equal(&a, &b), 0);
    CHECK_EQ(differ(&a, &b), 1);
    CHECK(before(&a, &b) != 0);
    CHECK_EQ(before(&b, &a), 0);
    CHECK_STR(raw(&a), ".?AVfirst@@");
    CHECK_STR(name(&a), "class first");
    CHECK(name(&a) == name(&a));
}

int main(void)
{
    crt = LoadLibraryA("msvcrt.dll");
    check_exception();
    check_heirs();
    check_type_info();
    return check_done();
}
