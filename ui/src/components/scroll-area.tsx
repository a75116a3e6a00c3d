import type { HTMLAttributes, Ref } from "react";

interface ScrollAreaProps extends HTMLAttributes<HTMLElement> {
  readonly label: string;
  readonly ref?: Ref<HTMLElement>;
}

/** A part that scrolls by itself: it has a name and takes the focus, so that the keyboard can scroll it too. */
export function ScrollArea({ label, className = "", ...rest }: ScrollAreaProps) {
  return (
    <section
      aria-label={label}
      className={`table-scroll ${className}`.trim()}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
      tabIndex={0}
      {...rest}
    />
  );
}
