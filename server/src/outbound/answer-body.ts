/** Of a body; what comes beyond is not read. */
export const ANSWER_BYTES_MAX = 65_536;

/**
 * The body of an answer, up to ANSWER_BYTES_MAX.
 *
 * It is copied into one buffer, unless it comes in one piece: kept as they come, chunks of one byte would
 * each be an object that outweighs it a hundred times.
 */
export class AnswerBody {
  #buffer: Uint8Array = new Uint8Array();
  #length = 0;

  /** Takes what there is room for. Returns whether that was all of it. */
  append(chunk: Uint8Array): boolean {
    const taken = chunk.subarray(0, ANSWER_BYTES_MAX - this.#length);
    const length = this.#length + taken.length;
    if (this.#length === 0) {
      this.#buffer = taken;
    } else {
      this.#makeRoomFor(length);
      this.#buffer.set(taken, this.#length);
    }
    this.#length = length;
    return taken.length === chunk.length;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #makeRoomFor(length: number): void {
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(2 * length, ANSWER_BYTES_MAX));
      grown.set(this.bytes());
      this.#buffer = grown;
    }
  }
}
