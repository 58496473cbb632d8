const NAME = "posthorn-theme";

export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function storedTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem(NAME)) ?? "system";
}

/** Returns the theme that follows another one where it is switched. */
export function themeAfter(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}

/** Shows the page in a theme, and remembers it. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(NAME, theme);
  document.documentElement.dataset["theme"] = theme;
}
