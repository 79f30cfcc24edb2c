// SPDX-License-Identifier: MIT
// What the names of AWS's hosts say, and must say.
// Source: the partitions of AWS's endpoint rules (botocore's partitions.json), November 2026.
#ifndef BS_LLM_AWS_H
#define BS_LLM_AWS_H

#include "core/base/str.h"

// What the hosts of a region's services end with: "amazonaws.com", in China "amazonaws.com.cn".
const char *bs_aws_domain(struct bs_str region);

// Is it one of the clouds that has what AWS calls global? GovCloud, China's, the sovereign and the
// secret ones are worlds of their own.
bool bs_aws_is_commercial(struct bs_str region);

// The region in the name of an AWS host, or ptr NULL: "bedrock-runtime.eu-west-1.amazonaws.com",
// also of a VPC's own endpoint and of dual-stack ones.
struct bs_str bs_aws_region_of(struct bs_str url);

#endif
