import { BOOLEAN, DuckDBScalarFunction, VARCHAR } from "@duckdb/node-api";
import type { Field } from "../descriptor/types.ts";
import { constraintTests } from "../reading/constraints.ts";
import { cellReader } from "../reading/types/registry.ts";
import { writtenField } from "../reading/written.ts";
import type { Column } from "./expression.ts";
import type { Session } from "./session.ts";
import { identifier } from "./sql.ts";
import { textForm } from "./text-form.ts";

/** A constraint that a field tells, over the values of a column. */
export interface ToldConstraint {
  readonly told: Field;
  readonly column: Column;
  readonly constraint: string;
}

/** SQL that tests a constraint by calling JavaScript, for what SQL cannot test. */
export type TestFor = (constraint: ToldConstraint) => string;

/** The tests of a session; each is registered when it is first asked for. */
export function testsOf(session: Session): TestFor {
  const names = new Map<string, string>();
  return ({ told, column, constraint }) => {
    const cells = cellsOf(told, column);
    const key = JSON.stringify([told, cells, constraint]);
    const name = names.get(key) ?? registerTest(session, testOf({ told, cells, constraint }));
    names.set(key, name);
    return `${name}(${textForm(identifier(column.field.name), column.field, column.type)})`;
  };
}

/** The field as its cells are written: in the default form, or, where bad cells are kept, as in the source. */
function cellsOf(told: Field, { field }: Column): Field {
  return field.type === told.type ? writtenField(told) : told;
}

interface Told {
  readonly told: Field;
  readonly cells: Field;
  readonly constraint: string;
}

/** A cell that cannot be read breaks no rule: it was found before. */
function testOf({ told, cells, constraint }: Told): (cell: string) => boolean {
  const tests = constraintTests(told, cells).filter((test) => test.constraint === constraint);
  const read = cellReader(cells);
  return (cell) => {
    const value = read(cell);
    return value === undefined || tests.every((test) => test.passes(value, cell));
  };
}

function registerTest(session: Session, test: (cell: string) => boolean): string {
  const name = `aircan_test_${session.nextNumber()}`;
  const scalar = DuckDBScalarFunction.create({
    name,
    mainFunction: (_, input, output) => {
      const cells = input.getColumnVector(0);
      for (let row = 0; row < input.rowCount; row++) {
        const cell = cells.getItem(row);
        output.setItem(row, cell === null ? null : test(String(cell)));
      }
      output.flush();
    },
    returnType: BOOLEAN,
    parameterTypes: [VARCHAR],
    specialHandling: true,
  });
  session.connection.registerScalarFunction(scalar);
  return name;
}
