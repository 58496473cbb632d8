const NAME = "posthorn-theme";

export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function storedTheme(): Theme {
  // In a frame of another site a browser may keep nothing at all.
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(NAME)) ?? "system";
  } catch {
    return "system";
  }
}

/** Returns the theme that follows another one where it is switched. */
export function themeAfter(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}

/** Shows the page in a theme, and remembers it. */
export function applyTheme(theme: Theme): void {
  try {
    localStorage.setItem(NAME, theme);
  } catch {
    // It is remembered until the page is left.
  }
  document.documentElement.dataset["theme"] = theme;
}
