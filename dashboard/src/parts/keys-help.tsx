import { setShortcuts, useShortcuts } from "../shortcuts.ts";
import { Dialog } from "./action.tsx";

const KEYS = [
  ["Ctrl K or ⌘ K", "go to a screen, a tenant, an endpoint or an event; do what this page does"],
  ["/", "search"],
  ["j, k", "to the next row, to the one before"],
  ["Enter", "open the row"],
  ["r", "ask to replay what is shown, or the row"],
  ["?", "this list"],
  ["Ctrl Space", "in an editor: offer what fits"],
  ["F8", "in an editor: to the next fault"],
  ["Ctrl Enter", "in an editor: what the button below it does"],
] as const;

/** The keys of the page, and how to turn off those that are one letter. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const areOn = useShortcuts();
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        {KEYS.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex items-center gap-2">
        <input type="checkbox" checked={areOn} onChange={({ target }) => setShortcuts(target.checked)} />
        Keys of one letter or sign
      </label>
      <div className="mt-5 flex justify-end">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
