/** Copies a text; returns whether it could. A page by plain http has no clipboard but the old one. */
export async function copyText(text: string): Promise<boolean> {
  // What its type promises is there on a page that is secure, and on no other.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard !== undefined) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      // In a frame it may be refused.
    }
  }
  return copySelected(text);
}

function copySelected(text: string): boolean {
  const field = document.createElement("textarea");
  field.className = "sr-only";
  field.readOnly = true;
  field.value = text;
  // While a dialog is open nothing outside it can be selected.
  const place = document.querySelector("dialog[open]") ?? document.body;
  const { activeElement } = document;
  place.append(field);
  field.select();
  try {
    // Deprecated, and the one way on a page that is not secure.
    // oxlint-disable-next-line no-deprecated -- the one way on a page that is not secure
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (activeElement instanceof HTMLElement) {
      activeElement.focus();
    }
  }
}
