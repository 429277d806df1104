// Before the first paint: the theme that was chosen, if one was.  A file of its own, for the page allows no inline script.
try {
  const chosen = localStorage.getItem('comity-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing shows the theme of the system.
}
