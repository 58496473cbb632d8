/** The servers that a URL names, of which one takes writes at a time. */
export interface Hosts {
  readonly count: number;
  /** The URL of the one to connect to now. */
  current(): string;
  /** It was of no use: the next one's turn, if it is still this one's. */
  moveOn(from: string): void;
}

const PARTS = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#@]*)(\/.*)$/i;

/** What asks PostgreSQL's own clients for a server that takes writes; nothing else is of use here. */
const TARGET = /(?<=[?&])target_session_attrs=([^&]*)(?:&|$)/;

/** Takes a URL apart in which several hosts may stand, with commas between them. */
export function createHosts(url: string): Hosts {
  const [, before = "", hosts = "", after = ""] = PARTS.exec(url) ?? [];
  const rest = after.replace(TARGET, "").replace(/[?&]$/, "");
  const urls = hosts.split(",").map((host) => `${before}${host}${rest}`);
  let place = 0;
  const current = (): string => urls[place] ?? url;
  return {
    count: urls.length,
    current,
    moveOn(from) {
      if (from === current()) {
        place = (place + 1) % urls.length;
      }
    },
  };
}
