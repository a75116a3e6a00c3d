import { AsyncLocalStorage } from "node:async_hooks";
import type { WorkflowQueue } from "@dbos-inc/dbos-sdk";
import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import { wfQueueRunner } from "@dbos-inc/dbos-sdk/internal/wfqueue";

/** Looks into one queue at once. */
export interface QueueBell {
  /** Something may be waiting in it. */
  readonly ring: () => void;
  /** There is room for more: looks if something was waiting lately. */
  readonly offer: () => void;
  readonly close: () => Promise<void>;
}

/** The part of DBOS's dispatcher that looks into one queue and starts what it may. */
interface Dispatcher {
  readonly pollQueue: (executor: DBOSExecutor, queue: WorkflowQueue) => Promise<boolean>;
}

const lately = 10_000;

/**
 * DBOS looks into its queues by the clock only: often is dear while nothing happens, seldom is slow. This looks at
 * the moment when something was queued or a slot became free, so that the clock may be slow.
 */
export function openQueueBell(queue: WorkflowQueue): QueueBell {
  // A method that its types call private; DBOS is pinned, and the tests of the chain go by it.
  const dispatcher = wfQueueRunner as unknown as Dispatcher;
  // Whoever rings may be inside a workflow: what is started by it must not become its child.
  const outside = AsyncLocalStorage.snapshot();
  const state = { closed: false, again: false, rung: 0, work: undefined as Promise<void> | undefined };
  const poll = async () => {
    const executor = DBOSExecutor.globalInstance;
    for (; state.again && executor && !state.closed; ) {
      state.again = false;
      await dispatcher.pollQueue(executor, queue).catch(() => {}); // The clock comes round again.
    }
    state.work = undefined;
  };
  const look = () => {
    state.again = true;
    state.work ??= outside(poll);
  };
  return {
    ring: () => {
      state.rung = Date.now();
      look();
    },
    offer: () => {
      if (Date.now() - state.rung < lately) look();
    },
    close: async () => {
      state.closed = true;
      await state.work;
    },
  };
}
