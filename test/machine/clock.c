/* The clock of a machine whose time is wrong. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

#include "control.h"

static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void begin(void) __attribute__((constructor));
static void begin(void) {
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
}

/* What a wrong clock says instead of `at`. The monotonic clock is never wrong. */
static int64_t bent(int64_t at_ns) {
  static int64_t since_ns;
  struct timespec monotonic;
  real_clock_gettime(CLOCK_MONOTONIC, &monotonic);
  int64_t now_ns = monotonic.tv_sec * INT64_C(1000000000) + monotonic.tv_nsec;
  if (since_ns == 0) since_ns = now_ns;
  int64_t drift_ns = (now_ns - since_ns) / 1000000 * control->clock_drift_ppm;
  return at_ns + control->clock_ahead_ms * 1000000 + drift_ns;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  if (real_clock_gettime == NULL) begin();
  int result = real_clock_gettime(clock, at);
  if (result == 0 && clock == CLOCK_REALTIME && control != NULL) {
    int64_t ns = bent(at->tv_sec * INT64_C(1000000000) + at->tv_nsec);
    at->tv_sec = ns / 1000000000;
    at->tv_nsec = ns % 1000000000;
  }
  return result;
}

int gettimeofday(struct timeval *at, void *zone) {
  (void)zone;
  struct timespec found;
  int result = clock_gettime(CLOCK_REALTIME, &found);
  at->tv_sec = found.tv_sec;
  at->tv_usec = found.tv_nsec / 1000;
  return result;
}

time_t time(time_t *at) {
  struct timespec found;
  clock_gettime(CLOCK_REALTIME, &found);
  if (at != NULL) *at = found.tv_sec;
  return found.tv_sec;
}
