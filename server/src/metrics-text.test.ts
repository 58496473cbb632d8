import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsText } from "./metrics-text.ts";

test("metricsText() puts what has one name together, and escapes what would end a line or a label", () => {
  const text = metricsText([
    { name: "a_total", help: "One\nline \\", type: "counter", value: 3 },
    { name: "b", help: "B.", type: "gauge", value: 0.5, labels: { version: 'x"\\\n' } },
    { name: "a_total", help: "One\nline \\", type: "counter", value: 4, labels: { k: "v" } },
  ]);
  assert.equal(
    text,
    "# HELP a_total One\\nline \\\\\n# TYPE a_total counter\na_total 3\n" +
      'a_total{k="v"} 4\n# HELP b B.\n# TYPE b gauge\nb{version="x\\"\\\\\\n"} 0.5\n',
  );
});
