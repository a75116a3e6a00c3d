/** The look of a report's page: light and dark as the reader's system is, and plain on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --ground: #fbfbfa; --sheet: #fff; --ink: #1d2125; --soft: #626b75; --line: #e3e5e8;
  --bad: #b3261e; --bad-ground: #fdecea; --good: #1a7f47; --good-ground: #e8f5ed; --note: #8a5a00; --note-ground: #fff6e0; --bar: #e6a59f }
@media (prefers-color-scheme: dark) { :root { --ground: #15181b; --sheet: #1c2024; --ink: #e4e7ea; --soft: #98a2ad; --line: #30363d;
  --bad: #ff8a80; --bad-ground: #45201d; --good: #6fd39b; --good-ground: #17352a; --note: #f0c36a; --note-ground: #382c12; --bar: #8c453f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere }
h2 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere }
p { margin: 0 } .soft { color: var(--soft) } .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .15em }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
.verdict { display: inline-block; padding: .1rem .65rem; border-radius: 1rem; font-weight: 600; font-size: .85rem; margin-bottom: .75rem }
.valid { color: var(--good); background: var(--good-ground) } .invalid { color: var(--bad); background: var(--bad-ground) }
section { margin-top: 2.25rem; padding: 1.5rem; background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem }
section > * + * { margin-top: 1.1rem } section > h2 + p { margin-top: .15rem }
.advice { padding: .9rem 1.1rem; border-radius: .5rem; background: var(--note-ground) }
.advice h2, .advice h3 { color: var(--note); margin: 0 0 .4rem; font-size: .95rem } .advice ol { margin: 0; padding-left: 1.2rem } .advice li + li { margin-top: .5rem }
.advice strong { font-weight: 600; display: block }
.notes { margin: 0; padding-left: 1.2rem; color: var(--note) }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem 2.5rem; align-items: start }
.counts table { width: 100% } .counts td { padding: .15rem 0 } .counts td + td { padding-left: .8rem } .counts .meter { width: 40% }
.bar { display: block; height: .5rem; min-width: 2px; border-radius: .25rem; background: var(--bar) }
table { border-collapse: collapse; font-size: .92rem } th { font-weight: 500; color: var(--soft); text-align: left }
details { border-top: 1px solid var(--line); padding-top: .9rem }
summary { cursor: pointer; font-weight: 600 } summary .soft { font-weight: 400 } details > p { margin: .2rem 0 .7rem }
.scroll { overflow-x: auto } .rows { min-width: 30% } .rows th, .rows td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top }
.rows td { white-space: pre-wrap; max-width: 22rem; overflow-wrap: break-word } .rows .num { color: var(--soft); white-space: nowrap } .rows th { white-space: nowrap } .rows td.long, .rows tr.says td { overflow-wrap: anywhere }
.rows tr.cells td { border-bottom: 0 } .rows tr.says td { padding-top: 0; padding-bottom: .5rem; color: var(--bad); font-size: .88rem; max-width: none }
td.bad, th.bad, tr.bad td:not(.num) { background: var(--bad-ground); color: var(--bad) } td.bad { font-weight: 600; border-radius: .25rem } .none { color: var(--soft); font-style: italic; font-weight: 400 }
.list { width: 100% } .list td, .list th { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line) } .list td:first-child { overflow-wrap: anywhere }
footer { margin-top: 2.5rem; color: var(--soft); font-size: .85rem }
@media print { :root { --ground: #fff; --sheet: #fff; --ink: #000; --soft: #555; --line: #ccc; --bad: #a00; --bad-ground: #fbe9e7; --good: #060; --good-ground: #eee; --note: #640; --note-ground: #f7f2e4; --bar: #c99 }
  .far { display: none } .rows { width: 100% } .rows th, .rows td:not(.num) { white-space: pre-wrap; max-width: none } .rows .long { overflow-wrap: anywhere }
  body { font-size: 10pt } main { max-width: none; padding: 0 } section { border: 0; padding: 0; break-inside: auto } tr, .advice { break-inside: avoid } .scroll { overflow: visible }
  .verdict, .advice, td.bad, tr.bad td, .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
@media (max-width: 40rem) { .near, .far { display: none } .rows td { max-width: 14rem } tr.says div { position: sticky; left: 0; width: max-content; max-width: calc(100vw - 6.5rem) }
  main { padding: 1.25rem .75rem } section { padding: 1rem } }
`.trim();
