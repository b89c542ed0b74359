/*
 * getmac.c: getmac.exe: the addresses of the network adapters.
 */
#include <winsock2.h>
#include "table.h"
#include "wide_main.h"
#include <iphlpapi.h>

static const WCHAR usage[] = L"GETMAC [/FO TABLE | LIST | CSV] [/NH] [/V]\r\n";
static const struct column plain[] = {{L"Physical Address", 19, false}, {L"Transport Name", 58, false}};
static const struct column verbose[] = {{L"Connection Name", 15, false},
                                        {L"Network Adapter", 15, false},
                                        {L"Physical Address", 19, false},
                                        {L"Transport Name", 58, false}};

static int run(int argc, WCHAR **argv)
{
    struct table table = {.columns = plain, .column_count = 2, .header = true};
    ULONG size = 65536;
    IP_ADAPTER_ADDRESSES *list = need(size);
    bool whole = false;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        const WCHAR *value = is_option(argv[i], L"fo") ? option_value(argc, argv, &i) : NULL;
        if (is_option(argv[i], L"nh")) {
            table.header = false;
        } else if (is_option(argv[i], L"v")) {
            whole = true;
        } else if (!value || !parse_format(value, &table.format)) {
            print_error(L"ERROR: Invalid argument/option - '%s'.\r\nType \"GETMAC /?\" for usage.\r\n", argv[i]);
            return 1;
        }
    }
    if (whole)
        table.columns = verbose, table.column_count = 4;
    if (GetAdaptersAddresses(AF_UNSPEC, 0, NULL, list, &size))
        list = NULL;
    for (const IP_ADAPTER_ADDRESSES *adapter = list; adapter; adapter = adapter->Next) {
        WCHAR mac[32] = L"", transport[128];
        if (adapter->IfType == IF_TYPE_SOFTWARE_LOOPBACK || !adapter->PhysicalAddressLength)
            continue;
        for (ULONG i = 0; i < adapter->PhysicalAddressLength && i < 8; i++)
            _snwprintf(mac + wcslen(mac), 4, i ? L"-%02X" : L"%02X", adapter->PhysicalAddress[i]);
        if (adapter->OperStatus == IfOperStatusUp)
            _snwprintf(transport, 127, L"\\Device\\Tcpip_%hs", adapter->AdapterName);
        else
            wcscpy(transport, L"Media disconnected");
        if (whole)
            table_add(&table, (const WCHAR *[]){adapter->FriendlyName, adapter->Description, mac, transport});
        else
            table_add(&table, (const WCHAR *[]){mac, transport});
    }
    if (table.rows)
        table_show(&table);
    else
        print(L"INFO: No network adapters found.\r\n");
    table_free(&table);
    return 0;
}
