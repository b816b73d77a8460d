/* Measures the cost of a command: usage RUNS COMMAND. The shell runs the command RUNS times; its output is discarded.
 * Prints medians: the CPU time of all its processes and the wall time, in microseconds, and the peak memory of its
 * largest process in KiB (one figure says little, as Linux counts pages in batches).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 1000 };

static int compare(const void *a, const void *b)
{
  const long left = *(const long *)a;
  const long right = *(const long *)b;

  return (left > right) - (left < right);
}

static long microseconds(struct timeval time)
{
  return (long)time.tv_sec * 1000000 + (long)time.tv_usec;
}

static long now(void)
{
  struct timespec time;

  clock_gettime(CLOCK_MONOTONIC, &time);
  return (long)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static int run(const char *command, struct rusage *usage)
{
  int status = -1;
  const pid_t child = fork();

  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  return child > 0 && wait4(child, &status, 0, usage) == child ? status : -1;
}

int main(int argc, char **argv)
{
  static long cpu_times[MAX_RUNS];
  static long wall_times[MAX_RUNS];
  static long peaks[MAX_RUNS];
  const int runs = argc == 3 ? atoi(argv[1]) : 0;

  if (runs < 1 || runs > MAX_RUNS)
    return EXIT_FAILURE;
  for (int i = 0; i < runs; i++) {
    const long began = now();
    struct rusage usage;

    if (run(argv[2], &usage) != 0) {
      fprintf(stderr, "usage: the command failed: %s\n", argv[2]);
      return EXIT_FAILURE;
    }
    wall_times[i] = now() - began;
    cpu_times[i] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    peaks[i] = usage.ru_maxrss;
  }
  qsort(cpu_times, (size_t)runs, sizeof cpu_times[0], compare);
  qsort(wall_times, (size_t)runs, sizeof wall_times[0], compare);
  qsort(peaks, (size_t)runs, sizeof peaks[0], compare);
  printf("%ld %ld %ld\n", cpu_times[runs / 2], wall_times[runs / 2], peaks[runs / 2]);
  return EXIT_SUCCESS;
}
