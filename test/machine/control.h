/* What the test tells a machine that fails, and what it tells the test: controls.ts knows the order. */
#include <stdint.h>

struct control {
  int64_t clock_ahead_ms;
  int64_t clock_drift_ppm;
  /* Not 0: no file can grow. */
  int64_t is_full;
  /* How many of the next syncs fail; what they were to write is lost, and the one after them succeeds. */
  int64_t syncs_to_fail;
  int64_t writes_refused;
  int64_t syncs_failed;
};

/* NULL until the process has found its machine, and in a process that has none. */
extern struct control *control;
