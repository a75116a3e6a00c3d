import { useEffect } from "react";

/** Names the browser's tab: `Runs · AirCan`. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · AirCan`;
  }, [title]);
}
