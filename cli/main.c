// SPDX-License-Identifier: MIT
// placeholder until the command table stands, so that the tree links from the first commit
int main(void)
{
	return 2;
}
