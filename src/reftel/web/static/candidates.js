// The other one of a merge: while a name is typed, those that it may mean.

const input = document.querySelector("[data-candidates]"), list = document.getElementById("found");
let asked = 0, waiting = 0;

async function ask() {
  const mine = ++asked, query = new URLSearchParams({ entity: input.dataset.candidates, q: input.value.trim() });
  const answer = await fetch(`/decide/candidates?${query}`, { headers: { "x-reftel-fragment": "1" } });
  if (!answer.ok || mine !== asked) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (mine !== asked) return;
  const kept = list.querySelector("input:checked")?.value;
  list.replaceChildren(...document.importNode(found, true).childNodes);
  for (const each of list.querySelectorAll("input")) if (each.value === kept) each.checked = true;
}

input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
input.form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); ask(); });
