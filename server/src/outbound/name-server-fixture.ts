/** A name server on 127.0.0.1 that says what a test wants it to, over UDP and TCP (RFC 1035). */
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv4, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { listen } from "./receiver-fixture.ts";

/** What a name is asked for. */
export type QuestionType = "A" | "AAAA";

export interface Answer {
  /** RFC 1035: 0 fine, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. Default: 0. */
  readonly rcode?: number;
  /** Addresses, of which those of the asked family are told; or a name that this one is an alias of. */
  readonly records?: readonly string[];
  /** Seconds. Default: 7. */
  readonly ttl?: number;
  /** Says over UDP that the answer is too long for it. Default: false. */
  readonly isTruncated?: boolean;
}

/** An answer; bytes to say instead, beginning where an answer's id does; or undefined: nothing at all. */
export type Reply = Answer | Uint8Array | undefined;

export type ReplyTo = (name: string, type: QuestionType) => Reply;

export interface NameServer {
  /** As a resolver wants it: `127.0.0.1:port`. */
  readonly address: string;
  /** Every question so far, such as `A hooks.example`. */
  readonly asked: readonly string[];
}

const TYPES: ReadonlyMap<number, QuestionType> = new Map([
  [1, "A"],
  [28, "AAAA"],
]);
const TYPE_CNAME = 5;
const TRUNCATED = 0x02;

export async function startNameServer(t: TestContext, replyTo: ReplyTo): Promise<NameServer> {
  const asked: string[] = [];
  // One port for both protocols: UDP takes the number that TCP was given.
  const { port } = await listen(t, (socket) => answerOverTcp(socket, reply));
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => sendTo(socket, from, reply(question, true)));
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => socket.close());

  function reply(question: Buffer, isUdp: boolean): Buffer | undefined {
    const { name, type, end } = questionIn(question);
    asked.push(`${type} ${name}`);
    const found = replyTo(name, type);
    if (found === undefined) {
      return undefined;
    }
    if (found instanceof Uint8Array) {
      return Buffer.concat([question.subarray(0, 2), found]);
    }
    return answerBytes(question.subarray(0, end), type, {
      ...found,
      isTruncated: isUdp && found.isTruncated === true,
    });
  }

  return { address: `127.0.0.1:${port}`, asked };
}

function sendTo(
  socket: UdpSocket,
  { port, address }: { port: number; address: string },
  bytes: Buffer | undefined,
) {
  if (bytes !== undefined) {
    socket.send(bytes, port, address);
  }
}

type ReplyBytes = (question: Buffer, isUdp: boolean) => Buffer | undefined;

/** Over TCP a message follows its length, in two bytes, and several may come at once. */
function answerOverTcp(socket: Socket, reply: ReplyBytes): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
      const end = 2 + rest.readUInt16BE();
      const bytes = reply(rest.subarray(2, end), false) ?? Buffer.alloc(0);
      rest = rest.subarray(end);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      socket.write(Buffer.concat([length, bytes]));
    }
  });
}

function questionIn(message: Buffer): { name: string; type: QuestionType; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = TYPES.get(message.readUInt16BE(at + 1)) ?? "A";
  return { name: labels.join("."), type, end: at + 5 };
}

function answerBytes(question: Buffer, type: QuestionType, answer: Answer): Buffer {
  const { rcode = 0, records = [], ttl = 7, isTruncated = false } = answer;
  const told = isTruncated ? [] : records.flatMap((record) => recordBytes(record, type, ttl));
  const flags = [0x81 | (isTruncated ? TRUNCATED : 0), 0x80 | rcode];
  const header = Buffer.from([0, 0, ...flags, 0, 1, told.length >> 8, told.length & 0xff, 0, 0, 0, 0]);
  question.copy(header, 0, 0, 2);
  return Buffer.concat([header, question.subarray(12), ...told]);
}

function recordBytes(record: string, type: QuestionType, ttl: number): Buffer[] {
  const family = isIPv4(record) ? "A" : record.includes(":") ? "AAAA" : "CNAME";
  if (family !== "CNAME" && family !== type) {
    return [];
  }
  const data = family === "A" ? ipv4Bytes(record) : family === "AAAA" ? ipv6Bytes(record) : nameBytes(record);
  const number = family === "A" ? 1 : family === "AAAA" ? 28 : TYPE_CNAME;
  const head = Buffer.alloc(12);
  // The name: a pointer to the question's. Class IN.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(number, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return [Buffer.concat([head, data])];
}

function ipv4Bytes(text: string): Buffer {
  return Buffer.from(text.split(".").map(Number));
}

function ipv6Bytes(text: string): Buffer {
  const [left = "", right = ""] = text.split("::").map((half) => half.split(":").map(group).join(""));
  return Buffer.from(left + right.padStart(32 - left.length, "0"), "hex");
}

function group(text: string): string {
  return text === "" ? "" : text.padStart(4, "0");
}

function nameBytes(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
