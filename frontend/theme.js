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
  // The card needs the width: there the navigation is a rail until the user unfolds it, and is kept by itself.
  const onCard = html.dataset.navOf === "card";
  html.dataset.nav = kept(onCard ? "sp-nav-card" : "sp-nav") ?? (onCard ? "rail" : "open");
})();
