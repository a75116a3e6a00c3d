import { useEffect, useRef } from "react";
import { useAnnounce } from "../../components/announcer.tsx";
import { statusWord } from "../../components/status.tsx";
import type { Run } from "../../lib/contract.ts";

/** Tells people who use a screen reader when the state of the run changes. */
export function useSayStatus(run: Run | undefined): void {
  const announce = useAnnounce();
  const before = useRef<string>(undefined);
  const status = run?.status;
  const summary = run?.summary ?? "";
  useEffect(() => {
    if (status === undefined) return;
    if (before.current !== undefined && before.current !== status) {
      announce(`Run is now ${statusWord(status).toLowerCase()}. ${summary}`);
    }
    before.current = status;
  }, [announce, status, summary]);
}
