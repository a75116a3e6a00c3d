import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "primary" | "danger" | "quiet";
  readonly icon?: IconName;
  /** Its work is under way: it cannot be pressed again, and says so. */
  readonly pending?: boolean;
  readonly children?: ReactNode;
}

/** A button with a word; for a sign alone, give `aria-label` and no children. */
export function Button({ look = "plain", icon, pending = false, children, className, ...rest }: ButtonProps) {
  const classes = ["button", `button-${look}`, children === undefined ? "button-icon" : "", className ?? ""];
  return (
    <button
      type="button"
      {...rest}
      className={classes.join(" ").trim()}
      aria-busy={pending || undefined}
      disabled={pending || rest.disabled}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
