/** Where the server is at the moment: a place that changes with every life, and is nowhere in between. */
export interface Site {
  /** The first place after a life; undefined if there will be none. */
  after(life: number): Promise<Place | undefined>;
  announce(place: Place): void;
  close(): void;
}

export interface Place {
  readonly life: number;
  readonly url: string;
}

export function createSite(): Site {
  let current: Place = { life: 0, url: "" };
  let isClosed = false;
  const waiting: (() => void)[] = [];
  const wake = () => {
    for (const resolve of waiting.splice(0)) {
      resolve();
    }
  };
  return {
    async after(life) {
      while (current.life <= life && !isClosed) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return isClosed ? undefined : current;
    },
    announce(place) {
      current = place;
      wake();
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}
