/*
 * ntteb.h: the blocks that programs read directly: TEB, PEB, process parameters,
 * loader entries.  The layout is ABI: fields visible from outside, do not move;
 * each offset that programs are known to use is asserted below.
 */
#ifndef WINRUN_NTTEB_H
#define WINRUN_NTTEB_H

typedef struct _PEB_LDR_DATA {
    ULONG Length;
    BOOLEAN Initialized;
    HANDLE SsHandle;
    LIST_ENTRY InLoadOrderModuleList;
    LIST_ENTRY InMemoryOrderModuleList;
    LIST_ENTRY InInitializationOrderModuleList;
    PVOID EntryInProgress;
    BOOLEAN ShutdownInProgress;
    HANDLE ShutdownThreadId;
} PEB_LDR_DATA, *PPEB_LDR_DATA;

typedef struct _LDR_DATA_TABLE_ENTRY {
    LIST_ENTRY InLoadOrderLinks;
    LIST_ENTRY InMemoryOrderLinks;
    LIST_ENTRY InInitializationOrderLinks;
    PVOID DllBase;
    PVOID EntryPoint;
    ULONG SizeOfImage;
    UNICODE_STRING FullDllName;
    UNICODE_STRING BaseDllName;
    ULONG Flags;
    USHORT ObsoleteLoadCount;
    USHORT TlsIndex;
    LIST_ENTRY HashLinks;
    ULONG TimeDateStamp;
    PVOID EntryPointActivationContext;
    PVOID Lock;
    PVOID DdagNode;
    LIST_ENTRY NodeModuleLink;
    PVOID LoadContext;
    PVOID ParentDllBase;
    PVOID SwitchBackContext;
    PVOID BaseAddressIndexNode[3];
    PVOID MappingInfoIndexNode[3];
    ULONG_PTR OriginalBase;
    LARGE_INTEGER LoadTime;
    ULONG BaseNameHashValue;
    ULONG LoadReason;
    ULONG ImplicitPathOptions;
    ULONG ReferenceCount;
} LDR_DATA_TABLE_ENTRY, *PLDR_DATA_TABLE_ENTRY;

typedef struct _CURDIR {
    UNICODE_STRING DosPath;
    HANDLE Handle;
} CURDIR, *PCURDIR;

typedef struct _RTL_DRIVE_LETTER_CURDIR {
    USHORT Flags;
    USHORT Length;
    ULONG TimeStamp;
    STRING DosPath;
} RTL_DRIVE_LETTER_CURDIR;

typedef struct _RTL_USER_PROCESS_PARAMETERS {
    ULONG MaximumLength;
    ULONG Length;
    ULONG Flags;
    ULONG DebugFlags;
    HANDLE ConsoleHandle;
    ULONG ConsoleFlags;
    HANDLE StandardInput;
    HANDLE StandardOutput;
    HANDLE StandardError;
    CURDIR CurrentDirectory;
    UNICODE_STRING DllPath;
    UNICODE_STRING ImagePathName;
    UNICODE_STRING CommandLine;
    PWSTR Environment;
    ULONG StartingX;
    ULONG StartingY;
    ULONG CountX;
    ULONG CountY;
    ULONG CountCharsX;
    ULONG CountCharsY;
    ULONG FillAttribute;
    ULONG WindowFlags;
    ULONG ShowWindowFlags;
    UNICODE_STRING WindowTitle;
    UNICODE_STRING DesktopInfo;
    UNICODE_STRING ShellInfo;
    UNICODE_STRING RuntimeData;
    RTL_DRIVE_LETTER_CURDIR CurrentDirectories[32];
    SIZE_T EnvironmentSize;
    SIZE_T EnvironmentVersion;
    PVOID PackageDependencyData;
    ULONG ProcessGroupId;
    ULONG LoaderThreads;
} RTL_USER_PROCESS_PARAMETERS, *PRTL_USER_PROCESS_PARAMETERS;

