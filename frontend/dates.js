// Flask-AppBuilder's date fields are text in the form 2026-11-18 09:00:00. The browser's own pickers take their place;
// what is sent keeps that form.

for (const box of document.querySelectorAll(".appbuilder_date, .appbuilder_datetime")) enhanceDate(box);

/** @param {Element} box the wrapper of Flask-AppBuilder's widget */
export function enhanceDate(box) {
  const input = box.querySelector("input");
  if (!input) return;
  const value = input.value;
  box.querySelector(".input-group-addon")?.remove();
  box.removeAttribute("id"); // the same one for every field of the page
  if (box.classList.contains("appbuilder_date")) {
    input.type = "date";
    input.defaultValue = value.slice(0, 10);
  } else {
    input.type = "datetime-local";
    input.step = "1";
    input.defaultValue = value.slice(0, 19).replace(" ", "T");
  }
}

document.addEventListener("formdata", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  for (const input of form.querySelectorAll(".appbuilder_datetime input")) {
    const { name, value } = /** @type {HTMLInputElement} */ (input);
    if (value) event.formData.set(name, `${value.replace("T", " ")}${value.length === 16 ? ":00" : ""}`);
  }
});
