/** Guards of sending in order, and settling. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";
const SIMULATION = "sim/sim.test.ts";

/** Fifty simulated lives: enough to notice what breaks often. */
const IN_SIMULATION = { tests: [SIMULATION], only: "finds nothing wrong in seeds 1 to" };

function simulated(
  file: string,
  ...table: readonly (readonly [name: string, find: string, replace: string])[]
) {
  return table.map(([name, find, replace]) => ({ name, edits: [{ file, find, replace }], ...IN_SIMULATION }));
}

export const ENGINE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${ENGINE}/judge.ts`,
    [
      "what the sender's own side failed at uses a retry",
      'return { kind: "hold", reason: answer.code };',
      'return { kind: "retry", reason: answer.code };',
      `${ENGINE}/judge.test.ts`,
    ],
    [
      "what can never be sent is tried again",
      'return { kind: "rejected", reason: answer.code };',
      'return { kind: "retry", reason: answer.code };',
      `${ENGINE}/judge.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/hold-end.ts`,
    [
      "saving an endpoint ends no hold",
      "hold.reason.startsWith(HANDSHAKE) ? hold : endedHold(hold, now)",
      "hold",
      `${ENGINE}/hold-end.test.ts`,
    ],
    [
      "an ordered lane forgets what was tried of its head",
      "return hold.requests === 0 ? undefined : { ...hold",
      "return hold.requests >= 0 ? undefined : { ...hold",
      `${ENGINE}/hold-end.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/told-holds.ts`,
    [
      "a hold is told again and again",
      "!toldHolds.has(lane.endpoint) && ",
      "",
      `${ENGINE}/told-holds.test.ts`,
    ],
    [
      "an endpoint that is still held is told to have recovered",
      "since === undefined || lane.hold !== undefined ||",
      "since === undefined ||",
      `${ENGINE}/told-holds.test.ts`,
    ],
    [
      "a stopped endpoint of the operator's own is stored again and again",
      "return stop !== undefined && operational.endpointHeld(lane.route, stop) !== undefined;",
      "return stop !== undefined;",
      `${ENGINE}/told-holds.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/newest.ts`,
    [
      "what ends sooner stands for what lasts longer",
      "newer.offset > older.offset && endOf(newer) >= endOf(older)",
      "newer.offset > older.offset",
      `${ENGINE}/latest-only.test.ts`,
    ],
    [
      "what one endpoint alone is sent stands for what all are",
      " || to !== undefined ? undefined",
      " ? undefined",
      `${ENGINE}/latest-only.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/latest-only.ts`,
    [
      "the head of a held lane is passed over, and the next one counts as tried",
      "!(isHeadKept(lane) && lane.ready.peek() === older.offset) &&",
      "true &&",
      `${ENGINE}/latest-only.test.ts`,
    ],
    [
      "what was abandoned gets another gap",
      "offsets.filter((each) => lane.superseded.has(each))",
      "offsets",
      `${ENGINE}/latest-only.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/lane.ts`, [
    "what is superseded counts as settled before that is durable",
    "    ...lane.superseded,\n",
    "",
    `${ENGINE}/latest-only.test.ts`,
  ]),
  ...simulated(`${ENGINE}/newest.ts`, [
    "the newest is passed over",
    "return newest !== undefined && supersedes(newest, event);",
    "return newest !== undefined;",
  ]),
  ...mutationsOf(`${ENGINE}/attempt-headers.ts`, [
    "a customer's header stands beside the contract's",
    "filter(([name]) => !taken.includes(name.toLowerCase()))",
    "filter(([name]) => !taken.includes(name))",
    `${ENGINE}/attempt-headers.test.ts`,
  ]),
  ...simulated(`${ENGINE}/sending.ts`, [
    "requests begin while nothing can be stored",
    "mayBegin: () => !flusher.isFailing && ",
    "mayBegin: () => ",
  ]),
  ...simulated(`${ENGINE}/owner.ts`, [
    "a database that was restored sends at once",
    'if (how === "sending") {',
    "if (how !== undefined) {",
  ]),
  ...mutationsOf(`${ENGINE}/due.ts`, [
    "a clock that ran ahead by years puts a retry off for as long",
    "return at <= now || at - now > WAIT_MS_MAX;",
    "return at <= now;",
    `${ENGINE}/due.test.ts`,
    "test/machine/clock.test.ts",
  ]),
  ...mutationsOf("server/src/api/in-time.ts", [
    "a lookup takes as long as the store does",
    "clock.after(LOOKUP_MS_MAX, () =>",
    "clock.after(Number.MAX_SAFE_INTEGER, () =>",
    "server/src/api/in-time.test.ts",
    "test/postgres/silent-database.test.ts",
  ]),
  ...mutationsOf(`${ENGINE}/take.ts`, [
    "an ordered lane goes past what was passed over before that is durable",
    "const offsets = lane.ready.take(count, before);",
    "const offsets = lane.ready.take(count);",
    `${ENGINE}/latest-only.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/dispatcher.ts`, [
    "the live cursor goes on before it is known which replays wait",
    "if (!isStarted) {",
    "if (isStopped) {",
    `${ENGINE}/dispatcher.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/sendable.ts`,
    [
      "a batch goes on before it is durable that some of it expired",
      "const isWhole = !isKept || alive.length === 0;",
      "const isWhole = alive.length === 0;",
      `${ENGINE}/sendable.test.ts`,
    ],
    [
      "a frozen batch is parted by a limit that came later",
      "isKept ? alive.length : countWithin(alive, bytesMax)",
      "countWithin(alive, bytesMax)",
      `${ENGINE}/sendable.test.ts`,
    ],
    [
      "what is being erased is sent",
      "isErased(event) || erased.has(offset)",
      "isErased(event)",
      `${ENGINE}/sendable.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/checkpointer.ts`, [
    "the checkpoint passes what could not be ended",
    "Math.min(state.routedTo, state.checkpointMax)",
    "state.routedTo",
    `${ENGINE}/checkpointer.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/in-flight.ts`,
    [
      "endpoints that hang fill their tenant's room",
      "(!isSlow || its.slow < limits.inFlightSlowPerTenantMax)",
      "true",
      `${ENGINE}/fairness.test.ts`,
    ],
    [
      "endpoints that hang fill all the room there is",
      "return total.slow < limits.inFlightSlowMax;",
      "return true;",
      `${ENGINE}/fairness.test.ts`,
    ],
  ),
  ...simulated(`${ENGINE}/judge.ts`, [
    "what the sender's own side failed at uses a retry, in a simulated life",
    'return { kind: "hold", reason: answer.code };',
    'return { kind: "retry", reason: answer.code };',
  ]),
  ...simulated(`${ENGINE}/dispatcher.ts`, [
    "an ordered lane goes on before the outcome is durable",
    "if (!keepsOrder(lane)) {",
    "if (lane.requestsOut > 0) {",
  ]),
  ...simulated(
    `${ENGINE}/take.ts`,
    [
      "a batch is put together anew for each attempt",
      "if (batch !== undefined) {",
      "if (batch !== undefined && batch.dueAt > now) {",
    ],
    ["a held lane is not held", "Math.max(lane.hold?.until ?? 0, mayBeSentAt)", "mayBeSentAt"],
    ["a disabled endpoint is sent to", 'if (state !== "enabled" || isStopped', "if (isStopped"],
  ),
  ...mutationsOf(`${ENGINE}/patiently.ts`, [
    "a process that starves runs out of time",
    "let looks = ms / LOOK_MS; looks > 0 && !isSo(); looks -= 1",
    "const end = Date.now() + ms; Date.now() < end && !isSo(); ",
    `${ENGINE}/patiently.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/lane.ts`, [
    "a lane that a fault stopped leaves memory, and what stopped it is forgotten",
    "    lane.attention === undefined &&\n",
    "",
    `${ENGINE}/lane.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/as-in-memory.ts`, [
    "what is settled while a command reads is settled again, or sent again",
    "if (flusher.flushes === flushes && ",
    "if (flusher.flushes >= flushes && ",
    `${ENGINE}/commands.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/commands.ts`, [
    "what is on its way is cancelled once that was read",
    "if (lane !== undefined && isInFlight(lane, offset)) {",
    "if (false) {",
    `${ENGINE}/commands.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/commands.ts`, [
    "what follows what is cancelled is sent before that is durable",
    "lane.stopsWaiting += 1;",
    "",
    `${ENGINE}/commands.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/checkpointer.ts`, [
    "a lane leaves memory while it waits for what is not durable",
    " && lane.stopsWaiting === 0",
    "",
    `${ENGINE}/checkpointer.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/skip.ts`,
    [
      "what follows what is skipped is sent before that is durable",
      "lane.stopsWaiting += 1;",
      "",
      `${ENGINE}/skip.test.ts`,
    ],
    [
      "a frozen batch is skipped in part",
      "return first <= to ? Math.max(to, batch?.offsets.at(-1) ?? to) : to;",
      "return first <= to ? to : to;",
      `${ENGINE}/skip.test.ts`,
    ],
  ),
  ...simulated(`${ENGINE}/flusher.ts`, [
    "a flush counts although the lease was lost",
    "halt();\n        ports.onFenced();",
    'return "flushed";',
  ]),
  ...mutationsOf(
    `${ENGINE}/flusher.ts`,
    [
      "a flush that is written again counts as another",
      "ports.store.flush(ports.lease, flush)",
      "ports.store.flush(ports.lease, { ...flush, flush: (writes += 1) })",
      `${ENGINE}/flusher.test.ts`,
    ],
    [
      "what the store refuses is written again and again",
      "if (error instanceof StoreRefusal) {",
      "if (false) {",
      `${ENGINE}/flusher.test.ts`,
    ],
    [
      "any number of outcomes linger",
      "waiting.length - inFlush < ports.lingeringMax",
      "waiting.length - inFlush > 0",
      `${ENGINE}/flusher.test.ts`,
    ],
    [
      "a process that ends waits for what lingers",
      "          whenDrained.push(resolve);\n          join();",
      "          whenDrained.push(resolve);",
      `${ENGINE}/flusher.test.ts`,
    ],
    [
      "who waits for what is refused is told nothing",
      "change.failed?.(error);",
      "",
      `${ENGINE}/flusher.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${ENGINE}/lease-state.ts`,
    [
      "the checkpoint passes what the store refused of a lane",
      "lane.refusedAfter = Math.min(lane.refusedAfter, storedRow?.position ?? state.checkpoint);",
      "lane.refusedAfter = Number.MAX_SAFE_INTEGER;",
      `${ENGINE}/checkpointer.test.ts`,
    ],
    [
      "a row that was refused counts as stored",
      "lane.row = storedRow;",
      "",
      `${ENGINE}/checkpointer.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/owner.ts`, [
    "what disabling ended is counted as waiting after a crash",
    "await follower.applyChanges();\n    await flusher.drained();\n",
    "",
    `${ENGINE}/owner.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/abandonment-change.ts`, [
    "a lane that was refused stays stopped though its endpoint begins anew",
    "startAnew(lane, to);",
    "",
    `${ENGINE}/refused-facts.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/abandonment-change.ts`, [
    "a disabling that is applied again ends a replay that was asked for after it",
    "const replaysBefore = ended.change;",
    "const replaysBefore = Number.MAX_SAFE_INTEGER;",
    `${ENGINE}/refused-facts.test.ts`,
  ]),
  ...simulated(`${ENGINE}/checkpointer.ts`, [
    "the checkpoint passes what a lane without a row has in flight",
    "if (lane.row === undefined) {\n      checkpoint = Math.min",
    "if (false) {\n      checkpoint = Math.min",
  ]),
  ...simulated(`${ENGINE}/sending.ts`, [
    "a request begins on a lease that is about to end",
    " && ports.mayBegin(),",
    ",",
  ]),
  ...mutationsOf(
    `${ENGINE}/tenure.ts`,
    [
      "a suspended machine's wall clock is not looked at",
      "Math.min(endsAt.monotonic - clock.monotonic(), endsAt.wall - clock.now())",
      "endsAt.monotonic - clock.monotonic()",
      `${ENGINE}/tenure.test.ts`,
    ],
    [
      "a lease counts from when its renewal was answered",
      "      endsAt = { monotonic: asked.monotonic + held, wall: asked.wall + held };",
      "      endsAt = { monotonic: clock.monotonic() + held, wall: clock.now() + held };",
      `${ENGINE}/tenure.test.ts`,
    ],
  ),
];
