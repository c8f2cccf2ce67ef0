/** Colours that people who see fewer of them can tell apart, for light and for dark. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f7f9; --line: #dfe3e8; --text: #1c2024; --quiet: #5b636d;
  --attended: #00806a; --no-show: #c8451b; --ahead: #2b6cb0; --open: #9a7b00; --canceled: #a34a86; --lapsed: #9aa3ad;
  --critical: #b42318; --warning: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1d2125; --line: #343a41; --text: #e8eaed; --quiet: #a3abb5;
    --attended: #2fb59a; --no-show: #f0764a; --ahead: #6ba6e8; --open: #d9b53c; --canceled: #d184b8; --lapsed: #78818b;
    --critical: #ff8a7d; --warning: #e8b04b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem 4rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: .95rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; }
.quiet { color: var(--quiet); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: .75rem; margin: 1.5rem 0 0; padding: 0; }
.cards > div, figure { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.cards > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .8rem 1rem; }
.cards dt { color: var(--quiet); font-size: .85rem; }
.cards dd { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 1rem; margin-top: 1.5rem; }
figure { margin: 0; padding: 1rem; }
figure.wide { grid-column: 1 / -1; overflow-x: auto; }
figure.wide > svg { min-width: 640px; }
figcaption { margin-bottom: .5rem; }
figure > svg { display: block; width: 100%; height: auto; overflow: visible; }
.grid { stroke: var(--line); stroke-width: 1; }
.tick { fill: var(--quiet); font-size: 11px; }
rect.attended { fill: var(--attended); } rect.no-show { fill: var(--no-show); } rect.ahead { fill: var(--ahead); }
rect.open { fill: var(--open); } rect.canceled { fill: var(--canceled); } rect.lapsed { fill: var(--lapsed); }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.ahead { stroke: var(--ahead); } circle.ahead { fill: var(--ahead); }
polyline.attended { stroke: var(--attended); } circle.attended { fill: var(--attended); }
polyline.no-show { stroke: var(--no-show); } circle.no-show { fill: var(--no-show); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: .5rem 0 0; padding: 0; font-size: .85rem; color: var(--quiet); }
.legend svg { width: .7rem; height: .7rem; margin-right: .35rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .9rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; white-space: nowrap; }
th { font-weight: 600; }
thead th { color: var(--quiet); font-weight: 500; }
th:first-child, td.text { text-align: left; }
td.text { white-space: normal; }
code { font: .82rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.critical { color: var(--critical); font-weight: 600; } .warning { color: var(--warning); font-weight: 600; }
@media print { body { padding: 0; } figure, .cards > div { break-inside: avoid; } }
`;
