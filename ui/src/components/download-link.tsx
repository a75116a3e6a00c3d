import type { MouseEvent } from "react";
import { getToken, send } from "../lib/api.ts";
import { Icon } from "./icon.tsx";

interface DownloadLinkProps {
  readonly href: string;
  /** The file's name on the reader's disk. */
  readonly name: string;
  readonly label: string;
  /** Its words; without them it is a sign alone. */
  readonly children?: string;
  /** As a link in a text rather than a button. */
  readonly plain?: boolean;
}

/** A link that saves a file. With a token the file is fetched first, because a plain link cannot carry one. */
export function DownloadLink({ href, name, label, children, plain = false }: DownloadLinkProps) {
  const onClick = (event: MouseEvent) => {
    if (getToken() === null) return;
    event.preventDefault();
    void save(href, name);
  };
  const look = children === undefined ? "button button-quiet button-icon" : "button";
  return (
    <a
      className={plain ? undefined : look}
      href={href}
      download={name}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {!plain && <Icon name="download" />}
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
