/*
 * exceptions.cpp: are exceptions that msvcp140.dll throws caught, and what a program throws, in code of Microsoft's
 * C++ ABI?  By reference, by value, by base; exception_ptr; dynamic_cast; destructors on the way.
 */
#include "msvc.h"

static int live;
struct counted {
    counted()
    {
        live++;
    }
    ~counted()
    {
        live--;
    }
};

struct mine : std::exception {
    int number;
    mine(int n) : std::exception("mine"), number(n)
    {
        live++;
    }
    mine(const mine &from) : std::exception(from), number(from.number)
    {
        live++;
    }
    ~mine()
    {
        live--;
    }
    const char *what() const override
    {
        return "mine!";
    }
};

static void test_thrown()
{
    bool caught = false;
    try {
        counted on_the_way;
        std::_Xlength_error("too long");
    } catch (std::runtime_error &) {
        CHECK(!"a logic_error is no runtime_error");
    } catch (std::logic_error &e) {
        caught = true;
        CHECK_STR(e.what(), "too long");
        CHECK(dynamic_cast<std::length_error *>(&e) != nullptr);
        CHECK(dynamic_cast<std::out_of_range *>(&e) == nullptr);
    }
    CHECK(caught && !live);
    try {
        std::_Xout_of_range("by value");
    } catch (std::exception e) {
        CHECK_STR(e.what(), "by value");
    }
    try {
        std::_Xinvalid_argument("argument");
    } catch (std::invalid_argument e) {
        CHECK_STR(e.what(), "argument");
    }
    try {
        std::_Xoverflow_error("over");
    } catch (const std::runtime_error &e) {
        CHECK_STR(e.what(), "over");
    }
    caught = false;
    try {
        std::_Xbad_alloc();
    } catch (std::logic_error &) {
        CHECK(!"bad_alloc is no logic_error");
    } catch (std::bad_alloc &e) {
        caught = true;
        CHECK_STR(e.what(), "bad allocation");
    }
    CHECK(caught);
    try {
        std::_Xbad_function_call();
    } catch (std::bad_function_call &e) {
        CHECK_STR(e.what(), "bad function call");
    }
    try {
        std::_Throw_Cpp_error(5);
    } catch (std::system_error &e) {
        CHECK_STR(e.what(), "resource deadlock would occur: resource deadlock would occur");
        CHECK(e.code.value == 36);
    }
    try {
        std::_Throw_C_error(1);
    } catch (std::system_error e) {
        CHECK(e.code.value == 11);
    }
}

static void test_streams()
{
    bool caught = false;
    try {
        counted on_the_way;
        std::cout.exceptions(4);
        std::cout.clear(4, false);
    } catch (std::ios_base::failure &e) {
        caught = true;
        CHECK_STR(e.what(), "ios_base::badbit set: iostream stream error");
        CHECK(e.code.value == 1);
    }
    CHECK(caught && !live);
    std::cout.exceptions(0);
    std::cout.clear(0, false);

    std::ios_base *base = &std::cout;
    CHECK(dynamic_cast<std::ostream *>(base) == &std::cout);
    CHECK(dynamic_cast<std::istream *>(base) == nullptr);
    CHECK(dynamic_cast<void *>(base) == (void *)&std::cout);
    caught = false;
    try {
        (void)dynamic_cast<std::istream &>(*base);
    } catch (std::bad_cast &e) {
        caught = true;
        CHECK_STR(e.what(), "Bad dynamic_cast!");
    }
    CHECK(caught);
}

static void test_pointers()
{
    void *pointer[2], *other[2];
    int caught = 0;

    __ExceptionPtrCreate(pointer);
    CHECK(!__ExceptionPtrToBool(pointer));
    __ExceptionPtrCurrentException(pointer);
    CHECK(!__ExceptionPtrToBool(pointer));
    try {
        throw mine(7);
    } catch (...) {
        __ExceptionPtrCurrentException(pointer);
    }
    CHECK(__ExceptionPtrToBool(pointer));
    CHECK(live == 1);
    __ExceptionPtrCopy(other, pointer);
    CHECK(__ExceptionPtrCompare(pointer, other));
    for (int i = 0; i < 2; i++)
        try {
            __ExceptionPtrRethrow(i ? other : pointer);
        } catch (mine &e) {
            caught++;
            CHECK_STR(e.what(), "mine!");
            CHECK(e.number == 7);
        }
    CHECK(caught == 2);
    try {
        try {
            __ExceptionPtrRethrow(pointer);
        } catch (std::exception &) {
            throw;
        }
    } catch (mine e) {
        caught++;
        CHECK(e.number == 7);
    }
    CHECK(caught == 3);
    __ExceptionPtrDestroy(pointer);
    CHECK(live == 1);
    __ExceptionPtrDestroy(other);
    CHECK(live == 0);
}

int test()
{
    test_thrown();
    test_streams();
    test_pointers();
    return failures;
}
