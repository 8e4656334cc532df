/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The image that the others are measured against. */
int main(void) { return 0; }
