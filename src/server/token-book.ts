import type { Factory, Token } from "../factory/factory.ts";

/** Which tokens there are, as requests ask. */
export interface TokenBook {
  /** True if the factory has tokens, so that requests need one; as it was last if the database is away. */
  readonly any: () => Promise<boolean>;
  readonly check: (text: string) => Promise<Token | undefined>;
  /** Tokens were made or revoked: ask again. */
  readonly forget: () => void;
}

/** Milliseconds after which it is asked again whether there are tokens: another process may have made some. */
const freshFor = 1000;

/** The token book of an app that asks for none. */
export const noTokens: TokenBook = { any: async () => false, check: async () => undefined, forget: () => {} };

/** A token book over the factory's tokens. */
export function openTokenBook({ tokens }: Pick<Factory, "tokens">): TokenBook {
  let known: { readonly any: boolean; readonly until: number } | undefined;
  return {
    any: async () => {
      if (known !== undefined && known.until > Date.now()) return known.any;
      const before = known;
      const any = await tokens.list().then(
        (all) => all.length > 0,
        (error: unknown) => {
          if (before === undefined) throw error;
          return before.any;
        },
      );
      known = { any, until: Date.now() + freshFor };
      return any;
    },
    check: tokens.check,
    forget: () => {
      known = undefined;
    },
  };
}
