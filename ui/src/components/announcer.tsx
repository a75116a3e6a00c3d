import { createContext, type ReactNode, use, useCallback, useState } from "react";

const Announce = createContext<(message: string) => void>(() => {});

/** Holds the one live region of the page. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState("");
  const announce = useCallback((text: string) => setMessage(text), []);
  return (
    <Announce value={announce}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite">
        {message}
      </div>
    </Announce>
  );
}

/** A function that says a sentence to people who use a screen reader. */
export function useAnnounce(): (message: string) => void {
  return use(Announce);
}
