import { useState } from "react";
import { verifySnippets } from "../text/verify-snippets.ts";
import { Command } from "./command.tsx";

/** How a receiver verifies what comes, in its own language. Nothing for a contract of one's own. */
export function VerifySnippet({ contract }: { readonly contract: string }) {
  const snippets = verifySnippets(contract);
  const [language, setLanguage] = useState(snippets[0]?.language);
  const shown = snippets.find((each) => each.language === language) ?? snippets[0];
  if (shown === undefined) {
    return null;
  }
  return (
    <section aria-label="Verify what comes">
      <div className="mb-2 flex flex-wrap items-center gap-1">
        <h2 className="mr-2 font-medium">Verify what comes</h2>
        {snippets.map((each) => (
          <button
            key={each.language}
            type="button"
            className="button button-small"
            aria-pressed={each === shown}
            onClick={() => setLanguage(each.language)}
          >
            {each.language}
          </button>
        ))}
      </div>
      <Command text={shown.code} label={`how to verify in ${shown.language}`} />
    </section>
  );
}
