/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs a program and writes the size of its largest resident set, in KiB, to a file.
 *
 *     peak FILE PROGRAM [ARGUMENT...]
 *
 * In C, because the kernel counts the parent's memory too until the child calls exec: whoever
 * measures must be smaller than what is measured. */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct rusage usage;
  int status;
  pid_t child;
  FILE *file;
  if (argc < 3) {
    fprintf(stderr, "usage: peak FILE PROGRAM [ARGUMENT...]\n");
    return 2;
  }
  child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) != child) {
    perror("peak");
    return 2;
  }
  file = fopen(argv[1], "w");
  if (file == NULL || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file) != 0) {
    perror(argv[1]);
    return 2;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
