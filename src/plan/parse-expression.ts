import { AirCanError } from "../base/errors.ts";
import { call, type Expression, field, functions, literal, type Operator } from "./expression.ts";

interface Token {
  readonly kind: "name" | "quoted" | "ticked" | "string" | "number" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

const pattern =
  /\s*(?:([\p{L}_][\p{L}\p{N}_]*)|"((?:[^"]|"")*)"|`([^`]*)`|'((?:[^']|'')*)'|([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(\|\||<=|>=|<>|!=|==|[-+*/%()[\]=<>,]))/uy;

const comparing: Readonly<Record<string, Operator>> = {
  "=": "=",
  "==": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/**
 * Reads an expression such as `population > 100000 and name is not null`.
 *
 * Fields are written by name, odd names in double quotes or back-ticks; texts in single quotes (doubled
 * inside), or in double quotes where `fields` are told and none is named so. From loosest to tightest: `or`,
 * `and`, `not`, comparisons (`= != < <= > >=`, also chained as in `1 < a < 3`, `in (…)` or `in […]`,
 * `between a and b`, `is [not] null`), `||`, `+ -`, `* / %`, unary `-`, functions, parentheses. Formulas of
 * Frictionless, which are Python's, may have `None` and `len`, and `'a' in name` for a part of a text.
 *
 * @throws AirCanError `expression-error`, with the text and a mark at the place.
 */
export function parseExpression(text: string, fields?: readonly string[]): Expression {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: "end", text: "", at: text.length };
  const fail = (expected: string): never => {
    throw expressionError(
      text,
      peek().at,
      `expected ${expected}, found ${peek().text === "" ? "the end" : `"${peek().text}"`}`,
    );
  };
  const isWord = (word: string) => peek().kind === "name" && peek().text.toLowerCase() === word;
  const isSymbol = (symbol: string) => peek().kind === "symbol" && peek().text === symbol;
  const take = (matches: boolean): boolean => {
    if (matches) position++;
    return matches;
  };
  const expectSymbol = (symbol: string) => take(isSymbol(symbol)) || fail(`"${symbol}"`);

  function chain(next: () => Expression, operatorAt: () => Operator | undefined): Expression {
    let left = next();
    for (let operator = operatorAt(); operator; operator = operatorAt()) {
      position++;
      left = call(operator, left, next());
    }
    return left;
  }
  const symbolIn = (map: Readonly<Record<string, Operator>>) => () =>
    peek().kind === "symbol" ? map[peek().text] : undefined;

  const or = (): Expression => chain(and, () => (isWord("or") ? "or" : undefined));
  const and = (): Expression => chain(not, () => (isWord("and") ? "and" : undefined));
  const not = (): Expression => (take(isWord("not")) ? call("not", not()) : comparison());

  const isComparing = symbolIn(comparing);

  function comparison(): Expression {
    const left = joined();
    if (isComparing()) return compared(left);
    if (take(isWord("is"))) {
      const negated = take(isWord("not"));
      if (!take(isWord("null") || isWord("none"))) fail('"null"');
      return negated ? call("not", call("is_null", left)) : call("is_null", left);
    }
    const negated = isWord("not") && take(true);
    const test = memberOrRange(left) ?? (negated ? fail('"in" or "between"') : left);
    return negated ? call("not", test) : test;
  }

  /** One comparison, or several of which all must be true: `1 < a < 3`. */
  function compared(first: Expression): Expression {
    const tests: Expression[] = [];
    let left = first;
    for (let operator = isComparing(); operator; operator = isComparing()) {
      position++;
      const right = joined();
      tests.push(comparisonOf(operator, left, right));
      left = right;
    }
    return tests.reduce((all, test) => call("and", all, test));
  }

  function memberOrRange(left: Expression): Expression | undefined {
    if (take(isWord("in"))) {
      if (take(isSymbol("["))) return call("in", left, ...list("]"));
      return take(isSymbol("(")) ? call("in", left, ...list(")")) : call("contains", joined(), left);
    }
    if (!take(isWord("between"))) return undefined;
    const low = joined();
    if (!take(isWord("and"))) fail('"and"');
    return call("and", call(">=", left, low), call("<=", left, joined()));
  }

  function list(end: ")" | "]"): Expression[] {
    const items = [or()];
    while (take(isSymbol(","))) items.push(or());
    expectSymbol(end);
    return items;
  }

  const joined = (): Expression => chain(sum, symbolIn({ "||": "concat" }));
  const sum = (): Expression => chain(product, symbolIn({ "+": "+", "-": "-" }));
  const product = (): Expression => chain(unary, symbolIn({ "*": "*", "/": "/", "%": "%" }));
  const unary = (): Expression => (take(isSymbol("-")) ? negate(unary()) : primary());

  function primary(): Expression {
    const token = peek();
    if (take(isSymbol("("))) {
      const inner = or();
      expectSymbol(")");
      return inner;
    }
    if (token.kind === "end" || token.kind === "symbol") return fail("a field, a value or a function");
    position++;
    if (token.kind === "string") return literal(token.text);
    if (token.kind === "number") return literal(numberOf(token.text));
    if (token.kind === "quoted" && fields?.includes(token.text) === false) return literal(token.text);
    if (token.kind === "quoted" || token.kind === "ticked") return field(token.text);
    return take(isSymbol("(")) ? functionCall(token) : wordOrField(token.text);
  }

  function functionCall(name: Token): Expression {
    const word = name.text.toLowerCase();
    const operator = word === "len" ? "length" : word;
    if (!(operator in functions)) {
      throw expressionError(
        text,
        name.at,
        `unknown function "${name.text}"; known are ${Object.keys(functions).join(", ")}`,
      );
    }
    const known = operator as keyof typeof functions; // checked on the line above
    const args = take(isSymbol(")")) ? [] : list(")");
    const [least, most] = functions[known];
    if (args.length < least || args.length > most) {
      throw expressionError(
        text,
        name.at,
        `"${known}" takes ${least === most ? least : `${least} to ${most}`} arguments, not ${args.length}`,
      );
    }
    return call(known, ...args);
  }

  const result = or();
  return peek().kind === "end" ? result : fail("an operator or the end");
}

