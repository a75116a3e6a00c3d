import { useState } from "react";
import { useAnnounce } from "./announcer.tsx";
import { Button } from "./button.tsx";

/** Copies a text, and shows for a moment that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const announce = useAnnounce();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce("Copied");
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Button
      look="quiet"
      icon={copied ? "check" : "copy"}
      aria-label={label}
      title={copied ? "Copied" : label}
      onClick={() => void copy()}
    />
  );
}
