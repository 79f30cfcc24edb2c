// SPDX-License-Identifier: MIT
// Regions and the domains of their hosts.
#include "core/llm/aws.h"

static const struct {
	const char *regions, *domain;
} partitions[] = {
	{"cn-", "amazonaws.com.cn"},
	{"us-iso-", "c2s.ic.gov"},
	{"us-isob-", "sc2s.sgov.gov"},
	{"us-isof-", "csp.hci.ic.gov"},
	{"eu-isoe-", "cloud.adc-e.uk"},
	{"eusc-", "amazonaws.eu"},
};

const char *bs_aws_domain(struct bs_str region)
{
	for (size_t i = 0; i < sizeof(partitions) / sizeof(partitions[0]); i++)
		if (bs_str_starts(region, bs_str_c(partitions[i].regions)))
			return partitions[i].domain;
	return "amazonaws.com"; // also us-gov-
}

bool bs_aws_is_commercial(struct bs_str region)
{
	return strcmp(bs_aws_domain(region), "amazonaws.com") == 0 &&
	       !bs_str_starts(region, BS_LIT("us-gov-"));
}

// "eu-west-1", "us-gov-west-1": words and a number
static bool is_region(struct bs_str label)
{
	size_t dashes = 0;
	for (size_t i = 0; i < label.len; i++) {
		char c = label.ptr[i];
		bool last = i + 1 == label.len;
		dashes += c == '-';
		if (last ? !bs_is_digit(c) : c != '-' && !bs_is_alnum(c))
			return false;
	}
	return dashes >= 2;
}

struct bs_str bs_aws_region_of(struct bs_str url)
{
	size_t at = bs_str_find(url, BS_LIT("://"));
	struct bs_str rest = at == SIZE_MAX ? bs_str("", 0) : bs_str_from(url, at + 3), label;
	rest = bs_str_sub(rest, 0, bs_str_find_char(rest, '/'));
	rest = bs_str_sub(rest, 0, bs_str_find_char(rest, ':'));
	bool first = true;
	while (rest.len && bs_str_split(&rest, '.', &label)) {
		bool theirs = bs_str_ends(rest, bs_str_c(bs_aws_domain(label))) ||
			      bs_str_eq_c(rest, "api.aws");
		if (!first && is_region(label) && theirs)
			return label;
		first = false;
	}
	return bs_str(NULL, 0);
}
