/** What the page of the reference loads: nothing of it is inline, as its policy allows none of that. */

export const REFERENCE_STYLE = `
:root { color-scheme: light dark;
  --line: light-dark(#d8d8d4, #3a3a3d); --soft: light-dark(#5d5d58, #a5a5a0); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: light-dark(#1c1c1a, #ececea);
  background: light-dark(#fff, #161618); display: grid; grid-template-columns: 18rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; font-size: 13px;
  border-right: 1px solid var(--line); }
main { padding: 1rem 2rem 4rem; max-width: 60rem; }
a { color: light-dark(#0b5394, #8cc1ff); }
a:focus-visible, input:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
nav ul { list-style: none; padding-left: .75rem; margin: .25rem 0; }
nav input { width: 100%; font: inherit; padding: .3rem .5rem; }
h2 { margin-top: 3rem; }
h3 { margin: 0; }
h3 a { color: inherit; text-decoration: none; }
h4 { margin: 1rem 0 .25rem; }
article { border-top: 1px solid var(--line); padding: 1.25rem 0; }
article ul { padding-left: 1.25rem; margin: .25rem 0; }
article li p, article p { margin: .25rem 0; }
small { color: var(--soft); font-size: 13px; }
code, pre { font-family: ui-monospace, monospace; font-size: 13px; }
code { overflow-wrap: anywhere; }
pre { overflow: auto; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
[hidden] { display: none; }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 50vh; border: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1rem; }
}
`;

export const REFERENCE_SCRIPT = `
const filter = document.getElementById("filter");
const filtered = [...document.querySelectorAll("[data-filter]")];
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
  for (const one of filtered) {
    one.hidden = !words.every((word) => one.dataset.filter.includes(word));
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== filter && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    filter.focus();
  }
});
`;
