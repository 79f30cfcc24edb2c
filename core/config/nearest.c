// SPDX-License-Identifier: MIT
// "Did you mean": the nearest of the names that are offered.
#include "core/config/settings.h"

// Near is what differs in a third of its letters at most.
void bs_nearest_init(struct bs_nearest *nearest, struct bs_str wanted)
{
	*nearest = (struct bs_nearest){.wanted = wanted, .distance = wanted.len / 3 + 2};
}

bool bs_nearest_offer(struct bs_nearest *nearest, struct bs_str candidate)
{
	size_t distance = bs_str_distance(nearest->wanted, candidate, nearest->distance);
	if (distance >= nearest->distance)
		return false;
	nearest->distance = distance;
	nearest->best = candidate;
	return true;
}
