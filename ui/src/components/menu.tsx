import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  /** Items of a list. */
  readonly children: ReactNode;
}

/** A button with links below it; Escape and leaving it close it. */
export function Menu({ label, icon, children }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => details.current?.removeAttribute("open");
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    close();
    details.current?.querySelector("summary")?.focus();
  };
  return (
    <details ref={details} className="menu" onBlur={onBlur} onKeyDown={onKeyDown}>
      <summary className="button">
        <Icon name={icon} />
        {label}
      </summary>
      <ul className="menu-list">{children}</ul>
    </details>
  );
}
