/** How grave a log line is. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** Takes log lines: one message, and facts that belong to it. Never given secrets. */
export type Log = (level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>) => void;

export const silentLog: Log = () => {};
