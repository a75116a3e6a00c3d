import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Marked } from "../../components/marked.tsx";
import type { LogLine } from "../../lib/contract.ts";
import { formatClock } from "../../lib/format.ts";

export interface NumberedLine {
  readonly line: LogLine;
  /** Its place in the log, from 1. */
  readonly number: number;
}

interface LogViewProps {
  readonly lines: readonly NumberedLine[];
  /** Text to mark in the lines. */
  readonly mark: string;
  readonly showTask: boolean;
  readonly follow: boolean;
  /** New lines may come: its height stays, so that they push nothing. */
  readonly live: boolean;
  /** Told when the reader scrolls up from the end. */
  readonly onLeaveEnd: () => void;
}

const LINE = 22;

/** Lines of a log; only those in sight are in the document, so a million of them are no burden. */
export function LogView({ lines, mark, showTask, follow, live, onLeaveEnd }: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { virtual, target } = useVirtualLines({ lines, follow, scroller });
  return (
    <div
      ref={scroller}
      className={live ? "log-view log-live" : "log-view"}
      role="log"
      aria-label="Log"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
      tabIndex={0}
      onWheel={(event) => follow && event.deltaY < 0 && onLeaveEnd()}
      onKeyDown={(event) => follow && upwards.has(event.key) && onLeaveEnd()}
    >
      <div className="log-lines" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const numbered = lines[item.index];
          if (numbered === undefined) return null;
          const { level, id } = numbered.line;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={`log-line log-${level} ${id === target ? "log-target" : ""}`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogLineView {...numbered} mark={mark} showTask={showTask} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Keys that lead away from the end. */
const upwards = new Set(["ArrowUp", "PageUp", "Home"]);

interface VirtualLines extends Pick<LogViewProps, "lines" | "follow"> {
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** Which lines are in sight, the end of the log while it is followed, and the line that the address names. */
function useVirtualLines({ lines, follow, scroller }: VirtualLines) {
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    getItemKey: (index) => lines[index]?.line.id ?? index,
    overscan: 20,
  });
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [follow, lines.length, virtual]);
  const target = useTargetLine(lines, (index) => virtual.scrollToIndex(index, { align: "center" }));
  return { virtual, target };
}

interface LogLineViewProps extends NumberedLine {
  readonly mark: string;
  readonly showTask: boolean;
}

function LogLineView({ line, number, mark, showTask }: LogLineViewProps) {
  return (
    <>
      <a className="log-number" href={`#L${line.id}`} aria-label={`Address of line ${number}`}>
        {number}
      </a>
      <time className="log-time" dateTime={line.time} title={line.time}>
        {formatClock(line.time)}
      </time>
      {(showTask || line.try > 1) && <span className="log-task">{speakerOf(line, showTask)}</span>}
      <span className="log-message">
        {line.level !== "info" && <span className="log-level">{line.level}</span>}
        <Marked text={line.message} mark={mark} />
      </span>
    </>
  );
}

/** Who says a line: the task, and from the second on which of its tries. */
function speakerOf(line: LogLine, showTask: boolean): string {
  return [...(showTask ? [line.task] : []), ...(line.try > 1 ? [`try ${line.try}`] : [])].join(" ");
}

/** The line that the address names after `#L`, brought into sight once it is there. */
function useTargetLine(lines: readonly NumberedLine[], show: (index: number) => void): number | null {
  const [target, setTarget] = useState(targetOfAddress);
  const shown = useRef<number | null>(null);
  useEffect(() => {
    const onHash = () => setTarget(targetOfAddress());
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  useEffect(() => {
    if (target === null || shown.current === target) return;
    const index = lines.findIndex(({ line }) => line.id === target);
    if (index === -1) return;
    shown.current = target;
    show(index);
  }, [lines, target, show]);
  return target;
}

function targetOfAddress(): number | null {
  const found = /^#L(\d+)$/.exec(location.hash);
  return found === null ? null : Number(found[1]);
}
