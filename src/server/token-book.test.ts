import { afterEach, expect, test, vi } from "vitest";
import type { Factory, Token } from "../factory/factory.ts";
import { openTokenBook } from "./token-book.ts";

afterEach(() => void vi.useRealTimers());

const token: Token = { id: "1", name: "a", scopes: ["read"], created: "2026-11-21", lastUsed: null };

/** Tokens whose list can be changed, and which count how often they are asked. */
function tokensOf(list: () => Promise<readonly Token[]>) {
  const asked = { times: 0 };
  const tokens: Factory["tokens"] = {
    create: async () => ({ token, text: "" }),
    revoke: async () => {},
    check: async () => token,
    list: () => {
      asked.times++;
      return list();
    },
  };
  return { tokens, asked };
}

test("whether there are tokens is asked once a second, and when it is told to forget", async () => {
  vi.useFakeTimers();
  const all: Token[] = [];
  const { tokens, asked } = tokensOf(async () => all);
  const book = openTokenBook({ tokens });
  const answers = [await book.any(), await book.any()];
  all.push(token);
  answers.push(await book.any());
  vi.advanceTimersByTime(1001);
  answers.push(await book.any());
  all.pop();
  book.forget();
  answers.push(await book.any());
  expect([answers, asked.times]).toEqual([[false, false, false, true, false], 3]);
});

test("while the database is away it stays as it was", async () => {
  vi.useFakeTimers();
  const state = { away: true };
  const { tokens } = tokensOf(() =>
    state.away ? Promise.reject(new Error("away")) : Promise.resolve([token]),
  );
  const book = openTokenBook({ tokens });
  await expect(book.any()).rejects.toThrow("away");
  state.away = false;
  expect(await book.any()).toBe(true);
  state.away = true;
  vi.advanceTimersByTime(1001);
  expect(await book.any()).toBe(true);
});
