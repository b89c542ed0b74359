/*
 * minidump_callback.c: asks a program's callback about its dump (minidump_callback.h).
 *
 * Layer: above kernel32 and ntdll.  It is asked whether threads and modules shall be in the dump, then about each
 * module with what is known of it, and for further memory.  Of the answer for a module ModuleWriteModule counts alone.
 */
#include "minidump_callback.h"
#include "ntdll/gate.h"

static bool ask(const struct dump_wishes *wishes, ULONG type, MINIDUMP_CALLBACK_INPUT *input,
                MINIDUMP_CALLBACK_OUTPUT *output)
{
    input->ProcessId = wishes->id;
    input->ProcessHandle = wishes->process;
    input->CallbackType = type;
    return (BOOL)guest_call(wishes->information->CallbackRoutine, GUEST(wishes->information->CallbackParam),
                            GUEST(input), GUEST(output), 0);
}

static bool nobody_to_ask(const struct dump_wishes *wishes)
{
    return !wishes->information || !wishes->information->CallbackRoutine;
}

bool dump_wants_thread(const struct dump_wishes *wishes, DWORD thread)
{
    MINIDUMP_CALLBACK_INPUT input = {.IncludeThread = {.ThreadId = thread}};
    MINIDUMP_CALLBACK_OUTPUT output = {.ThreadWriteFlags = ThreadWriteThread | ThreadWriteStack | ThreadWriteContext |
                                                           ThreadWriteInstructionWindow};

    return nobody_to_ask(wishes) || ask(wishes, IncludeThreadCallback, &input, &output);
}

bool dump_wants_module(const struct dump_wishes *wishes, const MINIDUMP_MODULE *module, const WCHAR *path)
{
    const ULONG flags = ModuleWriteModule | ModuleWriteMiscRecord | ModuleWriteCvRecord;
    MINIDUMP_CALLBACK_INPUT input = {.IncludeModule = {.BaseOfImage = module->BaseOfImage}};
    MINIDUMP_CALLBACK_OUTPUT output = {.ModuleWriteFlags = flags};

    if (nobody_to_ask(wishes))
        return true;
    if (!ask(wishes, IncludeModuleCallback, &input, &output))
        return false;
    /* Which modules the stacks point into is not looked at: any may be. */
    output = (MINIDUMP_CALLBACK_OUTPUT){.ModuleWriteFlags =
                                            flags | (wishes->type & MiniDumpScanMemory ? ModuleReferencedByMemory : 0)};
    input = (MINIDUMP_CALLBACK_INPUT){.Module = {.FullPath = (PWCHAR)path,
                                                 .BaseOfImage = module->BaseOfImage,
                                                 .SizeOfImage = module->SizeOfImage,
                                                 .CheckSum = module->CheckSum,
                                                 .TimeDateStamp = module->TimeDateStamp,
                                                 .VersionInfo = module->VersionInfo}};
    return ask(wishes, ModuleCallback, &input, &output) && output.ModuleWriteFlags & ModuleWriteModule;
}

bool dump_wants_memory(const struct dump_wishes *wishes, ULONG64 *base, ULONG *size)
{
    MINIDUMP_CALLBACK_INPUT input = {0};
    MINIDUMP_CALLBACK_OUTPUT output = {0};

    if (nobody_to_ask(wishes) || !ask(wishes, MemoryCallback, &input, &output) || !output.MemorySize)
        return false;
    *base = output.MemoryBase;
    *size = output.MemorySize;
    return true;
}
