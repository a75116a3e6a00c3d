import { useState } from "react";

/** `system` follows the operating system. */
export type Theme = "system" | "light" | "dark";

const KEY = "aircan.theme";

function read(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off: the choice holds until the page is left.
  }
}

/** The theme and a function that goes on to the next one: system, light, dark. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState(read);
  const next: Theme = theme === "system" ? "light" : theme === "light" ? "dark" : "system";
  return [
    theme,
    () => {
      apply(next);
      setTheme(next);
    },
  ];
}
