/**
 * The look of the portal, as whoever shows it asks for in the link: `#link=…&accent=%230a7d4f&theme=light`.
 *
 * Only colours go into the page's variables, and only those that are named here. A style sheet of somebody
 * else could show and hide whatever it likes.
 */
const NAME = "posthorn-portal-look";

const COLOURS = [
  "ground",
  "panel",
  "raised",
  "line",
  "ink",
  "muted",
  "accent",
  "accent-soft",
  "on-accent",
  "good",
  "good-soft",
  "warn",
  "warn-soft",
  "bad",
  "bad-soft",
  "brass",
] as const;

/** Applies what a link asks for, or what one asked for before in this window. */
export function applyLook(asked: URLSearchParams | undefined): void {
  const look = asked ?? new URLSearchParams(stored());
  const { style, dataset } = document.documentElement;
  for (const name of COLOURS) {
    const colour = look.get(name);
    if (colour !== null && CSS.supports("color", colour)) {
      style.setProperty(`--${name}`, colour);
    }
  }
  const theme = look.get("theme");
  if (theme === "light" || theme === "dark") {
    dataset["theme"] = theme;
  }
  if (asked !== undefined) {
    asked.delete("link");
    store(asked.toString());
  }
}

// In a frame of another site a browser may keep nothing at all.
function stored(): string {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function store(text: string): void {
  try {
    sessionStorage.setItem(NAME, text);
  } catch {
    // It is as it was asked for until the page is loaded anew.
  }
}
