// Runs before the first paint: the look that the user chose on this machine, or what the system asks for.
(() => {
  const html = document.documentElement;
  /** @param {string} key */
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a private window: nothing is kept
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  html.dataset.bsTheme = kept("sp-theme") ?? (dark ? "dark" : "light");
  html.dataset.density = kept("sp-density") ?? "compact";
  html.dataset.nav = kept("sp-nav") ?? "open";
})();
