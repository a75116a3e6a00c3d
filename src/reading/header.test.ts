import { expect, test } from "vitest";
import type { Dialect } from "../descriptor/types.ts";
import { sniff } from "./sniff.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly dialect: Partial<Dialect>;
  readonly labels: readonly string[];
  readonly first: readonly string[] | undefined;
}

const cases: readonly Case[] = [
  {
    name: "a preamble",
    text: "Report\nmade 2026\n\nid,b,c\n1,x,2\n2,y,3\n",
    dialect: { headerRows: [4], commentRows: [1, 2] },
    labels: ["id", "b", "c"],
    first: ["1", "x", "2"],
  },
  {
    name: "no header",
    text: "1,2.5,x\n2,3.5,y\n3,4.5,z\n",
    dialect: { header: false, headerRows: [] },
    labels: [],
    first: ["1", "2.5", "x"],
  },
  {
    name: "only a header",
    text: "id,b\n",
    dialect: { headerRows: [1] },
    labels: ["id", "b"],
    first: undefined,
  },
  {
    name: "a title and notes below",
    text: "Table 5\n\nRegion,2019,2020\nNorth,1,2\nSouth,3,4\n\nNote: provisional, see below\n* estimated\n",
    dialect: { headerRows: [3], commentRows: [1, 6, 7, 8] },
    labels: ["Region", "2019", "2020"],
    first: ["North", "1", "2"],
  },
  {
    name: "titles padded to the width of the table",
    text: "Table 5,,\nOffice,,\n,,\nRegion,2019,2020\nNorth,1,2\nSouth,3,4\nSource: Office,,\n",
    dialect: { headerRows: [4], commentRows: [1, 2, 3, 7] },
    labels: ["Region", "2019", "2020"],
    first: ["North", "1", "2"],
  },
  {
    name: "a last row with its name only, which is no note",
    text: "Region,2019,2020\nNorth,1,2\nSouth,3,4\nAtlantis,,\n",
    dialect: { commentRows: [] },
    labels: ["Region", "2019", "2020"],
    first: ["North", "1", "2"],
  },
  {
    name: "a title as wide as the table, less one",
    text: "Report,2020\nid,name,v\n1,a,2\n2,b,3\n",
    dialect: { headerRows: [2], commentRows: [1] },
    labels: ["id", "name", "v"],
    first: ["1", "a", "2"],
  },
  {
    name: "units below the names",
    text: "time;temp\ns;°C\n0;20,5\n1;20,6\n",
    dialect: { headerRows: [1, 2] },
    labels: ["time s", "temp °C"],
    first: ["0", "20,5"],
  },
  {
    name: "groups above the names",
    text: ",2019,,2020,\nregion,men,women,men,women\nNorth,1,2,3,4\nSouth,2,3,4,5\n",
    dialect: { headerRows: [1, 2] },
    labels: ["region", "2019 men", "women", "2020 men", "women"],
    first: ["North", "1", "2", "3", "4"],
  },
  {
    name: "three rows of names",
    text: "DATE,QTY\nDATE,QTY\nDATE,QTY\n28/01/2018,2\n29/01/2018,0\n",
    dialect: { headerRows: [1, 2, 3] },
    labels: ["DATE DATE DATE", "QTY QTY QTY"],
    first: ["28/01/2018", "2"],
  },
  {
    name: "words among the first rows, which are no names",
    text: "name,value\ntotal,closed\nnorth,closed\nsouth,5\neast,6\nwest,7\n",
    dialect: { headerRows: [1] },
    labels: ["name", "value"],
    first: ["total", "closed"],
  },
  {
    name: "a word in the first row, which is no name",
    text: "name,value\ntotal,closed\nsouth,5\neast,6\nwest,7\n",
    dialect: { headerRows: [1] },
    labels: ["name", "value"],
    first: ["total", "closed"],
  },
  {
    name: "tags below the names",
    text: "region,people\n#adm1,#population\nNorth,5\nSouth,6\n",
    dialect: { headerRows: [1, 2] },
    labels: ["region #adm1", "people #population"],
    first: ["North", "5"],
  },
  {
    name: "numbers that are not finite, which are no names",
    text: "a,b\nNaN,NaN\nINF,INF\n1,2\n2,3\n",
    dialect: { headerRows: [1] },
    labels: ["a", "b"],
    first: ["NaN", "NaN"],
  },
  {
    name: "groups of groups above the names, below a title",
    text: "Table 2,,,,\n,,,,\ngene,RPKM,,Fold,\n,4 h,,24 h,\n,a,b,a,b\nx,1,2,3,4\ny,2,3,4,5\n",
    dialect: { headerRows: [3, 4, 5], commentRows: [1, 2] },
    labels: ["gene", "RPKM 4 h a", "b", "Fold 24 h a", "b"],
    first: ["x", "1", "2", "3", "4"],
  },
  {
    name: "names with gaps, below titles padded to the width of the table",
    text: "Camborne,,,,\nMissing is marked by ---,,,,\nyyyy,tmax, ,rain,sun\n,degC,,mm,hours\n1978,17.5,,26.7,---\n1978,15.6,,20.4,105\n",
    dialect: { headerRows: [3, 4], commentRows: [1, 2] },
    labels: ["yyyy", "tmax degC", " ", "rain mm", "sun hours"],
    first: ["1978", "17.5", "", "26.7", "---"],
  },
  {
    name: "a title that does not stand in the first column",
    text: "Office,,,\n,2010 Classification,,\n,,,\nMajor,Minor,Broad,\n11-0000,,,Managers\n,11-1000,,Top Executives\n",
    dialect: { headerRows: [4], commentRows: [1, 2, 3] },
    labels: ["Major", "Minor", "Broad", ""],
    first: ["11-0000", "", "", "Managers"],
  },
  {
    name: "an empty name above the names of rows",
    text: '"","Content"\n"V1","Do you often"\n"V2","Are you mostly"\n',
    dialect: { headerRows: [1] },
    labels: ["", "Content"],
    first: ["V1", "Do you often"],
  },
  {
    name: "one row with a value among words",
    text: "3,german\n",
    dialect: { header: false },
    labels: [],
    first: ["3", "german"],
  },
  {
    name: "only a header, with years",
    text: "country,2019,2020\n",
    dialect: { headerRows: [1] },
    labels: ["country", "2019", "2020"],
    first: undefined,
  },
  {
    name: "years as names",
    text: "2019,2020\n1,2\n2,3\n3,4\n",
    dialect: { headerRows: [1] },
    labels: ["2019", "2020"],
    first: ["1", "2"],
  },
  {
    name: "numbers that name the columns of a matrix",
    text: "'','1','2'\n'1',50,19\n'2',16,40\n",
    dialect: { headerRows: [1] },
    labels: ["", "1", "2"],
    first: ["1", "50", "19"],
  },
  {
    name: "words without a header",
    text: "anna,red\nbob,blue\ncarl,red\nanna,blue\n",
    dialect: { header: false },
    labels: [],
    first: ["anna", "red"],
  },
  {
    name: "one row of values",
    text: "1,2,3\n",
    dialect: { header: false },
    labels: [],
    first: ["1", "2", "3"],
  },
];

test.each(cases)("finds the header: $name", ({ text, dialect, labels, first }) => {
  const sniffed = sniff(text, true);
  expect(sniffed.dialect).toMatchObject(dialect);
  expect(sniffed.labels).toEqual(labels);
  expect(sniffed.records[0]).toEqual(first);
});
