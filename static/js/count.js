// Says how many characters are written in a field marked data-count="most", and how many are too many.
// The server counts again; without this script its answer says the same.
function tell(field) {
  const line = document.querySelector(`[data-count-of="${field.id}"]`);
  if (!line) return;
  const most = Number(field.dataset.count);
  const length = [...field.value.trim()].length;
  line.hidden = length === 0;
  line.classList.toggle("over", length > most);
  line.textContent =
    length > most
      ? `${(length - most).toLocaleString("en")} characters too many`
      : `${length.toLocaleString("en")} of ${most.toLocaleString("en")} characters`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-count]")) tell(event.target);
});
for (const field of document.querySelectorAll("[data-count]")) tell(field);
