/**
 * Exchange a key for a cookie, which a browser keeps by itself.
 *
 * For signIn, getSession, signOut.
 */
import { createClient } from "@posthorn/client/client";

let cookie = "";
const send: typeof fetch = async (input, init) => {
  const headers = { ...Object.fromEntries(new Headers(init?.headers)), cookie, "posthorn-session": "1" };
  const answer = await fetch(input, { ...init, headers });
  cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
  return answer;
};
const page = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", fetch: send });
const { kind, expires_at } = await page.signIn({ key: process.env["POSTHORN_KEY"] ?? "" });
console.log(kind, expires_at); // → admin …Z
console.log((await page.getSession()).expires_at === expires_at); // → true
await page.signOut();
