import type { RunStatus, TaskStatus } from "../lib/contract.ts";

/** Every state that a run or a task can be in. */
export type Status = RunStatus | TaskStatus;

const words: Record<Status, string> = {
  WAITING: "Waiting",
  QUEUED: "Queued",
  RUNNING: "Running",
  RETRYING: "Retrying",
  DONE: "Done",
  FAILED: "Failed",
  SKIPPED: "Skipped",
  CANCELLED: "Cancelled",
};

/** The state as people say it. */
export function statusWord(status: Status): string {
  return words[status];
}

/** Whether nothing more will happen by itself. */
export function isOver(status: Status): boolean {
  return status === "DONE" || status === "FAILED" || status === "CANCELLED" || status === "SKIPPED";
}

const marks: Record<Status, string | null> = {
  WAITING: null,
  QUEUED: null,
  RUNNING: null,
  RETRYING: "M8 5v3.4l2 1.4",
  DONE: "M4.9 8.3l2.2 2.2 4-4.7",
  FAILED: "M5.6 5.6l4.8 4.8m0-4.8l-4.8 4.8",
  SKIPPED: "M5 8h6",
  CANCELLED: "M5.3 10.7l5.4-5.4",
};

/** The state as a sign: its shape differs as well as its colour. */
export function StatusIcon({ status, size = 16 }: { readonly status: Status; readonly size?: number }) {
  const mark = marks[status];
  const filled = status === "DONE" || status === "FAILED";
  return (
    <svg
      className={`status-icon status-${status.toLowerCase()}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <circle
        cx="8"
        cy="8"
        r={filled ? 8 : 6.8}
        fill={filled ? "currentColor" : "none"}
        stroke={filled ? "none" : "currentColor"}
        strokeDasharray={status === "QUEUED" ? "2.6 2.74" : undefined}
        opacity={status === "RUNNING" ? 0.25 : 1}
      />
      {status === "RUNNING" && (
        <path className="spin" d="M8 1.2A6.8 6.8 0 0 1 14.8 8" stroke="currentColor" />
      )}
      {mark !== null && <path d={mark} stroke={filled ? "var(--surface)" : "currentColor"} />}
    </svg>
  );
}

/** Sign and word together. */
export function StatusBadge({ status }: { readonly status: Status }) {
  return (
    <span className={`status-badge status-${status.toLowerCase()}`}>
      <StatusIcon status={status} size={14} />
      {statusWord(status)}
    </span>
  );
}
