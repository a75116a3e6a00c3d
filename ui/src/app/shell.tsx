import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Button } from "../components/button.tsx";
import { useTheme } from "../lib/theme.ts";
import { ShortcutHelp, useShortcuts } from "./shortcuts.tsx";

const sections = [
  { href: "/", title: "Overview" },
  { href: "/runs", title: "Runs" },
  { href: "/dags", title: "DAGs" },
  { href: "/datasets", title: "Datasets" },
] as const;

/** What stands around every page: skip link, navigation, theme, help. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [help, setHelp] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);
  const main = useFocusOnNavigation();
  useShortcuts(showHelp);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <TopBar onHelp={showHelp} />
      <main id="main" className="page" ref={main} tabIndex={-1}>
        {children}
      </main>
      <footer className="footer">
        <span>AirCan, a data factory</span>
        <span className="footer-links">
          <a href="/api/docs">API</a>
          <a href="/health">Health</a>
        </span>
      </footer>
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </>
  );
}

/** The same for who was sent a link to one page: nothing leads elsewhere. */
export function PlainShell({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <header className="topbar">
        <div className="topbar-inner">
          <span className="brand">
            <img src="/favicon.svg" width="22" height="22" alt="" />
            <span>AirCan</span>
          </span>
          <div className="topbar-tools">
            <ThemeButton />
          </div>
        </div>
      </header>
      <main id="main" className="page">
        {children}
      </main>
      <footer className="footer">
        <span>AirCan, a data factory</span>
      </footer>
    </>
  );
}

function TopBar({ onHelp }: { readonly onHelp: () => void }) {
  return (
    <header className="topbar">
      <div className="topbar-inner">
        <Link href="/" className="brand" aria-label="AirCan, overview">
          <img src="/favicon.svg" width="22" height="22" alt="" />
          <span>AirCan</span>
        </Link>
        <Navigation />
        <div className="topbar-tools">
          <ThemeButton />
          <Button
            className="help-button"
            look="quiet"
            icon="help"
            aria-label="Keyboard shortcuts"
            title="Keyboard (?)"
            onClick={onHelp}
          />
        </div>
      </div>
    </header>
  );
}

function Navigation() {
  const [path] = useLocation();
  const isHere = (href: string) =>
    href === "/"
      ? path === "/"
      : path.startsWith(href) || (href === "/datasets" && /^\/@.+\/actions\/?$/.test(path));
  return (
    <nav className="topnav" aria-label="Main">
      {sections.map(({ href, title }) => (
        <Link key={href} href={href} aria-current={isHere(href) ? "page" : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}

function ThemeButton() {
  const [theme, next] = useTheme();
  const icon = theme === "light" ? "sun" : theme === "dark" ? "moon" : "system";
  return (
    <Button
      look="quiet"
      icon={icon}
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}`}
      onClick={next}
    />
  );
}

/** A new page starts at its top, with the focus in its content, as a loaded page would. */
function useFocusOnNavigation() {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    // A field of the new page may have taken it already.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
