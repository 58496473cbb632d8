/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | readonly Html[];

/** Makes HTML of a template; what is put into it is text, unless it is HTML already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((before, after, index) => before + written(parts[index - 1]) + after) };
}

function written(part: Part): string {
  if (part === undefined) {
    return "";
  }
  if (typeof part === "string" || typeof part === "number") {
    return escaped(String(part));
  }
  return "html" in part ? part.html : part.map((each) => each.html).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Text of our own in which `code` stands between backticks. */
export function prose(text: string): Html {
  const parts = text.split("`");
  return {
    html: parts
      .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`).html)
      .join(""),
  };
}
