/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file output.h
 * A file that appears under its name only when it is whole: it is written under a temporary name,
 * brought to the disk, and renamed. Each function that fails has said why on standard error, and
 * has removed what was there.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { OUTPUT_PATH_LEN = 4096 };

/** Zeroed: no file is open. */
struct output {
  FILE *file;
  char path[OUTPUT_PATH_LEN];      /**< the name that it will have */
  char temporary[OUTPUT_PATH_LEN]; /**< beside it */
};

/** Begins a file. */
bool output_begin(struct output *output, const char *path);

/** Adds to it. */
bool output_write(struct output *output, const void *octets, size_t len);

/** It is whole: gives it its name. Another file of that name is not replaced, unless it holds the
 * same. */
bool output_finish(struct output *output);

/** Forgets what was begun, if anything. */
void output_discard(struct output *output);

/** Brings the names in a directory to the disk, not only the octets behind them. */
bool directory_sync(const char *path);

#endif
