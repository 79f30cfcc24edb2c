// SPDX-License-Identifier: MIT
// CRC-32 as in ISO 3309 (zlib, PNG, AWS's event streams): against broken bytes, not against people.
#ifndef BS_BASE_CRC_H
#define BS_BASE_CRC_H

#include "core/base/str.h"

uint32_t bs_crc32(struct bs_str bytes);

#endif
