// The views of the page and the tabs that lead to them.

const tabs = () => [...document.querySelectorAll("[role=tab]")];

/// Shows a view, by its id; the address names it.
export function show(id, { focus = false } = {}) {
  for (const tab of tabs()) {
    const chosen = tab.getAttribute("aria-controls") === id;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
  if (location.hash !== `#${id}`) history.replaceState(null, "", `#${id}`);
  document.getElementById(id).dispatchEvent(new CustomEvent("shown"));
}

/// Makes tabs work: by mouse, by arrows in the direction of the page, by Home and End, by the address.
export function begin() {
  for (const tab of tabs()) tab.addEventListener("click", () => show(tab.getAttribute("aria-controls")));
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const all = tabs();
    const at = all.indexOf(document.activeElement);
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const step = { Home: -at, End: all.length - 1 - at, ArrowLeft: -1, ArrowRight: -1, [forward]: 1 }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    show(all[(at + step + all.length) % all.length].getAttribute("aria-controls"), { focus: true });
  });
  const named = () => tabs().some((tab) => tab.getAttribute("aria-controls") === location.hash.slice(1)) && show(location.hash.slice(1));
  addEventListener("hashchange", named);
  if (!named()) show("search");
}
