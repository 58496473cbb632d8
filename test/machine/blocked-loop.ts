/** Loaded before a server, keeps its event loop from turning now and then, as a huge computation would. */
const EVERY_MS = 700;
const BLOCKED_MS = 3000;
const TIMES = 2;

let left = TIMES;

const timer = setInterval(() => {
  const until = performance.now() + BLOCKED_MS;
  while (performance.now() < until) {
    // Nothing else runs meanwhile.
  }
  left -= 1;
  if (left === 0) {
    clearInterval(timer);
  }
}, EVERY_MS).unref();
