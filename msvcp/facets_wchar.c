/*
 * facets_wchar.c: the facets of numbers, times and order for wchar_t.
 *
 * Layer: msvcp.
 */
#include "msvcp/elem_wchar.h"
#include "msvcp/facet.h"
#include "msvcp/convert.h"
#include "msvcp/numpunct.h"
#include "msvcp/collate.h"
#include "msvcp/num_put.h"
#include "msvcp/num_get.h"
#include "msvcp/time_facets.h"
