/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The checksum that the host compares (zlib's `crc32`), with a table of 16 entries. */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/** The checksum of all octets so far; `crc` is that of those before, 0 at first. */
static uint32_t crc32(uint32_t crc, const uint8_t *octets, size_t len) {
  static const uint32_t TABLE[16] = {
      0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
      0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  crc = ~crc;
  for (size_t i = 0; i < len; i++) {
    crc ^= octets[i];
    crc = crc >> 4 ^ TABLE[crc & 15];
    crc = crc >> 4 ^ TABLE[crc & 15];
  }
  return ~crc;
}

#endif
