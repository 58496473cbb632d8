/** First in, first out, at a constant cost however many wait. */
export interface Fifo<T> {
  push(one: T): void;
  shift(): T | undefined;
  /** How many are in it. A method: a getter would make each new one several times as dear. */
  size(): number;
}

const SHIFTED_KEPT_MAX = 1024;

export function createFifo<T>(): Fifo<T> {
  let all: T[] = [];
  let front = 0;
  return {
    push(one) {
      all.push(one);
    },
    shift() {
      if (front === all.length) {
        return undefined;
      }
      const one = all[front];
      front += 1;
      if (front > SHIFTED_KEPT_MAX && front * 2 > all.length) {
        all = all.slice(front);
        front = 0;
      }
      return one;
    },
    size: () => all.length - front,
  };
}
