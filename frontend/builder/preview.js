/** @param {import("./builder.js").Builder} builder @param {HTMLElement} root */
export async function preview(builder, root) {
  root.dataset.ready = builder.page;
}
