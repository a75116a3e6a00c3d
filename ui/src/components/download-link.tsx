import type { MouseEvent } from "react";
import { getToken, send } from "../lib/api.ts";
import { Icon } from "./icon.tsx";

interface DownloadLinkProps {
  readonly href: string;
  /** The file's name on the reader's disk. */
  readonly name: string;
  readonly label: string;
  readonly children?: string;
}

/** A link that saves a file. With a token the file is fetched first, because a plain link cannot carry one. */
export function DownloadLink({ href, name, label, children }: DownloadLinkProps) {
  const onClick = (event: MouseEvent) => {
    if (getToken() === null) return;
    event.preventDefault();
    void save(href, name);
  };
  return (
    <a
      className={`button ${children === undefined ? "button-quiet button-icon" : ""}`}
      href={href}
      download={name}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name="download" />
      {children}
    </a>
  );
}

async function save(href: string, name: string): Promise<void> {
  const response = await send(href);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