function negate(value: Expression): Expression {
  const number = value.kind === "literal" ? value.value : undefined;
  return typeof number === "number" || typeof number === "bigint" ? literal(-number) : call("negate", value);
}

/** Nothing is equal to null in SQL, so that who compares with it asks whether there is a value. */
function comparisonOf(operator: Operator, left: Expression, right: Expression): Expression {
  const isNull = (side: Expression) => side.kind === "literal" && side.value === null;
  const asked = isNull(right) ? left : isNull(left) ? right : undefined;
  if (asked === undefined || (operator !== "=" && operator !== "!=")) return call(operator, left, right);
  return operator === "=" ? call("is_null", asked) : call("not", call("is_null", asked));
}

function wordOrField(word: string): Expression {
  if (word === "None") return literal(null);
  const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
  const constant = constants[word.toLowerCase()];
  return constant === undefined ? field(word) : literal(constant);
}

function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^[0-9]+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) {
      if (text.slice(at).trim() === "") break;
      throw expressionError(
        text,
        at + (text.slice(at).length - text.slice(at).trimStart().length),
        "cannot be read here",
      );
    }
    tokens.push(tokenOf(match, at + (match[0].length - match[0].trimStart().length)));
    at = pattern.lastIndex;
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray, at: number): Token {
  const [, name, quoted, ticked, string, number, symbol] = match;
  if (name !== undefined) return { kind: "name", text: name, at };
  if (quoted !== undefined) return { kind: "quoted", text: quoted.replaceAll('""', '"'), at };
  if (ticked !== undefined) return { kind: "ticked", text: ticked, at };
  if (string !== undefined) return { kind: "string", text: string.replaceAll("''", "'"), at };
  if (number !== undefined) return { kind: "number", text: number, at };
  return { kind: "symbol", text: symbol ?? "", at };
}

function expressionError(text: string, at: number, problem: string): AirCanError {
  return new AirCanError("expression-error", `${problem}:\n  ${text}\n  ${" ".repeat(at)}^`, {
    where: { expression: text, position: at + 1 },
  });
}
