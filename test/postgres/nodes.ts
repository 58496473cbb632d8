/** Nodes over one database, each behind a line of its own, each started anew when it ends. */

import { ADMIN_KEY } from "../crash/api-calls.ts";
import { noteDrained, type Run } from "../crash/one-life.ts";
import type { End, ServerLife } from "../crash/server-life.ts";
import { type DatabaseProxy, startDatabaseProxy } from "./database-proxy.ts";
import type { NodesSite } from "./nodes-site.ts";

export interface Node {
  readonly line: DatabaseProxy;
  /** Its process, which changes when it ends. */
  life(): ServerLife;
  /** Whether it takes requests. */
  serves(): boolean;
}

export interface Nodes {
  readonly all: readonly Node[];
  /** Asks all of them to drain; resolves when they have ended. */
  drain(): Promise<void>;
  close(): void;
}

export interface NodesOptions {
  readonly count: number;
  readonly socketPath: string;
  readonly site: NodesSite;
}

/** Starts nodes. */
export async function startNodes(run: Run, { count, socketPath, site }: NodesOptions): Promise<Nodes> {
  const lines = await Promise.all(Array.from({ length: count }, () => startDatabaseProxy(socketPath)));
  let isDraining = false;

  function keep(line: DatabaseProxy): Node & { readonly ended: Promise<void> } {
    let life = begin(run, line);
    let serves = false;
    async function follow(): Promise<void> {
      for (;;) {
        const { number } = life;
        void life.listening.then((url) => {
          if (url !== undefined && !isDraining) {
            serves = true;
            site.announce({ life: number, url });
          }
        });
        const end = await life.ended;
        serves = false;
        site.withdraw(number);
        if (end.code === 0) {
          noteDrained(run, life);
        }
        if (isDraining) {
          return;
        }
        if (!isExpected(end, life.said())) {
          const said = `${end.code ?? end.signal}: ${life.said()}`;
          run.complaints.push(`process ${number} ended by itself, with ${said}`);
        }
        life = begin(run, line);
      }
    }
    return { line, life: () => life, serves: () => serves, ended: follow() };
  }

  const all = lines.map(keep);
  return {
    all,
    async drain() {
      isDraining = true;
      for (const { life, serves } of all) {
        if (serves()) {
          life().terminate();
        } else {
          life().kill();
        }
      }
      await Promise.all(all.map(({ ended }) => ended));
    },
    close() {
      for (const line of lines) {
        line.close();
      }
    },
  };
}

function begin({ lives }: Run, { port }: DatabaseProxy): ServerLife {
  const path = `postgres://posthorn@127.0.0.1:${port}/postgres`;
  return lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash: undefined, sabotage: undefined });
}

/** Drained, killed, or started while no database took writes: each is started anew. */
function isExpected({ code, signal }: End, said: string): boolean {
  // One that is asked to drain before it serves has nothing to finish.
  const isEnded = code === 0 || signal === "SIGKILL" || signal === "SIGTERM";
  return isEnded || (code === 1 && said.includes("did not start"));
}