typedef struct _PEB {
    BOOLEAN InheritedAddressSpace;
    BOOLEAN ReadImageFileExecOptions;
    BOOLEAN BeingDebugged;
    UCHAR BitField;
    HANDLE Mutant;
    PVOID ImageBaseAddress;
    PPEB_LDR_DATA Ldr;
    PRTL_USER_PROCESS_PARAMETERS ProcessParameters;
    PVOID SubSystemData;
    HANDLE ProcessHeap;
    PRTL_CRITICAL_SECTION FastPebLock;
    PVOID AtlThunkSListPtr;
    PVOID IFEOKey;
    ULONG CrossProcessFlags;
    PVOID KernelCallbackTable;
    ULONG SystemReserved;
    ULONG AtlThunkSListPtr32;
    PVOID ApiSetMap;
    ULONG TlsExpansionCounter;
    PVOID TlsBitmap;
    ULONG TlsBitmapBits[2];
    PVOID ReadOnlySharedMemoryBase;
    PVOID SharedData;
    PVOID *ReadOnlyStaticServerData;
    PVOID AnsiCodePageData;
    PVOID OemCodePageData;
    PVOID UnicodeCaseTableData;
    ULONG NumberOfProcessors;
    ULONG NtGlobalFlag;
    LARGE_INTEGER CriticalSectionTimeout;
    SIZE_T HeapSegmentReserve;
    SIZE_T HeapSegmentCommit;
    SIZE_T HeapDeCommitTotalFreeThreshold;
    SIZE_T HeapDeCommitFreeBlockThreshold;
    ULONG NumberOfHeaps;
    ULONG MaximumNumberOfHeaps;
    PVOID *ProcessHeaps;
    PVOID GdiSharedHandleTable;
    PVOID ProcessStarterHelper;
    ULONG GdiDCAttributeList;
    PRTL_CRITICAL_SECTION LoaderLock;
    ULONG OSMajorVersion;
    ULONG OSMinorVersion;
    USHORT OSBuildNumber;
    USHORT OSCSDVersion;
    ULONG OSPlatformId;
    ULONG ImageSubsystem;
    ULONG ImageSubsystemMajorVersion;
    ULONG ImageSubsystemMinorVersion;
    ULONG_PTR ActiveProcessAffinityMask;
    ULONG GdiHandleBuffer[60];
    PVOID PostProcessInitRoutine;
    PVOID TlsExpansionBitmap;
    ULONG TlsExpansionBitmapBits[32];
    ULONG SessionId;
    ULARGE_INTEGER AppCompatFlags;
    ULARGE_INTEGER AppCompatFlagsUser;
    PVOID pShimData;
    PVOID AppCompatInfo;
    UNICODE_STRING CSDVersion;
    PVOID ActivationContextData;
    PVOID ProcessAssemblyStorageMap;
    PVOID SystemDefaultActivationContextData;
    PVOID SystemAssemblyStorageMap;
    SIZE_T MinimumStackCommit;
    PVOID FlsCallback;
    LIST_ENTRY FlsListHead;
    PVOID FlsBitmap;
    ULONG FlsBitmapBits[4];
    ULONG FlsHighIndex;
    PVOID WerRegistrationData;
    PVOID WerShipAssertPtr;
    PVOID pContextData;
    PVOID pImageHeaderHash;
    ULONG TracingFlags;
    UCHAR Reserved[0x44c];
} PEB, *PPEB;

typedef struct _TEB {
    NT_TIB Tib;
    PVOID EnvironmentPointer;
    CLIENT_ID ClientId;
    PVOID ActiveRpcHandle;
    PVOID ThreadLocalStoragePointer;
    PPEB ProcessEnvironmentBlock;
    ULONG LastErrorValue;
    ULONG CountOfOwnedCriticalSections;
    PVOID CsrClientThread;
    PVOID Win32ThreadInfo;
    ULONG User32Reserved[26];
    ULONG UserReserved[5];
    PVOID WOW32Reserved;
    ULONG CurrentLocale;
    ULONG FpSoftwareStatusRegister;
    PVOID ReservedForDebuggerInstrumentation[16];
    PVOID SystemReserved1[38];
    LONG ExceptionCode;
    PVOID ActivationContextStackPointer;
    UCHAR Reserved1[0x1250 - 0x2d0];
    NTSTATUS LastStatusValue;
    UNICODE_STRING StaticUnicodeString;
    WCHAR StaticUnicodeBuffer[261];
    PVOID DeallocationStack;
    PVOID TlsSlots[64];
    LIST_ENTRY TlsLinks;
    PVOID Vdm;
    PVOID ReservedForNtRpc;
    PVOID DbgSsReserved[2];
    ULONG HardErrorMode;
    PVOID Instrumentation[11];
    GUID ActivityId;
    PVOID SubProcessTag;
    PVOID PerflibData;
    PVOID EtwTraceData;
    PVOID WinSockData;
    ULONG GdiBatchCount;
    ULONG CurrentIdealProcessor;
    ULONG GuaranteedStackBytes;
    PVOID ReservedForPerf;
    PVOID ReservedForOle;
    ULONG WaitingOnLoaderLock;
    PVOID SavedPriorityState;
    ULONG_PTR ReservedForCodeCoverage;
    PVOID ThreadPoolData;
    PVOID *TlsExpansionSlots;
    PVOID DeallocationBStore;
    PVOID BStoreLimit;
    ULONG MuiGeneration;
    ULONG IsImpersonating;
    PVOID NlsCache;
    PVOID pShimData;
    ULONG HeapData;
    HANDLE CurrentTransactionHandle;
    PVOID ActiveFrame;
    PVOID FlsData;
    PVOID PreferredLanguages;
    PVOID UserPrefLanguages;
    PVOID MergedPrefLanguages;
    ULONG MuiImpersonation;
    USHORT CrossTebFlags;
    USHORT SameTebFlags;
    PVOID TxnScopeEnterCallback;
    PVOID TxnScopeExitCallback;
    PVOID TxnScopeContext;
    ULONG LockCount;
    LONG WowTebOffset;
    PVOID ResourceRetValue;
    PVOID ReservedForWdf;
    ULONGLONG ReservedForCrt;
    GUID EffectiveContainerId;
} TEB, *PTEB;

