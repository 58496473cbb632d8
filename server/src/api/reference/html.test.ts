import assert from "node:assert/strict";
import { test } from "node:test";
import { html, prose } from "./html.ts";

test("html`` escapes what is put into it, unless it is HTML already", () => {
  const part = html`<b>${"<script>\"&'</script>"}</b>`;
  assert.equal(part.html, "<b>&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;</b>");
  assert.equal(html`${part}${[html`<i>`, html`${1}`]}${undefined}`.html, `${part.html}<i>1`);
});

test("prose() shows as code what stands between backticks", () => {
  assert.equal(prose("the `a<b` scope").html, "the <code>a&lt;b</code> scope");
});
