import { after, type TestContext } from "node:test";
import pg from "pg";
import { startCluster } from "./cluster-fixture.ts";
import { type Database, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { makePartitions } from "./partitions.ts";

/** Why tests of PostgreSQL cannot run here. */
export const NO_POSTGRES =
  "there is no PostgreSQL: install it, or name one with TEST_DATABASE_URL whose user may create databases";

/** Where databases are made. */
export interface Databases {
  /** Makes a database with the schema and nothing in it. */
  create(): Promise<TemporaryDatabase>;
  /** Makes a database without even the schema. */
  createEmpty(): Promise<TemporaryDatabase>;
  /** Makes a copy of a database that nobody is connected to. */
  copy(database: TemporaryDatabase): Promise<TemporaryDatabase>;
  close(): Promise<void>;
}

export interface TemporaryDatabase {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes databases beside the one of a URL. `now` is the time that their events begin with. */
export async function makeDatabases(url: string, now: number): Promise<Databases> {
  const admin = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  const prefix = `posthorn_test_${process.pid}_${Date.now().toString(36)}`;
  const template = `${prefix}_template`;
  let made = 0;

  async function drop(name: string): Promise<void> {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }

  await admin.query(`CREATE DATABASE ${template}`);
  const database = openDatabase({ url: urlOf(url, template), name: "template", connectionsMax: 1 });
  await migrate(database, now);
  await makePartitions(database, now);
  await database.close();

  async function createFrom(source: string): Promise<TemporaryDatabase> {
    made += 1;
    const name = `${prefix}_${made}`;
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`);
    return { name, url: urlOf(url, name), drop: () => drop(name) };
  }

  return {
    create: () => createFrom(template),
    createEmpty: () => createFrom("template0"),
    copy: ({ name }) => createFrom(name),
    async close() {
      await drop(template);
      await admin.end();
    },
  };
}

/**
 * Finds the PostgreSQL of this run of tests, or starts one for this file of tests. Undefined where there is
 * none.
 */
export async function findDatabases(now: number): Promise<Databases | undefined> {
  const given = process.env["TEST_DATABASE_URL"];
  const cluster = given === undefined ? await startCluster() : undefined;
  const url = given ?? cluster?.urlOf("postgres");
  const databases = url === undefined ? undefined : await makeDatabases(url, now);
  after(async () => {
    await databases?.close();
    await cluster?.close();
  });
  return databases;
}

/** Opens a database of a test's own, with the schema and nothing in it, which goes with the test. */
export async function openFresh(
  t: TestContext,
  databases: Databases | undefined,
  connectionsMax = 1,
): Promise<Database> {
  if (databases === undefined) {
    throw new Error(NO_POSTGRES);
  }
  const { url, drop } = await databases.create();
  const database = openDatabase({ url, name: "posthorn tests", connectionsMax });
  t.after(async () => {
    await database.close();
    await drop();
  });
  return database;
}

function urlOf(url: string, database: string): string {
  return url.replace(/(^postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${database}`);
}