#define CHECK_OFFSET(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)
CHECK_OFFSET(TEB, ClientId, 0x40);
CHECK_OFFSET(TEB, ThreadLocalStoragePointer, 0x58);
CHECK_OFFSET(TEB, ProcessEnvironmentBlock, 0x60);
CHECK_OFFSET(TEB, LastErrorValue, 0x68);
CHECK_OFFSET(TEB, WOW32Reserved, 0x100);
CHECK_OFFSET(TEB, ExceptionCode, 0x2c0);
CHECK_OFFSET(TEB, ActivationContextStackPointer, 0x2c8);
CHECK_OFFSET(TEB, LastStatusValue, 0x1250);
CHECK_OFFSET(TEB, StaticUnicodeBuffer, 0x1268);
CHECK_OFFSET(TEB, DeallocationStack, 0x1478);
CHECK_OFFSET(TEB, TlsSlots, 0x1480);
CHECK_OFFSET(TEB, HardErrorMode, 0x16b0);
CHECK_OFFSET(TEB, ActivityId, 0x1710);
CHECK_OFFSET(TEB, GuaranteedStackBytes, 0x1748);
CHECK_OFFSET(TEB, TlsExpansionSlots, 0x1780);
CHECK_OFFSET(TEB, FlsData, 0x17c8);
CHECK_OFFSET(TEB, SameTebFlags, 0x17ee);
_Static_assert(sizeof(TEB) == 0x1838, "TEB");
CHECK_OFFSET(PEB, Ldr, 0x18);
CHECK_OFFSET(PEB, ProcessHeap, 0x30);
CHECK_OFFSET(PEB, ApiSetMap, 0x68);
CHECK_OFFSET(PEB, NumberOfProcessors, 0xb8);
CHECK_OFFSET(PEB, NtGlobalFlag, 0xbc);
CHECK_OFFSET(PEB, LoaderLock, 0x110);
CHECK_OFFSET(PEB, OSMajorVersion, 0x118);
CHECK_OFFSET(PEB, ImageSubsystem, 0x128);
CHECK_OFFSET(PEB, PostProcessInitRoutine, 0x230);
CHECK_OFFSET(PEB, SessionId, 0x2c0);
CHECK_OFFSET(PEB, ActivationContextData, 0x2f8);
CHECK_OFFSET(PEB, FlsListHead, 0x328);
_Static_assert(sizeof(PEB) == 0x7c8, "PEB");
CHECK_OFFSET(RTL_USER_PROCESS_PARAMETERS, StandardInput, 0x20);
CHECK_OFFSET(RTL_USER_PROCESS_PARAMETERS, ImagePathName, 0x60);
CHECK_OFFSET(RTL_USER_PROCESS_PARAMETERS, Environment, 0x80);
CHECK_OFFSET(RTL_USER_PROCESS_PARAMETERS, RuntimeData, 0xe0);
CHECK_OFFSET(RTL_USER_PROCESS_PARAMETERS, EnvironmentSize, 0x3f0);
CHECK_OFFSET(LDR_DATA_TABLE_ENTRY, DllBase, 0x30);
CHECK_OFFSET(LDR_DATA_TABLE_ENTRY, BaseDllName, 0x58);
CHECK_OFFSET(LDR_DATA_TABLE_ENTRY, HashLinks, 0x70);
CHECK_OFFSET(LDR_DATA_TABLE_ENTRY, DdagNode, 0x98);
CHECK_OFFSET(LDR_DATA_TABLE_ENTRY, OriginalBase, 0xf8);
CHECK_OFFSET(LDR_DATA_TABLE_ENTRY, LoadReason, 0x10c);

/* The calling thread's TEB.  Valid on every thread that runs Windows code. */
static inline PTEB teb_current(void)
{
    PTEB teb;
    __asm__("mov %%gs:0x30, %0" : "=r"(teb));
    return teb;
}

static inline PPEB peb_current(void)
{
    return teb_current()->ProcessEnvironmentBlock;
}

#endif
