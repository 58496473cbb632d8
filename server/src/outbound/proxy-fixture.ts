import { connect } from "node:net";
import type { TestContext } from "node:test";
import { type EgressProxy, parseEgressProxy } from "../egress-proxy.ts";
import { listen } from "./receiver-fixture.ts";

export interface ProxyFixture {
  readonly proxy: EgressProxy;
  /** The head of every CONNECT that came. */
  readonly asked: readonly string[];
}

/**
 * Starts a proxy on 127.0.0.1 that opens tunnels, all of them to 127.0.0.1, whatever the name. `reply`:
 * answers with this instead.
 */
export async function startProxy(
  t: TestContext,
  { credentials = "", reply }: { readonly credentials?: string; readonly reply?: string } = {},
): Promise<ProxyFixture> {
  const asked: string[] = [];
  const { port } = await listen(t, (socket) => {
    let head = "";
    const onData = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.endsWith("\r\n\r\n")) {
        return;
      }
      asked.push(head);
      socket.off("data", onData);
      if (reply !== undefined) {
        socket.write(reply);
        return;
      }
      const receiver = connect(Number(/^CONNECT \S*:(\d+) /.exec(head)?.[1] ?? "0"), "127.0.0.1");
      receiver.once("connect", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(receiver).pipe(socket);
      });
      receiver.on("error", () => socket.end("HTTP/1.1 502 Bad gateway\r\n\r\n"));
      socket.on("close", () => receiver.destroy());
    };
    socket.on("data", onData);
  });
  const proxy = parseEgressProxy(`http://${credentials}127.0.0.1:${port}`);
  if ("problem" in proxy) {
    throw new Error(proxy.problem);
  }
  return { proxy, asked };
}
