/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See output.h. Over POSIX. */
#define _POSIX_C_SOURCE 200809L

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/** Tells why, and forgets the file. */
static bool failed(struct output *output, const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  output_discard(output);
  return false;
}

bool output_begin(struct output *output, const char *path) {
  int file;
  int len =
      snprintf(output->temporary, sizeof output->temporary, "%s.%ld.tmp", path, (long)getpid());
  if (len < 0 || (size_t)len >= sizeof output->temporary) {
    errno = ENAMETOOLONG;
    return failed(output, path);
  }
  strcpy(output->path, path);
  file = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  output->file = file < 0 ? NULL : fdopen(file, "wb");
  if (output->file != NULL) {
    return true;
  }
  if (file >= 0) {
    close(file);
    unlink(output->temporary);
  }
  return failed(output, output->temporary);
}

bool output_write(struct output *output, const void *octets, size_t len) {
  if (output->file == NULL) {
    errno = EBADF;
    return failed(output, output->path);
  }
  if (fwrite(octets, 1, len, output->file) != len) {
    return failed(output, output->temporary);
  }
  return true;
}

static bool same_octets(const char *one, const char *other) {
  FILE *files[2];
  int octets[2] = {EOF, EOF};
  files[0] = fopen(one, "rb");
  files[1] = fopen(other, "rb");
  while (files[0] != NULL && files[1] != NULL) {
    octets[0] = getc(files[0]);
    octets[1] = getc(files[1]);
    if (octets[0] != octets[1] || octets[0] == EOF) {
      break;
    }
  }
  for (int i = 0; i < 2; i++) {
    if (files[i] == NULL || ferror(files[i])) {
      octets[0] = 0; /* what cannot be read is not the same */
    }
    if (files[i] != NULL) {
      fclose(files[i]);
    }
  }
  return octets[0] == EOF && octets[1] == EOF;
}

static bool may_replace(const struct output *output) {
  if (access(output->path, F_OK) != 0 || same_octets(output->path, output->temporary)) {
    return true;
  }
  errno = EEXIST;
  return false;
}

bool output_finish(struct output *output) {
  FILE *file = output->file;
  bool written;
  if (file == NULL) {
    errno = EBADF;
    return failed(output, output->path);
  }
  written = fflush(file) == 0 && fsync(fileno(file)) == 0;
  output->file = NULL;
  written = fclose(file) == 0 && written;
  if (!written || !may_replace(output) || rename(output->temporary, output->path) != 0) {
    int why = errno;
    unlink(output->temporary);
    errno = why;
    return failed(output, output->path);
  }
  return true;
}

void output_discard(struct output *output) {
  if (output->file != NULL) {
    fclose(output->file);
    output->file = NULL;
    unlink(output->temporary);
  }
}

bool directory_sync(const char *path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool done = directory >= 0 && fsync(directory) == 0;
  if (!done) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
  }
  if (directory >= 0) {
    close(directory);
  }
  return done;
}
