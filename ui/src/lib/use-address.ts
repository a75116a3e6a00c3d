import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** A part of the address behind `?`, and a function that changes several at once; empty ones leave the address. */
export function useAddress(): readonly [
  URLSearchParams,
  (changes: Readonly<Record<string, string | null>>, options?: { replace?: boolean }) => void,
] {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Readonly<Record<string, string | null>>, options: { replace?: boolean } = {}) =>
      setParams((before) => {
        const next = new URLSearchParams(before);
        for (const [key, value] of Object.entries(changes)) {
          if (value === null || value === "") next.delete(key);
          else next.set(key, value);
        }
        return next;
      }, options),
    [setParams],
  );
  return [params, change];
}
