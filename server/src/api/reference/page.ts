import {
  type Content,
  type DescribedParameter,
  type Description,
  type Operation,
  operationsOf,
} from "./description.ts";
import { type Html, html, prose } from "./html.ts";
import { exampleOf, kindOf, limitsOf, type Schema, shapeNameOf, withoutNull } from "./schema-text.ts";

type Shapes = Description["components"]["schemas"];

/**
 * Writes the reference of an API as one page: every operation with what it takes and answers, every shape,
 * and the event types that receivers get. It reads well without its script, which only filters.
 */
export function referencePage(description: Description): string {
  const { info, tags, components, webhooks } = description;
  const groups = tags.map((tag) => ({ ...tag, operations: operationsOf(description, tag.name) }));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Posthorn API</title>
<link rel="stylesheet" href="reference.css">
<script type="module" src="reference.js"></script>
</head>
<body>
${navigation(info.version, groups)}
<main>
<h1>Posthorn API</h1>
<p>${info.description} The same is at <a href="../openapi.json">openapi.json</a>, for programs.</p>
<p>Calls carry <code>Authorization: Bearer</code> with an admin key or a key of a tenant. What goes wrong is
answered as a <a href="#shape-Problem">Problem</a> with a stable <code>code</code>.</p>
${groups.map((group) => groupPart(group, components.schemas))}
<section>
<h2 id="shapes">Shapes</h2>
${Object.entries(components.schemas).map(shapePart)}
</section>
<section>
<h2 id="webhooks">Event types</h2>
<p>What the catalogues of the contracts here have. Receivers get it in the contract's envelope.</p>
${Object.entries(webhooks).map(([name, { post }]) => webhookPart(name, post, components.schemas))}
</section>
</main>
</body>
</html>
`.html;
}

interface Group {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

function navigation(version: string, groups: readonly Group[]): Html {
  const entries = groups.map(
    ({ name, operations }) => html`
<li><a href="#${idOf(name)}">${name}</a>
<ul>${operations.map(navigationEntry)}</ul></li>`,
  );
  return html`<nav aria-label="Operations">
<p><strong>Posthorn API</strong> ${version}</p>
<label>Filter <input type="search" id="filter" autocomplete="off"></label>
<ul>${entries}
<li><a href="#shapes">Shapes</a></li>
<li><a href="#webhooks">Event types</a></li>
</ul>
</nav>`;
}

function groupPart({ name, description, operations }: Group, shapes: Shapes): Html {
  return html`
<section>
<h2 id="${idOf(name)}">${name}</h2>
<p>${description}</p>
${operations.map((operation) => operationPart(operation, shapes))}
</section>`;
}

function idOf(group: string): string {
  return `group-${group.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}

function navigationEntry(operation: Operation): Html {
  const { operationId, method, path, summary } = operation;
  return html`
<li data-filter="${filterOf(operation)}">
<a href="#${operationId}" title="${method} ${path}">${summary}</a></li>`;
}

/** What one may type to find it. */
function filterOf({ operationId = "", method, path, summary }: Operation): string {
  return `${method} ${path} ${summary} ${operationId}`.toLowerCase();
}

function operationPart(operation: Operation, shapes: Shapes): Html {
  const { operationId, method, path, summary, description, requestBody, responses } = operation;
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in !== "path");
  return html`
<article id="${operationId}" data-filter="${filterOf(operation)}">
<h3><a href="#${operationId}">${summary}</a></h3>
<p class="way"><b>${method}</b> <code>${path}</code></p>
<p>${prose(description ?? "Needs no key.")} ${
    operationId === undefined ? undefined : html`In the client: <code>${operationId}</code>.`
  }</p>
${query.length === 0 ? undefined : html`<h4>Parameters</h4><ul>${query.map(parameterItem)}</ul>`}
${requestBody === undefined ? undefined : bodyPart(requestBody)}
<h4>Answer</h4>
<ul>${Object.entries(responses).map(([status, { content }]) => answerItem(status, content))}</ul>
<pre><code>${curlOf(operation, shapes)}</code></pre>
</article>`;
}

function parameterItem({ name, required = false, description, schema, ...at }: DescribedParameter): Html {
  const [where, needed] = [at.in === "header" ? "header, " : "", required ? ", required" : ""];
  return html`<li><code>${name}</code> <small>${where}${kindPart(schema)}${needed}</small>
${notesPart({ ...schema, description: description ?? schema.description ?? "" })}</li>`;
}

