import { type ReactNode, useId } from "react";

interface CardProps {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Card({ title, tools, children }: CardProps) {
  const heading = useId();
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="card-head">
        <h2 id={heading}>{title}</h2>
        {tools !== undefined && <div className="card-tools">{tools}</div>}
      </div>
      {children}
    </section>
  );
}
