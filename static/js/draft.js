// Keeps what was typed into a field marked data-draft="name" in this browser until it is sent, for who closes the tab.
// Nothing of it leaves the browser; where nothing can be kept (private windows), nothing is.
const field = document.querySelector("[data-draft]");
const key = field && `draft ${field.dataset.draft}`;

function keep(text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {}
}

function kept() {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

if (field) {
  if (!field.value) field.value = kept();
  field.addEventListener("input", () => keep(field.value));
  field.form.addEventListener("submit", () => keep(""));
  field.dispatchEvent(new Event("input", { bubbles: true })); // count.js counts it
}
