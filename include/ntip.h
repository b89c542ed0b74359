/*
 * ntip.h: the Rtl functions between IP addresses and text (ip2string.h, which wants winsock2.h first).  Addresses are
 * IN_ADDR and IN6_ADDR: bytes in network order; ports too.
 */
#ifndef INCLUDE_NTIP_H
#define INCLUDE_NTIP_H

#include "win.h"

PSTR WINAPI RtlIpv4AddressToStringA(const void *address, PSTR text);
PWSTR WINAPI RtlIpv4AddressToStringW(const void *address, PWSTR text);
NTSTATUS WINAPI RtlIpv4AddressToStringExA(const void *address, USHORT port, PSTR text, PULONG length);
NTSTATUS WINAPI RtlIpv4AddressToStringExW(const void *address, USHORT port, PWSTR text, PULONG length);
NTSTATUS WINAPI RtlIpv4StringToAddressA(PCSTR text, BOOLEAN strict, PCSTR *end, void *address);
NTSTATUS WINAPI RtlIpv4StringToAddressW(PCWSTR text, BOOLEAN strict, PCWSTR *end, void *address);
NTSTATUS WINAPI RtlIpv4StringToAddressExA(PCSTR text, BOOLEAN strict, void *address, PUSHORT port);
NTSTATUS WINAPI RtlIpv4StringToAddressExW(PCWSTR text, BOOLEAN strict, void *address, PUSHORT port);
PSTR WINAPI RtlIpv6AddressToStringA(const void *address, PSTR text);
PWSTR WINAPI RtlIpv6AddressToStringW(const void *address, PWSTR text);
NTSTATUS WINAPI RtlIpv6AddressToStringExA(const void *address, ULONG scope, USHORT port, PSTR text, PULONG length);
NTSTATUS WINAPI RtlIpv6AddressToStringExW(const void *address, ULONG scope, USHORT port, PWSTR text, PULONG length);
NTSTATUS WINAPI RtlIpv6StringToAddressA(PCSTR text, PCSTR *end, void *address);
NTSTATUS WINAPI RtlIpv6StringToAddressW(PCWSTR text, PCWSTR *end, void *address);
NTSTATUS WINAPI RtlIpv6StringToAddressExA(PCSTR text, void *address, PULONG scope, PUSHORT port);
NTSTATUS WINAPI RtlIpv6StringToAddressExW(PCWSTR text, void *address, PULONG scope, PUSHORT port);

#endif