function bodyPart({ required = true, content }: NonNullable<Operation["requestBody"]>): Html {
  return html`<h4>Body${required ? "" : ", optional"}</h4>
${Object.entries(content).map(([type, { schema }]) => {
  const kind = html`<p><small>${type}</small> ${kindPart(schema)}</p>`;
  return shapeNameOf(schema) === undefined ? html`${kind}${membersPart(schema)}` : kind;
})}`;
}

function answerItem(status: string, content: Content | undefined): Html {
  const name = status === "default" ? "else" : status;
  if (content === undefined) {
    return html`<li><code>${name}</code> ${
      status === "default" ? html`<a href="#shape-Problem">Problem</a>` : "nothing more"
    }</li>`;
  }
  const parts = Object.values(content).map(({ schema }) => {
    return html`${kindPart(schema)}${membersPart(schema)}`;
  });
  return html`<li><code>${name}</code> ${parts}</li>`;
}

function shapePart([name, schema]: readonly [string, Schema]): Html {
  return html`
<article id="shape-${name}" data-filter="${name.toLowerCase()}">
<h3><a href="#shape-${name}">${name}</a></h3>
${notesPart(schema)}${membersPart(schema)}
</article>`;
}

function webhookPart(
  name: string,
  { summary, requestBody, deprecated }: WebhookOperation,
  shapes: Shapes,
): Html {
  const { schema = {}, example } = requestBody?.content["application/json"] ?? {};
  const shown = example ?? exampleOf(schema, shapes);
  return html`
<article data-filter="${name.toLowerCase()}">
<h3>${name}${deprecated === true ? html` <small>deprecated</small>` : undefined}</h3>
<p>${summary}</p>
${membersPart(schema)}
<pre><code>${JSON.stringify(shown, null, 2)}</code></pre>
</article>`;
}

type WebhookOperation = Description["webhooks"][string]["post"];

/** A kind, in which the names of shapes are links. */
function kindPart(schema: Schema): Html {
  const kind = kindOf(schema);
  const names = shapeNamesIn(schema);
  const [name] = names;
  return name === undefined || names.length > 1
    ? html`${kind}`
    : { html: html`${kind}`.html.replace(name, html`<a href="#shape-${name}">${name}</a>`.html) };
}

function shapeNamesIn(schema: Schema): readonly string[] {
  const name = shapeNameOf(schema);
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  return [...(name === undefined ? [] : [name]), ...inner.flatMap(shapeNamesIn)];
}

function notesPart(schema: Schema): Html {
  const description = [schema, ...withoutNull(schema).schemas].find((each) => each.description)?.description;
  const limits = limitsOf(schema);
  const text = [description ?? "", limits === "" ? "" : `Limits: ${limits}.`]
    .filter((part) => part !== "")
    .join(" ");
  return text === "" ? html`` : html`<p>${prose(text)}</p>`;
}

/** The members of an object, or of what an array has, where they are not a shape of their own. */
function membersPart(schema: Schema): Html {
  const parts = withoutNull(schema).schemas.map(({ properties, required = [], items }) => {
    if (properties === undefined) {
      return items === undefined || shapeNameOf(items) !== undefined ? html`` : membersPart(items);
    }
    return html`<ul>${Object.entries(properties).map(([name, member]) => {
      const needed = required.includes(name) ? ", required" : "";
      return html`<li><code>${name}</code> <small>${kindPart(member)}${needed}</small>
${notesPart(member)}${membersPart(member)}</li>`;
    })}</ul>`;
  });
  return html`${parts}`;
}

/** A call that works once what is in capitals and after an ellipsis is filled in. */
function curlOf({ method, path, requestBody }: Operation, shapes: Shapes): string {
  const schema = requestBody?.content["application/json"]?.schema;
  const way = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const lines = [
    `curl${method === "GET" ? "" : ` -X ${method}`} "$POSTHORN_URL${way}"`,
    `-H "authorization: Bearer $POSTHORN_KEY"`,
    ...(schema === undefined
      ? []
      : [`-H 'content-type: application/json'`, `-d '${JSON.stringify(exampleOf(schema, shapes))}'`]),
  ];
  return lines.join(" \\\n  ");
}
