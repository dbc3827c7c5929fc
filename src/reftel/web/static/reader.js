// What every page has: light or dark, suggestions while typing, the key that leads to the search.

const root = document.documentElement;

function wearTheme(name) {
  if (name) root.dataset.theme = name; else delete root.dataset.theme;
  document.cookie = `reftel-theme=${name}; path=/; max-age=${name ? 31536000 : 0}; samesite=strict`;
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    wearTheme(isDark ? "light" : "dark");
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, dialog")) return;
  const input = document.querySelector("main [data-suggest]") || document.querySelector("[data-suggest]");
  if (input) { event.preventDefault(); input.focus(); input.select(); }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest("p").nextElementSibling.textContent);
    button.textContent = "copied";
  });
}

function dress(part) { for (const input of part.querySelectorAll("[data-suggest]:not([role=combobox])")) suggest(input); }

document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
dress(document);

// A combobox: names, posts and TAGS that begin as what is typed; Enter without a choice searches for the words.
function suggest(input) {
  const isFilled = input.dataset.suggest === "fill", list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${Math.random().toString(36).slice(2, 8)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["aria-expanded", "false"], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
  let chosen = -1, asked = 0, waiting = 0;

  function close() {
    list.hidden = true; chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(item) {
    if (isFilled) { input.value = item.dataset.key; close(); } else location.assign(item.dataset.address);
  }

  function mark(next) {
    const items = [...list.children];
    chosen = (next + items.length + 1) % (items.length + 1);
    items.forEach((item, index) => item.setAttribute("aria-selected", index === chosen ? "true" : "false"));
    if (items[chosen]) { input.setAttribute("aria-activedescendant", items[chosen].id); items[chosen].scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const words = input.value.trim(), mine = ++asked;
    if (words.length < 2) return close();
    const answer = await fetch(`/suggest?${isFilled ? "only=names&" : ""}q=${encodeURIComponent(words)}`, { headers: { "x-reftel-fragment": "1" } });
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    list.replaceChildren(...found.map((each, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const dot = document.createElement("span"), name = document.createElement("span"), kind = document.createElement("span");
      dot.className = `dot ${each.type || ""}`; name.textContent = each.name;
      kind.className = "kind"; kind.textContent = each.kind;
      item.append(dot, name, kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
      item.dataset.address = each.address;
      item.dataset.key = each.key || "";
      return item;
    }));
    list.hidden = !found.length; chosen = -1;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 90); });
  input.addEventListener("blur", () => setTimeout(close, 120));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(chosen < 0 && event.key === "ArrowUp" ? list.children.length - 1 : chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    if (event.key === "Escape") { event.preventDefault(); close(); }
    if (event.key === "Enter" && list.children[chosen]) { event.preventDefault(); take(list.children[chosen]); }
  });
}
