import { Pool } from "undici";

/** Makes calls of a server's API as a program does that has much to say. */
export interface Caller {
  /** Posts a body. Rejects where the answer is not a 2xx. */
  post(path: string, body: string): Promise<void>;
  get(path: string): Promise<string>;
  close(): Promise<void>;
}

export interface CallerOptions {
  readonly url: string;
  readonly key: string;
}

const CONNECTIONS = 256;
const ANSWER_SHOWN_MAX = 300;

/** The client of the API stands on `fetch`, which would take more of the processor than what is measured. */
export function createCaller({ url, key }: CallerOptions): Caller {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/+$/, "");
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const authorization = `Bearer ${key}`;
  const ask = async (method: "GET" | "POST", path: string, body?: string): Promise<string> => {
    const { statusCode, body: answer } = await pool.request({
      method,
      path: `${base}${path}`,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (statusCode >= 300) {
      throw new Error(`${method} ${path} answers ${statusCode}: ${text.slice(0, ANSWER_SHOWN_MAX)}`);
    }
    return text;
  };
  return {
    async post(path, body) {
      await ask("POST", path, body);
    },
    get: async (path) => await ask("GET", path),
    close: async () => await pool.destroy(),
  };
}
