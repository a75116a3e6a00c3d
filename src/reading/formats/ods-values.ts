import { numberText } from "./grid-number.ts";
import { attributeOf } from "./grid-tags.ts";

const typeOf = attributeOf("value-type");
const numberOf = attributeOf("value");
const dateOf = attributeOf("date-value");
const timeOf = attributeOf("time-value");
const booleanOf = attributeOf("boolean-value");
const stringOf = attributeOf("string-value");

/** What a cell of a sheet holds: its attributes tell, a text stands in its paragraphs (ODF 1.3 part 3, 19.385). */
export function odsText(attributes: string, paragraphs: string, number = numberText): string {
  switch (typeOf(attributes)) {
    case "float":
    case "percentage":
    case "currency":
      return number(numberOf(attributes) ?? paragraphs);
    case "date":
      return (dateOf(attributes) ?? paragraphs).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    case "time":
      return clockTime(timeOf(attributes) ?? paragraphs);
    case "boolean":
      return booleanOf(attributes) ?? paragraphs;
    default:
      return paragraphs !== "" ? paragraphs : (stringOf(attributes) ?? "");
  }
}

/** `PT10H11M12S` as `10:11:12`; what is no time of a day stays a duration. */
function clockTime(duration: string): string {
  const found = /^PT(\d+)H(\d+)M(\d+)(?:[.,](\d+))?S$/.exec(duration);
  if (!found || Number(found[1]) > 23) return duration;
  const fraction = (found[4] ?? "").replace(/0+$/, "");
  const clock = [found[1], found[2], found[3]].map((part) => (part ?? "").padStart(2, "0")).join(":");
  return fraction === "" ? clock : `${clock}.${fraction}`;
}
