/** What the interpreter of a run may do; each is durable: after a crash it is not done again, but remembered. */
export interface Durable<Message> {
  readonly step: <Result>(name: string, body: () => Promise<Result>) => Promise<Result>;
  /** Queues tries of tasks; a try that is queued already is left as it is. */
  readonly enqueue: (tries: readonly QueuedTry[]) => Promise<void>;
  /** The next message for this run, in an order that is remembered. */
  readonly receive: () => Promise<Message>;
}

export interface QueuedTry {
  /** `run/task/mapIndex/try` */
  readonly id: string;
  readonly input: TryInput;
  readonly delaySeconds: number;
}

/** Which try of which task; all else stands in the factory's tables. */
export interface TryInput {
  /** The workflow that is told how the try ended. */
  readonly parent: string;
  readonly run: string;
  readonly attempt: number;
  readonly task: string;
  readonly mapIndex: number;
  readonly try: number;
}

/** `run/task/mapIndex/try` */
export function tryId(input: Pick<TryInput, "run" | "task" | "mapIndex" | "try">): string {
  return `${input.run}/${input.task}/${input.mapIndex}/${input.try}`;
}

export interface RunInput {
  readonly run: string;
  readonly attempt: number;
}

/** The bodies that the engine calls. `runTry` must give the same answer when it is called again after a crash. */
export interface Interpreter<Message> {
  readonly runDag: (input: RunInput, durable: Durable<Message>) => Promise<void>;
  readonly runTry: (input: TryInput) => Promise<Message>;
}

export type QueueName = "runs" | "tasks";

/** Durable execution: another engine could stand behind this. */
export interface Engine<Message> {
  /** Queues the workflow of one attempt of a run; runs of one lane never overlap. Harmless if it is there already. */
  readonly start: (input: RunInput, lane: string) => Promise<void>;
  /** Something may be waiting in a queue: look into it now. */
  readonly look: (queue: QueueName) => void;
  readonly tell: (input: RunInput, message: Message) => Promise<void>;
  /** Of these, the attempts whose workflow is over or was never queued. */
  readonly missing: (inputs: readonly RunInput[]) => Promise<readonly MissingRun[]>;
  /** Forgets all that belongs to a run. */
  readonly forget: (run: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface MissingRun extends RunInput {
  /** What the engine says; undefined if it never heard of it. */
  readonly status: string | undefined;
}

export function workflowId({ run, attempt }: RunInput): string {
  return `${run}#${attempt}`;
}
