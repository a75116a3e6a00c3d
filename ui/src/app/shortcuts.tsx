import { useEffect } from "react";
import { useLocation } from "wouter";
import { Dialog } from "../components/dialog.tsx";

const keys: readonly (readonly [string, string])[] = [
  ["/", "Search: the runs, or the log that is open"],
  ["?", "This help"],
  ["n", "In a table of errors: the next row (p: the one before)"],
  ["g o", "Go to the overview"],
  ["g r", "Go to the runs"],
  ["g d", "Go to the DAGs"],
  ["g s", "Go to the datasets"],
  ["Esc", "Close a dialog, leave a search"],
];

const places: Readonly<Record<string, string>> = { o: "/", r: "/runs", d: "/dags", s: "/datasets" };

/** Listens for the shortcuts of all pages; typing in a field is left alone. */
export function useShortcuts(showHelp: () => void): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let afterG = false;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const place = afterG ? places[event.key] : undefined;
      afterG = event.key === "g";
      if (place !== undefined) navigate(place);
      else if (event.key === "?") showHelp();
      else if (event.key === "/") focusSearch(event, navigate);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [navigate, showHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function focusSearch(event: KeyboardEvent, navigate: (to: string) => void): void {
  event.preventDefault();
  const search = document.querySelector<HTMLElement>("input[type=search]");
  if (search === null) navigate("/runs?search");
  else search.focus();
}

/** The list of shortcuts. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="shortcut-list dialog-body">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((part) => (
                <kbd key={part} className="kbd">
                  {part}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
