/*
 * transaction.h: transactions, as far as the registry has to know them.
 */
#ifndef NTDLL_TRANSACTION_H
#define NTDLL_TRANSACTION_H

#include "object.h"

struct transaction; /* begins with its struct object */
struct overlay;

/* A reference; STATUS_TRANSACTION_NOT_ACTIVE if it has come to an end. */
NTSTATUS transaction_lookup(HANDLE handle, struct transaction **transaction);
/* What it has changed in the registry; NULL for NULL. */
struct overlay *transaction_overlay(const struct transaction *transaction);

NTSTATUS NTAPI NtCreateTransaction(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LPGUID id,
                                   HANDLE manager, ULONG options, ULONG isolation_level, ULONG isolation_flags,
                                   PLARGE_INTEGER timeout, PUNICODE_STRING description);
NTSTATUS NTAPI NtOpenTransaction(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LPGUID id,
                                 HANDLE manager);
NTSTATUS NTAPI NtCommitTransaction(HANDLE handle, BOOLEAN wait);
NTSTATUS NTAPI NtRollbackTransaction(HANDLE handle, BOOLEAN wait);
NTSTATUS NTAPI NtQueryInformationTransaction(HANDLE handle, TRANSACTION_INFORMATION_CLASS class, PVOID out, ULONG room,
                                             PULONG needed);
NTSTATUS NTAPI NtSetInformationTransaction(HANDLE handle, TRANSACTION_INFORMATION_CLASS class, PVOID in, ULONG size);
NTSTATUS NTAPI NtCreateKeyTransacted(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                     ULONG title, const UNICODE_STRING *class, ULONG options, HANDLE transaction,
                                     PULONG disposition);
NTSTATUS NTAPI NtOpenKeyTransactedEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                     ULONG options, HANDLE transaction);
NTSTATUS NTAPI NtOpenKeyTransacted(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                                   HANDLE transaction);

#endif
