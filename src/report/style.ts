import { colourDeclarations } from './palette.ts';

/**
 * The one style sheet of every page. Dark colours hold on screens only: paper is white. Each figure is
 * in the page twice, drawn for wide and for narrow windows, and one of the two is shown.
 */
export const style = `
:root{color-scheme:light;${colourDeclarations('light')}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${colourDeclarations('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif}
main{max-width:45rem;margin:0 auto;padding:3rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.25rem;line-height:1.3;margin:3.5rem 0 .75rem}
h3{font-size:1rem;margin:0 0 .5rem}
p{margin:0 0 1rem;max-width:38rem}
.about,.fine{color:var(--muted)}
.fine{font-size:.875rem}
.answer{font-size:1.2rem;line-height:1.5;margin:1.75rem 0 1rem}
.answer strong{white-space:nowrap}
.verdict{display:inline-block;border:1.5px solid currentColor;border-radius:1rem;padding:.05rem .7rem;
font-size:.875rem;font-weight:600;margin-right:.5rem}
.good{color:var(--good)}
.bad{color:var(--bad)}
.scroll{overflow-x:auto;margin:0 0 1.25rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding:0 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);font-weight:500;font-size:.875rem}
tbody th{font-weight:500}
.number{text-align:right;white-space:nowrap}
.range{color:var(--muted);font-size:.875em;white-space:normal}
.quoted th,.quoted .number{font-weight:700}
.status{white-space:nowrap}
.note{border-left:3px solid var(--bad);background:var(--panel);padding:.75rem 1rem;margin:0 0 1rem}
.note p:last-child{margin:0}
figure{margin:0 0 3rem;break-inside:avoid}
figure svg{display:block;max-width:100%;height:auto}
figcaption{margin-top:.6rem;font-size:.9375rem;max-width:38rem;color:var(--muted)}
.narrow{display:none!important}
.stage{position:relative;width:100%;height:min(26rem,80vw);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.controls{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .9rem;margin:.75rem 0 .25rem;font-size:.9375rem}
.controls input{flex:1 1 9rem;min-width:0;accent-color:var(--hybrid)}
.controls output{flex:1 1 14rem;font-variant-numeric:tabular-nums}
button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.15rem .9rem;min-width:5rem;cursor:pointer}
@media screen{.is-live>svg{display:none!important}}
details{border-top:1px solid var(--line);padding:.75rem 0}
details:last-of-type{border-bottom:1px solid var(--line)}
summary{cursor:pointer;font-weight:600}
details h3{margin:1.25rem 0 .25rem}
details table{font-size:.875rem}
details th{width:42%;font-weight:400;color:var(--muted)}
details td,details th{overflow-wrap:anywhere}
footer{margin-top:3rem;color:var(--muted);font-size:.875rem}
@media screen and (max-width:42rem){
main{padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem}
.answer{font-size:1.1rem}
.wide{display:none!important}
.narrow{display:block!important}
table{font-size:.875rem}
th,td{padding-right:.6rem}
.aside{display:none}
}
@media print{
@page{margin:18mm}
.live{display:none}
body{font-size:10.5pt}
main{max-width:none;padding:0}
h2{break-after:avoid;margin-top:2rem}
table,.note{break-inside:avoid}
details table{break-inside:auto}
details::details-content{content-visibility:visible;height:auto}
}
`.trim();
